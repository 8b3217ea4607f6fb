//! Files whose checksum is right, and whose contents are not what they should be.

use crate::{altered, complaint, model, sealed};
use nn_data::Preprocessing;
use nn_io::{Error, Model};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// MessagePack of the largest whole number.
const HUGE: [u8; 9] = [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// A key of a map, as MessagePack has it, and the bytes behind it.
fn entry(key: &str, value: &[u8]) -> Vec<u8> {
    [&[0xa0 | key.len() as u8], key.as_bytes(), value].concat()
}

#[test]
fn a_newer_version_is_told_from_a_damaged_file() {
    let newer = altered(&model().to_bytes().unwrap(), &entry("version", &[1]), &entry("version", &[6]));
    let error = Model::from_bytes(&newer).unwrap_err();
    assert_eq!(error.to_string(), "made by a newer Barnacle (file version 6, this program reads up to 5)");
    // The rest of a newer file may be anything.
    let unknown = altered(&newer, &entry("architecture", &[]), &entry("architektura", &[]));
    assert!(matches!(Model::from_bytes(&unknown), Err(Error::Newer { found: 6, known: 5 })));
}

#[test]
fn fields_of_the_future_are_skipped() {
    let file = model().to_bytes().unwrap();
    let more =
        altered(&file, &entry("version", &[1]), &[entry("version", &[1]), entry("colour", &[0x91, 0x07])].concat());
    let more = altered(&more, &[file[0]], &[file[0] + 1]);
    assert_eq!(Model::from_bytes(&more).unwrap().to_bytes().unwrap(), file);
}

#[test]
fn claims_take_no_memory() {
    let file = model().to_bytes().unwrap();
    let length = 4 * model().network.params().len() as u8;
    let claims = [
        altered(&file, &entry("outputs", &[3]), &entry("outputs", &HUGE)),
        altered(&file, &entry("outputs", &[3]), &entry("outputs", &[0xce, 0x40, 0, 0, 0])),
        altered(&file, &entry("height", &[2]), &entry("height", &HUGE)),
        altered(&file, &entry("height", &[2]), &entry("height", &[0xce, 0x40, 0, 0, 0])),
        altered(&file, &entry("parameters", &[0xc4, length]), &entry("parameters", &[0xc6, 0xff, 0xff, 0xff, 0xff])),
        altered(&file, &entry("classes", &[0x92]), &entry("classes", &[0xdd, 0xff, 0xff, 0xff, 0xff])),
        altered(&file, &entry("classes", &[0x92, 0xa1]), &entry("classes", &[0x92, 0xdb, 0xff, 0xff, 0xff, 0xff])),
        altered(&file, &entry("layers", &[0x97]), &entry("layers", &[0xdd, 0xff, 0xff, 0xff, 0xff])),
        altered(&file, &entry("note", &[0x89]), &entry("note", &[0xdf, 0xff, 0xff, 0xff, 0xff])),
        altered(&file, &entry("note", &[0x89]), &[entry("note", &[]), [0x91].repeat(100_000)].concat()),
    ];
    for (number, claim) in claims.iter().enumerate() {
        let complaint = complaint(claim);
        assert!(complaint.starts_with("not usable: "), "{number}: {complaint}");
    }
    let peak = MEMORY.peak_usage_as_mb();
    assert!(peak < 256.0, "{peak} MB");
}

#[test]
fn each_byte_altered_under_a_right_checksum_gives_an_error_or_a_model_that_works() {
    let file = model().to_bytes().unwrap();
    let mut works = 0;
    for at in 0..file.len() - 4 {
        for change in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] {
            let changed = [&file[..at], &[file[at] ^ change], &file[at + 1..]].concat();
            let Ok(model) = Model::from_bytes(&sealed(&changed[..changed.len() - 4])) else { continue };
            assert_eq!(model.network.predict(&[0.5; 6]).len(), model.classes.len());
            model.to_bytes().unwrap();
            works += 1;
        }
    }
    assert!(works > 0, "other parameters make another model");
}

#[test]
fn numbers_must_be_finite_and_whole() {
    let file = model().to_bytes().unwrap();
    for (bits, name) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
        let bytes = altered(&file, &0.375f32.to_le_bytes(), &bits.to_le_bytes());
        assert_eq!(complaint(&bytes), format!("not usable: number 4 of the parameters is {name}"));
    }
    let ragged = altered(&file, &entry("statistics", &[0xc4, 0]), &entry("statistics", &[0xc4, 1, 0]));
    assert!(complaint(&ragged).contains("no multiple of 4"), "{}", complaint(&ragged));
}

#[test]
fn bytes_behind_the_last_field_are_found_though_the_checksum_is_right() {
    let file = model().to_bytes().unwrap();
    // The whole file, four bytes more, and four of checksum over all of that.
    let longer = altered(&[&file[..], b"more", &[0; 4]].concat(), b"checksum", b"checksum");
    assert_eq!(complaint(&longer), "not usable: 8 bytes follow the last field");
}

#[test]
fn parts_must_fit_each_other() {
    let expect = |model: Model, words: &str| {
        let error = model.to_bytes().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    let classes = |names: &[&str]| Model { classes: names.iter().map(|&name| name.into()).collect(), ..model() };
    expect(classes(&["a", "b", "c"]), "3 class names for 2 outputs");
    expect(classes(&["a", "a"]), "empty or occurs twice");
    expect(classes(&["a", ""]), "empty or occurs twice");
    let preprocessing = Preprocessing::picture(2, 3, 1);
    expect(Model { preprocessing, ..model() }, "the network reads 2x3x1, the preprocessing makes 3x2x1");

    let file = model().to_bytes().unwrap();
    assert!(complaint(&altered(&file, b"\xa1a", b"\xa2\xc3\xa4")).contains("empty or occurs twice"));
    assert!(complaint(&altered(&file, b"\xa1a", b"\xa0")).contains("empty or occurs twice"));
    assert!(complaint(&altered(&file, b"Tanh", b"Than")).contains("Than"));
    let fewer = altered(&file, &entry("outputs", &[3]), &entry("outputs", &[4]));
    assert!(complaint(&fewer).contains("parameters"), "{}", complaint(&fewer));
}

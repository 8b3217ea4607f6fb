//! Inputs that ask for more memory, time or threads than there is: refused in one line, or cut with a note.

use crate::place::{Place, SMALL};
use crate::program::{Outcome, command};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// A gzipped file: `start`, then `times` MiB of repeated `part`. A few hundred kilobytes hold gigabytes.
fn bomb(place: &Place, name: &str, start: &[u8], part: &[u8], times: usize) {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(start).unwrap();
    let many = part.repeat((1 << 20) / part.len());
    for _ in 0..times {
        encoder.write_all(&many).unwrap();
    }
    place.write(name, encoder.finish().unwrap());
}

#[test]
fn networks_larger_than_the_memory_are_refused_before_any_is_taken() {
    let place = Place::with_csv();
    let activations = vec!["tanh"; 400].join(",");
    for (flags, need) in [
        ("--layers dense:6553610", "training this network needs "),
        ("--layers dense:60000000,dense:60000000", "training this network needs "),
        (&format!("--size 1000x1000 --layers {activations}"), "training this network needs "),
        ("--size 2000x2000 --preset cnn --augment none", "training this network needs "),
    ] {
        let outcome = place.run(&format!("train --data strokes.csv --memory 2G {flags}"));
        outcome.error_with(&[need, "of memory, and 2.0 GiB may be taken", "--memory allows more"]);
    }
    place.run(&format!("train --data strokes.csv {SMALL} --memory 1K")).error_with(&["--memory allows more"]);
    place.run(&format!("train --data strokes.csv {SMALL} --memory 100M")).success();
    place.run("classify -m model.mpk -d strokes.csv --memory 1K").error_with(&["--memory allows more"]);
    assert!(place.run("train --data strokes.csv --memory lots").usage().contains("500M or 8G"));
}

#[test]
fn files_that_unpack_to_more_than_the_memory_are_refused() {
    let place = Place::new();
    let header = |sizes: &[u32]| -> Vec<u8> {
        let words = std::iter::once(0x0800 + sizes.len() as u32).chain(sizes.iter().copied());
        words.flat_map(u32::to_be_bytes).collect()
    };
    let samples = 200 << 20;
    bomb(&place, "x-images-idx3-ubyte.gz", &header(&[samples, 1, 1]), &[0], 200);
    bomb(&place, "x-labels-idx1-ubyte.gz", &header(&[samples]), &[0], 200);
    let refused = |data: &str| place.run(&format!("train --data {data} --memory 512M {SMALL}")).error();
    assert!(refused("x-images-idx3-ubyte.gz").contains("it needs 12.7 GiB of memory, and 512.0 MiB may be taken"));
    let values = ["0"; 25].join(",");
    for (name, start, part) in [("line.jsonl.gz", "", "["), ("line.csv.gz", "", ","), ("quote.csv.gz", "\"", "1,\n")] {
        bomb(&place, name, start.as_bytes(), part.as_bytes(), 64);
        assert!(refused(name).contains("a line is longer than 16.0 MiB, the most that is read"), "{name}");
    }
    bomb(&place, "rows.csv.gz", b"", format!("1,{values}\n").as_bytes(), 400);
    assert!(refused("rows.csv.gz").contains("of memory, and 512.0 MiB may be taken"));
}

#[test]
fn pictures_that_need_more_than_the_memory_are_refused() {
    let place = Place::with_model();
    let deep = image::ImageBuffer::from_pixel(1500, 1500, image::Rgba([0u16, 0, 0, 65535]));
    std::fs::create_dir_all(place.path("set/0")).unwrap();
    std::fs::create_dir_all(place.path("set/1")).unwrap();
    deep.save(place.path("set/0/deep.png")).unwrap();
    std::fs::copy(place.path("set/0/deep.png"), place.path("set/1/deep.png")).unwrap();
    for line in ["classify -m model.mpk -i set/0/deep.png", "train --data set", "collect stats set"] {
        let need = ["deep.png: it needs 32.", "MiB of memory, and 16.0 MiB may be taken; --memory allows more"];
        place.run(&format!("{line} --memory 16M")).error_with(&need);
    }
    place.run("collect stats set --memory 40M").success();
}

#[test]
fn datasets_that_together_need_more_than_the_memory_are_refused() {
    let place = Place::with_csv();
    let line = "collect augment --from strokes.csv --to more.csv --memory 64M";
    place.run(&format!("{line} --copies 100000")).error_with(&[
        "a dataset of 9000090 pictures needs 1.1 GiB of memory, and 64.0 MiB may be taken",
        "fewer --copies",
    ]);
    assert!(!place.exists("more.csv"));
    place.run(&format!("{line} --copies 2")).success();
    let place = Place::with_idx();
    let twice = place.run("train --data strokes strokes --memory 20K");
    twice.error_with(&["all of the data together needs 22.5 KiB of memory, and 20.0 KiB may be taken", "--limit N"]);
}

#[test]
fn too_many_classes_are_refused() {
    let place = Place::new();
    let rows: String = (0..20_000).map(|i| format!("name{i}{}\n", format!(",{}", i % 256).repeat(25))).collect();
    place.write("many.csv", rows);
    place.run(&format!("train --data many.csv {SMALL}")).error_with(&["20000 classes are more than 10000"]);
}

#[test]
fn threads_without_end_are_cut_with_a_note() {
    let place = Place::with_model();
    let outcome = place.run("classify -m model.mpk -d strokes.csv --threads 65536");
    assert!(outcome.stderr.contains("65536 threads on "), "{}", outcome.stderr);
    outcome.success();
    for line in ["classify -m model.mpk -d strokes.csv", "collect stats strokes.csv"] {
        let output = command(line, place.folder()).env("RAYON_NUM_THREADS", "100000").output().unwrap();
        let outcome = Outcome::new(line, output);
        assert!(outcome.stderr.contains("100000 threads on "), "{}", outcome.stderr);
        outcome.success();
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::process::Command;

    #[test]
    fn what_is_no_file_is_named_and_not_read() {
        let place = Place::with_model();
        for name in ["pipe.csv", "pipe.jsonl", "pipe.png", "pipe.mpk"] {
            assert!(Command::new("mkfifo").arg(place.path(name)).status().unwrap().success());
        }
        for name in ["zero.csv", "zero.jsonl", "zero.mpk", "zero.png"] {
            std::os::unix::fs::symlink("/dev/zero", place.path(name)).unwrap();
        }
        for kind in ["pipe", "zero"] {
            let said = if kind == "pipe" { "it is a pipe, not a file" } else { "it is a device, not a file" };
            place.run(&format!("train --data {kind}.csv")).error_with(&[said]);
            place.run(&format!("collect stats {kind}.jsonl")).error_with(&[said]);
            place.run(&format!("classify -m model.mpk -i {kind}.png")).error_with(&["a picture is a regular file"]);
            place.run(&format!("classify -m {kind}.mpk -d strokes.csv")).error_with(&[said]);
            place.run(&format!("classify --line -i zero.png --words {kind}.csv")).error_with(&[said]);
            place.run(&format!("train --data strokes.csv --classes {kind}.csv")).error_with(&[said]);
        }
    }

    /// A command line that `sh` runs after `limit`, such as `ulimit -v 500000`.
    fn limited(place: &Place, limit: &str, line: &str) -> Outcome {
        let inner = command(line, place.folder());
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{limit} && exec \"$@\""), "sh"]).arg(inner.get_program()).args(inner.get_args());
        Outcome::new(line, shell.current_dir(place.folder()).output().unwrap())
    }

    /// Half of the address space is the limit where no flag says otherwise, and less than all is taken.
    #[test]
    fn a_limited_address_space_is_known_and_kept() {
        let place = Place::with_csv();
        let train = format!("train --data strokes.csv {SMALL} --threads 2");
        limited(&place, "ulimit -v 1000000", &train).success();
        let outcome = limited(&place, "ulimit -v 1000000", "train --data strokes.csv --layers dense:500000");
        outcome.error_with(&["needs ", "488.3 MiB may be taken"]);
        let peak = limited(
            &place,
            "ulimit -v 400000",
            "train --data strokes.csv --size 100x100 --layers dense:1000 --epochs 1",
        );
        peak.error_with(&["195.3 MiB may be taken"]);
        limited(&place, "ulimit -n 16", &train).success();
        limited(&place, "ulimit -n 16", "classify -m model.mpk -d strokes.csv").success();
        limited(&place, "ulimit -n 16", "collect build --from strokes.csv --to folder").success();
        limited(&place, "ulimit -n 16", "collect stats folder").success();
    }
}

//! Model files that are missing, damaged, hostile or from the future.

use crate::place::{Place, SMALL};

const CLASSIFY: &str = "classify -m bad.mpk -d strokes.csv";

/// The bytes with one stretch replaced and the checksum made right again: a file that is whole, and lies.
fn sealed(model: &[u8], after: &[u8], skip: usize, new: &[u8]) -> Vec<u8> {
    let at = model.windows(after.len()).position(|window| window == after).unwrap() + after.len() + skip;
    let mut bytes = model[..model.len() - 4].to_vec();
    bytes[at..at + new.len()].copy_from_slice(new);
    let checksum = crc32fast::hash(&bytes);
    bytes.extend(checksum.to_le_bytes());
    bytes
}

#[test]
fn damaged_files() {
    let place = Place::with_model();
    let model = place.read("model.mpk");
    let lengths = (0..40).chain((40..model.len()).step_by(model.len() / 20)).chain(model.len() - 5..model.len());
    for length in lengths {
        place.write("bad.mpk", &model[..length]);
        place.run(CLASSIFY).error_with(&["bad.mpk: "]);
    }
    for at in (0..model.len()).step_by(model.len() / 40) {
        let mut bytes = model.clone();
        bytes[at] ^= 0x10;
        place.write("bad.mpk", bytes);
        place.run(CLASSIFY).error_with(&["bad.mpk: "]);
    }
    place.write("bad.mpk", [&model[..], b"x"].concat());
    place.run(CLASSIFY).error_with(&["bad.mpk: damaged"]);
    place.write("bad.mpk", &model);
    place.run(CLASSIFY).success();
}

#[test]
fn files_that_are_whole_and_lie() {
    let place = Place::with_model();
    let model = place.read("model.mpk");
    place.write("bad.mpk", sealed(&model, b"version", 0, &[99]));
    place.run(CLASSIFY).error_with(&["bad.mpk: made by a newer Barnacle", "version 99"]);
    // The length of the parameters, behind the mark of binary data.
    for (skip, length) in [(1, &[0xff][..]), (0, &[0xc6, 0xff, 0xff, 0xff, 0xff])] {
        place.write("bad.mpk", sealed(&model, b"parameters", skip, length));
        place.run(CLASSIFY).error_with(&["bad.mpk: not usable"]);
    }
    place.write("bad.mpk", sealed(&model, b"width", 0, &[0x7f]));
    place.run(CLASSIFY).error_with(&["bad.mpk: not usable"]);
}

#[test]
fn files_of_another_kind() {
    let place = Place::with_model();
    place.run(CLASSIFY).error_with(&["cannot read bad.mpk"]);
    place.run("classify -m strokes.csv -d strokes.csv").error_with(&["strokes.csv: not a barnacle-model file"]);
    let resume = |file: &str| place.run(&format!("train --data strokes.csv --resume {file} --out new.mpk"));
    resume("gone.checkpoint").error_with(&["cannot read gone.checkpoint"]);
    resume("model.mpk").error_with(&["model.mpk: not a barnacle-checkpoint file"]);
    place.run(&format!("train --data strokes.csv {SMALL} --checkpoint run.checkpoint")).success();
    place.run("classify -m run.checkpoint -d strokes.csv").error_with(&["run.checkpoint: not a barnacle-model file"]);
    let checkpoint = place.read("run.checkpoint");
    place.write("run.checkpoint", &checkpoint[..checkpoint.len() / 2]);
    resume("run.checkpoint").error_with(&["run.checkpoint: damaged"]);
    place.write("run.checkpoint", &checkpoint);
    resume("run.checkpoint --epochs 10").error_with(&["has done 20 epochs, more than the 10 of --epochs"]);
    resume("run.checkpoint --epochs 30 --layers dense:5").error_with(&["--layers cannot change the network"]);
    place.write("other.csv", format!("7{}\n8{}\n", ",0".repeat(64), ",9".repeat(64)));
    let other = "train --data other.csv --resume run.checkpoint --epochs 30 --out new.mpk";
    place.run(other).error_with(&["is not the checkpoint's data", "unknown classes: 7, 8"]);
    assert!(!place.exists("new.mpk"));
}

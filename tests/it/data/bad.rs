//! Data that is missing, damaged, or of another kind than was asked for.

use crate::place::{Place, SMALL};
use crate::strokes::{strokes, strokes_of};
use nn_data::{csv, idx};

/// All programs must refuse the data, naming all these.
#[track_caller]
fn refused(place: &Place, data: &str, parts: &[&str]) {
    let build = format!("collect build --from {data} --to new.csv");
    for line in [format!("train --data {data}"), format!("classify -d {data}"), build] {
        let outcome = place.run(&line);
        assert_eq!(outcome.stdout, "", "{line}");
        outcome.error_with(parts);
    }
    assert!(!place.exists("model.mpk") && !place.exists("new.csv"));
}

#[test]
fn paths_without_data() {
    let place = Place::new();
    refused(&place, "gone.csv", &["gone.csv does not exist"]);
    std::fs::create_dir(place.path("empty")).unwrap();
    refused(&place, "empty", &["empty: the folder is empty"]);
    place.write("blank.csv", "");
    refused(&place, "blank.csv", &["blank.csv: the file is empty"]);
    place.write("notes.txt", "text");
    refused(&place, "notes.txt", &["notes.txt", "no dataset"]);
    std::fs::create_dir_all(place.path("classes/a")).unwrap();
    refused(&place, "classes", &["classes", "no picture in any"]);
}

#[test]
fn csv_rows() {
    let place = Place::new();
    for (rows, parts) in [
        ("0,1,2,3,4\n1,1,2,3\n", &["bad.csv, line 2", "4 columns", "5"][..]),
        ("label,a,b,c,d\n0,1,2,3,4\n1,1,2,dark,4\n", &["bad.csv, line 3, column 4", "dark"]),
        ("0,1,2,3,4\n1,1,256,3,4\n", &["bad.csv, line 2, column 3", "256"]),
        ("0,1,2,3,4\n1,1,2,-3,4\n", &["bad.csv, line 2, column 4", "-3"]),
        ("0,1,2,3,4\n1,1,2,nan,4\n", &["bad.csv, line 2, column 4", "outside 0..255"]),
        ("0,1,2,3,4\n,1,2,3,4\n", &["bad.csv, line 2, column 1", "label"]),
        ("0,1,2,3,4,5\n1,1,2,3,4,5\n", &["bad.csv", "6 values", "no square"]),
        ("0,1,2,3,4\n1,1,2,3,4\n", &["bad.csv", "pictures of 2x2", "--tiny"]),
        ("label,a,b,c,d\n", &["bad.csv", "no rows"]),
    ] {
        place.write("bad.csv", rows);
        refused(&place, "bad.csv", parts);
    }
}

#[test]
fn idx_files() {
    let images = "strokes/train-images-idx3-ubyte";
    let fresh = || {
        let place = Place::new();
        idx::write(&strokes(3, 8, 0), &place.path(images)).unwrap();
        place
    };
    let place = fresh();
    let good = place.read(images);
    place.write(images, [&[0, 0, 10], &good[3..]].concat());
    refused(&place, "strokes", &["train-images", "wrong magic number 0x00000a03"]);
    place.write(images, [&[0, 0, 9], &good[3..]].concat());
    refused(&place, "strokes", &["train-images", "its values go from -", "0..255 is wanted"]);
    for end in [0, 3, 10, 16, 17, good.len() - 1] {
        place.write(images, &good[..end]);
        refused(&place, "strokes", &["train-images", if end == 0 { "empty" } else { "truncated" }]);
    }
    place.write(images, [&good[..], b"x"].concat());
    refused(&place, "strokes", &["train-images", "more bytes follow"]);
    place.write(images, [&good[..4], &[0xff; 12], &good[16..]].concat());
    refused(&place, "strokes", &["train-images"]);

    let place = fresh();
    idx::write(&strokes(4, 8, 0), &place.path("other/train-images-idx3-ubyte")).unwrap();
    place.write("strokes/train-labels-idx1-ubyte", place.read("other/train-labels-idx1-ubyte"));
    refused(&place, "strokes", &["train-images", "9 images", "train-labels", "12 labels"]);
    std::fs::remove_file(place.path("strokes/train-labels-idx1-ubyte")).unwrap();
    place.run("train --data strokes").error_with(&["train-labels-idx1-ubyte is missing"]);
    place.run("collect build --from strokes --to new.csv").error_with(&["train-labels-idx1-ubyte is missing"]);
}

#[test]
fn pictures() {
    let place = Place::with_class_folders();
    let (bad, good) = ("strokes/digit_1/00003.png", "strokes/digit_1/00004.png");
    let bytes = place.read(bad);
    place.write(bad, &bytes[..bytes.len() / 2]);
    place.write("strokes/digit_1/notes.txt", "no picture");
    refused(&place, "strokes", &["00003.png: cannot be decoded"]);

    let train = place.run(&format!("train --data strokes --skip-bad {SMALL}"));
    assert!(train.stderr.contains("00003.png") && train.stderr.contains("35 samples"), "{}", train.stderr);
    assert!(train.stderr.contains("passed over 1 file (1 in digit_1), as notes.txt: no picture"), "{}", train.stderr);
    train.success();
    let result = place.run("classify -m model.mpk -d strokes --skip-bad").success();
    assert_eq!(result, "accuracy 1.0000 (35 of 35)\n");

    let outcome = place.run(&format!("classify -m model.mpk -i {bad} {good} -o seen.csv"));
    assert!(outcome.stdout.starts_with(&format!("{good}\t1\t")), "the others are read all the same");
    assert_eq!(place.read_text("seen.csv").lines().count(), 2);
    outcome.error_with(&["00003.png: cannot be decoded"]);
    let outcome = place.run(&format!("classify -m model.mpk -i {good} gone.png"));
    assert_eq!(outcome.stdout.lines().count(), 1);
    outcome.error_with(&["gone.png does not exist"]);
    let passed_over = place.run(&format!("classify -m model.mpk -i {bad} {good} --skip-bad")).success();
    assert_eq!(passed_over.lines().count(), 1);
}

#[test]
fn other_sizes_and_classes_than_the_model_has() {
    let place = Place::with_model();
    csv::write(&strokes(2, 9, 0), &place.path("large.csv")).unwrap();
    csv::write(&strokes_of(&["0", "1", "2", "ä"], 2, 8, 0), &place.path("more.csv")).unwrap();
    csv::write(&strokes_of(&["2"], 2, 8, 0), &place.path("fewer.csv")).unwrap();
    let classify = |data| place.run(&format!("classify -m model.mpk -d {data}"));
    classify("large.csv").error_with(&["large.csv", "9x9 grey", "8x8 grey", "collect build --size 8x8`"]);
    classify("more.csv").error_with(&["more.csv", "unknown class: ä", "0, 1, 2"]);
    assert!(classify("fewer.csv").success().ends_with(" of 2)\n"));

    let train = |flags| place.run(&format!("train --data strokes.csv --out new.mpk {flags} {SMALL}"));
    train("--test large.csv").error_with(&["9x9", "8x8", "--size"]);
    train("--test more.csv").error_with(&["unknown class: ä"]);
    place.run("train --data strokes.csv large.csv --out new.mpk").error_with(&["9x9", "8x8", "--size"]);
    assert!(!place.exists("new.mpk"));
}

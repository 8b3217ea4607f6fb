//! Tables and arrays as strangers bring them: what is read, and what is said.

use crate::place::{Place, SMALL};
use crate::strokes::strokes;
use nn_data::{Dataset, csv, idx};

/// A line of `stderr` that contains all these.
#[track_caller]
fn said(stderr: &str, parts: &[&str]) {
    assert!(stderr.lines().any(|line| parts.iter().all(|part| line.contains(part))), "{parts:?} not in\n{stderr}");
}

/// The rows of `strokes.csv` without their first column, that is, without labels.
fn without_labels(place: &Place) -> String {
    place.read_text("strokes.csv").lines().map(|row| format!("{}\n", row.split_once(',').unwrap().1)).collect()
}

#[test]
fn data_without_labels_is_predicted() {
    let place = Place::with_model();
    place.write("new.csv", without_labels(&place));
    idx::write(&strokes(30, 8, 0), &place.path("new/test-images-idx3-ubyte")).unwrap();
    std::fs::remove_file(place.path("new/test-labels-idx1-ubyte")).unwrap();
    for data in ["new.csv", "new", "new/test-images-idx3-ubyte"] {
        let outcome = place.run(&format!("classify -m model.mpk -d {data} -o seen.csv"));
        said(&outcome.stderr, &["labels"]);
        assert_eq!(outcome.success(), "no labels, so no accuracy; 90 samples were read as\n0\t30\n1\t30\n2\t30\n");
        let seen = place.read_text("seen.csv");
        assert!(seen.starts_with("sample,label,predicted,probability\n0,,") && seen.lines().count() == 91, "{seen}");
        place.run(&format!("classify -m model.mpk -d {data} --worst worst.png")).error_with(&["--worst needs labels"]);
        place.run(&format!("train --data {data} --out none.mpk {SMALL}")).error_with(&["labels"]);
    }
    let lines = place.run("classify -m model.mpk -d new.csv -v").success();
    assert!(lines.starts_with("0\t") && lines.lines().count() == 94, "{lines}");
}

#[test]
fn a_header_decides_and_what_it_leaves_out_is_said() {
    let place = Place::with_model();
    let moved = place.read_text("strokes.csv").lines().fold(String::new(), |text, row| {
        let (label, values) = row.split_once(',').unwrap();
        format!("{text}{values};{label}\n").replace(',', ";")
    });
    place.write("last.csv", &moved);
    let accuracy = place.run("classify -m model.mpk -d last.csv").success();
    assert_eq!(accuracy, place.run("classify -m model.mpk -d strokes.csv").success());
    let indexed = place.read_text("strokes.csv").lines().zip(0..).fold(String::new(), |text, (row, i)| {
        let index = if i == 0 { String::new() } else { (i - 1).to_string() };
        format!("{text}{index},{row}\n")
    });
    place.write("index.csv", &indexed);
    for line in ["classify -m model.mpk -d index.csv", "collect stats index.csv"] {
        let outcome = place.run(line);
        said(&outcome.stderr, &["index.csv: left out column 1, which numbers or names the rows"]);
        outcome.success();
    }
}

#[test]
fn arrays_that_look_otherwise_are_told_and_flags_put_them_right() {
    let place = Place::with_class_folders();
    let centred = format!("train --data strokes --size 20x20 {SMALL}");
    place.run(&centred).success();
    let upright = strokes(12, 20, 0);
    let turned_round = upright.pixels().iter().map(|&p| 255 - p).collect();
    let dark =
        Dataset::new(upright.size(), turned_round, upright.labels().to_vec(), upright.classes().to_vec(), vec![]);
    csv::write(&dark.unwrap(), &place.path("dark.csv")).unwrap();
    let outcome = place.run("classify -m model.mpk -d dark.csv");
    said(&outcome.stderr, &["dark.csv", "its ink is dark on a light ground", "--centre"]);
    let result = place.run("classify -m model.mpk -d dark.csv --centre").success();
    assert_eq!(result, "accuracy 1.0000 (36 of 36)\n");
    let outcome = place.run("collect stats dark.csv");
    said(&outcome.stderr, &["dark.csv", "its ink is dark on a light ground"]);
}

#[test]
fn a_test_part_can_be_left_alone() {
    let place = Place::with_idx();
    idx::write(&strokes(10, 9, 30), &place.path("strokes/t10k-images-idx3-ubyte")).unwrap();
    place.run(&format!("train --data strokes {SMALL}")).error_with(&["t10k-images", "does not fit", "--no-test"]);
    place.run(&format!("train --data strokes --no-test {SMALL}")).success();
}

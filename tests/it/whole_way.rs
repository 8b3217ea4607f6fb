//! From data to a model to what it reads, for each form of data.

use crate::place::{Place, SMALL};
use crate::program::{Outcome, command};
use crate::strokes::strokes;
use nn_data::{class_folders, csv};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

const EPOCH: [&str; 6] = ["epoch", "train_loss", "train_accuracy", "lr", "seconds", "samples_per_second"];
const FINAL: [&str; 9] =
    ["final", "test_accuracy", "test_loss", "test_samples", "parameters", "train_seconds", "threads", "seed", "preset"];

/// `accuracy 1.0000 (30 of 30)` from the summary of a training.
fn tested(summary: &str) -> &str {
    let line = summary.lines().find(|line| line.starts_with("test accuracy ")).unwrap_or_else(|| panic!("{summary}"));
    line.trim_start_matches("test ")
}

fn keys(line: &Value) -> BTreeSet<&str> {
    line.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn csv() {
    let place = Place::with_csv();
    csv::write(&strokes(10, 8, 30), &place.path("test.csv.gz")).unwrap();
    let flags = "--test test.csv.gz --metrics metrics.jsonl --report report.html --validation 0.2 --seed 7 --threads 2";
    let summary = place.run(&format!("train --data strokes.csv {SMALL} {flags}")).success();
    assert_eq!(tested(&summary), "accuracy 1.0000 (30 of 30)");
    assert!(summary.contains("model.mpk"), "{summary}");
    assert_eq!(place.run("classify -m model.mpk -d test.csv.gz").success(), "accuracy 1.0000 (30 of 30)\n");
    assert!(place.read_text("report.html").contains("</html>"));
    let left: BTreeSet<_> = place.folder().read_dir().unwrap().map(|e| e.unwrap().file_name()).collect();
    let expected = ["metrics.jsonl", "model.mpk", "report.html", "strokes.csv", "test.csv.gz"];
    assert_eq!(left, expected.map(Into::into).into(), "no checkpoint and no temporary file stays");

    let metrics = place.read_text("metrics.jsonl");
    let lines: Vec<Value> = metrics.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, epochs) = lines.split_last().unwrap();
    assert_eq!(epochs.len(), 20);
    let validated = ["validation_loss", "validation_accuracy"];
    for (number, line) in (1..).zip(epochs) {
        assert_eq!(keys(line), EPOCH.into_iter().chain(validated).collect());
        assert_eq!(line["epoch"], number);
    }
    assert!(keys(last).is_superset(&FINAL.into()), "{last}");
    let values = [&last["final"], &last["test_accuracy"], &last["test_samples"], &last["seed"], &last["threads"]];
    assert_eq!(values, [&Value::from(true), &1.0.into(), &30.into(), &7.into(), &2.into()]);
    assert_eq!(last["parameters"], 64 * 16 + 16 + 16 * 3 + 3);
    assert_eq!(last["preset"], "cnn");
}

#[test]
fn idx_files_with_a_test_set_beside_them() {
    let place = Place::with_idx();
    let line = format!("train --data strokes --out new/place/model.mpk --metrics metrics.jsonl {SMALL}");
    assert_eq!(tested(&place.run(&line).success()), "accuracy 1.0000 (30 of 30)");
    let epoch: Value = serde_json::from_str(place.read_text("metrics.jsonl").lines().next().unwrap()).unwrap();
    assert_eq!(keys(&epoch), EPOCH.into());

    let whole = place.run("classify -m new/place/model.mpk -d strokes");
    assert!(whole.stderr.contains("this is the test part"), "{}", whole.stderr);
    assert_eq!(whole.success(), "accuracy 1.0000 (30 of 30)\n");
    let line = "classify -m new/place/model.mpk -d strokes/train-images-idx3-ubyte.gz -o all.csv";
    assert_eq!(place.run(line).success(), "accuracy 1.0000 (90 of 90)\n");
    let csv = place.read_text("all.csv");
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap(), "sample,label,predicted,probability");
    assert!(lines.next().unwrap().starts_with("0,0,0,"), "{csv}");
    assert!(lines.last().unwrap().starts_with("89,2,2,"), "{csv}");
}

#[test]
fn class_folders() {
    let place = Place::with_class_folders();
    class_folders::write(&strokes(4, 33, 12), &place.path("strokes/test")).unwrap();
    std::fs::create_dir(place.path("strokes/train")).unwrap();
    for class in ["digit_0", "digit_1", "digit_2"] {
        let to = place.path("strokes/train").join(class);
        std::fs::rename(place.path("strokes").join(class), to).unwrap();
    }
    let summary = place.run(&format!("train --data strokes {SMALL}")).success();
    assert_eq!(tested(&summary), "accuracy 1.0000 (12 of 12)");
    let line = "classify -m model.mpk -i strokes/test/digit_2/00001.png strokes/test/digit_0 -v -o seen.csv";
    let lines = place.run(line).success();
    let pictures: Vec<Vec<&str>> = lines.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(pictures.len(), 5 * (1 + 3));
    assert_eq!(pictures[0][..2], ["strokes/test/digit_2/00001.png", "2"]);
    assert_eq!(pictures[1], ["", "2", pictures[0][2]], "its classes follow, the most probable first");
    let sum: f64 = pictures[1..4].iter().map(|class| class[2].parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 2e-4, "{lines}");
    let csv = place.read_text("seen.csv");
    assert_eq!(csv.lines().nth(1).unwrap(), format!("strokes/test/digit_2/00001.png,,2,{}", pictures[0][2]));
    let report = place.run("classify -m model.mpk -d strokes -v").success();
    assert!(report.contains("confusion matrix"), "{report}");
}

#[test]
fn several_datasets_and_pictures_in_colour() {
    let place = Place::with_class_folders();
    csv::write(&strokes(10, 28, 0), &place.path("more.csv")).unwrap();
    place.run(&format!("train --data strokes more.csv {SMALL}")).success();
    assert_eq!(place.run("classify -m model.mpk -d more.csv").success(), "accuracy 1.0000 (30 of 30)\n");
    place.run(&format!("train --data strokes --color --size 10x12 {SMALL}")).success();
    let lines = place.run("classify -m model.mpk -i strokes/digit_1").success();
    assert_eq!(lines.lines().count(), 12);
    assert!(lines.lines().all(|line| line.split('\t').nth(1) == Some("1")), "{lines}");
}

#[test]
fn pictures_are_collected_trained_on_and_read() {
    let place = Place::with_class_folders();
    place.run("collect augment --from strokes --to many.csv.gz --copies 2 --rotate 5 --elastic 0").success();
    place.run(&format!("train --data many.csv.gz --test strokes {SMALL}")).success();
    assert_eq!(place.run("classify -m model.mpk -d strokes").success(), "accuracy 1.0000 (36 of 36)\n");

    csv::write(&strokes(10, 40, 0), &place.path("large.csv")).unwrap();
    place.run("classify -m model.mpk -d large.csv").error_with(&["`collect build --size 28x28`"]);
    place.run("collect build --size 28x28 --from large.csv --to small.csv").success();
    assert_eq!(place.run("classify -m model.mpk -d small.csv").success(), "accuracy 1.0000 (30 of 30)\n");
}

#[test]
fn without_a_test_set_the_accuracy_is_measured_as_in_prediction_and_says_of_what() {
    let place = Place::with_class_folders();
    let line = format!("train --data strokes --metrics metrics.jsonl --report report.html {SMALL}");
    let summary = place.run(&line).success();
    let says = "accuracy 1.0000 (36 of 36) on the training samples themselves, read as in prediction; no test set\n";
    assert!(summary.starts_with(says), "{summary}");
    let metrics = place.read_text("metrics.jsonl");
    let last: Value = serde_json::from_str(metrics.lines().last().unwrap()).unwrap();
    assert_eq!((&last["measured_on"], &last["measured_samples"]), (&"training".into(), &36.into()));
    assert_eq!((last.get("test_accuracy"), &last["measured_accuracy"]), (None, &1.0.into()));
    assert!(place.read_text("report.html").contains("of the training samples read correctly"));
    let read = place.run("classify -m model.mpk -d strokes").success();
    assert_eq!(read, "accuracy 1.0000 (36 of 36)\n", "the same as the program that predicts says");

    let summary = place.run(&format!("{line} --validation 0.25")).success();
    assert!(summary.contains("on the samples held back from training; no test set\n"), "{summary}");
}

#[test]
fn a_reader_may_go_before_the_end() {
    let place = Place::with_class_folders();
    let mut command = command("classify -v -i strokes/digit_0", place.folder());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let outcome = Outcome::new("classify | head", child.wait_with_output().unwrap());
    assert!(
        outcome.stderr.lines().all(|line| line.ends_with(": not sure") || line.ends_with(": no character")),
        "nothing else is said: {}",
        outcome.stderr
    );
    outcome.success();
}

#[test]
fn the_model_that_ships_reads_digits() {
    let place = Place::new();
    for name in ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"] {
        let mnist = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("data").join("mnist");
        std::fs::copy(mnist.join(name), place.path(name)).unwrap();
    }
    let result = place.run("classify -d .").success();
    let accuracy: f64 = result.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(accuracy >= 0.993, "{result}");
}

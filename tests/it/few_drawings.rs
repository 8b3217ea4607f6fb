//! A person draws a few characters, trains with the defaults, and the model reads them.

use crate::place::Place;
use std::fmt::Write;

/// Six drawings for each of four signs, no two alike, as a stroke file.
fn drawings() -> String {
    drawings_of(["1", "7", "0", "L"])
}

/// The same signs under other names.
fn drawings_of(labels: [&str; 4]) -> String {
    let signs: [&[[f32; 2]]; 4] = [
        &[[0.5, 0.1], [0.5, 0.9]],
        &[[0.2, 0.15], [0.8, 0.15], [0.4, 0.9]],
        &[[0.5, 0.1], [0.25, 0.3], [0.25, 0.7], [0.5, 0.9], [0.75, 0.7], [0.75, 0.3], [0.5, 0.1]],
        &[[0.3, 0.1], [0.3, 0.9], [0.8, 0.9]],
    ];
    let mut text = String::new();
    for number in 0..6 {
        let (sin, cos) = (0.08 * (number as f32 - 3.0)).sin_cos();
        let wide = 0.7 + 0.05 * (number % 4) as f32;
        for (label, line) in labels.iter().zip(signs) {
            let turned = |&[x, y]: &[f32; 2]| {
                let [x, y] = [100.0 * wide * (x - 0.5), 100.0 * (y - 0.5)];
                format!("[{:.1},{:.1}]", 100.0 + cos * x - sin * y, 100.0 + sin * x + cos * y)
            };
            let points: Vec<String> = line.iter().map(turned).collect();
            writeln!(text, "{{\"label\": \"{label}\", \"strokes\": [[{}]]}}", points.join(",")).unwrap();
        }
    }
    text
}

/// Trains with flags on drawings with these labels, holds what it says against `said`, and expects a model that reads all.
fn trained_and_read(labels: [&str; 4], flags: &str, said: &[&str]) {
    let place = Place::new();
    place.write("hand.jsonl", drawings_of(labels));
    let trained = place.run(&format!("train --data hand.jsonl --out hand.mpk {flags}"));
    for line in said {
        assert!(trained.stderr.contains(line), "{line}: {}", trained.stderr);
    }
    trained.success();
    let read = place.run("classify -m hand.mpk -d hand.jsonl").success();
    assert!(read.contains("(24 of 24)"), "{}", read);
}

#[test]
fn two_dozen_drawings_and_the_defaults_give_a_model_that_reads_them() {
    let begins = "begins with the built-in model \"characters\"";
    trained_and_read(["1", "7", "0", "L"], "", &[begins, "100 epochs instead of 14, as there are 24 samples only"]);
}

#[test]
fn drawings_of_the_collector_begin_with_what_a_model_knows() {
    let place = Place::new();
    let kept = nn_data::Drawings::new(place.path("drawings"));
    for (number, line) in drawings().lines().enumerate() {
        let sample: nn_data::StrokeSample = serde_json::from_str(line).unwrap();
        let sample = nn_data::StrokeSample { strokes: sample.strokes.fitted(0.6), ..sample };
        kept.save(&sample, 0.06, &number.to_string()).unwrap();
    }
    let trained = place.run("train --data drawings --out hand.mpk");
    assert!(trained.stderr.contains("begins with the built-in model"), "{}", trained.stderr);
    trained.success();
    let read = place.run("classify -m hand.mpk -d drawings").success();
    assert!(read.contains("(24 of 24)"), "{}", read);
}

#[test]
fn signs_that_no_model_knows_are_learnt_from_nothing_or_with_what_a_model_knows() {
    let signs = ["heart", "star", "0", "moon"];
    trained_and_read(signs, "", &["300 epochs instead of 14, as there are 24 samples only"]);
    trained_and_read(
        signs,
        "--from digits",
        &["learning rate 0.003 instead of 0.0003, as the model does not know heart"],
    );
}

#[test]
fn a_model_to_begin_with_must_fit_and_is_never_replaced() {
    let place = Place::new();
    place.write("hand.jsonl", drawings());
    place.run("train --data hand.jsonl --out hand.mpk --epochs 2 --layers dense:4").success();
    let model = std::fs::read(place.path("hand.mpk")).unwrap();
    let from = "train --data hand.jsonl --epochs 2 --from hand.mpk";
    place.run(&format!("{from} --out hand.mpk")).error_with(&["hand.mpk is read by this command"]);
    place.run(&format!("{from} --preset mlp")).error_with(&["--from hand.mpk", "leave out --preset"]);
    place.run("train --data hand.jsonl --from lost.mpk").error_with(&["--from", "lost.mpk"]);
    assert_eq!(std::fs::read(place.path("hand.mpk")).unwrap(), model);
    place.run(&format!("{from} --out more.mpk")).success();
}

#[test]
fn epochs_that_somebody_asks_for_are_obeyed() {
    let place = Place::new();
    place.write("hand.jsonl", drawings());
    let trained = place.run("train --data hand.jsonl --out hand.mpk --from none --epochs 12 --augment none");
    assert!(!trained.stderr.contains("instead of"), "{}", trained.stderr);
    trained.success();
    let read = place.run("classify -m hand.mpk -d hand.jsonl").success();
    let right = read.split_once('(').unwrap().1.split_once(" of 24)").unwrap().0;
    assert!(right.parse::<u32>().unwrap() >= 18, "twelve steps are enough for most of them: {right}");
}

//! A person draws a few characters, trains with the defaults, and the model reads them.

use crate::place::Place;
use std::fmt::Write;

/// Six drawings for each of four signs, no two alike, as a stroke file.
fn drawings() -> String {
    let signs: [(&str, &[[f32; 2]]); 4] = [
        ("1", &[[0.5, 0.1], [0.5, 0.9]]),
        ("7", &[[0.2, 0.15], [0.8, 0.15], [0.4, 0.9]]),
        ("0", &[[0.5, 0.1], [0.25, 0.3], [0.25, 0.7], [0.5, 0.9], [0.75, 0.7], [0.75, 0.3], [0.5, 0.1]]),
        ("L", &[[0.3, 0.1], [0.3, 0.9], [0.8, 0.9]]),
    ];
    let mut text = String::new();
    for number in 0..6 {
        let (sin, cos) = (0.08 * (number as f32 - 3.0)).sin_cos();
        let wide = 0.7 + 0.05 * (number % 4) as f32;
        for (label, line) in signs {
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

#[test]
fn two_dozen_drawings_and_the_defaults_give_a_model_that_reads_them() {
    let place = Place::new();
    place.write("hand.jsonl", drawings());
    let trained = place.run("train --data hand.jsonl --out hand.mpk");
    assert!(trained.stderr.contains("300 epochs instead of 14, as there are 24 samples only"), "{}", trained.stderr);
    trained.success();
    let read = place.run("classify -m hand.mpk -d hand.jsonl").success();
    assert!(read.contains("(24 of 24)"), "{}", read);
}

#[test]
fn epochs_that_somebody_asks_for_are_obeyed() {
    let place = Place::new();
    place.write("hand.jsonl", drawings());
    let trained = place.run("train --data hand.jsonl --out hand.mpk --epochs 12 --augment none");
    assert!(!trained.stderr.contains("instead of"), "{}", trained.stderr);
    trained.success();
    let read = place.run("classify -m hand.mpk -d hand.jsonl").success();
    let right = read.split_once('(').unwrap().1.split_once(" of 24)").unwrap().0;
    assert!(right.parse::<u32>().unwrap() >= 18, "twelve steps are enough for most of them: {right}");
}

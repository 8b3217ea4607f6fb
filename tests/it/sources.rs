//! Data of other people: EMNIST's files, which are transposed, and stroke files.

use crate::place::{Place, SMALL};
use crate::strokes::strokes_of;
use nn_data::{Dataset, csv, idx};

/// The strokes as EMNIST would store them: rows and columns swapped, classes as numbers from 1 with a mapping to letters.
fn emnist(place: &Place, part: &str, n: usize, first: usize) {
    let upright = strokes_of(&["1", "2", "3"], n, 8, first);
    let swapped = (0..upright.len()).flat_map(|i| (0..64).map(move |p| (i, p % 8 * 8 + p / 8)));
    let pixels = swapped.map(|(i, p)| upright.image(i)[p]).collect();
    let labels = upright.labels().to_vec();
    let data = Dataset::new(upright.size(), pixels, labels, upright.classes().to_vec(), vec![]).unwrap();
    idx::write(&data, &place.path(&format!("emnist-letters-{part}-images-idx3-ubyte.gz"))).unwrap();
}

#[test]
fn emnist_is_read_transposed_and_its_letters_have_names() {
    let place = Place::new();
    emnist(&place, "train", 30, 0);
    emnist(&place, "test", 10, 30);
    place.write("emnist-letters-mapping.txt", "1 65 97\n2 66 98\n3 67 99\n");
    let line = format!("train --data emnist-letters-train-images-idx3-ubyte.gz --transpose {SMALL}");
    let summary = place.run(&line).success();
    assert!(summary.contains("test accuracy 1.0000 (30 of 30)"), "the test part is found: {summary}");
    csv::write(&strokes_of(&["A", "B", "C"], 10, 8, 60), &place.path("upright.csv")).unwrap();
    assert_eq!(place.run("classify -m model.mpk -d upright.csv").success(), "accuracy 1.0000 (30 of 30)\n");
    let lying = "classify -m model.mpk -d emnist-letters-test-images-idx3-ubyte.gz";
    assert_eq!(place.run(&format!("{lying} --transpose")).success(), "accuracy 1.0000 (30 of 30)\n");
    assert_ne!(place.run(lying).success(), "accuracy 1.0000 (30 of 30)\n");
}

/// Lines of a stroke file: an upright line, a level one, and a wedge, in the hand of each writer.
fn ink(writers: std::ops::Range<usize>, split: &str) -> String {
    let mut lines = String::new();
    for (writer, n) in writers.flat_map(|writer| (0..6).map(move |n| (writer, n))) {
        let (a, b) = (10 * writer + n, 300 + 7 * n);
        for (label, strokes) in [
            ("u", format!("[[[50,{a}],[{},{b}]]]", 50 + n)),
            ("l", format!("[[[{a},50],[{b},{}]]]", 50 + n)),
            ("v", format!("[[[0,{a}],[150,{b}],[300,{a}]]]")),
        ] {
            lines += &format!(
                "{{\"label\":\"{label}\",\"writer\":\"w{writer}\",\"split\":\"{split}\",\"strokes\":{strokes}}}\n"
            );
        }
    }
    lines
}

#[test]
fn strokes_are_trained_on_and_built_into_pictures() {
    let place = Place::new();
    place.write("ink.jsonl", ink(0..6, "train") + &ink(6..8, "test"));
    let settings =
        "--layers dense:16,relu --batch-size 10 --augment hand --epochs 12 --lr 0.01 --validation 0.3 --seed 3";
    let train = format!("train --data ink.jsonl {settings}");
    let trained = place.run(&train);
    assert!(
        trained.stderr.contains("72 samples of 3 classes to learn, 36 to validate, 36 to test"),
        "{}",
        trained.stderr
    );
    let summary = trained.success();
    assert!(summary.contains("test accuracy 1.0000 (36 of 36)\ncalibration   error "), "{summary}");
    let first = place.read("model.mpk");
    place.run(&format!("{train} --threads 1")).success();
    assert_eq!(place.read("model.mpk"), first, "strokes are drawn by the seed, not by the threads");
    assert_eq!(place.run("classify -m model.mpk -d ink.jsonl").success(), "accuracy 1.0000 (36 of 36)\n");
    assert_eq!(place.run("classify -m model.mpk -d ink.jsonl --writers w7").success(), "accuracy 1.0000 (18 of 18)\n");
    let without = place.run(&format!("{train} --without-writers w0,w1"));
    assert!(without.stderr.contains("36 samples of 3 classes to learn, 36 to validate"), "{}", without.stderr);

    place.run("collect build --from ink.jsonl --to ink.csv.gz").success();
    let built = place.run("classify -m model.mpk -d ink-test.csv.gz").success();
    assert_eq!(built, "accuracy 1.0000 (36 of 36)\n");
    place.write("bad.jsonl", "{\"label\":\"u\"}");
    place.run("train --data bad.jsonl").error_with(&["bad.jsonl, line 1: missing field `strokes`"]);
}

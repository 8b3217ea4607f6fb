//! Tables and arrays as strangers bring them: what is read, and what is said.

use crate::place::{Place, SMALL};
use crate::strokes::{strokes, strokes_of};
use nn_data::{Dataset, class_folders, csv, idx};

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
    place.run(&format!("train --data dark.csv --out dark.mpk {SMALL}")).success();
    let outcome = place.run("classify -m dark.mpk -i strokes/digit_1/00003.png");
    said(&outcome.stderr, &["light ink on a dark ground, but the model learnt dark ink", "train --centre"]);
    let outcome = place.run("collect stats dark.csv");
    said(&outcome.stderr, &["dark.csv", "its ink is dark on a light ground"]);
}

#[test]
fn a_folder_of_tables_is_read_by_their_names() {
    let place = Place::with_model();
    std::fs::create_dir(place.path("kaggle")).unwrap();
    place.write("kaggle/digits_train.csv", place.read("strokes.csv"));
    place.write("kaggle/digits_test.csv", place.read("strokes.csv"));
    let trained = place.run(&format!("train --data kaggle --out new.mpk {SMALL}")).success();
    assert!(trained.contains("test accuracy 1.0000 (90 of 90)"), "{trained}");
    place.write("kaggle/digits_test.csv", without_labels(&place));
    let outcome = place.run(&format!("train --data kaggle --out new.mpk {SMALL}"));
    said(&outcome.stderr, &["digits_test.csv", "no labels", "nothing is tested on it"]);
    outcome.success();
}

/// `strokes.csv` with its values divided by a number.
fn divided(place: &Place, by: u32) -> String {
    let text = place.read_text("strokes.csv");
    let (header, rows) = text.split_once('\n').unwrap();
    let value = |field: &str| (field.parse::<u32>().unwrap() / by).to_string();
    let row = |row: &str| {
        let (label, values) = row.split_once(',').unwrap();
        format!("{label},{}\n", values.split(',').map(value).collect::<Vec<_>>().join(","))
    };
    format!("{header}\n{}", rows.lines().map(row).collect::<String>())
}

#[test]
fn a_test_part_becomes_bytes_as_the_training_part_did_or_that_is_said() {
    let place = Place::with_csv();
    std::fs::create_dir(place.path("parts")).unwrap();
    place.write("parts/train.csv", place.read("strokes.csv"));
    let unlike = ["0 to 255 in the data that belongs to it"];
    for (by, parts) in [(1, &[][..]), (2, &[]), (15, &unlike)] {
        place.write("parts/test.csv", divided(&place, by));
        for data in ["--data parts", "--data strokes.csv --test parts/test.csv"] {
            let outcome = place.run(&format!("train {data} --out new.mpk --force {SMALL}"));
            match parts {
                [] => assert!(!outcome.stderr.contains("was stretched"), "{data}: {}", outcome.stderr),
                parts => said(&outcome.stderr, &[&["test.csv: its values go from 0 to "], parts].concat()),
            }
            assert!(outcome.success().contains("test accuracy 1.0000 (90 of 90)"), "{data}, by {by}");
        }
    }
}

#[test]
fn idx_files_of_floating_point_numbers_are_read() {
    let place = Place::with_model();
    let bytes = strokes(30, 8, 0);
    let start = |kind: u8, sizes: &[u32]| {
        let head = [0, 0, kind, sizes.len() as u8];
        head.into_iter().chain(sizes.iter().flat_map(|size| size.to_be_bytes())).collect::<Vec<u8>>()
    };
    let shares = bytes.pixels().iter().flat_map(|&pixel| (f32::from(pixel) / 255.0).to_be_bytes());
    let labels = (0..90).flat_map(|i| bytes.class_of(i).parse::<i32>().unwrap().to_be_bytes());
    place.write("floats-images-idx3-float", start(0x0d, &[90, 8, 8]).into_iter().chain(shares).collect::<Vec<u8>>());
    place.write("floats-labels-idx1-float", start(0x0c, &[90]).into_iter().chain(labels).collect::<Vec<u8>>());
    let read = place.run("classify -m model.mpk -d floats-images-idx3-float").success();
    assert_eq!(read, place.run("classify -m model.mpk -d strokes.csv").success());
}

#[test]
fn a_test_part_can_be_left_alone() {
    let place = Place::with_idx();
    idx::write(&strokes(10, 9, 30), &place.path("strokes/t10k-images-idx3-ubyte")).unwrap();
    place.run(&format!("train --data strokes {SMALL}")).error_with(&["t10k-images", "does not fit", "--no-test"]);
    place.run(&format!("train --data strokes --no-test {SMALL}")).success();
}

#[test]
fn numpy_archives_are_built_and_read() {
    let place = Place::with_idx();
    let built = place.run("collect build --from strokes --to strokes.npz --size 8x8").success();
    assert!(built.ends_with("next: train --data strokes.npz\n"), "{built}");
    let summary = place.run(&format!("train --data strokes.npz {SMALL}")).success();
    assert!(summary.contains("test accuracy 1.0000 (30 of 30)"), "{summary}");
    assert_eq!(place.run("classify -m model.mpk -d strokes.npz").success(), "accuracy 1.0000 (30 of 30)\n");
    place.run("collect build --from strokes.npz --to again.csv --size 8x8").success();
    place
        .run("collect build --from strokes.npz --to again.tsv")
        .error_with(&["again.tsv is no name for a folder", ".npz"]);
    place.write("broken.npz", &place.read("strokes.npz")[..500]);
    place.run("train --data broken.npz").error_with(&["broken.npz", "cannot be unpacked"]);
    place.write("pickle.npz", b"\x80\x04\x95 no archive");
    place.run("train --data pickle.npz").error_with(&["pickle.npz", "a Python pickle", "numpy.savez"]);
}

#[test]
fn a_list_of_labels_beside_its_pictures_is_a_dataset() {
    let place = Place::with_class_folders();
    let mut list = String::from("id,label\n");
    std::fs::create_dir_all(place.path("listed/pictures")).unwrap();
    for (class, number) in (0..3).flat_map(|class| (1..=12).map(move |number| (class, number))) {
        let name = format!("{class}-{number}");
        let picture = place.read(&format!("strokes/digit_{class}/{number:05}.png"));
        place.write(&format!("listed/pictures/{name}.png"), picture);
        list += &format!("{name},{class}\n");
    }
    place.write("listed/labels.csv", &list);
    for data in ["listed", "listed/labels.csv"] {
        let outcome = place.run(&format!("train --data {data} --size 20x20 {SMALL}"));
        said(&outcome.stderr, &["labels.csv: a list of 36 pictures in", "pictures"]);
        outcome.success();
        assert_eq!(place.run(&format!("classify -m model.mpk -d {data}")).success(), "accuracy 1.0000 (36 of 36)\n");
    }
    place.write("alone.csv", list.replace(",", ".png,"));
    place.run("train --data alone.csv").error_with(&["alone.csv: a list of pictures, not of pixels"]);
}

#[test]
fn classes_of_a_table_are_named_by_the_file_beside_it() {
    let place = Place::with_csv();
    place.write("strokes-mapping.txt", "0 65\n1 66\n2 67\n");
    let outcome = place.run("collect stats strokes.csv");
    said(&outcome.stderr, &["the classes are named by", "strokes-mapping.txt", "0 is A"]);
    assert!(outcome.success().contains("\nA "));
    let many: Vec<String> = (0..12).map(|class| class.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    csv::write(&strokes_of(&many, 3, 8, 0), &place.path("many.csv")).unwrap();
    std::fs::remove_file(place.path("strokes-mapping.txt")).unwrap();
    let outcome = place.run("collect build --from strokes.csv many.csv --to joined.csv --size 8x8");
    said(&outcome.stderr, &["numbers its classes up to 11", "0 becomes one class", "--classes FILE"]);
}

#[test]
fn a_limit_loses_no_class() {
    let place = Place::with_csv();
    let text = place.read_text("strokes.csv");
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| row.as_bytes()[0]);
    place.write("sorted.csv", format!("{header}\n{}\n", rows.join("\n")));
    place.run("collect build --from sorted.csv --to sorted --format idx --size 8x8").success();
    place.run("collect build --from sorted.csv --to sorted.npz --size 8x8").success();
    for data in ["sorted.csv", "sorted", "sorted.npz"] {
        let outcome = place.run(&format!("train --data {data} --limit 9 {SMALL}"));
        said(&outcome.stderr, &["lack a class", "the first of each class in turn"]);
        said(&outcome.stderr, &["9 samples of 3 classes"]);
    }
}

#[test]
fn a_table_is_not_written_where_it_would_be_read_with_other_labels() {
    let place = Place::new();
    class_folders::write(&strokes_of(&["x", " x", "3", "3.0"], 2, 20, 0), &place.path("odd")).unwrap();
    place.run("collect build --from odd --to odd.csv").error_with(&["odd.csv: a CSV cannot hold the label \" x\""]);
    assert!(!place.exists("odd.csv"));
    place.run("collect build --from odd --to odd.npz").success();
    let classes = |data: &str| {
        let text = place.run(&format!("collect stats {data}")).success();
        text.lines().skip(1).take(4).map(|line| line.trim_end().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(classes("odd.npz"), classes("odd"));
}

#[test]
fn tables_that_numpy_wrote_have_whole_labels() {
    let place = Place::with_model();
    let text = place.read_text("strokes.csv");
    let rows = text.lines().skip(1).map(|row| {
        let values = row.split(',').map(|field| format!("{:.18e}", field.parse::<f64>().unwrap()));
        let values = values.map(|value| value.replace("e", "e+0")).collect::<Vec<_>>().join(" ");
        values + "\n"
    });
    place.write("saved.txt", rows.collect::<String>());
    let read = place.run("classify -m model.mpk -d saved.txt").success();
    assert_eq!(read, place.run("classify -m model.mpk -d strokes.csv").success());
}

#[test]
fn blank_pictures_are_told() {
    let place = Place::with_csv();
    let blank = format!("2{}\n", ",0".repeat(64));
    place.write("blank.csv", place.read_text("strokes.csv") + &blank + &blank);
    let outcome = place.run(&format!("train --data blank.csv --out new.mpk {SMALL}"));
    said(&outcome.stderr, &["2 of 92 samples are blank, of one colour throughout", "`collect check`"]);
    outcome.success();
}

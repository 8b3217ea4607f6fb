//! The program as a user runs it: what it writes the trainer can read, and what it must not touch it leaves.
#![allow(clippy::unwrap_used)]

use nn_data::{Dataset, LoadOptions, Loaded, Preprocessing, Size, class_folders, csv, idx, load};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program's exit code, its results and whatever else it said; it runs in `place`.
fn collect(place: &Path, flags: &str) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_collect")).current_dir(place).args(flags.split(' ')).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn done(place: &Path, flags: &str) -> String {
    let (code, stdout, stderr) = collect(place, flags);
    assert_eq!(code, 0, "{flags}: {stderr}");
    stdout
}

fn refused(place: &Path, flags: &str) -> String {
    let (code, stdout, stderr) = collect(place, flags);
    assert_eq!((code, stdout.as_str()), (1, ""), "{flags}: {stderr}");
    let error = stderr.lines().last().unwrap();
    error.strip_prefix("error: ").unwrap_or_else(|| panic!("{stderr}")).into()
}

/// Reads a dataset as the trainer does by default.
fn loaded(path: PathBuf) -> Loaded {
    load(&path, &LoadOptions::default()).unwrap()
}

/// Crosses of several thicknesses, bright on black: sample `i` is of the class `names[i]`.
fn crosses(side: usize, names: &[&str]) -> Dataset {
    let ink = |i: usize, x: usize, y: usize| {
        let near = |at: usize| at.abs_diff(side / 2) <= 1 + i;
        if (near(x) || near(y)) && (4..side - 4).contains(&x) && (2..side - 2).contains(&y) { 255 } else { 0 }
    };
    let of = |i| (0..side * side).map(move |at| ink(i, at % side, at / side));
    Dataset::from_names(Size::new(side, side, 1), (0..names.len()).flat_map(of).collect(), names, vec![]).unwrap()
}

/// `digits` in IDX with a test part, and `drawings`, larger, as class folders.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let digits = place.path().join("digits");
    idx::write(&crosses(28, &["0", "1", "1"]), &digits.join("train-images-idx3-ubyte.gz")).unwrap();
    idx::write(&crosses(28, &["1", "0"]), &digits.join("t10k-images-idx3-ubyte.gz")).unwrap();
    class_folders::write(&crosses(60, &["1", "2"]), &place.path().join("drawings")).unwrap();
    place
}

#[test]
fn without_a_command_there_is_a_window_and_without_a_display_one_sentence() {
    let place = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_collect"));
    let output =
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").current_dir(place.path()).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: no window can be opened here (there is no display); `collect --help` shows what works without one\n"
    );
    assert_eq!(collect(place.path(), "build --from a --to b.csv --format idx").0, 2);
    assert!(done(place.path(), "--help").contains("Examples:"));
    assert!(done(place.path(), "augment --help").contains("--elastic"));
}

#[test]
fn every_target_is_read_by_the_trainer_with_its_classes_and_parts() {
    let place = place();
    let path = place.path();
    let sources = "--from digits drawings --quiet";
    let told = done(path, &format!("build {sources} --to out/all.csv.gz"));
    assert_eq!(
        told.replace('\\', "/"),
        "5 samples of 3 classes to train on and 2 to test on, 28x28 grey\n\
         next: train --data out/all.csv.gz --test out/all-test.csv.gz\n"
    );
    let (train, test) = (loaded(path.join("out/all.csv.gz")).train, loaded(path.join("out/all-test.csv.gz")).train);
    assert_eq!((train.size(), train.classes()), (Size::new(28, 28, 1), &["0", "1", "2"].map(String::from)[..]));
    assert_eq!(
        (train.labels(), test.classes(), test.labels()),
        (&[0, 1, 1, 1, 2][..], &train.classes()[..2], &[1, 0][..])
    );
    assert!(train.pixels().chunks(784).all(|image| image.iter().filter(|&&p| p > 128).count() > 30));

    done(path, &format!("build {sources} --to idx --format idx"));
    let Loaded { train: same, test: Some(same_test), .. } = loaded(path.join("idx")) else { panic!("no test part") };
    assert_eq!((&same, same_test.pixels()), (&train, test.pixels()));

    assert!(done(path, &format!("build {sources} --to folder")).ends_with("next: train --data folder\n"));
    let options = LoadOptions { preprocessing: Preprocessing::picture(28, 28, 1), ..LoadOptions::default() };
    let Loaded { train: same, test: Some(same_test), .. } = load(&path.join("folder"), &options).unwrap() else {
        panic!("no test part")
    };
    assert_eq!((same.pixels(), same.labels(), same.classes()), (train.pixels(), train.labels(), train.classes()));
    assert_eq!((same_test.pixels(), same_test.counts()), (test.select(&[1, 0]).pixels(), vec![1, 1, 0]));

    done(path, "build --from drawings --to colour --size 12x16 --color --quiet");
    let options = LoadOptions { preprocessing: Preprocessing::picture(12, 16, 3), ..LoadOptions::default() };
    let Loaded { train, test, .. } = load(&path.join("colour"), &options).unwrap();
    assert_eq!((train.size(), train.classes().len(), test), (Size::new(16, 12, 3), 2, None));
    let names: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 6, "no temporary folder is left: {names:?}");
}

#[test]
fn enlarged_sets_hold_the_originals_and_repeat_for_a_seed() {
    let place = place();
    let path = place.path();
    let digits = loaded(path.join("digits"));
    done(path, "augment --from digits --to a --format idx --copies 3 --seed 7 --quiet");
    done(path, "augment --from digits --to b.csv --copies 3 --seed 7 --quiet");
    done(path, "augment --from digits --to c.csv --copies 3 --seed 8 --rotate 40 --shear 0 --quiet");
    let enlarged = loaded(path.join("a"));
    assert_eq!(enlarged.train.counts(), [4, 8]);
    assert_eq!(enlarged.train.clone().limit(3), digits.train);
    assert_eq!(enlarged.test, digits.test, "the test part stays");
    assert_eq!(loaded(path.join("b.csv")).train, enlarged.train);
    assert_ne!(loaded(path.join("c.csv")).train, enlarged.train);
}

#[test]
fn nothing_is_replaced_unasked() {
    let place = place();
    let path = place.path();
    done(path, "build --from digits --to a.csv --quiet");
    done(path, "build --from digits --to a --quiet");
    let bytes = fs::read(path.join("a.csv")).unwrap();
    assert_eq!(
        refused(path, "build --from drawings --to a.csv"),
        "a.csv exists already; give another name, or --force to replace it"
    );
    assert_eq!(
        refused(path, "build --from drawings --to a"),
        "a exists already; give another name, or --force to replace it"
    );
    assert_eq!(fs::read(path.join("a.csv")).unwrap(), bytes);
    done(path, "build --from drawings --to a.csv --force --quiet");
    done(path, "build --from drawings --to a --force --format idx --quiet");
    assert_ne!(fs::read(path.join("a.csv")).unwrap(), bytes);
    assert_eq!(loaded(path.join("a")).train, loaded(path.join("a.csv")).train);
    fs::rename(path.join("a-test.csv"), path.join("b-test.csv")).unwrap();
    assert!(refused(path, "build --from digits --to b.csv").starts_with("b-test.csv exists already"));
    assert!(!path.join("b.csv").exists());

    fs::create_dir(path.join("empty")).unwrap();
    done(path, "build --from digits --to empty --quiet");
}

#[test]
fn no_force_replaces_sources_or_what_is_no_dataset() {
    let place = place();
    let path = place.path();
    for to in ["drawings", "digits"] {
        let error = refused(path, &format!("build --from digits drawings --to {to} --force"));
        assert!(error.contains("which is not replaced; give another name"), "{error}");
    }
    csv::write(&crosses(28, &["a"]), &path.join("a.csv")).unwrap();
    assert!(refused(path, "augment --from a.csv --to a.csv --copies 1 --force").contains("holds the source a.csv"));
    fs::write(path.join("drawings/digit_1/letter.txt"), "dear").unwrap();
    let error = refused(path, "build --from digits --to drawings --force");
    assert!(error.contains("letter.txt belongs to no dataset, so drawings is not replaced"), "{error}");
    assert!(refused(path, "build --from digits --to a.csv/b.csv").starts_with("cannot write "));
    assert!(refused(path, "build --from digits --to . --force").contains("is no name for a dataset"));
    fs::create_dir(path.join("b.csv")).unwrap();
    assert_eq!(refused(path, "build --from digits --to b.csv"), "b.csv is a folder; a CSV or .npz is a file");
    assert!(refused(path, "build --from digits --to digits/t10k-images-idx3-ubyte.gz").contains("name a folder"));
    assert_eq!(loaded(path.join("drawings")).train.len(), 2);
}

#[test]
fn a_failure_leaves_everything_as_it_was() {
    let place = place();
    let path = place.path();
    csv::write(&crosses(28, &["a", "b"]), &path.join("letters.csv")).unwrap();
    class_folders::write(&crosses(28, &["1"]), &path.join("out")).unwrap();
    fs::write(path.join("drawings/digit_1/bad.png"), "text").unwrap();
    let before = fs::read_dir(path).unwrap().count();
    assert!(refused(path, "build --from letters.csv --to out --format idx --force").starts_with("out: IDX has"));
    assert!(refused(path, "build --from drawings --to out --force").contains("bad.png: "));
    assert!(refused(path, "build --from nowhere --to out --force").ends_with("nowhere does not exist"));
    assert!(refused(path, "build --from digits --to x.csv --size 20x28").starts_with("x.csv: CSV holds square"));
    let error = refused(path, "augment --from digits drawings letters.csv --to x.csv --copies 999999999999999");
    assert!(error.contains("bad.png"), "{error}");
    assert!(refused(path, "augment --from letters.csv --to x.csv --copies 999999999999999").contains("fewer --copies"));
    assert_eq!((loaded(path.join("out")).train.len(), fs::read_dir(path).unwrap().count()), (1, before));

    let (code, _, stderr) = collect(path, "build --from drawings --to good.csv --skip-bad");
    assert!(code == 0 && stderr.contains("passed over") && stderr.contains("bad.png"), "{stderr}");
    csv::write(&crosses(30, &["a", "b"]), &path.join("larger.csv")).unwrap();
    let error = refused(path, "augment --from letters.csv larger.csv --to x.csv --copies 1");
    assert!(error.starts_with("the datasets cannot be joined; --size WxH brings them together: "), "{error}");
}

#[test]
fn stats_describe_and_draw() {
    let place = place();
    let path = place.path();
    fs::copy(path.join("drawings/digit_1/00001.png"), path.join("drawings/digit_2/copy.png")).unwrap();
    let told = done(path, "stats drawings --sheet sheets/s.png --quiet");
    assert!(told.contains("\nfiles       all 60x60\n"), "{told}");
    assert!(told.contains("copy.png\n") && told.contains("\ntwo labels  1 ("), "{told}");
    assert!(told.ends_with("s.png, its rows from the top: 1 2\n"), "{told}");
    let sheet = image::open(path.join("sheets/s.png")).unwrap();
    assert_eq!((sheet.width(), sheet.height()), (20 * 59 + 3, 2 * 59 + 3));
    let told = done(path, "stats digits --quiet");
    assert!(told.starts_with("class    train     test"), "{told}");
    assert!(told.contains("\n              train 1 (0) = test 1 (1)\n"), "{told}");
    assert!(refused(path, "stats nowhere").ends_with("nowhere does not exist"));
}

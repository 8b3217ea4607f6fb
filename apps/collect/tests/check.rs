//! The data doctor finds what was done to a dataset.
#![allow(clippy::unwrap_used)]

use image::{GrayImage, Luma};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A bar, upright or not, with a knob, dark on white; no two numbers below 40 give the same.
fn bar(upright: bool, number: u32) -> GrayImage {
    let (knob, size) = (4 + 2 * (number % 10), 2 + number / 10 % 4);
    GrayImage::from_fn(32, 32, |x, y| {
        let (across, along) = if upright { (x, y) } else { (y, x) };
        let in_bar = (14..17).contains(&across) && (3..29).contains(&along);
        let in_knob = (17..17 + size).contains(&across) && (knob..knob + 3).contains(&along);
        Luma([if in_bar || in_knob { 0 } else { 255 }])
    })
}

/// Class folders with 40 bars each, and with everything that may be wrong.
fn sick(place: &Path) {
    for (class, upright) in [("flat", false), ("upright", true)] {
        fs::create_dir_all(place.join("set").join(class)).unwrap();
        for number in 0..40 {
            bar(upright, number).save(place.join(format!("set/{class}/{number:02}.png"))).unwrap();
        }
    }
    let at = |name: &str| place.join("set").join(name);
    image::imageops::flip_horizontal(&bar(true, 17)).save(at("flat/wrong.png")).unwrap();
    fs::copy(at("upright/07.png"), at("upright/same.png")).unwrap();
    GrayImage::from_pixel(32, 32, Luma([255])).save(at("flat/blank.png")).unwrap();
    let whole = fs::read(at("flat/01.png")).unwrap();
    fs::write(at("flat/cut.png"), &whole[..whole.len() / 2]).unwrap();
    fs::create_dir(at("rare")).unwrap();
    image::imageops::flip_horizontal(&bar(true, 35)).save(at("rare/1.png")).unwrap();
}

fn check(place: &Path, flags: &str) -> (i32, String) {
    let flags = format!("check {flags}");
    let output =
        Command::new(env!("CARGO_BIN_EXE_collect")).current_dir(place).args(flags.split(' ')).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    (code, if code == 0 { text(&output.stdout) } else { text(&output.stderr) })
}

#[test]
fn everything_that_is_wrong_is_listed_and_drawn() {
    let place = tempfile::tempdir().unwrap();
    sick(place.path());
    let (code, told) = check(place.path(), "set --sheet doubtful.png --quiet");
    assert_eq!(code, 0, "findings are no failure: {told}");
    let told = told.replace('\\', "/");
    for finding in [
        "\n               set/flat/wrong.png: flat, read as upright (",
        "\nlabels       not checked of rare: fewer than 8 samples",
        "\nduplicates   1: the same as an earlier picture of the class\n               set/upright/07.png = set/upright/same.png",
        "\nblank        1: of one colour throughout\n               set/flat/blank.png",
        "\nfew samples  1: classes with few samples",
        "\n               rare has 1",
        "passed over set/flat/cut.png: cannot be decoded",
        "\nturned       not known: --model FILE of these classes tells",
    ] {
        assert!(told.contains(finding), "{finding}\n{told}");
    }
    let first = told.lines().skip_while(|line| !line.starts_with("mislabelled")).nth(1).unwrap();
    assert!(first.contains("wrong.png") || first.contains("blank.png"), "the wrong one is among the first: {told}");
    assert!(image::open(place.path().join("doubtful.png")).unwrap().width() > 100);
}

#[test]
fn a_healthy_dataset_has_no_problem_and_a_missing_one_is_an_error() {
    let place = tempfile::tempdir().unwrap();
    for (class, upright) in [("flat", false), ("upright", true)] {
        fs::create_dir_all(place.path().join("set").join(class)).unwrap();
        for number in 0..40 {
            bar(upright, number).save(place.path().join(format!("set/{class}/{number:02}.png"))).unwrap();
        }
    }
    let (code, told) = check(place.path(), "set --quiet");
    assert_eq!((code, told.lines().next()), (0, Some("80 samples of 2 classes: 0 kinds of problems")), "{told}");
    let (code, told) = check(place.path(), "nowhere");
    assert!(code == 1 && told.ends_with("error: nowhere does not exist\n"), "{told}");
}

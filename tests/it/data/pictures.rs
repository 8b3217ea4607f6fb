//! Pictures and strokes as people have them: every program reads them alike, or says in one line what it does not read.

use crate::place::{Place, SMALL};
use image::{GrayImage, ImageFormat, Luma};
use std::io::Cursor;

/// A picture of a bar, upright or not, dark on white, in a format.
fn bar(upright: bool, number: u32, format: ImageFormat) -> Vec<u8> {
    let picture = GrayImage::from_fn(20, 20, |x, y| {
        let (across, along) = if upright { (x, y) } else { (y, x) };
        Luma([if (8 + number % 3..11 + number % 3).contains(&across) && (3..17).contains(&along) { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::from(picture).to_rgb8().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Class folders `0` and `1` with a picture in each format, under names that say something else or nothing.
fn in_every_format() -> Place {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    let place = Place::new();
    let files = [("a.png", Png), ("b.jfif", Jpeg), ("c", Bmp), ("d.png", Gif), ("e.jpg_large", WebP), ("f.TIF", Tiff)];
    for (class, upright) in [("0", false), ("1", true)] {
        for (number, (name, format)) in files.iter().enumerate() {
            place.write(&format!("set/{class}/{name}"), bar(upright, number as u32, *format));
        }
        place.write(&format!("set/{class}/IMG_1.HEIC"), b"\0\0\0\x24ftypheic\0\0\0\0mif1heic");
        place.write(&format!("set/{class}/@eaDir/thumb.png"), bar(true, 0, Png));
    }
    place
}

const HEIC: &str = "passed over 2 files (1 in 0, 1 in 1), as IMG_1.HEIC: a HEIC picture";

#[test]
fn every_program_reads_the_same_pictures_and_names_the_others() {
    let place = in_every_format();
    let trained = place.run(&format!("train --data set --size 8x8 {SMALL}"));
    assert!(trained.stderr.contains(HEIC) && trained.stderr.contains("12 samples"), "{}", trained.stderr);
    trained.success();
    let read = place.run("classify -m model.mpk -d set");
    assert!(read.stderr.contains(HEIC), "{}", read.stderr);
    assert!(read.success().contains("of 12)"));
    let pictures = place.run("classify -m model.mpk -i set/1");
    assert!(pictures.stderr.contains("passed over 1 file (1 in 1), as IMG_1.HEIC"), "{}", pictures.stderr);
    let lines = pictures.success();
    assert_eq!(lines.lines().count(), 6, "{lines}");
    let described = place.run("collect stats set");
    assert!(described.stderr.contains(HEIC), "{}", described.stderr);
    let table = described.success();
    assert!(table.lines().any(|line| line.split_whitespace().take(2).eq(["all", "12"])), "{table}");
}

#[test]
fn a_picture_that_is_cut_off_is_refused_by_every_program() {
    let place = in_every_format();
    let whole = bar(true, 0, ImageFormat::Jpeg);
    place.write("set/1/b.jfif", &whole[..whole.len() - 40]);
    let training = format!("train --data set --size 8x8 {SMALL}");
    for line in [&training, "collect stats set", "classify -d set", "classify -i set/1/b.jfif"] {
        place.run(line).error_with(&["b.jfif: cut off"]);
    }
    place.run(&format!("{training} --skip-bad")).success();
    assert!(place.run("classify -m model.mpk -d set --skip-bad").success().contains("of 11)"));
}

#[test]
fn parts_of_other_names_are_used() {
    let place = in_every_format();
    for part in ["archive/Training", "archive/valid", "archive/Testing"] {
        for (class, upright) in [("48", false), ("49", true)] {
            for number in 0..4 {
                let file = format!("{part}/{class}/{number}.bmp");
                place.write(&file, bar(upright, number, ImageFormat::Bmp));
            }
        }
    }
    let trained = place.run(&format!("train --data archive --size 8x8 {SMALL}"));
    for told in ["8 samples to validate on, in a folder of their own", "48 is read as 0"] {
        assert!(trained.stderr.contains(told), "{}", trained.stderr);
    }
    trained.success();
    assert!(place.run("classify -m model.mpk -d archive").success().contains("of 8)"));
    let table = place.run("collect stats archive").success();
    assert!(table.lines().next().unwrap().split_whitespace().take(4).eq(["class", "train", "val", "test"]), "{table}");
    place.run("collect build --from archive --to built").success();
    assert!(place.exists("built/val/digit_1") && place.exists("built/test/digit_0"));
}

#[test]
fn quick_draw_is_read_by_every_program() {
    let place = Place::new();
    let lines = |word: &str, drawing: &str| format!("{{\"word\":\"{word}\",\"drawing\":{drawing}}}\n").repeat(6);
    place.write("quick/bar.ndjson", lines("bar", "[[[0,128,255],[0,1,0]]]"));
    place.write("quick/post.ndjson", lines("post", "[[[0,1,0],[0,128,255]]]"));
    place.run(&format!("train --data quick --size 8x8 {SMALL}")).success();
    assert!(place.run("classify -m model.mpk -d quick").success().contains("accuracy 1.0000 (12 of 12)"));
    assert!(place.run("classify -m model.mpk -d quick/bar.ndjson").success().contains("(6 of 6)"));
    let table = place.run("collect stats quick/post.ndjson").success();
    assert!(table.contains("post"), "{table}");
    place.run("collect stats quick --transpose").error_with(&["only arrays (IDX, CSV, NumPy) can be transposed"]);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_among_pictures_are_counted_and_their_names_stay_in_their_line() {
    let place = Place::with_class_folders();
    std::os::unix::fs::symlink("nowhere.png", place.path("strokes/digit_1/lost.png")).unwrap();
    assert!(
        std::process::Command::new("mkfifo").arg(place.path("strokes/digit_2/pipe.png")).status().unwrap().success()
    );
    place.write("strokes/digit_0/two\nlines.png", "no picture");
    let outcome = place.run("collect stats strokes --skip-bad");
    for line in [
        "passed over 1 file (1 in digit_1), as lost.png: a link that leads nowhere, or a file that cannot be looked at",
        "passed over 1 file (1 in digit_2), as pipe.png: no file, but a pipe or a device",
    ] {
        assert!(outcome.stderr.lines().any(|said| said == line), "{line}\n{}", outcome.stderr);
    }
    assert!(outcome.stderr.contains("digit_0/two\\nlines.png: no picture"), "{}", outcome.stderr);
    outcome.success();
}

#[test]
fn a_path_without_its_flag_is_answered_by_the_flag() {
    let place = Place::with_model();
    for (line, tip) in [
        ("classify strokes.csv", "classify -d strokes.csv"),
        ("classify model.mpk", "classify -m model.mpk"),
        ("train strokes.csv", "--data strokes.csv"),
        ("collect strokes.csv", "collect stats strokes.csv"),
    ] {
        let said = place.run(line).usage();
        assert!(said.contains(tip), "{said}");
    }
}

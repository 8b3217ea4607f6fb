//! The command line and the window say the same of the same picture.
#![allow(clippy::unwrap_used)]

#[path = "window/place.rs"]
#[allow(dead_code, unused_imports)] // it also serves the tests of the window
mod place;

use image::imageops::{FilterType, invert, resize};
use image::{GrayImage, Luma};
use nn_data::{LoadOptions, load};
use nn_io::Model;
use place::{place, reader_of};
use std::path::{Path, PathBuf};
use std::process::Command;
use ui_test::wait;

/// Writes 200 pictures: digits as they are, inverted and enlarged, blank pages, and scribbles.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let mnist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/mnist/t10k-images-idx3-ubyte.gz");
    let digits = load(Path::new(mnist), &LoadOptions { limit: Some(160), ..LoadOptions::default() }).unwrap().train;
    let digit = |i: usize| GrayImage::from_raw(28, 28, digits.image(i).to_vec()).unwrap();
    let picture = |i: usize| match i {
        0..80 => digit(i),
        80..120 => {
            let mut digit = digit(i);
            invert(&mut digit);
            digit
        }
        120..160 => resize(&digit(i), 28 * (2 + i as u32 % 9), 28 * (2 + i as u32 % 7), FilterType::Triangle),
        160..180 => GrayImage::from_pixel(8 + 5 * i as u32, 300, Luma([(13 * i % 256) as u8])),
        _ => GrayImage::from_fn(90, 90, |x, y| Luma([if (x * (i as u32 - 170) + y * y) % 29 < 5 { 20 } else { 235 }])),
    };
    let path = |i: usize| folder.join(format!("{i:03}.png"));
    (0..200).for_each(|i| picture(i).save(path(i)).unwrap());
    (0..200).map(path).collect()
}

/// The words of `classify -i` about each picture: the answer, and the doubt if there is one.
fn on_the_command_line(model: &Path, pictures: &[PathBuf]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_classify"));
    let output = command.arg("-m").arg(model).arg("-i").args(pictures).output().unwrap();
    let [answers, doubts] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    let say = |(line, path): (&str, &PathBuf)| {
        let class = line.split('\t').nth(1).unwrap();
        let of_it = |doubt: &&str| doubt.starts_with(path.to_str().unwrap());
        let doubt = doubts.lines().find(of_it).map_or("sure", |doubt| doubt.rsplit(": ").next().unwrap());
        format!("{class} {doubt}")
    };
    answers.lines().zip(pictures).map(say).collect()
}

/// The title of the window for each picture, in the same words.
fn in_the_window(model: &Path, pictures: &[PathBuf]) -> Vec<String> {
    let place = place();
    let mut window = reader_of(&place, Model::load(model).unwrap());
    let ctx = window.ctx.clone();
    let mut said = vec![];
    for path in pictures {
        window.state_mut().open(path.clone(), &ctx);
        wait(&mut window, "the picture", |window| !window.is_busy());
        wait(&mut window, "the answer", |window| window.latency().is_some());
        let title = window.state().title();
        let class = title.split(" (").next().unwrap().trim_end_matches('?').rsplit(' ').next().unwrap();
        said.push(format!("{class} {}", window.state().verdict().unwrap()));
    }
    said
}

#[test]
fn command_line_and_window_have_one_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = pictures(folder.path());
    let path = folder.path().join("model.mpk");
    let calibrated = classify::model(None).unwrap();
    calibrated.save(&path).unwrap();
    let line = on_the_command_line(&path, &pictures);
    assert_eq!((line.len(), &line), (200, &in_the_window(&path, &pictures)));
    for verdict in [" sure", " not sure", " no character"] {
        assert!(line.iter().any(|said| said[1..] == *verdict), "some are{verdict}");
    }
    assert!(line[160..180].iter().all(|said| said.ends_with("no character")), "blank pages");

    let few: Vec<PathBuf> = pictures.into_iter().step_by(9).collect();
    Model { calibration: None, ..calibrated }.save(&path).unwrap();
    assert_eq!(on_the_command_line(&path, &few), in_the_window(&path, &few), "without a calibration");
}

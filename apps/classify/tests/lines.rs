//! `classify --line`: texts in stroke files, in folders of pictures, and in single pictures.
#![allow(clippy::unwrap_used)]

use clap::Parser;
use image::{DynamicImage, GrayImage};
use nn_data::Ink;
use std::fs;
use std::path::Path;

/// The strokes of 74 HL, as they stand in a stroke file.
const STROKES: &str = "[[[0,0],[6,0],[2,10]], [[11,0],[10,6],[16,6]], [[14,2],[14,10]], \
    [[30,0],[30,10]], [[36,0],[36,10]], [[30,5],[36,5]], [[40,0],[40,10],[45,10]]]";

/// The output of `classify --line …`, and how many pictures it could not read.
fn run(flags: &[&str]) -> anyhow::Result<(String, usize)> {
    let args = ["classify", "--quiet", "--line"].into_iter().chain(flags.iter().copied());
    let mut out = vec![];
    let failures = classify::run(&classify::args::Args::parse_from(args), &mut out)?;
    Ok((String::from_utf8(out).unwrap(), failures))
}

/// A picture of the strokes, dark on white, twice one below the other.
fn draw(path: &Path) {
    let ink: Ink = serde_json::from_str(STROKES).unwrap();
    let moved = |down: f32| {
        ink.strokes.iter().map(move |s| s.iter().map(|[x, y]| [x / 50.0 + 0.05, (y + down) / 50.0]).collect())
    };
    let page = Ink { strokes: moved(8.0).chain(moved(30.0)).collect() };
    let picture = page.rasterise(500, 0.02);
    let paper = GrayImage::from_fn(500, 500, |x, y| image::Luma([255 - picture.get_pixel(x, y)[0]]));
    DynamicImage::from(paper).save(path).unwrap();
}

#[test]
fn texts_in_a_stroke_file_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let line = |text: &str| format!("{{\"text\":\"{text}\",\"strokes\":{STROKES}}}\n");
    fs::write(at("t.jsonl"), [line("74 HL"), line("74hl"), line("7HL")].concat()).unwrap();
    let (text, failures) = run(&["-d", &at("t.jsonl"), "-o", &at("o.csv"), "-v"]).unwrap();
    let counts = "characters 0.9091 (10 of 11)\nlines 0.6667 (2 of 3)\n\
        exact characters 0.7273 (8 of 11)\nexact lines 0.3333 (1 of 3)\n";
    assert!(text.starts_with(counts) && failures == 0, "{text}");
    assert!(text.contains("\n\t1\t74hl\t74 HL\t"), "{text}");
    let csv = fs::read_to_string(at("o.csv")).unwrap();
    assert!(csv.starts_with("sample,text,predicted,probability\n0,74 HL,74 HL,0."), "{csv}");
}

#[test]
fn pictures_give_their_lines_from_top_to_bottom() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    draw(Path::new(&at("a.png")));
    let (text, _) = run(&["-i", &at("a.png"), "--boxes", &at("boxes.png"), "-v"]).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('\t')).collect();
    assert!(
        lines.len() == 2 && lines.iter().all(|line| line.starts_with(&format!("{}\t74 HL\t", at("a.png")))),
        "{text}"
    );
    let seven: Vec<&str> = text.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!((seven[1], seven.len()), ("7", 7), "{text}");
    let left: f32 = seven[3].parse().unwrap();
    assert!((15.0..30.0).contains(&left), "{text}");
    let boxes = image::open(at("boxes.png")).unwrap().to_rgb8();
    assert!(boxes.dimensions() == (500, 500) && boxes.pixels().any(|p| p[1] > 100 && p[0] < 80), "green boxes");
    fs::write(at("labels.csv"), "file,text\na.png,74 HL 74 HL\n").unwrap();
    let (text, _) = run(&["-d", folder.path().to_str().unwrap()]).unwrap();
    assert!(text.starts_with("characters 1.0000 (8 of 8)\nlines 1.0000 (1 of 1)\n"), "{text}");
    let (text, _) = run(&["-i", &at("a.png"), "--pattern", "dd dd"]).unwrap();
    assert!(text.contains("\t74 "), "{text}");
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let complaint = |flags: &[&str]| format!("{:#}", run(flags).unwrap_err());
    fs::write(at("t.jsonl"), "{\"strokes\":[[[0,0]]]}").unwrap();
    assert!(complaint(&["-d", &at("t.jsonl")]).contains("t.jsonl, line 1: a line of handwriting is"));
    assert!(
        complaint(&["-d", folder.path().to_str().unwrap()])
            .contains("labels.csv: a folder of lines has a list of file,text")
    );
    assert!(complaint(&["-i", &at("t.jsonl"), "--words", &at("none")]).contains(&at("none")));
    assert_eq!(run(&["-i", &at("none.png")]).unwrap(), (String::new(), 1));
}

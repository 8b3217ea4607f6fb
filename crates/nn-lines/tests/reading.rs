//! Lines of strokes, read with the models that come with Barnacle.
#![allow(clippy::unwrap_used, missing_docs)]

use builtin::Builtin;
use nn_data::Ink;
use nn_io::Hint;
use nn_lines::{FEATURES, Grouping, Help, InkPage, LineReader, SCORES};

/// Each character's strokes on a square of 10 x 10.
fn strokes(character: char) -> Vec<Vec<[f32; 2]>> {
    let circle =
        (0..=24).map(|i| i as f32 / 24.0 * std::f32::consts::TAU).map(|a| [3.5 - 3.2 * a.sin(), 5.0 - 5.0 * a.cos()]);
    match character {
        'H' => vec![vec![[0.0, 0.0], [0.0, 10.0]], vec![[6.0, 0.0], [6.0, 10.0]], vec![[0.0, 5.0], [6.0, 5.0]]],
        'T' => vec![vec![[3.5, 0.0], [3.5, 10.0]], vec![[0.0, 0.0], [7.0, 0.0]]],
        'L' => vec![vec![[0.0, 0.0], [0.0, 10.0], [5.0, 10.0]]],
        '7' => vec![vec![[0.0, 0.0], [6.0, 0.0], [2.0, 10.0]]],
        '4' => vec![vec![[1.0, 0.0], [0.0, 6.0], [6.0, 6.0]], vec![[4.0, 2.0], [4.0, 10.0]]],
        _ => vec![circle.collect()],
    }
}

/// A text, a character every 10 units and a space 8 wide.
fn written(text: &str) -> Ink {
    let mut left = 0.0;
    let mut ink = Ink::default();
    for character in text.chars() {
        if character == ' ' {
            left += 8.0;
            continue;
        }
        let moved = |stroke: Vec<[f32; 2]>| stroke.into_iter().map(|[x, y]| [x + left, y]).collect();
        ink.strokes.extend(strokes(character).into_iter().map(moved));
        left += 10.0;
    }
    ink
}

fn reader() -> LineReader {
    LineReader::new(Builtin::Characters.model().unwrap()).unwrap()
}

fn text(reader: &LineReader, ink: &Ink) -> String {
    reader.read_ink(ink).into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n")
}

#[test]
fn neighbours_tell_a_letter_from_a_digit() {
    let reader = reader();
    assert_eq!(text(&reader, &written("HOT")), "HOT");
    assert_eq!(text(&reader, &written("70 40")), "70 40");
    assert_eq!(text(&reader, &Ink::default()), "");
}

#[test]
fn the_order_of_strokes_and_the_scale_play_no_part() {
    let reader = reader();
    let ink = written("HOT");
    let mut late = ink.clone();
    late.strokes.rotate_left(2);
    late.strokes.reverse();
    let small = Ink { strokes: ink.strokes.iter().map(|s| s.iter().map(|p| p.map(|v| v / 300.0)).collect()).collect() };
    assert_eq!([text(&reader, &late), text(&reader, &small)], ["HOT", "HOT"]);
    let line = &reader.read_ink(&late)[0];
    assert_eq!(line.characters.iter().map(|c| c.parts.len()).collect::<Vec<_>>(), [3, 1, 2]);
    assert!(line.characters.iter().all(|c| c.probability >= line.probability - 1e-3));
}

#[test]
fn a_character_alone_is_as_large_as_its_writer_makes_it() {
    let small = |ink: &Ink| Ink {
        strokes: ink.strokes.iter().map(|stroke| stroke.iter().map(|p| p.map(|v| 0.55 * v)).collect()).collect(),
    };
    let [word, large] = [written("HLT7"), written("O")];
    let (few, little) = (small(&word), small(&large));
    let pages = [("a", &word), ("a", &word), ("a", &few), ("a", &little), ("a", &large), ("b", &large)];
    let read = reader().read_written(&pages);
    let place = |page: usize, name: &str| {
        let character = &read[page][0].characters[0];
        std::iter::once(&character.text).chain(&character.others).position(|other| other == name).unwrap_or(usize::MAX)
    };
    assert!(place(3, "o") < place(3, "O"), "{:?}", read[3]);
    assert!(place(4, "O") < place(4, "o"), "{:?}", read[4]);
    assert_eq!(read[5][0].text, text(&reader(), &large), "of one character nothing is known");
}

#[test]
fn lines_come_from_top_to_bottom_and_each_has_other_texts() {
    let mut ink = written("77");
    ink.strokes.extend(written("HOT").strokes.into_iter().map(|s| s.into_iter().map(|[x, y]| [x, y - 25.0]).collect()));
    let lines = reader().read_ink(&ink);
    assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["HOT", "77"]);
    let sum = lines[0].probability + lines[0].others.iter().map(|(_, share)| share).sum::<f32>();
    assert!((sum - 1.0).abs() < 1e-3 && lines[0].others.iter().all(|(other, _)| *other != lines[0].text));
}

#[test]
fn hints_words_and_patterns_help() {
    let model = || Builtin::Characters.model().unwrap();
    let digits = Hint::parse("0-9", &model().classes).unwrap();
    let hinted = reader().hint(Some(digits));
    assert!(text(&hinted, &written("HOT")).chars().all(|c| c.is_ascii_digit()));
    assert_eq!(text(&reader().help(Help::words(["lot", "hut"])), &written("LOT")).to_lowercase(), "lot");
    assert_eq!(text(&reader().help(Help::pattern("dd-d")), &written("77L7")), "77-7");
    assert_eq!(
        text(&reader().help(Help::pattern("ddddddddddd")), &written("77")),
        "77",
        "a pattern that cannot be is left"
    );
}

#[test]
fn a_person_may_say_what_is_a_character() {
    let reader = reader();
    let page = InkPage::of_ink(&written("HOT"));
    let parts = |grouping: &Grouping| {
        let lines = reader.read_grouped(&page, grouping);
        lines[0].characters.iter().map(|c| c.parts.clone()).collect::<Vec<_>>()
    };
    assert_eq!(parts(&Grouping::default()), [vec![0, 1, 2], vec![3], vec![4, 5]]);
    let split = parts(&Grouping { apart: vec![vec![4, 5]], ..Grouping::default() });
    assert!(!split.iter().any(|parts| parts.contains(&4) && parts.contains(&5)), "{split:?}");
    let joined = Grouping { together: vec![vec![3, 4, 5]], ..Grouping::default() };
    assert_eq!(parts(&joined), [vec![0, 1, 2], vec![3, 4, 5]], "however far apart");
    let impossible = Grouping { apart: vec![vec![3]], ..Grouping::default() };
    assert_eq!(parts(&impossible), parts(&Grouping::default()));
}

#[test]
fn any_model_reads_lines() {
    let reader = LineReader::new(Builtin::Digits.model().unwrap()).unwrap();
    assert_eq!(text(&reader, &written("7047")), "7047");
}

#[test]
fn the_scorer_fits_the_features() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/lines.mpk");
    let model = nn_io::Model::load(std::path::Path::new(file)).unwrap();
    assert_eq!((model.network.inputs(), model.network.outputs()), (FEATURES, SCORES));
    assert!(model.note.data.len() > 1, "{:?}", model.note);
}

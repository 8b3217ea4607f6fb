//! The page for a line of characters: the text grows with the writing, and each character can be corrected and cut anew.

use crate::keys::kept;
use crate::place::{CIRCLE, ONE, Reader, SEVEN, place, reader, reader_remembering};
use egui::{Key, Modifiers, OutputCommand, Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use nn_data::Drawings;
use nn_io::Model;
use ui::pad::NAME;
use ui_test::{assert_laid_out, strokes, type_key, wait};

/// Writes lines side by side on the wide paper, each as high as most of it; the first at the place `from`.
fn write(h: &mut Reader, from: usize, lines: &[&[[f32; 2]]]) {
    let pad = h.get_by_label(NAME).rect();
    let aspect = pad.height() / pad.width();
    let place = |i: usize, p: &[f32; 2]| [(0.1 + i as f32 * 0.6 + 0.7 * p[0]) * aspect, 0.1 + 0.7 * p[1]];
    let lines: Vec<Vec<[f32; 2]>> =
        lines.iter().enumerate().map(|(i, line)| line.iter().map(|p| place(from + i, p)).collect()).collect();
    strokes(h, pad, &lines);
    wait(h, "the line", |window| window.line().is_read());
    h.run();
}

/// A window that reads lines.
fn line_reader(place: &tempfile::TempDir) -> Reader {
    let mut h = reader(place);
    h.get_by_label("Line").click();
    h.run();
    h
}

/// The label of a character's button, by its number from 1.
fn character(h: &Reader, number: usize) -> String {
    let labels = h.get_all_by_role(Role::Button).filter_map(|node| node.accesskit_node().label());
    labels.into_iter().find(|label| label.starts_with(&format!("Character {number}: "))).unwrap()
}

#[test]
fn the_text_grows_with_the_writing_and_can_be_copied() {
    let place = place();
    let mut h = line_reader(&place);
    h.get_by_label("Write a line: words or numbers");
    write(&mut h, 0, &[SEVEN, ONE]);
    assert_eq!(h.state().line().text(), "71");
    write(&mut h, 2, &[CIRCLE]);
    assert_eq!((h.state().line().text(), h.state().title()), ("710".into(), "classify: 710".into()));
    h.get_by_label("Copy").click();
    h.step();
    let copied = OutputCommand::CopyText("710".into());
    assert!(h.output().platform_output.commands.contains(&copied), "{:?}", h.output().platform_output.commands);
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    wait(&mut h, "the line", |window| window.line().is_read());
    assert_eq!(h.state().line().text(), "71");
    h.key_press(Key::Backspace);
    h.run();
    assert_eq!(h.state().line().text(), "");
    h.get_by_label("Read").click();
    h.run();
    assert!(h.state().pad.is_empty(), "the other paper is another");
}

#[test]
fn a_character_is_corrected_by_keys_and_by_clicks() {
    let place = place();
    let mut h = line_reader(&place);
    write(&mut h, 0, &[SEVEN, ONE]);
    type_key(&mut h, '1');
    assert!(h.state().notice().starts_with("Choose a character first"), "{}", h.state().notice());
    h.key_press(Key::Enter);
    h.run();
    type_key(&mut h, 'q');
    assert!(h.state().notice().starts_with("This model does not know \"q\""), "{}", h.state().notice());
    type_key(&mut h, '1');
    assert_eq!(h.state().line().text(), "11");
    assert!(character(&h, 1).ends_with("1, told"), "{}", character(&h, 1));
    wait(&mut h, "the line", |window| window.line().is_read());
    assert_eq!(kept(&place, &mut h), "1");
    let classes = Drawings::new(place.path().join("drawings")).classes().unwrap();
    assert_eq!(Drawings::strokes(&classes[0].pictures[0]).unwrap().strokes.strokes.len(), 1);
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    wait(&mut h, "the line", |window| window.line().is_read());
    assert_eq!(h.state().line().text(), "71", "{}", h.state().notice());
    assert_eq!(kept(&place, &mut h), "");
    let second = character(&h, 2);
    h.get_by_label(&second).click();
    h.run();
    h.get_by_role_and_label(Role::Button, "0").click();
    h.run();
    assert_eq!(h.state().line().text(), "70");
    assert_eq!(kept(&place, &mut h), "0");
}

#[test]
fn characters_are_joined_and_split() {
    let place = place();
    let mut h = line_reader(&place);
    write(&mut h, 0, &[ONE, ONE]);
    assert_eq!(h.state().line().text(), "11");
    h.key_press(Key::Enter);
    h.run();
    h.get_by_label("Join with next").click();
    h.run();
    wait(&mut h, "the line", |window| window.line().is_read());
    h.run();
    assert_eq!(h.state().line().text().len(), 1);
    h.get_by_label("Split").click();
    h.run();
    wait(&mut h, "the line", |window| window.line().is_read());
    assert_eq!(h.state().line().text(), "11");
}

#[test]
fn the_page_is_remembered() {
    let place = place();
    let model = || Model::load(&place.path().join("model.mpk")).unwrap();
    let mut h = reader_remembering(&place, model());
    h.get_by_label("Line").click();
    h.run();
    drop(h);
    let h = reader_remembering(&place, model());
    h.get_by_label("Write a line: words or numbers");
}

#[test]
fn nothing_of_the_line_is_cut_off_at_any_size() {
    for (width, height, scale) in [(640.0, 480.0, 1.0), (1104.0, 744.0, 1.0), (1920.0, 1200.0, 2.0)] {
        let place = place();
        let mut h = line_reader(&place);
        h.set_pixels_per_point(scale);
        h.run();
        h.set_size(vec2(width, height) / scale);
        h.run_steps(3); // rows below the paper find their height
        let when = format!("{width}x{height} at {scale}");
        let before = h.get_by_label(NAME).rect();
        assert_laid_out(&h, &[], &when);
        write(&mut h, 0, &[SEVEN, ONE, CIRCLE, ONE]);
        assert_laid_out(&h, &[], &when);
        h.key_press(Key::Enter);
        h.run();
        assert_laid_out(&h, &[], &when);
        assert_eq!(h.get_by_label(NAME).rect(), before, "the paper keeps its size, {when}");
    }
}

#[test]
fn snapshot_of_a_line() {
    let place = place();
    let mut h = line_reader(&place);
    write(&mut h, 0, &[SEVEN, ONE, CIRCLE, CIRCLE, SEVEN]);
    h.key_press(Key::Enter); // the first seven, whose other candidates are far apart
    h.run();
    h.remove_cursor();
    h.run();
    h.snapshot("classify-line");
}

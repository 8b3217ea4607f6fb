//! Keys: corrections, Enter, Esc, undo, and the order of the focus.

use crate::answered;
use crate::place::{CIRCLE, ONE, Reader, SEVEN, draw, place, reader};
use egui::{Event, Key, Modifiers, Role, ViewportCommand};
use egui_kittest::kittest::{NodeT, Queryable};
use nn_data::Drawings;
use tempfile::TempDir;
use ui::pad::NAME;
use ui_test::{type_key, wait};

/// The labels of the corrections, once all are on the disk.
pub fn kept(place: &TempDir, h: &mut Reader) -> String {
    wait(h, "the disk", |window| !window.is_busy());
    let classes = Drawings::new(place.path().join("drawings")).classes().unwrap();
    classes.iter().flat_map(|class| vec![&class.label[..]; class.pictures.len()]).collect()
}

/// Presses a key for one frame; returns whether the window then wants to end.
fn ends_by(h: &mut Reader, key: Key) -> bool {
    h.key_down(key);
    h.step();
    let ends = h.output().viewport_output[&egui::ViewportId::ROOT].commands.contains(&ViewportCommand::Close);
    h.key_up(key);
    h.step();
    ends
}

#[test]
fn corrections_are_kept_and_only_for_known_classes() {
    let place = place();
    let mut h = reader(&place);
    type_key(&mut h, '7');
    assert!(h.state().notice().starts_with("Draw something first"));
    draw(&mut h, SEVEN);
    type_key(&mut h, 'q');
    assert!(h.state().notice().starts_with("This model does not know \"q\""), "{}", h.state().notice());
    answered(&mut h);
    type_key(&mut h, '1');
    assert_eq!(h.state().notice(), "Kept as 1. Ctrl+Z takes it back; Teach makes the model learn it.");
    draw(&mut h, ONE);
    answered(&mut h);
    let bar =
        h.get_all_by_role(Role::Button).find(|n| n.accesskit_node().label().is_some_and(|l| l.starts_with("0: ")));
    bar.unwrap().click();
    h.run();
    assert_eq!(kept(&place, &mut h), "01");
    let classes = Drawings::new(place.path().join("drawings")).classes().unwrap();
    assert_eq!(classes.iter().map(|class| &class.label[..]).collect::<Vec<_>>(), ["0", "1"]);
    assert_eq!(Drawings::strokes(&classes[1].pictures[0]).unwrap().strokes.strokes.len(), 1);
    assert!(h.state().pad.is_empty());
    wait(&mut h, "the count", |window| !window.is_busy());
    h.get_by_label("2 drawings kept");
}

#[test]
fn esc_asks_before_a_drawing_is_lost_and_text_fields_keep_their_letters() {
    let place = place();
    let mut h = reader(&place);
    draw(&mut h, ONE);
    h.get_by_role_and_label(Role::TextInput, "File").focus();
    h.run();
    h.event(Event::Text("1".into()));
    h.run();
    assert!(kept(&place, &mut h).is_empty() && !h.state().pad.is_empty());
    assert!(!ends_by(&mut h, Key::Escape) && h.state().question().is_none(), "Esc leaves the field");
    assert!(!ends_by(&mut h, Key::Escape));
    assert_eq!(h.state().question(), Some("The drawing on the paper is not kept. End?"));
    assert!(!ends_by(&mut h, Key::Escape) && h.state().question().is_none(), "Esc says no");
    assert!(!ends_by(&mut h, Key::Escape));
    assert!(ends_by(&mut h, Key::Enter), "Enter says yes");
    h.key_press(Key::Backspace);
    h.run();
    assert!(ends_by(&mut h, Key::Escape), "an empty paper needs no question");
}

#[test]
fn enter_asks_and_then_keeps_the_drawing() {
    let place = place();
    let mut h = reader(&place);
    draw(&mut h, SEVEN);
    answered(&mut h);
    h.key_press(Key::Enter);
    h.run();
    assert!(h.state().question().is_some_and(|question| question.starts_with("Keep the drawing as 7?")));
    h.key_press(Key::Escape);
    h.run();
    assert!(h.state().question().is_none() && !h.state().pad.is_empty() && kept(&place, &mut h).is_empty());
    h.key_press(Key::Enter);
    h.run();
    draw(&mut h, ONE);
    assert!(h.state().question().is_none(), "the question was about another drawing");
    answered(&mut h);
    h.key_press(Key::Enter);
    h.run();
    type_key(&mut h, '1');
    assert_eq!(kept(&place, &mut h), "1", "the key is the better answer");
    draw(&mut h, CIRCLE);
    answered(&mut h);
    h.key_press(Key::Enter);
    h.run();
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(kept(&place, &mut h), "01");
    assert!(h.state().pad.is_empty());
}

#[test]
fn a_wrong_correction_is_taken_back() {
    let place = place();
    let mut h = reader(&place);
    for (line, key) in [(SEVEN, '1'), (ONE, '0')] {
        draw(&mut h, line);
        type_key(&mut h, key);
    }
    assert_eq!(kept(&place, &mut h), "01");
    draw(&mut h, ONE);
    for _ in 0..2 {
        h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        h.run();
    }
    assert_eq!(kept(&place, &mut h), "1", "first the stroke on the paper, and then the correction");
    assert_eq!(h.state().pad.ink().strokes, [ONE.to_vec()]);
    assert_eq!(h.state().notice(), "Taken back. The drawing is on the paper again.");
    h.get_by_label("Take back").click();
    h.run();
    assert_eq!(kept(&place, &mut h), "");
    answered(&mut h);
    assert!(h.state().title().starts_with("classify: 7 ("), "{}", h.state().title());
    wait(&mut h, "the count", |window| !window.is_busy());
    h.get_by_label("0 drawings kept");
    type_key(&mut h, '7');
    wait(&mut h, "the count", |window| !window.is_busy());
    h.get_by_label("1 drawing kept");
}

#[test]
fn the_paper_is_first_and_letters_work_after_tab() {
    let place = place();
    let mut h = reader(&place);
    let focused = |h: &Reader| h.ctx.memory(|memory| memory.focused());
    let paper = focused(&h);
    assert!(h.get_by_label(NAME).accesskit_node().is_focused(), "the paper has the keys from the start");
    for key in ['7', '1'] {
        draw(&mut h, SEVEN);
        answered(&mut h);
        h.key_press(Key::Tab);
        h.run();
        assert!(focused(&h) != paper);
        type_key(&mut h, key);
    }
    assert_eq!(kept(&place, &mut h), "17");
    h.get_by_role_and_label(Role::TextInput, "File").focus();
    h.run();
    h.key_press(Key::Escape);
    h.run();
    assert!(focused(&h) == paper, "whoever leaves a text field is on the paper again");
}

#[test]
fn the_paper_that_is_wiped_is_brought_back() {
    let place = place();
    let mut h = reader(&place);
    h.key_press(Key::Backspace);
    h.run();
    assert_eq!(h.state().notice(), "");
    draw(&mut h, SEVEN);
    h.key_press(Key::Delete);
    h.run();
    assert_eq!(h.state().notice(), "The paper is fresh. Ctrl+Z brings the drawing back.");
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert!(!h.state().pad.is_empty());
    for _ in 0..2 {
        h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        h.run();
    }
    assert_eq!(h.state().notice(), "There is nothing to take back.");
}

#[test]
fn the_next_two_candidates_are_offered() {
    let place = place();
    let mut h = reader(&place);
    assert!(h.query_by_label("Is it").is_none(), "nothing is drawn");
    draw(&mut h, SEVEN);
    answered(&mut h);
    h.run();
    h.get_by_label("Is it");
    assert!(h.query_by_role_and_label(Role::Button, "7").is_none(), "that is the answer itself");
    h.get_by_role_and_label(Role::Button, "0");
    h.get_by_role_and_label(Role::Button, "1").click();
    h.run();
    assert_eq!((kept(&place, &mut h), h.state().pad.is_empty()), ("1".into(), true), "a click is as its key");
    assert!(h.state().notice().starts_with("Kept as 1."));
}

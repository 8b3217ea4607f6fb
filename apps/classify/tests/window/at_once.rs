//! Corrections count in the next drawing, without training, and new classes are added by a few drawings.

use crate::answered;
use crate::keys::kept;
use crate::many_classes;
use crate::place::{CIRCLE, ONE, Reader, SEVEN, draw, place, reader, reader_remembering};
use egui::{Event, Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use nn_io::Model;
use ui_test::{type_key, wait};

const HEART: &[[f32; 2]] = &[
    [0.5, 0.85],
    [0.15, 0.5],
    [0.2, 0.25],
    [0.35, 0.2],
    [0.5, 0.4],
    [0.65, 0.2],
    [0.8, 0.25],
    [0.85, 0.5],
    [0.5, 0.85],
];

/// Draws a line, moved a little, and waits for the answer.
fn draw_moved(h: &mut Reader, line: &[[f32; 2]], by: f32) {
    let moved: Vec<[f32; 2]> = line.iter().map(|[x, y]| [x * (1.0 - by.abs()) + by.max(0.0), y + by / 3.0]).collect();
    draw(h, &moved);
    answered(h);
}

/// The class that the window reads, sure or not.
fn class(h: &Reader) -> String {
    let title = h.state().title();
    let class = ["classify: ", "unsure, ", "no character, or "]
        .iter()
        .fold(&title[..], |title, start| title.strip_prefix(start).unwrap_or(title));
    class.split(['?', ' ']).next().unwrap_or_default().into()
}

/// Draws a line on fresh paper and returns the class that the window reads.
fn read(h: &mut Reader, line: &[[f32; 2]]) -> String {
    h.key_press(Key::Backspace);
    h.step();
    draw_moved(h, line, 0.02);
    class(h)
}

/// Adds the class heart by five drawings, with the keyboard alone but for the drawing.
fn add_heart(h: &mut Reader) {
    h.get_by_label("New class…").focus();
    h.run();
    h.key_press(Key::Space);
    h.run();
    assert!(h.get_by_role_and_label(Role::TextInput, "New class").accesskit_node().is_focused());
    h.event(Event::Text("heart".into()));
    h.run();
    h.key_press(Key::Enter);
    h.run();
    for i in 0..5 {
        draw_moved(h, HEART, 0.02 * i as f32 - 0.04);
        h.key_press(Key::Enter);
        h.run();
    }
    assert_eq!(h.state().notice(), "heart is known now: draw one.");
}

#[test]
fn a_correction_counts_in_the_next_drawing_and_after_a_restart() {
    let place = place();
    let mut h = reader(&place);
    assert_eq!(read(&mut h, SEVEN), "7");
    type_key(&mut h, '1');
    assert_eq!(read(&mut h, SEVEN), "1");
    assert_eq!(read(&mut h, CIRCLE), "0", "what is far from it stays");
    h.key_press(Key::Backspace);
    h.run();
    h.get_by_label("Take back").click();
    h.run();
    answered(&mut h);
    assert_eq!(class(&h), "7", "what is taken back counts no more");
    type_key(&mut h, '1');
    assert_eq!(kept(&place, &mut h), "1");

    let mut h = reader(&place);
    wait(&mut h, "the kept drawings", |window| !window.is_busy());
    assert_eq!(read(&mut h, SEVEN), "1", "after a restart");
}

#[test]
fn five_drawings_make_a_new_class_that_stays() {
    let place = place();
    let model = || Model::load(&place.path().join("model.mpk")).unwrap();
    let mut h = reader_remembering(&place, model());
    wait(&mut h, "the count", |window| !window.is_busy());
    add_heart(&mut h);
    assert_eq!(h.state().classes(), ["0", "1", "7", "heart"]);
    assert_eq!([HEART, SEVEN, ONE].map(|line| read(&mut h, line)), ["heart", "7", "1"]);
    assert_eq!(kept(&place, &mut h), "heart".repeat(5));

    let mut h = reader_remembering(&place, model());
    wait(&mut h, "the kept drawings", |window| !window.is_busy());
    assert_eq!(read(&mut h, HEART), "heart", "after a restart");
    h.get_by_label("Teach").click();
    h.step();
    wait(&mut h, "the lesson", |window| !window.is_busy());
    let notice = h.state().notice();
    assert!(notice.starts_with("Not taught: there are no corrections of the model's own classes yet"), "{notice}");
    h.key_press(Key::Backspace);
    h.run();
    draw_moved(&mut h, SEVEN, 0.02);
    type_key(&mut h, '7');
    h.get_by_label("Teach").click();
    h.step();
    wait(&mut h, "the lesson", |window| !window.is_busy());
    h.get_by_label("Keep").click();
    h.run();
    wait(&mut h, "the count", |window| !window.is_busy());
    assert_eq!(read(&mut h, HEART), "heart", "after a lesson");
}

#[test]
fn a_new_class_needs_a_name_and_is_left_by_esc_or_done() {
    let place = place();
    let mut h = reader(&place);
    h.get_by_label("New class…").click();
    h.run();
    h.key_press(Key::Enter);
    h.run();
    draw(&mut h, HEART);
    answered(&mut h);
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(h.state().notice(), "Name the new class first.");
    h.key_press(Key::Escape);
    h.run();
    assert!(h.query_by_role_and_label(Role::TextInput, "New class").is_none() && h.state().question().is_none());
    h.get_by_label("New class…").click();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "New class").type_text("heart");
    h.run();
    h.get_by_role_and_label(Role::Button, "Keep").click();
    h.run();
    assert_eq!(h.state().notice(), "1 of 5 are kept as heart. Draw the next, then press Enter.");
    h.get_by_label("Done").click();
    h.run();
    h.get_by_label("1 drawing kept");
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!(h.state().classes(), ["0", "1", "7"], "a class without drawings is none");
}

#[test]
fn hints_know_new_classes() {
    let place = place();
    let mut h = reader_remembering(&place, many_classes());
    add_heart(&mut h);
    h.get_by_role_and_label(Role::Button, "my own").click();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Allowed classes").focus();
    h.run();
    h.event(Event::Text("heart, 0-9".into()));
    h.run();
    h.key_press(Key::Escape);
    h.run();
    assert_eq!(h.state().notice(), "");
    assert_eq!(read(&mut h, HEART), "heart");
}

//! The collector's window by pointer and keyboard, without a display.
#![allow(clippy::unwrap_used)]

use collect::window::{Collection, Settings, Window};
use egui::{Event, Key, Modifiers, PointerButton, Role, ViewportCommand, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use nn_data::{Drawings, StrokeSample};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tempfile::TempDir;
use ui::{look, pad::NAME};
use ui_test::{stroke, strokes, type_key};

type Collector = Harness<'static, Window>;

/// A window on a folder of its own.
fn collector() -> (TempDir, Collector) {
    let place = tempfile::tempdir().unwrap();
    let window = open(place.path());
    (place, window)
}

/// A window on `drawings` in a folder, with settings beside it.
fn open(place: &Path) -> Collector {
    let window = Window::new(Drawings::new(place.join("drawings")), Some(place.join("settings.json"))).unwrap();
    let mut harness = ui_test::harness(vec2(1104.0, 744.0), look::apply, window, Window::ui);
    harness.run();
    harness
}

fn draw(h: &mut Collector, lines: &[&[[f32; 2]]]) {
    let pad = h.get_by_label(NAME).rect();
    strokes(h, pad, &lines.iter().map(|line| line.to_vec()).collect::<Vec<_>>());
}

const SEVEN: &[[f32; 2]] = &[[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]];
const ONE: &[[f32; 2]] = &[[0.35, 0.3], [0.55, 0.15], [0.55, 0.85]];

/// What is saved on the disk: label, writer, number of strokes.
fn saved(place: &Path) -> Vec<(String, String, usize)> {
    let classes = Drawings::new(place.join("drawings")).classes().unwrap();
    let pictures = classes.into_iter().flat_map(|class| class.pictures);
    let sample = |path: PathBuf| {
        let StrokeSample { label, writer, strokes } = Drawings::strokes(&path).unwrap();
        (label, writer, strokes.strokes.len())
    };
    pictures.map(sample).collect()
}

fn labels(place: &Path) -> String {
    saved(place).into_iter().map(|(label, ..)| label).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_key_saves_the_drawing_and_gives_fresh_paper() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '7');
    assert!(h.state().pad.is_empty());
    draw(&mut h, &[ONE, &[[0.5, 0.9]]]);
    type_key(&mut h, 'A');
    type_key(&mut h, 'b');
    assert_eq!(h.state().notice(), "Draw something first, then press its key.");
    assert_eq!(saved(place.path()), [("7".into(), "".into(), 1), ("A".into(), "".into(), 2)]);
    assert_eq!(h.state().collection().total(), 2);
    assert!(h.state().title().starts_with("collect: 2 drawings in "));
}

#[test]
fn the_window_asks_for_what_is_missing_and_goes_on_where_it_stopped() {
    let (place, mut h) = collector();
    h.state_mut().settings.classes = "xy".into();
    h.state_mut().settings.target = 2;
    let mut asked = String::new();
    for _ in 0..3 {
        asked += &h.state().asked().unwrap();
        draw(&mut h, &[SEVEN]);
        h.key_press(Key::Enter);
        h.run();
    }
    assert_eq!((&asked[..], labels(place.path())), ("xyx", "x x y".into()));
    drop(h);
    let mut h = open(place.path());
    assert_eq!(h.state().asked().as_deref(), Some("y"), "classes, target and drawings are remembered");
    h.get_by_label("Asked for: y");
    h.get_by_label("x: 2/2");
    h.get_by_label("All classes: 3 of 4");
    draw(&mut h, &[SEVEN]);
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(h.state().asked(), None);
    h.get_by_label("All classes have enough.");
    h.get_by_label("all 62").click();
    h.run();
    assert_eq!(h.state().asked().as_deref(), Some("0"));
    h.get_by_label("Ask me for what is missing").click();
    h.run();
    assert_eq!(h.state().asked(), None);
}

#[test]
fn any_label_and_the_writer_are_typed_and_typing_saves_nothing() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    h.get_by_role_and_label(Role::TextInput, "Writer").focus();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Writer").type_text("Ada");
    h.run();
    assert_eq!(labels(place.path()), "", "a letter in a text field is no label");
    h.get_by_role_and_label(Role::TextInput, "Another label").focus();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Another label").type_text("я/ш");
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(saved(place.path()), [("я/ш".into(), "Ada".into(), 1)]);
    draw(&mut h, &[ONE]);
    h.get_by_label("Save with it").click();
    h.run();
    draw(&mut h, &[ONE]); // drawing takes the keyboard away from text fields
    type_key(&mut h, '1');
    assert_eq!(labels(place.path()), "1 я/ш я/ш");
    assert_eq!(Settings::load(&place.path().join("settings.json")).writer, "Ada");
}

#[test]
fn what_was_done_can_be_taken_back() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '1');
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!(
        (labels(place.path()), h.state().pad.ink().strokes.len()),
        (String::new(), 1),
        "it is on the paper again"
    );
    type_key(&mut h, '7');
    draw(&mut h, &[ONE]);
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert!(h.state().pad.is_empty() && labels(place.path()) == "7", "strokes come first");
}

#[test]
fn the_gallery_shows_deletes_and_relabels() {
    let (place, mut h) = collector();
    for (line, key) in [(SEVEN, '7'), (ONE, '7'), (ONE, '1')] {
        draw(&mut h, &[line]);
        type_key(&mut h, key);
    }
    h.get_by_label("Gallery").click();
    h.run();
    h.get_by_label("7 (2)").click();
    h.run();
    let newest = h.state().collection().pictures("7")[1].file_name().unwrap().to_str().unwrap().to_string();
    h.get_by_label(&newest).click();
    h.run();
    h.get_by_role_and_label(Role::Image, "What the network will see, 28x28");
    h.get_by_role_and_label(Role::TextInput, "Right label").focus();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Right label").type_text("1");
    h.get_by_label("Relabel").click();
    h.run();
    assert_eq!(labels(place.path()), "1 1 7");
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!(labels(place.path()), "1 7 7");
    h.get_by_label(&newest).click();
    h.run();
    h.get_by_role_and_label(Role::Button, "Delete").click();
    h.run();
    assert_eq!(labels(place.path()), "1 7");
    h.key_press(Key::Delete); // the one beside it is looked at now
    h.run();
    assert_eq!(labels(place.path()), "1");
    for _ in 0..2 {
        h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        h.run();
    }
    assert_eq!(labels(place.path()), "1 7 7");
}

#[test]
fn the_right_button_and_the_eraser_erase() {
    let (_place, mut h) = collector();
    draw(&mut h, &[SEVEN, ONE]);
    let pad = h.get_by_label(NAME).rect();
    stroke(&mut h, pad, &[[0.1, 0.5], [0.9, 0.5]], PointerButton::Secondary);
    assert_eq!(h.state().pad.ink().strokes.len(), 4, "both are cut in two");
    h.get_by_label("Undo").click();
    h.run();
    h.get_by_label("Erase").click();
    h.run();
    stroke(&mut h, pad, &[[0.1, 0.5], [0.9, 0.5]], PointerButton::Primary);
    assert_eq!(h.state().pad.ink().strokes.len(), 4);
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    h.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    h.run();
    assert_eq!(h.state().pad.ink().strokes.len(), 4, "redo");
    h.get_by_label("Clear").click();
    h.run();
    assert!(h.state().pad.is_empty());
}

#[test]
fn esc_ends() {
    let (_place, mut h) = collector();
    h.key_down(Key::Escape);
    h.step();
    let commands = &h.output().viewport_output[&egui::ViewportId::ROOT].commands;
    assert!(commands.contains(&ViewportCommand::Close), "{commands:?}");
}

#[test]
fn a_hundred_drawings_take_far_less_than_a_minute() {
    let (place, mut h) = collector();
    let start = Instant::now();
    for i in 0..100u32 {
        draw(&mut h, &[SEVEN]);
        type_key(&mut h, char::from_digit(i % 10, 10).unwrap());
    }
    let seconds = start.elapsed().as_secs_f32();
    println!("100 drawings saved in {seconds:.2} s");
    assert_eq!(saved(place.path()).len(), 100);
    assert!(seconds < 30.0, "{seconds}");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_drawing_stays() {
    let (place, mut h) = collector();
    std::fs::write(place.path().join("drawings"), "a file").unwrap();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '7');
    assert!(h.state().notice().starts_with("cannot "), "{}", h.state().notice());
    assert!(!h.state().pad.is_empty());
}

#[test]
fn snapshots() {
    let (_place, mut h) = collector();
    h.remove_cursor();
    h.run();
    h.snapshot("collect-empty");
    h.state_mut().settings.target = 3;
    for key in ['0', '1', '1', '2', '7', '7', '7', 'я'] {
        draw(&mut h, &[if key == '7' { SEVEN } else { ONE }]);
        h.event(Event::Text(key.to_string()));
        h.step();
    }
    draw(&mut h, &[SEVEN, &[[0.4, 0.5], [0.7, 0.5]]]);
    h.remove_cursor();
    h.run();
    h.snapshot("collect-drawing");
    h.get_by_label("Gallery").click();
    h.run();
    h.get_by_label("7 (3)").click();
    h.run();
    let name = h.state().collection().pictures("7")[1].file_name().unwrap().to_str().unwrap().to_string();
    h.get_by_label(&name).click();
    h.run();
    h.remove_cursor();
    h.run();
    h.snapshot("collect-gallery");
}

#[test]
fn the_stock_is_what_the_folder_holds() {
    let (place, mut h) = collector();
    for key in ['b', 'B', '2'] {
        draw(&mut h, &[SEVEN]);
        type_key(&mut h, key);
    }
    assert_eq!(*h.state().collection(), Collection::load(&Drawings::new(place.path().join("drawings"))).unwrap());
}

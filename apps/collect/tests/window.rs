//! The collector's window by pointer and keyboard, without a display.
#![allow(clippy::unwrap_used)]

use collect::window::{Collection, Settings, Window};
use egui::{Event, Key, Modifiers, PointerButton, Role, ViewportCommand, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use nn_data::{Drawings, Ink, StrokeSample};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tempfile::TempDir;
use ui::{look, pad::NAME};
use ui_test::{assert_laid_out, frame, key_events, stroke, stroke_events, strokes, type_key, wait};

type Collector = Harness<'static, Window>;

/// A window on a folder of its own.
fn collector() -> (TempDir, Collector) {
    let place = tempfile::tempdir().unwrap();
    let window = open(place.path());
    (place, window)
}

/// A window on `drawings` in a folder, with settings beside it.
fn open(place: &Path) -> Collector {
    open_at(place, vec2(1104.0, 744.0))
}

/// The same with a size.
fn open_at(place: &Path, size: egui::Vec2) -> Collector {
    let window = Window::new(Drawings::new(place.join("drawings")), Some(place.join("settings.json"))).unwrap();
    let mut harness = ui_test::harness(size, look::apply, window, Window::ui);
    harness.run();
    harness
}

fn draw(h: &mut Collector, lines: &[&[[f32; 2]]]) {
    let pad = h.get_by_label(NAME).rect();
    strokes(h, pad, &lines.iter().map(|line| line.to_vec()).collect::<Vec<_>>());
}

const SEVEN: &[[f32; 2]] = &[[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]];
const ONE: &[[f32; 2]] = &[[0.35, 0.3], [0.55, 0.15], [0.55, 0.85]];

/// The drawings on the disk, once all have reached it: label, writer, number of strokes.
fn saved(place: &TempDir, h: &mut Collector) -> Vec<(String, String, usize)> {
    wait(h, "the disk", |window| !window.is_busy());
    let classes = Drawings::new(place.path().join("drawings")).classes().unwrap();
    let pictures = classes.into_iter().flat_map(|class| class.pictures);
    let sample = |path: PathBuf| {
        let StrokeSample { label, writer, strokes } = Drawings::strokes(&path).unwrap();
        (label, writer, strokes.strokes.len())
    };
    pictures.map(sample).collect()
}

fn labels(place: &TempDir, h: &mut Collector) -> String {
    saved(place, h).into_iter().map(|(label, ..)| label).collect::<Vec<_>>().join(" ")
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
    assert_eq!(saved(&place, &mut h), [("7".into(), "".into(), 1), ("A".into(), "".into(), 2)]);
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
    assert_eq!((&asked[..], labels(&place, &mut h)), ("xyx", "x x y".into()));
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

/// Copies a text of the digits 1 and 7 on the wide paper.
fn copy(h: &mut Collector, text: &str) {
    let pad = h.get_by_label(NAME).rect();
    let aspect = pad.height() / pad.width();
    let place = |i: usize, p: &[f32; 2]| [(0.1 + 0.52 * i as f32 + 0.5 * p[0]) * aspect, 0.15 + 0.65 * p[1]];
    let shape = |character| if character == '7' { SEVEN } else { ONE };
    let lines = text.chars().enumerate().map(|(i, character)| shape(character).iter().map(|p| place(i, p)).collect());
    strokes(h, pad, &lines.collect::<Vec<_>>());
}

#[test]
fn a_copied_text_is_saved_character_by_character() {
    let (place, mut h) = collector();
    h.state_mut().settings.classes = "17".into();
    draw(&mut h, &[SEVEN]);
    h.get_by_label("Several at a time").click();
    h.run();
    assert_eq!((h.state().notice(), h.state().is_copying()), ("Save or wipe the drawing first.", false));
    type_key(&mut h, '7');
    h.get_by_label("Several at a time").click();
    h.run();
    let text = h.state().text_to_copy().to_string();
    assert_eq!((text.len(), text.matches('1').count()), (5, 3), "one 7 is there already: {text}");
    h.get_by_label(&format!("Asked for: {text}"));
    for wrong in [&text[..3], &text[..4], &format!("{text}1"), &text.replacen('7', "1", 1)] {
        copy(&mut h, wrong);
        h.key_press(Key::Enter);
        h.run();
        let notice = h.state().notice();
        assert!(notice.starts_with("The characters cannot be told apart"), "{wrong} in place of {text}: {notice}");
        h.key_press(Key::Backspace);
        h.run();
    }
    copy(&mut h, &text);
    type_key(&mut h, '1');
    assert_eq!(labels(&place, &mut h), "7", "no key saves a line");
    h.get_by_label(&format!("Save as {text}")).click();
    h.run();
    assert_eq!(labels(&place, &mut h), "1 1 1 7 7 7");
    assert!(h.state().pad.is_empty() && h.state().text_to_copy() != text, "{}", h.state().text_to_copy());
    let model = builtin::Builtin::Characters.model().unwrap();
    let mut reader = nn_io::Reader::new(model.clone());
    for (class, pictures) in h.state().collection().classes() {
        for picture in pictures {
            let answer = reader.read(&nn_data::read_picture(picture).unwrap());
            assert_eq!(&model.classes[answer.class], class, "each is the picture of its character");
        }
    }
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!((saved(&place, &mut h).len(), h.state().pad.is_empty()), (5, true), "one is taken back, into the trash");
    drop(h);
    assert!(open(place.path()).state().is_copying(), "it is remembered");
}

#[test]
fn any_label_and_the_writer_are_typed_and_typing_saves_nothing() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    h.get_by_role_and_label(Role::TextInput, "Writer").focus();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Writer").type_text("Ada");
    h.run();
    assert_eq!(labels(&place, &mut h), "", "a letter in a text field is no label");
    h.get_by_role_and_label(Role::TextInput, "Another label").focus();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Another label").type_text("я/ш");
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(saved(&place, &mut h), [("я/ш".into(), "Ada".into(), 1)]);
    draw(&mut h, &[ONE]);
    h.get_by_label("Save with it").click();
    h.run();
    draw(&mut h, &[ONE]); // drawing takes the keyboard away from text fields
    type_key(&mut h, '1');
    assert_eq!(labels(&place, &mut h), "1 я/ш я/ш");
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
        (labels(&place, &mut h), h.state().pad.ink().strokes.len()),
        (String::new(), 1),
        "it is on the paper again"
    );
    type_key(&mut h, '7');
    draw(&mut h, &[ONE]);
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert!(h.state().pad.is_empty() && labels(&place, &mut h) == "7", "strokes come first");
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
    h.get_by_label("7: 2").click();
    h.run();
    let newest = h.state().collection().pictures("7")[1].file_name().unwrap().to_str().unwrap().to_string();
    h.get_by_label(&newest).click();
    h.run();
    h.get_by_role_and_label(Role::Image, "The network sees, 28x28");
    h.get_by_role_and_label(Role::TextInput, "Right label").focus();
    h.run();
    h.get_by_role_and_label(Role::TextInput, "Right label").type_text("1");
    h.get_by_label("Relabel").click();
    h.run();
    assert_eq!(labels(&place, &mut h), "1 1 7");
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!(labels(&place, &mut h), "1 7 7");
    h.get_by_label(&newest).click();
    h.run();
    h.get_by_role_and_label(Role::Button, "Delete").click();
    h.run();
    assert_eq!(labels(&place, &mut h), "1 7");
    h.key_press(Key::Delete); // the one beside it is looked at now
    h.run();
    assert_eq!(labels(&place, &mut h), "1");
    for _ in 0..2 {
        h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        h.run();
    }
    assert_eq!(labels(&place, &mut h), "1 7 7");
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

/// The text that a key writes.
fn text(character: char) -> Event {
    Event::Text(character.to_string())
}

#[test]
fn a_slow_frame_keeps_every_drawing_apart() {
    let (place, mut h) = collector();
    let pad = h.get_by_label(NAME).rect();
    let mut events = vec![];
    for label in ['1', '7', 'a'] {
        events.extend(stroke_events(pad, if label == '1' { ONE } else { SEVEN }));
        if label == '7' {
            events.extend(stroke_events(pad, &[[0.4, 0.5], [0.7, 0.5]]));
        }
        events.push(text(label));
    }
    events.extend(stroke_events(pad, ONE));
    frame(&mut h, events);
    assert_eq!(saved(&place, &mut h), [("1", 1), ("7", 2), ("a", 1)].map(|(label, n)| (label.into(), "".into(), n)));
    assert_eq!(h.state().pad.ink().strokes.len(), 1, "the last is not named yet");
    let enter = key_events(Key::Enter, Modifiers::NONE, false);
    let events = enter.iter().cloned().chain(stroke_events(pad, SEVEN)).chain(enter.clone());
    frame(&mut h, events.collect::<Vec<_>>());
    assert_eq!(labels(&place, &mut h), "0 1 2 7 a", "Enter, too, belongs to the stroke before it");
}

#[test]
fn a_key_during_a_stroke_waits_for_its_end() {
    let (place, mut h) = collector();
    let pad = h.get_by_label(NAME).rect();
    let mut events = stroke_events(pad, SEVEN);
    let rest = events.split_off(2);
    frame(&mut h, events.into_iter().chain([text('7')]));
    assert_eq!(labels(&place, &mut h), "");
    frame(&mut h, rest.into_iter().chain(stroke_events(pad, ONE)).chain([text('1')]));
    assert_eq!(labels(&place, &mut h), "1 7");
    assert_eq!(saved(&place, &mut h)[1].2, 1);
}

#[test]
fn letters_typed_after_a_click_into_a_field_in_one_frame_save_nothing() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    let field = h.get_by_role_and_label(Role::TextInput, "Writer").rect();
    let click = stroke_events(field, &[[0.5, 0.5]]);
    h.event(Event::PointerMoved(field.center()));
    h.step();
    frame(&mut h, click.into_iter().chain([text('A')]));
    h.run();
    frame(&mut h, [text('B')]);
    assert_eq!((labels(&place, &mut h), &h.state().settings.writer[..]), (String::new(), "B"));
}

#[test]
fn a_key_that_is_held_down_deletes_once() {
    let (place, mut h) = collector();
    for _ in 0..3 {
        draw(&mut h, &[SEVEN]);
        type_key(&mut h, '7');
    }
    h.get_by_label("Gallery").click();
    h.run();
    let newest = h.state().collection().pictures("7")[2].file_name().unwrap().to_str().unwrap().to_string();
    h.get_by_label(&newest).click();
    h.run();
    for _ in 0..6 {
        let pressed = key_events(Key::Delete, Modifiers::NONE, false).swap_remove(0);
        frame(&mut h, [pressed]);
    }
    assert_eq!(labels(&place, &mut h), "7 7");
}

#[test]
fn delete_wipes_the_paper_before_the_gallery_and_undo_goes_back_in_order() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '7');
    h.get_by_label("Gallery").click();
    h.run();
    let name = h.state().collection().pictures("7")[0].file_name().unwrap().to_str().unwrap().to_string();
    h.get_by_label(&name).click();
    h.run();
    draw(&mut h, &[ONE, SEVEN]);
    h.key_press(Key::Delete);
    h.run();
    assert_eq!((labels(&place, &mut h), h.state().pad.is_empty()), ("7".into(), true));
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!(h.state().pad.ink().strokes.len(), 2);
    h.get_by_role_and_label(Role::Button, "Delete").click();
    h.run();
    assert_eq!(labels(&place, &mut h), "");
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!((labels(&place, &mut h), h.state().pad.ink().strokes.len()), ("7".into(), 2), "the deletion came last");
}

#[test]
fn nothing_is_saved_under_a_label_that_was_typed_long_ago() {
    let (place, mut h) = collector();
    h.state_mut().settings.label = "old".into();
    h.state_mut().settings.guided = false;
    draw(&mut h, &[SEVEN]);
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(labels(&place, &mut h), "");
    assert!(h.state().notice().starts_with("Nothing is asked for"), "{}", h.state().notice());
}

#[test]
fn after_tab_letters_and_enter_still_save() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    tab_to_a_button(&mut h);
    type_key(&mut h, '7');
    draw(&mut h, &[ONE]);
    tab_to_a_button(&mut h);
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(labels(&place, &mut h), "0 7");
}

/// Presses Tab until something other than a text field has the focus.
fn tab_to_a_button(h: &mut Collector) {
    for _ in 0..4 {
        h.key_press(Key::Tab);
        h.run();
        if h.ctx.memory(|memory| memory.focused()).is_some() && !h.ctx.text_edit_focused() {
            return;
        }
    }
    panic!("no button is among the first four places");
}

/// Whether the window asked the system to close it in the last frame.
fn closes(h: &Collector) -> bool {
    h.output().viewport_output[&egui::ViewportId::ROOT].commands.contains(&ViewportCommand::Close)
}

#[test]
fn esc_asks_before_a_drawing_is_lost() {
    let (_place, mut h) = collector();
    let esc = key_events(Key::Escape, Modifiers::NONE, false);
    draw(&mut h, &[SEVEN]);
    frame(&mut h, esc.clone());
    assert!(!closes(&h) && h.state().notice().contains("is not saved"), "{}", h.state().notice());
    frame(&mut h, esc.clone());
    assert!(!closes(&h) && !h.state().pad.is_empty());
    frame(&mut h, esc);
    frame(&mut h, key_events(Key::Enter, Modifiers::NONE, false));
    assert!(closes(&h));
}

#[test]
fn a_drawing_is_saved_by_tapping_alone() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    h.get_by_label("7: 0/100").click();
    h.run();
    draw(&mut h, &[ONE]);
    h.get_by_label("Save as 0").click();
    h.run();
    assert_eq!(labels(&place, &mut h), "0 7");
    h.get_by_label("7: 1/100").click();
    h.run();
    assert_eq!(labels(&place, &mut h), "0 7", "there is nothing on the paper");
}

#[test]
fn each_of_the_last_drawings_can_be_taken_back() {
    let (place, mut h) = collector();
    for (line, label) in [(SEVEN, '0'), (ONE, '7'), (SEVEN, '2')] {
        draw(&mut h, &[line]);
        type_key(&mut h, label);
    }
    assert_eq!(h.state().notice(), "Saved as 2, although 1 was asked for. Ctrl+Z takes it back.");
    h.get_by_label("Take back 0");
    h.get_by_label("Take back 7, 1 was asked").click();
    h.run();
    assert_eq!((labels(&place, &mut h), h.state().pad.ink().strokes.clone()), ("0 2".into(), vec![ONE.to_vec()]));
    assert_eq!(h.state().notice(), "The 7 is on the paper again and no longer saved.");
    h.get_by_label("Take back 0").click();
    h.run();
    assert_eq!((labels(&place, &mut h), h.state().pad.ink().strokes.clone()), ("2".into(), vec![ONE.to_vec()]));
    assert_eq!(h.state().notice(), "The 0 is no longer saved; it is in the trash.");
}

#[test]
fn the_trash_is_seen_after_a_restart() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '0');
    h.get_by_label("Take back 0").click();
    h.run();
    assert_eq!(labels(&place, &mut h), "");
    drop(h);
    let mut h = open(place.path());
    h.get_by_label("Gallery").click();
    h.run();
    h.get_by_label("1 drawing in the trash");
    h.get_by_label("Bring one back").click();
    h.run();
    assert_eq!((labels(&place, &mut h), h.state().notice()), ("0".into(), "The 0 is back."));
}

#[test]
fn drawings_of_another_collector_are_counted() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '7');
    let strokes = h.state().pad.ink().clone();
    let sample = StrokeSample { label: "8".into(), writer: String::new(), strokes };
    Drawings::new(place.path().join("drawings")).save(&sample, 0.06, "other").unwrap();
    wait(&mut h, "the drawing of the other", |window| window.collection().count("8") == 1);
    assert_eq!(h.state().collection().total(), 2);
}

#[test]
fn a_label_that_no_font_has_is_shown_by_its_number() {
    let (place, mut h) = collector();
    draw(&mut h, &[SEVEN]);
    h.event(text('\u{1f600}'));
    h.run();
    assert_eq!(labels(&place, &mut h), "\u{1f600}");
    h.get_by_label("U+1F600: 1");
    h.get_by_label("Take back U+1F600, 0 was asked");
}

/// Sizes of windows in pixels, and pixels per point; none is smaller than 640x480 points.
const SIZES: [(f32, f32, f32); 9] = [
    (640.0, 480.0, 1.0),
    (960.0, 600.0, 1.0),
    (1920.0, 1200.0, 1.0),
    (3840.0, 2160.0, 1.0),
    (1400.0, 480.0, 1.0),
    (960.0, 720.0, 1.5),
    (1920.0, 1200.0, 1.5),
    (1920.0, 1200.0, 2.0),
    (3840.0, 2160.0, 2.0),
];

/// A window of this size in pixels.
fn open_dense(place: &Path, (width, height, scale): (f32, f32, f32)) -> Collector {
    let mut h = open_at(place, vec2(width, height) / scale);
    h.set_pixels_per_point(scale);
    h.run();
    h.set_size(vec2(width, height) / scale);
    h.run();
    h
}

#[test]
fn nothing_is_cut_off_at_any_size() {
    for size in SIZES {
        let place = tempfile::tempdir().unwrap();
        let mut h = open_dense(place.path(), size);
        let when = format!("{size:?}");
        let is_small = size.1 / size.2 < 600.0;
        assert_laid_out(&h, &[], &when);
        h.state_mut().settings.classes = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
        h.run();
        draw(&mut h, &[SEVEN]);
        type_key(&mut h, '7');
        draw(&mut h, &[ONE]);
        assert!(h.state().notice().starts_with("Saved as 7"));
        h.run();
        let classes: Vec<String> = h.state().settings.classes.chars().map(|class| format!("{class}: ")).collect();
        let all = classes.iter().map(String::as_str).chain(["Click a drawing"]);
        let mut scrolls: Vec<&str> = all.filter(|_| is_small).collect();
        assert_laid_out(&h, &scrolls, &when);
        h.get_by_label("Gallery").click();
        h.run();
        assert_laid_out(&h, &scrolls, &when);
        let detail = ["Drawing", "The network sees", "Label 7", "Right label", "Relabel", "Delete"];
        scrolls.extend(detail.iter().filter(|_| is_small));
        let scrolls = &scrolls[..];
        let name = h.state().collection().pictures("7")[0].file_name().unwrap().to_str().unwrap().to_string();
        h.get_by_label(&name).click();
        wait(&mut h, "the pictures", |window| !window.is_busy());
        assert_laid_out(&h, scrolls, &when);
        h.key_press(Key::Escape); // a drawing is on the paper: the longest question
        h.run();
        assert_laid_out(&h, scrolls, &when);
        h.key_press(Key::Backspace);
        h.run();
        h.state_mut().settings.copies = true;
        h.run();
        assert!(h.state().is_copying());
        assert_laid_out(&h, scrolls, &when);
    }
}

#[test]
fn a_large_window_is_used() {
    let place = tempfile::tempdir().unwrap();
    let mut h = open_dense(place.path(), (1920.0, 1200.0, 1.0));
    h.state_mut().settings.classes = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    h.run();
    let [first, last] = ["0: 0/100", "z: 0/100"].map(|name| h.get_by_label(name).rect());
    let pad = h.get_by_label(NAME).rect();
    assert!(pad.width() > 900.0 && first.width() >= 84.0, "{pad:?} {first:?}");
    assert!(last.bottom() > 0.8 * pad.bottom(), "the tiles fill the card: {last:?} beside {pad:?}");
}

#[test]
fn the_theme_is_chosen_and_remembered() {
    let (place, mut h) = collector();
    let themes = ["Theme: system", "Theme: light", "Theme: dark"];
    let shown = themes.map(|name| {
        let theme = h.ctx.theme();
        h.get_by_label(name).click();
        h.run();
        theme
    });
    assert_eq!(shown, [egui::Theme::Light, egui::Theme::Light, egui::Theme::Dark]);
    h.get_by_label("Theme: system").click();
    h.run();
    h.get_by_label("Theme: light").click();
    h.run();
    drop(h);
    open(place.path()).get_by_label("Theme: dark");
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
    assert_eq!(saved(&place, &mut h).len(), 100);
    assert!(seconds < 30.0, "{seconds}");
}

#[test]
fn characters_that_cannot_be_saved_come_back_one_by_one() {
    let (place, mut h) = collector();
    h.state_mut().settings.classes = "17".into();
    h.state_mut().settings.copies = true;
    h.run();
    std::fs::write(place.path().join("drawings"), "a file").unwrap();
    let text = h.state().text_to_copy().to_string();
    copy(&mut h, &text);
    h.key_press(Key::Enter);
    wait(&mut h, "the error", |window| !window.is_copying() && !window.pad.is_empty() && !window.is_busy());
    assert!(h.state().notice().ends_with("is on the paper again."), "{}", h.state().notice());
    std::fs::remove_file(place.path().join("drawings")).unwrap();
    for _ in 0..text.len() {
        type_key(&mut h, '7');
        h.run();
    }
    assert_eq!(saved(&place, &mut h).len(), 5, "none is lost");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_drawing_stays() {
    let (place, mut h) = collector();
    std::fs::write(place.path().join("drawings"), "a file").unwrap();
    draw(&mut h, &[SEVEN]);
    type_key(&mut h, '7');
    wait(&mut h, "the error", |window| window.notice().starts_with("cannot "));
    assert!(!h.state().pad.is_empty(), "{}", h.state().notice());
    assert_eq!((h.state().collection().total(), h.state().notice().ends_with("on the paper again.")), (0, true));
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
    h.get_by_label("7: 3").click();
    h.run();
    let name = h.state().collection().pictures("7")[1].file_name().unwrap().to_str().unwrap().to_string();
    h.get_by_label(&name).click();
    wait(&mut h, "the pictures", |window| !window.is_busy());
    h.remove_cursor();
    h.run();
    h.snapshot("collect-gallery");
    h.key_press(Key::Backspace);
    h.state_mut().settings.classes = "17".into();
    h.get_by_label("Progress").click();
    h.run();
    h.get_by_label("Several at a time").click();
    h.run();
    let text = h.state().text_to_copy().to_string();
    copy(&mut h, &text);
    h.remove_cursor();
    wait(&mut h, "the boxes", |window| !window.is_busy());
    h.run();
    h.snapshot("collect-copying");
}

#[test]
fn the_stock_is_what_the_folder_holds() {
    let (place, mut h) = collector();
    for key in ['b', 'B', '2'] {
        draw(&mut h, &[SEVEN]);
        type_key(&mut h, key);
    }
    wait(&mut h, "the disk", |window| !window.is_busy());
    assert_eq!(*h.state().collection(), Collection::load(&Drawings::new(place.path().join("drawings"))).unwrap());
}

#[test]
fn doubtful_drawings_are_judged_by_keys() {
    let place = tempfile::tempdir().unwrap();
    let drawings = Drawings::new(place.path().join("drawings"));
    let moved = |line: &[[f32; 2]], by: f32| line.iter().map(|[x, y]| [x + by, y - by / 2.0]).collect::<Vec<_>>();
    for number in 0..12 {
        for (line, label) in [(SEVEN, "7"), (&[[0.1, 0.5], [0.8, 0.5]], "-")] {
            let strokes = Ink { strokes: vec![moved(line, number as f32 / 60.0)] };
            let sample = StrokeSample { label: label.into(), writer: String::new(), strokes };
            drawings.save(&sample, 0.08, &format!("{number:02}")).unwrap();
        }
    }
    let wrong = Ink { strokes: vec![moved(&[[0.1, 0.5], [0.8, 0.5]], 0.11)] };
    let wrong = StrokeSample { label: "7".into(), writer: String::new(), strokes: wrong };
    let wrong = drawings.save(&wrong, 0.08, "wrong").unwrap();
    let blank =
        drawings.save_picture("7", &image::GrayImage::from_pixel(9, 9, image::Luma([255])).into(), "blank").unwrap();

    let mut h = open(place.path());
    h.get_by_label("Check").click();
    h.run();
    h.get_by_label("Look for doubtful drawings").click();
    h.step();
    while h.state().is_busy() {
        std::thread::sleep(std::time::Duration::from_millis(20)); // networks learn as long as the machine needs
        h.step();
    }
    h.get_by_label_contains("labelled 7, without ink");
    frame(&mut h, key_events(Key::Delete, Modifiers::NONE, false));
    wait(&mut h, "the disk", |window| !window.is_busy());
    assert!(!blank.exists());
    h.get_by_label_contains("labelled 7, read as -");
    frame(&mut h, key_events(Key::Enter, Modifiers::NONE, false));
    assert_eq!(h.state().notice(), "It stays 7. Ctrl+Z goes back to it.");
    frame(&mut h, key_events(Key::Z, Modifiers::COMMAND, false));
    type_key(&mut h, '-');
    wait(&mut h, "the disk", |window| !window.is_busy());
    assert!(!wrong.exists() && drawings.path_of("-", "wrong").exists());
    frame(&mut h, key_events(Key::Z, Modifiers::COMMAND, false));
    wait(&mut h, "the disk", |window| !window.is_busy());
    assert!(wrong.exists());
    h.get_by_label_contains("labelled 7, read as -");
    frame(&mut h, key_events(Key::Z, Modifiers::COMMAND, false));
    wait(&mut h, "the disk", |window| !window.is_busy());
    assert!(blank.exists());
    h.get_by_label_contains("labelled 7, without ink");
    draw(&mut h, &[ONE]);
    type_key(&mut h, '1');
    assert_eq!(h.state().collection().count("1"), 1, "a drawing on the paper is saved as ever");
}

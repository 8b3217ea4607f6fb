//! Lessons: kept or discarded, saved, and never lost or mixed up without a question.

use crate::place::{CIRCLE, ONE, Reader, draw, place, reader};
use egui::{Key, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::kittest::Queryable;
use nn_io::Model;
use std::fs;
use tempfile::TempDir;
use ui_test::{type_key, wait};

/// Waits until nothing goes on beside the window.
fn settled(h: &mut Reader) {
    wait(h, "the work beside the window", |window| !window.is_busy());
}

/// A window with six corrections.
fn corrected(place: &TempDir) -> Reader {
    let mut h = reader(place);
    for _ in 0..6 {
        draw(&mut h, CIRCLE);
        type_key(&mut h, '0');
    }
    settled(&mut h);
    h
}

/// Teaches, up to the question whether to keep what came of it.
fn teach(h: &mut Reader) {
    h.get_by_label("Teach").click();
    h.step();
    settled(h);
}

/// Teaches, and keeps what came of it.
fn taught(place: &TempDir) -> Reader {
    let mut h = corrected(place);
    teach(&mut h);
    h.get_by_label("Keep").click();
    h.run();
    settled(&mut h);
    h.get_by_label("model.mpk, taught");
    h
}

fn open_other(h: &mut Reader, place: &TempDir) {
    let ctx = h.ctx.clone();
    h.state_mut().open(place.path().join("other.mpk"), &ctx);
    wait(h, "the other model", |window| window.question().is_some() || window.classes().len() == 2);
}

/// Closes the window as its button does; returns whether the window lets that happen.
fn closes(h: &mut Reader) -> bool {
    h.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.push(ViewportEvent::Close);
    h.step();
    let stays = h.output().viewport_output[&ViewportId::ROOT].commands.contains(&ViewportCommand::CancelClose);
    h.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.clear();
    h.step();
    !stays
}

#[test]
fn a_lesson_is_shown_in_numbers_kept_saved_and_unlearnt() {
    let place = place();
    let mut h = corrected(&place);
    teach(&mut h);
    let numbers = |h: &Reader| h.query_by_label("Learnt. Your other drawings: 6 of 6 right, before 6.").is_some();
    assert!(numbers(&h));
    draw(&mut h, ONE);
    h.key_press(Key::Enter);
    h.run();
    h.key_press(Key::Escape);
    h.run();
    h.key_press(Key::Backspace);
    h.run();
    assert!(numbers(&h), "drawing on does not wipe the outcome");
    h.get_by_label("model.mpk");
    h.get_by_label("Keep").click();
    h.run();
    h.get_by_label("model.mpk, taught");
    h.get_by_label("Save").click();
    h.step();
    settled(&mut h);
    let path = place.path().join("runs/taught.mpk");
    assert!(h.state().notice().starts_with("Saved: "), "{}", h.state().notice());
    let saved = Model::load(&path).unwrap();
    assert!(saved.note.command.ends_with("# then taught with 6 drawings"), "{}", saved.note.command);

    fs::write(&path, "precious").unwrap();
    h.get_by_label("Save").click();
    h.step();
    settled(&mut h);
    assert!(h.state().question().is_some_and(|question| question.ends_with("is there already. Overwrite it?")));
    h.get_by_label("Cancel").click();
    h.run();
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    h.get_by_label("Save").click();
    h.step();
    settled(&mut h);
    h.key_press(Key::Enter);
    h.step();
    settled(&mut h);
    assert_eq!(Model::load(&path).unwrap().network.params(), saved.network.params());

    h.get_by_label("Unlearn").click();
    h.run();
    h.get_by_label("model.mpk");
    assert_eq!(h.state().notice(), "The model is as it was before.");
}

#[test]
fn a_lesson_is_discarded() {
    let place = place();
    let mut h = corrected(&place);
    teach(&mut h);
    h.get_by_label("Discard").click();
    h.run();
    h.get_by_label("model.mpk");
    assert!(h.state().notice().starts_with("Discarded"), "{}", h.state().notice());
    assert!(h.query_by_label("Save").is_none());
}

#[test]
fn a_model_is_taught_wherever_it_is() {
    let place = place();
    fs::remove_dir_all(place.path().join("memory")).unwrap(); // the data that it came from
    let mut h = corrected(&place);
    teach(&mut h);
    assert!(h.query_by_label("Keep").is_some(), "{}", h.state().notice());
}

#[test]
fn another_model_is_opened_only_when_the_lesson_may_be_lost() {
    let place = place();
    let mut h = corrected(&place);
    teach(&mut h);
    open_other(&mut h, &place);
    let asked = "You have not kept the lesson yet. Open other.mpk all the same?";
    assert_eq!(h.state().question(), Some(asked));
    h.get_by_label("Stay").click();
    h.run();
    h.get_by_label("Keep").click();
    h.run();
    open_other(&mut h, &place);
    assert!(h.state().question().is_some(), "the taught model is not saved");
    h.get_by_label("Open it").click();
    h.run();
    assert_eq!(h.state().classes(), ["x", "y"]);
    assert!(h.query_by_label("Keep").is_none() && h.query_by_label("Save").is_none());
}

#[test]
fn the_window_is_closed_only_when_nothing_would_be_lost() {
    let place = place();
    let mut h = taught(&place);
    assert!(!closes(&mut h));
    assert_eq!(h.state().question(), Some("The model has learnt something that is not saved. End?"));
    h.get_by_label("Stay").click();
    h.run();
    assert!(h.state().question().is_none());
    assert!(!closes(&mut h));
    h.get_by_label("End").click();
    h.step();
    assert!(closes(&mut h), "who said so ends");

    let mut h = taught(&place);
    h.get_by_label("Save").click();
    h.step();
    settled(&mut h);
    assert!(closes(&mut h), "a saved lesson is not lost");

    draw(&mut h, ONE);
    assert!(!closes(&mut h));
    assert_eq!(h.state().question(), Some("The drawing on the paper is not kept. End?"));
}

//! The page Train: a network is trained in the window, opens in it, and is saved.

use crate::place::{ONE, Reader, SEVEN, draw, place, reader};
use egui::{Key, Role};
use egui_kittest::kittest::Queryable;
use nn_io::Model;
use nn_train::AugmentLevel;
use ui_test::wait;

/// The page Train with a small network for the drawings of the place.
fn training(h: &mut Reader, epochs: u32) {
    h.get_by_label("Train").click();
    h.run();
    let form = h.state_mut().training_mut().form();
    form.add("memory".into());
    let plan = &mut form.plan;
    (plan.layers, plan.epochs, plan.augment) = ("dense:24, relu".into(), Some(epochs), Some(AugmentLevel::None));
    h.step();
    wait(h, "the data", |window| window.training().is_ready());
    h.get_by_role_and_label(Role::Button, "Start").click();
    h.step();
    h.step();
}

#[test]
fn a_network_that_was_trained_here_opens_reads_and_is_saved() {
    let place = place();
    let mut h = reader(&place);
    training(&mut h, 40);
    draw(&mut h, SEVEN);
    wait(&mut h, "the model", |window| window.notice().starts_with("The model that was trained is open"));
    assert!(h.state().title().starts_with("classify: trained for 40 epochs"), "{}", h.state().title());
    h.get_by_label("Read").click();
    h.step();
    wait(&mut h, "the answer", |window| window.title().contains(" 7"));
    h.key_press(Key::Backspace);
    h.step();
    draw(&mut h, ONE);
    wait(&mut h, "the answer", |window| window.title().contains(" 1"));
    h.get_by_label("Save").click();
    h.step();
    wait(&mut h, "the file", |window| window.notice().starts_with("Saved: "));
    let saved = Model::load(&place.path().join("runs/trained.mpk")).unwrap();
    assert_eq!((saved.classes, saved.note.epochs), (vec!["0".into(), "1".into(), "7".into()], 40));
    h.get_by_label("Unlearn").click();
    h.step();
    h.step(); // the name stands above the button
    h.get_by_label("model.mpk");
}

#[test]
fn closing_during_a_training_asks_and_leaves_a_checkpoint() {
    let place = place();
    let mut h = reader(&place);
    training(&mut h, 100_000);
    wait(&mut h, "some epochs", |window| window.training().news().progress.at > 2.0);
    h.key_press(Key::Escape);
    h.step();
    assert!(h.get_by_label("Read").rect().is_positive(), "Esc leads back to the page Read, and training goes on");
    h.key_press(Key::Escape);
    h.step();
    let question = h.state().question().unwrap().to_string();
    assert_eq!(question, "A training is going on; its epochs so far stay as runs/window.checkpoint. End?");
    h.key_press(Key::Escape);
    h.step();
    assert!(h.state().question().is_none());
    ui::shell::Screen::closed(h.state_mut());
    assert!(place.path().join("runs/window.checkpoint").exists());
}

#[test]
fn a_training_that_ends_while_another_page_is_shown_opens_its_model() {
    let place = place();
    let mut h = reader(&place);
    training(&mut h, 3000);
    h.get_by_label("Read").click();
    h.step();
    assert!(h.state().training().is_training());
    wait(&mut h, "the model", |window| window.notice().starts_with("The model that was trained is open"));
    assert!(!h.state().training().has_unopened());
}

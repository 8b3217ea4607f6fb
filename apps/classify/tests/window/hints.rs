//! Hints: the classes that answers may be are chosen by pointer and keyboard, and remembered.

use crate::keys::kept;
use crate::place::{Reader, SEVEN, draw, place, reader, reader_of, reader_remembering};
use crate::{answered, many_classes};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use tempfile::TempDir;
use ui_test::{type_key, wait};

/// Chooses by a click, and waits for the answer.
fn choose(h: &mut Reader, choice: &str) {
    h.get_by_role_and_label(Role::Button, choice).click();
    h.run();
    answered(h);
    h.run();
}

/// The class that the window reads, however little it trusts it.
fn read(h: &Reader) -> char {
    let title = h.state().title();
    let doubts = ["classify: ", "unsure, ", "no character, or "];
    let class = doubts.iter().fold(title.as_str(), |title, doubt| title.trim_start_matches(doubt)).chars().next();
    class.unwrap()
}

/// Types into the field for the user's own choice.
fn type_own(h: &mut Reader, text: &str) {
    h.get_by_role_and_label(Role::TextInput, "Allowed classes").focus();
    h.run();
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.get_by_role_and_label(Role::TextInput, "Allowed classes").type_text(text);
    h.run();
}

fn is_chosen(h: &Reader, choice: &str) -> bool {
    let node = h.get_by_role_and_label(Role::Button, choice);
    node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

#[test]
fn a_click_allows_some_classes_and_corrections_may_be_of_all() {
    let place = place();
    let mut h = reader_of(&place, many_classes());
    draw(&mut h, SEVEN);
    answered(&mut h);
    for (choice, first, last) in [("0-9", '0', '9'), ("A-Z", 'A', 'Z'), ("a-z", 'a', 'z')] {
        choose(&mut h, choice);
        assert!((first..=last).contains(&read(&h)), "{choice}: {}", h.state().title());
        let outside = if choice == "0-9" { "A: 0 %" } else { "0: 0 %" };
        h.get_by_role_and_label(Role::Button, outside);
    }
    assert!(is_chosen(&h, "a-z") && !is_chosen(&h, "all"));
    type_key(&mut h, 'Q');
    assert_eq!(kept(&place, &mut h), "Q");
    draw(&mut h, SEVEN);
    answered(&mut h);
    assert!(read(&h).is_ascii_lowercase(), "the next drawing obeys too");
    let picture = place.path().join("seven.png");
    nn_data::Ink { strokes: vec![SEVEN.to_vec()] }.rasterise(90, 0.08).save(&picture).unwrap();
    let ctx = h.ctx.clone();
    h.state_mut().open(picture, &ctx);
    wait(&mut h, "the picture", |window| window.notice().starts_with("seven.png is read"));
    answered(&mut h);
    assert!(read(&h).is_ascii_lowercase(), "and so does a picture: {}", h.state().title());
    choose(&mut h, "0-9");
    assert!(read(&h).is_ascii_digit());
}

#[test]
fn the_keyboard_chooses_too() {
    let place = place();
    let mut h = reader_of(&place, many_classes());
    draw(&mut h, SEVEN);
    answered(&mut h);
    let mut order = vec![];
    while order.last().is_none_or(|last| last != "0-9") && order.len() < 40 {
        h.key_press(Key::Tab);
        h.run();
        let named = |n: &egui_kittest::Node<'_>| n.accesskit_node().is_focused();
        let focused = h.get_all_by_role(Role::Button).find(named);
        order.push(focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default());
    }
    assert!(order.ends_with(&["all".into(), "0-9".into()]), "{order:?}");
    h.key_press(Key::Space);
    h.run();
    answered(&mut h);
    assert!(is_chosen(&h, "0-9") && read(&h).is_ascii_digit());
}

#[test]
fn only_choices_that_the_model_allows_are_offered() {
    let place = place();
    let mut h = reader_of(&place, classify::model(None).unwrap());
    assert!(h.query_by_label("0-9").is_none(), "these are all its classes");
    assert!(h.query_by_label("A-Z").is_none() && h.query_by_label("all").is_some());
    h.get_by_label("my own").click();
    h.run();
    draw(&mut h, SEVEN);
    type_own(&mut h, "1-3");
    answered(&mut h);
    assert!(('1'..='3').contains(&read(&h)), "{}", h.state().title());
    type_own(&mut h, "1A");
    answered(&mut h);
    let news = "All classes are allowed: the model has no class \"A\"; its classes are 0 1 2 3 4 5 6 7 8 9.";
    assert_eq!(h.state().notice(), news);
    assert_eq!(read(&h), '7');
    h.key_press(Key::Escape);
    h.run();
    choose(&mut h, "all");
    assert_eq!((h.state().notice(), read(&h)), ("", '7'));
}

/// Ends a window, and opens another.
fn again(h: Reader, place: &TempDir) -> Reader {
    drop(h);
    reader_remembering(place, many_classes())
}

#[test]
fn the_choice_and_the_theme_are_remembered() {
    let place = place();
    let mut h = reader_remembering(&place, many_classes());
    choose_without_drawing(&mut h, "my own");
    type_own(&mut h, "xyz");
    h.key_press(Key::Escape);
    h.run();
    h.get_by_label("Theme: system").click();
    h.run();
    h.get_by_label("Theme: light").click();
    h.run();
    let mut h = again(h, &place);
    h.get_by_label("Theme: dark");
    draw(&mut h, SEVEN);
    answered(&mut h);
    assert!(is_chosen(&h, "my own") && ('x'..='z').contains(&read(&h)), "{}", h.state().title());
    choose(&mut h, "A-Z");
    let mut h = again(h, &place);
    assert!(is_chosen(&h, "A-Z"));
    let ctx = h.ctx.clone();
    h.state_mut().open(place.path().join("other.mpk"), &ctx);
    wait(&mut h, "the model", |window| window.classes().len() == 2);
    assert!(is_chosen(&h, "all"), "a model without capitals answers as it can");
    let h = again(h, &place);
    assert!(is_chosen(&h, "A-Z"), "and the choice is kept for one that has them");
}

fn choose_without_drawing(h: &mut Reader, choice: &str) {
    h.get_by_role_and_label(Role::Button, choice).click();
    h.run();
}

#[test]
fn layers_have_the_colours_of_the_theme() {
    let place = place();
    let mut h = reader(&place);
    draw(&mut h, SEVEN);
    answered(&mut h);
    for _ in 0..2 {
        h.get_by_label_contains("Theme: ").click();
        h.run();
    }
    h.get_by_label("Theme: dark");
    h.remove_cursor();
    h.run();
    h.snapshot("classify-dark");
}

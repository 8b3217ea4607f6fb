//! Why, and another model beside the open one, by pointer and keyboard.

use crate::answered;
use crate::place::{ONE, Reader, SEVEN, draw, place, reader, reader_of};
use egui::{Key, Role, vec2};
use egui_kittest::kittest::Queryable;
use nn_io::Model;
use std::path::Path;
use ui_test::{assert_laid_out, wait};

/// A window whose model names the data that it learnt.
fn learnt_from(place: &Path, data: &[&str]) -> Model {
    let mut model = Model::load(&place.join("model.mpk")).unwrap();
    model.note.data = data.iter().map(ToString::to_string).collect();
    model
}

/// Steps until a widget says this.
fn until(h: &mut Reader, words: &str) {
    for _ in 0..5000 {
        if h.query_all_by_label_contains(words).next().is_some() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
        h.step();
    }
    panic!("waited in vain for: {words}");
}

/// Chooses a tab by a click.
fn tab(h: &mut Reader, name: &str) {
    h.get_by_role_and_label(Role::Button, name).click();
    h.run();
}

/// Presses a button by the keyboard.
fn press(h: &mut Reader, button: &str) {
    h.get_by_role_and_label(Role::Button, button).focus();
    h.step();
    h.key_press(Key::Space);
    h.run();
}

fn snapshot(h: &mut Reader, name: &str) {
    h.remove_cursor();
    h.run();
    h.snapshot(name);
}

fn type_path(h: &mut Reader, path: &str) {
    h.get_by_role_and_label(Role::TextInput, "Other model").focus();
    h.step();
    h.get_by_role_and_label(Role::TextInput, "Other model").type_text(path);
    h.step();
    h.key_press(Key::Enter);
    h.step();
    wait(h, "the other model", |window| !window.is_busy());
}

#[test]
fn ink_and_training_pictures_say_why() {
    let place = place();
    let mut h = reader_of(&place, learnt_from(place.path(), &["memory", "gone.csv"]));
    tab(&mut h, "Why?");
    h.get_by_label_contains("Draw something");
    draw(&mut h, SEVEN);
    until(&mut h, "Looked at 36 of 36 pictures in memory; not there: gone.csv.");
    until(&mut h, "7, 9");
    let sevens = h.get_all_by_role_and_label(Role::Image, "Training picture of 7").count();
    assert_eq!(sevens, 5, "all five are sevens");
    h.get_by_role_and_label(Role::Image, "Ink that speaks for 7");
    let rather = h.get_by_label_contains("for 7 rather than ");
    rather.focus();
    h.step();
    h.key_press(Key::Space);
    h.run();
    h.get_by_label_contains("Ink that speaks for 7 rather than ");
    snapshot(&mut h, "classify-why");
    h.key_press(Key::Backspace);
    h.step();
    draw(&mut h, ONE);
    until(&mut h, "Training picture of 1");
    tab(&mut h, "What it sees");
    h.get_by_role_and_label(Role::Image, "What the network sees");
}

#[test]
fn data_that_is_not_there_is_named() {
    let place = place();
    for (data, said) in [
        (&["gone.csv", "far/away"][..], "The pictures that this model learnt from are not there: far/away, gone.csv."),
        (&[], "This model does not say which pictures it learnt from."),
        (&["other.mpk"], "other.mpk"),
    ] {
        let mut h = reader_of(&place, learnt_from(place.path(), data));
        draw(&mut h, SEVEN);
        tab(&mut h, "Why?");
        until(&mut h, said);
        until(&mut h, "Ink that speaks for 7");
    }
}

#[test]
fn another_model_reads_the_same_drawing() {
    let place = place();
    let mut h = reader(&place);
    tab(&mut h, "Compare");
    type_path(&mut h, "nothing.mpk");
    assert!(h.state().notice().ends_with("Nothing is compared."), "{}", h.state().notice());
    h.get_by_role_and_label(Role::TextInput, "Other model").focus();
    h.step();
    h.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    type_path(&mut h, "other.mpk");
    assert_eq!(h.state().notice(), "other.mpk reads 2 classes, beside model.mpk.");
    h.get_by_label_contains("both models read it");
    draw(&mut h, SEVEN);
    until(&mut h, "They differ: 7 (");
    snapshot(&mut h, "classify-compare"); // of models that stay as they are
    for class in ["0", "1", "7", "x", "y"] {
        let bars = h.get_all_by_role(Role::ProgressIndicator).filter(|bar| {
            let label = egui_kittest::kittest::NodeT::accesskit_node(bar).label();
            label.is_some_and(|label| label.starts_with(&format!("{class}: ")))
        });
        assert_eq!(bars.count(), 2, "{class}");
    }
    h.key_press(Key::Backspace);
    h.step();
    until(&mut h, "both models read it");
    press(&mut h, "Close the comparison");
    std::fs::create_dir(place.path().join("digits")).unwrap(); // a folder of that name is in nobody's way
    press(&mut h, "digits");
    wait(&mut h, "the built-in model", |window| !window.is_busy());
    draw(&mut h, SEVEN);
    until(&mut h, "Both read 7 (");
    tab(&mut h, "Close the comparison");
    h.get_by_role_and_label(Role::TextInput, "Other model");
}

#[test]
fn reasons_and_comparison_find_their_place_at_any_size() {
    let place = place();
    for (size, scale) in [(vec2(640.0, 480.0), 1.0), (vec2(1104.0, 744.0), 1.0), (vec2(960.0, 600.0), 2.0)] {
        let mut h = reader_of(&place, learnt_from(place.path(), &["memory"]));
        h.set_pixels_per_point(scale);
        h.run();
        h.set_size(size);
        h.run();
        draw(&mut h, SEVEN);
        answered(&mut h);
        tab(&mut h, "Why?");
        until(&mut h, "Training picture of 7");
        h.run();
        let scrolls = ["Training picture", "7, ", "Alike by", "How much", "speaks", "Ink that"];
        assert_laid_out(&h, &scrolls, &format!("why, {size:?} at {scale}"));
        tab(&mut h, "Compare");
        press(&mut h, "digits");
        until(&mut h, "Close the comparison");
        answered(&mut h);
        h.run();
        let bars = ["Both", "They", "Kept", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        assert_laid_out(&h, &bars, &format!("the comparison, {size:?} at {scale}"));
    }
}

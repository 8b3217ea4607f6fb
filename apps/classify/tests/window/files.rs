//! Models and pictures are opened by path and by dropping; everything else is refused.

use crate::answered;
use crate::keys::kept;
use crate::place::{ONE, Reader, SEVEN, draw, place, reader};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use std::fs;
use ui::pad::NAME;
use ui_test::{type_key, wait};

/// Types a path into the field and presses Enter.
fn type_path(h: &mut Reader, text: &str) {
    h.get_by_role_and_label(Role::TextInput, "File").focus();
    h.run();
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.get_by_role_and_label(Role::TextInput, "File").type_text(text);
    h.step();
    h.key_press(Key::Enter);
    h.step();
}

/// Opens a file by its path.
fn open(h: &mut Reader, text: &str) {
    type_path(h, text);
    h.step();
    wait(h, "the file", |window| !window.is_busy());
}

/// Writes a picture of a seven.
fn seven(path: &std::path::Path) {
    nn_data::Ink { strokes: vec![SEVEN.to_vec()] }.rasterise(90, 0.08).save(path).unwrap();
}

#[test]
fn models_and_pictures_are_opened_and_wrong_files_change_nothing() {
    let place = place();
    let mut h = reader(&place);
    let path = |name: &str| place.path().join(name);
    let open = |h: &mut Reader, name: &str| open(h, &path(name).display().to_string());
    fs::write(path("notes.txt"), "no model").unwrap();
    fs::write(path("half.mpk"), &fs::read(path("model.mpk")).unwrap()[..500]).unwrap();
    fs::write(path("bad.png"), "no picture").unwrap();
    for (name, problem) in [
        ("notes.txt", "notes.txt"),
        ("half.mpk", "half.mpk"),
        ("bad.png", "PNG"),
        ("nothing.mpk", "nothing.mpk"),
        (".", "folder"),
    ] {
        open(&mut h, name);
        let notice = h.state().notice();
        assert!(notice.contains(problem) && notice.ends_with("All stays as it was."), "{name}: {notice}");
        assert_eq!(h.state().classes(), ["0", "1", "7"]);
    }
    let seven = nn_data::Ink { strokes: vec![SEVEN.to_vec()] }.rasterise(90, 0.08);
    seven.save(path("seven.png")).unwrap();
    open(&mut h, "seven.png");
    answered(&mut h);
    assert!(h.state().title().starts_with("classify: 7 ("), "{}", h.state().title());
    h.get_by_label("Picture seven.png");
    h.get_by_label("Back to the paper").click();
    h.run();
    h.get_by_label(NAME);
    draw(&mut h, SEVEN);
    open(&mut h, "other.mpk");
    assert_eq!((h.state().classes().join(" "), h.state().notice()), ("x y".into(), "other.mpk reads 2 classes."));
    answered(&mut h);
    assert!(h.state().title().contains(['x', 'y']), "the drawing is read again: {}", h.state().title());
}

#[test]
fn a_file_that_is_dropped_is_opened() {
    #[derive(Debug)]
    struct File(std::path::PathBuf);
    impl egui::DroppedFile for File {
        fn path(&self) -> &std::path::Path {
            &self.0
        }
        fn bytes(&self) -> Result<Vec<u8>, String> {
            fs::read(&self.0).map_err(|error| error.to_string())
        }
    }
    let place = place();
    let mut h = reader(&place);
    h.input_mut().dropped_files.push(std::sync::Arc::new(File(place.path().join("other.mpk"))));
    h.step();
    wait(&mut h, "the model", |window| window.classes().len() == 2);
}

#[test]
fn paths_are_understood_as_file_managers_copy_them() {
    let place = place();
    let mut h = reader(&place);
    seven(&place.path().join("my seven.png"));
    let folder = place.path().display();
    for text in [
        format!("file://{folder}/my%20seven.png"),
        format!("{folder}/my%20seven.png"),
        format!("'{folder}/my seven.png'"),
    ] {
        open(&mut h, &text);
        h.get_by_label("Picture my seven.png");
        h.key_press(Key::Escape);
        h.run();
        h.get_by_label(NAME);
    }
}

#[test]
fn a_pipe_is_refused_and_a_long_reading_is_shown_and_stopped() {
    let place = place();
    let mut h = reader(&place);
    let pipe = place.path().join("pipe");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        open(&mut h, &pipe.display().to_string());
        assert!(h.state().notice().contains("is not a regular file"), "{}", h.state().notice());
    }
    image::GrayImage::new(8000, 8000).save(place.path().join("large.png")).unwrap();
    type_path(&mut h, &place.path().join("large.png").display().to_string());
    h.step();
    h.get_by_label("Opening large.png…");
    h.get_by_label("Stop").click();
    h.step();
    h.step();
    assert!(
        !h.state().is_busy() && h.state().notice().starts_with("large.png is not opened."),
        "{}",
        h.state().notice()
    );
    h.get_by_label(NAME);
}

/// The pictures of the corrections.
fn pictures(place: &tempfile::TempDir) -> Vec<std::path::PathBuf> {
    let classes = nn_data::Drawings::new(place.path().join("drawings")).classes().unwrap();
    classes.into_iter().flat_map(|class| class.pictures).collect()
}

#[test]
fn a_picture_is_corrected_like_a_drawing() {
    let place = place();
    let mut h = reader(&place);
    let file = place.path().join("seven.png");
    seven(&file);
    draw(&mut h, ONE);
    let show = |h: &mut Reader| {
        open(h, &file.display().to_string());
        answered(h);
    };
    show(&mut h);
    type_key(&mut h, '1');
    assert_eq!(h.state().notice(), "Kept as 1. Ctrl+Z takes it back; Teach makes the model learn it.");
    assert_eq!((kept(&place, &mut h), h.state().pad.ink().strokes.len()), ("1".into(), 1), "the paper is as it was");
    assert_eq!(nn_data::read_picture(&pictures(&place)[0]).unwrap(), nn_data::read_picture(&file).unwrap());
    h.get_by_label("1 drawing kept");
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run();
    assert_eq!(h.state().notice(), "Taken back. The picture is open again.");
    h.get_by_label("Picture seven.png");
    assert_eq!(kept(&place, &mut h), "");
    answered(&mut h);
    assert!(h.state().title().starts_with("classify: 7 ("), "{}", h.state().title());

    let is_zero = |node: &egui_kittest::Node<'_>| node.accesskit_node().label().is_some_and(|l| l.starts_with("0: "));
    h.get_all_by_role(Role::Button).find(is_zero).unwrap().click();
    h.run();
    show(&mut h);
    h.key_press(Key::Enter);
    h.run();
    let question = h.state().question().unwrap_or_default();
    assert!(question.starts_with("Keep the picture as 0?"), "the correction counts at once: {question}");
    type_key(&mut h, '7');
    assert_eq!(kept(&place, &mut h), "07");
    h.get_by_label("Teach").click();
    h.step();
    wait(&mut h, "the lesson", |window| !window.is_busy());
    assert!(h.query_by_label("Keep").is_some(), "pictures are taught too: {}", h.state().notice());
}

//! The window at its smallest, large, and on dense screens: nothing is cut off, and space is used.

use crate::place::{Reader, SEVEN, draw, place, reader_of};
use crate::{answered, many_classes};
use egui::{Key, Rect, Role, Vec2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use ui::pad::NAME;
use ui_test::{assert_laid_out, type_key, wait};

/// Where the classes stand, with what is shown of them.
fn classes(h: &Reader) -> Vec<Rect> {
    let is_class = |label: &str| label.ends_with(" %");
    h.get_all_by_role(Role::Button)
        .filter(|node| node.accesskit_node().label().is_some_and(|label| is_class(&label)))
        .map(|node| node.rect())
        .collect()
}

/// Draws in a window of this size and asserts that all classes can be seen and clicked; returns the paper's side.
fn shows_all(model: nn_io::Model, size: Vec2, scale: f32, count: usize) -> f32 {
    let place = place();
    let mut h = reader_of(&place, model);
    h.set_pixels_per_point(scale);
    h.run();
    h.set_size(size);
    h.run();
    draw(&mut h, SEVEN);
    answered(&mut h);
    h.run();
    let shown = classes(&h);
    let bars = if count > 12 { shown.len() - count } else { 0 };
    assert!(shown.len() >= count && bars <= 5, "at {size:?}");
    for rect in &shown {
        assert!(Rect::from_min_size(egui::Pos2::ZERO, size).contains_rect(*rect), "{rect:?} is cut off at {size:?}");
    }
    for (i, a) in shown.iter().enumerate() {
        assert!(
            shown[..i].iter().all(|b| !a.shrink(0.5).intersects(b.shrink(0.5))),
            "{a:?} is overprinted at {size:?}"
        );
    }
    let bottom = h.get_by_label("Teach").rect().top() - 30.0;
    assert!(shown.iter().all(|rect| rect.bottom() < bottom && rect.height() >= 15.0), "{shown:?} at {size:?}");
    for button in ["Open", "Browse…", "Undo", "Clear", "Teach"] {
        let rect = h.get_by_label(button).rect();
        assert!(Rect::from_min_size(egui::Pos2::ZERO, size).contains_rect(rect), "{button} is cut off at {size:?}");
    }
    let side = h.get_by_label(NAME).rect().width();
    println!("{size:?}: the paper is {side} wide, the first class {:?}, the last {:?}", shown[0], shown[count - 1]);
    side
}

#[test]
fn all_classes_are_reachable_at_any_size() {
    let digits = || classify::model(None).unwrap();
    assert!(shows_all(digits(), vec2(640.0, 480.0), 1.0, 10) >= 200.0);
    assert!(shows_all(digits(), vec2(960.0, 600.0), 2.0, 10) >= 290.0);
    assert!(shows_all(digits(), vec2(1920.0, 1200.0), 1.0, 10) >= 900.0, "a large window has a large paper");
    for (size, scale) in [(vec2(640.0, 480.0), 1.0), (vec2(960.0, 600.0), 2.0), (vec2(1920.0, 1200.0), 1.0)] {
        shows_all(many_classes(), size, scale, 62);
    }
}

#[test]
fn nothing_is_cut_off_or_overprinted() {
    for (width, height, scale) in [
        (640.0, 480.0, 1.0),
        (960.0, 600.0, 1.0),
        (1920.0, 1200.0, 1.0),
        (3840.0, 2160.0, 1.0),
        (960.0, 720.0, 1.5),
        (1920.0, 1200.0, 2.0),
        (3840.0, 2160.0, 2.0),
    ] {
        for model in [classify::model(None).unwrap(), many_classes()] {
            let place = place();
            let mut h = reader_of(&place, model);
            let size = vec2(width, height) / scale;
            h.set_pixels_per_point(scale);
            h.run();
            h.set_size(size);
            h.run();
            let when = format!("{width}x{height} at {scale}, {} classes", h.state().classes().len());
            assert_laid_out(&h, &LAYERS, &when);
            draw(&mut h, SEVEN);
            answered(&mut h);
            h.run();
            assert_laid_out(&h, &LAYERS, &when);
            type_key(&mut h, '1');
            draw(&mut h, SEVEN);
            answered(&mut h);
            wait(&mut h, "the count", |window| !window.is_busy());
            assert_laid_out(&h, &LAYERS, &when);
            let ctx = h.ctx.clone();
            h.state_mut().open(format!("{}/nothing.mpk", "a long name ".repeat(4)).into(), &ctx);
            wait(&mut h, "the error", |window| !window.is_busy());
            assert!(h.state().notice().ends_with("All stays as it was."));
            h.run();
            assert_laid_out(&h, &LAYERS, &when); // a long notice goes on in the next line
            h.key_press(Key::Escape);
            h.run();
            assert!(h.state().question().is_some());
            assert_laid_out(&h, &LAYERS, &when);
            h.get_by_label("my own").click();
            h.run();
            h.get_by_role_and_label(Role::TextInput, "Allowed classes");
            assert_laid_out(&h, &LAYERS, &when);
        }
    }
}

/// The pictures of layers, and their captions: they scroll.
const LAYERS: [&str; 5] = ["What its layers", "Convolution", "Dense layer", "What the network sees", "Here its layers"];

#[test]
fn a_narrow_window_shows_the_layers_in_place_of_the_answer() {
    let place = place();
    let mut h = reader_of(&place, classify::model(None).unwrap());
    h.set_size(vec2(640.0, 480.0));
    h.run();
    draw(&mut h, SEVEN);
    answered(&mut h);
    assert!(h.query_by_role_and_label(Role::Image, "What the network sees").is_none());
    h.get_by_label("What it sees").click();
    h.run();
    h.get_by_role_and_label(Role::Image, "What the network sees");
    assert!(classes(&h).is_empty());
}

#[test]
fn the_paper_keeps_its_size_when_an_answer_or_news_come() {
    for size in [vec2(640.0, 480.0), vec2(1104.0, 744.0)] {
        let place = place();
        let mut h = reader_of(&place, classify::model(None).unwrap());
        h.set_size(size);
        h.run();
        let before = h.get_by_label(NAME).rect();
        draw(&mut h, SEVEN);
        answered(&mut h);
        h.run();
        assert_eq!(h.get_by_label(NAME).rect(), before, "an answer at {size:?}");
        h.key_press(Key::Backspace);
        h.run();
        assert!(h.state().notice().starts_with("The paper is fresh."));
        assert_eq!(h.get_by_label(NAME).rect(), before, "news at {size:?}");
    }
}

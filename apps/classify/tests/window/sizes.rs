//! The window at its smallest, large, and on dense screens: nothing is cut off, and space is used.

use crate::place::{Reader, SEVEN, draw, place, reader_of};
use crate::{answered, many_classes};
use egui::{Rect, Role, Vec2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use ui::pad::NAME;

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
    assert!(shows_all(digits(), vec2(860.0, 560.0), 1.0, 10) >= 230.0);
    assert!(shows_all(digits(), vec2(960.0, 600.0), 2.0, 10) >= 290.0);
    assert!(shows_all(digits(), vec2(1920.0, 1200.0), 1.0, 10) >= 900.0, "a large window has a large paper");
    for (size, scale) in [(vec2(860.0, 560.0), 1.0), (vec2(960.0, 600.0), 2.0), (vec2(1920.0, 1200.0), 1.0)] {
        shows_all(many_classes(), size, scale, 62);
    }
}

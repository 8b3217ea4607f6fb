//! A pointer that draws, and keys as a keyboard sends them.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect};
use egui_kittest::Harness;

/// Draws a line through points that are parts of `pad` (0..1), all movements within one frame, as a fast hand does.
pub fn stroke<S>(harness: &mut Harness<'_, S>, pad: Rect, points: &[[f32; 2]], button: PointerButton) {
    let place = |p: &[f32; 2]| pad.min + pad.size() * egui::vec2(p[0], p[1]);
    let press = |pos: Pos2, pressed| Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    harness.event(Event::PointerMoved(place(first)));
    harness.step();
    harness.input_mut().events.push(press(place(first), true));
    let moves = points.iter().skip(1).map(|p| Event::PointerMoved(place(p)));
    harness.input_mut().events.extend(moves);
    harness.step();
    harness.event(press(place(last), false));
    harness.step();
}

/// Draws several strokes with the primary button.
pub fn strokes<S>(harness: &mut Harness<'_, S>, pad: Rect, strokes: &[Vec<[f32; 2]>]) {
    for points in strokes {
        stroke(harness, pad, points, PointerButton::Primary);
    }
}

/// Presses the key of a character: the key and the text that it writes, as a window system sends them.
pub fn type_key<S>(harness: &mut Harness<'_, S>, character: char) {
    let modifiers = if character.is_uppercase() { Modifiers::SHIFT } else { Modifiers::NONE };
    if let Some(key) = Key::from_name(&character.to_uppercase().to_string()) {
        harness.key_down_modifiers(modifiers, key);
    }
    harness.event(Event::Text(character.to_string()));
    harness.step();
    if let Some(key) = Key::from_name(&character.to_uppercase().to_string()) {
        harness.key_up_modifiers(modifiers, key);
    }
    harness.step();
}

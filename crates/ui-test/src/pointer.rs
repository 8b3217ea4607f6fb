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

/// The events of a stroke with the primary button through points that are parts of `pad` (0..1).
pub fn stroke_events(pad: Rect, points: &[[f32; 2]]) -> Vec<Event> {
    let places: Vec<Pos2> = points.iter().map(|p| pad.min + pad.size() * egui::vec2(p[0], p[1])).collect();
    let button = |pos: Pos2, pressed| {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        Event::PointerButton { pos, button, pressed, modifiers }
    };
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return vec![] };
    let moves = places.iter().map(|pos| Event::PointerMoved(*pos));
    std::iter::once(button(*first, true)).chain(moves).chain([button(*last, false)]).collect()
}

/// The events of a key: pressed, and released where it is not held down.
pub fn key_events(key: Key, modifiers: Modifiers, repeat: bool) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat, modifiers };
    if repeat { vec![event(true)] } else { vec![event(true), event(false)] }
}

/// Shows one frame that holds all these events, as a slow computer does.
pub fn frame<S>(harness: &mut Harness<'_, S>, events: impl IntoIterator<Item = Event>) {
    harness.input_mut().events.extend(events);
    harness.step();
}

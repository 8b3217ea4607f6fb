//! The events of a frame, in the order in which they came: a slow frame may hold several strokes and several keys, and
//! each key belongs to the stroke before it.

use super::DrawPad;
use crate::keys::Press;
use egui::{Event, Key, LayerId, PointerButton, Rect, Ui};

impl DrawPad {
    /// Takes in the events since the last frame. Call it before anything is shown, and then [`DrawPad::next_press`] until
    /// it returns none.
    pub fn begin_frame(&mut self, ui: &Ui) {
        let events = &mut self.events;
        events.queue = ui.input(|input| input.events.iter().cloned().collect());
        events.place = events.shown.take();
        events.is_typing = ui.ctx().text_edit_focused();
        events.is_paused = false;
        events.has_layout = false;
        if !events.is_typing {
            let is_enter = |event: &Event| matches!(event, Event::Key { key: Key::Enter, .. });
            ui.input_mut(|input| input.events.retain(|event| !is_enter(event))); // a focused button is for the space bar
        }
    }

    /// Goes on with the events after a press on something else than the pad. Call it after everything is shown, and then
    /// [`DrawPad::next_press`] once more until it returns none.
    pub fn end_frame(&mut self, ui: &Ui) {
        self.events.has_layout = true;
        self.events.is_typing |= std::mem::take(&mut self.events.is_paused) && ui.ctx().text_edit_focused();
    }

    /// Draws until the next key press and returns it. While a text field has the focus, keys are its own.
    pub fn next_press(&mut self, ui: &Ui) -> Option<Press> {
        loop {
            if !self.is_busy()
                && let Some(press) = self.events.waiting.pop_front()
            {
                return Some(press);
            }
            if self.events.is_paused {
                return None;
            }
            let Some(event) = self.events.queue.pop_front() else {
                return self.let_go(ui);
            };
            if let Event::Key { pressed, repeat, .. } = event {
                self.events.is_held = pressed && repeat; // so is the text that follows
            }
            match Press::of(&event) {
                Some(_) if self.events.is_typing || self.events.is_held => {}
                Some(press) => self.events.waiting.push_back(press),
                None => self.pointer(&event, ui),
            }
        }
    }

    /// Ends a stroke whose button was released where the window did not see it.
    fn let_go(&mut self, ui: &Ui) -> Option<Press> {
        if self.is_busy() && !ui.input(|input| input.pointer.any_down()) {
            let mut steps = vec![];
            self.gesture.end(&mut steps);
            steps.into_iter().for_each(|step| self.step(step));
            return self.events.waiting.pop_front();
        }
        None
    }

    /// Draws what one event of the pointer draws.
    fn pointer(&mut self, event: &Event, ui: &Ui) {
        let (rect, layer) = self.events.place.unwrap_or((Rect::NOTHING, LayerId::background()));
        let begins = |pos| rect.contains(pos) && ui.ctx().layer_id_at(pos) == Some(layer);
        let was_busy = self.is_busy();
        let steps = self.gesture.steps(event, rect, self.erasing, begins);
        if !steps.is_empty() {
            ui.memory_mut(|memory| memory.focused().map(|field| memory.surrender_focus(field))); // keys are for the pad
            self.events.is_typing = false;
        }
        steps.into_iter().for_each(|step| self.step(step));
        let is_press = matches!(event, Event::PointerButton { button: PointerButton::Primary, .. });
        self.events.is_paused = is_press && !was_busy && !self.is_busy() && !self.events.has_layout;
    }
}

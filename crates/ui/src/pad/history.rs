//! Earlier drawings: undo and redo.

use nn_data::Ink;

/// The most steps that can be taken back.
const DEPTH: usize = 200;

/// Drawings before and after the present one.
#[derive(Default)]
pub struct History {
    past: Vec<Ink>,
    future: Vec<Ink>,
}

impl History {
    /// Remembers a drawing that is about to change.
    pub fn remember(&mut self, ink: &Ink) {
        self.past.push(ink.clone());
        self.future.clear();
        if self.past.len() > DEPTH {
            self.past.remove(0);
        }
    }

    /// Forgets what was remembered last, where nothing has changed after all.
    pub fn forget_if_same(&mut self, ink: &Ink) {
        self.past.pop_if(|before| before == ink);
    }

    /// Returns whether undo has a drawing to go back to.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Returns the number of drawings that undo can go back to.
    pub fn depth(&self) -> usize {
        self.past.len()
    }

    /// Returns whether redo has a drawing to go forward to.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Puts the drawing before in place of the present one.
    pub fn undo(&mut self, ink: &mut Ink) {
        if let Some(before) = self.past.pop() {
            self.future.push(std::mem::replace(ink, before));
        }
    }

    /// Puts the drawing that was taken back last in place of the present one.
    pub fn redo(&mut self, ink: &mut Ink) {
        if let Some(after) = self.future.pop() {
            self.past.push(std::mem::replace(ink, after));
        }
    }
}

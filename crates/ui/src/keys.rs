//! Keys that a window acts on.

use egui::{Event, Key, Modifiers};

/// A key press that means something to a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// Enter: keep the drawing, or yes.
    Enter,
    /// Esc: back, or no.
    Escape,
    /// Delete or Backspace: wipe.
    Wipe,
    /// Ctrl+Z.
    Undo,
    /// Ctrl+Shift+Z or Ctrl+Y.
    Redo,
    /// A character: the label of what was drawn.
    Label(String),
}

impl Press {
    /// Returns the press that an event stands for. A key that is held down counts once.
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Text(text) if !text.trim().is_empty() => Some(Self::Label(text.clone())),
            Event::Key { key, pressed: true, repeat: false, modifiers, .. } => Self::of_key(*key, *modifiers),
            _ => None,
        }
    }

    fn of_key(key: Key, modifiers: Modifiers) -> Option<Self> {
        match key {
            Key::Enter if modifiers.is_none() => Some(Self::Enter),
            Key::Escape if modifiers.is_none() => Some(Self::Escape),
            Key::Delete | Key::Backspace if modifiers.is_none() => Some(Self::Wipe),
            Key::Z if modifiers.command && modifiers.shift => Some(Self::Redo),
            Key::Z if modifiers.command => Some(Self::Undo),
            Key::Y if modifiers.command => Some(Self::Redo),
            _ => None,
        }
    }
}

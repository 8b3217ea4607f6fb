//! The events that a pad has not looked at yet.

use crate::keys::Press;
use egui::{Event, LayerId, Rect};
use std::collections::VecDeque;

/// Events that have not been looked at, and what they meet.
#[derive(Default)]
pub struct Events {
    /// The events of this frame.
    pub queue: VecDeque<Event>,
    /// Keys that were pressed during a stroke. They wait for its end.
    pub waiting: VecDeque<Press>,
    /// The place where the user saw the pad when the events came; none where it was not shown.
    pub place: Option<(Rect, LayerId)>,
    /// The place of the pad in this frame.
    pub shown: Option<(Rect, LayerId)>,
    /// Whether the queue waits for the layout: a button or a field was pressed, and later keys may belong to it.
    pub is_paused: bool,
    /// Whether everything has been shown in this frame.
    pub has_layout: bool,
    /// Whether a text field has the focus and so the keys.
    pub is_typing: bool,
    /// Whether the last key is held down and repeats.
    pub is_held: bool,
}

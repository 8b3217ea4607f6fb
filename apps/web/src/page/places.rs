//! The places of what can be pressed, by name: the page is one picture for the browser, so tests find them here.

use egui::{Rect, Response};
use serde::Serialize;
use std::collections::BTreeMap;

/// The place of each part in this frame, in points: left, top, width, height.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Places(BTreeMap<String, [f32; 4]>);

impl Places {
    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes where a part stands; returns it as it is.
    pub fn note(&mut self, name: &str, response: Response) -> Response {
        let Rect { min, .. } = response.rect;
        self.0.insert(name.into(), [min.x, min.y, response.rect.width(), response.rect.height()]);
        response
    }
}

//! The card beside the answer: what the network sees, why it answers so, or how another model answers.

pub mod compare;
mod layers;
pub mod why;

use super::Window;
use compare::Comparison;
use egui::{RichText, Ui, vec2};
use layers::LayerViews;
use why::Why;

/// The views of the card, and the names of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideView {
    /// The answer, in a narrow window; a wide one shows the layers beside it.
    #[default]
    Answer,
    /// The network's input and its layers.
    Layers,
    /// The reasons of the answer.
    Why,
    /// The answer of another model.
    Compare,
}

/// The state of the card.
#[derive(Default)]
pub struct Side {
    /// The view that is chosen.
    pub shown: SideView,
    pub layers: LayerViews,
    pub why: Why,
    pub compare: Comparison,
}

impl Window {
    /// The tabs; with `answer` the answer is one of them.
    pub(super) fn side_tabs(&mut self, ui: &mut Ui, answer: bool) {
        let before = self.side.shown;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(3.0, 3.0);
            ui.spacing_mut().button_padding = vec2(6.0, 2.0);
            let mut tab = |ui: &mut Ui, view, name: &str, hint: &str| {
                let is_shown = self.side.shown == view || (!answer && is_layers(self.side.shown) && is_layers(view));
                if ui.selectable_label(is_shown, RichText::new(name).size(13.0)).on_hover_text(hint).clicked() {
                    self.side.shown = view;
                }
            };
            if answer {
                tab(ui, SideView::Answer, "Answer", "What the drawing is");
            }
            tab(ui, SideView::Layers, "What it sees", "The network's input, and what its layers make of it");
            tab(ui, SideView::Why, "Why?", "Which ink speaks for the answer, and the training pictures most like it");
            tab(ui, SideView::Compare, "Compare", "Another model reads the same drawing");
        });
        if before != self.side.shown {
            let ctx = ui.ctx().clone();
            self.ask(&ctx); // reasons are found where they are shown
        }
    }

    /// The view that is chosen, below the tabs; with `answer` the answer is one of them.
    pub(super) fn side(&mut self, ui: &mut Ui, answer: bool) {
        self.side_tabs(ui, answer);
        match self.side.shown {
            SideView::Answer | SideView::Layers => self.layers(ui),
            SideView::Why => self.why(ui),
            SideView::Compare => self.compare(ui),
        }
    }
}

fn is_layers(view: SideView) -> bool {
    matches!(view, SideView::Answer | SideView::Layers)
}

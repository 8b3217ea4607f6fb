//! A question that the window asks before something would be lost: Enter says yes, Esc says no.

use super::Window;
use egui::{Context, ViewportCommand};
use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;

/// A question with two answers.
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The button that says yes, and the one that says no.
    pub answers: [&'static str; 2],
    /// What yes does.
    pub about: About,
}

/// What happens when the user says yes.
pub enum About {
    /// The window ends.
    End,
    /// The drawing is kept under this label.
    Keep(String),
    /// This model is opened, with its name.
    Open(Arc<Model>, String),
    /// The model is saved in place of this file.
    Overwrite(PathBuf),
}

impl Window {
    /// Asks whether to end, where something would be lost; returns the answer that is known at once.
    pub(super) fn may_end(&mut self, counts_ink: bool) -> bool {
        let ink = (counts_ink && !self.pad.is_empty()).then_some("The drawing on the paper is not kept.");
        let Some(loss) = self.unsaved().or(ink) else { return true };
        self.question = Some(Question { text: format!("{loss} End?"), answers: ["End", "Stay"], about: About::End });
        false
    }

    /// Does what follows from the answer to the question.
    pub(super) fn answer_question(&mut self, yes: bool, ctx: &Context) {
        let Some(question) = self.question.take().filter(|_| yes) else { return };
        match question.about {
            About::End => {
                self.ends = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            About::Keep(label) => self.correct(&label, ctx),
            About::Open(model, name) => self.open_model(model, name, ctx),
            About::Overwrite(path) => self.write_model(path, true, ctx),
        }
    }
}

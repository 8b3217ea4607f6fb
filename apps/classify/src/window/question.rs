//! A question that the window asks before something would be lost: Enter says yes, Esc says no.

use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;

/// A question with two answers.
pub struct Question {
    /// The question itself.
    pub text: String,
    /// The button that says yes, and the one that says no.
    pub answers: [&'static str; 2],
    /// The deed that yes leads to.
    pub about: About,
}

/// The deed that follows when the user says yes.
pub enum About {
    /// The window ends.
    End,
    /// The window ends at once; where the user says nothing, when all corrections are on the disk.
    EndWhenKept,
    /// The drawing or the picture is kept under this label.
    Keep(String),
    /// This model is opened, with its name.
    Open(Arc<Model>, String),
    /// The model that was trained on the page *Train* is opened.
    Trained(Arc<Model>),
    /// The model is saved in place of this file.
    Overwrite(PathBuf),
}

//! Errands: what only the browser can do for the page.

use crate::message::Request;

/// An errand for the browser.
#[derive(Debug)]
pub enum Errand {
    /// Hand a request to the worker that reads.
    Read(Request),
    /// Hand a request to the worker that trains.
    Train(Request),
    /// End the worker that trains.
    StopTraining,
    /// Load a file that ships with the page, and hand it over as a file that was chosen.
    Fetch(&'static str),
    /// Let the user choose a file.
    Choose,
    /// Offer a file for download.
    Save {
        /// Its name.
        name: String,
        /// Its content.
        content: Vec<u8>,
    },
    /// Keep drawings where they are safe when the page is closed, all or none: the name of each, and it as a line of a
    /// stroke file.
    Keep(Vec<(String, String)>),
    /// Keep the user's own model where it is safe when the page is closed, in place of the one before.
    KeepModel {
        /// Its name.
        name: String,
        /// The content of its file.
        file: Vec<u8>,
    },
    /// Forget a drawing that was kept.
    Forget(String),
}

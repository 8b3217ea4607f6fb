//! The lesson: the open model is taught on a worker, the user keeps or discards what came of it, and saves it.

pub mod corrections;
pub mod examples;
pub mod new_class;
mod teach;

use corrections::Outcome;
use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;
use ui::worker::Job;

/// Teaching the open model, from the lesson to the file.
#[derive(Default)]
pub struct Teaching {
    /// The lesson that is going on.
    pub running: Option<Job<Option<Outcome>>>,
    /// The outcome of a lesson until the user keeps or discards it.
    pub offer: Option<Outcome>,
    /// The way to the open model, where it was taught and kept or trained: a step for each lesson, the last one for the open
    /// model.
    pub taught: Vec<TaughtModel>,
    /// The model that is being saved.
    pub saving: Option<(Arc<Model>, Job<Saved>)>,
    /// Lessons so far: each goes another way.
    pub count: u64,
}

/// A model that was taught and kept, or trained.
pub struct TaughtModel {
    /// The model before this lesson.
    pub before: Arc<Model>,
    /// The name of that model.
    pub name: String,
    /// Whether it is in a file.
    pub is_saved: bool,
    /// Where to save it, as the user types it.
    pub path: String,
}

/// How saving a model ended.
pub enum Saved {
    /// The model is in this file.
    Written(PathBuf),
    /// A file of that name is there.
    Exists(PathBuf),
}

impl Teaching {
    /// Gives up everything: the lesson that is going on, and what has been learnt.
    pub fn give_up(&mut self) {
        *self = Self { count: self.count, ..Self::default() };
    }

    /// Notes that the model is in a file; `open` is the open one. Returns whether it is that.
    pub fn is_written(&mut self, model: &Arc<Model>, open: &Arc<Model>) -> bool {
        let made = |step: usize| self.taught.get(step + 1).map_or(open, |next| &next.before);
        if let Some(step) = (0..self.taught.len()).find(|step| Arc::ptr_eq(made(*step), model)) {
            self.taught[step].is_saved = true;
        }
        Arc::ptr_eq(model, open)
    }

    /// Whether a lesson is going on or a model is being saved.
    pub fn is_busy(&self) -> bool {
        self.running.is_some() || self.saving.is_some()
    }
}

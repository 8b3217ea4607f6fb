//! Two models side by side: another one reads the same drawing.

mod differences;
mod view;

use crate::window::Window;
use crate::window::hint;
use crate::window::open::name_of;
use crate::window::recognise::{Knowledge, Recogniser, Subject};
use builtin::Builtin;
use cli::say::{count, plain};
use differences::Differences;
use egui::Context;
use nn_io::{Examples, Model};
use std::path::PathBuf;
use std::sync::Arc;
use ui::dialog;
use ui::path::{existing, typed};
use ui::worker::Job;

/// The other model, or the choice of one.
#[derive(Default)]
pub struct Comparison {
    other: Option<OtherModel>,
    /// The path of a model, as the user types it.
    path: String,
    opening: Option<Job<(String, Model)>>,
    browsing: Option<Job<Option<PathBuf>>>,
    /// Where the answers to one drawing differ; those to the drawing before, until both models have read the newest.
    found: Option<Differences>,
}

/// A model beside the open one.
struct OtherModel {
    model: Arc<Model>,
    name: String,
    recogniser: Recogniser,
}

impl Comparison {
    /// Whether a model is being opened.
    pub fn is_busy(&self) -> bool {
        self.opening.is_some()
    }

    /// Forgets the other model's answer.
    pub fn forget(&mut self) {
        self.found = None;
        if let Some(other) = &mut self.other {
            other.recogniser.forget();
        }
    }
}

impl Window {
    /// Asks the other model what the subject is. Kept drawings count for the open model alone.
    pub(in crate::window) fn ask_other(&mut self, subject: &Subject, ctx: &Context) {
        let Some(other) = &mut self.side.compare.other else { return };
        let (model, examples) = (other.model.clone(), Arc::new(Examples::new(&other.model.classes)));
        let hint = hint::parse(&self.settings, &model.classes).ok().flatten();
        let by = Knowledge { model, examples, hint, explains: false, training: None };
        other.recogniser.ask(by, subject.clone(), ctx);
    }

    /// Opens a built-in model beside the present one.
    fn compare_with_builtin(&mut self, builtin: Builtin, ctx: &Context) {
        self.side.compare.opening = Some(Job::new(ctx, move |_| Ok((builtin.name().into(), builtin.model()?))));
    }

    /// Opens the model beside the present one: a file, or a built-in model by its name.
    fn compare_with(&mut self, path: PathBuf, ctx: &Context) {
        let home = self.corrections.home.clone();
        self.side.compare.opening = Some(Job::new(ctx, move |_| {
            let path = existing(&path);
            let here = home.join(&path); // a relative path is one of the window's folder
            let model = builtin::open(if here.is_file() { &here } else { &path })?;
            Ok((name_of(&path), model))
        }));
    }

    /// Takes in what was chosen, opened and read for the comparison.
    pub(in crate::window) fn take_in_comparison(&mut self, ctx: &Context) {
        let compare = &mut self.side.compare;
        if let Some(other) = &mut compare.other {
            other.recogniser.take_in();
        }
        if let Some(chosen) = compare.browsing.as_mut().and_then(Job::result) {
            compare.browsing = None;
            match chosen {
                Ok(Some(path)) => self.compare_with(path, ctx),
                Ok(None) => {}
                Err(error) => self.say(error, true),
            }
        }
        if let Some(opened) = self.side.compare.opening.as_mut().and_then(Job::result) {
            self.side.compare.opening = None;
            match opened {
                Err(error) => self.say(format!("{}. Nothing is compared.", plain(&error)), true),
                Ok((name, model)) => {
                    let classes = count(model.classes.len(), "class", "classes");
                    self.say(format!("{name} reads {classes}, beside {}.", self.name), false);
                    let (model, recogniser) = (Arc::new(model), Recogniser::default());
                    self.side.compare.found = None;
                    self.side.compare.other = Some(OtherModel { model, name, recogniser });
                    self.ask(ctx);
                }
            }
        }
    }

    /// Compares the answers, where both are about the drawing as it is.
    pub(in crate::window) fn renew_comparison(&mut self) {
        let Some(other) = &self.side.compare.other else { return };
        if let (Some(_), Some(own), Some(theirs)) =
            (self.recogniser.current(), self.shown(), other.recogniser.current())
        {
            let found = Differences::new([own, &theirs.answer], [self.classes(), &other.model.classes]);
            self.side.compare.found = Some(found);
        }
    }

    fn compare_with_typed(&mut self, ctx: &Context) {
        if !self.side.compare.path.trim().is_empty() {
            self.compare_with(typed(&self.side.compare.path), ctx);
        }
    }

    fn browse_for_other(&mut self, ctx: &Context) {
        self.side.compare.browsing.get_or_insert_with(|| Job::new(ctx, |_| dialog::pick_file("Compare with a model")));
    }
}

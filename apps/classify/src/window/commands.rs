//! What the user asks of the window: read, open, correct, teach, save.

use super::corrections::{self, Outcome};
use super::open::{self, Opened};
use super::recognise::Answer;
use super::{OpenPicture, Taught, Window, view};
use egui::Context;
use nn_data::StrokeSample;
use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use ui::worker::Job;

/// A frame waits so long for an answer, so that a fast network answers in the frame that shows the stroke.
const AT_ONCE: Duration = Duration::from_millis(3);

impl Window {
    /// Reads what the pointer has drawn in this frame. An answer that comes at once is shown in this frame too.
    pub(super) fn read_at_once(&mut self, ctx: &Context) {
        if self.read != (self.pad.version(), self.pad.pen) {
            self.read_drawing(ctx);
            let is_good = |answer: &Answer| answer.version == self.version;
            if let Some(answer) =
                self.reader.as_ref().filter(|_| !self.pad.is_empty()).and_then(|r| r.within(AT_ONCE, is_good))
            {
                self.accept(answer, ctx);
            }
        }
    }

    /// Shows an answer from now on.
    pub(super) fn accept(&mut self, answer: Answer, ctx: &Context) {
        self.took = answer.asked.elapsed();
        if self.tells_times {
            let [took, work] = [self.took, answer.work].map(|time| time.as_secs_f64() * 1000.0);
            crate::say(format_args!("answer after {took:.2} ms, work {work:.2} ms"));
        }
        view::renew_views(&mut self.views, &answer, self.model.preprocessing.size(), ctx);
        self.answer = Some(answer);
    }

    /// Opens a model or a picture, beside the window.
    pub fn open(&mut self, path: PathBuf, ctx: &Context) {
        let file = path.clone();
        self.opening = Some((path, Job::new(ctx, move |_| open::open(&file))));
    }

    pub(super) fn show_opened(&mut self, path: PathBuf, opened: Opened, ctx: &Context) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match opened {
            Opened::Model(model) => {
                self.use_model(Arc::new(*model), name.clone(), ctx);
                self.taught = None;
                self.say(format!("{name} reads {} classes.", self.model.classes.len()), false);
            }
            Opened::Picture(picture) => {
                self.say(format!("{name} is read. Enter goes back to the paper."), false);
                self.picture = Some(OpenPicture { name, picture: Arc::new(picture), view: None });
                self.read_again(ctx);
            }
        }
    }

    fn use_model(&mut self, model: Arc<Model>, name: String, ctx: &Context) {
        (self.model, self.name) = (model, name);
        self.kept = self.corrections.count(&self.model);
        self.read_again(ctx);
    }

    /// Keeps the drawing under its right label.
    pub fn correct(&mut self, label: &str) {
        if self.pad.is_empty() || self.picture.is_some() {
            return self.say("Draw something first, then press the key of what it is.", false);
        }
        if !self.model.classes.iter().any(|class| class == label) {
            return self
                .say(format!("This model does not know {label:?}; the collector keeps drawings of any label."), true);
        }
        let sample = StrokeSample { label: label.into(), writer: String::new(), strokes: self.pad.ink().clone() };
        match self.corrections.keep(&sample, self.pad.pen) {
            Ok(_) => {
                self.kept += 1;
                self.pad.take();
                self.forget_answer();
                self.say(format!("Kept as {label}. Teach makes the model learn it."), false);
            }
            Err(error) => self.say(format!("{error:#}"), true),
        }
    }

    /// Teaches the model, beside the window.
    pub fn teach(&mut self, ctx: &Context) {
        self.lessons += 1; // another seed, so that trying again can help
        let (corrections, model, seed) = (self.corrections.clone(), self.model.clone(), self.lessons);
        self.lesson = Some(Job::new(ctx, move |progress| corrections.teach(&model, seed, progress)));
        self.say("Teaching: your drawings together with the data that the model came from.", false);
    }

    pub(super) fn end_lesson(&mut self, result: Result<Option<Outcome>, String>, ctx: &Context) {
        match result {
            Err(error) => self.say(format!("Not taught: {error}."), true),
            Ok(None) => self.say("Teaching was cancelled; the model is as it was.", false),
            Ok(Some(outcome)) => {
                let kept = outcome.taught.is_advised();
                self.say(corrections::report(&outcome.taught), !kept);
                if kept {
                    let before = self.taught.take().map_or_else(|| self.model.clone(), |taught| taught.before);
                    let name = self.name.trim_end_matches(", taught").to_string();
                    self.taught =
                        Some(Taught { before, name: name.clone(), saved: false, path: "runs/taught.mpk".into() });
                    self.use_model(Arc::new(outcome.model), format!("{name}, taught"), ctx);
                }
            }
        }
    }

    /// Brings the model back as it was before it was taught.
    pub(super) fn unlearn(&mut self, ctx: &Context) {
        if let Some(taught) = self.taught.take() {
            self.use_model(taught.before, taught.name, ctx);
            self.say("The model is as it was before.", false);
        }
    }

    /// Saves the model that has learnt.
    pub(super) fn save(&mut self) {
        let Some(taught) = &mut self.taught else { return };
        let path = self.corrections.home.join(open::typed(&taught.path));
        let saved = nn_io::atomic::check_writable(&path).and_then(|()| self.model.save(&path));
        taught.saved |= saved.is_ok();
        match saved {
            Ok(()) => self.say(format!("Saved: {}", path.display()), false),
            Err(error) => self.say(format!("{:#}", anyhow::Error::from(error)), true),
        }
    }
}

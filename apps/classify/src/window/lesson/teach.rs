//! The commands of a lesson: teach, keep, discard, unlearn, save.

use super::{Saved, TaughtModel, Teaching};
use crate::window::Window;
use crate::window::question::{About, Question};
use cli::say::plain;
use egui::Context;
use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;
use ui::path;
use ui::worker::Job;

impl Window {
    /// The loss that ending or opening another model would mean, as a sentence.
    pub(in crate::window) fn unsaved(&self) -> Option<&'static str> {
        let taught_is_saved = self.lesson.taught.last().is_none_or(|taught| taught.is_saved);
        match &self.lesson {
            Teaching { running: Some(_), .. } => Some("A lesson is going on and would be lost."),
            Teaching { offer: Some(_), .. } => Some("You have not kept the lesson yet."),
            _ if !taught_is_saved => Some("The model has learnt something that is not saved."),
            _ => None,
        }
    }

    /// Teaches the model on a worker.
    pub fn teach(&mut self, ctx: &Context) {
        self.lesson.count += 1;
        let (corrections, model, seed) = (self.corrections.clone(), self.model.clone(), self.lesson.count);
        let kept = self.disk.all_done();
        self.lesson.running = Some(Job::new(ctx, move |progress| {
            let _ = kept.recv(); // all corrections are on the disk now
            corrections.teach(&model, seed, progress)
        }));
        self.say("Teaching: the last layer learns your drawings, and stays near what it knew.", false);
    }

    /// Takes in the end of a lesson, and of saving.
    pub(in crate::window) fn take_in_lesson(&mut self) {
        if let Some(result) = self.lesson.running.as_mut().and_then(Job::result) {
            self.lesson.running = None;
            match result {
                Err(error) => self.say(format!("Not taught: {}.", plain(&error)), true),
                Ok(None) => self.say("Teaching was cancelled; the model is as it was.", false),
                Ok(Some(outcome)) => {
                    self.say("The lesson has ended. Keep what it has learnt, or discard it.", false);
                    self.lesson.offer = Some(outcome);
                }
            }
        }
        if let Some((model, job)) = &mut self.lesson.saving
            && let Some(result) = job.result()
        {
            let model = model.clone();
            self.lesson.saving = None;
            self.end_saving(&model, result);
        }
    }

    /// Goes on with the model that has learnt.
    pub(in crate::window) fn keep_lesson(&mut self, ctx: &Context) {
        let Some(outcome) = self.lesson.offer.take() else { return };
        let (before, name) = (self.model.clone(), self.name.clone());
        let taught_name = format!("{}, taught", name.trim_end_matches(", taught"));
        self.lesson.taught.push(TaughtModel { before, name, is_saved: false, path: "runs/taught.mpk".into() });
        self.use_model(Arc::new(outcome.model), taught_name, ctx);
        self.say("Kept. Save it, or Unlearn brings the model back as it was.", false);
    }

    /// Forgets what came of the lesson.
    pub(in crate::window) fn discard_lesson(&mut self) {
        self.lesson.offer = None;
        self.say("Discarded; the model is as it was before the lesson.", false);
    }

    /// Brings the model back as it was before the last lesson, or before it was trained.
    pub(in crate::window) fn unlearn(&mut self, ctx: &Context) {
        if let Some(taught) = self.lesson.taught.pop() {
            self.use_model(taught.before, taught.name, ctx);
            self.say("The model is as it was before.", false);
        }
    }

    /// Saves the model that has learnt, or asks where a file of that name is there.
    pub(in crate::window) fn save(&mut self, ctx: &Context) {
        let Some(taught) = self.lesson.taught.last() else { return };
        self.write_model(self.corrections.home.join(path::typed(&taught.path)), false, ctx);
    }

    /// Writes the model on a worker.
    pub(in crate::window) fn write_model(&mut self, path: PathBuf, overwrites: bool, ctx: &Context) {
        let (saved, model) = (self.model.clone(), self.model.clone());
        let job = Job::new(ctx, move |_| {
            if !overwrites && path.exists() {
                return Ok(Saved::Exists(path));
            }
            nn_data::disk::check_writable(&path)?;
            model.save(&path)?;
            Ok(Saved::Written(path))
        });
        self.lesson.saving = Some((saved, job));
    }

    fn end_saving(&mut self, model: &Arc<Model>, result: Result<Saved, String>) {
        match result {
            Err(error) => self.say(plain(&error), true),
            Ok(Saved::Exists(path)) => {
                let text = format!("{} is there already. Overwrite it?", path.display());
                self.question =
                    Some(Question { text, answers: ["Overwrite", "Cancel"], about: About::Overwrite(path) });
            }
            Ok(Saved::Written(path)) => {
                let open = self.model.clone();
                let note = if self.lesson.is_written(model, &open) { "" } else { ", the model as it was then" };
                self.say(format!("Saved: {}{note}", path.display()), false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::keep::tests::{correct, on_a_slow_disk};
    use egui_kittest::kittest::Queryable;
    use nn_io::TrainingNote;
    use std::path::Path;
    use ui_test::wait;

    /// Writes a model of other classes.
    fn other(path: &Path) {
        let architecture = nn_core::Architecture::new(nn_core::Shape::new(28, 28, 1)).dense(2).softmax();
        let (classes, preprocessing) = (["x", "y"].map(String::from).to_vec(), nn_data::Preprocessing::mnist());
        let network = nn_core::Network::new(architecture, 1).unwrap();
        Model { network, classes, preprocessing, calibration: None, note: TrainingNote::default() }.save(path).unwrap();
    }

    #[test]
    fn a_lesson_is_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        correct(&mut h, 0.3, "7");
        h.get_by_label("Teach").click();
        h.step();
        h.step();
        h.get_by_label("Cancel").click();
        h.step();
        gate.send(()).unwrap(); // the lesson has waited for the correction
        wait(&mut h, "the end", |window| !window.is_busy());
        assert_eq!(h.state().notice(), "Teaching was cancelled; the model is as it was.");
        assert!(h.query_by_label("Keep").is_none());
    }

    #[test]
    fn a_save_that_ends_late_is_that_of_the_model_that_it_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, _gate) = on_a_slow_disk(folder.path());
        let ctx = h.ctx.clone();
        let lesson = |h: &mut egui_kittest::Harness<'_, Window>, saves: bool| {
            let window = h.state_mut();
            let (before, name) = (window.model.clone(), window.name.clone());
            window.lesson.taught.push(TaughtModel { before, name, is_saved: false, path: "new.mpk".into() });
            let taught = Arc::new((*window.model).clone());
            window.use_model(taught.clone(), format!("lesson {}", window.lesson.taught.len()), &ctx);
            let (gate, wait) = std::sync::mpsc::channel::<()>();
            let job = Job::new(&ctx, move |_| Ok(wait.recv().map(|()| Saved::Written("new.mpk".into()))?));
            window.lesson.saving = saves.then_some((taught, job)).or(window.lesson.saving.take());
            gate
        };
        let written = lesson(&mut h, true);
        lesson(&mut h, false);
        written.send(()).unwrap();
        wait(&mut h, "the file", |window| window.lesson.saving.is_none());
        assert_eq!(h.state().notice(), "Saved: new.mpk, the model as it was then");
        let saved: Vec<bool> = h.state().lesson.taught.iter().map(|taught| taught.is_saved).collect();
        assert_eq!(saved, [true, false]);
        assert_eq!(h.state().unsaved(), Some("The model has learnt something that is not saved."));
        h.get_by_label("Unlearn").click();
        h.step();
        h.step();
        assert_eq!((&h.state().name[..], h.state().unsaved()), ("lesson 1", None), "one step back, to the saved one");
        h.get_by_label("Unlearn").click();
        h.step();
        h.step();
        assert_eq!(h.state().name, "digits");
    }

    #[test]
    fn a_model_that_was_trained_is_a_step_beside_those_of_lessons() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, _gate) = on_a_slow_disk(folder.path());
        let ctx = h.ctx.clone();
        let window = h.state_mut();
        let (before, name) = (window.model.clone(), "before the lesson".to_string());
        window.lesson.taught.push(TaughtModel { before: before.clone(), name, is_saved: false, path: "a.mpk".into() });
        window.open_trained(Arc::new((*before).clone()), &ctx);
        window.unlearn(&ctx);
        window.unlearn(&ctx);
        assert_eq!(window.name, "before the lesson");
    }

    #[test]
    fn the_end_of_a_lesson_does_not_replace_another_model() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        correct(&mut h, 0.3, "7");
        h.get_by_label("Teach").click();
        h.step();
        let (path, ctx) = (folder.path().join("other.mpk"), h.ctx.clone());
        other(&path);
        h.state_mut().open(path, &ctx);
        wait(&mut h, "the other model", |window| window.question().is_some());
        let asked = "A lesson is going on and would be lost. Open other.mpk all the same?";
        assert_eq!(h.state().question(), Some(asked));
        h.get_by_label("Open it").click();
        h.step();
        gate.send(()).unwrap();
        wait(&mut h, "the count", |window| !window.is_busy());
        assert_eq!(h.state().classes(), ["x", "y"]);
        assert!(h.query_by_label("Keep").is_none() && h.query_by_label("Save").is_none());
    }
}

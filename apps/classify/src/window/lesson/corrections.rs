//! Learning from the user: corrections are kept as drawings, and the open model is taught by them.

use anyhow::{Result, bail};
use cli::say::count;
use nn_data::{Dataset, DrawingClass, Drawings, LoadOptions, load};
use nn_io::Model;
use nn_train::{Compared, Lesson, Taught, teach};
use std::ops::ControlFlow;
use std::path::PathBuf;
use ui::worker::Progress;

/// Where corrections are kept.
#[derive(Clone)]
pub struct Corrections {
    /// The drawings of the collector and the corrections.
    pub drawings: Drawings,
    /// The folder that the paths of models to save belong to.
    pub home: PathBuf,
}

/// A model that has learnt, and what it was.
pub struct Outcome {
    /// The model with its new network.
    pub model: Model,
    /// The network that has learnt, and how it reads beside the old one.
    pub taught: Taught,
}

impl Corrections {
    /// The drawings on the disk that are of these classes.
    pub fn classes(&self, classes: &[String]) -> Vec<DrawingClass> {
        let mut kept = self.drawings.classes().unwrap_or_default();
        kept.retain(|class| classes.contains(&class.label));
        kept
    }

    /// Teaches a model with all drawings of its classes. Another seed holds back others.
    ///
    /// # Errors
    /// When there are no drawings, or the model's network cannot be taught.
    pub fn teach(&self, model: &Model, seed: u64, progress: &Progress) -> Result<Option<Outcome>> {
        let drawings = self.drawings_of(model)?;
        let mut listen = |done| if progress.tell(done) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let lesson = Lesson { model, drawings: &drawings, seed };
        let Some(taught) = teach(&lesson, &mut listen)? else { return Ok(None) };
        let mut model = Model { network: taught.network.clone(), ..model.clone() };
        let folder = self.drawings.root().display().to_string();
        if !model.note.data.contains(&folder) {
            model.note.data.push(folder);
        }
        model.note.command += &format!(" # then taught with {}", count(drawings.len(), "drawing", "drawings"));
        model.note.test_accuracy = None; // it is another network now
        Ok(Some(Outcome { model, taught }))
    }

    /// The drawings of the model's classes, as it sees them.
    fn drawings_of(&self, model: &Model) -> Result<Dataset> {
        let root = self.drawings.root();
        if self.classes(&model.classes).is_empty() {
            bail!(
                "there are no corrections of the model's own classes yet: draw, then press the key of what you meant"
            );
        }
        let options =
            LoadOptions { preprocessing: model.preprocessing.clone(), skip_bad: true, ..LoadOptions::default() };
        let all = load(root, &options)?.train;
        Ok(all.only(&model.classes))
    }
}

/// Says in words how the model reads after a lesson, and before it.
pub fn report(taught: &Taught) -> String {
    let part = |name: &str, part: &Compared| match part.samples {
        0 => String::new(),
        samples => format!(" {name}: {} of {samples} right, before {}.", part.after, part.before),
    };
    let corrections = part("Corrections", &taught.corrections);
    let others = part("Your other drawings", &taught.others);
    let held_back = part("Of these not taught", &taught.held_back);
    let advice = if taught.is_advised() { "Learnt." } else { "It would read worse." };
    format!("{advice}{corrections}{others}{held_back}")
}

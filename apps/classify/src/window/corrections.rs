//! Learning from the user: corrections are kept as drawings, and the open model is taught by them.

use anyhow::{Result, bail};
use nn_data::{Arrays, Dataset, DrawingClass, Drawings, LoadOptions, StrokeSample, load};
use nn_io::Model;
use nn_train::{Lesson, Taught, teach};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use ui::worker::Progress;

/// Where corrections are kept, and the data that models come from is looked for.
#[derive(Clone)]
pub struct Corrections {
    /// The drawings of the collector and the corrections.
    pub drawings: Drawings,
    /// The folder that the paths in a model's note belong to.
    pub home: PathBuf,
}

/// A model that has learnt, and what it was.
pub struct Outcome {
    /// The model with its new network.
    pub model: Model,
    /// What the old and the new network read rightly.
    pub taught: Taught,
}

impl Corrections {
    /// Corrections that the model can learn.
    pub fn count(&self, model: &Model) -> usize {
        let classes = self.drawings.classes().unwrap_or_default();
        let known = |class: &&DrawingClass| model.classes.contains(&class.label);
        classes.iter().filter(known).map(|class| class.pictures.len()).sum()
    }

    /// Keeps a drawing under the right label.
    ///
    /// # Errors
    /// Why it cannot be kept.
    pub fn keep(&self, sample: &StrokeSample, pen: f32) -> Result<PathBuf> {
        Ok(self.drawings.save_new(sample, pen, SystemTime::now())?)
    }

    /// Teaches a model with all corrections.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn teach(&self, model: &Model, progress: &Progress) -> Result<Option<Outcome>> {
        let corrections = self.drawings_of(model)?;
        let memory = self.memory(model)?;
        let mut listen = |done| if progress.tell(done) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let lesson = Lesson { model, corrections: &corrections, memory: &memory, seed: 1 };
        let Some(taught) = teach(&lesson, &mut listen)? else { return Ok(None) };
        let mut model = Model { network: taught.network.clone(), ..model.clone() };
        let drawings = self.drawings.root().display().to_string();
        if !model.note.data.contains(&drawings) {
            model.note.data.push(drawings);
        }
        model.note.command += &format!(" # then taught with {} drawings", taught.corrections);
        model.note.test_accuracy = None; // it is another network now
        Ok(Some(Outcome { model, taught }))
    }

    /// The drawings whose classes the model knows.
    fn drawings_of(&self, model: &Model) -> Result<Dataset> {
        let root = self.drawings.root();
        if self.count(model) == 0 {
            bail!("there are no corrections yet: draw, then press the key of what you meant");
        }
        let options =
            LoadOptions { preprocessing: model.preprocessing.clone(), skip_bad: true, ..LoadOptions::default() };
        let all = load(root, &options)?.train;
        let known = |i: &usize| model.classes.contains(&all.classes()[all.label(*i) as usize]);
        let indices: Vec<usize> = (0..all.len()).filter(known).collect();
        Ok(all.select(&indices).with_classes(&model.classes)?)
    }

    /// The data that the model came from, as far as it is there.
    fn memory(&self, model: &Model) -> Result<Dataset> {
        let preprocessing = model.preprocessing.clone();
        let mut options = LoadOptions { preprocessing, skip_bad: true, ..LoadOptions::default() };
        let drawings = self.drawings.root();
        let mut parts = vec![];
        for name in &model.note.data {
            let path = self.home.join(name);
            let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
            if !path.exists() || same(&path, drawings) {
                continue;
            }
            options.arrays = Arrays::AsTheyAre;
            let mut data = load(&path, &options)?.train;
            if data.size() != model.preprocessing.size() {
                data = model.preprocessing.apply_dataset(data);
            }
            parts.push(data.with_classes(&model.classes)?);
        }
        if parts.is_empty() {
            let names = if model.note.data.is_empty() { "not noted".into() } else { model.note.data.join(", ") };
            let home = self.home.display();
            bail!("the data that this model came from ({names}) is not in {home}; without it, it would forget");
        }
        Ok(Dataset::concat(parts)?.with_classes(&model.classes)?)
    }
}

/// What there is to say of a lesson.
pub fn report(taught: &Taught) -> String {
    let Taught { before, after, corrections_before, corrections_after, corrections, .. } = taught;
    let held = format!("held-back part: {} of {} right, before {}", after.correct, after.samples, before.correct);
    let drawings = format!("your drawings: {corrections_after} of {corrections} right, before {corrections_before}");
    if taught.is_no_worse() {
        format!("Learnt. {drawings}; {held}")
    } else {
        format!("Not kept: it would read worse. {held}")
    }
}

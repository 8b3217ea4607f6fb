//! Learning from the user: corrections are kept as drawings, and the open model is taught by them.

use anyhow::{Result, bail};
use cli::say::count;
use nn_data::{Arrays, Dataset, DrawingClass, Drawings, LoadOptions, load};
use nn_io::Model;
use nn_train::{Compared, Lesson, Recipe, Taught, teach};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
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

    /// Teaches a model with all drawings of the classes: its own, and new ones after them. Another seed teaches it
    /// otherwise.
    ///
    /// # Errors
    /// When data is missing or wrong.
    pub fn teach(&self, model: &Model, classes: &[String], seed: u64, progress: &Progress) -> Result<Option<Outcome>> {
        let grown = if classes.len() > model.classes.len() { Some(grown(model, classes)?) } else { None };
        let model = grown.as_ref().unwrap_or(model);
        let drawings = self.drawings_of(model)?;
        let memory = match self.memory(model)? {
            Some(memory) => memory,
            None => drawings.clone().limit(0),
        };
        let mut listen = |done| if progress.tell(done) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let lesson = Lesson { model, drawings: &drawings, memory: &memory, seed };
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

    /// The drawings whose classes the model knows.
    fn drawings_of(&self, model: &Model) -> Result<Dataset> {
        let root = self.drawings.root();
        if self.classes(&model.classes).is_empty() {
            bail!("there are no corrections yet: draw, then press the key of what you meant");
        }
        let options =
            LoadOptions { preprocessing: model.preprocessing.clone(), skip_bad: true, ..LoadOptions::default() };
        let all = load(root, &options)?.train;
        let known = |i: &usize| model.classes.contains(&all.classes()[all.label(*i) as usize]);
        let indices: Vec<usize> = (0..all.len()).filter(known).collect();
        Ok(all.select(&indices).with_classes(&model.classes)?)
    }

    /// The other data that the model came from, as far as it is there; `None` for a model that came from the drawings
    /// alone.
    fn memory(&self, model: &Model) -> Result<Option<Dataset>> {
        let preprocessing = model.preprocessing.clone();
        let mut options = LoadOptions { preprocessing, skip_bad: true, ..LoadOptions::default() };
        let drawings = self.drawings.root();
        let (mut parts, mut missing) = (vec![], vec![]);
        for name in &model.note.data {
            let path = self.home.join(name);
            if is_same(&path, drawings) {
                continue;
            }
            if !path.exists() {
                missing.push(name.as_str());
                continue;
            }
            options.arrays = Arrays::AsTheyAre;
            let mut data = load(&path, &options)?.train;
            if data.size() != model.preprocessing.size() {
                data = model.preprocessing.apply_dataset(data);
            }
            parts.push(data.with_classes(&model.classes)?);
        }
        if parts.is_empty() && model.note.data.is_empty() {
            bail!("the model does not say which data it came from; without that data it would forget");
        }
        if parts.is_empty() && missing.is_empty() {
            return Ok(None);
        }
        if parts.is_empty() {
            let (names, home) = (missing.join(", "), self.home.display());
            bail!("the data that this model came from ({names}) is not in {home}; without it, it would forget");
        }
        Ok(Some(Dataset::concat(parts)?.with_classes(&model.classes)?))
    }
}

/// The model with a row more in its last layer for each new class.
fn grown(model: &Model, classes: &[String]) -> Result<Model> {
    let network = Recipe::transfer(model)?.transferred(model, classes)?;
    Ok(Model { network, classes: classes.into(), ..model.clone() })
}

/// Whether two paths lead to the same file or folder.
fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Says in words how the model reads after a lesson, and before it.
pub fn report(taught: &Taught) -> String {
    let part = |name: &str, part: &Compared| match part.samples {
        0 => String::new(),
        samples => format!(" {name}: {} of {samples} right, before {}.", part.after, part.before),
    };
    let corrections = part("Corrections", &taught.corrections);
    let others = part("Your other drawings", &taught.others);
    let held_back = part("Pictures it was not taught", &taught.held_back);
    let advice = if taught.is_advised() { "Learnt." } else { "It would read worse." };
    format!("{advice}{corrections}{others}{held_back}")
}

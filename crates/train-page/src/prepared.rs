//! A training that is ready to start: its data is read, and its recipe fits the data.

use crate::plan::TrainingPlan;
use anyhow::{Context, Result, ensure};
use builtin::Builtin;
use cli::memory;
use nn_data::{Arrays, Dataset, Fingerprint, LoadOptions, Loaded, Memory, Preprocessing, doubtful_join, load};
use nn_io::Model;
use nn_train::{Chosen, Data, Recipe, Run, are_few_drawings, fitting};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use ui::path::existing;

/// The data, the recipe and the beginning of a training.
pub struct PreparedTraining {
    /// The choices that it came from.
    pub plan: TrainingPlan,
    /// Every setting.
    pub recipe: Recipe,
    /// Samples to learn.
    pub train: Dataset,
    /// Samples held back, by which the best epoch is chosen.
    pub validation: Option<Dataset>,
    /// How pictures become input.
    pub preprocessing: Preprocessing,
    /// Lines about how the data was understood, and how the recipe was adapted to it.
    pub notes: Vec<String>,
    /// The trained model that the network begins with.
    start: Option<Model>,
}

/// The datasets that were read last, so that a change of the plan need not read them again. They take no more than a
/// quarter of the memory that may be taken, and the one that is read has the rest.
#[derive(Default)]
pub struct DataCache {
    /// Each with its path, and the way in which it was read.
    read: Vec<(PathBuf, Preprocessing, Arrays, Loaded)>,
}

impl DataCache {
    /// The dataset at a path, which is read where it is not there.
    fn load(&mut self, path: &Path, options: &LoadOptions) -> Result<Loaded> {
        let is_it = |(other, preprocessing, arrays, _): &(PathBuf, Preprocessing, Arrays, Loaded)| {
            other == path && *preprocessing == options.preprocessing && *arrays == options.arrays
        };
        if let Some((.., loaded)) = self.read.iter().find(|read| is_it(read)) {
            return Ok(loaded.clone());
        }
        let most = options.memory.bytes / 4;
        let memory = Memory { bytes: options.memory.bytes - most };
        let loaded = load(path, &LoadOptions { memory, ..options.clone() })?;
        self.read.push((path.into(), options.preprocessing.clone(), options.arrays, loaded.clone()));
        while self.bytes() > most {
            self.read.remove(0); // the oldest
        }
        Ok(loaded)
    }

    /// The memory that the datasets take.
    fn bytes(&self) -> u64 {
        let parts = |loaded: &Loaded| {
            [Some(&loaded.train), loaded.validation.as_ref(), loaded.test.as_ref()]
                .into_iter()
                .flatten()
                .map(|part| part.pixels().len() as u64)
                .sum::<u64>()
        };
        self.read.iter().map(|(.., loaded)| parts(loaded)).sum()
    }
}

impl PreparedTraining {
    /// Reads the data of a plan, whose paths are relative to `home`, and adapts the recipe to it.
    ///
    /// # Errors
    /// When data or settings are of no use.
    pub fn new(plan: &TrainingPlan, home: &Path) -> Result<Self> {
        Self::reading(plan, home, &mut DataCache::default(), &|| true)
    }

    /// [`PreparedTraining::new`] with the datasets that have been read before. It ends early, by an error, where `goes_on`
    /// says so between two datasets.
    ///
    /// # Errors
    /// As [`PreparedTraining::new`].
    pub fn reading(
        plan: &TrainingPlan,
        home: &Path,
        cache: &mut DataCache,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let recipe = plan.recipe()?;
        let preprocessing = match plan.preset.colour() {
            Some((width, height)) => Preprocessing::picture(width, height, 3),
            None => Preprocessing::ink(28, 28),
        };
        let mut load = |path: &Path, options: &LoadOptions| {
            ensure!(goes_on(), "the plan is another now");
            cache.load(&existing(&home.join(path)), options)
        };
        let fresh = Self::read(plan, recipe, preprocessing, &mut load)?;
        match fresh.known()? {
            Some(model) => {
                let recipe = plan.applied(Recipe::transfer(&model)?);
                let mut prepared = Self::read(plan, recipe, model.preprocessing.clone(), &mut load)?;
                prepared.notes.push(
                    "It begins with what the built-in model \"characters\" knows, as there are few drawings.".into(),
                );
                Ok(Self { start: Some(model), ..prepared }.adapted())
            }
            None => Ok(fresh.adapted()),
        }
    }

    /// Reads the data by a preprocessing.
    fn read(
        plan: &TrainingPlan,
        mut recipe: Recipe,
        preprocessing: Preprocessing,
        load: &mut dyn FnMut(&Path, &LoadOptions) -> Result<Loaded>,
    ) -> Result<Self> {
        ensure!(!plan.data.is_empty(), "no data is chosen");
        let mut options = LoadOptions { skip_bad: true, memory: memory::limit(None), ..LoadOptions::default() };
        options.preprocessing = preprocessing.clone();
        if plan.preset.colour().is_some() {
            options.arrays = Arrays::Preprocess;
        }
        let (mut parts, mut held, mut notes) = (vec![], vec![], vec![]);
        for path in &plan.data {
            let loaded = load(path, &options)?;
            notes.extend(loaded.notes);
            notes.extend(loaded.skipped.lines());
            parts.push(loaded.train);
            held.extend(loaded.validation);
        }
        notes.extend(doubtful_join(&parts));
        let train = Dataset::concat(parts).context("these datasets cannot be joined")?;
        ensure!(train.classes().len() >= 2, "all samples are of one class; a network needs at least two to tell apart");
        let mut preprocessing = fitting(preprocessing, &train);
        preprocessing.shifts = recipe.shifts;
        let (train, validation) = if held.is_empty() {
            train.split(recipe.validation.into(), recipe.seed)
        } else {
            recipe.validation = 0.0;
            let validation = Dataset::concat(held)?.with_classes(train.classes());
            (train, validation.context("the part to validate on does not fit the training part")?)
        };
        let validation = Some(validation).filter(|set| !set.is_empty());
        Ok(Self { plan: plan.clone(), recipe, train, validation, preprocessing, notes, start: None })
    }

    /// The built-in model, where few drawings of characters that it knows are all there is.
    fn known(&self) -> Result<Option<Model>> {
        if !self.plan.takes_any_network() || !are_few_drawings(&self.train) {
            return Ok(None);
        }
        let model = Builtin::Characters.model().context("the built-in characters model")?;
        let knows = |class| model.classes.contains(class);
        Ok(self.train.classes().iter().all(knows).then_some(model))
    }

    /// The same with a recipe that fits a small training set.
    fn adapted(mut self) -> Self {
        let chosen = Chosen { epochs: self.plan.epochs.is_some(), augment: self.plan.augment.is_some() };
        let changes = self.recipe.adapt(&self.train, &self.preprocessing, chosen);
        self.notes.extend(changes.into_iter().map(|change| format!("{change}.")));
        self
    }

    /// A run that is at its beginning.
    ///
    /// # Errors
    /// When the network needs more memory than there is, or the recipe makes none.
    pub fn run(&self) -> Result<Run> {
        let (size, classes) = (self.train.size(), self.train.classes());
        let need = Memory { bytes: Run::need(&self.recipe, size, classes.len(), self.train.len())? };
        let limit = memory::limit(None);
        ensure!(need.bytes <= limit.bytes, "this network needs {need} of memory, and {limit} may be taken");
        Ok(match &self.start {
            Some(model) => Run::with_network(&self.recipe, self.recipe.transferred(model, classes)?)?,
            None => Run::new(&self.recipe, size, classes.len())?,
        })
    }

    /// The data as the training loop takes it.
    pub fn data(&self) -> Data<'_> {
        let (validation, preprocessing) = (self.validation.as_ref(), &self.preprocessing);
        Data { train: &self.train, validation, negatives: None, preprocessing }
    }

    /// The fingerprint of each set, under the name that checkpoints give it.
    pub fn fingerprints(&self) -> BTreeMap<String, Fingerprint> {
        let sets = [("training samples", Some(&self.train)), ("validation samples", self.validation.as_ref())];
        sets.into_iter().filter_map(|(name, set)| Some((name.into(), set?.fingerprint()))).collect()
    }
}

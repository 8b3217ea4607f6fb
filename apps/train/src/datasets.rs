//! The datasets of a run: read, joined, tested against each other and split as the flags say.

use crate::args::Args;
use anyhow::{Context, Result, bail, ensure};
use cli::say::Say;
use nn_data::{Arrays, Dataset, Fingerprint, Fit, LoadOptions, Preprocessing};
use nn_io::Model;
use nn_train::{Preset, Recipe, fitting};
use report::MeasuredOn;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The samples that a run learns from and is tested on, and how pictures become input.
pub struct Sets {
    /// Samples to learn.
    pub train: Dataset,
    /// Samples held back, if asked for.
    pub validation: Option<Dataset>,
    /// Pictures of none of the classes, if asked for.
    pub negatives: Option<Dataset>,
    /// Samples to test on, where there are any.
    pub test: Option<Dataset>,
    /// How pictures become input.
    pub preprocessing: Preprocessing,
}

/// The parameters that a network begins with.
#[derive(Clone, Copy)]
pub enum Start<'a> {
    /// Random parameters.
    Fresh,
    /// The layers and parameters of a trained model, for classes that may be others.
    Model(&'a Model),
    /// A checkpoint's model.
    Checkpoint(&'a Model),
}

impl<'a> Start<'a> {
    /// Returns the model, if there is one.
    fn model(self) -> Option<&'a Model> {
        match self {
            Self::Fresh => None,
            Self::Model(model) | Self::Checkpoint(model) => Some(model),
        }
    }
}

impl Sets {
    /// The best samples there are to measure a network on: those of a test set, else those held back, else all that it learnt.
    pub fn measured_on(&self) -> (MeasuredOn, &Dataset) {
        match (&self.test, &self.validation) {
            (Some(test), _) => (MeasuredOn::Test, test),
            (None, Some(validation)) => (MeasuredOn::Validation, validation),
            (None, None) => (MeasuredOn::Training, &self.train),
        }
    }

    /// Loads everything that the flags name. A run that begins with a trained model keeps its preprocessing, and one that
    /// goes on from a checkpoint its classes too. `say` tells what is noticed about the data.
    ///
    /// # Errors
    /// When a dataset cannot be read, or the datasets do not fit each other or the checkpoint.
    pub fn load(args: &Args, recipe: &Recipe, start: Start<'_>, say: Say) -> Result<Self> {
        let mut preprocessing = start.model().map_or_else(|| wanted(args, recipe), |model| model.preprocessing.clone());
        let Parts { train, validations, tests } = read(args, recipe, preprocessing.clone(), say)?;
        let train = cli::data_flags::joined(train, cli::memory::limit(args.reading.memory), &say)?;
        let mut train = chosen(train, args)?;
        tell_blank(&train, say);
        match start {
            Start::Checkpoint(model) => train = as_known(train, model, args)?,
            Start::Model(model) => check_size(&train, model, "model")?,
            Start::Fresh => preprocessing = fitting(preprocessing, &train),
        }
        ensure!(train.classes().len() >= 2, "all samples are of one class; a network needs at least two to tell apart");
        let test = if tests.is_empty() { None } else { Some(held_out(tests, &train, "test")?) };
        preprocessing.shifts = recipe.shifts;
        let (train, validation) = match validations.is_empty() {
            true => train.split(recipe.validation.into(), recipe.seed),
            false => {
                ensure!(
                    args.settings.validation.is_none(),
                    "the data has a part to validate on; leave --validation away"
                );
                let validation = held_out(validations, &train, "validation")?;
                (train, validation)
            }
        };
        let validation = Some(validation).filter(|set| !set.is_empty());
        let negatives =
            if args.negatives.is_empty() { None } else { Some(negatives(args, &train, &preprocessing, say)?) };
        Ok(Self { train, validation, negatives, test, preprocessing })
    }

    /// Returns the fingerprint of each set that the network learns from or is chosen by, under its name.
    pub fn fingerprints(&self) -> BTreeMap<String, Fingerprint> {
        let sets = [
            ("training samples", Some(&self.train)),
            ("validation samples", self.validation.as_ref()),
            ("negatives", self.negatives.as_ref()),
        ];
        sets.into_iter().filter_map(|(name, set)| Some((name.into(), set?.fingerprint()))).collect()
    }

    /// The fingerprints in one line.
    pub fn told(&self) -> String {
        let sets = self.fingerprints().into_iter().map(|(name, fingerprint)| format!("{name}: {fingerprint}"));
        sets.collect::<Vec<_>>().join(", ")
    }
}

/// The sets of each part of the data.
#[derive(Default)]
struct Parts {
    train: Vec<Dataset>,
    validations: Vec<Dataset>,
    tests: Vec<Dataset>,
}

/// Reads the parts of all datasets.
fn read(args: &Args, recipe: &Recipe, preprocessing: Preprocessing, say: Say) -> Result<Parts> {
    let mut options = LoadOptions { preprocessing, ..args.reading.options() };
    if colour(args, recipe).is_some() {
        options.arrays = Arrays::Preprocess;
    }
    let (mut parts, mut scale) = (Parts::default(), None);
    for path in &args.data {
        let loaded = cli::data_flags::read(path, &options, &say)?;
        if let Some(validation) = &loaded.validation {
            say.line(format_args!(
                "{}: {} samples to validate on, in a folder of their own",
                path.display(),
                validation.len()
            ));
        }
        parts.train.push(loaded.train);
        parts.validations.extend(loaded.validation);
        parts.tests.extend(loaded.test);
        scale = scale.or(loaded.scale);
    }
    if let Some(path) = &args.test {
        let place = path.canonicalize().ok();
        if args.data.iter().any(|data| data.canonicalize().ok() == place) {
            say.line(format_args!(
                "{} is learnt from, too, so what it is tested on says little about new samples",
                path.display()
            ));
        }
        let loaded = cli::data_flags::read(path, &LoadOptions { limit: None, scale, ..options }, &say)?;
        parts.tests = vec![loaded.test.unwrap_or(loaded.train)];
    }
    Ok(parts)
}

/// The training parts of the datasets that `--negatives` names. None of their classes may be one of the training set's.
fn negatives(args: &Args, train: &Dataset, preprocessing: &Preprocessing, say: Say) -> Result<Dataset> {
    let options = LoadOptions { preprocessing: preprocessing.clone(), unlabelled: true, ..args.reading.options() };
    let read = |path: &PathBuf| Ok(cli::data_flags::read(path, &options, &say)?.train);
    let negatives = Dataset::concat(args.negatives.iter().map(read).collect::<Result<_>>()?)?;
    let known = negatives.classes().iter().find(|class| train.classes().contains(class));
    if let Some(class) = known {
        bail!("--negatives {}: the class {class} is one that the network is to learn", paths(&args.negatives));
    }
    Ok(negatives)
}

/// The samples that `--without-writers` and `--limit` leave.
fn chosen(mut train: Dataset, args: &Args) -> Result<Dataset> {
    if !args.without_writers.is_empty() {
        let all = train.len();
        train = train.of_writers(&args.without_writers, false);
        if train.len() == all || train.is_empty() {
            let writers = args.without_writers.join(", ");
            bail!("--without-writers {writers} leaves out {} of {all} samples", all - train.len());
        }
    }
    Ok(match args.reading.limit {
        Some(n) => train.limited(n),
        None => train,
    })
}

/// Says how many samples show nothing, and so teach nothing but noise.
fn tell_blank(train: &Dataset, say: Say) {
    let is_blank = |image: &[u8]| image.iter().all(|value| Some(value) == image.first());
    let blank = train.pixels().chunks(train.features()).filter(|image| is_blank(image)).count();
    if blank > 0 {
        let all = train.len();
        say.line(format_args!(
            "{blank} of {all} samples are blank, of one colour throughout: `collect check` lists them"
        ));
    }
}

/// The training set with the classes of a checkpoint's model.
fn as_known(train: Dataset, model: &Model, args: &Args) -> Result<Dataset> {
    let train = train
        .with_classes(&model.classes)
        .with_context(|| format!("{} is not the checkpoint's data", paths(&args.data)))?;
    check_size(&train, model, "checkpoint")?;
    Ok(train)
}

/// Holds the size of the pictures against that of the model that the network begins with.
fn check_size(train: &Dataset, model: &Model, name: &str) -> Result<()> {
    let (data, wanted) = (train.size(), model.preprocessing.size());
    ensure!(
        data == wanted,
        "the data's pictures are {data}, the {name}'s {wanted}; `collect build` makes others of them"
    );
    Ok(())
}

/// The sets of a part that is not learned as one, with the classes of the training set.
fn held_out(sets: Vec<Dataset>, train: &Dataset, part: &str) -> Result<Dataset> {
    let set = Dataset::concat(sets)?.with_classes(train.classes());
    let set = set.with_context(|| format!("the {part} set does not fit the training set"))?;
    ensure!(
        set.size() == train.size(),
        "the {part} set's pictures are {}, the training set's {}; --size WxH brings them together",
        set.size(),
        train.size()
    );
    Ok(set)
}

fn paths(data: &[PathBuf]) -> String {
    data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Width and height of colour pictures, where the flags or the preset ask for colour.
fn colour(args: &Args, recipe: &Recipe) -> Option<(u32, u32)> {
    let preset = Preset::from_name(&recipe.preset).and_then(Preset::colour);
    preset.or(args.reading.color.then_some((28, 28))).map(|usual| args.reading.size.unwrap_or(usual))
}

/// The preprocessing that the flags and the preset ask for.
fn wanted(args: &Args, recipe: &Recipe) -> Preprocessing {
    match colour(args, recipe) {
        Some((width, height)) => Preprocessing::picture(width, height, 3),
        None if args.show_size => Preprocessing { fit: Fit::SizedPaperInk, ..args.reading.preprocessing() },
        None => args.reading.preprocessing(),
    }
}

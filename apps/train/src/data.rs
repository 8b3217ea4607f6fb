//! The datasets of a run: loaded, joined and split as the flags say.

use crate::args::Args;
use anyhow::{Context, Result, bail};
use nn_data::{Arrays, Dataset, Fit, LoadOptions, Loaded, Preprocessing, Skipped, load};
use nn_train::{Preset, Recipe};
use std::path::{Path, PathBuf};

/// What a run learns from, what it is tested on, and how pictures become input.
pub struct Sets {
    /// Samples to learn.
    pub train: Dataset,
    /// Samples held back, if asked for.
    pub validation: Option<Dataset>,
    /// Samples to test on, where there are any.
    pub test: Option<Dataset>,
    /// How pictures become input.
    pub preprocessing: Preprocessing,
}

impl Sets {
    /// Loads everything that the flags name. `known` are the classes and the preprocessing of a checkpoint.
    pub fn load(args: &Args, recipe: &Recipe, known: Option<(&[String], &Preprocessing)>) -> Result<Self> {
        let preprocessing = known.map_or_else(|| wanted(args, recipe), |(_, preprocessing)| preprocessing.clone());
        let arrays =
            if args.size.is_some() || colour(args, recipe).is_some() { Arrays::Preprocess } else { Arrays::AsTheyAre };
        let options = LoadOptions {
            preprocessing,
            arrays,
            transpose: args.transpose,
            skip_bad: args.skip_bad,
            limit: args.limit,
        };
        let mut skipped = Skipped::default();
        let mut read = |path: &Path, options: &LoadOptions| -> Result<Loaded> {
            let loaded = load(path, options)?;
            skipped.not_images += loaded.skipped.not_images;
            skipped.bad.extend(loaded.skipped.bad.iter().cloned());
            Ok(loaded)
        };
        let (mut train, mut tests) = (vec![], vec![]);
        for path in &args.data {
            let loaded = read(path, &options)?;
            train.push(loaded.train);
            tests.extend(loaded.test);
        }
        if let Some(path) = &args.test {
            let loaded = read(path, &LoadOptions { limit: None, ..options.clone() })?;
            tests = vec![loaded.test.unwrap_or(loaded.train)];
        }
        report(&skipped);

        let mut train = Dataset::concat(train)
            .with_context(|| format!("{} cannot be joined; --size WxH brings them together", paths(&args.data)))?;
        if !args.without_writers.is_empty() {
            let all = train.len();
            train = train.of_writers(&args.without_writers, false);
            if train.len() == all || train.is_empty() {
                let writers = args.without_writers.join(", ");
                bail!("--without-writers {writers} leaves out {} of {all} samples", all - train.len());
            }
        }
        if let Some(n) = args.limit {
            train = train.limit(n);
        }
        if let Some((classes, _)) = known {
            train = train
                .with_classes(classes)
                .with_context(|| format!("{} is not the checkpoint's data", paths(&args.data)))?;
        }
        if known.is_some() && train.size() != options.preprocessing.size() {
            let (data, wanted) = (train.size(), options.preprocessing.size());
            bail!("the data's pictures are {data}, the checkpoint's {wanted}; --size WxH brings them together");
        }
        if train.classes().len() < 2 {
            bail!("all samples are of one class; a network needs at least two to tell apart");
        }
        let test = match tests.is_empty() {
            true => None,
            false => Some(
                Dataset::concat(tests)?
                    .with_classes(train.classes())
                    .context("the test set does not fit the training set")?,
            ),
        };
        let mut preprocessing = match known {
            Some(_) => options.preprocessing,
            None => fitting(options.preprocessing, &train),
        };
        preprocessing.views = recipe.views;
        if let Some(test) = &test
            && test.size() != train.size()
        {
            bail!(
                "the test set's pictures are {}, the training set's {}; --size WxH brings them together",
                test.size(),
                train.size()
            );
        }
        let (train, validation) = train.split(recipe.validation.into(), recipe.seed);
        let validation = Some(validation).filter(|set| !set.is_empty());
        Ok(Self { train, validation, test, preprocessing })
    }
}

fn paths(data: &[PathBuf]) -> String {
    data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Width and height of colour pictures, where the flags or the preset ask for colour.
fn colour(args: &Args, recipe: &Recipe) -> Option<(u32, u32)> {
    let preset = Preset::from_name(&recipe.preset).and_then(Preset::colour);
    preset.or(args.color.then_some((28, 28))).map(|usual| args.size.unwrap_or(usual))
}

/// The preprocessing that the flags and the preset ask for.
fn wanted(args: &Args, recipe: &Recipe) -> Preprocessing {
    if let Some((width, height)) = colour(args, recipe) {
        return Preprocessing::picture(width, height, 3);
    }
    let (width, height) = args.size.unwrap_or((28, 28));
    let fit = if args.show_size { Fit::SizedInk } else { Fit::Ink };
    Preprocessing { fit, ..Preprocessing::ink(width, height) }
}

/// The preprocessing for pictures of the size that the data turned out to have. Whole pictures are also standardised.
fn fitting(preprocessing: Preprocessing, train: &Dataset) -> Preprocessing {
    let size = train.size();
    let (width, height) = (size.width as u32, size.height as u32);
    let mut preprocessing = match (preprocessing.size() == size, size.channels) {
        (true, _) => preprocessing,
        (false, 1) if preprocessing.fit == Fit::Stretch => Preprocessing::ink(width, height),
        (false, 1) => Preprocessing { width, height, ..preprocessing },
        (false, _) => Preprocessing::picture(width, height, 3),
    };
    if preprocessing.fit == Fit::Stretch {
        let (mean, std) = train.mean_std();
        (preprocessing.mean, preprocessing.std) = (mean, std.into_iter().map(|s| s.max(1e-3)).collect());
    }
    preprocessing
}

/// Tells what was passed over.
fn report(skipped: &Skipped) {
    if skipped.not_images > 0 {
        eprintln!("passed over {} files that are no pictures", skipped.not_images);
    }
    for (path, reason) in &skipped.bad {
        eprintln!("passed over {}: {reason}", path.display());
    }
}

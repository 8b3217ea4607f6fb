//! A dataset in two parts, for training and for testing, read from any number of paths.

use crate::args::Reading;
use anyhow::{Context, Result};
use nn_data::{Arrays, Dataset, LoadOptions, load};
use std::path::PathBuf;

/// What was read, and what will be written.
#[derive(Debug)]
pub struct Parts {
    /// Samples to train on, or all where there are no parts.
    pub train: Dataset,
    /// Samples to test on; their classes are those of the training part.
    pub test: Option<Dataset>,
}

impl Parts {
    /// Reads and joins all datasets, training parts (of each the first `limit` samples) and test parts each by themselves. `say` is told what is read and
    /// what is passed over.
    pub fn load(
        paths: &[PathBuf],
        reading: &Reading,
        arrays: Arrays,
        limit: Option<usize>,
        say: &impl Fn(String),
    ) -> Result<Self> {
        let options = LoadOptions {
            preprocessing: reading.preprocessing(),
            arrays,
            transpose: reading.transpose,
            skip_bad: reading.skip_bad,
            limit,
        };
        let (mut train, mut tests) = (vec![], vec![]);
        for path in paths {
            say(format!("reading {}", path.display()));
            let loaded = load(path, &options)?;
            if loaded.skipped.not_images > 0 {
                say(format!("passed over {} files that are no pictures", loaded.skipped.not_images));
            }
            for (path, reason) in &loaded.skipped.bad {
                say(format!("passed over {}: {reason}", path.display()));
            }
            train.push(loaded.train);
            tests.extend(loaded.test);
        }
        let apart = "the datasets cannot be joined; --size WxH brings them together";
        let train = Dataset::concat(train).context(apart)?;
        let test = match tests.is_empty() {
            true => None,
            false => Some(Dataset::concat(tests).context(apart)?.with_classes(train.classes())?),
        };
        Ok(Self { train, test })
    }

    /// The parts there are, with their names.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Dataset)> {
        std::iter::once(("train", &self.train)).chain(self.test.as_ref().map(|test| ("test", test)))
    }
}

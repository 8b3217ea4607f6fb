//! The pictures that a model learnt from, where they are there, with the features that its network makes of them.

use super::explanation::AlikePicture;
use anyhow::{Result, bail, ensure};
use cli::memory;
use nn_data::{Arrays, Dataset, LoadOptions, load};
use nn_io::{Model, Neighbours, Reader};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ui::path::existing;
use ui::worker::Progress;

/// The most pictures that are looked at, the most memory for their features in bytes, and the longest time for that: what is
/// over is left out, and the view says so.
const PICTURES: usize = 20_000;
const MEMORY: usize = 64 << 20;
const TIME: Duration = Duration::from_secs(20);
/// Pictures whose features are made together.
const TOGETHER: usize = 1000;

/// Training pictures and their features.
pub struct TrainingPictures {
    pictures: Dataset,
    neighbours: Neighbours,
    /// Where they come from, and what was left out, in a sentence.
    pub about: String,
}

impl TrainingPictures {
    /// Reads the datasets that the model's note names, whose paths are relative to `home`, and looks at an even choice of
    /// their pictures.
    ///
    /// # Errors
    /// One sentence for the user where no dataset is there or none fits the model.
    pub fn read(model: &Arc<Model>, home: &Path, progress: &Progress) -> Result<Self> {
        let mut named = model.note.data.clone();
        named.sort();
        named.dedup(); // some are learnt several times
        ensure!(!named.is_empty(), "This model does not say which pictures it learnt from.");
        let (there, missing): (Vec<_>, Vec<_>) =
            named.into_iter().partition(|name| existing(&home.join(name)).exists());
        if there.is_empty() {
            bail!("The pictures that this model learnt from are not there: {}.", missing.join(", "));
        }
        let options = options_of(model)?;
        let read = |name: &String| {
            ensure!(progress.tell(0.0), "stopped");
            Ok(load(&existing(&home.join(name)), &options)?.train)
        };
        let all = Dataset::concat(there.iter().map(read).collect::<Result<_>>()?)?.only(&model.classes);
        ensure!(all.size() == model.preprocessing.size(), "The pictures in {} have another size.", there.join(", "));
        ensure!(!all.is_empty(), "{} holds no pictures of this model's classes.", there.join(", "));
        let (pictures, neighbours) = look(model, &all, progress)?;
        let mut about = format!("Looked at {} of {} pictures in {}", pictures.len(), all.len(), there.join(", "));
        if !missing.is_empty() {
            about += &format!("; not there: {}", missing.join(", "));
        }
        Ok(Self { pictures, neighbours, about: about + "." })
    }

    /// The `n` pictures whose features are most like these.
    pub fn most_alike(&self, features: &[f32], n: usize) -> Vec<AlikePicture> {
        let picture = |(i, likeness)| AlikePicture {
            pixels: self.pictures.image(i).to_vec(),
            class: self.pictures.class_of(i).to_string(),
            likeness,
        };
        self.neighbours.nearest(features, n).into_iter().map(picture).collect()
    }
}

/// How the training read its data, by the flags of its command. Colour presets preprocess arrays without a flag.
fn options_of(model: &Model) -> Result<LoadOptions> {
    let words: Vec<&str> = model.note.command.split([' ', '=']).collect();
    let has = |flags: &[&str]| words.iter().any(|word| flags.contains(word));
    let limit = words.iter().skip_while(|word| **word != "--limit").nth(1);
    ensure!(!has(&["--classes"]), "This model learnt with --classes: here its pictures cannot be read so.");
    let preprocesses = model.preprocessing.size().channels == 3 || has(&["--size", "--centre", "--center"]);
    Ok(LoadOptions {
        preprocessing: model.preprocessing.clone(),
        arrays: if preprocesses { Arrays::Preprocess } else { Arrays::AsTheyAre },
        transpose: has(&["--transpose"]),
        limit: limit.and_then(|n| n.parse().ok()),
        y_up: has(&["--y-up"]),
        tiny: has(&["--tiny"]),
        no_test: true,
        skip_bad: true,
        memory: memory::limit(None),
        ..LoadOptions::default()
    })
}

/// Looks at the pictures within the limits.
fn look(model: &Arc<Model>, all: &Dataset, progress: &Progress) -> Result<(Dataset, Neighbours)> {
    let (reader, start) = (Reader::new(model.clone()), Instant::now());
    let width = reader.features_of(all.image(0)).len().max(1);
    let most = PICTURES.min(MEMORY / (width * size_of::<f32>())).max(1);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|i| (*i as u32).wrapping_mul(0x9e37_79b9)); // the first of these are an even choice, however many
    order.truncate(most);
    let mut features = vec![];
    let mut looked_at = 0;
    for some in order.chunks(TOGETHER) {
        features.extend(reader.features_of(all.select(some).pixels()));
        looked_at += some.len();
        ensure!(progress.tell(looked_at as f32 / order.len() as f32), "stopped");
        if start.elapsed() > TIME {
            break;
        }
    }
    Ok((all.select(&order[..looked_at]), Neighbours::new(features, width)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use builtin::Builtin;

    #[test]
    fn pictures_are_read_as_the_training_read_them() {
        let mut model = Builtin::Digits.model().unwrap();
        let mut read = |command: &str| {
            model.note.command = command.into();
            options_of(&model).map_err(|error| error.to_string())
        };
        let plain = read("train --data digits").unwrap();
        assert!(plain.arrays == Arrays::AsTheyAre && !plain.transpose && !plain.y_up && !plain.tiny);
        let other = read("train --data digits --transpose --y-up --size=28x28 --limit 100").unwrap();
        assert!(other.arrays == Arrays::Preprocess && other.transpose && other.y_up);
        assert_eq!((plain.limit, other.limit), (None, Some(100)));
        assert!(read("train --data digits --classes names.txt").is_err_and(|error| error.contains("--classes")));
    }
}

//! Answers about every sample from networks that have not learned it, so that a wrong label stands out.

use anyhow::Result;
use cli::say::Say;
use nn_data::{Dataset, Preprocessing, Size};
use nn_io::evaluate;
use nn_train::{AugmentLevel, Chosen, Data, Preset, Recipe, Run, fit, hidden_layers};
use std::ops::ControlFlow;

/// The parts that a dataset is cut into: a network learns all but one and reads that one.
const FOLDS: usize = 4;
/// Passes over the samples. More would let a network learn wrong labels by heart.
const EPOCHS: u32 = 4;
/// The shortest side of pictures that convolutions are used for.
const SIDE: usize = 16;
/// Fewer samples of a class tell a network nothing.
pub const FEWEST: usize = 2 * FOLDS;

/// The probabilities of every sample's classes (classes x samples), each by a network trained on the other samples.
///
/// # Errors
/// When no network can be made for the pictures.
pub fn probabilities(data: &Dataset, say: &Say) -> Result<Vec<f32>> {
    let classes = data.classes().len();
    let input = preprocessing(data);
    let mut all = vec![0.0; data.len() * classes];
    for fold in 0..FOLDS {
        say.line(format_args!("training on the samples outside of part {} of {FOLDS}", fold + 1));
        let (held, learned) = cut(data, fold);
        let train = data.select(&learned);
        let plan = recipe(&train, &input)?;
        let mut run = Run::new(&plan, data.size(), classes)?;
        let what = Data { train: &train, validation: None, negatives: None, preprocessing: &input };
        fit(&mut run, &plan, &what, &mut |_| ControlFlow::Continue(()));
        let network = run.into_network(&train, &input);
        let answers = evaluate(&network, &data.select(&held), &input, plan.loss());
        for (place, &sample) in held.iter().enumerate() {
            all[sample * classes..][..classes].copy_from_slice(answers.sample(place));
        }
    }
    Ok(all)
}

/// The samples of a part, and all others. Of each class every fourth sample is in a part.
fn cut(data: &Dataset, fold: usize) -> (Vec<usize>, Vec<usize>) {
    let mut seen = vec![0; data.classes().len()];
    (0..data.len()).partition(|&i| {
        let place = &mut seen[data.label(i) as usize];
        *place += 1;
        *place % FOLDS == fold
    })
}

/// A small network that learns in seconds.
fn recipe(train: &Dataset, preprocessing: &Preprocessing) -> Result<Recipe> {
    let Size { height, width, .. } = train.size();
    let layers = match height.min(width) < SIDE {
        true => "dense:128, relu",
        false => "conv:16x5, relu, pool:2, conv:32x3, relu, pool:2, dense:128, relu",
    };
    let mut small = Preset::Mlp.recipe();
    small.layers = hidden_layers(layers)?;
    (small.epochs, small.batch_size, small.augment, small.fade) = (EPOCHS, 64, AugmentLevel::None, 0.0);
    small.adapt(train, preprocessing, Chosen { epochs: false, augment: true });
    Ok(small)
}

/// Values as a network learns them well: grey ones from 0 to 1, colours standardised.
fn preprocessing(data: &Dataset) -> Preprocessing {
    let Size { height, width, channels } = data.size();
    let (width, height) = (width as u32, height as u32);
    if channels == 1 {
        return Preprocessing::centred(width, height);
    }
    let (mean, std) = data.mean_std();
    let std = std.into_iter().map(|deviation| deviation.max(1e-3)).collect();
    Preprocessing { mean, std, ..Preprocessing::picture(width, height, channels as u32) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_held_back_once() {
        let names: Vec<&str> = ["a", "b"].into_iter().cycle().take(18).collect();
        let data = Dataset::from_names(Size::new(1, 1, 1), vec![0; 18], &names, vec![]).unwrap();
        let mut held: Vec<usize> = (0..FOLDS).flat_map(|fold| cut(&data, fold).0).collect();
        held.sort_unstable();
        assert_eq!(held, (0..18).collect::<Vec<_>>());
        for fold in 0..FOLDS {
            let (held, learned) = cut(&data, fold);
            assert_eq!(held.len() + learned.len(), 18);
            assert!(data.select(&learned).counts().iter().all(|&count| count >= 6), "both classes are learned");
        }
    }
}

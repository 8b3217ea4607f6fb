//! The learning rate range test: the loss while the learning rate grows from step to step.

use crate::fit::{Data, batches_of};
use crate::recipe::Recipe;
use crate::run::Run;
use nn_core::metrics::Score;
use std::ops::ControlFlow;

/// Rates from the least to the greatest, which lie evenly on a logarithmic scale.
const RATES: u32 = 100;
/// At each rate the network learns at least this many samples, in as many batches as they take.
const SAMPLES: usize = 128;
/// The least and the greatest rate.
const ENDS: (f64, f64) = (1e-6, 10.0);
/// The test ends where the loss has grown to this many times its least value.
const BROKEN: f64 = 4.0;
/// Losses are smoothed over this many rates to either side.
const SIDE: usize = 3;

/// The outcome of a learning rate range test.
///
/// L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2015.
pub struct RangeTest {
    /// Learning rates that grow evenly on a logarithmic scale, and the mean loss of the batches that were learnt at each.
    pub losses: Vec<(f32, f64)>,
}

impl RangeTest {
    /// Trains `run` at up to 101 learning rates from 1e-6 to 10, for at least 128 samples at each, in whole batches, and notes the losses.
    /// Ends where the loss breaks out, or the listener, whom each step is told to, breaks.
    ///
    /// Runs on the rayon pool of the calling thread: call it inside `ThreadPool::install`.
    pub fn new(
        run: &mut Run,
        recipe: &Recipe,
        data: &Data<'_>,
        listener: &mut (dyn FnMut() -> ControlFlow<()> + Send),
    ) -> Self {
        let mut batches = batches_of(recipe, data);
        batches.set_augment(recipe.augment(1));
        let mut test = Self { losses: vec![] };
        let mut score = Score::default();
        for epoch in 1.. {
            let flow = batches.epoch(epoch, |batch| {
                score += run.trainer.step(&batch.x, &batch.labels, rate(test.losses.len() as u32));
                let is_over = score.samples >= SAMPLES && !test.goes_on(std::mem::take(&mut score).loss());
                if is_over { ControlFlow::Break(()) } else { listener() }
            });
            if flow.is_break() {
                break;
            }
        }
        test
    }

    /// Notes the loss at the next rate, and returns whether the test goes on.
    fn goes_on(&mut self, loss: f64) -> bool {
        let least = self.losses.iter().map(|(_, loss)| *loss).fold(loss, f64::min);
        let is_whole = loss.is_finite() && loss <= BROKEN * least;
        if is_whole {
            self.losses.push((rate(self.losses.len() as u32), loss));
        }
        is_whole && self.losses.len() <= RATES as usize
    }

    /// The losses, each smoothed over three rates to either side; the first and last three are left out.
    pub fn smoothed(&self) -> Vec<(f32, f64)> {
        let mean = |around: &[(f32, f64)]| {
            let sum: f64 = around.iter().map(|(_, loss)| loss).sum();
            (around[SIDE].0, sum / around.len() as f64)
        };
        self.losses.windows(2 * SIDE + 1).map(mean).collect()
    }

    /// The learning rate at which the smoothed loss falls fastest on the logarithmic scale, on its way to its least value;
    /// `None` where it never falls.
    pub fn suggestion(&self) -> Option<f32> {
        let fall = |around: &[(f32, f64)]| (around[1].0, around[0].1 - around[2].1);
        let mut smoothed = self.smoothed();
        let least = (0..smoothed.len()).min_by(|a, b| smoothed[*a].1.total_cmp(&smoothed[*b].1));
        smoothed.truncate(least.map_or(0, |least| least + 1));
        let falls = smoothed.windows(3).map(fall).filter(|(_, fall)| *fall > 0.0);
        falls.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(rate, _)| rate)
    }
}

/// The learning rate with this number, from 0.
fn rate(number: u32) -> f32 {
    let (from, to) = ENDS;
    (from * (to / from).powf(f64::from(number) / f64::from(RATES))) as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::options::AugmentLevel;
    use crate::preset::Preset;
    use nn_data::{Dataset, Preprocessing, Size};

    /// A test on a hundred pictures, bright on the left or on the right.
    fn tested(mut listener: impl FnMut() -> ControlFlow<()> + Send) -> RangeTest {
        let pixels = (0..100u8).flat_map(|i| if i % 2 == 0 { [220 + i % 9, i % 7] } else { [i % 7, 220 + i % 9] });
        let data = Dataset::from_names(Size::new(1, 2, 1), pixels.collect(), &["a", "b"].repeat(50), vec![]).unwrap();
        let mut recipe = Recipe { augment: AugmentLevel::None, fade: 0.0, ..Preset::Mlp.recipe() };
        (recipe.layers, recipe.batch_size) = (crate::hidden_layers("dense:16, relu").unwrap(), 20);
        let mut run = Run::new(&recipe, data.size(), 2).unwrap();
        let preprocessing = Preprocessing::picture(2, 1, 1);
        let data = Data { train: &data, validation: None, negatives: None, preprocessing: &preprocessing };
        RangeTest::new(&mut run, &recipe, &data, &mut listener)
    }

    #[test]
    fn a_rate_is_found_at_which_the_loss_falls() {
        let test = tested(|| ControlFlow::Continue(()));
        let rate = test.suggestion().unwrap();
        let loss_at = |rate: f32| test.smoothed().iter().find(|(at, _)| *at >= rate).unwrap().1;
        assert!((1e-4..1.0).contains(&rate), "{rate}");
        assert!(loss_at(rate / 4.0) > loss_at(rate) && loss_at(rate) > loss_at(4.0 * rate), "{rate}");
        assert!(test.losses.windows(2).all(|two| two[0].0 < two[1].0));
    }

    #[test]
    fn the_suggestion_is_where_the_loss_falls_fastest() {
        let of =
            |loss: &dyn Fn(f64) -> f64| RangeTest { losses: (0..100).map(|i| (rate(i), loss(f64::from(i)))).collect() };
        let falls = of(&|i| 1.0 / (1.0 + ((i - 60.0) / 4.0).exp()));
        assert_eq!(falls.suggestion(), Some(rate(60)));
        assert_eq!(of(&|i| i).suggestion(), None);
        let rebound = |i: f64| if i < 80.0 { (i - 50.0).abs() / 100.0 } else { 2.0 - (i - 80.0) / 20.0 };
        assert!(of(&rebound).suggestion().unwrap() < rate(50), "not where the loss, once it has risen, falls again");
        assert_eq!(RangeTest { losses: vec![] }.suggestion(), None);
        let smoothed = of(&|i| i).smoothed();
        assert!((3..).zip(&smoothed).all(|(i, loss)| (loss.1 - f64::from(i)).abs() < 1e-9), "a line stays one");
    }

    #[test]
    fn the_test_ends_when_the_listener_says_so() {
        let mut left = 5 * 7; // a rate takes seven batches of twenty
        let test = tested(|| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(test.losses.len(), 5);
    }
}

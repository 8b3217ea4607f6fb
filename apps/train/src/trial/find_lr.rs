//! `train --find-lr`: a learning rate for a recipe and its data, by a short training at growing rates.

use crate::datasets::Sets;
use anyhow::{Result, bail};
use cli::say::Say;
use nn_train::{Data, RangeTest, Recipe, Run};
use report::plot::axis::Axis;
use report::plot::{Curve, Plot, VALIDATION, terminal};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// With fewer learning rates no fall of the smoothed loss can be told.
const ENOUGH: usize = 9;

/// Makes the test, and prints its plot and the learning rate that it suggests.
///
/// # Errors
/// After Ctrl-C, and where the loss falls at no rate.
pub fn run(recipe: &Recipe, sets: &Sets, mut run: Run, stop: &AtomicBool, say: Say) -> Result<()> {
    let Sets { train, negatives, preprocessing, .. } = sets;
    let data = Data { train, validation: None, negatives: negatives.as_ref(), preprocessing };
    say.line("trains at learning rates from 1e-6 to 10, until the loss breaks out");
    let test = RangeTest::new(&mut run, recipe, &data, &mut || {
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if stop.load(Ordering::Relaxed) {
        bail!("stopped by Ctrl-C or a signal before the test was over");
    }
    if test.losses.len() < ENOUGH {
        bail!(
            "the loss breaks out after {} learning rates, too few to compare; a larger --batch-size makes it steadier",
            test.losses.len()
        );
    }
    let Some(rate) = test.suggestion() else {
        bail!(
            "the loss falls at no learning rate from 1e-6 to 10; `train --overfit 10` tells whether the network learns at all"
        )
    };
    cli::say::result(format_args!(
        "loss by learning rate, smoothed\n{}{}",
        terminal::draw(&plot(&test)),
        told(rate, recipe.lr, least(&test))
    ))
}

/// The suggestion in two digits, and how to use it.
fn told(rate: f32, of_recipe: f32, least: f32) -> String {
    let [rate, least] = [rate, least].map(|rate| format!("{rate:.1e}").parse().unwrap_or(rate));
    format!(
        "the loss falls fastest at {rate} and is least at {least}: good rates lie between; this recipe has {of_recipe}\n\
         suggested learning rate {rate}: train with --lr {rate}"
    )
}

/// The rate of the least smoothed loss.
fn least(test: &RangeTest) -> f32 {
    let least = test.smoothed().into_iter().min_by(|a, b| a.1.total_cmp(&b.1));
    least.map_or(0.0, |(rate, _)| rate)
}

/// The smoothed loss over the rates.
fn plot(test: &RangeTest) -> Plot {
    let points: Vec<(f64, f64)> = test.smoothed().into_iter().map(|(rate, loss)| (rate.into(), loss)).collect();
    let (first, last) = (points.first().map_or(1e-6, |point| point.0), points.last().map_or(10.0, |point| point.0));
    let y = Axis::losses(points.iter().map(|point| point.1));
    Plot {
        x: Axis::rates(first, last.max(2.0 * first)),
        y,
        curves: vec![Curve { name: "loss".into(), look: VALIDATION, points }],
    }
}

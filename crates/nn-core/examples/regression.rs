//! Regression: a network learns a sine from noisy points by the mean squared error. Draws the points and the curve.
//!
//! `cargo run --release -p nn-core --example regression`

use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Loss, Network, Schedule, Shape, Trainer};
use std::f32::consts::PI;

const STEPS: u64 = 2000;
const NOISE: f32 = 0.1;

fn main() -> Result<(), nn_core::Error> {
    let mut rng = Rng::new(1);
    let x: Vec<f32> = (0..100).map(|i| i as f32 / 49.5 - 1.0).collect(); // -1 to 1: networks like small inputs
    let y: Vec<f32> = x.iter().map(|x| (PI * x).sin() + NOISE * rng.normal()).collect();

    // The last layer is dense without an activation, so that an output may have any value.
    let architecture = Architecture::new(Shape::flat(1)).dense(32).tanh().dense(32).tanh().dense(1);
    let mut trainer = Trainer::new(Network::new(architecture, 1)?, Loss::MeanSquaredError, Adam::default(), 1)?;
    for step in 0..STEPS {
        let score = trainer.step(&x, &y, Schedule::OneCycle.rate(0.01, step, STEPS, 0));
        if step % 400 == 399 {
            println!("step {:4}  loss {:.5}", step + 1, score.loss());
        }
    }

    let network = trainer.into_network();
    draw(&network, &x, &y);
    let between: Vec<f32> = (0..99).map(|i| (i as f32 - 49.0) / 49.5).collect(); // halfway between the points
    let errors = network.predict(&between).into_iter().zip(&between).map(|(p, x)| (p - (PI * x).sin()).powi(2));
    let error = (errors.sum::<f32>() / between.len() as f32).sqrt();
    println!("the points are {NOISE} off the sine, the network {error:.3}");
    assert!(error < NOISE / 2.0, "it should have learnt the sine, and not the noise");
    Ok(())
}

/// Prints the points as dots and the network's curve as stars.
fn draw(network: &Network, x: &[f32], y: &[f32]) {
    let mut canvas = [[' '; 66]; 19];
    let mut dot = |x: f32, y: f32, c| {
        canvas[(9.0 - 7.0 * y).round().clamp(0.0, 18.0) as usize][((x + 1.0) * 32.5).round() as usize] = c
    };
    x.iter().zip(y).for_each(|(x, y)| dot(*x, *y, '.'));
    let columns: Vec<f32> = (0..66).map(|column| column as f32 / 32.5 - 1.0).collect();
    columns.iter().zip(network.predict(&columns)).for_each(|(x, y)| dot(*x, y, '*'));
    canvas.iter().for_each(|line| println!("{}", line.iter().collect::<String>()));
}

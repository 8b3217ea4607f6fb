//! The batches of an epoch alone, without a network: shuffling, gathering, distorting and scaling MNIST's training pictures. Times are the
//! best of some runs.
//!
//! `cargo bench -p nn-data --bench batches`

use nn_data::{Augment, Batches, LoadOptions, load};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

const RUNS: u64 = 5;

fn main() -> Result<(), nn_data::Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist");
    let options = LoadOptions { no_test: true, ..LoadOptions::default() };
    let start = Instant::now();
    let dataset = load(&folder, &options)?.train;
    println!(
        "{} threads; {} pictures are read in {:.2?}",
        rayon::current_num_threads(),
        dataset.len(),
        start.elapsed()
    );
    println!("{:<34} {:>9} {:>11}", "batches of 128", "epoch s", "pictures/s");
    rayon::scope(|_| {
        for (name, augment) in [
            ("as they are", Augment::none()),
            ("distorted slightly (light)", Augment::light()),
            ("distorted as handwriting (full)", Augment::full()),
            ("still more (strong)", Augment::strong()),
        ] {
            let mut batches = Batches::of(&dataset, &options.preprocessing).augment(augment);
            let mut epoch = |number| {
                let start = Instant::now();
                let _ = batches.epoch(number, |batch| {
                    black_box(batch);
                    ControlFlow::<()>::Continue(())
                });
                start.elapsed().as_secs_f64()
            };
            let seconds = (1..=RUNS).map(&mut epoch).fold(f64::MAX, f64::min);
            println!("{name:<34} {seconds:>9.3} {:>11.0}", dataset.len() as f64 / seconds);
        }
    });
    Ok(())
}

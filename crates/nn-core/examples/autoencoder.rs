//! An autoencoder: digits are squeezed into 16 numbers and drawn again from those alone. Then the numbers of one digit are
//! moved towards those of another, and each stage is drawn.
//!
//! `cargo run --release -p nn-core --example autoencoder` writes the picture `runs/autoencoder.png`, or the one that an
//! argument names.

use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Error, Loss, Network, Schedule, Shape, Trainer};
use std::io::Read;
use std::path::Path;

const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;
const CODE: usize = 16;
const BATCH: usize = 100;
const STEPS: u64 = 6000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (train, test) = (digits("train")?, digits("t10k")?);
    let [encoder, decoder] = learn(&train)?;
    let codes = encoder.predict(&test);
    let drawn = decoder.predict(&codes);
    println!("{}", [encoder.summary(), decoder.summary()].join("\n"));

    let mean: Vec<f32> = (0..PIXELS).map(|i| mean(train.iter().skip(i).step_by(PIXELS).copied())).collect();
    let error = mean_square(drawn.iter().zip(&test));
    let of_mean = mean_square(mean.iter().cycle().zip(&test));
    println!("mean squared error on the test digits: {error:.4}; of the mean digit: {of_mean:.4}");
    assert!(error < 0.25 * of_mean, "16 numbers should tell most of a digit");

    let path = std::env::args().nth(1).unwrap_or_else(|| "runs/autoencoder.png".into());
    let rows = [&test[..10 * PIXELS], &drawn[..10 * PIXELS], &decoder.predict(&between(&codes, 10))];
    write(Path::new(&path), &rows)?;
    println!("{path} shows ten digits, the same drawn from {CODE} numbers, and the way from the first to the second");
    Ok(())
}

/// Trains encoder and decoder as one network, whose targets are its inputs, and parts them.
fn learn(train: &[f32]) -> Result<[Network; 2], Error> {
    let encoder = Architecture::new(Shape::flat(PIXELS)).dense(128).relu().dense(CODE);
    let decoder = Architecture::new(Shape::flat(CODE)).dense(128).relu().dense(PIXELS).sigmoid();
    let whole = Architecture { input: encoder.input, layers: [&encoder.layers[..], &decoder.layers].concat() };
    let mut trainer = Trainer::new(Network::new(whole, 1)?, Loss::MeanSquaredError, Adam::default(), 1)?;
    let (mut rng, mut batch) = (Rng::new(1), vec![]);
    for step in 0..STEPS {
        batch.clear();
        for _ in 0..BATCH {
            let sample = rng.next_u64() as usize % (train.len() / PIXELS);
            batch.extend(&train[sample * PIXELS..][..PIXELS]);
        }
        let score = trainer.step(&batch, &batch, Schedule::OneCycle.rate(0.004, step, STEPS, 0));
        if step % 1000 == 999 {
            println!("step {} of {STEPS}  loss {:.4}", step + 1, score.loss());
        }
    }
    let params = trainer.into_network().params().to_vec();
    let (first, second) = params.split_at(Network::new(encoder.clone(), 1)?.params().len());
    Ok([Network::from_parts(encoder, first.to_vec(), vec![])?, Network::from_parts(decoder, second.to_vec(), vec![])?])
}

/// `n` codes on the line from the first code to the second.
fn between(codes: &[f32], n: usize) -> Vec<f32> {
    let share = |i: usize| i as f32 / (n - 1) as f32;
    (0..n).flat_map(|i| (0..CODE).map(move |c| codes[c] + share(i) * (codes[CODE + c] - codes[c]))).collect()
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), value| (sum + value as f64, n + 1));
    (sum / n as f64) as f32
}

fn mean_square<'a>(pairs: impl Iterator<Item = (&'a f32, &'a f32)>) -> f32 {
    mean(pairs.map(|(a, b)| (a - b).powi(2)))
}

/// The pictures of one part of `data/mnist`, values 0 to 1.
fn digits(part: &str) -> std::io::Result<Vec<f32>> {
    let path = format!("{}/../../data/mnist/{part}-images-idx3-ubyte.gz", env!("CARGO_MANIFEST_DIR"));
    let mut bytes = vec![];
    flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes[16..].iter().map(|pixel| *pixel as f32 / 255.0).collect())
}

/// Writes a PNG with a row of digits for each of `rows`, dark on light.
fn write(path: &Path, rows: &[&[f32]]) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let across = rows[0].len() / PIXELS;
    let mut encoder =
        png::Encoder::new(std::fs::File::create(path)?, (across * SIDE) as u32, (rows.len() * SIDE) as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let lines = rows.iter().flat_map(|row| (0..SIDE).flat_map(move |y| (0..across).map(move |i| (row, y, i))));
    let pixels = lines.flat_map(|(row, y, i)| &row[i * PIXELS + y * SIDE..][..SIDE]);
    encoder.write_header()?.write_image_data(&pixels.map(|value| (255.0 * (1.0 - value)) as u8).collect::<Vec<_>>())?;
    Ok(())
}

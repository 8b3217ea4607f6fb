//! Prints how long a line of twenty characters takes, from strokes and from a picture, on one thread:
//! `cargo bench -p nn-lines`.

use builtin::Builtin;
use nn_data::Ink;
use nn_lines::LineReader;
use std::time::Instant;

/// Lines that are read one after the other.
const TIMES: usize = 21;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = LineReader::new(Builtin::Characters.model()?)?;
    let ink = line();
    let picture = ink.fitted(0.95).rasterise(800, 0.006).into();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    pool.install(|| {
        print("strokes", || reader.read_ink(&ink).into_iter().map(|line| line.text).collect());
        print("a picture", || reader.read_picture(&picture).into_iter().map(|line| line.text).collect());
    });
    Ok(())
}

/// Prints the median time of some readings.
fn print(what: &str, read: impl Fn() -> String) {
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            std::hint::black_box(read());
            began.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{:<10} {:>6.1} ms, one thread: {}", what, times[TIMES / 2], read());
}

/// Twenty characters of one to three strokes, each of a pen's usual number of points.
fn line() -> Ink {
    let stroke = |points: &[[f32; 2]], left: f32| -> Vec<[f32; 2]> {
        let between = |pair: &[[f32; 2]]| {
            let (a, b) = (pair[0], pair[1]);
            (0..16).map(move |i| [0, 1].map(|k| a[k] + (b[k] - a[k]) * i as f32 / 15.0)).collect::<Vec<_>>()
        };
        points.windows(2).flat_map(between).map(|[x, y]| [x + left, y]).collect()
    };
    let letters: [&[&[[f32; 2]]]; 4] = [
        &[&[[0.0, 0.0], [0.0, 10.0]], &[[6.0, 0.0], [6.0, 10.0]], &[[0.0, 5.0], [6.0, 5.0]]],
        &[&[[0.0, 0.0], [0.0, 10.0], [5.0, 10.0]]],
        &[&[[3.5, 0.0], [3.5, 10.0]], &[[0.0, 0.0], [7.0, 0.0]]],
        &[&[[0.0, 0.0], [6.0, 0.0], [0.0, 10.0], [6.0, 10.0]]],
    ];
    let place = |i: usize| 9.0 * i as f32 + 6.0 * (i / 5) as f32;
    let strokes = (0..20).flat_map(|i| letters[i % 4].iter().map(move |points| stroke(points, place(i))));
    Ink { strokes: strokes.collect() }
}

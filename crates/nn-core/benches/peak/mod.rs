//! The speed of multiplications of this thread.

use nn_core::kernels::simd::{Loop, Vectors, dispatch};
use std::hint::black_box;
use std::time::Instant;

/// Sums that do not wait for each other: enough to keep two units of multiplication busy.
const SUMS: usize = 12;
const STEPS: usize = 100_000;

/// Multiplies and adds vectors in registers, with nothing to read or to write.
struct Multiply;

impl Loop for Multiply {
    type Output = f64;

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) -> f64 {
        let (a, b) = (v.splat(black_box(0.5)), v.splat(black_box(0.25)));
        let mut sums = [v.splat(black_box(0.0)); SUMS];
        for _ in 0..STEPS {
            sums.iter_mut().for_each(|sum| *sum = v.mul_add(a, *sum, b));
        }
        sums.into_iter().for_each(|sum| {
            black_box(v.sum(sum));
        });
        (2 * SUMS * STEPS * V::LANES) as f64
    }
}

/// Returns how many floating-point operations this thread does in a nanosecond.
pub fn peak() -> f64 {
    let speed = |_| {
        let start = Instant::now();
        let operations = dispatch(Multiply);
        operations / start.elapsed().as_secs_f64() / 1e9
    };
    (0..50).map(speed).fold(0.0, f64::max)
}

//! Per-channel values repeated side by side, so that loops over few channels still fill whole vectors.

/// The largest number of values that channels are repeated to.
pub const WIDE: usize = 256;

/// Repeats the values in `scratch` as often as they fit, and returns them; returns `values` themselves where they are many.
#[inline(always)]
pub fn repeat<'a>(values: &'a [f32], scratch: &'a mut [f32; WIDE]) -> &'a [f32] {
    let n = values.len();
    if n > WIDE / 2 {
        return values;
    }
    let wide = &mut scratch[..WIDE / n * n];
    wide.chunks_exact_mut(n).for_each(|part| part.copy_from_slice(values));
    wide
}

/// Lets `f` add up values in an array of zeros whose entries repeat the channels, then sums that array by channel into `sums`.
#[inline(always)]
pub fn sums(sums: &mut [f32], mut f: impl FnMut(&mut [f32])) {
    let n = sums.len();
    sums.fill(0.0);
    if n > WIDE / 2 {
        return f(sums);
    }
    let wide = &mut [0.0; WIDE][..WIDE / n * n];
    f(wide);
    for part in wide.chunks_exact(n) {
        sums.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_repeated_and_summed() {
        for n in [1, 3, 16, 128, 129, 700] {
            let values: Vec<f32> = (0..n).map(|i| i as f32).collect();
            let (scratch, mut total) = (&mut [0.0; WIDE], vec![f32::NAN; n]);
            let wide = repeat(&values, scratch);
            assert!(wide.len().is_multiple_of(n) && wide.iter().enumerate().all(|(i, v)| *v == (i % n) as f32));
            sums(&mut total, |sum| sum.iter_mut().enumerate().for_each(|(i, s)| *s += (i % n) as f32));
            let times = (wide.len() / n) as f32;
            assert!(total.iter().zip(&values).all(|(t, v)| *t == times * v));
        }
    }
}

//! Few channels side by side: one value a channel, repeated until whole vectors are full.

/// Values that channels are repeated to, at most.
pub(crate) const WIDE: usize = 256;

/// The values again and again in `room`, as often as they fit; the values themselves where they are many.
#[inline(always)]
pub(crate) fn repeat<'a>(values: &'a [f32], room: &'a mut [f32; WIDE]) -> &'a [f32] {
    let n = values.len();
    if n > WIDE / 2 {
        return values;
    }
    let wide = &mut room[..WIDE / n * n];
    wide.chunks_exact_mut(n).for_each(|part| part.copy_from_slice(values));
    wide
}

/// What `f` adds up in an array of zeros, channel after channel again and again, summed by channel into `sums`.
#[inline(always)]
pub(crate) fn sums(sums: &mut [f32], mut f: impl FnMut(&mut [f32])) {
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
            let (room, mut total) = (&mut [0.0; WIDE], vec![f32::NAN; n]);
            let wide = repeat(&values, room);
            assert!(wide.len().is_multiple_of(n) && wide.iter().enumerate().all(|(i, v)| *v == (i % n) as f32));
            sums(&mut total, |sum| sum.iter_mut().enumerate().for_each(|(i, s)| *s += (i % n) as f32));
            let times = (wide.len() / n) as f32;
            assert!(total.iter().zip(&values).all(|(t, v)| *t == times * v));
        }
    }
}

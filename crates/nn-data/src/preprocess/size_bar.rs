//! The size bar: the last row of a frame shows the network how large the character was on its page.
//!
//! Once each character fills its frame, o, O and 0 look alike, as do s and S. Only their size told them apart. The bar's
//! length is the character's longer side relative to the page, on a log2 scale: the full row stands for the whole page,
//! two thirds for half of it, one third for a quarter. No bar means that the size is unknown.

use rand::{Rng, RngExt};

/// Number of halvings from the whole page to a bar of length 0.
const HALVINGS: f32 = 3.0;
/// During training this share of the bars is left out.
const HIDDEN: f32 = 0.25;
/// During training the logarithm of sizes varies by up to this, to either side.
const VARIATION: f32 = 0.4;

/// Draws the bar into the last row of a frame; `value` turns a brightness from 0 to 255 into a pixel.
pub(crate) fn write<T>(frame: &mut [T], width: usize, share: Option<f32>, value: impl Fn(f32) -> T) {
    let full = width as f32;
    let length = share.map_or(0.0, |share| (full * (1.0 + share.log2() / HALVINGS)).clamp(1.0, full));
    let start = frame.len() - width;
    for (i, pixel) in frame[start..].iter_mut().enumerate() {
        *pixel = value(255.0 * (length - i as f32).clamp(0.0, 1.0));
    }
}

/// The size that the bar in a frame stands for, as a part of the page; `None` without a bar.
pub(crate) fn read(frame: &[u8], width: usize) -> Option<f32> {
    let length = frame[frame.len() - width..].iter().map(|&p| f32::from(p) / 255.0).sum::<f32>();
    (length >= 0.5).then(|| ((length / width as f32 - 1.0) * HALVINGS).exp2())
}

/// The size changed a little at random, or `None`, so that networks also learn to read without the bar.
pub(crate) fn varied(share: Option<f32>, rng: &mut impl Rng) -> Option<f32> {
    let [shown, a, b] = std::array::from_fn(|_| rng.random::<f32>());
    share.filter(|_| shown >= HIDDEN).map(|share| share * (VARIATION * (a + b - 1.0)).exp())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::random::generator;

    #[test]
    fn what_is_written_is_read() {
        let mut frame = vec![7; 28 * 28];
        for share in [0.14, 0.25, 0.4, 0.5, 1.0] {
            write(&mut frame, 28, Some(share), |value| value.round() as u8);
            let found = read(&frame, 28).unwrap();
            assert!((found / share - 1.0).abs() < 0.01, "{found} for {share}");
        }
        assert!(frame[..27 * 28].iter().all(|&p| p == 7), "the other rows stay");
        for (share, shown) in [(0.0, 0.125), (0.01, 0.125), (3.0, 1.0)] {
            write(&mut frame, 28, Some(share), |value| value.round() as u8);
            assert!((read(&frame, 28).unwrap() / shown - 1.0).abs() < 0.1, "{share} is out of range");
        }
        write(&mut frame, 28, None, |value| value.round() as u8);
        assert_eq!(read(&frame, 28), None);
    }

    #[test]
    fn sizes_vary_and_are_sometimes_hidden() {
        let mut rng = generator(&[1]);
        let all: Vec<_> = (0..1000).map(|_| varied(Some(0.4), &mut rng)).collect();
        assert!((200..300).contains(&all.iter().filter(|share| share.is_none()).count()));
        let seen: Vec<f32> = all.into_iter().flatten().collect();
        assert!(seen.iter().all(|&share| (0.26..0.6).contains(&share)) && seen[0] != seen[1]);
        assert_eq!(varied(None, &mut rng), None);
    }
}

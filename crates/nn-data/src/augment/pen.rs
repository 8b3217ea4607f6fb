//! Changes a centred picture of ink as other pens and lenses would: thicker or thinner strokes, soft edges, faint ink.

use rand::Rng;

use crate::random::uniform;
use crate::size::Size;

/// Changes a grey picture (0..255) in place, `strength` (0 to 1) times as far as pens and lenses differ. `spare` is a
/// buffer.
pub(crate) fn retouch(picture: &mut [f32], size: Size, strength: f32, rng: &mut impl Rng, spare: &mut Vec<f32>) {
    let Size { height, width, .. } = size;
    spare.resize(picture.len(), 0.0);
    // A stroke of MNIST is 2.4 pixels of 28 wide; an extreme over three pixels adds or takes two at most.
    let thicker = strength * uniform(rng, -0.6, 0.8);
    if thicker != 0.0 {
        let part = thicker.abs();
        let extreme: fn(f32, f32) -> f32 = if thicker > 0.0 { f32::max } else { f32::min };
        neighbours(picture, height, width, spare, extreme);
        picture.iter_mut().zip(&*spare).for_each(|(p, extreme)| *p += part * (extreme - *p));
    }
    let soft = strength * uniform(rng, -0.7, 1.0);
    if soft > 0.0 {
        neighbours(picture, height, width, spare, |a, b| a + b);
        // The sum over a row of three, then over three rows, is 9 times the mean.
        picture.iter_mut().zip(&*spare).for_each(|(p, sum)| *p += soft * (sum / 9.0 - *p));
    }
    let gain = (strength * uniform(rng, -0.25, 0.7)).exp();
    let gamma = strength * uniform(rng, -0.4, 0.4);
    for p in picture {
        let value = (*p * gain).min(255.0);
        *p = value + gamma * value * (1.0 - value / 255.0);
    }
}

/// Joins the 3x3 values around each pixel by `join`; outside the picture they are 0.
#[inline(always)]
fn neighbours(picture: &[f32], height: usize, width: usize, out: &mut [f32], join: impl Fn(f32, f32) -> f32) {
    let mut rows = [[0.0; 64]; 3];
    let mut wide = vec![];
    let across = |y: usize, row: &mut [f32]| match picture.get(y * width..(y + 1) * width).filter(|_| y < height) {
        None => row.fill(0.0),
        Some(source) => {
            for x in 0..width {
                let left = if x > 0 { source[x - 1] } else { 0.0 };
                let right = if x + 1 < width { source[x + 1] } else { 0.0 };
                row[x] = join(join(left, source[x]), right);
            }
        }
    };
    // Three rows at a time, on the stack where they fit.
    let rows: &mut [f32] = if width <= 64 {
        rows.as_flattened_mut()
    } else {
        wide.resize(3 * width, 0.0);
        &mut wide
    };
    let stride = rows.len() / 3;
    across(0, &mut rows[stride..stride + width]);
    for y in 0..height {
        across(y + 1, &mut rows[(y + 2) % 3 * stride..][..width]);
        for x in 0..width {
            out[y * width + x] = join(join(rows[x], rows[stride + x]), rows[2 * stride + x]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::generator;

    #[test]
    fn neighbours_are_those_around() {
        let picture: Vec<f32> = (1..=12).map(|p| p as f32).collect();
        let mut out = vec![0.0; 12];
        neighbours(&picture, 3, 4, &mut out, f32::max);
        assert_eq!(out, [6.0, 7.0, 8.0, 8.0, 10.0, 11.0, 12.0, 12.0, 10.0, 11.0, 12.0, 12.0]);
        neighbours(&picture, 3, 4, &mut out, |a, b| a + b);
        assert_eq!((out[0], out[5]), (1.0 + 2.0 + 5.0 + 6.0, 54.0));
        let wide = vec![1.0; 200];
        let mut out = vec![0.0; 200];
        neighbours(&wide, 2, 100, &mut out, f32::min);
        assert_eq!(out, [0.0; 200], "outside is 0");
    }

    #[test]
    fn strokes_change_but_stay() {
        let size = Size::new(28, 28, 1);
        let stroke = |i: usize| if (12..15).contains(&(i % 28)) && (4..24).contains(&(i / 28)) { 250.0 } else { 0.0 };
        let plain: Vec<f32> = (0..784).map(stroke).collect();
        let mut masses = vec![];
        for seed in 0..200 {
            let mut picture = plain.clone();
            retouch(&mut picture, size, 1.0, &mut generator(&[seed]), &mut vec![]);
            assert!(picture.iter().all(|p| (0.0..=255.0).contains(p)) && picture[14 * 28 + 13] > 60.0, "{seed}");
            masses.push(picture.iter().sum::<f32>() / plain.iter().sum::<f32>());
        }
        masses.sort_by(f32::total_cmp);
        assert!(masses[20] < 0.85 && masses[180] > 1.5, "{} {}", masses[20], masses[180]);
        let mut same = plain.clone();
        retouch(&mut same, size, 0.0, &mut generator(&[1]), &mut vec![]);
        assert_eq!(same, plain);
    }
}

//! Changes the size of a picture: averages over areas to shrink it, interpolates linearly to enlarge it.

use crate::size::Size;

/// The picture (of `size`, channels last) in another height and width; values keep their range. The axes are treated one
/// after the other, each on its own. An axis whose length stays is copied exactly.
pub(crate) fn resize<T: Copy + Into<f32>>(pixels: &[T], size: Size, height: usize, width: usize) -> Vec<f32> {
    let c = size.channels;
    let columns = weights(size.width, width);
    let mut narrow = vec![0.0; size.height * width * c];
    for (row, out) in pixels.chunks_exact(size.width * c).zip(narrow.chunks_exact_mut(width * c)) {
        for (pixel, (start, weights)) in out.chunks_exact_mut(c).zip(&columns) {
            for (source, weight) in row[start * c..].chunks_exact(c).zip(weights) {
                pixel.iter_mut().zip(source).for_each(|(sum, &value)| *sum += weight * value.into());
            }
        }
    }
    let mut result = vec![0.0; height * width * c];
    for (out, (start, weights)) in result.chunks_exact_mut(width * c).zip(weights(size.height, height)) {
        for (row, weight) in narrow[start * width * c..].chunks_exact(width * c).zip(weights) {
            out.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
    }
    result
}

/// For each of `to` pixels on an axis of `from` pixels: the first source pixel, and the weights from there, whose sum is 1.
fn weights(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let step = from as f32 / to as f32;
    let place = |i: usize| {
        if from > to {
            // The part of each source pixel that lies in i*step .. (i+1)*step.
            let low = i as f32 * step;
            let high = ((i + 1) as f32 * step).min(from as f32);
            let start = low as usize;
            let end = (high.ceil() as usize).min(from);
            let part = |k: usize| ((k + 1) as f32).min(high) - (k as f32).max(low);
            (start, (start..end).map(|k| (part(k) / (high - low)).max(0.0)).collect())
        } else {
            // Between the two source pixels whose centres enclose this one's centre.
            let centre = ((i as f32 + 0.5) * step - 0.5).clamp(0.0, (from - 1) as f32);
            let right = centre.fract();
            if right == 0.0 { (centre as usize, vec![1.0]) } else { (centre as usize, vec![1.0 - right, right]) }
        }
    };
    (0..to).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pixels: &[u8], width: usize) -> Vec<f32> {
        resize(pixels, Size::new(1, pixels.len(), 1), 1, width)
    }

    #[test]
    fn areas_are_averaged_and_gaps_interpolated() {
        assert_eq!(row(&[0, 100, 50, 30], 2), [50.0, 40.0]);
        assert_eq!(row(&[30, 60, 90], 2), [40.0, 80.0]);
        assert_eq!(row(&[0, 80], 4), [0.0, 20.0, 60.0, 80.0]);
        assert_eq!(row(&[7], 3), [7.0; 3]);
        let two_by_two = resize(&[0u8, 1, 100, 11, 200, 21, 100, 31], Size::new(2, 2, 2), 1, 1);
        assert_eq!(two_by_two, [100.0, 16.0], "each channel on its own");
    }

    #[test]
    fn the_same_size_is_a_copy_and_weights_sum_to_one() {
        assert_eq!(row(&[3, 1, 4, 1, 5], 5), [3.0, 1.0, 4.0, 1.0, 5.0]);
        for (from, to) in [(1, 20), (19, 20), (20, 20), (23, 20), (997, 20), (3, 7)] {
            for (start, weights) in weights(from, to) {
                assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-5 && start + weights.len() <= from);
            }
        }
    }
}

//! Puts two characters beside each other, so that a network learns not to read two as one.

use image::{GrayImage, Luma};
use rand::{Rng, RngExt};

/// Ink above this brightness counts as part of a character.
const INK: u8 = 40;

/// Two prepared pictures of this width (bright ink on black, without a size bar) beside each other, rarely one above the
/// other, close or a little into each other; `None` where one shows nothing.
pub(crate) fn pair(pictures: [&[u8]; 2], width: usize, rng: &mut impl Rng) -> Option<GrayImage> {
    let boxes = [bounds(pictures[0], width)?, bounds(pictures[1], width)?];
    let gap = rng.random_range(-2..=5);
    let aside = rng.random_range(-3..=3);
    let above = rng.random::<f32>() < 0.15;
    let sizes = boxes.map(|[left, top, right, bottom]| [(right - left) as i32, (bottom - top) as i32]);
    let second = if above { [aside, sizes[0][1] + gap] } else { [sizes[0][0] + gap, aside] };
    let corners = [[0, 0], second];
    let low = [0, 1].map(|i| corners[0][i].min(corners[1][i]));
    let high = [0, 1].map(|i| (corners[0][i] + sizes[0][i]).max(corners[1][i] + sizes[1][i]));
    let mut canvas = GrayImage::new((high[0] - low[0]) as u32, (high[1] - low[1]) as u32);
    for ((picture, [left, top, right, bottom]), corner) in pictures.iter().zip(boxes).zip(corners) {
        for y in top..bottom {
            for x in left..right {
                let at = [corner[0] - low[0] + (x - left) as i32, corner[1] - low[1] + (y - top) as i32];
                let Luma([pixel]) = canvas.get_pixel_mut(at[0] as u32, at[1] as u32);
                *pixel = (*pixel).max(picture[y * width + x]);
            }
        }
    }
    Some(canvas)
}

/// The box around the ink: left, top, and right and bottom behind it.
fn bounds(picture: &[u8], width: usize) -> Option<[usize; 4]> {
    let ink = picture.iter().enumerate().filter(|(_, value)| **value > INK).map(|(at, _)| [at % width, at / width]);
    ink.fold(None, |found: Option<[usize; 4]>, [x, y]| {
        let [left, top, right, bottom] = found.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::random::generator;

    #[test]
    fn two_characters_stand_apart_or_touch() {
        let mut bar = vec![0; 28 * 28];
        (4..24).for_each(|y| bar[y * 28 + 12..y * 28 + 16].fill(200));
        let sizes: Vec<[u32; 2]> = (0..50)
            .map(|seed| {
                let two = pair([&bar, &bar], 28, &mut generator(&[seed])).unwrap();
                let ink = two.pixels().filter(|pixel| pixel[0] > INK).count();
                assert!((2 * 80 - 40..=2 * 80).contains(&ink), "{ink} pixels of ink, some of them in both");
                [two.width(), two.height()]
            })
            .collect();
        let beside = sizes.iter().filter(|[width, height]| (6..=13).contains(width) && (20..=23).contains(height));
        let above = sizes.iter().filter(|[width, height]| (4..=7).contains(width) && (38..=45).contains(height));
        let (beside, above) = (beside.count(), above.count());
        assert!(
            beside + above == 50 && (1..20).contains(&above),
            "{beside} beside each other, {above} above each other"
        );
        assert!(pair([&bar, &[0; 28 * 28]], 28, &mut generator(&[1])).is_none(), "one shows nothing");
    }
}

//! Made-up handwriting: an upright, a level and a slanting stroke.

use nn_data::{Dataset, Size};

/// `n` strokes of each of the classes 0 (upright), 1 (level) and 2 (slanting), in squares of `side` pixels. Their places
/// and lengths follow from their numbers, which begin at `first`.
pub fn strokes(n: usize, side: usize, first: usize) -> Dataset {
    strokes_of(&["0", "1", "2"], n, side, first)
}

/// The same, with other class names; the kinds of strokes repeat after three.
pub fn strokes_of(classes: &[&str], n: usize, side: usize, first: usize) -> Dataset {
    let (mut pixels, mut names) = (vec![], vec![]);
    for number in first..first + n {
        for (kind, class) in classes.iter().enumerate() {
            pixels.extend(stroke(kind % 3, side, number));
            names.push(*class);
        }
    }
    Dataset::from_names(Size::new(side, side, 1), pixels, &names, vec![]).unwrap()
}

/// One stroke, bright on black.
fn stroke(kind: usize, side: usize, number: usize) -> Vec<u8> {
    let (place, skip, ink) = (number % (side / 2) + side / 4, number / 3 % 2, 255 - number % 100);
    let mut pixels = vec![0; side * side];
    for along in 1 + skip..side - 1 {
        let (x, y) = [(place, along), (along, place), (along, side - 1 - along)][kind];
        pixels[y * side + x] = ink as u8;
    }
    pixels
}

//! The look of a dataset: whether its ink is dark or light, how much of the frame it fills, whether it lies on its side.

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::size::Size;

/// Samples that are looked at, spread over the dataset.
const MOST: usize = 1000;
/// Fewer pictures with ink say too little about their kind.
const FEWEST: usize = 20;
/// A pixel this far from the border's usual value is ink.
const INK: u8 = 64;
/// The share of the frame that the longer side of a centred character fills: 20 of 28 pixels, as in MNIST.
const CENTRED: f32 = 20.0 / 28.0;

/// How the pictures of a dataset look, on average. Shares are 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// The share of pictures with dark ink on a light ground.
    pub dark: f32,
    /// The share of the frame's side that the longer side of the box around the ink takes.
    pub fills: f32,
    /// The share of pictures whose ink is wider than tall, without those where both are the same.
    pub wide: f32,
}

impl Look {
    /// The look of centred light ink on black, as MNIST has it.
    pub const CENTRED: Self = Self { dark: 0.0, fills: CENTRED, wide: 0.1 };

    /// Looks at up to 1000 grey pictures; `None` where too few have ink, and for colours, which are no ink.
    pub fn of(dataset: &Dataset) -> Option<Self> {
        if dataset.size().channels != 1 {
            return None;
        }
        let step = dataset.len().div_ceil(MOST).max(1);
        let seen = (0..dataset.len()).step_by(step).filter_map(|i| InkBox::around(dataset.image(i), dataset.size()));
        let (mut n, mut dark, mut fills, mut tall, mut wide) = (0, 0, 0.0, 0, 0);
        for seen in seen {
            n += 1;
            dark += usize::from(seen.dark);
            fills += seen.width.max(seen.height);
            wide += usize::from(seen.width > seen.height);
            tall += usize::from(seen.height > seen.width);
        }
        let share = |part: usize, all: usize| part as f32 / all.max(1) as f32;
        let wide = if wide + tall < FEWEST { 0.0 } else { share(wide, wide + tall) };
        let look = Self { dark: share(dark, n), fills: fills / n as f32, wide };
        (n >= FEWEST).then_some(look)
    }

    /// Lines about arrays that a person may want otherwise. Of upright characters, at most a third are wider than tall.
    pub fn doubts(&self, transposed: bool) -> Vec<String> {
        let mut doubts = vec![];
        if self.dark > 0.5 {
            doubts.push("its ink is dark on a light ground, pictures are shown to a network as light ink on black; --centre makes it so".into());
        }
        if self.wide > 0.6 {
            let share = 100.0 * self.wide;
            let remedy =
                if transposed { "leave out --transpose" } else { "--transpose turns them (EMNIST's files need it)" };
            doubts.push(format!("{share:.0} % of its pictures are wider than tall: if they are characters, they lie on their side, and {remedy}"));
        }
        doubts
    }

    /// A line about this look where a network learnt another one.
    pub fn unlike(&self, learnt: &Self) -> Option<String> {
        let ground =
            |look: &Self| if look.dark > 0.5 { "dark ink on a light ground" } else { "light ink on a dark ground" };
        if (self.dark > 0.5) != (learnt.dark > 0.5) {
            return Some(format!("shows {}, but the model learnt {}", ground(self), ground(learnt)));
        }
        let [mine, learnt] = [self.fills, learnt.fills].map(|share| 100.0 * share);
        ((mine - learnt).abs() > 15.0).then(|| {
            format!("has ink that fills {mine:.0} % of the frame, but the model learnt ink that fills {learnt:.0} %")
        })
    }
}

/// The box around the ink of a picture; sides are shares of the frame's.
struct InkBox {
    dark: bool,
    width: f32,
    height: f32,
}

impl InkBox {
    /// `None` for a picture without ink.
    fn around(image: &[u8], Size { height, width, .. }: Size) -> Option<Self> {
        let edge = |pixel: usize| {
            let (y, x) = (pixel / width, pixel % width);
            y == 0 || y + 1 == height || x == 0 || x + 1 == width
        };
        let mut border: Vec<u8> = (0..width * height).filter(|&pixel| edge(pixel)).map(|pixel| image[pixel]).collect();
        let middle = border.len() / 2;
        let ground = *border.select_nth_unstable(middle).1;
        let ink = (0..width * height).filter(|&pixel| image[pixel].abs_diff(ground) > INK);
        let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
        for (y, x) in ink.map(|pixel| (pixel / width, pixel % width)) {
            (left, right, top, bottom) = (left.min(x), right.max(x + 1), top.min(y), bottom.max(y + 1));
        }
        let share = |from: usize, to: usize, side: usize| (to - from) as f32 / side as f32;
        (left < right).then(|| Self {
            dark: ground > 127,
            width: share(left, right, width),
            height: share(top, bottom, height),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Bars of this width and height in the middle of 28x28 pixels, in different greys.
    fn bars(width: usize, height: usize, dark: bool) -> Dataset {
        let value = |i: usize, p: usize| {
            let inside = (p % 28).abs_diff(14) * 2 < width && (p / 28).abs_diff(14) * 2 < height;
            if inside == dark { i as u8 } else { 255 - i as u8 }
        };
        let pixels = (0..30).flat_map(|i| (0..784).map(move |p| value(i, p))).collect();
        Dataset::from_names(Size::new(28, 28, 1), pixels, &["a"; 30], vec![]).unwrap()
    }

    #[test]
    fn usual_arrays_raise_no_doubt_and_others_do() {
        let look = Look::of(&bars(8, 20, false)).unwrap();
        assert_eq!((look.dark, look.wide, (look.fills - CENTRED).abs() < 0.05), (0.0, 0.0, true));
        assert!(look.doubts(false).is_empty() && look.unlike(&Look::CENTRED).is_none());
        let dark = Look::of(&bars(8, 20, true)).unwrap();
        assert!(dark.doubts(false)[0].contains("dark on a light ground") && dark.doubts(false).len() == 1);
        assert!(dark.unlike(&look).unwrap().contains("but the model learnt light ink on a dark ground"));
        let lying = Look::of(&bars(8, 20, false).transposed()).unwrap();
        assert!(lying.doubts(false)[0].contains("--transpose turns them"));
        assert!(lying.doubts(true)[0].contains("leave out --transpose"));
        let full = Look::of(&bars(20, 27, false)).unwrap();
        assert!(full.unlike(&look).unwrap().starts_with("has ink that fills 9"), "{full:?}");
        assert_eq!(Look::of(&bars(8, 20, false).limit(9)), None);
        assert_eq!(Look::of(&bars(0, 0, false)), None);
    }

    #[test]
    fn a_few_pictures_say_nothing_about_all() {
        let squares = bars(14, 14, false);
        let lying = squares.select(&(0..squares.len()).collect::<Vec<_>>());
        let mixed = Dataset::concat(vec![lying, bars(20, 8, false).select(&[0])]).unwrap();
        assert_eq!(Look::of(&mixed).unwrap().wide, 0.0, "one picture is wider than tall, none taller than wide");
    }

    #[test]
    fn mnist_looks_centred_and_its_transpose_lies() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist/t10k-images-idx3-ubyte.gz");
        if !path.exists() {
            eprintln!("skipped: {} is not there", path.display());
            return;
        }
        let loaded = crate::files::load(&path, &Default::default()).unwrap();
        assert_eq!(loaded.notes, [""; 0], "nothing to say of MNIST");
        let mnist = loaded.train;
        let look = Look::of(&mnist).unwrap();
        assert!(look.unlike(&Look::CENTRED).is_none() && look.wide < 0.2, "{look:?}");
        assert_eq!(Look::of(&mnist.transposed()).unwrap().doubts(false).len(), 1);
    }
}

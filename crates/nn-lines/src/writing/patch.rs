//! A patch: a piece of ink in a picture.

use image::{GenericImageView, GrayImage, Luma};

/// A piece of ink in a picture.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Column and row of its first pixel.
    pub at: [u32; 2],
    /// 0 is background, 255 is full ink.
    pub ink: GrayImage,
    /// The first and the last column and row of the connected piece that it was cut from.
    pub whole: [[u32; 2]; 2],
}

impl Patch {
    /// A picture of ink, cut to the box around it; `None` without ink.
    pub fn of(ink: &GrayImage) -> Option<Self> {
        let inked = ink.enumerate_pixels().filter(|(_, _, value)| value[0] > 0).map(|(x, y, _)| [x, y, x, y]);
        let [left, top, right, bottom] =
            inked.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
        let ink = ink.view(left, top, right - left + 1, bottom - top + 1).to_image();
        Some(Self { at: [left, top], ink, whole: [[left, top], [right, bottom]] })
    }

    /// The number of its inked pixels that touch ink of another patch.
    pub fn contact(&self, other: &Self) -> usize {
        let (width, height) = other.ink.dimensions();
        let inked = |x: i64, y: i64| {
            let inside = (0..i64::from(width)).contains(&x) && (0..i64::from(height)).contains(&y);
            inside && other.ink.get_pixel(x as u32, y as u32)[0] > 0
        };
        let [left, top] = [0, 1].map(|i| i64::from(self.at[i]) - i64::from(other.at[i]));
        let touches = |(x, y, value): &(u32, u32, &Luma<u8>)| {
            let (x, y) = (left + i64::from(*x), top + i64::from(*y));
            value[0] > 0 && (y - 1..=y + 1).any(|y| (x - 1..=x + 1).any(|x| inked(x, y)))
        };
        self.ink.enumerate_pixels().filter(touches).count()
    }
}

/// The ink of a pixel, 0 to 1.
pub fn value(ink: &GrayImage, x: usize, y: usize) -> f32 {
    f32::from(ink.get_pixel(x as u32, y as u32)[0]) / 255.0
}

/// Patches on one picture, as they lie.
pub fn joined<'a>(patches: impl Iterator<Item = &'a Patch> + Clone) -> GrayImage {
    let low = [0, 1].map(|i| patches.clone().map(|patch| patch.at[i]).min().unwrap_or(0));
    let right = patches.clone().map(|patch| patch.at[0] + patch.ink.width()).max().unwrap_or(0);
    let bottom = patches.clone().map(|patch| patch.at[1] + patch.ink.height()).max().unwrap_or(0);
    let mut picture = GrayImage::new(right - low[0], bottom - low[1]);
    for patch in patches {
        let (left, top) = (patch.at[0] - low[0], patch.at[1] - low[1]);
        for (x, y, value) in patch.ink.enumerate_pixels().filter(|(_, _, value)| value[0] > 0) {
            picture.put_pixel(left + x, top + y, *value);
        }
    }
    picture
}

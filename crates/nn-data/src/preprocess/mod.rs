//! Turns any picture into the network's input, in one way for training and for reading.

mod centre;
pub(crate) mod drawn;
pub mod find_ink;
pub mod fit;
mod grey;
pub mod opaque;
pub mod page;
mod plain_ink;
mod resize;
pub mod shifts;
pub mod size_bar;

use image::{DynamicImage, GrayImage, RgbImage};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::Error;
use crate::ink::Ink;
use crate::preprocess::centre::centre;
use crate::preprocess::drawn::{SMALL, drawn_to_fit};
use crate::preprocess::find_ink::{find_ink, known_ink};
use crate::preprocess::fit::Fit;
use crate::preprocess::opaque::opaque;
use crate::preprocess::plain_ink::plain_ink;
use crate::preprocess::resize::resize;
use crate::preprocess::shifts::Shifts;
use crate::size::Size;

/// Turns a picture of any size into the input of a network. It is stored in the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// The way in which the picture is fitted into the frame.
    pub fit: Fit,
    /// Width of the input in pixels.
    pub width: u32,
    /// Height of the input in pixels.
    pub height: u32,
    /// 1 for grey, 3 for colour.
    pub channels: u32,
    /// Subtracted from each channel's values (0 to 1).
    pub mean: Vec<f32>,
    /// Each channel is divided by this after that.
    pub std: Vec<f32>,
    /// In how many positions the network reads the picture; its answers are averaged.
    #[serde(rename = "views", default, skip_serializing_if = "Shifts::is_one")]
    pub shifts: Shifts,
}

/// A picture as the network sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Bytes, row by row, channels last.
    pub pixels: Vec<u8>,
    /// True if the ink may not be a whole character: it reaches the picture's edge, or fills its box. No answer is sure.
    pub doubtful: bool,
}

impl Preprocessing {
    /// As MNIST was made: ink centred in 28x28, values 0..1.
    pub fn mnist() -> Self {
        Self::centred(28, 28)
    }

    /// Ink centred in a frame of this size, values 0..1.
    pub fn centred(width: u32, height: u32) -> Self {
        Self {
            fit: Fit::CentreOfMass,
            width,
            height,
            channels: 1,
            mean: vec![0.0],
            std: vec![1.0],
            shifts: Shifts::One,
        }
    }

    /// Ink found in any picture and centred in a frame of this size, values 0..1. New models use it.
    pub fn ink(width: u32, height: u32) -> Self {
        Self { fit: Fit::PaperInk, ..Self::centred(width, height) }
    }

    /// Whole pictures of this size in grey (1 channel) or colour (3), values 0..1.
    pub fn picture(width: u32, height: u32, channels: u32) -> Self {
        let [mean, std] = [0.0, 1.0].map(|value| vec![value; channels as usize]);
        Self { fit: Fit::Stretch, width, height, channels, mean, std, shifts: Shifts::One }
    }

    /// The size of the input.
    pub fn size(&self) -> Size {
        Size::new(self.height as usize, self.width as usize, self.channels as usize)
    }

    /// Number of values of the input.
    pub fn features(&self) -> usize {
        self.size().features()
    }

    /// Checks that the fields fit together, because a file may hold anything. The other methods rely on it.
    ///
    /// # Errors
    /// [`Error::Invalid`] says which field is wrong.
    pub fn validate(&self) -> Result<(), Error> {
        let Self { fit, width, height, channels, mean, std, shifts: _ } = self;
        let problem = if !(1..=4096).contains(width) || !(1..=4096).contains(height) {
            format!("an input of {width}x{height} pixels; width and height are 1 to 4096")
        } else if !matches!((fit, channels), (_, 1) | (Fit::Stretch, 3)) {
            format!("{channels} channels; 1 is grey, 3 colour, and centred ink is grey")
        } else if mean.len() != *channels as usize || std.len() != *channels as usize {
            format!("{} means and {} deviations for {channels} channels", mean.len(), std.len())
        } else if mean.iter().any(|m| !m.is_finite()) || std.iter().any(|s| !s.is_normal() || *s < 0.0) {
            format!("mean {mean:?} and deviation {std:?}; means are finite, deviations above 0")
        } else {
            return Ok(());
        };
        Err(Error::Invalid(format!("impossible preprocessing: {problem}")))
    }

    /// The picture as the network sees it: bytes, row by row, channels last.
    ///
    /// A transparent picture is laid on white, or on black if its visible part is light and covers less than half.
    pub fn apply(&self, picture: &DynamicImage) -> Vec<u8> {
        self.prepare(picture).pixels
    }

    /// [`Preprocessing::apply`] for a picture that shows nothing but blank paper and ink, in less time.
    pub(crate) fn apply_to_paper(&self, picture: &DynamicImage) -> Vec<u8> {
        self.prepare_on(picture, false).pixels
    }

    /// Returns the network's view of strokes of any scale that are all ink: neither specks nor ruled lines. `share` is the
    /// longer side of the character over the page's, for networks that see it; `None` if it is not known.
    pub fn apply_strokes(&self, ink: &Ink, share: Option<f32>) -> Vec<u8> {
        let mut frame = self.apply_ink(drawn_to_fit(ink, SMALL));
        self.draw_size_bar(&mut frame, share);
        frame
    }

    /// Returns the network's view of a picture that is all ink, 0 to 255, faster than [`Preprocessing::apply`].
    pub fn apply_ink(&self, ink: GrayImage) -> Vec<u8> {
        if !self.fit.finds_ink() {
            return self.apply(&DynamicImage::from(ink));
        }
        let mut frame = centre(known_ink(&ink).as_ref(), self.width as usize, self.height as usize);
        self.draw_size_bar(&mut frame, None);
        frame
    }

    /// [`Preprocessing::apply`], together with what it found doubtful.
    pub fn prepare(&self, picture: &DynamicImage) -> Prepared {
        self.prepare_on(picture, self.fit.finds_paper())
    }

    fn prepare_on(&self, picture: &DynamicImage, find_paper: bool) -> Prepared {
        let size = self.size();
        let picture = opaque(picture);
        if picture.width() == 0 || picture.height() == 0 {
            return Prepared { pixels: vec![0; size.features()], doubtful: false };
        }
        let from = Size::new(picture.height() as usize, picture.width() as usize, size.channels);
        let stretch = |pixels: &[u8]| {
            resize(pixels, from, size.height, size.width).into_iter().map(|value| value.round() as u8).collect()
        };
        let mut doubtful = false;
        let pixels = match (self.fit, self.channels) {
            (Fit::CentreOfMass, _) => centre(plain_ink(picture.to_luma8()).as_ref(), size.width, size.height),
            (fit, _) if fit.finds_ink() => {
                let found = find_ink(&picture, find_paper);
                doubtful = found.as_ref().is_some_and(|found| found.doubtful);
                let mut frame = centre(found.as_ref().map(|found| &found.ink), size.width, size.height);
                self.draw_size_bar(&mut frame, found.map(|found| found.share));
                frame
            }
            (Fit::Stretch, 3) => stretch(picture.to_rgb8().as_raw()),
            _ => stretch(picture.to_luma8().as_raw()),
        };
        Prepared { pixels, doubtful }
    }

    /// True if the network sees how large a character was.
    pub fn shows_size(&self) -> bool {
        matches!(self.fit, Fit::SizedInk | Fit::SizedPaperInk)
    }

    /// Draws the size of a character into its frame, if the network is to see it: its longer side over the page's; `None` if
    /// it is not known.
    pub fn draw_size_bar(&self, frame: &mut [u8], share: Option<f32>) {
        if self.shows_size() {
            size_bar::write(frame, self.width as usize, share, |value| value.round() as u8);
        }
    }

    /// [`Preprocessing::apply`] for a picture as bytes, row by row, channels last, 1 or 3 of them.
    ///
    /// # Panics
    /// When the number of bytes is not that of the size.
    pub fn apply_array(&self, pixels: &[u8], size: Size) -> Vec<u8> {
        assert_eq!(pixels.len(), size.features(), "a picture of {size}");
        let (width, height) = (size.width as u32, size.height as u32);
        let picture = match size.channels {
            3 => RgbImage::from_raw(width, height, pixels.to_vec()).map(DynamicImage::from),
            _ => GrayImage::from_raw(width, height, pixels.to_vec()).map(DynamicImage::from),
        };
        self.apply(&picture.unwrap_or_default())
    }

    /// [`Preprocessing::apply_array`] for every picture of a dataset, in parallel.
    pub fn apply_dataset(&self, mut dataset: Dataset) -> Dataset {
        let size = dataset.size;
        let pictures = dataset.pixels.par_chunks_exact(size.features());
        dataset.pixels = pictures.flat_map_iter(|pixels| self.apply_array(pixels, size)).collect();
        dataset.size = self.size();
        dataset
    }

    /// Turns bytes into network input: `(p / 255 - mean) / std`, channel by channel. `pixels` and `x` hold one picture or
    /// several, one after the other, and have the same length.
    ///
    /// # Panics
    /// When the lengths differ.
    pub fn to_input(&self, pixels: &[u8], x: &mut [f32]) {
        assert_eq!(pixels.len(), x.len(), "as many inputs as pixels");
        self.scale(pixels, x);
    }

    /// [`Preprocessing::to_input`] for pictures moved to the right and down, as [`Shifts::moves`] says.
    ///
    /// # Panics
    /// When the lengths differ.
    pub fn to_moved_input(&self, pixels: &[u8], by: [isize; 2], x: &mut [f32]) {
        if by == [0, 0] {
            return self.to_input(pixels, x);
        }
        let (size, mut moved) = (self.size(), vec![0; pixels.len()]);
        let features = size.features();
        for (picture, moved) in pixels.chunks_exact(features).zip(moved.chunks_exact_mut(features)) {
            shifts::moved(picture, size, by, moved);
            if self.shows_size() {
                let bar = features - size.width;
                moved[bar..].copy_from_slice(&picture[bar..]);
            }
        }
        self.to_input(&moved, x);
    }

    /// [`Preprocessing::to_input`] for values of any type, compiled for the widest vectors of the processor.
    pub(crate) fn scale<T: Copy + Into<f32>>(&self, values: &[T], x: &mut [f32]) {
        let factor = |c: usize| (1.0 / (255.0 * self.std[c]), -self.mean[c] / self.std[c]);
        let grey = self.channels == 1;
        let factors = if grey { [factor(0); 3] } else { [factor(0), factor(1), factor(2)] };
        pulp::Arch::new().dispatch(
            #[inline(always)]
            move || {
                let x = x; // taken by value: a closure that could be called twice is not inlined, and so not vectorised
                if grey {
                    let (scale, offset) = factors[0];
                    x.iter_mut().zip(values).for_each(|(x, &value)| *x = value.into() * scale + offset);
                    return;
                }
                for (x, values) in x.as_chunks_mut::<3>().0.iter_mut().zip(values.as_chunks::<3>().0) {
                    for ((x, &value), (scale, offset)) in x.iter_mut().zip(values).zip(factors) {
                        *x = value.into() * scale + offset;
                    }
                }
            },
        );
    }
}

#[cfg(test)]
mod tests;

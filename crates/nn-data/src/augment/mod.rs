//! Augmentation: every epoch sees each picture turned, scaled, sheared, shifted and bent a little, drawn from a seed.
//!
//! Affine and elastic distortion are composed into one bilinear warp from the output to the source, so a picture is
//! resampled once. What comes from outside is black in grey pictures (ink) and the edge's colour in coloured ones.

mod doodle;
mod elastic;
mod nothing;
mod pair;
mod pen;
mod redraw;
mod scribble;
pub(crate) mod warp;

use rand::{Rng, RngExt};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use crate::augment::nothing::nothing;
use crate::augment::redraw::redraw;
pub use crate::augment::warp::Buffers;
use crate::error::Error;
use crate::ink::StrokeSample;
use crate::preprocess::{Preprocessing, size_bar};
use crate::random::generator;
use crate::size::Size;

/// The side of the picture that lengths in pixels refer to; they grow with larger pictures.
const REFERENCE: f32 = 28.0;

/// The strength of the distortions of pictures. Each value is drawn uniformly from its range, anew for each sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Augment {
    /// Rotation in degrees, to either side.
    pub rotate: f32,
    /// Scale from and to, drawn for width and height separately; 1 leaves the size.
    pub scale: (f32, f32),
    /// Horizontal shear, to either side: 0.1 slants by a tenth of the height.
    pub shear: f32,
    /// Shift in pixels of a 28-pixel picture, in each direction, to either side.
    pub shift: f32,
    /// Elastic distortion (Simard, Steinkraus and Platt 2003): the standard deviation of each pixel's displacement,
    /// in pixels of a 28-pixel picture. Theirs, sigma 4 and alpha 34, is 1.4.
    pub elastic: f32,
    /// Pixels (of 28) between the control points of the elastic distortion, at least 1; 7 is as smooth as a Gaussian of
    /// sigma 4.
    pub smoothness: f32,
    /// The variation of pens and lenses, 0 to 1: the thickness of strokes, soft edges, faint ink. Grey pictures only.
    #[serde(default)]
    pub retouch: f32,
    /// The variation of hands, 0 to 1: if the strokes of a sample are known, they are drawn anew with other pens, slants and
    /// errors, on paper or before a camera. Grey pictures only.
    #[serde(default)]
    pub redraw: f32,
    /// The share of samples, 0 to 1, that a scribble, a doodle or two characters at once with a random class replace, so that
    /// the network learns to be unsure of what it cannot read. Grey pictures only.
    #[serde(default)]
    pub scribbles: f32,
    /// If true, every second picture is mirrored: right for photographs of things, wrong for letters.
    pub mirror: bool,
}

/// A sample of a dataset that is to be distorted.
pub(crate) struct Sample<'a> {
    /// Its picture in the network's frame.
    pub picture: &'a [u8],
    /// The strokes that the picture was made of, if they are known.
    pub strokes: Option<&'a StrokeSample>,
    /// The picture of another sample, to stand beside it where two characters are to be no character.
    pub beside: &'a [u8],
    /// Decides the distortion.
    pub seed: u64,
}

impl Augment {
    /// No distortion.
    pub const fn none() -> Self {
        Self {
            rotate: 0.0,
            scale: (1.0, 1.0),
            shear: 0.0,
            shift: 0.0,
            elastic: 0.0,
            smoothness: 7.0,
            retouch: 0.0,
            redraw: 0.0,
            scribbles: 0.0,
            mirror: false,
        }
    }

    /// A small affine distortion, for short trainings.
    pub const fn light() -> Self {
        Self { rotate: 8.0, scale: (0.92, 1.08), shear: 0.08, shift: 1.0, ..Self::none() }
    }

    /// Affine and elastic distortion as handwriting varies once it is centred: of the strengths tried on held-back MNIST
    /// images, the one with which perceptrons read best after a minute of training; twice the elastic part was worse.
    pub const fn full() -> Self {
        Self { rotate: 8.0, scale: (0.9, 1.1), shear: 0.1, shift: 1.0, elastic: 0.6, ..Self::none() }
    }

    /// Half as strong again as [`Augment::full`]: for large networks that are trained for long, which would know the pictures
    /// by heart otherwise.
    pub const fn strong() -> Self {
        Self { rotate: 12.0, scale: (0.85, 1.15), shear: 0.15, shift: 1.5, elastic: 0.8, ..Self::none() }
    }

    /// For reading whoever comes: [`Augment::full`] and stronger, strokes of any pen, and scribbles.
    pub const fn hand() -> Self {
        Self {
            rotate: 10.0,
            scale: (0.84, 1.1),
            shear: 0.18,
            shift: 1.3,
            elastic: 0.75,
            retouch: 0.9,
            redraw: 1.0,
            scribbles: 0.06,
            ..Self::none()
        }
    }

    /// For photographs of things: mirrored, moved by up to a ninth, turned and scaled a little.
    pub const fn photo() -> Self {
        Self { rotate: 8.0, scale: (0.85, 1.15), shift: 3.0, mirror: true, ..Self::none() }
    }

    /// The same distortion, `strength` (0 to 1) times as far; the share of scribbles and mirroring stay.
    #[must_use]
    pub fn scaled(&self, strength: f32) -> Self {
        let scale = |scale: f32| 1.0 + (scale - 1.0) * strength;
        Self {
            rotate: self.rotate * strength,
            scale: (scale(self.scale.0), scale(self.scale.1)),
            shear: self.shear * strength,
            shift: self.shift * strength,
            elastic: self.elastic * strength,
            retouch: self.retouch * strength,
            redraw: self.redraw * strength,
            ..*self
        }
    }

    /// True if pictures stay as they are.
    pub fn is_none(&self) -> bool {
        Self { smoothness: Self::none().smoothness, ..*self } == Self::none()
    }

    /// Checks that the ranges make sense.
    ///
    /// # Errors
    /// [`Error::Invalid`] says which does not.
    pub fn validate(&self) -> Result<(), Error> {
        let Self {
            rotate,
            scale: (from, to),
            shear,
            shift,
            elastic,
            smoothness,
            retouch,
            redraw,
            scribbles,
            mirror: _,
        } = *self;
        let amounts = [("rotate", rotate), ("shear", shear), ("shift", shift), ("elastic", elastic)];
        let problem = if let Some((name, value)) = amounts.iter().find(|(_, v)| !v.is_finite() || *v < 0.0) {
            format!("{name} {value}; it is 0 or more")
        } else if !(from > 0.0 && from <= to && to.is_finite()) {
            format!("scale {from}..{to}; it goes from a number above 0 to one that is not smaller")
        } else if !(smoothness >= 1.0 && smoothness.is_finite()) {
            format!("smoothness {smoothness}; it is 1 or more")
        } else if let Some((name, value)) = [("retouch", retouch), ("redraw", redraw), ("scribbles", scribbles)]
            .iter()
            .find(|(_, v)| !(0.0..=1.0).contains(v))
        {
            format!("{name} {value}; it is 0 to 1")
        } else {
            return Ok(());
        };
        Err(Error::Invalid(format!("impossible augmentation: {problem}")))
    }

    /// Writes the distorted picture into `out`, values 0..255; both have `size.features()` values, channels last.
    ///
    /// # Panics
    /// When a length is not that of the size, or the channels are neither 1 nor 3.
    #[expect(clippy::too_many_arguments)] // two slices, their size, the seed and buffers: no two belong together
    pub fn apply(&self, pixels: &[u8], size: Size, seed: u64, out: &mut [f32], buffers: &mut Buffers) {
        assert!(pixels.len() == size.features() && out.len() == size.features(), "pictures of {size}");
        if self.is_none() {
            out.iter_mut().zip(pixels).for_each(|(out, &p)| *out = f32::from(p));
            return;
        }
        let unit = size.height.min(size.width) as f32 / REFERENCE;
        let mut rng = generator(&[seed]);
        let map = self.draw_affine(&mut rng, size, unit);
        let bent = self.elastic > 0.0;
        if bent {
            buffers.bend(&mut rng, self.elastic * unit, self.smoothness.max(1.0) * unit, size);
        }
        pulp::Arch::new().dispatch(
            #[inline(always)]
            move || {
                let (out, mut rng) = (out, rng); // taken by value: see `Preprocessing::scale`
                match size.channels {
                    1 => {
                        buffers.warp::<1>(pixels, size, (map, bent), out);
                        if self.retouch > 0.0 {
                            buffers.retouch(out, size, self.retouch, &mut rng);
                        }
                    }
                    3 => buffers.warp::<3>(pixels, size, (map, bent), out),
                    n => panic!("pictures have 1 or 3 channels, not {n}"),
                }
            },
        );
    }

    /// Does everything to a sample that happens in training: its strokes may be drawn anew or a picture of no character take
    /// its place, it is distorted, and its size bar varies. Writes values 0 to 255 into `out`. For no character it returns a
    /// random number to choose another class by.
    pub(crate) fn sample(
        &self,
        sample: Sample<'_>,
        preprocessing: &Preprocessing,
        out: &mut [f32],
        buffers: &mut Buffers,
    ) -> Option<u32> {
        let size = preprocessing.size();
        let (replaced, class) = self.replacement(&sample, preprocessing);
        let picture = replaced.as_deref().unwrap_or(sample.picture);
        if !preprocessing.shows_size() {
            self.apply(picture, size, sample.seed, out, buffers);
            return class;
        }
        let mut without_bar = std::mem::take(&mut buffers.picture);
        without_bar.clear();
        without_bar.extend_from_slice(picture);
        size_bar::write(&mut without_bar, size.width, None, |_| 0); // the bar must not be distorted
        self.apply(&without_bar, size, sample.seed, out, buffers);
        buffers.picture = without_bar;
        let share = size_bar::read(sample.picture, size.width);
        let share = size_bar::varied(share, &mut generator(&[sample.seed, 2]));
        size_bar::write(out, size.width, share, |value| value);
        class
    }

    /// The picture that takes the place of a sample's own, if any: one of no character, which comes with a random number to
    /// choose its class by, or the sample's strokes drawn anew.
    fn replacement(&self, sample: &Sample<'_>, preprocessing: &Preprocessing) -> (Option<Vec<u8>>, Option<u32>) {
        if (self.redraw == 0.0 && self.scribbles == 0.0) || preprocessing.channels != 1 {
            return (None, None);
        }
        let mut rng = generator(&[sample.seed, 1]);
        if self.scribbles > 0.0 && rng.random::<f32>() < self.scribbles {
            let class = rng.next_u32();
            return (Some(nothing([sample.picture, sample.beside], preprocessing, &mut rng)), Some(class));
        }
        let strokes = sample.strokes.filter(|_| self.redraw > 0.0);
        let redrawn = strokes.map(|drawing| redraw(&drawing.strokes, self.redraw, &mut rng));
        (redrawn.map(|picture| preprocessing.apply_to_paper(&picture)), None)
    }

    /// The map from output to source pixels: x' = a x + b y + c, y' = d x + e y + f. It takes the shift away, then
    /// rotates, shears and scales about the middle of the picture.
    fn draw_affine(&self, rng: &mut Xoshiro256PlusPlus, size: Size, unit: f32) -> [f32; 6] {
        let mut draw = |from: f32, to: f32| from + (to - from) * rng.random::<f32>();
        let (sin, cos) = draw(-self.rotate, self.rotate).to_radians().sin_cos();
        let shear = draw(-self.shear, self.shear);
        let (scale_x, scale_y) = (draw(self.scale.0, self.scale.1), draw(self.scale.0, self.scale.1));
        let shift = self.shift * unit;
        let (shift_x, shift_y) = (draw(-shift, shift), draw(-shift, shift));
        let scale_x = if self.mirror && draw(0.0, 1.0) < 0.5 { -scale_x } else { scale_x };
        let (a, b) = ((cos - shear * sin) / scale_x, (sin + shear * cos) / scale_x);
        let (d, e) = (-sin / scale_y, cos / scale_y);
        let (mx, my) = ((size.width - 1) as f32 / 2.0, (size.height - 1) as f32 / 2.0);
        let (ox, oy) = (mx + shift_x, my + shift_y);
        [a, b, mx - a * ox - b * oy, d, e, my - d * ox - e * oy]
    }
}

#[cfg(test)]
mod tests;

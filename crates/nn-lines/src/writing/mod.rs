//! The writing on a page: ink in parts, each a stroke or a patch of a picture.

pub mod cuts;
pub mod patch;
pub mod pieces;
pub mod rows;
pub mod several;

use crate::bounds::Bounds;
use crate::writing::patch::{Patch, joined};
use crate::writing::pieces::patches;
use crate::writing::rows::{Row, rows};
use image::{DynamicImage, GrayImage};
use nn_data::{Ink, PageInk, Preprocessing, page_ink};

/// The ink of a page. A character is one of its parts or several.
pub struct InkPage {
    bounds: Vec<Bounds>,
    /// For each part, the box around the connected piece that it was cut from.
    wholes: Vec<Bounds>,
    parts: Parts,
}

/// The parts of a page.
enum Parts {
    Strokes(Vec<Vec<[f32; 2]>>),
    /// Patches, and the size of one of their pixels in the units of the page.
    Patches {
        patches: Vec<Patch>,
        unit: f32,
    },
}

impl InkPage {
    /// The strokes of a page, each a part. Strokes without points are left out.
    pub fn of_ink(ink: &Ink) -> Self {
        let strokes: Vec<_> = ink.strokes.iter().filter(|stroke| !stroke.is_empty()).cloned().collect();
        let bounds = |stroke: &Vec<[f32; 2]>| Bounds::of(&Ink { strokes: vec![stroke.clone()] });
        let bounds: Vec<Bounds> = strokes.iter().filter_map(bounds).collect();
        Self { wholes: bounds.clone(), bounds, parts: Parts::Strokes(strokes) }
    }

    /// The ink in a picture: a drawing, a scan or a photograph. The units of the page are its pixels.
    pub fn of_picture(picture: &DynamicImage) -> Self {
        match page_ink(picture) {
            Some(PageInk { ink, reduced_by, at }) => Self::of_ink_picture(&ink, at, reduced_by),
            None => Self::of_ink(&Ink::default()),
        }
    }

    /// The ink of a picture that is all ink: 0 is background, 255 is full ink. Its first pixel stands for `reduced_by` pixels
    /// of the page, and lies at `at` times as many.
    fn of_ink_picture(ink: &GrayImage, at: [u32; 2], reduced_by: u32) -> Self {
        let found = patches(ink);
        let scaled = |place: [u32; 2]| [0, 1].map(|i| (at[i] + place[i]) as f32 * reduced_by as f32);
        let boxed =
            |low: [u32; 2], high: [u32; 2]| Bounds { low: scaled(low), high: scaled(high.map(|last| last + 1)) };
        let last = |patch: &Patch| [patch.at[0] + patch.ink.width() - 1, patch.at[1] + patch.ink.height() - 1];
        let bounds = found.iter().map(|patch| boxed(patch.at, last(patch))).collect();
        let wholes = found.iter().map(|patch| boxed(patch.whole[0], patch.whole[1])).collect();
        Self { bounds, wholes, parts: Parts::Patches { patches: found, unit: reduced_by as f32 } }
    }

    /// Its rows, from top to bottom.
    pub(crate) fn rows(&self) -> Vec<Row> {
        rows(&self.bounds, &self.wholes)
    }

    /// The box around each part.
    pub fn bounds(&self) -> &[Bounds] {
        &self.bounds
    }

    /// The parts of a picture; none where the parts are strokes.
    pub fn patches(&self) -> &[Patch] {
        match &self.parts {
            Parts::Strokes(_) => &[],
            Parts::Patches { patches, .. } => patches,
        }
    }

    /// The length along which the pieces at each place of a row touch, see [`Row::contacts`].
    pub(crate) fn contacts(&self, row: &Row) -> Vec<f32> {
        let touching = row.pieces.windows(2).map(|pair| self.contact(&pair[0].parts, &pair[1].parts) / row.height);
        [0.0].into_iter().chain(touching).chain([0.0]).collect()
    }

    /// The length along which parts touch others, in the units of the page; 0 for strokes.
    fn contact(&self, parts: &[usize], others: &[usize]) -> f32 {
        let Parts::Patches { patches, unit } = &self.parts else { return 0.0 };
        let pairs = parts.iter().flat_map(|part| others.iter().map(move |other| (part, other)));
        let touching = pairs.map(|(part, other)| patches[*part].contact(&patches[*other]));
        touching.sum::<usize>() as f32 * unit
    }

    /// Some parts as a network sees them, without a bar of sizes.
    pub fn frame(&self, parts: &[usize], preprocessing: &Preprocessing) -> Vec<u8> {
        match &self.parts {
            Parts::Strokes(strokes) => {
                let strokes = parts.iter().map(|part| strokes[*part].clone()).collect();
                preprocessing.apply_strokes(&Ink { strokes }, None)
            }
            Parts::Patches { patches, .. } => preprocessing.apply_ink(joined(parts.iter().map(|part| &patches[*part]))),
        }
    }
}

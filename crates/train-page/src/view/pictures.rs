//! The pictures of a snapshot as textures, made anew where it is another snapshot or another theme.

use crate::snapshot::{FirstWeights, Snapshot};
use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};
use nn_core::metrics::Confusion;
use nn_data::Size;
use std::sync::Arc;
use ui::image::tiles::Tiles;
use ui::look;
use ui::palette::Palette;

/// First-layer maps that are shown at most, and how many in a row.
const MAPS: usize = 32;
const MAPS_A_ROW: usize = 8;

/// The pictures of one snapshot.
pub struct SnapshotPictures {
    of: Arc<Snapshot>,
    colours: Palette,
    /// The maps of the first layer's weights, where there are any.
    pub weights: Option<TextureHandle>,
    /// How often each class (rows) was taken for each (columns).
    pub confusion: TextureHandle,
    /// The worst mistakes.
    pub mistakes: Vec<TextureHandle>,
}

impl SnapshotPictures {
    /// The pictures of a snapshot; those that are there already where it is the same.
    pub fn renewed(old: Option<Self>, of: &Arc<Snapshot>, ctx: &Context) -> Self {
        let colours = *look::colours(ctx);
        if let Some(old) = old.filter(|old| Arc::ptr_eq(&old.of, of) && old.colours == colours) {
            return old;
        }
        let size = of.model.preprocessing.size();
        let load = |name: &str, picture| ctx.load_texture(name, picture, TextureOptions::NEAREST);
        let maps = FirstWeights::of(&of.model.network, size).map(|weights| {
            let value = |map: usize, at: usize| weights.maps[map][at];
            Tiles::maps(weights.maps.len().min(MAPS), weights.size, MAPS_A_ROW, value).picture(&colours)
        });
        Self {
            weights: maps.map(|maps| load("weights", maps)),
            confusion: load("confusion", confusion(&of.measured.confusion, &colours)),
            mistakes: of
                .measured
                .mistakes
                .iter()
                .map(|mistake| load("mistake", picture_of(&mistake.pixels, size)))
                .collect(),
            of: of.clone(),
            colours,
        }
    }
}

/// A sample as a picture.
pub fn picture_of(pixels: &[u8], size: Size) -> ColorImage {
    match size.channels {
        3 => ColorImage::from_rgb([size.width, size.height], pixels),
        _ => ColorImage::from_gray([size.width, size.height], pixels),
    }
}

/// The confusion matrix: each row by its share, right answers in the accent, mistakes in the colour of a warning.
fn confusion(confusion: &Confusion, colours: &Palette) -> ColorImage {
    let classes = confusion.classes();
    let cell = |i: usize| -> Color32 {
        let (truth, predicted) = (i / classes, i % classes);
        let all = confusion.class(truth).samples.max(1);
        let share = confusion.count(truth, predicted) as f32 / all as f32;
        let strongest = if truth == predicted { colours.accent } else { colours.warning };
        colours.paper.lerp_to_gamma(strongest, share.sqrt())
    };
    ColorImage::new([classes, classes], (0..classes * classes).map(cell).collect())
}

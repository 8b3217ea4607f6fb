//! The activations of a network's layers as small pictures.

use nn_core::{LayerSpec, Shape, Trace};
use ui::image::tiles::Tiles;

/// Columns of a strip that shows a plain vector: one of these, so that its rows are full if they can be.
const STRIP: std::ops::RangeInclusive<usize> = 40..=64;
/// Filters that are shown side by side, and how many at most.
const FILTERS_A_ROW: usize = 8;
const FILTERS: usize = 32;

/// A layer and what it made of the input.
pub struct LayerPicture {
    /// Its title: `Dense layer, 800 units`.
    pub title: String,
    /// The activations: the units of a plain vector in a strip, else a map for each filter.
    pub tiles: Tiles,
}

impl LayerPicture {
    fn new(title: String, stage: &Trace<'_>) -> Self {
        let Shape { height, width, channels } = stage.shape;
        if height * width == 1 {
            let full = STRIP.rev().find(|&columns| channels % columns == 0);
            let columns = full.unwrap_or(*STRIP.end()).min(channels);
            return Self { title, tiles: Tiles::strip(stage.values, columns) };
        }
        let value = |channel, at: usize| stage.values[at * channels + channel];
        Self { title, tiles: Tiles::maps(channels.min(FILTERS), [width, height], FILTERS_A_ROW, value) }
    }
}

/// The layers worth looking at: each with what follows it up to the next one, without the last, whose answer stands in
/// the bars.
pub fn layer_pictures(trace: &[Trace<'_>]) -> Vec<LayerPicture> {
    let mut found: Vec<(String, &Trace<'_>)> = Vec::new();
    for stage in trace {
        match title(stage) {
            Some(title) => found.push((title, stage)),
            None => {
                if let Some(last) = found.last_mut() {
                    last.1 = stage;
                }
            }
        }
    }
    found.pop();
    found.into_iter().map(|(title, stage)| LayerPicture::new(title, stage)).collect()
}

/// The title of a stage; `None` for a stage that belongs to the layer before it.
fn title(stage: &Trace<'_>) -> Option<String> {
    let Shape { height, width, channels } = stage.shape;
    match stage.layers.first()? {
        LayerSpec::Dense { .. } => Some(format!("Dense layer, {channels} units")),
        LayerSpec::Conv2d { .. } if stage.layers.iter().any(|layer| matches!(layer, LayerSpec::MaxPool { .. })) => {
            Some(format!("Convolution and pooling, {channels} maps of {width}x{height}"))
        }
        LayerSpec::Conv2d { .. } => Some(format!("Convolution, {channels} filters of {width}x{height}")),
        LayerSpec::MaxPool { .. } | LayerSpec::AveragePool { .. } => {
            Some(format!("Pooling, {channels} maps of {width}x{height}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ui::palette::{DARK, LIGHT};

    #[test]
    fn layers_are_shown_after_what_belongs_to_them() {
        let (maps, units, last) = ([0.0, 1.0, -1.0, 0.5, 0.0, 0.0, 0.0, 0.25], [0.0, 2.0, 1.0], [0.1, 0.9]);
        let texts = ["conv:2x3", "batchnorm, relu", "dense:3, tanh", "dense:2", "softmax"];
        let layers = texts.map(|text| nn_core::parse_layers(text).unwrap());
        let shapes = [Shape::new(2, 2, 2), Shape::new(2, 2, 2), Shape::flat(3), Shape::flat(2), Shape::flat(2)];
        let values = [&maps[..], &maps, &units, &last, &last];
        let trace: Vec<_> = (0..5).map(|i| Trace { layers: &layers[i], shape: shapes[i], values: values[i] }).collect();
        let pictures = layer_pictures(&trace);
        let titles: Vec<_> = pictures.iter().map(|picture| &picture.title[..]).collect();
        assert_eq!(titles, ["Convolution, 2 filters of 2x2", "Dense layer, 3 units"]);
        for colours in [LIGHT, DARK] {
            let filters = pictures[0].tiles.picture(&colours);
            let half = colours.paper.lerp_to_gamma(colours.accent, 0.5);
            assert_eq!(filters.size, [5, 2]);
            let shown = [(0, 0), (2, 0), (3, 0), (1, 0)].map(|place| filters[place]);
            assert_eq!(shown, [colours.paper, colours.ground, colours.accent, colours.warning]);
            assert_eq!(pictures[1].tiles.picture(&colours).pixels, [colours.paper, colours.accent, half]);
        }
    }
}

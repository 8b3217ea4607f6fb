//! The activations of a network's layers as small pictures.

use egui::{Color32, ColorImage};
use nn_core::{LayerSpec, Shape, Trace};

/// Columns of a strip that shows a plain vector: one of these, so that its rows are full if they can be.
const STRIP: std::ops::RangeInclusive<usize> = 40..=64;
/// Filters that are shown side by side, and how many at most.
const FILTERS_A_ROW: usize = 8;
const FILTERS: usize = 32;
/// No activation.
const NONE: [u8; 3] = [0xff, 0xff, 0xff];
/// The strongest activation, and the strongest below zero.
const HIGH: [u8; 3] = [0x06, 0x4b, 0x4b];
const LOW: [u8; 3] = [0xb4, 0x53, 0x09];
/// Between two filters.
const GAP: Color32 = Color32::from_rgb(0xee, 0xec, 0xe6);

/// A layer and what it made of the input.
pub struct LayerPicture {
    /// Its title: `Dense layer, 800 units`.
    pub title: String,
    /// Its activations, white where there are none.
    pub picture: ColorImage,
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
    found.into_iter().map(|(title, stage)| LayerPicture { title, picture: picture(stage) }).collect()
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

/// The activations, each as strong as it is beside the strongest of the layer.
fn picture(stage: &Trace<'_>) -> ColorImage {
    let Shape { height, width, channels } = stage.shape;
    let largest = stage.values.iter().fold(1e-6_f32, |largest, v| largest.max(v.abs()));
    let colour = |value: f32| mix(value / largest);
    if height * width == 1 {
        let full = STRIP.rev().find(|&columns| channels % columns == 0);
        let columns = full.unwrap_or(*STRIP.end()).min(channels);
        let rows = channels.div_ceil(columns);
        let mut image = ColorImage::filled([columns, rows], GAP);
        image.pixels.iter_mut().zip(stage.values).for_each(|(pixel, &value)| *pixel = colour(value));
        return image;
    }
    let shown = channels.min(FILTERS);
    let columns = FILTERS_A_ROW.min(shown);
    let rows = shown.div_ceil(columns);
    let mut image = ColorImage::filled([columns * (width + 1) - 1, rows * (height + 1) - 1], GAP);
    for channel in 0..shown {
        let (left, top) = (channel % columns * (width + 1), channel / columns * (height + 1));
        for (at, values) in stage.values.chunks_exact(channels).enumerate() {
            image[(left + at % width, top + at / width)] = colour(values[channel]);
        }
    }
    image
}

/// From white at 0 to one colour at 1 and another at -1.
fn mix(value: f32) -> Color32 {
    let end = if value < 0.0 { LOW } else { HIGH };
    let share = value.abs().clamp(0.0, 1.0);
    let [r, g, b] = [0, 1, 2].map(|i| (f32::from(NONE[i]) + share * (f32::from(end[i]) - f32::from(NONE[i]))) as u8);
    Color32::from_rgb(r, g, b)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let filters = &pictures[0].picture;
        assert_eq!(filters.size, [5, 2]);
        assert_eq!((filters[(0, 0)], filters[(2, 0)], filters[(3, 0)]), (mix(0.0), GAP, mix(1.0)));
        assert_eq!((filters[(1, 0)], filters[(4, 1)]), (mix(-1.0), mix(0.25)));
        assert_eq!(pictures[1].picture.pixels, [mix(0.0), mix(1.0), mix(0.5)]);
    }
}

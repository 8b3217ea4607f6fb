//! The folder that proves an export: twenty pictures, what this program makes of them, and programs that compare.

use crate::error::Error;
use crate::onnx::{INPUT, OUTPUT};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use nn_core::rng::Rng;
use nn_data::{Ink, Preprocessing, disk};
use nn_io::{Model, Reader};
use serde_json::json;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

/// Pictures in the folder.
const PICTURES: u64 = 20;
/// The largest difference between probabilities that still counts as the same.
pub const TOLERANCE: f64 = 1e-4;
/// The programs that compare, each with its name.
const PROGRAMS: [(&str, &str); 5] = [
    ("check.py", include_str!("proof/check.py")),
    ("check.mjs", include_str!("proof/check.mjs")),
    ("check.rs", include_str!("proof/check.rs")),
    ("Cargo.toml", include_str!("proof/manifest.toml")),
    ("README.txt", include_str!("proof/README.txt")),
];

/// Writes into `folder` what proves that `onnx` (a path from that folder) answers as `model` does: `cases.json` with prepared pictures and the
/// expected probabilities, the pictures before preparation as PNG, and programs in Python, JavaScript and Rust that exit
/// with 1 on a difference.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_proof(model: &Arc<Model>, onnx: &str, folder: &Path) -> Result<(), Error> {
    let mut reader = Reader::new(Arc::clone(model));
    let mut cases = vec![];
    for seed in 0..PICTURES {
        let name = format!("{seed:02}.png");
        let picture = drawing(seed, model.preprocessing.channels);
        let pixels = model.preprocessing.apply(&picture);
        let answer = reader.read_prepared(&pixels);
        let Preprocessing { width, height, .. } = model.preprocessing;
        let mut png = Cursor::new(vec![]);
        picture.write_to(&mut png, ImageFormat::Png)?;
        disk::write(&folder.join(&name), &png.into_inner())?;
        cases.push(json!({
            "picture": name,
            "pixels": pixels,
            "shape": [height, width, model.preprocessing.channels],
            "label": model.classes[answer.class],
            "probabilities": answer.probabilities,
        }));
    }
    let all = json!({
        "model": onnx, "input": INPUT, "output": OUTPUT, "tolerance": TOLERANCE, "classes": model.classes, "cases": cases,
    });
    disk::write(&folder.join("cases.json"), all.to_string().as_bytes())?;
    for (name, text) in PROGRAMS {
        disk::write(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}

/// A drawing by chance, in colour for a model that sees colours.
fn drawing(seed: u64, channels: u32) -> DynamicImage {
    let grey = scribble(seed).rasterise(96, 0.06);
    if channels == 1 {
        return grey.into();
    }
    let paper = [1, 2, 3].map(|step| (seed * 37 * step % 200) as u8);
    let colour = |x, y| Rgb(paper.map(|value| value.max(grey.get_pixel(x, y).0[0] / 255 * (255 - value))));
    RgbImage::from_fn(grey.width(), grey.height(), colour).into()
}

/// Strokes by chance: two strokes of eight points, each near the one before.
fn scribble(seed: u64) -> Ink {
    let mut rng = Rng::new(seed);
    let mut near = |value: f32| (value + 0.4 * (rng.uniform() - 0.5)).clamp(0.1, 0.9);
    let mut stroke = || {
        let mut at = [0.5, 0.5];
        let mut next = |_| {
            at = at.map(&mut near);
            at
        };
        (0..8).map(&mut next).collect()
    };
    Ink { strokes: vec![stroke(), stroke()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_its_own_picture() {
        let pictures: Vec<Vec<u8>> = (0..PICTURES).map(|seed| scribble(seed).rasterise(96, 0.06).into_raw()).collect();
        for (i, picture) in pictures.iter().enumerate() {
            assert!(picture.iter().filter(|pixel| **pixel > 127).count() > 100, "{i} shows something");
            assert!(!pictures[..i].contains(picture));
        }
        let colour = drawing(5, 3).into_rgb8();
        assert!(colour.pixels().any(|Rgb([r, g, b])| r != g && g != b), "a model of colours is asked about colours");
    }
}

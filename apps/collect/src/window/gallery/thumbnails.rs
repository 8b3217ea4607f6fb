//! Pictures for the gallery, read and decoded on a worker.

use egui::{Color32, ColorImage};
use image::{DynamicImage, GrayImage};
use nn_data::{Drawings, Preprocessing, Size, read_picture};
use std::path::PathBuf;
use ui::palette::LIGHT;

/// Thumbnails in one answer at most, so that the first of many are soon seen.
const AT_ONCE: usize = 24;

/// The pictures that the gallery lacks.
pub struct Question {
    /// Drawings without a thumbnail.
    pub thumbs: Vec<PathBuf>,
    /// The side of a thumbnail, in pixels.
    pub side: usize,
    /// A drawing that is to be shown large.
    pub large: Option<PathBuf>,
}

/// Pictures that were read.
pub struct Pictures {
    /// Thumbnails of the first drawings that were asked for; a grey one where a file cannot be read.
    pub thumbs: Vec<(PathBuf, ColorImage)>,
    /// The drawing that is shown large.
    pub large: Option<(PathBuf, Large)>,
}

/// One drawing in detail.
pub struct Large {
    /// Who drew it; empty where that is not known.
    pub writer: String,
    /// The drawing, and the network's view of it; none where the file cannot be read.
    pub pictures: Option<[ColorImage; 2]>,
}

/// Reads what the gallery lacks.
pub fn read(question: Question) -> Pictures {
    let large = question.large.map(|path| {
        let writer = Drawings::strokes(&path).map(|sample| sample.writer).unwrap_or_default();
        let pictures = read_picture(&path).map(|picture| detail(&picture.into_luma8())).ok();
        (path, Large { writer, pictures })
    });
    let thumbs = question.thumbs.into_iter().take(AT_ONCE).map(|path| {
        let picture = read_picture(&path).map(DynamicImage::into_luma8);
        let image = picture.map_or_else(|_| ColorImage::filled([1, 1], LIGHT.line), |p| shrunk(&p, question.side));
        (path, image)
    });
    Pictures { thumbs: thumbs.collect(), large }
}

/// A drawing, and what the network will see of it.
fn detail(picture: &GrayImage) -> [ColorImage; 2] {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let seen = Preprocessing::ink(28, 28).apply_array(picture.as_raw(), Size::new(height, width, 1));
    [ColorImage::from_gray([width, height], picture.as_raw()), ColorImage::from_gray([28, 28], &seen)]
}

/// Shrinks a picture to `side` x `side` pixels, each the mean of those that fall into it.
fn shrunk(picture: &GrayImage, side: usize) -> ColorImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let span = |i: usize, length: usize| {
        (i * length / side)..((i + 1) * length / side).max(i * length / side + 1).min(length.max(1))
    };
    let mean = |row: usize, column: usize| {
        let (mut sum, mut count) = (0u32, 0u32);
        for y in span(row, height) {
            for x in span(column, width) {
                sum += u32::from(picture.as_raw()[y.min(height - 1) * width + x.min(width - 1)]);
                count += 1;
            }
        }
        Color32::from_gray((sum / count.max(1)) as u8)
    };
    ColorImage::new([side, side], (0..side * side).map(|i| mean(i / side, i % side)).collect())
}

//! Photographed characters, put together to lines on one sheet of paper.

use image::imageops::{FilterType, crop_imm, resize};
use image::{DynamicImage, GrayImage, Luma};
use nn_core::rng::Rng;
use std::error::Error;
use std::path::Path;

/// The lines, and the characters of each.
const LINES: usize = 300;
const CHARACTERS: usize = 5;
/// The height of a capital, and the margin around a line, in pixels.
const HEIGHT: f32 = 48.0;
const MARGIN: u32 = 40;
/// Ink is darker than this part of the paper.
const INK: f32 = 0.8;
/// The gap between two characters, in heights of capitals, from and to.
const GAP: [f32; 2] = [0.12, 0.4];
/// The brightness of the paper at its left and its right side.
const LIGHT: [f32; 2] = [225.0, 170.0];

/// A line of photographed characters.
pub struct PhotographedLine {
    pub text: String,
    pub picture: DynamicImage,
}

/// A character on paper of brightness 1.
struct Shot {
    label: char,
    paper: Vec<f32>,
    width: u32,
}

/// Puts the pictures of a folder, which its `labels.csv` of `file,label` names, together to lines of digits, of capitals and of
/// small letters in turn.
pub fn lines(folder: &Path) -> Result<Vec<PhotographedLine>, Box<dyn Error>> {
    let list = std::fs::read_to_string(folder.join("labels.csv"))?;
    let listed = |line: &str| -> Option<(String, char)> {
        let mut cells = line.split(',');
        Some((cells.next()?.into(), cells.next()?.chars().next()?))
    };
    let listed: Vec<(String, char)> = list.lines().skip(1).filter_map(listed).collect();
    let kinds: [fn(&char) -> bool; 3] = [char::is_ascii_digit, char::is_ascii_uppercase, char::is_ascii_lowercase];
    let mut rng = Rng::new(1);
    let mut lines = vec![];
    for number in 0..LINES {
        let own: Vec<_> = listed.iter().filter(|(_, label)| kinds[number % 3](label)).collect();
        let mut shots = vec![];
        while shots.len() < CHARACTERS {
            let (file, label) = own[(rng.uniform() * own.len() as f32) as usize % own.len()];
            shots.extend(Shot::new(*label, &image::open(folder.join(file))?.to_luma8()));
        }
        lines.push(joined(&shots, &mut rng));
    }
    Ok(lines)
}

impl Shot {
    /// A picture of a character, cut to its ink and made as high as such a character is; `None` without ink.
    fn new(label: char, picture: &GrayImage) -> Option<Self> {
        let (width, height) = picture.dimensions();
        let edge =
            picture.enumerate_pixels().filter(|(x, y, _)| [0, width - 1].contains(x) || [0, height - 1].contains(y));
        let mut edge: Vec<u8> = edge.map(|(_, _, value)| value[0]).collect();
        edge.sort_unstable();
        let paper = f32::from(edge[edge.len() / 2]);
        let inked = picture.enumerate_pixels().filter(|(_, _, value)| f32::from(value[0]) < INK * paper);
        let [left, top, right, bottom] = inked
            .map(|(x, y, _)| [x, y, x, y])
            .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
        let own = crop_imm(picture, left, top, right - left + 1, bottom - top + 1).to_image();
        let scale = HEIGHT * tall(label) / own.height() as f32;
        let side = |side: u32| ((side as f32 * scale).round() as u32).max(1);
        let own = resize(&own, side(own.width()), side(own.height()), FilterType::Triangle);
        let paper = own.iter().map(|value| (f32::from(*value) / paper).min(1.0)).collect();
        Some(Self { label, paper, width: own.width() })
    }
}

/// The height of a character over that of a capital.
fn tall(label: char) -> f32 {
    if "acemnorsuvwxz".contains(label) { 0.62 } else { 1.0 }
}

/// The part of it that is below the line, in heights of capitals.
fn below(label: char) -> f32 {
    if "gjpqy".contains(label) { 0.35 } else { 0.0 }
}

/// Characters side by side on paper that is lit from the left.
fn joined(shots: &[Shot], rng: &mut Rng) -> PhotographedLine {
    let mut left = MARGIN;
    let places: Vec<u32> = shots
        .iter()
        .map(|shot| {
            let own = left;
            left += shot.width + (HEIGHT * (GAP[0] + (GAP[1] - GAP[0]) * rng.uniform())) as u32;
            own
        })
        .collect();
    let (width, height) = (left + MARGIN, 2 * HEIGHT as u32 + 2 * MARGIN);
    let light = |x: u32| LIGHT[0] + (LIGHT[1] - LIGHT[0]) * x as f32 / width as f32;
    let mut picture = GrayImage::from_fn(width, height, |x, _| Luma([(light(x) + 4.0 * (rng.uniform() - 0.5)) as u8]));
    for (shot, left) in shots.iter().zip(places) {
        let rows = shot.paper.len() as u32 / shot.width;
        let top = MARGIN + (HEIGHT * (1.0 + below(shot.label) + 0.06 * (rng.uniform() - 0.5))) as u32 - rows;
        for (number, part) in (0..).zip(&shot.paper) {
            let (x, y) = (left + number % shot.width, top + number / shot.width);
            let value = f32::from(picture.get_pixel(x, y)[0]);
            picture.put_pixel(x, y, Luma([(value * part) as u8]));
        }
    }
    PhotographedLine { text: shots.iter().map(|shot| shot.label).collect(), picture: picture.into() }
}

//! Opening a model or a picture, which is read beside the window; what it is shows in its first bytes.

use anyhow::{Result, bail};
use image::DynamicImage;
use nn_data::read_picture;
use nn_io::Model;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a file held.
pub enum Opened {
    /// A model.
    Model(Box<Model>),
    /// A picture.
    Picture(DynamicImage),
}

/// Reads a model or a picture.
///
/// # Errors
/// What is wrong with the file.
pub fn open(path: &Path) -> Result<Opened> {
    if path.is_dir() {
        bail!("{} is a folder; open a model or a picture", path.display());
    }
    if is_picture(path) {
        return Ok(Opened::Picture(read_picture(path)?));
    }
    Ok(Opened::Model(Box::new(Model::load(path)?)))
}

fn is_picture(path: &Path) -> bool {
    let mut start = [0; 8];
    let read = File::open(path).and_then(|mut file| file.read(&mut start));
    let known = read.is_ok() && (start.starts_with(b"\x89PNG") || start.starts_with(&[0xff, 0xd8]));
    known || path.extension().is_some_and(|e| ["png", "jpg", "jpeg"].iter().any(|&k| e.eq_ignore_ascii_case(k)))
}

/// What a user typed as a path: without quotes and spaces around it, as a file manager copies them.
pub fn typed(text: &str) -> &Path {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    Path::new(inner.or_else(|| text.strip_prefix("file://")).unwrap_or(text))
}

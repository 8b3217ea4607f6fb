//! Opening a model or a picture on a worker, which may take as long as it likes: the window goes on, and the user can
//! stop waiting.

use crate::need;
use anyhow::{Context, Result, bail};
use egui::ColorImage;
use image::DynamicImage;
use nn_data::{is_picture, read_picture};
use nn_io::Model;
use std::path::Path;
use std::sync::Arc;
use ui::worker::Job;

/// The longer side of an opened picture as it is shown, in pixels.
const SHOWN: u32 = 1024;

/// A file that is being read.
pub struct Opening {
    /// The file's name.
    pub name: String,
    /// Reads it: its name and its content.
    pub job: Job<(String, Opened)>,
}

/// The content of a file.
pub enum Opened {
    /// A model.
    Model(Arc<Model>),
    /// The picture, and a smaller one to be shown.
    Picture(Arc<DynamicImage>, ColorImage),
}

/// The name of a file for people.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Reads a model or a picture; its first bytes tell which.
///
/// # Errors
/// When the file is not regular, or cannot be read.
pub fn read(path: &Path) -> Result<Opened> {
    if let Ok(kind) = path.metadata().map(|data| data.file_type()) {
        match kind {
            _ if kind.is_dir() => bail!("{} is a folder; open a model or a picture", path.display()),
            _ if !kind.is_file() => bail!("{} is not a regular file; open a model or a picture", path.display()),
            _ => {}
        }
    }
    if !is_picture(path) {
        let model = Model::load(path)?;
        need::check(&model).with_context(|| path.display().to_string())?;
        return Ok(Opened::Model(Arc::new(model)));
    }
    let picture = read_picture(path)?;
    let small = picture.thumbnail(SHOWN, SHOWN).to_rgba8();
    let size = [small.width() as usize, small.height() as usize];
    Ok(Opened::Picture(Arc::new(picture), ColorImage::from_rgba_unmultiplied(size, small.as_raw())))
}

//! Opening a model or a picture on a worker, which may take as long as it likes: the window goes on, and the user can
//! stop waiting.

use anyhow::{Result, bail};
use egui::ColorImage;
use image::DynamicImage;
use nn_data::{is_picture, read_picture};
use nn_io::Model;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ui::worker::Job;

/// The longer side of an opened picture as it is shown, in pixels.
const SHOWN: u32 = 1024;
/// Nobody closes a dialog faster than this: where it brought nothing in less time, it never appeared.
const NO_DIALOG: Duration = Duration::from_millis(400);

/// A file that is being read.
pub struct Opening {
    /// The file's name.
    pub name: String,
    /// Reads it: its name and its content.
    pub job: Job<(String, Opened)>,
}

/// The system's file dialog while it is open.
pub struct Browsing {
    /// When it was asked for.
    pub since: Instant,
    /// Brings the chosen file; none where the user closed the dialog, or there is not any.
    pub job: Job<Option<PathBuf>>,
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

/// The news that the dialog brought no file after this time.
pub fn nothing_chosen(took: Duration) -> &'static str {
    if took < NO_DIALOG {
        "This system has no file dialog to show. Type the path of the file above, or drop the file on this window."
    } else {
        "No file was chosen. A path can be typed too, or a file dropped here."
    }
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
        return Ok(Opened::Model(Arc::new(Model::load(path)?)));
    }
    let picture = read_picture(path)?;
    let small = picture.thumbnail(SHOWN, SHOWN).to_rgba8();
    let size = [small.width() as usize, small.height() as usize];
    Ok(Opened::Picture(Arc::new(picture), ColorImage::from_rgba_unmultiplied(size, small.as_raw())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_that_never_appeared_is_told_from_one_that_was_closed() {
        assert!(nothing_chosen(Duration::from_millis(20)).starts_with("This system has no file dialog"));
        assert!(nothing_chosen(Duration::from_secs(3)).starts_with("No file was chosen"));
    }
}

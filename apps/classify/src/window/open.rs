//! Opening a model or a picture on a worker, which may take as long as it likes: the window goes on, and the user can
//! stop waiting.

use super::question::{About, Question};
use super::{OpenPicture, Window};
use anyhow::{Result, bail};
use cli::say::{count, plain};
use egui::{ColorImage, Context};
use image::DynamicImage;
use nn_data::{is_picture, read_picture};
use nn_io::Model;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ui::path::existing;
use ui::worker::Job;

/// The longer side of an opened picture as it is shown, in pixels.
const SHOWN: u32 = 1024;
/// Nobody closes a dialog faster than this: where it brought nothing in less time, it never appeared.
const NO_DIALOG: Duration = Duration::from_millis(400);

/// A file that is being read.
pub struct Opening {
    /// The file's name.
    pub name: String,
    job: Job<(String, Opened)>,
}

/// The system's file dialog while it is open.
pub struct Browsing {
    since: Instant,
    job: Job<Option<PathBuf>>,
}

/// What a file held.
enum Opened {
    Model(Arc<Model>),
    /// The picture, and a smaller one to be shown.
    Picture(Arc<DynamicImage>, ColorImage),
}

impl Window {
    /// Opens a model or a picture. A file that is still being read is given up.
    pub fn open(&mut self, path: PathBuf, ctx: &Context) {
        let name = name_of(&path);
        let job = Job::new(ctx, move |_| {
            let path = existing(&path);
            Ok((name_of(&path), read(&path)?))
        });
        self.opening = Some(Opening { name, job });
    }

    /// Stops waiting for a file.
    pub(super) fn stop_opening(&mut self) {
        if let Some(opening) = self.opening.take() {
            self.say(format!("{} is not opened. All stays as it was.", opening.name), false);
        }
    }

    /// Shows the system's file dialog, unless it is open.
    pub(super) fn browse(&mut self, ctx: &Context) {
        let dialog = |_: &_| Ok(rfd::FileDialog::new().set_title("Open a model or a picture").pick_file());
        self.browsing.get_or_insert_with(|| Browsing { since: Instant::now(), job: Job::new(ctx, dialog) });
    }

    /// Takes in what was chosen, dropped and read.
    pub(super) fn take_in_files(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped {
            self.open(path, ctx);
        }
        if let Some(browsing) = &mut self.browsing
            && let Some(chosen) = browsing.job.result()
        {
            let took = browsing.since.elapsed();
            self.browsing = None;
            match chosen.ok().flatten() {
                Some(path) => self.open(path, ctx),
                None => self.say(nothing_chosen(took), false),
            }
        }
        if let Some(opening) = &mut self.opening
            && let Some(result) = opening.job.result()
        {
            self.opening = None;
            match result {
                Ok((name, Opened::Model(model))) => self.offer_model(model, name, ctx),
                Ok((name, Opened::Picture(picture, small))) => self.show_picture(name, picture, &small, ctx),
                Err(error) => self.say(format!("{}. All stays as it was.", plain(&error)), true),
            }
        }
    }

    /// Opens a model, or asks first where that would lose what the present one has learnt.
    fn offer_model(&mut self, model: Arc<Model>, name: String, ctx: &Context) {
        match self.unsaved() {
            None => self.open_model(model, name, ctx),
            Some(loss) => {
                let text = format!("{loss} Open {name} all the same?");
                self.question = Some(Question { text, answers: ["Open it", "Stay"], about: About::Open(model, name) });
            }
        }
    }

    /// Goes on with another model; what the one before was learning or has learnt is given up.
    pub(super) fn open_model(&mut self, model: Arc<Model>, name: String, ctx: &Context) {
        self.lesson.give_up();
        self.say(format!("{name} reads {}.", count(model.classes.len(), "class", "classes")), false);
        self.use_model(model, name, ctx);
    }

    fn show_picture(&mut self, name: String, picture: Arc<DynamicImage>, small: &ColorImage, ctx: &Context) {
        self.say(format!("{name} is read. Esc goes back to the paper."), false);
        let view = ctx.load_texture("picture", small.clone(), egui::TextureOptions::LINEAR);
        self.picture = Some(OpenPicture { name, picture, view });
        self.read_again(ctx);
    }
}

/// The name of a file for people.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The news that the dialog brought no file after this time.
fn nothing_chosen(took: Duration) -> &'static str {
    if took < NO_DIALOG {
        "This system has no file dialog to show. Type the path of the file above, or drop the file on this window."
    } else {
        "No file was chosen. A path can be typed too, or a file dropped here."
    }
}

/// Reads a model or a picture; what it is shows in its first bytes.
fn read(path: &Path) -> Result<Opened> {
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

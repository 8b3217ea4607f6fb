//! What the user asks of the window: save, delete, relabel, and take back.

use super::{Collection, Done, Window};
use nn_data::{Drawings, Error, StrokeSample};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Steps that can be taken back.
const DEPTH: usize = 1000;

impl Window {
    /// Saves the drawing under a label and gives fresh paper. The drawing is on the disk when this returns.
    pub fn save(&mut self, label: &str) {
        if self.pad.is_empty() {
            return self.say("Draw something first, then press its key.", false);
        }
        let writer = self.settings.writer.trim().to_string();
        let sample = StrokeSample { label: label.into(), writer, strokes: self.pad.ink().clone() };
        match self.drawings.save_new(&sample, self.pad.pen, SystemTime::now()) {
            Ok(path) => {
                self.collection.add(label, path.clone());
                self.saved += 1;
                let ink = self.pad.take();
                self.remember_done(Done::Saved(path, ink));
                self.say(
                    format!("Saved as {label}: {} of it now. Ctrl+Z takes it back.", self.collection.count(label)),
                    false,
                );
            }
            Err(error) => self.fail(error),
        }
    }

    /// Saves the drawing under the class that was asked for or, where none is, under the label of the text field.
    pub fn save_by_enter(&mut self) {
        let label = self.asked().unwrap_or_else(|| self.settings.label.trim().to_string());
        if label.is_empty() {
            return self.say("Press the key of what you drew, or type a label for Enter.", false);
        }
        self.save(&label);
    }

    /// Moves a drawing to the trash.
    pub fn delete(&mut self, picture: &Path) {
        match self.drawings.discard(picture) {
            Ok(trashed) => {
                self.gone(picture);
                self.remember_done(Done::Deleted(trashed));
                self.say("Deleted. Ctrl+Z brings it back.", false);
            }
            Err(error) => self.fail(error),
        }
    }

    /// Gives a drawing another label.
    pub fn relabel(&mut self, picture: &Path, label: &str) {
        let before = label_of(picture);
        let label = label.trim();
        if label.is_empty() || label == before {
            return self.say("Type the right label first.", false);
        }
        match self.drawings.relabel(picture, label) {
            Ok(path) => {
                self.gone(picture);
                self.collection.add(label, path.clone());
                self.remember_done(Done::Relabelled(path, before));
                self.say(format!("It is {label} now. Ctrl+Z takes that back."), false);
            }
            Err(error) => self.fail(error),
        }
    }

    /// Takes the last thing done back: a drawing that was saved is on the paper again.
    pub fn take_back(&mut self) {
        let result = match self.done.pop() {
            None => return self.say("There is nothing to take back.", false),
            Some(Done::Saved(path, ink)) => self.drawings.discard(&path).map(|_| {
                self.gone(&path);
                self.saved = self.saved.saturating_sub(1);
                if self.pad.is_empty() {
                    self.pad.set_ink(ink);
                }
                "The drawing is on the paper again."
            }),
            Some(Done::Deleted(trashed)) => self.drawings.restore(&trashed).map(|path| {
                self.collection.add(&label_of(&path), path.clone());
                "It is back."
            }),
            Some(Done::Relabelled(path, label)) => self.drawings.relabel(&path, &label).map(|back| {
                self.gone(&path);
                self.collection.add(&label, back);
                "It has its old label."
            }),
        };
        match result {
            Ok(text) => self.say(text, false),
            Err(error) => self.fail(error),
        }
    }

    /// Looks at the folder anew: another collector may have saved there.
    pub fn refresh(&mut self) {
        match Collection::load(&self.drawings) {
            Ok(collection) => self.collection = collection,
            Err(error) => self.fail(error),
        }
    }

    fn gone(&mut self, picture: &Path) {
        self.gallery.forget(picture, &self.collection);
        self.collection.remove(picture);
    }

    fn remember_done(&mut self, done: Done) {
        if self.done.len() == DEPTH {
            self.done.remove(0);
        }
        self.done.push(done);
    }

    fn fail(&mut self, error: Error) {
        self.say(format!("{:#}", anyhow::Error::from(error)), true);
    }
}

/// The label of a picture, which its folder tells.
pub fn label_of(picture: &Path) -> String {
    let folder = picture.parent().and_then(Path::file_name).unwrap_or_default();
    nn_data::label_of(&folder.to_string_lossy())
}

/// Who drew a picture, if anybody said.
pub fn writer_of(picture: &Path) -> Option<String> {
    Drawings::strokes(picture).ok().map(|sample| sample.writer).filter(|writer| !writer.is_empty())
}

/// A picture's name for people.
pub fn name_of(picture: &Path) -> String {
    PathBuf::from(picture).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

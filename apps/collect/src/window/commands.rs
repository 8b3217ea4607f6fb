//! The window's commands: save, delete, relabel, and take back.

use super::collection::label_of;
use super::disk::Deed;
use super::{Done, Saved, Side, Step, Window, strip};
use egui::Context;
use nn_data::{Drawings, Ink, StrokeSample};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Steps that can be taken back.
const DEPTH: usize = 1000;

impl Window {
    /// Saves the drawing under a label and gives fresh paper. It counts at once; a worker writes it.
    pub fn save(&mut self, label: &str) {
        if self.pad.is_empty() {
            return self.say("Draw something first, then press its key.", false);
        }
        if self.is_copying() {
            return self.say("Enter saves the characters of the whole text.", false);
        }
        let (asked, pen) = (self.asked(), self.pad.pen);
        let ink = self.pad.take();
        let count = self.add(label, ink, pen, asked.clone());
        let text = match asked.as_ref().filter(|asked| *asked != label) {
            Some(asked) => format!("Saved as {label}, although {asked} was asked for. Ctrl+Z takes it back."),
            None => format!("Saved as {label}: {count} of it now. Ctrl+Z takes it back."),
        };
        self.say(text, false);
    }

    /// Saves a drawing under a label; returns the number of drawings that the label has now.
    pub(super) fn add(&mut self, label: &str, ink: Ink, pen: f32, asked: Option<String>) -> usize {
        let writer = self.settings.writer.trim().to_string();
        let sample = StrokeSample { label: label.into(), writer, strokes: ink.clone() };
        let name = Drawings::new_name(SystemTime::now());
        let picture = self.drawings.path_of(label, &name);
        self.begin(Deed::Save(picture.clone()), move |drawings| drawings.save(&sample, pen, &name));
        self.collection.add(label, picture.clone());
        self.saved += 1;
        self.remember_step(Done::Saved(Saved { picture, label: label.into(), asked, ink, pen, texture: None }));
        self.collection.count(label)
    }

    /// Saves the drawing under the class that was asked for.
    pub fn save_by_enter(&mut self, ctx: &Context) {
        if self.is_copying() {
            return self.save_characters(ctx);
        }
        match self.asked() {
            Some(label) => self.save(&label),
            None => {
                self.say("Nothing is asked for: press the key of what you drew, or type another label below.", false)
            }
        }
    }

    /// Wipes the paper or, where it is empty, deletes the drawing that the gallery shows large.
    pub fn wipe(&mut self) {
        match self.gallery.selected().filter(|_| self.side == Side::Gallery) {
            _ if !self.pad.is_empty() => {
                self.pad.clear();
                self.say("The paper is empty. Ctrl+Z brings the drawing back.", false);
            }
            Some(picture) => self.delete(&picture),
            None => {}
        }
    }

    /// Takes back what was done last: a stroke on this paper, or a step with a saved drawing.
    pub fn undo(&mut self) {
        let before = self.steps.last().map_or(0, |step| step.depth);
        if self.pad.undo_depth() > before {
            self.pad.undo();
        } else {
            self.take_back();
        }
    }

    /// Moves a drawing to the trash.
    pub fn delete(&mut self, picture: &Path) {
        self.doubts.judged(picture);
        let trashed = self.discard(picture);
        self.remember_step(Done::Deleted(trashed));
        self.say("Deleted. Ctrl+Z brings it back.", false);
    }

    /// Gives a drawing another label.
    pub fn relabel(&mut self, picture: &Path, label: &str) {
        let before = label_of(picture);
        let label = label.trim();
        if label.is_empty() || label == before {
            return self.say("Type the right label first.", false);
        }
        self.doubts.judged(picture);
        let now = self.move_to_class(picture, label);
        self.remember_step(Done::Relabelled(now, before));
        self.say(format!("It is {label} now. Ctrl+Z takes that back."), false);
    }

    /// Takes the last step with a saved drawing back.
    fn take_back(&mut self) {
        match self.steps.pop().map(|step| step.done) {
            None => self.say("There is nothing to take back.", false),
            Some(Done::Saved(saved)) => self.unsave(saved),
            Some(Done::Deleted(trashed)) => self.restore(&trashed),
            Some(Done::Kept(picture)) => {
                self.doubts.return_to(&picture);
                self.say("Look at it again.", false);
            }
            Some(Done::Relabelled(picture, label)) => {
                let before = self.move_to_class(&picture, &label);
                self.doubts.return_to(&before);
                self.say(format!("It is {label} again."), false);
            }
        }
    }

    /// Takes a saved drawing back: it is on the paper again if that is empty and for one character, and in the trash otherwise.
    fn unsave(&mut self, saved: Saved) {
        let Saved { picture, label, ink, pen, .. } = saved;
        self.discard(&picture);
        self.saved = self.saved.saturating_sub(1);
        if self.pad.is_empty() && !self.is_copying() {
            self.pad.put(ink);
            self.pad.pen = pen;
            self.say(format!("The {label} is on the paper again and no longer saved."), false);
        } else {
            self.say(format!("The {label} is no longer saved; it is in the trash."), false);
        }
    }

    /// Brings a drawing back from the trash.
    pub fn restore(&mut self, trashed: &Path) {
        let label = label_of(trashed);
        let picture = self.drawings.path_of(&label, "").with_file_name(trashed.file_name().unwrap_or_default());
        let from = trashed.to_owned();
        self.begin(Deed::Move(picture.clone()), move |drawings| drawings.restore(&from));
        self.collection.trash.retain(|other| other != trashed);
        self.steps.retain(|step| !matches!(&step.done, Done::Deleted(path) if path == trashed));
        self.doubts.return_to(&picture);
        self.collection.add(&label, picture);
        self.say(format!("The {label} is back."), false);
    }

    /// Takes back one of the drawings that were saved in this session.
    pub fn take_back_saved(&mut self, picture: &Path) {
        if let Some(at) = strip::position(&self.steps, picture)
            && let Done::Saved(saved) = self.steps.remove(at).done
        {
            self.unsave(saved);
        }
    }

    /// Tells the watch that the folder is as the window has left it.
    pub(super) fn changed(&self) {
        if let Some(watch) = &self.watch {
            watch.changed();
        }
    }

    /// Moves a drawing to the trash; returns its path there.
    fn discard(&mut self, picture: &Path) -> PathBuf {
        let (trashed, from) = (self.drawings.trash_of(picture), picture.to_owned());
        self.begin(Deed::Move(trashed.clone()), move |drawings| drawings.discard(&from));
        self.gone(picture);
        self.collection.trash.push(trashed.clone());
        trashed
    }

    /// Takes a drawing out of what is shown.
    pub(super) fn gone(&mut self, picture: &Path) {
        self.gallery.forget(picture, &self.collection);
        self.collection.remove(picture);
    }

    /// Gives a drawing another label and so another place, and returns that.
    fn move_to_class(&mut self, picture: &Path, label: &str) -> PathBuf {
        let now = self.drawings.path_of(label, "").with_file_name(picture.file_name().unwrap_or_default());
        let (from, class) = (picture.to_owned(), label.to_string());
        self.begin(Deed::Move(now.clone()), move |drawings| drawings.relabel(&from, &class));
        self.gone(picture);
        for step in &mut self.steps {
            if let Done::Saved(saved) = &mut step.done
                && saved.picture == picture
            {
                (saved.picture, saved.label) = (now.clone(), label.into());
            }
        }
        self.collection.add(label, now.clone());
        now
    }

    pub(super) fn remember_step(&mut self, done: Done) {
        if self.steps.len() == DEPTH {
            self.steps.remove(0);
        }
        self.steps.push(Step { done, depth: self.pad.undo_depth() });
    }
}

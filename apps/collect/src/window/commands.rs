//! The window's commands: save, delete, relabel, and take back.

use super::collection::label_of;
use super::{Done, Saved, Side, Step, Window, strip};
use nn_data::{Error, StrokeSample};
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
        let asked = self.asked();
        let writer = self.settings.writer.trim().to_string();
        let sample = StrokeSample { label: label.into(), writer, strokes: self.pad.ink().clone() };
        match self.drawings.save_new(&sample, self.pad.pen, SystemTime::now()) {
            Ok(picture) => {
                self.collection.add(label, picture.clone());
                self.changed();
                self.saved += 1;
                let ink = self.pad.take();
                self.remember_step(Done::Saved(Saved {
                    picture,
                    label: label.into(),
                    asked: asked.clone(),
                    ink,
                    texture: None,
                }));
                let count = self.collection.count(label);
                self.say(
                    match asked.filter(|asked| asked != label) {
                        Some(asked) => {
                            format!("Saved as {label}, although {asked} was asked for. Ctrl+Z takes it back.")
                        }
                        None => format!("Saved as {label}: {count} of it now. Ctrl+Z takes it back."),
                    },
                    false,
                );
            }
            Err(error) => self.fail(error),
        }
    }

    /// Saves the drawing under the class that was asked for.
    pub fn save_by_enter(&mut self) {
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
        match self.drawings.discard(picture) {
            Ok(trashed) => {
                self.gone(picture);
                self.collection.trash.push(trashed.clone());
                self.remember_step(Done::Deleted(trashed));
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
                self.moved(picture, label, path.clone());
                self.remember_step(Done::Relabelled(path, before));
                self.say(format!("It is {label} now. Ctrl+Z takes that back."), false);
            }
            Err(error) => self.fail(error),
        }
    }

    /// Takes the last step with a saved drawing back.
    fn take_back(&mut self) {
        match self.steps.pop().map(|step| step.done) {
            None => self.say("There is nothing to take back.", false),
            Some(Done::Saved(saved)) => self.unsave(saved),
            Some(Done::Deleted(trashed)) => self.restore(&trashed),
            Some(Done::Relabelled(picture, label)) => match self.drawings.relabel(&picture, &label) {
                Ok(back) => {
                    self.moved(&picture, &label, back);
                    self.say(format!("It is {label} again."), false);
                }
                Err(error) => self.fail(error),
            },
        }
    }

    /// Takes a saved drawing back: it is on the paper again if that is empty, and in the trash otherwise.
    fn unsave(&mut self, saved: Saved) {
        let Saved { picture, label, ink, .. } = saved;
        match self.drawings.discard(&picture) {
            Ok(trashed) => {
                self.gone(&picture);
                self.collection.trash.push(trashed);
                self.saved = self.saved.saturating_sub(1);
                if self.pad.is_empty() {
                    self.pad.put(ink);
                    self.say(format!("The {label} is on the paper again and no longer saved."), false);
                } else {
                    self.say(format!("The {label} is no longer saved; it is in the trash."), false);
                }
            }
            Err(error) => self.fail(error),
        }
    }

    /// Brings a drawing back from the trash.
    pub fn restore(&mut self, trashed: &Path) {
        match self.drawings.restore(trashed) {
            Ok(picture) => {
                let label = label_of(&picture);
                self.collection.trash.retain(|other| other != trashed);
                self.steps.retain(|step| !matches!(&step.done, Done::Deleted(path) if path == trashed));
                self.collection.add(&label, picture);
                self.changed();
                self.say(format!("The {label} is back."), false);
            }
            Err(error) => self.fail(error),
        }
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
    fn changed(&self) {
        if let Some(watch) = &self.watch {
            watch.changed();
        }
    }

    fn gone(&mut self, picture: &Path) {
        self.gallery.forget(picture, &self.collection);
        self.collection.remove(picture);
        self.changed();
    }

    /// A drawing has another label now, and so another place.
    fn moved(&mut self, picture: &Path, label: &str, now: PathBuf) {
        self.gone(picture);
        for step in &mut self.steps {
            if let Done::Saved(saved) = &mut step.done
                && saved.picture == picture
            {
                (saved.picture, saved.label) = (now.clone(), label.into());
            }
        }
        self.collection.add(label, now);
    }

    fn remember_step(&mut self, done: Done) {
        if self.steps.len() == DEPTH {
            self.steps.remove(0);
        }
        self.steps.push(Step { done, depth: self.pad.undo_depth() });
    }

    fn fail(&mut self, error: Error) {
        self.say(cli::say::plain(&format!("{:#}", anyhow::Error::from(error))), true);
    }
}

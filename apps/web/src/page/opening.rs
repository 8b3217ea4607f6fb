//! Files and models on their way into the page: what was chosen, dropped or loaded.

use super::pictures::{DIGITS, Part};
use super::reading::{MODELS, Origin};
use super::{Page, Tab};
use crate::collection::samples_of;
use crate::errand::Errand;
use crate::kind::{FileKind, unpacked};
use crate::message::{NamedFile, Request};
use crate::project::unpack;
use crate::teller::TRAINED;
use anyhow::Result;
use egui::ColorImage;
use ui::notice::Notice;

impl Page {
    /// Takes in a file that was chosen, dropped or loaded.
    pub fn open(&mut self, name: &str, content: Vec<u8>) {
        if let Some(number) = DIGITS.iter().position(|digits| *digits == name) {
            self.errands.extend(self.lessons.loaded(number, content, &self.collection));
        } else if let Some((built_in, _)) = MODELS.iter().find(|(_, file)| *file == name) {
            if self.wanted == Some(*built_in) {
                self.errands.push(self.reading.open(Origin::BuiltIn, (*built_in).into(), content));
            }
        } else if let Err(error) = unpacked(content).and_then(|content| self.open_own(name, content)) {
            self.notice = Notice::error(format!("{name}: {error:#}."));
        }
    }

    /// Takes in a file of the user.
    fn open_own(&mut self, name: &str, content: Vec<u8>) -> Result<()> {
        let part = match FileKind::of(name, &content) {
            FileKind::Strokes => {
                self.add(name, samples_of(&content));
                return Ok(());
            }
            FileKind::Project => {
                let project = unpack(&content)?;
                if !project.drawings.is_empty() {
                    self.add(name, Ok(project.drawings));
                }
                if let Some(model) = project.model {
                    self.open_model(name.trim_end_matches(".zip").into(), model);
                }
                return Ok(());
            }
            FileKind::Model => {
                self.open_model(name.into(), content);
                return Ok(());
            }
            FileKind::Picture => {
                self.errands.push(Errand::Read(Request::Look { name: name.into(), file: content }));
                return Ok(());
            }
            FileKind::Table => Part::Whole,
            FileKind::Images => Part::Images,
            FileKind::Labels => Part::Labels,
        };
        let said = self.lessons.pictures.choose(NamedFile { name: name.into(), content }, part);
        self.notice = Notice::hint(said);
        Ok(())
    }

    /// Shows a picture in place of a drawing, and lets the worker read it.
    pub(super) fn show_picture(&mut self, name: &str, size: [usize; 2], preview: &[u8]) {
        if size[0] * size[1] * 4 == preview.len() {
            self.preview = Some(ColorImage::from_rgba_unmultiplied(size, preview));
        }
        self.pad.clear();
        self.reading.show_picture();
        self.tab = Tab::Try;
        self.notice = Notice::hint(format!("{name} is shown and read. Draw, and your drawing is read instead."));
    }

    /// Opens one of the models that ship with the page.
    pub(super) fn open_built_in(&mut self, (name, file): (&'static str, &'static str)) {
        (self.wanted, self.follows) = (Some(name), false);
        self.errands.push(Errand::Fetch(file));
    }

    /// Opens a model of the user.
    pub(super) fn open_model(&mut self, name: String, file: Vec<u8>) {
        (self.wanted, self.follows) = (None, false);
        self.errands.push(self.reading.open(Origin::Own, name, file));
    }

    /// The worker has opened a model: the user learns of it, and one of their own is kept.
    pub(super) fn opened(&mut self, name: String, classes: Vec<String>, size: [usize; 2]) {
        let notice = Notice::hint(format!("{name} reads {} classes.", classes.len()));
        let origin = self.reading.opened(name, classes, size);
        if let (Some(Origin::Own), Some((name, file))) = (origin, self.reading.own()) {
            self.errands.push(Errand::KeepModel { name: name.into(), file: file.to_vec() });
        }
        let says_more = origin == Some(Origin::Epoch) || self.reading.model() == Some(TRAINED);
        if !says_more {
            self.notice = notice;
        }
    }
}

//! The user corrects a line: which character it is, and which strokes belong together.

use super::{Letter, Strokes};
use crate::window::Window;
use crate::window::keep::{Corrected, Deed, Kept};
use crate::window::lesson::examples::KeptExample;
use crate::window::train::Page;
use egui::Context;
use nn_data::{Drawings, Ink, StrokeSample};
use nn_lines::alone;
use std::time::SystemTime;
use ui::keys::Press;

impl Window {
    /// Does what a key says on this page.
    pub(in crate::window) fn press_in_line(&mut self, press: Press, ctx: &Context) {
        match press {
            Press::Escape if self.was_typing => {}
            Press::Enter | Press::Escape if self.question.is_some() => {
                self.answer_question(press == Press::Enter, ctx);
            }
            Press::Enter => self.choose_next(),
            Press::Escape if self.line.chosen.take().is_some() => {}
            Press::Escape => self.page = Page::Read,
            Press::Wipe => self.line.pad.clear(),
            Press::Undo => self.undo_in_line(ctx),
            Press::Redo => self.line.pad.redo(),
            Press::Label(label) => self.correct_character(&label),
        }
    }

    /// Chooses the character after the chosen one; after the last, the first.
    fn choose_next(&mut self) {
        let line = &self.line;
        let next = line.chosen_at().map_or(0, |at| at + 1);
        let character = line.characters().nth(next).or_else(|| line.characters().next());
        let strokes = character.map(|character| line.strokes_of(character));
        self.line.chosen = strokes;
    }

    /// Keeps the chosen character under its right label, and shows that in the text.
    pub(super) fn correct_character(&mut self, label: &str) {
        let chosen = self.line.chosen.clone().filter(|_| self.line.chosen_at().is_some());
        let Some(strokes) = chosen else {
            return self.say("Choose a character first: click it below the paper, or press Enter.", false);
        };
        if !self.model.classes.iter().any(|class| class == label) {
            return self.say(format!("This model does not know {label:?}, so that no line holds it."), true);
        }
        let name = Drawings::new_name(SystemTime::now());
        let picture = self.corrections.drawings.path_of(label, &name);
        let ink = Ink { strokes: strokes.clone() };
        let (ink, pen) = alone(&ink, self.line.characters(), self.line.pad.pen);
        let drawings = self.corrections.drawings.clone();
        let sample = StrokeSample { label: label.into(), writer: String::new(), strokes: ink };
        self.disk.add(Deed::Keep(picture.clone()), move || Ok(drawings.save(&sample, pen, &name).map(drop)?));
        self.examples.add(KeptExample { picture: picture.clone(), class: label.into(), features: vec![] });
        self.line.said.letters.retain(|letter| letter.strokes != strokes);
        self.line.said.letters.push(Letter { strokes: strokes.clone(), text: label.into(), picture: picture.clone() });
        let depth = self.line.pad.undo_depth();
        self.done.push(Kept { picture, label: label.into(), subject: Corrected::Letter(strokes), depth });
        self.counts(1);
        self.say(format!("Kept as {label}. Ctrl+Z takes it back; Teach makes the model learn it."), false);
    }

    /// Ctrl+Z: takes back a stroke of the line, or a correction that came after it.
    fn undo_in_line(&mut self, ctx: &Context) {
        let depth = self.line.pad.undo_depth();
        let is_newest = |kept: &Kept| matches!(kept.subject, Corrected::Letter(_)) && kept.depth >= depth;
        if self.done.last().is_some_and(is_newest) {
            self.take_back(ctx);
        } else {
            self.line.pad.undo();
        }
    }

    /// Forgets what was told of a character.
    pub(in crate::window) fn forget_letter(&mut self, strokes: &Strokes) {
        self.line.said.letters.retain(|letter| letter.strokes != *strokes);
    }

    /// Joins the chosen character with the next.
    pub(super) fn join_with_next(&mut self) {
        let line = &self.line;
        let Some(at) = line.chosen_at() else { return };
        let both: Strokes =
            line.characters().skip(at).take(2).flat_map(|character| line.strokes_of(character)).collect();
        let said = &mut self.line.said;
        let shares = |other: &Strokes| other.iter().any(|stroke| both.contains(stroke));
        said.together.retain(|other| !shares(other));
        said.letters.retain(|letter| !shares(&letter.strokes));
        said.apart.retain(|other| !other.iter().all(|stroke| both.contains(stroke)));
        said.together.push(both.clone());
        self.line.chosen = Some(both);
    }

    /// Splits the chosen character, which has several strokes.
    pub(super) fn split(&mut self) {
        let Some(strokes) = self.line.chosen.take() else { return };
        let said = &mut self.line.said;
        said.together.retain(|other| *other != strokes);
        said.letters.retain(|letter| letter.strokes != strokes);
        said.apart.push(strokes);
    }
}

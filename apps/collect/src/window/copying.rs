//! Several characters at a time: the user copies a text on a wide paper, and each of its characters becomes a drawing.

use super::Window;
use super::collection::{Collection, classes_of};
use builtin::Builtin;
use egui::{Context, Rect, Stroke, Ui};
use nn_data::Ink;
use nn_lines::{Help, LineReader, ReadCharacter, alone};
use std::time::Duration;
use ui::look;
use ui::pad::DrawPad;
use ui::worker::Latest;

/// The height of the paper over its width.
const HEIGHT: f32 = 0.3;
/// The characters of a text.
const LENGTH: usize = 5;
/// The first of the other characters that the free reading tells: a known character may be one of them.
const ALIKE: usize = 3;
/// Enter waits so long for the characters to be told apart.
const PATIENCE: Duration = Duration::from_secs(1);

/// The text to be copied, and its characters on the paper.
#[derive(Default)]
pub struct Copying {
    /// The text.
    pub text: String,
    worker: Option<Latest<Question, Found>>,
    /// The pad's version that the worker was asked about last, and the one at which the paper was empty last.
    asked: Option<u64>,
    empty: u64,
    found: Option<Found>,
    /// The paper that is not shown: the one for a single character while several are copied, and the other way round.
    hidden: Option<DrawPad>,
}

/// Something to read.
struct Question {
    version: u64,
    text: String,
    ink: Ink,
}

/// The characters on the paper.
struct Found {
    version: u64,
    characters: Result<Vec<ReadCharacter>, String>,
    /// Whether they are those of the text.
    is_whole: bool,
}

/// Finds the characters on the paper: those of the text or, where there are others, whatever is there.
fn find(reader: &mut Option<LineReader>, question: Question) -> Found {
    let Question { version, text, ink } = question;
    let [free, told] = match read_twice(reader, &text, &ink) {
        Ok(readings) => readings,
        Err(error) => return Found { version, characters: Err(error.to_string()), is_whole: false },
    };
    let is_text = told.iter().map(|character| &character.text[..]).collect::<String>() == text;
    let is_whole = is_text && told.len() == free.len() && told.iter().zip(&free).all(|(told, free)| agree(told, free));
    Found { version, characters: Ok(if is_whole { told } else { free }), is_whole }
}

/// Whether a character that is known beforehand is what is there: as it is cut, and as it looks, without knowing it.
fn agree(told: &ReadCharacter, free: &ReadCharacter) -> bool {
    let mut names = free.others.iter().take(ALIKE).chain([&free.text]);
    told.parts == free.parts && names.any(|name| name.eq_ignore_ascii_case(&told.text))
}

/// The characters on the paper without knowing the text, and knowing it. The reader of the last question is used again.
fn read_twice(kept: &mut Option<LineReader>, text: &str, ink: &Ink) -> Result<[Vec<ReadCharacter>; 2], nn_io::Error> {
    let reader = match kept.take() {
        Some(reader) => reader.help(Help::None),
        None => LineReader::new(Builtin::Characters.model()?)?,
    };
    let free = line(&reader, ink);
    let reader = kept.insert(reader.help(Help::text(text)));
    Ok([free, line(reader, ink)])
}

/// The characters of the only line on the paper; none where there are several lines.
fn line(reader: &LineReader, ink: &Ink) -> Vec<ReadCharacter> {
    let mut lines = reader.read_ink(ink);
    if lines.len() == 1 { lines.remove(0).characters } else { vec![] }
}

/// A text of the characters that have the fewest drawings, and fewer than `target`.
fn next_text(collection: &Collection, wanted: &[String], target: usize) -> String {
    let mut counts: Vec<(usize, char)> = vec![];
    for class in wanted {
        let mut characters = class.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            counts.push((collection.count(class), character));
        }
    }
    let mut chosen = vec![];
    for _ in 0..LENGTH {
        let missing = counts.iter_mut().filter(|(count, _)| *count < target);
        let Some(fewest) = missing.min_by_key(|(count, _)| *count) else { break };
        fewest.0 += 1;
        chosen.push(fewest.1);
    }
    // Another order for each text, so that characters have other neighbours.
    let round = collection.total() / LENGTH;
    let (length, step) = (chosen.len(), if chosen.len() == LENGTH { 1 + round % (LENGTH - 1) } else { 1 });
    (0..length).map(|i| chosen[(round + i * step) % length]).collect()
}

impl Window {
    /// Whether the paper is that for several characters.
    pub fn is_copying(&self) -> bool {
        self.pad.height() < 1.0
    }

    /// Whether the characters on the paper are still being told apart.
    pub(super) fn is_telling_apart(&self) -> bool {
        let found = self.copying.found.as_ref().map(|found| found.version);
        self.is_copying() && !self.pad.is_empty() && found != Some(self.pad.version())
    }

    /// The text that is to be copied.
    pub fn text_to_copy(&self) -> &str {
        &self.copying.text
    }

    /// Lays the paper that the settings ask for; one with a drawing stays.
    pub(super) fn choose_paper(&mut self) {
        let copies = self.settings.copies;
        if copies != self.is_copying() {
            if !self.pad.is_empty() || self.pad.is_busy() {
                self.settings.copies = !copies;
                return self.say("Save or wipe the drawing first.", false);
            }
            let pen = self.settings.pen;
            let fresh = || if copies { DrawPad::wide(HEIGHT) } else { DrawPad::default() };
            let shown = self.copying.hidden.take().unwrap_or_else(fresh);
            self.copying = Copying { hidden: Some(std::mem::replace(&mut self.pad, shown)), ..Copying::default() };
            self.pad.pen = pen * self.pad.height();
            self.steps.iter_mut().for_each(|step| step.depth = 0);
            self.closing = None;
            self.say("", false);
        }
        if self.is_copying() && self.pad.is_empty() {
            let target = if self.settings.guided { self.settings.target } else { usize::MAX };
            self.copying.text = next_text(&self.collection, &classes_of(&self.settings.classes), target);
            self.copying.empty = self.pad.version();
            self.copying.found = None;
        }
    }

    /// Lets a worker find the characters on the paper, where it has changed.
    pub(super) fn find_characters(&mut self, ctx: &Context) {
        let (is_copying, version) = (self.is_copying(), self.pad.version());
        let copying = &mut self.copying;
        let newest = copying.worker.as_ref().and_then(Latest::newest);
        if let Some(found) = newest.filter(|found| found.version > copying.empty) {
            copying.found = Some(found);
        }
        if !is_copying || self.pad.is_empty() || copying.asked == Some(version) {
            return;
        }
        copying.asked = Some(version);
        let worker = copying.worker.get_or_insert_with(|| {
            let mut reader = None;
            Latest::new(ctx, move |question| find(&mut reader, question))
        });
        worker.ask(Question { version, text: copying.text.clone(), ink: self.pad.ink().clone() });
    }

    /// The characters on the paper as it is now, for which it waits a little.
    fn found(&mut self, ctx: &Context) -> Option<&Found> {
        self.find_characters(ctx);
        if self.is_telling_apart() {
            let version = self.pad.version();
            let worker = self.copying.worker.as_ref();
            let found = worker.and_then(|worker| worker.within(PATIENCE, |found| found.version == version));
            self.copying.found = found;
        }
        self.copying.found.as_ref()
    }

    /// Saves each character of the text.
    pub(super) fn save_characters(&mut self, ctx: &Context) {
        let text = self.copying.text.clone();
        if text.is_empty() {
            return self.say("There is nothing to copy: all single characters have enough drawings.", false);
        }
        if self.pad.is_empty() {
            return self.say(format!("Write {text} first."), false);
        }
        let characters = match self.found(ctx) {
            None => return self.say("The characters are still being told apart: press Enter once more.", false),
            Some(Found { characters: Ok(characters), is_whole: true, .. }) => characters.clone(),
            Some(Found { characters, .. }) => {
                let problem = "The characters cannot be told apart: write just these, on one line, each a little away from the next.";
                let problem = characters.as_ref().err().map_or(problem.into(), |error| format!("{error}."));
                return self.say(problem, true);
            }
        };
        let pen = self.pad.pen;
        let strokes = self.pad.take().strokes;
        for character in &characters {
            let own = character.parts.iter().filter_map(|part| strokes.get(*part).cloned()).collect();
            let (ink, pen) = alone(&Ink { strokes: own }, &characters, pen);
            self.add(&character.text, ink, pen, None);
        }
        self.say(format!("Saved {text}, each character by itself. A click below takes one back."), false);
    }

    /// Draws a box around each character on the paper, in the accent's colour where they are those of the text.
    pub(super) fn boxes(&self, ui: &Ui, paper: Rect) {
        let Some(found) = self.copying.found.as_ref().filter(|_| self.is_copying() && !self.pad.is_empty()) else {
            return;
        };
        let colour = if found.is_whole { look::of(ui).accent } else { look::of(ui).warning };
        for character in found.characters.iter().flatten() {
            let corners = [character.bounds.low, character.bounds.high];
            self.pad.draw_box(ui, paper, corners, Stroke::new(1.0, colour));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_holds_what_is_missing_most_in_changing_orders() {
        let (mut collection, wanted) = (Collection::default(), classes_of("0123456789"));
        let mut texts = vec![];
        for _ in 0..6 {
            let text = next_text(&collection, &wanted, 3);
            for character in text.chars() {
                collection.add(&character.to_string(), format!("{}.png", collection.total()).into());
            }
            texts.push(text);
        }
        assert!(wanted.iter().all(|class| collection.count(class) == 3), "{texts:?}");
        assert!(texts[0] != texts[2] && texts[2] != texts[4], "{texts:?}");
        assert_eq!(next_text(&collection, &wanted, 3), "", "all have enough");
        assert_eq!(next_text(&Collection::default(), &classes_of("ab"), 2).len(), 4);
        assert_eq!(next_text(&Collection::default(), &classes_of("cat dog"), 9), "");
    }
}

//! The page *Line*: write a line of characters, and the text appears below as it grows.

mod characters;
mod correct;
mod view;

use super::Window;
use super::train::Page;
use egui::Context;
use nn_data::Ink;
use nn_io::{Hint, Model};
use nn_lines::{Grouping, InkPage, Line, LineReader, ReadCharacter};
use std::path::PathBuf;
use std::sync::Arc;
use ui::pad::DrawPad;
use ui::worker::Latest;

/// The height of the paper over its width.
const HEIGHT: f32 = 0.3;

/// Strokes as they stand in the drawing. They stay the same while others come and go.
type Strokes = Vec<Vec<[f32; 2]>>;

/// The paper for a line, and the text that was read there.
pub struct LinePage {
    /// The paper.
    pub pad: DrawPad,
    worker: Option<Latest<Question, Reading>>,
    /// The drawing's version and all that was said of it when the last question was asked; `None` where it must be asked anew.
    asked: Option<(u64, Said)>,
    version: u64,
    reading: Option<Reading>,
    said: Said,
    /// The character that was chosen, by its strokes.
    chosen: Option<Strokes>,
    /// Another character, as it is typed.
    typed: String,
}

/// All that the user has said of the drawing.
#[derive(Clone, Default, PartialEq)]
struct Said {
    /// Strokes that are one character.
    together: Vec<Strokes>,
    /// Strokes that are several characters.
    apart: Vec<Strokes>,
    /// Characters whose text the user has told.
    letters: Vec<Letter>,
}

/// A character whose text the user has told.
#[derive(Clone, PartialEq)]
struct Letter {
    strokes: Strokes,
    text: String,
    /// The picture that is kept as a correction.
    picture: PathBuf,
}

/// Something to read.
struct Question {
    version: u64,
    model: Arc<Model>,
    hint: Option<Hint>,
    ink: Ink,
    said: Said,
}

/// The lines that were read, or why nothing was.
struct Reading {
    version: u64,
    ink: Ink,
    lines: Result<Vec<Line>, String>,
}

impl Default for LinePage {
    fn default() -> Self {
        Self {
            pad: DrawPad::wide(HEIGHT),
            worker: None,
            asked: None,
            version: 0,
            reading: None,
            said: Said::default(),
            chosen: None,
            typed: String::new(),
        }
    }
}

impl LinePage {
    /// The text on the paper, a line for each row.
    pub fn text(&self) -> String {
        let character = |character: &ReadCharacter| {
            let text = self.text_of(character);
            if character.space { format!(" {text}") } else { text.to_string() }
        };
        let lines = self.lines().iter().map(|line| line.characters.iter().map(character).collect::<String>());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The text for the window's title and screen readers.
    pub(super) fn spoken(&self) -> String {
        if self.lines().is_empty() { "nothing written".into() } else { self.text().replace('\n', " ") }
    }

    /// Whether all that was written has been read.
    pub fn is_read(&self) -> bool {
        self.pad.is_empty() || self.reading.as_ref().is_some_and(|reading| reading.version == self.version)
    }

    /// Reads anew, by another model or hint.
    pub fn read_again(&mut self) {
        self.asked = None;
    }

    fn lines(&self) -> &[Line] {
        self.reading.as_ref().and_then(|reading| reading.lines.as_deref().ok()).unwrap_or_default()
    }

    fn characters(&self) -> impl Iterator<Item = &ReadCharacter> {
        self.lines().iter().flat_map(|line| &line.characters)
    }

    /// The strokes of a character that was read.
    fn strokes_of(&self, character: &ReadCharacter) -> Strokes {
        let strokes = self.reading.as_ref().map_or(&[][..], |reading| &reading.ink.strokes);
        character.parts.iter().filter_map(|part| strokes.get(*part).cloned()).collect()
    }

    /// Whether a character that was read consists of these strokes.
    fn is_of(&self, character: &ReadCharacter, strokes: &Strokes) -> bool {
        let drawn = self.reading.as_ref().map_or(&[][..], |reading| &reading.ink.strokes);
        character.parts.iter().filter_map(|part| drawn.get(*part)).eq(strokes)
    }

    /// The text that the user has told of a character.
    fn told(&self, character: &ReadCharacter) -> Option<&str> {
        self.said.letters.iter().find(|letter| self.is_of(character, &letter.strokes)).map(|letter| &letter.text[..])
    }

    fn text_of<'a>(&'a self, character: &'a ReadCharacter) -> &'a str {
        self.told(character).unwrap_or(&character.text)
    }

    /// The place of the chosen character among all, if it is still there.
    fn chosen_at(&self) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        self.characters().position(|character| self.is_of(character, chosen))
    }

    fn take_in(&mut self) -> bool {
        let Some(reading) = self.worker.as_ref().and_then(Latest::newest) else { return false };
        if !self.pad.is_empty() {
            self.reading = Some(reading);
        }
        true
    }
}

impl Window {
    /// The page *Line*.
    pub fn line(&self) -> &LinePage {
        &self.line
    }

    /// The paper that the page shows.
    pub(super) fn shown_pad(&mut self) -> &mut DrawPad {
        if self.page == Page::Line { &mut self.line.pad } else { &mut self.pad }
    }

    /// Takes in the lines that were read, and asks anew where the drawing is another.
    pub(super) fn read_line(&mut self, ctx: &Context) {
        let line = &mut self.line;
        if line.take_in()
            && let Some(Reading { lines: Err(error), .. }) = &line.reading
        {
            self.notice = ui::notice::Notice { text: error.clone(), is_bad: true };
        }
        let version = line.pad.version();
        if line.asked.as_ref().is_some_and(|(asked, said)| *asked == version && *said == line.said) {
            return;
        }
        line.asked = Some((version, line.said.clone()));
        line.version += 1;
        if line.pad.is_empty() {
            (line.reading, line.chosen, line.said) = (None, None, Said::default());
            return;
        }
        let worker = line.worker.get_or_insert_with(|| {
            let mut reader = None;
            Latest::new(ctx, move |question| read(question, &mut reader))
        });
        let (model, hint) = (self.model.clone(), self.hint.clone());
        worker.ask(Question {
            version: line.version,
            model,
            hint,
            ink: line.pad.ink().clone(),
            said: line.said.clone(),
        });
    }
}

/// Answers a question. The reader of the last question is used again while the model stays the same.
fn read(question: Question, kept: &mut Option<(Arc<Model>, LineReader)>) -> Reading {
    let Question { version, model, hint, ink, said } = question;
    let same = kept.take().filter(|(other, _)| Arc::ptr_eq(other, &model)).map(|(_, reader)| Ok(reader));
    let lines = match same.unwrap_or_else(|| LineReader::new((*model).clone())) {
        Ok(reader) => {
            let (_, reader) = kept.insert((model, reader.hint(hint)));
            Ok(reader.read_grouped(&InkPage::of_ink(&ink), &said.grouping(&ink)))
        }
        Err(error) => Err(error.to_string()),
    };
    Reading { version, ink, lines }
}

impl Said {
    /// The same in parts of a drawing. Strokes that are no longer there say nothing.
    fn grouping(&self, ink: &Ink) -> Grouping {
        let part = |stroke: &Vec<[f32; 2]>| ink.strokes.iter().position(|other| other == stroke);
        let parts = |strokes: &Strokes| {
            let mut parts: Vec<usize> = strokes.iter().map(part).collect::<Option<_>>()?;
            parts.sort_unstable();
            Some(parts)
        };
        let letters = self.letters.iter().map(|letter| &letter.strokes);
        let together = self.together.iter().chain(letters).filter_map(parts).collect();
        Grouping { together, apart: self.apart.iter().filter_map(parts).collect() }
    }
}

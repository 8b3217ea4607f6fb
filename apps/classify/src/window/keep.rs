//! Corrections: what was read wrongly is kept under its right label, and can be taken back. A worker writes it in order,
//! so that a slow disk holds up no frame; it counts at once, and comes back where it cannot be written.

use super::commands::AT_ONCE;
use super::lesson::examples::KeptExample;
use super::question::{About, Question};
use super::{OpenPicture, Window};
use cli::say::{count, plain};
use egui::{Context, ViewportCommand};
use nn_data::{Drawings, Ink, StrokeSample};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use ui::pad::DrawPad;

/// A correction of this session.
pub struct Kept {
    /// Its picture.
    pub picture: PathBuf,
    /// The right label.
    pub label: String,
    /// The thing that was read wrongly.
    pub subject: Corrected,
    /// How many steps of drawing on the present paper came before it.
    pub depth: usize,
}

/// The thing that was read wrongly.
pub enum Corrected {
    /// A drawing.
    Drawing(Ink),
    /// A picture.
    Picture(OpenPicture),
    /// A character of a line, by its strokes.
    Letter(Vec<Vec<[f32; 2]>>),
}

/// Something that is done on the disk.
pub enum Deed {
    /// A correction is written to this path.
    Keep(PathBuf),
    /// A correction is moved to the trash.
    Discard,
}

impl Window {
    /// Keeps the drawing or the open picture under its right label, as a sample for [`Window::teach`].
    pub fn correct(&mut self, label: &str, ctx: &Context) {
        if self.refuses_corrections() {
            return;
        }
        if ![self.classes(), &self.settings.new_classes].concat().iter().any(|class| class == label) {
            return self
                .say(format!("This model does not know {label:?}. New class… adds what it does not know."), true);
        }
        self.read_drawing(ctx); // a fast hand presses the key before the drawing has been read
        if self.recogniser.features().is_none() {
            self.recogniser.wait(AT_ONCE);
        }
        let features = self.recogniser.features().unwrap_or_default().to_vec();
        let name = Drawings::new_name(SystemTime::now());
        let picture = self.corrections.drawings.path_of(label, &name);
        let (drawings, class) = (self.corrections.drawings.clone(), label.to_string());
        let deed = Deed::Keep(picture.clone());
        let subject = match self.picture.take() {
            Some(open) => {
                let pixels = open.picture.clone();
                self.disk.add(deed, move || Ok(drawings.save_picture(&class, &pixels, &name).map(drop)?));
                Corrected::Picture(open)
            }
            None => {
                let ink = self.pad.take();
                let sample = StrokeSample { label: class, writer: String::new(), strokes: ink.clone() };
                let pen = self.pad.pen;
                self.disk.add(deed, move || Ok(drawings.save(&sample, pen, &name).map(drop)?));
                Corrected::Drawing(ink)
            }
        };
        self.examples.add(KeptExample { picture: picture.clone(), class: label.into(), features });
        self.choose_hint();
        self.done.push(Kept { picture, label: label.into(), subject, depth: self.pad.undo_depth() });
        self.counts(1);
        self.read_again(ctx);
        let is_known = self.model.classes.iter().any(|class| class == label);
        let then = if is_known { "Teach makes the model learn it" } else { "answers lean towards it at once" };
        self.say(format!("Kept as {label}. Ctrl+Z takes it back; {then}."), false);
    }

    /// Says why there is nothing to correct; returns whether that is so.
    pub(super) fn refuses_corrections(&mut self) -> bool {
        let is_empty = self.picture.is_none() && self.pad.is_empty();
        if is_empty {
            self.say("Draw something first, then press the key of what it is.", false);
        }
        is_empty
    }

    /// Ctrl+Z: takes back a stroke on this paper, or the last correction.
    pub(super) fn undo(&mut self, ctx: &Context) {
        let of_line = |kept: &&Kept| matches!(kept.subject, Corrected::Letter(_));
        let before = self.done.last().filter(|kept| !of_line(kept)).map_or(0, |kept| kept.depth);
        if self.picture.is_none() && self.pad.undo_depth() > before {
            self.pad.undo();
        } else {
            self.take_back(ctx);
        }
    }

    /// Takes the last correction back: its drawing is on the paper again, or its picture open.
    pub(super) fn take_back(&mut self, ctx: &Context) {
        let Some(kept) = self.done.pop() else {
            return self.say("There is nothing to take back.", false);
        };
        let (drawings, picture) = (self.corrections.drawings.clone(), kept.picture);
        self.forget_example(&picture);
        self.disk.add(Deed::Discard, move || Ok(drawings.discard(&picture).map(drop)?));
        self.counts(-1);
        let news = match kept.subject {
            Corrected::Drawing(_) => "Taken back. The drawing is on the paper again.",
            Corrected::Picture(_) => "Taken back. The picture is open again.",
            Corrected::Letter(_) => "Taken back. The character is what was read.",
        };
        self.show_again(kept.subject, ctx);
        self.say(news, false);
    }

    fn forget_example(&mut self, picture: &Path) {
        self.examples.remove(picture);
        self.choose_hint();
    }

    fn show_again(&mut self, subject: Corrected, ctx: &Context) {
        match subject {
            Corrected::Letter(strokes) => return self.forget_letter(&strokes),
            Corrected::Picture(open) => self.picture = Some(open),
            Corrected::Drawing(ink) => {
                self.picture = None;
                if self.pad.is_empty() { self.pad.put(ink) } else { self.pad.set_ink(ink) } // undo brings back what is there now
            }
        }
        self.read_again(ctx);
    }

    /// Takes in what has reached the disk. A correction that could not be kept comes back as soon as the paper is empty.
    pub(super) fn take_in_deeds(&mut self, ctx: &Context) {
        let mut has_news = false;
        while let Some((deed, outcome)) = self.disk.next_done(ctx) {
            has_news = true;
            let Err(error) = outcome.map_err(|error| plain(&error)) else { continue };
            self.say(error.clone(), true);
            let lost = |kept: &Kept| matches!(&deed, Deed::Keep(path) if *path == kept.picture);
            if let Some(at) = self.done.iter().position(lost) {
                let Kept { picture, label, subject, .. } = self.done.remove(at);
                self.forget_example(&picture);
                self.read_again(ctx);
                self.unsaved.push_back((subject, format!("{error}. It is not kept as {label}.")));
            }
        }
        if has_news && self.disk.waiting() == 0 {
            self.count_corrections(ctx);
        }
        if self.pad.is_empty()
            && self.picture.is_none()
            && !self.pad.is_busy()
            && let Some((subject, error)) = self.unsaved.pop_front()
        {
            self.show_again(subject, ctx);
            self.say(error, true);
        }
        let waits = self.question.as_ref().is_some_and(|question| matches!(question.about, About::EndWhenKept));
        if waits && self.disk.waiting() == 0 {
            self.question = None;
            if self.may_end() {
                self.end(ctx);
            }
        }
    }

    /// Ends the window.
    pub(super) fn end(&mut self, ctx: &Context) {
        self.ends = true;
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    /// Asks whether to end, where something would be lost; returns the answer that is known at once.
    pub(super) fn may_end(&mut self) -> bool {
        let left =
            |pad: &DrawPad, what: &str| (!pad.is_empty()).then(|| format!("The {what} on the paper is not kept."));
        let ink = left(&self.pad, "drawing").or_else(|| left(&self.line.pad, "line"));
        let loss = self.unsaved().map(String::from).or(self.training_underway()).or(ink);
        let (text, about) = match (loss, self.underway()) {
            (Some(loss), _) => (format!("{loss} End?"), About::End),
            (None, Some(underway)) => (format!("{underway} The window waits for it. End at once?"), About::EndWhenKept),
            (None, None) => return true,
        };
        self.question = Some(Question { text, answers: ["End", "Stay"], about });
        false
    }

    /// The corrections that are not on the disk yet, in words; `None` where all are.
    pub(super) fn underway(&self) -> Option<String> {
        match self.disk.waiting() {
            0 => None,
            1 => Some("1 correction is not on the disk yet.".into()),
            n => Some(format!("{} are not on the disk yet.", count(n, "correction", "corrections"))),
        }
    }

    /// Corrects the number of drawings to teach, until it is counted again.
    pub(super) fn counts(&mut self, more: isize) {
        self.counting = None;
        self.kept = self.kept.map(|kept| kept.saturating_add_signed(more));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::window::Corrections;
    use egui::Event;
    use std::sync::mpsc;
    use ui_test::{frame, wait};

    fn ink(x: f32) -> Ink {
        Ink { strokes: vec![vec![[x, 0.1], [x, 0.9]]] }
    }

    /// A window whose disk does nothing from now on until something comes through the gate, and the gate.
    pub fn on_a_slow_disk(folder: &Path) -> (egui_kittest::Harness<'static, Window>, mpsc::Sender<()>) {
        let corrections = Corrections { drawings: Drawings::new(folder), home: folder.into() };
        let window = Window::new(crate::model(None).unwrap(), "digits".into(), corrections);
        let mut harness = ui_test::harness(egui::vec2(1104.0, 744.0), ui::look::apply, window, Window::ui);
        wait(&mut harness, "the count", |window| window.kept.is_some());
        let (gate, wait) = mpsc::channel();
        harness.state_mut().disk.add(Deed::Discard, move || Ok(wait.recv()?));
        (harness, gate)
    }

    pub fn correct(h: &mut egui_kittest::Harness<'_, Window>, x: f32, label: &str) {
        h.state_mut().pad.put(ink(x));
        frame(h, [Event::Text(label.into())]);
    }

    #[test]
    fn a_slow_disk_holds_up_no_frame_and_the_window_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        correct(&mut h, 0.3, "7");
        correct(&mut h, 0.5, "1");
        assert_eq!((h.state().kept, h.state().pad.is_empty()), (Some(2), true), "the count is right at once");
        assert!(!h.state_mut().may_end());
        let question = h.state().question().unwrap_or_default();
        assert_eq!(question, "3 corrections are not on the disk yet. The window waits for it. End at once?");
        gate.send(()).unwrap();
        wait(&mut h, "the end", |window| window.ends);
        let classes = Drawings::new(folder.path()).classes().unwrap();
        assert_eq!(classes.iter().map(|class| &class.label[..]).collect::<Vec<_>>(), ["1", "7"]);
    }

    #[test]
    fn a_correction_counts_while_it_is_on_its_way_to_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        correct(&mut h, 0.3, "7");
        let ctx = h.ctx.clone();
        h.state_mut().count_corrections(&ctx); // as where another model is opened
        for _ in 0..50 {
            h.step();
            std::thread::sleep(std::time::Duration::from_millis(2));
            assert_eq!(h.state().examples.of("7"), 1, "the count has not seen it on the disk");
        }
        gate.send(()).unwrap();
        wait(&mut h, "the count", |window| !window.is_busy());
        assert_eq!((h.state().kept, h.state().examples.of("7")), (Some(1), 1));
    }

    #[test]
    fn an_answer_stays_until_the_examples_have_brought_another() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        correct(&mut h, 0.3, "7");
        h.state_mut().pad.put(ink(0.5));
        h.step();
        wait(&mut h, "the answer", |window| window.latency().is_some());
        let kept = Drawings::new(folder.path());
        let sample = StrokeSample { label: "1".into(), writer: String::new(), strokes: ink(0.4) };
        kept.save(&sample, 0.06, "by-the-collector").unwrap();
        gate.send(()).unwrap();
        wait(&mut h, "the new example", |window| {
            assert!(window.shown().is_some(), "no bar moves under the pointer");
            window.examples.of("1") == 1 && !window.is_busy()
        });
    }

    #[test]
    fn corrections_that_cannot_be_kept_come_back_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        std::fs::write(folder.path().join("digit_7"), "no folder").unwrap();
        correct(&mut h, 0.3, "7");
        correct(&mut h, 0.5, "7");
        gate.send(()).unwrap();
        wait(&mut h, "the first", |window| window.pad.ink() == &ink(0.3));
        assert!(h.state().notice().ends_with("It is not kept as 7."), "{}", h.state().notice());
        frame(&mut h, [Event::Text("1".into())]);
        wait(&mut h, "the second", |window| window.pad.ink() == &ink(0.5));
        wait(&mut h, "the count", |window| !window.is_busy());
        assert_eq!((h.state().kept, h.state().done.len()), (Some(1), 1));
    }
}

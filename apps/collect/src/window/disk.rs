//! Drawings on their way to the disk: a worker writes and moves them in order, so that a slow disk holds up no frame. The
//! window counts them at once, and takes that back where the disk refuses.

use super::{Done, Saved, Window, strip};
use cli::say::{count, plain};
use egui::Context;
use nn_data::{Drawings, Error, Ink};
use std::path::PathBuf;

/// Something that is done on the disk.
pub enum Deed {
    /// A new drawing is written to this path.
    Save(PathBuf),
    /// A drawing is moved to this path.
    Move(PathBuf),
}

/// A drawing that could not be saved.
pub struct Unsaved {
    label: String,
    ink: Ink,
    pen: f32,
    error: String,
}

impl Window {
    /// Adds something to do on the disk.
    pub(super) fn begin(
        &mut self,
        deed: Deed,
        work: impl FnOnce(&Drawings) -> Result<PathBuf, Error> + Send + 'static,
    ) {
        let drawings = self.drawings.clone();
        self.disk.add(deed, move || Ok(work(&drawings).map(drop)?));
        self.changed();
    }

    /// Takes in what was done. A drawing that could not be saved is put on the paper as soon as that is empty.
    pub(super) fn take_in_deeds(&mut self, ctx: &Context) {
        while let Some((deed, outcome)) = self.disk.next_done(ctx) {
            self.changed();
            match (deed, outcome) {
                (_, Ok(())) => {}
                (Deed::Save(picture), Err(error)) => self.save_failed(picture, plain(&error)),
                (Deed::Move(to), Err(error)) => {
                    let is_there =
                        |done: &Done| !matches!(done, Done::Deleted(path) | Done::Relabelled(path, _) if *path == to);
                    self.steps.retain(|step| is_there(&step.done));
                    self.say(plain(&error), true); // the watch brings the collection as it is
                }
            }
        }
        if !self.unsaved.is_empty() && self.is_copying() && self.pad.is_empty() {
            self.settings.copies = false; // they come back on the other paper
            self.choose_paper();
        }
        if self.pad.is_empty()
            && !self.pad.is_busy()
            && !self.is_copying()
            && let Some(Unsaved { label, ink, pen, error }) = self.unsaved.pop_front()
        {
            self.pad.put(ink);
            self.pad.pen = pen;
            self.say(format!("{error}. The {label} is on the paper again."), true);
        }
        let is_done = self.pad.is_empty() && self.disk.waiting() == 0 && self.unsaved.is_empty();
        if self.closing == Some(self.pad.version()) && is_done {
            self.close(ctx);
        }
    }

    fn save_failed(&mut self, picture: PathBuf, error: String) {
        self.gone(&picture);
        let Some(at) = strip::position(&self.steps, &picture) else { return }; // it was taken back meanwhile
        if let Done::Saved(Saved { label, ink, pen, .. }) = self.steps.remove(at).done {
            self.saved = self.saved.saturating_sub(1);
            self.say(format!("{error}. The {label} comes back when the paper is empty."), true);
            self.unsaved.push_back(Unsaved { label, ink, pen, error });
        }
    }

    /// The changes that are not on the disk yet, in words; `None` where all are.
    pub(super) fn underway(&self) -> Option<String> {
        let n = self.disk.waiting();
        (n > 0).then(|| match n {
            1 => "1 change is not on the disk yet.".into(),
            n => format!("{} are not on the disk yet.", count(n, "change", "changes")),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use egui::{Event, Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
    use std::path::Path;
    use std::sync::mpsc;
    use std::time::Duration;
    use ui_test::{frame, key_events, wait};

    /// A window whose disk does nothing until something comes through the gate, and the gate.
    fn on_a_slow_disk(folder: &Path) -> (egui_kittest::Harness<'static, Window>, mpsc::Sender<()>) {
        let mut window = Window::new(Drawings::new(folder), None).unwrap();
        let (gate, wait) = mpsc::channel();
        window.disk.add(Deed::Move("nothing".into()), move || Ok(wait.recv()?));
        let mut harness = ui_test::harness(egui::vec2(1104.0, 744.0), ui::look::apply, window, Window::ui);
        harness.step();
        (harness, gate)
    }

    fn ink(x: f32) -> Ink {
        Ink { strokes: vec![vec![[x, 0.1], [x, 0.9]]] }
    }

    fn save(h: &mut egui_kittest::Harness<'_, Window>, x: f32, label: &str) {
        h.state_mut().pad.put(ink(x));
        frame(h, [Event::Text(label.into())]);
    }

    /// Shows a frame in which the close button was pressed; returns whether the window stays.
    fn stays(h: &mut egui_kittest::Harness<'_, Window>) -> bool {
        h.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.push(ViewportEvent::Close);
        h.step();
        let stays = h.output().viewport_output[&ViewportId::ROOT].commands.contains(&ViewportCommand::CancelClose);
        h.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.clear();
        stays
    }

    #[test]
    fn a_slow_disk_holds_up_no_frame_and_the_window_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        save(&mut h, 0.3, "7");
        save(&mut h, 0.5, "7");
        save(&mut h, 0.7, "a");
        frame(&mut h, key_events(Key::Z, Modifiers::COMMAND, false));
        assert_eq!((h.state().collection.count("7"), h.state().collection.total()), (2, 2), "counts are right at once");
        assert_eq!(h.state().pad.ink(), &ink(0.7), "the last is on the paper again");
        frame(&mut h, key_events(Key::Delete, Modifiers::NONE, false));
        assert!(Drawings::new(folder.path()).classes().unwrap().is_empty(), "nothing is on the disk");
        assert!(stays(&mut h));
        let notice = h.state().notice();
        assert_eq!(
            notice,
            "5 changes are not on the disk yet. The window waits for it. Enter ends at once, Esc goes back."
        );
        gate.send(()).unwrap();
        wait(&mut h, "the end", |window| window.ends);
        let classes = Drawings::new(folder.path()).classes().unwrap();
        assert_eq!((classes.len(), &classes[0].label[..], classes[0].pictures.len()), (1, "7", 2));
        let first = Drawings::strokes(&classes[0].pictures[0]).unwrap();
        assert_eq!(first.strokes, ink(0.3), "the order is kept");
    }

    #[test]
    fn the_folder_as_it_was_before_a_drawing_was_written_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        save(&mut h, 0.3, "7");
        std::thread::sleep(Duration::from_millis(1300)); // the watch reads the empty folder after a second
        gate.send(()).unwrap();
        while !folder.path().join("digit_7").exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(200)); // the drawing is written before the next frame
        h.step();
        assert_eq!((h.state().disk.waiting(), h.state().collection.total()), (0, 1));
    }

    #[test]
    fn the_close_button_asks_before_a_drawing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        gate.send(()).unwrap();
        wait(&mut h, "the disk", |window| window.disk.waiting() == 0);
        h.state_mut().pad.put(ink(0.5));
        assert!(stays(&mut h));
        assert_eq!(h.state().notice(), "The drawing is not saved. Enter ends without it, Esc goes back.");
        frame(&mut h, key_events(Key::Escape, Modifiers::NONE, false));
        assert!(stays(&mut h) && !h.state().ends && !h.state().pad.is_empty());
        frame(&mut h, key_events(Key::Enter, Modifiers::NONE, false));
        assert!(h.state().ends && !stays(&mut h));
    }

    #[test]
    fn drawings_that_cannot_be_saved_come_back_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let (mut h, gate) = on_a_slow_disk(folder.path());
        std::fs::write(folder.path().join("digit_7"), "no folder").unwrap();
        save(&mut h, 0.3, "7");
        save(&mut h, 0.5, "7");
        h.state_mut().pad.put(ink(0.7));
        gate.send(()).unwrap();
        wait(&mut h, "the disk", |window| window.disk.waiting() == 0);
        assert!(h.state().notice().ends_with("The 7 comes back when the paper is empty."), "{}", h.state().notice());
        assert_eq!((h.state().collection.total(), h.state().pad.ink()), (0, &ink(0.7)));
        frame(&mut h, [Event::Text("a".into())]);
        wait(&mut h, "the first", |window| window.pad.ink() == &ink(0.3));
        assert!(h.state().notice().ends_with("The 7 is on the paper again."), "{}", h.state().notice());
        frame(&mut h, [Event::Text("b".into())]);
        wait(&mut h, "the second", |window| window.pad.ink() == &ink(0.5));
        wait(&mut h, "the disk", |window| window.disk.waiting() == 0);
        let classes = Drawings::new(folder.path()).classes().unwrap();
        assert_eq!(classes.iter().map(|class| &class.label[..]).collect::<Vec<_>>(), ["a", "b"]);
    }
}

//! The commands of keys and buttons: clear, answer a question, open a file, end.

use super::open::{Opened, Opening, name_of, read};
use super::question::{About, Question};
use super::recognise::{Knowledge, Subject};
use super::train::Page;
use super::{OpenPicture, Window};
use cli::say::{count, plain};
use egui::{ColorImage, Context, Ui};
use image::DynamicImage;
use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use ui::dialog;
use ui::keys::Press;
use ui::path::existing;
use ui::worker::Job;

/// A frame waits up to this time for an answer, so that a fast network answers in the frame that shows the stroke.
pub(super) const AT_ONCE: Duration = Duration::from_millis(3);

impl Window {
    /// Does what the keys say that come next.
    pub(super) fn presses(&mut self, ui: &Ui) {
        while let Some(press) = self.shown_pad().next_press(ui) {
            self.press(press, ui.ctx());
            ui.ctx().request_repaint();
        }
    }

    fn press(&mut self, press: Press, ctx: &Context) {
        if self.page == Page::Train {
            return self.press_in_training(press, ctx);
        }
        if self.page == Page::Line {
            return self.press_in_line(press, ctx);
        }
        match press {
            Press::Escape if self.was_typing => {} // it has left the text field
            Press::Escape => self.go_back(ctx),
            Press::Enter => self.enter(ctx),
            Press::Wipe => self.clear(ctx),
            Press::Undo => self.undo(ctx),
            Press::Redo if self.picture.is_none() => self.pad.redo(),
            Press::Redo => {}
            Press::Label(label) => self.type_label(&label, ctx),
        }
    }

    /// Esc: answers no, stops opening, leaves the picture or, where nothing of this is there, ends.
    fn go_back(&mut self, ctx: &Context) {
        if self.question.is_some() {
            self.answer_question(false, ctx);
        } else if self.opening.is_some() {
            self.stop_opening();
        } else if self.new_class.take().is_some() {
            self.say("No drawing more for a new class. Those that are kept stay.", false);
        } else if self.picture.is_some() {
            self.clear(ctx);
        } else if self.may_end() {
            self.end(ctx);
        }
    }

    /// Enter: answers yes, or asks whether the drawing is to be kept as what it was read.
    fn enter(&mut self, ctx: &Context) {
        if self.question.is_some() {
            return self.answer_question(true, ctx);
        }
        if self.new_class.is_some() {
            return self.keep_as_new(ctx);
        }
        if self.refuses_corrections() {
            return;
        }
        match self.shown().map(|answer| self.classes()[answer.class].clone()) {
            None => self.say("Press the key of what it is.", false),
            Some(label) => {
                let what = if self.picture.is_some() { "picture" } else { "drawing" };
                let text = format!("Keep the {what} as {label}? If it is something else, press its key.");
                self.question = Some(Question { text, answers: ["Keep it", "No"], about: About::Keep(label) });
            }
        }
    }

    /// A typed character: the drawing is that.
    fn type_label(&mut self, label: &str, ctx: &Context) {
        if self.question.as_ref().is_none_or(|question| matches!(question.about, About::Keep(_))) {
            self.question = None;
            self.correct(label, ctx);
        }
    }

    /// Closes the picture or, where none is open, wipes the paper.
    pub fn clear(&mut self, ctx: &Context) {
        if self.picture.take().is_some() {
            self.read_again(ctx);
        } else if !self.pad.is_empty() {
            self.pad.clear();
            self.say("The paper is fresh. Ctrl+Z brings the drawing back.", false);
        }
    }

    /// Reads what the pointer has drawn in this frame. An answer that comes at once is shown in this frame too.
    pub(super) fn read_at_once(&mut self, ctx: &Context) {
        if self.read_drawing(ctx) && self.recogniser.wait(AT_ONCE) {
            self.renew_views(ctx);
        }
    }

    /// Asks what the drawing is, where it has changed; returns whether it asked.
    pub(super) fn read_drawing(&mut self, ctx: &Context) -> bool {
        let drawn = (self.pad.version(), self.pad.pen);
        if std::mem::replace(&mut self.read, drawn) == drawn || self.picture.is_some() {
            return false;
        }
        self.question.take_if(|question| matches!(question.about, About::Keep(_))); // it was about another drawing
        if self.pad.is_empty() {
            self.forget_answers();
            return false;
        }
        self.ask(ctx);
        true
    }

    /// Reads again what is there, by another model or after a picture was opened or closed.
    pub(super) fn read_again(&mut self, ctx: &Context) {
        self.forget_answers();
        self.line.read_again();
        self.ask(ctx);
    }

    fn forget_answers(&mut self) {
        self.recogniser.forget();
        self.side.compare.forget();
    }

    /// All that decides how a drawing is read.
    fn knowledge(&self) -> Knowledge {
        Knowledge {
            model: self.model.clone(),
            examples: self.examples.joined().clone(),
            hint: self.hint.clone(),
            explains: self.explains(),
            training: self.side.why.training(&self.model),
        }
    }

    /// Asks what the drawing or the open picture is.
    pub(super) fn ask(&mut self, ctx: &Context) {
        let subject = match &self.picture {
            Some(open) => Subject::Picture(open.picture.clone()),
            None if self.pad.is_empty() => return,
            None => Subject::Drawing(self.pad.ink().clone(), self.pad.pen),
        };
        self.ask_other(&subject, ctx);
        self.recogniser.ask(self.knowledge(), subject, ctx);
    }

    /// Brings the pictures of the card beside the answer up to date.
    pub(super) fn renew_views(&mut self, ctx: &Context) {
        self.renew_layers(ctx);
        self.renew_why(ctx);
    }

    /// Does what follows from the answer to the question.
    pub(super) fn answer_question(&mut self, yes: bool, ctx: &Context) {
        let Some(question) = self.question.take().filter(|_| yes) else { return };
        match question.about {
            About::End | About::EndWhenKept => self.end(ctx),
            About::Keep(label) => self.correct(&label, ctx),
            About::Open(model, name) => self.open_model(model, name, ctx),
            About::Trained(model) => self.open_trained(model, ctx),
            About::Overwrite(path) => self.write_model(path, true, ctx),
        }
    }

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
        self.browsing.get_or_insert_with(|| Job::new(ctx, |_| dialog::pick_file("Open a model or a picture")));
    }

    /// Takes in what was chosen, dropped and read.
    pub(super) fn take_in_files(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped.filter(|_| self.page != Page::Train) {
            self.open(path, ctx);
        }
        if let Some(browsing) = &mut self.browsing
            && let Some(chosen) = browsing.result()
        {
            self.browsing = None;
            match chosen {
                Ok(Some(path)) => self.open(path, ctx),
                Ok(None) => self.say("No file was chosen. A path can be typed too, or a file dropped here.", false),
                Err(error) => self.say(error, true),
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
        self.page = Page::Read;
        self.read_again(ctx);
    }
}

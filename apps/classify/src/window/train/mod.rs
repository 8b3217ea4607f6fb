//! The page *Train* of the window: a network is trained on it, and opens here when it is done.

use super::Window;
use super::lesson::TaughtModel;
use super::question::{About, Question};
use egui::{CentralPanel, Context, Panel, Ui};
use nn_io::Model;
use std::path::PathBuf;
use std::sync::Arc;
use train_page::page::TrainPage;
use ui::keys::Press;
use ui::look;

/// A page of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// One character is read, drawn or in a picture.
    #[default]
    Read,
    /// A line of characters is read.
    Line,
    /// A network is trained.
    Train,
}

/// Where a model that was trained here is saved, unless the user types another path.
const TRAINED: &str = "runs/trained.mpk";
/// The data that the page offers beside the drawings.
const MNIST: &str = "data/mnist";

/// A page for training in the folder `home`: on drawings, or on MNIST where there are none.
pub fn page(home: PathBuf, drawings: PathBuf) -> TrainPage {
    TrainPage::new(home, &[drawings, MNIST.into()])
}

impl Window {
    /// The page for training.
    pub fn training(&self) -> &TrainPage {
        &self.train
    }

    /// The same, to be changed.
    pub fn training_mut(&mut self) -> &mut TrainPage {
        &mut self.train
    }

    /// Shows the page *Train*, and a question where there is one.
    pub(super) fn show_training(&mut self, ui: &mut Ui) {
        let frame = look::window(ui);
        if self.question.is_some() {
            Panel::bottom("question").frame(frame).show_separator_line(false).show(ui, |ui| self.lesson_row(ui));
        }
        self.paper = None;
        CentralPanel::no_frame().frame(frame).show(ui, |ui| self.train.ui(ui, &mut self.pad));
    }

    /// Does what a key says on this page, where drawings are not kept.
    pub(super) fn press_in_training(&mut self, press: Press, ctx: &Context) {
        match press {
            Press::Wipe => self.pad.clear(),
            Press::Undo => self.pad.undo(),
            Press::Redo => self.pad.redo(),
            Press::Enter | Press::Escape if self.question.is_some() => {
                self.answer_question(press == Press::Enter, ctx);
            }
            Press::Escape if !self.was_typing => self.page = Page::Read,
            Press::Enter | Press::Escape | Press::Label(_) => {}
        }
    }

    /// Opens the model of a training that has ended, or asks first where that would lose what the present one has learnt.
    pub(super) fn take_in_training(&mut self, ctx: &Context) {
        self.train.take_in_end();
        if self.question.is_some() {
            return; // one after the other
        }
        let Some(model) = self.train.offer() else { return };
        match self.unsaved() {
            None => self.open_trained(model, ctx),
            Some(loss) => {
                let text = format!("{loss} Open the model that was trained all the same?");
                self.question = Some(Question { text, answers: ["Open it", "Stay"], about: About::Trained(model) });
            }
        }
    }

    /// Goes on with the model that was trained; the one before can be brought back.
    pub(super) fn open_trained(&mut self, model: Arc<Model>, ctx: &Context) {
        let (before, name) = (self.model.clone(), self.name.clone());
        let mut taught = std::mem::take(&mut self.lesson.taught); // the way back to the models before stays
        self.lesson.give_up();
        taught.push(TaughtModel { before, name, is_saved: false, path: TRAINED.into() });
        self.lesson.taught = taught;
        self.use_model(model, "trained here".into(), ctx);
        self.train.opened();
        self.say("The model that was trained is open. Save it, or Unlearn brings back the one before.", false);
    }

    /// The loss that ending would mean for a training, as a sentence.
    pub(super) fn training_underway(&self) -> Option<String> {
        let file = self.train.checkpoint().display();
        match self.train.is_training() {
            true => Some(format!("A training is going on; its epochs so far stay as {file}.")),
            false => self.train.has_unopened().then(|| "The model that was trained is neither open nor saved.".into()),
        }
    }

    /// Ends a training whose window closes, and says where its checkpoint is.
    pub(super) fn end_training(&mut self) {
        if let Some(epoch) = self.train.quit() {
            let file = self.train.checkpoint().display();
            cli::say::to_stderr(format_args!(
                "the checkpoint after epoch {epoch} is {file}; `train --data … --resume {file}` goes on from it"
            ));
        } else if let Some(model) = self.train.offer() {
            // The training came to its end while the window closed.
            let free = (1..).map(|n| PathBuf::from(format!("runs/trained-{n}.mpk"))).find(|path| !path.exists());
            let path = free.unwrap_or_else(|| TRAINED.into());
            let _ = std::fs::create_dir_all("runs"); // without it the saving fails, and says so
            match model.save(&path) {
                Ok(()) => cli::say::to_stderr(format_args!("the model that was trained is {}", path.display())),
                Err(error) => cli::say::to_stderr(format_args!("error: {error}")),
            }
        }
    }
}

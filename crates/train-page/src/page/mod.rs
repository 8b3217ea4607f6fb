//! The page: from the choice of data to the trained model.

mod data;
mod moments;
mod show;

use crate::keeper;
use crate::live::{Go, Live, News};
use crate::reading::Reading;
use crate::snapshot::Snapshot;
use crate::training::{self, TrainingEnd};
use crate::view::form::Form;
use crate::view::layers::LayerTextures;
use crate::view::pictures::SnapshotPictures;
use cli::say::{count, plain};
use data::DataSearch;
use egui::Context;
use moments::Moments;
use nn_io::Model;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ui::notice::Notice;
use ui::worker::Job;

/// The folder of everything that trainings leave, in the folder in which the program runs.
const RUNS: &str = "runs";
/// A window that closes waits for the checkpoint up to this time.
const PATIENCE: Duration = Duration::from_secs(5);

/// A page on which networks are trained.
pub struct TrainPage {
    /// The folder that paths belong to.
    home: PathBuf,
    form: Form,
    data: DataSearch,
    stage: Stage,
    live: Live,
    news: News,
    moments: Moments,
    pictures: Option<SnapshotPictures>,
    reading: Reading,
    layers: LayerTextures,
    /// The file of the checkpoint of this training.
    checkpoint: PathBuf,
    /// The model that was trained last.
    trained: Option<Arc<Model>>,
    /// Whether it is to be opened.
    is_offered: bool,
    /// Whether it has been opened.
    is_opened: bool,
    notice: Notice,
}

/// How far the page is.
enum Stage {
    /// Data and settings are being chosen.
    Choosing,
    /// A training goes on here.
    Training(Job<TrainingEnd>),
    /// A training goes on that another part of the program has started.
    Watching,
    /// The training here has come to its end.
    Ended,
    /// The training of another part of the program has come to its end.
    Watched,
}

impl TrainPage {
    /// A page in a program that runs in `home`, with datasets that may be there; the first of those that are is chosen.
    pub fn new(home: PathBuf, places: &[PathBuf]) -> Self {
        let mut page = Self {
            form: Form::default(),
            data: DataSearch::default(),
            stage: Stage::Choosing,
            live: Live::default(),
            news: News::default(),
            moments: Moments::default(),
            pictures: None,
            reading: Reading::default(),
            layers: LayerTextures::default(),
            checkpoint: PathBuf::new(),
            trained: None,
            is_offered: false,
            is_opened: false,
            notice: Notice::default(),
            home,
        };
        let there = places.iter().filter(|place| page.home.join(place).exists());
        page.form.places = there.enumerate().map(|(i, place)| (place.clone(), i == 0)).collect();
        page
    }

    /// A page that watches a training which another part of the program has started.
    pub fn watching(live: Live) -> Self {
        let mut page = Self::new(PathBuf::new(), &[]);
        (page.live, page.stage) = (live, Stage::Watching);
        page
    }

    /// The choices.
    pub fn form(&mut self) -> &mut Form {
        &mut self.form
    }

    /// Whether a training goes on.
    pub fn is_training(&self) -> bool {
        matches!(self.stage, Stage::Training(_) | Stage::Watching)
    }

    fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended | Stage::Watched)
    }

    /// Whether something is going on beside the window.
    pub fn is_busy(&self) -> bool {
        self.data.is_busy() || self.is_training()
    }

    /// Whether the data of the plan is known, so that training may start.
    pub fn is_ready(&self) -> bool {
        self.data.ready(&self.form.plan()).is_some()
    }

    /// Everything that is known of the training.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// The line at the bottom.
    pub fn notice(&self) -> &str {
        &self.notice.text
    }

    /// The snapshot that is shown.
    pub fn shown(&self) -> Option<&Arc<Snapshot>> {
        self.moments.shown()
    }

    /// The file of the checkpoint of the training that goes on, relative to the folder in which the program runs.
    pub fn checkpoint(&self) -> &Path {
        &self.checkpoint
    }

    /// The answer to the drawing by the network that is shown.
    pub fn answer(&self) -> Option<&nn_io::Answer> {
        self.reading.answer()
    }

    /// Whether that answer is about the drawing as it is, by the network that is shown.
    pub fn is_read(&self) -> bool {
        self.reading.is_done()
    }

    /// Takes in the end of the training, also while another page is shown.
    pub fn take_in_end(&mut self) {
        if let Stage::Training(job) = &mut self.stage
            && let Some(outcome) = job.result()
        {
            self.stage = Stage::Ended;
            self.end(outcome);
        }
    }

    /// Says that the model that was trained is open in another page.
    pub fn opened(&mut self) {
        self.is_opened = true;
    }

    /// True if a model was trained, and not opened since.
    pub fn has_unopened(&self) -> bool {
        self.trained.is_some() && !self.is_opened
    }

    /// Looks at the data once more: drawings may have come since.
    pub fn look_again(&mut self) {
        self.data.forget();
    }

    /// The model that was trained, once when it is there, and again when the user wants to open it.
    pub fn offer(&mut self) -> Option<Arc<Model>> {
        self.trained.clone().filter(|_| std::mem::take(&mut self.is_offered))
    }

    /// The state of the page and the answer to the drawing in words, for the window's title.
    pub fn spoken(&self) -> String {
        let answer = self.reading.answer().zip(self.shown()).filter(|_| !matches!(self.stage, Stage::Choosing));
        let answer = answer.map(|(answer, shown)| format!(", reads {}", shown.model.classes[answer.class]));
        let stage = match self.stage {
            Stage::Choosing if self.is_ready() => "ready to train".into(),
            Stage::Choosing => "choosing data".into(),
            Stage::Training(_) | Stage::Watching if self.news.progress.waits => "training waits".into(),
            Stage::Training(_) | Stage::Watching => "training".into(),
            Stage::Ended | Stage::Watched => format!("trained for {:.0} epochs", self.news.progress.at),
        };
        stage + &answer.unwrap_or_default()
    }

    /// Starts the training.
    pub fn start(&mut self, ctx: &Context) {
        self.start_by(Go::On, ctx);
    }

    /// Starts the training with an order.
    pub fn start_by(&mut self, go: Go, ctx: &Context) {
        if let Some(found) = self.data.ready(&self.form.plan()) {
            let prepared = found.prepared.clone();
            self.data.free();
            self.live = Live::default().keeping_in(self.home.join(RUNS));
            self.live.order(go);
            (self.news, self.moments, self.pictures) = (News::default(), Moments::default(), None);
            self.checkpoint = keeper::reserve(&self.home);
            self.notice = Notice::hint("It trains. Draw, and watch the answer.");
            self.stage =
                Stage::Training(training::start(prepared, self.live.clone(), self.home.join(&self.checkpoint), ctx));
        }
    }

    /// Gives an order to the training.
    pub fn order(&self, go: Go) {
        self.live.order(go);
    }

    /// Goes back to the choices.
    fn choose_again(&mut self) {
        self.stage = Stage::Choosing;
        self.notice = Notice::default();
        self.look_again();
    }

    /// Ends a training whose window closes, and waits a moment for its checkpoint; returns its epoch. A training that comes to
    /// its end at this very moment leaves its model in [`TrainPage::offer`].
    pub fn quit(&mut self) -> Option<u32> {
        let Stage::Training(job) = &mut self.stage else { return None };
        self.live.order(Go::Quit);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match job.result() {
                Some(Ok(TrainingEnd::GivenUp(epoch))) => return epoch,
                Some(outcome) => {
                    self.stage = Stage::Ended;
                    self.end(outcome);
                    return None;
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        None
    }

    /// Says that a training which another part of the program has started has come to its end.
    pub fn ended(&mut self, outcome: Result<String, String>) {
        self.stage = Stage::Watched;
        self.notice = outcome.map_or_else(Notice::error, Notice::hint);
    }

    /// Takes in what workers have brought, and looks for the data of the plan.
    fn take_in(&mut self, ctx: &Context) {
        match self.data.take_in() {
            Some(Ok(path)) => self.form.add(path),
            Some(Err(error)) => self.notice = Notice::error(error),
            None => {}
        }
        if let Some(file) = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()))
            && matches!(self.stage, Stage::Choosing)
        {
            self.form.add(file);
        }
        let is_idle = !ctx.text_edit_focused() && !ctx.input(|input| input.pointer.any_down());
        if matches!(self.stage, Stage::Choosing) && is_idle {
            self.data.find(self.form.plan(), &self.home, ctx);
        }
        self.news = self.live.news();
        if let Some(problem) = self.moments.take_in(&self.news.timeline, ctx) {
            self.notice = Notice::error(plain(&problem));
        }
        self.take_in_end();
    }

    fn end(&mut self, outcome: Result<TrainingEnd, String>) {
        self.notice = match outcome {
            Ok(TrainingEnd::Trained(model)) => {
                let (epochs, held_back) = (model.note.epochs, model.note.validation_accuracy);
                let accuracy = held_back.map_or(String::new(), |share| {
                    format!("; the best network reads {:.1} % of the pictures held back", 100.0 * share)
                });
                (self.trained, self.is_offered, self.is_opened) = (Some(model), true, false);
                Notice::hint(format!("Trained for {}{accuracy}.", count(epochs as usize, "epoch", "epochs")))
            }
            Ok(TrainingEnd::GivenUp(_)) => Notice::hint("Given up."),
            Err(error) => Notice::error(plain(&error)),
        };
    }
}

impl Drop for TrainPage {
    fn drop(&mut self) {
        self.live.order(Go::Quit);
    }
}

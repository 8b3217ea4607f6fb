//! The window of `train --watch`: the training that the command line describes, on the page that shows it.

use crate::session::{Listener, Onlooker};
use anyhow::Result;
use egui::{Button, CentralPanel, Context, Panel, Ui, Vec2, ViewportCommand};
use nn_train::{Data, Recipe, Run};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use train_page::live::{Go, Live};
use train_page::page::TrainPage;
use train_page::watcher::Watcher;
use ui::keys::Press;
use ui::look;
use ui::pad::DrawPad;
use ui::shell::Screen;
use ui::worker::Job;

/// The training: it ends early where the flag says so, and tells the onlooker of everything.
type Work = Box<dyn FnOnce(&AtomicBool, &dyn Onlooker) -> Result<()> + Send>;

/// The outcome of the training, for the command line.
type Outcome = Arc<Mutex<Option<Result<(), String>>>>;

/// Trains on a thread of its own while the window shows it, and ends when the user closes the window. Snapshots for which
/// memory has no room go to the folder of runs.
///
/// # Errors
/// Those of the training, and where no window can be opened.
pub fn run(
    stop: Arc<AtomicBool>,
    runs: PathBuf,
    work: impl FnOnce(&AtomicBool, &dyn Onlooker) -> Result<()> + Send + 'static,
) -> Result<()> {
    let (live, outcome) = (Live::default().keeping_in(runs).stopped_by(stop.clone()), Outcome::default());
    ui::shell::run(Window {
        page: TrainPage::watching(live.clone()),
        live,
        pad: DrawPad::default(),
        work: Some(Box::new(work)),
        stop,
        training: None,
        outcome: outcome.clone(),
        asks: false,
    })?;
    let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.unwrap_or(Ok(())).map_err(anyhow::Error::msg)
}

/// The window.
struct Window {
    page: TrainPage,
    live: Live,
    pad: DrawPad,
    /// The training, until the first frame starts it.
    work: Option<Work>,
    stop: Arc<AtomicBool>,
    training: Option<Job<()>>,
    outcome: Outcome,
    /// Whether it asks if the training is to end.
    asks: bool,
}

/// The window as the training sees it.
struct Eyes {
    live: Live,
    window: Context,
}

impl Onlooker for Eyes {
    fn listener<'a>(&'a self, recipe: &Recipe, data: &'a Data<'a>, run: &Run) -> Listener<'a> {
        let notify = || self.window.request_repaint();
        let mut watcher = Watcher::new(self.live.clone(), notify, recipe, data, run);
        Box::new(move |event| watcher.event(event))
    }

    fn keeps_the_best(&self) -> bool {
        self.live.orders().go == Go::Finish
    }
}

impl Window {
    fn start(&mut self, ctx: &Context) {
        let Some(work) = self.work.take() else { return };
        let (eyes, stop) = (Eyes { live: self.live.clone(), window: ctx.clone() }, self.stop.clone());
        self.training = Some(Job::new(ctx, move |_| work(&stop, &eyes)));
    }

    /// Takes in the end of the training.
    fn take_in(&mut self, ctx: Option<&Context>) {
        if let Some(result) = self.training.as_mut().and_then(Job::result) {
            self.training = None;
            self.page.ended(result.clone().map(|()| "The training has ended, and the model is saved.".into()));
            *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            if let Some(ctx) = ctx.filter(|_| self.stop.load(Ordering::Relaxed)) {
                ctx.send_viewport_cmd(ViewportCommand::Close); // Ctrl-C ends the program
            }
        }
    }

    /// Does what the keys say that come next.
    fn presses(&mut self, ui: &Ui) {
        while let Some(press) = self.pad.next_press(ui) {
            match press {
                Press::Wipe => self.pad.clear(),
                Press::Undo => self.pad.undo(),
                Press::Redo => self.pad.redo(),
                Press::Escape if self.asks => self.asks = false,
                Press::Enter if self.asks => self.end(ui.ctx()),
                Press::Escape => ui.ctx().send_viewport_cmd(ViewportCommand::Close),
                Press::Enter | Press::Label(_) => {}
            }
            ui.ctx().request_repaint();
        }
    }

    /// Stops the training and closes the window.
    fn end(&mut self, ctx: &Context) {
        self.live.order(Go::Quit);
        self.stop.store(true, Ordering::Relaxed);
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    fn question(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            ui.label("The training goes on. End it? The checkpoint of the last epochs stays.");
            if ui.add(Button::new("End")).on_hover_text("Enter").clicked() {
                self.end(&ui.ctx().clone());
            }
            if ui.button("Stay").on_hover_text("Esc").clicked() {
                self.asks = false;
            }
        });
    }
}

impl Screen for Window {
    const NAME: &'static str = "train";
    const SMALLEST: Vec2 = Vec2::new(640.0, 480.0);
    const WITHOUT_WINDOW: &'static str = "`train` without --watch needs none";

    fn size(&self) -> Vec2 {
        Vec2::new(1120.0, 760.0)
    }

    fn title(&self) -> String {
        format!("train: {}", self.page.spoken())
    }

    fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.start(&ctx);
        self.take_in(Some(&ctx));
        let is_stopped = self.stop.load(Ordering::Relaxed); // by Ctrl-C, too
        if ctx.input(|input| input.viewport().close_requested()) && self.training.is_some() && !is_stopped {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.asks = true;
        }
        self.pad.begin_frame(ui);
        self.presses(ui);
        let frame = look::window(ui);
        if self.asks && self.training.is_some() {
            Panel::bottom("question").frame(frame).show_separator_line(false).show(ui, |ui| self.question(ui));
        }
        CentralPanel::no_frame().frame(frame).show(ui, |ui| self.page.ui(ui, &mut self.pad));
        self.pad.end_frame(ui);
        self.presses(ui);
    }

    fn closed(&mut self) {
        self.live.order(Go::Quit);
        self.stop.store(true, Ordering::Relaxed);
        while self.training.is_some() {
            self.take_in(None); // the training saves what it has
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

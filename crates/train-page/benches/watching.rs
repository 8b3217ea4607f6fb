//! The cost of watching a training: the same epochs with the page and without it, by turns in one run.
//!
//! `cargo bench -p train-page --bench watching`: the preset cnn on MNIST, two epochs a turn. The page is
//! laid out and tessellated whenever it asks for a frame, with a drawing on its pad; what the graphics driver adds is not
//! in it. Beside the time of the clock stands that of the processor on Linux, which other programs hardly change.

use nn_data::Ink;
use nn_train::fit;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use train_page::page::TrainPage;
use train_page::plan::TrainingPlan;
use train_page::prepared::PreparedTraining;
use ui::pad::DrawPad;

const EPOCHS: u32 = 2;
const TURNS: usize = 3;

fn main() {
    let home = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let plan = TrainingPlan { data: vec!["data/mnist".into()], epochs: Some(EPOCHS), ..TrainingPlan::default() };
    let prepared = PreparedTraining::new(&plan, &home).expect("MNIST lies in data/mnist");
    let mut turns = vec![];
    for turn in 1..=TURNS {
        let plain = time_plain(&prepared);
        let (watched, frames, snapshots) = time_watched(&plan, &home);
        turns.push([watched.clock / plain.clock, watched.processor / plain.processor]);
        println!("turn {turn}: without {plain}, with the page {watched} ({frames} frames, {snapshots} snapshots)");
    }
    let median = |of: usize| {
        let mut ratios: Vec<f64> = turns.iter().map(|turn| turn[of]).collect();
        ratios.sort_by(f64::total_cmp);
        100.0 * (ratios[TURNS / 2] - 1.0)
    };
    println!("median {:+.1} % by the clock, {:+.1} % by the processor's time", median(0), median(1));
}

/// Time in seconds: by the clock, and that of all processors together, which is not a number where the system does not say.
#[derive(Clone, Copy)]
struct Seconds {
    clock: f64,
    processor: f64,
}

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s (processor {:.2} s)", self.clock, self.processor)
    }
}

/// Takes both times.
struct Stopwatch {
    clock: Instant,
    processor: f64,
}

impl Stopwatch {
    fn start() -> Self {
        Self { clock: Instant::now(), processor: processor_time() }
    }

    fn stop(&self) -> Seconds {
        Seconds { clock: self.clock.elapsed().as_secs_f64(), processor: processor_time() - self.processor }
    }
}

/// The processor's time of this program since its start, from the fields `utime` and `stime` of proc_pid_stat(5), which count
/// hundredths of a second.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    let ticks: Vec<f64> = ticks.flatten().collect();
    if ticks.len() == 2 { ticks.iter().sum::<f64>() / 100.0 } else { f64::NAN }
}

/// The time of a training that nobody watches.
fn time_plain(prepared: &PreparedTraining) -> Seconds {
    let mut run = prepared.run().expect("the recipe is sound");
    let start = Stopwatch::start();
    cli::pool::on_threads(None, || {
        fit(&mut run, &prepared.recipe, &prepared.data(), &mut |_| ControlFlow::Continue(()));
    })
    .expect("threads");
    start.stop()
}

struct Window {
    page: TrainPage,
    pad: DrawPad,
}

/// The time of the same training on the page, with the frames that it asked for and the snapshots that it has.
fn time_watched(plan: &TrainingPlan, home: &std::path::Path) -> (Seconds, usize, usize) {
    let mut page = TrainPage::new(home.into(), &["data/mnist".into()]);
    page.form().plan = plan.clone();
    let mut pad = DrawPad::default();
    pad.put(Ink { strokes: vec![vec![[0.3, 0.2], [0.7, 0.2], [0.4, 0.8]]] });
    let size = egui::vec2(1120.0, 760.0);
    let mut h = ui_test::harness(size, ui::look::apply, Window { page, pad }, |window, ui| {
        window.pad.begin_frame(ui);
        window.page.ui(ui, &mut window.pad);
        window.pad.end_frame(ui);
    });
    ui_test::wait(&mut h, "the data", |window| window.page.is_ready());
    let ctx = h.ctx.clone();
    h.state_mut().page.start(&ctx);
    let (start, mut frames) = (Stopwatch::start(), 0);
    while h.state().page.news().progress.at < f64::from(EPOCHS) {
        if ctx.has_requested_repaint() {
            h.step();
            let output = h.output();
            ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
            frames += 1;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = start.stop();
    let snapshots = h.state().page.news().timeline.all().len();
    (seconds, frames, snapshots)
}

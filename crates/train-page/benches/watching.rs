//! The cost of watching a training: the same epochs with the page and without it, by turns in one run.
//!
//! `cargo bench -p train-page --bench watching`: the preset cnn on MNIST, two epochs a turn. The page is
//! laid out and tessellated whenever it asks for a frame, with a drawing on its pad; what the graphics driver adds is not
//! in it.

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
    let mut ratios = vec![];
    for turn in 1..=TURNS {
        let plain = time_plain(&prepared);
        let (watched, frames, snapshots) = time_watched(&plan, &home);
        ratios.push(watched / plain);
        println!(
            "turn {turn}: without {plain:.2} s, with the page {watched:.2} s ({frames} frames, {snapshots} snapshots): {:+.1} %",
            100.0 * (watched / plain - 1.0)
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("median {:+.1} %", 100.0 * (ratios[TURNS / 2] - 1.0));
}

/// Seconds of a training that nobody watches.
fn time_plain(prepared: &PreparedTraining) -> f64 {
    let mut run = prepared.run().expect("the recipe is sound");
    let start = Instant::now();
    cli::pool::on_threads(None, || {
        fit(&mut run, &prepared.recipe, &prepared.data(), &mut |_| ControlFlow::Continue(()));
    })
    .expect("threads");
    start.elapsed().as_secs_f64()
}

struct Window {
    page: TrainPage,
    pad: DrawPad,
}

/// Seconds of the same training on the page, with the frames that it asked for and the snapshots that it has.
fn time_watched(plan: &TrainingPlan, home: &std::path::Path) -> (f64, usize, usize) {
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
    let (start, mut frames) = (Instant::now(), 0);
    while h.state().page.news().progress.at < f64::from(EPOCHS) {
        if ctx.has_requested_repaint() {
            h.step();
            let output = h.output();
            ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
            frames += 1;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = start.elapsed().as_secs_f64();
    let snapshots = h.state().page.news().timeline.all().len();
    (seconds, frames, snapshots)
}

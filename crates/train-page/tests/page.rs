//! The page by pointer and keyboard, without a display: from drawings to a model that reads them.
#![allow(clippy::unwrap_used)]

use egui::{Role, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use nn_data::{Drawings, Ink, StrokeSample};
use nn_train::AugmentLevel;
use std::path::Path;
use tempfile::TempDir;
use train_page::live::Go;
use train_page::page::TrainPage;
use train_page::timeline::Moment;
use ui::look;
use ui::pad::DrawPad;
use ui_test::wait;

/// A page with its pad, as a window holds them.
struct Window {
    page: TrainPage,
    pad: DrawPad,
}

type Page = Harness<'static, Window>;

/// The file of the first checkpoint in a folder.
const CHECKPOINT: &str = "runs/window.checkpoint";
const ONE: &[[f32; 2]] = &[[0.5, 0.15], [0.5, 0.85]];
const SEVEN: &[[f32; 2]] = &[[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]];
const CIRCLE: &[[f32; 2]] = &[[0.5, 0.15], [0.3, 0.3], [0.3, 0.7], [0.5, 0.85], [0.7, 0.7], [0.7, 0.3], [0.5, 0.15]];

/// A folder with `each` drawings of 0, 1 and 7 in `drawings`.
fn place(each: usize) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let drawings = Drawings::new(place.path().join("drawings"));
    for (label, line) in [("0", CIRCLE), ("1", ONE), ("7", SEVEN)] {
        for i in 0..each {
            let moved = |p: &[f32; 2]| [p[0] * (0.8 + 0.01 * i as f32), p[1] * (1.0 - 0.01 * i as f32)];
            let strokes = Ink { strokes: vec![line.iter().map(moved).collect()] };
            let sample = StrokeSample { label: label.into(), writer: String::new(), strokes };
            drawings.save(&sample, 0.06, &i.to_string()).unwrap();
        }
    }
    place
}

fn page(place: &Path, size: Vec2) -> Page {
    let page = TrainPage::new(place.into(), &["drawings".into(), "missing".into()]);
    let window = Window { page, pad: DrawPad::default() };
    let mut harness = ui_test::harness(size, look::apply, window, |window, ui| {
        window.pad.begin_frame(ui);
        while window.pad.next_press(ui).is_some() {}
        window.page.ui(ui, &mut window.pad);
        window.pad.end_frame(ui);
    });
    harness.step();
    harness
}

/// A page on which a small network is to learn the drawings for a long time; it starts when `Start` is pressed.
fn chosen(place: &Path, layers: &str, epochs: u32) -> Page {
    let mut h = page(place, vec2(1104.0, 744.0));
    let plan = &mut h.state_mut().page.form().plan;
    (plan.layers, plan.epochs, plan.augment) = (layers.into(), Some(epochs), Some(AugmentLevel::None));
    h.step();
    wait(&mut h, "the data", |window| window.page.is_ready());
    h
}

fn press(h: &mut Page, button: &str) {
    h.get_by_role_and_label(Role::Button, button).click();
    h.step();
    h.step();
}

/// Presses the pointer on a part of the width of a widget, and lets it go some frames later.
fn hold(h: &mut Page, role: Role, part: f32) {
    let rect = h.get_by_role(role).rect();
    let pos = egui::pos2(rect.left() + part * rect.width(), rect.center().y);
    let button = |pressed| {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        egui::Event::PointerButton { pos, button, pressed, modifiers }
    };
    h.event(egui::Event::PointerMoved(pos));
    h.step();
    h.event(button(true));
    (0..3).for_each(|_| h.step());
    h.event(button(false));
    (0..2).for_each(|_| h.step());
}

fn draw(h: &mut Page, line: &[[f32; 2]]) {
    let pad = h.get_by_label(ui::pad::NAME).rect();
    ui_test::strokes(h, pad, &[line.to_vec()]);
}

fn at(h: &Page) -> f64 {
    h.state().page.news().progress.at
}

#[test]
fn data_is_counted_and_shown_before_anything_starts() {
    let place = place(20);
    let mut h = page(place.path(), vec2(1104.0, 744.0));
    wait(&mut h, "the data", |window| window.page.is_ready());
    h.get_by_label("54 pictures of 3 classes to learn, 6 held back");
    assert!(h.get_by_role_and_label(Role::CheckBox, "drawings").accesskit_node().toggled().is_some());
    assert!(h.query_by_label("missing").is_none(), "places that are not there are not offered");
    h.get_by_label("What is Epochs?").click();
    h.step();
    h.get_by_label_contains("How often the network sees all pictures");
    h.get_by_role_and_label(Role::CheckBox, "drawings").click();
    h.step();
    h.step();
    assert!(!h.state().page.is_ready(), "without data nothing starts");
    h.get_by_role_and_label(Role::TextInput, "Path of the data").focus();
    h.step();
    h.get_by_role_and_label(Role::TextInput, "Path of the data").type_text("nowhere");
    h.step();
    h.key_press(egui::Key::Enter);
    h.step();
    h.step();
    wait(&mut h, "the error", |window| !window.page.is_busy());
    let words: Vec<String> = ui_test::widgets(&h).into_iter().map(|(words, _)| words).collect();
    assert!(words.iter().any(|words| words.contains("nowhere does not exist")), "{words:?}");
}

#[test]
fn a_training_is_watched_paused_stepped_and_ends_with_the_best() {
    let place = place(20);
    let mut h = chosen(place.path(), "dense:16, relu", 100_000);
    press(&mut h, "Start");
    draw(&mut h, SEVEN);
    wait(&mut h, "an answer", |window| window.page.answer().is_some());
    wait(&mut h, "some epochs", |window| window.page.news().progress.at > 3.0);
    press(&mut h, "Pause");
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    let paused = at(&h);
    press(&mut h, "One step");
    wait(&mut h, "a step", |window| window.page.news().progress.at > paused);
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    let stepped = at(&h);
    assert!(stepped <= paused + 1.0, "one step: {paused} {stepped}");
    press(&mut h, "One epoch");
    wait(&mut h, "an epoch", |window| window.page.news().progress.at > stepped);
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    assert_eq!(at(&h).fract(), 0.0);
    let rate = h.state().page.news().progress.lr;
    press(&mut h, "Slower");
    press(&mut h, "One step");
    wait(&mut h, "another rate", |window| window.page.news().progress.lr < 0.8 * rate);
    press(&mut h, "Go on");
    let now = at(&h);
    wait(&mut h, "more epochs", |window| window.page.news().progress.at > now + 5.0);
    press(&mut h, "Stop and keep the best");
    wait(&mut h, "the model", |window| !window.page.is_training());
    assert!(h.state().page.notice().starts_with("Trained for"), "{}", h.state().page.notice());
    let model = h.state_mut().page.offer().unwrap();
    assert_eq!(model.classes, ["0", "1", "7"]);
    assert!(model.calibration.is_some() && model.note.command.contains("# the learning rate was changed by hand"));
    assert!(h.state_mut().page.offer().is_none(), "it is offered once");
    let ink = h.state().pad.ink().rasterise(Drawings::SIDE, h.state().pad.pen);
    let kept = nn_io::Reader::new(model).read(&ink.into());
    wait(&mut h, "the answer of the network that is kept", |window| window.page.answer() == Some(&kept));
    press(&mut h, "Open it");
    assert!(h.state_mut().page.offer().is_some(), "and when the user wants it");
    assert!(!place.path().join(CHECKPOINT).exists(), "nothing is left to go on with");
}

#[test]
fn every_moment_can_be_seen_again() {
    let place = place(20);
    let mut h = chosen(place.path(), "dense:16, relu", 60);
    press(&mut h, "Start");
    draw(&mut h, SEVEN);
    wait(&mut h, "the model", |window| !window.page.is_training());
    wait(&mut h, "the answer", |window| window.page.answer().is_some_and(|answer| answer.class == 2));
    let all: Vec<f64> = h.state().page.news().timeline.all().iter().map(Moment::at).collect();
    assert_eq!((all[0], all[all.len() - 1]), (0.0, 60.0), "{all:?}");
    let trained = h.state().page.answer().unwrap().clone();
    h.get_by_role(Role::Slider).focus();
    h.step();
    h.step(); // from now on the arrows are the slider's
    for _ in 0..all.len() {
        h.key_press(egui::Key::ArrowLeft);
        h.step();
    }
    assert_eq!(h.state().page.shown().unwrap().at, 0.0);
    h.get_by_label_contains("samples that it does not learn");
    h.get_by_role_and_label(Role::Image, "Dense layer, 16 units");
    wait(&mut h, "another answer", |window| window.page.answer().is_some_and(|answer| *answer != trained));
    press(&mut h, "Newest");
    hold(&mut h, Role::Slider, 0.01);
    assert_eq!(h.state().page.shown().unwrap().at, 0.0, "the slider stays where it is under the pointer");
    hold(&mut h, Role::Slider, 0.5);
    let middle = h.state().page.shown().unwrap().at;
    assert!((20.0..40.0).contains(&middle), "{middle}");
    press(&mut h, "Newest");
    wait(&mut h, "the answer of the trained network", |window| window.page.answer() == Some(&trained));
}

#[test]
fn a_window_that_closes_leaves_a_checkpoint_that_fits_the_data() {
    let place = place(10);
    let mut h = chosen(place.path(), "dense:16, relu", 100_000);
    press(&mut h, "Start");
    wait(&mut h, "some epochs", |window| window.page.news().progress.at > 3.0);
    let epoch = h.state_mut().page.quit().unwrap();
    let checkpoint = nn_io::Checkpoint::load(&place.path().join(CHECKPOINT)).unwrap();
    assert!(epoch > 0 && checkpoint.epoch == epoch);
    assert_eq!(checkpoint.model.note.data, ["drawings"]);
    assert_eq!(
        checkpoint.data.keys().map(String::as_str).collect::<Vec<_>>(),
        ["training samples", "validation samples"]
    );
}

#[test]
fn an_earlier_checkpoint_stays_where_it_is() {
    let place = place(10);
    std::fs::create_dir(place.path().join("runs")).unwrap();
    std::fs::write(place.path().join(CHECKPOINT), "an earlier one").unwrap();
    let mut h = chosen(place.path(), "dense:16, relu", 100_000);
    press(&mut h, "Start");
    assert_eq!(h.state().page.checkpoint(), Path::new("runs/window-2.checkpoint"));
    wait(&mut h, "some epochs", |window| window.page.news().progress.at > 3.0);
    let epoch = h.state_mut().page.quit().unwrap();
    let checkpoint = nn_io::Checkpoint::load(&place.path().join("runs/window-2.checkpoint")).unwrap();
    assert_eq!(checkpoint.epoch, epoch);
    assert_eq!(std::fs::read_to_string(place.path().join(CHECKPOINT)).unwrap(), "an earlier one");
}

#[test]
fn a_step_is_a_part_of_an_epoch() {
    let place = place(100);
    let mut h = chosen(place.path(), "dense:8, relu", 100_000);
    press(&mut h, "Start");
    wait(&mut h, "an epoch", |window| window.page.news().progress.at > 1.0);
    press(&mut h, "Pause");
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    let paused = at(&h);
    press(&mut h, "One epoch");
    wait(&mut h, "the end of the epoch", |window| window.page.news().progress.at > paused);
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    let whole = paused.floor() + 1.0;
    assert_eq!(at(&h), whole);
    press(&mut h, "One step");
    wait(&mut h, "a step", |window| window.page.news().progress.at > whole);
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    let step = at(&h) - whole;
    assert!(step > 0.0 && step < 0.6, "{step}");
    press(&mut h, "One step");
    wait(&mut h, "a step", |window| window.page.news().progress.at > whole + step);
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    assert!((at(&h) - whole - 2.0 * step).abs() < 1e-9, "{} {step}", at(&h));
    assert_eq!(h.state().page.shown().unwrap().at, at(&h), "the moment between two epochs is shown");
    press(&mut h, "One epoch");
    wait(&mut h, "the end of the epoch", |window| window.page.news().progress.at >= whole + 1.0);
    assert_eq!(at(&h), whole + 1.0);
}

#[test]
fn another_plan_reads_no_data_anew() {
    let place = place(6);
    let mut h = chosen(place.path(), "dense:16, relu", 10);
    std::fs::rename(place.path().join("drawings"), place.path().join("elsewhere")).unwrap();
    h.state_mut().page.form().plan.layers = "dense:8, relu".into();
    h.step();
    wait(&mut h, "the other plan", |window| window.page.is_ready());
    h.state_mut().page.look_again();
    h.step();
    wait(&mut h, "another look", |window| !window.page.is_busy());
    h.get_by_label_contains("does not exist");
}

#[test]
fn few_drawings_begin_with_what_a_built_in_model_knows() {
    let place = place(6);
    let mut h = page(place.path(), vec2(1104.0, 744.0));
    wait(&mut h, "the data", |window| window.page.is_ready());
    h.get_by_label_contains("It begins with what the built-in model \"characters\" knows");
    h.state_mut().page.form().plan.begins_with_nothing = true;
    h.step();
    wait(&mut h, "the data", |window| window.page.is_ready());
    assert!(h.query_by_label_contains("It begins with").is_none());
}

#[test]
fn what_cannot_be_trained_is_said() {
    let place = place(4);
    let mut h = page(place.path(), vec2(1104.0, 744.0));
    let layers = |h: &mut Page, layers: &str| {
        h.state_mut().page.form().plan.layers = layers.into();
        h.step();
        wait(h, "the end of the look", |window| !window.page.is_busy());
    };
    layers(&mut h, "nonsense");
    h.get_by_label_contains("nonsense");
    assert!(!h.state().page.is_ready());
    layers(&mut h, "conv:4x99, relu");
    press(&mut h, "Start");
    wait(&mut h, "the error", |window| !window.page.is_training());
    assert!(h.state().page.notice().starts_with("layer 1 (conv:4x99)"), "{}", h.state().page.notice());
    press(&mut h, "Train another");
    h.get_by_role_and_label(Role::Button, "Start");
}

#[test]
fn nothing_is_cut_off_or_overprinted() {
    let place = place(20);
    for (size, scale) in
        [((640.0, 480.0), 1.0), ((1104.0, 744.0), 1.0), ((1920.0, 1080.0), 2.0), ((3840.0, 2160.0), 1.0)]
    {
        let mut h = page(place.path(), vec2(size.0, size.1) / scale);
        h.set_pixels_per_point(scale);
        h.step();
        h.set_size(vec2(size.0, size.1) / scale);
        h.step();
        wait(&mut h, "the data", |window| window.page.is_ready());
        let when = format!("{size:?} at {scale}");
        h.get_by_role_and_label(Role::Button, "Start");
        ui_test::assert_laid_out(&h, &SCROLLS, &when);
    }
}

/// Names of things that scroll.
const SCROLLS: [&str; 3] = ["Start", "Image", "What is"];

#[test]
fn snapshots() {
    let place = place(20);
    let mut h = chosen(place.path(), "dense:16, relu", 12);
    let snapshot = |h: &mut Page, name: &str| {
        h.remove_cursor();
        h.run();
        h.snapshot(name);
    };
    snapshot(&mut h, "train-choices");
    let ctx = h.ctx.clone();
    h.state_mut().page.start_by(Go::Epoch, &ctx);
    h.step();
    draw(&mut h, SEVEN);
    wait(&mut h, "the pause", |window| window.page.news().progress.waits);
    let is_read = |window: &Window| {
        let (page, answer) = (&window.page, window.page.answer());
        answer.is_some() && page.shown().is_some_and(|shown| shown.at == page.news().progress.at) && page.is_read()
    };
    wait(&mut h, "the answer", is_read);
    snapshot(&mut h, "train-waits");
    h.state().page.order(Go::On);
    wait(&mut h, "the model", |window| !window.page.is_training());
    wait(&mut h, "the answer", is_read);
    snapshot(&mut h, "train-ended");
}

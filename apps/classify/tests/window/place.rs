//! A folder with a small model that reads 0, 1 and 7, and with the drawings that it learnt from.

use classify::window::{Corrections, Window};
use egui_kittest::{Harness, kittest::Queryable};
use nn_core::{Architecture, LayerSpec, Network, Shape};
use nn_data::{Dataset, Drawings, Ink, LoadOptions, Preprocessing, StrokeSample, load};
use nn_io::{Model, TrainingNote};
use nn_train::{AugmentLevel, Data, Preset, Run, fit, hidden_layers};
use std::ops::ControlFlow;
use std::path::Path;
use tempfile::TempDir;
use ui::{look, pad::NAME};

/// A window in a harness.
pub type Reader = Harness<'static, Window>;

/// Lines that look like 7, 1 and 0.
pub const SEVEN: &[[f32; 2]] = &[[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]];
pub const ONE: &[[f32; 2]] = &[[0.5, 0.15], [0.5, 0.85]];
pub const CIRCLE: &[[f32; 2]] =
    &[[0.5, 0.15], [0.3, 0.3], [0.3, 0.7], [0.5, 0.85], [0.7, 0.7], [0.7, 0.3], [0.5, 0.15]];

/// With `model.mpk`, the drawings `memory` that it came from, and `other.mpk`, which has the classes x and y.
pub fn place() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let memory = Drawings::new(place.path().join("memory"));
    for (label, line) in [("0", CIRCLE), ("1", ONE), ("7", SEVEN)] {
        for i in 0..12 {
            let (sin, cos) = (0.03 * (i as f32 - 6.0)).sin_cos();
            let turned = |p: &[f32; 2]| {
                let [x, y] = [p[0] - 0.5, (p[1] - 0.5) * (0.7 + 0.05 * i as f32 / 2.0)];
                [0.5 + cos * x - sin * y, 0.5 + sin * x + cos * y]
            };
            let strokes = Ink { strokes: vec![line.iter().map(turned).collect()] };
            memory
                .save(&StrokeSample { label: label.into(), writer: String::new(), strokes }, 0.06, &i.to_string())
                .unwrap();
        }
    }
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/three.mpk");
    if std::env::var_os("UPDATE_FIXTURE").is_some() {
        let data = load(memory.root(), &LoadOptions::default()).unwrap().train;
        model(&data).save(Path::new(fixture)).unwrap();
    }
    std::fs::copy(fixture, place.path().join("model.mpk")).unwrap();
    let architecture =
        Architecture { input: Shape::new(28, 28, 1), layers: vec![LayerSpec::dense(2), LayerSpec::Softmax] };
    let network = Network::new(architecture, 1).unwrap();
    let classes = vec!["x".into(), "y".into()];
    let other = Model {
        network,
        classes,
        preprocessing: Preprocessing::mnist(),
        calibration: None,
        note: TrainingNote::default(),
    };
    other.save(&place.path().join("other.mpk")).unwrap();
    place
}

/// A small network that has learnt the drawings: the fixture, so that snapshots do not depend on the last bits of a
/// training, which differ from processor to processor.
fn model(data: &Dataset) -> Model {
    let mut recipe = Preset::Mlp.recipe();
    recipe.layers = hidden_layers("conv:4x5, relu, pool:2, dense:24, relu").unwrap();
    (recipe.epochs, recipe.lr, recipe.augment, recipe.batch_size) = (30, 0.01, AugmentLevel::None, 12);
    let mut run = Run::new(&recipe, data.size(), 3).unwrap();
    let preprocessing = Preprocessing::mnist();
    let what = Data { train: data, validation: None, negatives: None, preprocessing: &preprocessing };
    fit(&mut run, &recipe, &what, &mut |_| ControlFlow::Continue(()));
    let note = TrainingNote { data: vec!["memory".into()], command: "train".into(), ..TrainingNote::default() };
    Model {
        network: run.trainer.network().clone(),
        classes: data.classes().to_vec(),
        preprocessing,
        calibration: None,
        note,
    }
}

/// A window with `model.mpk`.
pub fn reader(place: &TempDir) -> Reader {
    reader_of(place, Model::load(&place.path().join("model.mpk")).unwrap())
}

/// A window with another model.
pub fn reader_of(place: &TempDir, model: Model) -> Reader {
    in_harness(window(place, model))
}

/// A window with another model, which remembers its settings.
pub fn reader_remembering(place: &TempDir, model: Model) -> Reader {
    in_harness(window(place, model).remembering(Some(place.path().join("settings.json"))))
}

fn window(place: &TempDir, model: Model) -> Window {
    let corrections = Corrections { drawings: Drawings::new(place.path().join("drawings")), home: place.path().into() };
    Window::new(model, "model.mpk".into(), corrections)
}

fn in_harness(window: Window) -> Reader {
    let mut harness = ui_test::harness(egui::vec2(1104.0, 744.0), look::apply, window, Window::ui);
    harness.run();
    harness
}

/// Draws a line.
pub fn draw(h: &mut Reader, line: &[[f32; 2]]) {
    let pad = h.get_by_label(NAME).rect();
    ui_test::strokes(h, pad, &[line.to_vec()]);
}

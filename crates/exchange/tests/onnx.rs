//! Exported models, read by onnxruntime: the same answers on real digits and in the folder of proof.
#![allow(clippy::unwrap_used)]

use exchange::{Weights, to_onnx, with_int8_weights, write_proof};
use nn_core::{Activation, Architecture, LayerSpec, Loss, Network, Shape};
use nn_data::{LoadOptions, Preprocessing, Shifts, load};
use nn_io::{Calibration, Model, Reader, TrainingNote};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// Whether a test has what it needs; says so where it has not, and panics where nothing may be skipped.
fn has(found: bool, needed: &str) -> bool {
    if !found {
        assert!(std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none(), "missing: {needed}");
        eprintln!("skipped: {needed}");
    }
    found
}

fn has_onnxruntime() -> bool {
    let found = Command::new("python3").args(["-c", "import onnxruntime, numpy"]).output();
    has(found.is_ok_and(|output| output.status.success()), "python3 with onnxruntime (`pip install onnxruntime`)")
}

/// Writes a model and its proof, and returns the last line of check.py; panics where it finds a difference.
fn checked(model: &Arc<Model>, folder: &Path) -> String {
    checked_with(model, Weights::Float, folder)
}

fn checked_with(model: &Arc<Model>, weights: Weights, folder: &Path) -> String {
    std::fs::write(folder.join("model.onnx"), to_onnx(model, weights).unwrap()).unwrap();
    write_proof(model, "../model.onnx", &folder.join("proof")).unwrap();
    let output = Command::new("python3").arg(folder.join("proof/check.py")).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    out.lines().last().unwrap_or_default().to_string()
}

fn model(layers: Vec<LayerSpec>, preprocessing: Preprocessing) -> Arc<Model> {
    let size = preprocessing.size();
    let input = Shape::new(size.height, size.width, size.channels);
    let mut network = Network::new(Architecture { input, layers }, 7).unwrap();
    // Biases and statistics that are not those of the beginning.
    let mut rng = nn_core::rng::Rng::new(3);
    network.params_mut().iter_mut().for_each(|p| *p += 0.1 * rng.uniform());
    network.stats_mut().iter_mut().for_each(|s| *s += 0.3 * rng.uniform());
    let classes = (0..network.outputs()).map(|class| class.to_string()).collect();
    let calibration = Some(Calibration {
        temperature: 1.7,
        unsure: 0.8,
        nothing: 0.4,
        false_alarms: 0.01,
        error: 0.02,
        certainty: 0.3,
    });
    Arc::new(Model { network, classes, preprocessing, calibration, note: TrainingNote::default() })
}

#[test]
fn onnxruntime_gives_the_same_answers_for_every_layer() {
    if !has_onnxruntime() {
        return;
    }
    let conv = |outputs, kernel, stride, padding| LayerSpec::Conv2d {
        outputs,
        kernel,
        stride,
        padding,
        init: nn_core::Init::Auto,
    };
    let pictures = vec![
        conv(5, 3, 1, 1),
        LayerSpec::BatchNorm,
        Activation::LeakyRelu { slope: 0.1 }.into(),
        LayerSpec::MaxPool { size: 2 },
        conv(4, 3, 2, 0),
        Activation::Sigmoid.into(),
        LayerSpec::AveragePool { size: Some(2) },
        LayerSpec::Dropout { rate: 0.3 },
        LayerSpec::dense(20),
        LayerSpec::BatchNorm,
        Activation::Tanh.into(),
        LayerSpec::dense(6),
        LayerSpec::Softmax,
    ];
    let whole = vec![
        conv(6, 3, 1, 1),
        Activation::Relu.into(),
        LayerSpec::AveragePool { size: None },
        LayerSpec::dense(3), // no softmax: the outputs are made probabilities
    ];
    let sized = Preprocessing { fit: nn_data::Fit::SizedPaperInk, shifts: Shifts::Nine, ..Preprocessing::ink(28, 28) };
    let colour =
        Preprocessing { mean: vec![0.4, 0.5, 0.6], std: vec![0.2, 0.3, 0.25], ..Preprocessing::picture(15, 13, 3) };
    for (layers, preprocessing) in [(pictures.clone(), sized), (pictures, colour), (whole, Preprocessing::mnist())] {
        let folder = tempfile::tempdir().unwrap();
        let model = model(layers, preprocessing);
        let rounded = Arc::new(with_int8_weights(Model::clone(&model)));
        for (model, weights) in [(&model, Weights::Float), (&rounded, Weights::Int8)] {
            let line = checked_with(model, weights, folder.path());
            assert!(line.starts_with("20 pictures, largest difference"), "{line}");
        }
    }
}

/// The digits that ship, and the same model with weights of eight bits.
fn digits() -> [(Arc<Model>, Weights); 2] {
    let model = Model::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/digits.mpk")).unwrap();
    let rounded = with_int8_weights(model.clone());
    [(Arc::new(model), Weights::Float), (Arc::new(rounded), Weights::Int8)]
}

#[test]
fn eight_bits_take_a_quarter_of_the_size_and_a_tenth_of_a_point_at_most() {
    let [whole, rounded] = digits().map(|(model, weights)| {
        let test = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist"), &LoadOptions::default());
        let right = Reader::new(Arc::clone(&model))
            .evaluate(&test.unwrap().test.unwrap(), Loss::cross_entropy())
            .score
            .accuracy();
        (to_onnx(&model, weights).unwrap().len(), right)
    });
    assert!(rounded.0 * 10 < whole.0 * 3, "{} and {} bytes", whole.0, rounded.0);
    assert!((whole.1 - rounded.1).abs() <= 0.001, "{} and {} right", whole.1, rounded.1);
    assert_ne!(whole.1, 0.0);
}

#[test]
fn tract_gives_the_same_answers() {
    // Building tract takes minutes and the network: only where nothing may be skipped.
    if std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none() {
        eprintln!("skipped: tract is built and asked where BARNACLE_SKIPS_NOTHING is set");
        return;
    }
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tract");
    let folder = tempfile::tempdir().unwrap();
    let check = |model: &Model, weights: Weights| {
        std::fs::write(folder.path().join("model.onnx"), to_onnx(model, weights).unwrap()).unwrap();
        let mut check = Command::new(env!("CARGO"));
        check.args(["run", "--quiet"]).current_dir(folder.path().join("proof")).env("CARGO_TARGET_DIR", &built);
        let output = check.output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (output.status.code(), said)
    };
    let [whole, rounded] = digits();
    for (model, weights) in [&whole, &rounded] {
        write_proof(model, "../model.onnx", &folder.path().join("proof")).unwrap();
        let (code, said) = check(model, *weights);
        assert!(code == Some(0) && said.starts_with("20 pictures"), "{said}");
    }
    let (code, said) = check(&whole.0, Weights::Float);
    assert!(code == Some(1) && said.contains("a probability differs"), "another model does not pass: {said}");
}

#[test]
fn onnxruntime_reads_real_digits_alike() {
    if !has_onnxruntime() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let model = Arc::new(Model::load(&root.join("models/digits.mpk")).unwrap());
    let folder = tempfile::tempdir().unwrap();
    checked(&model, folder.path());

    let test = load(&root.join("data/mnist"), &LoadOptions::default()).unwrap().test.unwrap();
    let pixels = &test.pixels()[..200 * 784];
    let answers = Reader::new(Arc::clone(&model)).read_many(pixels);
    std::fs::write(folder.path().join("pixels"), pixels).unwrap();
    let expected: Vec<&[f32]> = answers.iter().map(|answer| &answer.probabilities[..]).collect();
    std::fs::write(folder.path().join("expected.json"), serde_json::to_string(&expected).unwrap()).unwrap();
    let program = "import json, numpy, onnxruntime\n\
        pixels = numpy.fromfile('pixels', numpy.uint8).astype(numpy.float32).reshape(-1, 28, 28, 1)\n\
        found = onnxruntime.InferenceSession('model.onnx').run(None, {'pixels': pixels})[0]\n\
        expected = numpy.array(json.load(open('expected.json')), numpy.float32)\n\
        assert abs(found - expected).max() <= 1e-4, abs(found - expected).max()\n\
        assert (found.argmax(1) == expected.argmax(1)).all()";
    let output = Command::new("python3").args(["-c", program]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_damaged_export_does_not_pass() {
    if !has_onnxruntime() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let digits = |seed| {
        let layers = vec![LayerSpec::dense(10), LayerSpec::Softmax];
        let input = Shape::new(28, 28, 1);
        Arc::new(Model {
            network: Network::new(Architecture { input, layers }, seed).unwrap(),
            classes: (0..10).map(|class| class.to_string()).collect(),
            preprocessing: Preprocessing::mnist(),
            calibration: None,
            note: TrainingNote::default(),
        })
    };
    checked(&digits(1), folder.path());
    std::fs::write(folder.path().join("model.onnx"), to_onnx(&digits(2), Weights::Float).unwrap()).unwrap();
    let output = Command::new("python3").arg(folder.path().join("proof/check.py")).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
}

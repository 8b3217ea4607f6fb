//! The files as other programs meet them: whole, damaged, hostile, old and new.

#![allow(clippy::unwrap_used)]

mod checkpoint;
mod custom;
mod damage;
mod fixture;
mod hostile;

use nn_core::{Activation, Architecture, Init, LayerSpec, Network, Shape};
use nn_data::{Look, Preprocessing};
use nn_io::{Error, Model, TrainingNote};

/// A tiny network with layers of every kind; its parameters are 0, 1/8, 2/8 and so on.
fn model() -> Model {
    let layers = vec![
        LayerSpec::dense(3),
        Activation::LeakyRelu { slope: 0.125 }.into(),
        LayerSpec::Dropout { rate: 0.5 },
        LayerSpec::Dense { outputs: 3, init: Init::Uniform(0.5) },
        Activation::Tanh.into(),
        LayerSpec::Dense { outputs: 2, init: Init::LeCun },
        LayerSpec::Softmax,
    ];
    let architecture = Architecture { input: Shape::new(2, 3, 1), layers };
    let parameters = (0..6 * 3 + 3 + 3 * 3 + 3 + 3 * 2 + 2).map(|n| n as f32 / 8.0).collect();
    Model {
        network: Network::from_parts(architecture, parameters, vec![]).unwrap(),
        classes: vec!["a".into(), "ä".into()],
        preprocessing: Preprocessing::picture(3, 2, 1),
        calibration: None,
        note: TrainingNote {
            data: vec!["data/mnist".into()],
            preset: "mlp".into(),
            seed: 7,
            epochs: 3,
            samples: 60000,
            test_accuracy: Some(0.9375),
            validation_accuracy: None,
            date: "2026-01-02".into(),
            command: "train --data data/mnist".into(),
            look: None,
        },
    }
}

#[test]
fn a_model_remembers_the_look_of_its_data() {
    let mut model = model();
    assert_eq!(model.look(), None);
    model.note.look = Some(Look { dark: 1.0, fills: 0.9, wide: 0.25 });
    let after = Model::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(after.look(), model.note.look);
    model.preprocessing = Preprocessing { mean: vec![0.0], std: vec![1.0], ..Preprocessing::ink(3, 2) };
    model.note.look = None;
    assert_eq!(model.look(), Some(Look::CENTRED), "as in models that remember nothing");
}

/// The error of `from_bytes` for the bytes.
fn complaint(bytes: &[u8]) -> String {
    Model::from_bytes(bytes).expect_err("the bytes are refused").to_string()
}

/// The file with one stretch of bytes replaced, and the checksum made right for it.
fn altered(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = file.windows(from.len()).position(|window| window == from).expect("the file holds these bytes");
    let end = file.len() - 4;
    sealed(&[&file[..at], to, &file[at + from.len()..end]].concat())
}

/// The bytes with their checksum behind them.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    [bytes, &crc32fast::hash(bytes).to_le_bytes()].concat()
}

#[test]
fn a_model_survives_the_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let (path, before) = (folder.path().join("model.mpk"), model());
    before.save(&path).unwrap();
    let after = Model::load(&path).unwrap();
    assert_eq!(after.network.architecture(), before.network.architecture());
    assert_eq!(after.network.params(), before.network.params());
    assert_eq!(after.network.stats(), before.network.stats());
    assert_eq!(after.classes, before.classes);
    assert_eq!(after.preprocessing, before.preprocessing);
    assert_eq!(after.note, before.note);
    assert_eq!(after.to_bytes().unwrap(), std::fs::read(&path).unwrap());
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.mpk");
    let missing = Model::load(&path).unwrap_err();
    assert_eq!(missing.to_string(), format!("cannot read {}", path.display()));
    assert!(matches!(missing, Error::Read { .. }));
    std::fs::write(&path, "label,p0,p1\n").unwrap();
    let foreign = Model::load(&path).unwrap_err();
    assert_eq!(foreign.to_string(), format!("{}: not a barnacle-model file", path.display()));
    let file = std::fs::File::create(&path).unwrap();
    file.set_len((1 << 30) + 1).unwrap();
    let large = Model::load(&path).unwrap_err();
    assert_eq!(large.to_string(), format!("{}: too large: at most 1073741824 bytes are read", path.display()));
}

#[test]
fn a_model_that_could_not_be_loaded_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.mpk");
    let mut model = model();
    model.network.params_mut()[4] = f32::NAN;
    let error = model.save(&path).unwrap_err().to_string();
    assert_eq!(error, format!("{}: not usable: number 5 of the parameters is NaN", path.display()));
    assert!(!path.exists());
}

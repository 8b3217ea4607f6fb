//! Files of former versions, which must load for ever.
//!
//! A fixture is written once: where the file is missing, the test writes it and fails. It is then committed, and never
//! written again. A new version of the format, or a new kind of layer, gets a fixture of its own.

use crate::model;
use nn_data::Preprocessing;
use nn_io::{Calibration, Model};
use std::path::Path;

#[test]
fn version_1_loads_for_ever() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join("v1.mpk");
    if !path.exists() {
        model().save(&path).unwrap();
        panic!("{} was missing and is written now: commit it", path.display());
    }
    let (old, now) = (Model::load(&path).unwrap(), model());
    assert_eq!(old.network.architecture(), now.network.architecture());
    assert_eq!(old.network.params(), now.network.params());
    assert_eq!((old.classes, old.preprocessing, old.note), (now.classes, now.preprocessing, now.note));
    assert_eq!(Model::load(&path).unwrap().to_bytes().unwrap(), std::fs::read(&path).unwrap());
}

/// Version 2: with a calibration, and preprocessing that finds ink.
#[test]
fn version_2_loads_for_ever() {
    let mut now = model();
    now.preprocessing = Preprocessing::ink(3, 2);
    let calibration =
        Calibration { temperature: 1.25, unsure: 0.875, nothing: 0.5, false_alarms: 0.0625, error: 0.03125 };
    now.calibration = Some(calibration);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join("v2.mpk");
    if !path.exists() {
        now.save(&path).unwrap();
        panic!("{} was missing and is written now: commit it", path.display());
    }
    let old = Model::load(&path).unwrap();
    assert_eq!((&old.preprocessing, old.calibration), (&now.preprocessing, Some(calibration)));
    assert_eq!(old.to_bytes().unwrap(), std::fs::read(&path).unwrap());
}

//! Files of former versions, which must load for ever.
//!
//! A fixture is written once: where the file is missing, the test writes it and fails. It is then committed, and never
//! written again. A new version of the format, or a new kind of layer, gets a fixture of its own.

use crate::model;
use nn_data::{Fit, Preprocessing, Shifts};
use nn_io::{Calibration, Model};
use std::path::Path;

/// Holds a model against the fixture of its version, which must give the same model and be written as it was.
fn compare(name: &str, now: &Model) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join(name);
    if !path.exists() {
        now.save(&path).unwrap();
        panic!("{} was missing and is written now: commit it", path.display());
    }
    let old = Model::load(&path).unwrap();
    assert_eq!(old.network.architecture(), now.network.architecture());
    assert_eq!(old.network.params(), now.network.params());
    assert_eq!((&old.classes, &old.preprocessing, &old.note), (&now.classes, &now.preprocessing, &now.note));
    assert_eq!(old.calibration, now.calibration);
    assert_eq!(old.to_bytes().unwrap(), std::fs::read(&path).unwrap());
}

#[test]
fn version_1_loads_for_ever() {
    compare("v1.mpk", &model());
}

/// Version 2: with a calibration, and preprocessing that finds ink.
#[test]
fn version_2_loads_for_ever() {
    let calibration = Calibration {
        temperature: 1.25,
        unsure: 0.875,
        nothing: 0.5,
        false_alarms: 0.0625,
        error: 0.03125,
        certainty: 0.0,
    };
    let preprocessing = Preprocessing { fit: Fit::Ink, ..Preprocessing::ink(3, 2) };
    compare("v2.mpk", &Model { preprocessing, calibration: Some(calibration), ..model() });
}

/// Version 3: with preprocessing that shows the size of the ink, in several views.
#[test]
fn version_3_loads_for_ever() {
    let preprocessing = Preprocessing { fit: Fit::SizedInk, shifts: Shifts::Five, ..Preprocessing::ink(3, 2) };
    compare("v3.mpk", &Model { preprocessing, ..model() });
}

/// Version 5: with preprocessing that finds paper.
#[test]
fn version_5_loads_for_ever() {
    let preprocessing = Preprocessing { fit: Fit::SizedPaperInk, ..Preprocessing::ink(3, 2) };
    compare("v5.mpk", &Model { preprocessing, ..model() });
}

/// A limit of certainty is written where it is known; older programs skip it.
#[test]
fn a_limit_of_certainty_stays() {
    let calibration =
        Calibration { temperature: 1.25, unsure: 0.875, nothing: 0.5, false_alarms: 0.0, error: 0.0, certainty: 0.25 };
    let known = Model { calibration: Some(calibration), ..model() };
    let again = Model::from_bytes(&known.to_bytes().unwrap()).unwrap();
    assert_eq!(again.calibration, known.calibration);
}

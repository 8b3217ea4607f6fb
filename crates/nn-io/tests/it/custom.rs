//! A model with a layer of one's own.

use crate::model;
use nn_core::layer::{Backward, Forward, Layer};
use nn_core::{Architecture, Kinds, LayerSpec, Network, Shape};
use nn_data::Preprocessing;
use nn_io::{Model, Reader};
use std::path::Path;

/// `y = factor x`.
struct Scale(Shape, f32);

impl Layer for Scale {
    fn output(&self) -> Shape {
        self.0
    }

    fn forward(&self, pass: Forward<'_>) {
        pass.y.iter_mut().zip(pass.x).for_each(|(y, x)| *y = self.1 * x);
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        dx.iter_mut().zip(pass.dy).for_each(|(dx, dy)| *dx = self.1 * *dy);
    }
}

fn kinds() -> Kinds {
    Kinds::default().with("scale", |numbers, input| Ok(Box::new(Scale(input, numbers.number("factor", 1.0)?))))
}

fn scaled() -> Model {
    let architecture =
        Architecture::new(Shape::new(1, 6, 1)).layer(LayerSpec::custom("scale").set("factor", 2.5)).dense(2).softmax();
    let params = (0..14).map(|i| i as f32 / 8.0 - 0.75).collect();
    let network = Network::from_parts_with(architecture, &kinds(), params, vec![]).unwrap();
    Model { network, preprocessing: Preprocessing::picture(6, 1, 1), ..model() }
}

/// Version 4: with a custom layer. The file is a fixture, which must load for ever with the kind that it names.
#[test]
fn it_loads_with_its_kind_only() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v4.mpk");
    if !path.exists() {
        scaled().save(&path).unwrap();
        panic!("{} was missing and is written now: commit it", path.display());
    }
    let error = Model::load(&path).unwrap_err();
    let error = format!("{error}");
    assert!(error.contains("layer 1 (scale:factor=2.5): unknown kind; add it to the kinds"), "{error}");

    let old = Model::load_with(&path, &kinds()).unwrap();
    assert_eq!(old.network.architecture(), scaled().network.architecture());
    assert_eq!(old.to_bytes().unwrap(), std::fs::read(&path).unwrap());
    let pixels = [0, 50, 100, 150, 200, 250];
    let [answer, expected] = [old, scaled()].map(|model| Reader::new(model).read_prepared(&pixels));
    assert_eq!(answer, expected);
}

//! A layer of your own: `swish`, `y = x sigmoid(beta x)` (Ramachandran et al. 2017), written outside of nn-core, checked by
//! the same harness as nn-core's layers, and trained.
//!
//! `cargo run --release -p nn-core --example own_layer`

use nn_core::layer::{Backward, Forward, Layer};
use nn_core::{Adam, Architecture, Kinds, LayerSpec, Loss, Network, Shape, Trainer, check};

/// `y = x s` with `s = sigmoid(beta x)`, value by value. As `ds/dx = beta s (1 - s)`, `dx = dy (s + beta x s (1 - s))`.
struct Swish {
    shape: Shape,
    beta: f32,
}

impl Swish {
    fn sigmoid(&self, x: f32) -> f32 {
        1.0 / (1.0 + (-self.beta * x).exp())
    }
}

impl Layer for Swish {
    fn output(&self) -> Shape {
        self.shape
    }

    fn forward(&self, pass: Forward<'_>) {
        for (y, x) in pass.y.iter_mut().zip(pass.x) {
            *y = x * self.sigmoid(*x);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        for ((dx, dy), x) in dx.iter_mut().zip(pass.dy).zip(pass.x) {
            let s = self.sigmoid(*x);
            *dx = *dy * (s + self.beta * x * s * (1.0 - s));
        }
    }
}

fn main() -> Result<(), nn_core::Error> {
    let kinds = Kinds::default()
        .with("swish", |numbers, input| Ok(Box::new(Swish { shape: input, beta: numbers.number("beta", 1.0)? })));

    // The gradient that is written above equals central differences.
    check::layer(&LayerSpec::custom("swish").set("beta", 1.5), &kinds, Shape::flat(7), 5);

    let architecture = kinds.parse(Shape::flat(2), "dense:8, swish:beta=1.5, dense:2, softmax")?;
    let mut trainer =
        Trainer::new(Network::build(architecture, &kinds, 1)?, Loss::cross_entropy(), Adam::default(), 1)?;
    let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]; // exclusive or again
    let labels = [0, 1, 1, 0];
    let first = trainer.step(&x, &labels, 0.05).loss();
    let last = (0..300).map(|_| trainer.step(&x, &labels, 0.05).loss()).last().unwrap_or(first);
    println!("{}loss {first:.3} -> {last:.5}", trainer.network().summary());
    assert!(last < 0.01, "it should have learnt this");

    // Without the kind the network cannot be built.
    let architecture = Architecture::new(Shape::flat(2)).dense(3).layer(LayerSpec::custom("swish"));
    let error = Network::new(architecture, 1).expect_err("nn-core itself has no swish");
    println!("{error}");
    assert!(error.to_string().starts_with("layer 2 (swish): unknown kind; add it to the kinds"));
    Ok(())
}

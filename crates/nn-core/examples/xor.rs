//! Exclusive or: the smallest problem that a single layer cannot solve.
//!
//! `cargo run --release -p nn-core --example xor`

use nn_core::{Architecture, Loss, Network, Sgd, Shape, Trainer};

fn main() -> Result<(), nn_core::Error> {
    let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]; // four samples of two values
    let y = [0.0, 1.0, 1.0, 0.0]; // one value each
    // Without the tanh between them, two dense layers could do no more than one.
    let architecture = Architecture::new(Shape::flat(2)).dense(4).tanh().dense(1).sigmoid();
    let network = Network::new(architecture, 1)?;
    println!("{}", network.summary());
    let momentum = Sgd { momentum: 0.9, ..Sgd::default() };
    let mut trainer = Trainer::new(network, Loss::MeanSquaredError, momentum, 1)?;
    for step in 0..=1000 {
        let score = trainer.step(&x, &y, 0.5);
        if step % 200 == 0 {
            println!("step {step:4}  loss {:.5}", score.loss());
        }
    }
    let p = trainer.network().predict(&x);
    for (x, (p, y)) in x.chunks(2).zip(p.iter().zip(y)) {
        println!("{} xor {} = {p:.3}", x[0], x[1]);
        assert!((p - y).abs() < 0.1, "it should have learnt this");
    }
    Ok(())
}

//! Three interleaved spirals, which need hidden layers. Draws the regions that the network has found.
//!
//! `cargo run --release -p nn-core --example spiral`

use nn_core::metrics::argmax;
use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Loss, Network, Schedule, Shape, Trainer};

const CLASSES: usize = 3;
const STEPS: u64 = 600;

fn main() -> Result<(), nn_core::Error> {
    let (x, labels) = spirals(200, 1);
    let architecture = Architecture::new(Shape::flat(2)).dense(32).relu().dense(32).relu().dense(CLASSES).softmax();
    let network = Network::new(architecture, 1)?;
    let mut trainer = Trainer::new(network, Loss::cross_entropy(), Adam::default(), 1)?;
    for step in 0..STEPS {
        let lr = Schedule::OneCycle.rate(0.02, step, STEPS, 0);
        let score = trainer.step(&x, &labels, lr);
        if step % 100 == 99 {
            println!("step {:3}  loss {:.4}  accuracy {:.3}", step + 1, score.loss(), score.accuracy());
        }
    }
    let network = trainer.into_network();
    let (fresh, truth) = spirals(200, 2); // samples that it has not seen
    let p = network.predict(&fresh);
    let hits = p.chunks(CLASSES).zip(&truth).filter(|(p, t)| argmax(p) == **t as usize).count();
    let accuracy = hits as f64 / truth.len() as f64;
    draw(&network);
    println!("accuracy on fresh samples: {accuracy:.3}");
    assert!(accuracy > 0.95, "it should have learnt this");
    Ok(())
}

/// `n` points on each arm, in -1..1, with a little noise.
fn spirals(n: usize, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut rng = Rng::new(seed);
    let (mut x, mut labels) = (vec![], vec![]);
    for class in 0..CLASSES {
        for i in 0..n {
            let radius = i as f32 / n as f32;
            let angle = 4.0 * radius + class as f32 * std::f32::consts::TAU / CLASSES as f32 + 0.1 * rng.normal();
            x.extend([radius * angle.cos(), radius * angle.sin()]);
            labels.push(class as u32);
        }
    }
    (x, labels)
}

/// Prints the class that the network gives to each point of a grid.
fn draw(network: &Network) {
    for row in 0..20 {
        let y = 1.0 - row as f32 / 9.5;
        let line: Vec<f32> = (0..40).flat_map(|column| [column as f32 / 19.5 - 1.0, y]).collect();
        let p = network.predict(&line);
        println!("{}", p.chunks(CLASSES).map(|p| ['.', 'o', '#'][argmax(p)]).collect::<String>());
    }
}

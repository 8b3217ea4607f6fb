//! Writes the networks of nn-core's benchmark `inference` as ONNX, so that other programs can be measured on the same:
//! `cargo run --release -p exchange --example benchmark_networks -- FOLDER`. The weights are random.

use exchange::{Weights, to_onnx};
use nn_core::{Architecture, Network, Shape};
use nn_data::Preprocessing;
use nn_io::{Model, TrainingNote};

/// Names of files, and layers.
const NETWORKS: [(&str, &str); 3] = [
    ("784-512-256-10 relu", "dense:512, relu, dense:256, relu"),
    ("conv 16, 32, dense 128 relu", "conv:16x3, relu, pool:2, conv:32x3, relu, pool:2, dense:128, relu"),
    (
        "characters",
        "conv:20x3, pool:2, relu, conv:40x3, relu, conv:48x3, pool:2, relu, conv:80x3, relu, dense:96, relu",
    ),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder that the files go to")?;
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, layers) in NETWORKS {
        let architecture = Architecture::parse(Shape::new(28, 28, 1), &format!("{layers}, dense:10, softmax"))?;
        let model = Model {
            network: Network::new(architecture, 1)?,
            classes: (0..10).map(|class| class.to_string()).collect(),
            preprocessing: Preprocessing::mnist(),
            calibration: None,
            note: TrainingNote::default(),
        };
        std::fs::write(folder.join(format!("{name}.onnx")), to_onnx(&model, Weights::Float)?)?;
    }
    Ok(())
}

//! Checks that an exported model answers here as it does in Barnacle, with tract (see Cargo.toml):
//!
//!     cargo run
//!
//! Exits with 1 and names the pictures on any difference.

use serde_json::Value;
use std::path::Path;
use tract_onnx::prelude::*;

fn main() -> TractResult<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let proof: Value = serde_json::from_slice(&std::fs::read(folder.join("cases.json"))?)?;
    let numbers = |list: &Value| -> Vec<f32> {
        list.as_array().into_iter().flatten().filter_map(Value::as_f64).map(|number| number as f32).collect()
    };
    let cases = proof["cases"].as_array().expect("cases.json has a list of cases");
    let shape: Vec<usize> = numbers(&cases[0]["shape"]).iter().map(|size| *size as usize).collect();
    let (height, width, channels) = (shape[0], shape[1], shape[2]);
    let model = tract_onnx::onnx()
        .model_for_path(folder.join(proof["model"].as_str().expect("cases.json names the model")))?
        .with_input_fact(0, f32::fact([1, height, width, channels]).into())?
        .into_optimized()?
        .into_runnable()?;
    let (mut largest, mut wrong) = (0.0f32, 0);
    for case in cases {
        let pixels = Tensor::from_shape(&[1, height, width, channels], &numbers(&case["pixels"]))?;
        let found = model.run(tvec!(pixels.into()))?;
        let found = found[0].view();
        let (found, expected) = (found.as_slice::<f32>()?, numbers(&case["probabilities"]));
        let apart = found.iter().zip(&expected).map(|(a, b)| (a - b).abs());
        // A number that is none counts as the largest difference of all, and so do numbers that are missing.
        let none = if found.len() == expected.len() && !found.is_empty() { 0.0 } else { f32::NAN };
        let difference = apart.fold(none, |most: f32, next| if next <= most || most.is_nan() { most } else { next });
        largest = if difference <= largest { largest } else { difference };
        if !(f64::from(difference) <= proof["tolerance"].as_f64().unwrap_or(0.0)) {
            wrong += 1;
            println!("{}: a probability differs by {difference:.6}", case["picture"]);
        }
    }
    println!("{} pictures, largest difference {largest:.2e}", cases.len());
    std::process::exit(i32::from(wrong > 0))
}

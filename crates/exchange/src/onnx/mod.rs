//! A model as an ONNX file: everything from prepared pixels to calibrated probabilities.
//!
//! Finding ink in a picture of any kind has no operators; so the input is what [`nn_data::Preprocessing::apply`] makes of a picture, and the metadata
//! say how that was made.

mod graph;
mod layers;
mod messages;
mod views;

use crate::error::Error;
use crate::int8::Weights;
use graph::{FLOAT, Graph, Value, int, ints};
use layers::Chain;
use messages::{Dimension, Entry, ModelProto, OperatorSet, TensorShape, TensorType, ValueInfo, ValueType};
use nn_core::Network;
use nn_data::{Fit, Preprocessing};
use nn_io::{Calibration, Model};
use prost::Message;

/// The name of the graph's input: prepared pictures, samples x height x width x channels, values 0 to 255.
pub const INPUT: &str = "pixels";
/// The name of the graph's output: samples x classes, each sample's sum 1.
pub const OUTPUT: &str = "probabilities";
/// The version of the file's structure, and of the operators: old enough for programs of 2022.
const IR_VERSION: i64 = 8;
const OPERATORS: i64 = 17;

/// Returns a model as an ONNX file.
///
/// # Errors
/// [`Error::Layer`] for a layer of a user's own.
pub fn to_onnx(model: &Model, weights: Weights) -> Result<Vec<u8>, Error> {
    let (preprocessing, classes) = (&model.preprocessing, model.classes.len());
    let mut graph = Graph::default();
    let (views, count) = views::add_views(&mut graph, preprocessing, &INPUT.to_string());
    let mut outputs = Chain::new(&mut graph, &model.network, weights).add(views)?;
    if count > 1 {
        let shape = graph.ints("shape_of_views", &[count as i64, -1, classes as i64]);
        let apart = graph.add("Reshape", &[&outputs, &shape], vec![]);
        outputs = graph.add("ReduceMean", &[&apart], vec![ints("axes", &[0]), int("keepdims", 0)]);
    }
    if !model.network.ends_in_softmax() {
        outputs = as_probabilities(&mut graph, &outputs);
    }
    if let Some(calibration) = &model.calibration {
        outputs = calibrated(&mut graph, &outputs, calibration);
    }
    graph.add("Identity", &[&outputs], vec![]);
    graph.name_last(OUTPUT);

    let size = preprocessing.size();
    graph.proto.name = "barnacle".into();
    graph.proto.input = vec![array(INPUT, &[size.height, size.width, size.channels])];
    graph.proto.output = vec![array(OUTPUT, &[classes])];
    let file = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "barnacle".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: "Prepared pictures in, probabilities of the classes out; see the metadata.".into(),
        graph: Some(graph.proto),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
        metadata_props: metadata(model),
    };
    Ok(file.encode_to_vec())
}

/// Outputs of a network without a softmax, brought above 0 and divided by their sum, as `nn-io/predict.rs` does.
fn as_probabilities(graph: &mut Graph, outputs: &Value) -> Value {
    let least = graph.floats("least", &[], [1e-6]);
    let large = graph.add("Greater", &[outputs, &least], vec![]);
    let below = graph.add("Sub", &[outputs, &least], vec![]);
    let power = graph.add("Exp", &[&below], vec![]);
    let small = graph.add("Mul", &[&power, &least], vec![]);
    let positive = graph.add("Where", &[&large, outputs, &small], vec![]);
    shares(graph, &positive)
}

/// Probabilities raised to the power of 1 / temperature, as [`Calibration::apply`] does.
fn calibrated(graph: &mut Graph, p: &Value, calibration: &Calibration) -> Value {
    let power = graph.floats("inverse_temperature", &[], [1.0 / calibration.temperature]);
    let most = graph.add("ReduceMax", &[p], vec![ints("axes", &[1])]);
    let relative = graph.add("Div", &[p, &most], vec![]);
    let raised = graph.add("Pow", &[&relative, &power], vec![]);
    shares(graph, &raised)
}

/// Values divided by the sum of their sample.
fn shares(graph: &mut Graph, values: &Value) -> Value {
    let classes = graph.ints("axis_of_classes", &[1]);
    let sum = graph.add("ReduceSum", &[values, &classes], vec![]);
    graph.add("Div", &[values, &sum], vec![])
}

/// An array of any number of samples.
fn array(name: &str, sizes: &[usize]) -> ValueInfo {
    let samples = Dimension { name: Some("samples".into()), value: None };
    let sizes = sizes.iter().map(|size| Dimension { value: Some(*size as i64), name: None });
    let shape = TensorShape { dim: std::iter::once(samples).chain(sizes).collect() };
    let tensor = TensorType { elem_type: FLOAT, shape: Some(shape) };
    ValueInfo { name: name.into(), kind: Some(ValueType { tensor: Some(tensor) }) }
}

/// Class names, calibration and preprocessing, as text.
fn metadata(model: &Model) -> Vec<Entry> {
    let preprocessing = &model.preprocessing;
    let mut entries = vec![
        ("classes", serde_json::json!(model.classes).to_string()),
        ("layers", describe(&model.network)),
        (
            "preprocessing",
            format!("{:?} to {}, 0 to 255{}", preprocessing.fit, preprocessing.size(), look(preprocessing)),
        ),
    ];
    if let Some(calibration) = &model.calibration {
        entries.push(("temperature", format!("{} (applied already)", calibration.temperature)));
        entries.push(("unsure below", calibration.unsure.to_string()));
        entries.push(("nothing below", calibration.nothing.to_string()));
    }
    entries.into_iter().map(|(key, value)| Entry { key: key.into(), value }).collect()
}

/// The look of the pictures after preprocessing, in words.
fn look(preprocessing: &Preprocessing) -> &'static str {
    match preprocessing.fit {
        Fit::Stretch => "; colours as they are",
        _ if preprocessing.shows_size() => {
            "; light ink on black, and a bar in the last row that tells how large the character was on its page"
        }
        _ => "; light ink on black",
    }
}

fn describe(network: &Network) -> String {
    format!("{} -> {}", network.architecture().input, network.architecture())
}

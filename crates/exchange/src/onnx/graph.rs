//! A graph in the making: operators are appended, and each names its result.

use crate::int8::{in_steps, step};
use crate::onnx::messages::{Attribute, GraphProto, NodeProto, TensorProto};

/// 32-bit floats, as ONNX numbers types.
pub const FLOAT: i32 = 1;
/// 8-bit integers.
const INT8: i32 = 3;
/// 64-bit integers.
const INT64: i32 = 7;

/// The name of a value in the graph.
pub type Value = String;

/// The operators so far.
#[derive(Default)]
pub struct Graph {
    /// The message that grows.
    pub proto: GraphProto,
}

impl Graph {
    /// Appends an operator and returns its result.
    pub fn add(&mut self, operator: &str, inputs: &[&Value], attributes: Vec<Attribute>) -> Value {
        let name = format!("{}_{}", operator.to_lowercase(), self.proto.node.len() + 1);
        self.proto.node.push(NodeProto {
            input: inputs.iter().map(|input| input.to_string()).collect(),
            output: vec![name.clone()],
            name: name.clone(),
            op_type: operator.into(),
            attribute: attributes,
        });
        name
    }

    /// Lets the last operator's result have this name.
    pub fn name_last(&mut self, name: &str) {
        if let Some(node) = self.proto.node.last_mut() {
            node.output = vec![name.into()];
        }
    }

    /// Appends a constant of floats under a name of its own.
    pub fn floats(&mut self, name: &str, dims: &[usize], values: impl IntoIterator<Item = f32>) -> Value {
        let bytes = values.into_iter().flat_map(f32::to_le_bytes).collect();
        self.constant(name, dims, FLOAT, bytes)
    }

    /// Appends weights in eight bits, those of each output (the first dimension) with their step, and the operator that
    /// multiplies them; returns its result.
    pub fn eight_bits(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Value {
        let outputs = dims.first().copied().unwrap_or(1).max(1);
        let rows: Vec<(&[f32], f32)> =
            values.chunks_exact(values.len() / outputs).map(|row| (row, step(row))).collect();
        let whole = |(row, step): &(&[f32], f32)| -> Vec<u8> {
            row.iter().map(|weight| in_steps(*weight, *step) as u8).collect()
        };
        let weights = self.constant(&format!("{name}.int8"), dims, INT8, rows.iter().flat_map(whole).collect());
        let steps = self.floats(&format!("{name}.step"), &[outputs], rows.iter().map(|(_, step)| *step));
        self.add("DequantizeLinear", &[&weights, &steps], vec![int("axis", 0)])
    }

    /// Appends a constant of integers under a name of its own.
    pub fn ints(&mut self, name: &str, values: &[i64]) -> Value {
        self.constant(name, &[values.len()], INT64, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// Appends a constant, unless one of this name is there.
    fn constant(&mut self, name: &str, dims: &[usize], data_type: i32, raw_data: Vec<u8>) -> Value {
        if self.proto.initializer.iter().all(|tensor| tensor.name != name) {
            let dims = dims.iter().map(|dim| *dim as i64).collect();
            self.proto.initializer.push(TensorProto { dims, data_type, name: name.into(), raw_data });
        }
        name.into()
    }
}

/// An attribute of one integer.
pub fn int(name: &str, i: i64) -> Attribute {
    Attribute { name: name.into(), i, kind: 2, ..Attribute::default() }
}

/// An attribute of one float.
pub fn float(name: &str, f: f32) -> Attribute {
    Attribute { name: name.into(), f, kind: 1, ..Attribute::default() }
}

/// An attribute of several integers.
pub fn ints(name: &str, ints: &[usize]) -> Attribute {
    Attribute { name: name.into(), ints: ints.iter().map(|i| *i as i64).collect(), kind: 7, ..Attribute::default() }
}

//! A network's parameters and statistics by name.

use crate::layer::Slot;
use crate::network::Network;
use std::ops::Range;

/// One array of parameters or statistics of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<'a> {
    /// The position of its layer in the architecture, from 1, and its name within the layer: `1.weight`.
    pub name: String,
    /// Its dimensions, the slowest first: dense weights are `[outputs, inputs]`, kernels of a convolution
    /// `[rows, columns, inputs, outputs]`.
    pub shape: Vec<usize>,
    /// The values.
    pub values: &'a [f32],
}

impl Network {
    /// Returns all parameters and statistics, layer after layer.
    ///
    /// ```
    /// use nn_core::{Architecture, Network, Shape};
    /// let mut network = Network::new(Architecture::new(Shape::flat(3)).dense(2).batch_norm(), 1)?;
    /// let names: Vec<String> = network.tensors().into_iter().map(|tensor| tensor.name).collect();
    /// assert_eq!(names, ["1.weight", "1.bias", "2.gamma", "2.beta", "2.mean", "2.variance"]);
    /// network.tensor_mut("1.bias").expect("it has one").copy_from_slice(&[0.5, -0.5]);
    /// assert_eq!(network.tensors()[1].values, [0.5, -0.5]);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    pub fn tensors(&self) -> Vec<Tensor<'_>> {
        let places = self.places().into_iter();
        let tensor = |place: Place| Tensor {
            values: if place.is_statistic { &self.stats[place.range] } else { &self.params[place.range] },
            name: place.name,
            shape: place.shape,
        };
        places.map(tensor).collect()
    }

    /// Returns the values of the tensor of this name, to be changed in place; `None` where the network has none.
    pub fn tensor_mut(&mut self, name: &str) -> Option<&mut [f32]> {
        let place = self.places().into_iter().find(|place| place.name == name)?;
        Some(if place.is_statistic { &mut self.stats[place.range] } else { &mut self.params_mut()[place.range] })
    }

    fn places(&self) -> Vec<Place> {
        let mut places = vec![];
        for stage in &self.stages {
            let number = stage.layers.start + 1;
            add_places(&mut places, number, false, stage.params.start, stage.layer.params());
            add_places(&mut places, number, true, stage.stats.start, stage.layer.stats());
        }
        places
    }
}

/// The position of a tensor in the flat arrays.
struct Place {
    name: String,
    shape: Vec<usize>,
    is_statistic: bool,
    range: Range<usize>,
}

fn add_places(places: &mut Vec<Place>, layer: usize, is_statistic: bool, mut start: usize, slots: Vec<Slot>) {
    for slot in slots {
        let range = start..start + slot.len();
        start = range.end;
        places.push(Place { name: format!("{layer}.{}", slot.name), shape: slot.shape, is_statistic, range });
    }
}

//! Convolution against its formula.

use crate::init::Init;
use crate::kernels::convolution::kernels::Kernels;
use crate::layers::build::Kinds;
use crate::layers::checks::harness::{Bench, assert_close, check};
use crate::network::Network;
use crate::shape::Shape;
use crate::spec::{Architecture, LayerSpec};
use proptest::prelude::*;
use proptest::sample::select;

fn spec(outputs: usize, kernel: usize, stride: usize, padding: usize) -> LayerSpec {
    LayerSpec::Conv2d { outputs, kernel, stride, padding, init: Init::Auto }
}

/// The formula at the top of `layers/conv2d.rs`, as it stands.
fn naive(bench: &Bench, [input, output]: [Shape; 2], kernels: Kernels) -> Vec<f32> {
    let Kernels { size: kernel, stride, padding, .. } = kernels;
    let (w, b) = bench.params.split_at(bench.params.len() - output.channels);
    let mut z = vec![];
    for x in bench.x.chunks(bench.x.len() / bench.batch) {
        for (y, x0, o) in (0..output.height)
            .flat_map(|y| (0..output.width).flat_map(move |x| (0..output.channels).map(move |o| (y, x, o))))
        {
            let mut sum = b[o] as f64;
            for (j, i, c) in
                (0..kernel).flat_map(|j| (0..kernel).flat_map(move |i| (0..input.channels).map(move |c| (j, i, c))))
            {
                let (row, column) = ((y * stride + i).wrapping_sub(padding), (x0 * stride + j).wrapping_sub(padding));
                if row < input.height && column < input.width {
                    let weight = w[((i * kernel + j) * input.channels + c) * output.channels + o];
                    sum += weight as f64 * x[(row * input.width + column) * input.channels + c] as f64;
                }
            }
            z.push(sum as f32);
        }
    }
    z
}

#[test]
fn keeps_the_contract() {
    for (kernel, stride, padding) in [(3, 1, 1), (3, 1, 0), (5, 2, 2), (1, 1, 0), (2, 2, 0), (4, 3, 1)] {
        check(spec(3, kernel, stride, padding), Shape::new(6, 7, 2), 3);
    }
    check(spec(8, 3, 1, 1), Shape::new(4, 4, 16), 2);
    check(spec(16, 3, 1, 1), Shape::new(4, 9, 3), 2);
    check(spec(12, 3, 1, 1), Shape::new(5, 9, 8), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn equals_the_formula(
        (height, width, channels) in (1usize..9, 1usize..9, select(&[1, 2, 3, 4, 8, 12, 20])),
        (outputs, kernel, stride, padding) in (select(&[1, 2, 3, 4, 8, 12, 20]), 1usize..5, 1usize..4, 0usize..3),
        batch in 1usize..40,
    ) {
        let input = Shape::new(height, width, channels);
        let kernels = Kernels { outputs, size: kernel, stride, padding };
        let Ok(output) = kernels.output(input) else { return Ok(()) };
        let bench = Bench::new(&spec(outputs, kernel, stride, padding), &Kinds::default(), input, batch);
        let expected = naive(&bench, [input, output], kernels);
        assert_close(&bench.forward(), &expected, 1e-5, "forward");
    }
}

#[test]
fn refuses_what_does_not_fit() {
    let new = |size, stride, padding| Kernels { outputs: 2, size, stride, padding }.output(Shape::new(4, 4, 1));
    assert!(new(5, 1, 0).is_err() && new(3, 0, 0).is_err() && new(3, 1, 3).is_err() && new(0, 1, 0).is_err());
    let ask = |kernels| {
        let architecture = Architecture::new(Shape::new(1 << 10, 1 << 10, 1)).conv(kernels, 1).dense(2).softmax();
        Network::new(architecture, 1).map(|_| ())
    };
    let error = ask(1 << 10).unwrap_err().to_string();
    assert!(
        error.starts_with("layer 2 (dense:2): ") && error.contains("at most"),
        "a billion values a sample: {error}"
    );
    assert_eq!(new(5, 1, 1), Ok(Shape::new(2, 2, 2)));
}

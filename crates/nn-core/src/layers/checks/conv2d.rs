//! Convolution against its formula, and its two ways against each other.

use super::*;
use crate::layers::checks::harness::{Bench, assert_close, check};
use crate::network::Network;
use crate::spec::Architecture;
use proptest::prelude::*;

fn spec(outputs: usize, kernel: usize, stride: usize, padding: usize) -> LayerSpec {
    LayerSpec::Conv2d { outputs, kernel, stride, padding, init: Init::Auto }
}

/// The formula at the top of this file, as it stands.
fn naive(bench: &Bench, input: Shape, output: Shape, kernel: usize, stride: usize, padding: usize) -> Vec<f32> {
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
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn equals_the_formula(
        (height, width, channels) in (1usize..9, 1usize..9, 1usize..5),
        (outputs, kernel, stride, padding) in (1usize..5, 1usize..5, 1usize..4, 0usize..3),
        batch in 1usize..40,
    ) {
        let input = Shape::new(height, width, channels);
        let Ok(layer) = Conv2d::new(input, outputs, kernel, stride, padding, Init::He) else { return Ok(()) };
        let bench = Bench::new(&spec(outputs, kernel, stride, padding), input, batch);
        let expected = naive(&bench, input, layer.output(), kernel, stride, padding);
        assert_close(&bench.forward(), &expected, 1e-5, "forward");
    }
}

#[test]
fn both_ways_agree() {
    for (height, width, inputs, outputs, kernel, padding) in
        [(5, 14, 1, 16, 3, 1), (3, 9, 3, 48, 5, 2), (7, 7, 16, 32, 3, 1), (4, 6, 32, 16, 3, 0), (8, 8, 24, 32, 1, 0)]
    {
        let (input, batch) = (Shape::new(height, width, inputs), 11);
        let mut bench = Bench::new(&spec(outputs, kernel, 1, padding), input, batch);
        let direct = Conv2d::new(input, outputs, kernel, 1, padding, Init::He).unwrap();
        let patches = |source: Shape, output: Shape, padding: usize| {
            let [source, output] = [source, output].map(|s| [s.height, s.width, s.channels]);
            let padding = padding as isize;
            Way::Patches(Patches { source, output, kernel, stride: 1, dilation: 1, padding })
        };
        let (forward, backward) =
            (patches(input, direct.output, padding), patches(direct.output, input, kernel - 1 - padding));
        let (y, dy) = (bench.forward(), bench.forward());
        let (dx, grads) = bench.backward(&dy);
        bench.layer = Box::new(Conv2d { forward, backward, ..direct });
        assert_close(&bench.forward(), &y, 1e-5, "y");
        let (dx_, grads_) = bench.backward(&dy);
        assert_close(&dx_, &dx, 1e-5, "dx");
        assert_close(&grads_, &grads, 1e-5, "grads");
    }
}

#[test]
fn refuses_what_does_not_fit() {
    let new = |kernel, stride, padding| Conv2d::new(Shape::new(4, 4, 1), 2, kernel, stride, padding, Init::He);
    assert!(new(5, 1, 0).is_err() && new(3, 0, 0).is_err() && new(3, 1, 3).is_err() && new(0, 1, 0).is_err());
    let ask = |kernels| {
        let layers = vec![LayerSpec::conv(kernels, 1), LayerSpec::dense(2), LayerSpec::Softmax];
        Network::new(Architecture { input: Shape::new(1 << 10, 1 << 10, 1), layers }, 1).map(|_| ())
    };
    let error = ask(1 << 10).unwrap_err().to_string();
    assert!(
        error.starts_with("layer 2 (dense:2): ") && error.contains("at most"),
        "a billion values a sample: {error}"
    );
    assert_eq!(new(5, 1, 1).ok().map(|l| l.output()), Some(Shape::new(2, 2, 2)));
}

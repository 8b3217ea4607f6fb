//! Evidence: which ink speaks for an answer, and which against it.

use crate::model::Model;

/// Returns for each pixel of a prepared picture (row by row, one value per pixel) how much its ink raises the score of
/// `class` or, where `rather_than` names another class, the lead of `class` over that: positive where it speaks for the
/// class, negative where it speaks against it, zero where there is no ink.
///
/// It is gradient times input: ds/dx (x - x0) summed over the channels, with the score s before the softmax, the network's
/// input x, and x0 the input of a black pixel, or the mean colour in pictures of several channels. Such a product is the
/// part of the score that the pixel brings, as far as the network is linear around this picture. The picture is looked at in
/// one position. Without ink it is zero everywhere.
///
/// ```
/// # use nn_core::{Architecture, Network, Shape};
/// # use nn_data::Preprocessing;
/// # use nn_io::{Model, TrainingNote, evidence};
/// let architecture = Architecture::new(Shape::new(1, 2, 1)).dense(2).softmax();
/// let network = Network::from_parts(architecture, vec![4.0, 0.0, 0.0, 4.0, 0.0, 0.0], vec![])?;
/// # let (preprocessing, note) = (Preprocessing::picture(2, 1, 1), TrainingNote::default());
/// # let classes = ["left", "right"].map(String::from).to_vec();
/// let model = Model { network, classes, preprocessing, calibration: None, note };
/// let rather = evidence(&model, &[255, 51], 0, Some(1)); // a bright pixel at the left, a weak one at the right
/// assert!(rather[0] > 0.0 && (rather[0] + 5.0 * rather[1]).abs() < 1e-5, "{rather:?}");
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Panics
/// When the picture does not have the size of the model's input, or a class is none of the model's.
pub fn evidence(model: &Model, pixels: &[u8], class: usize, rather_than: Option<usize>) -> Vec<f32> {
    let preprocessing = &model.preprocessing;
    let channels = preprocessing.channels as usize;
    let mut weights = vec![0.0; model.classes.len()];
    weights[class] = 1.0;
    if let Some(other) = rather_than {
        weights[other] -= 1.0;
    }
    let (mut x, mut black) = (vec![0.0; pixels.len()], vec![0.0; pixels.len()]);
    preprocessing.to_input(pixels, &mut x);
    if channels == 1 {
        preprocessing.to_input(&vec![0; pixels.len()], &mut black);
    }
    let gradient = model.network.input_gradient(&x, &weights);
    let parts: Vec<f32> = gradient.iter().zip(&x).zip(&black).map(|((g, x), black)| g * (x - black)).collect();
    parts.chunks_exact(channels).map(|channels| channels.iter().sum()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::TrainingNote;
    use nn_core::{Architecture, Network, Shape};
    use nn_data::Preprocessing;

    #[test]
    fn the_parts_of_a_linear_network_sum_to_its_score() {
        for channels in [1, 3] {
            let architecture = Architecture::new(Shape::new(3, 4, channels)).dense(3).softmax();
            let network = Network::new(architecture, 7).unwrap();
            let preprocessing = Preprocessing::picture(4, 3, channels as u32);
            let classes = ["a", "b", "c"].map(String::from).to_vec();
            let model = Model { network, classes, preprocessing, calibration: None, note: TrainingNote::default() };
            let pixels: Vec<u8> = (0..12 * channels).map(|i| (i * 91 % 256) as u8).collect();
            let scored = Architecture::new(Shape::new(3, 4, channels)).dense(3);
            let scored = Network::from_parts(scored, model.network.params().to_vec(), vec![]).unwrap();
            let score = |pixels: &[u8]| {
                let mut x = vec![0.0; pixels.len()];
                model.preprocessing.to_input(pixels, &mut x);
                scored.predict(&x)
            };
            let (shown, black) = (score(&pixels), score(&vec![0; pixels.len()]));
            let base = |class: usize| if channels == 1 { black[class] } else { 0.0 };
            let parts = evidence(&model, &pixels, 2, None);
            assert_eq!(parts.len(), 12);
            assert!((parts.iter().sum::<f32>() - (shown[2] - base(2))).abs() < 1e-4, "{parts:?}");
            let lead: f32 = evidence(&model, &pixels, 2, Some(0)).iter().sum();
            assert!((lead - (shown[2] - base(2) - shown[0] + base(0))).abs() < 1e-4, "{lead}");
        }
    }
}

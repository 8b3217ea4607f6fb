//! Whether pictures lie otherwise than a network knows them: transposed, mirrored, turned, or dark for bright.

use nn_core::Loss;
use nn_data::{Dataset, Size};
use nn_io::Reader;

/// The most samples that are read.
const MOST: usize = 1000;
/// Fewer samples say nothing about all.
const FEWEST: usize = 20;
/// By this share more samples must be read right for a picture to be taken for turned.
const GAIN: f64 = 0.15;

/// A way in which pictures may lie: the pixel of a square picture that stands at row `y`, column `x`; and whether bright
/// is dark.
type Turn = (&'static str, fn(usize, usize, usize) -> (usize, usize), bool);

/// The ways that are tried; the side of the picture counts from 0.
const TURNS: [Turn; 8] = [
    ("transposed: rows are columns, as in EMNIST's files; --transpose swaps them", |y, x, _| (x, y), false),
    ("mirrored: left is right", |y, x, last| (y, last - x), false),
    ("upside down: top is bottom", |y, x, last| (last - y, x), false),
    ("turned by 180 degrees", |y, x, last| (last - y, last - x), false),
    ("turned by 90 degrees to the left", |y, x, last| (x, last - y), false),
    ("turned by 90 degrees to the right", |y, x, last| (last - x, y), false),
    ("mirrored and turned by 90 degrees", |y, x, last| (last - x, last - y), false),
    ("dark on bright, and networks learn bright on dark", |y, x, _| (y, x), true),
];

/// The way in which a dataset lies, if the network reads it far better so, with both accuracies: as it is, and so.
pub fn find(data: &Dataset, reader: &Reader) -> Option<(&'static str, f64, f64)> {
    let Size { height, width, .. } = data.size();
    if height != width || data.len() < FEWEST {
        return None;
    }
    let every = data.len().div_ceil(MOST).max(1);
    let data = data.select(&(0..data.len()).step_by(every).collect::<Vec<_>>());
    let accuracy = |data: &Dataset| reader.evaluate(data, Loss::cross_entropy()).score.accuracy();
    let as_it_is = accuracy(&data);
    let turned = TURNS.iter().filter_map(|turn| Some((turn.0, as_it_is, accuracy(&apply(&data, turn)?))));
    let best = turned.max_by(|a, b| a.2.total_cmp(&b.2))?;
    (best.2 >= as_it_is + GAIN).then_some(best)
}

/// The dataset turned.
fn apply(data: &Dataset, (_, from, inverted): &Turn) -> Option<Dataset> {
    let Size { height, width, channels } = data.size();
    let mut pixels = Vec::with_capacity(data.pixels().len());
    for image in data.pixels().chunks_exact(data.features()) {
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (y, x) = from(y, x, height - 1);
            let pixel = &image[(y * width + x) * channels..][..channels];
            pixels.extend(pixel.iter().map(|&value| if *inverted { 255 - value } else { value }));
        }
    }
    Dataset::new(data.size(), pixels, data.labels().to_vec(), data.classes().to_vec(), vec![]).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use nn_core::{Architecture, LayerSpec, Network, Shape};
    use nn_data::Preprocessing;
    use nn_io::{Model, TrainingNote};

    /// A model of 2x2 pictures: bright at the top left is `a`, at the top right `b`.
    fn reader() -> Reader {
        let layers = vec![LayerSpec::dense(2), LayerSpec::Softmax];
        let architecture = Architecture { input: Shape::new(2, 2, 1), layers };
        let parameters = vec![4.0, -4.0, -4.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        Reader::new(Model {
            network: Network::from_parts(architecture, parameters, vec![]).unwrap(),
            classes: vec!["a".into(), "b".into()],
            preprocessing: Preprocessing::picture(2, 2, 1),
            calibration: None,
            note: TrainingNote::default(),
        })
    }

    fn of(pictures: [[u8; 4]; 2]) -> Dataset {
        Dataset::from_names(Size::new(2, 2, 1), pictures.concat().repeat(10), &["a", "b"].repeat(10), vec![]).unwrap()
    }

    #[test]
    fn a_mirrored_or_inverted_set_is_known() {
        assert_eq!(find(&of([[255, 0, 0, 0], [0, 255, 0, 0]]), &reader()), None);
        assert_eq!(find(&of([[0, 255, 0, 0], [255, 0, 0, 0]]).limit(19), &reader()), None, "too few to tell");
        let (what, before, after) = find(&of([[0, 255, 0, 0], [255, 0, 0, 0]]), &reader()).unwrap();
        assert!(what.starts_with("mirrored") || what.starts_with("dark on bright"), "{what}");
        assert_eq!((before, after), (0.0, 1.0));
    }

    #[test]
    fn every_way_moves_pixels_to_their_place() {
        let picture = of([[1, 2, 3, 4], [0; 4]]);
        let first = |turn: &Turn| apply(&picture, turn).unwrap().image(0).to_vec();
        let expected = [
            [1, 3, 2, 4],
            [2, 1, 4, 3],
            [3, 4, 1, 2],
            [4, 3, 2, 1],
            [2, 4, 1, 3],
            [3, 1, 4, 2],
            [4, 2, 3, 1],
            [254, 253, 252, 251],
        ];
        assert_eq!(TURNS.iter().map(first).collect::<Vec<_>>(), expected.map(|picture| picture.to_vec()));
    }
}

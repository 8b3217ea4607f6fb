//! The preprocessing that fits the data of a training.

use nn_data::{Dataset, Fit, Preprocessing};

/// Returns the preprocessing for pictures of the size that the data turned out to have. Whole pictures are also standardised.
pub fn fitting(preprocessing: Preprocessing, train: &Dataset) -> Preprocessing {
    let size = train.size();
    let (width, height) = (size.width as u32, size.height as u32);
    let mut preprocessing = match (preprocessing.size() == size, size.channels) {
        (true, _) => preprocessing,
        (false, 1) if preprocessing.fit == Fit::Stretch => Preprocessing::ink(width, height),
        (false, 1) => Preprocessing { width, height, ..preprocessing },
        (false, _) => Preprocessing::picture(width, height, 3),
    };
    if preprocessing.fit == Fit::Stretch {
        let (mean, std) = train.mean_std();
        preprocessing.mean = mean;
        preprocessing.std = std.into_iter().map(|s| s.max(1e-3)).collect();
    }
    preprocessing
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_data::Size;

    fn of(size: Size) -> Preprocessing {
        let pixels = (0..2 * size.features()).map(|i| (i % 256) as u8).collect();
        fitting(Preprocessing::ink(28, 28), &Dataset::from_names(size, pixels, &["a", "b"], vec![]).unwrap())
    }

    #[test]
    fn the_size_is_the_datas_and_whole_pictures_are_standardised() {
        assert_eq!(of(Size::new(28, 28, 1)), Preprocessing::ink(28, 28));
        assert_eq!(of(Size::new(20, 16, 1)), Preprocessing::ink(16, 20));
        let colour = of(Size::new(8, 8, 3));
        assert_eq!(colour.fit, Fit::Stretch);
        assert_ne!(colour.mean, Preprocessing::picture(8, 8, 3).mean);
    }
}

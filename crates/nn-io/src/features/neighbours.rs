//! Neighbours: the pictures whose features are most like those of another.

/// The features of many pictures, as [`Reader::features_of`](crate::Reader::features_of) makes them.
pub struct Neighbours {
    /// For each picture its features, of length 1.
    features: Vec<f32>,
    /// Features per picture.
    width: usize,
}

impl Neighbours {
    /// The features of pictures, one picture after the other, `width` values per picture.
    ///
    /// # Panics
    /// When `width` is 0, or the features are not those of a whole number of pictures.
    pub fn new(mut features: Vec<f32>, width: usize) -> Self {
        assert!(width > 0 && features.len().is_multiple_of(width), "{width} features per picture");
        features.chunks_exact_mut(width).for_each(normalise);
        Self { features, width }
    }

    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.features.len() / self.width
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Returns the `n` pictures (or all, where there are fewer) that are most like one with these features, each with the
    /// cosine of the angle between its features and these: 1 for the same direction.
    ///
    /// ```
    /// let pictures = nn_io::Neighbours::new(vec![2.0, 0.0, 0.0, 5.0, 3.0, 3.0], 2);
    /// let nearest = pictures.nearest(&[1.0, 0.1], 2);
    /// assert_eq!(nearest.iter().map(|(picture, _)| *picture).collect::<Vec<_>>(), [0, 2]);
    /// assert!(nearest[0].1 > 0.99 && nearest[1].1 < 0.8);
    /// ```
    ///
    /// # Panics
    /// When there are more or fewer features than each picture has.
    pub fn nearest(&self, features: &[f32], n: usize) -> Vec<(usize, f32)> {
        assert_eq!(features.len(), self.width, "features per picture");
        let mut wanted = features.to_vec();
        normalise(&mut wanted);
        let cosine = |own: &[f32]| own.iter().zip(&wanted).map(|(a, b)| a * b).sum::<f32>();
        let mut all: Vec<_> = self.features.chunks_exact(self.width).map(cosine).enumerate().collect();
        let more_alike = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if n < all.len() {
            all.select_nth_unstable_by(n, more_alike);
            all.truncate(n);
        }
        all.sort_by(more_alike);
        all
    }
}

/// Gives features the length 1 and keeps their direction.
pub(crate) fn normalise(features: &mut [f32]) {
    let length = features.iter().map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    features.iter_mut().for_each(|v| *v /= length);
}

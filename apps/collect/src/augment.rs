//! A dataset and distorted copies of its pictures.

use anyhow::{Context, Result};
use nn_data::augment::Buffers;
use nn_data::{Augment, Dataset, seed_from};
use rayon::prelude::*;

/// The pictures as they are, then `copies` times all of them, each distorted in its own way.
///
/// A distortion comes from the seed, the number of the copy and that of the picture alone, so the result is the same on
/// any number of threads, and more copies leave the first ones as they are.
///
/// # Errors
/// When the augmentation is impossible or the copies do not fit into memory.
pub fn enlarge(dataset: &Dataset, augment: &Augment, copies: usize, seed: u64) -> Result<Dataset> {
    augment.validate()?;
    let (n, features, size) = (dataset.len(), dataset.features(), dataset.size());
    let length = copies.checked_add(1).and_then(|sets| sets.checked_mul(dataset.pixels().len()));
    let mut pixels = Vec::new();
    let length = length.filter(|&length| pixels.try_reserve_exact(length).is_ok());
    let too_many = || format!("{copies} copies of {n} pictures do not fit into memory; make fewer --copies");
    pixels.extend_from_slice(dataset.pixels());
    pixels.resize(length.with_context(too_many)?, 0);
    let new_buffers = || (vec![0.0; features], Buffers::default());
    let copied = pixels[n * features..].par_chunks_exact_mut(features).enumerate();
    copied.for_each_init(new_buffers, |(warped, buffers), (k, out)| {
        let (copy, i) = (k / n, k % n);
        augment.apply(dataset.image(i), size, seed_from(&[seed, copy as u64, i as u64]), warped, buffers);
        out.iter_mut().zip(warped.iter()).for_each(|(out, value)| *out = value.round() as u8);
    });
    let labels = dataset.labels().repeat(copies + 1);
    Ok(Dataset::new(size, pixels, labels, dataset.classes().to_vec(), vec![])?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use nn_data::Size;

    /// Two bars on black.
    fn bars() -> Dataset {
        let bar = |at: usize| (0..784).map(move |i| if (at..at + 3).contains(&(i % 28)) { 255 } else { 0 });
        Dataset::from_names(Size::new(28, 28, 1), bar(10).chain(bar(17)).collect(), &["b", "a"], vec![]).unwrap()
    }

    #[test]
    fn originals_come_first_and_copies_differ() {
        let all = enlarge(&bars(), &Augment::full(), 3, 7).unwrap();
        assert_eq!((all.labels(), all.classes()), (&[1, 0, 1, 0, 1, 0, 1, 0][..], bars().classes()));
        assert_eq!(&all.pixels()[..2 * 784], bars().pixels());
        for i in 0..8 {
            assert!((0..i).all(|j| all.image(i) != all.image(j)), "picture {i}");
            let ink: u32 = all.image(i).iter().map(|&p| u32::from(p)).sum();
            assert!((3 * 20 * 150..3 * 32 * 400).contains(&ink), "a bar is left: {ink}");
        }
        let none = enlarge(&bars(), &Augment::none(), 1, 7).unwrap();
        assert_eq!(none.pixels(), bars().pixels().repeat(2));
    }

    #[test]
    fn a_seed_is_a_dataset_on_any_number_of_threads() {
        let on = |threads, copies, seed| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| enlarge(&bars(), &Augment::full(), copies, seed).unwrap())
        };
        assert_eq!(on(1, 9, 3), on(3, 9, 3));
        assert_eq!(on(1, 9, 3).limit(10), on(2, 4, 3));
        assert_ne!(on(1, 1, 3), on(1, 1, 4));
    }

    #[test]
    fn what_cannot_be_made_is_an_error() {
        for copies in [usize::MAX, usize::MAX / 1600] {
            let error = enlarge(&bars(), &Augment::full(), copies, 0).unwrap_err().to_string();
            assert!(error.contains("do not fit into memory"), "{error}");
        }
        assert!(enlarge(&bars(), &Augment { scale: (2.0, 1.0), ..Augment::none() }, 1, 0).is_err());
    }
}

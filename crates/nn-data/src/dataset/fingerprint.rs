//! The fingerprint of a dataset, by which other data is told from it.

use crate::dataset::Dataset;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of samples, and a checksum of the size of the pictures, their pixels, labels and classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Samples.
    pub samples: u64,
    /// CRC-32; the same on every machine.
    pub checksum: u32,
}

impl Dataset {
    /// Returns the dataset's fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut sum = crc32fast::Hasher::new();
        sum.update(format!("{} {:?}", self.size, self.classes).as_bytes());
        self.labels.iter().for_each(|label| sum.update(&label.to_le_bytes()));
        sum.update(&self.pixels);
        Fingerprint { samples: self.len() as u64, checksum: sum.finalize() }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} samples with the checksum {:08x}", self.samples, self.checksum)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::size::Size;

    #[test]
    fn everything_that_a_network_learns_from_changes_it() {
        let of = |size, pixels: &[u8], names: &[&str]| {
            Dataset::from_names(size, pixels.to_vec(), names, vec![]).unwrap().fingerprint()
        };
        let (flat, high) = (Size::new(1, 2, 1), Size::new(2, 1, 1));
        let first = of(flat, &[1, 2, 3, 4], &["a", "b"]);
        assert_eq!(first, of(flat, &[1, 2, 3, 4], &["a", "b"]));
        assert_eq!(first.samples, 2);
        for other in [
            of(high, &[1, 2, 3, 4], &["a", "b"]),
            of(flat, &[1, 2, 3, 5], &["a", "b"]),
            of(flat, &[1, 2, 3, 4], &["b", "a"]),
            of(flat, &[1, 2, 3, 4], &["a", "c"]),
            of(flat, &[1, 2, 3, 4, 5, 6], &["a", "b", "b"]),
        ] {
            assert_ne!(first, other);
        }
    }
}

//! The memory that reading may take: what a file needs is held against it before it is taken.

use std::fmt;
use std::path::Path;

use crate::error::Error;

/// A sample's label, name and places in lists, in bytes: what it takes beside its values.
const BESIDE: u64 = 64;

/// An amount of memory: a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Bytes.
    pub bytes: u64,
}

impl Default for Memory {
    /// 4 GiB.
    fn default() -> Self {
        Self { bytes: 4 << 30 }
    }
}

impl Memory {
    /// Returns the bytes that `n` samples of `features` values take.
    pub fn of_samples(n: u64, features: u64) -> u64 {
        n.saturating_mul(features.saturating_add(BESIDE))
    }

    /// Settles that what `path` holds may take `need` bytes.
    ///
    /// # Errors
    /// [`Error::Dataset`] where that is more than the limit.
    pub fn check(self, path: &Path, need: u64) -> Result<(), Error> {
        self.lacks(need).map_or(Ok(()), |problem| Err(Error::dataset(path, problem)))
    }

    /// The problem, in words, where `need` bytes are more than the limit.
    pub(crate) fn lacks(self, need: u64) -> Option<String> {
        let need = Self { bytes: need };
        let too_much = need.bytes > self.bytes;
        too_much.then(|| format!("it needs {need} of memory, and {self} may be taken; --memory allows more"))
    }
}

/// With the unit in which it has the fewest digits before the point, as in `1.5 GiB`.
impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut amount = self.bytes as f64;
        for unit in ["bytes", "KiB", "MiB", "GiB"] {
            if amount < 1024.0 {
                let digits = usize::from(unit != "bytes");
                return write!(f, "{amount:.digits$} {unit}");
            }
            amount /= 1024.0;
        }
        write!(f, "{amount:.1} TiB")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn needs_are_held_against_the_limit() {
        let limit = Memory { bytes: 3 << 20 };
        assert!(limit.check(Path::new("x.csv"), 3 << 20).is_ok());
        let error = limit.check(Path::new("x.csv"), Memory::of_samples(1 << 24, 1)).unwrap_err().to_string();
        assert_eq!(error, "x.csv: it needs 1.0 GiB of memory, and 3.0 MiB may be taken; --memory allows more");
        assert_eq!(Memory::of_samples(u64::MAX, 784), u64::MAX, "what overflows is too much");
        assert_eq!(Memory { bytes: 12 }.to_string(), "12 bytes");
    }
}

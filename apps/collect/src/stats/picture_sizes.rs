//! The sizes that the picture files of a dataset have before they are brought to one.

use image::ImageReader;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Width and height in pixels.
type Size = (u32, u32);

/// A summary of sizes.
#[derive(Debug, PartialEq)]
pub struct PictureSizes {
    smallest: Size,
    largest: Size,
    common: Size,
    of_common: usize,
    files: usize,
}

impl PictureSizes {
    /// Reads the header of each file; one that cannot be read does not count. `None` if there is none.
    pub fn read(files: impl Iterator<Item = PathBuf>) -> Option<Self> {
        let size = |file: PathBuf| {
            let reader = ImageReader::open(file).and_then(ImageReader::with_guessed_format);
            reader.and_then(|reader| reader.into_dimensions().map_err(io::Error::other)).ok()
        };
        Self::of(files.filter_map(size))
    }

    fn of(sizes: impl Iterator<Item = Size>) -> Option<Self> {
        let mut counts = BTreeMap::new();
        sizes.for_each(|size| *counts.entry(size).or_insert(0) += 1);
        let area = |&(width, height): &Size| u64::from(width) * u64::from(height);
        Some(Self {
            smallest: counts.keys().copied().min_by_key(area)?,
            largest: counts.keys().copied().max_by_key(area)?,
            common: *counts.iter().min_by_key(|&(_, count)| Reverse(*count))?.0,
            of_common: *counts.values().max()?,
            files: counts.values().sum(),
        })
    }
}

/// `12x30 to 640x480, most often 28x28 (512 of 600)`.
impl fmt::Display for PictureSizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { smallest, largest, common, of_common, files } = self;
        if smallest == largest && of_common == files {
            return write!(f, "all {}x{}", common.0, common.1);
        }
        write!(f, "{}x{} to {}x{}, ", smallest.0, smallest.1, largest.0, largest.1)?;
        write!(f, "most often {}x{} ({of_common} of {files})", common.0, common.1)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn smallest_largest_and_most_common() {
        let text = |sizes: &[Size]| PictureSizes::of(sizes.iter().copied()).map(|sizes| sizes.to_string());
        let sizes = [(20, 30), (5, 9), (7, 6), (20, 30), (100, 1)];
        assert_eq!(text(&sizes).unwrap(), "7x6 to 20x30, most often 20x30 (2 of 5)");
        assert_eq!(text(&[(3, 2), (3, 2)]).unwrap(), "all 3x2");
        assert_eq!(text(&[(2, 3), (3, 2)]).unwrap(), "2x3 to 3x2, most often 2x3 (1 of 2)");
        assert_eq!(text(&[]), None);
    }

    #[test]
    fn files_are_known_by_their_content() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        image::GrayImage::new(3, 2).save(at("a.png")).unwrap();
        std::fs::copy(at("a.png"), at("b.jpg")).unwrap();
        std::fs::write(at("c.png"), "text").unwrap();
        let sizes = PictureSizes::read(["a.png", "b.jpg", "c.png", "missing.png"].map(at).into_iter()).unwrap();
        assert_eq!((sizes.common, sizes.files), ((3, 2), 2));
    }
}

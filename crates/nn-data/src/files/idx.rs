//! IDX, the format of MNIST: a pair of files of bytes, images and labels, each plain or gzipped.
//!
//! A file is a magic number (`00 00 08` for bytes, then the number of dimensions), each dimension as four bytes, the
//! highest first, and the values. Images have dimensions count, height, width and, in colour, channels.

use std::io::{BufRead, Read};
use std::path::Path;

use crate::dataset::Dataset;
use crate::dataset::sorted_classes;
use crate::disk;
use crate::disk::memory::Memory;
use crate::disk::source::Source;
use crate::error::Error;
use crate::files::idx_pair::{labels_beside, labels_path, mapping_beside};
use crate::files::options::LoadOptions;
use crate::files::range::stretch;
use crate::size::Size;

/// The most bytes of a mapping file that are read: it has 256 short lines.
const MAPPING: u64 = 1 << 16;

/// Reads an images file and the labels file that stands beside it (`images` in the name becomes `labels`), at most
/// `options.limit` images. Returns with it lines about how the files were understood.
///
/// Classes are the label values that occur, named as numbers, or by the character that a `…mapping.txt` beside them
/// gives (EMNIST: a line for each value, `value codepoint`).
///
/// # Errors
/// [`Error::Idx`] for a wrong magic number, a file shorter or longer than its header says or a label without a name;
/// [`Error::Counts`] when the two files differ; [`Error::Dataset`] when labels are missing and wanted;
/// [`Error::Missing`], [`Error::Read`].
pub fn read(images: &Path, options: &LoadOptions) -> Result<(Dataset, Vec<String>), Error> {
    let labels = match labels_beside(images) {
        Err(error) if options.unlabelled => return without_labels(images, options, &error),
        labels => labels?,
    };
    let (image_count, size, mut pixels) = read_images(Source::file(images), options)?;
    let note = stretch(&mut pixels).map(|note| format!("{}: {note}", images.display()));
    let values = read_labels(Source::file(&labels), options)?;
    if image_count != values.len() as u64 {
        let label_count = values.len() as u64;
        return Err(Error::Counts { images: images.into(), image_count, labels, label_count });
    }
    let names = match mapping_beside(images) {
        Some(mapping) => read_mapping(&mapping)?,
        None => (0..=255u8).map(|value| Some(value.to_string())).collect(),
    };
    let name = |&value: &u8| {
        names
            .get(usize::from(value))
            .and_then(Option::as_deref)
            .ok_or_else(|| idx_error(&labels, format!("label {value} is not in the mapping file beside it")))
    };
    let names = values.iter().map(name).collect::<Result<Vec<&str>, Error>>()?;
    let classes = sorted_classes(names.iter().copied()); // of the whole file, also where a limit cuts it
    let mut names = names;
    names.truncate(pixels.len() / size.features());
    Ok((Dataset::from_names(size, pixels, &names, vec![])?.with_classes(&classes)?, note.into_iter().collect()))
}

/// Reads the contents of an images file and of its labels file, each plain or gzipped, as [`read`] does without a mapping.
///
/// # Errors
/// As [`read`]; the files are called `images` and `labels`.
pub fn from_bytes(images: &[u8], labels: &[u8], options: &LoadOptions) -> Result<(Dataset, Vec<String>), Error> {
    let (images, labels) = (Source::memory("images", images), Source::memory("labels", labels));
    let (image_count, size, mut pixels) = read_images(images, options)?;
    let note = stretch(&mut pixels);
    let values = read_labels(labels, options)?;
    let label_count = values.len() as u64;
    if image_count != label_count {
        let [images, labels] = [images, labels].map(|source| source.path.into());
        return Err(Error::Counts { images, image_count, labels, label_count });
    }
    let names: Vec<String> = values.iter().take(pixels.len() / size.features()).map(u8::to_string).collect();
    Ok((Dataset::from_names(size, pixels, &names, vec![])?, note.into_iter().collect()))
}

/// The images of a file whose labels cannot be found.
fn without_labels(images: &Path, options: &LoadOptions, why: &Error) -> Result<(Dataset, Vec<String>), Error> {
    let (_, size, mut pixels) = read_images(Source::file(images), options)?;
    let mut notes = vec![format!("{why}: read without labels")];
    notes.extend(stretch(&mut pixels).map(|note| format!("{}: {note}", images.display())));
    let names = vec![""; pixels.len() / size.features()];
    Ok((Dataset::from_names(size, pixels, &names, vec![])?, notes))
}

/// Writes a dataset whose classes are numbers up to 255 as an images file and, beside it, a labels file; a name that
/// ends in .gz is gzipped.
///
/// # Errors
/// [`Error::Dataset`] when the file name lacks `images` or a class is not such a number; [`Error::Write`].
pub fn write(dataset: &Dataset, images: &Path) -> Result<(), Error> {
    let labels = labels_path(images)?;
    let value = |name: &String| name.parse::<u8>().ok().filter(|value| value.to_string() == *name);
    let values = dataset.classes().iter().map(|name| {
        value(name).ok_or_else(|| {
            let problem = format!("IDX has numbers 0..255 as labels, so not {name:?}; write a .csv or a folder");
            Error::dataset(images, problem)
        })
    });
    let values = values.collect::<Result<Vec<u8>, Error>>()?;
    let Size { height, width, channels } = dataset.size();
    let mut sizes = vec![dataset.len(), height, width];
    if channels > 1 {
        sizes.push(channels);
    }
    disk::write_packed(images, |w| {
        w.write_all(&header(&sizes))?;
        w.write_all(dataset.pixels())
    })?;
    disk::write_packed(&labels, |w| {
        w.write_all(&header(&[dataset.len()]))?;
        let value = |&label: &u32| values.get(label as usize).copied().unwrap_or_default();
        w.write_all(&dataset.labels().iter().map(value).collect::<Vec<u8>>())
    })
}

/// Images in the file, their size, and the values of the first ones, up to the limit of the options.
fn read_images(source: Source<'_>, options: &LoadOptions) -> Result<(u64, Size, Vec<u8>), Error> {
    let (mut reader, path) = (source.open()?, source.path);
    let sizes = read_header(&mut reader, path, &[3, 4], "0x00000803 (or, in colour, 0x00000804)")?;
    let (count, height, width, channels) = match sizes[..] {
        [count, height, width] => (count, height, width, 1),
        [count, height, width, channels] => (count, height, width, channels),
        _ => return Err(idx_error(path, format!("{} dimensions, expected 3 or 4", sizes.len()))),
    };
    let features = [height, width, channels].iter().try_fold(1u64, |product, &size| product.checked_mul(size));
    let claimed = features.and_then(|features| features.checked_mul(count)).filter(|&claimed| claimed < u64::MAX);
    let (Some(features), Some(claimed)) = (features, claimed) else {
        return Err(idx_error(path, format!("impossible sizes {sizes:?}")));
    };
    if claimed == 0 {
        return Err(idx_error(path, format!("no images: the header gives the sizes {sizes:?}")));
    }
    let images = options.limit.map_or(count, |limit| count.min(limit as u64));
    options.memory.check(path, Memory::of_samples(images, features))?;
    let wanted = features * images;
    let pixels = read_values(reader, path, claimed, wanted)?;
    // The values are in memory, so each size fits.
    Ok((count, Size::new(height as usize, width as usize, channels as usize), pixels))
}

fn read_labels(source: Source<'_>, options: &LoadOptions) -> Result<Vec<u8>, Error> {
    let (mut reader, path) = (source.open()?, source.path);
    let sizes = read_header(&mut reader, path, &[1], "0x00000801")?;
    let count: u64 = sizes.iter().sum(); // there is one
    options.memory.check(path, Memory::of_samples(count, 1))?;
    read_values(reader, path, count, count)
}

/// The dimensions of a file, after its magic number has been checked.
fn read_header(reader: &mut dyn BufRead, path: &Path, dimensions: &[u8], expected: &str) -> Result<Vec<u64>, Error> {
    let mut word = || {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map(|()| u32::from_be_bytes(bytes)).map_err(|source| match source.kind() {
            std::io::ErrorKind::UnexpectedEof => idx_error(path, "truncated: the file ends within its header"),
            _ => Error::Read { path: path.into(), source },
        })
    };
    let magic = word()?;
    match magic.checked_sub(0x0800).and_then(|n| u8::try_from(n).ok()) {
        Some(n) if dimensions.contains(&n) => (0..n).map(|_| word().map(u64::from)).collect(),
        _ => Err(idx_error(path, format!("wrong magic number {magic:#010x}, expected {expected}"))),
    }
}

/// `wanted` of the `claimed` bytes; takes memory only for bytes that are there.
fn read_values(reader: impl Read, path: &Path, claimed: u64, wanted: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let look_behind = u64::from(wanted == claimed);
    reader.take(wanted + look_behind).read_to_end(&mut bytes).map_err(Error::read(path))?;
    match bytes.len() as u64 {
        n if n < wanted => Err(idx_error(path, format!("truncated: {claimed} bytes announced, {n} there"))),
        n if n > wanted => Err(idx_error(path, format!("more bytes follow after the {claimed} announced"))),
        _ => Ok(bytes),
    }
}

/// The name of each label value, from lines `value codepoint …`.
fn read_mapping(path: &Path) -> Result<Vec<Option<String>>, Error> {
    let mut names = vec![None; 256];
    let wrong = |i: usize| idx_error(path, format!("line {}: expected a label and a code point", i + 1));
    for (i, line) in disk::open(path)?.take(MAPPING).lines().enumerate() {
        let line = line.map_err(Error::read(path))?;
        let mut numbers = line.split_whitespace().map(str::parse::<u32>);
        match (numbers.next(), numbers.next()) {
            (None, _) => {}
            (Some(Ok(value)), Some(Ok(code))) => match (names.get_mut(value as usize), char::from_u32(code)) {
                (Some(name), Some(character)) => *name = Some(character.into()),
                _ => return Err(wrong(i)),
            },
            _ => return Err(wrong(i)),
        }
    }
    Ok(names)
}

fn header(sizes: &[usize]) -> Vec<u8> {
    let words = std::iter::once(0x0800 + sizes.len()).chain(sizes.iter().copied());
    words.flat_map(|word| (word as u32).to_be_bytes()).collect()
}

fn idx_error(path: &Path, problem: impl Into<String>) -> Error {
    Error::Idx { path: path.into(), problem: problem.into() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    const IMAGES: &str = "x-images-idx3-ubyte";
    const LABELS: &str = "x-labels-idx1-ubyte";

    fn sample(channels: usize) -> Dataset {
        let pixels = (0..12 * channels as u8).map(|i| 255 - i).collect();
        Dataset::from_names(Size::new(3, 2, channels), pixels, &["7", "1"], vec![]).unwrap()
    }

    /// The error after the images, or labels, file has been changed.
    fn defect(name: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
        let folder = tempfile::tempdir().unwrap();
        write(&sample(1), &folder.path().join(IMAGES)).unwrap();
        let mut bytes = fs::read(folder.path().join(name)).unwrap();
        change(&mut bytes);
        fs::write(folder.path().join(name), bytes).unwrap();
        let error = read(&folder.path().join(IMAGES), &LoadOptions::default()).unwrap_err().to_string();
        assert!(error.contains(name), "names the file: {error}");
        error.replace(&*folder.path().to_string_lossy(), "")
    }

    #[test]
    fn round_trip_plain_gzipped_grey_and_colour() {
        let folder = tempfile::tempdir().unwrap();
        for (channels, name) in [(1, "a-images.idx"), (3, "b-images-idx4-ubyte.gz")] {
            write(&sample(channels), &folder.path().join(name)).unwrap();
            let read = |limit| read(&folder.path().join(name), &LoadOptions { limit, ..LoadOptions::default() });
            assert_eq!(read(None).unwrap(), (sample(channels), vec![]));
            assert_eq!(read(Some(1)).unwrap().0, sample(channels).limit(1));
            let bytes = [folder.path().join(name), labels_path(&folder.path().join(name)).unwrap()].map(fs::read);
            let [images, labels] = bytes.map(Result::unwrap);
            let all = LoadOptions::default();
            assert_eq!(from_bytes(&images, &labels, &all).unwrap(), (sample(channels), vec![]));
            assert!(from_bytes(&labels, &labels, &all).unwrap_err().to_string().contains("images"));
        }
    }

    #[test]
    fn images_without_labels_are_read_where_that_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        write(&sample(1), &folder.path().join(IMAGES)).unwrap();
        fs::remove_file(folder.path().join(LABELS)).unwrap();
        let read =
            |unlabelled| read(&folder.path().join(IMAGES), &LoadOptions { unlabelled, ..LoadOptions::default() });
        assert!(read(false).unwrap_err().to_string().ends_with("x-labels-idx1-ubyte is missing"));
        let (images, notes) = read(true).unwrap();
        assert_eq!((images.pixels(), images.is_labelled()), (sample(1).pixels(), false));
        assert!(notes[0].ends_with("x-labels-idx1-ubyte is missing: read without labels"), "{notes:?}");
    }

    #[test]
    fn every_defect_is_named() {
        let magic = defect(IMAGES, |b| b[3] = 1);
        assert!(magic.contains("wrong magic number 0x00000801, expected 0x00000803"), "{magic}");
        assert!(defect(LABELS, |b| b[2] = 9).contains("0x00000901, expected 0x00000801"));
        assert!(defect(IMAGES, |b| b.truncate(27)).ends_with("truncated: 12 bytes announced, 11 there"));
        assert!(defect(IMAGES, |b| b.truncate(10)).ends_with("truncated: the file ends within its header"));
        assert!(defect(LABELS, |b| b.push(0)).ends_with("more bytes follow after the 2 announced"));
        assert!(defect(IMAGES, |b| b[4..16].fill(255)).contains("impossible sizes"));
        assert!(defect(IMAGES, |b| b[6..8].fill(127)).contains("12 there"), "no memory for what is claimed");
        assert!(defect(IMAGES, |b| b[4..8].fill(127)).contains("GiB of memory, and 4.0 GiB may be taken"));
        assert!(defect(IMAGES, |b| b[11] = 0).contains("no images"));
        assert!(defect(IMAGES, |b| b.clear()).contains("the file is empty"));
        let counts = defect(LABELS, |b| {
            b[7] = 1;
            b.truncate(9);
        });
        assert_eq!(
            counts,
            format!("/{IMAGES} holds 2 images, but /{LABELS} holds 1 labels")
                .replace('/', std::path::MAIN_SEPARATOR_STR)
        );
    }

    #[test]
    fn a_mapping_names_the_classes() {
        let folder = tempfile::tempdir().unwrap();
        let images = folder.path().join("emnist-train-images-idx3-ubyte.gz");
        write(&sample(1), &images).unwrap();
        let mapping = folder.path().join("emnist-mapping.txt");
        fs::write(&mapping, "1 65 97\r\n7 48\n\n").unwrap();
        let read = || read(&images, &LoadOptions::default());
        assert_eq!(read().unwrap().0.classes(), ["0", "A"]);
        fs::write(&mapping, "1 65\n2 66").unwrap();
        assert!(read().unwrap_err().to_string().contains("label 7 is not in the mapping"));
        fs::write(&mapping, "1 65\n7 b").unwrap();
        assert!(read().unwrap_err().to_string().contains("line 2: expected a label"));
    }

    #[test]
    fn labels_that_are_no_numbers_are_refused() {
        let d = Dataset::from_names(Size::new(1, 1, 1), vec![0], &["a"], vec![]).unwrap();
        let error = write(&d, Path::new("x-images.idx")).unwrap_err().to_string();
        assert!(error.contains("so not \"a\""), "{error}");
    }
}

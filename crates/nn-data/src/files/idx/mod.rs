//! IDX, the format of MNIST: a pair of files, images and labels, each plain or gzipped.
//!
//! A file is a magic number (`00 00`, the type of the values, the number of dimensions), each dimension as four bytes, the
//! highest first, and the values. The type is `08` for bytes, as nearly everywhere; `09` to `0e` (numbers with a sign of one, two
//! and four bytes, floating-point numbers of four and eight) are read too. Images have dimensions count, height, width and, in colour, channels.

pub(crate) mod pair;
mod values;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{BufRead, Read};
use std::path::Path;

use crate::dataset::Dataset;
use crate::dataset::sorted_classes;
use crate::disk;
use crate::disk::memory::Memory;
use crate::disk::source::Source;
use crate::error::Error;
use crate::files::idx::pair::{labels_beside, labels_path, mapping_beside};
use crate::files::idx::values::{BYTES, Numbers, idx_error, read_header, read_values};
use crate::files::options::LoadOptions;
use crate::files::range::{Range, Scale, stretch};
use crate::size::Size;

/// The most bytes of a mapping file that are read: it has 256 short lines.
const MAPPING: u64 = 1 << 16;

/// The columns of QMNIST's labels; the first is the class.
const QMNIST: u64 = 8;

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
    read_part(images, options, &mut options.scale.clone())
}

/// As [`read`]. `scale` is that of the data that the files belong to, and becomes theirs.
pub(crate) fn read_part(
    images: &Path,
    options: &LoadOptions,
    scale: &mut Option<Scale>,
) -> Result<(Dataset, Vec<String>), Error> {
    let labels = match labels_beside(images) {
        Err(error) if options.unlabelled => return without_labels(images, options, scale, &error),
        labels => labels?,
    };
    let Images { count, size, pixels, note } = Images::read(Source::file(images), options, scale)?;
    let notes = note.map(|note| format!("{}: {note}", images.display())).into_iter().collect();
    let values = read_labels(Source::file(&labels), options)?;
    if count != values.len() as u64 {
        let label_count = values.len() as u64;
        return Err(Error::Counts { images: images.into(), image_count: count, labels, label_count });
    }
    let names = match mapping_beside(images) {
        Some(mapping) => read_mapping(&mapping)?,
        None => vec![],
    };
    let name = |value: i32| match names.is_empty() {
        true => Ok(value.to_string()),
        false => {
            let name = usize::try_from(value).ok().and_then(|value| names.get(value)?.clone());
            name.ok_or_else(|| idx_error(&labels, format!("label {value} is not in the mapping file beside it")))
        }
    };
    let names_by_value = by_value(&values, name)?;
    let mut names: Vec<&str> = values.iter().filter_map(|value| Some(names_by_value.get(value)?.as_str())).collect();
    let classes = sorted_classes(names.iter().copied()); // of the whole file, also where a limit cuts it
    names.truncate(pixels.len() / size.features());
    Ok((Dataset::from_names(size, pixels, &names, vec![])?.with_classes(&classes)?, notes))
}

/// Reads the contents of an images file and of its labels file, each plain or gzipped, as [`read`] does without a mapping.
///
/// # Errors
/// As [`read`]; the files are called `images` and `labels`.
pub fn from_bytes(images: &[u8], labels: &[u8], options: &LoadOptions) -> Result<(Dataset, Vec<String>), Error> {
    let (images, labels) = (Source::memory("images", images), Source::memory("labels", labels));
    let Images { count, size, pixels, note } = Images::read(images, options, &mut options.scale.clone())?;
    let values = read_labels(labels, options)?;
    let label_count = values.len() as u64;
    if count != label_count {
        let [images, labels] = [images, labels].map(|source| source.path.into());
        return Err(Error::Counts { images, image_count: count, labels, label_count });
    }
    let names_by_value = by_value(&values, |value| Ok(value.to_string()))?;
    let names: Vec<&str> = values.iter().filter_map(|value| Some(names_by_value.get(value)?.as_str())).collect();
    let names = names.get(..pixels.len() / size.features()).unwrap_or(&names);
    Ok((Dataset::from_names(size, pixels, names, vec![])?, note.into_iter().collect()))
}

/// The name of each label value that occurs.
fn by_value(values: &[i32], name: impl Fn(i32) -> Result<String, Error>) -> Result<HashMap<i32, String>, Error> {
    let mut names = HashMap::new();
    for &value in values {
        if let Entry::Vacant(place) = names.entry(value) {
            place.insert(name(value)?);
        }
    }
    Ok(names)
}

/// The images of a file whose labels cannot be found.
fn without_labels(
    images: &Path,
    options: &LoadOptions,
    scale: &mut Option<Scale>,
    why: &Error,
) -> Result<(Dataset, Vec<String>), Error> {
    let Images { size, pixels, note, .. } = Images::read(Source::file(images), options, scale)?;
    let mut notes = vec![format!("{why}: read without labels")];
    notes.extend(note.map(|note| format!("{}: {note}", images.display())));
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

/// The images of a file.
struct Images {
    /// Images in the file.
    count: u64,
    size: Size,
    /// The values of the first ones, up to the limit of the options.
    pixels: Vec<u8>,
    /// A line about values that were not 0..255.
    note: Option<String>,
}

impl Images {
    /// Reads a file. `scale` is that of the data that it belongs to, and becomes its own.
    fn read(source: Source<'_>, options: &LoadOptions, scale: &mut Option<Scale>) -> Result<Self, Error> {
        let (mut reader, path) = (source.open()?, source.path);
        let (descr, sizes) = read_header(&mut reader, path, &[3, 4], "0x00000803 (or, in colour, 0x00000804)")?;
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
        let (pixels, note) = match descr {
            BYTES => {
                let mut pixels = read_values(reader, path, claimed, wanted)?;
                let note = stretch(&mut pixels, scale);
                (pixels, note)
            }
            _ => scaled(source, &Numbers { descr, claimed, wanted }, images as usize, scale)?,
        };
        // The values are in memory, so each size fits.
        Ok(Self { count, size: Size::new(height as usize, width as usize, channels as usize), pixels, note })
    }
}

/// The labels of a file, which are whole numbers.
fn read_labels(source: Source<'_>, options: &LoadOptions) -> Result<Vec<i32>, Error> {
    let (mut reader, path) = (source.open()?, source.path);
    let (descr, sizes) = read_header(&mut reader, path, &[1, 2], "0x00000801")?;
    let (count, columns) = match sizes[..] {
        [count] => (count, 1),
        [count, columns @ (1 | QMNIST)] => (count, columns),
        _ => return Err(idx_error(path, format!("sizes {sizes:?}, expected one: the number of labels"))),
    };
    let claimed = count * columns; // each has 32 bits at most
    options.memory.check(path, Memory::of_samples(count, 4))?;
    if descr == BYTES {
        let bytes = read_values(reader, path, claimed, claimed)?;
        return Ok(bytes.into_iter().step_by(columns as usize).map(i32::from).collect());
    }
    let mut labels = vec![];
    let mut other = None;
    Numbers { descr, claimed, wanted: claimed }.read(source, |i, value| {
        if (i as u64).is_multiple_of(columns) {
            let whole = value.fract() == 0.0 && value.abs() < 16_777_216.0; // what an f32 holds exactly
            other = other.or((!whole).then_some(value));
            labels.push(value as i32);
        }
    })?;
    match other {
        Some(value) => Err(idx_error(path, format!("{value} is no label; labels are whole numbers"))),
        None => Ok(labels),
    }
}

/// The values of some images as bytes, and a line about how they became that.
fn scaled(
    source: Source<'_>,
    numbers: &Numbers,
    images: usize,
    scale: &mut Option<Scale>,
) -> Result<(Vec<u8>, Option<String>), Error> {
    let (mut range, mut finite) = (Range::EMPTY, true);
    numbers.read(source, |_, value| {
        finite &= value.is_finite();
        range.add(value);
    })?;
    let before = *scale;
    let found = range.scale_after(before, images).filter(|_| finite);
    let found = found.ok_or_else(|| idx_error(source.path, range.unusual()))?;
    *scale = Some(found);
    let mut pixels = Vec::new();
    numbers.read(source, |_, value| pixels.push(found.byte(value)))?;
    Ok((pixels, range.note(found, before)))
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

    /// The bytes of a file of values that have this type.
    fn file<const N: usize>(kind: u8, sizes: &[u32], values: &[[u8; N]]) -> Vec<u8> {
        let start = [0, 0, kind, sizes.len() as u8];
        [&start[..], &sizes.iter().flat_map(|size| size.to_be_bytes()).collect::<Vec<u8>>(), values.as_flattened()]
            .concat()
    }

    #[test]
    fn values_of_every_type_are_read() {
        let all = LoadOptions::default();
        let labels = file(0x0c, &[2], &[7, 300].map(i32::to_be_bytes));
        let numbers = [0, 255, 64, 128];
        for images in [
            file(0x0b, &[2, 1, 2], &numbers.map(i16::to_be_bytes)),
            file(0x0c, &[2, 1, 2], &numbers.map(|n| i32::from(n).to_be_bytes())),
            file(0x0d, &[2, 1, 2], &numbers.map(|n| f32::from(n).to_be_bytes())),
            file(0x0e, &[2, 1, 2], &numbers.map(|n| f64::from(n).to_be_bytes())),
            file(0x0d, &[2, 1, 2], &numbers.map(|n| (f32::from(n) / 255.0).to_be_bytes())),
        ] {
            let (read, notes) = from_bytes(&images, &labels, &all).unwrap();
            assert_eq!(
                (read.pixels(), read.classes().join(" "), notes),
                (&[0, 255, 64, 128][..], "7 300".into(), vec![])
            );
            let first = from_bytes(&images, &labels, &LoadOptions { limit: Some(1), ..all.clone() }).unwrap().0;
            assert_eq!(first.pixels(), [0, 255]);
            for (bytes, problem) in [
                (&images[..images.len() - 1], "truncated: it ends before its 4 values"),
                (&[&images[..], &[0]].concat(), "more bytes follow after the 4 values announced"),
            ] {
                let error = from_bytes(bytes, &labels, &all).unwrap_err().to_string();
                assert!(error.contains(problem), "{error}");
            }
        }
        let signed = file(0x09, &[2, 1, 2], &[0i8, 16, 8, 0].map(i8::to_be_bytes));
        let (read, notes) = from_bytes(&signed, &labels, &all).unwrap();
        assert_eq!((read.pixels(), notes.len()), (&[0, 255, 128, 0][..], 1), "{notes:?}");
        for wrong in [f32::NAN, 1e9, -300.0] {
            let images = file(0x0d, &[2, 1, 2], &[0.0, wrong, 255.0, 3.0].map(f32::to_be_bytes));
            assert!(
                from_bytes(&images, &labels, &all).unwrap_err().to_string().contains("0..255 is wanted"),
                "{wrong}"
            );
            let labels = file(0x0d, &[2], &[0.5 + wrong, 1.0].map(f32::to_be_bytes));
            assert!(from_bytes(&signed, &labels, &all).unwrap_err().to_string().contains("is no label"), "{wrong}");
        }
    }

    #[test]
    fn the_labels_of_qmnist_have_eight_columns() {
        let folder = tempfile::tempdir().unwrap();
        write(&sample(1), &folder.path().join("qmnist-train-images-idx3-ubyte")).unwrap();
        fs::remove_file(folder.path().join("qmnist-train-labels-idx1-ubyte")).unwrap();
        let rows = [7, 1, 39, 5, 0, 0, 0, 9, 1, 1, 40, 6, 0, 0, 0, 9];
        let labels = file(0x0c, &[2, 8], &rows.map(i32::to_be_bytes));
        fs::write(folder.path().join("qmnist-train-labels-idx2-int"), labels).unwrap();
        let images = folder.path().join("qmnist-train-images-idx3-ubyte");
        assert_eq!(read(&images, &LoadOptions::default()).unwrap(), (sample(1), vec![]));
    }

    #[test]
    fn every_defect_is_named() {
        let magic = defect(IMAGES, |b| b[3] = 1);
        assert!(magic.contains("wrong magic number 0x00000801, expected 0x00000803"), "{magic}");
        assert!(defect(LABELS, |b| b[2] = 0x0a).contains("0x00000a01, expected 0x00000801"));
        assert!(defect(LABELS, |b| b[2] = 0x0c).ends_with("truncated: it ends before its 2 values"));
        assert!(
            defect(IMAGES, |b| b[2] = 9)
                .contains("its values go from -12 to -1, or some are no numbers; 0..255 is wanted")
        );
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

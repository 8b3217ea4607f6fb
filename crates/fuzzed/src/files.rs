//! Files of data, and pictures.

use nn_data::{LoadOptions, Preprocessing, decode_picture, load};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Larger pictures are not prepared: they would only take time.
const MOST_PIXELS: u32 = 1 << 20;

/// Writes files into a new folder and reads the first, or the folder if `all`.
pub(crate) fn read(files: &[(&str, &[u8])], all: bool) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let write = |(name, bytes): &(&str, &[u8])| {
        let path = folder.path().join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, bytes))
    };
    if files.iter().try_for_each(write).is_err() {
        return;
    }
    let Some((first, _)) = files.first() else { return };
    let path = folder.path().join(if all { "" } else { first });
    for unlabelled in [false, true] {
        let options = LoadOptions { unlabelled, skip_bad: unlabelled, ..LoadOptions::default() };
        let _ = load(&path, &options).map(|loaded| loaded.train.counts());
    }
}

/// The first line, and all behind it.
pub(crate) fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

/// Divides bytes in two: the first two say where.
pub(crate) fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let [low, high, rest @ ..] = bytes else { return (bytes, &[]) };
    rest.split_at(usize::from(u16::from_le_bytes([*low, *high])).min(rest.len()))
}

/// Reads the pictures of an IDX file, and the labels of another.
pub(crate) fn idx(bytes: &[u8]) {
    let (images, labels) = halves(bytes);
    read(&[("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)], true);
}

/// Reads a CSV file.
pub(crate) fn csv(bytes: &[u8]) {
    read(&[("data.csv", bytes)], false);
}

/// Reads a stroke file.
pub(crate) fn strokes(bytes: &[u8]) {
    read(&[("data.jsonl", bytes)], false);
}

/// Reads a file whose name says nothing about it.
pub(crate) fn data(bytes: &[u8]) {
    read(&[("data", bytes)], false);
}

/// Reads two arrays of NumPy.
pub(crate) fn npz(bytes: &[u8]) {
    let (images, labels) = halves(bytes);
    read(&[("x_train.npy", images), ("y_train.npy", labels)], true);
}

/// Reads a zip archive, and another one with two files: the first line names the first, the rest is in both.
pub(crate) fn zip(bytes: &[u8]) {
    read(&[("data.zip", bytes)], false);
    let (name, rest) = line(bytes);
    let name = String::from_utf8_lossy(name);
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    for name in [&*name, "data.csv"] {
        let written = archive.start_file(name, SimpleFileOptions::default()).is_ok() && archive.write_all(rest).is_ok();
        if !written {
            return;
        }
    }
    if let Ok(archive) = archive.finish() {
        read(&[("data.zip", archive.get_ref())], false);
    }
}

/// Decodes a picture file and prepares it for a network in every way.
pub(crate) fn picture(bytes: &[u8]) {
    let Ok(picture) = decode_picture(bytes) else { return };
    if picture.width().saturating_mul(picture.height()) <= MOST_PIXELS {
        for preprocessing in [Preprocessing::mnist(), Preprocessing::ink(28, 28), Preprocessing::picture(9, 7, 3)] {
            assert_eq!(preprocessing.prepare(&picture).pixels.len(), preprocessing.features());
        }
    }
}

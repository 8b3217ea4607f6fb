//! Files of data, pictures, and folders of drawings.

use nn_data::{Drawings, LoadOptions, Preprocessing, decode_picture, label_of, load};
use std::path::Path;

/// Larger pictures are not prepared: they would only take time.
const MOST_PIXELS: u32 = 1 << 20;

/// Writes files into a new folder and reads the first, or the folder if `all`.
fn read(files: &[(&str, &[u8])], all: bool) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let write = |(name, bytes): &(&str, &[u8])| {
        let path = folder.path().join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, bytes))
    };
    if files.iter().try_for_each(write).is_err() {
        return;
    }
    let path = folder.path().join(if all { "" } else { files[0].0 });
    for unlabelled in [false, true] {
        let options = LoadOptions { unlabelled, skip_bad: unlabelled, ..LoadOptions::default() };
        let _ = load(&path, &options).map(|loaded| loaded.train.counts());
    }
}

/// Divides bytes in two: the first two say where.
fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
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

/// Reads a folder of a class whose name is the first line, with a picture and the strokes beside it.
pub(crate) fn drawings(bytes: &[u8]) {
    let (name, rest) = bytes.iter().position(|byte| *byte == b'\n').map_or((bytes, &[][..]), |at| bytes.split_at(at));
    let name: String = String::from_utf8_lossy(name).chars().filter(|c| !"/\\\0".contains(*c)).take(60).collect();
    let _ = label_of(&name);
    let (picture, strokes) = halves(rest.get(1..).unwrap_or_default());
    let names = ["png", "json"].map(|ending| format!("{name}/drawing.{ending}"));
    read(&[(&names[0], picture), (&names[1], strokes)], true);
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("drawing.png");
    if std::fs::write(path.with_extension("json"), strokes).is_ok() {
        let _ = Drawings::strokes(Path::new(&path)).map(|sample| sample.strokes.fitted(0.7).rasterise(64, 0.06));
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

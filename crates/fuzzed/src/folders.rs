//! Folders of files that belong together, and folders of drawings.

use crate::files::{halves, line, read};
use nn_data::{Drawings, label_of};

/// Names of files that are read together or for each other.
const NAMES: [&str; 16] = [
    "train.csv",
    "test.csv",
    "classes.txt",
    "mapping.txt",
    "labels.csv",
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
    "x_train.npy",
    "y_train.npy",
    "0/a.png",
    "1/a.png",
    "0/a.json",
    "test/0/a.png",
    "strokes.jsonl",
];

/// Reads a folder of several files: a byte says which, two how long each is.
pub(crate) fn folder(mut bytes: &[u8]) {
    let mut files = vec![];
    while let [name, rest @ ..] = bytes {
        let (content, behind) = halves(rest);
        files.push((NAMES[usize::from(*name) % NAMES.len()], content));
        bytes = behind;
    }
    read(&files, true);
}

/// Reads a folder of a class whose name is the first line, with a picture and the strokes beside it.
pub(crate) fn drawings(bytes: &[u8]) {
    let (name, rest) = line(bytes);
    let name: String = String::from_utf8_lossy(name).chars().filter(|c| !"/\\\0".contains(*c)).take(60).collect();
    let _ = label_of(&name);
    let (picture, strokes) = halves(rest);
    let names = ["png", "json"].map(|ending| format!("{name}/drawing.{ending}"));
    read(&[(&names[0], picture), (&names[1], strokes)], true);
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("drawing.png");
    if std::fs::write(path.with_extension("json"), strokes).is_ok() {
        let _ = Drawings::strokes(&path).map(|sample| sample.strokes.fitted(0.7).rasterise(64, 0.06));
    }
}

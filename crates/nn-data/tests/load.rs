//! Datasets as they lie on a disk: every form that a path may have, and every defect that must be named.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use nn_data::{Arrays, Dataset, Error, LoadOptions, Loaded, Preprocessing, Size, class_folders, csv, idx, load};

/// Two pictures of "0" and one of "A" or, with numbers only, of "1".
fn sample(size: Size, other: &str) -> Dataset {
    let pixels = (0..3 * size.features()).map(|i| 250 - (i * 7 % 251) as u8).collect();
    Dataset::from_names(size, pixels, &["0", other, "0"], vec![]).unwrap()
}

fn small() -> Dataset {
    sample(Size::new(4, 4, 1), "1")
}

/// Pictures as they are, so that they can be compared.
fn exact() -> LoadOptions {
    LoadOptions { preprocessing: Preprocessing::picture(4, 4, 1), tiny: true, ..LoadOptions::default() }
}

fn loaded(path: &Path) -> Loaded {
    load(path, &exact()).unwrap()
}

fn message(path: &Path) -> String {
    let error = load(path, &exact()).unwrap_err().to_string();
    assert!(!error.contains('\n'), "one line: {error}");
    error
}

/// Class folders with the pictures of [`small`].
fn class_folders() -> (tempfile::TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("set");
    class_folders::write(&small(), &path).unwrap();
    (temporary, path)
}

#[test]
fn idx_folders_and_files() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path();
    idx::write(&small(), &path.join("train-images-idx3-ubyte.gz")).unwrap();
    assert_eq!(loaded(path).train, small());
    assert_eq!(loaded(path).test, None);
    idx::write(&small().limit(1), &path.join("t10k-images-idx3-ubyte")).unwrap();
    for path in [path.to_path_buf(), path.join("train-images-idx3-ubyte.gz")] {
        let Loaded { train, test, .. } = loaded(&path);
        assert_eq!((train, test.unwrap()), (small(), small().limit(1)));
    }
    assert_eq!(loaded(&path.join("t10k-images-idx3-ubyte")).train.len(), 1);
    let first = load(path, &LoadOptions { limit: Some(1), ..exact() }).unwrap();
    assert_eq!((first.train, first.test.unwrap().len()), (small().limit(1), 1));

    idx::write(&small(), &path.join("emnist-digits-train-images-idx3-ubyte")).unwrap();
    assert!(
        message(path).contains("several datasets; name the file you want: emnist-digits-train-images-idx3-ubyte, ")
    );
    assert_eq!(loaded(&path.join("emnist-digits-train-images-idx3-ubyte")).test, None);
}

#[test]
fn a_test_part_must_fit() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path();
    idx::write(&small(), &path.join("train-images-idx3-ubyte")).unwrap();
    idx::write(&sample(Size::new(5, 5, 1), "1"), &path.join("t10k-images-idx3-ubyte")).unwrap();
    assert!(message(path).contains("pictures of 5x5 grey and of 4x4 grey do not go together; --no-test"));
    idx::write(&sample(Size::new(4, 4, 1), "7"), &path.join("t10k-images-idx3-ubyte")).unwrap();
    assert!(message(path).contains("does not fit the training data: unknown class: 7; known are 0, 1; --no-test"));
    assert_eq!(load(path, &LoadOptions { no_test: true, ..exact() }).unwrap().test, None);
}

#[test]
fn a_test_part_that_looks_otherwise_is_said() {
    let temporary = tempfile::tempdir().unwrap();
    let bars = |ink: u8, ground: u8| {
        let pixel = move |i: usize, p: usize| {
            if (p % 10).abs_diff(3 + i % 4) < 2 && (2..8).contains(&(p / 10)) { ink } else { ground }
        };
        let pixels = (0..100).flat_map(|i| (0..100).map(move |p| pixel(i, p))).collect();
        let labels: Vec<&str> = (0..100).map(|i| ["0", "1"][i % 2]).collect();
        Dataset::from_names(Size::new(10, 10, 1), pixels, &labels, vec![]).unwrap()
    };
    idx::write(&bars(255, 0), &temporary.path().join("train-images-idx3-ubyte")).unwrap();
    idx::write(&bars(0, 255), &temporary.path().join("t10k-images-idx3-ubyte")).unwrap();
    let notes = loaded(temporary.path()).notes.join("\n");
    assert!(notes.contains("t10k-images-idx3-ubyte: its ink is dark on a light ground"), "{notes}");
    assert!(!notes.contains("train-images-idx3-ubyte: its ink"), "{notes}");
}

#[test]
fn an_array_that_is_named_is_the_one_that_is_read() {
    let temporary = tempfile::tempdir().unwrap();
    let save = |name: &str, shape: &str, values: Vec<u8>| {
        let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let start = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..]].concat();
        fs::write(temporary.path().join(name), [start, header.into_bytes(), values].concat()).unwrap();
    };
    for (part, n) in [("train", 3), ("test", 2)] {
        save(&format!("x_{part}.npy"), &format!("{n}, 5, 5"), vec![n; 25 * usize::from(n)]);
        save(&format!("y_{part}.npy"), &format!("{n},"), (0..n).collect());
    }
    let read = |name: &str| loaded(&temporary.path().join(name));
    assert_eq!((read("x_train.npy").train.len(), read("x_train.npy").test.unwrap().len()), (3, 2));
    assert_eq!((read("x_test.npy").train.len(), read("x_test.npy").test), (2, None));
    for part in ["train", "test"] {
        ["x", "y"]
            .iter()
            .for_each(|role| fs::remove_file(temporary.path().join(format!("{role}_{part}.npy"))).unwrap());
    }
    save("a.npy", "1, 5, 5", vec![255; 25]);
    save("b.npy", "2, 5, 5", vec![255; 50]);
    let b = load(&temporary.path().join("b.npy"), &LoadOptions { unlabelled: true, ..exact() }).unwrap();
    assert_eq!(b.train.len(), 2);
    fs::rename(temporary.path().join("b.npy"), temporary.path().join("b.npy.gz")).unwrap();
    assert!(message(&temporary.path().join("b.npy.gz")).contains("unpack it if it is gzipped"));
}

#[test]
fn csv_files_whatever_their_compression() {
    let temporary = tempfile::tempdir().unwrap();
    for name in ["a.csv", "b.csv.gz"] {
        csv::write(&small(), &temporary.path().join(name)).unwrap();
        let path = temporary.path().join(name);
        assert_eq!(loaded(&path).train, small());
        let transposed = load(&path, &LoadOptions { transpose: true, ..exact() }).unwrap().train;
        assert_eq!(transposed, small().transposed());
    }
    fs::rename(temporary.path().join("b.csv.gz"), temporary.path().join("c.csv")).unwrap();
    assert_eq!(loaded(&temporary.path().join("c.csv")).train, small());
    let packed = fs::read(temporary.path().join("c.csv")).unwrap();
    fs::write(temporary.path().join("c.csv"), &packed[..packed.len() - 9]).unwrap();
    assert!(message(&temporary.path().join("c.csv")).starts_with("cannot read"), "a gzip stream that is cut off");
    assert!(message(temporary.path()).contains("for a CSV dataset name the file itself, as in "));
}

#[test]
fn arrays_go_through_the_preprocessing_when_asked() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("a.csv");
    csv::write(&sample(Size::new(40, 40, 1), "A"), &path).unwrap();
    assert_eq!(loaded(&path).train.size(), Size::new(40, 40, 1));
    let options = LoadOptions { arrays: Arrays::Preprocess, ..LoadOptions::default() };
    assert_eq!(load(&path, &options).unwrap().train.size(), Size::new(28, 28, 1));
}

#[test]
fn class_folders_come_back_as_written() {
    let (_temporary, path) = class_folders();
    let train = loaded(&path).train;
    let transposed = load(&path, &LoadOptions { transpose: true, ..exact() }).unwrap_err().to_string();
    assert!(transposed.contains("can be transposed; leave --transpose away"), "{transposed}");
    assert_eq!(train.sources(), ["digit_0/00001.png", "digit_0/00002.png", "digit_1/00001.png"].map(native));
    assert_eq!(train.pixels(), small().select(&[0, 2, 1]).pixels());
    assert_eq!((train.classes(), train.labels()), (small().classes(), &[0, 0, 1][..]));
    assert!(matches!(class_folders::write(&small(), &path), Err(Error::Exists { .. })));
    let words = sample(Size::new(4, 4, 3), "0 ").limit(2);
    class_folders::write(&words, &path.join("words")).unwrap();
    let options = LoadOptions { preprocessing: Preprocessing::picture(4, 4, 3), ..exact() };
    assert_eq!(load(&path.join("words"), &options).unwrap().train.pixels(), words.pixels());
}

fn native(path: &str) -> String {
    path.replace('/', std::path::MAIN_SEPARATOR_STR)
}

#[test]
fn train_and_test_folders_are_recognised() {
    let (_temporary, path) = class_folders();
    let parent = path.with_file_name("parts");
    fs::create_dir(&parent).unwrap();
    fs::rename(&path, parent.join("train")).unwrap();
    assert_eq!(loaded(&parent).test, None);
    class_folders::write(&small().limit(1), &parent.join("test")).unwrap();
    for path in [parent.clone(), parent.join("train")] {
        let Loaded { train, test, .. } = loaded(&path);
        assert_eq!((train.len(), test.unwrap().counts()), (3, vec![1, 0]));
    }
    assert_eq!(loaded(&parent.join("test")).test, None);
}

#[test]
fn what_is_no_picture_is_skipped_and_counted() {
    let (_temporary, path) = class_folders();
    fs::write(path.join("digit_0/notes.txt"), "x").unwrap();
    fs::write(path.join("digit_0/IMG_1.heic"), b"\0\0\0\x24ftypheic\0\0\0\0mif1heic").unwrap();
    fs::write(path.join("digit_1/page.png"), "<!DOCTYPE html><html>").unwrap();
    fs::write(path.join("digit_0/00001.json"), "{}").unwrap(); // strokes
    for of_the_system in ["digit_1/.DS_Store", "digit_1/Thumbs.db", "labels.csv"] {
        fs::write(path.join(of_the_system), "x").unwrap();
    }
    for folder in [".git", "@eaDir", "__MACOSX", "$RECYCLE.BIN", "no pictures"] {
        fs::create_dir(path.join(folder)).unwrap();
        if folder != "no pictures" {
            fs::copy(path.join("digit_1/00001.png"), path.join(folder).join("thumb.png")).unwrap();
        }
    }
    fs::rename(path.join("digit_0/00002.png"), path.join("digit_0/picture")).unwrap();
    let Loaded { train, skipped, notes, .. } = loaded(&path);
    assert_eq!((train.len(), train.classes().len()), (3, 2), "a picture is known by its content too");
    let lines = skipped.lines().join("\n");
    for told in ["as notes.txt: no picture", "(1 in digit_0), as IMG_1.heic: a HEIC picture", "as page.png: a web page"]
    {
        assert!(lines.contains(told), "{lines}");
    }
    assert_eq!((lines.lines().count(), skipped.bad.len()), (3, 0));
    assert!(notes.len() == 1 && notes[0].ends_with("no pictures holds no pictures, so it is no class"), "{notes:?}");
}

#[test]
fn a_class_that_loses_all_its_pictures_is_an_error() {
    let (_temporary, path) = class_folders();
    fs::write(path.join("digit_1/00001.png"), "version https://git-lfs.example/spec/v1\noid sha256:1\n").unwrap();
    let error = message(&path);
    assert!(error.contains("digit_1: no picture of this class can be read: ") && error.contains("Git LFS"), "{error}");
    fs::write(path.join("digit_1/00001.png"), "damaged").unwrap();
    let error = load(&path, &LoadOptions { skip_bad: true, ..exact() }).unwrap_err().to_string();
    assert!(error.contains("no picture of the class 1 can be decoded"), "{error}");
}

#[test]
fn deeper_and_loose_pictures_are_told() {
    let (_temporary, path) = class_folders();
    fs::create_dir(path.join("digit_1/more")).unwrap();
    fs::copy(path.join("digit_0/00001.png"), path.join("digit_1/more/x.png")).unwrap();
    fs::rename(path.join("digit_0/00002.png"), path.join("loose.png")).unwrap();
    let Loaded { train, notes, .. } = loaded(&path);
    assert_eq!(train.counts(), [1, 2]);
    let told = notes.join("\n");
    assert!(told.contains("digit_1: 1 of its pictures lie in folders within it, as "), "{told}");
    assert!(told.contains("passed over 1 picture that lie in no class folder, as "), "{told}");
}

#[test]
fn a_folder_around_the_dataset_and_a_validation_part_are_found() {
    let temporary = tempfile::tempdir().unwrap();
    let inner = temporary.path().join("digits-main/digits");
    for part in ["Train", "valid", "Test"] {
        class_folders::write(&small(), &inner.join(part)).unwrap();
    }
    let found = loaded(temporary.path());
    assert_eq!((found.train.len(), found.validation.unwrap().len(), found.test.unwrap().len()), (3, 3, 3));
    assert_eq!(found.folders, ["Train", "valid", "Test"].map(|part| inner.join(part)));

    fs::remove_dir_all(inner.join("Test")).unwrap();
    fs::create_dir(inner.join("Test")).unwrap();
    fs::copy(inner.join("Train/digit_0/00001.png"), inner.join("Test/1.png")).unwrap();
    let found = loaded(temporary.path());
    assert!(found.test.is_none() && found.notes[0].contains("holds no class folders: nothing is tested on it"));
    let torchvision = tempfile::tempdir().unwrap();
    idx::write(&small(), &torchvision.path().join("MNIST/raw/train-images-idx3-ubyte")).unwrap();
    assert_eq!(loaded(torchvision.path()).train, small());
}

#[test]
fn codes_and_files_name_classes() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("set");
    class_folders::write(&sample(Size::new(4, 4, 1), "57"), &path).unwrap();
    fs::rename(path.join("digit_0"), path.join("48")).unwrap();
    let found = loaded(&path);
    assert_eq!(found.train.classes(), ["0", "9"]);
    assert!(found.notes[0].contains("48 is read as 0"), "{:?}", found.notes);

    fs::write(path.join("classes.txt"), "48 zero\n57 nine\n").unwrap();
    let found = loaded(&path);
    assert_eq!(found.train.classes(), ["nine", "zero"]);
    assert!(found.notes[0].contains("classes.txt: 48 is zero"), "{:?}", found.notes);
    let other = temporary.path().join("names.csv");
    fs::write(&other, "48,null\n57,neun\n").unwrap();
    let options = LoadOptions { classes: Some(other.clone()), ..exact() };
    assert_eq!(load(&path, &options).unwrap().train.classes(), ["neun", "null"]);
    fs::write(&other, "x,y\n").unwrap();
    assert!(load(&path, &options).unwrap_err().to_string().ends_with("names none of the classes, as 48"));
}

#[test]
fn pictures_without_folders_are_read_where_labels_may_be_missing() {
    let (_temporary, path) = class_folders();
    let flat = path.join("digit_0");
    assert!(message(&flat).contains("pictures, but no class folders"));
    let found = load(&flat, &LoadOptions { unlabelled: true, ..exact() }).unwrap().train;
    assert_eq!((found.classes(), found.len()), (&[String::new()][..], 2));
}

#[test]
fn a_corrupt_picture_is_named_or_skipped() {
    let (_temporary, path) = class_folders();
    let corrupt = path.join("digit_0/00001.png");
    let bytes = fs::read(&corrupt).unwrap();
    fs::write(&corrupt, &bytes[..bytes.len() / 2]).unwrap();
    assert!(message(&path).starts_with(&format!("{}: cannot be decoded: ", corrupt.display())));
    let options = LoadOptions { skip_bad: true, ..exact() };
    let Loaded { train, skipped, .. } = load(&path, &options).unwrap();
    assert_eq!((train.len(), skipped.bad.len()), (2, 1));
    assert_eq!(skipped.bad[0].0, corrupt);
    for other in ["digit_0/00002.png", "digit_1/00001.png"] {
        fs::write(path.join(other), "").unwrap();
    }
    let error = load(&path, &options).unwrap_err().to_string();
    assert!(error.ends_with("none of its 3 pictures can be decoded"), "{error}");
}

#[test]
fn a_limit_takes_from_every_class() {
    let temporary = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..30).map(|i| (i / 10).to_string()).collect();
    let many = Dataset::from_names(Size::new(4, 4, 1), vec![9; 480], &names, vec![]).unwrap();
    class_folders::write(&many, &temporary.path().join("many")).unwrap();
    let counts = |limit| {
        let options = LoadOptions { limit: Some(limit), ..exact() };
        load(&temporary.path().join("many"), &options).unwrap().train.counts()
    };
    assert_eq!(counts(7), [3, 2, 2]);
    assert_eq!(counts(2), [1, 1, 0]);
    assert_eq!(counts(99), [10, 10, 10]);
    let none = load(temporary.path(), &LoadOptions { limit: Some(0), ..exact() }).unwrap_err();
    assert_eq!(none.to_string(), "a limit of 0 leaves nothing to load");
}

#[test]
fn a_limit_takes_from_every_class_of_strokes_and_lists() {
    let folder = tempfile::tempdir().unwrap();
    let line = |label: &str| format!("{{\"label\": \"{label}\", \"strokes\": [[[0, 0], [9, 9]]]}}\n");
    let (strokes, few) = (folder.path().join("ink/s.jsonl"), |limit| LoadOptions { limit: Some(limit), ..exact() });
    fs::create_dir(strokes.parent().unwrap()).unwrap();
    fs::write(&strokes, line("a").repeat(5) + &line("b").repeat(5)).unwrap();
    fs::write(strokes.with_file_name("t.jsonl"), line("c")).unwrap();
    assert_eq!(load(&strokes, &few(4)).unwrap().train.counts(), [2, 2]);
    assert_eq!(load(strokes.parent().unwrap(), &few(7)).unwrap().train.counts(), [4, 2, 1]);

    let (_temporary, pictures) = class_folders();
    let list = "file,label\ndigit_0/00001.png,0\ndigit_0/00002.png,0\ndigit_1/00001.png,1\n";
    fs::write(pictures.join("labels.csv"), list).unwrap();
    assert_eq!(load(&pictures.join("labels.csv"), &few(2)).unwrap().train.counts(), [1, 1]);
}

#[test]
fn names_are_given_to_every_part() {
    let folder = tempfile::tempdir().unwrap();
    let names = folder.path().join("names.txt");
    fs::write(&names, "0 zero\n1 one\n").unwrap();
    let set = folder.path().join("set.npz");
    nn_data::write_npz(&small(), Some(&small()), &set).unwrap();
    let named = load(&set, &LoadOptions { classes: Some(names), ..exact() }).unwrap();
    assert_eq!(
        (named.train.classes(), named.test.unwrap().classes()),
        (&["one".into(), "zero".into()][..], &["one".into(), "zero".into()][..])
    );
}

#[test]
fn labels_that_differ_by_case_only_are_not_written_as_folders() {
    let temporary = tempfile::tempdir().unwrap();
    let letters = Dataset::from_names(Size::new(1, 1, 1), vec![1, 2], &["a", "A"], vec![]).unwrap();
    class_folders::write(&letters, &temporary.path().join("letters")).unwrap();
    assert_eq!(loaded(&temporary.path().join("letters")).train.classes(), ["A", "a"]);
    let words = Dataset::from_names(Size::new(1, 1, 1), vec![1, 2], &["cat", "Cat"], vec![]).unwrap();
    let error = class_folders::write(&words, &temporary.path().join("words")).unwrap_err().to_string();
    assert!(error.contains("class \"cat\" differs from another by case only"), "{error}");
}

#[test]
fn paths_without_a_dataset_say_what_is_missing() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path();
    assert!(message(&path.join("nowhere")).ends_with("nowhere does not exist"));
    assert!(message(path).ends_with(": the folder is empty"));
    fs::write(path.join("empty.csv"), "").unwrap();
    assert!(message(&path.join("empty.csv")).ends_with("empty.csv: the file is empty"));
    fs::write(path.join("x.txt"), "text").unwrap();
    assert!(message(&path.join("x.txt")).contains("no dataset: neither a CSV"));
    fs::remove_file(path.join("empty.csv")).unwrap();
    assert!(message(path).ends_with("neither IDX files nor class folders with pictures"));
    fs::create_dir(path.join("a")).unwrap();
    assert!(message(path).ends_with("no picture in any of its class folders"));
    fs::remove_dir(path.join("a")).unwrap();
    fs::write(path.join("x.png"), "text").unwrap();
    assert!(message(path).contains("pictures, but no class folders; put the pictures of each class into a folder"));
    fs::write(path.join("labels"), [0, 0, 8, 1, 0, 0, 0, 0]).unwrap();
    assert!(message(&path.join("labels")).contains("an IDX images file has `images` in its name"));
    let mut options = exact();
    options.preprocessing.std.clear();
    assert!(load(path, &options).unwrap_err().to_string().starts_with("impossible preprocessing"));
}

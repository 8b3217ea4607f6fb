//! Zip archives: unpacked to be read as a folder is, and written as NumPy's `.npz`.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::dataset::Dataset;
use crate::disk;
use crate::error::Error;
use crate::files::class_folders::list::{entries, holds_pictures};
use crate::files::idx;
use crate::files::image_file::kind::is_named_picture;
use crate::files::numpy;
use crate::files::stroke_file;

/// Bytes that an archive may fill when it is unpacked.
const MOST_BYTES: u64 = 4 << 30;

/// Files that an archive may hold; its table of contents then takes some 50 MB of memory.
const MOST_FILES: u64 = 1 << 18;

/// An archive, unpacked into a folder that vanishes with this.
pub(crate) struct Unpacked<'a> {
    /// The archive, or the folder of several.
    pub archive: &'a Path,
    folder: TempDir,
}

impl<'a> Unpacked<'a> {
    /// Unpacks an archive. Hidden files and those that a system adds (`__MACOSX`) are passed over.
    ///
    /// # Errors
    /// [`Error::Dataset`] when the archive is damaged, locked by a password, too large or a file of a program's own;
    /// [`Error::Missing`], [`Error::Read`], [`Error::Write`].
    pub(crate) fn new(archive: &'a Path) -> Result<Self, Error> {
        let problem = |problem: String| Error::dataset(archive, problem);
        let damaged = |error: ZipError| problem(format!("a zip archive that cannot be unpacked: {error}"));
        let mut file = BufReader::new(File::open(archive).map_err(Error::read(archive))?);
        let files = announced(&mut file).map_err(Error::read(archive))?;
        if files > MOST_FILES {
            return Err(problem(format!(
                "a zip archive of {files} files, which are more than {MOST_FILES}; unpack it"
            )));
        }
        let mut members = ZipArchive::new(file).map_err(damaged)?;
        let too_large = || problem("a zip archive of more than 4 GiB; unpack it".into());
        if members.decompressed_size().is_some_and(|bytes| bytes > u128::from(MOST_BYTES)) {
            return Err(too_large()); // before any of it is unpacked
        }
        let folder = tempfile::tempdir().map_err(Error::write(Path::new("a temporary folder")))?;
        let mut left = MOST_BYTES;
        for i in 0..members.len() {
            let member = members.by_index(i).map_err(damaged)?;
            let Some(name) = member.enclosed_name().filter(|name| member.is_file() && !is_of_a_system(name)) else {
                continue;
            };
            if name.file_name().is_some_and(|name| name == "data.pkl" || name == "[Content_Types].xml") {
                return Err(problem(
                    "no dataset, but a file of PyTorch or of an office program; save its arrays as .npz or CSV".into(),
                ));
            }
            let place = folder.path().join(name);
            let copy = || {
                fs::create_dir_all(disk::parent(&place))?;
                io::copy(&mut member.take(left + 1), &mut File::create(&place)?)
            };
            let copied = copy().map_err(|error| problem(format!("a zip archive that cannot be unpacked: {error}")))?;
            left = left.checked_sub(copied).ok_or_else(too_large)?;
        }
        Ok(Self { archive, folder })
    }

    /// Unpacks the archives of a folder, where each holds a single array, as those of Kuzushiji-MNIST: it gets the name of its
    /// archive. `None` if one holds something else.
    ///
    /// # Errors
    /// As [`Unpacked::new`].
    pub(crate) fn single_arrays(folder: &'a Path, archives: &[PathBuf]) -> Result<Option<Self>, Error> {
        let arrays = tempfile::tempdir().map_err(Error::write(Path::new("a temporary folder")))?;
        for archive in archives {
            let unpacked = Unpacked::new(archive)?;
            let [array] = &entries(unpacked.folder.path())?[..] else { return Ok(None) };
            if array.extension().is_none_or(|e| e != "npy") {
                return Ok(None);
            }
            let name = archive.with_extension("npy");
            let place = arrays.path().join(name.file_name().unwrap_or_default());
            fs::rename(array, &place).map_err(Error::write(&place))?;
        }
        Ok(Some(Self { archive: folder, folder: arrays }))
    }

    /// The folder, or the file in it if there is only one. A folder that holds only another is not it.
    pub(crate) fn content(&self) -> Result<PathBuf, Error> {
        let mut content = self.folder.path().to_path_buf();
        while content.is_dir() {
            match &entries(&content)?[..] {
                [only] if only.is_file() || !holds_pictures(only) => content = only.clone(),
                _ => break,
            }
        }
        Ok(content)
    }

    /// A text in which the archive has its own name.
    pub(crate) fn named(&self, text: &str) -> String {
        text.replace(&*self.folder.path().to_string_lossy(), &self.archive.to_string_lossy())
    }
}

/// The archives in a folder that holds no other data: no folders, pictures, IDX or stroke files.
///
/// # Errors
/// [`Error::Read`].
pub(crate) fn only_archives(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = entries(folder)?;
    let is_other = |file: &PathBuf| {
        file.is_dir() || idx::pair::is_images(file) || stroke_file::is_named_so(file) || is_named_picture(file)
    };
    if files.iter().any(is_other) {
        return Ok(vec![]);
    }
    let named = |file: &PathBuf, name: &str| file.extension().is_some_and(|e| e.eq_ignore_ascii_case(name));
    files.retain(|file| named(file, "npz") || named(file, "zip"));
    Ok(files)
}

/// The number of files that the record at the end of an archive announces; 0 where there is no such record.
fn announced(archive: &mut (impl Read + Seek)) -> io::Result<u64> {
    // The longest comment, the record before it and, where numbers have 64 bits, their record and the place of that.
    let length = archive.seek(SeekFrom::End(0))?;
    archive.seek(SeekFrom::Start(length.saturating_sub((1 << 16) + 22 + 20 + 56)))?;
    let mut end = Vec::new();
    archive.read_to_end(&mut end)?;
    archive.rewind()?;
    let behind = |mark: &[u8; 4]| end.windows(4).rposition(|bytes| bytes == mark).and_then(|at| end.get(at..));
    let short = behind(b"PK\x05\x06").and_then(|record| record.get(10..)?.first_chunk::<2>());
    let long = || behind(b"PK\x06\x06").and_then(|record| record.get(32..)?.first_chunk::<8>());
    Ok(match short.map(|bytes| u16::from_le_bytes(*bytes)) {
        Some(u16::MAX) => long().map_or(u64::from(u16::MAX), |bytes| u64::from_le_bytes(*bytes)),
        files => files.unwrap_or(0).into(),
    })
}

/// True for hidden files and folders, and for what macOS adds to an archive.
fn is_of_a_system(name: &Path) -> bool {
    name.iter().any(|part| part.to_string_lossy().starts_with('.') || part == "__MACOSX")
}

/// Writes the arrays `x_train`, `y_train` and, with a test part, `x_test`, `y_test` as one `.npz` file.
///
/// # Errors
/// [`Error::Write`].
pub fn write(train: &Dataset, test: Option<&Dataset>, path: &Path) -> Result<(), Error> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().large_file(true);
    for (part, dataset) in [("train", Some(train)), ("test", test)] {
        for (name, bytes) in dataset.into_iter().flat_map(|dataset| numpy::npy::members(dataset, part)) {
            let write = zip.start_file(name, options).map_err(io::Error::other).and_then(|()| zip.write_all(&bytes));
            write.map_err(Error::write(path))?;
        }
    }
    let bytes = zip.finish().map_err(io::Error::other).map_err(Error::write(path))?;
    disk::write(path, bytes.get_ref())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::files::class_folders;
    use crate::files::options::LoadOptions;
    use crate::files::{Loaded, load};
    use crate::preprocess::Preprocessing;
    use crate::size::Size;

    fn sample(names: &[&str], channels: usize) -> Dataset {
        let size = Size::new(6, 5, channels);
        let pixels = (0..names.len() * size.features()).map(|i| (i * 53 % 256) as u8).collect();
        Dataset::from_names(size, pixels, names, vec![]).unwrap()
    }

    /// An archive with these members.
    fn zip(path: &Path, members: &[(&str, Vec<u8>)]) {
        let mut zip = ZipWriter::new(File::create(path).unwrap());
        for (name, bytes) in members {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
    }

    fn read(path: &Path) -> Result<Loaded, Error> {
        load(path, &LoadOptions { preprocessing: Preprocessing::picture(5, 6, 1), ..LoadOptions::default() })
    }

    #[test]
    fn npz_files_come_back() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("d.npz");
        for (names, channels) in [(&["7", "1", "7"][..], 1), (&["a", "бв", "a"], 3)] {
            let (train, test) = (sample(names, channels), sample(&names[..1], channels));
            write(&train, Some(&test), &path).unwrap();
            let loaded = read(&path).unwrap();
            assert_eq!((&loaded.train, loaded.notes.len()), (&train, 0));
            assert_eq!(loaded.test.unwrap().pixels(), test.pixels());
            write(&train, None, &path).unwrap();
            assert_eq!(read(&path).unwrap().test, None);
        }
        fs::write(&path, &fs::read(&path).unwrap()[..200]).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("d.npz: a zip archive that cannot be unpacked"));
    }

    #[test]
    fn arrays_in_a_folder_are_read_by_name_and_by_shape() {
        let d = sample(&["7", "1", "7"], 1);
        let [(_, images), (_, labels)] = numpy::npy::members(&d, "train");
        for [x, y] in [
            ["x_train", "y_train"],
            ["X", "Y"],
            ["train_images", "train_labels"],
            ["trainX", "trainY"],
            ["first", "second"],
        ] {
            let place = tempfile::tempdir().unwrap();
            let file = |name: &str| place.path().join(format!("{name}.npy"));
            fs::write(file(x), &images).unwrap();
            fs::write(file(y), &labels).unwrap();
            for path in [place.path().into(), file(x)] {
                assert_eq!(read(&path).unwrap().train, d, "{x}, {y}");
            }
            fs::remove_file(file(y)).unwrap();
            assert!(read(&file(x)).unwrap_err().to_string().contains("no array of labels"), "{x}");
        }
    }

    #[test]
    fn arrays_of_other_kinds_are_understood_or_named() {
        let place = tempfile::tempdir().unwrap();
        let [x, y] = ["x", "y"].map(|name| place.path().join(format!("{name}.npy")));
        let d = sample(&["0", "1"], 1);
        fs::write(&y, numpy::npy::bytes_of(&[2, 2], &[1, 0, 0, 1])).unwrap();
        fs::write(&x, numpy::npy::bytes_of(&[2, 6, 5, 1], d.pixels())).unwrap();
        assert_eq!(read(place.path()).unwrap().train, d, "one-hot labels");
        fs::write(&x, numpy::npy::bytes_of(&[2, 3, 1, 2], &(0..12).collect::<Vec<u8>>())).unwrap();
        let colour = read(place.path()).unwrap();
        assert_eq!(colour.train.size(), Size::new(1, 2, 3));
        assert!(colour.notes[0].contains("its values go from 0 to 11"), "{:?}", colour.notes);
        for (shape, problem) in
            [(&[2, 6][..], "is none of pictures"), (&[3, 2, 2], "3 images, but"), (&[2, 90, 9], "truncated")]
        {
            fs::write(&x, numpy::npy::bytes_of(shape, &[200; 12])).unwrap();
            let error = read(place.path()).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn archives_that_announce_too_much_are_refused_before_they_are_unpacked() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("d.zip");
        zip(&path, &[("rows.csv", vec![b'0'; 99])]);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(announced(&mut Cursor::new(&bytes)).unwrap(), 1);
        let end = bytes.len() - 22;
        let mut many = bytes[..end].to_vec();
        many.extend(*b"PK\x06\x06\x2c\0\0\0\0\0\0\0-\0-\0\0\0\0\0\0\0\0\0");
        many.extend([1 << 20, 1 << 20].map(u64::to_le_bytes).concat());
        many.extend([0; 36]);
        many.extend(&bytes[end..]);
        let short = many.len() - 22;
        many[short + 8..short + 12].fill(0xff);
        fs::write(&path, many).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.ends_with("a zip archive of 1048576 files, which are more than 262144; unpack it"), "{error}");
        zip(&path, &[("a.csv", vec![b'0'; 99]), ("b.csv", vec![b'0'; 99])]);
        let mut large = fs::read(&path).unwrap();
        for entry in 0..large.len() - 28 {
            if large[entry..].starts_with(b"PK\x01\x02") {
                large[entry + 24..entry + 28].copy_from_slice(&0xffff_fffe_u32.to_le_bytes()); // its size
            }
        }
        fs::write(&path, large).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.ends_with("d.zip: a zip archive of more than 4 GiB; unpack it"), "{error}");
    }

    #[test]
    fn archives_of_one_array_each_are_read_together() {
        let place = tempfile::tempdir().unwrap();
        let d = sample(&["7", "1", "7"], 1);
        for part in ["train", "test"] {
            for ((_, bytes), role) in numpy::npy::members(&d, part).into_iter().zip(["imgs", "labels"]) {
                zip(&place.path().join(format!("kmnist-{part}-{role}.npz")), &[("arr_0.npy", bytes)]);
            }
        }
        let loaded = read(place.path()).unwrap();
        assert_eq!((loaded.train, loaded.test.unwrap()), (d.clone(), d.clone()));
        let alone = tempfile::tempdir().unwrap();
        write(&d, Some(&d), &alone.path().join("d.npz")).unwrap();
        assert_eq!(read(alone.path()).unwrap().train, d, "the only archive in a folder");
        write(&d, None, &alone.path().join("e.npz")).unwrap();
        let error = read(alone.path()).unwrap_err().to_string();
        assert!(error.ends_with("several archives; name the one you want: d.npz, e.npz"), "{error}");
        fs::remove_file(place.path().join("kmnist-train-labels.npz")).unwrap();
        let error = read(place.path()).unwrap_err().to_string();
        assert!(error.contains("kmnist-train-imgs.npy: it has no array of labels"), "{error}");
    }

    #[test]
    fn archives_within_archives_end() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("d.zip");
        let rows = format!("0{}\n1{}\n", ",0".repeat(36), ",255".repeat(36));
        let mut members = vec![("rows.csv", rows.into_bytes())];
        for depth in 1..6 {
            zip(&path, &members);
            let read = read(&path).map(|loaded| loaded.train.len()).map_err(|error| error.to_string());
            match depth {
                ..=3 => assert_eq!(read, Ok(2), "{depth}"),
                _ => {
                    let error = read.unwrap_err();
                    assert!(
                        error.contains("d.zip/inner.zip") && error.ends_with("within 3 others; unpack them"),
                        "{error}"
                    );
                }
            }
            members = vec![("inner.zip", fs::read(&path).unwrap()), ("readme.txt", b"beside it".to_vec())];
        }
    }

    #[test]
    fn archives_are_read_as_folders_are() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("d.zip");
        let d = sample(&["0", "1"], 1);
        class_folders::write(&d, &place.path().join("set")).unwrap();
        let picture = |name: &str| fs::read(place.path().join("set").join(name)).unwrap();
        let (first, second) = (picture("digit_0/00001.png"), picture("digit_1/00001.png"));
        let extra = ("__MACOSX/digit_0/._00001.png", b"x".to_vec());
        zip(&path, &[("digit_0/a.png", first), ("digit_1/b.png", second), extra, ("../out.png", vec![1])]);
        assert_eq!(read(&path).unwrap().train.pixels(), d.pixels());
        assert!(!place.path().parent().unwrap().join("out.png").exists());
        let rows = format!("0{}\n1{}\n", ",0".repeat(36), ",255".repeat(36));
        zip(&path, &[("some/../rows.csv", rows.into_bytes())]);
        assert_eq!(read(&path).unwrap().train.len(), 2);
        zip(&path, &[("rows.csv", b"1,2\n".to_vec())]);
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("d.zip") && error.contains("rows.csv: ") && !error.contains("/.tmp/rows"), "{error}");
        zip(&path, &[("model/data.pkl", vec![1])]);
        assert!(read(&path).unwrap_err().to_string().contains("a file of PyTorch"));
    }
}

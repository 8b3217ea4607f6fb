//! Drawings on disk: one folder per class and in it, for each drawing, a picture and its strokes.
//!
//! `digit_3/NAME.png` is dark ink on white paper, `digit_3/NAME.json` the [`StrokeSample`]. The strokes are written
//! first, so a picture never lacks them, and either file is whole or absent whenever a program ends. What is discarded
//! goes to the hidden folder `.trash`, which no reader of datasets sees.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use image::{DynamicImage, ExtendedColorType, ImageFormat, imageops};
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::dataset::classes::{class_order, folder_name, label_of};
use crate::disk;
use crate::error::Error;
use crate::files::class_folders::list::entries;
use crate::files::image_file::is_picture;
use crate::files::image_file::kind::is_named_picture;
use crate::ink::{Ink, StrokeSample};
use crate::preprocess::Preprocessing;

/// Where discarded drawings go.
const TRASH: &str = ".trash";

/// A folder of drawings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawings {
    root: PathBuf,
}

/// A class of drawings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawingClass {
    /// Its label.
    pub label: String,
    /// Its pictures, by name.
    pub pictures: Vec<PathBuf>,
}

impl Drawings {
    /// Side of the pictures that are saved, in pixels.
    pub const SIDE: u32 = 256;

    /// The drawings in a folder, which need not be there yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Saves a drawing by a pen (see [`crate::ink::Ink::rasterise`]) under a name that no other has, and returns the
    /// picture's path. Both files are on the disk then.
    ///
    /// # Errors
    /// [`Error::Exists`] where the name is taken; [`Error::Dataset`] where a class differs from the label by case only;
    /// [`Error::Invalid`] for an empty label; [`Error::Write`].
    pub fn save(&self, sample: &StrokeSample, pen: f32, name: &str) -> Result<PathBuf, Error> {
        let folder = self.class_folder(&sample.label)?;
        let path = folder.join(format!("{name}.png"));
        if path.exists() {
            return Err(Error::Exists { path });
        }
        write_strokes(&path, sample)?;
        let problem = |error: image::ImageError| Error::Picture { path: path.clone(), problem: error.to_string() };
        disk::write_new(&path, &Self::png(&sample.strokes, pen).map_err(problem)?)?;
        Ok(path)
    }

    /// The content of a picture's file: dark ink on white paper, drawn by a pen.
    ///
    /// # Errors
    /// Where the picture cannot be encoded, which none causes.
    pub fn png(ink: &Ink, pen: f32) -> image::ImageResult<Vec<u8>> {
        let mut picture = ink.rasterise(Self::SIDE, pen);
        imageops::invert(&mut picture);
        let mut bytes = std::io::Cursor::new(Vec::new());
        let (side, grey) = (Self::SIDE, ExtendedColorType::L8);
        image::write_buffer_with_format(&mut bytes, &picture, side, side, grey, ImageFormat::Png)?;
        Ok(bytes.into_inner())
    }

    /// The dataset of drawings by a pen: what [`load`](crate::load) makes of a folder to which they are saved, but for rounding.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more classes than a dataset may have.
    pub fn dataset(samples: Vec<StrokeSample>, pen: f32, preprocessing: &Preprocessing) -> Result<Dataset, Error> {
        let picture = |sample: &StrokeSample| preprocessing.apply(&sample.strokes.rasterise(Self::SIDE, pen).into());
        let pixels = samples.par_iter().flat_map_iter(picture).collect();
        let labels: Vec<&str> = samples.iter().map(|sample| sample.label.as_str()).collect();
        let dataset = Dataset::from_names(preprocessing.size(), pixels, &labels, vec![])?;
        Ok(dataset.with_drawings(samples.into_iter().map(|sample| Some(Arc::new(sample))).collect()))
    }

    /// Saves a picture that has no strokes, whole and in its colours, and returns its path.
    ///
    /// # Errors
    /// As [`Drawings::save`].
    pub fn save_picture(&self, label: &str, picture: &DynamicImage, name: &str) -> Result<PathBuf, Error> {
        let path = self.class_folder(label)?.join(format!("{name}.png"));
        let mut bytes = std::io::Cursor::new(Vec::new());
        let problem = |error: image::ImageError| Error::Picture { path: path.clone(), problem: error.to_string() };
        picture.write_to(&mut bytes, ImageFormat::Png).map_err(problem)?;
        disk::write_new(&path, &bytes.into_inner())?;
        Ok(path)
    }

    /// A name made of the time, the process and a number, so that no two drawings take the same; a later one comes
    /// after an earlier one in the order of names.
    pub fn new_name(now: SystemTime) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let millis = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        format!("{millis:013}-{:x}-{number:06}", std::process::id())
    }

    /// The path that a drawing of this label and name has or will have.
    pub fn path_of(&self, label: &str, name: &str) -> PathBuf {
        self.root.join(folder_name(label)).join(format!("{name}.png"))
    }

    /// The path that a drawing has in the trash.
    pub fn trash_of(&self, picture: &Path) -> PathBuf {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_os_string();
        self.root.join(TRASH).join(name(picture.parent().unwrap_or(picture))).join(name(picture))
    }

    /// The strokes of a picture.
    ///
    /// # Errors
    /// [`Error::Missing`] where none were kept, [`Error::Read`], [`Error::Dataset`].
    pub fn strokes(picture: &Path) -> Result<StrokeSample, Error> {
        let path = picture.with_extension("json");
        serde_json::from_slice(&disk::read_small(&path)?)
            .map_err(|error| Error::dataset(&path, format!("no strokes: {error}")))
    }

    /// All classes that have pictures, in the order of classes. Files are opened only where their name does not say what they are.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub fn classes(&self) -> Result<Vec<DrawingClass>, Error> {
        let mut classes: Vec<DrawingClass> = Vec::new();
        for folder in names(&self.root)? {
            if !folder.is_dir() {
                continue;
            }
            let mut pictures = names(&folder)?;
            pictures.retain(|path| is_named_picture(path) || has_other_name(path) && is_picture(path));
            let label = label_of(&folder.file_name().unwrap_or_default().to_string_lossy());
            if !pictures.is_empty() {
                classes.push(DrawingClass { label, pictures });
            }
        }
        classes.sort_by(|a, b| class_order(&a.label, &b.label));
        Ok(classes)
    }

    /// The discarded pictures, in the order of their names. Only names are read.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub fn trashed(&self) -> Result<Vec<PathBuf>, Error> {
        let mut pictures: Vec<PathBuf> =
            Self::new(self.root.join(TRASH)).classes()?.into_iter().flat_map(|class| class.pictures).collect();
        pictures.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        Ok(pictures)
    }

    /// Moves a drawing to the trash, and returns its path there.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn discard(&self, picture: &Path) -> Result<PathBuf, Error> {
        self.move_to(picture, &self.trash_of(picture))
    }

    /// Brings a discarded drawing back to its class, and returns its path there.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::Write`].
    pub fn restore(&self, trashed: &Path) -> Result<PathBuf, Error> {
        let folder = trashed.parent().and_then(Path::file_name).unwrap_or_default();
        self.move_to(trashed, &self.root.join(folder).join(trashed.file_name().unwrap_or_default()))
    }

    /// Moves a drawing to another class, and returns its path there.
    ///
    /// # Errors
    /// As [`Drawings::save`].
    pub fn relabel(&self, picture: &Path, label: &str) -> Result<PathBuf, Error> {
        let target = self.class_folder(label)?.join(picture.file_name().unwrap_or_default());
        let Ok(sample) = Self::strokes(picture) else { return self.move_to(picture, &target) };
        write_strokes(&target, &StrokeSample { label: label.into(), ..sample })?;
        rename(picture, &target)?;
        let _ = fs::remove_file(picture.with_extension("json")); // strokes without a picture mean nothing
        Ok(target)
    }

    /// Moves the strokes, then the picture.
    fn move_to(&self, picture: &Path, target: &Path) -> Result<PathBuf, Error> {
        let folder = target.parent().unwrap_or(target);
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        if picture.with_extension("json").exists() {
            rename(&picture.with_extension("json"), &target.with_extension("json"))?;
        }
        rename(picture, target)?;
        Ok(target.into())
    }

    /// The folder of a class, made where it is missing.
    fn class_folder(&self, label: &str) -> Result<PathBuf, Error> {
        if label.trim().is_empty() {
            return Err(Error::Invalid("a label is needed".into()));
        }
        let name = folder_name(label);
        let folder = self.root.join(&name);
        if !folder.is_dir() {
            let alike = |path: &PathBuf| {
                let other = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
                other == name.to_lowercase()
            };
            if let Some(other) = names(&self.root)?.iter().find(|path| alike(path)) {
                let problem = format!("{label:?} differs from this class by case only; take another label");
                return Err(Error::dataset(other, problem));
            }
            fs::create_dir_all(&folder).map_err(Error::write(&folder))?;
        }
        Ok(folder)
    }
}

fn write_strokes(picture: &Path, sample: &StrokeSample) -> Result<(), Error> {
    let path = picture.with_extension("json");
    let text = serde_json::to_string(sample).map_err(|error| Error::Invalid(error.to_string()))?;
    disk::write_new(&path, text.as_bytes())
}

/// Renames where nothing stands at the target.
fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    if to.exists() {
        return Err(Error::Exists { path: to.into() });
    }
    fs::rename(from, to).map_err(Error::write(to))
}

/// True for a file that may be a picture although its name does not say so; strokes are none.
fn has_other_name(path: &Path) -> bool {
    path.extension().is_none_or(|e| e != "json") && path.is_file()
}

/// The files and folders in a folder that are not hidden, sorted; an empty list if the folder is missing.
fn names(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if folder.exists() { entries(folder) } else { Ok(vec![]) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::files::image_file::read_picture;
    use crate::files::load;
    use crate::files::options::LoadOptions;
    use crate::ink::Ink;

    fn sample(label: &str) -> StrokeSample {
        let strokes = Ink { strokes: vec![vec![[0.52, 0.1], [0.47, 0.9]]] };
        StrokeSample { label: label.into(), writer: "ada".into(), strokes }
    }

    #[test]
    fn what_is_saved_is_a_dataset_with_its_strokes() {
        let folder = tempfile::tempdir().unwrap();
        let drawings = Drawings::new(folder.path().join("new"));
        assert_eq!(drawings.classes().unwrap(), []);
        let paths: Vec<_> =
            ["a", "A", "1"].iter().map(|label| drawings.save(&sample(label), 0.08, "x").unwrap()).collect();
        assert!(paths[0].ends_with("lower_a/x.png") && paths[1].ends_with("upper_A/x.png"), "{paths:?}");
        assert_eq!(Drawings::strokes(&paths[1]).unwrap(), sample("A"));
        let picture = read_picture(&paths[0]).unwrap().into_luma8();
        assert_eq!((picture.width(), picture.get_pixel(128, 128)[0], picture.get_pixel(2, 2)[0]), (256, 0, 255));
        let loaded = load(drawings.root(), &LoadOptions::default()).unwrap();
        assert_eq!((loaded.train.classes().join(" "), loaded.skipped.not_read()), ("1 A a".into(), 0));
        let options = LoadOptions { preprocessing: Preprocessing::ink(28, 28), ..LoadOptions::default() };
        let (folder, samples) = (load(drawings.root(), &options).unwrap().train, ["1", "a", "A"].map(sample));
        let direct = Drawings::dataset(samples.into(), 0.08, &options.preprocessing).unwrap();
        assert_eq!((direct.classes(), direct.labels()), (folder.classes(), folder.labels()));
        assert_eq!(direct.drawing(1), folder.drawing(1));
        let apart = direct.pixels().iter().zip(folder.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(apart <= Some(2), "dark on white is rounded otherwise than bright on black: {apart:?}");
        let error = drawings.save(&sample("a"), 0.08, "x").unwrap_err();
        assert!(matches!(error, Error::Exists { .. }), "{error}");
        let names = [0, 1].map(|_| Drawings::new_name(SystemTime::now()));
        let saved = [0, 1].map(|i| drawings.save(&sample("a"), 0.08, &names[i]).unwrap());
        assert!(saved.is_sorted() && saved[0] != saved[1] && saved.iter().all(|path| path.exists()));
        assert_eq!(saved, [0, 1].map(|i| drawings.path_of("a", &names[i])));
    }

    #[test]
    fn a_picture_without_strokes_is_a_sample_like_others() {
        let folder = tempfile::tempdir().unwrap();
        let drawings = Drawings::new(folder.path());
        let picture = DynamicImage::from(image::RgbImage::from_fn(30, 20, |x, y| image::Rgb([x as u8, y as u8, 90])));
        let path = drawings.save_picture("a", &picture, "x").unwrap();
        assert_eq!((&path, read_picture(&path).unwrap()), (&drawings.path_of("a", "x"), picture.clone()));
        assert!(matches!(drawings.save_picture("a", &picture, "x").unwrap_err(), Error::Exists { .. }));
        drawings.save(&sample("b"), 0.08, "y").unwrap();
        assert_eq!(load(folder.path(), &LoadOptions::default()).unwrap().train.len(), 2);
        let trashed = drawings.discard(&path).unwrap();
        assert_eq!((trashed.clone(), drawings.restore(&trashed).unwrap()), (drawings.trash_of(&path), path));
    }

    #[test]
    fn drawings_move_to_the_trash_and_to_other_classes() {
        let folder = tempfile::tempdir().unwrap();
        let drawings = Drawings::new(folder.path());
        let path = drawings.save(&sample("7"), 0.08, "x").unwrap();
        let trashed = drawings.discard(&path).unwrap();
        assert_eq!(drawings.classes().unwrap(), []);
        assert!(Drawings::strokes(&trashed).is_ok() && load(folder.path(), &LoadOptions::default()).is_err());
        assert_eq!(drawings.restore(&trashed).unwrap(), path);
        let one = drawings.relabel(&path, "1").unwrap();
        assert_eq!(Drawings::strokes(&one).unwrap(), sample("1"));
        assert_eq!(drawings.classes().unwrap(), [DrawingClass { label: "1".into(), pictures: vec![one] }]);
        assert!(!path.with_extension("json").exists());
        let seven = drawings.save_picture("7", &DynamicImage::new_luma8(9, 9), "photo").unwrap();
        fs::write(seven.with_extension("json"), "{\"shapes\": []}").unwrap();
        let one = drawings.relabel(&seven, "1").unwrap();
        assert_eq!(
            fs::read_to_string(one.with_extension("json")).unwrap(),
            "{\"shapes\": []}",
            "notes of others go along"
        );
    }

    #[test]
    fn labels_that_no_folder_can_hold_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let drawings = Drawings::new(folder.path());
        drawings.save(&sample("cat"), 0.08, "x").unwrap();
        let error = drawings.save(&sample("Cat"), 0.08, "y").unwrap_err().to_string();
        assert!(error.contains("differs from this class by case only"), "{error}");
        assert_eq!(drawings.save(&sample(" "), 0.08, "y").unwrap_err().to_string(), "a label is needed");
    }
}

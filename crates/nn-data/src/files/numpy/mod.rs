//! NumPy's arrays: a folder of `.npy` files, in pairs of images and labels, for training and for testing.
//!
//! An `.npz` is a zip archive of such files, as Keras' `mnist.npz` with `x_train`, `y_train`, `x_test`, `y_test`. Which
//! array is which follows from its name (`x`, `images`, `data`; `y`, `labels`, `target`; `train`, `test`, `val`) or, where
//! there are two of other names, from their shapes.

mod layout;
mod meaning;
pub(crate) mod npy;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::disk;
use crate::disk::memory::Memory;
use crate::error::Error;
use crate::files::alpha;
use crate::files::numpy::layout::Layout;
use crate::files::numpy::meaning::{Part, Role, meaning};
use crate::files::numpy::npy::Header;
use crate::files::options::LoadOptions;
use crate::files::planes;
use crate::files::range::{Range, Scale};

/// The parts of a dataset in arrays.
pub(crate) struct Parts {
    pub train: Dataset,
    pub validation: Option<Dataset>,
    pub test: Option<Dataset>,
    /// How the values of the training part became bytes.
    pub scale: Option<Scale>,
    /// Lines about how the arrays were understood.
    pub notes: Vec<String>,
}

/// Reads the arrays in the folder, or an array whose path is given with those that belong to it. At most `options.limit` images
/// for training are read.
///
/// # Errors
/// [`Error::Dataset`] names the array and the problem; [`Error::Missing`], [`Error::Read`].
pub(crate) fn read(path: &Path, options: &LoadOptions) -> Result<Parts, Error> {
    let found = if path.is_dir() { arrays(path)? } else { with_others(path)? };
    let mut notes = vec![];
    let mut scale = options.scale; // what the values of the first part say holds for all
    let mut part = |part: Part, limit| {
        let chosen: Vec<&Array> = found.iter().filter(|array| array.part == part).collect();
        let mut all_images = chosen.iter().filter(|array| array.role == Role::Images);
        let images = all_images.next();
        for more in all_images {
            notes.push(format!(
                "{}: left out, as only the first array of images of a part is read",
                more.path.display()
            ));
        }
        let read = images.map(|images| read_pair(images, &chosen, limit, (scale, options), &mut notes)).transpose()?;
        Ok::<_, Error>(read.map(|(dataset, found)| {
            scale = scale.or(Some(found));
            dataset
        }))
    };
    let train = part(Part::Train, options.limit)?;
    let validation = part(Part::Validation, None)?;
    let test = if options.no_test { None } else { part(Part::Test, None)? };
    let (train, test) = if train.is_some() { (train, test) } else { (test, None) };
    let Some(train) = train else {
        let names: Vec<String> = found.iter().map(|array| format!("{} {:?}", array.name, array.header.shape)).collect();
        let problem = format!("no array of images among {}; call them x_train and y_train", names.join(", "));
        return Err(Error::dataset(path, problem));
    };
    let rest = found.iter().filter(|array| array.role == Role::Other);
    notes.extend(rest.map(|array| format!("{}: left out, neither images nor labels", array.path.display())));
    Ok(Parts { train, validation, test, scale, notes })
}

/// The array at a path, and those of its folder that belong to it: its labels and, where it is there to train on, the other
/// parts.
fn with_others(path: &Path) -> Result<Vec<Array>, Error> {
    let mut found = arrays(disk::parent(path))?;
    let is_named = |array: &Array| array.path.file_name() == path.file_name();
    let Some(named) = found.iter_mut().find(|array| is_named(array)) else {
        return Err(Error::dataset(
            path,
            "an array of NumPy whose name does not end in .npy; unpack it if it is gzipped, and call it so",
        ));
    };
    if named.role == Role::Other && named.header.shape.len() > 1 {
        named.role = Role::Images;
    }
    let (part, role) = (named.part, named.role);
    found.retain(|array| {
        let belongs = array.part == part || part == Part::Train;
        belongs && (array.part != part || array.role != role || is_named(array))
    });
    Ok(found)
}

/// True if the folder has arrays.
pub(crate) fn has_arrays(folder: &Path) -> Result<bool, Error> {
    Ok(npy_files(folder)?.next().is_some())
}

/// An array and what it holds.
struct Array {
    path: PathBuf,
    name: String,
    header: Header,
    part: Part,
    role: Role,
}

fn npy_files(folder: &Path) -> Result<impl Iterator<Item = PathBuf>, Error> {
    let mut paths = vec![];
    for entry in std::fs::read_dir(folder).map_err(Error::read(folder))? {
        paths.push(entry.map_err(Error::read(folder))?.path());
    }
    paths.sort();
    let is_array = |path: &PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npy"));
    Ok(paths.into_iter().filter(move |path| is_array(path) && !disk::is_hidden(path)))
}

/// The arrays of a folder, each with its part and its role.
fn arrays(folder: &Path) -> Result<Vec<Array>, Error> {
    let array = |path: PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let header = open(&path)?.1;
        let (part, role) = meaning(&name, &header.shape);
        Ok(Array { path, name, header, part, role })
    };
    let mut arrays = npy_files(folder)?.map(array).collect::<Result<Vec<Array>, Error>>()?;
    if let [first, second] = &mut arrays[..] {
        // Two arrays without telling names: the one with more values is the images, the other their labels.
        let (images, labels) = if first.header.len() > second.header.len() { (first, second) } else { (second, first) };
        if images.role != Role::Labels && labels.role != Role::Images && images.part == labels.part {
            (images.role, labels.role) = (Role::Images, Role::Labels);
        }
    }
    Ok(arrays)
}

fn open(path: &Path) -> Result<(BufReader<File>, Header), Error> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(Error::read(path))?);
    let header = Header::read(&mut reader).map_err(|problem| Error::dataset(path, problem))?;
    Ok((reader, header))
}

/// The images of an array with their labels, if those are there, and how the values became bytes. `before` is the scale of
/// the part before.
fn read_pair(
    images: &Array,
    chosen: &[&Array],
    limit: Option<usize>,
    (before, options): (Option<Scale>, &LoadOptions),
    notes: &mut Vec<String>,
) -> Result<(Dataset, Scale), Error> {
    let path = &images.path;
    let shape = &images.header.shape;
    let layout = Layout::of(shape).ok_or_else(|| {
        Error::dataset(
            path,
            format!("its shape {shape:?} is none of pictures: (n, height, width), with 1 or 3 channels or flat"),
        )
    })?;
    let all = layout.count;
    let n = limit.map_or(all, |limit| all.min(limit));
    options.memory.check(path, Memory::of_samples(n as u64, layout.size.features() as u64))?;
    let all_labels: Vec<&&Array> = chosen.iter().filter(|array| array.role == Role::Labels).collect();
    let fitting = all_labels.iter().find(|array| array.header.shape.first() == Some(&all));
    let labels = fitting.or(all_labels.first()).copied();
    if let Some(labels) = labels.filter(|_| all_labels.len() > 1) {
        notes.push(format!("{}: its labels are those of {}", path.display(), labels.path.display()));
    }
    let mut names = match labels {
        Some(labels) => read_labels(labels)?,
        None if options.unlabelled => {
            notes.push(format!("{}: it has no array of labels", path.display()));
            vec![String::new(); all]
        }
        None => {
            return Err(Error::dataset(
                path,
                "it has no array of labels; call it y_train, or name the folder where other files hold it",
            ));
        }
    };
    if let Some(Array { path: labels, .. }) = labels.filter(|_| names.len() != all) {
        let (images, labels, image_count) = (path.clone(), labels.clone(), all as u64);
        return Err(Error::Counts { images, image_count, labels, label_count: names.len() as u64 });
    }
    let (mut pixels, scale) = read_pixels(images, n, layout, before, notes)?;
    let mut size = layout.size;
    if layout.flat {
        let mut line = planes::interleave(&mut pixels, size);
        if let Some(opaque) = alpha::remove(&pixels, size) {
            (pixels, size) = (opaque.pixels, opaque.size);
            line = Some(opaque.note);
        }
        notes.extend(line.map(|line| format!("{}: {line}", path.display())));
    }
    let classes = crate::dataset::sorted_classes(names.iter().map(String::as_str));
    names.truncate(n);
    Ok((Dataset::from_names(size, pixels, &names, vec![])?.with_classes(&classes)?, scale))
}

/// The first `n` pictures of an array as bytes, and how they became that.
fn read_pixels(
    images: &Array,
    n: usize,
    layout: Layout,
    before: Option<Scale>,
    notes: &mut Vec<String>,
) -> Result<(Vec<u8>, Scale), Error> {
    let path = &images.path;
    let features = layout.size.features();
    let count = n * features;
    let there = std::fs::metadata(path).map_err(Error::read(path))?.len();
    if (count as u64) > there {
        return Err(Error::dataset(path, format!("truncated: {count} values announced, {there} bytes there")));
    }
    let pass = |take: &mut dyn FnMut(usize, f32)| {
        let (mut reader, header) = open(path)?;
        header.numbers(&mut reader, count, take).map_err(|problem| Error::dataset(path, problem))
    };
    let mut range = Range::EMPTY;
    let mut finite = true;
    pass(&mut |_, value| {
        finite &= value.is_finite();
        range.add(value);
    })?;
    let scale = range.scale_after(before, n).filter(|_| finite);
    let scale = scale.ok_or_else(|| Error::dataset(path, range.unusual()))?;
    notes.extend(range.note(scale, before).map(|note| format!("{}: {note}", path.display())));
    let mut pixels = vec![0; count];
    pass(&mut |i, value| {
        if let Some(pixel) = pixels.get_mut(i / features * features + layout.place(i % features)) {
            *pixel = scale.byte(value);
        }
    })?;
    Ok((pixels, scale))
}

/// The labels of an array: texts, whole numbers, or rows with a single 1.
fn read_labels(labels: &Array) -> Result<Vec<String>, Error> {
    let path = &labels.path;
    let problem = |problem: String| Error::dataset(path, problem);
    let (mut reader, header) = open(path)?;
    if header.is_text() {
        return header.texts(&mut reader).map_err(problem);
    }
    let there = std::fs::metadata(path).map_err(Error::read(path))?.len();
    if header.len() as u64 > there {
        return Err(problem(format!("truncated: {} labels announced, {there} bytes there", header.len())));
    }
    let mut values = vec![0.0; header.len()];
    let set = |i: usize, value| {
        if let Some(place) = values.get_mut(i) {
            *place = value;
        }
    };
    header.numbers(&mut reader, header.len(), set).map_err(problem)?;
    let one_hot = |row: &[f32]| {
        let hot = row.iter().position(|&value| value == 1.0)?;
        row.iter().enumerate().all(|(i, &value)| value == f32::from(u8::from(i == hot))).then(|| hot.to_string())
    };
    let name = |&value: &f32| (value.fract() == 0.0).then(|| value.to_string());
    let names: Option<Vec<String>> = match header.shape[..] {
        [_] | [_, 1] => values.iter().map(name).collect(),
        [_, classes] => values.chunks(classes.max(1)).map(one_hot).collect(),
        _ => None,
    };
    names.ok_or_else(|| problem(format!("its shape {:?} or its values are not those of labels", header.shape)))
}

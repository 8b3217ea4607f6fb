//! Flags that say how datasets are read, and the help text about datasets.

use crate::memory::{self, MEMORY};
use crate::numbers::{self, positive, size};
use crate::say::Say;
use anyhow::{Context, Result};
use nn_data::{Arrays, Dataset, LoadOptions, Loaded, Memory, Preprocessing, doubtful_join, load};
use std::path::{Path, PathBuf};

/// The help text about the value PATH of a dataset.
pub const DATASET: &str = "\
A dataset PATH is a folder with IDX files (plain or .gz), a CSV (label,p0,p1,..., or a \
header that names the label; tabs, semicolons and blanks may separate too; plain or .gz; also filename,label beside the pictures), NumPy's arrays \
(.npz, or .npy in pairs, as x_train and y_train), a stroke file (.jsonl, \
plain or .gz: {\"label\": \"a\", \"writer\": \"ada\", \"strokes\": [[[x, y], ...], ...]} in each line; a field split may \
say train or test; Quick, Draw! .ndjson too), or a folder with one folder of pictures (PNG, JPEG, BMP, GIF, WebP, TIFF) for each class, as the \
collector saves them, perhaps in parts named train, val and test. A file classes.txt beside class folders names them \
(lines KEY NAME). A .zip of any of these is read as a folder is.";

/// The help text of `--transpose`.
pub const TRANSPOSE: &str =
    "Swap rows and columns of the pictures in arrays (IDX, CSV, NumPy), as EMNIST's files need it";
/// The help text of `--skip-bad`.
pub const SKIP_BAD: &str = "Pass over pictures that cannot be decoded instead of stopping at the first";

/// The help text of `--y-up`.
pub const Y_UP: &str = "Turn the drawings of stroke files over: their y points up";
/// The help text of `--centre`.
pub const CENTRE: &str =
    "Treat arrays (IDX, CSV, NumPy) as pictures of any size: find their ink, dark or light, and centre it";
/// The help text of `--tiny`.
pub const TINY: &str = "Take rows of fewer than 25 values in a CSV for pictures";

/// How datasets are read.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
pub struct DataFlags {
    /// Size that every picture is brought to [default: 28x28 for pictures and strokes; IDX and CSV keep theirs]
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(u32, u32)>,
    /// Keep colours; pictures are stretched to the size instead of being centred by their ink
    #[arg(long)]
    pub color: bool,
    /// Read only the first N training samples or, where these lack a class, the first of each class in turn
    #[arg(long, value_name = "N", value_parser = positive)]
    pub limit: Option<usize>,
    /// A file that names the classes: lines KEY NAME, a name for each line, or JSON
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
    #[allow(missing_docs)]
    #[arg(long, help = Y_UP)]
    pub y_up: bool,
    #[allow(missing_docs)]
    #[arg(long, help = TRANSPOSE)]
    pub transpose: bool,
    #[allow(missing_docs)]
    #[arg(long, help = SKIP_BAD)]
    pub skip_bad: bool,
    #[allow(missing_docs)]
    #[arg(long, help = CENTRE, visible_alias = "center")]
    pub centre: bool,
    #[allow(missing_docs)]
    #[arg(long, help = TINY)]
    pub tiny: bool,
    /// Leave a test part alone that stands beside the training part (t10k files, a folder `test`)
    #[arg(long)]
    pub no_test: bool,
    #[allow(missing_docs)]
    #[arg(long, value_name = "SIZE", help = MEMORY, value_parser = numbers::memory)]
    pub memory: Option<Memory>,
}

impl DataFlags {
    /// The preprocessing that the flags ask for: pictures as they are with `--color`, else characters by their ink.
    pub fn preprocessing(&self) -> Preprocessing {
        let (width, height) = self.size.unwrap_or((28, 28));
        if self.color { Preprocessing::picture(width, height, 3) } else { Preprocessing::ink(width, height) }
    }

    /// How `nn_data::load` reads with these flags. Arrays are preprocessed only where a flag asks for a size, colours or centring.
    pub fn options(&self) -> LoadOptions {
        let preprocessing = self.preprocessing();
        let preprocess = self.size.is_some() || self.color || self.centre;
        let arrays = if preprocess { Arrays::Preprocess } else { Arrays::AsTheyAre };
        let Self { transpose, skip_bad, limit, tiny, no_test, y_up, memory, .. } = *self;
        LoadOptions {
            preprocessing,
            arrays,
            scale: None,
            transpose,
            skip_bad,
            limit,
            classes: self.classes.clone(),
            y_up,
            tiny,
            no_test,
            memory: memory::limit(memory),
            unlabelled: false,
        }
    }
}

/// Reads a dataset from a path, and says how it was understood and which files were passed over.
///
/// # Errors
/// Those of [`nn_data::load`].
pub fn read(path: &Path, options: &LoadOptions, say: &Say) -> Result<Loaded> {
    let loaded = load(path, options)?;
    loaded.notes.iter().for_each(|note| say.note(note));
    say.skipped(&loaded.skipped);
    Ok(loaded)
}

/// Joins the training parts of datasets, which together must stay within `limit`, and says where classes of one name may mean
/// different things.
///
/// # Errors
/// Where they need more; those of [`Dataset::concat`].
pub fn joined(parts: Vec<Dataset>, limit: Memory, say: &Say) -> Result<Dataset> {
    let need = |part: &Dataset| Memory::of_samples(part.len() as u64, part.features() as u64);
    memory::check(parts.iter().map(need).sum(), limit, "all of the data together", "--limit N reads less")?;
    doubtful_join(&parts).iter().for_each(|line| say.note(line));
    Dataset::concat(parts).context("the datasets cannot be joined; --size WxH brings them together")
}

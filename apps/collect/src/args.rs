//! The command line of `collect`.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use cli::data_flags::{DATASET, DataFlags};
use cli::numbers::{not_negative, positive, range};
use cli::output::FORCE;
use nn_data::Augment;
use std::path::{Path, PathBuf};

/// Makes datasets of pictures: draws them in a window, builds them from what there is, enlarges them, and looks at them.
#[derive(Parser, Debug)]
#[command(
    version,
    after_help = format!("Examples:
  collect                         draw in a window; saved in data/drawings
  collect --to data/letters
  collect build --from data/drawings --to drawings.csv.gz
  collect augment --from drawings.csv.gz --to enlarged.csv.gz --copies 5
  collect stats data/mnist --sheet mnist.png
  collect check data/drawings

Without a command, a window opens: draw, press the key of what it is, draw the next. Each drawing is a picture and its
strokes in the folder of its class, safe on the disk at once; the trainer reads the folder as it is.

{DATASET}")
)]
pub struct Args {
    /// Command [default: open the window]
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where the window saves, a folder for each class [default: data/drawings]
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Print results only
    #[arg(long, global = true)]
    pub quiet: bool,
}

/// The subcommands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Build one dataset from one or several: every picture is centred as the network sees it
    #[command(after_help = "Examples:
  collect build --from data/mnist data/drawings --to digits.csv.gz
  collect build --from photos --to photos-idx --format idx
  collect build --from digits.csv --to digits.npz
  collect build --from vehicles --to small --size 24x24 --color --skip-bad

IDX and CSV are brought to one size too: 28x28, unless --size says otherwise.

Training and test parts of the sources stay apart. A CSV holds one part only, so the test part becomes a file of its \
own: digits-test.csv.gz beside digits.csv.gz, for `train --test`. A folder gets the folders `train` and `test`, or, in \
IDX, train-... and t10k-... files, which the trainer finds by itself. Without a test part, the class folders stand in \
the folder itself.")]
    Build(Build),
    /// Write a dataset and distorted copies of its training pictures
    #[command(after_help = "Examples:
  collect augment --from data/drawings --to enlarged.csv.gz --copies 10
  collect augment --from digits.csv --to turned.csv --copies 3 --rotate 20 --scale 1..1 --shear 0 --shift 0 --elastic 0

The originals come first, then a copy of each, then the next copy. A test part is kept as it is. The same seed makes \
the same copies.

The trainer itself distorts pictures, each epoch anew (`train --augment`), and so has no need of this; other programs \
may. It centres the pictures of folders, which undoes shifts: prefer a CSV or IDX.")]
    Augment(Enlarge),
    /// Count what a dataset holds, and find what is wrong with it
    #[command(after_help = "Examples:
  collect stats data/mnist
  collect stats data/drawings --sheet drawings.png

Duplicates are pictures that are the same for the network, pixel by pixel. Ink is the mean brightness, ink being white.")]
    Stats(Examine),
    /// Look for what is probably wrong: labels, duplicates, broken, blank and turned pictures, and list what to look at
    #[command(after_help = "Examples:
  collect check data/drawings
  collect check photos --sheet doubtful.png
  collect check emnist --model characters

Labels are held against the answers of --model or, without it, of small networks that learn the dataset itself: each \
sample is read by one that has not learned it. Labels that surprise them come first in the list, and --sheet draws them \
in that order; many are right and only unusual, so look at them and correct none unseen. How pictures lie (transposed, \
mirrored, turned, dark on bright) is told by --model, and for digits by the built-in model. Pictures that cannot be \
decoded are passed over and listed.

The exit code is 0 whatever is found, and 1 when the dataset cannot be read.")]
    Check(Check),
}

/// `collect build`.
#[derive(clap::Args, Debug)]
pub struct Build {
    /// Datasets to join
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub from: Vec<PathBuf>,
    /// Where they go
    #[command(flatten)]
    pub writing: Writing,
    /// How they are read
    #[command(flatten)]
    pub reading: DataFlags,
}

/// `collect augment`.
#[derive(clap::Args, Debug)]
pub struct Enlarge {
    /// Datasets to join and enlarge
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub from: Vec<PathBuf>,
    /// Where they go
    #[command(flatten)]
    pub writing: Writing,
    /// Distorted copies of each picture
    #[arg(long, value_name = "N", value_parser = positive)]
    pub copies: usize,
    /// Seed of the distortions
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Turn by up to DEG degrees to either side
    #[arg(long, value_name = "DEG", value_parser = not_negative, default_value_t = Augment::full().rotate, help_heading = "Distortion")]
    pub rotate: f32,
    /// Scale width and height, each by a factor from this range
    #[arg(long, value_name = "FROM..TO", value_parser = range, default_value = "0.9..1.1", help_heading = "Distortion")]
    pub scale: (f32, f32),
    /// Slant to either side by up to this part of the height
    #[arg(long, value_name = "SLANT", value_parser = not_negative, default_value_t = Augment::full().shear, help_heading = "Distortion")]
    pub shear: f32,
    /// Move by up to PIXELS (of 28) in each direction
    #[arg(long, value_name = "PIXELS", value_parser = not_negative, default_value_t = Augment::full().shift, help_heading = "Distortion")]
    pub shift: f32,
    /// Bend: how far pixels move on their own, in pixels (of 28)
    #[arg(long, value_name = "STRENGTH", value_parser = not_negative, default_value_t = Augment::full().elastic, help_heading = "Distortion")]
    pub elastic: f32,
    /// How they are read
    #[command(flatten)]
    pub reading: DataFlags,
}

impl Enlarge {
    /// The distortion that the flags describe.
    pub fn distortion(&self) -> Augment {
        let Self { rotate, scale, shear, shift, elastic, .. } = *self;
        Augment { rotate, scale, shear, shift, elastic, ..Augment::full() }
    }
}

/// `collect stats`.
#[derive(clap::Args, Debug)]
pub struct Examine {
    /// The dataset
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Draw up to 20 training pictures of each class, a class a row, as the network sees them
    #[arg(long, value_name = "FILE.png", value_parser = png)]
    pub sheet: Option<PathBuf>,
    #[allow(missing_docs)]
    #[arg(long, help = FORCE, requires = "sheet")]
    pub force: bool,
    /// How they are read
    #[command(flatten)]
    pub reading: DataFlags,
}

/// `collect check`.
#[derive(clap::Args, Debug)]
pub struct Check {
    /// The dataset
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// A model of these classes to hold the labels against: a file, digits or characters; without it, small networks learn the dataset
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Draw up to 200 samples whose labels are doubtful, the most doubtful first
    #[arg(long, value_name = "FILE.png", value_parser = png)]
    pub sheet: Option<PathBuf>,
    #[allow(missing_docs)]
    #[arg(long, help = FORCE, requires = "sheet")]
    pub force: bool,
    /// How they are read
    #[command(flatten)]
    pub reading: DataFlags,
}

/// Where a dataset goes.
#[derive(clap::Args, Debug)]
pub struct Writing {
    /// A CSV file, gzipped if it ends in .gz, NumPy's arrays if it ends in .npz (x_train, y_train, x_test, y_test), or a
    /// folder
    #[arg(long, value_name = "FILE.csv[.gz]|FILE.npz|DIR")]
    pub to: PathBuf,
    /// Kind of files that fill a folder [default: folder]
    #[arg(long)]
    pub format: Option<DirFormat>,
    /// Replace what stands there; a folder only if it holds nothing but a dataset
    #[arg(long)]
    pub force: bool,
}

impl Writing {
    /// Returns whether the target is a file of NumPy's arrays, by its name.
    pub fn is_npz(&self) -> bool {
        self.to.to_string_lossy().to_lowercase().ends_with(".npz")
    }

    /// Returns whether the target is a CSV file, by its name.
    pub fn is_csv(&self) -> bool {
        let name = self.to.to_string_lossy().to_lowercase();
        name.ends_with(".csv") || name.ends_with(".csv.gz")
    }
}

/// The choices of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum DirFormat {
    /// A folder for each class, with PNG pictures
    Folder,
    /// Gzipped IDX files as MNIST has them; classes must be numbers from 0 to 255
    Idx,
}

impl Args {
    /// Refuses flags that do not go together, where clap cannot know it.
    ///
    /// # Errors
    /// Wrong usage: to be shown, with exit code 2.
    pub fn check(&self) -> Result<(), clap::Error> {
        match &self.command {
            Some(_) if self.to.is_some() => {
                let problem = "this --to belongs to the window; that of a command stands behind its name";
                Err(Self::command().error(ErrorKind::ArgumentConflict, problem))
            }
            Some(Command::Build(Build { writing, .. }) | Command::Augment(Enlarge { writing, .. }))
                if (writing.is_csv() || writing.is_npz()) && writing.format.is_some() =>
            {
                let problem = "--format says how a folder is filled, but --to names a file";
                Err(Self::command().error(ErrorKind::ArgumentConflict, problem))
            }
            Some(Command::Build(Build { reading, .. })) if reading.centre => {
                let problem = "build brings all pictures into the form of the network anyway; leave out --centre";
                Err(Self::command().error(ErrorKind::ArgumentConflict, problem))
            }
            _ => Ok(()),
        }
    }
}

fn png(text: &str) -> Result<PathBuf, String> {
    let is_png = Path::new(text).extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    if is_png { Ok(text.into()) } else { Err("it must end in .png".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(flags: &str) -> i32 {
        let parsed = Args::try_parse_from(flags.split(' ')).and_then(|args| args.check());
        parsed.map_or_else(|error| error.exit_code(), |()| 0)
    }

    #[test]
    fn defaults_are_the_full_augmentation() {
        Args::command().debug_assert();
        let args =
            Args::try_parse_from(["collect", "augment", "--from", "a", "b", "--to", "c", "--copies", "2"]).unwrap();
        let Some(Command::Augment(augment)) = args.command else { panic!("{args:?}") };
        assert_eq!((augment.distortion(), augment.copies, augment.from.len()), (Augment::full(), 2, 2));
    }

    #[test]
    fn wrong_usage_is_refused() {
        assert_eq!(code("collect build --from a --to b.csv --size 20x30 --quiet"), 0);
        assert_eq!(code("collect build --from a --to b --format idx"), 0);
        assert_eq!((code("collect"), code("collect --to a"), code("collect --quiet stats a")), (0, 0, 0));
        for flags in [
            "collect --to",
            "collect --to a stats b",
            "collect build --to b.csv",
            "collect build --from a --to B.CSV.gz --format idx",
            "collect build --from a --to b.npz --format idx",
            "collect build --from a --to b --size 28",
            "collect build --from a --to b --centre",
            "collect augment --from a --to b",
            "collect augment --from a --to b --copies 0",
            "collect augment --from a --to b --copies 1 --rotate nan",
            "collect augment --from a --to b --copies 1 --scale 1.2..0.8",
            "collect augment --from a --to b --copies 1 --scale 0..1",
            "collect stats",
            "collect check",
            "collect check a --force",
            "collect stats a --sheet b.jpg",
        ] {
            assert_eq!(code(flags), 2, "{flags}");
        }
    }
}

//! The command line of `classify`.

use clap::{ArgGroup, Parser, Subcommand};
use cli::data_flags::{CENTRE, DATASET, SKIP_BAD, TINY, TRANSPOSE, Y_UP};
use cli::memory::MEMORY;
use cli::numbers::{memory, positive};
use cli::output::FORCE;
use cli::pool::THREADS;
use nn_data::Memory;
use std::path::PathBuf;

/// Flags that mean nothing where lines are read.
const LINE_EXCLUDES: [&str; 7] = ["known", "classes", "writers", "worst", "transpose", "centre", "tiny"];

/// Reads drawings, pictures, or a whole dataset, with a trained network.
#[derive(Parser, Debug)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    group = ArgGroup::new("what").args(["image", "dataset"]),
    after_help = format!("Examples:
  classify                             draw in a window, and watch it read
  classify -m runs/cnn/model.mpk
  classify -i seven.png
  classify -i scans/ -v -o scans.csv
  classify -d data/mnist -v
  classify -m runs/letters/model.mpk -d letters.csv.gz
  classify -m characters -i scans/ --only A-Z
  classify --line -i note.jpg --boxes found.png
  classify export digits --to digits.onnx

Without -i and -d, a window opens, in which you draw. It shows what the network makes of the drawing, and learns from \
corrections, of drawings and of pictures: they are kept in data/drawings, or where --drawings says. A correction \
counts in the very next answer; New class… adds a class by five drawings, and Teach makes the model learn the corrections of its own classes. Allowed \
is what --only is for pictures. The window opens models and pictures too. Its page Line reads a line of characters as it is \
written (-m characters knows letters).

With -i, each picture gives a line FILE<TAB>LABEL<TAB>PROBABILITY. With -v, lines <TAB>LABEL<TAB>PROBABILITY for all \
classes follow it, the most probable first; they begin with a tab and no others do. With -d, the result is a line such \
as: accuracy 0.9950 (9950 of 10000)
Where classes differ by case only (s and S), a line says how many are right if case does not count. Where classes look \
alike (0 O o, 1 I l, 2 Z z, 5 S s, 6 b, 8 B, 9 g q), another says how many are right if that does not count either.

An answer that a model knows to be unlikely is noted on stderr: \"FILE: not sure\" or \"FILE: no character\" (an empty \
picture, a scribble, a photo of something else). The thresholds stand in the model file; they were set where three \
in a thousand characters held back from training fall below.

{DATASET}

A folder or stroke file that holds a training and a test part stands for its test part; to read the training part, \
name it: data/mnist/train-images-idx3-ubyte.gz, or pets/train. The values of IDX and CSV are taken as they are and \
need the size of the model's input, unless --centre treats them as pictures, which may have any size. Without labels (a \
CSV without such a column, IDX images alone, a folder of pictures), -d says how often it read each class, and -o writes \
what it read, with the label empty.

With --line, lines of unjoined characters are read, by the built-in model characters where no other is named. Each line of a \
picture, from top to bottom, gives a line FILE<TAB>TEXT<TAB>PROBABILITY; with -v, a line for each character follows, which \
begins with a tab: character, probability, and its box as left, top, right and bottom, in pixels. With -d, PATH is a file of \
strokes whose lines have a text in place of a label, or a folder of pictures with a file labels.csv of file,text; the \
result is the share of characters (by edit distance) and of whole lines that are right, spaces left out, first with upper and lower case being \
the same, then exact.

The exit code is 1 when anything could not be read, 2 for wrong usage.")
)]
pub struct Args {
    /// Models for other programs, and weights from them
    #[command(subcommand)]
    pub exchange: Option<Exchange>,
    /// Pictures to read (PNG, JPEG, BMP, GIF, WebP or TIFF, known by their content), or folders of them
    #[arg(short, long, value_name = "FILE", num_args = 1..)]
    pub image: Vec<PathBuf>,
    /// Dataset to read, and to compare with its labels
    #[arg(short, long, value_name = "PATH", conflicts_with = "image")]
    pub dataset: Option<PathBuf>,
    /// Allow these classes only: characters and ranges (0-9, A-Z, 0-9A-F, abc), or names separated by commas. Samples of
    /// other classes in a dataset are mistakes then
    #[arg(long, value_name = "CLASSES", requires = "what")]
    pub only: Option<String>,
    /// Read lines of characters: numbers, words, a photographed line
    #[arg(long, requires = "what", conflicts_with_all = LINE_EXCLUDES)]
    pub line: bool,
    /// Draw the picture with a box around each character that --line found, green where it is sure and red where not
    #[arg(long, value_name = "FILE.png", requires_all = ["line", "image"], conflicts_with = "dataset")]
    pub boxes: Option<PathBuf>,
    /// A file of words, one on each line: each word of the text is one of them. Where none fit, it is
    /// read without them
    #[arg(long, value_name = "FILE", requires = "line", conflicts_with = "pattern")]
    pub words: Option<PathBuf>,
    /// The form of the text: d stands for a digit, a space for a gap, all else for itself (ddd-dd).
    /// Where it cannot be, the text is read without it
    #[arg(long, value_name = "PATTERN", requires = "line")]
    pub pattern: Option<String>,
    /// Leave out samples of a dataset whose class the model does not have; without it they are an error
    #[arg(long, requires = "dataset", conflicts_with = "image")]
    pub known: bool,
    /// A file that names the classes of a folder: lines KEY NAME, a name for each line, or JSON
    #[arg(long, value_name = "FILE", requires = "dataset", conflicts_with = "image")]
    pub classes: Option<PathBuf>,
    /// Only what these writers drew, of a dataset whose strokes name their writer
    #[arg(long, value_name = "WRITER", value_delimiter = ',', requires = "dataset", conflicts_with = "image")]
    pub writers: Vec<String>,
    /// Draw the mistakes in a dataset, the most frequent confusions first, each a row, and say which row is which
    #[arg(long, value_name = "FILE.png", requires = "dataset", conflicts_with = "image")]
    pub worst: Option<PathBuf>,
    /// The model: a file, or one of the built-in models digits and characters [default: digits, with --line characters]
    #[arg(short, long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Where the window keeps drawings and pictures whose right answer you have told it
    #[arg(long, value_name = "DIR", default_value = "data/drawings", conflicts_with = "what")]
    pub drawings: PathBuf,
    /// The window tells on stderr how long each answer took
    #[arg(long, conflicts_with = "what")]
    pub times: bool,
    /// Write all predictions as CSV: sample,label,predicted,probability, or with --line sample,text,predicted,probability (a sample is a file or, in IDX and CSV, a
    /// number from 0; the label is empty where it is not known)
    #[arg(short, long, value_name = "FILE", requires = "what")]
    pub output: Option<PathBuf>,
    #[allow(missing_docs)]
    #[arg(long, help = FORCE, requires = "what")]
    pub force: bool,
    /// Show the probability of every class for each picture; for a dataset, each class's scores and the confusion
    /// matrix
    #[arg(short, long, requires = "what")]
    pub verbose: bool,
    #[allow(missing_docs)]
    #[arg(long, help = Y_UP, requires = "dataset", conflicts_with = "image")]
    pub y_up: bool,
    #[allow(missing_docs)]
    #[arg(long, help = TRANSPOSE, conflicts_with = "image", requires = "dataset")]
    pub transpose: bool,
    #[allow(missing_docs)]
    #[arg(long, help = CENTRE, visible_alias = "center", conflicts_with = "image", requires = "dataset")]
    pub centre: bool,
    #[allow(missing_docs)]
    #[arg(long, help = TINY, conflicts_with = "image", requires = "dataset")]
    pub tiny: bool,
    #[allow(missing_docs)]
    #[arg(long, help = SKIP_BAD, requires = "what")]
    pub skip_bad: bool,
    #[allow(missing_docs)]
    #[arg(long, value_name = "N", help = THREADS, value_parser = positive, requires = "what")]
    pub threads: Option<usize>,
    #[allow(missing_docs)]
    #[arg(long, value_name = "SIZE", help = MEMORY, value_parser = memory, requires = "what")]
    pub memory: Option<Memory>,
    /// Print results and errors only
    #[arg(long)]
    pub quiet: bool,
}

/// Models for other programs, and weights from them.
#[derive(Subcommand, Debug)]
pub enum Exchange {
    /// Write a model for other programs: as ONNX, or its weights as safetensors
    #[command(after_help = "Examples:
  classify export runs/cnn/model.mpk --to model.onnx
  classify export digits --to digits.safetensors

An ONNX model takes pictures as this model sees them (32-bit floats, samples x height x width x channels, 0 to 255; its \
metadata say how they are prepared) and returns the calibrated probabilities. Beside model.onnx stands model.proof, a folder with twenty \
pictures, the answers of this program, and programs for Python, JavaScript and Rust that compare: python model.proof/check.py. \
Safetensors hold the weights under the names and in the order of the nn.Sequential that PyTorch has of the same layers, \
with an nn.Flatten before the first dense layer.")]
    Export {
        /// The model: a file, or one of the built-in models digits and characters
        model: PathBuf,
        /// The file to write; its ending says which kind
        #[arg(long, value_name = "FILE.onnx|FILE.safetensors")]
        to: PathBuf,
        /// Round the weights of an ONNX model to eight bits: a quarter of the size, and hardly another answer. The folder
        /// proves the rounded model
        #[arg(long)]
        int8: bool,
        #[allow(missing_docs)]
        #[arg(long, help = FORCE)]
        force: bool,
    },
    /// Put weights from elsewhere into a model of the same layers
    #[command(after_help = "Example:
  classify import trained.safetensors --like runs/cnn/model.mpk --to imported.mpk

Names, shapes and order of the weights are those that export writes, which are those of PyTorch. Classes and preprocessing \
are taken from --like; a calibration is not, since it was measured with the weights that were there before.")]
    Import {
        /// The weights: a safetensors file
        weights: PathBuf,
        /// The model whose layers, classes and preprocessing the weights belong to
        #[arg(long, value_name = "MODEL")]
        like: PathBuf,
        /// The model file to write
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        #[allow(missing_docs)]
        #[arg(long, help = FORCE)]
        force: bool,
    },
}

impl Args {
    /// Whether the window is meant: nothing to read is named.
    pub fn wants_window(&self) -> bool {
        self.image.is_empty() && self.dataset.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn flags_are_consistent() {
        Args::command().debug_assert();
        let args = Args::try_parse_from(["classify", "-i", "a.png", "b.png", "-vm", "x.mpk"]).unwrap();
        assert_eq!((args.image.len(), args.verbose, args.model), (2, true, Some("x.mpk".into())));
    }

    #[test]
    fn without_anything_to_read_the_window_is_meant() {
        let parse = |flags: &[&str]| Args::try_parse_from([&["classify"], flags].concat()).unwrap();
        assert!(parse(&[]).wants_window() && parse(&["-m", "x.mpk", "--drawings", "d"]).wants_window());
        assert!(!parse(&["-d", "data"]).wants_window());
    }

    #[test]
    fn wrong_usage_is_refused() {
        for flags in [
            "-v",
            "-o x.csv",
            "-i",
            "-i a.png -d b",
            "-d a --threads 0",
            "-i a.png --transpose",
            "-i a.png --known",
            "-i a.png --classes c.txt",
            "-i a.png --writers ada",
            "-i a.png --worst w.png",
            "-i a.png --y-up",
            "--transpose",
            "--line",
            "-d a --line --worst w.png",
            "-d a --line --boxes b.png",
            "-i a.png --words w",
        ] {
            let words = std::iter::once("classify").chain(flags.split_whitespace());
            assert_eq!(Args::try_parse_from(words).unwrap_err().exit_code(), 2, "{flags}");
        }
    }
}

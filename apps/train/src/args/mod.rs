//! The command line of `train`.

pub mod subcommand;

use clap::Parser;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cli::data_flags::{DATASET, DataFlags};
use cli::numbers::{above_zero, fraction, not_negative, positive, share};
use cli::output::FORCE;
use cli::pool::THREADS;
use nn_core::{LayerSpec, Schedule};
use nn_data::Shifts;
use nn_train::{AugmentLevel, Choice, LossKind, OptimizerKind, Preset, Recipe};
use std::path::PathBuf;
use subcommand::Command;

/// Trains a network to read pictures, and saves it as a model file.
#[derive(Clone, Parser, Debug)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = format!("Examples:
  train --data data/mnist
  train --data data/mnist data/drawings --out digits.mpk --report digits.html
  train --data letters.csv.gz --validation 0.1 --patience 5
  train --data data/drawings --from models/digits.mpk
  train --data data/mnist --layers \"dense:100, tanh, dense:50, tanh\" --optimizer momentum --lr 0.05 --epochs 10
  train --data letters.csv.gz --find-lr
  train --data letters.csv.gz --overfit 10
  train compare runs/cnn runs/mlp --to both.svg
  train sweep --data data/mnist --lr 0.001,0.003 --batch-size 64,128
  mpirun -n 4 train --data data/mnist    (built with --features mpi)

{DATASET}

Where writers are known, --validation holds back whole writers.")
)]
pub struct Args {
    /// Looks at runs that are over, or makes many
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Datasets to train on
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub data: Vec<PathBuf>,
    /// Dataset to test on [default: the one beside the training data: t10k files, a folder `test`]
    #[arg(long, value_name = "PATH")]
    pub test: Option<PathBuf>,
    /// Where the model goes
    #[arg(long, value_name = "FILE", default_value = "model.mpk")]
    pub out: PathBuf,
    /// Round the weights to 11 significant bits: the model reads as before, and its file compresses to little more than half, for
    /// a page or a package
    #[arg(long)]
    pub compact: bool,

    /// Changes to the preset's recipe
    #[command(flatten)]
    pub settings: Settings,

    /// Begin with the layers and parameters of this model, or with none: it learns classes that it does not know as well
    /// [default: the built-in model "characters" where there are fewer than 2,000 drawings, all of characters that it
    /// knows, and no flag chooses a network]
    #[arg(long, value_name = "MODEL|none", conflicts_with = "resume", help_heading = "Recipe")]
    pub from: Option<PathBuf>,
    /// How the datasets are read
    #[command(flatten)]
    pub reading: DataFlags,
    /// Show the network how large each character was on its page: o, O and 0 differ in little else
    #[arg(long, conflicts_with = "color", help_heading = "Data")]
    pub show_size: bool,
    /// Leave out what these writers drew (where strokes name their writer), to be tested on new people afterwards
    #[arg(long, value_name = "WRITER", value_delimiter = ',', help_heading = "Data")]
    pub without_writers: Vec<String>,
    /// Datasets of other things (signs, scribbles): the network learns to be unsure of them, so that it can say that a
    /// picture shows none of its classes
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Data")]
    pub negatives: Vec<PathBuf>,

    /// Find a learning rate: train for 128 samples (or a batch) at each of up to 100 rates from 1e-6 to 10, draw the loss, and
    /// suggest the rate at which the smoothed loss falls fastest (Smith 2015). Nothing is saved
    #[arg(long, conflicts_with_all = ["overfit", "resume", "watch"], help_heading = "Trials")]
    pub find_lr: bool,
    /// Find out whether the network can learn N pictures at all: train on the first N, of each class in turn, without
    /// distortion, until all are read or it has seen them 1,000 times. Nothing is saved
    #[arg(long, value_name = "N", value_parser = positive, conflicts_with_all = ["resume", "watch"], help_heading = "Trials")]
    pub overfit: Option<usize>,

    #[allow(missing_docs)]
    #[arg(long, value_name = "N", value_parser = positive, help = THREADS, help_heading = "Running")]
    pub threads: Option<usize>,
    /// Write a checkpoint to FILE after every epoch [default: beside the model, at most every 10 seconds, removed at
    /// the end]
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    pub checkpoint: Option<PathBuf>,
    /// Go on from a checkpoint of the same data, with its settings where no flag says otherwise; where all epochs are done,
    /// the model is measured and saved
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    pub resume: Option<PathBuf>,
    /// Write the results of each epoch to FILE, one JSON object a line
    #[arg(long, value_name = "FILE.jsonl", help_heading = "Running")]
    pub metrics: Option<PathBuf>,
    /// Write a report to FILE, a page for any browser: curves, the confusion matrix with the pictures behind each number, the
    /// worst mistakes, calibration, distorted training pictures, and all settings
    #[arg(long, value_name = "FILE.html", help_heading = "Running")]
    pub report: Option<PathBuf>,
    /// Watch the training in a window: curves, weights, mistakes, and the answer to a drawing at every moment (in a `train`
    /// that was built with `--features watch`)
    #[arg(long, help_heading = "Running")]
    pub watch: bool,
    #[allow(missing_docs)]
    #[arg(long, help = FORCE, help_heading = "Running")]
    pub force: bool,
    /// Print results only
    #[arg(long, help_heading = "Running")]
    pub quiet: bool,
    /// Draw the curves of accuracy and loss as text at the end
    #[arg(short, long, help_heading = "Running")]
    pub verbose: bool,
}

/// Changes to the preset's recipe.
#[derive(Clone, clap::Args, Debug)]
#[command(next_help_heading = "Recipe")]
pub struct Settings {
    /// Architecture and recipe to begin with: cnn reads well after a minute, deep better after 18; mlp is a perceptron,
    /// textbook the network of a first course, tiny has 15,460 parameters, vehicles is for colour photographs [default: cnn]
    #[arg(long, value_parser = PossibleValuesParser::new(Preset::ALL.map(Preset::name)))]
    pub preset: Option<String>,
    /// Hidden layers, separated by commas: dense:UNITS, conv:KERNELSxSIZE, batchnorm, relu, leaky-relu:SLOPE, sigmoid,
    /// tanh, pool:SIZE, average-pool:SIZE, dropout:RATE; the last dense layer and the softmax follow from the classes
    #[arg(long, value_name = "LIST", value_parser = Layers::parse)]
    pub layers: Option<Layers>,
    /// Function of the answers that training minimises
    #[arg(long, value_parser = choice::<LossKind>())]
    pub loss: Option<LossKind>,
    /// Rule of a step
    #[arg(long, value_parser = choice::<OptimizerKind>())]
    pub optimizer: Option<OptimizerKind>,
    /// Peak learning rate
    #[arg(long, value_name = "RATE", value_parser = above_zero)]
    pub lr: Option<f32>,
    /// How the learning rate moves
    #[arg(long, value_parser = choice::<Schedule>())]
    pub schedule: Option<Schedule>,
    /// Strength of weight decay
    #[arg(long, value_name = "STRENGTH", value_parser = not_negative)]
    pub weight_decay: Option<f32>,
    /// Share of each target that is spread over all classes
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    pub label_smoothing: Option<f32>,
    /// Largest norm of a gradient; longer ones are shortened to it
    #[arg(long, value_name = "NORM", value_parser = above_zero)]
    pub clip: Option<f32>,
    /// Passes over the training set
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub epochs: Option<u32>,
    /// Samples a step
    #[arg(long, value_name = "N", value_parser = positive)]
    pub batch_size: Option<usize>,
    /// How strongly training pictures are distorted
    #[arg(long, value_parser = choice::<AugmentLevel>())]
    pub augment: Option<AugmentLevel>,
    /// Let the distortion fade to nothing over this share of the epochs, the last
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub fade: Option<f32>,
    /// Ask the network about N positions of a picture, a pixel apart, and take the mean: often more accurate, N times the
    /// work [default: that of the preset; 1 where --layers is given]
    #[arg(long, value_name = "N", value_parser = choice::<Shifts>())]
    pub views: Option<Shifts>,
    /// Show every class equally often, however many pictures it has
    #[arg(long)]
    pub balance: bool,
    /// Share of the training set that is held back to choose the best epoch; a folder val beside train is used without
    /// asking [default: 0; 0.1 where --patience is given]
    #[arg(long, value_name = "FRACTION", value_parser = fraction)]
    pub validation: Option<f32>,
    /// Stop after N epochs without a better one on the validation set (more accurate, or as accurate with less loss)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub patience: Option<u32>,
    /// Keep the network of the last epoch, not that of the best one on the validation set: where the learning rate falls to zero
    /// and distortion fades, the last is the better one, and a small validation set cannot tell
    #[arg(long, conflicts_with = "patience")]
    pub keep_last: bool,
    /// Seed of everything random; the same seed gives the same model
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// A list of layers (a type of its own, as clap takes a plain `Vec` for repeated values).
#[derive(Clone, Debug)]
pub struct Layers(pub Vec<LayerSpec>);

impl Layers {
    fn parse(text: &str) -> Result<Self, nn_train::Error> {
        nn_train::hidden_layers(text).map(Self)
    }
}

/// Reads one of the named choices of a setting; `--help` lists them with their descriptions.
fn choice<T: Choice>() -> impl TypedValueParser<Value = T> {
    let values = T::ALL.iter().map(|(_, name, about)| PossibleValue::new(*name).help(*about));
    PossibleValuesParser::new(values.collect::<Vec<_>>()).map(|name| T::from_name(&name).unwrap_or(T::ALL[0].0))
}

impl Settings {
    /// `recipe` with what the flags say.
    pub fn apply(&self, mut recipe: Recipe) -> Recipe {
        fn set<T: Clone>(field: &mut T, flag: &Option<T>) {
            if let Some(value) = flag {
                *field = value.clone();
            }
        }
        if self.layers.is_some() {
            recipe.shifts = Shifts::One; // what the preset says of views is about its own layers
        }
        set(&mut recipe.layers, &self.layers.as_ref().map(|layers| layers.0.clone()));
        set(&mut recipe.loss, &self.loss);
        set(&mut recipe.optimizer, &self.optimizer);
        set(&mut recipe.lr, &self.lr);
        set(&mut recipe.schedule, &self.schedule);
        set(&mut recipe.weight_decay, &self.weight_decay);
        set(&mut recipe.label_smoothing, &self.label_smoothing);
        set(&mut recipe.epochs, &self.epochs);
        set(&mut recipe.batch_size, &self.batch_size);
        set(&mut recipe.augment, &self.augment);
        set(&mut recipe.shifts, &self.views);
        set(&mut recipe.fade, &self.fade);
        set(&mut recipe.seed, &self.seed);
        set(&mut recipe.validation, &self.validation);
        recipe.balance |= self.balance;
        recipe.keep_last |= self.keep_last;
        recipe.clip = self.clip.or(recipe.clip);
        recipe.patience = self.patience.or(recipe.patience);
        if recipe.patience.is_some() && recipe.validation == 0.0 {
            recipe.validation = 0.1;
        }
        if self.loss == Some(LossKind::CrossEntropy) {
            recipe.output = None; // a softmax
        }
        recipe
    }
}

#[cfg(test)]
mod tests {
    use super::subcommand::{Compare, Sweep};
    use super::*;
    use clap::CommandFactory;
    use std::ffi::OsString;

    #[test]
    fn flags_are_consistent_and_change_the_recipe() {
        Args::command().debug_assert();
        let flags = ["train", "--data", "a", "b", "--lr", "0.5", "--loss", "mse", "--layers", "dense:3, tanh"];
        let args = Args::try_parse_from(flags).unwrap();
        let recipe = args.settings.apply(Preset::Mlp.recipe());
        assert_eq!((args.data.len(), recipe.lr, recipe.loss), (2, 0.5, LossKind::Mse));
        assert_eq!(nn_core::layers_to_text(&recipe.layers), "dense:3, tanh");
    }

    #[test]
    fn a_subcommand_needs_no_data_and_takes_no_flags_of_a_training() {
        let args = Args::try_parse_from(["train", "compare", "a", "b"]).unwrap();
        assert!(matches!(args.command, Some(Command::Compare(Compare { runs, .. })) if runs.len() == 2));
        assert!(Args::try_parse_from(["train", "--data", "a", "--quiet", "compare", "a"]).is_err());
        assert!(Args::try_parse_from(["train", "compare"]).is_err());
        let data = Args::try_parse_from(["train", "--data", "a", "compare"]).unwrap().data;
        assert_eq!(data.len(), 2, "a dataset may be called compare");
        let words = ["train", "sweep", "--data", "a", "--lr", "1,2", "--seeds", "3", "--quiet"].map(OsString::from);
        let args = Args::try_parse_from(Sweep::in_order(words.into_iter())).unwrap();
        let Some(Command::Sweep(sweep)) = args.command else { panic!("a sweep") };
        assert_eq!((sweep.seeds, sweep.running.quiet, sweep.flags.join(" ")), (3, true, "--data a --lr 1,2".into()));
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for flags in [["--lr", "nan"], ["--lr", "0"], ["--epochs", "0"], ["--validation", "1"], ["--size", "28"]] {
            let error = Args::try_parse_from(["train", "--data", "x", flags[0], flags[1]]).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{flags:?}");
        }
    }
}

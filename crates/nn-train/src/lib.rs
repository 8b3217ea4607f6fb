//! From a dataset to a model: recipes, the training loop, evaluation. Knows no terminal and no window.
//!
//! ```
//! use nn_data::{Dataset, Preprocessing, Size};
//! use nn_io::evaluate;
//! use nn_train::{Data, Preset, Run, fit};
//! use std::ops::ControlFlow;
//!
//! // Eight pictures of 2x2 pixels: bright on the left, or on the right.
//! let pixels = (0..8).flat_map(|i| if i % 2 == 0 { [250 - i, i, 240, 0] } else { [i, 250 - i, 0, 240] }).collect();
//! let labels = ["left", "right"].repeat(4);
//! let train = Dataset::from_names(Size::new(2, 2, 1), pixels, &labels, vec![])?;
//! let preprocessing = Preprocessing::centred(2, 2);
//!
//! let mut recipe = Preset::Mlp.recipe();
//! recipe.layers = nn_train::hidden_layers("dense:8, relu")?;
//! (recipe.epochs, recipe.lr, recipe.augment) = (30, 0.05, nn_train::AugmentLevel::None);
//! let mut run = Run::new(&recipe, train.size(), train.classes().len())?;
//! let data = Data { train: &train, validation: None, negatives: None, preprocessing: &preprocessing };
//! fit(&mut run, &recipe, &data, &mut |_| ControlFlow::Continue(()));
//!
//! let result = evaluate(run.trainer.network(), &train, &preprocessing, recipe.loss());
//! assert_eq!(result.score.correct, 8);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod few;
mod fit;
mod fitting;
mod head;
mod options;
mod preset;
mod recipe;
mod run;
mod teach;
mod transfer;

pub use error::Error;
pub use few::{Chosen, are_few_drawings};
pub use fit::range_test::RangeTest;
pub use fit::{Data, End, EpochReport, Event, fit};
pub use fitting::fitting;
pub use options::{AugmentLevel, Choice, LossKind, OptimizerKind};
pub use preset::Preset;
pub use recipe::{Recipe, hidden_layers};
pub use run::Run;
pub use teach::{Compared, Lesson, Taught, teach};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

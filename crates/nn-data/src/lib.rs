//! Datasets of pictures: read and written, made ready for a network, distorted and put into batches.
//!
//! A picture is bytes 0..255, rows from the top, channels last (1 = grey, 3 = colour). What a network sees of a picture
//! is defined in one place, [`Preprocessing`], for training and for classifying alike. Randomness comes from seeds that
//! are arguments; the same seed gives the same bits on any number of threads. This crate knows no network, no window.
//!
//! In reading order: [`Dataset`], its files ([`load`], [`idx`], [`csv`], [`class_folders`]), [`Preprocessing`], [`Augment`],
//! [`Batches`]; drawings are [`Ink`].
//!
//! ```
//! use nn_data::{Batches, Dataset, Preprocessing, Size};
//! use std::ops::ControlFlow;
//!
//! // Ten pictures of 2x2 pixels: five black "no", five white "yes".
//! let pixels = [[0; 20], [255; 20]].concat();
//! let names = [["no"; 5], ["yes"; 5]].concat();
//! let dataset = Dataset::from_names(Size::new(2, 2, 1), pixels, &names, vec![])?;
//!
//! let (train, validation) = dataset.split(0.2, 42);
//! assert_eq!((train.counts(), validation.counts()), (vec![4, 4], vec![1, 1]));
//!
//! let preprocessing = Preprocessing::picture(2, 2, 1);
//! let mut batches = Batches::of(&train, &preprocessing).size(3).seed(42);
//! let mut seen = 0;
//! let _ = batches.epoch(1, |batch| {
//!     seen += batch.len();
//!     for (x, &label) in batch.x.chunks(4).zip(&batch.labels) {
//!         assert_eq!(x, [label as f32; 4]); // black is 0, white is 1
//!     }
//!     ControlFlow::<()>::Continue(())
//! });
//! assert_eq!((seen, batches.batches_per_epoch()), (8, 3));
//! # Ok::<(), nn_data::Error>(())
//! ```

pub mod augment;
mod batches;
mod dataset;
// What strangers wrote decides every index where files are read: `get` in place of brackets.
#[cfg_attr(not(test), deny(clippy::indexing_slicing))]
pub mod disk;
mod error;
#[cfg_attr(not(test), deny(clippy::indexing_slicing))]
mod files;
mod ink;
mod preprocess;
mod random;
mod rectangle;
mod size;

pub use augment::Augment;
pub use batches::{Batch, Batches};
pub use dataset::Dataset;
pub use dataset::classes::{class_order, folder_name, label_of};
pub use dataset::contact_sheet::{SHEET_MARK, marked_png, sheet};
pub use dataset::fingerprint::Fingerprint;
pub use dataset::join::doubtful_join;
pub use dataset::look::Look;
pub use disk::memory::Memory;
pub use error::Error;
pub use files::archive::write as write_npz;
pub use files::class_folders::skipped::Skipped;
pub use files::class_names::ClassNames;
pub use files::drawings::{DrawingClass, Drawings};
pub use files::image_file::decode::decode_picture;
pub use files::image_file::reader::PictureReader;
pub use files::image_file::{is_picture, read_picture, read_picture_noting};
pub use files::options::{Arrays, LoadOptions};
pub use files::range::Scale;
pub use files::{Loaded, class_folders, csv, idx, load, stroke_file};
pub use ink::render::GrowingPicture;
pub use ink::{Ink, StrokeSample};
pub use preprocess::find_ink::PageInk;
pub use preprocess::fit::Fit;
pub use preprocess::opaque::opaque;
pub use preprocess::page::page_ink;
pub use preprocess::shifts::Shifts;
pub use preprocess::{Prepared, Preprocessing};
pub use random::seed_from;
pub use rectangle::Rectangle;
pub use size::Size;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

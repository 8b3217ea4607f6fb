//! Reads lines of unjoined characters: numbers, words and sentences.
//!
//! Any model for single characters reads them ([`LineReader`]). The ink of a page is divided into parts, strokes or
//! connected pieces of a picture that are cut where they are thin ([`InkPage`]), and these into rows. Neighbouring pieces of
//! a row are candidates for a character: one to four strokes, or one to eight pieces of a picture. The network reads them
//! all, a scorer tells how well each stands for a whole character and for which at its place and size, and dynamic
//! programming finds the path through the row that gains most. Gaps make spaces; neighbours of the same kind tell 0 from O
//! and o.

mod alone;
mod bounds;
mod known;
mod lattice;
mod line;
mod reader;
mod tally;
mod writing;
mod written;

pub use alone::alone;
pub use bounds::Bounds;
pub use known::grouping::Grouping;
pub use known::help::Help;
pub use lattice::Lattice;
pub use lattice::candidate::Candidate;
pub use lattice::scorer::{CLASSES, FEATURES, SCORES, Scorer, losses};
pub use line::{Line, ReadCharacter};
pub use reader::LineReader;
pub use tally::{Case, TextTally};
pub use writing::InkPage;
pub use writing::patch::Patch;
pub use writing::several::holds_several;

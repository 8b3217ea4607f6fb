//! Everything that can go wrong with data, each naming the file and the place.

use std::io;
use std::path::{Path, PathBuf};

use crate::size::Size;

/// An error of this crate. Its text is one line; the cause of a failed read or write is its source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path leads nowhere.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// The system (or a damaged gzip stream) refused to give the bytes.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system refused to take the bytes.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder or a drawing stands where another would be written.
    #[error("{} exists and is not empty; give another name or remove it", path.display())]
    Exists {
        /// The folder or file.
        path: PathBuf,
    },
    /// A path that holds no dataset, or one that cannot be told apart or written there.
    #[error("{}: {problem}", path.display())]
    Dataset {
        /// The file or folder.
        path: PathBuf,
        /// The problem and the remedy.
        problem: String,
    },
    /// An IDX or mapping file that does not hold what it should.
    #[error("{}: {problem}", path.display())]
    Idx {
        /// The file.
        path: PathBuf,
        /// The problem: magic number, sizes, lengths in bytes.
        problem: String,
    },
    /// An IDX images file and its labels file disagree.
    #[error("{} holds {image_count} images, but {} holds {label_count} labels", images.display(), labels.display())]
    Counts {
        /// The images file.
        images: PathBuf,
        /// Images in it.
        image_count: u64,
        /// The labels file.
        labels: PathBuf,
        /// Labels in it.
        label_count: u64,
    },
    /// A value or row of a CSV file, or a line of a stroke file.
    #[error("{}, line {line}{}: {problem}", path.display(), column.map_or(String::new(), |c| format!(", column {c}")))]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, the first being 1.
        line: u64,
        /// Column, the first being 1; absent where the whole row is meant.
        column: Option<usize>,
        /// The problem.
        problem: String,
    },
    /// A picture that cannot be decoded.
    #[error("{}: {problem}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// The message of the decoder.
        problem: String,
    },
    /// Pictures of two sizes where one is needed.
    #[error("pictures of {first} and of {second} do not go together")]
    Sizes {
        /// One size.
        first: Size,
        /// The other.
        second: Size,
    },
    /// Classes that a model, or a training set, does not have.
    #[error("unknown class{}: {}; known are {}", if unknown.len() == 1 { "" } else { "es" }, list(unknown), list(known))]
    UnknownClasses {
        /// The names that are not known.
        unknown: Vec<String>,
        /// The names that are.
        known: Vec<String>,
    },
    /// Values that do not fit together or lie outside their range.
    #[error("{0}")]
    Invalid(String),
}

impl Error {
    /// For `map_err`: a read that failed, a missing path told apart.
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path: path.into() },
            _ => Self::Read { path: path.into(), source },
        }
    }

    /// For `map_err`: a write that failed.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.into(), source }
    }

    /// A path that holds no usable dataset.
    pub(crate) fn dataset(path: &Path, problem: impl Into<String>) -> Self {
        Self::Dataset { path: path.into(), problem: problem.into() }
    }
}

/// Names, the first ten of them.
fn list(names: &[String]) -> String {
    let shown = names.iter().take(10).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 10 { format!("{shown} and {} more", names.len() - 10) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let error =
            Error::UnknownClasses { unknown: vec!["x".into()], known: (0..12).map(|i| i.to_string()).collect() };
        assert_eq!(error.to_string(), "unknown class: x; known are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
    }
}

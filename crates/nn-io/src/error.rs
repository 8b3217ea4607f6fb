//! The errors of reading and writing files.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be read, written or believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system could not read the file.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file could not be written.
    #[error(transparent)]
    Data(nn_data::Error),
    /// The file was read, and what it holds has a defect.
    #[error("{}: {defect}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// The defect of its contents: one of the kinds below.
        defect: Box<Error>,
    },
    /// It is larger than any file this library would write.
    #[error("too large: at most {limit} bytes are read")]
    TooLarge {
        /// The largest number of bytes.
        limit: u64,
    },
    /// It is something else.
    #[error("not a {expected} file")]
    Foreign {
        /// The format it should have, such as `barnacle-model`.
        expected: &'static str,
    },
    /// It is cut short, altered, or followed by something.
    #[error("damaged: the checksum at its end does not fit its {bytes} bytes; copy or download it again")]
    Damaged {
        /// Its length.
        bytes: usize,
    },
    /// It is whole, and of a version that was defined after this program was made.
    #[error("made by a newer Barnacle (file version {found}, this program reads up to {known})")]
    Newer {
        /// The file's version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// A hint names no class, or one that the model does not have.
    #[error("{0}")]
    Hint(String),
    /// It is whole, and says something that cannot be.
    #[error("not usable: {0}")]
    Invalid(String),
}

impl Error {
    /// Names the file that has the defect.
    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self::InFile { path: path.into(), defect: Box::new(self) }
    }
}

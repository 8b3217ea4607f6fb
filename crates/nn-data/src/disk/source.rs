//! The source of a file's bytes: the disk, or the memory where there is no disk, as in a browser.

use std::io::BufRead;
use std::path::Path;

use crate::disk;
use crate::disk::unpacked::unpacked;
use crate::error::Error;

/// A file on the disk, or its content under the name that errors give it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The path or the name.
    pub path: &'a Path,
    content: Option<&'a [u8]>,
}

impl<'a> Source<'a> {
    /// A file on the disk.
    pub(crate) fn file(path: &'a Path) -> Self {
        Self { path, content: None }
    }

    /// The content of a file.
    pub(crate) fn memory(name: &'a str, content: &'a [u8]) -> Self {
        Self { path: Path::new(name), content: Some(content) }
    }

    /// Opens it at its beginning; what is gzipped is unpacked.
    ///
    /// # Errors
    /// [`Error::Dataset`] where it is empty; [`Error::Missing`], [`Error::Read`].
    pub(crate) fn open(self) -> Result<Box<dyn BufRead + 'a>, Error> {
        match self.content {
            None => Ok(disk::open(self.path)?),
            Some([]) => Err(Error::dataset(self.path, "the file is empty")),
            Some(content) => unpacked(content).map_err(Error::read(self.path)),
        }
    }
}

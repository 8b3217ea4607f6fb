//! The place of the file dialog in a browser, where a page has other ways to files.

use anyhow::{Result, bail};
use std::path::PathBuf;

/// A dialog under a title: it waits for the user, and returns the chosen path, or none where they closed it.
pub type Dialog = fn(&str) -> Result<Option<PathBuf>>;

/// A [`Dialog`] for a file.
///
/// # Errors
/// Always.
pub fn pick_file(_title: &str) -> Result<Option<PathBuf>> {
    bail!("A browser gives no paths. Drop the file on this page.");
}

/// A [`Dialog`] for a folder.
///
/// # Errors
/// Always.
pub fn pick_folder(title: &str) -> Result<Option<PathBuf>> {
    pick_file(title)
}

//! The system's file dialog, and its absence told from a dialog that the user closed.

use anyhow::{Result, bail};
use log::{Level, LevelFilter, Log, Metadata, Record};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// The dialog library returns no path both when the user closed the dialog and when it could not show one. Only in the
/// second case its last resort logs an error, under this name.
const LAST_RESORT: &str = "rfd::backend::xdg_desktop_portal";

static LISTENER: Listener = Listener { error: AtomicBool::new(false) };

struct Listener {
    error: AtomicBool,
}

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() == Level::Error && metadata.target() == LAST_RESORT
    }

    fn log(&self, record: &Record) {
        self.error.fetch_or(self.enabled(record.metadata()), Ordering::Relaxed);
    }

    fn flush(&self) {}
}

/// A dialog under a title: it waits for the user, and returns the chosen path, or none where they closed it.
pub type Dialog = fn(&str) -> Result<Option<PathBuf>>;

/// A [`Dialog`] for a file.
///
/// # Errors
/// One sentence for the user when this system has no file dialog.
pub fn pick_file(title: &str) -> Result<Option<PathBuf>> {
    pick(|| rfd::FileDialog::new().set_title(title).pick_file())
}

/// A [`Dialog`] for a folder.
///
/// # Errors
/// One sentence for the user when this system has no file dialog.
pub fn pick_folder(title: &str) -> Result<Option<PathBuf>> {
    pick(|| rfd::FileDialog::new().set_title(title).pick_folder())
}

fn pick(show: impl FnOnce() -> Option<PathBuf>) -> Result<Option<PathBuf>> {
    if log::set_logger(&LISTENER).is_ok() {
        log::set_max_level(LevelFilter::Error);
    }
    LISTENER.error.store(false, Ordering::Relaxed);
    let chosen = show();
    if chosen.is_none() && LISTENER.error.load(Ordering::Relaxed) {
        bail!("This system has no file dialog to show. Type the path, or drop the file on this window.");
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_dialogs_own_errors_are_heard() {
        let listener = Listener { error: AtomicBool::new(false) };
        let hears = |level, target: &str| {
            listener.log(&Record::builder().level(level).target(target).build());
            listener.error.load(Ordering::Relaxed)
        };
        assert!(!hears(Level::Warn, LAST_RESORT));
        assert!(!hears(Level::Error, "rfd::backend::xdg_desktop_portal::portal"), "there is another way yet");
        assert!(!hears(Level::Error, "eframe"));
        assert!(hears(Level::Error, LAST_RESORT));
    }
}

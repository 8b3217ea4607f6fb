//! A hidden folder beside a target, in which things are written whole before they are moved to their place.

use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The folder; it vanishes when this is dropped.
pub struct Staging {
    folder: TempDir,
    parent: PathBuf,
}

impl Staging {
    /// A folder beside `target`; the folders above it are made. So an unwritable place is known before any work.
    pub fn beside(target: &Path) -> Result<Self> {
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let make = || {
            fs::create_dir_all(&parent)?;
            let folder = tempfile::Builder::new().prefix(".writing-").tempdir_in(&parent)?;
            fs::create_dir(folder.path().join("new"))?;
            Ok::<_, std::io::Error>(folder)
        };
        let folder = make().with_context(|| format!("cannot write {}", target.display()))?;
        Ok(Self { folder, parent })
    }

    /// Where to write what will have this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("new").join(name)
    }

    /// Moves what was written to its place and removes what stood there, which comes back if that fails.
    pub fn publish(&mut self, name: &str) -> Result<()> {
        let (new, old, target) = (self.path(name), self.folder.path().join("old"), self.parent.join(name));
        let cannot = || format!("cannot write {}", target.display());
        let replaces_folder = target.is_dir(); // a file is replaced by the renaming itself
        if replaces_folder {
            fs::rename(&target, &old).with_context(cannot)?;
        }
        let Err(error) = fs::rename(&new, &target) else { return Ok(()) };
        if replaces_folder && fs::rename(&old, &target).is_err() {
            self.folder.disable_cleanup(true);
            bail!("{}: {error}; what stood there is {}", cannot(), old.display());
        }
        Err(anyhow!(error).context(cannot()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_replaced_as_a_whole() {
        let place = tempfile::tempdir().unwrap();
        let parent = place.path().join("deep/er");
        for text in ["one", "two"] {
            let mut staging = Staging::beside(&parent.join("file")).unwrap();
            fs::write(staging.path("file"), text).unwrap();
            fs::create_dir(staging.path("folder")).unwrap();
            fs::write(staging.path("folder").join(text), text).unwrap();
            staging.publish("file").unwrap();
            staging.publish("folder").unwrap();
        }
        assert_eq!(fs::read_to_string(parent.join("file")).unwrap(), "two");
        assert!(parent.join("folder/two").is_file() && !parent.join("folder/one").exists());
        assert_eq!(fs::read_dir(&parent).unwrap().count(), 2, "nothing hidden is left");
    }

    #[test]
    fn what_cannot_be_replaced_comes_back() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("folder");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("old"), "").unwrap();
        let error = Staging::beside(&target).unwrap().publish("folder").unwrap_err(); // nothing was written
        assert!(format!("{error:#}").starts_with(&format!("cannot write {}: ", target.display())), "{error:#}");
        assert!(target.join("old").is_file());
        assert!(Staging::beside(&target.join("old/below")).is_err(), "a file is no folder");
    }
}

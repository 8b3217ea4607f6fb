//! Writing a file so that a reader finds the old one or the new one, and never a part.

use crate::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes the bytes to a temporary file beside `path`, waits until the disk has them, and renames it over `path`.
///
/// # Errors
/// [`Error::Write`]; what stood at `path` before is untouched then.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let replace = || {
        let path = &target(path)?;
        let mut file = temporary_beside(path)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    replace().map_err(|source| Error::Write { path: path.into(), source })?;
    sync(folder_of(path));
    Ok(())
}

/// Proves that a file can be written at `path`, before hours are spent on what goes into it. Makes the folder when it is
/// missing, writes a little to a temporary file in it, and removes that.
///
/// # Errors
/// [`Error::Write`] when the folder cannot be made or written, the disk is full, or a folder stands at `path`.
pub fn check_writable(path: &Path) -> Result<(), Error> {
    let probe = || {
        let path = target(path)?;
        std::fs::create_dir_all(folder_of(&path))?;
        temporary_beside(&path)?.write_all(&[0; 4096])
    };
    probe().map_err(|source| Error::Write { path: path.into(), source })
}

/// The file that a path means: what a link points to, and nothing that is there but no plain file (a folder, a device).
fn target(path: &Path) -> io::Result<PathBuf> {
    match path.metadata() {
        Ok(found) if found.is_file() => path.canonicalize(),
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
        Err(_) => Ok(path.into()),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// An empty hidden file that vanishes when it is dropped, with the permissions of any new file.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".barnacle-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder_of(path))
}

/// Makes the renaming itself durable where a folder can be synced. The file is whole either way, so a failure is none.
fn sync(folder: &Path) {
    #[cfg(unix)]
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ä model.mpk");
        for bytes in [&b"first"[..], b"second, longer", b""] {
            write(&path, bytes).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
        assert_eq!(names(folder.path()), ["ä model.mpk"]);
    }

    #[test]
    fn a_failed_write_leaves_the_folder_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        let error = write(&taken, b"x").unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write {}", taken.display()));
        assert_eq!(names(folder.path()), ["taken"]);
        let error = write(&folder.path().join("missing").join("file"), b"x").unwrap_err();
        let Error::Write { source, .. } = error else { panic!("{error}") };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_writable_path_gets_its_folder_and_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs").join("mlp").join("model.mpk");
        check_writable(&path).unwrap();
        assert!(names(path.parent().unwrap()).is_empty());
        write(&path, b"x").unwrap();
        check_writable(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"x");
    }

    #[test]
    fn an_unwritable_path_is_known_before() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(check_writable(&file.join("model.mpk")), Err(Error::Write { .. })));
        assert!(matches!(check_writable(folder.path()), Err(Error::Write { .. })));
    }

    #[test]
    fn a_bare_name_stands_in_the_current_folder() {
        assert_eq!(folder_of(Path::new("model.mpk")), Path::new("."));
        assert_eq!(folder_of(&Path::new("a").join("model.mpk")), Path::new("a"));
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_the_file_as_they_may_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        write(&ours, b"x").unwrap();
        fs::write(&plain, b"x").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(ours), mode(plain));
    }
}

//! Files: opened alike whether gzipped or not, and written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, bufread::MultiGzDecoder, write::GzEncoder};
use tempfile::Builder;

use crate::error::Error;

const BUFFER: usize = 1 << 18;

/// Opens a file for reading; gzip is known by its first two bytes, whatever the name. An empty file is an error.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let file = File::open(path).map_err(Error::read(path))?;
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let start = reader.fill_buf().map_err(Error::read(path))?;
    if start.is_empty() {
        return Err(Error::dataset(path, "the file is empty"));
    }
    Ok(if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(reader)))
    } else {
        Box::new(reader)
    })
}

/// Writes a file (gzipped if its name ends in .gz) beside its place, then renames it: what stood there before is
/// replaced as a whole, or stays where anything fails. Folders above it are made.
pub(crate) fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let write = || {
        let path = &target(path)?;
        let folder = parent(path);
        fs::create_dir_all(folder)?;
        let file = temporary(0o666).tempfile_in(folder)?;
        let mut writer = BufWriter::with_capacity(BUFFER, file);
        if is_gzip_name(path) {
            let mut encoder = GzEncoder::new(writer, Compression::default());
            content(&mut encoder)?;
            writer = encoder.finish()?;
        } else {
            content(&mut writer)?;
        }
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(Error::write(path))
}

/// Writes a file that is not there yet, whole or not at all; the disk has it then. Folders above it are not made.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        let mut file = temporary(0o666).tempfile_in(parent(path))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    };
    write().map_err(|source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists { path: path.into() },
        _ => Error::Write { path: path.into(), source },
    })
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

/// Writes a folder beside its place, then renames it; refuses to touch one that is not empty.
pub(crate) fn write_folder(path: &Path, content: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    let exists = path.exists();
    if exists && fs::read_dir(path).map_err(Error::read(path))?.next().is_some() {
        return Err(Error::Exists { path: path.into() });
    }
    fs::create_dir_all(parent(path)).map_err(Error::write(path))?;
    let folder = temporary(0o777).tempdir_in(parent(path)).map_err(Error::write(path))?;
    content(folder.path())?;
    if exists {
        fs::remove_dir(path).map_err(Error::write(path))?;
    }
    fs::rename(folder.path(), path).map_err(Error::write(path))?;
    let _ = folder.keep(); // it has moved: nothing to remove
    Ok(())
}

/// Whether the name says gzip.
pub(crate) fn is_gzip_name(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"))
}

/// The name of a file in lower case, without .gz.
pub(crate) fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.strip_suffix(".gz").unwrap_or(&name).to_string()
}

/// Whether a system hides the file or folder: its name begins with a dot.
pub(crate) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The folder a file stands in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A hidden temporary name; the permissions are those of any new file, not of a secret one.
#[cfg_attr(not(unix), allow(unused_variables))]
fn temporary(mode: u32) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".writing-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Read;

    #[test]
    fn gzip_is_recognised_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, packed, renamed) = (folder.path().join("a"), folder.path().join("a.gz"), folder.path().join("b"));
        for path in [&plain, &packed] {
            write(path, |w| w.write_all(b"some bytes")).unwrap();
        }
        fs::rename(&packed, &renamed).unwrap();
        assert_ne!(fs::read(&renamed).unwrap(), b"some bytes");
        for path in [&plain, &renamed] {
            let mut text = String::new();
            open(path).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "some bytes");
        }
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/x");
        write(&path, |w| w.write_all(b"old")).unwrap();
        let error = write(&path, |w| w.write_all(b"ne").and(Err(io::ErrorKind::StorageFull.into()))).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write {}", path.display()));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(parent(&path)).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_folder_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set");
        fs::create_dir(&path).unwrap();
        let failed = write_folder(&path, |_| Err(Error::Invalid("no".into())));
        assert!(failed.is_err() && fs::read_dir(folder.path()).unwrap().count() == 1);
        let fill = |at: &Path| fs::write(at.join("x"), "1").map_err(Error::write(at));
        write_folder(&path, fill).unwrap();
        assert!(path.join("x").exists());
        assert!(matches!(write_folder(&path, fill), Err(Error::Exists { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary folder is left");
    }

    #[test]
    fn missing_and_empty_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert_eq!(open(&path).err().unwrap().to_string(), format!("{} does not exist", path.display()));
        fs::write(&path, "").unwrap();
        assert_eq!(open(&path).err().unwrap().to_string(), format!("{}: the file is empty", path.display()));
    }
}

//! Files and folders: opened alike whether gzipped or not, and written whole or not at all.
//!
//! Everything is written to a hidden temporary file or folder beside its place, which is renamed once it is complete. So a
//! reader finds the old content or the new one, and never a part.

pub(crate) mod bounded;
pub(crate) mod memory;
pub(crate) mod source;
pub(crate) mod unpacked;

use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::{Compression, write::GzEncoder};
use tempfile::{Builder, TempDir};

use crate::disk::bounded::{Bounded, LONGEST};
use crate::disk::unpacked::{BUFFER, unpacked};
use crate::error::Error;

/// The beginning of the names under which files and folders are written.
const UNFINISHED: &str = ".writing-";

/// Opens a file for reading. Gzip is recognised by its first two bytes, whatever the name. An empty file is an error, and
/// so is what has no end or would wait for somebody who writes: a device, a pipe.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let found = fs::metadata(path).map_err(Error::read(path))?;
    if let Some(kind) = other_than_file(&found) {
        return Err(Error::dataset(path, format!("it is {kind}, not a file; save what it gives as a file")));
    }
    let file = File::open(path).map_err(Error::read(path))?;
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let start = reader.fill_buf().map_err(Error::read(path))?;
    if start.is_empty() {
        return Err(Error::dataset(path, "the file is empty"));
    }
    unpacked(reader).map_err(Error::read(path))
}

/// Names the thing at a path, where that is neither a file nor a folder: it may have no end, or wait for somebody who writes.
#[cfg_attr(not(unix), allow(unused_variables))]
pub fn other_than_file(found: &Metadata) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = found.file_type();
        let is = [
            (kind.is_fifo(), "a pipe"),
            (kind.is_socket(), "a socket"),
            (kind.is_char_device() || kind.is_block_device(), "a device"),
        ];
        is.into_iter().find_map(|(is, name)| is.then_some(name))
    }
    #[cfg(not(unix))]
    None
}

/// Reads a small file as a whole, plain or gzipped.
///
/// # Errors
/// [`Error::Missing`]; [`Error::Read`], also where it is longer than 16 MiB; [`Error::Dataset`] where it is empty or no file.
pub fn read_small(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![];
    let mut reader = Bounded::new(open(path)?, LONGEST);
    reader.read_to_end(&mut bytes).map_err(Error::read(path))?;
    Ok(bytes)
}

/// Writes a file, or replaces one, whole or not at all; the folders above it are made.
///
/// # Errors
/// [`Error::Write`]; the file that was there before stays untouched.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    replace(path, |writer| writer.write_all(bytes))
}

/// As [`write`], gzipped if the name ends in .gz.
pub(crate) fn write_packed(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    replace(path, |writer| {
        if !is_gzip_name(path) {
            return content(writer);
        }
        let mut encoder = GzEncoder::new(writer, Compression::default());
        content(&mut encoder)?;
        encoder.finish().map(|_| ())
    })
}

fn replace(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let replace = || {
        let path = &target(path)?;
        fs::create_dir_all(parent(path))?;
        let mut writer = BufWriter::with_capacity(BUFFER, temporary(0o666).tempfile_in(parent(path))?);
        content(&mut writer)?;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        sync(parent(path));
        Ok(())
    };
    replace().map_err(Error::write(path))
}

/// Writes a file that is not there yet, whole or not at all, and waits until the disk has it. Folders are not made.
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

/// Proves that a file can be written at `path`, before hours are spent on its content. Makes the folders above it, writes
/// a little to a temporary file, and removes that.
///
/// # Errors
/// [`Error::Write`] when the folder cannot be made or written, the disk is full, or a folder stands at `path`.
pub fn check_writable(path: &Path) -> Result<(), Error> {
    let probe = || {
        let path = target(path)?;
        fs::create_dir_all(parent(&path))?;
        remove_leftovers(parent(&path));
        temporary(0o666).tempfile_in(parent(&path))?.write_all(&[0; 4096])
    };
    probe().map_err(Error::write(path))
}

/// Writes a folder whole or not at all; refuses to touch one that is not empty.
pub(crate) fn write_folder(path: &Path, content: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    if path.exists() && fs::read_dir(path).map_err(Error::read(path))?.next().is_some() {
        return Err(Error::Exists { path: path.into() });
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut staging = Staging::beside(path)?;
    let place = staging.path(&name);
    fs::create_dir(&place).map_err(Error::write(path))?;
    content(&place)?;
    staging.publish(&name)
}

/// A hidden folder in which files and folders are written before they are moved to their place. It vanishes when this is
/// dropped.
pub struct Staging {
    folder: TempDir,
    parent: PathBuf,
}

impl Staging {
    /// A folder beside `target`; the folders above it are made. So an unwritable place is known before any work.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn beside(target: &Path) -> Result<Self, Error> {
        let make = || {
            fs::create_dir_all(parent(target))?;
            remove_leftovers(parent(target));
            let folder = temporary(0o777).tempdir_in(parent(target))?;
            fs::create_dir(folder.path().join("new"))?;
            Ok(folder)
        };
        let folder = make().map_err(Error::write(target))?;
        Ok(Self { folder, parent: parent(target).to_owned() })
    }

    /// The path at which to write the file or folder that will have this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("new").join(name)
    }

    /// Moves a file or folder to its place and removes the one that was there, which comes back if that fails. Whoever
    /// looks finds the old one or the new one; where the system cannot exchange two folders in one step, there is none for
    /// a moment.
    ///
    /// # Errors
    /// [`Error::Write`]; [`Error::Dataset`] names the place of the old folder if it could not come back.
    pub fn publish(&mut self, name: &str) -> Result<(), Error> {
        let new = self.path(name);
        let old = self.folder.path().join("old");
        let target = self.parent.join(name);
        if new.is_dir() {
            sync_all(&new).map_err(Error::write(&target))?;
        }
        if target.is_dir() && exchange(&new, &target) {
            sync(&self.parent);
            return Ok(()); // the old folder vanishes with this one
        }
        let replaces_folder = target.is_dir(); // a file is replaced by the renaming itself
        if replaces_folder {
            fs::rename(&target, &old).map_err(Error::write(&target))?;
        }
        let Err(error) = fs::rename(&new, &target) else {
            sync(&self.parent);
            return Ok(());
        };
        if replaces_folder && fs::rename(&old, &target).is_err() {
            self.folder.disable_cleanup(true);
            let problem = format!("cannot write it: {error}; the old folder is now {}", old.display());
            return Err(Error::dataset(&target, problem));
        }
        Err(Error::write(&target)(error))
    }
}

/// Lets two folders change places in one step; returns whether the system could.
#[cfg_attr(not(any(target_os = "linux", target_os = "macos")), allow(unused_variables))]
fn exchange(a: &Path, b: &Path) -> bool {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    false
}

/// Waits until the disk has all that is in a folder.
fn sync_all(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        Ok(rustix::fs::syncfs(File::open(folder)?)?) // one call for any number of files
    }
    #[cfg(not(target_os = "linux"))]
    {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { sync_all(&path)? } else { File::options().write(true).open(&path)?.sync_all()? }
        }
        Ok(())
    }
}

/// Removes the pieces of work that programs which were killed left in a folder more than a day ago.
fn remove_leftovers(folder: &Path) {
    let day = Duration::from_secs(24 * 60 * 60);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        let age = || entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
        if is_ours && age().is_some_and(|age| age > day) {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
}

/// The file that a path means: follows links, and refuses what is there but is not a plain file (a folder, a device).
fn target(path: &Path) -> io::Result<PathBuf> {
    match path.metadata() {
        Ok(found) if found.is_file() => path.canonicalize(),
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
        Err(_) => Ok(path.into()),
    }
}

/// True if the name ends in .gz.
pub(crate) fn is_gzip_name(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"))
}

/// The name of a file in lower case, without .gz.
pub(crate) fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.strip_suffix(".gz").unwrap_or(&name).to_string()
}

/// True if systems hide the file or folder: its name begins with a dot.
pub(crate) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The folder that holds the file.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A hidden temporary name, with the permissions of any new file.
#[cfg_attr(not(unix), allow(unused_variables))]
fn temporary(mode: u32) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder
}

/// Makes the renaming itself durable, on systems that can sync a folder. The file is whole either way, so a failure does
/// not matter.
#[cfg_attr(not(unix), allow(unused_variables))]
fn sync(folder: &Path) {
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn gzip_is_recognised_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, packed, renamed) = (folder.path().join("a"), folder.path().join("a.gz"), folder.path().join("b"));
        for path in [&plain, &packed] {
            write_packed(path, |w| w.write_all(b"some bytes")).unwrap();
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
        write(&path, b"old").unwrap();
        let error = replace(&path, |w| w.write_all(b"ne").and(Err(io::ErrorKind::StorageFull.into()))).unwrap_err();
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
        fs::write(folder.path().join("file"), "old").unwrap();
        assert!(matches!(write(&folder.path().join("file/below"), b"x"), Err(Error::Write { .. })));
        assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"old");
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
        assert_eq!(parent(Path::new("model.mpk")), Path::new("."));
        assert_eq!(parent(&Path::new("a").join("model.mpk")), Path::new("a"));
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
    fn what_kills_left_is_removed_a_day_later() {
        let place = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| place.path().join(format!("{UNFINISHED}{name}")));
        for path in [&old, &new] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("file"), "").unwrap();
        }
        File::open(&old).unwrap().set_modified(std::time::SystemTime::now() - Duration::from_secs(90_000)).unwrap();
        check_writable(&place.path().join("x")).unwrap();
        assert!(!old.exists() && new.exists());
    }

    #[test]
    fn what_cannot_be_replaced_comes_back() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("folder");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("old"), "").unwrap();
        let error = Staging::beside(&target).unwrap().publish("folder").unwrap_err(); // nothing was written
        assert_eq!(error.to_string(), format!("cannot write {}", target.display()));
        assert!(target.join("old").is_file());
        assert!(Staging::beside(&target.join("old/below")).is_err(), "a file is no folder");
    }
}

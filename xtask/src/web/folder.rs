//! The folder of the page: its files, their list for the service worker, and their sizes.

use crate::cargo::root;
use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::Path;

/// The digits that ship with the page: the first of MNIST's training set.
const DIGITS: usize = 6000;
/// Bytes of a picture of MNIST, and of the headers of its files of pictures and of labels.
const PICTURE: usize = 28 * 28;
const HEADERS: [usize; 2] = [16, 8];
/// The folders of the page.
const FOLDERS: [&str; 3] = ["", "models/", "data/"];
/// Tells GitHub Pages to publish the files as they are.
const NO_JEKYLL: &str = ".nojekyll";
/// Files that a first visit does not wait for.
const LATER: [&str; 4] = ["data/", "models/characters.mpk", "offline.js", "files.js"];

/// A file of the page, with its size in bytes as it is and as servers send it.
pub struct FileSize {
    name: String,
    raw: u64,
    gzip: u64,
}

/// Makes the folder anew; `bind` writes the module into it.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn make(out: &Path, bind: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if out.exists() {
        if let Some(other) = other(out)? {
            bail!("{other} in {} is no part of a page; choose another folder by --out", out.display());
        }
        fs::remove_dir_all(out).with_context(|| out.display().to_string())?;
    }
    for folder in FOLDERS {
        fs::create_dir_all(out.join(folder)).with_context(|| out.display().to_string())?;
    }
    for entry in fs::read_dir(root().join("apps/web/static"))? {
        let entry = entry?;
        copy(&entry.path(), &out.join(entry.file_name()))?;
    }
    for model in ["models/digits.mpk", "models/characters.mpk"] {
        copy(&root().join(model), &out.join(model))?;
    }
    copy(&root().join("data/mnist/NOTICE.md"), &out.join("data/NOTICE.txt"))?;
    fs::write(out.join(NO_JEKYLL), "")?;
    digits("train-images-idx3-ubyte.gz", HEADERS[0], PICTURE, &out.join("data/digits-images-idx3-ubyte.gz"))?;
    digits("train-labels-idx1-ubyte.gz", HEADERS[1], 1, &out.join("data/digits-labels-idx1-ubyte.gz"))?;
    bind(out)?;
    list(out)
}

/// The first entry of a folder that no earlier page has brought there.
fn other(out: &Path) -> Result<Option<String>> {
    let list = fs::read_to_string(out.join("files.js")).unwrap_or_default();
    let is_ours = |name: &String| name == "files.js" || name == NO_JEKYLL || list.contains(&format!("\"{name}\""));
    let mut others = vec![];
    for folder in FOLDERS {
        for entry in fs::read_dir(out.join(folder)).into_iter().flatten() {
            let entry = entry?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            let is_folder = entry.file_type()?.is_dir() && FOLDERS.contains(&&*format!("{name}/"));
            others.extend(Some(name).filter(|name| !is_folder && !is_ours(name)));
        }
    }
    others.sort();
    Ok(others.into_iter().next())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(|_| ()).with_context(|| format!("{} to {}", from.display(), to.display()))
}

/// Writes the first samples of a file of MNIST.
fn digits(name: &str, header: usize, sample: usize, to: &Path) -> Result<()> {
    let from = root().join("data/mnist").join(name);
    let mut bytes = vec![0; header + DIGITS * sample];
    let file = fs::File::open(&from).with_context(|| from.display().to_string())?;
    GzDecoder::new(file).read_exact(&mut bytes).with_context(|| from.display().to_string())?;
    bytes[4..8].copy_from_slice(&(DIGITS as u32).to_be_bytes()); // the number of samples
    fs::write(to, packed(&bytes)?).with_context(|| to.display().to_string())
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(vec![], Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

/// Writes the list of all files, which the service worker keeps, with a name for this version of them.
fn list(out: &Path) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    let all = names(out)?;
    for name in &all {
        (name, fs::read(out.join(name))?).hash(&mut hasher);
    }
    let text = format!("self.VERSION = \"{:016x}\";\nself.FILES = {all:?};\n", hasher.finish());
    fs::write(out.join("files.js"), text.replace("FILES = [", "FILES = [\".\", ")).context("files.js")
}

/// The names of all files in the folder, in their order.
fn names(out: &Path) -> Result<Vec<String>> {
    let mut names = vec![];
    for folder in FOLDERS {
        for entry in fs::read_dir(out.join(folder))? {
            let entry = entry?;
            if entry.file_type()?.is_file() && entry.file_name() != NO_JEKYLL {
                names.push(format!("{folder}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    names.sort();
    Ok(names)
}

/// The sizes of all files.
///
/// # Errors
/// Where one cannot be read.
pub fn sizes(out: &Path) -> Result<Vec<FileSize>> {
    let size = |name: String| {
        let bytes = fs::read(out.join(&name)).with_context(|| name.clone())?;
        let gzip = if name.ends_with(".gz") { bytes.len() } else { packed(&bytes)?.len() };
        Ok(FileSize { name, raw: bytes.len() as u64, gzip: gzip as u64 })
    };
    names(out)?.into_iter().map(size).collect()
}

/// The bytes that a visitor loads before the page answers, as servers send them.
pub fn first_visit(sizes: &[FileSize]) -> u64 {
    sizes.iter().filter(|file| LATER.iter().all(|later| !file.name.starts_with(later))).map(|file| file.gzip).sum()
}

/// The sizes as a table.
pub fn table(sizes: &[FileSize]) -> String {
    let line = |file: &FileSize| format!("{:<36}{:>10}{:>10}\n", file.name, megabytes(file.raw), megabytes(file.gzip));
    format!("{:<36}{:>10}{:>10}\n", "file", "raw", "gzip") + &sizes.iter().map(line).collect::<String>()
}

/// A size for people.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_folder_holds_all_that_its_list_names_and_nothing_else_is_overwritten() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("page");
        make(&out, |out| Ok(fs::write(out.join("web_bg.wasm"), vec![7; 100_000])?)).unwrap();
        let list = fs::read_to_string(out.join("files.js")).unwrap();
        let sizes = sizes(&out).unwrap();
        assert!(sizes.iter().all(|file| file.name == "files.js" || list.contains(&format!("\"{}\"", file.name))));
        assert!(list.contains("\".\", ") && list.contains("web_bg.wasm") && list.contains("models/digits.mpk"));
        let digits = sizes.iter().find(|file| file.name == "models/digits.mpk").unwrap();
        assert!(first_visit(&sizes) > digits.gzip && first_visit(&sizes) < digits.gzip + 100_000);
        make(&out, |_| Ok(())).unwrap();
        assert_ne!(fs::read_to_string(out.join("files.js")).unwrap(), list, "another version");
        fs::create_dir(out.join(".git")).unwrap();
        for (folder, other) in [(place.path(), "page"), (&out, ".git")] {
            let error = make(folder, |_| Ok(())).unwrap_err().to_string();
            assert!(error.contains("--out") && error.starts_with(other), "{error}");
        }
        assert!(out.join("models/digits.mpk").is_file(), "nothing is lost");
    }
}

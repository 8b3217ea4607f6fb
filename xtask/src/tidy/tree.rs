//! The files that belong to the project.

use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// All files, sorted, relative to the root, with `/` between their parts: as git sees them (new ones too, ignored ones
/// not), or all there are if the root is not a git checkout.
pub fn files(root: &Path) -> Result<Vec<String>> {
    let mut files = match from_git(root) {
        Some(files) => files,
        None => walk(root, "")?,
    };
    files.retain(|path| root.join(path).is_file());
    files.sort();
    Ok(files)
}

fn from_git(root: &Path) -> Option<Vec<String>> {
    if !root.join(".git").exists() {
        return None;
    }
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let output = Command::new("git").args(arguments).current_dir(root).output().ok()?;
    let names = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| names.split_terminator('\0').map(String::from).collect())
}

/// Leaves out hidden entries and the folders that cargo builds in, which it marks by a `CACHEDIR.TAG`.
fn walk(root: &Path, below: &str) -> Result<Vec<String>> {
    let folder = root.join(below);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if name.starts_with('.') {
            continue;
        } else if !entry.file_type()?.is_dir() {
            files.push(path);
        } else if !entry.path().join("CACHEDIR.TAG").exists() {
            files.extend(walk(root, &path)?);
        }
    }
    Ok(files)
}

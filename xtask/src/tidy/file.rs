//! A file of the project as the rules see it: its path, its text, and where its tests begin.

use anyhow::{Context, Result};
use std::path::Path;

/// A file. Only Rust files, manifests and documents have a text.
pub struct File {
    /// The path from the root, with `/` between its parts.
    pub path: String,
    /// The text, empty where no rule reads it.
    pub text: String,
    /// Bytes of the file.
    pub size: u64,
    /// Whether the whole file is a test.
    pub is_test: bool,
}

impl File {
    /// Reads a file below `root`.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a text although its name says so.
    pub fn read(root: &Path, path: String) -> Result<Self> {
        let file = root.join(&path);
        let cannot = || format!("cannot read {path}");
        let size = file.metadata().with_context(cannot)?.len();
        let has_text = [".rs", ".md", "Cargo.toml"].iter().any(|ending| path.ends_with(ending));
        let text = if has_text { std::fs::read_to_string(&file).with_context(cannot)? } else { String::new() };
        Ok(Self { is_test: is_in_tests(&path), path, text, size })
    }

    /// A file with this text.
    #[cfg(test)]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), size: text.len() as u64, is_test: is_in_tests(path) }
    }

    /// Whether this is a Rust file.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The paths that the files of its modules for tests, `#[cfg(test)] mod name;`, may have.
    fn test_modules(&self) -> impl Iterator<Item = String> {
        let folder = self.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
        let pairs = self.text.lines().zip(self.text.lines().skip(1));
        let names = pairs.filter(|(above, _)| *above == "#[cfg(test)]").filter_map(|(_, line)| declared(line));
        names.map(move |name| format!("{folder}/{name}.rs"))
    }

    /// The numbered lines of a Rust file before its module of tests: none of a test.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = if self.is_test { "" } else { without_tests(&self.text) };
        (1..).zip(text.lines())
    }

    /// The same lines without what follows a `//`.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().map(|(number, line)| (number, line.split("//").next().unwrap_or_default()))
    }
}

/// Whether a path is that of a test by its name.
fn is_in_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with(".rs") && path.split('/').any(|part| part == "tests")
}

/// Marks the files that other files declare as modules for tests.
pub fn mark_tests(files: &mut [File]) {
    let tests: Vec<String> = files.iter().filter(|file| file.is_rust()).flat_map(File::test_modules).collect();
    for file in files {
        file.is_test |= tests.contains(&file.path);
    }
}

/// The name in `mod name;`.
pub fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let visibilities = ["pub(crate) ", "pub(super) ", "pub "];
    let line = visibilities.iter().find_map(|visibility| line.strip_prefix(visibility)).unwrap_or(line);
    line.strip_prefix("mod ")?.trim_end().strip_suffix(';')
}

/// The text before `#[cfg(test)] mod tests`, which files beside this one may use in their tests.
fn without_tests(text: &str) -> &str {
    let is_module = |at: &usize| {
        let mut rest = text[*at..].lines().skip(2);
        let line = rest.find(|line| !line.starts_with("#[")).unwrap_or_default();
        line.strip_prefix("pub(super) ").unwrap_or(line).starts_with("mod tests")
    };
    let end = text.match_indices("\n#[cfg(test)]\n").map(|(at, _)| at).find(is_module);
    end.map_or(text, |at| &text[..at])
}

/// Whether a word stands in the line, and not as a part of a longer one.
pub fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        let open = !word.starts_with(joins) || !line[..at].ends_with(joins);
        let end = !word.ends_with(joins) || !line[at + word.len()..].starts_with(joins);
        open && end
    })
}

/// Whether a path is one that the pattern describes, in which `*` stands for any text.
pub fn matches(pattern: &str, path: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == path };
    let Some(mut left) = path.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_not_among_the_lines() {
        let text = "//! A.\nfn f() {}\n#[cfg(test)]\nmod fixture;\n\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n}\n";
        assert_eq!(File::new("a.rs", text).lines().count(), 4);
        assert_eq!(File::new("a.rs", &text.replace("mod tests", "pub(super) mod tests")).lines().count(), 4);
        assert_eq!(File::new("a.rs", "fn f() {} // why\n").code().next(), Some((1, "fn f() {} ")));
        assert_eq!(File::new("crates/a/tests/it/b.rs", text).lines().count(), 0);
        assert!(File::new("crates/a/src/b/tests.rs", text).is_test);
        let mut files = [File::new("a/mod.rs", text), File::new("a/fixture.rs", text), File::new("a/b.rs", text)];
        mark_tests(&mut files);
        assert_eq!(files.map(|file| file.is_test), [false, true, false]);
    }

    #[test]
    fn patterns_and_words() {
        assert!(matches("a/*", "a/b/c.rs") && matches("*.rs", "a/b.rs") && matches("a.rs", "a.rs"));
        assert!(matches("apps/*/view*.rs", "apps/x/src/view_a.rs") && !matches("apps/*/view*.rs", "apps/x/src/a.rs"));
        assert!(!matches("a.rs", "b/a.rs") && !matches("a/*b", "a/bc"));
        assert!(has_word("a Layer.", "Layer") && !has_word("Layers", "Layer") && !has_word("my_fs", "fs"));
    }
}

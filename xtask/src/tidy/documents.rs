//! Documents tell the truth: every path, type and function that a `.md` file names exists.

use crate::tidy::file::{File, has_word};
use crate::tidy::report::Report;

/// Paths that a user makes, so that a document may name them although they are not in the repository.
const MADE_BY_USERS: [&str; 3] = ["runs/", "data/drawings", "target/"];
/// Endings by which a word between backticks is taken for a path even without a `/`.
const ENDINGS: [&str; 4] = [".rs", ".md", ".toml", "/"];

/// Reports names between backticks, and links, that lead nowhere.
pub fn check(files: &[File], report: &mut Report) {
    let code: Vec<&str> = files.iter().filter(|file| file.is_rust()).map(|file| file.text.as_str()).collect();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut in_block = false;
        for (number, line) in (1..).zip(file.text.lines()) {
            in_block ^= line.trim_start().starts_with("```");
            if in_block {
                continue;
            }
            for name in quoted(line) {
                if is_path(name) && !exists(files, name) {
                    report.add(&file.path, number, format!("there is no `{name}`"));
                }
                if is_code(name) && !name.split("::").all(|part| code.iter().any(|text| has_word(text, part))) {
                    report.add(&file.path, number, format!("`{name}` is not in the code"));
                }
            }
            for link in links(line).filter(|link| !beside(files, &file.path, link)) {
                report.add(&file.path, number, format!("the link to {link} leads nowhere"));
            }
        }
    }
}

/// The texts between backticks in a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The targets of links to files in a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|link| !link.contains(':') && !link.starts_with('#'))
}

/// Whether a text looks like a path: one word with a `/` or a known ending, and nothing that stands for something else.
fn is_path(text: &str) -> bool {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    let looks = text.contains('/') || ENDINGS.iter().any(|ending| text.ends_with(ending));
    plain && looks && !text.starts_with(['/', '.', '-']) && MADE_BY_USERS.iter().all(|path| !text.starts_with(path))
}

/// Whether a text looks like the name of a type, a path to one, or a function: `Ink`, `nn_io::Reader`, `read_many`.
fn is_code(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_:".contains(c));
    let camel = text.starts_with(char::is_uppercase) && text.len() > 2 && text.contains(char::is_lowercase);
    plain && (camel || text.contains("::") || text.contains('_')) && !text.ends_with([':', '_'])
}

/// Whether a file or folder ends with this path: documents leave out `crates/` and `src/`.
fn exists(files: &[File], path: &str) -> bool {
    let path = format!("/{}/", path.trim_end_matches('/'));
    let full = |file: &File| format!("/{}/", file.path);
    files.iter().any(|file| full(file).contains(&path) || full(file).replace("/src/", "/").contains(&path))
}

/// Whether a link leads to a file or folder, from the folder of the document.
fn beside(files: &[File], document: &str, link: &str) -> bool {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in link.split('#').next().unwrap_or_default().split('/') {
        match part {
            ".." => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    let target = parts.join("/");
    files.iter().any(|file| file.path == target || file.path.starts_with(&format!("{}/", target.trim_end_matches('/'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    fn lines(text: &str) -> Vec<String> {
        let code = "//! Opens.\npub struct Ink;\nimpl Ink { fn rasterise(&self) {} }\n";
        places(check, &[("A.md", text), ("crates/a/src/ink/mod.rs", code), ("docs/a.png", "")])
    }

    #[test]
    fn what_exists_may_be_named() {
        for text in [
            "`ink/mod.rs`, `a/ink/mod.rs`",
            "`crates/a`",
            "`Ink`, `Ink::rasterise`",
            "[x](docs/a.png) [y](https://a.b/c) [z](docs/../docs/a.png)",
        ] {
            assert!(lines(text).is_empty(), "{text}");
        }
        for text in
            ["`train --data a/b`", "`runs/cnn`", "`dZ X^T`", "`--out`", "```\n`gone.rs`\n```", "`data/drawings`"]
        {
            assert!(lines(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_gone_may_not() {
        for text in
            ["`gone.rs`", "`ink/gone`", "`Gone`", "`Ink::gone`", "`gone::Ink`", "`is_gone`", "[x](docs/gone.png)"]
        {
            assert_eq!(lines(text), ["A.md:1"], "{text}");
        }
    }
}

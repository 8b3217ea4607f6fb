//! Plain words: how documentation must not begin, and phrases that make a reader decode a comment.

use crate::tidy::file::{File, has_word};
use crate::tidy::report::Report;

/// A documentation comment says who does what; it does not begin with these.
const OPENINGS: [&str; 2] = ["What ", "Whether there"];
/// Phrases that no comment and no document has; spelt in two halves, since this file is checked too.
const PHRASES: [&str; 3] = [concat!("so ", "many"), concat!("of ", "which"), concat!("is ", "no ")];

/// A plain phrase that contains one of these.
const PLAIN: &str = concat!("there ", "is no ");

/// Reports openings and phrases in the comments of Rust files, and phrases in documents.
pub fn check(files: &[File], report: &mut Report) {
    for file in files {
        let mut in_doc = false;
        for (number, line) in (1..).zip(file.text.lines()) {
            let text = if file.path.ends_with(".md") { line } else { comment(file, line).unwrap_or_default() };
            let text = text.replace(PLAIN, "");
            let doc = line.trim_start().strip_prefix("///").or(line.trim_start().strip_prefix("//!"));
            if let Some(opening) =
                OPENINGS.iter().find(|o| !in_doc && doc.is_some_and(|d| d.trim_start().starts_with(**o)))
            {
                report.add(
                    &file.path,
                    number,
                    format!("say who does what: documentation does not begin with `{opening}`"),
                );
            }
            in_doc = doc.is_some();
            for phrase in PHRASES.into_iter().filter(|phrase| has_word(&text, phrase)) {
                report.add(&file.path, number, format!("plain words: not `{phrase}`"));
            }
        }
    }
}

/// The comment in a line of a Rust file.
fn comment<'a>(file: &File, line: &'a str) -> Option<&'a str> {
    line.split_once("//").map(|(_, comment)| comment).filter(|_| file.is_rust())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn documentation_opens_plainly() {
        let good = "//! The rows.\n//! What follows may say what it likes.\n\n/// Returns whether there is a row.\n";
        assert!(places(check, &[("a.rs", good)]).is_empty());
        let bad = concat!("//! Wh", "at it is.\n\n/// Whe", "ther there is a row.\n");
        assert_eq!(places(check, &[("a.rs", bad)]), ["a.rs:1", "a.rs:3"]);
    }

    #[test]
    fn phrases_are_found_in_comments_and_documents_only() {
        for phrase in PHRASES {
            let text = format!("//! The {phrase} rows.\nlet x = \"{phrase}\";\n");
            assert_eq!(places(check, &[("a.rs", &text)]), ["a.rs:1"]);
            assert_eq!(places(check, &[("A.md", &text)]), ["A.md:1", "A.md:2"]);
        }
        assert!(places(check, &[("a.rs", concat!("//! Where there i", "s no row.\n"))]).is_empty());
    }
}

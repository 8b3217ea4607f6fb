//! Rules for a Rust file: opened by a sentence, short, finished, and with a runnable example where it is a layer.

use crate::tidy::file::{File, has_word};
use crate::tidy::report::Report;

/// Most lines of code and documentation; tests are not counted.
const LONGEST: usize = 300;
/// Signs of unfinished work; spelt in two halves, since this file is checked too.
const UNFINISHED: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("#[ig", "nore"),
];
/// The folder of the layers, and the files in it that are not layers.
const LAYERS: &str = "crates/nn-core/src/layers/";
const NOT_LAYERS: [&str; 3] = ["mod.rs", "build.rs", "shortcuts.rs"];

/// Reports every line of a Rust file that breaks a rule.
pub fn check(files: &[File], report: &mut Report) {
    for file in files.iter().filter(|file| file.is_rust()) {
        let path = &file.path;
        let lines = file.lines().count();
        if lines > LONGEST {
            report.add(path, LONGEST + 1, format!("{lines} lines without tests: a file has at most {LONGEST}"));
        }
        let opening = file.text.lines().next().unwrap_or_default();
        if opening.strip_prefix("//! ").is_none_or(|sentence| sentence.trim().is_empty()) {
            report.add(path, 1, "a file opens with one plain sentence: `//! …`");
        }
        for (number, line) in (1..).zip(file.text.lines()) {
            for sign in UNFINISHED.into_iter().filter(|sign| has_word(line, sign)) {
                report.add(path, number, format!("unfinished work: `{sign}`"));
            }
        }
        for (number, line) in file.code() {
            if let Some(name) = hidden_function(line) {
                report.add(path, number, format!("the local `{name}` hides the function that it came from"));
            }
        }
        let is_layer = path.strip_prefix(LAYERS).is_some_and(|name| !name.contains('/') && !NOT_LAYERS.contains(&name));
        let mut fences = file.lines().filter(|(_, line)| matches!(line.trim(), "/// ```" | "//! ```"));
        if is_layer && fences.next().is_none() {
            report.add(path, 1, "a layer has a runnable example with numbers in its documentation");
        }
    }
}

/// The name that stands on both sides of `let name = name(`.
fn hidden_function(line: &str) -> Option<&str> {
    let (name, value) = line.trim_start().strip_prefix("let ")?.split_once(" = ")?;
    let name = name.trim_start_matches("mut ");
    value.strip_prefix(name)?.starts_with('(').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn a_file_opens_with_a_sentence() {
        assert!(places(check, &[("a.rs", "//! Opens.\nfn f() {}\n")]).is_empty());
        for text in ["fn f() {}\n", "//!\nfn f() {}\n", "// no doc\n", ""] {
            assert_eq!(places(check, &[("a.rs", text)]), ["a.rs:1"], "{text:?}");
        }
    }

    #[test]
    fn a_file_is_short_without_its_tests() {
        let long = format!("//! Opens.\n{}", "// line\n".repeat(LONGEST - 1));
        let tests = format!("{long}\n#[cfg(test)]\nmod tests {{\n}}\n");
        assert!(places(check, &[("a.rs", &long), ("b.rs", &tests)]).is_empty());
        assert_eq!(places(check, &[("a.rs", &(long + "// one more\n"))]), ["a.rs:301"]);
    }

    #[test]
    fn unfinished_work_is_found_and_longer_words_are_not() {
        for sign in UNFINISHED {
            assert_eq!(places(check, &[("a.rs", &format!("//! Opens.\n\n    {sign} x\n"))]), ["a.rs:3"], "{sign}");
        }
        assert!(places(check, &[("a.rs", concat!("//! AU", "TO", "DOC.\n"))]).is_empty());
    }

    #[test]
    fn no_local_hides_its_function() {
        let good = "//! Opens.\nlet rows = count(x);\nlet x = x.y();\n";
        assert!(places(check, &[("a.rs", good)]).is_empty());
        let bad = "//! Opens.\nlet rows = rows(x);\n    let mut root = root();\n";
        assert_eq!(places(check, &[("a.rs", bad)]), ["a.rs:2", "a.rs:3"]);
    }

    #[test]
    fn a_layer_has_an_example() {
        let of =
            |fence: &str| format!("//! A layer.\n//!\n//! {fence}\n//! x\n//! ```\n").replace("//! ```\n", "//! ```\n");
        let dense = "crates/nn-core/src/layers/dense.rs";
        assert!(places(check, &[(dense, &of("```"))]).is_empty());
        assert_eq!(places(check, &[(dense, "//! A layer.\n")]), [format!("{dense}:1")]);
        assert!(places(check, &[("crates/nn-core/src/layers/mod.rs", "//! The layers.\n")]).is_empty());
    }
}

//! Rules for Rust files: short, opened by a sentence, finished, and faer named in one place only.

const LONGEST: usize = 300;
/// The one file that names the matrix library.
const LINALG: &str = "crates/nn-core/src/kernels/matrix.rs";
/// Signs of unfinished work; spelt in two halves, for this file is checked too.
const UNFINISHED: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("#[ig", "nore"),
];

/// Reports every line of a Rust file that breaks a rule.
pub fn check(path: &str, text: &str, report: &mut dyn FnMut(usize, String)) {
    let lines = text.lines().count();
    if lines > LONGEST {
        report(LONGEST + 1, format!("{lines} lines: a file has at most {LONGEST}"));
    }
    let opening = text.lines().next().unwrap_or_default();
    if opening.strip_prefix("//! ").is_none_or(|sentence| sentence.trim().is_empty()) {
        report(1, "a file opens with one plain sentence: `//! …`".into());
    }
    for (number, line) in (1..).zip(text.lines()) {
        for sign in UNFINISHED.into_iter().filter(|sign| has_word(line, sign)) {
            report(number, format!("unfinished work: `{sign}`"));
        }
        let code = line.split("//").next().unwrap_or_default();
        if path != LINALG && has_word(code, concat!("fa", "er")) {
            report(number, format!("only {LINALG} names the matrix library"));
        }
    }
}

/// Whether the word stands in the line, and not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        let open = !line[..at].ends_with(joins);
        let end = !word.ends_with(joins) || !line[at + word.len()..].starts_with(joins);
        open && end
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        check(path, text, &mut |line, _| found.push(line));
        found
    }

    #[test]
    fn a_file_opens_with_a_sentence() {
        assert!(lines("a.rs", "//! What it is.\nfn f() {}\n").is_empty());
        for text in ["fn f() {}\n", "//!\nfn f() {}\n", "// no doc\n", ""] {
            assert_eq!(lines("a.rs", text), [1], "{text:?}");
        }
    }

    #[test]
    fn a_file_is_short() {
        let long = format!("//! What it is.\n{}", "// line\n".repeat(LONGEST - 1));
        assert!(lines("a.rs", &long).is_empty());
        assert_eq!(lines("a.rs", &(long + "// one more\n")), [LONGEST + 1]);
    }

    #[test]
    fn unfinished_work_is_found_and_longer_words_are_not() {
        for sign in UNFINISHED {
            assert_eq!(lines("a.rs", &format!("//! What it is.\n\n    {sign} x\n")), [3], "{sign}");
        }
        assert!(lines("a.rs", concat!("//! AU", "TO", "DOC.\n")).is_empty());
    }

    #[test]
    fn the_matrix_library_is_named_in_one_file_and_in_comments() {
        let text = concat!("//! On fa", "er.\nuse fa", "er::Mat; // of fa", "er\n");
        assert_eq!(lines("crates/nn-core/src/network.rs", text), [2]);
        assert!(lines(LINALG, text).is_empty());
    }
}

//! Messages: results on stdout, everything else on stderr. None of these functions panics when nobody listens any more.

use anyhow::Context;
use nn_data::Skipped;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// The most characters of a name in a table.
const WIDEST: usize = 40;

/// Says on stderr what happens, unless `--quiet` was given.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    /// Whether nothing is said.
    pub quiet: bool,
}

impl Say {
    /// Writes a line.
    pub fn line(&self, text: impl Display) {
        if !self.quiet {
            to_stderr(text);
        }
    }

    /// Writes one line, also where a name in it has line breaks.
    pub fn note(&self, text: &str) {
        self.line(visible(text));
    }

    /// Says which files of a dataset were passed over, a line for each reason.
    pub fn skipped(&self, skipped: &Skipped) {
        skipped.lines().iter().for_each(|line| self.note(&plain(line)));
    }
}

/// A number with its noun, in the singular where it is one: `1 drawing`, `2 drawings`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Writes a line on stderr, `--quiet` or not.
pub fn to_stderr(text: impl Display) {
    let text: String = text.to_string().split('\n').map(visible).collect::<Vec<_>>().join("\n");
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A name from outside as it may stand in a line: characters that would move the cursor, colour the text, begin a line or
/// turn the direction of reading are written as escapes, as in `\u{1b}`.
pub fn visible(name: &str) -> Cow<'_, str> {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !name.contains(acts) {
        return name.into();
    }
    let mut text = String::new();
    for c in name.chars() {
        if acts(c) { text.extend(c.escape_default()) } else { text.push(c) }
    }
    text.into()
}

/// A name from outside as it may stand in a table: [`visible`], and cut where it is long.
pub fn cell(name: &str) -> String {
    let cut: String = name.chars().take(WIDEST).collect();
    let dots = if cut.len() < name.len() { "…" } else { "" };
    visible(&cut).into_owned() + dots
}

/// Writes a result on stdout.
///
/// # Errors
/// When it cannot be written, as where the disk is full. Whoever closed the pipe does not want it: that is none.
pub fn result(text: impl Display) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write the result"),
        _ => Ok(()),
    }
}

/// Writes `error: ` and the error with its causes as one line on stderr, and returns the exit code of a failure.
pub fn error(error: &anyhow::Error) -> ExitCode {
    to_stderr(format_args!("error: {}", one_line(error)));
    ExitCode::FAILURE
}

/// An error with its causes, in plain words.
pub fn one_line(error: &anyhow::Error) -> String {
    visible(&plain(&format!("{error:#}"))).into_owned()
}

/// An error's text without the numbers that the system gives its errors: `x.png: No such file or directory (os error 2)`
/// becomes `x.png: there is no
/// such file or folder`.
pub fn plain(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        match part.split_once(')') {
            Some((number, rest)) if number.parse::<i32>().is_ok() => plain += rest,
            _ => plain = plain + " (os error " + part,
        }
    }
    plain
        .replace("No such file or directory", "there is no such file or folder")
        .replace("Permission denied", "you have no permission to do so")
        .replace("Is a directory", "it is a folder")
        .replace("Not a directory", "a part of the path is not a folder")
        .replace("No space left on device", "the disk is full")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn errors_of_the_system_are_told_in_plain_words() {
        let missing = io::Error::from_raw_os_error(2);
        assert_eq!(plain(&format!("x: {missing}; more")), "x: there is no such file or folder; more");
        assert_eq!(plain(&format!("{}", io::Error::from_raw_os_error(28))), "the disk is full");
        assert!(!plain(&io::Error::from_raw_os_error(5).to_string()).contains("os error"));
        for text in ["nothing special", "left open (os error 2", "no number (os error x)"] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn names_from_outside_do_nothing_to_the_terminal() {
        assert_eq!(visible("ä b \\n ф 🦀"), "ä b \\n ф 🦀");
        assert_eq!(visible("\u{1b}[31m\n\t\u{7f}\u{9b}\u{202e}x"), r"\u{1b}[31m\n\t\u{7f}\u{9b}\u{202e}x");
        assert_eq!(cell("short\r"), r"short\r");
        assert_eq!(cell(&"ä".repeat(100_000)), "ä".repeat(40) + "…");
        assert!(!one_line(&anyhow::anyhow!("a\nb: \u{1b}")).contains(['\n', '\u{1b}']));
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([count(1, "file", "files"), count(2, "file", "files")], ["1 file", "2 files"]);
    }
}

//! The places that break a rule.

use std::fmt;

/// A place that breaks a house rule. The path is relative to the root, with `/` between its parts on every system.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.reason)
    }
}

/// Collects the violations that the rules find.
#[derive(Default)]
pub struct Report(pub Vec<Violation>);

impl Report {
    /// Adds a violation in a line, the first being 1.
    pub fn add(&mut self, path: &str, line: usize, reason: impl Into<String>) {
        self.0.push(Violation { path: path.into(), line, reason: reason.into() });
    }
}

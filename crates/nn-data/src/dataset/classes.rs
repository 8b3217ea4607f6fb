//! Labels and the folder names that stand for them where file names ignore case.
//!
//! A single character gets a name that says what it is: `upper_A`, `lower_a`, `digit_3`, `u+0444` for ф. A longer label
//! that is a harmless word stays as it is. Any other becomes `text_` and its UTF-8 bytes, all but ASCII letters, digits
//! and `-` written as `%` and two hexadecimal digits, so that slashes, trailing dots, names a system keeps for itself
//! (`con`, `nul`) and words that look like one of these forms come back as they were.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The groups of classes named in a line.
const SHOWN: usize = 3;
/// The words that programs write where a label is missing.
pub(crate) const MISSING: [&str; 6] = ["nan", "null", "none", "na", "n/a", "undefined"];

/// The folder name of a label; `label_of` is its inverse.
///
/// ```
/// use nn_data::{folder_name, label_of};
/// assert_eq!(folder_name("A"), "upper_A");
/// assert_eq!(folder_name("ф"), "u+0444");
/// assert_eq!(folder_name("airplane"), "airplane");
/// assert_eq!(label_of(&folder_name("a/b")), "a/b");
/// ```
pub fn folder_name(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_uppercase() => format!("upper_{c}"),
        (Some(c), None) if c.is_ascii_lowercase() => format!("lower_{c}"),
        (Some(c), None) if c.is_ascii_digit() => format!("digit_{c}"),
        (Some(c), None) => format!("u+{:04x}", u32::from(c)),
        _ if is_safe(label) && label_of(label) == label => label.to_string(),
        _ => encoded(label),
    }
}

/// The label a folder name stands for: the name itself unless it has one of the forms above.
pub fn label_of(folder: &str) -> String {
    character(folder).map(String::from).or_else(|| decoded(folder)).unwrap_or_else(|| folder.to_string())
}

/// The order of classes: whole numbers by value, then all other labels by their characters.
pub fn class_order(a: &str, b: &str) -> Ordering {
    match (a.parse::<i64>(), b.parse::<i64>()) {
        (Ok(x), Ok(y)) => x.cmp(&y).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        _ => a.cmp(b),
    }
}

/// Lines about classes that a person may mean as one, or as none.
///
/// Words that differ by case or blanks are, and numbers that differ by zeros; single letters are not.
pub(crate) fn doubts(classes: &[String]) -> Vec<String> {
    let mut same: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    classes.iter().for_each(|class| same.entry(plain(class)).or_default().push(class));
    let quoted =
        |classes: Vec<&str>| classes.iter().map(|class| format!("{class:?}")).collect::<Vec<_>>().join(" and ");
    let same: Vec<String> = same.into_values().filter(|classes| classes.len() > 1).map(quoted).collect();
    let more = if same.len() > SHOWN { format!(" and {} more", same.len() - SHOWN) } else { String::new() };
    let shown = same.get(..SHOWN).unwrap_or(&same).join(", ");
    let mut lines = vec![];
    if !same.is_empty() {
        lines.push(format!("{shown}{more} are classes of their own, but differ in spelling only"));
    }
    let missing = classes.iter().filter(|class| MISSING.contains(&class.to_lowercase().as_str()));
    lines.extend(missing.map(|class| format!("a class is called {class:?}: are these samples without a label?")));
    lines
}

/// A label for being compared with others.
fn plain(label: &str) -> String {
    let words: Vec<String> = label.split_whitespace().map(str::to_lowercase).collect();
    match label.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ if label.chars().count() == 1 => label.into(),
        _ => words.join(" "),
    }
}

/// The character that `upper_A`, `lower_a`, `digit_3` or `u+0444` stands for.
fn character(folder: &str) -> Option<char> {
    if let Some(hex) = folder.strip_prefix("u+").filter(|h| (4..=6).contains(&h.len())) {
        let digits = hex.bytes().all(|b| b.is_ascii_hexdigit());
        return u32::from_str_radix(hex, 16).ok().filter(|_| digits).and_then(char::from_u32);
    }
    let (kind, rest) = folder.split_once('_')?;
    let mut chars = rest.chars();
    let c = chars.next().filter(|_| chars.next().is_none())?;
    match kind {
        "upper" => c.is_ascii_uppercase(),
        "lower" => c.is_ascii_lowercase(),
        "digit" => c.is_ascii_digit(),
        _ => false,
    }
    .then_some(c)
}

/// Whether a label can be a folder name on every system, unchanged.
fn is_safe(label: &str) -> bool {
    let stem = label.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let port = |name| stem.strip_prefix(name).is_some_and(|n| n.chars().count() == 1 && n.contains(char::is_numeric));
    let reserved = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || port("com") || port("lpt");
    // A folder of these names would be taken for a part of the dataset.
    let part = matches!(label.to_lowercase().as_str(), "train" | "test");
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let at_end = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let ends = at_end(label.chars().next()) && at_end(label.chars().next_back());
    label.len() <= 100 && label.chars().all(inner) && ends && !reserved && !part
}

fn encoded(label: &str) -> String {
    let mut name = String::from("text_");
    for byte in label.bytes() {
        match byte {
            b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => name.push(char::from(byte)),
            _ => write!(name, "%{byte:02x}").unwrap_or_default(), // writing to a String cannot fail
        }
    }
    name
}

fn decoded(folder: &str) -> Option<String> {
    let mut rest = folder.strip_prefix("text_")?.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let (hex, tail) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?);
            rest = tail;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn classes_that_may_be_one_are_named() {
        let doubts = |classes: &[&str]| doubts(&classes.iter().map(|class| (*class).into()).collect::<Vec<_>>());
        assert!(doubts(&["a", "A", "1", "10", "cat", "dog", "O", "0"]).is_empty());
        assert_eq!(doubts(&["07", "7"]), [r#""07" and "7" are classes of their own, but differ in spelling only"#]);
        assert!(doubts(&["Cat", "cat", "a  b", "a b"])[0].starts_with(r#""a  b" and "a b", "Cat" and "cat" are"#));
        assert!(doubts(&["0", "00", "1", "01", "2", "02", "3", "03"])[0].contains(r#""2" and "02" and 1 more are"#));
        assert_eq!(doubts(&["x", "NaN"]), [r#"a class is called "NaN": are these samples without a label?"#]);
    }

    #[test]
    fn names_of_characters_and_words() {
        let pairs = [
            ("A", "upper_A"),
            ("a", "lower_a"),
            ("3", "digit_3"),
            ("ф", "u+0444"),
            ("/", "u+002f"),
            ("𝄞", "u+1d11e"),
            ("10", "10"),
            ("airplane", "airplane"),
            ("traffic light", "traffic light"),
            ("кот", "кот"),
            ("con", "text_con"),
            ("Nul.txt", "text_Nul%2etxt"),
            ("com1", "text_com1"),
            ("a/b", "text_a%2fb"),
            ("dot.", "text_dot%2e"),
            (".hidden", "text_%2ehidden"),
            (" x", "text_%20x"),
            ("upper_A", "text_upper%5fA"),
            ("text_x", "text_text%5fx"),
            ("test", "text_test"),
            ("", "text_"),
        ];
        for (label, folder) in pairs {
            assert_eq!(folder_name(label), folder);
            assert_eq!(label_of(folder), label);
        }
    }

    #[test]
    fn other_names_are_their_own_labels() {
        for name in ["upper_a", "upper_AB", "u+44", "u+d800", "u++444", "text_%zz", "text_%", "0", "A"] {
            assert_eq!(label_of(name), name);
        }
    }

    #[test]
    fn numbers_come_first_and_by_value() {
        let mut labels = ["b", "10", "A", "9", "a", "0"];
        labels.sort_by(|a, b| class_order(a, b));
        assert_eq!(labels, ["0", "9", "10", "A", "a", "b"]);
    }

    proptest! {
        #[test]
        fn every_label_survives(label in "\\PC{0,12}|(text|upper|u\\+|con|com1)[_.%a-zA-Z0-9 ]{0,4}") {
            let name = folder_name(&label);
            prop_assert_eq!(label_of(&name), label);
            prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']), "{}", name);
            prop_assert!(!name.ends_with(['.', ' ']) && !name.starts_with(['.', ' ']));
        }
    }
}

//! The names of classes that data calls by numbers or codes: from a file, or by what codes usually mean.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;

/// The files that name the classes of the data beside them.
const BESIDE: [&str; 8] = [
    "classes.txt",
    "class_names.txt",
    "classnames.txt",
    "labels.txt",
    "label_map.txt",
    "mapping.txt",
    "classes.json",
    "class_names.json",
];

/// A file that names classes.
///
/// Each of its lines is `KEY NAME` (also with a tab, comma, semicolon, colon or `=` between), or only a name: then the
/// first line is class 0, or 1 where the data counts from 1. EMNIST's `KEY CODEPOINT` is known by its numbers. JSON may
/// be an object of names or a list.
#[derive(Debug)]
pub struct ClassNames {
    path: PathBuf,
    by_key: HashMap<String, String>,
    by_line: Vec<String>,
}

impl ClassNames {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Read`]; [`Error::Dataset`] when it is not text, and when it holds no names, or a key twice.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = disk::read_small(path)?;
        if bytes.contains(&0) {
            return Err(Error::dataset(path, "not text in UTF-8, so it names no classes"));
        }
        let text = str::from_utf8(&bytes);
        let text = text.map_err(|_| Error::dataset(path, "not text in UTF-8; save it so"))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let (pairs, by_line) = if text.starts_with(['{', '[']) {
            json(text).ok_or_else(|| Error::dataset(path, "JSON, but neither an object of names nor a list of them"))?
        } else {
            lines(text)
        };
        let (count, by_key) = (pairs.len(), HashMap::from_iter(pairs));
        if by_key.len() < count {
            return Err(Error::dataset(path, "names a class twice"));
        }
        if by_key.is_empty() && by_line.is_empty() {
            return Err(Error::dataset(path, "holds no names of classes; a line is KEY NAME, or a name"));
        }
        Ok(Self { path: path.into(), by_key, by_line })
    }

    /// The file that names the classes of the data in a folder, if one lies there.
    pub fn beside(folder: &Path) -> Option<PathBuf> {
        BESIDE.into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
    }

    /// The names of all classes, which the data calls by `keys`; `None` where the file names none of them.
    ///
    /// # Errors
    /// [`Error::Dataset`] when it names some and not all.
    pub fn of(&self, keys: &[String]) -> Result<Option<Vec<String>>, Error> {
        let numbers: Option<Vec<usize>> = keys.iter().map(|key| key.parse().ok()).collect();
        let first = numbers.filter(|numbers| numbers.iter().max().is_some_and(|&most| most <= self.by_line.len()));
        let first = first.map(|numbers| usize::from(numbers.contains(&self.by_line.len()) && !numbers.contains(&0)));
        let line = |key: &String| self.by_line.get(key.parse::<usize>().ok()?.checked_sub(first?)?);
        let names: Vec<Option<&String>> =
            keys.iter().map(|key| self.by_key.get(&normal(key)).or_else(|| line(key))).collect();
        if names.iter().all(Option::is_none) {
            return Ok(None);
        }
        if let Some((missing, _)) = keys.iter().zip(&names).find(|(_, name)| name.is_none()) {
            return Err(Error::dataset(&self.path, format!("does not name the class {missing}")));
        }
        Ok(Some(names.into_iter().flatten().cloned().collect()))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A key without leading zeros, if it is a number.
fn normal(key: &str) -> String {
    key.parse::<u64>().map_or_else(|_| key.to_string(), |number| number.to_string())
}

/// Pairs of key and name, and names without keys.
type Names = (Vec<(String, String)>, Vec<String>);

fn json(text: &str) -> Option<Names> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let text =
        |value: &serde_json::Value| value.as_str().map(String::from).or_else(|| Some(value.as_i64()?.to_string()));
    if let Some(list) = value.as_array() {
        return Some((vec![], list.iter().map(text).collect::<Option<_>>()?));
    }
    let pairs: Option<Vec<(String, String)>> =
        value.as_object()?.iter().map(|(key, v)| Some((key.clone(), text(v)?))).collect();
    let pairs = pairs?;
    let is_number = |text: &String| text.parse::<u64>().is_ok();
    // {"cat": 0} tells the number of a name, {"0": "cat"} the name of a number.
    let turned = pairs.iter().all(|(key, value)| !is_number(key) && is_number(value));
    let turn = |(key, value): (String, String)| if turned { (value, key) } else { (normal(&key), value) };
    Some((pairs.into_iter().map(turn).collect(), vec![]))
}

fn lines(text: &str) -> Names {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let split = |line: &str| -> Option<(String, String)> {
        let marks = |c: char| matches!(c, '\t' | ',' | ';' | ':' | '=');
        let (key, name) = line.split_once(marks).or_else(|| line.split_once(char::is_whitespace))?;
        let [key, name] = [key, name].map(|part| part.trim().trim_matches('"'));
        (!key.is_empty() && !name.is_empty()).then(|| (normal(key), name.to_string()))
    };
    let Some(mut pairs) = lines.iter().map(|line| split(line)).collect::<Option<Vec<_>>>() else {
        return (vec![], lines.into_iter().map(String::from).collect());
    };
    let is_number = |text: &str| text.parse::<u64>().is_ok();
    let marked = lines.iter().all(|line| line.contains(['\t', ',', ';', ':', '=']));
    if pairs.first().is_some_and(|(key, _)| !is_number(key))
        && pairs.iter().skip(1).all(|(key, _)| is_number(key))
        && pairs.len() > 1
    {
        pairs.remove(0); // a header
    }
    if !marked && !pairs.iter().all(|(key, _)| is_number(key) || key.contains(|c: char| c.is_ascii_digit())) {
        return (vec![], lines.into_iter().map(String::from).collect()); // names of several words
    }
    let code = |name: &str| -> Option<char> {
        let code = name.split_whitespace().next()?.parse().ok()?;
        char::from_u32(code).filter(|c| c.is_alphanumeric() && name.split_whitespace().all(is_number))
    };
    if let Some(characters) = pairs.iter().map(|(_, name)| code(name)).collect::<Option<Vec<char>>>() {
        pairs.iter_mut().zip(characters).for_each(|((_, name), character)| *name = character.to_string());
    }
    (pairs, vec![])
}

/// The characters that all folders of a dataset stand for by a usual code, and a sentence about it: codes of ASCII
/// (`48` is 0, `65` is A), the same in hexadecimal where a letter shows that, or `Sample011` as in Chars74K.
pub(crate) fn usual(folders: &[String]) -> Option<(Vec<String>, String)> {
    let all =
        |character: fn(&str) -> Option<char>| folders.iter().map(|name| character(name)).collect::<Option<Vec<_>>>();
    let decimal = |name: &str| character(name.parse().ok()?);
    let hexadecimal = |name: &str| character(u32::from_str_radix(name, 16).ok().filter(|_| name.len() == 2)?);
    let is_hexadecimal =
        || folders.iter().any(|name| name.contains(|c: char| c.is_ascii_alphabetic())) || folders.len() == 10;
    let (code, characters) = if folders.len() < 2 {
        None
    } else if let Some(characters) = all(decimal) {
        Some(("codes of characters (ASCII)", characters))
    } else if let Some(characters) = all(hexadecimal).filter(|_| is_hexadecimal()) {
        Some(("hexadecimal codes of characters (ASCII)", characters))
    } else {
        all(sample).map(|characters| ("the numbers of Chars74K", characters))
    }?;
    let (first, character) = (folders.first()?, characters.first()?);
    let note =
        format!("folders are named by {code}: {first} is read as {character}; --classes FILE names them otherwise");
    Some((characters.into_iter().map(String::from).collect(), note))
}

/// The letter or digit with a code.
fn character(code: u32) -> Option<char> {
    char::from_u32(code).filter(char::is_ascii_alphanumeric)
}

/// The character of `Sample001` to `Sample062`.
fn sample(name: &str) -> Option<char> {
    let digits = name.strip_prefix("Sample").filter(|digits| digits.len() == 3)?;
    let place = digits.parse::<usize>().ok()?.checked_sub(1)?;
    ('0'..='9').chain('A'..='Z').chain('a'..='z').nth(place)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    fn named(name: &str, text: &str, keys: &[&str]) -> Result<Option<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let names = ClassNames::read(&path).and_then(|names| names.of(&strings(keys)));
        names
            .map(|names| names.map(|names| names.join(" ")))
            .map_err(|e| e.to_string().replace(&*path.to_string_lossy(), name))
    }

    #[test]
    fn files_of_many_forms() {
        let cases: [(&str, &[&str], &str); 11] = [
            ("0 cat\n1 dog\n", &["0", "1"], "cat dog"),
            ("0,cat\n1,hot dog\n", &["1", "0"], "hot dog cat"),
            ("id\tname\n00\tcat\n01\tdog\n", &["0", "01"], "cat dog"),
            ("cat\nhot dog\n", &["0", "1"], "cat hot dog"),
            ("cat\ndog\n", &["1", "2"], "cat dog"),
            ("0 48\n1 49\n", &["0", "1"], "0 1"),
            ("1 65 97\n2 66 98\n", &["1", "2"], "A B"),
            ("n01440764 tench\nn01443537 goldfish\n", &["n01443537", "n01440764"], "goldfish tench"),
            ("car: auto\nplane: jet", &["car", "plane"], "auto jet"),
            (r#"{"0": "cat", "1": "dog"}"#, &["0", "1"], "cat dog"),
            (r#"{"cat": 0, "dog": 1}"#, &["0", "1"], "cat dog"),
        ];
        for (text, keys, names) in cases {
            assert_eq!(named("classes.txt", text, keys).as_ref(), Ok(&Some(names.to_string())), "{text:?}");
        }
        assert_eq!(named("a", r#"["cat", "dog"]"#, &["0", "1"]), Ok(Some("cat dog".into())));
        assert_eq!(named("a", "cat\ndog", &["cat", "dog"]), Ok(None), "a list of the folders themselves");
    }

    #[test]
    fn files_that_do_not_serve_are_refused() {
        assert_eq!(named("a", "0 cat\n1 dog", &["0", "1", "7"]), Err("a: does not name the class 7".into()));
        assert_eq!(named("a", "0 cat\n0 dog", &["0"]), Err("a: names a class twice".into()));
        assert!(named("a", "[1, {}]", &["0"]).unwrap_err().starts_with("a: JSON, but"));
        assert!(named("a", "a\0b", &["0"]).unwrap_err().starts_with("a: not text"));
        assert!(named("a", "# only a remark", &["0"]).unwrap_err().starts_with("a: holds no names"));
    }

    #[test]
    fn usual_codes_are_characters() {
        let read = |folders: &[&str]| usual(&strings(folders)).map(|(names, _)| names.join(" "));
        assert_eq!(read(&["48", "57", "65", "122"]).unwrap(), "0 9 A z");
        assert_eq!(read(&["30", "39", "4a", "61"]).unwrap(), "0 9 J a");
        assert_eq!(read(&["Sample001", "Sample011", "Sample062"]).unwrap(), "0 A z");
        for folders in
            [&["0", "1"][..], &["48", "49", "1"], &["58", "59"], &["48"], &["30", "31"], &["Sample001", "Sample063"]]
        {
            assert_eq!(read(folders), None, "{folders:?}");
        }
    }
}

//! Paths as people type and paste them.

use std::path::{Path, PathBuf};

/// The path that a text means: without the quotes and spaces around it, `~` as the home folder, and the `file://` form
/// that file managers copy, in which `%20` is a space.
pub fn typed(text: &str) -> PathBuf {
    let text = text.trim().lines().next().unwrap_or_default().trim();
    let quoted = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    let text = quoted('"').or_else(|| quoted('\'')).unwrap_or(text);
    if let Some(rest) = text.strip_prefix("file://") {
        let path = rest.find('/').map_or(rest, |slash| &rest[slash..]); // without the name of the host
        return decoded(path).into();
    }
    match (text.strip_prefix('~'), std::env::home_dir()) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => text.into(),
    }
}

/// The path itself or, where that file is missing, the one that it means with `%20` for a space. This looks at the
/// disk: call it on a worker.
pub fn existing(path: &Path) -> PathBuf {
    let other = PathBuf::from(decoded(&path.to_string_lossy()));
    if !path.exists() && other.exists() { other } else { path.into() }
}

/// A text with `%41` and the like as the bytes that they stand for.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_understood_as_people_type_and_paste_them() {
        for (text, path) in [
            ("  a b.png ", "a b.png"),
            ("\"a b.png\"", "a b.png"),
            ("'/tmp/a.png'", "/tmp/a.png"),
            ("file:///tmp/a%20b%C3%A9.png\r\nfile:///tmp/second.png", "/tmp/a bé.png"),
            ("file://localhost/tmp/100%.png", "/tmp/100%.png"),
            ("100%20.png", "100%20.png"),
            ("~other/a.png", "~other/a.png"),
        ] {
            assert_eq!(typed(text), Path::new(path), "{text}");
        }
        let home = std::env::home_dir().expect("a home folder");
        assert_eq!([typed("~"), typed("~/runs/a.mpk")], [home.clone(), home.join("runs/a.mpk")]);
    }

    #[test]
    fn a_path_with_percent_signs_is_decoded_where_only_that_file_is_there() {
        let folder = std::env::temp_dir().join(format!("paths-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("a b"), "").expect("a file");
        assert_eq!(existing(&folder.join("a%20b")), folder.join("a b"));
        std::fs::write(folder.join("a%20b"), "").expect("a file");
        assert_eq!(existing(&folder.join("a%20b")), folder.join("a%20b"));
        std::fs::remove_dir_all(&folder).expect("it was made above");
    }
}

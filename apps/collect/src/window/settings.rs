//! Settings that the window remembers from one time to the next.

use serde::{Deserialize, Serialize};
use std::path::Path;
use ui::settings;

/// Settings of the window. A file may lack any of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Who draws; kept with every drawing.
    pub writer: String,
    /// Whether the window asks for the class with the fewest drawings.
    pub guided: bool,
    /// Whether several characters are copied at a time.
    pub copies: bool,
    /// The classes that it asks for: characters, or words with spaces between.
    pub classes: String,
    /// Drawings wanted of each class.
    pub target: usize,
    /// A label of any length, for Enter.
    pub label: String,
    /// The diameter of the pen as a part of the paper.
    pub pen: f32,
    /// Width and height of the window, in points.
    pub size: [f32; 2],
    /// The theme: `system`, `light` or `dark`.
    pub theme: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            writer: String::new(),
            guided: true,
            copies: false,
            classes: "0123456789".into(),
            target: 100,
            label: String::new(),
            pen: 0.06,
            size: [1120.0, 760.0],
            theme: "system".into(),
        }
    }
}

impl Settings {
    /// The settings of a file; what is missing or impossible is as it is at first.
    pub fn load(path: &Path) -> Self {
        let (read, first) = (settings::load::<Self>(path), Self::default());
        Self {
            target: read.target.clamp(1, 100_000),
            pen: settings::pen_or(read.pen, first.pen),
            size: settings::size_or(read.size, first.size),
            ..read
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[test]
    fn settings_survive_and_nonsense_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("collect.json");
        assert_eq!(Settings::load(&path), Settings::default());
        let settings = Settings { writer: "Ada".into(), target: 7, guided: false, copies: true, ..Settings::default() };
        settings::save(&settings, &path);
        assert_eq!(Settings::load(&path), settings);
        fs::write(&path, r#"{"writer":"Bo","pen":9,"size":[1,1],"target":0}"#).unwrap();
        assert_eq!(Settings::load(&path), Settings { writer: "Bo".into(), target: 1, ..Settings::default() });
        fs::write(&path, "no JSON").unwrap();
        assert_eq!(Settings::load(&path), Settings::default());
    }

    #[test]
    fn settings_that_are_cut_off_or_altered_anywhere_are_possible_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        settings::save(&Settings::default(), &path);
        let whole = fs::read(&path).unwrap();
        let altered = (0..whole.len()).flat_map(|at| {
            let with = |byte: u8| [&whole[..at], &[byte], &whole[at + 1..]].concat();
            [whole[..at].to_vec(), with(b'9'), with(b'-'), with(b'"'), with(b'['), with(0xff)]
        });
        for bytes in altered {
            fs::write(&path, &bytes).unwrap();
            let read = Settings::load(&path);
            let possible =
                read.size.iter().all(|side| (400.0..=10_000.0).contains(side)) && (1..=100_000).contains(&read.target);
            assert!(possible && (0.02..=0.15).contains(&read.pen), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

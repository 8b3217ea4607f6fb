//! Settings that the window remembers from one time to the next.

use super::Window;
use serde::{Deserialize, Serialize};
use std::path::Path;
use ui::settings;

/// Settings of the window. A file may lack any of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The choice of the classes that answers may be: `all`, a range such as `0-9`, or `my own`.
    pub only: String,
    /// The user's own choice, as `--only` takes it.
    pub own: String,
    /// Classes that the user has added by drawings, beside those of models.
    pub new_classes: Vec<String>,
    /// The diameter of the pen as a part of the paper.
    pub pen: f32,
    /// Width and height of the window, in points.
    pub size: [f32; 2],
    /// Whether lines are read, rather than one character.
    pub line: bool,
    /// The theme: `system`, `light` or `dark`.
    pub theme: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            only: "all".into(),
            own: String::new(),
            new_classes: vec![],
            pen: 0.06,
            size: [1120.0, 760.0],
            line: false,
            theme: "system".into(),
        }
    }
}

impl Settings {
    /// The settings of a file; what is missing or impossible is as it is at first.
    pub fn load(path: &Path) -> Self {
        let (read, first) = (settings::load::<Self>(path), Self::default());
        Self { pen: settings::pen_or(read.pen, first.pen), size: settings::size_or(read.size, first.size), ..read }
    }
}

impl Window {
    /// Writes the settings where they have changed.
    pub(super) fn remember(&mut self) {
        if let Some(path) = self.settings_file.as_deref().filter(|_| self.settings != self.written) {
            settings::save(&self.settings, path);
        }
        self.written = self.settings.clone();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn settings_survive_and_nonsense_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("classify.json");
        let chosen = Settings { only: "0-9".into(), theme: "dark".into(), ..Settings::default() };
        settings::save(&chosen, &path);
        assert_eq!(Settings::load(&path), chosen);
        std::fs::write(&path, r#"{"own":"ab","pen":0,"size":[1,1]}"#).unwrap();
        assert_eq!(Settings::load(&path), Settings { own: "ab".into(), ..Settings::default() });
    }

    #[test]
    fn settings_that_are_cut_off_or_altered_anywhere_are_possible_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        settings::save(&Settings::default(), &path);
        let whole = std::fs::read(&path).unwrap();
        let altered = (0..whole.len()).flat_map(|at| {
            let with = |byte: u8| [&whole[..at], &[byte], &whole[at + 1..]].concat();
            [whole[..at].to_vec(), with(b'9'), with(b'-'), with(b'"'), with(b'['), with(0xff)]
        });
        for bytes in altered {
            std::fs::write(&path, &bytes).unwrap();
            let read = Settings::load(&path);
            let possible = read.size.iter().all(|side| (400.0..=10_000.0).contains(side));
            assert!(possible && (0.02..=0.15).contains(&read.pen), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

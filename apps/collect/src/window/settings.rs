//! Settings that the window remembers from one time to the next.

use nn_data::disk;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Settings of the window. A file may lack any of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Who draws; kept with every drawing.
    pub writer: String,
    /// Whether the window asks for the class with the fewest drawings.
    pub guided: bool,
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
    /// The file in the user's own folder for settings, if the system names one.
    pub fn file() -> Option<PathBuf> {
        let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = if cfg!(windows) {
            of("APPDATA")
        } else if cfg!(target_os = "macos") {
            of("HOME").map(|home| home.join("Library").join("Application Support"))
        } else {
            of("XDG_CONFIG_HOME").or_else(|| of("HOME").map(|home| home.join(".config")))
        };
        Some(folder?.join("barnacle").join("collect.json"))
    }

    /// The settings of a file; what is missing or impossible is as it is at first.
    pub fn load(path: &Path) -> Self {
        let read: Option<Self> = fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok());
        let mut settings = read.unwrap_or_default();
        let first = Self::default();
        settings.target = settings.target.clamp(1, 100_000);
        if !(0.02..=0.15).contains(&settings.pen) {
            settings.pen = first.pen;
        }
        if !settings.size.iter().all(|side| (400.0..=10_000.0).contains(side)) {
            settings.size = first.size;
        }
        settings
    }

    /// Writes the file whole or not at all. A failure is ignored: one can draw without settings.
    pub fn save(&self, path: &Path) {
        if let Ok(text) = serde_json::to_vec_pretty(self) {
            let _ = disk::write(path, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn settings_survive_and_nonsense_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("collect.json");
        assert_eq!(Settings::load(&path), Settings::default());
        let settings = Settings { writer: "Ada".into(), target: 7, guided: false, ..Settings::default() };
        settings.save(&path);
        assert_eq!(Settings::load(&path), settings);
        fs::write(&path, r#"{"writer":"Bo","pen":9,"size":[1,1],"target":0}"#).unwrap();
        assert_eq!(Settings::load(&path), Settings { writer: "Bo".into(), target: 1, ..Settings::default() });
        fs::write(&path, "no JSON").unwrap();
        assert_eq!(Settings::load(&path), Settings::default());
    }
}

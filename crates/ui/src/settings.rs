//! Settings that a window remembers from one time to the next, in a file of the user's own folder.

use nn_data::disk;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// Returns the file of a program's settings, if the system names a folder for them.
pub fn file(program: &str) -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = if cfg!(windows) {
        of("APPDATA")
    } else if cfg!(target_os = "macos") {
        of("HOME").map(|home| home.join("Library").join("Application Support"))
    } else {
        of("XDG_CONFIG_HOME").or_else(|| of("HOME").map(|home| home.join(".config")))
    };
    Some(folder?.join("barnacle").join(program).with_extension("json"))
}

/// Reads the settings of a file; they are as at first where there is none, or it is damaged.
pub fn load<T: DeserializeOwned + Default>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Writes the file whole or not at all. A failure is ignored: one can draw without settings.
pub fn save(settings: &impl Serialize, path: &Path) {
    if let Ok(text) = serde_json::to_vec_pretty(settings) {
        let _ = disk::write(path, &text);
    }
}

/// Returns the size of a window, or the usual one where that is impossible.
pub fn size_or(size: [f32; 2], usual: [f32; 2]) -> [f32; 2] {
    if size.iter().all(|side| (400.0..=10_000.0).contains(side)) { size } else { usual }
}

/// Returns the diameter of a pen, or the usual one where that is impossible.
pub fn pen_or(pen: f32, usual: f32) -> f32 {
    if (0.02..=0.15).contains(&pen) { pen } else { usual }
}

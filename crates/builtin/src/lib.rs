//! The models that come with Barnacle, inside its programs: they work in any folder. `models/README.md` tells how they were
//! trained.

use nn_io::{Error, Model};
use std::path::Path;

/// A model that comes with Barnacle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// It reads handwritten digits.
    Digits,
    /// It reads 0 to 9, A to Z and a to z.
    Characters,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Digits, Self::Characters];

    /// The name by which `--model` and `--from` know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Characters => "characters",
        }
    }

    /// Returns the model.
    ///
    /// # Errors
    /// Where this program cannot read the format of the file that it was built with.
    pub fn model(self) -> Result<Model, Error> {
        let bytes: &[u8] = match self {
            Self::Digits => include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/digits.mpk")),
            Self::Characters => include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/characters.mpk")),
        };
        Model::from_bytes(bytes)
    }
}

/// Opens the model file at `path`; where there is none, the built-in model of this name.
///
/// # Errors
/// Where the file is missing or cannot be read as a model.
pub fn open(path: &Path) -> Result<Model, Error> {
    let named = Builtin::ALL.into_iter().find(|builtin| path.as_os_str() == builtin.name());
    match named.filter(|_| !path.is_file()) {
        Some(builtin) => builtin.model(),
        None => Model::load(path),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn built_in_models_open_by_name_and_files_by_path() {
        assert_eq!(open(Path::new("digits")).unwrap().classes.len(), 10);
        assert_eq!(open(Path::new("characters")).unwrap().classes.len(), 62);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/digits.mpk");
        assert_eq!(open(&file).unwrap().classes, Builtin::Digits.model().unwrap().classes);
        assert!(open(Path::new("no-such-model")).unwrap_err().to_string().contains("no-such-model"));
    }
}

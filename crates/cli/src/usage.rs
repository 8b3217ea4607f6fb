//! Command lines, and what is said where a path stands without its flag.

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;
use std::path::Path;

/// Reads a command line, or ends the program as clap does. Where a word that is not understood is the path of something that is
/// there, `how` says how it is named, as in `classify -i PATH`.
pub fn parse<T: Parser>(words: impl IntoIterator<Item = OsString>, how: fn(&Path) -> String) -> T {
    T::try_parse_from(words).unwrap_or_else(|error| explained(error, how).exit())
}

/// The error, with the remedy where a path stands without its flag.
fn explained(mut error: clap::Error, how: fn(&Path) -> String) -> clap::Error {
    let kind = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return error,
    };
    if let Some(ContextValue::String(word)) = error.get(kind)
        && Path::new(word).exists()
    {
        let remedy = how(Path::new(word));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![remedy.into()]));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Parser, Debug)]
    struct Args {
        #[command(subcommand)]
        what: Option<What>,
    }

    #[derive(clap::Subcommand, Debug)]
    enum What {
        Nothing,
    }

    #[test]
    fn a_path_without_its_flag_is_explained() {
        let said = |word: &str| {
            let error = Args::try_parse_from(["x", word]).err();
            error.map(|error| explained(error, |path| format!("read it by `x -i {}`", path.display())).to_string())
        };
        assert!(said("Cargo.toml").is_some_and(|text| text.contains("tip: read it by `x -i Cargo.toml`")));
        assert!(said("gone.toml").is_some_and(|text| !text.contains("x -i")));
        assert_eq!(said("nothing"), None);
    }
}

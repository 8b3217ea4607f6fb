//! One public type name belongs to one library, and no program has a type of that name.

use crate::tidy::file::File;
use crate::tidy::report::Report;
use std::collections::BTreeMap;

/// Names that every crate may have: its error, and the flags of a program.
const SHARED: [&str; 2] = ["Error", "Args"];

/// Reports public types whose name a library has too; xtask, which imports none of them, is free. Two programs may have types of one name, such as `Window`.
pub fn check(files: &[File], report: &mut Report) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let (libraries, programs): (Vec<&File>, Vec<&File>) =
        files.iter().partition(|file| file.path.starts_with("crates/"));
    for file in libraries.into_iter().chain(programs).filter(|file| file.is_rust() && !file.path.starts_with("xtask/"))
    {
        let Some((krate, _)) = file.path.split_once("/src/") else { continue };
        for (number, line) in file.code() {
            let Some(name) = public_type(line).filter(|name| !SHARED.contains(name)) else { continue };
            let owner = owners.entry(name).or_insert(krate);
            if *owner != krate && owner.starts_with("crates/") {
                report.add(&file.path, number, format!("`{name}` is the name of a type of {owner} already"));
            }
        }
    }
}

/// The name in `pub struct Name`.
fn public_type(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub ")?;
    let kinds = ["struct ", "enum ", "trait ", "type "];
    let name = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    name.split(|c: char| !c.is_alphanumeric()).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn a_type_name_belongs_to_one_crate() {
        let of = |name: &str| format!("//! Opens.\npub struct {name}<T>(T);\n");
        let two = |name: &str| places(check, &[("crates/a/src/x.rs", &of(name)), ("crates/b/src/y.rs", &of(name))]);
        assert_eq!(two("Step"), ["crates/b/src/y.rs:2"]);
        assert!(two("Error").is_empty());
        let programs = [("apps/a/src/x.rs", &*of("Window")), ("apps/b/src/y.rs", &of("Window"))];
        assert!(places(check, &programs).is_empty());
        assert_eq!(places(check, &[programs[0], ("crates/b/src/y.rs", &of("Window"))]), ["apps/a/src/x.rs:2"]);
        assert!(places(check, &[("crates/a/src/x.rs", &of("A")), ("crates/a/src/y.rs", &of("A"))]).is_empty());
    }
}

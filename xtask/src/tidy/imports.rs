//! Inside a crate imports run downwards: every crate is an ordered list of rooms, so circles are impossible.
//!
//! A room is a file or a folder directly in `src`, or one within a folder that has a place of its own. A file imports from its own room or from earlier ones, and from the
//! file that defines a name, never through `lib.rs`. Inside a room of a library no two files need each other; in a
//! program's window, views and commands are methods of the one state.

use crate::tidy::file::{File, declared};
use crate::tidy::report::Report;
use std::collections::{BTreeMap, BTreeSet};

/// The sources of each crate and its rooms in order, ground floor first. `lib.rs` and `main.rs` are the roof: they may import all.
const ROOMS: &[(&str, &str)] = &[
    (
        "crates/nn-core/src/",
        "shape rng metrics schedule init error spec kernels layers/shortcuts layer layers optimizer loss network \
         trainer guide",
    ),
    ("crates/nn-data/src/", "size rectangle random error ink disk dataset preprocess augment files batches"),
    (
        "crates/nn-io/src/",
        "error calibration verdict hint features model file evidence predict evaluate calibrate reader",
    ),
    ("crates/nn-lines/src/", "bounds tally known writing lattice line alone reader written"),
    ("crates/nn-train/src/", "error head options recipe few preset transfer fitting run fit teach"),
    ("crates/builtin/src/", ""),
    ("crates/report/src/", "plot measured page"),
    ("crates/ui/src/", "palette look answer notice image keys path dialog settings worker in_order shell pad"),
    (
        "crates/train-page/src/",
        "activations plan prepared snapshot shelf timeline live watcher keeper training reading view page",
    ),
    ("crates/browser-test/src/", ""),
    ("crates/ui-test/src/", "pointer renderer layout"),
    ("crates/fuzzed/src/", "files folders models text"),
    ("crates/situations/src/", "colour dice character scene light paper screens surroundings situation others measure"),
    ("crates/exchange/src/", "error torch int8 safe onnx/messages onnx/graph onnx/views onnx/layers onnx proof"),
    ("crates/nn-embed/src/", "error signal weights layer"),
    ("crates/cli/src/", "numbers say usage memory output pool data_flags"),
    (
        "apps/train/src/",
        "args machines command datasets interrupt metrics progress session finish watch trial compare cost run",
    ),
    ("apps/collect/src/", "args augment build stats check window"),
    ("apps/classify/src/", "args need exchange predictions_csv table mistakes pictures line unlabelled dataset window"),
    ("examples/snake/src/", "board game cycle teacher agent training terminal"),
    ("apps/web/src/", "message errand kind collection project teller training worker page serve browser"),
    ("xtask/src/", "cargo accuracy bench fuzz pipeline tidy web ci ui_check"),
    ("tests/", "strokes program place"),
];

/// An import: the file and line that it stands in, and the module path that it names.
struct Import<'a> {
    file: &'a File,
    line: usize,
    path: Vec<String>,
}

/// Reports rooms without a place, imports that run upwards or through `lib.rs`, and circles.
pub fn check(files: &[File], report: &mut Report) {
    for file in files.iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/src/lib.rs")) {
        if ROOMS.iter().all(|(source, _)| !file.path.starts_with(source)) {
            report.add(&file.path, 1, "this crate has no list of rooms yet in xtask/src/tidy/imports.rs");
        }
    }
    for &(source, rooms) in ROOMS {
        let rooms: Vec<&str> = rooms.split(' ').collect();
        let files: Vec<&File> =
            files.iter().filter(|f| f.is_rust() && !f.is_test && f.path.starts_with(source)).collect();
        let modules: BTreeMap<Vec<String>, &str> =
            files.iter().map(|f| (module(source, &f.path), f.path.as_str())).collect();
        let imports: Vec<Import<'_>> = files.iter().flat_map(|file| imports(source, file)).collect();
        for file in &files {
            let path = module(source, &file.path);
            if !path.is_empty() && place(&rooms, &path).is_none() {
                report.add(&file.path, 1, "this room has no place yet in the list in xtask/src/tidy/imports.rs");
            }
        }
        directions(source, &rooms, &imports, report);
        if source.starts_with("crates/") {
            circles(&modules, &imports, report);
        }
    }
}

/// The place of a module in the list of rooms: that of the longest room whose path its own begins with.
fn place(rooms: &[&str], path: &[String]) -> Option<usize> {
    let known = |n: usize| rooms.iter().position(|room| *room == path[..n].join("/"));
    (1..=path.len()).rev().find_map(known)
}

/// Reports imports that run upwards or through `lib.rs`.
fn directions(source: &str, rooms: &[&str], imports: &[Import<'_>], report: &mut Report) {
    for import in imports {
        let path = &import.file.path;
        let Some(own) = place(rooms, &module(source, path)) else { continue };
        match place(rooms, &import.path) {
            Some(other) if other > own => {
                report.add(path, import.line, format!("`{}` is a room above `{}`", rooms[other], rooms[own]));
            }
            Some(_) => {}
            None => report.add(path, import.line, "name the file that defines it, not the root of the crate"),
        }
    }
}

/// Reports every import that is part of a circle of files.
fn circles(modules: &BTreeMap<Vec<String>, &str>, imports: &[Import<'_>], report: &mut Report) {
    let target =
        |import: &Import<'_>| (1..=import.path.len()).rev().find_map(|n| modules.get(&import.path[..n]).copied());
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for import in imports {
        arrows.entry(&import.file.path).or_default().extend(target(import).filter(|to| *to != import.file.path));
    }
    for import in imports {
        let from = import.file.path.as_str();
        let Some(to) = target(import).filter(|to| *to != from) else { continue };
        if leads(&arrows, to, from) {
            report.add(from, import.line, format!("a circle: {to} needs this file too"));
        }
    }
}

/// Whether arrows lead from one file to another.
fn leads(arrows: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        let next = arrows.get(file).into_iter().flatten();
        open.extend(next.filter(|next| seen.insert(next)));
    }
    seen.contains(to)
}

/// The module path of a file: `network/fold.rs` is `[network, fold]`, `network/mod.rs` is `[network]`.
fn module(source: &str, path: &str) -> Vec<String> {
    let name = path.strip_prefix(source).unwrap_or(path).trim_end_matches(".rs");
    let name = name.trim_end_matches("/mod");
    name.split('/').filter(|part| !["lib", "main"].contains(part)).map(String::from).collect()
}

/// The imports of a file, written `crate::…`, `super::…`, or `child::…` where the file declares `mod child;`.
fn imports<'a>(source: &str, file: &'a File) -> Vec<Import<'a>> {
    let own = module(source, &file.path);
    let children: Vec<&str> = file.code().filter_map(|(_, line)| declared(line)).collect();
    let mut found = vec![];
    for (line, code) in file.code() {
        for (at, _) in code.match_indices("::") {
            let start = code[..at].rfind(|c: char| !is_name(c) && c != ':').map_or(0, |before| before + 1);
            let first = &code[start..at];
            let base = match first {
                "crate" => vec![],
                "super" => own[..own.len().saturating_sub(1)].to_vec(),
                child if children.contains(&child) => [own.clone(), vec![child.into()]].concat(),
                _ => continue,
            };
            let rest = code[at + 2..].split("::").map(|part| part.trim_end_matches(|c: char| !is_name(c)));
            let names = rest.map(|part| part.split(|c: char| !is_name(c)).next().unwrap_or_default().to_string());
            let path = base.into_iter().chain(names.take_while(|name| !name.is_empty())).collect();
            found.push(Import { file, line, path });
        }
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    const LOSS: &str = "crates/nn-core/src/loss.rs";
    const FOLD: &str = "crates/nn-core/src/network/fold.rs";
    const NETWORK: &str = "crates/nn-core/src/network/mod.rs";

    #[test]
    fn imports_run_downwards() {
        let good = "//! Opens.\nuse crate::kernels::math::exp;\nuse crate::layers::{self, softmax};\n";
        assert!(
            places(check, &[(LOSS, good), (FOLD, "use crate::network::Network;\nuse crate::loss::Loss;\n")]).is_empty()
        );
        assert_eq!(places(check, &[(LOSS, "use crate::network::Network;\n")]), [format!("{LOSS}:1")]);
        assert_eq!(places(check, &[(LOSS, "let x = crate::trainer::shard::f();\n")]), [format!("{LOSS}:1")]);
        assert_eq!(
            places(check, &[(FOLD, "use super::super::trainer::T;\nuse crate::trainer::T;\n")]),
            [format!("{FOLD}:2")]
        );
    }

    #[test]
    fn imports_name_the_defining_file() {
        for text in ["use crate::Error;\n", "use crate::{Error, Loss};\n"] {
            assert_eq!(places(check, &[(LOSS, text)]), [format!("{LOSS}:1")], "{text}");
        }
        assert!(places(check, &[(LOSS, "use crate::error::Error;\nuse std::fs;\n// crate::Error\n")]).is_empty());
        assert!(places(check, &[("crates/nn-core/src/lib.rs", "pub use crate::trainer::Trainer;\n")]).is_empty());
    }

    #[test]
    fn no_two_files_need_each_other() {
        let of = |network: &str, fold: &str| places(check, &[(NETWORK, network), (FOLD, fold)]);
        assert!(of("mod fold;\n", "use crate::network::Network;\n").is_empty());
        assert!(of("mod fold;\nuse fold::folded;\n", "use crate::layer::Layer;\n").is_empty());
        let both = [format!("{FOLD}:1"), format!("{NETWORK}:2")];
        for network in ["mod fold;\nuse fold::folded;\n", "\nuse crate::network::fold::folded;\n"] {
            assert_eq!(of(network, "use crate::network::Network;\n"), both);
            assert_eq!(of(network, "use super::Network;\n"), both);
        }
        let tests = "//! Opens.\n#[cfg(test)]\nmod tests {\n    use crate::network::fold::x;\n}\n";
        assert!(of(tests, "use crate::network::Network;\n").is_empty());
    }

    #[test]
    fn every_room_and_crate_has_its_place() {
        assert_eq!(places(check, &[("crates/nn-core/src/attic.rs", "")]), ["crates/nn-core/src/attic.rs:1"]);
        assert_eq!(places(check, &[("crates/new/src/lib.rs", "")]), ["crates/new/src/lib.rs:1"]);
    }
}

//! Outputs that would take the place of something else.

use crate::place::{Place, SMALL};
use std::fs;

/// Every file that is refused as an output is left as it is, and no work is begun.
#[track_caller]
fn refused(place: &Place, line: &str, victim: &str, reason: &str) {
    let before = place.read(victim);
    let outcome = place.run(line);
    assert!(!outcome.stderr.contains("samples of") && outcome.stdout.is_empty(), "{line}\n{}", outcome.stderr);
    outcome.error_with(&[victim.rsplit('/').next().unwrap(), reason]);
    assert_eq!(place.read(victim), before, "{line}");
}

#[test]
fn nothing_that_is_read_is_written_over() {
    let place = Place::with_model();
    fs::create_dir(place.path("sub")).unwrap();
    fs::hard_link(place.path("strokes.csv"), place.path("hard")).unwrap();
    let mut names = vec!["strokes.csv", "./strokes.csv", "sub/../strokes.csv", "hard"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../strokes.csv", place.path("sub/link")).unwrap();
        names.push("sub/link");
    }
    let read = "is read by this command; give the output another name, or --force to replace it";
    for name in names {
        for flag in ["--out", "--report", "--metrics", "--checkpoint"] {
            refused(&place, &format!("train --data strokes.csv {SMALL} {flag} {name}"), name, read);
        }
        refused(&place, &format!("classify -m model.mpk -d strokes.csv -o {name}"), name, read);
        refused(&place, &format!("classify -m model.mpk -d strokes.csv --worst {name}"), name, read);
    }
    refused(&place, "classify -m model.mpk -d strokes.csv -o model.mpk", "model.mpk", read);
    fs::copy(place.path("strokes.csv"), place.path("model.checkpoint")).unwrap();
    let line = format!("train --data model.checkpoint {SMALL}");
    refused(&place, &line, "model.checkpoint", read);
    for (flag, data) in [("--test", "strokes.csv"), ("--negatives", "strokes.csv")] {
        refused(&place, &format!("train --data hard {flag} {data} --report {data}"), data, read);
    }
}

#[test]
fn files_of_another_kind_stay_unless_force_is_given() {
    let place = Place::with_class_folders();
    let picture = "strokes/digit_1/00001.png";
    place.write("notes.txt", "dear diary");
    for (line, victim, kind) in [
        ("train --data strokes --out notes.txt", "notes.txt", "is no model"),
        ("train --data strokes --checkpoint notes.txt", "notes.txt", "is no checkpoint"),
        ("train --data strokes --metrics notes.txt", "notes.txt", "is no file of metrics"),
        ("train --data strokes --report notes.txt", "notes.txt", "is no training report"),
        ("train --data strokes --out strokes/digit_1/00001.png", picture, "is no model"),
        ("classify -d strokes -o notes.txt", "notes.txt", "is no file of predictions"),
        ("classify -d strokes --worst strokes/digit_1/00001.png", picture, "is no contact sheet"),
        ("classify -i strokes/digit_1 -o strokes/digit_1/00001.png", picture, "is no file of predictions"),
        ("collect stats strokes --sheet strokes/digit_1/00001.png", picture, "is no contact sheet"),
    ] {
        refused(&place, line, victim, kind);
    }
    place.run(&format!("train --data strokes {SMALL} --out notes.txt --force")).success();
    assert!(place.read("notes.txt").starts_with(b"\x8a") || place.read("notes.txt").len() > 1000);
}

#[test]
fn files_of_the_same_kind_are_replaced_as_ever() {
    let place = Place::with_class_folders();
    let train = format!("train --data strokes {SMALL} --metrics m.jsonl --report r.html --checkpoint c.checkpoint");
    for line in [
        train.as_str(),
        "classify -m model.mpk -d strokes -o seen.csv --worst sheet.png",
        "classify -m model.mpk -i strokes/digit_1 -o seen.csv",
        "collect stats strokes --sheet sheet.png",
    ] {
        place.run(line).success();
        place.run(line).success();
    }
}

#[test]
fn two_outputs_are_two_files_whatever_they_are_called() {
    let place = Place::with_csv();
    let twice = |out: &str, report: &str| {
        let line = format!("train --data strokes.csv {SMALL} --out {out} --report {report} --force");
        place.run(&line).error_with(&["is wanted for two things"]);
    };
    twice("x.mpk", "./x.mpk");
    place.write("old", "");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("old", place.path("link")).unwrap();
        twice("old", "link");
    }
    fs::hard_link(place.path("old"), place.path("hard")).unwrap();
    twice("hard", "old");
}

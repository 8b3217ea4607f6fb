//! Names that do something to a terminal, to a table or to a line, and names that are hard to write.

use crate::place::{NETWORK, Place, SMALL};
use crate::program::{Outcome, command};
use std::process::Command;

const HOSTILE: &str = "\u{1b}[31mred\n9\t9";

/// `hostile.csv` with two classes, one of a name that colours the terminal and begins a line.
fn place() -> Place {
    let place = Place::new();
    let row = |label: &str, bright: usize| {
        let values: String = (0..64).map(|i| if i % 8 == bright { ",255" } else { ",0" }).collect();
        format!("\"{label}\"{values}\n")
    };
    let rows = |label: &str, bright: usize| row(label, bright).repeat(5);
    place.write("hostile.csv", rows(HOSTILE, 2) + &rows(&"long".repeat(100_000), 5));
    place
}

#[test]
fn names_of_classes_do_nothing_to_the_terminal() {
    let place = place();
    let train = format!("train --data hostile.csv {SMALL}");
    for line in [
        train.as_str(),
        "classify -m model.mpk -d hostile.csv -v --worst w.png",
        "collect stats hostile.csv --sheet sheet.png",
        "collect build --from hostile.csv --to folder.csv",
    ] {
        let outcome = place.run(line);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        outcome.success();
        assert!(!said.contains('\u{1b}') && !said.contains("\n9"), "{line}");
        assert!(said.lines().all(|line| line.chars().count() < 500), "{line}");
    }
    std::fs::create_dir(place.path("in\u{1b}[2J")).unwrap();
    std::fs::write(place.path("in\u{1b}[2J/a.png"), "no picture").unwrap();
    let mut command = command("classify -m model.mpk -i", place.folder());
    let outcome = Outcome::new("escape in a path", command.arg("in\u{1b}[2J/a.png").output().unwrap());
    assert!(!outcome.stderr.contains('\u{1b}'), "{}", outcome.stderr);
    outcome.error_with(&[r"in\u{1b}[2J/a.png"]);
}

#[test]
fn names_that_are_hard_to_write_are_read_and_written() {
    let place = Place::with_csv();
    for name in ["with blank", "with \"quotes\" and 'more'", "naïve ф 🦀", "-dash", "two\nlines"] {
        let from = format!("{name}.csv");
        std::fs::copy(place.path("strokes.csv"), place.path(&from)).unwrap();
        let (data, out) = (format!("./{from}"), format!("./{name}.mpk"));
        let run = |line: &str, arguments: &[&str]| {
            let mut command = command(line, place.folder());
            Outcome::new(line, command.args(arguments).env_remove("HOME").output().unwrap()).success()
        };
        run(&format!("train {NETWORK} --epochs 1"), &["--data", &data, "--out", &out, "--quiet"]);
        run("classify", &["-m", &out, "-d", &data]);
        run("collect stats", &[&data]);
        run("collect build --from strokes.csv", &["--to", &format!("./{name} folder")]);
        run("collect stats", &[&format!("./{name} folder")]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode_are_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::with_csv();
    let name = OsStr::from_bytes(b"caf\xe9.csv");
    std::fs::copy(place.path("strokes.csv"), place.folder().join(name)).unwrap();
    let run = |line: &str| {
        let mut command = command(line, place.folder());
        Outcome::new(line, command.arg(name).output().unwrap())
    };
    run(&format!("train {NETWORK} --epochs 1 --data")).success();
    run("classify -m model.mpk -d").success();
    run("collect stats").success();
    run("classify -m model.mpk -d strokes.csv -o").error_with(&["is no file of predictions"]);
}

#[cfg(unix)]
#[test]
fn folders_that_lead_into_themselves_end() {
    let place = Place::with_class_folders();
    for (target, link) in [("..", "strokes/up"), (".", "strokes/digit_1/self"), ("gone", "strokes/digit_1/gone.png")] {
        std::os::unix::fs::symlink(target, place.path(link)).unwrap();
    }
    for line in ["collect stats strokes --skip-bad", "train --data strokes --skip-bad --epochs 1 --layers dense:4"] {
        let output = Command::new("timeout")
            .arg("60")
            .arg(command(line, place.folder()).get_program())
            .args(line.split(' ').skip(1))
            .current_dir(place.folder())
            .output()
            .unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{line}: {output:?}");
    }
}

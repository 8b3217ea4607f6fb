//! Programs that are killed at random while they write: what is there afterwards is the old file or the new one, whole.
//!
//! `BARNACLE_KILLS=300 cargo nextest run -E 'test(kills)'` kills so often; without the variable it is a few times.

use crate::place::{NETWORK, Place, SMALL};
use crate::program::command;
use nn_data::{LoadOptions, load};
use nn_io::{Checkpoint, Model};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn rounds() -> u32 {
    std::env::var("BARNACLE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

/// Runs a command line to its end, and returns how long that took.
fn duration(place: &Place, line: &str) -> Duration {
    command(line, place.folder()); // finds the program, which may take longer than the program
    let start = Instant::now();
    place.run(line).success();
    start.elapsed()
}

/// Starts a command line again and again, and kills it each time at another moment, up to a little after its usual end;
/// `check` then looks at what it has left. Returns how often it was killed before its end.
fn kill_often(place: &Place, line: &str, usual: Duration, check: impl Fn(&Place)) -> u32 {
    let (rounds, mut killed) = (rounds(), 0);
    for round in 0..rounds {
        let mut child = command(line, place.folder()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Golden-ratio steps spread any number of moments evenly.
        let share = (f64::from(round) * 0.618_034).fract();
        std::thread::sleep(usual.mul_f64(0.1 + share));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        check(place);
    }
    killed
}

#[test]
fn a_training_that_is_killed_leaves_whole_files_and_goes_on() {
    let place = Place::with_csv();
    let flags = "--data strokes.csv --layers dense:64,relu --batch-size 10 --epochs 30 --validation 0.2 --seed 5";
    let train = format!("train {flags} --checkpoint c.checkpoint --report r.html --metrics m.jsonl");
    let usual = duration(&place, &train);
    let model = place.read("model.mpk");
    std::fs::remove_file(place.path("c.checkpoint")).unwrap();
    let killed = kill_often(&place, &train, usual, |place| {
        assert!(place.read("model.mpk") == model, "the old model, or the new one, which has the same bytes");
        Model::load(&place.path("model.mpk")).unwrap();
        assert!(place.read_text("r.html").contains("</html>"));
        let lines = place.read_text("m.jsonl");
        let whole = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
        assert!(lines.is_empty() || lines.ends_with('\n') && lines.lines().all(whole), "{lines}");
        if place.exists("c.checkpoint") {
            Checkpoint::load(&place.path("c.checkpoint")).unwrap();
            std::fs::remove_file(place.path("model.mpk")).unwrap();
            place.run(&format!("train {flags} --resume c.checkpoint")).success();
            assert!(place.read("model.mpk") == model, "the run goes on as though it had never been killed");
            std::fs::remove_file(place.path("c.checkpoint")).unwrap();
        }
    });
    assert!(killed > 0);
}

#[test]
fn datasets_that_are_written_are_the_old_ones_or_the_new_ones() {
    let place = Place::with_class_folders();
    nn_data::csv::write(&crate::strokes::strokes(20, 28, 0), &place.path("more.csv")).unwrap();
    for (line, to) in [
        ("collect build --from more.csv --to built.csv.gz --force", "built.csv.gz"),
        ("collect build --from more.csv --to folder --force", "folder"),
        ("collect build --from more.csv --to idx --format idx --force", "idx"),
        ("collect augment --from more.csv --to many --copies 5 --force", "many"),
    ] {
        let usual = duration(&place, line);
        let read = |place: &Place| load(&place.path(to), &LoadOptions::default()).unwrap().train;
        let old = read(&place);
        kill_often(&place, line, usual, |place| assert!(read(place) == old, "{line}"));
    }
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(".writing-");
    let left = place.folder().read_dir().unwrap().filter(|entry| hidden(&entry.as_ref().unwrap().file_name()));
    assert!(left.count() as u32 <= 4 * rounds(), "one piece of work in progress a kill, no more");
}

#[test]
fn two_programs_that_write_one_file_leave_one_of_them_whole() {
    let place = Place::with_csv();
    let line =
        |seed: u32| format!("train --data strokes.csv {SMALL} --seed {seed} --out both.mpk --checkpoint c{seed}");
    let start = |seed: u32| {
        let mut command = command(&line(seed), place.folder());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for _ in 0..rounds().min(10) {
        let children = [start(1), start(2)];
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        assert!([1, 2].contains(&Model::load(&place.path("both.mpk")).unwrap().note.seed));
    }
}

/// Files that go away, and folders that take nothing, while a program works.
#[cfg(unix)]
#[test]
fn what_goes_away_or_takes_nothing_is_told_in_one_line() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_model();
    std::fs::create_dir(place.path("locked")).unwrap();
    std::fs::set_permissions(place.path("locked"), std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(place.path("locked/x"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
    } else {
        for line in [
            format!("train --data strokes.csv {SMALL} --out locked/model.mpk"),
            "classify -m model.mpk -d strokes.csv -o locked/seen.csv".into(),
            "collect build --from strokes.csv --to locked/built.csv".into(),
            "collect stats strokes.csv --sheet locked/sheet.png".into(),
        ] {
            place.run(&line).error_with(&["cannot write locked/", "you have no permission to do so"]);
        }
    }
    std::fs::set_permissions(place.path("locked"), std::fs::Permissions::from_mode(0o755)).unwrap();
    // The folder of the outputs goes away while the network is trained.
    let line = format!("train --data strokes.csv {NETWORK} --epochs 3000 --out gone/model.mpk --metrics m.jsonl");
    let mut child = command(&line, place.folder()).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    while !(place.exists("m.jsonl") && place.read_text("m.jsonl").contains("\"epoch\":2,")) {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(2));
    }
    std::fs::remove_dir_all(place.path("gone")).unwrap();
    crate::program::Outcome::new(&line, child.wait_with_output().unwrap()).success();
    assert!(place.exists("gone/model.mpk"), "the folder is made again");
}

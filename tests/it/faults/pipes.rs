//! Readers of stdout and stderr that go away or take no more.

use crate::place::{Place, SMALL};
use crate::program::{Outcome, command};
use std::fs::File;
use std::process::{Output, Stdio};

fn lines(place: &Place) -> [String; 4] {
    place.run(&format!("train --data strokes.csv {SMALL}")).success();
    [
        format!("train --data strokes.csv {SMALL}"),
        "classify -m model.mpk -d strokes.csv -v".into(),
        "collect stats strokes.csv".into(),
        "collect build --from strokes.csv --to built.csv --force".into(),
    ]
}

#[test]
fn nobody_has_to_listen() {
    let place = Place::with_csv();
    for line in lines(&place) {
        let mut child = command(&line, place.folder()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{line}");
    }
    assert!(place.exists("built.csv"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_an_error_and_behind_stderr_none() {
    let place = Place::with_csv();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for line in lines(&place) {
        let status = command(&line, place.folder()).stderr(full()).output().unwrap().status;
        assert_eq!(status.code(), Some(0), "{line}");
        let Output { status, stderr, .. } =
            command(&line, place.folder()).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        let outcome = Outcome::new(&line, Output { status, stdout: vec![], stderr });
        outcome.error_with(&["cannot write the result", "the disk is full"]);
    }
    assert!(place.exists("model.mpk"), "the model was saved before the result was told");
}

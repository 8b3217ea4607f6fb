//! Training that is repeated, interrupted and continued.

use crate::place::{NETWORK, Place};

#[test]
fn the_same_seed_gives_the_same_model_on_any_number_of_threads() {
    let place = Place::with_csv();
    let flags = "--data strokes.csv --epochs 3 --batch-size 16 --validation 0.2 --layers dense:32,relu,dropout:0.2";
    let train = |seed: u32, threads: u32| {
        place.run(&format!("train {flags} --seed {seed} --threads {threads}")).success();
        place.read("model.mpk")
    };
    let model = train(1, 1);
    assert!(model == train(1, 2) && model == train(1, 3));
    assert!(model != train(2, 2));
}

#[test]
fn a_training_goes_on_as_though_it_had_never_stopped() {
    let place = Place::with_csv();
    let flags = format!("--data strokes.csv {NETWORK} --augment light --fade 0 --schedule constant --validation 0.2");
    place.run(&format!("train {flags} --epochs 12 --metrics whole.jsonl")).success();
    let whole = place.read("model.mpk");
    place.run(&format!("train {flags} --epochs 5 --checkpoint half.checkpoint --metrics parts.jsonl")).success();
    assert!(place.read("model.mpk") != whole);
    let line = format!("train {flags} --epochs 12 --resume half.checkpoint --metrics parts.jsonl");
    place.run(&line).success();
    assert!(place.read("model.mpk") == whole);
    assert_eq!(place.read_text("whole.jsonl").lines().count(), 13);
    let parts = place.read_text("parts.jsonl");
    assert_eq!(parts.lines().filter(|line| line.starts_with("{\"epoch\"")).count(), 12, "{parts}");
}

#[cfg(unix)]
mod ctrl_c {
    use super::*;
    use crate::program::{Outcome, command};
    use nn_io::{Checkpoint, Model};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    /// Runs a command line and presses Ctrl-C as soon as `ready`.
    fn interrupt(place: &Place, line: &str, ready: impl Fn() -> bool) -> Outcome {
        let mut command = command(line, place.folder());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while !ready() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
            assert!(start.elapsed() < Duration::from_secs(120), "it did not come so far");
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        Outcome::new(line, child.wait_with_output().unwrap())
    }

    #[test]
    fn leaves_a_checkpoint_from_which_the_same_model_comes() {
        let place = Place::with_csv();
        let flags = format!("--data strokes.csv {NETWORK} --epochs 1000");
        place.run(&format!("train {flags}")).success();
        let whole = place.read("model.mpk");
        std::fs::remove_file(place.path("model.mpk")).unwrap();

        let line = format!("train {flags} --checkpoint run.checkpoint");
        let outcome = interrupt(&place, &line, || place.exists("run.checkpoint"));
        outcome.error_with(&["Ctrl-C", "checkpoint after epoch ", "--resume run.checkpoint"]);
        assert!(!place.exists("model.mpk"), "there is no model yet");
        let checkpoint = Checkpoint::load(&place.path("run.checkpoint")).unwrap();
        assert!((1..1000).contains(&checkpoint.epoch), "{}", checkpoint.epoch);

        place.run(&format!("train {flags} --resume run.checkpoint")).success();
        assert!(place.read("model.mpk") == whole);
    }

    #[test]
    fn leaves_the_older_model_and_a_checkpoint_nobody_asked_for() {
        let place = Place::with_model();
        let before = place.read("model.mpk");
        let line = format!("train --data strokes.csv {NETWORK} --epochs 1000000 --metrics metrics.jsonl");
        let started = || place.exists("metrics.jsonl") && place.read_text("metrics.jsonl").contains("\"epoch\":3,");
        interrupt(&place, &line, started).error_with(&["Ctrl-C", "--resume model.checkpoint"]);
        assert!(place.read("model.mpk") == before);
        Checkpoint::load(&place.path("model.checkpoint")).unwrap();
        Model::load(&place.path("model.mpk")).unwrap();
    }
}

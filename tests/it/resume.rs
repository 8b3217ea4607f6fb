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

/// As after a kill, or on a full disk, between the last checkpoint and the saving of the model.
#[test]
fn a_lost_model_comes_back_from_the_last_checkpoint() {
    let place = Place::with_csv();
    let flags = "--layers dense:12,batchnorm,relu --batch-size 10 --validation 0.3 --epochs 6 --optimizer adam";
    for patience in ["", "--patience 1 --lr 0.3"] {
        let train = format!("train --data strokes.csv {flags} {patience} --metrics m.jsonl --report r.html");
        place.run(&format!("{train} --checkpoint c.checkpoint")).success();
        let whole = place.read("model.mpk");
        let [checkpoint, metrics] = ["c.checkpoint", "m.jsonl"].map(|name| place.read(name));
        std::fs::remove_file(place.path("model.mpk")).unwrap();
        let outcome = place.run(&format!("{train} --resume c.checkpoint"));
        assert!(!outcome.stderr.contains("epoch   "), "nothing is trained: {}", outcome.stderr);
        outcome.success();
        assert!(place.read("model.mpk") == whole, "{patience}");
        assert!(place.read("c.checkpoint") == checkpoint);
        let epochs = |text: &str| text.lines().filter(|line| line.starts_with("{\"epoch\"")).count();
        let before = String::from_utf8(metrics).unwrap();
        assert_eq!(epochs(&place.read_text("m.jsonl")), epochs(&before));
        assert!(patience.is_empty() || epochs(&before) < 6, "the patience was used up: {before}");
        assert!(place.read_text("r.html").contains("</html>"));
    }
}

#[test]
fn every_optimizer_and_setting_goes_on_with_the_same_bits() {
    let place = Place::with_csv();
    let layers = "--layers conv:4x3,batchnorm,relu,pool:2,dense:16,relu,dropout:0.3";
    let rest = "--batch-size 16 --validation 0.2 --patience 4 --balance --augment light --fade 0 --schedule constant";
    for optimizer in ["sgd", "momentum", "nesterov", "adam", "adamw"] {
        let train = format!("train --data strokes.csv {layers} {rest} --optimizer {optimizer} --clip 1 --lr 0.003");
        place.run(&format!("{train} --epochs 4")).success();
        let whole = place.read("model.mpk");
        place.run(&format!("{train} --epochs 2 --checkpoint half.checkpoint")).success();
        place.run(&format!("{train} --epochs 4 --resume half.checkpoint")).success();
        assert!(place.read("model.mpk") == whole, "{optimizer}");
    }
}

#[test]
fn a_model_names_the_command_that_its_training_began_with() {
    let place = Place::with_csv();
    let train = format!("train --data strokes.csv {NETWORK} --epochs 4 --schedule constant --seed 5");
    place.run(&format!("{train} --checkpoint c.checkpoint")).success();
    let command = |line: &str| {
        place.run(line).success();
        nn_io::Model::load(&place.path("model.mpk")).unwrap().note.command
    };
    assert_eq!(command("train --data strokes.csv --resume c.checkpoint"), train);
    assert_eq!(command(&format!("{train} --resume c.checkpoint")), train);
    let changed = command("train --data strokes.csv --epochs 6 --resume c.checkpoint --checkpoint d.checkpoint");
    assert_eq!(changed, format!("{train}; after epoch 4: train --data strokes.csv --epochs 6"));
    assert_eq!(command("train --data strokes.csv --resume d.checkpoint"), changed, "the chain stays");
    let slower = format!("{train} --lr 0.0001");
    assert_eq!(command(&format!("{slower} --resume c.checkpoint")), format!("{train}; after epoch 4: {slower}"));
}

#[test]
fn a_checkpoint_of_another_run_is_refused_with_what_differs() {
    let place = Place::with_csv();
    place.write("signs.jsonl", r#"{"label": "+", "strokes": [[[5, 0], [5, 9]], [[0, 5], [9, 5]]]}"#);
    nn_data::csv::write(&crate::strokes::strokes(30, 8, 7), &place.path("others.csv")).unwrap();
    let began = format!("{NETWORK} --epochs 2 --size 28x28 --optimizer adam --validation 0.2 --seed 3");
    place.run(&format!("train --data strokes.csv {began} --checkpoint c.checkpoint")).success();
    let resume = |data: &str, flags: &str| {
        let line = format!("train --data {data} --size 28x28 --resume c.checkpoint --out new.mpk {flags}");
        place.run(&line)
    };
    for (data, flags, reason) in [
        ("others.csv", "", "the training samples are not the checkpoint's: here 72 samples with the checksum "),
        ("strokes.csv", "--limit 60", "the training samples are not the checkpoint's: here 48 samples"),
        ("strokes.csv", "--negatives signs.jsonl", "the negatives are not the checkpoint's: here 1 samples"),
        ("strokes.csv", "--seed 4", "--seed cannot change the seed of a checkpoint, which is 3; here it is 4"),
        ("strokes.csv", "--validation 0.5", "--validation cannot change the share held back of a checkpoint"),
        ("strokes.csv", "--optimizer adamw", "--optimizer cannot change the optimizer of a checkpoint, which is adam"),
        ("strokes.csv", "--loss mse", "--loss cannot change the loss of a checkpoint, which is cross-entropy"),
        ("strokes.csv", "--layers dense:5", "--layers cannot change the network of a checkpoint"),
        ("strokes.csv", "--preset mlp", "--preset cannot change the recipe of a checkpoint, which is cnn"),
        ("strokes.csv", "--epochs 1", "the checkpoint has done 2 epochs, more than the 1 of --epochs"),
    ] {
        resume(data, flags).error_with(&["cannot go on from the checkpoint: ", reason]);
    }
    assert!(!place.exists("new.mpk"));
    resume("strokes.csv", "--epochs 3 --lr 0.001").success();
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

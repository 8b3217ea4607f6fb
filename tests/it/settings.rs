//! Command lines and settings that cannot work.

use crate::place::{NETWORK, Place, SMALL};
use crate::program::{Outcome, command};
use nn_io::Model;

#[test]
fn wrong_usage_is_explained() {
    let place = Place::with_csv();
    for (line, part) in [
        ("train", "--data"),
        ("train --data strokes.csv --preset gigantic", "mlp"),
        ("train --data strokes.csv --lr nan", "above 0"),
        ("train --data strokes.csv --epochs 0", "--epochs"),
        ("train --data strokes.csv --layers dens:3", "no such layer"),
        ("train --data strokes.csv --colour", "--color"),
        ("collect build --to x.csv", "--from"),
        ("classify -v", "Usage"),
        ("classify -i a.png -d strokes.csv", "cannot be used with"),
        ("classify -d strokes.csv --threads none", "whole number"),
    ] {
        let said = place.run(line).usage();
        assert!(said.contains(part), "{line}\n{said}");
    }
    assert!(!place.exists("model.mpk"));
}

#[test]
fn help_is_complete() {
    let place = Place::new();
    for program in ["collect", "train", "classify"] {
        let help = place.run(&format!("{program} --help")).success();
        assert!(help.contains("Examples:"), "{help}");
    }
}

#[test]
fn what_cannot_be_written_is_known_before_training() {
    let place = Place::with_csv();
    place.write("file", "");
    for flag in ["--out", "--metrics", "--report", "--checkpoint"] {
        for path in ["file/x", "."] {
            let outcome = place.run(&format!("train --data strokes.csv {SMALL} {flag} {path}"));
            assert!(!outcome.stderr.contains("epoch"), "{}", outcome.stderr);
            outcome.error_with(&["cannot write", path]);
        }
    }
    place.run("classify -d strokes.csv -o file/x").error_with(&["cannot write", "file"]);
    assert!(!place.exists("model.mpk"));
}

#[test]
fn a_diverging_training_stops_and_says_what_to_lower() {
    let place = Place::with_csv();
    place
        .run(&format!("train --data strokes.csv {NETWORK} --lr 1e9"))
        .error_with(&["not a finite number", "lower --lr"]);
    assert!(!place.exists("model.mpk"), "no epoch was finished");
}

#[test]
fn a_diverging_training_keeps_the_last_good_model() {
    let place = Place::with_csv();
    // The weights decay by more than there is of them, but not before the learning rate has risen.
    let flags = "--optimizer adamw --schedule one-cycle --lr 1 --weight-decay 10 --epochs 20";
    place.run(&format!("train --data strokes.csv {NETWORK} {flags}")).error_with(&[
        "not a finite number",
        "lower --lr",
        "is saved as model.mpk",
    ]);
    assert!(Model::load(&place.path("model.mpk")).unwrap().note.epochs > 0);
}

#[test]
fn one_class_is_not_enough_and_one_sample_of_a_class_is() {
    let place = Place::with_one_class();
    for data in ["one", "one.csv"] {
        place.run(&format!("train --data {data} {SMALL}")).error_with(&["one class", "at least two"]);
    }
    place.write("single.csv", "label,a,b,c,d\n0,0,9,9,200\n0,0,0,0,210\n0,1,9,0,190\nx,200,0,0,9\n");
    place.run(&format!("train --data single.csv --tiny --validation 0.3 {SMALL}")).success();
    assert!(place.run("classify -m model.mpk -d single.csv --tiny").success().ends_with(" of 4)\n"));
}

#[test]
fn a_diverging_last_step_is_noticed_though_no_loss_shows_it() {
    let place = Place::with_csv(); // one batch an epoch
    let flags = "--layers dense:16,relu --batch-size 1000 --epochs 1 --optimizer sgd --schedule constant --lr 1e38";
    place.run(&format!("train --data strokes.csv {flags}")).error_with(&["not a finite number", "lower --lr"]);
    assert!(!place.exists("model.mpk"));
}

#[test]
fn one_file_is_not_wanted_for_two_things() {
    let place = Place::with_csv();
    for flags in ["--out a --metrics a", "--out run.checkpoint"] {
        let outcome = place.run(&format!("train --data strokes.csv {NETWORK} {flags}"));
        outcome.error_with(&["is wanted for two things"]);
    }
}

#[test]
fn networks_that_no_memory_holds_are_refused() {
    let place = Place::with_csv();
    for (layers, reason) in [
        ("dense:60000000,dense:60000000", "of memory, and "),
        ("dense:10000000000000", "layer 2 (dense:3): an input needs at least one value, and at most 67108864"),
        ("conv:4000000000000x3", "layer 2 (dense:3): an input needs at least one value, and at most 67108864"),
        ("conv:16x9999999999", "layer 1 (conv:16x9999999999): a kernel of"),
    ] {
        place.run(&format!("train --data strokes.csv --layers {layers}")).error_with(&[reason]);
    }
}

#[test]
fn a_train_without_windows_says_where_they_are() {
    let place = Place::with_csv();
    place.run("train --data strokes.csv --watch").error_with(&[
        "built without windows",
        "--features watch",
        "page Train",
    ]);
    assert!(!place.exists("model.mpk"));
}

#[test]
fn without_a_display_one_sentence_says_what_to_do() {
    let place = Place::new();
    for (line, remedy) in
        [("classify", "`classify -i FILE` reads pictures"), ("collect --to new", "`collect --help` shows")]
    {
        let output =
            command(line, place.folder()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap();
        Outcome::new(line, output).error_with(&["no window can be opened here (there is no display)", remedy]);
        let output =
            command(line, place.folder()).env("DISPLAY", ":4711").env_remove("WAYLAND_DISPLAY").output().unwrap();
        Outcome::new(line, output).error_with(&["no window can be opened here", remedy]);
    }
    place.run("classify -m nowhere.mpk").error_with(&["nowhere.mpk"]);
    place.run("classify --times -d x").usage();
    place.run("collect --to a stats b").usage();
    assert!(!place.exists("new"), "nothing is made before anything is drawn");
}

#[test]
fn negatives_change_what_is_learnt_and_are_none_of_the_classes() {
    let place = Place::with_csv();
    place.write("signs.jsonl", r#"{"label": "+", "strokes": [[[5, 0], [5, 9]], [[0, 5], [9, 5]]]}"#);
    let train = format!("train --data strokes.csv --size 28x28 {NETWORK} --epochs 2");
    place.run(&format!("{train} --out plain.mpk")).success();
    place.run(&format!("{train} --negatives signs.jsonl --out wary.mpk")).success();
    assert_ne!(place.read("plain.mpk"), place.read("wary.mpk"));
    place
        .run(&format!("{train} --negatives strokes.csv"))
        .error_with(&["--negatives strokes.csv", "the class 0 is one that the network is to learn"]);
}

//! Training by several processes that `mpirun` starts, as a user runs it: `cargo test -p train --features mpi --test mpi`.
#![allow(clippy::unwrap_used)]

mod place;

use place::Place;
use std::time::{Duration, Instant};

/// Layers of every kind that presets have; few parameters without batch normalisation, which go in shards; and many.
const NETWORKS: [&str; 3] = [
    "conv:16x3,pool:2,batchnorm,relu,conv:24x3,batchnorm,relu,dropout:0.2,dense:40,batchnorm,relu",
    "dense:60,tanh,dropout:0.1,dense:30,tanh",
    "conv:16x3,pool:2,relu,dense:300,relu",
];
/// Batches of 96 and, at the end of an epoch, of 64 samples.
const FLAGS: &str = "--data data.csv --batch-size 96 --epochs 3 --validation 0.2 --clip 1 --augment light";

#[test]
fn processes_come_to_the_same_bytes_as_one() {
    let Some(place) = Place::new() else { return };
    for (n, layers) in NETWORKS.iter().enumerate() {
        let line = format!("{FLAGS} --layers {layers} --metrics metrics.jsonl --report report.html --force");
        place.train(&line).success();
        let (one, curves) = (place.read("model.mpk"), place.curves());
        for ranks in [2, 3] {
            std::fs::remove_file(place.path("model.mpk")).unwrap();
            let said = place.mpirun(ranks, &line).success();
            assert!(place.read("model.mpk") == one, "network {n} of {ranks} processes");
            assert_eq!(place.curves(), curves);
            assert_eq!(said.matches("3 epochs in ").count(), 1, "one process speaks: {said}");
            assert!(std::fs::read_to_string(place.path("report.html")).unwrap().contains("</html>"));
        }
    }
}

#[test]
fn two_hosts_come_to_the_same_bytes_as_one() {
    let Some(place) = Place::new().filter(|_| place::can_make_hosts()) else { return };
    let line = format!("{FLAGS} --layers {}", NETWORKS[0]);
    place.train(&line).success();
    let one = place.read("model.mpk");
    std::fs::remove_file(place.path("model.mpk")).unwrap();
    place.on_two_hosts(&line).success();
    assert!(place.read("model.mpk") == one);
}

#[test]
fn a_sweep_is_shared_and_goes_on_where_it_stopped() {
    let Some(place) = Place::new() else { return };
    let line =
        "sweep --data data.csv --lr 0.001,0.02 --epochs 3 --batch-size 20,50 --layers dense:9,relu --augment none";
    let said = place.mpirun(3, line).success();
    let table = String::from_utf8(place.read("sweep.csv")).unwrap();
    assert_eq!(table.lines().count(), 5, "{table}");
    std::fs::write(place.path("sweep.csv"), table.lines().take(3).flat_map(|line| [line, "\n"]).collect::<String>())
        .unwrap();
    let again = place.train(line).success();
    assert!(again.contains("2 trainings; 2 are in the table already"), "{again}");
    let best =
        |said: &str| said.lines().find(|line| line.starts_with("the best, on all samples: ")).unwrap().to_string();
    assert_eq!(best(&again), best(&said));
    place.train(best(&said).strip_prefix("the best, on all samples: train ").unwrap()).success();
}

#[test]
fn what_a_sweep_has_finished_is_kept_where_another_training_fails() {
    let Some(place) = Place::new() else { return };
    let line = "sweep --data data.csv --batch-size 50,1 --epochs 1 --layers dense:9,batchnorm,relu --augment none";
    let said = place.mpirun(2, line).failure();
    assert!(said.contains("error: process 1: train --data data.csv "), "{said}");
    assert!(
        said.contains("--batch-size 1 --seed 1: batch normalisation needs batches of at least two samples"),
        "{said}"
    );
    let table = String::from_utf8(place.read("sweep.csv")).unwrap();
    assert!(table.lines().count() == 2 && table.contains("--batch-size 50 --seed 1"), "{table}");
}

#[test]
fn a_training_goes_on_with_another_number_of_processes() {
    let Some(place) = Place::new() else { return };
    let line =
        format!("--data data.csv --batch-size 96 --layers {} --schedule constant --augment none --fade 0", NETWORKS[0]);
    place.train(&format!("{line} --epochs 6 --out whole.mpk")).success();
    place.mpirun(2, &format!("{line} --epochs 2 --checkpoint run.checkpoint")).success();
    place.mpirun(3, &format!("{line} --epochs 4 --resume run.checkpoint --checkpoint run.checkpoint")).success();
    place.train(&format!("{line} --epochs 6 --resume run.checkpoint")).success();
    assert!(place.read("model.mpk") == place.read("whole.mpk"));
}

#[test]
fn a_process_that_dies_ends_all_and_the_checkpoint_is_whole() {
    let Some(place) = Place::new() else { return };
    let line = format!("--data data.csv --batch-size 96 --layers {} --epochs 400 --augment none --quiet", NETWORKS[1]);
    let mut run = place.start(3, &format!("{line} --checkpoint run.checkpoint"));
    let start = Instant::now();
    while !place.path("run.checkpoint").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "no checkpoint after a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
    place::kill_one(&mut run);
    let said = place::outcome(run.wait_with_output().unwrap()).failure();
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error:")).collect();
    let expected = "error: a process has ended, or a signal has stopped all of them; go on from the newest checkpoint by adding --resume run.checkpoint";
    assert_eq!(errors, [expected], "{said}");
    nn_io::Checkpoint::load(&place.path("run.checkpoint")).unwrap();
    assert!(!place.path("model.mpk").exists());
    place.mpirun(2, &format!("{line} --resume run.checkpoint")).success();
    let model = place.read("model.mpk");
    place.train(&line).success();
    assert!(place.read("model.mpk") == model, "as though no process had died");
}

#[test]
fn processes_that_do_not_fit_each_other_are_named() {
    let Some(place) = Place::new() else { return };
    let line = "--data data.csv --layers dense:9,relu --epochs 2";
    let error = |others: &str| place.mpirun(1, &format!("{line} : -n 1 TRAIN {others}")).failure();
    let said = error("--data data.csv --layers dense:9,relu --epochs 2 --lr 0.25");
    assert!(
        said.contains("error: the learning rate of process 1 is not that of process 0: 0.25 instead of 0.003"),
        "{said}"
    );
    let said = error("--data gone.csv --layers dense:9,relu --epochs 2");
    assert!(said.contains("error: process 1: gone.csv does not exist"), "{said}");
    let said = error("--data more.csv --layers dense:9,relu --epochs 2");
    assert!(said.contains("error: the data of process 1 is not that of process 0: training samples: "), "{said}");
    for (refused, name) in [("--find-lr", "a trial"), ("--watch", "--watch")] {
        let said = place.mpirun(2, &format!("{line} {refused}")).failure();
        assert!(said.contains(&format!("error: {name} is work for one process: start it without mpirun")), "{said}");
        assert_eq!(said.matches("error:").count(), 1, "{said}");
    }
}

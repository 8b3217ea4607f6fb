//! Runs side by side, and trials before a training, as a user calls them.

use crate::run;
use nn_data::{Dataset, Size, csv};
use std::path::Path;
use tempfile::TempDir;

/// A folder with `data.csv`: twenty pictures of 6x6 pixels, bright above or below, of two classes that can be told apart,
/// or of one picture under two names.
fn place(is_learnable: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let value = |i: u8, half: u8| if !is_learnable || i % 2 == half { 180 + i } else { i };
    let pixels = (0..20u8).flat_map(|i| [[value(i, 0); 18], [value(i, 1); 18]].concat());
    let pixels = if is_learnable { pixels.collect() } else { vec![99; 20 * 36] };
    let data = Dataset::from_names(Size::new(6, 6, 1), pixels, &["above", "below"].repeat(10), vec![]).unwrap();
    csv::write(&data, &folder.path().join("data.csv")).unwrap();
    folder
}

/// Trains a small network and leaves the metrics in a folder of that name.
fn trained(folder: &Path, name: &str, flags: &str) {
    std::fs::create_dir(folder.join(name)).unwrap();
    let line = format!("--data data.csv --layers dense:4,relu --augment none --metrics {name}/metrics.jsonl {flags}");
    run(folder, &line).unwrap();
}

#[test]
fn runs_are_compared_by_results_settings_and_curves() {
    let place = place(true);
    let folder = place.path();
    trained(folder, "slow", "--epochs 3 --lr 0.0001 --validation 0.2");
    trained(folder, "quick", "--epochs 8 --lr 0.02 --validation 0.2");
    let said = run(folder, "compare slow quick/metrics.jsonl --to both.svg").unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[1].starts_with("a  slow") && lines[2].starts_with("b  quick/metrics.jsonl"), "{said}");
    assert!(lines[1].contains(" 3 ") && lines[2].contains("100.00 % validation"), "{said}");
    assert!(
        said.contains("settings that differ\nepochs: 3 (a), 8 (b)\nlearning rate: 0.0001 (a), 0.02 (b)\n"),
        "{said}"
    );
    assert!(said.contains("validation accuracy by epoch\n"), "{said}");
    assert!(said.lines().last().unwrap().ends_with("a slow   b quick/metrics.jsonl"), "{said}");
    let svg = std::fs::read_to_string(folder.join("both.svg")).unwrap();
    assert_eq!(
        svg.matches("<polyline").count(),
        2 + svg.matches("<polyline fill=\"none\" opacity=\"1\" stroke=\"#DFE2E6\"").count(),
        "{svg}"
    );
    run(folder, "compare quick --to both.svg").unwrap(); // a plot may take the place of a plot
    std::fs::write(folder.join("diary"), "dear diary").unwrap();
    let refused = run(folder, "compare quick --to diary").unwrap_err();
    assert!(refused.contains("is no plot"), "{refused}");
    let refused = run(folder, "compare quick/metrics.jsonl --to quick/metrics.jsonl").unwrap_err();
    assert!(refused.contains("is read by this command") && refused.lines().count() == 1, "{refused}");
}

#[test]
fn a_run_that_is_none_is_named_with_its_line() {
    let place = place(true);
    let folder = place.path();
    trained(folder, "good", "--epochs 2");
    let metrics = std::fs::read_to_string(folder.join("good/metrics.jsonl")).unwrap();
    std::fs::write(folder.join("cut.jsonl"), format!("{}\n", &metrics[..metrics.len() - 40])).unwrap();
    let said = run(folder, "compare good cut.jsonl").unwrap_err();
    assert!(said.starts_with("error: cut.jsonl, line 3: not a line of metrics: EOF while parsing"), "{said}");
    let said = run(folder, "compare gone").unwrap_err();
    assert_eq!(said, "error: cannot read gone: there is no such file or folder\n");
    let goes_on = format!("{}\n{{\"epoch\":2,\"tra", metrics.lines().next().unwrap());
    std::fs::write(folder.join("on.jsonl"), goes_on).unwrap();
    let said = run(folder, "compare good on.jsonl").unwrap();
    assert!(said.contains("not ended") && said.contains("older version: b\n"), "{said}");
    assert!(said.contains("training accuracy by epoch, in passing\n"), "{said}");
}

#[test]
fn a_learning_rate_is_suggested_and_nothing_is_saved() {
    let place = place(true);
    let said =
        run(place.path(), "--data data.csv --layers dense:8,relu --augment none --find-lr --report r.html").unwrap();
    let last = said.lines().last().unwrap();
    let rate: f32 = last.strip_prefix("suggested learning rate ").unwrap().split(':').next().unwrap().parse().unwrap();
    assert!((1e-5..1.0).contains(&rate), "{said}");
    assert!(last.ends_with(&format!("train with --lr {rate}")) && said.contains("1e-3"), "{said}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "data.csv alone");
}

#[test]
fn a_network_that_can_learn_is_told_from_data_that_nobody_can_learn() {
    let flags = "--data data.csv --layers dense:8,relu --overfit 10";
    let good = place(true);
    let said = run(good.path(), flags).unwrap();
    assert!(said.starts_with("yes: after ") && said.contains("reads 10 of 10 pictures that it learnt. "), "{said}");
    let bad = place(false);
    let said = run(bad.path(), flags).unwrap();
    assert!(said.starts_with("no: after 1000 passes the network reads 5 of 10 pictures that it learnt. "), "{said}");
    assert_eq!(std::fs::read_dir(good.path()).unwrap().count(), 1, "data.csv alone");
}

#[test]
fn curves_are_drawn_as_text_where_that_is_asked_for() {
    let place = place(true);
    let line = "--data data.csv --layers dense:4,relu --augment none --epochs 3";
    let plain = run(place.path(), line).unwrap();
    let verbose = run(place.path(), &format!("{line} -v")).unwrap();
    assert!(!plain.contains("by epoch"), "{plain}");
    assert!(verbose.contains("\naccuracy by epoch\n") && verbose.contains("\nloss by epoch\n"), "{verbose}");
    assert!(verbose.ends_with(". training\n"), "{verbose}");
}

#[test]
fn a_sweep_prints_the_best_first_and_goes_on_where_its_table_ends() {
    let place = place(true);
    let line = "sweep --data data.csv --lr 0.00001,0.05 --layers dense:8,relu --augment none --epochs 6 --validation 0.3 --seeds 2";
    let said = run(place.path(), &format!("{line} --to t.csv")).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("lr ") && lines[1].starts_with("0.05 ") && lines[2].starts_with("0.00001 "), "{said}");
    assert!(
        lines[4].starts_with("the best, on all samples: train --data data.csv ")
            && lines[4].ends_with("--lr 0.05 --seed 1"),
        "{said}"
    );
    let table = std::fs::read_to_string(place.path().join("t.csv")).unwrap();
    assert_eq!(table.lines().count(), 5, "{table}");
    let shorter: String = table.lines().take(4).flat_map(|line| [line, "\n"]).collect();
    std::fs::write(place.path().join("t.csv"), shorter).unwrap();
    let again = run(place.path(), &format!("{line} --to t.csv")).unwrap();
    assert_eq!(again.lines().last(), said.lines().last());
    let other = run(place.path(), "sweep --data data.csv --epochs 1,2 --layers dense:8 --to t.csv").unwrap_err();
    assert!(other.starts_with("error: t.csv: the table is one of other settings (lr, seed, "), "{other}");
    let refused = run(place.path(), "sweep --data data.csv --lr 0.1,0.2 --report r.html").unwrap_err();
    assert!(refused.starts_with("error: --report is not for a sweep: it saves no model;"), "{refused}");
    std::fs::write(place.path().join("diary"), "dear diary").unwrap();
    let refused = run(place.path(), &format!("{line} --to diary")).unwrap_err();
    assert!(refused.contains("is no table of a sweep"), "{refused}");
    let data = std::fs::read_to_string(place.path().join("data.csv")).unwrap();
    let fewer: String = data.lines().take(data.lines().count() - 1).flat_map(|line| [line, "\n"]).collect();
    std::fs::write(place.path().join("data.csv"), fewer).unwrap();
    let refused = run(place.path(), &format!("{line} --to t.csv")).unwrap_err();
    assert!(refused.starts_with("error: t.csv: the data has changed since (training samples: "), "{refused}");
    run(place.path(), &format!("{line} --to t.csv --force")).unwrap();
}

//! Pages of made-up runs.
#![allow(clippy::unwrap_used)]

use super::*;
use nn_core::metrics::Confusion;
use nn_data::Size;
use nn_train::Preset;

/// The values that a report borrows: three samples of each class, and the last of them is taken for the next class.
struct MadeUp {
    recipe: Recipe,
    network: Network,
    classes: Vec<String>,
    history: Vec<EpochReport>,
    evaluation: Evaluation,
    data: Dataset,
}

fn made_up(classes: &[&str], epochs: u32) -> MadeUp {
    let classes: Vec<String> = classes.iter().map(|name| name.to_string()).collect();
    let (n, size) = (classes.len(), Size::new(2, 3, 1));
    let recipe = Preset::Textbook.recipe();
    let network = Network::new(recipe.architecture(size, n), 1).unwrap();
    let labels: Vec<u32> = (0..3 * n as u32).map(|i| i / 3).collect();
    let score = Score { loss_sum: 1.5, correct: 2 * n, samples: 3 * n };
    let mut evaluation = Evaluation { score, confusion: Confusion::new(n), probabilities: vec![] };
    for (i, &label) in labels.iter().enumerate() {
        let predicted = (label as usize + usize::from(i % 3 == 2)) % n;
        evaluation.confusion.add(label as usize, predicted);
        let rest = 0.2 / (n - 1) as f32;
        evaluation.probabilities.extend((0..n).map(|class| if class == predicted { 0.8 } else { rest }));
    }
    let sources = (0..3 * n).map(|i| format!("drawing {i}.png")).collect();
    let data = Dataset::new(size, vec![99; 18 * n], labels, classes.clone(), sources).unwrap();
    let history = (1..=epochs).map(|epoch| {
        let train = Score { loss_sum: 200.0 / f64::from(epoch), correct: 90, samples: 100 };
        EpochReport { epoch, train, validation: Some(train), lr: 0.1, seconds: 1.0 }
    });
    MadeUp { recipe, network, classes, history: history.collect(), evaluation, data }
}

impl MadeUp {
    fn report(&self) -> Report<'_> {
        Report {
            recipe: &self.recipe,
            history: &self.history,
            epochs: self.history.len() as u32,
            end: "all epochs done",
            network: &self.network,
            classes: &self.classes,
            test: Some((&self.evaluation, &self.data)),
            measured: (MeasuredOn::Test, self.evaluation.score),
            data: &[],
            train_samples: 60_000,
            validation_samples: 0,
            train_seconds: 61.34,
            threads: 2,
            model: Path::new("model.mpk"),
            command: "train --data digits.csv",
            date: "2025-01-31",
        }
    }

    fn html(&self) -> String {
        self.report().to_html().unwrap()
    }
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

#[test]
fn a_run_becomes_a_page() {
    let page = made_up(&["4", "9"], 3).html();
    for what in [
        "66.67 %",
        "<dt>misread</dt><dd>2 of 6</dd>",
        "<dd>60,000</dd>",
        "<dd>61.3 s</dd>",
        "<dd>3 of 20</dd>",
        "all epochs done",
        "<code>train --data digits.csv</code>",
        "90.00 % in epoch 1",
        "<b><bdi>4</bdi></b> read as <b><bdi>9</bdi></b>: 1 time</li>",
        "80.00 %",
        "drawing 2.png",
        "dense:100, tanh, dense:50, tanh, dense:classes",
        "parameters",
    ] {
        assert!(page.contains(what), "{what} is missing");
    }
    assert_eq!(count(&page, "<svg "), 2);
    assert_eq!(count(&page, "data:image/png;base64,"), 2);
    assert_eq!(count(&page, "class=\"right\""), 2);
}

#[test]
fn text_from_outside_stays_text() {
    let hostile = "<script>alert(\"1\")</script>";
    let mut run = made_up(&[hostile, "' onload='x", "<b>ф</b>"], 2);
    run.recipe.preset = hostile.into();
    let names = [hostile.to_string()];
    let report = run.report();
    let report = Report { end: hostile, data: &names, model: Path::new(hostile), ..report };
    let page = Report { command: hostile, date: hostile, ..report }.to_html().unwrap();
    assert_eq!(count(&page, "<script"), 0);
    assert_eq!(count(&page, "<b>ф"), 0);
    assert_eq!(count(&page, "' onload='"), 0);
    assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)"));
    assert!(page.contains("&lt;b&gt;ф&lt;&#x2f;b&gt;"));
}

#[test]
fn the_page_loads_nothing() {
    let page = made_up(&["a", "b"], 2).html();
    for what in ["src=\"http", "src=\"//", "href", "url(", "@import", "<script", "<link"] {
        assert_eq!(count(&page, what), 0, "{what}");
    }
    assert_eq!(count(&page, "src=\""), count(&page, "src=\"data:image/png;base64,"));
}

#[test]
fn one_epoch_is_drawn_as_points() {
    let mut run = made_up(&["a", "b"], 1);
    assert_eq!(count(&run.html(), "<circle "), 4);
    run.history[0].validation = None;
    let page = run.html();
    assert_eq!(count(&page, "<circle "), 2);
    assert!(!page.contains("<span class=\"validation\">"));
}

#[test]
fn perfect_and_unfinished_epochs_are_drawn() {
    let mut run = made_up(&["a", "b"], 3);
    run.history[1].train = Score { loss_sum: 0.0, correct: 100, samples: 100 };
    run.history[2].train.loss_sum = f64::NAN;
    let page = run.html();
    assert!(page.contains("\n100 %\n</text>"));
    assert_eq!(count(&page, "NaN") + count(&page, "inf"), 0);
    run.history.clear();
    assert!(run.html().contains("No epoch was finished."));
}

#[test]
fn without_a_test_the_headline_says_so() {
    let mut run = made_up(&["a", "b"], 2);
    let measured = |run: &MadeUp| (MeasuredOn::Training, run.evaluation.score);
    let untested = |run: &MadeUp| Report { test: None, measured: measured(run), ..run.report() }.to_html().unwrap();
    assert!(untested(&run).contains("of the validation samples"));
    assert!(!untested(&run).contains("Each class"));
    run.history.iter_mut().for_each(|report| report.validation = None);
    assert!(untested(&run).contains("of the training samples"));
    run.history.clear();
    run.evaluation.score = Score::default();
    assert!(untested(&run).contains("nothing was tested"));
    assert!(!run.html().contains("NaN"));
}

#[test]
fn many_classes_fit() {
    let names: Vec<String> = (0..200).map(|i| format!("c{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let page = made_up(&names[..62], 2).html();
    assert!(page.contains("class=\"matrix dense"));
    assert_eq!(count(&page, "class=\"right\""), 62);
    assert_eq!(count(&page, "data:image/png;base64,"), MOST_PICTURES);
    assert!(page.contains("And 47 other kinds"));
    assert_eq!(count(&made_up(&names, 2).html(), "<table class=\"matrix"), 0);
}

#[test]
fn mistakes_stand_the_surest_first() {
    let mut run = made_up(&["a", "b"], 1);
    run.evaluation.probabilities[2 * 5..].copy_from_slice(&[0.95, 0.05]);
    let page = run.html();
    assert!(page.find("drawing 5.png").unwrap() < page.find("drawing 2.png").unwrap());
}

#[test]
fn the_page_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let run = made_up(&["a", "b"], 1);
    run.report().write(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), run.html());
    let error = run.report().write(&path.join("below a file")).unwrap_err();
    assert!(format!("{error:#}").contains("cannot write"), "{error:#}");
}

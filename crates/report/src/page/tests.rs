//! Pages of made-up runs.
#![allow(clippy::unwrap_used)]

use super::*;
use nn_core::Network;
use nn_core::metrics::{Confusion, Score};
use nn_data::{Preprocessing, Size};
use nn_io::{Calibration, Evaluation, TrainingNote};
use nn_train::Preset;
use serde_json::Value as Json;

/// The values that a report borrows: three samples of each class, and the last of them is taken for the next class.
struct MadeUp {
    recipe: Recipe,
    model: Model,
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
    let note = TrainingNote { command: "train --data digits.csv".into(), epochs, ..TrainingNote::default() };
    let model = Model { network, classes, preprocessing: Preprocessing::picture(3, 2, 1), calibration: None, note };
    MadeUp { recipe, model, history: history.collect(), evaluation, data }
}

impl MadeUp {
    /// The page where the samples are of this kind, after changes to the report.
    fn page(&self, on: MeasuredOn, end: End) -> String {
        let Evaluation { score, ref confusion, ref probabilities } = self.evaluation;
        let evaluation = Evaluation { score, confusion: confusion.clone(), probabilities: probabilities.clone() };
        let measured = Measured { on, data: &self.data, evaluation, one_view: None };
        let report = Report {
            recipe: &self.recipe,
            history: &self.history,
            end,
            model: &self.model,
            path: Path::new("model.mpk"),
            measured: &measured,
            train: &self.data,
            validation_samples: 0,
            train_seconds: 61.34,
            threads: 2,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.html");
        report.write(&path).unwrap();
        let page = std::fs::read_to_string(&path).unwrap();
        assert_eq!(page, report.to_html().unwrap());
        let error = report.write(&path.join("below a file")).unwrap_err();
        assert!(format!("{error:#}").contains("cannot write"), "{error:#}");
        page
    }

    fn html(&self) -> String {
        self.page(MeasuredOn::Test, End::Done)
    }
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

/// The data of the script: what each cell of the matrix shows.
fn cells(page: &str) -> Json {
    let data = page.split("id=\"pictures\">").nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str::<Json>(data).unwrap()["cells"].take()
}

#[test]
fn a_run_becomes_a_page() {
    let page = made_up(&["4", "9"], 3).html();
    for what in [
        "66.67 %",
        "<dt>misread</dt><dd>2 of 6</dd>",
        "<dt>training samples</dt><dd>6</dd>",
        "<dd>61.3 s</dd>",
        "<dd>3 of 20</dd>",
        "all epochs done",
        "<code>train --data digits.csv</code>",
        "90.00 % in epoch 1",
        "<b><bdi>4</bdi></b> read as <b><bdi>9</bdi></b>: 1 time</li>",
        "80.00 % (<bdi>4</bdi>: 20.00 %)",
        "drawing 2.png",
        "dense:100, tanh, dense:50, tanh, dense:classes",
        "parameters",
        "Expected calibration error: 13.33 %.",
        "this recipe does not distort them",
    ] {
        assert!(page.contains(what), "{what} is missing");
    }
    assert_eq!(count(&page, "<svg "), 3);
    assert_eq!(count(&page, "data:image/png;base64,"), 1);
    assert_eq!(count(&page, "class=\"picture\""), 2 + 2, "two mistakes, two training pictures");
    assert_eq!(count(&page, "class=\"right\""), 2);
}

#[test]
fn every_cell_has_its_pictures() {
    let mut run = made_up(&["a", "b"], 1);
    run.evaluation.probabilities[..2].copy_from_slice(&[0.9, 0.1]);
    let cells = cells(&run.html());
    let of = |cell: &str| cells[cell].as_array().unwrap().clone();
    assert_eq!([of("0 0").len(), of("0 1").len(), of("1 1").len(), of("1 0").len()], [2, 1, 2, 1]);
    let sources: Vec<Json> = of("0 0").iter().map(|shown| shown["source"].clone()).collect();
    assert_eq!(sources, ["drawing 1.png", "drawing 0.png"], "the least sure first");
    let wrong = &of("0 1")[0];
    assert_eq!([&wrong["probability"], &wrong["of_truth"]], ["80.00 %", "20.00 %"]);
}

#[test]
fn a_correction_is_shown_beside_what_it_corrects() {
    let mut run = made_up(&["a", "b"], 1);
    run.model.calibration = Some(Calibration {
        temperature: 2.0,
        unsure: 0.5,
        nothing: 0.0,
        false_alarms: 0.0,
        error: 0.0,
        certainty: 0.0,
    });
    let page = run.html();
    assert!(page.contains("Expected calibration error: 0.00 %, and 13.33 % before"), "{page}");
    assert!(page.contains("as computed</span><span class=\"validation\">as told"));
}

#[test]
fn text_from_outside_stays_text() {
    let hostile = "</script><script>alert(\"1\")</script><!--";
    let mut run = made_up(&[hostile, "' onload='x", "<b>ф</b>"], 2);
    run.recipe.preset = hostile.into();
    let name = hostile.to_string();
    run.model.note =
        TrainingNote { data: vec![name.clone()], command: name.clone(), date: name.clone(), ..TrainingNote::default() };
    let sources = vec![name.clone(); run.data.len()];
    let Size { height, width, .. } = run.data.size();
    let (pixels, labels, classes) =
        (run.data.pixels().to_vec(), run.data.labels().to_vec(), run.data.classes().to_vec());
    run.data = Dataset::new(Size::new(height, width, 1), pixels, labels, classes, sources).unwrap();
    let page = run.page(MeasuredOn::Test, End::Done);
    assert_eq!([count(&page, "<script"), count(&page, "</script")], [2, 2], "the page's own");
    assert_eq!(count(&page, "<!--"), 0);
    assert_eq!(count(&page, "<b>ф"), 0);
    assert_eq!(count(&page, "' onload='"), 0);
    assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)"));
    assert!(page.contains("&lt;b&gt;ф&lt;&#x2f;b&gt;"));
    assert_eq!(cells(&page)["0 1"][0]["source"], hostile);
}

#[test]
fn the_page_loads_nothing() {
    let page = made_up(&["a", "b"], 2).html();
    for what in ["src=", "href", "@import", "<link", "http:", "https:"] {
        let names = count(&page, "xmlns=\"http:"); // of SVG, which nobody loads
        assert_eq!(count(&page, what), if what == "http:" { names } else { 0 }, "{what}");
    }
    assert_eq!(count(&page, "url("), count(&page, "url(data:image/png;base64,"));
}

#[test]
fn the_style_sheet_knows_every_colour() {
    let style = include_str!("report.css");
    for drawing in [svg::GRID, svg::TEXT].map(|colour| [colour.0, colour.1, colour.2]) {
        let [r, g, b] = drawing;
        assert!(style.contains(&format!("=\"#{r:02X}{g:02X}{b:02X}\"]")), "{drawing:x?}");
    }
    for look in [plot::TRAINING, plot::VALIDATION, plot::IDEAL] {
        let [r, g, b] = look.colour;
        assert!(style.contains(&format!("[stroke=\"#{r:02X}{g:02X}{b:02X}\"]")), "{look:x?}");
        assert!(!look.has_dots || style.contains(&format!("[fill=\"#{r:02X}{g:02X}{b:02X}\"]")), "{look:x?}");
    }
}

#[test]
fn one_epoch_is_drawn_as_points() {
    let mut run = made_up(&["a", "b"], 1);
    let reliability = 1; // all answers are of 80 %
    assert_eq!(count(&run.html(), "<circle "), 4 + reliability);
    run.history[0].validation = None;
    let page = run.html();
    assert_eq!(count(&page, "<circle "), 2 + reliability);
    assert!(!page.contains("<span class=\"validation\">validation"));
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
fn the_headline_says_of_what() {
    let mut run = made_up(&["a", "b"], 2);
    let on = |run: &MadeUp, on| run.page(on, End::Done);
    assert!(
        on(&run, MeasuredOn::Validation).contains("of the validation samples read correctly; there was no test set")
    );
    let training = on(&run, MeasuredOn::Training);
    assert!(training.contains("of the training samples read correctly; nothing else was tested"));
    assert!(training.contains("Each class") && training.contains("class=\"matrix"), "pictures are shown all the same");
    run.evaluation.score = Score::default();
    let page = run.html();
    assert!(page.contains("nothing was tested") && !page.contains("NaN") && !page.contains("Each class"));
}

#[test]
fn many_classes_fit() {
    let names: Vec<String> = (0..200).map(|i| format!("c{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let page = made_up(&names[..62], 2).html();
    assert!(page.contains("class=\"matrix dense"));
    assert_eq!(count(&page, "class=\"right\""), 62);
    assert_eq!(count(&page, " read as <b>"), MOST_MIXES + answers::MOST_WORST);
    assert_eq!(cells(&page).as_object().unwrap().len(), 2 * 62, "pictures of every cell");
    assert!(page.contains("And 47 other kinds"));
    let page = made_up(&names, 2).html();
    assert_eq!(count(&page, "<table class=\"matrix") + count(&page, "<script"), 0);
}

#[test]
fn mistakes_stand_the_surest_first() {
    let mut run = made_up(&["a", "b"], 1);
    run.evaluation.probabilities[2 * 5..].copy_from_slice(&[0.95, 0.05]);
    let page = run.html();
    assert!(page.find("drawing 5.png").unwrap() < page.find("drawing 2.png").unwrap());
}

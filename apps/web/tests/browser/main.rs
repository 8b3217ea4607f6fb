//! The page in a real browser, as `cargo xtask web` builds it; without the folder the tests say so.
#![allow(clippy::unwrap_used)]

mod golden;
mod session;

use serde_json::Value;
use session::{ONE, SEVEN, draw, line, on_paper, page, press, until, wipe, zero};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The answer of a model file to the drawing on the page, without a browser.
fn native(model: nn_io::Model, state: &Value) -> Vec<f32> {
    let ink: nn_data::Ink = serde_json::from_value(state["ink"].clone()).unwrap();
    let picture = ink.rasterise(nn_data::Drawings::SIDE, state["pen"].as_f64().unwrap() as f32);
    nn_io::Reader::new(model).read(&picture.into()).probabilities
}

/// Holds the answer that the page shows against that of a model file.
fn assert_same(model: nn_io::Model, state: &Value) {
    let shown: Vec<f32> = serde_json::from_value(state["probabilities"].clone()).unwrap();
    let expected = native(model, state);
    assert_eq!(shown.len(), expected.len());
    assert!(shown.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4), "{shown:?} {expected:?}");
}

fn built_in(name: &str) -> nn_io::Model {
    nn_io::Model::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models").join(name)).unwrap()
}

#[test]
fn digits_are_drawn_and_read_as_without_a_browser() {
    let Some((mut browser, _server)) = page(1200) else { return };
    for (digit, points) in [("7", line(&SEVEN)), ("1", line(&ONE)), ("0", zero())] {
        let state = draw(&mut browser, &points);
        assert_eq!(state["answer"], digit, "{state}");
        assert_same(built_in("digits.mpk"), &state);
        if digit != "0" {
            wipe(&mut browser);
        }
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/web.png");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(docs, browser.screenshot(1200, 800)).unwrap();
    }
    press(&mut browser, "characters");
    until(&mut browser, "the other model is open", |state| state["model"] == "characters");
    let state = until(&mut browser, "the drawing is read again", |state| state["is_read"] == true);
    assert_same(built_in("characters.mpk"), &state);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/digits.mpk").canonicalize();
    browser.drop_file(&file.unwrap(), [600.0, 300.0]);
    until(&mut browser, "the dropped model is open", |state| state["model"] == "digits.mpk");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_finger_draws_on_a_phone_and_nothing_scrolls() {
    let Some((mut browser, _server)) = page(360) else { return };
    let places = on_paper(&mut browser, &line(&SEVEN));
    browser.touch(&places, Some([300.0, 300.0]));
    let state = until(&mut browser, "the drawing is read", |state| state["is_read"] == true);
    let far = |point: &Value| point[0].as_f64() > Some(0.8) && point[1].as_f64() > Some(0.5);
    assert!(!state["ink"][0].as_array().unwrap().iter().any(far), "the palm has drawn: {}", state["ink"]);
    assert_eq!((&state["answer"], &state["strokes"]), (&"7".into(), &1.into()), "{state}");
    assert_eq!(
        browser.value("[scrollX, scrollY, document.documentElement.scrollWidth]"),
        serde_json::json!([0, 0, 360])
    );
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_class_is_added_and_all_of_it_is_there_after_a_reload_without_a_network() {
    let Some((mut browser, server)) = page(1000) else { return };
    press(&mut browser, "Draw");
    press(&mut browser, "new class");
    browser.type_text("heart");
    press(&mut browser, "Add");
    for _ in 0..2 {
        let places = on_paper(&mut browser, &line(&[[0.5, 0.8], [0.2, 0.3], [0.5, 0.4], [0.8, 0.3], [0.5, 0.8]]));
        browser.drag(&places);
        press(&mut browser, "class heart");
    }
    let drawings = serde_json::json!([["heart", 2]]);
    until(&mut browser, "both are kept", |state| state["drawings"] == drawings && state["writing"] == 0);
    browser.value("navigator.serviceWorker.ready.then(() => new Promise((done) => setTimeout(done, 300)))");
    let address = server.address.clone();
    drop(server);
    browser.open(&address, 1000, false);
    until(&mut browser, "the drawings are there", |state| state["drawings"] == drawings);
    until(&mut browser, "the model is open", |state| state["model"] == "digits");
    assert_eq!(draw(&mut browser, &line(&ONE))["answer"], "1");
    press(&mut browser, "characters");
    until(&mut browser, "the other model is open", |state| state["model"] == "characters");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

/// The file with an ending that the page has saved in a folder.
fn downloaded(folder: &Path, wanted: &str) -> PathBuf {
    let start = Instant::now();
    loop {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        if let Some(file) = files.into_iter().find(|file| file.extension().is_some_and(|ending| ending == wanted)) {
            return file;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "nothing is downloaded");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_network_is_trained_in_the_page_and_reads_the_same_without_it() {
    let Some((mut browser, server)) = page(1200) else { return };
    let folder = tempfile::tempdir().unwrap();
    browser.download_to(folder.path());
    press(&mut browser, "Train");
    press(&mut browser, "Start");
    until(&mut browser, "it has begun", |state| state["is_training"] == true && state["epoch"].as_f64() > Some(0.0));
    let state = until(&mut browser, "it is trained", |state| state["is_training"] == false);
    assert!(state["held_back_accuracy"].as_f64() >= Some(0.93), "{state}");
    until(&mut browser, "it is kept", |state| state["own_model"] == "trained here" && state["writing"] == 0);
    press(&mut browser, "Report");
    let report = std::fs::read_to_string(downloaded(folder.path(), "html")).unwrap();
    assert!(report.trim_end().ends_with("</html>") && report.contains("of the validation samples read correctly"));
    browser.open(&server.address, 1200, false);
    until(&mut browser, "the own model is there after a reload", |state| state["own_model"] == "trained here");
    press(&mut browser, "trained here");
    until(&mut browser, "the model is open", |state| state["model"] == "trained here");
    let state = draw(&mut browser, &line(&SEVEN));
    press(&mut browser, "Download");
    let model = nn_io::Model::load(&downloaded(folder.path(), "mpk")).unwrap();
    assert_eq!(model.network.architecture().layers.len(), 6, "784-100-50-10, each with its activation");
    assert_same(model, &state);
    assert_eq!(browser.complaints, Vec::<String>::new());
}

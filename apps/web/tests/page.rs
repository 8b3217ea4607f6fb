//! The page without a browser: its worker is called in the same thread, and its errands are done by hand.
#![allow(clippy::unwrap_used)]

use egui::{Event, Modifiers, PointerButton, Pos2, Vec2, pos2, vec2};
use egui_kittest::Harness;
use serde_json::Value;
use std::path::Path;
use web::errand::Errand;
use web::message::{Request, to_bytes};
use web::page::Page;
use web::worker::Worker;

/// A page, what the browser would do for it, and what has come of it.
struct Bench {
    page: Page,
    worker: Worker,
    saved: Vec<(String, Vec<u8>)>,
    kept: Vec<(String, String)>,
    kept_model: Option<(String, Vec<u8>)>,
}

type Hands = Harness<'static, Bench>;

fn bench(size: Vec2) -> Hands {
    let (page, worker) = (Page::new("test".into()), Worker::default());
    let bench = Bench { page, worker, saved: vec![], kept: vec![], kept_model: None };
    let mut hands = ui_test::harness(size, ui::look::apply, bench, |bench, ui| bench.page.ui(ui));
    settle(&mut hands);
    hands
}

/// Shows frames and does errands until there are none.
fn settle(hands: &mut Hands) {
    hands.step();
    loop {
        let errands = hands.state_mut().page.take_errands();
        if errands.is_empty() {
            return;
        }
        errands.into_iter().for_each(|errand| run(hands.state_mut(), errand));
        hands.step();
        hands.step();
    }
}

fn run(bench: &mut Bench, errand: Errand) {
    match errand {
        Errand::Read(request) | Errand::Train(request) => send(bench, &request),
        Errand::Fetch(name) => match std::fs::read(file_of(name)) {
            Ok(content) => bench.page.open(name, content),
            Err(_) => bench.page.not_loaded(name),
        },
        Errand::Save { name, content } => bench.saved.push((name, content)),
        Errand::Keep(drawings) => bench.kept.extend(drawings),
        Errand::KeepModel { name, file } => bench.kept_model = Some((name, file)),
        Errand::Forget(id) => bench.kept.retain(|(other, _)| *other != id),
        Errand::StopTraining | Errand::Choose => {}
    }
}

fn send(bench: &mut Bench, request: &Request) {
    let mut replies = vec![];
    bench.worker.handle(&to_bytes(request).unwrap(), &mut |reply| replies.push(to_bytes(&reply).unwrap()));
    replies.iter().for_each(|reply| bench.page.take_in(reply));
}

/// The file that ships under a name; the digits are MNIST's test set here.
fn file_of(name: &str) -> std::path::PathBuf {
    let name = name.replace("data/digits-images-idx3", "data/mnist/t10k-images-idx3");
    let name = name.replace("data/digits-labels-idx1", "data/mnist/t10k-labels-idx1");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn state(hands: &Hands) -> Value {
    serde_json::to_value(hands.state().page.state()).unwrap()
}

fn place(hands: &Hands, name: &str) -> egui::Rect {
    let place: [f32; 4] = serde_json::from_value(state(hands)["places"][name].clone()).expect(name);
    egui::Rect::from_min_size(pos2(place[0], place[1]), vec2(place[2], place[3]))
}

fn press(hands: &mut Hands, name: &str) {
    let pos: Pos2 = place(hands, name).center();
    hands.event(Event::PointerMoved(pos));
    hands.step();
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        hands.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
        hands.step();
    }
    settle(hands);
}

fn draw(hands: &mut Hands, points: &[[f32; 2]]) {
    let paper = place(hands, "paper");
    ui_test::stroke(hands, paper, points, PointerButton::Primary);
    settle(hands);
}

const SEVEN: [[f32; 2]; 3] = [[0.28, 0.22], [0.72, 0.22], [0.42, 0.82]];
const ONE: [[f32; 2]; 2] = [[0.52, 0.15], [0.48, 0.85]];

#[test]
fn a_drawing_is_read_on_a_desk_and_on_a_phone() {
    for size in [vec2(1200.0, 800.0), vec2(360.0, 640.0)] {
        let mut hands = bench(size);
        assert_eq!(state(&hands)["model"], "digits");
        draw(&mut hands, &SEVEN);
        assert_eq!((&state(&hands)["answer"], &state(&hands)["is_read"]), (&"7".into(), &true.into()), "{size}");
        press(&mut hands, "characters");
        assert_eq!(
            (state(&hands)["model"].clone(), state(&hands)["classes"][61].clone()),
            ("characters".into(), "z".into())
        );
        assert_eq!(state(&hands)["is_read"], true, "it is read again by the other model");
        for tab in ["Draw", "Train", "Try"] {
            press(&mut hands, tab);
            let places: std::collections::BTreeMap<String, [f32; 4]> =
                serde_json::from_value(state(&hands)["places"].clone()).unwrap();
            for (name, [left, top, width, height]) in places {
                let is_inside =
                    left >= 0.0 && top >= 0.0 && left + width <= size.x + 0.5 && top + height <= size.y + 0.5;
                assert!(is_inside || tab == "Train", "{name} on {tab} at {size}: {left} {top} {width} {height}");
            }
        }
    }
}

/// A page on which two classes were named and six drawings of each were kept.
fn drawn() -> Hands {
    let mut hands = bench(vec2(1200.0, 800.0));
    press(&mut hands, "Draw");
    for name in ["7", "1"] {
        press(&mut hands, "new class");
        hands.event(Event::Text(name.into()));
        hands.step();
        press(&mut hands, "Add");
    }
    for round in 0..6 {
        let shift = 0.02 * round as f32;
        for (name, points) in [("7", &SEVEN[..]), ("1", &ONE)] {
            let points: Vec<[f32; 2]> = points.iter().map(|[x, y]| [x + shift - 0.05, *y]).collect();
            draw(&mut hands, &points);
            press(&mut hands, &format!("class {name}"));
        }
    }
    assert_eq!(state(&hands)["drawings"], serde_json::json!([["1", 6], ["7", 6]]));
    hands
}

#[test]
fn drawings_are_kept_and_come_back() {
    let mut hands = drawn();
    let kept = hands.state().kept.clone();
    let mut again = bench(vec2(1200.0, 800.0));
    kept.iter().for_each(|(id, line)| again.state_mut().page.restore(id.clone(), line));
    settle(&mut again);
    assert_eq!(state(&again)["drawings"], state(&hands)["drawings"], "as after a reload");
    press(&mut hands, "drawings.jsonl");
    let (name, file) = hands.state_mut().saved.pop().unwrap();
    assert_eq!((&name[..], file.iter().filter(|byte| **byte == b'\n').count()), ("drawings.jsonl", 12));
    again.state_mut().page.open(&name, file);
    settle(&mut again);
    assert_eq!(state(&again)["drawings"], serde_json::json!([["1", 12], ["7", 12]]));
}

#[test]
fn many_classes_are_reached_on_a_phone_and_a_deleted_drawing_comes_back() {
    let mut hands = bench(vec2(360.0, 640.0));
    let line = |name: char| format!("{{\"label\": \"{name}\", \"strokes\": [[[0.2, 0.2], [0.8, 0.8]]]}}\n");
    let file: String = ('0'..='9').chain('A'..='Z').chain('a'..='z').map(line).collect();
    hands.state_mut().page.open("all.jsonl", file.into_bytes());
    press(&mut hands, "Draw");
    assert_eq!(state(&hands)["drawings"].as_array().unwrap().len(), 62);
    assert!(place(&hands, "Add a file…").top() > 640.0, "below the page");
    let pos = place(&hands, "class 0").center();
    hands.event(Event::PointerMoved(pos));
    let (unit, source, phase) = (egui::MouseWheelUnit::Point, egui::MouseWheelSource::Wheel, egui::TouchPhase::Move);
    for _ in 0..20 {
        hands.event(Event::MouseWheel { unit, delta: vec2(0.0, -60.0), source, phase, modifiers: Modifiers::NONE });
        hands.run_steps(4);
    }
    assert!(place(&hands, "Add a file…").bottom() < 640.0, "it scrolls");

    let mut hands = drawn();
    press(&mut hands, "newest drawing");
    assert_eq!(
        (state(&hands)["drawings"].clone(), hands.state().kept.len()),
        (serde_json::json!([["1", 5], ["7", 6]]), 11)
    );
    press(&mut hands, "Bring back");
    assert_eq!(
        (state(&hands)["drawings"].clone(), hands.state().kept.len()),
        (serde_json::json!([["1", 6], ["7", 6]]), 12)
    );
}

#[test]
fn a_class_is_added_and_learnt() {
    let mut hands = drawn();
    press(&mut hands, "Train");
    press(&mut hands, "6,000 digits");
    press(&mut hands, "your drawings");
    press(&mut hands, "Start");
    assert_eq!(
        (&state(&hands)["is_training"], &state(&hands)["is_bad"]),
        (&false.into(), &false.into()),
        "{}",
        state(&hands)
    );
    assert_eq!(state(&hands)["model"], "trained here");
    press(&mut hands, "Try");
    draw(&mut hands, &ONE);
    assert_eq!(state(&hands)["answer"], "1", "{}", state(&hands));
    press(&mut hands, "Download");
    let (name, file) = hands.state_mut().saved.pop().unwrap();
    let model = nn_io::Model::from_bytes(&file).unwrap();
    assert_eq!((&name[..], &model.classes[..]), ("trained here.mpk", &["1", "7"].map(String::from)[..]));
    assert_eq!(model.note.preset, "transfer", "there are few drawings of digits, which the open model knew");
    assert_eq!(hands.state().kept_model, Some(("trained here".into(), file.clone())));
    let ink = serde_json::from_value::<nn_data::Ink>(state(&hands)["ink"].clone()).unwrap();
    let picture = ink.rasterise(nn_data::Drawings::SIDE, 0.06);
    let answer = nn_io::Reader::new(model).read(&picture.into());
    let shown: Vec<f32> = serde_json::from_value(state(&hands)["probabilities"].clone()).unwrap();
    assert_eq!(answer.probabilities, shown);

    press(&mut hands, "Draw");
    press(&mut hands, "barnacle.zip");
    let (name, project) = hands.state_mut().saved.pop().unwrap();
    let mut fresh = bench(vec2(1200.0, 800.0));
    fresh.state_mut().page.open(&name, project);
    settle(&mut fresh);
    assert_eq!(state(&fresh)["drawings"], state(&hands)["drawings"], "the whole project");
    assert_eq!((&state(&fresh)["model"], &state(&fresh)["own_model"]), (&"barnacle".into(), &"barnacle".into()));
    press(&mut fresh, "digits");
    assert_eq!((&state(&fresh)["model"], &state(&fresh)["own_model"]), (&"digits".into(), &"barnacle".into()));
    press(&mut fresh, "barnacle");
    assert_eq!(
        (&state(&fresh)["model"], state(&fresh)["classes"].clone()),
        (&"barnacle".into(), serde_json::json!(["1", "7"]))
    );
}

#[test]
fn pictures_of_ones_own_are_learnt() {
    let mut hands = bench(vec2(1200.0, 800.0));
    let values = |i: usize| {
        (0..784).map(|k| if (k / 28 < 14) == i.is_multiple_of(2) { ",200" } else { ",0" }).collect::<String>()
    };
    let table: String = (0..40).map(|i| format!("{}{}\n", ["above", "below"][i % 2], values(i))).collect();
    hands.state_mut().page.open("halves.csv", table.into_bytes());
    press(&mut hands, "Train");
    press(&mut hands, "Start");
    assert_eq!(state(&hands)["is_bad"], false, "{}", state(&hands));
    assert_eq!(
        (&state(&hands)["model"], state(&hands)["classes"].clone()),
        (&"trained here".into(), serde_json::json!(["above", "below"]))
    );
    assert_eq!(state(&hands)["held_back_accuracy"], 1.0);
    press(&mut hands, "Report");
    let (name, report) = hands.state_mut().saved.pop().unwrap();
    let report = String::from_utf8(report).unwrap();
    assert!(name == "report.html" && report.contains("halves.csv") && report.contains("</html>"), "{report}");
    assert!(report.contains("of the validation samples read correctly"), "{report}");

    let images = [&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 6, 0, 0, 0, 6][..], &[9; 72]].concat();
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 1];
    for (name, file) in [("my-images-idx3-ubyte", images), ("my-labels-idx1-ubyte", labels)] {
        hands.state_mut().page.open(name, file);
    }
    press(&mut hands, "Start");
    let notice = state(&hands)["notice"].as_str().unwrap().to_string();
    assert!(notice.contains("2 images") && notice.contains("3 labels"), "{notice}");
}

#[test]
fn a_photograph_is_read_until_something_is_drawn() {
    let mut hands = bench(vec2(1200.0, 800.0));
    draw(&mut hands, &ONE);
    press(&mut hands, "Draw");
    let seven = serde_json::json!([SEVEN]);
    let photo = nn_data::Drawings::png(&serde_json::from_value(seven).unwrap(), 0.06).unwrap();
    hands.state_mut().page.open("cut.png", photo[..photo.len() / 2].to_vec());
    settle(&mut hands);
    assert_eq!((&state(&hands)["is_bad"], &state(&hands)["answer"]), (&true.into(), &"1".into()));
    assert!(state(&hands)["notice"].as_str().unwrap().starts_with("cut.png: "), "{}", state(&hands));
    hands.state_mut().page.open("seven.png", photo.clone());
    settle(&mut hands);
    let read = |hands: &Hands| ["tab", "model", "answer", "is_read", "strokes"].map(|name| state(hands)[name].clone());
    assert_eq!(read(&hands), ["Try".into(), "digits".into(), "7".into(), true.into(), 0.into()] as [Value; 5]);
    press(&mut hands, "characters");
    assert_eq!(read(&hands)[1..4], ["characters".into(), "7".into(), true.into()] as [Value; 3], "by the other model");
    press(&mut hands, "Remove picture");
    assert_eq!(read(&hands)[2..4], [Value::Null, false.into()] as [Value; 2]);
    hands.state_mut().page.open("seven.png", photo);
    settle(&mut hands);
    draw(&mut hands, &ONE);
    assert_ne!(read(&hands)[2], "7");
    hands.event(Event::Key {
        key: egui::Key::Backspace,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    hands.step();
    settle(&mut hands);
    assert_eq!(read(&hands)[2..4], [Value::Null, false.into()], "the photograph has not come back");
}

#[test]
fn what_is_no_model_is_refused_and_the_model_stays() {
    let mut hands = bench(vec2(800.0, 600.0));
    hands.state_mut().page.open("holiday.mpk", vec![1, 2, 3]);
    settle(&mut hands);
    let state = state(&hands);
    assert_eq!((&state["is_bad"], &state["model"]), (&true.into(), &"digits".into()));
    assert!(state["notice"].as_str().unwrap().starts_with("holiday.mpk: "), "{state}");
}

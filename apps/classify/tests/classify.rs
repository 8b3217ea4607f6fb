//! The program prints and writes its answers for pictures and datasets of every form.
#![allow(clippy::unwrap_used)]

use clap::Parser;
use nn_core::{Architecture, LayerSpec, Network, Shape};
use nn_data::{Dataset, Preprocessing, Size, class_folders, csv, idx};
use nn_io::{Model, TrainingNote};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with `model.mpk` in it, which tells from two pixels which is brighter: `left` or `right`.
fn setup() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    let layers = vec![LayerSpec::dense(2), LayerSpec::Softmax];
    let architecture = Architecture { input: Shape::new(1, 2, 1), layers };
    let parameters = vec![2.0, -2.0, -2.0, 2.0, 0.0, 0.0]; // weights column by column, then biases
    let model = Model {
        network: Network::from_parts(architecture, parameters, vec![]).unwrap(),
        classes: vec!["left".into(), "right".into()],
        preprocessing: Preprocessing::picture(2, 1, 1),
        calibration: None,
        note: TrainingNote::default(),
    };
    model.save(&path.join("model.mpk")).unwrap();
    (folder, path)
}

/// The pictures left, right, right and one that is left and called right.
fn data(left: &str, right: &str) -> Dataset {
    let pixels = vec![200, 0, 0, 200, 0, 255, 255, 0];
    Dataset::from_names(Size::new(1, 2, 1), pixels, &[left, right, right, right], vec![]).unwrap()
}

/// Returns the output of `classify -m model.mpk …`, and how many pictures it could not read.
fn run(at: &Path, flags: &[&str]) -> anyhow::Result<(String, usize)> {
    let model = at.join("model.mpk");
    let args = ["classify", "--quiet", "-m", text(&model)].into_iter().chain(flags.iter().copied());
    let mut out = vec![];
    let failures = classify::run(&classify::args::Args::parse_from(args), &mut out)?;
    Ok((String::from_utf8(out).unwrap(), failures))
}

/// The error of a run, as the program prints it.
fn complaint(at: &Path, flags: &[&str]) -> String {
    let error = format!("{:#}", run(at, flags).unwrap_err());
    assert!(!error.contains('\n'), "one line: {error}");
    error
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn pictures_give_a_line_each_and_bad_ones_do_not_stop_the_others() {
    let (_folder, at) = setup();
    class_folders::write(&data("left", "right"), &at.join("set")).unwrap();
    let (first, second) = (at.join("set/left/00001.png"), at.join("set/right/00001.png"));
    let (bad, missing) = (at.join("set/right/bad.png"), at.join("missing.png"));
    fs::write(&bad, "no picture").unwrap();
    let output = at.join("out.csv");
    let files = [&second, &bad, &missing, &first].map(|path| text(path));

    let flags = [&["-o", text(&output), "-i"], &files[..]].concat();
    let lines = format!("{}\tright\t0.9584\n{}\tleft\t0.9584\n", files[0], files[3]);
    assert_eq!(run(&at, &flags).unwrap(), (lines, 2));
    let csv = format!("sample,label,predicted,probability\n{},,right,0.9584\n{},,left,0.9584\n", files[0], files[3]);
    assert_eq!(fs::read_to_string(&output).unwrap(), csv);

    let (_, failures) = run(&at, &[&["--skip-bad", "-i"], &files[..]].concat()).unwrap();
    assert_eq!(failures, 1, "a picture that is missing is not passed over");

    let (all, _) = run(&at, &["-v", "-i", files[0]]).unwrap();
    assert_eq!(all, format!("{}\tright\t0.9584\n\tright\t0.9584\n\tleft\t0.0416\n", files[0]));
}

#[test]
fn a_folder_of_pictures_is_read_by_name() {
    let (_folder, at) = setup();
    class_folders::write(&data("left", "right"), &at.join("set")).unwrap();
    let pictures = at.join("set").join("right");
    fs::rename(pictures.join("00001.png"), pictures.join("x.PNG")).unwrap();
    fs::write(pictures.join("notes.txt"), "").unwrap();
    fs::write(pictures.join(".hidden.png"), "").unwrap();
    let (out, failures) = run(&at, &["-i", text(&pictures)]).unwrap();
    let expected = ["00002.png\tright", "00003.png\tleft", "x.PNG\tright"];
    let found: Vec<_> = out.lines().map(|line| line.rsplit_once('\t').unwrap().0).collect();
    assert_eq!(found, expected.map(|name| text(&pictures.join(name)).to_string()));
    assert_eq!(failures, 0);
    assert_eq!(run(&at, &["-i", text(&at.join("set"))]).unwrap(), (String::new(), 1), "no pictures, only folders");
}

#[test]
fn datasets_of_every_form_give_their_accuracy() {
    let (_folder, at) = setup();
    class_folders::write(&data("left", "right"), &at.join("set")).unwrap();
    let output = at.join("out.csv");
    let (out, _) = run(&at, &["-d", text(&at.join("set")), "-o", text(&output)]).unwrap();
    assert_eq!(out, "accuracy 0.7500 (3 of 4)\n");
    let csv = fs::read_to_string(&output).unwrap();
    let last = Path::new("right").join("00003.png");
    assert_eq!(csv.lines().last().unwrap(), format!("{},right,left,0.9820", last.display()));

    let (out, _) = run(&at, &["-v", "-d", text(&at.join("set"))]).unwrap();
    assert!(out.contains("\nright     1.0000  0.6667  0.8000        3\n"), "{out}");
    assert!(out.ends_with("\n       left  right\nleft      1      .\nright     1      2\n"), "{out}");
}

#[test]
fn arrays_are_numbered_and_need_the_size_and_the_classes_of_the_model() {
    let (_folder, at) = setup();
    let mut model = Model::load(&at.join("model.mpk")).unwrap();
    model.classes = vec!["7".into(), "3".into()];
    model.save(&at.join("model.mpk")).unwrap();
    let images = |name: &str| at.join(format!("{name}-images-idx3-ubyte"));
    idx::write(&data("7", "3"), &images("digits")).unwrap();
    let output = at.join("out.csv");
    let (out, _) = run(&at, &["-d", text(&images("digits")), "-o", text(&output)]).unwrap();
    assert_eq!(out, "accuracy 0.7500 (3 of 4)\n");
    let csv = fs::read_to_string(&output).unwrap();
    let rows: Vec<_> = csv.lines().skip(1).map(|line| line.rsplit_once(',').unwrap().0).collect();
    assert_eq!(rows, ["0,7,7", "1,3,3", "2,3,3", "3,3,7"]);

    let large = Dataset::from_names(Size::new(3, 3, 1), vec![1; 9], &["7"], vec![]).unwrap();
    csv::write(&large, &at.join("large.csv")).unwrap();
    let error = complaint(&at, &["-d", text(&at.join("large.csv")), "--tiny"]);
    assert!(
        error.contains("large.csv: its pictures are 3x3 grey, the model reads 2x1 grey; --centre brings"),
        "{error}"
    );
    assert!(error.contains("`collect build --size 2x1`"), "{error}");

    idx::write(&data("7", "4"), &images("other")).unwrap();
    let error = complaint(&at, &["-d", text(&images("other"))]);
    assert!(error.ends_with("does not go with the model: unknown class: 4; known are 7, 3"), "{error}");

    let error = complaint(&at, &["-d", text(&images("digits")), "--transpose"]);
    assert!(error.contains("its pictures are 1x2 grey"), "{error}");
}

#[test]
fn a_path_with_two_parts_means_its_test_part_and_a_part_means_itself() {
    let (_folder, at) = setup();
    class_folders::write(&data("left", "right"), &at.join("set/train")).unwrap();
    class_folders::write(&data("left", "right").limit(2), &at.join("set/test")).unwrap();
    let accuracy = |path: &str| run(&at, &["-d", text(&at.join(path))]).unwrap().0;
    assert_eq!(accuracy("set"), "accuracy 1.0000 (2 of 2)\n");
    assert_eq!(accuracy("set/test"), "accuracy 1.0000 (2 of 2)\n");
    assert_eq!(accuracy("set/train"), "accuracy 0.7500 (3 of 4)\n");
}

#[test]
fn a_file_of_predictions_that_cannot_be_written_is_known_first() {
    let (_folder, at) = setup();
    let error = complaint(&at, &["-i", "missing.png", "-o", text(&at)]);
    assert!(error.starts_with(&format!("cannot write {}: ", at.display())), "{error}");
}

#[test]
fn unknown_classes_are_left_out_where_asked() {
    let (_folder, at) = setup();
    class_folders::write(&data("left", "other"), &at.join("more")).unwrap();
    assert!(complaint(&at, &["-d", text(&at.join("more"))]).contains("unknown class"));
    let (out, _) = run(&at, &["-d", text(&at.join("more")), "--known"]).unwrap();
    assert_eq!(out, "accuracy 1.0000 (1 of 1)\n");
    let strange = data("up", "down");
    class_folders::write(&strange, &at.join("strange")).unwrap();
    assert!(
        complaint(&at, &["-d", text(&at.join("strange")), "--known"]).contains("no sample of a class of the model")
    );
}

#[test]
fn mistakes_are_listed_and_drawn() {
    let (_folder, at) = setup();
    class_folders::write(&data("left", "right"), &at.join("set")).unwrap();
    let sheet = at.join("worst.png");
    let (out, _) = run(&at, &["-d", text(&at.join("set")), "-v", "--worst", text(&sheet)]).unwrap();
    assert!(out.starts_with("accuracy 0.7500 (3 of 4)\nexpected calibration error 0."), "{out}");
    assert!(out.contains("\nworst confusions:\nright taken for left: once\n"), "{out}");
    assert!(out.ends_with("worst.png shows, from the top:\nright taken for left: once\n"), "{out}");
    assert!(fs::read(&sheet).unwrap().starts_with(b"\x89PNG"));
    assert!(complaint(&at, &["-d", text(&at.join("set")), "--writers", "ada"]).ends_with("has no sample of ada"));
}

/// A model whose two classes differ by case only, and stroke files with parts.
#[test]
fn case_is_folded_and_stroke_files_stand_for_their_test_part() {
    let (_folder, at) = setup();
    let mut model = Model::load(&at.join("model.mpk")).unwrap();
    model.classes = vec!["s".into(), "S".into()];
    model.save(&at.join("model.mpk")).unwrap();
    let line = |label: &str, split: &str, x: f32| {
        format!(r#"{{"label":"{label}","split":"{split}","writer":"ada","strokes":[[[{x},0.5]],[[0.5,0.5]]]}}"#)
    };
    let lines = [line("s", "train", 0.4), line("S", "train", 0.6), line("s", "test", 0.6), line("S", "test", 0.6)];
    let file = at.join("set.jsonl");
    fs::write(&file, lines.join("\n")).unwrap();
    for flags in [&[][..], &["--writers", "ada"]] {
        let (out, _) = run(&at, &[&["-d", text(&file)], flags].concat()).unwrap();
        let folded = "folded accuracy 1.0000 (2 of 2), upper and lower case being the same\n";
        assert_eq!(out, format!("accuracy 0.5000 (1 of 2)\n{folded}"));
    }
    model.classes = vec!["5".into(), "S".into()];
    model.save(&at.join("model.mpk")).unwrap();
    fs::write(&file, lines.join("\n").replace("\"s\"", "\"5\"")).unwrap();
    let (out, _) = run(&at, &["-d", text(&file)]).unwrap();
    let alike = "look-alikes accuracy 1.0000 (2 of 2), characters that look alike being the same, too\n";
    assert_eq!(out, format!("accuracy 0.5000 (1 of 2)\n{alike}"));
}

#[test]
fn a_hint_leaves_out_all_other_classes() {
    let (_folder, at) = setup();
    let mut model = Model::load(&at.join("model.mpk")).unwrap();
    model.classes = vec!["s".into(), "S".into()];
    model.save(&at.join("model.mpk")).unwrap();
    let line = |label: &str| format!(r#"{{"label":"{label}","strokes":[[[0.4,0.5]],[[0.5,0.5]]]}}"#);
    let file = at.join("set.jsonl");
    fs::write(&file, [line("s"), line("S"), line("S")].join("\n")).unwrap();
    for (hint, right) in [("s", "(1 of 3)"), ("S", "(2 of 3)")] {
        let (out, _) = run(&at, &["-d", text(&file), "--only", hint]).unwrap();
        assert!(out.contains(right), "{hint}: {out}");
    }
    let error = run(&at, &["-d", text(&file), "--only", "0-9"]).unwrap_err();
    assert!(format!("{error:#}").contains("--only 0-9"), "{error:#}");
}

/// Returns the output of `classify export …` or `classify import …`.
fn exchange(words: &[&str]) -> anyhow::Result<String> {
    let mut out = vec![];
    let args = classify::args::Args::parse_from([&["classify"], words].concat());
    assert_eq!(classify::run(&args, &mut out)?, 0);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn weights_go_out_and_come_back_and_a_model_leaves_with_its_proof() {
    let (_folder, at) = setup();
    let [model, weights, back, onnx] = ["model.mpk", "w.safetensors", "back.mpk", "m.onnx"].map(|name| at.join(name));
    let (model, weights, back, onnx) = (text(&model), text(&weights), text(&back), text(&onnx));
    assert_eq!(exchange(&["export", model, "--to", weights]).unwrap(), format!("{weights}\n"));
    let like = text(&at.join("like.mpk")).to_string();
    let mut first = Model::load(Path::new(model)).unwrap();
    let params = first.network.params().to_vec();
    first.network.params_mut().fill(0.0);
    first.save(Path::new(&like)).unwrap();
    exchange(&["import", weights, "--like", &like, "--to", back]).unwrap();
    let second = Model::load(Path::new(back)).unwrap();
    assert_eq!((&params[..], &first.classes), (second.network.params(), &second.classes));

    for _ in 0..2 {
        let out = exchange(&["export", model, "--to", onnx]).unwrap(); // the second time in the place of the first
        assert!(out.starts_with(&format!("{onnx}\n")) && out.contains("check.py"), "{out}");
    }
    let size = |name: &str| fs::metadata(at.join(name)).unwrap().len();
    for name in ["cases.json", "00.png", "19.png", "check.py", "check.mjs", "check.rs", "Cargo.toml", "README.txt"] {
        assert!(size(&format!("m.proof/{name}")) > 0, "{name}");
    }
    exchange(&["export", model, "--int8", "--to", text(&at.join("small.onnx"))]).unwrap();
    assert!(fs::read(at.join("small.onnx")).unwrap().windows(5).any(|part| part == b".int8"));
}

#[test]
fn an_exchange_that_cannot_be_says_why() {
    let (_folder, at) = setup();
    let (model, notes) = (at.join("model.mpk"), at.join("notes.onnx"));
    fs::write(&notes, "dear diary").unwrap();
    let complaint = |words: &[&str]| format!("{:#}", exchange(words).unwrap_err());
    assert!(complaint(&["export", text(&model), "--to", "a.pt"]).ends_with("ends in .onnx or .safetensors"));
    assert!(complaint(&["export", text(&model), "--to", text(&notes)]).contains("is no ONNX model"));
    assert!(complaint(&["export", text(&model), "--to", "a.safetensors", "--int8"]).starts_with("--int8 is for .onnx"));
    fs::create_dir(at.join("mine.proof")).unwrap();
    fs::write(at.join("mine.proof/check.py"), "print('mine')").unwrap();
    assert!(complaint(&["export", text(&model), "--to", text(&at.join("mine.onnx"))]).contains("holds other files"));
    assert!(!at.join("mine.onnx").exists());
    let to = at.join("new.mpk");
    let error = complaint(&["import", text(&notes), "--like", text(&model), "--to", text(&to)]);
    assert!(error.contains("notes.onnx: no safetensors file") && !to.exists(), "{error}");
}

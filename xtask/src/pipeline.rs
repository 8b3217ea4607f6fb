//! `cargo xtask pipeline`: from handwriting to a model that reads it.

use crate::cargo;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

const DEFAULT_PRESET: &str = "cnn";
/// A subset and few epochs: enough to see that everything works.
const QUICK: [(&str, &str); 2] = [("--limit", "12000"), ("--epochs", "3")];

/// Train a network on the data, evaluate it, and write model, metrics and report
#[derive(clap::Args, Debug, Default)]
#[command(after_help = "Examples:
  cargo xtask pipeline
  cargo xtask pipeline --quick
  cargo xtask pipeline --data data/drawings
  cargo xtask pipeline --data my-letters --out runs/letters -- --epochs 20 --seed 7")]
pub struct Pipeline {
    /// Dataset to train on: a folder of IDX files, a CSV, a folder of class folders
    /// [default: data/mnist, and data/drawings when there is something in it]
    #[arg(long, value_name = "PATH", num_args = 1..)]
    data: Vec<PathBuf>,
    /// Dataset to test on [default: the test set beside the training data]
    #[arg(long, value_name = "PATH")]
    test: Option<PathBuf>,
    /// Architecture and recipe, as `train --help` lists them [default: cnn; few drawings begin with a built-in model]
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Train on a subset for a few epochs, to see that everything works
    #[arg(long)]
    quick: bool,
    /// Folder for model.mpk, metrics.jsonl and report.html [default: runs/NAME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Flags handed to `train`; where they say the same as a flag before the `--`, they win
    #[arg(last = true, value_name = "TRAIN FLAGS")]
    train_flags: Vec<OsString>,
}

impl Pipeline {
    /// The quick pipeline on the data that ships.
    pub fn quick(out: &Path) -> Self {
        let data = vec![cargo::root().join("data").join("mnist")];
        Self { data, quick: true, out: Some(out.into()), ..Self::default() }
    }

    /// Runs the pipeline and returns the exit code of `train`.
    pub fn run(self) -> Result<i32> {
        let here = std::env::current_dir().context("the current folder is gone")?;
        let plan = self.plan(&path_to_root(cargo::root(), &here))?;

        tell!("[1/2] build the trainer");
        let train = cargo::build("train")?;
        tell!("[2/2] train {}", plan.arguments.iter().map(typed).collect::<Vec<_>>().join(" "));
        let code = cargo::run(Command::new(train).args(&plan.arguments))?;
        if code == 0 {
            say!("{}", plan.summary()?);
        }
        Ok(code)
    }

    /// Settles every path and flag, and checks that the data is there.
    fn plan(self, root: &Path) -> Result<Plan> {
        let given = |flag: &str| value_of(&self.train_flags, flag);
        let mut data = self.data;
        if data.is_empty() && given("--data").is_none() {
            let drawings = root.join("data").join("drawings");
            data.push(root.join("data").join("mnist"));
            data.extend(holds_files(&drawings).then_some(drawings));
        }
        for path in data.iter().chain(&self.test) {
            ensure!(path.exists(), "no data at {}", path.display());
        }
        let preset = given("--preset").or(self.preset.as_deref().map(OsStr::new));
        let out = self.out.unwrap_or_else(|| root.join("runs").join(preset.unwrap_or(OsStr::new(DEFAULT_PRESET))));
        let file = |flag, name| given(flag).map_or_else(|| out.join(name), PathBuf::from);
        let model = file("--out", "model.mpk");
        let metrics = file("--metrics", "metrics.jsonl");
        let report = file("--report", "report.html");

        let example = self.test.as_ref().or(data.first()).cloned();
        let mut arguments = Vec::new();
        let mut add = |flag: &str, values: &[&OsStr]| {
            if !values.is_empty() && given(flag).is_none() {
                arguments.push(flag.into());
                arguments.extend(values.iter().map(OsString::from));
            }
        };
        add("--data", &data.iter().map(|path| path.as_os_str()).collect::<Vec<_>>());
        add("--test", &self.test.iter().map(|path| path.as_os_str()).collect::<Vec<_>>());
        add("--preset", &preset.into_iter().collect::<Vec<_>>());
        add("--out", &[model.as_ref()]);
        add("--metrics", &[metrics.as_ref()]);
        add("--report", &[report.as_ref()]);
        for (flag, value) in QUICK.iter().filter(|_| self.quick) {
            add(flag, &[value.as_ref()]);
        }
        arguments.extend(self.train_flags);
        Ok(Plan { arguments, model, metrics, report, example })
    }
}

/// The arguments of `train`, and where it leaves its results.
struct Plan {
    arguments: Vec<OsString>,
    model: PathBuf,
    metrics: PathBuf,
    report: PathBuf,
    /// A dataset that the model can read.
    example: Option<PathBuf>,
}

impl Plan {
    /// Returns the result in a few lines, read from the last line of the metrics, with commands to try next.
    fn summary(&self) -> Result<String> {
        let text = std::fs::read_to_string(&self.metrics)
            .with_context(|| format!("cannot read {}", self.metrics.display()))?;
        let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap_or_default();
        ensure!(last["final"] == true, "{} has no final line: the training did not end", self.metrics.display());

        let seconds = last["train_seconds"].as_f64().unwrap_or(f64::NAN);
        let (threads, parameters, model) = (&last["threads"], &last["parameters"], typed(&self.model));
        let mut summary = format!(
            "
{}
training       {seconds:.1} s on {threads} threads, {parameters} parameters
model          {model}
report         {}

Try next:
  cargo run --release -p classify -- -m {model} -i my.png",
            accuracy(&last)?,
            typed(&self.report)
        );
        if let Some(data) = &self.example {
            summary += &format!("\n  cargo run --release -p classify -- -m {model} -d {} -v", typed(data));
        }
        Ok(summary)
    }
}

/// The line of the accuracy, which says of what: without a test set `train` measures on what it has.
fn accuracy(last: &Value) -> Result<String> {
    let percent = |name: &str| last[name].as_f64().map(|share| format!("{:.2} %", 100.0 * share));
    if let Some(accuracy) = percent("test_accuracy") {
        let views = percent("test_accuracy_one_view")
            .map_or(String::new(), |one| format!(", each in several views ({one} in one: --views 1)"));
        return Ok(format!("test accuracy  {accuracy} of {} samples{views}", last["test_samples"]));
    }
    let samples = match last["measured_on"].as_str() {
        Some("validation") => "samples held back from training",
        _ => "training samples themselves",
    };
    let accuracy = percent("measured_accuracy").context("the last line of the metrics has no accuracy")?;
    let count = &last["measured_samples"];
    Ok(format!("accuracy       {accuracy} of the {count} {samples}; for a test set give --test PATH"))
}

/// The repository's root as seen from the user's folder: `""`, `"../.."`, or in full when the user stands outside.
fn path_to_root(root: &Path, here: &Path) -> PathBuf {
    match here.strip_prefix(root) {
        Ok(below) => below.components().map(|_| "..").collect(),
        Err(_) => root.into(),
    }
}

/// An argument as one types it.
fn typed(argument: impl AsRef<OsStr>) -> String {
    let text = argument.as_ref().to_string_lossy();
    if text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text.into() }
}

/// The value of a flag, in either spelling: `--flag value` or `--flag=value`.
fn value_of<'a>(flags: &'a [OsString], flag: &str) -> Option<&'a OsStr> {
    flags.iter().enumerate().find_map(|(i, given)| match given.to_str()?.strip_prefix(flag)? {
        "" => Some(flags.get(i + 1).map_or(OsStr::new(""), OsString::as_os_str)),
        rest => rest.strip_prefix('=').map(OsStr::new),
    })
}

/// Returns whether the folder or one below it holds a file that is not hidden.
fn holds_files(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut seen = entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    seen.any(|entry| entry.path().is_file() || holds_files(&entry.path()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::fs;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        pipeline: Pipeline,
    }

    fn arguments(root: &Path, line: &str) -> Result<String> {
        let cli = Cli::parse_from(std::iter::once("pipeline").chain(line.split_whitespace()));
        let plan = cli.pipeline.plan(root)?;
        let arguments: Vec<_> = plan.arguments.iter().map(|a| a.to_string_lossy().replace('\\', "/")).collect();
        Ok(arguments.join(" ").replace(&format!("{}/", root.display()).replace('\\', "/"), ""))
    }

    fn repository() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("data/mnist")).unwrap();
        fs::create_dir_all(root.path().join("data/drawings/digit_3")).unwrap();
        root
    }

    #[test]
    fn defaults_are_the_data_that_ships_and_the_drawings_when_there_are_any() {
        let root = repository();
        let rest = "--out runs/cnn/model.mpk --metrics runs/cnn/metrics.jsonl --report runs/cnn/report.html";
        fs::write(root.path().join("data/drawings/.hidden"), "").unwrap();
        assert_eq!(arguments(root.path(), "").unwrap(), format!("--data data/mnist {rest}"));
        fs::write(root.path().join("data/drawings/digit_3/1.png"), "").unwrap();
        assert_eq!(arguments(root.path(), "").unwrap(), format!("--data data/mnist data/drawings {rest}"));
        assert_eq!(
            arguments(root.path(), &format!("--data {}", root.path().join("data/drawings").display())).unwrap(),
            format!("--data data/drawings {rest}"),
            "no preset, so that few drawings begin with what a built-in model knows"
        );
    }

    #[test]
    fn flags_behind_the_dashes_win_and_none_is_given_twice() {
        let root = repository();
        let line = "--quick --out o -- --epochs=9 --metrics m.jsonl --preset textbook";
        let expected = "--data data/mnist --out o/model.mpk --report o/report.html --limit 12000 \
                        --epochs=9 --metrics m.jsonl --preset textbook";
        assert_eq!(arguments(root.path(), line).unwrap(), expected);
        assert!(arguments(root.path(), "-- --preset textbook").unwrap().contains("runs/textbook/model.mpk"));
    }

    #[test]
    fn missing_data_is_named() {
        let root = repository();
        assert_eq!(arguments(root.path(), "--data gone").unwrap_err().to_string(), "no data at gone");
        assert_eq!(arguments(root.path(), "--test gone").unwrap_err().to_string(), "no data at gone");
    }

    #[test]
    fn root_is_seen_from_where_the_user_stands() {
        let root = Path::new("home").join("barnacle");
        assert_eq!(path_to_root(&root, &root), Path::new(""));
        assert_eq!(path_to_root(&root, &root.join("apps").join("train")), Path::new("..").join(".."));
        assert_eq!(path_to_root(&root, Path::new("elsewhere")), root);
    }

    #[test]
    fn summary_reads_the_final_line() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = folder.path().join("metrics.jsonl");
        let plan = Plan {
            arguments: vec![],
            model: "my m.mpk".into(),
            metrics: metrics.clone(),
            report: "r.html".into(),
            example: None,
        };
        assert!(plan.summary().unwrap_err().to_string().contains("cannot read"));
        fs::write(&metrics, "{\"epoch\":1}\n").unwrap();
        assert!(plan.summary().unwrap_err().to_string().contains("no final line"));
        let last = r#"{"final":true,"test_accuracy":0.9937,"test_samples":10000,"parameters":7,"train_seconds":61.25,"threads":2}"#;
        fs::write(&metrics, format!("{{\"epoch\":1}}\n{last}\n")).unwrap();
        let summary = plan.summary().unwrap();
        assert!(summary.contains("test accuracy  99.37 % of 10000 samples\n"), "{summary}");
        assert!(summary.contains("training       61.2 s on 2 threads, 7 parameters\n"), "{summary}");
        let last = last.replace("test_accuracy", "measured_accuracy").replace("test_samples", "measured_samples");
        fs::write(&metrics, last.replace("{", r#"{"measured_on":"training","#)).unwrap();
        let without_test = plan.summary().unwrap();
        let expected =
            "\naccuracy       99.37 % of the 10000 training samples themselves; for a test set give --test PATH\n";
        assert!(without_test.contains(expected), "{without_test}");
        assert!(summary.contains("-p classify -- -m \"my m.mpk\" -i my.png"), "{summary}");
    }
}

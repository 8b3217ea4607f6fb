//! The `classify` program: what a trained network reads in pictures and datasets.

pub mod args;
mod dataset;
mod exchange;
mod line;
mod mistakes;
mod need;
mod pictures;
mod predictions_csv;
mod table;
mod unlabelled;
pub mod window;

use anyhow::{Context, Result};
use args::Args;
use builtin::Builtin;
use cli::output::{self, Kind, Output};
use nn_data::Drawings;
use nn_io::{Hint, Model, Reader};
use std::io::Write;
use std::path::{Path, PathBuf};
use window::{Corrections, Window};

const WRITING: &str = "cannot write the results";

/// Does what the command line says: results go to `out`, all else to stderr. Returns how many pictures could not be
/// read; each has been named by then.
///
/// # Errors
/// When the model, the dataset or the file of predictions is of no use, or `out` takes no more.
pub fn run(args: &Args, out: &mut (dyn Write + Send)) -> Result<usize> {
    if let Some(wanted) = &args.exchange {
        return exchange::run(wanted, out).map(|()| 0);
    }
    if args.wants_window() {
        return show(args).map(|()| 0);
    }
    let answers = if args.line { Kind::Readings } else { Kind::Predictions };
    let outputs = [(&args.output, answers), (&args.worst, Kind::Sheet), (&args.boxes, Kind::Sheet)];
    let outputs = outputs.into_iter().filter_map(|(path, kind)| Some(Output { path: path.as_ref()?, kind }));
    let inputs = args.image.iter().chain(&args.dataset).chain(&args.model).chain(&args.words).map(PathBuf::as_path);
    output::check(&outputs.collect::<Vec<_>>(), &inputs.collect::<Vec<_>>(), args.force)?;
    let usual = args.line.then(|| Path::new(Builtin::Characters.name()));
    let loaded = model(args.model.as_deref().or(usual))?;
    let hint = |text: &String| Hint::parse(text, &loaded.classes).with_context(|| format!("--only {text}"));
    let hint = args.only.as_ref().map(hint).transpose()?;
    cli::pool::on_threads(args.threads, || {
        need::check_within(&loaded, args.memory)?;
        if args.line {
            let reader = line::reader(args, loaded)?.hint(hint);
            let failures = line::read(args, &reader, out)?;
            out.flush().context(WRITING)?;
            return Ok(failures);
        }
        let reader = Reader::new(loaded).hint(hint);
        let failures = match &args.dataset {
            Some(path) => {
                out.write_all(dataset::classify(path, args, &reader)?.as_bytes()).context(WRITING)?;
                0
            }
            None => pictures::classify(args, &reader, out)?,
        };
        out.flush().context(WRITING)?;
        Ok(failures)
    })?
}

/// Shows the window.
fn show(args: &Args) -> Result<()> {
    cli::pool::prepare()?;
    let loaded = model(args.model.as_deref())?;
    need::check(&loaded)?;
    let name = match &args.model {
        Some(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        None => "built in, for digits".into(),
    };
    let corrections =
        Corrections { drawings: Drawings::new(&args.drawings), home: std::env::current_dir().unwrap_or_default() };
    let window = Window::new(loaded, name, corrections).telling_times(args.times);
    ui::shell::run(window.remembering(ui::settings::file("classify")))
}

/// The model of a file or a built-in model's name, or the built-in one that reads digits.
///
/// # Errors
/// What is wrong with the file.
pub fn model(path: Option<&Path>) -> Result<Model> {
    match path {
        Some(path) => Ok(builtin::open(path)?),
        None => Builtin::Digits.model().context("the built-in digits model"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_model_reads_digits() {
        let model = model(None).unwrap();
        assert_eq!(model.classes, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        let sized = nn_data::Preprocessing { fit: nn_data::Fit::SizedPaperInk, ..nn_data::Preprocessing::ink(28, 28) };
        assert_eq!(model.preprocessing, sized);
        assert!(model.calibration.is_some_and(|calibration| calibration.false_alarms <= 0.005));
    }
}

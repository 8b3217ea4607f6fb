//! `--image`: pictures of any size, one by one.

use crate::args::Args;
use crate::predictions_csv::{Prediction, write_csv};
use anyhow::{Context, Result, ensure};
use cli::memory;
use cli::say::{Say, to_stderr, visible};
use nn_data::class_folders::list::pictures_in;
use nn_data::{Error, Fit, Look, PictureReader, Skipped, read_picture};
use nn_io::{Answer, Model, Reader, Verdict};
use nn_lines::{InkPage, holds_several};
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Pictures that are read before the network sees them together.
const AT_A_TIME: usize = 256;

/// Prints what the network sees in each picture, and returns how many could not be read.
pub fn classify(args: &Args, reader: &Reader, out: &mut (dyn Write + Send)) -> Result<usize> {
    let (files, mut failures) = files(args);
    let model = reader.model();
    let centred = model.preprocessing.fit != Fit::Stretch;
    let unlike = model.look().filter(|_| centred && !args.quiet).and_then(|learnt| Look::CENTRED.unlike(&learnt));
    if let Some(line) = unlike {
        to_stderr(format_args!(
            "a picture, as it is shown to the model, {line}; train --centre makes a model for pictures"
        ));
    }
    let mut predictions = Vec::new();
    let mut printed = Ok(());
    for files in files.chunks(AT_A_TIME) {
        let (pictures, pixels) = read(files, args, model, &mut failures);
        for ((path, doubtful), answer) in pictures.into_iter().zip(reader.read_many(&pixels)) {
            let (answer, name) = (answer.unsure_if(doubtful), path.display().to_string());
            if answer.verdict != Verdict::Sure && !args.quiet {
                tell_doubt(path, &answer, model);
            }
            printed = printed.and_then(|()| print(out, &name, &answer, args.verbose, model));
            predictions.push(Prediction::new(name, None, &answer.probabilities, model));
        }
        if printed.is_err() && args.output.is_none() {
            break;
        }
    }
    if let Some(path) = &args.output {
        write_csv(path, &predictions)?;
    }
    printed.context("cannot write the results")?;
    Ok(failures)
}

/// The picture files that are named, and how many names lead to none; those are named on stderr.
pub fn files(args: &Args) -> (Vec<PathBuf>, usize) {
    let (mut files, mut failures) = (vec![], 0);
    for path in &args.image {
        match pictures_at(path, args.quiet) {
            Ok(found) => files.extend(found),
            Err(error) => {
                cli::say::error(&error);
                failures += 1;
            }
        }
    }
    (files, failures)
}

/// Says that an answer is not sure, and where the picture seems to hold several characters, that too.
fn tell_doubt(path: &Path, answer: &Answer, model: &Model) {
    let name = path.display().to_string();
    let name = visible(&name);
    to_stderr(format_args!("{name}: {}", answer.verdict));
    // The picture is read once more, as few are in doubt.
    let picture = read_picture(path).ok().filter(|_| model.preprocessing.fit.finds_ink());
    if picture.is_some_and(|picture| holds_several(&InkPage::of_picture(&picture))) {
        to_stderr(format_args!("{name}: looks like several characters: try --line"));
    }
}

/// The files that can be read, each with whether the preprocessing found it doubtful, and what the network is to see of
/// them. Names the others on stderr, and counts them.
fn read<'f>(
    files: &'f [PathBuf],
    args: &Args,
    model: &Model,
    failures: &mut usize,
) -> (Vec<(&'f Path, bool)>, Vec<u8>) {
    let reader = PictureReader::new(memory::limit(args.memory));
    let read = |path: &PathBuf| reader.read(path, |picture, note| (model.preprocessing.prepare(&picture), note));
    let results: Vec<Result<_, Error>> = files.par_iter().map(read).collect();
    let (mut pictures, mut pixels) = (vec![], vec![]);
    for (path, result) in files.iter().zip(results) {
        match result {
            Ok((picture, note)) => {
                if let Some(note) = note.filter(|_| !args.quiet) {
                    to_stderr(visible(&format!("{}: {note}", path.display())));
                }
                pictures.push((&**path, picture.doubtful));
                pixels.extend(picture.pixels);
            }
            Err(error) => *failures += failed(error, args),
        }
    }
    (pictures, pixels)
}

/// Names a picture that cannot be read on stderr; returns 1 if that is a failure, 0 if --skip-bad passes over it.
pub fn failed(error: Error, args: &Args) -> usize {
    if !args.skip_bad || !matches!(error, Error::Picture { .. }) {
        cli::say::error(&error.into());
        return 1;
    }
    if !args.quiet {
        to_stderr(visible(&format!("passed over {error}")));
    }
    0
}

/// Prints the line of a picture and, where `all` are wanted, one line for each class, the most probable first.
fn print(out: &mut dyn Write, name: &str, answer: &Answer, all: bool, model: &Model) -> io::Result<()> {
    writeln!(out, "{}\t{}\t{:.4}", visible(name), visible(&model.classes[answer.class]), answer.probability)?;
    let mut each: Vec<_> = answer.probabilities.iter().zip(&model.classes).collect();
    each.sort_by(|a, b| b.0.total_cmp(a.0));
    let mut each = each.into_iter().filter(|_| all);
    each.try_for_each(|(probability, class)| writeln!(out, "\t{}\t{probability:.4}", visible(class)))
}

/// The file itself or, of a folder, the pictures in it, sorted by their names. Says what it passes over.
fn pictures_at(path: &Path, quiet: bool) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.into()]);
    }
    let mut skipped = Skipped::default();
    let files = pictures_in(path, &mut skipped)?;
    Say { quiet }.skipped(&skipped);
    let path = path.display();
    ensure!(!files.is_empty(), "{path}: no picture in this folder; a folder of class folders is read by -d");
    Ok(files)
}

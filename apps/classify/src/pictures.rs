//! `--image`: pictures of any size, one by one.

use crate::args::Args;
use crate::predictions_csv::{Prediction, write_csv};
use anyhow::{Context, Result, ensure};
use cli::say::{Say, to_stderr, visible};
use nn_data::class_folders::list::pictures_in;
use nn_data::{Error, Fit, Look, Skipped, read_picture_noting};
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
        for (ReadPicture { name, doubtful, several }, answer) in pictures.into_iter().zip(reader.read_many(&pixels)) {
            let answer = answer.unsure_if(doubtful);
            if answer.verdict != Verdict::Sure && !args.quiet {
                let name = visible(&name);
                to_stderr(format_args!("{name}: {}", answer.verdict));
                if several {
                    to_stderr(format_args!("{name}: looks like several characters: try --line"));
                }
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

/// A picture that could be read.
struct ReadPicture {
    name: String,
    /// Whether the preprocessing found it doubtful.
    doubtful: bool,
    /// Whether it seems to hold several characters.
    several: bool,
}

/// The pictures that can be read, and what the network is to see of them. Names the others on stderr.
fn read(files: &[PathBuf], args: &Args, model: &Model, failures: &mut usize) -> (Vec<ReadPicture>, Vec<u8>) {
    let looks = !args.quiet && model.preprocessing.fit.finds_ink();
    let read = |path: &PathBuf| {
        let (picture, note) = read_picture_noting(path)?;
        let several = looks && holds_several(&InkPage::of_picture(&picture));
        Ok((model.preprocessing.prepare(&picture), note, several))
    };
    let results: Vec<Result<_, Error>> = files.par_iter().map(read).collect();
    let (mut pictures, mut pixels) = (vec![], vec![]);
    for (path, result) in files.iter().zip(results) {
        match result {
            Ok((picture, note, several)) => {
                let name = path.display().to_string();
                if let Some(note) = note.filter(|_| !args.quiet) {
                    to_stderr(format_args!("{name}: {note}"));
                }
                pictures.push(ReadPicture { name, doubtful: picture.doubtful, several });
                pixels.extend(picture.pixels);
            }
            Err(error @ Error::Picture { .. }) if args.skip_bad => {
                if !args.quiet {
                    to_stderr(format_args!("passed over {error}"));
                }
            }
            Err(error) => {
                cli::say::error(&error.into());
                *failures += 1;
            }
        }
    }
    (pictures, pixels)
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

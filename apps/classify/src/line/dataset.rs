//! `--line --dataset`: how well texts are read that are known.

use crate::args::Args;
use crate::line::{Reading, WRITING, write_csv};
use crate::pictures::failed;
use anyhow::{Context, Result, ensure};
use cli::say::{Say, visible};
use nn_data::stroke_file::texts;
use nn_data::{Error, Ink, LoadOptions, PictureReader, Skipped, class_folders};
use nn_lines::{Case, LineReader, TextTally};
use rayon::prelude::*;
use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The list of the pictures in a folder and their texts.
const LIST: &str = "labels.csv";

/// Reads all texts of a dataset and prints how many characters and lines are right; with `--verbose` the others follow.
/// Returns how many pictures could not be read, and each has been named by then.
pub fn read(path: &Path, args: &Args, reader: &LineReader, out: &mut (dyn Write + Send)) -> Result<usize> {
    let (readings, failures) =
        if path.is_dir() { pictures(path, args, reader)? } else { (strokes(path, args, reader)?, 0) };
    let tally = |compare| {
        let mut tally = TextTally::default();
        readings.iter().for_each(|reading| tally.add(&reading.text, &reading.read, compare));
        tally.to_string()
    };
    let mut text = tally(Case::Folded);
    text.extend(tally(Case::Exact).lines().map(|line| format!("exact {line}\n")));
    if args.verbose {
        let spaceless = |text: &str| text.split_whitespace().collect::<String>();
        for Reading { sample, text: truth, read, probability } in &readings {
            if spaceless(truth) != spaceless(read) {
                let [sample, truth, read] = [sample, truth, read].map(|text| visible(text));
                text += &format!("\t{sample}\t{truth}\t{read}\t{probability:.4}\n");
            }
        }
    }
    out.write_all(text.as_bytes()).context(WRITING)?;
    if let Some(output) = &args.output {
        write_csv(output, &readings)?;
    }
    Ok(failures)
}

/// Reads the texts of a stroke file: those to test with, if it names any.
fn strokes(path: &Path, args: &Args, reader: &LineReader) -> Result<Vec<Reading>> {
    let memory = cli::memory::limit(args.memory);
    let mut all = texts::read(path, &LoadOptions { y_up: args.y_up, memory, ..LoadOptions::default() })?;
    let say = Say { quiet: args.quiet };
    if texts::begin_at_the_bottom(&all) {
        say.line(format_args!(
            "{}: most texts begin at their bottom, so y seems to point up: --y-up turns them over",
            path.display()
        ));
    }
    if all.iter().any(|text| text.test) && !all.iter().all(|text| text.test) {
        all.retain(|text| text.test);
        say.line(format_args!("{} has a training and a test part: this is the test part", path.display()));
    }
    let pages: Vec<(&str, &Ink)> = all.iter().map(|text| (text.writer.as_str(), &text.strokes)).collect();
    let read = reader.read_written(&pages);
    let each = all.iter().zip(&read).enumerate();
    Ok(each.map(|(i, (text, lines))| Reading::new(i.to_string(), text.text.clone(), lines)).collect())
}

/// Reads the pictures of a folder that its list names. Names on stderr those that cannot be read, and counts them.
fn pictures(folder: &Path, args: &Args, reader: &LineReader) -> Result<(Vec<Reading>, usize)> {
    let list = listed(&folder.join(LIST))?;
    let there = class_folders::list::pictures_in(folder, &mut Skipped::default())?;
    let files: HashSet<PathBuf> = list.iter().map(|(file, _)| folder.join(file)).collect();
    let unlisted = there.iter().filter(|path| !files.contains(*path)).count();
    if unlisted > 0 {
        let say = Say { quiet: args.quiet };
        say.line(format_args!("{}: {unlisted} of its pictures are not in {LIST}", folder.display()));
    }
    let memory = cli::memory::limit(args.memory);
    let read = |(file, text): &(String, String)| {
        let picture = PictureReader::new(memory).read(&folder.join(file), |picture, _| picture)?;
        Ok(Reading::new(file.clone(), text.clone(), &reader.read_picture(&picture)))
    };
    let results: Vec<Result<Reading, Error>> = list.par_iter().map(read).collect();
    let (mut readings, mut failures) = (vec![], 0);
    for result in results {
        match result {
            Ok(reading) => readings.push(reading),
            Err(error) => failures += failed(error, args),
        }
    }
    Ok((readings, failures))
}

/// The pictures and texts of a list with the columns `file` and `text`, or with two columns and no header.
fn listed(path: &Path) -> Result<Vec<(String, String)>> {
    let shown: PathBuf = path.into();
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .with_context(|| format!("{}: a folder of lines has a list of file,text", shown.display()))?;
    let (mut listed, mut columns) = (vec![], [0, 1]);
    for (number, row) in (1..).zip(csv.records()) {
        let row = row.with_context(|| format!("{}, line {number}", shown.display()))?;
        ensure!(row.len() >= 2, "{}, line {number}: a file and a text are wanted", shown.display());
        let heads = |names: &[&str]| {
            let head = |cell: &str| cell.trim_start_matches('\u{feff}').trim().to_lowercase();
            row.iter().position(|cell| names.contains(&head(cell).as_str()))
        };
        match (heads(&["file", "filename"]), heads(&["text", "label"])) {
            (Some(file), Some(text)) if number == 1 => columns = [file, text],
            _ => {
                let [file, text] = columns.map(|column| row.get(column).unwrap_or_default().to_string());
                listed.push((file.trim_start_matches('\u{feff}').into(), text));
            }
        }
    }
    ensure!(!listed.is_empty(), "{} names no picture", shown.display());
    Ok(listed)
}

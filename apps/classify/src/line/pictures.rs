//! `--line --image`: the lines in pictures.

use crate::args::Args;
use crate::line::boxes::draw;
use crate::line::{Reading, WRITING, write_csv};
use crate::pictures::{failed, files};
use anyhow::{Context, Result, ensure};
use cli::memory;
use cli::say::{to_stderr, visible};
use image::DynamicImage;
use nn_data::{Error, PictureReader};
use nn_lines::{Line, LineReader};
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::Path;

/// Pictures that are read before their lines are printed.
const AT_A_TIME: usize = 16;

/// A picture where it is to be drawn on, its lines, and a note on its file.
type Found = (Option<DynamicImage>, Vec<Line>, Option<String>);

/// Prints the lines in each picture, and returns how many could not be read; each has been named by then.
pub fn read(args: &Args, reader: &LineReader, out: &mut (dyn Write + Send)) -> Result<usize> {
    let (files, mut failures) = files(args);
    ensure!(args.boxes.is_none() || files.len() == 1, "--boxes draws one picture, and {} are named", files.len());
    let (mut readings, mut printed) = (vec![], Ok(()));
    for files in files.chunks(AT_A_TIME) {
        let found: Vec<Result<Found, Error>> = files.par_iter().map(|path| found(path, args, reader)).collect();
        for (path, found) in files.iter().zip(found) {
            let name = path.display().to_string();
            match found {
                Ok((picture, lines, note)) => {
                    if let Some(note) = note.filter(|_| !args.quiet) {
                        to_stderr(format_args!("{}: {note}", visible(&name)));
                    }
                    if lines.is_empty() && !args.quiet {
                        to_stderr(format_args!("{}: no character", visible(&name)));
                    }
                    printed = printed.and_then(|()| print(out, &name, &lines, args.verbose));
                    if let Some((boxes, picture)) = args.boxes.as_ref().zip(picture) {
                        draw(&picture, &lines, boxes)?;
                    }
                    readings.push(Reading::new(name, String::new(), &lines));
                }
                Err(error) => failures += failed(error, args),
            }
        }
        if printed.is_err() && args.output.is_none() {
            break;
        }
    }
    if let Some(path) = &args.output {
        write_csv(path, &readings)?;
    }
    printed.context(WRITING)?;
    Ok(failures)
}

fn found(path: &Path, args: &Args, reader: &LineReader) -> Result<Found, Error> {
    let whole = PictureReader::new(memory::limit(args.memory));
    let (picture, note) = whole.read(path, |picture, note| (picture, note))?;
    let lines = reader.read_picture(&picture);
    Ok((args.boxes.is_some().then_some(picture), lines, note))
}

/// Prints a line for each line of a picture and, where `all` is wanted, one for each character.
fn print(out: &mut dyn Write, name: &str, lines: &[Line], all: bool) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{}\t{}\t{:.4}", visible(name), visible(&line.text), line.probability)?;
        for character in line.characters.iter().filter(|_| all) {
            let [[left, top], [right, bottom]] = [character.bounds.low, character.bounds.high];
            let (text, probability) = (visible(&character.text), character.probability);
            writeln!(out, "\t{text}\t{probability:.4}\t{left:.0}\t{top:.0}\t{right:.0}\t{bottom:.0}")?;
        }
    }
    Ok(())
}

//! Measures how well texts are read.

use crate::photographed::PhotographedLine;
use crate::pictured::{Pictured, agreement};
use crate::rows::{characters, found};
use nn_data::Ink;
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::{Case, Line, LineReader, TextTally};
use rayon::prelude::*;
use std::time::Instant;

/// Prints how well texts are read, as strokes or as pictures. With `mistakes`, it lists those that were read otherwise.
pub fn measure(name: &str, reader: &LineReader, texts: &[WrittenText], pictures: bool, mistakes: bool) {
    if texts.is_empty() {
        return;
    }
    let began = Instant::now();
    let (mut folded, mut exact) = (TextTally::default(), TextTally::default());
    let (mut cuts, mut right_cuts, mut words, mut read_words) = (0, 0, 0, 0);
    let (all_lines, found) = if pictures { of_pictures(reader, texts) } else { (of_strokes(reader, texts), vec![]) };
    for (text, lines) in texts.iter().zip(&all_lines) {
        let read = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
        folded.add(&text.text, &read, Case::Folded);
        exact.add(&text.text, &read, Case::Exact);
        let true_parts = characters(text);
        cuts += true_parts.len();
        right_cuts += lines.iter().flat_map(|line| &line.characters).filter(|c| true_parts.contains(&c.parts)).count();
        words += text.text.split_whitespace().count();
        read_words += read.split_whitespace().count();
        if mistakes && read.replace(' ', "").to_lowercase() != text.text.replace(' ', "").to_lowercase() {
            println!("\t{}\t{read}\t{}", text.text, text.writer);
        }
    }
    println!("{name}, {} texts{}", texts.len(), if pictures { " as pictures" } else { "" });
    print!(
        "case folded: {}exact: {}",
        folded.to_string().replacen('\n', ", ", 1),
        exact.to_string().replacen('\n', ", ", 1)
    );
    if cuts > 0 && !pictures {
        println!("cuts {:.4} ({right_cuts} of {cuts})", right_cuts as f64 / cuts as f64);
    }
    if cuts > 0 && pictures {
        let found = found.iter().filter(|found| **found).count();
        println!("right cuts among the candidates of {:.4} ({found})", found as f64 / texts.len() as f64);
    }
    println!("{read_words} words where {words} were written; {:.1?}", began.elapsed());
}

/// Prints how well lines of photographed characters are read.
pub fn measure_photographs(reader: &LineReader, lines: &[PhotographedLine], mistakes: bool) {
    let (mut folded, mut exact) = (TextTally::default(), TextTally::default());
    for PhotographedLine { text, picture } in lines {
        let read = reader.read_picture(picture).into_iter().map(|line| line.text).collect::<Vec<_>>().join(" ");
        folded.add(text, &read, Case::Folded);
        exact.add(text, &read, Case::Exact);
        if mistakes && read.to_lowercase() != text.to_lowercase() {
            println!("\t{text}\t{read}");
        }
    }
    println!("photographed characters put together, {} texts", lines.len());
    println!("case folded: {folded}exact: {exact}");
}

/// The lines of texts as strokes.
fn of_strokes(reader: &LineReader, texts: &[WrittenText]) -> Vec<Vec<Line>> {
    let pages: Vec<(&str, &Ink)> = texts.iter().map(|text| (text.writer.as_str(), &text.strokes)).collect();
    reader.read_written(&pages)
}

/// The lines of texts as pictures, and for each text, true if the right cuts are among the candidates.
fn of_pictures(reader: &LineReader, texts: &[WrittenText]) -> (Vec<Vec<Line>>, Vec<bool>) {
    let read = |(seed, text): (usize, &WrittenText)| {
        let pictured = Pictured::new(text, seed as u64)?;
        let page = pictured.page();
        let lattices = reader.lattices(&page);
        let shares = pictured.shares(&page);
        let right = found(&lattices, |parts| agreement(parts, &shares).0) == text.cuts.len();
        Some((lattices.iter().filter_map(|lattice| reader.line(lattice)).collect(), right))
    };
    texts.par_iter().enumerate().map(|pair| read(pair).unwrap_or_default()).unzip()
}

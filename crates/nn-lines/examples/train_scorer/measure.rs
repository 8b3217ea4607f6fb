//! Measures how well texts are read.

use crate::pictured::Pictured;
use crate::rows::characters;
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::{Case, LineReader, TextTally};
use std::time::Instant;

/// Prints how well texts are read, as strokes or as pictures. With `mistakes`, it lists those that were read otherwise.
pub fn measure(name: &str, reader: &LineReader, texts: &[WrittenText], pictures: bool, mistakes: bool) {
    if texts.is_empty() {
        return;
    }
    let began = Instant::now();
    let (mut folded, mut exact) = (TextTally::default(), TextTally::default());
    let (mut cuts, mut right_cuts, mut words, mut read_words) = (0, 0, 0, 0);
    for (seed, text) in (0..).zip(texts) {
        let lines = match Pictured::new(text, seed).filter(|_| pictures) {
            Some(pictured) => reader.read_picture(&pictured.picture),
            None => reader.read_ink(&text.strokes),
        };
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
    println!("{read_words} words where {words} were written; {:.1?}", began.elapsed());
}

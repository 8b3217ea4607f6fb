//! Reads what several people wrote: a line of one character by the sizes of what else its writer wrote.

use crate::line::Line;
use crate::reader::LineReader;
use nn_data::Ink;
use rayon::prelude::*;
use std::collections::HashMap;

/// Sizes mean something where that of the largest fifth of a writer's characters is at least this many times that of the
/// smallest fifth: in some files all have been made equally large.
const SPREAD: f32 = 1.15;

impl LineReader {
    /// Reads the strokes of pages, each given with the name of its writer, on all threads of the pool. Within a writer, the
    /// scale is the same: whether a character that stands alone is large or small is told by the other pages.
    pub fn read_written(&self, pages: &[(&str, &Ink)]) -> Vec<Vec<Line>> {
        let mut read: Vec<Vec<Line>> = pages.par_iter().map(|(_, ink)| self.read_ink(ink)).collect();
        let sizes = median_sizes(pages.iter().map(|(writer, _)| *writer).zip(&read));
        let again =
            read.par_iter_mut().zip(pages).filter(|(lines, _)| lines.iter().any(|line| line.characters.len() == 1));
        again.for_each(|(lines, (writer, ink))| {
            if let Some(median) = sizes.get(*writer) {
                *lines = self.read_sized(ink, *median);
            }
        });
        read
    }
}

/// The median size of each writer's characters, given who wrote which lines; of writers whose sizes mean something.
fn median_sizes<'a, 'b>(lines: impl Iterator<Item = (&'a str, &'b Vec<Line>)>) -> HashMap<&'a str, f32> {
    let mut sizes: HashMap<&str, Vec<f32>> = HashMap::new();
    for (writer, lines) in lines {
        let each = lines.iter().flat_map(|line| &line.characters).map(|character| character.bounds.longest());
        sizes.entry(writer).or_default().extend(each);
    }
    let median = |(writer, mut sizes): (&'a str, Vec<f32>)| {
        sizes.sort_by(f32::total_cmp);
        let at = |part: usize| sizes.get(sizes.len().saturating_sub(1) * part / 10).copied();
        (at(8)? > SPREAD * at(2)?).then_some((writer, at(5)?))
    };
    sizes.into_iter().filter_map(median).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounds::Bounds;
    use crate::line::ReadCharacter;

    #[test]
    fn the_sizes_of_a_writer_are_those_of_all_lines() {
        let line = |sizes: &[f32]| {
            let character = |size: &f32| ReadCharacter {
                text: "l".into(),
                space: false,
                others: vec![],
                probability: 1.0,
                bounds: Bounds { low: [0.0; 2], high: [0.0, *size] },
                parts: vec![0],
            };
            let characters = sizes.iter().map(character).collect();
            vec![Line { text: String::new(), probability: 1.0, characters, others: vec![] }]
        };
        let lines = [line(&[2.0, 4.0, 6.0]), line(&[5.0, 3.0]), line(&[1.0, 1.0, 1.0]), vec![]];
        let found = median_sizes(["a", "a", "of one size", "none"].into_iter().zip(&lines));
        assert_eq!(found, HashMap::from([("a", 4.0)]));
    }
}

//! Lines of handwriting as strokes: `{"text": "the mock jury box", "strokes": …}` in each line of a stroke file.

use std::path::Path;

use crate::error::Error;
use crate::files::options::LoadOptions;
use crate::files::stroke_file::line::{self, Split, Written};
use crate::files::stroke_file::{each_line, layout_of};
use crate::ink::Ink;

/// A word, a number, or a few lines that somebody wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenText {
    /// The text.
    pub text: String,
    /// The person who wrote it; empty if unknown.
    pub writer: String,
    /// The strokes, of any scale.
    pub strokes: Ink,
    /// For each character that is not a space, its first stroke and the stroke after its last; empty if unknown.
    pub cuts: Vec<[usize; 2]>,
    /// True if the line says that it is to test with.
    pub test: bool,
}

/// Reads a file of written texts. Of `options`, `y_up` and `memory` count.
///
/// # Errors
/// [`Error::Line`] names a line that holds no text, no ink, or a cut beyond its strokes; [`Error::Dataset`] when the file holds none;
/// [`Error::Missing`], [`Error::Read`].
pub fn read(path: &Path, options: &LoadOptions) -> Result<Vec<WrittenText>, Error> {
    let layout = layout_of(path)?;
    let mut texts = vec![];
    each_line(
        path,
        options,
        |text| line::parse_text(text, layout),
        |sample, Written { split, cuts }| {
            let test = split == Some(Split::Test);
            let cuts = cuts.unwrap_or_default();
            texts.push(WrittenText { text: sample.label, writer: sample.writer, strokes: sample.strokes, cuts, test });
        },
    )?;
    if texts.is_empty() { Err(Error::dataset(path, "the file holds no text")) } else { Ok(texts) }
}

/// True if the first strokes of most texts begin at their bottom, so that y seems to point up.
pub fn begin_at_the_bottom(texts: &[WrittenText]) -> bool {
    let first = |text: &WrittenText| Ink { strokes: text.strokes.strokes.iter().take(1).cloned().collect() };
    let firsts: Vec<Ink> = texts.iter().map(first).collect();
    super::begin_at_the_bottom(firsts.iter())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Vec<WrittenText>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.jsonl");
        std::fs::write(&path, text).unwrap();
        read(&path, &LoadOptions::default()).map_err(|e| e.to_string().replace(&*path.to_string_lossy(), "t"))
    }

    #[test]
    fn texts_that_are_written_from_below_are_noticed() {
        let texts = |from: u32, to: u32| {
            let line = format!("{{\"text\":\"11\",\"strokes\":[[[0,{from}],[1,{to}]],[[9,{from}],[9,{to}]]]}}\n");
            begin_at_the_bottom(&parse(&line.repeat(30)).unwrap())
        };
        assert!(texts(9, 0) && !texts(0, 9));
    }

    #[test]
    fn texts_are_read_with_their_cuts() {
        let strokes = r#""strokes":[[[0,0],[1,1]],[[2,0],[2,1]],[[2,2]]]"#;
        let read = parse(&format!(
            "{{\"text\":\"a i\",\"writer\":\"w\",\"split\":\"test\",\"cuts\":[[0,1],[1,3]],{strokes}}}\n{{\"label\":\"7\",{strokes}}}\n"
        ));
        let read = read.unwrap();
        assert_eq!((read[0].text.as_str(), read[0].writer.as_str(), read[0].test), ("a i", "w", true));
        assert_eq!((read[0].cuts.clone(), read[0].strokes.strokes.len()), (vec![[0, 1], [1, 3]], 3));
        assert_eq!((read[1].text.as_str(), read[1].cuts.len(), read[1].test), ("7", 0, false));
        let error = |more: &str| parse(&format!("{{{more}{strokes}}}")).unwrap_err();
        assert_eq!(error(""), "t, line 1: a line of handwriting is {\"text\": \"abc\", \"strokes\": [[[x, y], …], …]}");
        assert_eq!(error(r#""text":"a","cuts":[[0,4]],"#), "t, line 1: the cut [0, 4] does not go with 3 strokes");
        assert_eq!(error(r#""text":"a b","cuts":[[0,1]],"#), "t, line 1: 1 cuts for 2 characters");
        assert_eq!(parse("\n").unwrap_err(), "t: the file holds no text");
    }
}

//! Stroke files: one drawing per line, as a drawing window or a tablet recorded it; plain or gzipped.
//!
//! A line is a JSON object, `{"label": "a", "writer": "w01", "strokes": [[[x, y], …], …]}`, y pointing down, of any scale.
//! A field `split` may say `train` or `test`; other fields and empty lines are skipped. Lines of Quick, Draw! and of other
//! collections are read too. A line with a `text` in place of a label is read as its characters, if its `cuts` are known: for each
//! the first stroke and the stroke after its last, `{"text": "to", "cuts": [[0, 2], [2, 3]], "strokes": …}`.

mod line;
pub mod texts;

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use image::DynamicImage;
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::dataset::sorted_classes;
use crate::dataset::split::first_of_each;
use crate::disk;
use crate::disk::bounded::{Bounded, LONGEST};
use crate::disk::memory::Memory;
use crate::error::Error;
use crate::files::options::LoadOptions;
use crate::files::stroke_file::line::{Layout, Split, Written};
use crate::ink::{Ink, StrokeSample};
use crate::preprocess::Preprocessing;
use crate::preprocess::drawn::{SIDE, drawn_to_fit};

/// The points of a drawing take up to eight times the bytes of its line.
const POINTS: u64 = 8;
/// A writer's drawing of median size is assumed to fill this part of the page.
const MEDIAN: f32 = 0.45;

/// The lines that are looked at to tell the layout of a file.
const LOOKED_AT: usize = 1000;

/// The fewest drawings that tell where y points.
const FEWEST: usize = 20;

/// The drawings of a stroke file.
#[derive(Debug)]
pub struct Drawn {
    /// Those to train on, or all.
    pub train: Dataset,
    /// Those to test on.
    pub test: Option<Dataset>,
    /// Lines about what a person may have meant otherwise.
    pub notes: Vec<String>,
}

/// True if the name or the start of a file is that of a stroke file.
pub(crate) fn is_stroke_file(path: &Path) -> bool {
    is_named_so(path)
        || disk::open(path).is_ok_and(|mut file| file.fill_buf().is_ok_and(|start| start.starts_with(b"{")))
}

/// True if the name is that of a stroke file.
pub(crate) fn is_named_so(path: &Path) -> bool {
    let name = disk::plain_name(path);
    name.ends_with(".jsonl") || name.ends_with(".ndjson")
}

/// Reads a stroke file: the drawings to train on, or all where no line says `test`, and those to test on. Each is drawn
/// with a usual pen and goes through the preprocessing; [`Dataset::drawing`] keeps its strokes. Of the training part at
/// most `limit` drawings are kept: the first or, where these lack a class, the first of each class in turn. With `y_up` the drawings are turned over.
///
/// # Errors
/// [`Error::Line`] names a line that holds no drawing or no ink; [`Error::Dataset`] when the file holds none;
/// [`Error::Missing`], [`Error::Read`].
pub fn read(path: &Path, options: &LoadOptions) -> Result<Drawn, Error> {
    let layout = layout_of(path)?;
    let (mut train, mut test) = (vec![], vec![]);
    let mut uncut = 0;
    each_line(
        path,
        options,
        |text| line::parse(text, layout),
        |sample, Written { split, cuts }| {
            let part = if split == Some(Split::Test) { &mut test } else { &mut train };
            match cuts {
                None => part.push(Arc::new(sample)),
                Some(cuts) => match line::characters(sample, &cuts) {
                    Some(characters) => part.extend(characters.into_iter().map(Arc::new)),
                    None => uncut += 1,
                },
            }
        },
    )?;
    if train.is_empty() {
        std::mem::swap(&mut train, &mut test);
    }
    if train.is_empty() {
        let problem = if uncut > 0 {
            "its texts have no cuts: `classify --line -d` reads them"
        } else {
            "the file holds no drawing"
        };
        return Err(Error::dataset(path, problem));
    }
    let upside_down = || {
        format!(
            "{}: most drawings begin at their bottom, so y seems to point up: --y-up turns them over",
            path.display()
        )
    };
    let mut notes =
        if begin_at_the_bottom(train.iter().map(|sample| &sample.strokes)) { vec![upside_down()] } else { vec![] };
    if uncut > 0 {
        notes.push(format!("{}: {uncut} texts without cuts are left out", path.display()));
    }
    let medians = median_sizes(train.iter().chain(&test));
    let classes = sorted_classes(train.iter().map(|sample| sample.label.as_str()));
    if let Some(limit) = options.limit {
        let labels: Vec<&str> = train.iter().map(|sample| sample.label.as_str()).collect();
        let kept = first_of_each(&labels, limit);
        train = kept.into_iter().filter_map(|i| train.get(i).cloned()).collect();
    }
    let train = drawn(train, &options.preprocessing, &medians)?.with_classes(&classes)?; // all, also where the limit left one out
    let test = if test.is_empty() { None } else { Some(drawn(test, &options.preprocessing, &medians)?) };
    Ok(Drawn { train, test, notes })
}

/// Reads the lines of a file one by one, holds their drawings against what drawings must be, and hands them on.
fn each_line<T>(
    path: &Path,
    options: &LoadOptions,
    parse: impl Fn(&str) -> Result<(StrokeSample, T), String>,
    mut add: impl FnMut(StrokeSample, T),
) -> Result<(), Error> {
    let features = options.preprocessing.size().features() as u64;
    let (mut reader, mut text, mut number, mut need) = (Bounded::new(disk::open(path)?, LONGEST), String::new(), 0, 0);
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::InvalidData => Error::dataset(path, "not text in UTF-8; save it so"),
        _ => Error::read(path)(error),
    };
    while reader.read_line(&mut text).map_err(unreadable)? > 0 {
        let mut line = std::mem::take(&mut text);
        number += 1;
        if number == 1 && line.starts_with('\u{feff}') {
            line.remove(0);
        }
        if line.trim().is_empty() {
            continue; // and not renewed: a file of blank lines ends as a long line does
        }
        reader.renew();
        let error = |problem| Error::Line { path: path.into(), line: number, column: None, problem };
        need += POINTS * line.len() as u64 + Memory::of_samples(1, features);
        options.memory.check(path, need)?;
        let (mut sample, more) = parse(&line).map_err(error)?;
        let points = || sample.strokes.strokes.iter().flatten();
        if points().next().is_none() || sample.label.is_empty() {
            return Err(error("a drawing needs a label and a point of ink".into()));
        }
        if points().flatten().any(|v| !v.is_finite()) {
            return Err(error("a coordinate is no finite number".into()));
        }
        if options.y_up {
            sample.strokes.strokes.iter_mut().flatten().for_each(|point| point[1] = -point[1]);
        }
        add(sample, more);
    }
    Ok(())
}

/// The layout that most of a file's first lines show, if any do.
fn layout_of(path: &Path) -> Result<Option<Layout>, Error> {
    let lines = Bounded::new(disk::open(path)?, LONGEST).lines().take(LOOKED_AT).map_while(Result::ok);
    let found: Vec<Layout> = lines.filter_map(|line| line::layout(&line)).collect();
    let points = found.iter().filter(|layout| **layout == Layout::Points).count();
    let usual = if 2 * points >= found.len() { Layout::Points } else { Layout::Columns };
    Ok(Some(usual).filter(|_| !found.is_empty()))
}

/// True if more than twice as many drawings begin in their lowest third than in their highest. People begin letters,
/// digits and most signs at the top: 50 to 93 % of them do in eight collections, and 1 to 35 % begin at the bottom.
fn begin_at_the_bottom<'a>(drawings: impl Iterator<Item = &'a Ink>) -> bool {
    let start = |drawing: &Ink| {
        let [low, high] = drawing.bounds()?;
        let (width, height) = (high[0] - low[0], high[1] - low[1]);
        let first = drawing.strokes.iter().flatten().next()?;
        (height > 0.0 && 2.0 * height > width).then(|| (first[1] - low[1]) / height)
    };
    let starts: Vec<f32> = drawings.filter_map(start).collect();
    let top = starts.iter().filter(|&&start| start < 1.0 / 3.0).count();
    let bottom = starts.iter().filter(|&&start| start > 2.0 / 3.0).count();
    starts.len() >= FEWEST && bottom > 2 * top
}

/// The median size of each writer's drawings. Writers whose drawings all have nearly one size are left out, because the
/// sizes in their file mean nothing.
fn median_sizes<'a>(samples: impl Iterator<Item = &'a Arc<StrokeSample>>) -> HashMap<String, f32> {
    let mut sizes: HashMap<&str, Vec<f32>> = HashMap::new();
    samples.for_each(|sample| sizes.entry(&sample.writer).or_default().push(longest(&sample.strokes)));
    let median = |(writer, mut sizes): (&str, Vec<f32>)| {
        sizes.sort_by(f32::total_cmp);
        let at = |part: usize| sizes.get((sizes.len() - 1) * part / 10).copied();
        (at(8)? > 1.15 * at(2)?).then_some((writer.to_string(), at(5)?))
    };
    sizes.into_iter().filter_map(median).collect()
}

/// The longer side of the box around the ink.
fn longest(ink: &Ink) -> f32 {
    ink.bounds().map_or(0.0, |[low, high]| (high[0] - low[0]).max(high[1] - low[1]))
}

/// The pictures of drawings.
fn drawn(
    samples: Vec<Arc<StrokeSample>>,
    preprocessing: &Preprocessing,
    medians: &HashMap<String, f32>,
) -> Result<Dataset, Error> {
    let picture = |sample: &Arc<StrokeSample>| {
        let share = medians.get(&sample.writer).map(|median| MEDIAN * longest(&sample.strokes) / median);
        let mut frame = preprocessing.apply(&DynamicImage::from(drawn_to_fit(&sample.strokes, SIDE)));
        preprocessing.draw_size_bar(&mut frame, share);
        frame
    };
    let pixels = samples.par_iter().flat_map_iter(picture).collect();
    let labels: Vec<&str> = samples.iter().map(|sample| sample.label.as_str()).collect();
    let dataset = Dataset::from_names(preprocessing.size(), pixels, &labels, vec![])?;
    Ok(dataset.with_drawings(samples.into_iter().map(Some).collect()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::preprocess::fit::Fit;
    use crate::preprocess::size_bar;

    fn parse(text: &str) -> Result<(Dataset, Option<Dataset>), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        std::fs::write(&path, text).unwrap();
        let options = LoadOptions { preprocessing: Preprocessing::ink(28, 28), ..LoadOptions::default() };
        let read = read(&path, &options).map(|drawn| (drawn.train, drawn.test));
        read.map_err(|e| e.to_string().replace(&*path.to_string_lossy(), "d"))
    }

    #[test]
    fn drawings_are_read_and_split() {
        let line = |label: &str, more: &str| format!(r#"{{"label":"{label}","strokes":[[[0,0],[300,900]]]{more}}}"#);
        let text = [
            line("b", ""),
            line("a", r#","split":"train","n":3"#),
            String::new(),
            line("b", r#","split":"test","writer":"w""#),
        ];
        let (train, test) = parse(&text.join("\n")).unwrap();
        assert_eq!((train.classes(), train.labels()), (&["a".to_string(), "b".into()][..], &[1, 0][..]));
        let test = test.unwrap();
        assert_eq!((test.len(), test.drawing(0).unwrap().writer.as_str()), (1, "w"));
        let ink: u32 = train.image(0).iter().map(|&p| u32::from(p)).sum();
        assert!((25..70).contains(&(ink / 255)), "a stroke of 20 pixels, about two wide: {ink}");
        assert_eq!(train.image(0), test.image(0));
        let (only, none) = parse(&line("b", r#","split":"test""#)).unwrap();
        assert!(only.len() == 1 && none.is_none());
    }

    #[test]
    fn sizes_show_where_a_writers_drawings_differ_in_size() {
        let line = |writer: &str, size: u32| {
            format!(r#"{{"label":"a","writer":"{writer}","strokes":[[[9,9],[9,{}]]]}}"#, size + 9)
        };
        let sizes = [("w", 10), ("w", 20), ("w", 40), ("same", 10), ("same", 10), ("same", 10)];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        std::fs::write(&path, sizes.map(|(writer, size)| line(writer, size)).join("\n")).unwrap();
        let sized = Preprocessing { fit: Fit::SizedInk, ..Preprocessing::ink(28, 28) };
        let all = read(&path, &LoadOptions { preprocessing: sized, ..LoadOptions::default() }).unwrap().train;
        let shares: Vec<_> = (0..6).map(|i| size_bar::read(all.image(i), 28)).collect();
        let expected = [Some(MEDIAN / 2.0), Some(MEDIAN), Some(MEDIAN * 2.0), None, None, None];
        for (share, expected) in shares.iter().zip(expected) {
            assert_eq!(share.is_some(), expected.is_some());
            assert!(share.zip(expected).is_none_or(|(a, b)| (a / b - 1.0).abs() < 0.02), "{shares:?}");
        }
    }

    #[test]
    fn texts_are_read_as_their_characters() {
        let strokes = r#""strokes":[[[0,0],[9,9]],[[20,0],[20,9]],[[30,2]]]"#;
        let to = format!(r#"{{"text":"t o","writer":"w","cuts":[[0,2],[2,3]],{strokes}}}"#);
        let one = format!(r#"{{"text":"7","split":"test",{strokes}}}"#);
        let uncut = format!(r#"{{"text":"no",{strokes}}}"#);
        let (train, test) = parse(&[to, one, uncut.clone()].join("\n")).unwrap();
        let strokes = |d: &Dataset, i: usize| d.drawing(i).unwrap().strokes.strokes.len();
        assert_eq!((train.classes(), train.labels()), (&["o".to_string(), "t".into()][..], &[1, 0][..]));
        assert_eq!((strokes(&train, 0), strokes(&train, 1), train.drawing(1).unwrap().writer.as_str()), (2, 1, "w"));
        let test = test.unwrap();
        assert_eq!((test.class_of(0), strokes(&test, 0)), ("7", 3));
        assert_eq!(parse(&uncut).unwrap_err(), "d: its texts have no cuts: `classify --line -d` reads them");
    }

    #[test]
    fn every_defect_names_its_line() {
        let good = r#"{"label":"b","strokes":[[[0,0]]]}"#;
        let error = |text: &str| parse(&format!("{good}\n{text}")).unwrap_err();
        assert!(error("nonsense").starts_with("d, line 2: expected ident"), "{}", error("nonsense"));
        assert!(error("{\"label\":\n").starts_with("d, line 2: the object does not end on its line"));
        assert!(error(r#"{"label":7,"image":[0]}"#).starts_with("d, line 2: missing field `strokes`: a drawing is"));
        assert_eq!(parse(&format!("\u{feff}{good}")).unwrap().0.len(), 1, "a mark at its start");
        assert!(error(r#"{"label":"b"}"#).starts_with("d, line 2: missing field `strokes`"));
        assert_eq!(error(r#"{"label":"b","strokes":[[]]}"#), "d, line 2: a drawing needs a label and a point of ink");
        assert!(error(r#"{"label":"b","strokes":[[[0,1e999]]]}"#).starts_with("d, line 2: "));
        assert!(error(r#"{"label":"b","split":"x","strokes":[[[0,1]]]}"#).contains("expected `train` or `test`"));
        assert_eq!(parse("\n").unwrap_err(), "d: the file holds no drawing");
    }

    #[test]
    fn quick_draw_is_read_as_its_points() {
        let columns = r#"{"word":"line","recognized":true,"drawing":[[[0,255],[0,9]]]}
            {"word":"line","recognized":true,"drawing":[[[0,100,255],[0,4,9]]]}"#;
        let points = r#"{"label":"line","strokes":[[[0,0],[255,9]]]}"#;
        let (quick_draw, _) = parse(columns).unwrap();
        assert_eq!((quick_draw.classes(), quick_draw.len()), (&["line".to_string()][..], 2));
        assert_eq!(quick_draw.image(0), parse(points).unwrap().0.image(0));
    }

    #[test]
    fn drawings_upside_down_are_noticed_and_turned_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        let seven = r#"{"label":"7","strokes":[[[0,90],[60,90],[20,0]]]}"#;
        std::fs::write(&path, vec![seven; 30].join("\n")).unwrap();
        let read = |y_up| read(&path, &LoadOptions { y_up, ..LoadOptions::default() }).unwrap();
        assert!(read(false).notes[0].ends_with("y seems to point up: --y-up turns them over"));
        let turned = read(true);
        assert_eq!(turned.notes, Vec::<String>::new());
        let rows = |image: &[u8]| {
            image.chunks(28).map(|row| row.iter().map(|&p| u32::from(p)).sum::<u32>()).collect::<Vec<_>>()
        };
        let top: u32 = rows(turned.train.image(0))[..10].iter().sum();
        assert!(top > rows(read(false).train.image(0))[..10].iter().sum(), "the bar of the 7 is at the top");
    }
}

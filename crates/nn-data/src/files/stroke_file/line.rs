//! A line of a stroke file, in the layouts that collections of strokes have.

use serde::Deserialize;
use serde_json::Value;

use crate::ink::{Ink, StrokeSample};

/// The part of the data that a drawing belongs to.
#[derive(Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Split {
    Train,
    Test,
}

/// The most numbers of a point: x, y, time, pressure, and the angles of the pen.
const MOST: usize = 8;

/// The order of the numbers of a stroke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Layout {
    /// A point after the other: `[[x, y], [x, y], …]`; more numbers of a point (time, pressure) are passed over.
    Points,
    /// All x, then all y, as in Quick, Draw!: `[[x, x, …], [y, y, …]]`; more lists (time) are passed over.
    Columns,
}

/// The form of this project's own lines.
#[derive(Deserialize)]
struct Own {
    label: String,
    #[serde(default)]
    writer: String,
    #[serde(default)]
    split: Option<Split>,
    strokes: Ink,
}

/// Facts about a line besides its label, writer and strokes.
#[derive(Debug)]
pub(crate) struct Written {
    pub split: Option<Split>,
    /// For a line that holds a `text`, the first stroke of each character and the stroke after its last; empty if unknown.
    pub cuts: Option<Vec<[usize; 2]>>,
}

/// Reads a line in the layout that its file was found to have: a drawing with a `label`, or a `text`, which becomes the label.
///
/// # Errors
/// The problem, in one line.
pub(crate) fn parse(line: &str, layout: Option<Layout>) -> Result<(StrokeSample, Written), String> {
    let own = match layout {
        Some(Layout::Columns) => None,
        _ => Some(serde_json::from_str::<Own>(line)),
    };
    match own {
        Some(Ok(Own { label, writer, split, strokes })) => {
            Ok((StrokeSample { label, writer, strokes }, Written { split, cuts: None }))
        }
        _ => {
            let value: Value = serde_json::from_str(line).map_err(|error| message(&error))?;
            written(value, layout, None)
        }
    }
}

/// Reads a line that holds a `text` in place of a label, and perhaps `cuts`.
///
/// # Errors
/// The problem, in one line.
pub(crate) fn parse_text(line: &str, layout: Option<Layout>) -> Result<(StrokeSample, Written), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| message(&error))?;
    let wanted = "a line of handwriting is {\"text\": \"abc\", \"strokes\": [[[x, y], …], …]}";
    written(value, layout, Some(wanted.into()))
}

fn written(
    mut value: Value,
    layout: Option<Layout>,
    missing: Option<String>,
) -> Result<(StrokeSample, Written), String> {
    let text = value.as_object_mut().filter(|fields| !fields.contains_key("label")).and_then(|f| f.remove("text"));
    let is_text = text.is_some();
    if let (Some(fields), Some(text)) = (value.as_object_mut(), text) {
        fields.insert("label".into(), text);
    }
    let (sample, split) = other(&value, layout, missing)?;
    if !is_text {
        return Ok((sample, Written { split, cuts: None }));
    }
    let cuts = value.get_mut("cuts").map(Value::take).unwrap_or_else(|| Value::Array(vec![]));
    let cuts: Vec<[usize; 2]> = serde_json::from_value(cuts).map_err(|error| format!("cuts: {error}"))?;
    let strokes = sample.strokes.strokes.len();
    let count = letters(&sample.label).count();
    match cuts.iter().find(|[first, end]| first >= end || *end > strokes) {
        Some(cut) => Err(format!("the cut {cut:?} does not go with {strokes} strokes")),
        None if !cuts.is_empty() && cuts.len() != count => Err(format!("{} cuts for {count} characters", cuts.len())),
        None => Ok((sample, Written { split, cuts: Some(cuts) })),
    }
}

/// The characters of a text that are no spaces.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !letter.is_whitespace())
}

/// The characters of a text as drawings of their own, given its cuts. A text of one character needs none; `None` of a longer one
/// without.
pub(crate) fn characters(text: StrokeSample, cuts: &[[usize; 2]]) -> Option<Vec<StrokeSample>> {
    if cuts.is_empty() {
        let mut each = letters(&text.label);
        let label = each.next().filter(|_| each.next().is_none())?.to_string();
        return Some(vec![StrokeSample { label, ..text }]);
    }
    let character = |(letter, [first, end]): (char, &[usize; 2])| StrokeSample {
        label: letter.into(),
        writer: text.writer.clone(),
        strokes: Ink { strokes: text.strokes.strokes.get(*first..*end).unwrap_or_default().to_vec() },
    };
    Some(letters(&text.label).zip(cuts).map(character).collect())
}

/// The layout that a line shows; `None` where its strokes could be either.
pub(crate) fn layout(line: &str) -> Option<Layout> {
    let value: Value = serde_json::from_str(line).ok()?;
    strokes(&value)?.iter().find_map(layout_of)
}

/// A line of another form: its fields have the names that are usual.
fn other(
    value: &Value,
    layout: Option<Layout>,
    missing: Option<String>,
) -> Result<(StrokeSample, Option<Split>), String> {
    let field = |names: &[&str]| names.iter().find_map(|name| value.get(name)).filter(|value| !value.is_null());
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), String::from);
    let split = match value.get("split") {
        Some(split) => Some(serde_json::from_value(split.clone()).map_err(|error| error.to_string())?),
        None => None,
    };
    let label = field(&["label", "word", "class", "character", "symbol"]).map(text);
    let drawn = strokes(value);
    let absent = [("label", label.is_none()), ("strokes", drawn.is_none())].into_iter().find(|(_, absent)| *absent);
    let (Some(label), Some(strokes)) = (label, drawn) else {
        let wanted = "a drawing is {\"label\": \"a\", \"strokes\": [[[x, y], …], …]}";
        let field = absent.map_or("", |(field, _)| field);
        let absent = || format!("missing field `{field}`: {wanted}");
        return Err(if value.is_object() { missing.unwrap_or_else(absent) } else { wanted.into() });
    };
    let usual = if value.get("drawing").is_some() { Layout::Columns } else { Layout::Points };
    let layout = strokes.iter().find_map(layout_of).or(layout).unwrap_or(usual);
    let points = strokes.iter().map(|stroke| points(stroke, layout)).collect::<Result<_, _>>()?;
    let writer = field(&["writer", "user", "subject"]).map(text).unwrap_or_default();
    Ok((StrokeSample { label, writer, strokes: Ink { strokes: points } }, split))
}

/// The strokes of a drawing; where its numbers lie one level too high, it is one stroke.
fn strokes(value: &Value) -> Option<Vec<Value>> {
    let strokes = ["strokes", "drawing", "ink"].iter().find_map(|name| value.get(name))?.as_array()?;
    let is_one = strokes.first().is_some_and(|first| match first {
        Value::Array(row) => row.first().is_some_and(Value::is_number),
        Value::Object(point) => ["x", "X"].iter().any(|x| point.get(*x).is_some_and(Value::is_number)),
        _ => false,
    });
    Some(if is_one { vec![Value::Array(strokes.clone())] } else { strokes.clone() })
}

/// The layout of a stroke, where its lengths tell it.
fn layout_of(stroke: &Value) -> Option<Layout> {
    if stroke.is_object() {
        return Some(Layout::Columns); // by their names: either is read
    }
    let rows = stroke.as_array()?;
    let lengths: Vec<usize> = rows.iter().map(|row| row.as_array().map_or(2, Vec::len)).collect();
    let (&first, rest) = lengths.split_first()?;
    if rest.iter().any(|&length| length != first) {
        return None;
    }
    match ((2..=MOST).contains(&first), (2..=4).contains(&lengths.len())) {
        (true, false) => Some(Layout::Points),
        (false, true) => Some(Layout::Columns),
        _ => None,
    }
}

/// The points of a stroke.
fn points(stroke: &Value, layout: Layout) -> Result<Vec<[f32; 2]>, String> {
    let wrong = || "a stroke is a list of points [x, y], or a list of all x and one of all y".to_string();
    let number = |value: &Value| value.as_f64().map(|number| number as f32);
    let coordinate = |value: &Value, names: [&str; 2], place| {
        names.iter().find_map(|name| value.get(*name)).or_else(|| value.get(place)).cloned()
    };
    let of_point = |point: &Value| {
        let [x, y] = [(["x", "X"], 0), (["y", "Y"], 1)].map(|(names, place)| coordinate(point, names, place));
        Some([number(&x?)?, number(&y?)?])
    };
    if let Some(points) =
        stroke.get("points").or_else(|| stroke.as_array().filter(|_| layout == Layout::Points).map(|_| stroke))
    {
        let points = points.as_array().ok_or_else(wrong)?;
        let mut lengths = points.iter().filter_map(Value::as_array).map(Vec::len);
        let first = lengths.next().unwrap_or(0);
        if let Some(numbers) = lengths.chain([first]).find(|&length| length > MOST || length != first) {
            return Err(format!(
                "a point has {numbers} numbers, another {first}; write a stroke as a list of points: [[x, y], [x, y], …]"
            ));
        }
        let pens =
            |point: &Value| point.as_array().filter(|p| p.len() >= 3).map(|p| p.iter().skip(2).cloned().collect());
        let pens: Option<Vec<Vec<Value>>> = points.iter().map(pens).collect();
        if let Some(pens) = pens.filter(|pens| pens.len() > 2 && pens.iter().flatten().all(is_pen))
            && pens.iter().any(|pen| Some(pen) != pens.first())
        {
            return Err(
                "points are [dx, dy, pen] as in sketch-rnn: write them as absolute [x, y], a list for each stroke"
                    .into(),
            );
        }
        return points.iter().map(of_point).collect::<Option<_>>().ok_or_else(wrong);
    }
    let [x, y] = [(["x", "X"], 0), (["y", "Y"], 1)].map(|(names, place)| coordinate(stroke, names, place));
    let (Some(Value::Array(x)), Some(Value::Array(y))) = (x, y) else { return Err(wrong()) };
    if x.len() != y.len() {
        return Err(format!("a stroke has {} x, but {} y", x.len(), y.len()));
    }
    x.iter().zip(&y).map(|(x, y)| Some([number(x)?, number(y)?])).collect::<Option<_>>().ok_or_else(wrong)
}

/// True for the state of a pen, 0 or 1.
fn is_pen(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number == 0.0 || number == 1.0)
}

/// The message of serde_json, with the column in place of its line number, which is always 1.
fn message(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the object does not end on its line; write each drawing on a line of its own".into();
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    format!("{text} (character {})", error.column())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_drawing_in_many_layouts() {
        let expected = vec![vec![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], vec![[7.0, 8.0]]];
        for strokes in [
            r#""label":"a","strokes":[[[1,2],[3,4],[5,6]],[[7,8]]]"#,
            r#""label":"a","strokes":[[[1,2,0.5],[3,4,17],[5,6,20]],[[7,8,30]]]"#,
            r#""label":"a","strokes":[[{"x":1,"y":2},{"x":3,"y":4},{"x":5,"y":6}],[{"x":7,"y":8}]]"#,
            r#""label":"a","strokes":[{"points":[[1,2],[3,4],[5,6]]},{"points":[{"x":7,"y":8,"t":9}]}]"#,
            r#""word":"a","countrycode":"DE","recognized":true,"drawing":[[[1,3,5],[2,4,6]],[[7],[8]]]"#,
            r#""word":"a","drawing":[[[1,3,5],[2,4,6],[0,10,20]],[[7],[8],[30]]]"#,
            r#""label":"a","ink":[{"x":[1,3,5],"y":[2,4,6],"t":[0,1,2]},{"x":[7],"y":[8]}]"#,
        ] {
            let line = format!("{{{strokes}}}");
            let (sample, written) = parse(&line, layout(&line)).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!((sample.label.as_str(), &sample.strokes.strokes), ("a", &expected), "{line}");
            assert!(written.split.is_none() && written.cuts.is_none(), "{line}");
        }
    }

    #[test]
    fn a_line_that_could_be_either_is_read_as_its_file() {
        let line = r#"{"label":"a","strokes":[[[1,2],[3,4]]]}"#;
        assert_eq!(layout(line), None);
        let read = |layout| parse(line, layout).unwrap().0.strokes.strokes;
        assert_eq!(read(None), [[[1.0, 2.0], [3.0, 4.0]]]);
        assert_eq!(read(Some(Layout::Columns)), [[[1.0, 3.0], [2.0, 4.0]]]);
        let quick_draw = r#"{"word":"a","drawing":[[[1,2],[3,4]]]}"#;
        assert_eq!(parse(quick_draw, None).unwrap().0.strokes.strokes, [[[1.0, 3.0], [2.0, 4.0]]]);
    }

    #[test]
    fn other_layouts_are_named() {
        let error = |line: &str| parse(line, layout(line)).unwrap_err();
        assert!(error(r#"{"label":"a","strokes":[[0,0,0],[5,1,0],[3,-2,1]]}"#).contains("sketch-rnn"));
        assert!(
            error(r#"{"label":"a","strokes":[[1,2,3,4,5,6,7,8,9,10],[1,2,3,4]]}"#)
                .starts_with("a point has 4 numbers, another 10")
        );
        assert!(parse(r#"{"label":"a","strokes":[[[0,0,1],[5,1,1],[3,2,1]]]}"#, None).is_ok(), "pressure");
        assert!(error(r#"{"label":"a","strokes":[["M 1 2"]]}"#).starts_with("a stroke is a list of points"));
        assert!(error(r#"{"label":"a","drawing":[[[1,2,3],[1,2]]]}"#).contains("a stroke"));
        assert!(error(r#"[1]"#).starts_with("a drawing is {"));
        assert!(error("nonsense").starts_with("expected ident"));
    }
}

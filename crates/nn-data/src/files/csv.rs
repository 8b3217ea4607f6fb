//! CSV: one picture per row, its label and then its values, as in the public MNIST files; plain or gzipped.
//!
//! A row is `label,p0,p1,…`, the values row by row and channels last. The number of values gives the size: a square
//! number is a square grey picture, three times a square number a square colour picture. The first row is a header if
//! none of its fields is a number. If no value of the file is above 1, values are 0..1 (also where all are 0 or 1),
//! otherwise 0..255.

use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder, Writer};

use crate::dataset::Dataset;
use crate::disk;
use crate::error::Error;
use crate::files::options::LoadOptions;
use crate::size::Size;

/// Reads a CSV file, at most `options.limit` rows of it. Returns with it lines about how it was understood.
///
/// # Errors
/// [`Error::Line`] names line and column of a row of another length and of a value that is not a number or outside
/// 0..255; [`Error::Dataset`] when the file has only a header or nothing; [`Error::Missing`], [`Error::Read`].
pub fn read(path: &Path, options: &LoadOptions) -> Result<(Dataset, Vec<String>), Error> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(disk::open(path)?);
    let mut row = ByteRecord::new();
    let mut columns = None;
    let mut names = Vec::new();
    let mut values = Values { bytes: Vec::new(), up_to_one: true };
    while names.len() < options.limit.unwrap_or(usize::MAX) && next(&mut reader, &mut row, path)? {
        let line = row.position().map_or(0, ::csv::Position::line);
        let error = |column, problem| Error::Line { path: path.into(), line, column, problem };
        match columns {
            None => {
                columns = Some(row.len());
                if row.iter().all(|field| number(field).is_none()) {
                    continue; // the header
                }
            }
            Some(n) if n != row.len() => {
                return Err(error(None, format!("{} columns, but the first row has {n}", row.len())));
            }
            Some(_) => {}
        }
        names.push(label(&row[0]).map_err(|problem| error(Some(1), problem))?);
        for (i, field) in row.iter().enumerate().skip(1) {
            values.push(field).map_err(|problem| error(Some(i + 1), problem))?;
        }
    }
    let columns = columns.ok_or_else(|| Error::dataset(path, "the file has no rows"))?;
    let size = size_of(columns - 1).ok_or_else(|| {
        let problem = format!(
            "{} values a row are no square picture, grey or colour; a row is label,p0,p1,… with commas between",
            columns - 1
        );
        Error::dataset(path, problem)
    })?;
    if names.is_empty() {
        return Err(Error::dataset(path, "the file has a header, but no rows"));
    }
    Ok((Dataset::from_names(size, values.bytes, &names, vec![])?, vec![]))
}

/// Writes a dataset with a header `label,p0,p1,…` and values 0..255; a name that ends in .gz is gzipped.
///
/// # Errors
/// [`Error::Dataset`] when the pictures are not square, since the size would be lost; [`Error::Write`].
pub fn write(dataset: &Dataset, path: &Path) -> Result<(), Error> {
    if size_of(dataset.features()) != Some(dataset.size()) {
        let problem = format!("CSV holds square pictures only, not {}; write IDX or a folder", dataset.size());
        return Err(Error::dataset(path, problem));
    }
    let texts: Vec<String> = (0..=255).map(|value| value.to_string()).collect();
    disk::write_packed(path, |writer| {
        let mut writer = Writer::from_writer(writer);
        writer.write_record(std::iter::once("label".into()).chain((0..dataset.features()).map(|i| format!("p{i}"))))?;
        for i in 0..dataset.len() {
            writer.write_field(&dataset.classes()[dataset.label(i) as usize])?;
            writer.write_record(dataset.image(i).iter().map(|&p| &texts[usize::from(p)]))?;
        }
        writer.flush()
    })
}

fn next(reader: &mut ::csv::Reader<impl std::io::Read>, row: &mut ByteRecord, path: &Path) -> Result<bool, Error> {
    reader.read_byte_record(row).map_err(|error| match error.into_kind() {
        ::csv::ErrorKind::Io(source) => Error::read(path)(source),
        kind => Error::dataset(path, format!("{kind:?}")),
    })
}

/// The size of a square picture, grey or colour, with this number of values.
fn size_of(values: usize) -> Option<Size> {
    [1, 3].into_iter().find_map(|channels| {
        let side = (values / channels).isqrt();
        (values > 0 && side * side * channels == values).then(|| Size::new(side, side, channels))
    })
}

/// A label as text; a whole number may be written as 3.0.
fn label(field: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(field).map_err(|_| "the label is no UTF-8 text".to_string())?.trim();
    let whole = text.strip_suffix(".0").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let text = whole.filter(|digits| !digits.is_empty()).unwrap_or(text);
    if text.is_empty() { Err("the label is missing".into()) } else { Ok(text.into()) }
}

fn number(field: &[u8]) -> Option<f32> {
    std::str::from_utf8(field).ok()?.trim().parse().ok()
}

/// Values as bytes: 0..1 stretched to 0..255 until one is above 1.
struct Values {
    bytes: Vec<u8>,
    up_to_one: bool,
}

impl Values {
    #[inline]
    fn push(&mut self, field: &[u8]) -> Result<(), String> {
        let whole = match *field {
            [a] if a.is_ascii_digit() => u32::from(a - b'0'),
            [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => u32::from(a - b'0') * 10 + u32::from(b - b'0'),
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_digit) => {
                u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10 + u32::from(c - b'0')
            }
            _ => u32::MAX,
        };
        match u8::try_from(whole) {
            Ok(byte) if !self.up_to_one => self.bytes.push(byte), // the common case, and fast
            _ => self.push_number(in_range(field)?),
        }
        Ok(())
    }

    fn push_number(&mut self, value: f32) {
        if self.up_to_one && value > 1.0 {
            // So far all were 0..1 and stretched; they are not.
            self.up_to_one = false;
            self.bytes.iter_mut().for_each(|byte| *byte = u8::from(*byte >= 128));
        }
        self.bytes.push((value * if self.up_to_one { 255.0 } else { 1.0 }).round() as u8);
    }
}

fn in_range(field: &[u8]) -> Result<f32, String> {
    let shown = || String::from_utf8_lossy(field).chars().take(40).collect::<String>();
    let value = number(field).ok_or_else(|| format!("{:?} is no number", shown()))?;
    if (0.0..=255.0).contains(&value) { Ok(value) } else { Err(format!("{value} is outside 0..255")) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Dataset, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, &LoadOptions::default())
            .map(|(d, _)| d)
            .map_err(|e| e.to_string().replace(&*path.to_string_lossy(), "d.csv"))
    }

    #[test]
    fn numbers_and_texts_with_and_without_header() {
        let d = parse("label,a,b,c,d\n5,0,255,1,7\n3.0, 2 ,1e1,12.6,0\n").unwrap();
        assert_eq!(d.classes(), ["3", "5"]);
        assert_eq!(d.pixels(), [0, 255, 1, 7, 2, 10, 13, 0]);
        let d = parse("\u{feff}cat,1,2,3,4\r\n\"a,b\",5,6,7,8\r\n").unwrap();
        assert_eq!((d.classes(), d.labels()), (&["a,b".to_string(), "cat".to_string()][..], &[1, 0][..]));
        assert_eq!(parse("a,1,2,3\n").unwrap().size(), Size::new(1, 1, 3));
    }

    #[test]
    fn values_up_to_one_are_stretched() {
        assert_eq!(parse("1,0,0.5,1,1\n2,0,0,0,0.1").unwrap().pixels(), [0, 128, 255, 255, 0, 0, 0, 26]);
        assert_eq!(parse("1,0,1,1,0").unwrap().pixels(), [0, 255, 255, 0]);
        assert_eq!(parse("1,0,1,0.6,0.2\n2,0,1,2,255").unwrap().pixels(), [0, 1, 1, 0, 0, 1, 2, 255]);
    }

    #[test]
    fn every_defect_names_its_place() {
        let error = |text: &str| parse(text).unwrap_err();
        assert_eq!(error("1,2,3,4,5\n1,2,3,4\n"), "d.csv, line 2: 4 columns, but the first row has 5");
        assert_eq!(error("l,a,b,c,d\n1,2,3,4,5,6\n"), "d.csv, line 2: 6 columns, but the first row has 5");
        assert_eq!(error("1,2,3,4,5\n1,2,x,4,5\n"), "d.csv, line 2, column 3: \"x\" is no number");
        assert_eq!(error("a,2,x,4,5\n"), "d.csv, line 1, column 3: \"x\" is no number");
        assert_eq!(error("1,2,,4,5\n"), "d.csv, line 1, column 3: \"\" is no number");
        assert_eq!(error("1,2,256,4,5\n"), "d.csv, line 1, column 3: 256 is outside 0..255");
        assert_eq!(error("1,2,-1,4,5\n"), "d.csv, line 1, column 3: -1 is outside 0..255");
        assert_eq!(error("1,NaN,1,4,5\n"), "d.csv, line 1, column 2: NaN is outside 0..255");
        assert_eq!(error("1,inf,1,4,5\n"), "d.csv, line 1, column 2: inf is outside 0..255");
        assert_eq!(error(",1,1,4,5\n"), "d.csv, line 1, column 1: the label is missing");
        assert_eq!(error("l,a,b,c,d\n"), "d.csv: the file has a header, but no rows");
        assert_eq!(error("\n\n"), "d.csv: the file has no rows");
        assert_eq!(error(""), "d.csv: the file is empty");
        assert!(error("1;2;3\n1;2;3\n").starts_with("d.csv: "), "other separators");
        assert!(error("1,2,3\n").starts_with("d.csv: 2 values a row are no square picture"));
    }

    #[test]
    fn round_trip_plain_and_gzipped() {
        let folder = tempfile::tempdir().unwrap();
        let pixels = (0..=255).cycle().take(2 * 3072).collect();
        let d = Dataset::from_names(Size::new(32, 32, 3), pixels, &["a \"quoted\", label", "7"], vec![]).unwrap();
        for name in ["a.csv", "a.csv.gz"] {
            let path = folder.path().join(name);
            write(&d, &path).unwrap();
            let read = |limit| read(&path, &LoadOptions { limit, ..LoadOptions::default() }).unwrap().0;
            assert_eq!((read(None), read(Some(1)).labels()), (d.clone(), &[0][..]));
        }
        let flat = Dataset::from_names(Size::new(1, 2, 1), vec![1, 2], &["a"], vec![]).unwrap();
        assert!(write(&flat, &folder.path().join("b.csv")).unwrap_err().to_string().contains("square pictures only"));
    }
}

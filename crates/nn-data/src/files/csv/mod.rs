//! CSV: one picture per row, its label and its values, as in the public MNIST files; plain or gzipped.
//!
//! A row is `label,p0,p1,…`, the values row by row and channels last. The number of values gives the size: a square
//! number is a square grey picture, three times a square number a square colour picture. `text` finds the encoding and
//! the separator, `header` and `columns` which column is the label and which are values, `values` makes bytes of them:
//! values up to 1 are stretched to 0..255 (also where all are 0 or 1), and so are other ranges, with a line that says so.

mod columns;
mod distribution;
mod header;
pub(crate) mod list;
mod text;
mod values;

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use ::csv::ByteRecord;

use crate::dataset::Dataset;
use crate::dataset::sorted_classes;
use crate::disk;
use crate::disk::memory::Memory;
use crate::disk::source::Source;
use crate::error::Error;
use crate::files::alpha;
use crate::files::csv::columns::{Columns, Label, hot};
use crate::files::csv::text::Rows;
pub(crate) use crate::files::csv::text::{is_named_so, is_table};
use crate::files::csv::values::{Values, label};
use crate::files::options::LoadOptions;
use crate::files::planes;
use crate::files::range::Scale;
use crate::size::Size;

/// The name of the first value's column in tables that were written here; their colours stand beside each other.
const FIRST: &[u8] = b"p0";

/// Rows from which the columns are told apart.
const HEAD: usize = 1000;

/// Reads a CSV file, at most `options.limit` rows of it. Returns with it lines about how it was understood.
///
/// # Errors
/// [`Error::Line`] names line and column of a row of another length and of a value that is not a number or lies outside
/// the range of the others; [`Error::Dataset`] when the rows are no pictures, or have no labels and those are wanted;
/// [`Error::Missing`], [`Error::Read`].
pub fn read(path: &Path, options: &LoadOptions) -> Result<(Dataset, Vec<String>), Error> {
    read_part(path, options, &mut options.scale.clone())
}

/// As [`read`]. `scale` is that of the data that the file belongs to, and becomes the file's.
pub(crate) fn read_part(
    path: &Path,
    options: &LoadOptions,
    scale: &mut Option<Scale>,
) -> Result<(Dataset, Vec<String>), Error> {
    read_source(Source::file(path), options, scale)
}

/// Reads the content of a CSV file, plain or gzipped, as [`read`] does; `name` is what errors call it.
///
/// # Errors
/// As [`read`].
pub fn from_bytes(name: &str, content: &[u8], options: &LoadOptions) -> Result<(Dataset, Vec<String>), Error> {
    read_source(Source::memory(name, content), options, &mut options.scale.clone())
}

fn read_source(
    source: Source<'_>,
    options: &LoadOptions,
    scale: &mut Option<Scale>,
) -> Result<(Dataset, Vec<String>), Error> {
    let path = source.path;
    let mut rows = Rows::open(source)?;
    let mut head = vec![];
    let mut row = ByteRecord::new();
    let mut need = 0;
    while head.len() < HEAD && rows.next(&mut row)? {
        need += (row.as_slice().len() + 8 * row.len()) as u64;
        options.memory.check(path, need)?;
        head.push(row.clone());
    }
    let columns = Columns::find(&head);
    if head.len() <= usize::from(columns.header) {
        let problem = if columns.header { "the file has a header, but no rows" } else { "the file has no rows" };
        return Err(Error::dataset(path, problem));
    }
    let before = *scale;
    let mut reading = Reading { path, options, columns: &columns, before, scale: Scale::BYTES };
    let (mut labels, mut values) = reading.rows(rows.again()?)?;
    let found = reading.scale(&values, labels.len())?;
    if found != reading.scale {
        reading.scale = found;
        (labels, values) = reading.rows(rows.again()?)?;
    }
    *scale = Some(found);
    let mut size = reading.size(&head)?;
    let mut notes = columns.notes.clone();
    notes.extend(values.whole_range().note(reading.scale, before));
    let mut pixels = values.bytes;
    let first = columns.pixels.first().and_then(|&column| head.first()?.get(column));
    if first != Some(FIRST) {
        notes.extend(planes::interleave(&mut pixels, size));
        if let Some(opaque) = alpha::remove(&pixels, size) {
            (pixels, size) = (opaque.pixels, opaque.size);
            notes.push(opaque.note);
        }
    }
    let more = if options.limit == Some(labels.len()) {
        reading.labels_after(labels.len(), rows.again()?)?
    } else {
        HashSet::new()
    };
    let classes = sorted_classes(labels.iter().chain(&more).map(String::as_str)); // also where the limit left one out
    let dataset = Dataset::from_names(size, pixels, &labels, vec![])?.with_classes(&classes)?;
    if columns.label == Label::Missing {
        notes.push("it has no column of labels".into());
    } else if dataset.classes().len() == dataset.len() && dataset.len() > 10 {
        notes.push(format!("each of its {} rows has a label of its own: is that column the label?", dataset.len()));
    }
    Ok((dataset, notes.into_iter().map(|note| format!("{}: {note}", path.display())).collect()))
}

/// How the rows of a file are read.
struct Reading<'a> {
    path: &'a Path,
    options: &'a LoadOptions,
    columns: &'a Columns,
    /// The scale of the data that the file belongs to.
    before: Option<Scale>,
    scale: Scale,
}

impl Reading<'_> {
    /// The labels that occur behind the first `known` rows, where that can be told.
    fn labels_after(&self, known: usize, mut rows: Rows<'_>) -> Result<HashSet<String>, Error> {
        let (mut row, mut left) = (ByteRecord::new(), known + usize::from(self.columns.header));
        let mut labels = HashSet::new();
        while rows.next(&mut row)? {
            if left > 0 {
                left -= 1;
            } else if row.len() == self.columns.count
                && let Ok(label) = self.columns.label.of(&row)
            {
                labels.insert(label);
            }
        }
        Ok(labels)
    }

    /// The labels and the values of all rows.
    fn rows(&self, mut rows: Rows<'_>) -> Result<(Vec<String>, Values), Error> {
        let Self { path, options, columns, .. } = *self;
        let mut values = Values::new(self.scale);
        let (mut labels, mut row) = (vec![], ByteRecord::new());
        if columns.header {
            rows.next(&mut row)?;
        }
        while labels.len() < options.limit.unwrap_or(usize::MAX) && rows.next(&mut row)? {
            let line = row.position().map_or(0, ::csv::Position::line);
            let error = |column, problem| Error::Line { path: path.into(), line, column, problem };
            if row.len() != columns.count {
                return Err(error(None, format!("{} columns, but the first row has {}", row.len(), columns.count)));
            }
            options.memory.check(path, Memory::of_samples(labels.len() as u64 + 1, columns.pixels.len() as u64))?;
            labels.push(columns.label.of(&row).map_err(|(column, problem)| error(Some(column + 1), problem))?);
            for &i in &columns.pixels {
                values
                    .push(row.get(i).unwrap_or_default(), line, i + 1)
                    .map_err(|problem| error(Some(i + 1), problem))?;
            }
        }
        Ok((labels, values))
    }

    /// The scale that fits all values.
    fn scale(&self, values: &Values, rows: usize) -> Result<Scale, Error> {
        match (values.whole_range().scale_after(self.before, rows), &values.outside) {
            (Some(scale), _) => Ok(scale),
            (None, None) => Ok(Scale::BYTES),
            (None, Some(outside)) => Err(Error::Line {
                path: self.path.into(),
                line: outside.line,
                column: Some(outside.column),
                problem: format!("{} is outside 0..255", outside.value),
            }),
        }
    }

    /// The size of the pictures, if these are pictures.
    fn size(&self, head: &[ByteRecord]) -> Result<Size, Error> {
        let values = self.columns.pixels.len();
        let rows = head.get(usize::from(self.columns.header)..).unwrap_or_default();
        let one_hot = |row: &ByteRecord| hot(row, 0..row.len()).is_some();
        let problem = match Size::square(values) {
            _ if rows.len() > 1 && self.columns.count > 1 && rows.iter().all(one_hot) => {
                "each row is a 1 among zeros: these are labels (one-hot), no pictures".into()
            }
            _ if rows.first().is_some_and(|row| row.iter().any(holds_a_picture)) => {
                "a field holds all values of a picture, with blanks between; give each value a column of its own".into()
            }
            _ if values < 2 => "its rows are labels or names without values: no pictures".into(),
            None => format!(
                "{values} values per row are no square picture, grey or colour; a row is label,p0,p1,… (a header may name another column `label`)"
            ),
            Some(size) if size.height < 5 && !self.options.tiny => {
                format!("{values} values per row would be pictures of {size}; if they are pictures, add --tiny")
            }
            Some(_) if self.columns.label == Label::Missing && !self.options.unlabelled => {
                "it has no column of labels; give it one that a header calls `label`, or read it by `classify -d`"
                    .into()
            }
            Some(size) => return Ok(size),
        };
        Err(Error::dataset(self.path, problem))
    }
}

/// True for a field with as many numbers between blanks as a picture has pixels.
fn holds_a_picture(field: &[u8]) -> bool {
    let mut parts = field.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty()).map(values::number);
    field.len() > 50 && parts.by_ref().take(25).filter(Option::is_some).count() == 25
}

/// Writes a dataset with a header `label,p0,p1,…` and values 0..255; a name that ends in .gz is gzipped.
///
/// # Errors
/// [`Error::Dataset`] when the pictures are not square, since the size would be lost, and for a class that would be read as
/// another, such as `3.0`; [`Error::Write`].
pub fn write(dataset: &Dataset, path: &Path) -> Result<(), Error> {
    if Size::square(dataset.features()) != Some(dataset.size()) {
        let problem = format!("CSV holds square pictures only, not {}; write IDX or a folder", dataset.size());
        return Err(Error::dataset(path, problem));
    }
    let changed = |class: &&String| label(class.as_bytes()).ok().as_ref() != Some(*class);
    if let Some(class) = dataset.classes().iter().find(changed) {
        let problem =
            format!("a CSV cannot hold the label {class:?}, which would be read as another; write .npz or a folder");
        return Err(Error::dataset(path, problem));
    }
    disk::write_packed(path, |writer| write_to(dataset, writer))
}

/// Writes a dataset of square pictures as [`write()`] does, to any writer.
///
/// # Errors
/// Those of the writer.
pub fn write_to(dataset: &Dataset, writer: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(writer);
    writer.write_record(std::iter::once("label".into()).chain((0..dataset.features()).map(|i| format!("p{i}"))))?;
    for i in 0..dataset.len() {
        writer.write_field(dataset.class_of(i))?;
        writer.write_record(dataset.image(i).iter().map(u8::to_string))?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests;

//! The text of a table: its encoding, the character between its columns, and its rows.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder};

use crate::disk;
use crate::disk::bounded::{Bounded, LONGEST};
use crate::disk::source::Source;
use crate::error::Error;

/// Text that is looked at to find the separator.
const START: u64 = 1 << 20;

/// The rows of a table, from the first.
pub(crate) struct Rows<'a> {
    source: Source<'a>,
    reader: ::csv::Reader<Bounded<BufReader<Box<dyn Read + 'a>>>>,
    separator: u8,
    /// Bytes and lines before the first row.
    before: [u64; 2],
}

impl<'a> Rows<'a> {
    /// Opens a table and finds its separator: a tab, `;`, `|`, a comma or blanks.
    pub(crate) fn open(source: Source<'a>) -> Result<Self, Error> {
        let mut start = Vec::new();
        text(source)?.take(START).read_to_end(&mut start).map_err(Error::read(source.path))?;
        let (before, told) = preamble(&start);
        let rows = start.get(before[0] as usize..).unwrap_or_default();
        Self::separated(source, told.unwrap_or_else(|| separator(rows)), before)
    }

    /// The same table from its first row again.
    pub(crate) fn again(&self) -> Result<Self, Error> {
        Self::separated(self.source, self.separator, self.before)
    }

    fn separated(source: Source<'a>, separator: u8, before: [u64; 2]) -> Result<Self, Error> {
        let mut builder = ReaderBuilder::new();
        let mut text = BufReader::new(text(source)?);
        io::copy(&mut text.by_ref().take(before[0]), &mut io::sink()).map_err(Error::read(source.path))?;
        let text = Bounded::new(text, LONGEST);
        let reader = builder.has_headers(false).flexible(true).delimiter(separator).from_reader(text);
        Ok(Self { source, reader, separator, before })
    }

    /// Reads the next row into `row`, passing over blank lines; false after the last.
    pub(crate) fn next(&mut self, row: &mut ByteRecord) -> Result<bool, Error> {
        loop {
            let more = self.read(row)?;
            let blank = row.len() < 2 && row.as_slice().trim_ascii().is_empty();
            if !more || !blank {
                return Ok(more);
            }
        }
    }

    /// True if a field holds a line break and, after it, whole rows.
    fn holds_rows(&self, field: &[u8]) -> bool {
        let after = field.iter().position(|byte| *byte == b'\n').and_then(|at| field.get(at..));
        after.is_some_and(|rows| rows.iter().filter(|byte| **byte == self.separator).count() >= 10)
    }

    /// Reads a line; blanks alone are an empty row.
    fn read(&mut self, row: &mut ByteRecord) -> Result<bool, Error> {
        self.reader.get_mut().renew();
        let more = self.reader.read_byte_record(row).map_err(|error| match error.into_kind() {
            ::csv::ErrorKind::Io(error) => Error::read(self.source.path)(error),
            kind => Error::dataset(self.source.path, format!("{kind:?}")),
        })?;
        let position = row.position().cloned().map(|mut position| {
            position.set_line(position.line() + self.before[1]);
            position
        });
        if let Some(column) = row.iter().position(|field| self.holds_rows(field)) {
            let line = position.map_or(0, |position| position.line());
            let problem = "a quote opens here, and closes lines later; a quote that is a label is written \"\"\"\"";
            return Err(Error::Line {
                path: self.source.path.into(),
                line,
                column: Some(column + 1),
                problem: problem.into(),
            });
        }
        row.set_position(position.clone());
        if self.separator == b' ' {
            *row = row.iter().filter(|field| !field.is_empty()).collect(); // several blanks separate as one does
            row.set_position(position);
        }
        Ok(more)
    }
}

/// The bytes and lines of a table before its first row: Excel's `sep=;`, which tells the separator, and comments, lines that begin
/// with `#` and have another number of columns than the first row.
fn preamble(start: &[u8]) -> ([u64; 2], Option<u8>) {
    let (mut before, mut told) = ([0, 0], None);
    let mut lines = start.split_inclusive(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        let text = line.trim_ascii();
        let columns = |line: &[u8]| line.iter().filter(|byte| b",;|\t".contains(byte)).count();
        match text {
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] if told.is_none() => told = Some(*separator),
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] if line.contains(&b'\t') => told = Some(b'\t'),
            [b'#', ..] => match lines.clone().find(|line| !line.starts_with(b"#")) {
                Some(row) if columns(row) != columns(text) => {}
                _ => break,
            },
            _ => break,
        }
        before = [before[0] + line.len() as u64, before[1] + 1];
    }
    (before, told)
}

/// True if the name is that of a table.
pub(crate) fn is_named_so(path: &Path) -> bool {
    [".csv", ".tsv"].iter().any(|ending| disk::plain_name(path).ends_with(ending))
}

/// True if the file begins as a table does: lines of printable characters, ten separators or more in the first.
pub(crate) fn is_table(path: &Path) -> Result<bool, Error> {
    let mut start = Vec::new();
    text(Source::file(path))?.take(1 << 16).read_to_end(&mut start).map_err(Error::read(path))?;
    let first = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let printable = first.iter().all(|&byte| byte >= b' ' || byte == b'\t' || byte == b'\r');
    let numbers = first.iter().filter(|byte| b",;|\t ".contains(byte)).count() >= 10;
    Ok(printable && numbers)
}

/// The text of a file as UTF-8, without a mark at its start. UTF-16 is known by that mark or by its zeros.
fn text(source: Source<'_>) -> Result<Box<dyn Read + '_>, Error> {
    let mut reader = source.open()?;
    let start = reader.fill_buf().map_err(Error::read(source.path))?;
    let (mark, high) = match start {
        [0xef, 0xbb, 0xbf, ..] => (3, None),
        [0xff, 0xfe, ..] => (2, Some(1)),
        [0xfe, 0xff, ..] => (2, Some(0)),
        [first, 0, second, 0, ..] if *first > 0 && *second > 0 => (0, Some(1)),
        [0, first, 0, second, ..] if *first > 0 && *second > 0 => (0, Some(0)),
        _ => (0, None),
    };
    reader.consume(mark);
    Ok(match high {
        Some(high) => Box::new(Utf16 { reader, high, waiting: Vec::new() }),
        None => reader,
    })
}

/// UTF-16, read as UTF-8. `high` is the place of the high byte in each pair.
struct Utf16<'a> {
    reader: Box<dyn BufRead + 'a>,
    high: usize,
    waiting: Vec<u8>,
}

impl Read for Utf16<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.waiting.is_empty() {
            let mut bytes = Vec::new();
            self.reader.by_ref().take(1 << 16).read_to_end(&mut bytes)?;
            let unit =
                |pair: &[u8; 2]| if self.high == 0 { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
            if bytes.last_chunk().is_some_and(|last| unit(last) & 0xfc00 == 0xd800) {
                self.reader.by_ref().take(2).read_to_end(&mut bytes)?; // the second half of a pair
            }
            let units = bytes.as_chunks().0.iter().map(unit);
            self.waiting =
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into();
        }
        let n = self.waiting.as_slice().read(out)?;
        self.waiting.drain(..n);
        Ok(n)
    }
}

/// The character between the columns: the first of tab, `;` and `|` that more than half of the lines have as often as the
/// first; else a comma if the first line has one; else blanks if it has some.
fn separator(start: &[u8]) -> u8 {
    let lines = start.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()).take(10);
    let lines: Vec<&[u8]> = lines.collect();
    let count = |line: &[u8], separator| {
        let mut quoted = false;
        line.iter()
            .filter(|&&byte| {
                quoted ^= byte == b'"';
                !quoted && byte == separator
            })
            .count()
    };
    let Some(first) = lines.first() else { return b',' };
    let regular = |separator: u8| {
        let wanted = count(first, separator);
        wanted > 0 && 2 * lines.iter().filter(|line| count(line, separator) == wanted).count() > lines.len()
    };
    let known = [b'\t', b';', b'|'].into_iter().find(|&separator| regular(separator));
    let blanks = || count(first, b',') == 0 && first.trim_ascii().contains(&b' ');
    known.unwrap_or_else(|| if blanks() { b' ' } else { b',' })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut rows = Rows::open(Source::file(&path))?;
        let (mut row, mut all) = (ByteRecord::new(), vec![]);
        while rows.next(&mut row)? {
            all.push(row.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
        }
        Ok(all)
    }

    #[test]
    fn separators_are_found() {
        let expected = [["l", "a", "b"], ["1", "2", "3"]];
        for text in [
            "l,a,b\n1,2,3\n",
            "l;a;b\r\n1;2;3",
            "l\ta\tb\n1\t2\t3\n",
            "l|a|b\n1|2|3",
            " l a  b\n1  2 3 \n",
            "l,a,b\r1,2,3\r",
        ] {
            assert_eq!(rows(text.as_bytes()).unwrap(), expected, "{text:?}");
        }
        assert_eq!(rows(b"\n \nl,a,b\n1,2,3\n\n \t\n").unwrap(), expected, "blank lines");
        assert_eq!(rows(b"a;0,5;1\nb;0;0,1\n").unwrap()[0], ["a", "0,5", "1"], "decimal commas");
        assert_eq!(rows(b"l,a\n;,1\n\";\",2\nx,3").unwrap()[2], [";", "2"], "a label that looks like a separator");
    }

    #[test]
    fn what_stands_before_the_rows_is_passed_over() {
        let expected = [["l", "a", "b"], ["1", "2", "3"]];
        for text in ["sep=;\r\nl;a;b\n1;2;3\n", "# made by x, y\n#\nl,a,b\n1,2,3\n", "SEP=,\nl,a,b\n1,2,3\n"] {
            assert_eq!(rows(text.as_bytes()).unwrap(), expected, "{text:?}");
        }
        assert_eq!(rows(b"#,0,1\n#,1,0\n").unwrap().len(), 2, "a label");
    }

    #[test]
    fn a_quote_that_swallows_rows_is_found() {
        let values = ["0"; 20].join(",");
        let error = rows(format!("7,{values}\n\",{values}\n8,{values}\n\",{values}\n").as_bytes()).unwrap_err();
        assert!(error.to_string().contains("line 2, column 1: a quote opens here"), "{error}");
        assert_eq!(rows(b"a,\"x\ny\"\n").unwrap(), [["a", "x\ny"]]);
    }

    #[test]
    fn every_encoding_is_utf_8_in_the_end() {
        let text = "l,ä\n𝄞,2\n";
        let expected = [["l", "ä"], ["𝄞", "2"]];
        let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], text.as_bytes()),
            marked(&[0xff, 0xfe], &little),
            marked(&[0xfe, 0xff], &big),
            little,
            big,
        ] {
            assert_eq!(rows(&bytes).unwrap(), expected);
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let long = LONGEST as usize + (1 << 20);
        for bytes in [vec![b'1'; long], [b"\"".to_vec(), b"1,\n".repeat(long / 3)].concat()] {
            let error = rows(&bytes).unwrap_err();
            assert!(format!("{error:?}").contains("longer than 16.0 MiB"), "{error:?}");
        }
    }
}

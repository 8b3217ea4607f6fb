//! One array in NumPy's format (.npy): a header in Python's words, then the values.

use std::io::{BufRead, Read};

use crate::dataset::Dataset;
use crate::size::Size;

/// Values that are read at once.
const BLOCK: usize = 1 << 13;

/// The header of an array.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    kind: Kind,
    /// Bytes per value.
    item: usize,
    big_endian: bool,
    /// True if the first dimension varies fastest.
    fortran: bool,
    /// The dimensions, the slowest first.
    pub shape: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Unsigned,
    Signed,
    Float,
    /// Bytes of text.
    Bytes,
    /// Characters of four bytes each.
    Text,
}

impl Header {
    /// Reads a header, and leaves the reader at the first value.
    ///
    /// # Errors
    /// The problem, in words.
    pub(crate) fn read(reader: &mut dyn BufRead) -> Result<Self, String> {
        let mut start = [0; 10];
        let truncated = |_| "truncated: the file ends within its header".to_string();
        reader.read_exact(&mut start).map_err(truncated)?;
        if !start.starts_with(b"\x93NUMPY") {
            return Err("this is no array of NumPy (.npy)".into());
        }
        let mut length = u64::from(u16::from_le_bytes([start[8], start[9]]));
        if start[6] > 1 {
            let mut high = [0; 2];
            reader.read_exact(&mut high).map_err(truncated)?;
            length |= u64::from(u16::from_le_bytes(high)) << 16;
        }
        if length > 1 << 16 {
            return Err("its header is longer than 64 KiB".into());
        }
        let mut text = String::new();
        reader.take(length).read_to_string(&mut text).map_err(|_| "its header is no text".to_string())?;
        let header = Self::parse(&text);
        header.ok_or_else(|| format!("its values are of a kind that is not read: {}", text.trim()))
    }

    /// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
    fn parse(text: &str) -> Option<Self> {
        let after = |key: &str| text.split_once(key).map(|(_, rest)| rest.trim_start_matches([':', ' ']));
        let descr = after("'descr'")?.strip_prefix('\'')?.split('\'').next()?;
        let shape = after("'shape'")?.strip_prefix('(')?.split_once(')')?.0;
        let shape = shape.split(',').map(str::trim).filter(|n| !n.is_empty()).map(|n| n.parse().ok());
        let fortran = after("'fortran_order'")?.starts_with("True");
        Some(Self { fortran, ..Self::of(descr, shape.collect::<Option<_>>()?)? })
    }

    /// An array whose last dimension varies fastest, with values as `descr` names them: `>i2` for two bytes with a sign,
    /// the highest first. `None` for kinds that are not read and for more values than can be counted.
    pub(crate) fn of(descr: &str, shape: Vec<usize>) -> Option<Self> {
        let (order, kind) = descr.split_at_checked(1)?;
        let (kind, size) = kind.split_at_checked(1)?;
        let size = size.parse::<usize>().ok().filter(|size| (1..=4096).contains(size))?;
        let (kind, item, known) = match kind {
            "b" | "u" => (Kind::Unsigned, size, size <= 8),
            "i" => (Kind::Signed, size, size <= 8),
            "f" => (Kind::Float, size, [2, 4, 8].contains(&size)),
            "S" => (Kind::Bytes, size, true),
            "U" => (Kind::Text, 4 * size, true),
            _ => return None,
        };
        let countable = shape.iter().try_fold(item, |product: usize, n| product.checked_mul(*n)).is_some();
        (known && countable).then_some(Self { kind, item, big_endian: order == ">", fortran: false, shape })
    }

    /// Number of values.
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// True for texts.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Bytes | Kind::Text)
    }

    /// Gives each of the first `count` values as a number to `take`, with its place in the order in which the last
    /// dimension varies fastest.
    ///
    /// # Errors
    /// The problem, in words.
    pub(crate) fn numbers(
        &self,
        reader: &mut dyn BufRead,
        count: usize,
        mut take: impl FnMut(usize, f32),
    ) -> Result<(), String> {
        let all = if self.fortran { self.len() } else { count };
        let mut block = vec![0; BLOCK * self.item];
        for start in (0..all).step_by(BLOCK) {
            block.truncate(BLOCK.min(all - start) * self.item);
            let bytes = &mut block;
            reader.read_exact(bytes).map_err(|_| format!("truncated: it ends before its {} values", self.len()))?;
            for (i, bytes) in (start..).zip(bytes.chunks_exact_mut(self.item)) {
                if self.big_endian {
                    bytes.reverse();
                }
                let place = if self.fortran { self.place(i) } else { i };
                if place < count {
                    take(place, self.number(bytes));
                }
            }
        }
        Ok(())
    }

    /// The value in some bytes, the lowest first.
    fn number(&self, bytes: &[u8]) -> f32 {
        let bits = bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte));
        match (self.kind, self.item) {
            (Kind::Float, 8) => f64::from_bits(bits) as f32,
            (Kind::Float, 4) => f32::from_bits(bits as u32),
            (Kind::Float, _) => half(bits as u16),
            (Kind::Signed, item) => {
                let unused = 64 - 8 * item as u32;
                ((bits << unused) as i64 >> unused) as f32
            }
            _ => bits as f32,
        }
    }

    /// The place of value `i` of the file where the last dimension varies fastest.
    fn place(&self, mut i: usize) -> usize {
        let mut step = self.len();
        let mut place = 0;
        for &n in &self.shape {
            step /= n;
            place += i % n * step;
            i /= n;
        }
        place
    }

    /// Reads all values as texts.
    ///
    /// # Errors
    /// The problem, in words.
    pub(crate) fn texts(&self, reader: &mut dyn BufRead) -> Result<Vec<String>, String> {
        let mut texts = vec![];
        let mut item = vec![0; self.item];
        for _ in 0..self.len() {
            reader
                .read_exact(&mut item)
                .map_err(|_| format!("truncated: {} texts announced, {} there", self.len(), texts.len()))?;
            let text: String = match self.kind {
                Kind::Bytes => String::from_utf8_lossy(&item).into_owned(),
                _ => item
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&code| {
                        let code = if self.big_endian { u32::from_be_bytes(code) } else { u32::from_le_bytes(code) };
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    })
                    .collect(),
            };
            texts.push(text.trim_end_matches('\0').to_string());
        }
        Ok(texts)
    }
}

/// A float of 16 bits.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 => {
            if fraction == 0.0 {
                sign * f32::INFINITY
            } else {
                f32::NAN
            }
        }
        _ => sign * (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

/// The bytes of an array of bytes, as `numpy.save` writes it.
pub(crate) fn bytes_of(shape: &[usize], values: &[u8]) -> Vec<u8> {
    let shape = shape.iter().map(|n| format!("{n},")).collect::<String>();
    encoded("|u1", &shape, values)
}

/// The bytes of a list of texts.
pub(crate) fn texts_of(texts: &[&str]) -> Vec<u8> {
    let longest = texts.iter().map(|text| text.chars().count()).max().unwrap_or(0).max(1);
    let code = |text: &str| {
        let codes = text.chars().map(u32::from).chain(std::iter::repeat(0)).take(longest);
        codes.flat_map(u32::to_le_bytes).collect::<Vec<u8>>()
    };
    let values: Vec<u8> = texts.iter().flat_map(|text| code(text)).collect();
    encoded(&format!("<U{longest}"), &format!("{},", texts.len()), &values)
}

/// A header of whole 64 bytes, then the values.
fn encoded(descr: &str, shape: &str, values: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{text:<width$}\n", width = length - 1).as_bytes());
    bytes.extend(values);
    bytes
}

/// The names and contents of the arrays that hold these parts: what `.npz` archives have inside.
pub(crate) fn members(dataset: &Dataset, part: &str) -> [(String, Vec<u8>); 2] {
    let Size { height, width, channels } = dataset.size();
    let shape = [dataset.len(), height, width, channels];
    let grey = [dataset.len(), height, width];
    let images = bytes_of(if channels == 1 { &grey } else { &shape }, dataset.pixels());
    let labels: Vec<&str> = (0..dataset.len()).map(|i| dataset.class_of(i)).collect();
    let bytes = labels.iter().map(|label| label.parse::<u8>().ok().filter(|n| n.to_string() == **label));
    let labels = match bytes.collect::<Option<Vec<u8>>>() {
        Some(bytes) => bytes_of(&[bytes.len()], &bytes),
        None => texts_of(&labels),
    };
    [(format!("x_{part}.npy"), images), (format!("y_{part}.npy"), labels)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn numbers(descr: &str, shape: &str, fortran: bool, values: &[u8]) -> Result<Vec<f32>, String> {
        let mut bytes = encoded(descr, shape, values);
        if let Some(at) = bytes.windows(5).position(|word| word == b"False").filter(|_| fortran) {
            bytes[at..at + 5].copy_from_slice(b"True ");
        }
        let mut reader = &bytes[..];
        let header = Header::read(&mut reader)?;
        let mut numbers = vec![0.0; header.len()];
        header.numbers(&mut reader, header.len(), |place, value| numbers[place] = value)?;
        Ok(numbers)
    }

    #[test]
    fn numbers_of_every_kind_are_read() {
        for (descr, bytes, expected) in [
            ("|u1", vec![0, 255], [0.0, 255.0]),
            ("|b1", vec![0, 1], [0.0, 1.0]),
            ("|i1", vec![0xff, 5], [-1.0, 5.0]),
            ("<u2", vec![1, 2, 0, 0], [513.0, 0.0]),
            (">u2", vec![1, 2, 0, 0], [258.0, 0.0]),
            ("<i8", [(-7i64).to_le_bytes(), 9i64.to_le_bytes()].concat(), [-7.0, 9.0]),
            ("<f2", vec![0, 0x3c, 0, 0xb8], [1.0, -0.5]),
            ("<f4", [0.25f32.to_le_bytes(), 3f32.to_le_bytes()].concat(), [0.25, 3.0]),
            (">f8", [0.5f64.to_be_bytes(), 4f64.to_be_bytes()].concat(), [0.5, 4.0]),
        ] {
            assert_eq!(numbers(descr, "2,", false, &bytes).unwrap(), expected, "{descr}");
        }
        assert_eq!(numbers("|u1", "2, 3", false, &[1, 2, 3, 4, 5, 6]).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(numbers("|u1", "2, 3", true, &[1, 4, 2, 5, 3, 6]).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn texts_come_back() {
        let bytes = texts_of(&["a", "кот", ""]);
        let mut reader = &bytes[..];
        let header = Header::read(&mut reader).unwrap();
        assert!(header.is_text());
        assert_eq!(header.texts(&mut reader).unwrap(), ["a", "кот", ""]);
        let ascii = encoded("|S2", "2,", b"a\0bc");
        let mut reader = &ascii[..];
        assert_eq!(Header::read(&mut reader).unwrap().texts(&mut reader).unwrap(), ["a", "bc"]);
    }

    #[test]
    fn defects_are_named() {
        let error = |descr, shape, values: &[u8]| numbers(descr, shape, false, values).unwrap_err();
        assert!(error("|O", "2,", &[]).contains("a kind that is not read: {'descr': '|O'"));
        assert!(error("<f4", "9999999999999999999999,", &[]).contains("not read"));
        assert!(error("<f4", "4294967296, 4294967296, 9", &[]).contains("not read"), "no memory for what is claimed");
        assert!(error("|u1", "3,", &[1, 2]).contains("truncated: it ends before its 3 values"));
        let mut start = &bytes_of(&[2], &[1, 2])[..20];
        assert!(Header::read(&mut start).is_err());
        assert!(Header::read(&mut &b"no numpy at all"[..]).unwrap_err().contains("no array of NumPy"));
    }
}

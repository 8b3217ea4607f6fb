//! The values of a table as bytes.

use crate::files::range::{Range, Scale};

/// The values of the rows read so far, and where the first lies that is outside 0..255.
pub(crate) struct Values {
    pub bytes: Vec<u8>,
    pub range: Range,
    pub outside: Option<Outside>,
    scale: Scale,
    /// The lowest and the highest of the values that took the short way; 255 and 0 where none did.
    bounds: [u8; 2],
}

/// A value outside 0..255.
pub(crate) struct Outside {
    pub line: u64,
    pub column: usize,
    pub value: f32,
}

impl Values {
    /// No values yet; they are scaled as they come.
    pub(crate) fn new(scale: Scale) -> Self {
        Self { bytes: Vec::new(), range: Range::EMPTY, outside: None, scale, bounds: [255, 0] }
    }

    /// Takes the value in a field; `column` counts from 1.
    #[inline]
    pub(crate) fn push(&mut self, field: &[u8], line: u64, column: usize) -> Result<(), String> {
        match byte(field) {
            Some(byte) if self.scale == Scale::BYTES => {
                self.bounds = [self.bounds[0].min(byte), self.bounds[1].max(byte)]; // the common case, and fast
                self.bytes.push(byte);
                Ok(())
            }
            _ => self.push_number(field, line, column),
        }
    }

    fn push_number(&mut self, field: &[u8], line: u64, column: usize) -> Result<(), String> {
        let shown = || String::from_utf8_lossy(field).chars().take(40).collect::<String>();
        let value = number(field).ok_or_else(|| format!("{:?} is no number", shown()))?;
        if !value.is_finite() {
            return Err(format!("{value} is outside 0..255"));
        }
        if self.outside.is_none() && !(0.0..=255.0).contains(&value) {
            self.outside = Some(Outside { line, column, value });
        }
        self.range.add(value);
        self.bytes.push(self.scale.byte(value));
        Ok(())
    }

    /// The range of all values.
    pub(crate) fn whole_range(&self) -> Range {
        let mut range = self.range;
        let [low, high] = self.bounds;
        if low <= high {
            range.low = range.low.min(low.into());
            range.high = range.high.max(high.into());
        }
        range
    }
}

/// A whole number of up to three digits that is a byte.
fn byte(field: &[u8]) -> Option<u8> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let whole = match *field {
        [a] => digit(a)?,
        [a, b] => digit(a)? * 10 + digit(b)?,
        [a, b, c] => digit(a)? * 100 + digit(b)? * 10 + digit(c)?,
        _ => return None,
    };
    u8::try_from(whole).ok()
}

/// The number in a field; a comma in it is a decimal comma, since no comma separates there.
pub(crate) fn number(field: &[u8]) -> Option<f32> {
    let text = std::str::from_utf8(field).ok()?.trim();
    text.parse().ok().or_else(|| text.contains(',').then(|| text.replacen(',', ".", 1).parse().ok())?)
}

/// A label as text; a whole number may be written as 3.0.
pub(crate) fn label(field: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(field).map_err(|_| "the label is no UTF-8 text".to_string())?.trim();
    let whole = text.split_once(['.', ',']).filter(|(_, zeros)| !zeros.is_empty() && zeros.bytes().all(|b| b == b'0'));
    let whole = whole.map(|(whole, _)| whole).filter(|whole| whole.parse::<i64>().is_ok());
    match whole.unwrap_or(text) {
        "" => Err("the label is missing".into()),
        label => Ok(scientific(label).unwrap_or_else(|| label.into())),
    }
}

/// The whole number in a text such as `5.000000000000000000e+00`, as NumPy's savetxt writes it.
fn scientific(text: &str) -> Option<String> {
    let (fraction, exponent) = text.split_once('e')?;
    let signed = exponent.starts_with(['+', '-']) && fraction.contains('.');
    let number = text.parse::<f64>().ok().filter(|number| signed && number.fract() == 0.0 && number.abs() < 1e15)?;
    Some(format!("{number:.0}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fields_become_bytes_and_labels() {
        let mut values = Values::new(Scale::BYTES);
        for field in ["0", "17", "255", " 2 ", "1e1", "12.6", "0,4", "300"] {
            values.push(field.as_bytes(), 3, 7).unwrap();
        }
        assert_eq!(values.bytes, [0, 17, 255, 2, 10, 13, 0, 255]);
        let outside = values.outside.as_ref().unwrap();
        assert_eq!((outside.line, outside.column, outside.value), (3, 7, 300.0));
        assert_eq!(values.whole_range(), Range { low: 0.0, high: 300.0, above: 1 });
        let mut bytes = Values::new(Scale::BYTES);
        assert_eq!(bytes.whole_range(), Range::EMPTY);
        ["7", "9"].iter().for_each(|field| bytes.push(field.as_bytes(), 1, 1).unwrap());
        assert_eq!(bytes.whole_range(), Range { low: 7.0, high: 9.0, above: 0 });
        assert_eq!(values.push(b"x", 1, 1).unwrap_err(), "\"x\" is no number");
        let labels = ["7", " 7.0 ", "6.0000", "7,0", "7.5", "a.0", "ä"].map(|text| label(text.as_bytes()).unwrap());
        assert_eq!(labels, ["7", "7", "6", "7", "7.5", "a.0", "ä"]);
        let labels = ["7.000e+00", "-1.2e+01", "7.5e+00", "1e5", "a.e+1"].map(|text| label(text.as_bytes()).unwrap());
        assert_eq!(labels, ["7", "-12", "7.5e+00", "1e5", "a.e+1"]);
        assert!(label(b" ").unwrap_err().contains("missing") && label(&[0xff]).unwrap_err().contains("UTF-8"));
    }
}

//! Values of flags. Each function reads one kind of value, and says what the value must be where it is another.

use nn_data::Memory;

/// Reads a whole number above 0.
///
/// # Errors
/// What the value must be; so for all functions of this file.
pub fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&n| n > 0).ok_or_else(|| "it must be a whole number above 0".into())
}

/// Reads a finite number that `good` accepts.
fn number(text: &str, good: impl Fn(f32) -> bool, wanted: &str) -> Result<f32, String> {
    text.parse().ok().filter(|&x: &f32| x.is_finite() && good(x)).ok_or_else(|| format!("it must be a number {wanted}"))
}

/// Reads a number above 0.
pub fn above_zero(text: &str) -> Result<f32, String> {
    number(text, |x| x > 0.0, "above 0")
}

/// Reads a number of at least 0.
pub fn not_negative(text: &str) -> Result<f32, String> {
    number(text, |x| x >= 0.0, "of at least 0")
}

/// Reads a number from 0 to below 1.
pub fn fraction(text: &str) -> Result<f32, String> {
    number(text, |x| (0.0..1.0).contains(&x), "of at least 0 and below 1")
}

/// Reads a number from 0 to 1.
pub fn share(text: &str) -> Result<f32, String> {
    number(text, |x| (0.0..=1.0).contains(&x), "from 0 to 1")
}

/// Reads a range of factors such as 0.9..1.1.
pub fn range(text: &str) -> Result<(f32, f32), String> {
    let (from, to) = text.split_once("..").ok_or("it must look like 0.9..1.1")?;
    let bounds = from.parse().ok().zip(to.parse().ok());
    let good = |&(from, to): &(f32, f32)| from > 0.0 && from <= to && to.is_finite();
    bounds.filter(good).ok_or_else(|| "it must go from a number above 0 to one that is not smaller, as 0.9..1.1".into())
}

/// Reads an amount of memory such as 500M, 8G or 1000000 (bytes); a K is 1024.
pub fn memory(text: &str) -> Result<Memory, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_uppercase();
    let power = ["", "K", "M", "G", "T"]
        .iter()
        .position(|name| [unit.trim_end_matches("IB"), unit.trim_end_matches('B')].contains(name));
    let bytes = digits.parse::<u64>().ok().zip(power).and_then(|(n, power)| n.checked_mul(1 << (10 * power)));
    bytes.filter(|&bytes| bytes > 0).map(|bytes| Memory { bytes }).ok_or_else(|| "it must look like 500M or 8G".into())
}

/// Reads a width and a height in pixels such as 28x28.
pub fn size(text: &str) -> Result<(u32, u32), String> {
    let side = |text: &str| text.parse().ok().filter(|n| (1..=4096).contains(n));
    let (width, height) = text.split_once(['x', 'X']).ok_or("it must look like 28x28")?;
    side(width).zip(side(height)).ok_or_else(|| "width and height must be 1 to 4096, as in 28x28".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_range_are_read() {
        assert_eq!((positive("7"), above_zero("0.5"), not_negative("0")), (Ok(7), Ok(0.5), Ok(0.0)));
        assert_eq!((fraction("0"), share("1"), range("0.9..1.1")), (Ok(0.0), Ok(1.0), Ok((0.9, 1.1))));
        let bytes = |text| memory(text).map(|memory| memory.bytes);
        assert_eq!(
            (bytes("500M"), bytes("8GiB"), bytes("9b"), bytes("7k")),
            (Ok(500 << 20), Ok(8 << 30), Ok(9), Ok(7 << 10))
        );
        assert_eq!((size("28x30"), size("1X4096")), (Ok((28, 30)), Ok((1, 4096))));
    }

    #[test]
    fn values_out_of_range_are_refused_with_what_they_must_be() {
        let texts = [positive("0").map(|_| ()), positive("x").map(|_| ()), above_zero("0").map(|_| ())];
        assert!(texts.iter().all(|text| text.as_ref().is_err_and(|text| text.contains("above 0"))), "{texts:?}");
        assert!(not_negative("nan").is_err() && fraction("1").is_err() && share("1.1").is_err());
        assert!(
            range("1.2..0.8").is_err() && range("0..1").is_err() && range("1").is_err() && range("1..inf").is_err()
        );
        assert!(["", "G", "0", "-1", "5X", "1.5G", "99999999999G"].iter().all(|text| memory(text).is_err()));
        assert!(size("28").is_err() && size("0x9").is_err() && size("4097x9").is_err());
    }
}

//! Numbers as a person reads them.

use std::time::Duration;

/// A share as percent; one below 1 is never shown as 100 %.
pub fn percent(share: f64) -> String {
    let text = format!("{:.2} %", 100.0 * share);
    if share < 1.0 && text == "100.00 %" { "> 99.99 %".into() } else { text }
}

/// A number with a comma at each thousand.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Seconds, or minutes and hours where there are many.
pub fn duration(seconds: f64) -> String {
    match Duration::try_from_secs_f64(seconds.round()) {
        Ok(long) if seconds >= 100.0 => humantime::format_duration(long).to_string(),
        _ => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([percent(0.99351), percent(0.999_999), percent(1.0)], ["99.35 %", "> 99.99 %", "100.00 %"]);
        assert_eq!([grouped(0), grouped(999), grouped(1000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([duration(0.04), duration(73.26), duration(252.4)], ["0.0 s", "73.3 s", "4m 12s"]);
    }
}

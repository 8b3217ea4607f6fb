//! Values of flags: what is out of range is refused with what it must be.

/// A whole number above 0.
pub fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&n| n > 0).ok_or_else(|| "it must be a whole number above 0".into())
}

fn number(text: &str, good: impl Fn(f32) -> bool, wanted: &str) -> Result<f32, String> {
    text.parse().ok().filter(|&x: &f32| x.is_finite() && good(x)).ok_or_else(|| format!("it must be a number {wanted}"))
}

/// A number above 0.
pub fn above_zero(text: &str) -> Result<f32, String> {
    number(text, |x| x > 0.0, "above 0")
}

/// A number of at least 0.
pub fn not_negative(text: &str) -> Result<f32, String> {
    number(text, |x| x >= 0.0, "of at least 0")
}

/// A number from 0 to below 1.
pub fn fraction(text: &str) -> Result<f32, String> {
    number(text, |x| (0.0..1.0).contains(&x), "of at least 0 and below 1")
}

/// A number from 0 to 1.
pub fn share(text: &str) -> Result<f32, String> {
    number(text, |x| (0.0..=1.0).contains(&x), "from 0 to 1")
}

/// A width and a height, as in 28x28.
pub fn size(text: &str) -> Result<(u32, u32), String> {
    let side = |text: &str| text.parse().ok().filter(|n| (1..=4096).contains(n));
    let (w, h) = text.split_once(['x', 'X']).ok_or("it must look like 28x28")?;
    side(w).zip(side(h)).ok_or_else(|| "width and height must be 1 to 4096, as in 28x28".into())
}

//! `exp`, `tanh` and `sigmoid` in plain arithmetic, so that loops over slices become vector code (see `simd/mod.rs`).

/// e^x by 2^n times a polynomial on `[-ln 2 / 2, ln 2 / 2]` (the Taylor series up to the sixth power, split of ln 2 after
/// Cody and Waite 1980). Relative error below 2.5e-7 for x in `[-87, 88]`; beyond, x counts as that limit. NaN stays NaN.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const TO_INTEGER: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to a whole number, in the low bits
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + TO_INTEGER;
    let n = shifted - TO_INTEGER;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    let p = 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    p * f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3F80_0000))
}

/// tanh(x) as a quotient of polynomials in x^2, of degree 13 over 6 (the minimax fit of the Eigen library).
/// Absolute and relative error below 5e-7 everywhere. NaN stays NaN.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let x = x.clamp(-7.905_311, 7.905_311);
    let s = x * x;
    let p = -2.760_768_5e-16;
    let p = p * s + 2.000_188e-13;
    let p = p * s - 8.604_672e-11;
    let p = p * s + 5.122_297e-8;
    let p = p * s + 1.485_722_4e-5;
    let p = p * s + 6.372_619e-4;
    let p = p * s + 4.893_524_6e-3;
    let q = 1.198_258_4e-6;
    let q = q * s + 1.185_347_1e-4;
    let q = q * s + 2.268_434_6e-3;
    let q = q * s + 4.893_525e-3;
    x * p / q
}

/// 1 / (1 + e^-x). Relative error below 5e-7 for x above -87.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest of `error(approximation, exact)` over a fine grid of `[-limit, limit]`.
    fn worst(limit: f64, f: fn(f32) -> f32, exact: fn(f64) -> f64) -> f64 {
        let n = 2_000_000;
        (0..=n)
            .map(|i| {
                let x = (2.0 * limit * i as f64 / n as f64 - limit) as f32;
                (f(x) as f64 / exact(x as f64) - 1.0).abs()
            })
            .filter(|e| !e.is_nan())
            .fold(0.0, f64::max)
    }

    #[test]
    fn errors_are_within_the_stated_bounds() {
        let e = worst(87.0, exp, f64::exp);
        assert!(e < 2.5e-7, "exp: {e}");
        let t = worst(12.0, tanh, f64::tanh);
        assert!(t < 5e-7, "tanh: {t}");
        let s = worst(80.0, sigmoid, |x| 1.0 / (1.0 + (-x).exp()));
        assert!(s < 5e-7, "sigmoid: {s}");
    }

    #[test]
    fn limits_and_nan() {
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(f32::INFINITY) > 1e38);
        assert!((tanh(f32::INFINITY) - 1.0).abs() < 1e-6 && tanh(0.0) == 0.0);
        assert!(exp(f32::NAN).is_nan() && tanh(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan());
    }
}

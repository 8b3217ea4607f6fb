//! Vectors: the widest that the processor has, chosen at run time, and plain arrays where none are known.
//!
//! A kernel is written once, for any [`Vectors`], and [`dispatch`] compiles it for each instruction set (AVX-512, AVX2, NEON,
//! WebAssembly's 128 bits). Where the library knows none, [`Plain`] arrays of four take their place: their loops have no
//! branches, and compilers make vector code of them wherever the target has any.

pub(crate) mod lines;
pub(crate) mod tile;

use pulp::{Arch, Simd, WithSimd};
use std::cell::Cell;

/// A kind of vectors, and what kernels do with them.
pub trait Vectors: Copy {
    /// Some values that are computed together.
    type F32s: Copy;
    /// As many words of 32 bits.
    type U32s: Copy;
    /// Number of values in a vector.
    const LANES: usize;
    /// Number of vectors that the processor holds at hand. Sums must not need all of them.
    const REGISTERS: usize;

    /// The same value in all lanes.
    fn splat(self, value: f32) -> Self::F32s;
    /// `a + b`.
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a - b`.
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a * b`.
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a * b + c`, rounded once where the processor can.
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s;
    /// The sum of all lanes.
    fn sum(self, a: Self::F32s) -> f32;
    /// The values of a slice of at most [`Vectors::LANES`], and zeros behind them.
    fn load_part(self, x: &[f32]) -> Self::F32s;
    /// Writes the first lanes to a slice of at most [`Vectors::LANES`].
    fn store_part(self, y: &mut [f32], a: Self::F32s);
    /// Whole vectors and the values behind them.
    fn split(x: &[f32]) -> (&[Self::F32s], &[f32]);
    /// Whole vectors and the values behind them, to be written.
    fn split_mut(x: &mut [f32]) -> (&mut [Self::F32s], &mut [f32]);
    /// Whole vectors of words and the words behind them.
    fn split_u32(x: &[u32]) -> (&[Self::U32s], &[u32]);
    /// The values whose upper 16 bits are the upper, and those whose upper 16 bits are the lower bits of words; other bits are 0.
    fn halves(self, words: Self::U32s) -> [Self::F32s; 2];

    /// The vector of values that begins at `at`; where `x` ends before, zeros stand behind it.
    #[inline(always)]
    fn load(self, x: &[f32], at: usize) -> Self::F32s {
        match x[at..].get(..Self::LANES) {
            Some(whole) => Self::split(whole).0[0],
            None => self.load_part(&x[at..]),
        }
    }

    /// Writes the vector of values that begins at `at`, as far as `y` goes.
    #[inline(always)]
    fn store(self, y: &mut [f32], at: usize, a: Self::F32s) {
        match y[at..].get_mut(..Self::LANES) {
            Some(whole) => Self::split_mut(whole).0[0] = a,
            None => self.store_part(&mut y[at..], a),
        }
    }
}

impl<S: Simd> Vectors for S {
    type F32s = S::f32s;
    type U32s = S::u32s;
    const LANES: usize = S::F32_LANES;
    const REGISTERS: usize = S::REGISTER_COUNT;

    #[inline(always)]
    fn splat(self, value: f32) -> S::f32s {
        self.splat_f32s(value)
    }

    #[inline(always)]
    fn add(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.add_f32s(a, b)
    }

    #[inline(always)]
    fn sub(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.sub_f32s(a, b)
    }

    #[inline(always)]
    fn mul(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.mul_f32s(a, b)
    }

    #[inline(always)]
    fn mul_add(self, a: S::f32s, b: S::f32s, c: S::f32s) -> S::f32s {
        self.mul_add_e_f32s(a, b, c) // the exact one is emulated, slowly, where the processor has none
    }

    #[inline(always)]
    fn sum(self, a: S::f32s) -> f32 {
        self.reduce_sum_f32s(a)
    }

    #[inline(always)]
    fn load_part(self, x: &[f32]) -> S::f32s {
        self.partial_load_f32s(x)
    }

    #[inline(always)]
    fn store_part(self, y: &mut [f32], a: S::f32s) {
        self.partial_store_f32s(y, a);
    }

    #[inline(always)]
    fn split(x: &[f32]) -> (&[S::f32s], &[f32]) {
        S::as_simd_f32s(x)
    }

    #[inline(always)]
    fn split_mut(x: &mut [f32]) -> (&mut [S::f32s], &mut [f32]) {
        S::as_mut_simd_f32s(x)
    }

    #[inline(always)]
    fn split_u32(x: &[u32]) -> (&[S::u32s], &[u32]) {
        S::as_simd_u32s(x)
    }

    #[inline(always)]
    fn halves(self, words: S::u32s) -> [S::f32s; 2] {
        let upper = self.and_u32s(words, self.splat_u32s(0xffff_0000));
        let lower = self.wrapping_dyn_shl_u32s(words, self.splat_u32s(16));
        [self.transmute_f32s_u32s(upper), self.transmute_f32s_u32s(lower)]
    }
}

/// Arrays in place of vectors, for processors whose vectors are not known.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Vectors for Plain {
    type F32s = [f32; 4];
    type U32s = [u32; 4];
    const LANES: usize = 4;
    const REGISTERS: usize = 16;

    #[inline(always)]
    fn splat(self, value: f32) -> [f32; 4] {
        [value; 4]
    }

    #[inline(always)]
    fn add(self, a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn sub(self, a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|i| a[i] - b[i])
    }

    #[inline(always)]
    fn mul(self, a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|i| a[i] * b[i])
    }

    #[inline(always)]
    fn mul_add(self, a: [f32; 4], b: [f32; 4], c: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }

    #[inline(always)]
    fn sum(self, [a, b, c, d]: [f32; 4]) -> f32 {
        (a + b) + (c + d)
    }

    #[inline(always)]
    fn load_part(self, x: &[f32]) -> [f32; 4] {
        std::array::from_fn(|i| if i < x.len() { x[i] } else { 0.0 })
    }

    #[inline(always)]
    fn store_part(self, y: &mut [f32], a: [f32; 4]) {
        y.iter_mut().zip(a).for_each(|(y, a)| *y = a);
    }

    #[inline(always)]
    fn split(x: &[f32]) -> (&[[f32; 4]], &[f32]) {
        x.as_chunks()
    }

    #[inline(always)]
    fn split_mut(x: &mut [f32]) -> (&mut [[f32; 4]], &mut [f32]) {
        x.as_chunks_mut()
    }

    #[inline(always)]
    fn split_u32(x: &[u32]) -> (&[[u32; 4]], &[u32]) {
        x.as_chunks()
    }

    #[inline(always)]
    fn halves(self, words: [u32; 4]) -> [[f32; 4]; 2] {
        [words.map(|word| f32::from_bits(word & 0xffff_0000)), words.map(|word| f32::from_bits(word << 16))]
    }
}

/// A computation that is written for any vectors.
pub trait Loop {
    /// The result.
    type Output;
    /// Computes with these vectors. Mark it, and all that it calls, `#[inline(always)]`, or it silently stays scalar.
    fn run<V: Vectors>(self, v: V) -> Self::Output;
}

/// The vectors that a thread may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The widest that the processor has.
    Widest,
    /// At most 256 bits: AVX2 on x86, plain arrays elsewhere.
    Bits256,
    /// None: plain arrays.
    Plain,
}

thread_local! {
    static LIMIT: Cell<Limit> = const { Cell::new(Limit::Widest) };
}

/// Calls `f` while kernels on this thread use no wider vectors than `limit`: for tests and measurements. A network that is used
/// in `f` is built in it too, and neither on other threads.
pub fn limited<R>(limit: Limit, f: impl FnOnce() -> R) -> R {
    /// Restores the limit, also where `f` panics.
    struct Before(Limit);
    impl Drop for Before {
        fn drop(&mut self) {
            LIMIT.set(self.0);
        }
    }
    let _before = Before(LIMIT.replace(limit));
    f()
}

/// Runs a computation with the widest vectors that the processor has and the thread may use.
#[inline(always)]
pub fn dispatch<L: Loop>(computation: L) -> L::Output {
    struct Known<L>(L);
    impl<L: Loop> WithSimd for Known<L> {
        type Output = L::Output;
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) -> L::Output {
            if S::F32_LANES == 1 { self.0.run(Plain) } else { self.0.run(simd) }
        }
    }
    match LIMIT.get() {
        Limit::Widest => Arch::new().dispatch(Known(computation)),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Limit::Bits256 if let Some(avx2) = pulp::x86::V3::try_new() => Simd::vectorize(avx2, Known(computation)),
        _ => computation.run(Plain),
    }
}

/// Returns the number of values in the vectors that [`dispatch`] chooses.
pub fn lanes() -> usize {
    struct Lanes;
    impl Loop for Lanes {
        type Output = usize;
        #[inline(always)]
        fn run<V: Vectors>(self, _: V) -> usize {
            V::LANES
        }
    }
    dispatch(Lanes)
}

/// Runs `f` compiled for the best instruction set that this processor has (AVX-512, AVX2, NEON …).
///
/// Plain loops over slices inside `f` become vector code, but only where everything is inlined: mark the closure and the
/// functions that it calls `#[inline(always)]`, or the loop silently stays scalar.
#[inline(always)]
pub fn vectorized<R>(f: impl FnMut() -> R) -> R {
    /// Called by `FnMut`, since the call of a borrowing closure by `FnOnce` goes through a function that is not inlined.
    struct Closure<F>(F);
    impl<R, F: FnMut() -> R> Loop for Closure<F> {
        type Output = R;
        #[inline(always)]
        fn run<V: Vectors>(mut self, _: V) -> R {
            (self.0)()
        }
    }
    dispatch(Closure(f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::math::tanh;

    #[test]
    fn vectorized_equals_scalar() {
        let x: Vec<f32> = (0..1003).map(|i| (i as f32 - 500.0) / 40.0).collect();
        for limit in [Limit::Widest, Limit::Bits256, Limit::Plain] {
            let mut y = x.clone();
            limited(limit, || {
                vectorized(
                    #[inline(always)]
                    || y.iter_mut().for_each(|v| *v = tanh(*v)),
                );
            });
            assert!(x.iter().zip(&y).all(|(x, y)| tanh(*x) == *y));
        }
    }

    #[cfg(panic = "unwind")] // it catches a panic
    #[test]
    fn a_limit_ends_with_its_call() {
        let widest = lanes();
        assert_eq!(limited(Limit::Plain, lanes), 4);
        assert!(limited(Limit::Bits256, lanes) <= 8);
        let panicked = std::panic::catch_unwind(|| limited(Limit::Plain, || panic!("on purpose")));
        assert!(panicked.is_err() && lanes() == widest);
    }
}

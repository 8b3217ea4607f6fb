//! Loops compiled for the widest vectors that the processor has.

/// Runs `f` compiled for the best instruction set that this processor has (AVX-512, AVX2, NEON …).
///
/// Plain loops over slices inside `f` become vector code, but only where everything is inlined: mark the closure and the
/// functions that it calls `#[inline(always)]`, or the loop silently stays scalar.
#[inline(always)]
pub fn vectorized<R>(f: impl FnMut() -> R) -> R {
    /// Called by `FnMut`, since the call of a borrowing closure by `FnOnce` goes through a function that is not inlined.
    struct Loop<F>(F);
    impl<R, F: FnMut() -> R> pulp::WithSimd for Loop<F> {
        type Output = R;
        #[inline(always)]
        fn with_simd<S: pulp::Simd>(mut self, _: S) -> R {
            (self.0)()
        }
    }
    pulp::Arch::new().dispatch(Loop(f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::math::tanh;

    #[test]
    fn vectorized_equals_scalar() {
        let x: Vec<f32> = (0..1003).map(|i| (i as f32 - 500.0) / 40.0).collect();
        let mut y = x.clone();
        vectorized(
            #[inline(always)]
            || y.iter_mut().for_each(|v| *v = tanh(*v)),
        );
        assert!(x.iter().zip(&y).all(|(x, y)| tanh(*x) == *y));
    }
}

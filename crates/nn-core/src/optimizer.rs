//! Optimizers: from a gradient to a better parameter, in order of complexity.
//!
//! An optimizer is a formula for one parameter; the trainer owns the arrays. All follow PyTorch's definitions, so that
//! its numbers can be compared.

use crate::kernels::simd::vectorized;

/// A rule for one step. It keeps nothing itself: its moments are arrays as long as the parameters, and the trainer owns
/// them.
pub trait Optimizer: Send + Sync {
    /// Returns the number of moments that it keeps per parameter: 0, 1 or 2.
    fn moments(&self) -> usize;

    /// Changes a range of parameters.
    fn update(&self, update: Update<'_>);
}

impl Optimizer for Box<dyn Optimizer> {
    fn moments(&self) -> usize {
        (**self).moments()
    }

    fn update(&self, update: Update<'_>) {
        (**self).update(update);
    }
}

/// A range of parameters with their gradient and moments. All slices are equally long, except moments that are not kept:
/// those are empty.
pub struct Update<'a> {
    /// Parameters to change.
    pub params: &'a mut [f32],
    /// dL/dparams.
    pub grads: &'a [f32],
    /// First moment.
    pub first: &'a mut [f32],
    /// Second moment.
    pub second: &'a mut [f32],
    /// Learning rate of this step.
    pub lr: f32,
    /// Number of this step, from 1.
    pub step: u64,
    /// Whether weight decay applies to this range.
    pub decay: bool,
}

/// Stochastic gradient descent: `v = momentum v + g`, `p -= lr v`; with Nesterov `p -= lr (g + momentum v)`.
/// Weight decay adds `weight_decay p` to the gradient (an L2 penalty).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sgd {
    /// Share of the last step that is kept: 0 for none; 0.9 is usual.
    pub momentum: f32,
    /// Whether to look ahead by the momentum (Nesterov 1983, in the form of Sutskever et al. 2013).
    pub nesterov: bool,
    /// L2 penalty.
    pub weight_decay: f32,
}

/// Returns a moment, or 0 where it is too small to move any parameter. The moments of a unit that no longer learns shrink from step
/// to step, and processors compute with numbers below `f32::MIN_POSITIVE` a hundred times more slowly than with others.
#[inline(always)]
fn without_traces(moment: f32) -> f32 {
    if moment.abs() < f32::MIN_POSITIVE { 0.0 } else { moment }
}

impl Optimizer for Sgd {
    fn moments(&self) -> usize {
        (self.momentum != 0.0) as usize
    }

    fn update(&self, u: Update<'_>) {
        let (momentum, lr) = (self.momentum, u.lr);
        let decay = if u.decay { self.weight_decay } else { 0.0 };
        vectorized(
            #[inline(always)]
            || {
                let values = u.params.iter_mut().zip(u.grads);
                if momentum == 0.0 {
                    return values.for_each(|(p, g)| *p -= lr * (g + decay * *p));
                }
                let (of_gradient, of_velocity) = if self.nesterov { (1.0, momentum) } else { (0.0, 1.0) };
                values.zip(&mut *u.first).for_each(|((p, g), v)| {
                    let g = g + decay * *p;
                    *v = without_traces(momentum * *v + g);
                    *p -= lr * (of_gradient * g + of_velocity * *v);
                });
            },
        );
    }
}

/// Adam (Kingma and Ba 2015): steps of about `lr` in each parameter, whatever the size of its gradient.
///
/// `m = beta1 m + (1 - beta1) g`, `v = beta2 v + (1 - beta2) g^2`, `p -= lr m' / (sqrt(v') + epsilon)`, where `m'` and
/// `v'` are divided by `1 - beta^step` to undo their start at zero. Weight decay adds `weight_decay p` to the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Memory of the mean, 0.9.
    pub beta1: f32,
    /// Memory of the square, 0.999.
    pub beta2: f32,
    /// Keeps the quotient finite, 1e-8.
    pub epsilon: f32,
    /// L2 penalty.
    pub weight_decay: f32,
}

impl Default for Adam {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.0 }
    }
}

impl Optimizer for Adam {
    fn moments(&self) -> usize {
        2
    }

    fn update(&self, u: Update<'_>) {
        let decay = if u.decay { self.weight_decay } else { 0.0 };
        self.apply(u, decay, 1.0);
    }
}

impl Adam {
    /// The step with `penalty p` added to the gradient and parameters first shrunk by `keep`.
    fn apply(&self, u: Update<'_>, penalty: f32, keep: f32) {
        let correction = |beta: f32| 1.0 - (beta as f64).powf(u.step as f64);
        let rate = (u.lr as f64 / correction(self.beta1)) as f32;
        let scale = (1.0 / correction(self.beta2).sqrt()) as f32;
        let Self { beta1, beta2, epsilon, .. } = *self;
        vectorized(
            #[inline(always)]
            || {
                let moments = u.first.iter_mut().zip(&mut *u.second);
                u.params.iter_mut().zip(u.grads).zip(moments).for_each(|((p, g), (m, v))| {
                    let g = g + penalty * *p;
                    *m = without_traces(beta1 * *m + (1.0 - beta1) * g);
                    *v = without_traces(beta2 * *v + (1.0 - beta2) * g * g);
                    *p = *p * keep - rate * *m / (v.sqrt() * scale + epsilon);
                });
            },
        );
    }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019): parameters shrink by `lr weight_decay`, apart from the
/// gradient, so that the decay is the same for all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AdamW(pub Adam);

impl Optimizer for AdamW {
    fn moments(&self) -> usize {
        2
    }

    fn update(&self, u: Update<'_>) {
        let keep = if u.decay { 1.0 - u.lr * self.0.weight_decay } else { 1.0 };
        self.0.apply(u, 0.0, keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments of parameters that get no gradient any more shrink, but not for ever.
    #[test]
    fn moments_never_become_subnormal() {
        let adam = Adam { beta2: 0.5, ..Adam::default() };
        for optimizer in [&Sgd { momentum: 0.5, ..Sgd::default() } as &dyn Optimizer, &adam, &AdamW(adam)] {
            let (mut params, mut first, mut second) = ([1.0; 20], [1.0; 20], [1.0; 20]);
            for step in 1..2000 {
                let (params, first, second) = (&mut params[..], &mut first[..], &mut second[..]);
                optimizer.update(Update { params, grads: &[0.0; 20], first, second, lr: 0.1, step, decay: false });
                assert!(first.iter().chain(&*second).all(|moment| !moment.is_subnormal()));
            }
            assert_eq!(first, [0.0; 20]);
        }
    }
}

//! One harness for every layer: gradients against central differences, prediction, independence of the batch.

use crate::kernels::share::Share;
use crate::layer::{Backward, Cache, Forward, Layer};
use crate::layers::build::Kinds;
use crate::layers::shortcuts::{WeightBlock, WeightGradient};
use crate::rng::Rng;
use crate::shape::Shape;
use crate::spec::LayerSpec;

/// Checks everything about a layer on samples of shape `input`: [`gradients`], that prediction equals training, and that a
/// batch gives the same as its samples one by one.
///
/// # Panics
/// Where the layer cannot be built, or something does not hold; the message says what.
#[track_caller]
pub fn layer(spec: &LayerSpec, kinds: &Kinds, input: Shape, batch: usize) {
    gradients(spec, kinds, input, batch);
    let bench = Bench::new(spec, kinds, input, batch);
    let whole = bench.forward();
    assert_eq!(bench.infer(), whole, "{spec}: infer differs from forward");
    let features = bench.x.len() / batch;
    let outputs = bench.outputs();
    for s in 0..batch {
        let mut one = Bench::new(spec, kinds, input, 1);
        one.x.copy_from_slice(&bench.x[s * features..][..features]);
        assert_close(&one.forward(), &whole[s * outputs..][..outputs], 1e-5, &format!("{spec}: sample {s} alone"));
    }
}

/// Checks `backward` against central differences of `forward`: (f(x + h) - f(x - h)) / 2h, for every input and parameter.
/// For layers whose prediction differs from training, or whose samples depend on each other.
///
/// # Panics
/// Where the layer cannot be built, or a gradient is wrong; the message says which.
#[track_caller]
pub fn gradients(spec: &LayerSpec, kinds: &Kinds, input: Shape, batch: usize) {
    let mut bench = Bench::new(spec, kinds, input, batch);
    let mut rng = Rng::new(17);
    let dy: Vec<f32> = (0..bench.outputs() * batch).map(|_| rng.normal()).collect();
    let (dx, grads) = bench.backward(&dy);
    let loss = |b: &Bench| b.forward().iter().zip(&dy).map(|(y, dy)| *y as f64 * *dy as f64).sum::<f64>();
    let h = 1e-3f32;
    let mut difference = |pick: fn(&mut Bench) -> &mut Vec<f32>, i: usize| {
        let at = pick(&mut bench)[i];
        pick(&mut bench)[i] = at + h;
        let above = loss(&bench);
        pick(&mut bench)[i] = at - h;
        let below = loss(&bench);
        pick(&mut bench)[i] = at;
        ((above - below) / (2.0 * h as f64)) as f32
    };
    let numeric: Vec<f32> = (0..dx.len()).map(|i| difference(|b| &mut b.x, i)).collect();
    assert_close(&dx, &numeric, 5e-3, &format!("{spec}: dx"));
    let numeric: Vec<f32> = (0..grads.len()).map(|i| difference(|b| &mut b.params, i)).collect();
    assert_close(&grads, &numeric, 5e-3, &format!("{spec}: grads"));
}

/// A layer with parameters and one batch of input, ready to run.
pub(crate) struct Bench {
    pub layer: Box<dyn Layer>,
    pub params: Vec<f32>,
    pub stats: Vec<f32>,
    pub x: Vec<f32>,
    pub batch: usize,
}

impl Bench {
    #[track_caller]
    pub fn new(spec: &LayerSpec, kinds: &Kinds, input: Shape, batch: usize) -> Self {
        let layer = match kinds.build(std::slice::from_ref(spec), None, input) {
            Ok(layer) => layer,
            Err(reason) => panic!("{spec} cannot be built: {reason} (its input is {input})"),
        };
        let mut rng = Rng::new(11);
        let params = layer.params().iter().flat_map(|slot| vec![0.0; slot.len()]).map(|_: f32| rng.normal()).collect();
        let x = (0..input.features().unwrap_or(0) * batch).map(|_| rng.normal()).collect();
        let stats = layer.stats().iter().flat_map(|slot| vec![0.5; slot.len()]).collect();
        Self { layer, params, stats, x, batch }
    }

    pub fn outputs(&self) -> usize {
        self.layer.output().features().unwrap_or(0)
    }

    /// A cache full of NaN: layers must write before they read.
    pub fn cache(&self) -> Cache {
        let size = self.layer.cache(self.batch);
        Cache { values: vec![f32::NAN; size.values], indices: vec![u32::MAX; size.indices] }
    }

    pub fn forward(&self) -> Vec<f32> {
        self.run(&mut self.cache(), |layer, pass| layer.forward(pass))
    }

    pub fn infer(&self) -> Vec<f32> {
        self.run(&mut self.cache(), |layer, pass| layer.infer(pass))
    }

    fn run(&self, cache: &mut Cache, f: impl Fn(&dyn Layer, Forward<'_>)) -> Vec<f32> {
        let mut y = vec![f32::NAN; self.outputs() * self.batch];
        let Self { params, stats, x, batch, .. } = self;
        f(&*self.layer, Forward { params, stats, x, y: &mut y, cache, seed: 5, share: Share::whole(*batch) });
        y
    }

    /// Returns (dx, grads) for a given dy. Both start as NaN, so a value that the layer does not write shows.
    pub fn backward(&self, dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut cache = self.cache();
        let y = self.run(&mut cache, |layer, pass| layer.forward(pass));
        let mut dx = vec![f32::NAN; self.x.len()];
        let mut grads = vec![f32::NAN; self.params.len()];
        let mut dy = dy.to_vec();
        self.layer.backward(Backward {
            params: &self.params,
            x: &self.x,
            y: &y,
            dy: &mut dy,
            dx: Some(&mut dx),
            grads: &mut grads,
            cache: &mut cache,
            seed: 5,
            share: Share::whole(self.batch),
        });
        if let Some(shortcuts) = self.layer.shortcuts().filter(|s| s.defers_weight_gradient()) {
            let weights = &self.layer.params()[0];
            let rows = weights.shape[0];
            let block = WeightBlock { rows: 0..rows, columns: 0..weights.len() / rows };
            let dw = &mut grads[..weights.len()];
            let (batch, mut arranged) = (self.batch, vec![f32::NAN; shortcuts.arranged_input(self.batch)]);
            if !arranged.is_empty() {
                shortcuts.arrange_input(&self.x, &mut arranged);
            }
            let x = if arranged.is_empty() { &self.x } else { &arranged };
            shortcuts.weight_gradient(&block, WeightGradient { x, dz: &dy, batch, dw, add: false });
        }
        (dx, grads)
    }
}

/// [`layer`] for one of this crate's own layers.
#[cfg(test)]
#[track_caller]
pub(crate) fn check(spec: LayerSpec, input: Shape, batch: usize) {
    layer(&spec, &Kinds::default(), input, batch);
}

/// [`gradients`] for one of this crate's own layers.
#[cfg(test)]
#[track_caller]
pub(crate) fn check_training(spec: LayerSpec, input: Shape, batch: usize) {
    gradients(&spec, &Kinds::default(), input, batch);
}

/// Checks that values are equal within `tolerance` of the largest.
#[track_caller]
pub(crate) fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: length");
    let scale = expected.iter().fold(1e-3f32, |m, v| m.max(v.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance * scale, "{what}: value {i} is {f}, expected {e} (largest {scale})");
    }
}

//! What every layer is put through: gradients against central differences, prediction, independence of the batch.

use crate::kernels::matrix::{View, product_by_rows};
use crate::layer::{Backward, Cache, Forward, Layer, Slot};
use crate::rng::Rng;
use crate::shape::Shape;
use crate::spec::LayerSpec;

/// A layer with parameters and one batch of input, ready to be run.
pub(crate) struct Bench {
    pub layer: Box<dyn Layer>,
    pub params: Vec<f32>,
    pub stats: Vec<f32>,
    pub x: Vec<f32>,
    pub batch: usize,
}

impl Bench {
    pub fn new(spec: &LayerSpec, input: Shape, batch: usize) -> Self {
        let layer = spec.build(input, None).unwrap();
        let mut rng = Rng::new(11);
        let params = layer.params().iter().flat_map(|slot| vec![0.0; slot.len()]).map(|_: f32| rng.normal()).collect();
        let x = (0..input.features().unwrap() * batch).map(|_| rng.normal()).collect();
        let stats = layer.stats().iter().flat_map(|slot| vec![0.5; slot.len()]).collect();
        Self { layer, params, stats, x, batch }
    }

    pub fn outputs(&self) -> usize {
        self.layer.output().features().unwrap()
    }

    /// A cache full of rubbish: layers write before they read.
    pub fn cache(&self) -> Cache {
        let room = self.layer.cache(self.batch);
        Cache { values: vec![f32::NAN; room.values], indices: vec![u32::MAX; room.indices] }
    }

    pub fn forward(&self) -> Vec<f32> {
        self.run(|layer, pass| layer.forward(pass))
    }

    pub fn infer(&self) -> Vec<f32> {
        self.run(|layer, pass| layer.infer(pass))
    }

    fn run(&self, f: impl Fn(&dyn Layer, Forward<'_>)) -> Vec<f32> {
        let mut y = vec![f32::NAN; self.outputs() * self.batch];
        let cache = &mut self.cache();
        let (params, x, batch) = (&self.params[..], &self.x[..], self.batch);
        f(&*self.layer, Forward { params, stats: &self.stats, x, y: &mut y, cache, seed: 5, batch });
        y
    }

    /// (dx, grads) for a given dy; both start as NaN, so what is not written shows.
    pub fn backward(&self, dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut y = vec![f32::NAN; self.outputs() * self.batch];
        let mut cache = self.cache();
        let (params, x, batch) = (&self.params[..], &self.x[..], self.batch);
        self.layer.forward(Forward { params, stats: &self.stats, x, y: &mut y, cache: &mut cache, seed: 5, batch });
        let (mut dx, mut grads) = (vec![f32::NAN; self.x.len()], vec![f32::NAN; self.params.len()]);
        let dy = &mut dy.to_vec();
        let (dx_, grads_, cache) = (Some(&mut dx[..]), &mut grads[..], &mut cache);
        self.layer.backward(Backward { params, x, y: &y, dy, dx: dx_, grads: grads_, cache, seed: 5, batch });
        if self.layer.outer() {
            let Slot { rows, columns, .. } = self.layer.params()[0];
            let (dz, x) = (View::by_columns(dy, rows, batch), View::by_columns(x, columns, batch));
            product_by_rows(&mut grads[..rows * columns], dz, x.t());
        }
        (dx, grads)
    }
}

/// Everything: gradients, prediction equal to training, and a batch equal to its samples one by one.
pub(crate) fn check(spec: LayerSpec, input: Shape, batch: usize) {
    check_training(spec.clone(), input, batch);
    let bench = Bench::new(&spec, input, batch);
    let whole = bench.forward();
    assert_eq!(bench.infer(), whole, "{spec}: infer differs from forward");
    let (features, outputs) = (bench.x.len() / batch, bench.outputs());
    for s in 0..batch {
        let mut one = Bench::new(&spec, input, 1);
        one.x.copy_from_slice(&bench.x[s * features..][..features]);
        assert_close(&one.forward(), &whole[s * outputs..][..outputs], 1e-5, &format!("{spec}: sample {s} alone"));
    }
}

/// `backward` against central differences of `forward`.
pub(crate) fn check_training(spec: LayerSpec, input: Shape, batch: usize) {
    let mut bench = Bench::new(&spec, input, batch);
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

/// Equal within `tolerance` of the largest value.
#[track_caller]
pub(crate) fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: length");
    let scale = expected.iter().fold(1e-3f32, |m, v| m.max(v.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance * scale, "{what}: value {i} is {f}, expected {e} (largest {scale})");
    }
}

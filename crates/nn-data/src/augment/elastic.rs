//! A smooth random displacement of every pixel.
//!
//! Independent normal numbers sit on a coarse lattice and are interpolated by uniform cubic B-splines, the free-form
//! deformation of Rueckert et al. (1999). A cubic B-spline is close to a Gaussian whose deviation is the lattice
//! spacing over the square root of 3, so this equals smoothing noise with a Gaussian (Simard et al. 2003) at a fraction of its
//! cost: the splines are separable, four products per pixel and axis.

use rand::Rng;

use crate::random::normal;
use crate::size::Size;

/// The mean over u of the sum of squares of the four spline weights: the variance a lattice loses on one axis.
const KEPT_VARIANCE: f32 = 151.0 / 315.0;

/// Displacements in x and in y of the pixels of one picture.
#[derive(Debug, Default)]
pub(crate) struct Displacement {
    /// One row of the lattice.
    points: Vec<f32>,
    /// Lattice values interpolated along x: for each lattice row, `width` values in x, then `width` in y.
    rows: Vec<f32>,
    /// For each column its lattice cell and weights.
    columns: Vec<(usize, [f32; 4])>,
    spacing: f32,
}

impl Displacement {
    /// Draws displacements of standard deviation `deviation` pixels, with `spacing` pixels between lattice points.
    #[inline(always)]
    pub(crate) fn draw(&mut self, rng: &mut impl Rng, deviation: f32, spacing: f32, size: Size) {
        let Size { height, width, .. } = size;
        let points = |length: usize| ((length - 1) as f32 / spacing) as usize + 4;
        if (self.columns.len(), self.spacing) != (width, spacing) {
            self.spacing = spacing;
            self.columns = (0..width).map(|x| spline(x, spacing)).collect();
        }
        self.points.resize(points(width), 0.0);
        self.rows.resize(points(height) * 2 * width, 0.0);
        let strength = deviation / KEPT_VARIANCE; // its root for each axis
        for row in self.rows.chunks_exact_mut(width) {
            self.points.iter_mut().for_each(|point| *point = strength * normal(rng));
            for (value, (cell, weights)) in row.iter_mut().zip(&self.columns) {
                *value = self.points[*cell..*cell + 4].iter().zip(weights).map(|(v, w)| v * w).sum();
            }
        }
    }

    /// The displacements of the pixels of row `y`.
    #[inline(always)]
    pub(crate) fn row(&self, y: usize, dx: &mut [f32], dy: &mut [f32]) {
        let (at, weights) = spline(y, self.spacing);
        let width = self.columns.len();
        let rows: [&[f32]; 4] = std::array::from_fn(|k| &self.rows[(at + k) * 2 * width..][..2 * width]);
        for (start, out) in [(0, dx), (width, dy)] {
            let [a, b, c, d] = rows.map(|row| &row[start..start + width]);
            for (((out, a), b), (c, d)) in out.iter_mut().zip(a).zip(b).zip(c.iter().zip(d)) {
                *out = a * weights[0] + b * weights[1] + c * weights[2] + d * weights[3];
            }
        }
    }
}

/// The lattice cell of a pixel, and the weights of the cell's four lattice points.
fn spline(pixel: usize, spacing: f32) -> (usize, [f32; 4]) {
    let place = pixel as f32 / spacing;
    let u = place.fract();
    let (u2, u3) = (u * u, u * u * u);
    let weights = [(1.0 - u).powi(3), 3.0 * u3 - 6.0 * u2 + 4.0, 3.0 * (u + u2 - u3) + 1.0, u3];
    (place as usize, weights.map(|w| w / 6.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::generator;

    #[test]
    fn deviation_and_smoothness_are_as_asked() {
        let mut displacement = Displacement::default();
        let mut rng = generator(&[1]);
        let (mut sum, mut squares, mut neighbours, n) = (0.0, 0.0, 0.0, 400.0 * 2.0 * 784.0);
        for _ in 0..400 {
            displacement.draw(&mut rng, 1.4, 7.0, Size::new(28, 28, 1));
            for y in 0..28 {
                let (mut dx, mut dy) = ([0.0; 28], [0.0; 28]);
                displacement.row(y, &mut dx, &mut dy);
                for d in [dx, dy] {
                    sum += d.iter().sum::<f32>();
                    squares += d.iter().map(|v| v * v).sum::<f32>();
                    neighbours += d.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f32>();
                }
            }
        }
        let deviation = (squares / n).sqrt();
        assert!((sum / n).abs() < 0.05 && (deviation - 1.4).abs() < 0.05, "{} {deviation}", sum / n);
        // Noise smoothed by a Gaussian of sigma 4 differs between neighbours by its deviation / 4 / sqrt 2.
        let step = (neighbours / n).sqrt();
        assert!((step - 1.4 / 4.0 / 2.0f32.sqrt()).abs() < 0.04, "{step}");
    }

    #[test]
    fn weights_are_those_of_a_spline() {
        for (pixel, spacing) in [(0, 7.0), (3, 7.0), (14, 7.0), (27, 1.3)] {
            let (cell, weights) = spline(pixel, spacing);
            assert_eq!(cell, (pixel as f32 / spacing) as usize);
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6 && weights.iter().all(|w| *w >= 0.0));
        }
        assert_eq!(spline(0, 5.0).1, [1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0, 0.0]);
    }
}

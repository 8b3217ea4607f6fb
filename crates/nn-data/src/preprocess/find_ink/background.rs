//! Tells ink from its background: how far each pixel of a drawing, a scan or a photograph stands out from it.
//!
//! A drawing has a uniform background, which is known because it fills much of the picture and of its edge. In a
//! photograph the paper is darker in some places than in others. Its background is found by a grey closing (for bright
//! paper; by an opening for dark paper), which removes whatever is thinner than a quarter of the picture. Ink may have any
//! colour. Its strength is its distance from the background's colour, on the side on which most of the differing pixels
//! lie, so that the bright seams of sharpened photographs do not count.

use image::DynamicImage;

use crate::preprocess::find_ink::histogram::{Histogram, count, whole};
use crate::preprocess::find_ink::paper::{NEAR, paper};
use crate::preprocess::grey::{Grey, edge};
use crate::rectangle::Rectangle;

/// Pictures with a longer side than this are averaged down, by a whole factor.
const LONGEST: usize = 160;
/// A uniform background fills at least this share of the picture, its edge counted as much as its whole.
const UNIFORM: f32 = 0.4;
/// Number of cells on the longer side of the grid on which a background that varies is found.
const GRID: usize = 40;
/// Ink stands out at least this much (of 1)…
const FAINTEST: f32 = 0.06;
/// … and by at least this many times the noise.
const ABOVE_NOISE: f32 = 5.0;
/// Without noise, ink is not stretched if its strongest pixel is at least this strong.
const STRONG: f32 = 200.0 / 255.0;

/// The ink of a picture.
pub(crate) struct Contrast {
    /// 0 is background, 1 is full ink.
    pub ink: Grey,
    /// True if the background has no noise, so that every trace of ink counts.
    pub clean: bool,
    /// One pixel of `ink` is the mean of `reduced_by` x `reduced_by` pixels of the picture.
    pub reduced_by: usize,
    /// Column and row of the first pixel of `ink` in the reduced picture.
    pub at: [usize; 2],
}

/// Finds the ink of a picture without transparency; `None` if nothing stands out. If `on_paper`, it first looks for the
/// paper in the picture.
pub(crate) fn contrast(picture: &DynamicImage, on_paper: bool) -> Option<Contrast> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if let Some(grey) = picture.as_luma8() {
        return stand_out(reduce::<1>(grey, width, height), on_paper);
    }
    let converted;
    let colour = match picture.as_rgb8() {
        Some(colour) => colour,
        None => {
            converted = picture.to_rgb8();
            &converted
        }
    };
    let (pixels, _) = colour.as_chunks::<3>();
    if pixels.iter().all(|p| p[0] == p[1] && p[1] == p[2]) {
        let grey: Vec<u8> = pixels.iter().map(|p| p[0]).collect();
        return stand_out(reduce::<1>(&grey, width, height), on_paper);
    }
    stand_out(reduce::<3>(colour, width, height), on_paper)
}

/// A picture of N channels with values 0 to 1.
struct Pixels<const N: usize> {
    width: usize,
    height: usize,
    values: Vec<[f32; N]>,
    reduced_by: usize,
}

impl<const N: usize> Pixels<N> {
    /// The pixels of a part of the picture, row by row.
    fn cut(&self, part: Rectangle) -> Vec<[f32; N]> {
        let rows = self.values.chunks_exact(self.width).skip(part.y).take(part.height);
        rows.flat_map(|row| &row[part.x..part.x + part.width]).copied().collect()
    }
}

/// Averages the picture over squares if it is longer than [`LONGEST`].
fn reduce<const N: usize>(raw: &[u8], width: usize, height: usize) -> Pixels<N> {
    let (source, _) = raw.as_chunks::<N>();
    let by = width.max(height).div_ceil(LONGEST);
    let (columns, rows) = ((width / by).max(1), (height / by).max(1));
    let mut values = vec![[0.0; N]; columns * rows];
    if by == 1 {
        values.iter_mut().zip(source).for_each(|(value, source)| *value = source.map(|p| f32::from(p) / 255.0));
        return Pixels { width, height, values, reduced_by: by };
    }
    let mut sums = vec![[0u32; N]; columns];
    for (out, band) in values.chunks_exact_mut(columns).zip(source.chunks(by * width)) {
        sums.fill([0; N]);
        for row in band.chunks_exact(width) {
            for (sum, cell) in sums.iter_mut().zip(row.chunks(by)) {
                cell.iter().for_each(|pixel| (0..N).for_each(|c| sum[c] += u32::from(pixel[c])));
            }
        }
        let pixels = (by.min(width) * (band.len() / width)) as f32 * 255.0;
        out.iter_mut().zip(&sums).for_each(|(value, sum)| *value = sum.map(|s| s as f32 / pixels));
    }
    Pixels { width: columns, height: rows, values, reduced_by: by }
}

fn luma<const N: usize>(pixel: &[f32; N]) -> f32 {
    if N == 1 { pixel[0] } else { 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] }
}

fn stand_out<const N: usize>(mut picture: Pixels<N>, on_paper: bool) -> Option<Contrast> {
    let mut at = [0, 0];
    if on_paper {
        let part = paper(&picture.values, picture.width, NEAR);
        let Rectangle { x, y, width, height } = part;
        at = [x, y];
        picture = Pixels { values: picture.cut(part), width, height, ..picture };
    }
    let picture = &picture;
    let background = uniform_background(picture);
    let difference = match background {
        Some(colour) => picture.values.iter().map(|v| std::array::from_fn(|c| colour[c] - v[c])).collect(),
        None => difference_from_varying(picture),
    };
    let mut ink = strengths(picture, &difference);
    let histogram = Histogram::new(ink.values.iter().copied());
    let most = ink.values.iter().copied().fold(0.0, |most, value| if value > most { value } else { most });
    let few = (ink.values.len() / 250).max(4);
    let peak = histogram.quantile(1.0 - few as f32 / ink.values.len() as f32).max(0.5 * most);
    let (level, noise) = histogram.median_and_deviation_below(0.3 * peak);
    if background.is_some() && noise < 0.5 / 255.0 {
        let full = if most >= STRONG { 1.0 } else { most };
        ink.values.iter_mut().for_each(|value| *value /= full);
        return (most >= FAINTEST).then_some(Contrast { ink, clean: true, reduced_by: picture.reduced_by, at });
    }
    if peak - level < FAINTEST || peak - level < ABOVE_NOISE * noise {
        return None;
    }
    let black = level + (0.15 * (peak - level)).max(3.0 * noise);
    let stretch = 1.0 / (peak - black);
    ink.values.iter_mut().for_each(|value| *value = ((*value - black) * stretch).clamp(0.0, 1.0));
    Some(Contrast { ink, clean: false, reduced_by: picture.reduced_by, at })
}

/// The length of each pixel's difference from the background, or 0 where it points away from the ink's direction. The
/// strongest pixels decide that direction.
fn strengths<const N: usize>(picture: &Pixels<N>, difference: &[[f32; N]]) -> Grey {
    let square = |d: &[f32; N]| d.iter().map(|d| d * d).sum::<f32>();
    let mut direction = [0.0; N];
    for d in difference.iter().filter(|d| square(d) > 1e-4) {
        (0..N).for_each(|c| direction[c] += d[c] * square(d));
    }
    let strength = |d: &[f32; N]| {
        let along: f32 = (0..N).map(|c| d[c] * direction[c]).sum();
        if along > 0.0 { (square(d) / N as f32).sqrt() } else { 0.0 }
    };
    Grey { width: picture.width, height: picture.height, values: difference.iter().map(strength).collect() }
}

/// The colour of a background that is the same throughout; `None` if it varies.
fn uniform_background<const N: usize>(picture: &Pixels<N>) -> Option<[f32; N]> {
    let bin = |pixel: &[f32; N]| whole(luma(pixel) * 255.0);
    let mut counts = count::<256>(picture.values.iter().map(bin)).map(|n| n as f32 / picture.values.len() as f32);
    let at_edge: Vec<usize> = edge(&picture.values, picture.width).map(bin).collect();
    at_edge.iter().for_each(|&bin| counts[bin] += 1.0 / at_edge.len() as f32);
    let near = |bin: usize| bin.saturating_sub(2)..(bin + 3).min(256);
    let share = |bin: usize| counts[near(bin)].iter().sum::<f32>();
    let most = |bins: std::ops::Range<usize>, of: &dyn Fn(usize) -> f32| {
        bins.reduce(|best, bin| if of(bin) > of(best) { bin } else { best }).unwrap_or(0)
    };
    let around = most(0..256, &share);
    if share(around) < 2.0 * UNIFORM {
        return None;
    }
    let commonest = most(near(around), &|bin| counts[bin]);
    let mut sum = [0.0f64; N];
    let mut n = 0.0;
    for pixel in picture.values.iter().filter(|pixel| bin(pixel).abs_diff(commonest) <= 1) {
        (0..N).for_each(|c| sum[c] += f64::from(pixel[c]));
        n += 1.0;
    }
    Some(sum.map(|sum| (sum / n) as f32))
}

/// The difference of each pixel from a background that varies over the picture.
fn difference_from_varying<const N: usize>(picture: &Pixels<N>) -> Vec<[f32; N]> {
    let Pixels { width, height, values, .. } = picture;
    let bright = background_is_bright(picture);
    let cell = width.max(height).div_ceil(GRID).max(1);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let reach = (columns.max(rows) / 8).max(1);
    let mut difference = vec![[0.0; N]; values.len()];
    for c in 0..N {
        let channel = Grey { width: *width, height: *height, values: values.iter().map(|v| v[c]).collect() };
        let mut grid = channel.resized(columns, rows);
        let extremes: [fn(f32, f32) -> f32; 2] = if bright { [f32::max, f32::min] } else { [f32::min, f32::max] };
        extremes.into_iter().for_each(|extreme| spread(&mut grid, reach, extreme));
        for _ in 0..2 {
            average(&mut grid);
        }
        let background = grid.resized(*width, *height);
        for ((d, v), background) in difference.iter_mut().zip(&channel.values).zip(&background.values) {
            d[c] = background - v;
        }
    }
    difference
}

/// True if the background is the bright side of the picture. Seven tenths of all pixels decide; if neither side has as
/// many, the picture's edge does.
fn background_is_bright<const N: usize>(picture: &Pixels<N>) -> bool {
    let all = Histogram::new(picture.values.iter().map(luma));
    let middle = (all.quantile(0.02) + all.quantile(0.98)) / 2.0;
    let bright = picture.values.iter().filter(|v| luma(v) > middle).count() as f32 / picture.values.len() as f32;
    match bright {
        0.7.. => true,
        ..=0.3 => false,
        _ => Histogram::new(edge(&picture.values, picture.width).map(luma)).quantile(0.5) > middle,
    }
}

/// Each value becomes the extreme of all values within `reach`, along both axes.
fn spread(picture: &mut Grey, reach: usize, extreme: fn(f32, f32) -> f32) {
    along_both(picture, |line, out| {
        for (i, out) in out.iter_mut().enumerate() {
            let near = &line[i.saturating_sub(reach)..(i + reach + 1).min(line.len())];
            *out = near.iter().copied().fold(line[i], extreme);
        }
    });
}

/// Each value becomes the mean of itself and its neighbours, along both axes.
fn average(picture: &mut Grey) {
    along_both(picture, |line, out| {
        for (i, out) in out.iter_mut().enumerate() {
            *out = (line[i.saturating_sub(1)] + line[i] + line[(i + 1).min(line.len() - 1)]) / 3.0;
        }
    });
}

/// Applies `on_line(values, new values)` to every row, then to every column.
fn along_both(picture: &mut Grey, on_line: impl Fn(&[f32], &mut [f32])) {
    for row in picture.values.chunks_exact_mut(picture.width) {
        let line = row.to_vec();
        on_line(&line, row);
    }
    let mut line = vec![0.0; picture.height];
    let mut out = line.clone();
    for x in 0..picture.width {
        line.iter_mut().enumerate().for_each(|(y, value)| *value = picture.values[y * picture.width + x]);
        on_line(&line, &mut out);
        out.iter().enumerate().for_each(|(y, value)| picture.values[y * picture.width + x] = *value);
    }
}

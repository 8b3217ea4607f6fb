//! The eraser: takes away what of the strokes lies within a disc.

use nn_data::Ink;

/// Removes the parts of all strokes that are nearer to `centre` than `radius`; a stroke may fall into several.
pub fn erase(ink: &mut Ink, centre: [f32; 2], radius: f32) {
    let near = |p: &[f32; 2]| (p[0] - centre[0]).hypot(p[1] - centre[1]) < radius;
    let mut kept = Vec::with_capacity(ink.strokes.len());
    for stroke in ink.strokes.drain(..) {
        let [left, right, top, bottom] = [
            stroke.iter().fold(f32::MAX, |low, p| low.min(p[0])),
            stroke.iter().fold(f32::MIN, |high, p| high.max(p[0])),
            stroke.iter().fold(f32::MAX, |low, p| low.min(p[1])),
            stroke.iter().fold(f32::MIN, |high, p| high.max(p[1])),
        ];
        let far = centre[0] + radius < left
            || centre[0] - radius > right
            || centre[1] + radius < top
            || centre[1] - radius > bottom;
        match stroke[..] {
            _ if far => kept.push(stroke),
            [point] if !near(&point) => kept.push(stroke),
            [_] => {}
            _ => cut(&stroke, centre, radius, &mut kept),
        }
    }
    ink.strokes = kept;
}

/// Cuts the disc out of a line, segment by segment.
fn cut(stroke: &[[f32; 2]], centre: [f32; 2], radius: f32, kept: &mut Vec<Vec<[f32; 2]>>) {
    let mut part: Vec<[f32; 2]> = Vec::new();
    let mut end = |part: &mut Vec<[f32; 2]>| {
        if part.len() > 1 {
            kept.push(std::mem::take(part));
        }
        part.clear();
    };
    for &[a, b] in stroke.array_windows() {
        let at = |t: f32| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        match inside(a, b, centre, radius) {
            None => {
                if part.is_empty() {
                    part.push(a);
                }
                part.push(b);
            }
            Some((enters, leaves)) => {
                if enters > 0.0 {
                    if part.is_empty() {
                        part.push(a);
                    }
                    part.push(at(enters));
                }
                end(&mut part);
                if leaves < 1.0 {
                    part.extend([at(leaves), b]);
                }
            }
        }
    }
    end(&mut part);
}

/// The part of the segment (0 at `a`, 1 at `b`) that lies in the disc: where |a + t (b - a) - centre|² = radius².
fn inside(a: [f32; 2], b: [f32; 2], centre: [f32; 2], radius: f32) -> Option<(f32, f32)> {
    let (d, f) = ([b[0] - a[0], b[1] - a[1]], [a[0] - centre[0], a[1] - centre[1]]);
    let (square, half, rest) =
        (d[0] * d[0] + d[1] * d[1], f[0] * d[0] + f[1] * d[1], f[0] * f[0] + f[1] * f[1] - radius * radius);
    if square == 0.0 {
        return (rest < 0.0).then_some((0.0, 1.0));
    }
    let root = half * half - square * rest;
    if root <= 0.0 {
        return None;
    }
    let (enters, leaves) = ((-half - root.sqrt()) / square, (-half + root.sqrt()) / square);
    (enters < 1.0 && leaves > 0.0).then_some((enters.max(0.0), leaves.min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(stroke: &[[f32; 2]], centre: [f32; 2], radius: f32) -> Vec<Vec<[f32; 2]>> {
        let mut ink = Ink { strokes: vec![stroke.to_vec()] };
        erase(&mut ink, centre, radius);
        let rounded = |p: [f32; 2]| p.map(|v| (v * 100.0).round() / 100.0);
        ink.strokes.into_iter().map(|stroke| stroke.into_iter().map(rounded).collect()).collect()
    }

    #[test]
    fn a_line_is_cut_in_two() {
        let line = [[0.0, 0.5], [1.0, 0.5]];
        assert_eq!(erased(&line, [0.5, 0.5], 0.1), [[[0.0, 0.5], [0.4, 0.5]], [[0.6, 0.5], [1.0, 0.5]]]);
        assert_eq!(erased(&line, [0.0, 0.5], 0.1), [[[0.1, 0.5], [1.0, 0.5]]]);
        assert_eq!(erased(&line, [0.5, 0.7], 0.1), [line]);
        assert!(erased(&line, [0.5, 0.5], 0.6).is_empty());
    }

    #[test]
    fn a_bend_keeps_its_points_and_dots_vanish_whole() {
        let bend = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.5, 1.0]];
        assert_eq!(
            erased(&bend, [0.5, 0.75], 0.05),
            [&[[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.5, 0.7]][..], &[[0.5, 0.8], [0.5, 1.0]]]
        );
        assert!(erased(&[[0.3, 0.3]], [0.35, 0.3], 0.1).is_empty());
        assert_eq!(erased(&[[0.3, 0.3]], [0.5, 0.3], 0.1).len(), 1);
    }
}

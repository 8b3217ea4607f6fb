//! A part of a picture, by its pixels: what it encloses, and if it has the shape of a sheet of paper.

/// A sheet fills at least this share of its convex hull.
const CONVEX: f32 = 0.92;
/// The sides of a sheet recede from its hull by at most this many pixels.
const DEEP: usize = 3;
/// A sheet fills at least this share of the smallest rectangle around it, at any angle.
const RECTANGULAR: f32 = 0.84;

/// A part of a picture of `width` columns: true for its pixels, row by row.
#[derive(Clone)]
pub(crate) struct Mask {
    pub width: usize,
    pub inside: Vec<bool>,
}

impl Mask {
    fn height(&self) -> usize {
        self.inside.len() / self.width
    }

    /// The number of its pixels.
    pub(crate) fn area(&self) -> usize {
        self.inside.iter().filter(|inside| **inside).count()
    }

    /// The pixels beside one.
    fn beside(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (width, all) = (self.width, self.inside.len());
        let x = at % width;
        let sides =
            [(x > 0).then(|| at - 1), (x + 1 < width).then_some(at + 1), at.checked_sub(width), Some(at + width)];
        sides.into_iter().flatten().filter(move |at| *at < all)
    }

    /// The mask without its outermost pixels; the picture's edge is none.
    pub(crate) fn eroded(&self) -> Self {
        let deep = |at: usize| self.inside[at] && self.beside(at).all(|beside| self.inside[beside]);
        Self { inside: (0..self.inside.len()).map(deep).collect(), ..*self }
    }

    /// The mask and the pixels beside it.
    pub(crate) fn dilated(&self) -> Self {
        let near = |at: usize| self.inside[at] || self.beside(at).any(|beside| self.inside[beside]);
        Self { inside: (0..self.inside.len()).map(near).collect(), ..*self }
    }

    /// The mask and all that it surrounds: all that cannot be reached from the picture's edge but through it.
    pub(crate) fn filled(&self) -> Self {
        let (width, height) = (self.width, self.height());
        let on_edge = |at: usize| [0, width - 1].contains(&(at % width)) || [0, height - 1].contains(&(at / width));
        let start = (0..self.inside.len()).filter(|at| on_edge(*at)).collect();
        let reached = self.reached(start, false);
        Self { inside: reached.iter().map(|reached| !reached).collect(), ..*self }
    }

    /// The largest of its connected parts.
    pub(crate) fn largest(&self) -> Self {
        let mut rest = self.clone();
        let mut best = (0, vec![false; self.inside.len()]);
        while let Some(start) = rest.inside.iter().position(|inside| *inside) {
            let part = rest.reached(vec![start], true);
            rest.inside.iter_mut().zip(&part).for_each(|(rest, part)| *rest &= !part);
            let area = part.iter().filter(|part| **part).count();
            if area > best.0 {
                best = (area, part);
            }
        }
        Self { inside: best.1, ..*self }
    }

    /// All pixels inside (or else outside) that are connected with one of some, themselves included where they are.
    fn reached(&self, mut start: Vec<usize>, inside: bool) -> Vec<bool> {
        let mut reached = vec![false; self.inside.len()];
        start.retain(|at| self.inside[*at] == inside);
        start.iter().for_each(|at| reached[*at] = true);
        while let Some(at) = start.pop() {
            for next in self.beside(at) {
                if !reached[next] && self.inside[next] == inside {
                    reached[next] = true;
                    start.push(next);
                }
            }
        }
        reached
    }

    /// The number of sides of the picture on which it lies.
    pub(crate) fn sides(&self) -> usize {
        let (width, height) = (self.width, self.height());
        let row = |y: usize| self.inside[y * width..][..width].contains(&true);
        let column = |x: usize| self.inside[x..].iter().step_by(width).any(|inside| *inside);
        [row(0), row(height - 1), column(0), column(width - 1)].iter().filter(|on| **on).count()
    }

    /// True if it is a rectangle at any angle, more or less: convex, and its sides recede nowhere.
    pub(crate) fn is_rectangular(&self) -> bool {
        let rows = self.inside.chunks_exact(self.width).enumerate();
        let ends: Vec<[f32; 3]> = rows
            .filter_map(|(y, row)| Some([y, row.iter().position(|m| *m)?, row.iter().rposition(|m| *m)?]))
            .map(|ends| ends.map(|at| at as f32))
            .collect();
        if ends.is_empty() {
            return false;
        }
        let left = chain(&ends.iter().map(|[y, left, _]| [*left, *y]).collect::<Vec<_>>());
        let right = chain(&ends.iter().map(|[y, _, right]| [-right, *y]).collect::<Vec<_>>());
        let mut hull = Self { inside: vec![false; self.inside.len()], ..*self };
        let mut hull_area = 0.0;
        for [y, _, _] in ends {
            let [from, to] = [at_row(&left, y), -at_row(&right, y)];
            hull_area += to - from + 1.0;
            hull.inside[y as usize * self.width..][from.round() as usize..=to.round() as usize].fill(true);
        }
        let corners: Vec<[f32; 2]> = left.into_iter().chain(right.into_iter().map(|[x, y]| [-x, y])).collect();
        let rectangle = (0..45).map(|step| box_at(&corners, 2.0 * step as f32)).fold(f32::MAX, f32::min);
        let area = self.area() as f32;
        if area < CONVEX * hull_area || area < RECTANGULAR * rectangle {
            return false;
        }
        (0..DEEP).for_each(|_| hull = hull.eroded());
        // Ink may cut a notch of a pixel or two.
        hull.inside.iter().zip(&self.inside).filter(|(hull, inside)| **hull && !**inside).count() <= 2
    }
}

/// The area of the box around points, turned by some degrees.
fn box_at(points: &[[f32; 2]], degrees: f32) -> f32 {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let length = |along: [f32; 2]| {
        let places = points.iter().map(|point| point[0] * along[0] + point[1] * along[1]);
        let (low, high) = places.fold((f32::MAX, f32::MIN), |(low, high), at| (low.min(at), high.max(at)));
        high - low + 1.0
    };
    length([cos, sin]) * length([-sin, cos])
}

/// The left side of the convex hull of points that come from top to bottom, one in a row.
fn chain(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut hull: Vec<[f32; 2]> = vec![];
    for point in points {
        while let [.., a, b] = hull[..] {
            let turn = (b[0] - a[0]) * (point[1] - a[1]) - (point[0] - a[0]) * (b[1] - a[1]);
            if turn < 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push(*point);
    }
    hull
}

/// The column of a chain at a row.
fn at_row(chain: &[[f32; 2]], y: f32) -> f32 {
    let after = chain.partition_point(|point| point[1] <= y).clamp(1, chain.len().max(2) - 1);
    let (Some(a), Some(b)) = (chain.get(after - 1), chain.get(after)) else { return chain[0][0] };
    a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]).max(1.0)
}

//! A plot as lines of text, for a terminal or a log.

use crate::plot::{Curve, Plot};

/// Columns between the axis and the right edge.
const WIDTH: usize = 60;
/// Lines between the top and the axis.
const HEIGHT: usize = 12;

/// Draws a plot with a legend below it; each line ends with a line break.
pub fn draw(plot: &Plot) -> String {
    let mut rows = [[' '; WIDTH]; HEIGHT];
    let row = |place: f64| HEIGHT - 1 - (place * (HEIGHT - 1) as f64).round() as usize;
    for curve in &plot.curves {
        let points: Vec<(f64, f64)> = curve.points.iter().map(|&(x, y)| (plot.x.place(x), plot.y.place(y))).collect();
        let drawn = (0..WIDTH).filter_map(|column| Some((column, height_at(&points, column)?)));
        drawn.for_each(|(column, height)| rows[row(height)][column] = curve.look.sign);
    }
    let mut labels = [""; HEIGHT];
    plot.y.marks().for_each(|(place, text)| labels[row(place)] = text);
    let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let line = |(label, row): (&&str, &[char; WIDTH])| {
        let row: String = row.iter().collect();
        format!("{label:>margin$} |{}", row.trim_end()) + "\n"
    };
    let mut text: String = labels.iter().zip(&rows).map(line).collect();
    text += &format!("{:>margin$} +{}\n", "", "-".repeat(WIDTH));
    let below: String = below(plot).into_iter().collect();
    text += &format!("{:>margin$}  {}\n", "", below.trim_end());
    let named = |curve: &Curve| format!("{} {}", curve.look.sign, curve.name);
    let legend: Vec<String> = plot.curves.iter().map(named).collect();
    text + &format!("{:>margin$}  {}\n", "", legend.join("   "))
}

/// The height of a curve in a column, where it has a point there or points on both sides.
fn height_at(points: &[(f64, f64)], column: usize) -> Option<f64> {
    let x = column as f64 / (WIDTH - 1) as f64;
    let half = 0.5 / (WIDTH - 1) as f64;
    let next = points.partition_point(|point| point.0 < x);
    let near = points[next.saturating_sub(1)..].iter().take(2).find(|point| (point.0 - x).abs() <= half);
    if let Some(point) = near {
        return Some(point.1);
    }
    let (before, after) = (points.get(next.checked_sub(1)?)?, points.get(next)?);
    Some(before.1 + (after.1 - before.1) * (x - before.0) / (after.0 - before.0))
}

/// The marks below the axis, those left out that would touch another.
fn below(plot: &Plot) -> Vec<char> {
    let mut line = vec![' '; WIDTH + 12];
    let mut free = 0;
    for (place, text) in plot.x.marks() {
        let middle = (place * (WIDTH - 1) as f64).round() as usize;
        let start = middle.saturating_sub(text.chars().count() / 2);
        if start < free || start + text.chars().count() > line.len() {
            continue;
        }
        line.iter_mut().skip(start).zip(text.chars()).for_each(|(place, c)| *place = c);
        free = start + text.chars().count() + 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::axis::Axis;
    use crate::plot::{TRAINING, VALIDATION};

    #[test]
    fn curves_rise_from_mark_to_mark() {
        let curve = |name: &str, look, points: &[(f64, f64)]| Curve { name: name.into(), look, points: points.into() };
        let curves = vec![
            curve("training", TRAINING, &[(1.0, 0.0), (11.0, 1.0)]),
            curve("validation", VALIDATION, &[(1.0, 1.0), (6.0, 1.0)]),
        ];
        let text = draw(&Plot { x: Axis::epochs(1, 11), y: Axis::shares(), curves });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), HEIGHT + 3, "{text}");
        assert!(lines[0].starts_with("100 % |*****") && lines[0].ends_with("  ..."), "{text}");
        assert!(lines[11].starts_with("  0 % |..."), "{text}");
        assert_eq!(lines[12].trim_start(), format!("+{}", "-".repeat(WIDTH)));
        let marks: Vec<&str> = lines[13].split_whitespace().collect();
        assert_eq!(marks, ["1", "2", "4", "6", "8", "10"]);
        assert_eq!(lines[14].trim(), ". training   * validation");
    }

    #[test]
    fn one_point_is_drawn_and_none_is_not() {
        let points = |points: Vec<(f64, f64)>| Curve { name: "x".into(), look: TRAINING, points };
        let plot = |curve| draw(&Plot { x: Axis::epochs(1, 1), y: Axis::shares(), curves: vec![curve] });
        let dots = |text: String| text.lines().take(HEIGHT).map(|line| line.matches('.').count()).sum::<usize>();
        assert_eq!(dots(plot(points(vec![]))), 0);
        assert!(dots(plot(points(vec![(1.0, 0.4)]))) > 0);
    }
}

//! Curves over the epochs, as SVG whose colours the page's style sheet replaces in the dark.

use anyhow::Result;
use nn_core::metrics::Score;
use nn_train::EpochReport;
use plotters::prelude::*;

/// Pixels of a chart; the page shows it at half that size or less.
const SIZE: (u32, u32) = (960, 560);
const GRID: RGBColor = RGBColor(0xdf, 0xe2, 0xe6);
const TEXT: RGBColor = RGBColor(0x5b, 0x65, 0x70);
const TRAINING: RGBColor = RGBColor(0xc0, 0x6a, 0x1b);
const VALIDATION: RGBColor = RGBColor(0x1f, 0x62, 0xb5);
/// Values up to this one are drawn as 0, which a logarithmic axis does not have.
const NOTHING: f64 = 1e-12;
/// Most marks on the axis of values.
const MOST_MARKS: usize = 8;
/// Mantissas of these marks, from closest to farthest.
const LADDERS: [&[f64]; 4] =
    [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], &[1.0, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0]];

/// Mean loss over the epochs, on a logarithmic axis.
pub(super) fn loss(history: &[EpochReport]) -> Result<String> {
    chart(history, |score| score.loss(), |loss| format!("{loss:.3e}").parse().unwrap_or(loss).to_string(), false)
}

/// Accuracy over the epochs. The axis is logarithmic in the error, so that what happens near 100 % is seen.
pub(super) fn accuracy(history: &[EpochReport]) -> Result<String> {
    chart(history, |score| 1.0 - score.accuracy(), |error| format!("{} %", (1e6 * (1.0 - error)).round() / 1e4), true)
}

/// Draws a value of the scores that is best at 0, which lies at the top or at the bottom.
fn chart(
    history: &[EpochReport],
    value: impl Fn(Score) -> f64,
    label: impl Fn(f64) -> String,
    best_at_top: bool,
) -> Result<String> {
    let curve = |score: fn(&EpochReport) -> Option<Score>| -> Vec<(u32, f64)> {
        let point = |report: &EpochReport| Some((report.epoch, value(score(report)?)));
        history.iter().filter_map(point).filter(|(_, value)| value.is_finite()).collect()
    };
    let curves = [(curve(|report| Some(report.train)), TRAINING), (curve(|report| report.validation), VALIDATION)];
    let values = curves.iter().flat_map(|(points, _)| points).map(|(_, value)| *value);
    let mut marks = axis_marks(values.clone().filter(|value| *value > NOTHING));
    let with_zero = values.clone().any(|value| value <= NOTHING);
    if with_zero {
        marks.insert(0, marks[0] / 2.0); // stands for 0
    }
    let (low, high) = (marks[0], marks[marks.len() - 1]);
    let (first, last) = (history.first().map_or(1, |r| r.epoch), history.last().map_or(1, |r| r.epoch));
    let pad = u32::from(first == last);
    let x = first - pad..last + pad;
    let y = if best_at_top { high..low } else { low..high };

    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin_top(24)
            .margin_right(32)
            .x_label_area_size(64)
            .y_label_area_size(120)
            .build_cartesian_2d(x.with_key_points(epochs(first, last)), y.log_scale().with_key_points(marks))?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().bold_line_style(GRID.stroke_width(2)).axis_style(GRID.stroke_width(2));
        mesh.label_style(("sans-serif", 34).into_font().color(&TEXT));
        mesh.set_tick_mark_size(LabelAreaPosition::Bottom, 9);
        mesh.x_label_formatter(&|epoch| epoch.to_string());
        let mark = |mark: &f64| label(if with_zero && *mark == low { 0.0 } else { *mark });
        mesh.y_label_formatter(&mark).draw()?;
        for (points, colour) in curves {
            let points = points.into_iter().map(|(epoch, value)| (epoch, value.max(low)));
            let dots = if history.len() <= 40 { 6 } else { 0 };
            chart.draw_series(LineSeries::new(points, colour.stroke_width(4).filled()).point_size(dots))?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// The marks of a logarithmic axis from the least value above 0 to the greatest: as many as there is room for.
fn axis_marks(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(0.0, f64::max);
    let (least, most) = if most > 0.0 { (least, most) } else { (0.5, 1.0) };
    let decades = least.log10().floor() as i32 - 1..=most.log10().floor() as i32 + 1;
    let mut marks = vec![];
    for ladder in LADDERS {
        let ladder = decades.clone().flat_map(|exponent| ladder.iter().map(move |m| m * 10_f64.powi(exponent)));
        let ladder: Vec<f64> = ladder.collect();
        let end = ladder.partition_point(|mark| *mark < most);
        let start = ladder.partition_point(|mark| *mark <= least).saturating_sub(1).min(end - 1);
        marks = ladder[start..=end].to_vec();
        if marks.len() <= MOST_MARKS {
            break;
        }
    }
    marks
}

/// The epochs with a mark: the first, and every one, second, fifth, tenth and so on.
fn epochs(first: u32, last: u32) -> Vec<u32> {
    let steps = (0..).flat_map(|exponent| [1, 2, 5].map(|m| m * 10_u32.pow(exponent)));
    let step = steps.into_iter().find(|step| (last - first) / step < 10).unwrap_or(last);
    (first..=last).filter(|epoch| *epoch == first || epoch.is_multiple_of(step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(values: &[f64]) -> Vec<f64> {
        axis_marks(values.iter().copied()).into_iter().map(|m| (m * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn the_axis_begins_and_ends_just_outside_the_values() {
        assert_eq!(on(&[0.61, 0.68]), [0.6, 0.8]);
        assert_eq!(on(&[0.25, 0.021, 0.0065]), [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
        assert_eq!(on(&[3e-6, 2.3]), [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0]);
        assert_eq!(on(&[1.0]), [0.8, 1.0]);
        assert_eq!(on(&[]), [0.5, 0.6, 0.8, 1.0]);
    }

    #[test]
    fn the_style_sheet_knows_every_colour() {
        let page = include_str!("report.html");
        for (attribute, RGBColor(r, g, b)) in [
            ("stroke", GRID),
            ("fill", TEXT),
            ("stroke", TRAINING),
            ("fill", TRAINING),
            ("stroke", VALIDATION),
            ("fill", VALIDATION),
        ] {
            assert!(page.contains(&format!("[{attribute}=\"#{r:02X}{g:02X}{b:02X}\"]")), "{attribute} {r:x}{g:x}{b:x}");
        }
    }

    #[test]
    fn epochs_have_few_marks() {
        assert_eq!(epochs(1, 1), [1]);
        assert_eq!(epochs(3, 6), [3, 4, 5, 6]);
        assert_eq!(epochs(1, 30), [1, 5, 10, 15, 20, 25, 30]);
        assert!(epochs(1, 1_000_000).len() < 12);
    }
}

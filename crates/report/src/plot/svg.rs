//! A plot as SVG, for a page whose style sheet replaces the colours in the dark, or as a file of its own.

use crate::plot::{Axis, Curve, Plot};
use anyhow::Result;
use cli::output::PLOT_MARK;
use plotters::coord::Shift;
use plotters::prelude::*;

/// Width and height in pixels; a page shows it at half that size or less.
const SIZE: (u32, u32) = (960, 560);
/// Height of a line of the title and the legend.
const ROW: u32 = 48;
/// Where the legend begins, in pixels from the left, and the longest name in it.
const LEGEND_LEFT: i32 = 120;
const LEGEND_LENGTH: usize = 100;
/// The lines behind the curves.
pub const GRID: RGBColor = RGBColor(0xdf, 0xe2, 0xe6);
/// The marks of the axes.
pub const TEXT: RGBColor = RGBColor(0x5b, 0x65, 0x70);
/// Curves of more points are drawn without dots.
const MOST_DOTS: usize = 40;
/// The end of both axes, in the whole numbers that the marks are told by.
const END: i32 = 1_000_000;

/// Draws a plot without a legend, for a page.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn draw(plot: &Plot) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        chart(&area, plot)?;
        area.present()?;
    }
    Ok(svg)
}

/// Draws a plot below a title and above a legend, on white, as a file of its own.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn with_legend(plot: &Plot, title: &str) -> Result<String> {
    let (width, height) = SIZE;
    let mut svg = format!("{PLOT_MARK}\n");
    {
        let legend_height = ROW * (plot.curves.len() as u32 + 1);
        let area = SVGBackend::with_string(&mut svg, (width, ROW + height + legend_height)).into_drawing_area();
        area.fill(&WHITE)?;
        let (head, rest) = area.split_vertically(ROW);
        head.draw(&Text::new(title, (24, 12), font(TEXT)))?;
        let (upper, legend) = rest.split_vertically(height);
        chart(&upper, plot)?;
        for (y, curve) in (0..).step_by(ROW as usize).zip(&plot.curves) {
            let style = ("sans-serif", legend_size(&plot.curves)).into_font().color(&colour(curve));
            legend.draw(&Text::new(legend_text(curve), (LEGEND_LEFT, y), style))?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// The size of the letters in the legend: smaller where the longest name would not fit else.
fn legend_size(curves: &[Curve]) -> i32 {
    let longest = curves.iter().map(|curve| legend_text(curve).chars().count() as i32).max().unwrap_or(1);
    let room = SIZE.0 as i32 - LEGEND_LEFT - 24;
    (room * 10 / (6 * longest)).clamp(12, 34) // a letter is about 0.6 of its size wide
}

/// The text of a curve in the legend. Of a name that is too long the end stays, which tells paths apart.
fn legend_text(curve: &Curve) -> String {
    let length = curve.name.chars().count();
    let name: String = curve.name.chars().skip(length.saturating_sub(LEGEND_LENGTH)).collect();
    let cut = if length > LEGEND_LENGTH { "…" } else { "" };
    format!("{}  {cut}{name}", curve.look.sign)
}

/// Draws axes and curves. A curve whose sign is a letter ends with it.
fn chart(area: &DrawingArea<SVGBackend<'_>, Shift>, plot: &Plot) -> Result<()> {
    let marks = |axis: &Axis| axis.marks().map(|mark| whole(mark.0)).collect::<Vec<i32>>();
    let mut chart = ChartBuilder::on(area)
        .margin_top(24)
        .margin_right(56)
        .x_label_area_size(64)
        .y_label_area_size(120)
        .build_cartesian_2d((0..END).with_key_points(marks(&plot.x)), (0..END).with_key_points(marks(&plot.y)))?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh().bold_line_style(GRID.stroke_width(2)).axis_style(GRID.stroke_width(2));
    mesh.label_style(font(TEXT));
    mesh.set_tick_mark_size(LabelAreaPosition::Bottom, 9);
    let (x_text, y_text) = (|place: &i32| text_at(&plot.x, *place), |place: &i32| text_at(&plot.y, *place));
    mesh.x_label_formatter(&x_text).y_label_formatter(&y_text).draw()?;
    for curve in &plot.curves {
        let dots = if curve.look.has_dots && curve.points.len() <= MOST_DOTS { 6 } else { 0 };
        let points = curve.points.iter().map(|&(x, y)| (whole(plot.x.place(x)), whole(plot.y.place(y))));
        let last = points.clone().next_back().filter(|_| curve.look.sign.is_alphabetic());
        let style = colour(curve).stroke_width(4).filled();
        chart.draw_series(LineSeries::new(points, style).point_size(dots))?;
        let beside = |at| EmptyElement::at(at) + Text::new(curve.look.sign.to_string(), (12, -18), font(colour(curve)));
        chart.draw_series(last.map(beside))?;
    }
    Ok(())
}

fn colour(curve: &Curve) -> RGBColor {
    let [r, g, b] = curve.look.colour;
    RGBColor(r, g, b)
}

/// The one font, in a colour.
fn font(colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", 34).into_font().color(&colour)
}

/// A place from 0 to 1 as a whole number.
fn whole(place: f64) -> i32 {
    (place * f64::from(END)).round() as i32
}

/// The text of the mark at a place.
fn text_at(axis: &Axis, place: i32) -> String {
    axis.marks().find(|mark| whole(mark.0) == place).map_or(String::new(), |mark| mark.1.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plot::{CurveLook, TRAINING};

    #[test]
    fn a_file_of_its_own_names_its_curves_and_nothing_in_them_is_markup() {
        let look = CurveLook { sign: 'a', ..TRAINING };
        let curve = Curve { name: "</svg><script>".into(), look, points: vec![(1.0, 0.2), (2.0, 0.1)] };
        let plot = Plot { x: Axis::epochs(1, 2), y: Axis::errors([0.1, 0.2].into_iter()), curves: vec![curve] };
        let svg = with_legend(&plot, "accuracy & more").unwrap();
        assert!(svg.starts_with(PLOT_MARK) && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("&lt;/svg&gt;&lt;script&gt;") && svg.contains("accuracy &amp; more"));
        assert_eq!((svg.matches("<script").count(), svg.matches("\na\n</text>").count()), (0, 1), "{svg}");
    }

    #[test]
    fn a_long_name_is_small_and_a_longer_one_keeps_its_end() {
        let curve = |name: &str| Curve { name: name.into(), look: TRAINING, points: vec![] };
        let size = |name: &str| legend_size(&[curve("short"), curve(name)]);
        assert!(size("mlp") == 34 && size(&"runs/a".repeat(10)) < 34);
        let name = format!("{}/metrics.jsonl", "long".repeat(40));
        let text = legend_text(&curve(&name));
        assert!(
            text.starts_with(".  …") && text.ends_with("/metrics.jsonl") && text.chars().count() == LEGEND_LENGTH + 4
        );
        assert_eq!(size(&name), size(&name.repeat(3)));
    }
}

//! The curves of a training: loss and accuracy over the epochs.

use crate::live::{News, Point};
use egui::{Color32, Ui};
use egui_plot::{Corner, Legend, Line, Plot, PlotPoints, VLine};
use ui::look;

/// The height of a plot, in points.
const HEIGHT: f32 = 150.0;

/// Shows both curves side by side; a line stands at the moment that is shown, where it is not the newest.
pub fn show(ui: &mut Ui, news: &News, moment: Option<f64>) {
    ui.columns(2, |columns| {
        let [above, below] = [Corner::RightTop, Corner::RightBottom]; // away from where the curve ends
        plot(&mut columns[0], ("Loss", above), news, moment, |point| point.loss);
        plot(&mut columns[1], ("Accuracy, %", below), news, moment, |point| 100.0 * point.accuracy);
    });
}

fn plot(ui: &mut Ui, (title, corner): (&str, Corner), news: &News, moment: Option<f64>, value: fn(&Point) -> f64) {
    ui.label(look::caption(title));
    let colours = look::of(ui);
    let line = |name: &str, points: &[Point], colour: Color32| {
        let points: PlotPoints<'_> = points.iter().map(|point| [point.at, value(point)]).collect();
        Line::new(name, points).color(colour).width(2.0)
    };
    let end = f64::from(news.progress.epochs.max(1));
    let plot = Plot::new(title).height(HEIGHT).include_x(0.0).include_x(end).legend(Legend::default().position(corner));
    let still = plot.allow_drag(false).allow_zoom(false).allow_scroll(false).allow_boxed_zoom(false);
    still.allow_axis_zoom_drag(false).allow_double_click_reset(false).show(ui, |ui| {
        ui.line(line("as they go by", &news.training, colours.faint));
        if !news.validation.is_empty() {
            ui.line(line("held back", &news.validation, colours.accent));
        }
        if let Some(at) = moment {
            ui.vline(VLine::new("shown", at).color(colours.warning));
        }
    });
}

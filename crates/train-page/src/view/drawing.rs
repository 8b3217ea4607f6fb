//! The pad, and how the network of the moment reads what is on it.

use egui::{ProgressBar, RichText, Role, Ui, WidgetInfo};
use nn_io::Answer;
use ui::look;
use ui::pad::DrawPad;

/// Classes that have a bar, at most.
const BARS: usize = 5;

/// Shows the pad in this width, and the answer below it.
pub fn show(ui: &mut Ui, pad: &mut DrawPad, side: f32, answer: Option<(&Answer, &[String])>) {
    pad.ui(ui, side);
    if ui.add_enabled(!pad.is_empty(), egui::Button::new("Clear")).clicked() {
        pad.clear();
    }
    let Some((answer, classes)) = answer else {
        ui.label(look::caption("Draw something: the answer to it changes while the network learns."));
        return;
    };
    let best = look::readable(ui.ctx(), &classes[answer.class]);
    let response = ui.label(RichText::new(format!("It reads {best}")).size(20.0).color(look::of(ui).accent));
    let spoken = format!("It reads {best}, {:.0} % sure", 100.0 * answer.probability);
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &spoken));
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by(|&a, &b| answer.probabilities[b].total_cmp(&answer.probabilities[a]));
    order.truncate(BARS);
    order.sort_unstable(); // bars keep their places where the answer changes
    for class in order {
        let (name, p) = (look::readable(ui.ctx(), &classes[class]), answer.probabilities[class]);
        let text = format!("{name}: {:.0} %", 100.0 * p);
        let fill = if class == answer.class { look::of(ui).accent_deep } else { look::of(ui).accent_pale };
        let bar = ui.add(
            ProgressBar::new(p)
                .desired_width(side)
                .corner_radius(2)
                .fill(fill)
                .text(RichText::new(&text).color(look::of(ui).ink)),
        );
        bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &text));
    }
}

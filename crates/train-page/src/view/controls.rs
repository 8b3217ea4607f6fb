//! The controls of a training, and how far it is.

use crate::live::{EpochProgress, Go, Orders};
use egui::{Button, ProgressBar, RichText, Role, Ui, WidgetInfo};
use std::time::Duration;
use ui::look;

/// A wish of the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// An order to the training.
    Order(Go),
    /// Another factor of the learning rate.
    Factor(f32),
}

/// The factor of one press on Slower or Faster.
const NUDGE: f32 = 1.5;

/// Shows the buttons; returns what the user wants.
pub fn buttons(ui: &mut Ui, progress: &EpochProgress, orders: Orders) -> Option<Control> {
    let mut wish = None;
    let mut button = |ui: &mut Ui, text: &str, hint: &str, enabled: bool, meant: Control| {
        if ui.add_enabled(enabled, Button::new(text)).on_hover_text(hint).clicked() {
            wish = Some(meant);
        }
    };
    ui.horizontal_wrapped(|ui| {
        match progress.waits || matches!(orders.go, Go::Wait | Go::Step) {
            false => button(ui, "Pause", "Waits between two steps", true, Control::Order(Go::Wait)),
            true => button(ui, "Go on", "Trains on", true, Control::Order(Go::On)),
        }
        button(ui, "One step", "Learns one batch of pictures", progress.waits, Control::Order(Go::Step));
        button(ui, "One epoch", "Goes on to the end of the epoch", progress.waits, Control::Order(Go::Epoch));
        let hint = "Ends now with the network that read the pictures held back best so far";
        button(ui, "Stop and keep the best", hint, true, Control::Order(Go::Finish));
        ui.add_space(8.0);
        ui.label(look::caption(&format!("Learning rate {}", short(progress.lr))));
        button(ui, "Slower", "Smaller steps", true, Control::Factor(orders.factor / NUDGE));
        button(ui, "Faster", "Larger steps", true, Control::Factor(orders.factor * NUDGE));
        if orders.factor != 1.0 {
            button(ui, "As planned", "The learning rate of the recipe", true, Control::Factor(1.0));
        }
    });
    wish
}

/// Shows how far the training is.
pub fn progress(ui: &mut Ui, progress: &EpochProgress) {
    let EpochProgress { at, epochs, samples_per_second, left, waits, .. } = *progress;
    let how = match left {
        _ if waits => ", waiting".into(),
        Some(left) if at < f64::from(epochs) => {
            format!(", {samples_per_second:.0} pictures per second, {} left", clock(left))
        }
        _ => String::new(),
    };
    let text = format!("Epoch {at:.1} of {epochs}{how}");
    ui.label(RichText::new(&text).strong());
    let bar = ui.add(ProgressBar::new((at / f64::from(epochs.max(1))) as f32).fill(look::of(ui).accent));
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &text));
}

/// A duration in minutes and seconds.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A learning rate with two digits that count.
fn short(rate: f32) -> String {
    if rate >= 0.1 || rate == 0.0 { format!("{rate:.2}") } else { format!("{rate:.1e}") }
}

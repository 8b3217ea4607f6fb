//! For tests: windows without a display. A harness that draws on the CPU, and a pointer that draws strokes.

mod layout;
mod pointer;
mod renderer;

pub use layout::{assert_laid_out, widgets};
pub use pointer::{frame, key_events, stroke, stroke_events, strokes, type_key};
pub use renderer::CpuRenderer;

use egui::{Ui, Vec2};
use egui_kittest::Harness;
use std::time::{Duration, Instant};

/// A harness for the user interface of a window of this size, drawn on the CPU: the same picture on every machine.
pub fn harness<S: 'static>(
    size: Vec2,
    setup: fn(&egui::Context),
    app: S,
    ui: fn(&mut S, &mut Ui),
) -> Harness<'static, S> {
    let builder = Harness::builder()
        .with_size(size)
        .with_max_steps(16)
        .with_theme(egui::Theme::Light)
        .renderer(CpuRenderer::default());
    builder.with_context_setup(setup).build_ui_state(move |frame, state| ui(state, frame), app)
}

/// Steps until something holds that a thread brings about.
///
/// # Panics
/// When it does not within half a minute.
#[track_caller]
pub fn wait<S>(harness: &mut Harness<'_, S>, what: &str, mut done: impl FnMut(&S) -> bool) {
    let start = Instant::now();
    while !done(harness.state()) {
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(2));
        harness.step();
    }
    harness.step();
}

//! The system's window around a screen.

use crate::look;
use anyhow::{Result, anyhow};
use eframe::egui::{Ui, Vec2, ViewportBuilder, ViewportCommand};

/// The content of a window.
pub trait Screen: 'static {
    /// The program's name.
    const NAME: &'static str;
    /// The smallest size of the window, in points.
    const SMALLEST: Vec2;
    /// How to use the program where no window can be opened: the end of an error message.
    const WITHOUT_WINDOW: &'static str;

    /// The size with which the window opens, in points.
    fn size(&self) -> Vec2;
    /// The window's title. It is asked for after every frame.
    fn title(&self) -> String;
    /// Shows one frame.
    fn ui(&mut self, ui: &mut Ui);
    /// The window has this size now, in points.
    fn resized(&mut self, _size: Vec2) {}
    /// The window has been closed.
    fn closed(&mut self) {}
}

/// Shows a screen until the user closes its window.
///
/// # Errors
/// Where no window can be opened: the reason, and how to use the program without one.
pub fn run<S: Screen>(screen: S) -> Result<()> {
    let viewport = ViewportBuilder::default()
        .with_title(S::NAME)
        .with_app_id(format!("barnacle-{}", S::NAME))
        .with_inner_size(screen.size())
        .with_min_inner_size(S::SMALLEST)
        .with_drag_and_drop(true);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    let shell = |cc: &eframe::CreationContext<'_>| {
        look::apply(&cc.egui_ctx);
        Ok(Box::new(Shell { screen, title: String::new() }) as Box<dyn eframe::App>)
    };
    eframe::run_native(S::NAME, options, Box::new(shell))
        .map_err(|error| anyhow!("no window can be opened here ({}); {}", cause(&error), S::WITHOUT_WINDOW))
}

/// The system's reason, without the places in its code.
fn cause(error: &eframe::Error) -> String {
    match error {
        _ if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() => {
            "there is no display".into()
        }
        eframe::Error::WinitEventLoop(_) => "the display does not answer".into(),
        other => other.to_string().lines().next().unwrap_or_default().into(),
    }
}

struct Shell<S> {
    screen: S,
    title: String,
}

impl<S: Screen> eframe::App for Shell<S> {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.screen.ui(ui);
        if let Some(rect) = ui.input(|input| input.viewport().inner_rect) {
            self.screen.resized(rect.size());
        }
        let title = self.screen.title();
        if title != self.title {
            ui.ctx().send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.screen.closed();
    }
}

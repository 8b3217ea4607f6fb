//! The window's shell: the system's window, which forwards everything to [`Window`].

use super::Window;
use anyhow::{Result, anyhow};
use draw_pad::look;
use eframe::egui::{Ui, Vec2, ViewportBuilder, ViewportCommand};

/// The size of a new window, in points.
pub const SIZE: Vec2 = Vec2::new(1120.0, 760.0);

/// Shows the window until the user ends it.
///
/// # Errors
/// When there is no display, with what to do instead.
pub fn run(window: Window) -> Result<()> {
    let viewport = ViewportBuilder::default()
        .with_title("classify")
        .with_app_id("barnacle-classify")
        .with_inner_size(SIZE)
        .with_min_inner_size([860.0, 560.0])
        .with_drag_and_drop(true);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    let shell = |cc: &eframe::CreationContext<'_>| {
        look::apply(&cc.egui_ctx);
        Ok(Box::new(Shell { window, title: String::new() }) as Box<dyn eframe::App>)
    };
    eframe::run_native("classify", options, Box::new(shell)).map_err(|error| {
        anyhow!("no window can be opened here ({}); `classify -i FILE` reads pictures without one", cause(&error))
    })
}

/// What the system says, without the places in its code.
fn cause(error: &eframe::Error) -> String {
    match error {
        _ if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() => {
            "there is no display".into()
        }
        eframe::Error::WinitEventLoop(_) => "the display does not answer".into(),
        other => other.to_string().lines().next().unwrap_or_default().into(),
    }
}

struct Shell {
    window: Window,
    title: String,
}

impl eframe::App for Shell {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.window.ui(ui);
        let title = self.window.title();
        if title != self.title {
            ui.ctx().send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

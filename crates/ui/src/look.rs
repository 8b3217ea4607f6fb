//! The look of the windows: light and calm, one accent colour.

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Frame, Margin, RichText, Stroke, TextStyle, Theme, Vec2,
};

/// Behind everything.
pub const GROUND: Color32 = Color32::from_rgb(0xf4, 0xf3, 0xef);
/// What is drawn on.
pub const PAPER: Color32 = Color32::WHITE;
/// What is drawn, and text.
pub const INK: Color32 = Color32::from_rgb(0x1d, 0x22, 0x2b);
/// Text of less weight.
pub const FAINT: Color32 = Color32::from_rgb(0x6b, 0x72, 0x80);
/// Borders.
pub const LINE: Color32 = Color32::from_rgb(0xdc, 0xda, 0xd3);
/// The one colour: what is chosen, active or sure.
pub const ACCENT: Color32 = Color32::from_rgb(0x0b, 0x6e, 0x6e);
/// The accent behind text, or in bars that matter less.
pub const ACCENT_PALE: Color32 = Color32::from_rgb(0xcf, 0xe5, 0xe3);
/// What the user should look at: unsure, failed.
pub const WARNING: Color32 = Color32::from_rgb(0xb4, 0x53, 0x09);
/// Roundness of cards and pads.
pub const CORNER: CornerRadius = CornerRadius::same(10);

/// Gives a window the look.
pub fn apply(ctx: &Context) {
    ctx.set_theme(Theme::Light);
    ctx.all_styles_mut(|style| {
        style.spacing.item_spacing = Vec2::new(8.0, 8.0);
        style.spacing.button_padding = Vec2::new(10.0, 5.0);
        style.spacing.interact_size.y = 26.0;
        style.interaction.selectable_labels = false;
        let font = |size| FontId::new(size, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, font(12.0)),
            (TextStyle::Body, font(15.0)),
            (TextStyle::Button, font(15.0)),
            (TextStyle::Heading, font(20.0)),
            (TextStyle::Monospace, FontId::new(14.0, FontFamily::Monospace)),
        ]
        .into();
        let visuals = &mut style.visuals;
        *visuals = egui::Visuals::light();
        visuals.override_text_color = None;
        visuals.panel_fill = GROUND;
        visuals.window_fill = PAPER;
        visuals.extreme_bg_color = PAPER;
        visuals.faint_bg_color = GROUND;
        visuals.warn_fg_color = WARNING;
        visuals.error_fg_color = WARNING;
        visuals.selection.bg_fill = ACCENT_PALE;
        visuals.selection.stroke = Stroke::new(1.0, ACCENT);
        visuals.hyperlink_color = ACCENT;
        visuals.slider_trailing_fill = true;
        let widgets = &mut visuals.widgets;
        for (widget, fill, border, text) in [
            (&mut widgets.noninteractive, GROUND, LINE, INK),
            (&mut widgets.inactive, PAPER, LINE, INK),
            (&mut widgets.hovered, PAPER, ACCENT, INK),
            (&mut widgets.active, ACCENT_PALE, ACCENT, INK),
            (&mut widgets.open, PAPER, ACCENT, INK),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, border);
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = CornerRadius::same(6);
            widget.expansion = 0.0;
        }
        widgets.inactive.bg_fill = LINE; // the rail of a slider
    });
}

/// A card: a white box with a thin border.
pub fn card() -> Frame {
    Frame::new().fill(PAPER).stroke(Stroke::new(1.0, LINE)).corner_radius(CORNER).inner_margin(Margin::same(14))
}

/// The frame around everything in a window.
pub fn window() -> Frame {
    Frame::new().fill(GROUND).inner_margin(Margin::same(18))
}

/// A small heading above a part of the window.
pub fn caption(text: &str) -> RichText {
    RichText::new(text).color(FAINT).size(13.0)
}

/// A key as it is shown to be pressed.
pub fn key(text: &str) -> RichText {
    RichText::new(text).color(INK).size(13.0).strong()
}

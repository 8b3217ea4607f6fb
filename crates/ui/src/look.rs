//! The look of the windows: light and calm, one accent colour.

use egui::style::ScrollStyle;
use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Frame, Margin, RichText, Stroke, TextStyle, Theme, Vec2,
};

/// The colour behind everything.
pub const GROUND: Color32 = Color32::from_rgb(0xf4, 0xf3, 0xef);
/// The colour that is drawn on.
pub const PAPER: Color32 = Color32::WHITE;
/// The colour of drawings and of text.
pub const INK: Color32 = Color32::from_rgb(0x1d, 0x22, 0x2b);
/// Text of less weight.
pub const FAINT: Color32 = Color32::from_rgb(0x56, 0x5d, 0x6b);
/// The colour of borders, and of bars that matter less.
pub const LINE: Color32 = Color32::from_rgb(0x80, 0x7e, 0x76);
/// The one accent: chosen, active or sure.
pub const ACCENT: Color32 = Color32::from_rgb(0x0b, 0x6e, 0x6e);
/// The accent behind text.
pub const ACCENT_PALE: Color32 = Color32::from_rgb(0xcf, 0xe5, 0xe3);
/// The colour of what the user should look at: unsure, failed.
pub const WARNING: Color32 = Color32::from_rgb(0x9a, 0x45, 0x07);
/// Roundness of cards and pads.
pub const CORNER: CornerRadius = CornerRadius::same(10);

/// Gives a window the look.
pub fn apply(ctx: &Context) {
    ctx.set_theme(Theme::Light);
    ctx.all_styles_mut(|style| {
        style.spacing.item_spacing = Vec2::new(8.0, 8.0);
        style.spacing.button_padding = Vec2::new(10.0, 5.0);
        style.spacing.interact_size.y = 26.0;
        style.spacing.scroll = ScrollStyle::solid(); // seen without hovering: there is more
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

/// Returns a text as the windows can show it: a character that no font has becomes its code point, as `U+1F600`.
pub fn readable(ctx: &Context, text: &str) -> String {
    let font = FontId::proportional(15.0);
    let shown = |c: char| match ctx.fonts_mut(|fonts| fonts.has_glyph(&font, c)) {
        true => c.to_string(),
        false => format!("U+{:04X}", u32::from(c)),
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colours by the Web Content Accessibility Guidelines 2.2: 1 to 21.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |colour: Color32| {
            let [r, g, b] = [colour.r(), colour.g(), colour.b()].map(|v| match f32::from(v) / 255.0 {
                v if v <= 0.04045 => v / 12.92,
                v => ((v + 0.055) / 1.055).powf(2.4),
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let [a, b] = [a, b].map(|colour| luminance(colour) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_and_borders_can_be_told_from_their_ground() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        for ground in [GROUND, PAPER, ACCENT_PALE] {
            for text in [INK, FAINT, ACCENT, WARNING] {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}: {}", contrast(text, ground));
            }
            assert!(contrast(LINE, ground) >= 3.0, "{ground:?}: {}", contrast(LINE, ground));
        }
        assert!(contrast(PAPER, WARNING) >= 4.5, "the sign of an error");
        assert!(contrast(ACCENT, PAPER) >= 3.0, "a bar beside its empty part");
    }

    #[test]
    fn a_character_that_no_font_has_is_named() {
        let ctx = Context::default();
        let mut shown = String::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| shown = readable(ui.ctx(), "7 я \u{1f600}"));
        output.textures_delta.clear();
        assert_eq!(shown, "7 я U+1F600");
    }
}

//! The look of the windows: calm, one accent colour, light or dark as the system or the user wishes.

use crate::palette::{DARK, LIGHT, Palette};
use egui::style::ScrollStyle;
use egui::{
    Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Frame, Margin, RichText, Stroke, Style,
    TextStyle, Theme, ThemePreference, Ui, Vec2, Visuals,
};
use epaint_default_fonts::UBUNTU_LIGHT;
use std::sync::Arc;

/// Roundness of cards and pads.
pub const CORNER: CornerRadius = CornerRadius::same(10);

/// Gives a window the look. The theme follows the system's; where that does not tell, it is light.
pub fn apply(ctx: &Context) {
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
    ctx.set_theme(ThemePreference::System);
    ctx.set_fonts(typeface());
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| {
            set_sizes(style);
            set_colours(style, theme);
        });
    }
}

/// One typeface for all text; nothing is set in a monospaced one.
fn typeface() -> FontDefinitions {
    const NAME: &str = "Ubuntu-Light";
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert(NAME.into(), Arc::new(FontData::from_static(UBUNTU_LIGHT)));
    fonts.families = [FontFamily::Proportional, FontFamily::Monospace].map(|family| (family, vec![NAME.into()])).into();
    fonts
}

/// The colours of the theme that is shown.
pub fn of(ui: &Ui) -> &'static Palette {
    colours(ui.ctx())
}

/// The colours of the theme that is shown, outside of a part of the window.
pub fn colours(ctx: &Context) -> &'static Palette {
    match ctx.theme() {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    }
}

/// The themes that a user can choose, by name: the system's, light, dark.
const THEMES: [(&str, ThemePreference); 3] =
    [("system", ThemePreference::System), ("light", ThemePreference::Light), ("dark", ThemePreference::Dark)];

/// The name of the theme that the user has chosen.
pub fn theme(ctx: &Context) -> &'static str {
    let chosen = ctx.options(|options| options.theme_preference);
    THEMES.iter().find(|(_, theme)| *theme == chosen).map_or(THEMES[0].0, |(name, _)| name)
}

/// Chooses a theme by its name; an unknown name stands for the system's.
pub fn choose_theme(ctx: &Context, name: &str) {
    ctx.set_theme(THEMES.iter().find(|(other, _)| *other == name).map_or(ThemePreference::System, |(_, theme)| *theme));
}

/// A button that goes through the themes.
pub fn theme_button(ui: &mut Ui) {
    let chosen = theme(ui.ctx());
    let button = ui.button(caption(&format!("Theme: {chosen}")));
    if button.on_hover_text("The system's theme, light, or dark").clicked() {
        let at = THEMES.iter().position(|(name, _)| *name == chosen).unwrap_or(0);
        choose_theme(ui.ctx(), THEMES[(at + 1) % THEMES.len()].0);
    }
}

fn set_sizes(style: &mut Style) {
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
}

fn set_colours(style: &mut Style, theme: Theme) {
    let (colours, visuals) = match theme {
        Theme::Light => (LIGHT, Visuals::light()),
        Theme::Dark => (DARK, Visuals::dark()),
    };
    style.visuals = visuals;
    let visuals = &mut style.visuals;
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(colours.faint);
    visuals.panel_fill = colours.ground;
    visuals.window_fill = colours.paper;
    visuals.extreme_bg_color = colours.paper;
    visuals.faint_bg_color = colours.ground;
    visuals.warn_fg_color = colours.warning;
    visuals.error_fg_color = colours.warning;
    visuals.selection.bg_fill = colours.accent_pale;
    visuals.selection.stroke = Stroke::new(1.0, colours.accent);
    visuals.hyperlink_color = colours.accent;
    visuals.slider_trailing_fill = true;
    let widgets = &mut visuals.widgets;
    for (widget, fill, border) in [
        (&mut widgets.noninteractive, colours.ground, colours.line),
        (&mut widgets.inactive, colours.paper, colours.line),
        (&mut widgets.hovered, colours.paper, colours.accent),
        (&mut widgets.active, colours.accent_pale, colours.accent),
        (&mut widgets.open, colours.paper, colours.accent),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, border);
        widget.fg_stroke = Stroke::new(1.0, colours.ink);
        widget.corner_radius = CornerRadius::same(6);
        widget.expansion = 0.0;
    }
    widgets.inactive.bg_fill = colours.line; // the rail of a slider
}

/// A card: a box with a thin border.
pub fn card(ui: &Ui) -> Frame {
    let border = Stroke::new(1.0, of(ui).line);
    Frame::new().fill(of(ui).paper).stroke(border).corner_radius(CORNER).inner_margin(Margin::same(14))
}

/// The frame around everything in a window; it is thin where there is little space.
pub fn window(ui: &Ui) -> Frame {
    let size = ui.ctx().content_rect().size();
    let margin = if size.x < 860.0 || size.y < 560.0 { 8 } else { 18 };
    Frame::new().fill(of(ui).ground).inner_margin(Margin::same(margin))
}

/// A small heading above a part of the window.
pub fn caption(text: &str) -> RichText {
    RichText::new(text).weak().size(13.0)
}

/// A key as it is shown to be pressed.
pub fn key(text: &str) -> RichText {
    RichText::new(text).size(13.0).strong()
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

    #[test]
    fn a_character_that_no_font_has_is_named() {
        let ctx = Context::default();
        apply(&ctx);
        let mut shown = String::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| shown = readable(ui.ctx(), "7 я \u{1f600}"));
        output.textures_delta.clear();
        assert_eq!(shown, "7 я U+1F600");
    }
}

//! The colours of the windows, for a light and for a dark theme. Text on any ground has the contrast that the Web Content
//! Accessibility Guidelines ask for (AA: 4.5, and 3 for what is not text).

use egui::Color32;

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The colour behind everything.
    pub ground: Color32,
    /// The colour of cards, and of the paper that is drawn on.
    pub paper: Color32,
    /// The colour of drawings and of text.
    pub ink: Color32,
    /// Text of less weight.
    pub faint: Color32,
    /// The colour of borders, and of bars that matter less.
    pub line: Color32,
    /// The one accent: chosen, active or sure.
    pub accent: Color32,
    /// The accent behind text.
    pub accent_pale: Color32,
    /// The darkest accent that `ink` can be read on, or the brightest in a dark theme.
    pub accent_deep: Color32,
    /// The colour of what the user should look at: unsure, failed.
    pub warning: Color32,
}

/// Dark ink on white paper.
pub const LIGHT: Palette = Palette {
    ground: Color32::from_rgb(0xf4, 0xf3, 0xef),
    paper: Color32::WHITE,
    ink: Color32::from_rgb(0x1d, 0x22, 0x2b),
    faint: Color32::from_rgb(0x56, 0x5d, 0x6b),
    line: Color32::from_rgb(0x80, 0x7e, 0x76),
    accent: Color32::from_rgb(0x0b, 0x6e, 0x6e),
    accent_pale: Color32::from_rgb(0xcf, 0xe5, 0xe3),
    accent_deep: Color32::from_rgb(0x6d, 0xa8, 0xa8),
    warning: Color32::from_rgb(0x9a, 0x45, 0x07),
};

/// Bright ink on dark paper.
pub const DARK: Palette = Palette {
    ground: Color32::from_rgb(0x13, 0x16, 0x1a),
    paper: Color32::from_rgb(0x1e, 0x22, 0x28),
    ink: Color32::from_rgb(0xea, 0xec, 0xee),
    faint: Color32::from_rgb(0xaa, 0xb1, 0xbc),
    line: Color32::from_rgb(0x86, 0x8c, 0x96),
    accent: Color32::from_rgb(0x58, 0xc7, 0xc2),
    accent_pale: Color32::from_rgb(0x17, 0x3a, 0x3c),
    accent_deep: Color32::from_rgb(0x2f, 0x68, 0x69),
    warning: Color32::from_rgb(0xf2, 0xa5, 0x65),
};

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
    fn text_and_borders_can_be_told_from_their_ground_in_both_themes() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        for p in [LIGHT, DARK] {
            for ground in [p.ground, p.paper, p.accent_pale] {
                for text in [p.ink, p.faint, p.accent, p.warning] {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}: {}", contrast(text, ground));
                }
                assert!(contrast(p.line, ground) >= 3.0, "{ground:?}: {}", contrast(p.line, ground));
            }
            for ground in [p.accent, p.warning] {
                assert!(contrast(p.paper, ground) >= 4.5, "the sign of an error, the main button: {ground:?}");
            }
            assert!(contrast(p.ink, p.accent_deep) >= 4.5, "{}", contrast(p.ink, p.accent_deep));
            assert!(contrast(p.accent, p.ground) >= 3.0, "a bar beside its empty part");
        }
    }
}

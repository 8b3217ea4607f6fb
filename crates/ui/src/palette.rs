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

    /// A colour as somebody sees it who lacks one kind of cones, in linear light (Machado, Oliveira and Fernandes 2009).
    fn seen_by(cones: &[[f32; 3]; 3], colour: Color32) -> [f32; 3] {
        let light = [colour.r(), colour.g(), colour.b()].map(|v| (f32::from(v) / 255.0).powf(2.2));
        cones.map(|row| row.iter().zip(light).map(|(m, v)| m * v).sum::<f32>().clamp(0.0, 1.0))
    }

    /// The distance of two colours in CIE L*a*b*; 2 can just be seen.
    fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
        let lab = |[r, g, b]: [f32; 3]| {
            let xyz = [0.4339 * r + 0.3762 * g + 0.1899 * b, 0.2126 * r + 0.7152 * g + 0.0722 * b];
            let z = 0.0178 * r + 0.1095 * g + 0.8728 * b;
            let [x, y, z] = [xyz[0], xyz[1], z].map(|t| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
            [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
        };
        lab(a).into_iter().zip(lab(b)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    }

    #[test]
    fn for_and_against_can_be_told_apart_by_the_colour_blind() {
        let no_red = [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]];
        let no_green = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]];
        let no_blue = [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.147], [0.005, 0.691, 0.304]];
        for p in [LIGHT, DARK] {
            for cones in [no_red, no_green, no_blue] {
                let [accent, warning, paper] = [p.accent, p.warning, p.paper].map(|colour| seen_by(&cones, colour));
                for (a, b) in [(accent, warning), (accent, paper), (warning, paper)] {
                    assert!(distance(a, b) > 30.0, "{a:?} {b:?}: {}", distance(a, b));
                }
            }
        }
        let [red, green] = [Color32::from_rgb(0xa0, 0x60, 0x40), Color32::from_rgb(0x60, 0x80, 0x40)];
        let [red, green] = [red, green].map(|colour| seen_by(&no_red, colour));
        assert!(distance(red, green) < 30.0, "red and green cannot: {}", distance(red, green));
    }
}

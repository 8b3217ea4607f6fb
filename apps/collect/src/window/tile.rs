//! Tiles for classes, as large as the space allows, so that all classes are seen at once.

use egui::{Align2, FontId, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};
use ui::look;

/// The gap between two tiles, in points.
pub const GAP: f32 = 4.0;
/// The smallest and the largest size of a tile, in points.
const SIZES: (Vec2, Vec2) = (Vec2::new(24.0, 21.0), Vec2::new(150.0, 125.0));
/// A tile that is at least this high shows its number too.
const WITH_NUMBER: f32 = 42.0;

/// A class and how many drawings it has.
pub struct Tile<'a> {
    /// The class.
    pub class: &'a str,
    /// Its drawings.
    pub count: usize,
    /// How many are wanted.
    pub goal: Option<usize>,
    /// Whether the tile is the chosen one.
    pub is_marked: bool,
    /// The effect of a click, for a hint.
    pub hint: &'a str,
}

/// Returns the largest size with which a tile for each class fits into an area; the smallest where none does.
pub fn fitting<'a>(classes: impl Iterator<Item = &'a str> + Clone, area: Vec2) -> Vec2 {
    let longest = classes.clone().map(|class| class.chars().count()).max().unwrap_or(1);
    let count = classes.count().max(1);
    let least = if longest > 2 { (12.0 + 8.0 * longest as f32).min(140.0) } else { SIZES.0.x };
    let in_columns = |columns: usize| {
        let rows = count.div_ceil(columns);
        let size = (area + Vec2::splat(GAP)) / Vec2::new(columns as f32, rows as f32) - Vec2::splat(GAP);
        let height = size.y.min(SIZES.1.y).min(0.9 * size.x.max(least));
        Vec2::new(size.x.min(SIZES.1.x).min((1.3 * height).max(least)), height).floor()
    };
    let fits = |size: &Vec2| size.x >= least && size.y >= SIZES.0.y;
    let area_of = |size: &Vec2| size.x * size.y;
    let largest = (1..=count).map(in_columns).filter(fits).max_by(|a, b| area_of(a).total_cmp(&area_of(b)));
    largest.unwrap_or(Vec2::new(least, SIZES.0.y))
}

impl Tile<'_> {
    /// Shows the tile as a button.
    pub fn show(&self, ui: &mut Ui, size: Vec2) -> Response {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = look::readable(ui.ctx(), self.class);
        let number = match self.goal {
            Some(goal) => format!("{}/{goal}", self.count),
            None => self.count.to_string(),
        };
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 4, look::of(ui).paper);
        if let Some(goal) = self.goal {
            let share = (self.count as f32 / goal.max(1) as f32).min(1.0);
            painter.rect_filled(rect.with_min_y(rect.bottom() - rect.height() * share), 4, look::of(ui).accent_pale);
        }
        let is_strong = self.is_marked || response.has_focus() || response.hovered();
        let border =
            if is_strong { Stroke::new(2.0, look::of(ui).accent) } else { Stroke::new(1.0, look::of(ui).line) };
        painter.rect_stroke(rect, 4, border, StrokeKind::Inside);
        let shows_number = size.y >= WITH_NUMBER;
        let height = if name.chars().count() <= 2 { (size.y * 0.42).clamp(14.0, 44.0) } else { 13.0 };
        let middle = if shows_number { rect.center() - Vec2::new(0.0, size.y * 0.14) } else { rect.center() };
        painter.text(middle, Align2::CENTER_CENTER, &name, FontId::proportional(height), look::of(ui).ink);
        if shows_number {
            let place = rect.center_bottom() - Vec2::new(0.0, 10.0);
            painter.text(place, Align2::CENTER_CENTER, &number, FontId::proportional(12.0), look::of(ui).faint);
        }
        let label = format!("{name}: {number}");
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, self.is_marked, &label));
        response.on_hover_text(format!("{label}. {}", self.hint))
    }
}

/// Shows tiles in rows that scroll.
pub fn wrapped(area: ScrollArea, ui: &mut Ui, tiles: impl FnOnce(&mut Ui)) {
    area.show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            tiles(ui);
        });
    });
}

/// A bar that is filled from the left.
pub fn bar(ui: &Ui, rect: Rect, share: f32) {
    let filled = rect.with_max_x(rect.left() + rect.width() * share.clamp(0.0, 1.0));
    ui.painter().rect_filled(rect, 4, look::of(ui).paper);
    ui.painter().rect_filled(filled, 4, look::of(ui).accent);
    ui.painter().rect_stroke(rect, 4, Stroke::new(1.0, look::of(ui).line), StrokeKind::Inside);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_62_classes_fit_into_the_smallest_window() {
        let classes: Vec<String> = (0..62).map(|i| char::from(b'0' + i).to_string()).collect();
        let names = || classes.iter().map(String::as_str);
        for (width, height) in [(470.0, 104.0), (470.0, 180.0), (940.0, 700.0)] {
            let size = fitting(names(), Vec2::new(width, height));
            let columns = ((width + GAP) / (size.x + GAP)).floor();
            assert!((62.0 / columns).ceil() * (size.y + GAP) - GAP <= height, "{width}x{height}: {size:?}");
        }
        assert_eq!(fitting(["0", "1"].into_iter(), Vec2::new(470.0, 280.0)), SIZES.1);
        assert!(fitting(["airplane"].into_iter(), Vec2::new(470.0, 20.0)).x > 70.0);
    }
}

//! The answer as it is shown: large, with a bar for each class.

use crate::look;
use egui::{
    Align2, Color32, FontId, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};
use nn_io::{Answer, Verdict};

/// Up to this number of classes have a bar each, in their own order. Of more, the most probable have bars, and a shaded
/// grid shows all.
const FEW: usize = 12;
/// Bars of the most probable classes above a grid, at most.
const FIRST: usize = 5;
/// Smallest and largest height of a bar's row.
const ROW: (f32, f32) = (16.0, 56.0);
/// The smallest side of a tile in the grid.
const TILE: f32 = 16.0;

/// The answer in large, and how sure the network is.
pub fn headline(ui: &mut Ui, answer: Option<&Answer>, classes: &[String]) {
    let height = (0.28 * ui.available_height()).clamp(92.0, 360.0);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
    let (text, below, colour) = match answer.map(|answer| read(answer, classes)) {
        None => ("–", "Draw something".into(), look::of(ui).faint),
        Some((Verdict::Sure, class, p)) => (class, format!("{p} sure"), look::of(ui).accent),
        Some((Verdict::Unsure, class, p)) => (class, format!("not sure: {class} at {p}"), look::of(ui).warning),
        Some((Verdict::Nothing, class, p)) => ("?", format!("no character; {class} at {p}"), look::of(ui).warning),
    };
    let [text, below] = [text, &below[..]].map(|text| look::readable(ui.ctx(), text));
    let widest = 1.6 * rect.width() / text.chars().count().max(1) as f32;
    let size = (0.7 * height).min(widest);
    let middle = pos2(rect.center().x, rect.top() + 0.42 * height);
    let painter = ui.painter_at(rect);
    painter.text(middle, Align2::CENTER_CENTER, text, FontId::proportional(size), colour);
    let under = pos2(rect.center().x, rect.bottom() - 12.0);
    let small = (1.9 * rect.width() / below.chars().count() as f32).clamp(10.0, 16.0);
    painter.text(under, Align2::CENTER_CENTER, below, FontId::proportional(small), colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, spoken(answer, classes)));
}

/// The answer in words, for the window's title and screen readers.
pub fn spoken(answer: Option<&Answer>, classes: &[String]) -> String {
    match answer.map(|answer| read(answer, classes)) {
        None => "nothing drawn".into(),
        Some((Verdict::Sure, class, p)) => format!("{class} ({p})"),
        Some((Verdict::Unsure, class, p)) => format!("unsure, {class}? ({p})"),
        Some((Verdict::Nothing, class, p)) => format!("no character, or {class}? ({p})"),
    }
}

/// The verdict, the name of the class, and its probability in words.
fn read<'a>(answer: &Answer, classes: &'a [String]) -> (Verdict, &'a str, String) {
    (answer.verdict, &classes[answer.class], percent(answer.probability))
}

/// The two most probable classes after the answer itself, or fewer where there are no more.
pub fn candidates(answer: &Answer) -> Vec<usize> {
    let mut others: Vec<usize> = (0..answer.probabilities.len()).filter(|class| *class != answer.class).collect();
    others.sort_by(|&a, &b| answer.probabilities[b].total_cmp(&answer.probabilities[a]));
    others.truncate(2);
    others
}

/// A probability as people read it; never 100 % where something is left.
pub fn percent(p: f32) -> String {
    let rounded = (p * 100.0).round();
    match rounded {
        100.0 if p < 0.9995 => "99 %".into(),
        0.0 if p > 0.0005 => "<1 %".into(),
        _ => format!("{rounded} %"),
    }
}

/// All classes with their probabilities; returns the class that was clicked.
pub fn classes(ui: &mut Ui, answer: Option<&Answer>, classes: &[String], enabled: bool) -> Option<usize> {
    let shown = |class: usize| answer.map_or(0.0, |answer| answer.probabilities[class]);
    let best = answer.map(|answer| match answer.verdict {
        Verdict::Sure => (answer.class, look::of(ui).accent),
        Verdict::Unsure | Verdict::Nothing => (answer.class, look::of(ui).warning),
    });
    let entry = |class: usize| Entry {
        name: &classes[class],
        p: shown(class),
        best: best.filter(|(best, _)| *best == class).map(|(_, colour)| colour),
        enabled,
    };
    ui.spacing_mut().item_spacing.y = 3.0;
    let height = ui.available_height();
    if classes.len() <= FEW {
        return bars(ui, height, (0..classes.len()).map(|class| (class, entry(class))));
    }
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by(|&a, &b| shown(b).total_cmp(&shown(a)));
    let bars_height = 0.36 * height;
    order.truncate(((bars_height / (ROW.0 + 3.0)) as usize).clamp(1, FIRST));
    let clicked = bars(ui, bars_height, order.into_iter().map(|class| (class, entry(class))));
    ui.add_space(6.0);
    ui.label(look::caption("All classes"));
    clicked.or(grid(ui, (0..classes.len()).map(|class| (class, entry(class)))))
}

/// A class as it is shown.
struct Entry<'a> {
    name: &'a str,
    p: f32,
    /// The colour of the answer, where it is this class.
    best: Option<Color32>,
    /// Whether a click keeps the drawing as this class.
    enabled: bool,
}

impl Entry<'_> {
    /// A place of this size that is a button, with the words for screen readers.
    fn place(&self, ui: &mut Ui, size: Vec2) -> (Rect, Response) {
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let words = format!("{}: {}", self.name, percent(self.p));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled, &words));
        let hint = if self.enabled { format!("It is {}: keep it as a correction", self.name) } else { words };
        (rect, response.on_hover_text(hint))
    }
}

/// A bar for each class, as high as the height allows; they scroll where it does not.
fn bars<'a>(ui: &mut Ui, height: f32, entries: impl ExactSizeIterator<Item = (usize, Entry<'a>)>) -> Option<usize> {
    let row = (height / entries.len() as f32 - ui.spacing().item_spacing.y).clamp(ROW.0, ROW.1);
    let mut clicked = None;
    ScrollArea::vertical().id_salt("bars").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for (class, entry) in entries {
            if bar(ui, &entry, row).clicked() {
                clicked = Some(class);
            }
        }
    });
    clicked
}

fn bar(ui: &mut Ui, entry: &Entry<'_>, height: f32) -> Response {
    let (rect, response) = entry.place(ui, Vec2::new(ui.available_width(), height));
    let label_width = 30.0 + 7.0 * entry.name.chars().count().saturating_sub(2).min(12) as f32;
    let thickness = 0.6 * height;
    let track = Rect::from_x_y_ranges(
        rect.left() + label_width..=rect.right() - 52.0,
        rect.center().y - thickness / 2.0..=rect.center().y + thickness / 2.0,
    );
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 5, look::of(ui).accent_pale);
    }
    painter.rect_filled(track, 4, look::of(ui).ground);
    painter.rect_filled(
        track.with_max_x(track.left() + track.width() * entry.p),
        4,
        entry.best.unwrap_or(look::of(ui).faint),
    );
    painter.rect_stroke(track, 4, Stroke::new(1.0, look::of(ui).line), StrokeKind::Inside);
    let font = FontId::proportional((0.8 * height).clamp(12.0, 15.0));
    let strong = entry.best.unwrap_or(look::of(ui).ink);
    let left = pos2(rect.left() + 8.0, rect.center().y);
    painter.text(left, Align2::LEFT_CENTER, look::readable(ui.ctx(), entry.name), font.clone(), strong);
    let number = if entry.p > 0.0 { percent(entry.p) } else { String::new() };
    let colour = if entry.p < 0.05 { look::of(ui).faint } else { strong };
    painter.text(pos2(rect.right() - 6.0, rect.center().y), Align2::RIGHT_CENTER, number, font, colour);
    response
}

/// A tile for each class, the darker the more probable; as large as the space allows, so that all are seen.
fn grid<'a>(ui: &mut Ui, entries: impl ExactSizeIterator<Item = (usize, Entry<'a>)>) -> Option<usize> {
    let entries: Vec<_> = entries.collect();
    let longest = entries.iter().map(|(_, entry)| entry.name.chars().count()).max().unwrap_or(1);
    let least = TILE.max(7.0 * longest as f32 + 4.0);
    let space = ui.available_size();
    let tile = tile_size(space, entries.len(), least);
    let columns = ((space.x / tile.x) as usize).max(1);
    let mut clicked = None;
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    ui.spacing_mut().interact_size = Vec2::ZERO; // a row is as high as its tiles
    ScrollArea::vertical().id_salt("classes").auto_shrink(false).show(ui, |ui| {
        for row in entries.chunks(columns) {
            let hit = ui.horizontal(|ui| row.iter().filter(|(_, entry)| shaded(ui, entry, tile).clicked()).last());
            clicked = hit.inner.map_or(clicked, |(class, _)| Some(*class));
        }
    });
    clicked
}

/// The size of the largest tiles with which `n` fit into the space: at most 64 points, and at least `least` wide.
fn tile_size(space: Vec2, n: usize, least: f32) -> Vec2 {
    let most = ((space.x / least) as usize).clamp(1, n.max(1));
    let sizes = (1..=most).map(|columns| {
        let rows = n.div_ceil(columns) as f32;
        Vec2::new((space.x / columns as f32).floor(), (space.y / rows).floor().max(TILE))
            .min(Vec2::splat(64.0_f32.max(least)))
    });
    let fits = |size: &Vec2| n.div_ceil((space.x / size.x) as usize) as f32 * size.y <= space.y;
    let smaller_side = |size: &Vec2| size.min_elem();
    sizes
        .clone()
        .filter(fits)
        .max_by(|a, b| smaller_side(a).total_cmp(&smaller_side(b)))
        .unwrap_or(Vec2::new(least, TILE))
}

fn shaded(ui: &mut Ui, entry: &Entry<'_>, size: Vec2) -> Response {
    let (rect, response) = entry.place(ui, size);
    let rect = rect.shrink(1.0);
    let shade = look::of(ui).paper.lerp_to_gamma(look::of(ui).accent_deep, entry.p.sqrt());
    let painter = ui.painter();
    painter.rect_filled(rect, 3, entry.best.unwrap_or(shade));
    let has_focus = response.hovered() || response.has_focus();
    let border = if has_focus { Stroke::new(2.0, look::of(ui).accent) } else { Stroke::new(1.0, look::of(ui).line) };
    painter.rect_stroke(rect, 3, border, StrokeKind::Inside);
    let colour = if entry.best.is_some() { look::of(ui).paper } else { look::of(ui).ink };
    let font = FontId::proportional((0.6 * rect.height()).clamp(11.0, 28.0));
    painter.text(rect.center(), Align2::CENTER_CENTER, look::readable(ui.ctx(), entry.name), font, colour);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_do_not_promise_too_much() {
        assert_eq!([1.0, 0.999, 0.994, 0.5, 0.002, 0.0].map(percent), ["100 %", "99 %", "99 %", "50 %", "<1 %", "0 %"]);
    }
}

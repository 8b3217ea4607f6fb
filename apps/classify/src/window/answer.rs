//! The answer as it is shown: large, with a bar for each class.

use egui::{Align2, Color32, FontId, Rect, Response, RichText, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2};
use nn_io::{Answer, Verdict};
use ui::look;

/// Up to so many classes stand in their own order; of more, the most probable come first.
const FEW: usize = 12;
/// So many of them.
const FIRST: usize = 5;
const ROW: f32 = 24.0;

/// The answer in large, and how sure the network is.
pub fn headline(ui: &mut Ui, answer: Option<&Answer>, classes: &[String]) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 150.0), Sense::hover());
    let (text, below, colour) = match answer.map(|answer| read(answer, classes)) {
        None => ("–", "Draw something".into(), look::FAINT),
        Some((Verdict::Sure, class, p)) => (class, format!("{p} sure"), look::ACCENT),
        Some((Verdict::Unsure, class, p)) => (class, format!("not sure: {class} at {p}"), look::WARNING),
        Some((Verdict::Nothing, class, p)) => ("?", format!("no character; {class} at {p}"), look::WARNING),
    };
    let size = if text.chars().count() <= 2 { 104.0 } else { 36.0 };
    let middle = pos2(rect.center().x, rect.top() + 62.0);
    let painter = ui.painter_at(rect);
    painter.text(middle, Align2::CENTER_CENTER, text, FontId::proportional(size), colour);
    let under = pos2(rect.center().x, rect.bottom() - 12.0);
    painter.text(under, Align2::CENTER_CENTER, &below, FontId::proportional(16.0), colour);
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

/// A probability as people read it; never 100 % where something is left.
pub fn percent(p: f32) -> String {
    let rounded = (p * 100.0).round();
    match rounded {
        100.0 if p < 0.9995 => "99 %".into(),
        0.0 if p > 0.0005 => "<1 %".into(),
        _ => format!("{rounded} %"),
    }
}

/// A bar for each class; returns the class whose bar was clicked.
pub fn bars(ui: &mut Ui, answer: Option<&Answer>, classes: &[String], enabled: bool) -> Option<usize> {
    let shown = |class: usize| answer.map_or(0.0, |answer| answer.probabilities[class]);
    let best = answer.map(|answer| match answer.verdict {
        Verdict::Sure => (answer.class, look::ACCENT),
        Verdict::Unsure | Verdict::Nothing => (answer.class, look::WARNING),
    });
    let mut clicked = None;
    let mut row = |ui: &mut Ui, class: usize| {
        let colour = best.filter(|(best, _)| *best == class).map_or(look::LINE, |(_, colour)| colour);
        if bar(ui, &classes[class], shown(class), colour, enabled).clicked() {
            clicked = Some(class);
        }
    };
    ui.spacing_mut().item_spacing.y = 3.0;
    if classes.len() <= FEW {
        (0..classes.len()).for_each(|class| row(ui, class));
        return clicked;
    }
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by(|&a, &b| shown(b).total_cmp(&shown(a)));
    order[..FIRST].iter().for_each(|&class| row(ui, class));
    ui.add_space(6.0);
    ui.label(look::caption("All classes"));
    ScrollArea::vertical()
        .id_salt("classes")
        .auto_shrink(false)
        .show(ui, |ui| (0..classes.len()).for_each(|class| row(ui, class)));
    clicked
}

/// One bar, which is a button: a click says that this class was meant.
fn bar(ui: &mut Ui, class: &str, p: f32, colour: Color32, enabled: bool) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), sense);
    let label_width = 30.0 + 7.0 * class.chars().count().saturating_sub(2).min(12) as f32;
    let track = Rect::from_min_max(
        pos2(rect.left() + label_width, rect.top() + 5.0),
        pos2(rect.right() - 52.0, rect.bottom() - 5.0),
    );
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 5, look::ACCENT_PALE);
    }
    painter.rect_filled(track, 4, look::GROUND);
    let mut filled = track;
    filled.set_width(track.width() * p);
    painter.rect_filled(filled, 4, colour);
    let text = |at, align, text: &str, colour| {
        painter.text(at, align, text, FontId::proportional(15.0), colour);
    };
    let strong = if colour == look::LINE { look::INK } else { colour };
    text(pos2(rect.left() + 8.0, rect.center().y), Align2::LEFT_CENTER, class, strong);
    let number = if p > 0.0 { percent(p) } else { String::new() };
    text(
        pos2(rect.right() - 6.0, rect.center().y),
        Align2::RIGHT_CENTER,
        &number,
        if p < 0.05 { look::FAINT } else { strong },
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, format!("{class}: {}", percent(p))));
    if enabled { response.on_hover_text(format!("It is {class}: keep it as a correction")) } else { response }
}

/// Grey text below something.
pub fn note(ui: &mut Ui, text: impl Into<String>) {
    ui.label(RichText::new(text).color(look::FAINT).size(13.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_do_not_promise_too_much() {
        assert_eq!([1.0, 0.999, 0.994, 0.5, 0.002, 0.0].map(percent), ["100 %", "99 %", "99 %", "50 %", "<1 %", "0 %"]);
    }
}

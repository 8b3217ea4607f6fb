//! The pad: paper that a pointer draws on.

mod canvas;
mod eraser;
mod events;
mod gesture;
mod history;
mod queue;
mod tools;

use crate::look;
use canvas::Canvas;
use egui::{Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};
use eraser::erase;
use gesture::{Gesture, Step};
use history::History;
use nn_data::Ink;
use queue::Events;

/// The pad's name for screen readers and tests.
pub const NAME: &str = "Drawing pad";

/// A box stands this far from its ink, in points.
const AROUND: f32 = 4.0;

/// The most pixels of its picture from side to side.
const MOST_PIXELS: u32 = 2048;

/// Paper that a pointer draws on. Its drawing is in coordinates of 0..1 across and as much down, whatever its size on the
/// screen.
pub struct DrawPad {
    ink: Ink,
    /// The diameter of the pen as a part of the width.
    pub pen: f32,
    /// The height of the paper over its width: 1 at most.
    height: f32,
    /// Whether the left button erases too.
    pub erasing: bool,
    history: History,
    gesture: Gesture,
    events: Events,
    canvas: Canvas,
    version: u64,
    /// The version that was shown last.
    shown: u64,
}

impl Default for DrawPad {
    fn default() -> Self {
        Self::with_pen(0.06)
    }
}

impl DrawPad {
    /// Fresh paper that is this part of its width high, for a line of characters.
    pub fn wide(height: f32) -> Self {
        Self { height, ..Self::with_pen(0.06 * height) }
    }

    /// Fresh paper, and a pen whose diameter is such a part of the side.
    pub fn with_pen(pen: f32) -> Self {
        Self {
            ink: Ink::default(),
            pen,
            height: 1.0,
            erasing: false,
            history: History::default(),
            gesture: Gesture::default(),
            events: Events::default(),
            canvas: Canvas::default(),
            version: 0,
            shown: 0,
        }
    }

    /// The height of the paper over its width.
    pub fn height(&self) -> f32 {
        self.height
    }

    /// The drawing.
    pub fn ink(&self) -> &Ink {
        &self.ink
    }

    /// Returns whether the paper is empty.
    pub fn is_empty(&self) -> bool {
        self.ink.is_empty()
    }

    /// Whether the pointer is drawing or erasing now.
    pub fn is_busy(&self) -> bool {
        self.gesture.is_active()
    }

    /// A number that grows with every change of the drawing.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Puts another drawing on the paper; undo brings back the present one.
    pub fn set_ink(&mut self, ink: Ink) {
        if self.ink != ink {
            self.history.remember(&self.ink);
            self.ink = ink;
            self.redraw();
        }
    }

    /// Wipes the paper; undo brings the drawing back.
    pub fn clear(&mut self) {
        self.set_ink(Ink::default());
    }

    /// Takes the drawing away, with its history: the paper is fresh.
    pub fn take(&mut self) -> Ink {
        self.history = History::default();
        self.redraw();
        std::mem::take(&mut self.ink)
    }

    /// Puts a drawing on fresh paper, without a history.
    pub fn put(&mut self, ink: Ink) {
        self.take();
        self.ink = ink;
    }

    /// Takes the last stroke, or whatever was done last, back.
    pub fn undo(&mut self) {
        if self.history.can_undo() {
            self.history.undo(&mut self.ink);
            self.redraw();
        }
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) {
        if self.history.can_redo() {
            self.history.redo(&mut self.ink);
            self.redraw();
        }
    }

    /// How many steps can be taken back.
    pub fn undo_depth(&self) -> usize {
        self.history.depth()
    }

    /// Shows the pad, `side` points wide. The response says by `changed` when the drawing is another since the
    /// last time. [`DrawPad::begin_frame`] and [`DrawPad::next_press`] draw.
    pub fn ui(&mut self, ui: &mut Ui, side: f32) -> Response {
        let (rect, mut response) = ui.allocate_exact_size(Vec2::new(side, side * self.height), Sense::drag());
        let pixels = ((side * ui.ctx().pixels_per_point()).round().max(1.0) as u32).min(MOST_PIXELS);
        let is_enabled = ui.is_enabled();
        self.events.shown = is_enabled.then(|| (rect, ui.layer_id()));
        if std::mem::replace(&mut self.shown, self.version) != self.version {
            response.mark_changed();
        }
        if ui.is_rect_visible(rect) {
            self.canvas.prepare(&self.ink, pixels, self.pen);
            self.paint(ui, rect, &response);
        }
        let strokes = self.ink.strokes.len();
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Canvas, is_enabled, NAME);
            info.current_text_value = Some(match strokes {
                0 => "empty".into(),
                1 => "1 stroke".into(),
                n => format!("{n} strokes"),
            });
            info
        });
        response
    }

    /// Draws a box around a part of the drawing, given the part's upper left and lower right corners, on the pad that was shown at
    /// `paper`.
    pub fn draw_box(&self, ui: &Ui, paper: Rect, corners: [[f32; 2]; 2], stroke: Stroke) {
        let [low, high] = corners.map(|corner| paper.min + paper.width() * Vec2::from(corner));
        let around = AROUND + self.pen * paper.width() / 2.0;
        let place = Rect::from_min_max(low, high).expand(around);
        ui.painter_at(paper).rect_stroke(place, 3, stroke, StrokeKind::Middle);
    }

    fn paint(&mut self, ui: &Ui, rect: Rect, response: &Response) {
        let painter = ui.painter();
        painter.rect_filled(rect, look::CORNER, look::of(ui).paper);
        self.canvas.show(ui, rect, look::of(ui).ink);
        let border = if response.has_focus() || self.is_busy() { look::of(ui).accent } else { look::of(ui).line };
        painter.rect_stroke(rect, look::CORNER, Stroke::new(1.0, border), StrokeKind::Outside);
        if let Some(pos) = response.hover_pos() {
            let erases = self.erasing || ui.input(|input| input.pointer.secondary_down());
            let radius = if erases { self.eraser() } else { self.pen / 2.0 } * rect.width();
            let colour = if erases { look::of(ui).accent } else { look::of(ui).faint };
            ui.painter_at(rect).circle_stroke(pos, radius, Stroke::new(1.0, colour));
        }
    }

    /// The radius of the eraser.
    fn eraser(&self) -> f32 {
        0.02 * self.height + self.pen
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Down(at) => {
                self.history.remember(&self.ink);
                let at = at.map(rounded);
                self.ink.strokes.push(vec![at]);
                self.canvas.add_point(&[at]);
                self.version += 1;
            }
            Step::To(to) => {
                let to = to.map(rounded);
                if let Some(stroke) = self.ink.strokes.last_mut()
                    && let Some(&from) = stroke.last()
                    && from != to
                {
                    stroke.push(to);
                    self.canvas.add_point(stroke);
                    self.version += 1;
                }
            }
            Step::Erase(from, to) => self.erase(from, to),
            Step::Up => {}
            Step::Done => self.history.forget_if_same(&self.ink),
        }
    }

    /// Erases along a line. A whole movement is one step of the history.
    fn erase(&mut self, from: [f32; 2], to: [f32; 2]) {
        if from == to {
            self.history.remember(&self.ink); // the movement begins
        }
        let before = self.ink.clone();
        let radius = self.eraser();
        let steps = ((to[0] - from[0]).hypot(to[1] - from[1]) / (radius / 2.0)).ceil().clamp(1.0, 1000.0);
        for i in 1..=steps as usize {
            let along = |k: usize| from[k] + (to[k] - from[k]) * i as f32 / steps;
            erase(&mut self.ink, [along(0), along(1)], radius);
        }
        if self.ink != before {
            self.redraw();
        }
    }

    fn redraw(&mut self) {
        self.canvas.forget();
        self.version += 1;
    }
}

/// Four decimals: a tenth of a pixel on a pad of a thousand, and short in files.
fn rounded(value: f32) -> f32 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ui_test::{stroke, strokes};

    fn harness() -> egui_kittest::Harness<'static, DrawPad> {
        ui_test::harness(Vec2::splat(340.0), look::apply, DrawPad::default(), |pad, ui| {
            pad.begin_frame(ui);
            while pad.next_press(ui).is_some() {}
            pad.ui(ui, 300.0);
        })
    }

    #[test]
    fn what_is_seen_is_what_the_ink_makes() {
        use egui_kittest::kittest::Queryable;
        let mut h = harness();
        h.step();
        let rect = h.get_by_label(NAME).rect();
        let circle = (0..40).map(|i| (i as f32 / 6.0).sin_cos()).map(|(s, c)| [0.5 + 0.45 * s, 0.5 + 0.45 * c]);
        strokes(&mut h, rect, &[circle.collect(), vec![[0.2, 0.2], [1.3, 0.4], [0.3, 0.9]], vec![[0.7, 0.1]]]);
        let same = |pad: &DrawPad| *pad.canvas.picture().picture() == pad.ink.rasterise(300, pad.pen);
        assert!(same(h.state()));
        assert_eq!(h.state().ink.strokes.len(), 4, "one left the pad and came back");
        stroke(&mut h, rect, &[[0.5, 0.0], [0.5, 1.0]], egui::PointerButton::Secondary);
        assert!(same(h.state()) && h.state().ink.strokes.len() > 4);
        h.state_mut().pen = 0.1;
        h.step();
        assert!(same(h.state()));
    }
}

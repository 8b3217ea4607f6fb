//! The tab *Draw*: a drawing becomes one of its class by the press of the class's key.

use super::Page;
use crate::errand::Errand;
use crate::project::pack;
use anyhow::Result;
use egui::{Color32, Pos2, Rect, Response, RichText, Role, Sense, Stroke, TextEdit, Ui, Vec2, WidgetInfo, pos2};
use nn_data::StrokeSample;
use ui::look;
use ui::notice::Notice;

/// The side of a drawing that is shown small, in points.
const SMALL: f32 = 44.0;
/// The names of the files that hold all drawings, each with what it is good for.
const DOWNLOADS: [(&str, &str); 3] = [
    (PROJECT, "Pictures and strokes in a folder for each class, and your own model: the whole project"),
    ("drawings.jsonl", "A stroke file, one drawing per line"),
    (TABLE, "A table for other programs: a label and 784 values per row, as MNIST has them"),
];
const PROJECT: &str = "barnacle.zip";
const TABLE: &str = "drawings.csv";

impl Page {
    /// Classes with their keys, the name of a new one, and all drawings.
    pub(super) fn classes(&mut self, ui: &mut Ui) {
        let mut kept = None;
        let classes = self.collection.classes();
        ui.label(look::caption(match classes.is_empty() {
            true => "Name a class, such as 7; then draw, and press what it is",
            false => "Draw, then press what it is",
        }));
        ui.horizontal_wrapped(|ui| {
            for (name, drawings) in classes {
                let text = format!("{}  {drawings}", look::readable(ui.ctx(), &name));
                let key = ui.add_enabled(!self.pad.is_empty(), egui::Button::new(RichText::new(text).size(17.0)));
                if self.places.note(&format!("class {name}"), key).clicked() {
                    kept = Some(name);
                }
            }
        });
        ui.horizontal(|ui| {
            let field = TextEdit::singleline(&mut self.new_class).hint_text("a new class").desired_width(120.0);
            let field = self.places.note("new class", ui.add(field));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "New class"));
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let name = self.new_class.trim().to_string();
            let add = ui.add_enabled(!name.is_empty(), egui::Button::new("Add"));
            if (self.places.note("Add", add).clicked() || entered) && !name.is_empty() {
                self.collection.name_class(&name);
                self.new_class.clear();
            }
        });
        if let Some(name) = kept {
            self.keep(&name);
        }
        self.files(ui);
        self.gallery(ui);
    }

    fn files(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            ui.label(look::caption("Download"));
            for (name, hint) in DOWNLOADS {
                let save = ui.add_enabled(!self.collection.drawings().is_empty(), egui::Button::new(name));
                if self.places.note(name, save.on_hover_text(hint)).clicked() {
                    self.download(name);
                }
            }
            if self.places.note("Add a file…", ui.button("Add a file…")).clicked() {
                self.errands.push(Errand::Choose);
            }
            if self.collection.has_deleted() && self.places.note("Bring back", ui.button("Bring back")).clicked() {
                self.undelete();
            }
        });
    }

    /// Offers all drawings as one of the [`DOWNLOADS`].
    fn download(&mut self, name: &'static str) {
        let drawings = self.collection.drawings();
        let content = match name {
            PROJECT => pack(drawings, self.pad.pen, self.reading.own().map(|(_, file)| file)),
            TABLE => self.collection.to_table(self.pad.pen),
            _ => self.collection.to_file(),
        };
        match content {
            Ok(content) => self.errands.push(Errand::Save { name: name.into(), content }),
            Err(error) => self.notice = Notice::error(format!("{error:#}.")),
        }
    }

    /// All drawings, the newest first; a press deletes one.
    fn gallery(&mut self, ui: &mut Ui) {
        let mut pressed = None;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(4.0);
            let drawings = self.collection.drawings();
            for (number, drawing) in drawings.iter().enumerate().rev() {
                let mut button = small(ui, &drawing.sample);
                if number + 1 == drawings.len() {
                    button = self.places.note("newest drawing", button);
                }
                pressed = if button.clicked() { Some(number) } else { pressed };
            }
        });
        if let Some(number) = pressed {
            self.errands.push(self.collection.delete(number));
            self.notice = Notice::hint("The drawing is deleted; \"Bring back\" undoes it.");
        }
    }

    /// Keeps the drawing on the paper as one of a class; the paper is fresh then.
    pub(super) fn keep(&mut self, label: &str) {
        if self.pad.is_empty() {
            self.notice = Notice::hint("Draw something first.");
            return;
        }
        let ink = self.pad.take();
        match self.collection.add(label, ink) {
            Ok(errand) => {
                self.errands.push(errand);
                self.notice =
                    Notice::hint(format!("Kept as {label} in this browser. Downloads are copies outside of it."));
            }
            Err(error) => self.notice = Notice::error(format!("{error:#}.")),
        }
    }

    /// Brings back the drawing that was deleted last.
    pub(super) fn undelete(&mut self) {
        match self.collection.undelete() {
            Some(Ok(errand)) => self.errands.push(errand),
            Some(Err(error)) => self.notice = Notice::error(format!("{error:#}.")),
            None => {}
        }
    }

    /// Adds drawings that were read from a file.
    pub(super) fn add(&mut self, name: &str, samples: Result<Vec<StrokeSample>>) {
        let before = self.collection.drawings().len();
        match samples.and_then(|samples| self.collection.add_all(samples)) {
            Ok(errand) => {
                let added = self.collection.drawings().len() - before;
                self.notice = Notice::hint(format!("{added} drawings of {name} are added."));
                self.errands.push(errand);
            }
            Err(error) => self.notice = Notice::error(format!("{name}: {error:#}. Nothing is added.")),
        }
    }
}

/// A button that shows a drawing, with its label in the corner.
fn small(ui: &mut Ui, sample: &StrokeSample) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(SMALL), Sense::click());
    if !ui.is_rect_visible(rect) {
        return response;
    }
    paint(ui, rect, sample);
    let words = format!("A drawing of {}", sample.label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    response.on_hover_text(format!("{words}: a press deletes it"))
}

fn paint(ui: &Ui, rect: Rect, sample: &StrokeSample) {
    let (painter, colours) = (ui.painter_at(rect), look::of(ui));
    painter.rect_filled(rect, 4, colours.paper);
    let place = |point: &[f32; 2]| -> Pos2 { rect.min + SMALL * Vec2::from(*point) };
    for stroke in &sample.strokes.fitted(0.7).strokes {
        stroke.first().map(|dot| painter.circle_filled(place(dot), 1.0, colours.ink));
        painter.line(stroke.iter().map(place).collect(), Stroke::new(2.0, colours.ink));
    }
    let (font, corner) = (egui::FontId::proportional(11.0), pos2(rect.left() + 3.0, rect.top() + 1.0));
    painter.text(corner, egui::Align2::LEFT_TOP, look::readable(ui.ctx(), &sample.label), font, colours.faint);
    painter.rect(rect, 4, Color32::TRANSPARENT, Stroke::new(1.0, colours.line), egui::StrokeKind::Inside);
}

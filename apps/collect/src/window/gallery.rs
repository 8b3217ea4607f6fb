//! The gallery: the drawings of a class as thumbnails, one of them large.
//!
//! Thumbnails are read when they come into view, a few milliseconds a frame, so that ten thousand drawings cost nothing.

use super::Collection;
use super::commands::{label_of, name_of, writer_of};
use egui::{
    Button, Color32, ColorImage, Context, Key, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit,
    TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo,
};
use image::{DynamicImage, GrayImage};
use nn_data::{Preprocessing, Size, read_picture};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use ui::image::paint;
use ui::look;

/// Side of a thumbnail in points, and the gap between two.
const THUMB: f32 = 56.0;
const GAP: f32 = 6.0;
/// Thumbnails that are kept in memory at most.
const KEPT: usize = 600;
/// Time for reading thumbnails in a frame.
const BUDGET: Duration = Duration::from_millis(6);
/// Height of the part that shows one drawing large.
const DETAIL: f32 = 190.0;

/// What is looked at.
#[derive(Default)]
pub struct Gallery {
    class: String,
    chosen: Option<Chosen>,
    thumbs: HashMap<PathBuf, TextureHandle>,
    label: String,
}

/// The drawing that is looked at large.
struct Chosen {
    picture: PathBuf,
    writer: Option<String>,
    large: Option<TextureHandle>,
    seen: Option<TextureHandle>,
}

/// What the user wants of a drawing.
pub enum Wish {
    /// It is to go to the trash.
    Delete(PathBuf),
    /// It is to have another label.
    Relabel(PathBuf, String),
}

impl Gallery {
    /// The drawing that is looked at large.
    pub fn selected(&self) -> Option<PathBuf> {
        self.chosen.as_ref().map(|chosen| chosen.picture.clone())
    }

    /// Looks at the drawing beside one that goes away.
    pub fn forget(&mut self, picture: &Path, collection: &Collection) {
        self.thumbs.remove(picture);
        if self.chosen.as_ref().is_some_and(|chosen| chosen.picture == picture) {
            let pictures = collection.pictures(&label_of(picture));
            let at = pictures.iter().position(|other| other == picture);
            let beside = at.and_then(|at| if at > 0 { pictures.get(at - 1) } else { pictures.get(1) });
            self.chosen = beside.map(|picture| Chosen::new(picture.clone()));
        }
    }

    /// Shows the gallery; returns what the user wants.
    pub fn show(&mut self, collection: &Collection, ui: &mut Ui) -> Option<Wish> {
        if collection.total() == 0 {
            ui.label(look::caption("Nothing is saved yet."));
            return None;
        }
        if collection.count(&self.class) == 0 {
            self.class = collection.classes()[0].0.clone();
        }
        ScrollArea::vertical().id_salt("classes").max_height(96.0).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(4.0);
                for (class, pictures) in collection.classes() {
                    let text = format!("{class} ({})", pictures.len());
                    if ui.selectable_label(*class == self.class, text).clicked() {
                        self.class = class.clone();
                    }
                }
            });
        });
        ui.separator();
        let pictures = collection.pictures(&self.class);
        let columns = ((ui.available_width() + GAP) / (THUMB + GAP)).floor().max(1.0) as usize;
        let height = (ui.available_height() - DETAIL - 24.0).max(THUMB);
        let start = Instant::now();
        ui.allocate_ui(Vec2::new(ui.available_width(), height), |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            let area = ScrollArea::vertical().id_salt("thumbs").auto_shrink(false).max_height(height);
            area.show_rows(ui, THUMB, pictures.len().div_ceil(columns), |ui, rows| {
                for row in rows {
                    ui.horizontal(|ui| {
                        for i in row * columns..((row + 1) * columns).min(pictures.len()) {
                            self.thumb(ui, &pictures[pictures.len() - 1 - i], start); // the newest first
                        }
                    });
                }
            });
        });
        ui.separator();
        self.detail(ui)
    }

    fn thumb(&mut self, ui: &mut Ui, picture: &Path, start: Instant) {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(THUMB), Sense::click());
        let is_chosen = self.chosen.as_ref().is_some_and(|chosen| chosen.picture == picture);
        match self.thumbs.get(picture) {
            Some(texture) => paint(ui, texture, rect),
            None if start.elapsed() < BUDGET => {
                self.thumbs.insert(picture.into(), small(ui.ctx(), picture));
                ui.ctx().request_repaint();
            }
            None => ui.ctx().request_repaint(),
        }
        let border = if is_chosen { Stroke::new(2.0, look::ACCENT) } else { Stroke::new(1.0, look::LINE) };
        ui.painter().rect_stroke(rect, 4, border, StrokeKind::Inside);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, name_of(picture)));
        if response.clicked() {
            self.chosen = Some(Chosen::new(picture.into()));
            self.label.clear();
        }
        if self.thumbs.len() > KEPT {
            self.thumbs.clear();
        }
    }

    /// One drawing large, beside what the network will see of it.
    fn detail(&mut self, ui: &mut Ui) -> Option<Wish> {
        let Some(chosen) = &mut self.chosen else {
            ui.label(look::caption("Click a drawing to look at it, to delete it or to give it another label."));
            return None;
        };
        let mut wish = None;
        ui.horizontal(|ui| {
            chosen.load(ui.ctx());
            for (texture, name) in [(&chosen.large, "Drawing"), (&chosen.seen, "What the network will see, 28x28")] {
                ui.vertical(|ui| {
                    ui.label(look::caption(name));
                    let (rect, response) = ui.allocate_exact_size(Vec2::splat(140.0), Sense::hover());
                    match texture {
                        Some(texture) => paint(ui, texture, rect),
                        None => _ = ui.painter().rect_filled(rect, 4, look::GROUND),
                    }
                    ui.painter().rect_stroke(rect, 0, Stroke::new(1.0, look::LINE), StrokeKind::Outside);
                    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
                });
            }
            ui.vertical(|ui| {
                let label = label_of(&chosen.picture);
                ui.label(RichText::new(format!("Label {label}")).strong());
                let writer = chosen.writer.as_ref().map_or("no writer named".into(), |writer| format!("by {writer}"));
                ui.add(egui::Label::new(look::caption(&writer)).truncate());
                let name = ui.label(look::caption("Right label"));
                ui.horizontal(|ui| {
                    let field = ui.add(TextEdit::singleline(&mut self.label).desired_width(54.0)).labelled_by(name.id);
                    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    let relabel = ui.add_enabled(!self.label.trim().is_empty(), Button::new("Relabel"));
                    if relabel.clicked() || entered {
                        wish = Some(Wish::Relabel(chosen.picture.clone(), std::mem::take(&mut self.label)));
                    }
                });
                if ui.button("Delete").on_hover_text("The Delete key does it too; Ctrl+Z brings it back").clicked() {
                    wish = Some(Wish::Delete(chosen.picture.clone()));
                }
            });
        });
        wish
    }
}

impl Chosen {
    fn new(picture: PathBuf) -> Self {
        let writer = writer_of(&picture);
        Self { picture, writer, large: None, seen: None }
    }

    fn load(&mut self, ctx: &Context) {
        if self.large.is_none()
            && let Ok(picture) = read_picture(&self.picture).map(DynamicImage::into_luma8)
        {
            let size = Size::new(picture.height() as usize, picture.width() as usize, 1);
            let network = Preprocessing::ink(28, 28);
            let seen = ColorImage::from_gray([28, 28], &network.apply_array(picture.as_raw(), size));
            self.seen = Some(ctx.load_texture("seen", seen, TextureOptions::NEAREST));
            self.large = Some(ctx.load_texture("large", grey(&picture), TextureOptions::LINEAR));
        }
    }
}

/// A picture at the size of a thumbnail; an empty one where it cannot be read.
fn small(ctx: &Context, path: &Path) -> TextureHandle {
    let side = (THUMB * ctx.pixels_per_point()).round() as usize;
    let image = match read_picture(path).map(DynamicImage::into_luma8) {
        Ok(picture) => shrunk(&picture, side),
        Err(_) => ColorImage::filled([1, 1], look::GROUND),
    };
    ctx.load_texture("thumb", image, TextureOptions::LINEAR)
}

/// The mean of all pixels that fall into each of `side` x `side`.
fn shrunk(picture: &GrayImage, side: usize) -> ColorImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let span = |i: usize, length: usize| {
        (i * length / side)..((i + 1) * length / side).max(i * length / side + 1).min(length.max(1))
    };
    let mean = |row: usize, column: usize| {
        let (mut sum, mut count) = (0u32, 0u32);
        for y in span(row, height) {
            for x in span(column, width) {
                sum += u32::from(picture.as_raw()[y.min(height - 1) * width + x.min(width - 1)]);
                count += 1;
            }
        }
        Color32::from_gray((sum / count.max(1)) as u8)
    };
    ColorImage::new([side, side], (0..side * side).map(|i| mean(i / side, i % side)).collect())
}

fn grey(picture: &GrayImage) -> ColorImage {
    ColorImage::from_gray([picture.width() as usize, picture.height() as usize], picture.as_raw())
}

//! The gallery: the drawings of a class as thumbnails, one of them large. A worker reads and decodes them.

mod thumbnails;

use super::collection::{Collection, label_of, name_of};
use super::tile::{self, Tile};
use egui::{
    Button, ColorImage, Context, Key, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, TextureHandle,
    TextureOptions, Ui, Vec2, WidgetInfo,
};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use thumbnails::{Pictures, Question};
use ui::image::paint;
use ui::look;
use ui::worker::Latest;

/// Side of a thumbnail in points, and the gap between two.
const THUMB: f32 = 56.0;
const GAP: f32 = 6.0;
/// Thumbnails that are kept in memory at most.
const KEPT: usize = 600;
/// Height of the tiles for the classes, at most.
const CLASSES: f32 = 104.0;
/// The side of a drawing that is shown large: smallest and largest.
const LARGE: (f32, f32) = (84.0, 168.0);

/// The gallery's state.
#[derive(Default)]
pub struct Gallery {
    class: String,
    chosen: Option<Chosen>,
    thumbs: HashMap<PathBuf, TextureHandle>,
    missing: Vec<PathBuf>,
    label: String,
    reader: Option<Latest<Question, Pictures>>,
    /// Whether the reader has a question that it has not answered.
    is_asked: bool,
    /// Whether drawings are on their way to the disk, so that the reader would not find them.
    pub must_wait: bool,
}

/// The drawing that is shown large.
struct Chosen {
    picture: PathBuf,
    /// Who drew it, once that is read.
    writer: Option<String>,
    /// The drawing, and the network's view of it.
    views: Option<[TextureHandle; 2]>,
}

/// A request of the user.
pub enum Request {
    /// A drawing is to go to the trash.
    Delete(PathBuf),
    /// A drawing is to have another label.
    Relabel(PathBuf, String),
    /// A drawing is to come back from the trash.
    Restore(PathBuf),
}

impl Gallery {
    /// The drawing that is shown large.
    pub fn selected(&self) -> Option<PathBuf> {
        self.chosen.as_ref().map(|chosen| chosen.picture.clone())
    }

    /// Whether the worker reads pictures.
    pub fn is_busy(&self) -> bool {
        self.is_asked
    }

    /// Shows the drawing beside one that goes away.
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
    pub fn show(&mut self, collection: &Collection, ui: &mut Ui) -> Option<Request> {
        self.take_answers(ui.ctx());
        if collection.total() == 0 {
            ui.label(look::caption("Nothing is saved yet."));
            return trash(collection, ui);
        }
        if collection.count(&self.class) == 0 {
            self.class = collection.classes()[0].0.clone();
        }
        // All of it scrolls where the window is too small to show it at once.
        let request = ScrollArea::vertical().id_salt("gallery").auto_shrink(false).show(ui, |ui| {
            let side = (ui.available_height() * 0.3).clamp(LARGE.0, LARGE.1);
            let below = if is_narrow(ui) { 96.0 } else { 0.0 };
            self.classes(collection, ui);
            ui.separator();
            let height = (ui.available_height() - side - 52.0 - below).max(THUMB);
            self.thumbs(collection.pictures(&self.class), height, ui);
            ui.separator();
            let request = self.detail(side, ui);
            request.or_else(|| self.chosen.is_none().then(|| trash(collection, ui)).flatten())
        });
        self.ask(ui.ctx());
        request.inner
    }

    /// Shows one drawing large, and returns what the user wants.
    pub fn one(&mut self, picture: &Path, side: f32, ui: &mut Ui) -> Option<Request> {
        self.take_answers(ui.ctx());
        if self.chosen.as_ref().is_none_or(|chosen| chosen.picture != picture) {
            self.chosen = Some(Chosen::new(picture.into()));
            self.label.clear();
        }
        let request = self.detail(side, ui);
        self.ask(ui.ctx());
        request
    }

    /// A tile for each class that has drawings.
    fn classes(&mut self, collection: &Collection, ui: &mut Ui) {
        let names = collection.classes().iter().map(|(class, _)| class.as_str());
        let size = tile::fitting(names, Vec2::new(ui.available_width() - 12.0, CLASSES));
        let area = ScrollArea::vertical().id_salt("classes").max_height(CLASSES);
        tile::wrapped(area, ui, |ui| {
            for (class, pictures) in collection.classes() {
                let is_marked = *class == self.class;
                let tile = Tile { class, count: pictures.len(), goal: None, is_marked, hint: "Shows its drawings." };
                if tile.show(ui, size).clicked() {
                    self.class.clone_from(class);
                }
            }
        });
    }

    fn thumbs(&mut self, pictures: &[PathBuf], height: f32, ui: &mut Ui) {
        let columns = ((ui.available_width() - 12.0 + GAP) / (THUMB + GAP)).floor().max(1.0) as usize;
        ui.allocate_ui(Vec2::new(ui.available_width(), height), |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            let area = ScrollArea::vertical().id_salt("thumbs").auto_shrink(false).max_height(height);
            area.show_rows(ui, THUMB, pictures.len().div_ceil(columns), |ui, rows| {
                for row in rows {
                    let newest_first = pictures.iter().rev().skip(row * columns).take(columns);
                    ui.horizontal(|ui| newest_first.for_each(|picture| self.thumb(ui, picture)));
                }
            });
        });
    }

    fn thumb(&mut self, ui: &mut Ui, picture: &Path) {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(THUMB), Sense::click());
        let is_chosen = self.chosen.as_ref().is_some_and(|chosen| chosen.picture == picture);
        match self.thumbs.get(picture) {
            Some(texture) => paint(ui, texture, rect),
            None => self.missing.push(picture.into()),
        }
        let is_strong = is_chosen || response.has_focus();
        let border =
            if is_strong { Stroke::new(2.0, look::of(ui).accent) } else { Stroke::new(1.0, look::of(ui).line) };
        ui.painter().rect_stroke(rect, 4, border, StrokeKind::Inside);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, name_of(picture)));
        if response.clicked() {
            self.chosen = Some(Chosen::new(picture.into()));
            self.label.clear();
        }
    }

    /// One drawing large, beside the network's view of it.
    fn detail(&mut self, side: f32, ui: &mut Ui) -> Option<Request> {
        let Some(chosen) = &self.chosen else {
            ui.label(look::caption("Click a drawing to look at it, to delete it or to give it another label."));
            return None;
        };
        let mut request = None;
        ui.horizontal(|ui| {
            for (i, name) in ["Drawing", "The network sees, 28x28"].into_iter().enumerate() {
                ui.vertical(|ui| {
                    ui.set_width(side.max(150.0 * i as f32));
                    ui.label(look::caption(name));
                    view(ui, chosen.views.as_ref().map(|views| &views[i]), side, name);
                });
            }
            if !is_narrow(ui) {
                request = ui.vertical(|ui| commands(chosen, &mut self.label, ui)).inner;
            }
        });
        if is_narrow(ui) {
            request = commands(chosen, &mut self.label, ui);
        }
        request
    }

    /// Takes in what the worker has read.
    fn take_answers(&mut self, ctx: &Context) {
        let Some(answer) = self.reader.as_ref().and_then(Latest::newest) else { return };
        self.is_asked = false;
        if self.thumbs.len() > KEPT {
            self.thumbs.clear();
        }
        for (picture, image) in answer.thumbs {
            self.thumbs.insert(picture, ctx.load_texture("thumb", image, TextureOptions::LINEAR));
        }
        if let Some((picture, large)) = answer.large
            && let Some(chosen) = self.chosen.as_mut().filter(|chosen| chosen.picture == picture)
        {
            chosen.writer = Some(large.writer);
            let texture = |image: ColorImage| {
                let sharp = image.width() < 64;
                let options = if sharp { TextureOptions::NEAREST } else { TextureOptions::LINEAR };
                ctx.load_texture("large", image, options)
            };
            chosen.views = large.pictures.map(|pictures| pictures.map(texture));
        }
    }

    /// Asks the worker for what is missing, unless it is at work.
    fn ask(&mut self, ctx: &Context) {
        let thumbs = std::mem::take(&mut self.missing);
        let large = self.chosen.as_ref().filter(|chosen| chosen.writer.is_none()).map(|chosen| chosen.picture.clone());
        if self.is_asked || self.must_wait || (thumbs.is_empty() && large.is_none()) {
            return;
        }
        let side = (THUMB * ctx.pixels_per_point()).round() as usize;
        let reader = self.reader.get_or_insert_with(|| Latest::new(ctx, thumbnails::read));
        reader.ask(Question { thumbs, side, large });
        self.is_asked = true;
    }
}

impl Chosen {
    fn new(picture: PathBuf) -> Self {
        Self { picture, writer: None, views: None }
    }
}

/// A narrow window has no room for the commands beside a large drawing.
fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < 860.0
}

/// Says whose drawing it is, and offers to relabel and to delete it.
fn commands(chosen: &Chosen, label: &mut String, ui: &mut Ui) -> Option<Request> {
    let name = look::readable(ui.ctx(), &label_of(&chosen.picture));
    let by = match chosen.writer.as_deref() {
        None => String::new(),
        Some("") => ", no writer named".into(),
        Some(writer) => format!(", by {writer}"),
    };
    ui.add(egui::Label::new(look::key(&format!("Label {name}{by}"))).truncate());
    let mut request = None;
    ui.horizontal_wrapped(|ui| {
        let caption = ui.label(look::caption("Right label"));
        let field = ui.add(TextEdit::singleline(label).desired_width(54.0)).labelled_by(caption.id);
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let relabel = ui.add_enabled(!label.trim().is_empty(), Button::new("Relabel"));
        if relabel.clicked() || entered {
            request = Some(Request::Relabel(chosen.picture.clone(), std::mem::take(label)));
        }
    });
    let hint = "The Delete key does it too, once the paper is empty; Ctrl+Z brings it back";
    if ui.button("Delete").on_hover_text(hint).clicked() {
        request = Some(Request::Delete(chosen.picture.clone()));
    }
    request
}

/// One picture in a square with a border.
fn view(ui: &mut Ui, texture: Option<&TextureHandle>, side: f32, name: &str) {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    match texture {
        Some(texture) => paint(ui, texture, rect),
        None => _ = ui.painter().rect_filled(rect, 4, look::of(ui).ground),
    }
    ui.painter().rect_stroke(rect, 0, Stroke::new(1.0, look::of(ui).line), StrokeKind::Inside);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
}

/// The drawings in the trash, and a button that brings the last of them back.
fn trash(collection: &Collection, ui: &mut Ui) -> Option<Request> {
    let last = collection.trash.last()?;
    let mut request = None;
    ui.horizontal(|ui| {
        ui.label(look::caption(&format!(
            "{} in the trash",
            cli::say::count(collection.trash.len(), "drawing", "drawings")
        )));
        if ui.button("Bring one back").clicked() {
            request = Some(Request::Restore(last.clone()));
        }
    });
    request
}

//! Where everything stands on the page: beside the paper or, where that is too narrow, below it.

use super::reading::{MODELS, Origin};
use super::{Page, Tab};
use crate::errand::Errand;
use egui::{Align, CentralPanel, Layout, Panel, Rect, Role, ScrollArea, TextureOptions, Ui, Vec2, WidgetInfo};
use ui::image::paint;
use ui::pad::DrawPad;
use ui::{answer, look};

/// The narrowest page on which the rest stands beside the paper, in points.
const WIDE: f32 = 700.0;
/// The least width of the row of tools, in points.
const TOOLS: f32 = 300.0;
/// The largest side of the paper, in points.
const LARGEST: f32 = 700.0;

fn scrolled(name: &str) -> ScrollArea {
    ScrollArea::vertical().id_salt(name).auto_shrink(false)
}

impl Page {
    /// Shows the whole page.
    pub(super) fn show(&mut self, ui: &mut Ui) {
        let frame = look::window(ui);
        Panel::top("tabs").frame(frame).show_separator_line(false).show(ui, |ui| self.tabs(ui));
        Panel::bottom("notice").frame(frame).show_separator_line(false).show(ui, |ui| self.notice.show(ui));
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            let Vec2 { x: width, y: height } = ui.available_size();
            if width >= WIDE {
                let below = |side: f32| (0.5 * width).min(height - DrawPad::tools_height(side) - 12.0);
                let side = below(below(LARGEST)).min(LARGEST);
                ui.horizontal_top(|ui| {
                    self.paper(ui, side);
                    ui.add_space(8.0);
                    ui.vertical(|ui| self.beside(ui));
                });
            } else {
                self.paper(ui, width.min(0.45 * height));
                self.beside(ui);
            }
        });
    }

    fn tabs(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            for (tab, name) in [(Tab::Draw, "Draw"), (Tab::Train, "Train"), (Tab::Try, "Try")] {
                let shown = ui.selectable_value(&mut self.tab, tab, name);
                self.places.note(name, shown);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), look::theme_button);
        });
    }

    fn paper(&mut self, ui: &mut Ui, side: f32) {
        ui.vertical(|ui| {
            ui.set_max_width(side.max(TOOLS));
            let paper = self.pad.ui(ui, side);
            self.photo(ui, paper.rect);
            self.places.note("paper", paper);
            self.pad.tools(ui);
        });
    }

    /// The picture that is read, on the empty paper.
    fn photo(&mut self, ui: &Ui, paper: Rect) {
        if let Some(preview) = self.preview.take() {
            self.photo = Some(ui.ctx().load_texture("photo", preview, TextureOptions::LINEAR));
        }
        if !self.reading.shows_picture() {
            self.photo = None;
        }
        if let Some(photo) = self.photo.as_ref().filter(|_| self.tab != Tab::Draw) {
            let whole = photo.size_vec2();
            let scale = (paper.size() / whole).min_elem();
            paint(ui, photo, Rect::from_center_size(paper.center(), scale * whole));
        }
    }

    /// All but the paper.
    fn beside(&mut self, ui: &mut Ui) {
        match self.tab {
            Tab::Draw => _ = scrolled("draw").show(ui, |ui| self.classes(ui)),
            Tab::Train => _ = scrolled("train").show(ui, |ui| self.train(ui)),
            Tab::Try => self.answer(ui),
        }
    }

    fn answer(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            ui.label(look::caption("Model"));
            for (name, file) in MODELS {
                let is_open = self.reading.origin() == Some((Origin::BuiltIn, name));
                if self.places.note(name, ui.selectable_label(is_open, name)).clicked() {
                    self.open_built_in((name, file));
                }
            }
            self.own_model(ui);
            if self.places.note("Open…", ui.button("Open…")).clicked() {
                self.errands.push(Errand::Choose);
            }
            let shows_picture = self.reading.shows_picture();
            if shows_picture && self.places.note("Remove picture", ui.button("Remove picture")).clicked() {
                self.reading.forget_picture();
            }
        });
        self.headline(ui);
        answer::classes(ui, self.reading.answer(), self.reading.classes(), false);
    }

    /// The user's own model, where there is one: trained here, or opened.
    fn own_model(&mut self, ui: &mut Ui) {
        let Some((name, file)) = self.reading.own() else { return };
        let is_open = self.reading.origin() == Some((Origin::Own, name));
        let chosen = ui.selectable_label(is_open, look::readable(ui.ctx(), name));
        let is_chosen = self.places.note(name, chosen).clicked();
        if self.places.note("Download", ui.button("Download")).clicked() {
            let name = format!("{}.mpk", name.trim_end_matches(".mpk"));
            self.errands.push(Errand::Save { name, content: file.to_vec() });
        } else if is_chosen {
            self.open_model(name.into(), file.to_vec());
        }
    }

    /// The answer in large, and beside it the picture that the network sees.
    fn headline(&mut self, ui: &mut Ui) {
        if let Some(seen) = self.reading.take_seen() {
            self.seen = Some(ui.ctx().load_texture("seen", seen, TextureOptions::NEAREST));
        }
        let Some(seen) = self.seen.as_ref().filter(|_| self.reading.answer().is_some()) else {
            return answer::headline(ui, self.reading.answer(), self.reading.classes());
        };
        ui.horizontal(|ui| {
            let side = 84.0;
            ui.allocate_ui(Vec2::new(ui.available_width() - side - 8.0, ui.available_height()), |ui| {
                answer::headline(ui, self.reading.answer(), self.reading.classes());
            });
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), egui::Sense::hover());
            paint(ui, seen, rect);
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The picture that the network sees"));
            response.on_hover_text("The picture that the network sees; a bar in it is how large you drew");
        });
    }
}

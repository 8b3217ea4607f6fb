//! Where everything stands in the window.

use super::side::SideView;
use super::train::Page;
use super::{OpenPicture, Window};
use egui::{Align, Button, CentralPanel, Layout, Panel, Rect, RichText, Sense, TextEdit, Ui, Vec2, WidgetInfo};
use ui::image::paint;
use ui::pad::DrawPad;
use ui::{answer, look, notice, path};

/// Smallest side of the paper.
const PAPER: f32 = 150.0;
/// Largest side of the paper.
const LARGEST: f32 = 1400.0;
/// The narrowest window in which the layers have a column of their own; in a narrower one they take the place of the
/// answer when the user wishes.
const WITH_LAYERS: f32 = 800.0;
/// The narrowest window in which the news stand beside the keys; in a narrower one they take their place.
const WIDE: f32 = 1000.0;
/// The height below which all classes stand beside the answer.
const LOW: f32 = 310.0;
/// Height of the news in one line.
const NEWS: f32 = 26.0;
/// Between the columns.
const GAP: f32 = 16.0;
/// The keys, as they are shown at the bottom.
const KEYS: [(&str, &str); 5] = [
    ("a key", "what it is"),
    ("Enter", "keep"),
    ("Backspace", "fresh paper"),
    ("Ctrl+Z", "undo"),
    ("Esc", "back, end"),
];
/// Margin and border of a card, above and below its content.
const CARD: f32 = 30.0;

impl Window {
    /// Shows the whole window.
    pub(super) fn show(&mut self, ui: &mut Ui) {
        let frame = look::window(ui);
        Panel::top("file").frame(frame).show_separator_line(false).show(ui, |ui| self.file_row(ui));
        if self.page == Page::Train {
            return self.show_training(ui);
        }
        Panel::bottom("learn").frame(frame).show_separator_line(false).show(ui, |ui| {
            self.lesson_row(ui);
            self.foot(ui);
        });
        let mut inner = frame;
        (inner.inner_margin.top, inner.inner_margin.bottom) = (2, 2); // the borders of cards
        CentralPanel::no_frame().frame(inner).show(ui, |ui| match self.page {
            Page::Line => self.line_page(ui),
            Page::Read | Page::Train => self.columns(ui),
        });
    }

    /// The paper, the answer, and what the network sees: the paper is as large as the window allows, and the rest goes
    /// to the last column.
    fn columns(&mut self, ui: &mut Ui) {
        let Vec2 { x: width, y: height } = ui.available_size();
        let has_layers = width >= WITH_LAYERS;
        let answer = (0.24 * width).clamp(220.0, 800.0);
        let layers = if has_layers { GAP + (0.24 * width).clamp(200.0, 420.0) } else { 0.0 };
        let widest = (width - answer - layers - GAP).min(LARGEST);
        let below = |side: f32| widest.min(height - 12.0 - DrawPad::tools_height(side));
        let side = below(below(LARGEST)).max(PAPER);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            column(ui, side, height, |ui| self.paper(ui, side));
            self.read_at_once(&ui.ctx().clone());
            let answer = if has_layers { answer } else { ui.available_width() };
            column(ui, answer, height, |ui| {
                card(ui, height, |ui| if has_layers { self.answer(ui) } else { self.answer_or_side(ui) });
            });
            if has_layers {
                column(ui, ui.available_width(), height, |ui| card(ui, height, |ui| self.side(ui, false)));
            }
        });
    }

    /// The answer or, where there is one card for both and the user wishes, the other views.
    fn answer_or_side(&mut self, ui: &mut Ui) {
        match self.side.shown {
            SideView::Answer => {
                self.side_tabs(ui, true);
                self.answer(ui);
            }
            _ => self.side(ui, true),
        }
    }

    fn file_row(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if self.page == Page::Train {
                look::theme_button(ui);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.tabs(ui));
                return;
            }
            if ui.button("Browse…").clicked() {
                self.browse(&ctx);
            }
            let has_path = !self.path.trim().is_empty();
            let wanted = ui.add_enabled(has_path, Button::new("Open")).clicked();
            let field = TextEdit::singleline(&mut self.path).hint_text("a model, or a picture to read");
            let field = ui.add(field.desired_width((0.3 * ui.available_width()).max(140.0)));
            let label = ui.label(look::caption("File"));
            let field = field.labelled_by(label.id);
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if (wanted || entered) && has_path {
                self.open(path::typed(&self.path), &ctx);
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                self.tabs(ui);
                ui.label(look::caption("Model"));
                ui.add(egui::Label::new(RichText::new(&self.name).strong()).truncate());
            });
        });
    }

    /// The pages of the window.
    fn tabs(&mut self, ui: &mut Ui) {
        ui.selectable_value(&mut self.page, Page::Read, "Read").on_hover_text("One character");
        let train = ui.selectable_value(&mut self.page, Page::Train, "Train");
        if train.on_hover_text("Train a network and watch it learn").changed() {
            self.train.look_again();
        }
        ui.selectable_value(&mut self.page, Page::Line, "Line")
            .on_hover_text("A line of characters: numbers and words");
    }

    fn paper(&mut self, ui: &mut Ui, side: f32) {
        match &self.picture {
            Some(picture) => {
                show_picture(picture, ui, side);
                self.paper = None;
                if ui.button("Back to the paper").clicked() {
                    let ctx = ui.ctx().clone();
                    self.clear(&ctx);
                }
            }
            None => {
                self.paper = Some(self.pad.ui(ui, side).id);
                self.pad.tools(ui);
            }
        }
    }

    /// The answer in large and, below it or in a low window beside it, all classes.
    fn answer(&mut self, ui: &mut Ui) {
        self.hint_row(ui);
        let space = ui.available_size();
        if space.y >= LOW {
            answer::headline(ui, self.shown(), self.classes());
            ui.add_space(6.0);
            return self.all_classes(ui);
        }
        ui.horizontal_top(|ui| {
            let beside = Vec2::new(0.36 * space.x, space.y);
            column(ui, beside.x, beside.y, |ui| answer::headline(ui, self.shown(), self.classes()));
            column(ui, ui.available_width(), space.y, |ui| self.all_classes(ui));
        });
    }

    /// All classes; a click on one keeps what is read as that.
    fn all_classes(&mut self, ui: &mut Ui) {
        let can_correct = !self.pad.is_empty() || self.picture.is_some();
        if let Some(class) = answer::classes(ui, self.shown(), self.classes(), can_correct) {
            let label = self.classes()[class].clone();
            let ctx = ui.ctx().clone();
            self.correct(&label, &ctx);
        }
    }

    /// The keys and the news; the theme at the right.
    fn foot(&mut self, ui: &mut Ui) {
        ui.add_space(2.0);
        let has_news = self.opening.is_some() || !self.notice.text.is_empty() || self.disk.is_slow();
        let is_wide = ui.available_width() >= WIDE;
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            look::theme_button(ui);
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                if is_wide {
                    ui.horizontal(|ui| notice::keys(ui, &KEYS));
                }
                ui.scope(|ui| {
                    ui.set_min_height(NEWS); // the paper keeps its size when news come
                    match has_news || is_wide {
                        true => self.news(ui),
                        false => _ = ui.horizontal(|ui| notice::keys(ui, &KEYS)),
                    }
                });
            });
        });
    }

    fn news(&mut self, ui: &mut Ui) {
        if let Some(opening) = &self.opening {
            let text = format!("Opening {}…", opening.name);
            ui.horizontal(|ui| {
                ui.label(look::caption(&text));
                if ui.small_button("Stop").clicked() {
                    self.stop_opening();
                }
            });
            return;
        }
        match self.underway().filter(|_| self.disk.is_slow()) {
            Some(underway) => _ = ui.label(look::caption(&underway)),
            None if self.notice.text.is_empty() => {}
            None => self.notice.show(ui),
        }
    }
}

fn column(ui: &mut Ui, width: f32, height: f32, content: impl FnOnce(&mut Ui)) {
    ui.allocate_ui(Vec2::new(width, height), |ui| {
        ui.set_width(width);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(8.0);
            content(ui);
        });
    });
}

fn card(ui: &mut Ui, height: f32, content: impl FnOnce(&mut Ui)) {
    look::card(ui).show(ui, |ui| {
        ui.set_min_size(Vec2::new(ui.available_width(), height - CARD));
        ui.set_max_height(height - CARD);
        content(ui);
    });
}

/// An open picture in place of the paper.
fn show_picture(open: &OpenPicture, ui: &mut Ui, side: f32) {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    ui.painter().rect_filled(rect, look::CORNER, look::of(ui).paper);
    let size = open.view.size_vec2();
    let place = Rect::from_center_size(rect.center(), size * ((side - 16.0) / size.max_elem()));
    paint(ui, &open.view, place);
    let name = open.name.clone();
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, format!("Picture {name}")));
}

//! Where everything stands on the page: beside the paper or, where that is too narrow, below it.

use super::places::Places;
use super::reading::{MODELS, Origin};
use super::{Page, TRAINED, Tab};
use crate::errand::Errand;
use crate::message::Reply;
use egui::{
    Align, CentralPanel, ComboBox, DragValue, Layout, Panel, Role, ScrollArea, TextEdit, TextureOptions, Ui, Vec2,
    WidgetInfo,
};
use nn_train::{AugmentLevel, Choice, Preset};
use train_page::view::{controls, curves};
use ui::image::paint;
use ui::notice::Notice;
use ui::pad::DrawPad;
use ui::{answer, look};

/// The narrowest page on which the rest stands beside the paper, in points.
const WIDE: f32 = 700.0;
/// The least width of the row of tools, in points.
const TOOLS: f32 = 300.0;
/// The largest side of the paper, in points.
const LARGEST: f32 = 700.0;

/// The words for a choice that is left to the training.
const AS_RECOMMENDED: &str = "as recommended";

fn scrolled(name: &str) -> ScrollArea {
    ScrollArea::vertical().id_salt(name).auto_shrink(false)
}

fn or_recommended(choice: &str) -> &str {
    if choice.is_empty() { AS_RECOMMENDED } else { choice }
}

/// The recipes to choose from; returns the one that was pressed.
fn recipe(ui: &mut Ui, open: &str, places: &mut Places) -> Option<&'static str> {
    let names = [""].into_iter().chain([Preset::Mlp, Preset::Cnn, Preset::Textbook].map(Preset::name));
    names.filter(|name| places.note(name, ui.selectable_label(*name == open, or_recommended(name))).clicked()).last()
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
            self.places.note("paper", paper);
            self.pad.tools(ui);
        });
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

    fn train(&mut self, ui: &mut Ui) {
        if self.lessons.is_running() {
            if self.places.note("Stop", ui.button("Stop and keep the best")).clicked() {
                self.stop_training();
            }
        } else {
            self.choices(ui);
        }
        if self.lessons.has_begun() {
            controls::progress(ui, &self.lessons.news.progress);
            curves::show(ui, &self.lessons.news, None);
            ui.label(look::caption("Draw: the answer changes while the network learns"));
            answer::headline(ui, self.reading.answer(), self.reading.classes());
        }
    }

    fn choices(&mut self, ui: &mut Ui) {
        let drawings = self.collection.drawings().len();
        let pictures = look::readable(ui.ctx(), &self.lessons.pictures.name());
        let [digits, own] = &mut self.lessons.learns;
        let hint = "A CSV file, or the two files of IDX, may take their place: drop them on the page";
        self.places.note("6,000 digits", ui.checkbox(digits, pictures).on_hover_text(hint));
        *own &= drawings > 0;
        let own = ui.add_enabled(drawings > 0, egui::Checkbox::new(own, format!("your {drawings} drawings")));
        self.places.note("your drawings", own);
        let order = &mut self.lessons.order;
        ui.horizontal_wrapped(|ui| {
            ui.label(look::caption("Layers"));
            let field = TextEdit::singleline(&mut order.layers).hint_text(AS_RECOMMENDED);
            let field = self.places.note("layers", ui.add(field.desired_width(220.0)));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Layers"));
        });
        ui.horizontal_wrapped(|ui| {
            let recipes = ComboBox::from_label("Recipe").selected_text(or_recommended(&order.preset));
            let chosen = recipes.show_ui(ui, |ui| recipe(ui, &order.preset, &mut self.places));
            if let Some(Some(name)) = chosen.inner {
                (order.preset, order.layers) = (name.into(), String::new());
            }
            self.places.note("Recipe", chosen.response);
            let written =
                |epochs: f64, _| if epochs < 1.0 { "recommended epochs".into() } else { format!("{epochs} epochs") };
            let epochs = ui.add(DragValue::new(&mut order.epochs).range(0..=1000).custom_formatter(written));
            self.places.note("epochs", epochs.on_hover_text("Passes over all samples; drag, or press and type"));
        });
        ComboBox::from_label("Distortion").selected_text(or_recommended(&order.augment)).show_ui(ui, |ui| {
            ui.selectable_value(&mut order.augment, String::new(), AS_RECOMMENDED);
            for (_, name, about) in AugmentLevel::ALL {
                ui.selectable_value(&mut order.augment, (*name).into(), *name).on_hover_text(*about);
            }
        });
        let is_ready = self.lessons.learns.contains(&true);
        let start = ui.add_enabled(is_ready, egui::Button::new("Start"));
        if self.places.note("Start", start).clicked() {
            self.follows = true;
            self.errands.extend(self.lessons.start(&self.collection, self.pad.pen, self.reading.file()));
        }
    }

    fn stop_training(&mut self) {
        self.end_training("The training is given up before its first epoch was done.".into());
    }

    /// Ends the training, and its worker with the memory that it took. The best model so far is the user's now; where there
    /// is none, the user reads why.
    pub(super) fn end_training(&mut self, why: String) {
        self.errands.push(Errand::StopTraining);
        match self.lessons.stop() {
            Some(model) => {
                let accuracy = 100.0 * self.lessons.accuracy();
                let samples = if self.lessons.progress().is_held_back { "held back" } else { "it learnt" };
                self.open_model(TRAINED.into(), model);
                self.notice =
                    Notice::hint(format!("Of the samples {samples} {accuracy:.1} % are read rightly. Try it."));
            }
            None => self.notice = Notice::error(why),
        }
    }

    /// Takes in news of a training.
    pub(super) fn learn(&mut self, reply: Reply) {
        match reply {
            _ if !self.lessons.is_running() => {} // it was stopped
            Reply::Noted(note) => self.notice = Notice::hint(note),
            Reply::Progress(progress) => self.lessons.went_on(progress),
            Reply::Epoch { progress, model } => {
                self.lessons.epoch_done(progress, &model);
                if self.follows && !self.reading.is_opening() {
                    self.errands.push(self.reading.open(Origin::Epoch, TRAINED.into(), model)); // its answer to the drawing
                }
            }
            Reply::Trained { model } => {
                self.lessons.trained(model);
                self.end_training(String::new());
            }
            Reply::TrainingFailed(error) => self.end_training(format!("{error}.")),
            Reply::Opened { .. } | Reply::Read { .. } | Reply::NotOpened(_) | Reply::NotRead(_) => {}
        }
    }
}

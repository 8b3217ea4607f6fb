//! The tab *Train*: the choices of a training, its curves, and what comes of it.

use super::Page;
use super::places::Places;
use super::reading::Origin;
use crate::errand::Errand;
use crate::message::Reply;
use crate::teller::TRAINED;
use egui::{ComboBox, DragValue, Role, TextEdit, Ui, WidgetInfo};
use nn_train::{AugmentLevel, Choice, Preset};
use train_page::view::{controls, curves};
use ui::notice::Notice;
use ui::{answer, look};

/// The words for a choice that is left to the training.
const AS_RECOMMENDED: &str = "as recommended";

const REPORT: &str =
    "A page to keep: curves, confusion matrix, mistakes, settings. Download it before the next training";

fn or_recommended(choice: &str) -> &str {
    if choice.is_empty() { AS_RECOMMENDED } else { choice }
}

/// The recipes to choose from; returns the one that was pressed.
fn recipe(ui: &mut Ui, open: &str, places: &mut Places) -> Option<&'static str> {
    let names = [""].into_iter().chain([Preset::Mlp, Preset::Cnn, Preset::Textbook].map(Preset::name));
    names.filter(|name| places.note(name, ui.selectable_label(*name == open, or_recommended(name))).clicked()).last()
}

impl Page {
    /// The choices or, while a training goes on, the way to stop it; below, how far it is.
    pub(super) fn train(&mut self, ui: &mut Ui) {
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
        if let Some(report) = self.lessons.report() {
            let button = ui.button("Report").on_hover_text(REPORT);
            if self.places.note("Report", button).clicked() {
                self.errands.push(Errand::Save { name: "report.html".into(), content: report.into() });
            }
        }
    }

    fn stop_training(&mut self) {
        self.end_training(Notice::hint("The training is given up before its first epoch was done."));
    }

    /// Ends the training, and its worker with the memory that it took. The best model so far is the user's now. The user reads
    /// how good it is, or the `reason` where that is an error or there is no model.
    pub(super) fn end_training(&mut self, reason: Notice) {
        self.errands.push(Errand::StopTraining);
        self.notice = match self.lessons.stop() {
            Some(model) => {
                self.open_model(TRAINED.into(), model);
                let accuracy = 100.0 * self.lessons.accuracy();
                let samples = if self.lessons.progress().is_held_back { "held back" } else { "it learnt" };
                let result = format!("Of the samples {samples} {accuracy:.1} % are read rightly.");
                match reason.is_bad {
                    true => Notice::error(format!("{} The best network before is open. {result}", reason.text)),
                    false => Notice::hint(format!("{result} Try it.")),
                }
            }
            None => reason,
        };
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
            Reply::Trained { model, report } => {
                self.lessons.trained(model, report);
                self.end_training(Notice::default());
            }
            Reply::TrainingFailed(error) => self.end_training(Notice::error(format!("{error}."))),
            Reply::Opened { .. }
            | Reply::Read { .. }
            | Reply::Looked { .. }
            | Reply::NotOpened(_)
            | Reply::NotLooked(_)
            | Reply::NotRead(_) => {}
        }
    }
}

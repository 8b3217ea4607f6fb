//! The choices before a training: a row for each, with a sentence behind its question mark.

use crate::plan::TrainingPlan;
use egui::{Button, ComboBox, DragValue, Grid, Slider, TextEdit, Ui};
use nn_train::{AugmentLevel, Choice, Preset, Recipe};
use std::path::PathBuf;
use ui::dialog::{self, Dialog};
use ui::path;

/// The state of the choices.
#[derive(Default)]
pub struct Form {
    /// The datasets that may be chosen, and whether each is.
    pub places: Vec<(PathBuf, bool)>,
    /// The choices but for the data.
    pub plan: TrainingPlan,
    /// The path of another dataset, as the user types it.
    path: String,
    /// The row whose sentence is shown.
    explained: Option<&'static str>,
}

/// The rows and their sentences.
const SENTENCES: [(&str, &str); 6] = [
    (
        "Data",
        "Folders with a folder of pictures for each class, as the collector saves drawings, or files: MNIST, CSV, strokes, .npz, .zip.",
    ),
    (
        "Network",
        "A preset is a network with settings that go well together: cnn reads handwriting well after a minute.",
    ),
    ("Layers", "Your own layers in place of the preset's. The last layer follows from the classes."),
    ("Epochs", "How often the network sees all pictures. More is slower, and better up to a point."),
    (
        "Distortion",
        "Pictures are bent, turned and moved anew in every epoch, so that the network learns the idea and not the pictures.",
    ),
    (
        "Held back",
        "This share of the pictures is not learnt: the network is tested on it after each epoch, and the best one is kept.",
    ),
];

impl Form {
    /// The plan as it is chosen.
    pub fn plan(&self) -> TrainingPlan {
        let data = self.places.iter().filter(|(_, chosen)| *chosen).map(|(path, _)| path.clone()).collect();
        TrainingPlan { data, ..self.plan.clone() }
    }

    /// Adds a dataset, and chooses it.
    pub fn add(&mut self, path: PathBuf) {
        match self.places.iter_mut().find(|(known, _)| *known == path) {
            Some((_, chosen)) => *chosen = true,
            None => self.places.push((path, true)),
        }
    }

    /// Shows the rows. `recipe` is the one that the data has led to, where that is known. Returns the dialog for data that the
    /// user wants.
    pub fn show(&mut self, ui: &mut Ui, recipe: Option<&Recipe>) -> Option<Dialog> {
        let mut wanted = None;
        Grid::new("choices").num_columns(2).spacing([10.0, 10.0]).show(ui, |ui| {
            self.row(ui, 0, |form, ui| wanted = form.data(ui));
            self.row(ui, 1, Self::network);
            self.row(ui, 2, Self::layers);
            self.row(ui, 3, |form, ui| form.epochs(ui, recipe));
            self.row(ui, 4, |form, ui| form.distortion(ui, recipe));
            self.row(ui, 5, Self::held_back);
        });
        if let Some((_, sentence)) = SENTENCES.iter().find(|(row, _)| self.explained == Some(row)) {
            ui.label(*sentence);
        }
        wanted
    }

    /// A row: its name, its question mark, and its choices.
    fn row(&mut self, ui: &mut Ui, row: usize, choices: impl FnOnce(&mut Self, &mut Ui)) {
        let (name, sentence) = SENTENCES[row];
        ui.horizontal(|ui| {
            ui.label(name);
            let mark = ui.small_button("?").on_hover_text(sentence);
            mark.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("What is {name}?")));
            if mark.clicked() {
                self.explained = Some(name).filter(|_| self.explained != Some(name));
            }
        });
        ui.vertical(|ui| choices(self, ui));
        ui.end_row();
    }

    fn data(&mut self, ui: &mut Ui) -> Option<Dialog> {
        for (path, chosen) in &mut self.places {
            ui.checkbox(chosen, path.display().to_string());
        }
        ui.horizontal(|ui| {
            let field =
                ui.add(TextEdit::singleline(&mut self.path).hint_text("a folder or a file").desired_width(170.0));
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path of the data"));
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let is_typed = !self.path.trim().is_empty();
            if (ui.add_enabled(is_typed, Button::new("Add")).clicked() || entered) && is_typed {
                self.add(path::typed(&self.path));
                self.path.clear();
            }
        });
        ui.horizontal(|ui| {
            let folder = ui.button("Browse…").on_hover_text("Choose a folder").clicked();
            let file = ui.button("A file…").on_hover_text("Choose a file: MNIST, CSV, strokes, .npz, .zip").clicked();
            let dialogs: [(bool, Dialog); 2] = [(folder, dialog::pick_folder), (file, dialog::pick_file)];
            dialogs.into_iter().find_map(|(wanted, dialog)| wanted.then_some(dialog))
        })
        .inner
    }

    fn network(&mut self, ui: &mut Ui) {
        let choice = ComboBox::from_id_salt("preset").selected_text(self.plan.preset.name());
        let choice = choice.show_ui(ui, |ui| {
            for preset in Preset::ALL {
                ui.selectable_value(&mut self.plan.preset, preset, preset.name());
            }
        });
        choice.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Network"));
        ui.checkbox(&mut self.plan.begins_with_nothing, "begin with nothing").on_hover_text(
            "Few drawings otherwise begin with what the built-in model for characters knows, and then need seconds",
        );
    }

    fn layers(&mut self, ui: &mut Ui) {
        let field = TextEdit::singleline(&mut self.plan.layers).hint_text("dense:100, tanh").desired_width(220.0);
        ui.add(field).widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Layers"));
    }

    fn epochs(&mut self, ui: &mut Ui, recipe: Option<&Recipe>) {
        let recommended = recipe.map_or(self.plan.preset.recipe().epochs, |recipe| recipe.epochs);
        let mut epochs = self.plan.epochs.unwrap_or(recommended);
        ui.horizontal(|ui| {
            let value = ui.add(DragValue::new(&mut epochs).range(1..=10_000));
            value.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Epochs"));
            if value.changed() {
                self.plan.epochs = Some(epochs);
            }
            if self.plan.epochs.is_some() && ui.small_button("as recommended").clicked() {
                self.plan.epochs = None;
            }
        });
    }

    fn distortion(&mut self, ui: &mut Ui, recipe: Option<&Recipe>) {
        let recommended = recipe.filter(|_| self.plan.augment.is_none()).map(|recipe| recipe.augment);
        let recommended = format!("as recommended{}", recommended.map_or(String::new(), |a| format!(": {}", a.name())));
        let shown = self.plan.augment.map_or(&recommended[..], |augment| augment.name());
        let choice = ComboBox::from_id_salt("augment").width(200.0).selected_text(shown).show_ui(ui, |ui| {
            ui.selectable_value(&mut self.plan.augment, None, &recommended);
            for &(augment, name, about) in AugmentLevel::ALL {
                ui.selectable_value(&mut self.plan.augment, Some(augment), name).on_hover_text(about);
            }
        });
        choice.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Distortion"));
    }

    fn held_back(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let slider = Slider::new(&mut self.plan.held_back, 0.0..=0.5).step_by(0.05).show_value(false);
            ui.add(slider).widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, "Held back"));
            ui.label(format!("{:.0} %", 100.0 * self.plan.held_back));
        });
    }
}

//! The hint: a row of choices of the classes that an answer may be, and a new class. Corrections may be of any class.

use super::Window;
use super::lesson::new_class::NewClass;
use super::settings::Settings;
use egui::{Context, RichText, TextEdit, Ui, vec2};
use nn_io::Hint;
use ui::look;

/// The choice of all classes, and that of classes which the user names.
const ALL: &str = "all";
const OWN: &str = "my own";
/// The other choices, each as `--only` takes it.
const RANGES: [&str; 3] = ["0-9", "A-Z", "a-z"];

/// The choices for a model: all, the ranges that are a part of its classes, and the user's own.
fn choices(classes: &[String]) -> Vec<&'static str> {
    let is_part = |range: &&str| Hint::parse(range, classes).is_ok_and(|hint| !hint.allows_all());
    [ALL].into_iter().chain(RANGES.into_iter().filter(is_part)).chain([OWN]).collect()
}

/// The hint that the user has chosen, for a model with these classes: `None` where all are allowed, an error where the model
/// does not know the classes.
pub fn parse(settings: &Settings, classes: &[String]) -> Result<Option<Hint>, String> {
    let text = match &settings.only[..] {
        OWN => settings.own.trim(),
        range if choices(classes).contains(&range) && range != ALL => range,
        _ => "",
    };
    let hint = (!text.is_empty()).then(|| Hint::parse(text, classes)).transpose();
    hint.map_err(|error| error.to_string())
}

impl Window {
    /// Takes over what the user has chosen, as far as the open model allows; returns why it does not, if that is so.
    pub(super) fn choose_hint(&mut self) -> Option<String> {
        let hint = parse(&self.settings, self.classes());
        let (hint, problem) = hint.map_or_else(|error| (None, Some(error)), |hint| (hint, None));
        self.hint = hint;
        problem
    }

    /// Takes over what the user has chosen, and says where the open model does not allow it.
    pub(super) fn tell_hint(&mut self) {
        if let Some(problem) = self.choose_hint() {
            self.say(format!("All classes are allowed: {problem}."), false);
        }
    }

    /// The choices, and a field where the user's own is chosen.
    pub(super) fn hint_row(&mut self, ui: &mut Ui) {
        let before = (self.settings.only.clone(), self.settings.own.clone());
        let offered = choices(self.classes());
        let chosen = offered.iter().copied().find(|choice| *choice == self.settings.only).unwrap_or(ALL);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(3.0, 3.0);
            ui.spacing_mut().button_padding = vec2(6.0, 2.0);
            ui.label(look::caption("Allowed")).on_hover_text("The classes that an answer may be");
            for choice in offered {
                let text = RichText::new(choice).size(13.0);
                if ui.selectable_label(choice == chosen, text).clicked() {
                    self.settings.only = choice.into();
                }
            }
            if chosen == OWN {
                let field = TextEdit::singleline(&mut self.settings.own).hint_text("such as 0-9A-F");
                let field = ui.add(field.desired_width(ui.available_width().clamp(60.0, 140.0)));
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Allowed classes"));
            }
            let new = ui.button(RichText::new("New class…").size(13.0));
            if new.on_hover_text("A sign, a heart: five drawings of it are enough").clicked() {
                self.new_class = Some(NewClass::default());
            }
        });
        if before != (self.settings.only.clone(), self.settings.own.clone()) {
            self.renew_hint(&ui.ctx().clone());
        }
    }

    /// Reads again by the new choice.
    fn renew_hint(&mut self, ctx: &Context) {
        self.notice = Default::default(); // it may have been about the choice before
        self.tell_hint();
        self.read_again(ctx);
    }
}

//! The row below the paper: a question, the lesson that goes on, its outcome, or how to correct and teach.

use super::Window;
use super::lesson::corrections;
use cli::say::count;
use egui::{Button, ProgressBar, RichText, TextEdit, Ui, WidgetInfo};
use ui::{answer, look};

impl Window {
    /// The row, with what matters now.
    pub(super) fn lesson_row(&mut self, ui: &mut Ui) {
        look::card(ui).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.set_min_width(ui.available_width());
                ui.set_min_height(28.0);
                if self.question.is_some() {
                    self.question_row(ui);
                } else if self.lesson.running.is_some() {
                    self.progress_row(ui);
                } else if self.lesson.offer.is_some() {
                    self.offer_row(ui);
                } else if self.new_class.is_some() {
                    self.new_class_row(ui);
                } else {
                    self.teach_row(ui);
                }
            });
        });
    }

    fn question_row(&mut self, ui: &mut Ui) {
        let Some(question) = &self.question else { return };
        let [yes, no] = question.answers;
        ui.label(RichText::new(&question.text).strong());
        let said_yes = ui.add(main_button(ui, yes)).on_hover_text("Enter").clicked();
        let said_no = ui.button(no).on_hover_text("Esc").clicked();
        if said_yes || said_no {
            let ctx = ui.ctx().clone();
            self.answer_question(said_yes, &ctx);
        }
    }

    fn progress_row(&mut self, ui: &mut Ui) {
        let Some(job) = &mut self.lesson.running else { return };
        let done = job.done();
        ui.label("Learning…");
        let name = format!("Teaching, {:.0} % done", done * 100.0);
        let bar = ui.add(ProgressBar::new(done).desired_width(320.0).fill(look::of(ui).accent));
        bar.widget_info(|| WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &name));
        if ui.button("Cancel").clicked() {
            job.stop();
        }
    }

    /// The outcome of a lesson in numbers; the button that the numbers speak for stands out.
    fn offer_row(&mut self, ui: &mut Ui) {
        let Some(outcome) = &self.lesson.offer else { return };
        ui.label(corrections::report(&outcome.taught));
        let [keep, discard] = match outcome.taught.is_advised() {
            true => [main_button(ui, "Keep"), Button::new("Discard")],
            false => [Button::new("Keep"), main_button(ui, "Discard")],
        };
        if ui.add(keep).clicked() {
            let ctx = ui.ctx().clone();
            self.keep_lesson(&ctx);
        } else if ui.add(discard).clicked() {
            self.discard_lesson();
        }
    }

    /// The next two candidates, each to be clicked: that keeps the drawing as this class.
    fn candidates(&mut self, ui: &mut Ui) {
        let candidates = self.shown().map(answer::candidates).unwrap_or_default();
        // Both texts are about as wide, so that the paper keeps its size when the first answer comes.
        ui.label(match candidates[..] {
            [] => "Press the right key, or click the right class.",
            _ => "Is it",
        });
        let mut clicked = None;
        for (i, &class) in candidates.iter().enumerate() {
            let name = &self.classes()[class];
            if i > 0 {
                ui.label("or");
            }
            let button = ui.button(look::readable(ui.ctx(), name));
            if button.on_hover_text(format!("It is {name}: keep it as a correction")).clicked() {
                clicked = Some(name.clone());
            }
        }
        if !candidates.is_empty() {
            ui.label("? Or press its key.");
        }
        if let Some(label) = clicked {
            let ctx = ui.ctx().clone();
            self.correct(&label, &ctx);
        }
    }

    fn teach_row(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        ui.label(RichText::new("Wrong?").strong());
        self.candidates(ui);
        let kept = self.kept.unwrap_or(0);
        ui.label(look::caption(&format!("{} kept", count(kept, "drawing", "drawings"))));
        let teach = ui.add_enabled(kept > 0, Button::new("Teach"));
        if teach.on_hover_text("The model learns from the kept drawings of its classes").clicked() {
            self.teach(&ctx);
        }
        if !self.done.is_empty() && ui.button("Take back").on_hover_text("The last correction, as Ctrl+Z").clicked() {
            self.take_back(&ctx);
        }
        let Some(taught) = self.lesson.taught.last_mut() else { return };
        ui.separator();
        let label = ui.label(look::caption("Save as"));
        let field = ui.add(TextEdit::singleline(&mut taught.path).desired_width(160.0)).labelled_by(label.id);
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let save = ui.button("Save").clicked() || entered;
        if ui.button("Unlearn").on_hover_text("The model as it was before the last lesson or training").clicked() {
            self.unlearn(&ctx);
        } else if save {
            self.save(&ctx);
        }
    }
}

/// The button that does what is most likely meant.
pub(super) fn main_button<'a>(ui: &Ui, text: &'a str) -> Button<'a> {
    Button::new(RichText::new(text).color(look::of(ui).paper)).fill(look::of(ui).accent)
}

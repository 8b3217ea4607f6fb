//! Where everything stands on the page.

use super::{Stage, TrainPage};
use crate::timeline::Moment;
use crate::view::controls::Control;
use crate::view::pictures::SnapshotPictures;
use crate::view::{controls, curves, drawing, moment};
use egui::{Button, RichText, ScrollArea, Slider, Ui, Vec2};
use ui::look;
use ui::pad::DrawPad;

/// The width of the pad, as a part of the page, and its bounds in points.
const PAD: f32 = 0.28;
const PADS: (f32, f32) = (170.0, 420.0);
/// Between the two columns, and the height that the notice at the bottom has.
const GAP: f32 = 16.0;
const NOTICE: f32 = 34.0;
/// The margins and borders of a card.
const CARD: f32 = 30.0;
/// The height of the button and the answer below the pad.
const ANSWER: f32 = 220.0;

impl TrainPage {
    /// Shows the page. The pad's keys are the window's: it has begun the pad's frame, and ends it.
    pub fn ui(&mut self, ui: &mut Ui, pad: &mut DrawPad) {
        let ctx = ui.ctx().clone();
        self.take_in(&ctx);
        let size = ui.available_size() - Vec2::new(0.0, NOTICE);
        ui.allocate_ui(size, |ui| {
            ui.set_min_size(size);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = GAP;
                match self.stage {
                    Stage::Choosing => self.choices(ui, size),
                    _ => self.training(ui, size, pad),
                }
            });
        });
        self.notice.show(ui);
    }

    fn choices(&mut self, ui: &mut Ui, size: Vec2) {
        let left = (0.5 * size.x).clamp(300.0, 460.0);
        card(ui, Vec2::new(left, size.y), |ui| {
            let recipe = self.data.found().and_then(|found| Some(found.as_ref().ok()?.prepared.recipe.clone()));
            ScrollArea::vertical().id_salt("form").auto_shrink(false).show(ui, |ui| {
                if let Some(dialog) = self.form.show(ui, recipe.as_ref()) {
                    self.data.browse(dialog, &ui.ctx().clone());
                }
                ui.add_space(8.0);
                let start = Button::new(RichText::new("Start").color(look::of(ui).paper)).fill(look::of(ui).accent);
                if ui.add_enabled(self.is_ready(), start).clicked() {
                    let ctx = ui.ctx().clone();
                    self.start(&ctx);
                }
            });
        });
        card(ui, Vec2::new(ui.available_width(), size.y), |ui| match self.data.found() {
            _ if self.data.is_busy() => _ = ui.label("Looking at the data…"),
            Some(Ok(found)) => found.show(ui),
            Some(Err(error)) => ui::notice::Notice::error(error).show(ui),
            None => _ = ui.label("Choose the data that the network is to learn, or drop a folder here."),
        });
    }

    fn training(&mut self, ui: &mut Ui, size: Vec2, pad: &mut DrawPad) {
        let ctx = ui.ctx().clone();
        if let Some(shown) = self.shown().cloned() {
            let kept = self.trained.clone().filter(|_| matches!(self.stage, Stage::Ended));
            let newest = kept.or(self.news.model.clone()).filter(|_| self.moments.chosen.is_none());
            self.reading.ask(newest.as_ref().unwrap_or(&shown.model), pad, &ctx);
            self.layers.renew(self.reading.layers(), &ctx);
            self.pictures = Some(SnapshotPictures::renewed(self.pictures.take(), &shown, &ctx));
        }
        let side = (PAD * size.x).clamp(PADS.0, PADS.1).min((size.y - ANSWER).max(PADS.0 - 20.0));
        column(ui, Vec2::new(side, size.y), |ui| {
            let classes = self.shown().map(|shown| &shown.model.classes[..]);
            drawing::show(ui, pad, side, self.reading.answer().zip(classes));
        });
        card(ui, Vec2::new(ui.available_width(), size.y), |ui| {
            self.head(ui);
            self.scrub(ui);
            ScrollArea::vertical().id_salt("moment").auto_shrink(false).show(ui, |ui| {
                curves::show(ui, &self.news, self.moments.chosen);
                ui.add_space(8.0);
                if let (Some(shown), Some(pictures)) = (self.shown(), &self.pictures) {
                    moment::show(ui, shown, pictures);
                }
                ui.add_space(8.0);
                self.layers.show(ui);
            });
        });
    }

    /// The controls, or the way back to the choices.
    fn head(&mut self, ui: &mut Ui) {
        controls::progress(ui, &self.news.progress);
        if matches!(self.stage, Stage::Watched) {
            return; // its end belongs to the other part
        }
        if matches!(self.stage, Stage::Ended) {
            ui.horizontal(|ui| {
                if ui.button("Train another").clicked() {
                    self.choose_again();
                }
                if ui.add_enabled(self.trained.is_some(), Button::new("Open it")).clicked() {
                    self.is_offered = true;
                }
            });
            return;
        }
        match controls::buttons(ui, &self.news.progress, self.live.orders()) {
            Some(Control::Order(go)) => self.live.order(go),
            Some(Control::Factor(factor)) => self.live.set_factor(factor),
            None => {}
        }
    }

    /// The slider through the moments of the training.
    fn scrub(&mut self, ui: &mut Ui) {
        let moments: Vec<f64> = self.news.timeline.all().iter().map(Moment::at).collect();
        let Some(last) = moments.len().checked_sub(1).filter(|last| *last > 0) else { return };
        let shown = self.moments.chosen.unwrap_or(moments[last]);
        let mut at = moments.iter().rposition(|moment| *moment <= shown).unwrap_or(0);
        let words = match self.moments.is_reading() {
            true => format!("Reading the network after {:.1} epochs", moments[at]),
            false if self.has_ended() && at == last => "Shown: the end. The best network answers".into(),
            false => format!("Shown: after {:.1} epochs", moments[at]),
        };
        let slider = ui.horizontal(|ui| {
            ui.spacing_mut().slider_width = (ui.available_width() - 110.0).max(60.0);
            let slider = ui.add(Slider::new(&mut at, 0..=last).step_by(1.0).show_value(false));
            if slider.changed() {
                self.moments.chosen = (at < last).then(|| moments[at]);
            }
            if ui.add_enabled(self.moments.chosen.is_some(), Button::new("Newest")).clicked() {
                self.moments.chosen = None;
            }
            slider
        });
        let label = ui.label(look::caption(&words)); // below, so that the slider stays where it is under the pointer
        slider.inner.labelled_by(label.id);
    }
}

/// A column that is a card.
fn card(ui: &mut Ui, size: Vec2, content: impl FnOnce(&mut Ui)) {
    column(ui, size, |ui| {
        look::card(ui).show(ui, |ui| {
            let inner = size - Vec2::splat(CARD);
            ui.set_min_size(inner);
            ui.set_max_size(inner);
            content(ui);
        });
    });
}

fn column(ui: &mut Ui, size: Vec2, content: impl FnOnce(&mut Ui)) {
    ui.allocate_ui(size, |ui| {
        ui.set_min_size(size);
        ui.set_max_size(size);
        ui.vertical(|ui| content(ui));
    });
}

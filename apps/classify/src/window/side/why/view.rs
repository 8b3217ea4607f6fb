//! Where the reasons stand on the card.

use super::explanation::{AlikePicture, Evidence, Explanation};
use super::{Training, Why};
use crate::window::Window;
use crate::window::side::layers::enlarged;
use egui::{RichText, ScrollArea, TextureHandle, Ui, Vec2};
use ui::look;

/// The side of a training picture, in points.
const SIDE: f32 = 56.0;

impl Window {
    /// Shows the ink that speaks for the answer, and the training pictures most alike.
    pub(in crate::window::side) fn why(&mut self, ui: &mut Ui) {
        let largest = 0.5 * ui.available_height();
        ScrollArea::vertical().id_salt("why").auto_shrink(false).show(ui, |ui| {
            let classes = self.examples.joined().classes();
            let Some(explanation) = self.recogniser.newest().and_then(|newest| newest.explanation.as_ref()) else {
                ui.label(look::caption("Draw something: here the ink says why it is read so."));
                return;
            };
            let why = &mut self.side.why;
            let (inks, alike) = why.views.split_at(explanation.evidence.len().min(why.views.len()));
            let inks = inks.to_vec();
            let alike = alike.to_vec();
            ink(ui, why, explanation, &inks, (classes, largest));
            ui.add_space(8.0);
            training_pictures(ui, why, explanation, &alike);
        });
    }
}

/// The ink, and what its colours mean.
fn ink(
    ui: &mut Ui,
    why: &mut Why,
    explanation: &Explanation,
    views: &[TextureHandle],
    (classes, largest): (&[String], f32),
) {
    let name = |ui: &Ui, class: usize| look::readable(ui.ctx(), &classes[class]);
    let words = |ui: &Ui, of: &Evidence| match of.rather_than {
        None => format!("for {}", name(ui, of.class)),
        Some(other) => format!("for {} rather than {}", name(ui, of.class), name(ui, other)),
    };
    if explanation.evidence.is_empty() {
        ui.label("The network does not know this class: the answer comes from the drawings that you have kept.");
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(3.0);
        for (of, rather) in explanation.evidence.iter().zip([false, true]) {
            let text = RichText::new(words(ui, of)).size(13.0);
            ui.selectable_value(&mut why.rather, rather, text);
        }
    });
    let at = usize::from(why.rather).min(explanation.evidence.len() - 1);
    let meant = words(ui, &explanation.evidence[at]);
    if let Some(view) = views.get(at) {
        enlarged(
            ui,
            Some(view),
            view.size_vec2(),
            ui.available_width().min(largest),
            &format!("Ink that speaks {meant}"),
        );
    }
    let colours = look::of(ui);
    for (colour, text) in [(colours.accent, format!("speaks {meant}")), (colours.warning, "speaks against it".into())] {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(12.0), egui::Sense::hover());
            ui.painter().rect_filled(rect, 2, colour);
            ui.label(look::caption(&text));
        });
    }
    ui.label(look::caption(
        "Gradient times ink: how much each point adds to the score, as far as the network is linear here.",
    ));
}

/// The training pictures most alike, or why there are none.
fn training_pictures(ui: &mut Ui, why: &mut Why, explanation: &Explanation, views: &[TextureHandle]) {
    ui.label(RichText::new("Training pictures most like it").strong());
    match &mut why.training {
        Some((_, Training::Missing(reason))) => _ = ui.label(look::caption(&look::readable(ui.ctx(), reason))),
        Some((_, Training::There(pictures))) => {
            let columns = (ui.available_width() / (SIDE + ui.spacing().item_spacing.x)) as usize;
            let all: Vec<_> = explanation.alike.iter().zip(views).collect();
            for row in all.chunks(columns.max(1)) {
                ui.horizontal(|ui| row.iter().for_each(|(alike, view)| one_alike(ui, alike, view)));
            }
            let how = "Alike by the angle between the values of the last hidden layer.";
            ui.label(look::caption(&format!("{how} {}", look::readable(ui.ctx(), &pictures.about))));
        }
        Some((_, Training::Reading(job))) => {
            let words = match 100.0 * job.done() {
                0.0 => "Reading the pictures that it learnt from…".into(),
                done => format!("Looking at the pictures that it learnt from: {done:.0} %"),
            };
            ui.label(look::caption(&words));
        }
        None => {}
    }
}

/// A training picture with its class and how much it is alike.
fn one_alike(ui: &mut Ui, alike: &AlikePicture, view: &TextureHandle) {
    let class = look::readable(ui.ctx(), &alike.class);
    ui.vertical(|ui| {
        ui.set_width(SIDE);
        enlarged(ui, Some(view), view.size_vec2(), SIDE, &format!("Training picture of {class}"));
        ui.label(look::caption(&format!("{class}, {:.0} %", 100.0 * alike.likeness.max(0.0))));
    });
}

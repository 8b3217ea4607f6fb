//! The page of doubtful drawings: one after the other is looked at, and kept, corrected or deleted by a key.

use super::collection::label_of;
use super::gallery::Gallery;
use super::{Done, Window};
use crate::check::{Doubt, doubtful};
use egui::{Button, Context, Ui};
use nn_data::Drawings;
use std::path::Path;
use ui::keys::Press;
use ui::look;
use ui::worker::Job;

/// The side of the drawing that is shown large.
const LARGE: f32 = 168.0;

/// The drawings that a look through all of them found doubtful.
#[derive(Default)]
pub struct Doubts {
    found: Option<Vec<Doubt>>,
    at: usize,
    job: Option<Job<Vec<Doubt>>>,
    problem: String,
}

/// A wish of the user on this page.
pub enum Wish {
    /// All drawings are to be looked through.
    Search,
    /// The drawing is right.
    Keep,
    /// Something that the gallery offers too.
    Of(super::gallery::Request),
}

impl Doubts {
    /// The drawing that is to be judged.
    pub fn current(&self) -> Option<&Doubt> {
        self.found.as_ref()?.get(self.at)
    }

    /// Whether the drawings are being looked through.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Looks through the drawings on a worker.
    pub fn search(&mut self, drawings: &Drawings, ctx: &Context) {
        let folder = drawings.root().to_owned();
        self.job = Some(Job::new(ctx, move |_| doubtful(&folder)));
    }

    /// Goes on to the next drawing, if this one was judged.
    pub fn judged(&mut self, picture: &Path) {
        self.at += usize::from(self.current().is_some_and(|doubt| doubt.picture == picture));
    }

    /// Goes back to a drawing whose judgement was taken back.
    pub fn return_to(&mut self, picture: &Path) {
        let place = self.found.iter().flatten().position(|doubt| doubt.picture == picture);
        self.at = place.unwrap_or(self.at);
    }

    /// Shows the page, and says what the user wants.
    pub fn show(&mut self, gallery: &mut Gallery, ui: &mut Ui) -> Option<Wish> {
        if let Some(result) = self.job.as_mut().and_then(Job::result) {
            (self.job, self.at) = (None, 0);
            match result {
                Ok(found) => (self.found, self.problem) = (Some(found), String::new()),
                Err(error) => self.problem = cli::say::plain(&error),
            }
        }
        if self.is_busy() {
            ui.label(look::caption("Small networks learn the drawings and read those that they have not learned …"));
            return None;
        }
        let Some(doubt) = self.current() else { return self.offer(ui) };
        let label = look::readable(ui.ctx(), &label_of(&doubt.picture));
        let number = format!("{} of {}", self.at + 1, self.found.as_ref().map_or(0, Vec::len));
        ui.label(look::key(&format!("{number}: labelled {label}, {}", doubt.why)));
        ui.label(look::caption("Enter keeps it, the key of the right label corrects it, Delete deletes it."));
        let keeps = ui.add(Button::new("Keep")).clicked();
        let request = gallery.one(&doubt.picture, LARGE.min(ui.available_height() * 0.6), ui);
        if keeps { Some(Wish::Keep) } else { request.map(Wish::Of) }
    }

    /// Offers to look through all drawings.
    fn offer(&self, ui: &mut Ui) -> Option<Wish> {
        let text = match &self.found {
            _ if !self.problem.is_empty() => self.problem.clone(),
            None => "Finds drawings whose label is probably wrong, blank ones, and the same drawing under two labels."
                .into(),
            Some(found) if found.is_empty() => "No drawing is doubtful.".into(),
            Some(_) => "All doubtful drawings are looked at.".into(),
        };
        ui.label(look::caption(&text));
        ui.button("Look for doubtful drawings").clicked().then_some(Wish::Search)
    }
}

impl Window {
    /// Does what the user wants of the page.
    pub(super) fn judge(&mut self, wish: Wish, ctx: &Context) {
        use super::gallery::Request::{Delete, Relabel, Restore};
        match wish {
            Wish::Search => self.doubts.search(&self.drawings, ctx),
            Wish::Keep => self.keep(),
            Wish::Of(Delete(picture)) => self.delete(&picture),
            Wish::Of(Relabel(picture, label)) => self.relabel(&picture, &label),
            Wish::Of(Restore(trashed)) => self.restore(&trashed),
        }
    }

    /// Judges the doubtful drawing by a key. Returns whether the key meant that: not while something is on the paper.
    pub(super) fn judged_by(&mut self, press: &Press) -> bool {
        let shown = self.doubts.current().filter(|_| self.side == super::Side::Check && self.pad.is_empty());
        let Some(picture) = shown.map(|doubt| doubt.picture.clone()) else { return false };
        match press {
            Press::Enter => self.keep(),
            Press::Wipe => self.delete(&picture),
            Press::Label(label) if *label == label_of(&picture) => self.keep(),
            Press::Label(label) => self.relabel(&picture, label),
            _ => return false,
        }
        true
    }

    /// Keeps the doubtful drawing as it is.
    fn keep(&mut self) {
        let Some(doubt) = self.doubts.current() else { return };
        let picture = doubt.picture.clone();
        let label = label_of(&picture);
        self.doubts.judged(&picture);
        self.remember_step(Done::Kept(picture));
        self.say(format!("It stays {label}. Ctrl+Z goes back to it."), false);
    }
}

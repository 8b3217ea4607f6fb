//! Why: which ink speaks for the answer, and the training pictures that the network finds most alike.

pub mod explanation;
pub mod training_pictures;
mod view;

use super::SideView;
use crate::window::Window;
use egui::{ColorImage, Context, TextureHandle, TextureOptions};
use nn_io::Model;
use std::sync::Arc;
use training_pictures::TrainingPictures;
use ui::look;
use ui::palette::Palette;
use ui::worker::Job;

/// The state of the view.
#[derive(Default)]
pub struct Why {
    /// Whether the ink is held against the second-best class.
    rather: bool,
    /// The pictures that were looked at, and the model that this is about.
    training: Option<(Arc<Model>, Training)>,
    /// The ink with the evidence, for the answer and for it rather than the next; the training pictures most alike.
    views: Vec<TextureHandle>,
}

/// The training pictures: on their way, there, or missing for a reason.
enum Training {
    Reading(Job<TrainingPictures>),
    There(Arc<TrainingPictures>),
    Missing(String),
}

impl Why {
    /// Whether training pictures are being read.
    pub fn is_busy(&self) -> bool {
        matches!(self.training, Some((_, Training::Reading(_))))
    }

    /// The training pictures of the open model, once they have been read.
    pub fn training(&self, model: &Arc<Model>) -> Option<Arc<TrainingPictures>> {
        match self.training.as_ref().filter(|(of, _)| Arc::ptr_eq(of, model)) {
            Some((_, Training::There(pictures))) => Some(pictures.clone()),
            _ => None,
        }
    }
}

impl Window {
    /// Whether reasons are shown, so that they are to be found.
    pub(in crate::window) fn explains(&self) -> bool {
        self.side.shown == SideView::Why
    }

    /// Reads the training pictures of the open model where reasons are shown, and takes them in.
    pub(in crate::window) fn take_in_training_pictures(&mut self, ctx: &Context) {
        if !self.explains() {
            return;
        }
        let is_known = self.side.why.training.as_ref().is_some_and(|(of, _)| Arc::ptr_eq(of, &self.model));
        if !is_known {
            let (model, home) = (self.model.clone(), self.corrections.home.clone());
            let job = Job::new(ctx, move |progress| TrainingPictures::read(&model, &home, progress));
            self.side.why.training = Some((self.model.clone(), Training::Reading(job)));
        }
        if let Some((_, training)) = &mut self.side.why.training
            && let Training::Reading(job) = training
            && let Some(result) = job.result()
        {
            *training = result.map_or_else(Training::Missing, |pictures| Training::There(Arc::new(pictures)));
            self.ask(ctx);
        }
    }

    /// Brings the pictures of the reasons up to date.
    pub(in crate::window) fn renew_why(&mut self, ctx: &Context) {
        let Some(newest) = self.recogniser.newest() else { return };
        let Some(explanation) = &newest.explanation else { return };
        let colours = look::colours(ctx);
        let evidence = explanation.evidence.iter().map(|of| self.inked(&newest.seen, &of.parts, colours));
        let alike = explanation.alike.iter().map(|picture| self.picture_of(&picture.pixels));
        let load = |picture: ColorImage| ctx.load_texture("why", picture, TextureOptions::NEAREST);
        self.side.why.views = evidence.chain(alike).map(load).collect();
    }

    /// The ink in grey, and over it the evidence: the accent's colour where it speaks for the class, the warning's where it
    /// speaks against it, the stronger the more.
    fn inked(&self, seen: &[u8], parts: &[f32], colours: &Palette) -> ColorImage {
        let size = self.model.preprocessing.size();
        let strongest = parts.iter().fold(f32::MIN_POSITIVE, |most, part| most.max(part.abs()));
        let pixel = |(pixel, part): (&[u8], &f32)| {
            let ink = pixel.iter().map(|value| f32::from(*value)).sum::<f32>() / (255.0 * pixel.len() as f32);
            let ground = colours.paper.lerp_to_gamma(colours.line, 0.45 * ink);
            let strength = (part.abs() / strongest).sqrt();
            ground.lerp_to_gamma(if *part < 0.0 { colours.warning } else { colours.accent }, strength)
        };
        let pixels = seen.chunks_exact(size.channels).zip(parts).map(pixel).collect();
        ColorImage::new([size.width, size.height], pixels)
    }
}

//! The answer to the drawing on the pad by the network of a snapshot, and what its layers make of it, which a worker finds.

use crate::activations::{LayerPicture, layer_pictures};
use egui::Context;
use nn_data::{Drawings, Ink, Prepared};
use nn_io::{Answer, Model, Reader};
use std::sync::Arc;
use ui::pad::DrawPad;
use ui::worker::Latest;

struct Question {
    model: Arc<Model>,
    ink: Ink,
    pen: f32,
}

/// The worker that reads, and its newest answer.
#[derive(Default)]
pub struct Reading {
    worker: Option<Latest<Question, Read>>,
    /// The model, and the pad's version and pen, that were asked about last.
    asked: Option<(Arc<Model>, u64, f32)>,
    /// Whether the last question has its answer.
    is_done: bool,
    newest: Option<Read>,
}

/// A drawing that was read.
struct Read {
    answer: Answer,
    layers: Arc<Vec<LayerPicture>>,
}

impl Reading {
    /// The newest answer; `None` where nothing is drawn.
    pub fn answer(&self) -> Option<&Answer> {
        Some(&self.newest.as_ref()?.answer)
    }

    /// The pictures that the layers make of the drawing; `None` where nothing is drawn.
    pub fn layers(&self) -> Option<&Arc<Vec<LayerPicture>>> {
        Some(&self.newest.as_ref()?.layers)
    }

    /// Whether the last question has its answer.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Asks what the drawing is, where it or the model has changed, and takes in what has been answered.
    pub fn ask(&mut self, model: &Arc<Model>, pad: &DrawPad, ctx: &Context) {
        let newest = self.worker.as_ref().and_then(Latest::newest);
        self.is_done |= newest.is_some();
        self.newest = newest.or(self.newest.take());
        let same_classes = |asked: &Arc<Model>| asked.classes == model.classes;
        if self.asked.as_ref().is_some_and(|(asked, ..)| !same_classes(asked)) {
            (self.newest, self.worker) = (None, None);
        }
        let is_same = |asked: &(Arc<Model>, u64, f32)| {
            Arc::ptr_eq(&asked.0, model) && (asked.1, asked.2) == (pad.version(), pad.pen)
        };
        if pad.is_empty() {
            (self.newest, self.worker) = (None, None);
        } else if !self.asked.as_ref().is_some_and(is_same) {
            let worker = self.worker.get_or_insert_with(|| {
                let mut reader = None;
                Latest::new(ctx, move |question| read(question, &mut reader))
            });
            self.is_done = false;
            worker.ask(Question { model: model.clone(), ink: pad.ink().clone(), pen: pad.pen });
        }
        self.asked = Some((model.clone(), pad.version(), pad.pen)).filter(|_| !pad.is_empty());
    }
}

/// Answers a question. The reader of the last one is used again while the model stays the same.
fn read(question: Question, kept: &mut Option<Reader>) -> Read {
    let Question { model, ink, pen } = question;
    let same = kept.take().filter(|reader| Arc::ptr_eq(reader.model(), &model));
    let reader = kept.insert(same.unwrap_or_else(|| Reader::new(model.clone())));
    let Prepared { pixels, doubtful } = model.preprocessing.prepare(&ink.rasterise(Drawings::SIDE, pen).into());
    let answer = reader.read_prepared(&pixels).unsure_if(doubtful);
    Read { answer, layers: Arc::new(layer_pictures(&reader.layers(&pixels))) }
}

//! Kept drawings count at once: each is an example towards which answers lean, before any lesson and after a restart.

use super::corrections::Corrections;
use crate::window::Window;
use egui::Context;
use nn_data::read_picture;
use nn_io::{Examples, Model, Reader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ui::worker::{Job, Progress};

/// Examples of a class: the newest drawings, so that an answer takes no longer however many are kept.
const NEWEST: usize = 16;

/// A kept drawing or picture.
#[derive(PartialEq)]
pub struct KeptExample {
    /// The picture's path.
    pub picture: PathBuf,
    /// The class that the user has told.
    pub class: String,
    /// The features that the model makes of it; none until it has been read.
    pub features: Vec<f32>,
}

/// The kept drawings as examples for one model.
pub struct KeptExamples {
    model: Arc<Model>,
    each: Vec<Arc<KeptExample>>,
    joined: Arc<Examples>,
}

impl KeptExamples {
    /// No examples yet for a model.
    pub fn new(model: Arc<Model>) -> Self {
        Self { joined: Arc::new(Examples::new(&model.classes)), model, each: vec![] }
    }

    /// All of them, as a reader takes them.
    pub fn joined(&self) -> &Arc<Examples> {
        &self.joined
    }

    /// The number of kept drawings of a class that are examples.
    pub fn of(&self, class: &str) -> usize {
        self.each.iter().filter(|example| example.class == class).count()
    }

    /// Adds one.
    pub fn add(&mut self, example: KeptExample) {
        self.each.push(Arc::new(example));
        self.join();
    }

    /// Removes that of a picture.
    pub fn remove(&mut self, picture: &Path) {
        self.each.retain(|example| example.picture != picture);
        self.join();
    }

    /// Takes others in place of these; returns whether they are others.
    pub fn replace(&mut self, each: Vec<Arc<KeptExample>>) -> bool {
        let is_new = self.each != each;
        if is_new {
            self.each = each;
            self.join();
        }
        is_new
    }

    fn join(&mut self) {
        let mut joined = Examples::new(&self.model.classes);
        for example in self.each.iter().filter(|example| !example.features.is_empty()) {
            joined.add(&example.features, &example.class);
        }
        self.joined = Arc::new(joined);
    }
}

impl Window {
    /// Counts on a worker the drawings that the model can be taught with, and makes examples of them. Corrections that are
    /// on their way to the disk are there before it looks.
    pub(in crate::window) fn count_corrections(&mut self, ctx: &Context) {
        let (corrections, model, known) = (self.corrections.clone(), self.model.clone(), self.examples.each.clone());
        let classes = [&self.model.classes[..], &self.settings.new_classes].concat();
        let written = self.disk.all_done();
        self.counting = Some(Job::new(ctx, move |progress| {
            let _ = written.recv();
            let kept = corrections.classes(&classes).iter().map(|class| class.pictures.len()).sum();
            Ok((kept, corrections.examples(&model, &classes, known, progress)))
        }));
    }

    /// Takes in what was counted; the first frame asks for it.
    pub(in crate::window) fn take_in_examples(&mut self, ctx: &Context) {
        if self.kept.is_none() && self.counting.is_none() {
            self.count_corrections(ctx);
        }
        if let Some(counted) = self.counting.as_mut().and_then(Job::result) {
            self.counting = None;
            let (kept, examples) = counted.unwrap_or_default();
            self.kept = Some(kept);
            if self.examples.replace(examples) {
                self.choose_hint();
                self.ask(ctx); // the answer stays until there is another: nothing moves under the pointer
            }
        }
    }
}

impl Corrections {
    /// The newest drawings of the classes on the disk as examples for the model. Those that are `known` are not read again.
    pub fn examples(
        &self,
        model: &Arc<Model>,
        classes: &[String],
        known: Vec<Arc<KeptExample>>,
        progress: &Progress,
    ) -> Vec<Arc<KeptExample>> {
        let mut reader = None;
        let mut examples = vec![];
        for class in self.classes(classes) {
            let newest = class.pictures.len().saturating_sub(NEWEST);
            for picture in &class.pictures[newest..] {
                let is_it = |example: &&Arc<KeptExample>| {
                    example.picture == *picture && example.class == class.label && !example.features.is_empty()
                };
                if let Some(example) = known.iter().find(is_it) {
                    examples.push(example.clone());
                    continue;
                }
                let Ok(pixels) = read_picture(picture) else { continue }; // the next lesson passes it over too
                let reader = reader.get_or_insert_with(|| Reader::new(model.clone()));
                reader.read(&pixels);
                let features = reader.features().to_vec();
                let (picture, class) = (picture.clone(), class.label.clone());
                examples.push(Arc::new(KeptExample { picture, class, features }));
                if !progress.tell(0.0) {
                    return examples;
                }
            }
        }
        examples
    }
}

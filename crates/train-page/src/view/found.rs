//! The data that was found: counted, with the first pictures of each class.

use crate::prepared::PreparedTraining;
use crate::view::pictures::picture_of;
use cli::say::count;
use egui::{ColorImage, Context, Grid, ScrollArea, TextureHandle, TextureOptions, Ui, Vec2};
use std::sync::Arc;
use ui::look;

/// Pictures of each class that are shown.
const EACH: usize = 10;
/// Height of a picture, in points.
const SIDE: f32 = 28.0;

/// A training that is ready to start, and pictures of its data.
pub struct FoundData {
    /// The training.
    pub prepared: Arc<PreparedTraining>,
    /// For each class the number of samples to learn, and its first pictures.
    classes: Vec<(usize, Vec<TextureHandle>)>,
}

impl FoundData {
    /// Counts the samples and loads the pictures that are shown; call it on a worker.
    pub fn new(prepared: PreparedTraining, ctx: &Context) -> Self {
        let train = &prepared.train;
        let mut classes: Vec<_> = train.counts().into_iter().map(|count| (count, vec![])).collect();
        for i in 0..train.len() {
            let pictures: &mut Vec<TextureHandle> = &mut classes[train.label(i) as usize].1;
            if pictures.len() < EACH {
                let picture: ColorImage = picture_of(train.image(i), train.size());
                pictures.push(ctx.load_texture("sample", picture, TextureOptions::LINEAR));
            }
        }
        Self { prepared: Arc::new(prepared), classes }
    }

    /// Shows what was found.
    pub fn show(&self, ui: &mut Ui) {
        let PreparedTraining { train, validation, notes, recipe, .. } = &*self.prepared;
        let held_back = validation.as_ref().map_or(0, |set| set.len());
        let found = format!(
            "{} of {} to learn, {held_back} held back",
            count(train.len(), "picture", "pictures"),
            count(train.classes().len(), "class", "classes")
        );
        ui.label(egui::RichText::new(found).strong());
        ui.label(look::caption(&format!("Layers: {}", nn_core::layers_to_text(&recipe.layers))));
        for note in notes {
            ui.label(look::caption(&look::readable(ui.ctx(), note)));
        }
        ScrollArea::vertical().id_salt("found").auto_shrink(false).show(ui, |ui| {
            Grid::new("classes").num_columns(3).spacing([10.0, 4.0]).show(ui, |ui| {
                for ((count, pictures), name) in self.classes.iter().zip(train.classes()) {
                    ui.label(look::readable(ui.ctx(), name));
                    ui.label(look::caption(&count.to_string()));
                    ui.horizontal(|ui| row(ui, pictures));
                    ui.end_row();
                }
            });
        });
    }
}

/// Pictures side by side.
fn row(ui: &mut Ui, pictures: &[TextureHandle]) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for picture in pictures {
        let size = picture.size_vec2();
        ui.image((picture.id(), size * (SIDE / size.y.max(1.0))));
    }
    ui.allocate_space(Vec2::new(0.0, SIDE));
}

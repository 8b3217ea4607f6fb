//! The training of a network in a worker.

use crate::message::{Reply, TrainingOrder};
use crate::teller::Teller;
use anyhow::{Context, Result, bail, ensure};
use nn_data::{Dataset, Drawings, LoadOptions, Memory, Preprocessing, Shifts, csv, idx};
use nn_io::{Model, calibrate};
use nn_train::{
    AugmentLevel, Choice, Chosen, Data, End, Preset, Recipe, Run, are_few_drawings, fit, fitting, hidden_layers,
};
use std::ops::ControlFlow;

/// The share of the samples that is held back, to choose the best epoch and to measure it.
const HELD_BACK: f64 = 1.0 / 6.0;
/// Bytes that pictures may take: a quarter of what WebAssembly can hold, and more than many phones give.
const MEMORY: u64 = 1 << 30;
/// Trains a network, tells of it on the way, and returns the trained model.
///
/// # Errors
/// When data or settings are of no use, or the training fails.
pub fn train(order: &TrainingOrder, tell: &mut (dyn FnMut(Reply) + Send)) -> Result<Reply> {
    let mut note = |line: String| tell(Reply::Noted(line));
    let mut preprocessing = Preprocessing::ink(28, 28);
    let mut all = samples(order, &preprocessing, &mut note)?;
    ensure!(all.classes().len() >= 2, "all samples are of one class; a network needs at least two to tell apart");
    let start = known(order, &all)?;
    if let Some(model) = &start {
        note("It begins with what the open model knows, as there are few drawings.".into());
        preprocessing = model.preprocessing.clone();
        all = samples(order, &preprocessing, &mut |_| {})?;
    }
    let mut recipe = recipe_of(order, start.as_ref())?;
    let mut preprocessing = fitting(preprocessing, &all);
    preprocessing.shifts = recipe.shifts;
    let (train, held) = all.split(HELD_BACK, recipe.seed);
    let chosen = Chosen { epochs: order.epochs > 0, augment: !order.augment.is_empty() };
    recipe.adapt(&train, &preprocessing, chosen).into_iter().for_each(|change| note(format!("{change}.")));
    let mut run = match &start {
        Some(model) => Run::with_network(&recipe, recipe.transferred(model, train.classes())?)?,
        None => Run::new(&recipe, train.size(), train.classes().len())?,
    };
    let validation = Some(&held).filter(|set| !set.is_empty());
    let data = Data { train: &train, validation, negatives: None, preprocessing: &preprocessing };
    let mut teller = Teller::new(order, &recipe, &data);
    let mut failure = None;
    let end = fit(&mut run, &recipe, &data, &mut |event| match teller.event(event, tell) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failure = Some(error);
            ControlFlow::Break(())
        }
    });
    match (failure, end) {
        (Some(error), _) => return Err(error),
        (None, End::Diverged { epoch, .. }) => {
            bail!("the loss is not a finite number any more in epoch {epoch}; choose other layers")
        }
        (None, _) => {}
    }
    let epochs = run.epoch;
    let score = run.best.as_ref().map(|best| best.accuracy);
    let network = run.into_network(&train, &preprocessing);
    let mut model = teller.model(network, epochs);
    model.calibration = validation.map(|set| calibrate(&model.network, set, &preprocessing));
    model.note.validation_accuracy = score;
    let report = teller.report(&model, end).ok(); // without one the page offers none
    Ok(Reply::Trained { model: model.to_bytes()?, report })
}

/// The layers and the epochs of a network where nobody chooses any: it learns 6,000 digits in seconds.
const LAYERS: &str = "dense:100, relu, dense:50, relu";
const EPOCHS: u32 = 10;

/// The recipe of an order, for a network that begins with a model or at random.
fn recipe_of(order: &TrainingOrder, known: Option<&Model>) -> Result<Recipe> {
    let preset = if order.preset.is_empty() { Preset::Mlp.name() } else { &order.preset };
    let preset = Preset::from_name(preset).with_context(|| format!("no preset is called {preset:?}"))?;
    let mut recipe = known.map_or_else(|| Ok(preset.recipe()), Recipe::transfer)?;
    let layers = match order.layers.trim() {
        "" if order.preset.is_empty() && known.is_none() => LAYERS,
        layers => layers,
    };
    if !layers.is_empty() {
        recipe.layers = hidden_layers(layers)?;
        recipe.shifts = Shifts::One; // the preset's views are about its own layers
    }
    if let Some((augment, ..)) = AugmentLevel::ALL.iter().find(|(_, name, _)| *name == order.augment) {
        recipe.augment = *augment;
    }
    match order.epochs {
        0 if order.preset.is_empty() => recipe.epochs = EPOCHS,
        0 => {}
        epochs => recipe.epochs = epochs,
    }
    recipe.validate()?;
    Ok(recipe)
}

/// The open model, where few drawings of characters that it knows are all there is, and nobody chose a network.
fn known(order: &TrainingOrder, samples: &Dataset) -> Result<Option<Model>> {
    let is_chosen = !order.preset.is_empty() || !order.layers.trim().is_empty();
    if is_chosen || order.open_model.is_empty() || !are_few_drawings(samples) {
        return Ok(None);
    }
    let model = Model::from_bytes(&order.open_model).context("the open model")?;
    let knows_all = samples.classes().iter().all(|class| model.classes.contains(class));
    Ok(Some(model).filter(|_| knows_all))
}

/// All samples of an order as one dataset; drawings are drawn by the preprocessing.
fn samples(order: &TrainingOrder, preprocessing: &Preprocessing, note: &mut dyn FnMut(String)) -> Result<Dataset> {
    let mut parts = vec![];
    let options = LoadOptions { memory: Memory { bytes: MEMORY }, ..LoadOptions::default() };
    let pictures = match &order.files[..] {
        [] => None,
        [images, labels] => Some(idx::from_bytes(&images.content, &labels.content, &options)?),
        [table, ..] => Some(csv::from_bytes(&table.name, &table.content, &options)?),
    };
    if let Some((dataset, notes)) = pictures {
        parts.push(dataset);
        notes.into_iter().for_each(|line| note(format!("{line}.")));
    }
    if !order.drawings.is_empty() {
        parts.push(Drawings::dataset(order.drawings.clone(), order.pen, preprocessing)?);
    }
    ensure!(!parts.is_empty(), "no data is chosen");
    Dataset::concat(parts).context("these datasets cannot be joined")
}

//! A run that goes on from a checkpoint: it must be the run that the checkpoint was written by.

use crate::args::Settings;
use anyhow::{Context, Result, bail, ensure};
use nn_data::Fingerprint;
use nn_io::Checkpoint;
use nn_train::{Choice, Recipe};
use std::collections::BTreeMap;

/// Returns the checkpoint's recipe, changed as the flags say.
///
/// # Errors
/// When a flag changes what the epochs that are done depend on, or asks for fewer epochs.
pub fn recipe(checkpoint: &Checkpoint, settings: &Settings) -> Result<Recipe> {
    let began: Recipe =
        serde_json::from_str(&checkpoint.recipe).context("the settings in the checkpoint are of another Barnacle")?;
    let recipe = settings.apply(began.clone());
    if let Some(preset) = &settings.preset
        && *preset != began.preset
    {
        bail!("--preset cannot change the recipe of a checkpoint, which is {}", began.preset);
    }
    for (flag, what, value) in [
        ("--layers", "network", (|recipe| nn_core::layers_to_text(&recipe.layers)) as fn(&Recipe) -> String),
        ("--loss", "loss", |recipe| recipe.loss.name().into()),
        ("--optimizer", "optimizer", |recipe| recipe.optimizer.name().into()),
        ("--seed", "seed", |recipe| recipe.seed.to_string()),
        ("--validation", "share held back", |recipe| recipe.validation.to_string()),
    ] {
        let [old, new] = [value(&began), value(&recipe)];
        ensure!(old == new, "{flag} cannot change the {what} of a checkpoint, which is {old}; here it is {new}");
    }
    let (done, all) = (checkpoint.epoch, recipe.epochs);
    ensure!(done <= all, "the checkpoint has done {done} epochs, more than the {all} of --epochs");
    Ok(recipe)
}

/// Holds the data of this run against that of the checkpoint, each set under its name.
///
/// # Errors
/// Which set is another.
pub fn check_data(here: &BTreeMap<String, Fingerprint>, there: &BTreeMap<String, Fingerprint>) -> Result<()> {
    if there.is_empty() {
        return Ok(()); // a checkpoint of version 1 does not know
    }
    for name in there.keys().chain(here.keys()) {
        let [here, there] = [here.get(name), there.get(name)];
        let told = |set: Option<&Fingerprint>| set.map_or("none".into(), ToString::to_string);
        ensure!(
            here == there,
            "the {name} are not the checkpoint's: here {}, there {}; go on with the same data and flags",
            told(here),
            told(there)
        );
    }
    Ok(())
}

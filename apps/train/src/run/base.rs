//! The trained model that a new network begins with, where there is one.

use crate::args::Args;
use crate::datasets::Sets;
use anyhow::{Context, Result, bail};
use builtin::Builtin;
use cli::say::{Say, visible};
use nn_io::Model;
use nn_train::{Recipe, are_few_drawings};
use std::path::Path;

/// The learning rate where a last layer begins anew.
const NEW_CLASSES_LR: f32 = 3e-3;

/// Returns the model that `--from` names.
///
/// # Errors
/// When it cannot be opened, or a flag chooses another network.
pub fn named(args: &Args) -> Result<Option<Model>> {
    let Some(path) = args.from.as_deref().filter(|from| *from != Path::new("none")) else { return Ok(None) };
    if let Some(flag) = choice(args) {
        bail!("--from {} brings its own network and preprocessing: leave out {flag}", path.display());
    }
    builtin::open(path).context("--from").map(Some)
}

/// Returns the built-in model, and says so, where no flag says otherwise and few drawings of characters that it knows are all there is.
///
/// # Errors
/// When the built-in model cannot be read.
pub fn for_few_drawings(args: &Args, sets: &Sets) -> Result<Option<Model>> {
    if args.from.is_some() || choice(args).is_some() || !are_few_drawings(&sets.train) {
        return Ok(None);
    }
    let model = Builtin::Characters.model().context("the built-in characters model")?;
    let knows_all = sets.train.classes().iter().all(|class| model.classes.contains(class));
    if knows_all {
        Say { quiet: args.quiet }.line(
            "begins with the built-in model \"characters\", as there are few drawings (--from none: with nothing)",
        );
    }
    Ok(Some(model).filter(|_| knows_all))
}

/// Returns the flag that chooses a network or what it sees, if there is one.
fn choice(args: &Args) -> Option<&'static str> {
    let (settings, reading) = (&args.settings, &args.reading);
    let flags = [
        ("--preset", settings.preset.is_some()),
        ("--layers", settings.layers.is_some()),
        ("--loss", settings.loss.is_some()),
        ("--size", reading.size.is_some()),
        ("--color", reading.color),
        ("--show-size", args.show_size),
    ];
    flags.into_iter().find_map(|(flag, is_given)| is_given.then_some(flag))
}

/// Returns the recipe of a network that begins with `model`, changed as the flags say.
///
/// # Errors
/// When the model's network does not end as those that are trained here.
pub fn recipe(args: &Args, model: &Model) -> Result<Recipe> {
    let recipe = args.settings.apply(Recipe::transfer(model).context("--from")?);
    recipe.validate()?;
    Ok(recipe)
}

/// Raises the learning rate where the model lacks a class of the training set, and says so.
pub fn adapt_to_classes(recipe: &mut Recipe, args: &Args, model: &Model, sets: &Sets) {
    let new = sets.train.classes().iter().find(|class| !model.classes.contains(class));
    if let (Some(new), None) = (new, args.settings.lr) {
        let (old, new) = (recipe.lr, visible(new));
        recipe.lr = NEW_CLASSES_LR;
        Say { quiet: args.quiet }
            .line(format_args!("learning rate {NEW_CLASSES_LR} instead of {old}, as the model does not know {new}"));
    }
}

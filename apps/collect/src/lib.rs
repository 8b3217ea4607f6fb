//! The `collect` program: makes datasets by hand in a window, builds them from what there is, enlarges them by
//! distortion, and looks at them.

pub mod args;
mod augment;
mod build;
mod check;
mod stats;
pub mod window;

use anyhow::Result;
use args::{Args, Command};
use augment::enlarge;
use build::{Destination, Parts};
use cli::memory;
use cli::output::{self, Kind, Output};
use cli::say::Say;
use nn_data::{Arrays, Drawings, LoadOptions, Memory};
use std::path::Path;
use window::Window;

/// Does what the command line says. The result goes to stdout, progress to stderr.
///
/// # Errors
/// When a dataset cannot be read or written, or the window cannot be opened.
pub fn run(args: &Args) -> Result<()> {
    let Some(command) = &args.command else {
        cli::pool::prepare()?;
        let drawings = Drawings::new(args.to.as_deref().unwrap_or(Path::new("data/drawings")));
        return ui::shell::run(Window::new(drawings, ui::settings::file("collect"))?);
    };
    let result = cli::pool::on_threads(None, || run_command(command, Say { quiet: args.quiet }))??;
    cli::say::result(result)
}

/// Does what a command says, and returns its result.
fn run_command(command: &Command, say: Say) -> Result<String> {
    Ok(match command {
        Command::Build(flags) => {
            let destination = Destination::new(&flags.writing, &flags.from)?;
            let options = LoadOptions { arrays: Arrays::Preprocess, ..flags.reading.options() };
            destination.write(&Parts::load(&flags.from, &options, &say)?, &say)?
        }
        Command::Augment(flags) => {
            let destination = Destination::new(&flags.writing, &flags.from)?;
            let mut parts = Parts::load(&flags.from, &flags.reading.options(), &say)?;
            let (n, features) = (parts.train.len() as u64, parts.train.features() as u64);
            let all = n.saturating_mul(flags.copies as u64).saturating_add(n);
            let what = format!("a dataset of {all} pictures");
            let limit = memory::limit(flags.reading.memory);
            memory::check(Memory::of_samples(all, features), limit, &what, "fewer --copies need less")?;
            say.line(format_args!("distorting {} pictures {} times", parts.train.len(), flags.copies));
            parts.train = enlarge(&parts.train, &flags.distortion(), flags.copies, flags.seed)?;
            destination.write(&parts, &say)?
        }
        Command::Stats(flags) => {
            let paths = std::slice::from_ref(&flags.path);
            let sheet = flags.sheet.as_ref().map(|path| Output { path, kind: Kind::Sheet });
            output::check(sheet.as_slice(), &[&flags.path], flags.force)?;
            let parts = Parts::load(paths, &flags.reading.options(), &say)?;
            let mut description = stats::describe(&parts);
            if let Some(path) = &flags.sheet {
                description += &stats::sheet::write(&parts.train, path)?;
            }
            description
        }
        Command::Check(flags) => {
            let sheet = flags.sheet.as_ref().map(|path| Output { path, kind: Kind::Sheet });
            let inputs: Vec<&Path> =
                [Some(&flags.path), flags.model.as_ref()].into_iter().flatten().map(AsRef::as_ref).collect();
            output::check(sheet.as_slice(), &inputs, flags.force)?;
            check::check(flags, &say)?
        }
    })
}

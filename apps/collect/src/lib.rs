//! The `collect` program: makes datasets by hand in a window, builds them from what there is, enlarges them by
//! distortion, and looks at them.

pub mod args;
mod duplicates;
mod enlarge;
mod parts;
mod picture_sizes;
mod sheet;
mod staging;
mod stats;
mod target;
pub mod window;

pub use enlarge::enlarge;
pub use parts::Parts;

use anyhow::Result;
use args::{Args, Command};
use nn_data::{Arrays, Drawings};
use std::path::Path;
use target::Target;
use window::{Settings, Window};

/// Does what the command line says, and returns what there is to tell. Progress goes to stderr.
pub fn run(args: &Args) -> Result<String> {
    let say = |text: String| {
        if !args.quiet {
            eprintln!("{text}");
        }
    };
    let Some(command) = &args.command else {
        let drawings = Drawings::new(args.to.as_deref().unwrap_or(Path::new("data/drawings")));
        window::run(Window::new(drawings, Settings::file())?)?;
        return Ok(String::new());
    };
    match command {
        Command::Build(build) => {
            let target = Target::new(&build.writing, &build.from)?;
            let parts = Parts::load(&build.from, &build.reading, Arrays::Preprocess, build.limit, &say)?;
            target.write(&parts, &say)
        }
        Command::Augment(augment) => {
            let target = Target::new(&augment.writing, &augment.from)?;
            let mut parts = Parts::load(&augment.from, &augment.reading, augment.reading.arrays(), None, &say)?;
            say(format!("distorting {} pictures {} times", parts.train.len(), augment.copies));
            parts.train = enlarge(&parts.train, &augment.distortion(), augment.copies, augment.seed)?;
            target.write(&parts, &say)
        }
        Command::Stats(stats) => {
            let paths = std::slice::from_ref(&stats.path);
            let parts = Parts::load(paths, &stats.reading, stats.reading.arrays(), None, &say)?;
            let mut result = stats::describe(&stats.path, &parts);
            if let Some(path) = &stats.sheet {
                result += &sheet::write(&parts.train, path)?;
            }
            Ok(result)
        }
    }
}

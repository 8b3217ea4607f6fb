//! The project's own chores, started as `cargo xtask <chore>` from any folder of the repository.

/// Prints a line on stdout. Where the reader has gone, as in `cargo xtask tidy | head`, nothing happens.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// Prints a line on stderr, likewise.
macro_rules! tell {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}

mod accuracy;
mod bench;
mod cargo;
mod ci;
mod fuzz;
mod pipeline;
mod tidy;
mod ui_check;
mod web;

use clap::Parser;

/// Barnacle's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    Pipeline(pipeline::Pipeline),
    /// Check everything: formatting, lints, documentation, house rules, a quick pipeline, tests
    Ci,
    /// Check the house rules: directions of dependency, file lengths, module docs, and more
    Tidy,
    Bench(bench::Bench),
    Fuzz(fuzz::Fuzz),
    UiCheck(ui_check::UiCheck),
    Web(web::Web),
}

fn main() {
    std::process::exit(run().unwrap_or_else(|error| {
        tell!("error: {error:#}");
        1
    }));
}

fn run() -> anyhow::Result<i32> {
    let chore = Chore::parse();
    cargo::leave_ctrl_c_to_children()?;
    match chore {
        Chore::Pipeline(pipeline) => pipeline.run(),
        Chore::Ci => ci::run(),
        Chore::Tidy => tidy::run(),
        Chore::Bench(bench) => bench.run(),
        Chore::Fuzz(fuzz) => fuzz.run(),
        Chore::UiCheck(check) => check.run(),
        Chore::Web(web) => web.run(),
    }
}

#[cfg(test)]
mod tests {
    use super::Chore;

    #[test]
    fn command_line_is_consistent() {
        <Chore as clap::CommandFactory>::command().debug_assert();
    }
}

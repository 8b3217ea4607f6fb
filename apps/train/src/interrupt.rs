//! Ctrl-C: once to stop between two steps, twice to end at once.

use cli::say::to_stderr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a program that Ctrl-C has ended.
const EXIT_CODE: i32 = 130;

/// A flag that the first Ctrl-C sets.
pub fn watch() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let watched = ctrlc::try_set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(EXIT_CODE);
        }
    });
    match watched {
        Err(ctrlc::Error::MultipleHandlers) => {} // whoever started the program lets it ignore signals, as nohup does
        Err(error) => to_stderr(format_args!("Ctrl-C ends the training at once: {error}")),
        Ok(()) => {}
    }
    stop
}

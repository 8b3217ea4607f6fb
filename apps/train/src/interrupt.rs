//! Ctrl-C and the signal by which `mpirun` ends its processes: once to stop between two steps, twice to end at once.

use cli::say::to_stderr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Exit code of a program that Ctrl-C has ended.
const EXIT_CODE: i32 = 130;

/// The time that processes which work together have to stop: `mpirun` kills them a second after its signal.
const TIME_TO_STOP: Duration = Duration::from_millis(600);

/// A flag that the first Ctrl-C sets. One of several processes cannot stop by itself where it waits for another that has ended;
/// it has a `checkpoint`, tells where that is, and ends.
pub fn watch(checkpoint: Option<PathBuf>) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let watched = ctrlc::try_set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(EXIT_CODE);
        }
        if let Some(path) = &checkpoint {
            std::thread::sleep(TIME_TO_STOP);
            let begin = "error: a process has ended, or a signal has stopped all of them";
            match path.exists() {
                true => to_stderr(format_args!(
                    "{begin}; go on from the newest checkpoint by adding --resume {}",
                    path.display()
                )),
                false => to_stderr(format_args!("{begin}, before the first checkpoint")),
            }
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

//! Ctrl-C and the signal by which `mpirun` ends its processes: once to stop between two steps, twice to end at once.

use cli::say::to_stderr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

/// Exit code of a program that Ctrl-C has ended.
const EXIT_CODE: i32 = 130;

/// The time that processes which work together have to stop: `mpirun` kills them a second after its signal.
const TIME_TO_STOP: Duration = Duration::from_millis(600);

/// The file to go on from, where several processes work together.
pub struct Newest {
    /// Where this training writes its checkpoints.
    pub written: PathBuf,
    /// The checkpoint that it goes on from.
    pub resumed: Option<PathBuf>,
}

impl Newest {
    /// The newest checkpoint of this training, which began at a time; an older file there is one of another training.
    fn since(&self, began: SystemTime) -> Option<&Path> {
        let written = std::fs::metadata(&self.written).and_then(|file| file.modified());
        match written.is_ok_and(|time| time >= began) {
            true => Some(&self.written),
            false => self.resumed.as_deref(),
        }
    }
}

/// A flag that the first Ctrl-C sets. One of several processes cannot stop by itself where it waits for another that has ended;
/// it has a `checkpoint`, tells where that is, and ends.
pub fn watch(checkpoint: Option<Newest>) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let began = SystemTime::now();
    let flag = stop.clone();
    let watched = ctrlc::try_set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(EXIT_CODE);
        }
        if let Some(checkpoint) = &checkpoint {
            std::thread::sleep(TIME_TO_STOP);
            let begin = "error: a process has ended, or a signal has stopped all of them";
            match checkpoint.since(began) {
                Some(path) => to_stderr(format_args!(
                    "{begin}; go on from the newest checkpoint by adding --resume {}",
                    path.display()
                )),
                None => to_stderr(format_args!("{begin}, before the first checkpoint")),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_checkpoint_of_an_earlier_training_is_not_the_newest_of_this_one() {
        let folder = tempfile::tempdir().unwrap();
        let [written, other] = ["model.checkpoint", "old.checkpoint"].map(|name| folder.path().join(name));
        let mut newest = Newest { written: written.clone(), resumed: None };
        let began = SystemTime::now() - Duration::from_secs(60);
        assert_eq!(newest.since(began), None);
        std::fs::write(&written, "").unwrap();
        assert_eq!(newest.since(began), Some(&*written));
        assert_eq!(newest.since(SystemTime::now() + Duration::from_secs(60)), None);
        newest.resumed = Some(other.clone());
        assert_eq!(newest.since(SystemTime::now() + Duration::from_secs(60)), Some(&*other));
    }
}

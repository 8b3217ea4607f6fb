//! The processes that `mpirun` has started to train one network together: on one machine or on many, and what they tell each
//! other before and after the training.

#[cfg(feature = "mpi")]
mod messenger;

#[cfg(feature = "mpi")]
use anyhow::ensure;
use anyhow::{Result, anyhow, bail};
use nn_core::Peers;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The variables by which Open MPI, MPICH and Slurm tell a process how many they have started.
const COUNTS: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

/// This process and those that `mpirun` has started beside it. They are numbered; the first leads: it alone speaks and writes.
pub struct Machines {
    peers: Option<Arc<dyn Peers>>,
    /// Whether an error from now on is one that all of them know.
    together: AtomicBool,
}

/// Works beside the other processes, or alone where there are none. An error that only one of them meets ends all.
///
/// # Errors
/// Those of the work, which the first process tells.
pub fn among(work: impl FnOnce(&Machines) -> Result<()> + Send) -> Result<ExitCode> {
    let count = |name: &&str| std::env::var(name).ok()?.parse().ok().filter(|count: &usize| *count > 1);
    match COUNTS.iter().find_map(count) {
        None => work(&Machines::alone()).map(|()| ExitCode::SUCCESS),
        Some(count) => beside(count, work),
    }
}

#[cfg(feature = "mpi")]
fn beside(count: usize, work: impl FnOnce(&Machines) -> Result<()> + Send) -> Result<ExitCode> {
    messenger::run(|peers| {
        // Else each would lead, and all would write the same files.
        let known = peers.ranks();
        ensure!(
            known == count,
            "{count} processes were started, but MPI knows {known}: was `train` built for another MPI?"
        );
        let machines = Machines { peers: Some(peers), together: AtomicBool::new(false) };
        let done = work(&machines);
        let alone = !machines.together.load(Ordering::Relaxed);
        match done {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) if alone => Err(error.context(format!("process {}", machines.rank()))),
            Err(error) if machines.leads() => Ok(cli::say::error(&error)),
            Err(_) => Ok(ExitCode::SUCCESS), // the first tells it, and fails; mpirun would stop it where another fails before
        }
    })
}

#[cfg(not(feature = "mpi"))]
fn beside(count: usize, _: impl FnOnce(&Machines) -> Result<()> + Send) -> Result<ExitCode> {
    bail!(
        "{count} processes were started together, but this `train` was built without MPI; `cargo build --release -p train \
         --features mpi` builds it with"
    )
}

impl Machines {
    /// This process by itself.
    pub fn alone() -> Self {
        Self { peers: None, together: AtomicBool::new(true) }
    }

    /// The number of this process, from 0.
    pub fn rank(&self) -> usize {
        self.peers.as_ref().map_or(0, |peers| peers.rank())
    }

    /// The number of processes.
    pub fn count(&self) -> usize {
        self.peers.as_ref().map_or(1, |peers| peers.ranks())
    }

    /// Whether this process speaks and writes.
    pub fn leads(&self) -> bool {
        self.rank() == 0
    }

    /// The way to the other processes, where there are any.
    pub fn peers(&self) -> Option<Arc<dyn Peers>> {
        self.peers.clone()
    }

    /// Says that the processes need each other no more: an error from now on is told by the first, and ends nobody else's work.
    pub fn part(&self) {
        self.together.store(true, Ordering::Relaxed);
    }

    /// Returns the result of this process where those of all are good.
    ///
    /// # Errors
    /// The first error of any process.
    pub fn all<T>(&self, result: Result<T>) -> Result<T> {
        let Some(peers) = &self.peers else { return result };
        let own = result.as_ref().err().map_or(String::new(), cli::say::one_line);
        let errors = exchange(&**peers, own.as_bytes());
        let Some(rank) = errors.iter().position(|error| !error.is_empty()) else { return result };
        self.part();
        Err(error_of(rank, &String::from_utf8_lossy(&errors[rank])))
    }

    /// Returns what the first process reads.
    ///
    /// # Errors
    /// When it cannot.
    pub fn read_once(&self, read: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let own = self.all(if self.leads() { read() } else { Ok(vec![]) })?;
        Ok(self.peers.as_ref().map_or(own.clone(), |peers| exchange(&**peers, &own).swap_remove(0)))
    }

    /// Does numbered pieces of work, each in one of the processes, and shows all results to all of them, in order. Where one
    /// fails, the results of the others that worked beside it are shown before the error ends the work.
    ///
    /// # Errors
    /// The first error of any process.
    pub fn share_out<T: Serialize + DeserializeOwned>(
        &self,
        pieces: usize,
        work: impl Fn(usize) -> Result<T>,
        mut done: impl FnMut(usize, T) -> Result<()>,
    ) -> Result<()> {
        for first in (0..pieces).step_by(self.count()) {
            let own = Some(first + self.rank()).filter(|piece| *piece < pieces).map(&work);
            let own = serde_json::to_vec(&own.map(|result| result.map_err(|error| cli::say::one_line(&error))))?;
            let results = self.peers.as_ref().map_or(vec![own.clone()], |peers| exchange(&**peers, &own));
            let mut failed = None;
            for (rank, result) in results.iter().enumerate() {
                match serde_json::from_slice::<Option<Result<T, String>>>(result)? {
                    Some(Ok(result)) => self.all(done(first + rank, result))?,
                    Some(Err(error)) => failed = failed.or(Some(error_of(rank, &error))),
                    None => {} // there was nothing left for it to do
                }
            }
            if let Some(error) = failed {
                self.part();
                return Err(error);
            }
        }
        self.part();
        Ok(())
    }

    /// Holds values that must be the same in all processes against those of the first; each has its name.
    ///
    /// # Errors
    /// The process and the value that differs.
    pub fn hold_equal(&self, values: &[(&str, String)]) -> Result<()> {
        let Some(peers) = &self.peers else { return Ok(()) };
        for (name, own) in values {
            let all = exchange(&**peers, own.as_bytes());
            if let Some(rank) = all.iter().position(|value| *value != all[0]) {
                self.part();
                let [first, other] = [0, rank].map(|rank| String::from_utf8_lossy(&all[rank]).into_owned());
                bail!("the {name} of process {rank} is not that of process 0: {other} instead of {first}");
            }
        }
        Ok(())
    }
}

/// The error of a process, as the first one tells it.
fn error_of(rank: usize, error: &str) -> anyhow::Error {
    if rank == 0 { anyhow!("{error}") } else { anyhow!("process {rank}: {error}") }
}

/// The bytes that each process sends to all, by its number. Four of them travel as the bits of a number.
fn exchange(peers: &dyn Peers, own: &[u8]) -> Vec<Vec<u8>> {
    const HIGH: usize = 1 << 16;
    let mut sizes = vec![0.0; 2 * peers.ranks()];
    let size = [(own.len() / HIGH) as f32, (own.len() % HIGH) as f32];
    peers.receive(peers.send(&size, &|rank| 2 * rank), &mut sizes);
    let sizes: Vec<usize> = sizes.chunks_exact(2).map(|size| size[0] as usize * HIGH + size[1] as usize).collect();
    let mut ends = vec![0];
    sizes.iter().for_each(|bytes| ends.push(ends[ends.len() - 1] + bytes.div_ceil(4)));
    let mut all = vec![0.0; ends[peers.ranks()]];
    peers.receive(peers.send(&packed(own), &|rank| ends[rank]), &mut all);
    ends.windows(2).zip(sizes).map(|(ends, bytes)| unpacked(&all[ends[0]..ends[1]], bytes)).collect()
}

/// Bytes as the bits of numbers, with zeros behind the last.
fn packed(bytes: &[u8]) -> Vec<f32> {
    let number = |four: &[u8]| {
        let mut bits = [0; 4];
        bits[..four.len()].copy_from_slice(four);
        f32::from_bits(u32::from_le_bytes(bits))
    };
    bytes.chunks(4).map(number).collect()
}

/// The first bytes of packed ones.
fn unpacked(numbers: &[f32], bytes: usize) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_bits().to_le_bytes()).take(bytes).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn bytes_come_out_as_they_were_packed() {
        let all: Vec<u8> = (0..=255).chain((0..=255).rev()).chain([0, 0, 160, 127]).collect(); // with bits of no number
        for bytes in [0, 1, 3, 4, 5, 255, all.len()] {
            let numbers = packed(&all[..bytes]);
            assert_eq!((numbers.len(), unpacked(&numbers, bytes)), (bytes.div_ceil(4), all[..bytes].to_vec()));
        }
    }

    #[test]
    fn pieces_that_were_done_are_shown_before_the_error_of_another() {
        let mut shown = vec![];
        let work = |n: usize| if n < 2 { Ok(n) } else { Err(anyhow!("the third").context("it failed")) };
        let error = Machines::alone().share_out(4, work, |n, result| {
            shown.push((n, result));
            Ok(())
        });
        assert_eq!((error.unwrap_err().to_string(), shown), ("it failed: the third".into(), vec![(0, 0), (1, 1)]));
    }
}

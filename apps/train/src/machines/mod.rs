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
        let error = String::from_utf8_lossy(&errors[rank]).into_owned();
        Err(if rank == 0 { anyhow!(error) } else { anyhow!("process {rank}: {error}") })
    }

    /// Returns what the first process reads.
    ///
    /// # Errors
    /// When it cannot.
    pub fn read_once(&self, read: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let own = self.all(if self.leads() { read() } else { Ok(vec![]) })?;
        Ok(self.peers.as_ref().map_or(own.clone(), |peers| exchange(&**peers, &own).swap_remove(0)))
    }

    /// Does numbered pieces of work, each in one of the processes, and shows all results to all of them, in order.
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
            let own = serde_json::to_vec(&self.all(own.transpose())?)?;
            let results = self.peers.as_ref().map_or(vec![own.clone()], |peers| exchange(&**peers, &own));
            for (rank, result) in results.iter().enumerate() {
                if let Some(result) = serde_json::from_slice(result)? {
                    self.all(done(first + rank, result))?;
                }
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

/// The bytes that each process sends to all, by its number.
fn exchange(peers: &dyn Peers, own: &[u8]) -> Vec<Vec<u8>> {
    const HIGH: usize = 1 << 16;
    let mut sizes = vec![0.0; 2 * peers.ranks()];
    let size = [(own.len() / HIGH) as f32, (own.len() % HIGH) as f32];
    peers.receive(peers.send(&size, &|rank| 2 * rank), &mut sizes);
    let mut ends = vec![0];
    sizes.chunks_exact(2).for_each(|size| ends.push(ends[ends.len() - 1] + size[0] as usize * HIGH + size[1] as usize));
    let mut all = vec![0.0; ends[peers.ranks()]];
    let own: Vec<f32> = own.iter().map(|byte| f32::from(*byte)).collect();
    peers.receive(peers.send(&own, &|rank| ends[rank]), &mut all);
    ends.windows(2).map(|ends| all[ends[0]..ends[1]].iter().map(|value| *value as u8).collect()).collect()
}

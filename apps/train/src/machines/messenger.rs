//! Messages between processes by MPI.
//!
//! Only the thread that began MPI may use it: the main thread. It carries the messages that the training hands to it, one after
//! the other, while the training computes on threads of its own.

use anyhow::{Context, Result};
use mpi::Count;
use mpi::datatype::PartitionMut;
use mpi::environment::Threading;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives};
use nn_core::Peers;
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// A message to be carried: the values of this process, and the bounds of those of all.
struct Message {
    own: Vec<f32>,
    bounds: Vec<Count>,
    answer: Sender<Vec<f32>>,
}

/// The way to the main thread.
struct Messenger {
    rank: usize,
    ranks: usize,
    desk: Mutex<Desk>,
}

/// The place where messages are handed over.
struct Desk {
    /// The number of messages sent.
    sent: u64,
    to_carrier: Sender<Message>,
    /// The answers that are awaited, by ticket.
    answers: HashMap<u64, Receiver<Vec<f32>>>,
}

/// Works in a thread of its own, while this one carries its messages.
///
/// # Errors
/// When MPI does not begin. An error of the work is told, and ends all processes.
pub fn run(work: impl FnOnce(Arc<dyn Peers>) -> Result<ExitCode> + Send) -> Result<ExitCode> {
    let (universe, _) = mpi::initialize_with_threading(Threading::Funneled).context("MPI does not begin")?;
    let world = universe.world();
    let (sender, messages) = channel();
    let (rank, ranks) = (world.rank() as usize, world.size() as usize);
    let desk = Desk { sent: 0, to_carrier: sender, answers: HashMap::new() };
    let peers = Messenger { rank, ranks, desk: Mutex::new(desk) };
    let done = std::thread::scope(|scope| {
        let worker = scope.spawn(|| work(Arc::new(peers)));
        messages.iter().for_each(|message| carry(&world, message));
        worker.join()
    });
    match done {
        Ok(Ok(code)) => Ok(code),
        Ok(Err(error)) => {
            cli::say::error(&error);
            world.abort(1)
        }
        Err(_) => world.abort(101), // a panic, which has been told
    }
}

/// Sends what this process has to all others, and answers with what all have sent.
fn carry(world: &SimpleCommunicator, message: Message) {
    let Message { own, bounds, answer } = message;
    let counts: Vec<Count> = bounds.windows(2).map(|bounds| bounds[1] - bounds[0]).collect();
    let starts = &bounds[..counts.len()];
    let mut all = vec![0.0; bounds[counts.len()] as usize];
    world.all_gather_varcount_into(&own[..], &mut PartitionMut::new(&mut all[..], counts, starts));
    let _ = answer.send(all); // nobody waits where the training has ended
}

impl Peers for Messenger {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn send(&self, own: &[f32], bounds: &dyn Fn(usize) -> usize) -> u64 {
        let (answer, waits) = channel();
        let bounds = (0..=self.ranks).map(|rank| bounds(rank) as Count).collect();
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        desk.sent += 1;
        let ticket = desk.sent;
        let _ = desk.to_carrier.send(Message { own: own.to_vec(), bounds, answer }); // the main thread outlives the training
        desk.answers.insert(ticket, waits);
        ticket
    }

    fn receive(&self, ticket: u64, values: &mut [f32]) {
        let waits = self.desk.lock().unwrap_or_else(PoisonError::into_inner).answers.remove(&ticket);
        if let Some(all) = waits.and_then(|waits| waits.recv().ok()) {
            values.copy_from_slice(&all);
        }
    }
}

//! The way between processes: how long a message takes, and how much more its length adds.

use super::step::OwnStep;
use crate::machines::Machines;
use std::time::Instant;

/// Values of a long message that each process sends: 1 MiB.
const LONG: usize = 1 << 18;
/// Messages of each length that are timed; the fastest counts.
const TURNS: usize = 50;

/// The speed of the way between processes.
pub struct Link {
    /// Seconds that a message of one number takes.
    pub latency: f64,
    /// Bytes per second that a process receives.
    pub bandwidth: f64,
    /// The number of processes that it was measured with.
    pub processes: usize,
}

impl Link {
    /// Measures it with the processes that there are; with one it costs nothing.
    pub fn measure(machines: &Machines) -> Self {
        let processes = machines.count();
        let Some(peers) = machines.peers() else { return Self { latency: 0.0, bandwidth: f64::INFINITY, processes } };
        let time = |values: usize| {
            let (own, mut all) = (vec![1.0; values], vec![0.0; values * processes]);
            let once = |_| {
                let start = Instant::now();
                peers.receive(peers.send(&own, &|rank| rank * values), &mut all);
                start.elapsed().as_secs_f64()
            };
            (0..TURNS).map(once).fold(f64::INFINITY, f64::min)
        };
        let (latency, long) = (time(1), time(LONG));
        let bytes = (size_of::<f32>() * LONG * (processes - 1)) as f64;
        Self { latency, bandwidth: bytes / (long - latency).max(f64::MIN_POSITIVE), processes }
    }

    /// Seconds that a step's messages take, none of them hidden behind work.
    pub fn seconds(&self, step: &OwnStep) -> f64 {
        step.messages * self.latency + step.bytes / self.bandwidth
    }

    /// The line that tells it.
    pub fn told(&self) -> String {
        match self.processes {
            1 => "one process: messages count as free; `mpirun -n 2 train machines` measures them".into(),
            n => format!(
                "messages among {n} processes take {:.0} us and go at {:.2} GB/s",
                1e6 * self.latency,
                self.bandwidth / 1e9
            ),
        }
    }
}

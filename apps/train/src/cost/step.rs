//! The time of a process's share of a step, and what it would send, measured without the other processes.

use anyhow::Result;
use nn_core::Peers;
use nn_data::{Batches, Dataset, Preprocessing, Size};
use nn_train::{Recipe, Run};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Classes of the pictures.
const CLASSES: usize = 10;
/// Pictures in a pass, which is not timed further.
const PICTURES: usize = 12_800;
/// Seconds after which no more are timed.
const ENOUGH: f64 = 0.8;

/// Steps after which all buffers are there.
const WARM: u32 = 2;

/// The cost of a step to each process.
pub struct OwnStep {
    /// Seconds of work.
    pub seconds: f64,
    /// Messages.
    pub messages: f64,
    /// Bytes that it receives.
    pub bytes: f64,
}

/// Processes that are not there: each message comes back with this process's own values in the place of the others'.
struct Echo {
    ranks: usize,
    messages: AtomicU64,
    values: AtomicU64,
    under_way: Mutex<Vec<(u64, Vec<f32>)>>,
}

impl Peers for Echo {
    /// The last process: no other has more parts of a batch.
    fn rank(&self) -> usize {
        self.ranks - 1
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn send(&self, own: &[f32], bounds: &dyn Fn(usize) -> usize) -> u64 {
        let ticket = self.messages.fetch_add(1, Ordering::Relaxed);
        self.values.fetch_add((bounds(self.ranks) - own.len()) as u64, Ordering::Relaxed);
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).push((ticket, own.to_vec()));
        ticket
    }

    fn receive(&self, ticket: u64, values: &mut [f32]) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let place = under_way.iter().position(|message| message.0 == ticket);
        let Some((_, own)) = place.map(|place| under_way.swap_remove(place)) else { return };
        for values in values.chunks_mut(own.len().max(1)) {
            values.copy_from_slice(&own[..values.len()]);
        }
    }
}

/// Measures the steps of a recipe in one of `ranks` processes, on random pictures.
pub fn measure(recipe: &Recipe, colour: Option<(u32, u32)>, ranks: usize) -> Result<OwnStep> {
    let preprocessing =
        colour.map_or(Preprocessing::picture(28, 28, 1), |(width, height)| Preprocessing::picture(width, height, 3));
    let data = pictures(preprocessing.size(), PICTURES)?;
    let mut run = Run::new(recipe, data.size(), CLASSES)?;
    let echo =
        Arc::new(Echo { ranks, messages: AtomicU64::new(0), values: AtomicU64::new(0), under_way: Mutex::new(vec![]) });
    if ranks > 1 {
        run.trainer.share_with(echo.clone())?;
    }
    let sharing = run.trainer.sharing().clone();
    let mut batches = Batches::of(&data, &preprocessing)
        .augment(recipe.augment(1))
        .size(recipe.batch_size)
        .share(move |samples| sharing.share(samples).samples());
    let (start, mut steps, mut warm) = (Instant::now(), 0, 0.0);
    let _ = batches.epoch(1, |batch| {
        run.trainer.step(&batch.x, &batch.labels, 1e-4);
        run.trainer.any(false); // as in training, where any of the processes may have been stopped
        steps += 1;
        if steps == WARM {
            warm = computed(start);
        }
        if steps > WARM && start.elapsed().as_secs_f64() > ENOUGH {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let per_step = |count: &AtomicU64| count.load(Ordering::Relaxed) as f64 / f64::from(steps.max(1));
    let bytes = size_of::<f32>() as f64 * per_step(&echo.values);
    let seconds = (computed(start) - warm) / f64::from((steps - WARM).max(1)); // with the preparation of a batch
    Ok(OwnStep { seconds, messages: per_step(&echo.messages), bytes })
}

/// Seconds that this thread has computed, where it is the only one and the system tells it; else those since `start`.
fn computed(start: Instant) -> f64 {
    let told = || std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse::<f64>().ok();
    let own = if rayon::current_num_threads() == 1 { told() } else { None };
    own.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| 1e-9 * nanoseconds)
}

/// Random pictures of all classes.
fn pictures(size: Size, samples: usize) -> Result<Dataset> {
    let (mut rng, features) = (nn_core::rng::Rng::new(1), size.width * size.height * size.channels);
    let pixels = (0..samples * features).map(|_| rng.next_u64() as u8).collect();
    let names: Vec<String> = (0..samples).map(|i| (i % CLASSES).to_string()).collect();
    Ok(Dataset::from_names(size, pixels, &names, vec![])?)
}

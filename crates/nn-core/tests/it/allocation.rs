//! After warm-up a training step allocates nothing, on any number of threads.

use crate::training::{batch, with_convolution};
use nn_core::{Adam, Loss, Network, Trainer, Workspace};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's allocator, counting. Tests run side by side, so only threads that ask for it are counted.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static COUNTED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

// SAFETY: forwards to the system's allocator and only counts beside it.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if COUNTED.try_with(|c| c.get()).unwrap_or(false) {
            ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_step_allocates_nothing() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).start_handler(|_| COUNTED.set(true)).build().unwrap();
    pool.install(|| {
        let network = Network::new(with_convolution(), 3).unwrap();
        let loss = Loss::cross_entropy();
        let mut trainer = Trainer::new(network, loss, Adam::default(), 7).unwrap().clip(Some(1.0));
        let ((x, labels), (x_last, labels_last)) = (batch(128, 1), batch(50, 2));
        let mut workspace = Workspace::default();
        let mut epoch = |trainer: &mut Trainer| {
            for _ in 0..20 {
                trainer.step(&x, &labels, 0.01);
            }
            trainer.step(&x_last, &labels_last, 0.01);
            std::hint::black_box(trainer.network().infer(&x, &mut workspace));
        };
        (0..3).for_each(|_| epoch(&mut trainer));
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        assert!(before > 0, "nothing is counted");
        (0..10).for_each(|_| epoch(&mut trainer));
        assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0);
    });
}

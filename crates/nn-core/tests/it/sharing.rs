//! Processes that share every batch come to the same bits as one; here they are threads.

use crate::training::{architecture, batch, with_convolution};
use nn_core::{AdamW, Architecture, Kinds, LayerSpec, Loss, Network, Peers, Shape, Trainer};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex};

/// The values of a message, and the numbers of processes that have sent theirs, and have read.
type Message = (Vec<f32>, usize, usize);
/// The parameters and statistics after a training, and the score of each step.
type Trained = (Vec<f32>, Vec<f32>, Vec<(u64, usize)>);

/// The messages under way, by their tickets.
#[derive(Default)]
struct Messages {
    all: Mutex<HashMap<u64, Message>>,
    news: Condvar,
}

/// One of several threads that share batches.
struct Thread {
    rank: usize,
    ranks: usize,
    sent: Mutex<u64>,
    messages: Arc<Messages>,
}

impl Peers for Thread {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn send(&self, own: &[f32], bounds: &dyn Fn(usize) -> usize) -> u64 {
        let mut ticket = self.sent.lock().unwrap();
        *ticket += 1;
        let mut all = self.messages.all.lock().unwrap();
        let (values, sent, _) = all.entry(*ticket).or_insert_with(|| (vec![0.0; bounds(self.ranks)], 0, 0));
        values[bounds(self.rank)..bounds(self.rank + 1)].copy_from_slice(own);
        *sent += 1;
        self.messages.news.notify_all();
        *ticket
    }

    fn receive(&self, ticket: u64, values: &mut [f32]) {
        let all = self.messages.all.lock().unwrap();
        let mut all = self.messages.news.wait_while(all, |all| all[&ticket].1 < self.ranks).unwrap();
        let message = all.get_mut(&ticket).unwrap();
        values.copy_from_slice(&message.0);
        message.2 += 1;
        if message.2 == self.ranks {
            all.remove(&ticket);
        }
    }
}

/// Trains on one of `ranks` threads, and returns what came of it. What another thread is to
/// compute is not given to it.
fn train(network: Architecture, peers: Option<Arc<dyn Peers>>) -> Trained {
    let network = Network::new(network, 3).unwrap();
    let loss = Loss::CrossEntropy { label_smoothing: 0.1 };
    let mut trainer = Trainer::new(network, loss, AdamW::default(), 7).unwrap().clip(Some(1.0));
    if let Some(peers) = peers {
        trainer.share_with(peers).unwrap();
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let scores = pool.install(|| {
        let samples = [128, 100, 61, 20, 5, 1, 300];
        let step = |(seed, samples): (usize, &usize)| {
            let (x, labels) = batch(*samples, seed as u64);
            let own = trainer.sharing().share(*samples).samples();
            let values = x.len() / samples;
            let mut x: Vec<f32> = x;
            x[..own.start * values].fill(f32::NAN);
            x[own.end * values..].fill(f32::NAN);
            let score = trainer.step(&x, &labels, 0.01);
            (score.loss_sum.to_bits(), score.correct)
        };
        samples.iter().cycle().take(14).enumerate().map(step).collect()
    });
    let network = trainer.into_network();
    (network.params().to_vec(), network.stats().to_vec(), scores)
}

fn shared(network: &Architecture, ranks: usize) -> Vec<Trained> {
    let messages = Arc::new(Messages::default());
    let threads: Vec<_> = (0..ranks)
        .map(|rank| {
            let peers = Thread { rank, ranks, sent: Mutex::new(0), messages: messages.clone() };
            let network = network.clone();
            std::thread::spawn(move || train(network, Some(Arc::new(peers))))
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn processes_that_share_batches_come_to_the_same_bits_as_one() {
    let wide =
        Architecture::parse(Shape::new(12, 12, 1), "conv:24x3, pool:2, conv:22x3, relu, dense:400, relu, dense:10");
    let wide = wide.unwrap().softmax(); // too many parameters for shards
    let presets = "conv:16x3, pool:2, batchnorm, relu, conv:32x3, batchnorm, relu, dropout:0.2, dense:40, batchnorm, relu, dense:10";
    let presets = Architecture::parse(Shape::new(12, 12, 1), presets).unwrap().softmax();
    for network in [architecture(), with_convolution(), wide, presets] {
        let one = train(network.clone(), None);
        assert!(one.0.iter().all(|p| p.is_finite()));
        for ranks in [1, 2, 3, 8] {
            assert!(shared(&network, ranks).iter().all(|found| *found == one), "{ranks} processes");
        }
    }
}

#[test]
fn a_layer_that_cannot_share_is_refused() {
    let messages = Arc::new(Messages::default());
    let peers = Arc::new(Thread { rank: 0, ranks: 1, sent: Mutex::new(0), messages });
    let kinds = Kinds::default().with("own", |_, input| Ok(Box::new(Own(input))));
    let layers = vec![LayerSpec::custom("own"), LayerSpec::dense(2), LayerSpec::Softmax];
    let network = Network::build(Architecture { input: Shape::flat(3), layers }, &kinds, 1).unwrap();
    let mut trainer = Trainer::new(network, Loss::cross_entropy(), AdamW::default(), 1).unwrap();
    let error = trainer.share_with(peers).unwrap_err().to_string();
    assert_eq!(error, "stage 1 cannot share a batch with other processes");
}

/// A layer with a parameter, which knows nothing of other processes.
struct Own(Shape);

impl nn_core::layer::Layer for Own {
    fn output(&self) -> Shape {
        self.0
    }

    fn params(&self) -> Vec<nn_core::layer::Slot> {
        vec![nn_core::layer::Slot::vector("scale", 1, nn_core::Init::Constant(1.0))]
    }

    fn forward(&self, pass: nn_core::layer::Forward<'_>) {
        pass.y.copy_from_slice(pass.x);
    }

    fn backward(&self, _: nn_core::layer::Backward<'_>) {}
}

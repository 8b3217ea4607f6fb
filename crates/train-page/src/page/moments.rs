//! The moment that is shown: its snapshot, which is read from a file where memory has no room for it.

use crate::snapshot::Snapshot;
use crate::timeline::{Moment, Timeline};
use egui::Context;
use std::sync::Arc;
use ui::worker::Job;

/// The choice of a moment, and its snapshot.
#[derive(Default)]
pub struct Moments {
    /// The moment that was chosen, in epochs; the newest where there is none.
    pub chosen: Option<f64>,
    shown: Option<Arc<Snapshot>>,
    /// The moment whose network is being read, and the work.
    reading: Option<(f64, Job<Snapshot>)>,
}

impl Moments {
    /// The snapshot that is shown: that of the chosen moment, and the one before as long as it is being read.
    pub fn shown(&self) -> Option<&Arc<Snapshot>> {
        self.shown.as_ref()
    }

    /// Whether the snapshot of the chosen moment is being read.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// Finds the snapshot of the chosen moment; returns why that cannot be read, once.
    pub fn take_in(&mut self, timeline: &Timeline, ctx: &Context) -> Option<String> {
        let wanted = |at: f64| timeline.all().iter().rev().find(|moment| moment.at() <= at);
        let Some(moment) = self.chosen.and_then(wanted).or(timeline.all().last()) else {
            self.shown = None;
            return None;
        };
        let filed = match moment {
            Moment::Here(snapshot) => {
                (self.shown, self.reading) = (Some(snapshot.clone()), None);
                return None;
            }
            Moment::Filed(_) if self.shown.as_ref().is_some_and(|shown| shown.at == moment.at()) => {
                self.reading = None; // the user has come back to it
                return None;
            }
            Moment::Filed(filed) => filed,
        };
        if self.reading.as_ref().is_none_or(|(at, _)| *at != moment.at()) {
            let filed = filed.clone();
            self.reading = Some((moment.at(), Job::new(ctx, move |_| filed.read())));
        }
        let outcome = self.reading.as_mut().and_then(|(_, job)| job.result())?;
        self.reading = None;
        match outcome {
            Ok(snapshot) => self.shown = Some(Arc::new(snapshot)),
            Err(error) => {
                self.chosen = None;
                return Some(error);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::shelf::Shelf;
    use crate::snapshot::Probe;
    use nn_core::{Architecture, Network, Shape};
    use nn_data::{Dataset, Preprocessing, Size};
    use nn_train::{Data, Preset};

    #[test]
    fn who_comes_back_to_the_shown_moment_waits_for_no_other() {
        let runs = tempfile::tempdir().unwrap();
        let samples = Dataset::from_names(Size::new(1, 1, 1), vec![0, 9], &["a", "b"], vec![]).unwrap();
        let preprocessing = Preprocessing::picture(1, 1, 1);
        let data = Data { train: &samples, validation: None, negatives: None, preprocessing: &preprocessing };
        let probe = Probe::new(&data, &Preset::Mlp.recipe());
        let network = Network::new(Architecture::new(Shape::flat(1)).dense(2).softmax(), 1).unwrap();
        let mut timeline = Timeline::default();
        (0..2).for_each(|epoch| timeline.push(probe.look(network.clone(), f64::from(epoch))));
        let Moment::Here(first) = timeline.all()[0].clone() else { panic!("nothing is filed yet") };
        let filed = Arc::new(Shelf::new(runs.path()).unwrap()).put(&first.model).unwrap();
        timeline.filed(&first, Some(filed));
        let ctx = Context::default();
        let reading = Some((0.5, Job::new(&ctx, |_| anyhow::bail!("another moment"))));
        let mut moments = Moments { chosen: Some(0.0), shown: Some(first), reading };
        assert_eq!((moments.take_in(&timeline, &ctx), moments.is_reading()), (None, false));
    }
}

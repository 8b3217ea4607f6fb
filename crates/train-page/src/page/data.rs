//! The data of the plan: it is chosen in the system's dialog, and read on a worker.

use crate::plan::TrainingPlan;
use crate::prepared::{DataCache, PreparedTraining};
use crate::view::found::FoundData;
use cli::say::plain;
use egui::Context;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use ui::dialog::Dialog;
use ui::worker::Job;

/// The work on the data of the plan, and what came of it.
#[derive(Default)]
pub struct DataSearch {
    finding: Option<Job<FoundData>>,
    found: Option<Result<FoundData, String>>,
    /// The plan that this is about.
    sought: Option<TrainingPlan>,
    /// The datasets that have been read, for the next plan.
    cache: Arc<Mutex<DataCache>>,
    browsing: Option<Job<Option<PathBuf>>>,
}

impl DataSearch {
    /// Whether the data is being read.
    pub fn is_busy(&self) -> bool {
        self.finding.is_some()
    }

    /// The data of this plan, or why it is of no use; `None` until that is known.
    pub fn found(&self) -> Option<&Result<FoundData, String>> {
        self.found.as_ref()
    }

    /// The data, if it is that of this plan.
    pub fn ready(&self, plan: &TrainingPlan) -> Option<&FoundData> {
        self.found.as_ref()?.as_ref().ok().filter(|_| self.sought.as_ref() == Some(plan))
    }

    /// Forgets what was read: the data may be another now.
    pub fn forget(&mut self) {
        (self.sought, self.cache) = (None, Arc::default());
    }

    /// Forgets the datasets that were read for other plans, so that a training may take their memory.
    pub fn free(&mut self) {
        self.cache = Arc::default();
    }

    /// Reads the data of the plan on a worker, where the plan is another than before. Work on the one before is given up,
    /// and no dataset is read twice.
    pub fn find(&mut self, plan: TrainingPlan, home: &Path, ctx: &Context) {
        if self.sought.as_ref() == Some(&plan) {
            return;
        }
        (self.found, self.finding) = (None, None);
        self.sought = Some(plan.clone());
        if plan.data.is_empty() {
            return;
        }
        let (home, window, cache) = (home.to_path_buf(), ctx.clone(), self.cache.clone());
        self.finding = Some(Job::new(ctx, move |progress| {
            let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner); // one plan after the other
            let prepared = PreparedTraining::reading(&plan, &home, &mut cache, &|| progress.tell(0.0))?;
            Ok(FoundData::new(prepared, &window))
        }));
    }

    /// Shows a dialog of the system, unless one is open.
    pub fn browse(&mut self, dialog: Dialog, ctx: &Context) {
        self.browsing.get_or_insert_with(|| Job::new(ctx, move |_| dialog("Data that the network is to learn")));
    }

    /// Takes in what workers have brought; returns what was chosen in the dialog, or why there is none.
    pub fn take_in(&mut self) -> Option<Result<PathBuf, String>> {
        if let Some(found) = self.finding.as_mut().and_then(Job::result) {
            self.finding = None;
            self.found = Some(found.map_err(|error| plain(&error)));
        }
        let chosen = self.browsing.as_mut().and_then(Job::result)?;
        self.browsing = None;
        chosen.transpose()
    }
}

//! Notices what others save in the folder: another collector, or the classifier.

use super::collection::Collection;
use egui::Context;
use nn_data::Drawings;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime};

/// The time between two looks at the folder.
const PAUSE: Duration = Duration::from_secs(1);

/// A thread that reads the folder anew when its time stamps change. It ends soon after this is dropped.
pub struct Watch {
    news: mpsc::Receiver<(u64, Collection)>,
    /// Counts the changes that the window made itself: what was read before the last of them is out of date.
    changes: Arc<AtomicU64>,
    _end: mpsc::Sender<()>,
}

impl Watch {
    /// Starts to watch a folder whose drawings the window shows already.
    pub fn new(drawings: Drawings, shown: Collection, ctx: &Context) -> Self {
        let changes = Arc::new(AtomicU64::new(0));
        let (sender, news) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let (ctx, counter) = (ctx.clone(), changes.clone());
        std::thread::spawn(move || {
            let (mut known, mut sent) = (None, (0, shown));
            while ended.recv_timeout(PAUSE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let now = (counter.load(Ordering::SeqCst), stamps(drawings.root()));
                if known.as_ref() == Some(&now) {
                    continue;
                }
                let Ok(collection) = Collection::load(&drawings) else { continue };
                let news = (now.0, collection);
                known = Some(now);
                if news == sent {
                    continue; // a frame for nothing would keep an idle window busy
                }
                sent.clone_from(&news);
                if sender.send(news).is_err() {
                    return;
                }
                ctx.request_repaint();
            }
        });
        Self { news, changes, _end: end }
    }

    /// Says that the window itself has changed the folder.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// The newest state of the folder since the last call, if it is up to date.
    pub fn newest(&self) -> Option<Collection> {
        let (changes, collection) = self.news.try_iter().last()?;
        (changes == self.changes.load(Ordering::SeqCst)).then_some(collection)
    }
}

/// When the folder and each folder in it were last changed.
fn stamps(root: &Path) -> Vec<(PathBuf, SystemTime)> {
    let stamp = |path: PathBuf| {
        let time = path.metadata().and_then(|data| data.modified());
        time.ok().map(|time| (path, time))
    };
    let folders = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut stamps: Vec<_> = folders.filter(|path| path.is_dir()).chain([root.to_owned()]).filter_map(stamp).collect();
    stamps.sort();
    stamps
}

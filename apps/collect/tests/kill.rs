//! A collector that is killed while it saves, again and again, loses at most the drawing in progress.
#![allow(clippy::unwrap_used)]

use collect::window::Window;
use egui_kittest::kittest::Queryable;
use nn_data::{Drawings, LoadOptions, load};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use ui::{look, pad::NAME};
use ui_test::{strokes, type_key, wait};

/// The folder in which the child saves.
const FOLDER: &str = "BARNACLE_TEST_SAVES_TO";

/// Draws and saves without end when this very program is started by the test below, and does nothing otherwise.
#[test]
fn child_that_saves_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let window = Window::new(Drawings::new(&folder), None).unwrap();
    let mut h = ui_test::harness(egui::vec2(1104.0, 744.0), look::apply, window, Window::ui);
    h.step();
    let pad = h.get_by_label(NAME).rect();
    for saved in 0.. {
        strokes(&mut h, pad, &[vec![[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]]);
        type_key(&mut h, if saved % 2 == 0 { '7' } else { 'A' });
        wait(&mut h, "the disk", |window| !window.is_busy());
        let told = Path::new(&folder).join(".saved");
        std::fs::write(told.with_extension("new"), (saved + 1).to_string()).unwrap();
        std::fs::rename(told.with_extension("new"), told).unwrap(); // the kill may not leave it empty
    }
}

#[test]
fn a_kill_loses_at_most_the_drawing_in_progress() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("drawings");
    let told = || std::fs::read_to_string(folder.join(".saved")).ok().and_then(|n| n.parse().ok()).unwrap_or(0usize);
    let mut before = 0;
    for round in 0..8 {
        let _ = std::fs::remove_file(folder.join(".saved"));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_saves_until_it_is_killed"])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while told() < 2 && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(3));
        }
        std::thread::sleep(Duration::from_micros(7300 * round)); // somewhere else each time
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let pictures: Vec<_> = classes(&folder).into_iter().flat_map(|class| class.pictures).collect();
        assert!(pictures.len() >= before + told().max(2), "{} of {}", pictures.len() - before, told());
        assert!(pictures.len() <= before + told() + 1);
        before = pictures.len();
        for picture in &pictures {
            assert_eq!(Drawings::strokes(picture).unwrap().strokes.strokes[0].len(), 3, "{}", picture.display());
        }
        let loaded = load(&folder, &LoadOptions::default()).unwrap();
        assert_eq!((loaded.train.len(), loaded.skipped.not_read()), (pictures.len(), 0), "every picture is whole");
    }
    Window::new(Drawings::new(&folder), None).unwrap();
}

fn classes(folder: &Path) -> Vec<nn_data::DrawingClass> {
    Drawings::new(folder).classes().unwrap()
}

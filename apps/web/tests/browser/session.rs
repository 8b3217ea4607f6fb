//! A session in a browser: the page, and a hand that presses and draws.

use browser_test::Browser;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// Why there is nothing to test.
const WHY: &str = "the page has not been built, or before its code changed (`cargo xtask web --tests` does)";

/// The server of the page's folder, a program of its own: its end cuts the network.
pub struct Server {
    process: Child,
    /// The address of the page.
    pub address: String,
}

impl Server {
    /// Starts the server of the page; `None` where it has not been built, which it says.
    pub fn start() -> Option<Self> {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/page");
        let own = ["src", "static"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        is_built(&page.join("web_bg.wasm"), &own).then(|| Self::of(&page))
    }

    /// Starts a server of a folder.
    pub fn of(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_web"));
        let mut process = command.arg(folder).arg("0").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').find(|word| word.starts_with("http")).unwrap().to_string();
        Self { process, address }
    }
}

/// Whether a module was built after the files in some folders were changed last; where not, it says so.
pub fn is_built(module: &Path, folders: &[PathBuf]) -> bool {
    let built = std::fs::metadata(module).and_then(|file| file.modified()).ok();
    let is_new = built.is_some_and(|built| folders.iter().all(|folder| newest(folder) <= built));
    let may_skip = std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none() || !can_be_built();
    assert!(is_new || may_skip, "{WHY}");
    if !is_new {
        eprintln!("skipped: {WHY}");
    }
    is_new
}

/// When the newest file in a folder, or in one within it, was changed.
fn newest(folder: &Path) -> SystemTime {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let times = entries.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => newest(&entry.path()),
        false => entry.metadata().unwrap().modified().unwrap(),
    });
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Whether the target of browsers is installed.
fn can_be_built() -> bool {
    let library =
        Command::new("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]).output();
    library.is_ok_and(|library| Path::new(String::from_utf8_lossy(&library.stdout).trim()).is_dir())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser at the page, and its server.
pub fn page(width: u32) -> Option<(Browser, Server)> {
    let (mut browser, server) = (Browser::start()?, Server::start()?);
    browser.open(&server.address, width, false);
    until(&mut browser, "the model is open", |state| state["model"] == "digits");
    Some((browser, server))
}

/// Waits until the state of the page is as wanted, and returns it.
pub fn until(browser: &mut Browser, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let state = browser.value("globalThis.barnacle?.state() ?? {}");
        if is_so(&state) {
            return state;
        }
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "waited in vain until {what}: {:?}, {state}",
            browser.complaints
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The place of a part: left, top, width and height.
pub fn place(browser: &mut Browser, name: &str) -> [f64; 4] {
    let state = until(browser, name, |state| !state["places"][name].is_null());
    serde_json::from_value(state["places"][name].clone()).unwrap()
}

/// Presses a part, and waits for what comes of it.
pub fn press(browser: &mut Browser, name: &str) {
    let [left, top, width, height] = place(browser, name);
    browser.click_at([left + width / 2.0, top + height / 2.0]);
    let frame = "new Promise((done) => requestAnimationFrame(done))";
    (0..3).for_each(|_| _ = browser.value(&format!("{frame}.then(() => 0)")));
}

/// Places on the paper, whose sides are 1.
pub fn on_paper(browser: &mut Browser, points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let [left, top, width, height] = place(browser, "paper");
    points.iter().map(|[x, y]| [left + x * width, top + y * height]).collect()
}

/// Draws a stroke, and returns the state in which it is read.
pub fn draw(browser: &mut Browser, points: &[[f64; 2]]) -> Value {
    let places = on_paper(browser, points);
    browser.drag(&places);
    until(browser, "the drawing is read", |state| state["is_read"] == true)
}

/// Wipes the paper.
pub fn wipe(browser: &mut Browser) {
    browser.press(&["Backspace"]);
    until(browser, "the paper is empty", |state| state["strokes"] == 0);
}

/// The points of a line, as a hand draws it.
pub fn line(corners: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let between = |pair: &[[f64; 2]]| {
        let [from, to] = [pair[0], pair[1]];
        (0..8).map(move |i| [0, 1].map(|k| from[k] + f64::from(i) / 7.0 * (to[k] - from[k])))
    };
    corners.windows(2).flat_map(between).collect()
}

/// A seven.
pub const SEVEN: [[f64; 2]; 3] = [[0.28, 0.22], [0.72, 0.22], [0.42, 0.82]];
/// A one.
pub const ONE: [[f64; 2]; 2] = [[0.52, 0.15], [0.48, 0.85]];

/// A zero.
pub fn zero() -> Vec<[f64; 2]> {
    (0..=24)
        .map(|i| (f64::from(i) / 24.0 * std::f64::consts::TAU).sin_cos())
        .map(|(s, c)| [0.5 - 0.22 * s, 0.5 - 0.32 * c])
        .collect()
}

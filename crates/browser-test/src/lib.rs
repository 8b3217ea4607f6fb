//! For tests: a headless browser, Chromium, told what to do over the pipes of its `--remote-debugging-pipe`. What the browser
//! does not do is a panic.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;
use tempfile::TempDir;

/// The names that the browser goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
/// Moves the pipes of the shell to where the browser expects them: it reads commands at 3 and writes answers at 4.
const PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;

/// A browser that has not ended after this time hangs.
const PATIENCE: Duration = Duration::from_secs(300);

/// Ends a process that hangs, so that whoever reads from it learns of its end; not after the sender is dropped.
fn end_late(process: u32) -> Sender<()> {
    let (alive, ends) = channel();
    std::thread::spawn(move || {
        if ends.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
        }
    });
    alive
}

/// A browser with one page.
pub struct Browser {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    session: Option<String>,
    last_id: u64,
    /// The pages that have been loaded.
    loaded: Vec<Value>,
    /// Everything that a page has complained of: errors, warnings, what the policy of the page forbids.
    pub complaints: Vec<String>,
    _profile: TempDir,
    _alive: Sender<()>,
}

impl Browser {
    /// Starts the browser; `None` where there is none, which it says.
    ///
    /// # Panics
    /// Where there is none although the variable `BARNACLE_SKIPS_NOTHING` is set.
    pub fn start() -> Option<Self> {
        let is_there = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
        let Some(name) = NAMES.into_iter().find(is_there) else {
            assert!(std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none(), "there is no Chromium");
            eprintln!("skipped: there is no Chromium (Debian's package `chromium` brings it)");
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        let mut shell = Command::new("sh");
        shell.args(["-c", PIPES, name, "--headless", "--remote-debugging-pipe", "--no-sandbox", "--no-first-run"]);
        shell
            .args([
                "--hide-scrollbars",
                "--disable-dev-shm-usage",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()));
        let mut process = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let (commands, answers) = process.stdin.take().zip(process.stdout.take()).expect("both pipes");
        let answers = BufReader::new(answers);
        let complaints = vec![];
        let alive = end_late(process.id());
        let mut browser = Self {
            process,
            commands,
            answers,
            session: None,
            last_id: 0,
            loaded: vec![],
            complaints,
            _profile: profile,
            _alive: alive,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", attach)["sessionId"].as_str().map(String::from);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, json!({}));
        }
        browser.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true }));
        Some(browser)
    }

    /// Opens a page in a window of some pixels, in the light or in the dark.
    pub fn open(&mut self, url: &str, width: u32, is_dark: bool) {
        let scheme = if is_dark { "dark" } else { "light" };
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        );
        let window = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.call("Emulation.setDeviceMetricsOverride", window);
        if width < 500 {
            self.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true }));
        }
        let page = self.call("Page.navigate", json!({ "url": url }));
        while !self.loaded.contains(&page["loaderId"]) {
            self.next();
        }
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let mut answer = self
            .call("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true, "awaitPromise": true }));
        assert_eq!(answer.get("exceptionDetails"), None, "{expression}");
        answer["result"]["value"].take()
    }

    /// Clicks into the middle of the element that an expression gives.
    pub fn click(&mut self, element: &str) {
        let place = self.value(&format!(
            "(() => {{ const e = {element}; e.scrollIntoView({{ block: 'center' }}); const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        self.click_at([0, 1].map(|i| place[i].as_f64().unwrap_or_default()));
    }

    /// Clicks at a place, in points from the top left corner.
    pub fn click_at(&mut self, place: [f64; 2]) {
        self.mouse("mouseMoved", place);
        self.mouse("mousePressed", place);
        self.mouse("mouseReleased", place);
    }

    /// Moves the mouse along places with its button down.
    pub fn drag(&mut self, places: &[[f64; 2]]) {
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
        self.mouse("mouseMoved", *first);
        self.mouse("mousePressed", *first);
        places.iter().for_each(|place| self.mouse("mouseMoved", *place));
        self.mouse("mouseReleased", *last);
    }

    fn mouse(&mut self, kind: &str, [x, y]: [f64; 2]) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": 1, "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Moves a finger along places; a palm, if there is one, comes to rest meanwhile.
    pub fn touch(&mut self, places: &[[f64; 2]], palm: Option<[f64; 2]>) {
        for (i, [x, y]) in places.iter().enumerate() {
            let kind = if i == 0 || (i == 3 && palm.is_some()) { "touchStart" } else { "touchMove" };
            let mut points = vec![json!({ "x": x, "y": y, "id": 0 })];
            points.extend(palm.filter(|_| i >= 3).map(|[x, y]| json!({ "x": x + i as f64, "y": y, "id": 1 })));
            self.call("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }));
        }
        self.call("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] }));
    }

    /// Types a text where the focus is.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Drops a file on a place.
    pub fn drop_file(&mut self, file: &Path, [x, y]: [f64; 2]) {
        let data = json!({ "items": [], "files": [file], "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            self.call("Input.dispatchDragEvent", json!({ "type": kind, "x": x, "y": y, "data": data }));
        }
    }

    /// Lets pages save downloads in a folder.
    pub fn download_to(&mut self, folder: &Path) {
        self.call("Page.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }));
    }

    /// Presses keys, one after the other.
    pub fn press(&mut self, keys: &[&str]) {
        for key in keys {
            for kind in ["rawKeyDown", "keyUp"] {
                self.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": key }));
            }
        }
    }

    /// The top of the page as a PNG file.
    pub fn screenshot(&mut self, width: u32, height: u32) -> Vec<u8> {
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let answer = self.call("Page.captureScreenshot", json!({ "clip": clip, "captureBeyondViewport": true }));
        let picture = answer["data"].as_str().expect("a picture");
        BASE64_STANDARD.decode(picture).expect("a picture in Base64")
    }

    /// Sends a command and returns its result.
    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        write!(self.commands, "{message}\0").expect("the browser has ended");
        loop {
            let mut answer = self.next();
            if answer["id"] == self.last_id {
                assert_eq!(answer.get("error"), None, "{method}");
                return answer["result"].take();
            }
        }
    }

    /// The next message; complaints are noted.
    fn next(&mut self) -> Value {
        let mut message = vec![];
        self.answers.read_until(0, &mut message).expect("the browser has ended");
        assert_eq!(message.pop(), Some(0), "the browser has ended");
        let message: Value = serde_json::from_slice(&message).expect("a message as JSON");
        if message["method"] == "Page.lifecycleEvent" && message["params"]["name"] == "load" {
            self.loaded.push(message["params"]["loaderId"].clone());
        }
        let complains = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
        if complains.iter().any(|method| message["method"] == *method) {
            self.complaints.push(message["params"].to_string());
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = write!(self.commands, "{}\0", json!({ "id": 0, "method": "Browser.close" }));
        let _ = self.process.wait();
    }
}

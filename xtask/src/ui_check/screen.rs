//! A virtual screen and the programs on it.

use super::Digit;
use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A square on the screen that lies within the pad of either window at its first size: left, top, side. That of the page
/// *Train* is smaller.
const PAD: [f64; 3] = [70.0, 150.0, 370.0];
const SMALL_PAD: [f64; 3] = [60.0, 120.0, 220.0];
const PATIENCE: Duration = Duration::from_secs(20);

/// A place in the collector's or the classifier's window at its first size.
#[derive(Clone, Copy)]
pub enum Place {
    /// The collector's field for the classes that it asks for.
    Classes,
    /// The tab of the page *Train*.
    Train,
    /// The tab of the page *Read*.
    Read,
    /// The choice *begin with nothing*.
    BeginWithNothing,
    /// The button *Start*.
    Start,
    /// The button *Pause*, which is *Go on* in a training that waits.
    Pause,
    /// The left end of the slider through the moments of a training that has ended.
    FirstMoment,
    /// The button *Newest*.
    Newest,
    /// The button *Save*.
    Save,
}

impl Place {
    /// Its coordinates, in pixels from the left and from the top.
    fn at(self) -> [u32; 2] {
        match self {
            Self::Classes => [740, 176],
            Self::Train => [106, 32],
            Self::Read => [45, 32],
            Self::BeginWithNothing => [159, 250],
            Self::Start => [59, 440],
            Self::Pause => [382, 168],
            Self::FirstMoment => [358, 203],
            Self::Newest => [1028, 203],
            Self::Save => [807, 643],
        }
    }
}

/// A screen that nobody sees.
pub struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// Starts a server on a free display.
    pub fn start() -> Result<Self> {
        let flags = ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"];
        let mut server =
            Command::new("Xvfb").args(flags).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("Xvfb")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.as_mut() {
            BufReader::new(output).read_line(&mut number)?;
        }
        ensure!(!number.trim().is_empty(), "Xvfb does not start");
        Ok(Self { server, display: format!(":{}", number.trim()) })
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY");
        command
    }

    /// Runs an xdotool script and returns what it prints; nothing where it fails, as a search does that finds nothing.
    fn xdotool(&self, script: &str) -> Result<String> {
        let mut command = self.command("xdotool");
        let pipes = command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut tool = pipes.spawn().context("xdotool")?;
        if let Some(mut input) = tool.stdin.take() {
            input.write_all(script.as_bytes())?;
        }
        let output = tool.wait_with_output()?;
        Ok(if output.status.success() { String::from_utf8_lossy(&output.stdout).trim().into() } else { String::new() })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A program with a window.
pub struct Program<'s> {
    screen: &'s Screen,
    child: Child,
    window: String,
    /// From the start of the process to the first title that its window's content has set.
    pub first_frame: Duration,
}

impl<'s> Program<'s> {
    /// Starts a program in a folder, with settings of its own, and waits until its title begins with `title`.
    pub fn start(screen: &'s Screen, program: &Path, flags: &[&OsStr], place: &Path, title: &str) -> Result<Self> {
        let start = Instant::now();
        let mut command = screen.command(program);
        command.args(flags).current_dir(place).env("XDG_CONFIG_HOME", place).stderr(Stdio::piped());
        let child = command.spawn().with_context(|| program.display().to_string())?;
        let mut program = Self { screen, child, window: String::new(), first_frame: Duration::ZERO };
        while program.window.is_empty() {
            ensure!(start.elapsed() < PATIENCE, "no window titled `{title}` appeared");
            let found = screen.xdotool(&format!("search --onlyvisible --name \"^{title}\""))?;
            program.window = found.lines().next().unwrap_or_default().into();
        }
        program.first_frame = start.elapsed();
        screen.xdotool(&format!("windowfocus --sync {}", program.window))?;
        Ok(program)
    }

    /// The window's title.
    pub fn title(&self) -> Result<String> {
        self.screen.xdotool(&format!("getwindowname {}", self.window))
    }

    /// Waits until the title is as it should be.
    pub fn wait_for_title(&self, is_good: impl Fn(&str) -> bool) -> Result<()> {
        self.wait_for_title_within(PATIENCE, is_good)
    }

    /// Waits until the title is as it should be, but no longer than this time.
    pub fn wait_for_title_within(&self, time: Duration, is_good: impl Fn(&str) -> bool) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < time {
            if is_good(&self.title()?) {
                return Ok(());
            }
            sleep(Duration::from_millis(5));
        }
        bail!("the title is still `{}`", self.title()?)
    }

    /// Clicks a place, as slowly as a hand does.
    pub fn click(&self, place: Place) -> Result<()> {
        let [x, y] = place.at();
        let press = "sleep 0.05\nmousedown 1\nsleep 0.2\nmouseup 1\nsleep 0.05"; // a frame may be slow
        self.screen.xdotool(&format!("mousemove --window {} {x} {y}\n{press}", self.window)).map(|_| ())
    }

    /// Draws a digit by the pointer.
    pub fn draw(&self, digit: &Digit) -> Result<()> {
        self.draw_on(PAD, digit)
    }

    /// Draws a digit by the pointer on the pad of the page *Train*.
    pub fn draw_small(&self, digit: &Digit) -> Result<()> {
        self.draw_on(SMALL_PAD, digit)
    }

    fn draw_on(&self, [left, top, side]: [f64; 3], digit: &Digit) -> Result<()> {
        let mut script = String::new();
        for stroke in &digit.strokes {
            for (i, [x, y]) in stroke.iter().enumerate() {
                let (x, y) = (left + x * side, top + y * side);
                writeln!(script, "mousemove --window {} {x:.0} {y:.0}", self.window)?;
                writeln!(script, "{}", if i == 0 { "mousedown 1" } else { "sleep 0.003" })?;
            }
            writeln!(script, "mouseup 1\nsleep 0.02")?;
        }
        self.screen.xdotool(&script).map(|_| ())
    }

    /// Presses a key.
    pub fn key(&self, name: &str) -> Result<()> {
        self.screen.xdotool(&format!("key {name}")).map(|_| ())
    }

    /// Types a text in place of that of a field.
    pub fn fill(&self, field: Place, text: &str) -> Result<()> {
        self.click(field)?;
        self.screen
            .xdotool(&format!("key End\nkey --repeat 30 --delay 10 BackSpace\ntype {text}\nsleep 0.05"))
            .map(|_| ())
    }

    /// Takes a picture of the window, where ImageMagick can.
    pub fn picture(&self, path: &Path) -> Result<()> {
        sleep(Duration::from_millis(150));
        let file = format!("PNG8:{}", path.display()); // a small file: 128 colours at most
        let taken = self
            .screen
            .command("import")
            .args(["-window", &self.window, "+dither", "-colors", "128"])
            .arg(file)
            .status();
        if !taken.is_ok_and(|status| status.success()) {
            say!("no picture: ImageMagick's `import` is not there");
        }
        Ok(())
    }

    /// Processor time that the program has used.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
        Ok(ticks.sum::<f64>() / 100.0)
    }

    /// Ends the program as a power cut would.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends the program by Esc and returns what it said on stderr.
    pub fn end(mut self) -> Result<String> {
        self.key("Escape")?;
        let start = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(start.elapsed() < PATIENCE, "Esc does not end the program");
            sleep(Duration::from_millis(10));
        }
        let mut said = String::new();
        if let Some(mut errors) = self.child.stderr.take() {
            errors.read_to_string(&mut said)?;
        }
        Ok(said)
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

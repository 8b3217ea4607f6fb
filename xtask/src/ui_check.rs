//! `cargo xtask ui-check`: both windows on a screen of their own, used by a real pointer and real keys.

mod digits;
mod screen;
mod shapes;
mod tour;

use crate::cargo;
use anyhow::{Context, Result, ensure};
use digits::Digit;
use screen::{Program, Screen};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

/// Use both windows on a virtual screen: draw, train, watch, look back, save and read
#[derive(clap::Args)]
#[command(after_help = "Needs Xvfb and xdotool; with ImageMagick's `import` it takes pictures too. On Debian:
  apt-get install xvfb xdotool imagemagick")]
pub struct UiCheck {
    /// Digits to draw: a stroke file of one JSON object a line, gzipped
    #[arg(long, value_name = "FILE", default_value = "../shared/data/strokes/pendigits.jsonl.gz")]
    strokes: PathBuf,
    /// Folder of programs that are built already, in place of building them
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// Put the pictures of the tour in docs, where README shows them
    #[arg(long)]
    docs: bool,
    /// Where the pictures go
    #[arg(long, value_name = "DIR", default_value = "runs/ui-check")]
    out: PathBuf,
}

/// Digits of each class that are collected, and that are read.
const EACH: usize = 3;
/// Share of the digits that the built-in model must read.
const GOOD: f64 = 0.8;

impl UiCheck {
    /// Runs the session; 0 where all is well or the means are missing, 1 where a check fails.
    pub fn run(self) -> Result<i32> {
        if let Some(reason) = missing(&["Xvfb", "xdotool"]) {
            say!("skipped: {reason}");
            return Ok(0);
        }
        let out = cargo::root().join(&self.out);
        std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
        let names = ["collect", "train", "classify"];
        let [collect, train, classify] = match &self.programs {
            Some(folder) => {
                names.map(|name| cargo::root().join(folder).join(name).with_extension(std::env::consts::EXE_EXTENSION))
            }
            None => cargo::build_all(names)?,
        };
        let (screen, places) = (Screen::start()?, [tempfile::tempdir()?, tempfile::tempdir()?]);
        let [alone, people] = [0, 1].map(|i| Session { screen: &screen, folder: places[i].path(), out: &out });
        alone.tour(&collect, &classify)?;
        if self.docs {
            tour::to_docs(&out)?;
        }
        let strokes = cargo::root().join(&self.strokes);
        let no_strokes = || format!("there are no digits to draw at {}; --strokes names others", strokes.display());
        match missing(&["gzip"]).or_else(|| (!strokes.exists()).then(no_strokes)) {
            Some(reason) => say!("skipped, digits by people: {reason}"),
            None => people.digits_by_people(&strokes, [&collect, &train, &classify])?,
        }
        say!("all is well; the pictures are in {}", out.display());
        Ok(0)
    }
}

/// Names the first of some programs that is not installed.
fn missing(programs: &[&str]) -> Option<String> {
    let found = |program: &str| Command::new("which").arg(program).output().is_ok_and(|output| output.status.success());
    let program = programs.iter().find(|program| !found(program))?;
    Some(format!("{program} is not installed; `cargo xtask ui-check --help` says what is needed"))
}

/// The means of a session in the windows.
struct Session<'a> {
    screen: &'a Screen,
    /// The folder in which the programs run.
    folder: &'a Path,
    /// The folder for pictures of the windows.
    out: &'a Path,
}

impl Session<'_> {
    /// Collects digits of people, trains on them, and reads them and others.
    fn digits_by_people(&self, strokes: &Path, [collect, train, classify]: [&Path; 3]) -> Result<()> {
        let digits = digits::read(strokes, 2 * EACH)?;
        let (collected, read): (Vec<&Digit>, Vec<&Digit>) = digits.iter().partition(|digit| digit.number < EACH);
        let drawings = self.folder.join("drawings");
        self.save(collect, &drawings, &collected)?;
        let model = self.folder.join("model.mpk");
        learn(train, &drawings, &model)?;
        self.recognise("own", classify, &["-m".as_ref(), model.as_os_str()], &collected)?;
        let right = self.recognise("ships", classify, &[], &read)?;
        let share = right as f64 / read.len() as f64;
        ensure!(share >= GOOD, "the built-in model reads only {right} of {} digits", read.len());
        Ok(())
    }

    /// Draws and saves digits in the collector, kills it while a drawing is in progress, and looks at what is there.
    fn save(&self, collect: &Path, drawings: &Path, digits: &[&Digit]) -> Result<()> {
        let program =
            Program::start(self.screen, collect, &["--to".as_ref(), drawings.as_os_str()], self.folder, "collect: 0 ")?;
        say!("collect: first frame after {:.0} ms", program.first_frame.as_secs_f64() * 1000.0);
        idle(&program, "collect")?;
        for (i, digit) in digits.iter().enumerate() {
            program.draw(digit)?;
            if i + 1 == digits.len() {
                program.picture(&self.out.join("collect.png"))?;
            }
            program.key(&digit.label)?;
            let expected = if i == 0 { "collect: 1 drawing ".into() } else { format!("collect: {} drawings ", i + 1) };
            program.wait_for_title(|title| title.starts_with(&expected)).context("the drawing was not saved")?;
        }
        program.draw(digits[0])?;
        program.kill()?;
        let count = |ending: &str| files(drawings).iter().filter(|name| name.ends_with(ending)).count();
        let (pictures, strokes) = (count(".png"), count(".json"));
        ensure!(
            (pictures, strokes) == (digits.len(), digits.len()),
            "{pictures} pictures and {strokes} strokes are saved"
        );
        say!("collect: {pictures} drawings saved, all there after kill -9 during the next");
        Ok(())
    }

    /// Draws digits in the classifier and reads its answers from the title; returns how many are right.
    fn recognise(&self, name: &str, classify: &Path, flags: &[&std::ffi::OsStr], digits: &[&Digit]) -> Result<usize> {
        let flags = [flags, &["--times".as_ref()]].concat();
        let program = Program::start(self.screen, classify, &flags, self.folder, "classify: nothing drawn")?;
        say!("classify ({name}): first frame after {:.0} ms", program.first_frame.as_secs_f64() * 1000.0);
        idle(&program, "classify")?;
        let mut right = 0;
        for (i, digit) in digits.iter().enumerate() {
            program.draw(digit)?;
            sleep(Duration::from_millis(150));
            let title = program.title()?;
            right += usize::from(title.starts_with(&format!("classify: {} (", digit.label)));
            if i == digits.len() / 2 {
                program.picture(&self.out.join(format!("classify-{name}.png")))?;
            }
            program.key("BackSpace")?;
            program.wait_for_title(|title| title == "classify: nothing drawn").context("Backspace did not clear")?;
        }
        let said = program.end()?;
        say!("classify ({name}): {right} of {} digits right", digits.len());
        for (what, after) in
            [("from a movement to the frame with its answer", "answer after "), ("the work in it", ", work ")]
        {
            let time = |line: &str| line.split_once(after)?.1.split_once(" ms")?.0.parse().ok();
            let mut times: Vec<f64> = said.lines().filter_map(time).collect();
            times.sort_by(f64::total_cmp);
            let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
            say!(
                "classify ({name}): {what}: median {:.1} ms, 95 % within {:.1} ms, of {}",
                at(0.5),
                at(0.95),
                times.len()
            );
        }
        Ok(right)
    }
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let mut found = vec![];
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path.display().to_string()),
        }
    }
    found
}

fn learn(train: &Path, drawings: &Path, model: &Path) -> Result<()> {
    let flags =
        ["--layers", "dense:64,relu", "--epochs", "60", "--batch-size", "8", "--lr", "0.003", "--augment", "light"];
    let code =
        cargo::run(Command::new(train).args(flags).arg("--quiet").arg("--data").arg(drawings).arg("--out").arg(model))?;
    ensure!(code == 0, "the drawings cannot be trained on");
    say!("train: a model from the drawings");
    Ok(())
}

/// A window that nobody touches must not use the processor.
fn idle(program: &Program, name: &str) -> Result<()> {
    sleep(Duration::from_secs(2)); // workers finish what they do at the start
    let before = program.cpu_seconds()?;
    sleep(Duration::from_secs(3));
    let share = (program.cpu_seconds()? - before) / 3.0;
    say!("{name}: {:.1} % of a core while nothing happens", share * 100.0);
    ensure!(share < 0.02, "the window is busy although nothing happens");
    Ok(())
}

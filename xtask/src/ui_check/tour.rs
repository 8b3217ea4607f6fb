//! The tour: from an empty folder to a model that reads one's drawings, in windows alone and by a real pointer.

use super::digits::Digit;
use super::screen::{Place, Program};
use super::shapes::{LABELS, drawn};
use super::{Session, files};
use crate::cargo;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Drawings of each class.
const EACH: usize = 20;
/// The drawing that is on the pad while the network learns.
const SHOWN: &str = "0";
/// Drawings of each class that the model has not learnt.
const NEW: usize = 4;
/// The file in which the classifier saves a model that was trained in it.
const MODEL: &str = "runs/trained.mpk";
/// The longest time of the training.
const PATIENCE: Duration = Duration::from_secs(240);

/// The pictures of the tour, as README shows them.
const PICTURES: [&str; 5] = ["tour-1.png", "tour-2.png", "tour-3.png", "tour-4.png", "tour-5.png"];

/// Puts the pictures of the tour into the folder of documents.
pub fn to_docs(out: &Path) -> Result<()> {
    for name in PICTURES {
        let to = cargo::root().join("docs").join(name);
        std::fs::copy(out.join(name), &to).with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(())
}

impl Session<'_> {
    /// Draws in the collector, trains in the classifier while the answer to a drawing changes, looks back, saves, and reads
    /// other drawings with the saved model.
    pub fn tour(&self, collect: &Path, classify: &Path) -> Result<()> {
        let learnt: Vec<Digit> = (0..EACH).flat_map(|i| LABELS.map(|label| drawn(label, i))).collect();
        self.draw_all(collect, "data/drawings", &learnt, Some("tour-1.png"))?;
        let new: Vec<Digit> = (EACH..EACH + NEW).flat_map(|i| LABELS.map(|label| drawn(label, i))).collect();
        self.draw_all(collect, "new", &new, None)?;
        say!("tour: {} drawings to learn, {} others", learnt.len(), new.len());
        self.train_in_the_window(classify)?;
        self.read_by_command(classify)
    }

    /// Draws digits in the collector, each kept by its key.
    fn draw_all(&self, collect: &Path, to: &str, digits: &[Digit], picture: Option<&str>) -> Result<()> {
        let program =
            Program::start(self.screen, collect, &["--to".as_ref(), to.as_ref()], self.folder, "collect: 0 ")?;
        program.fill(Place::Classes, &LABELS.concat())?;
        for (i, digit) in digits.iter().enumerate() {
            program.draw(digit)?;
            if let Some(name) = picture.filter(|_| i + 1 == digits.len()) {
                program.picture(&self.out.join(name))?;
            }
            program.key(&digit.label)?;
            let expected = format!("collect: {} drawing", i + 1);
            program.wait_for_title(|title| title.starts_with(&expected)).context("the drawing was not saved")?;
        }
        program.end().map(drop)
    }

    /// Trains a network on the page *Train* and saves the model.
    fn train_in_the_window(&self, classify: &Path) -> Result<()> {
        let program = Program::start(self.screen, classify, &[], self.folder, "classify: nothing drawn")?;
        program.draw(&drawn(SHOWN, EACH))?;
        program.click(Place::Train)?;
        program.wait_for_title(|title| title == "classify: ready to train").context("the drawings were not found")?;
        program.picture(&self.out.join("tour-2.png"))?;
        program.click(Place::BeginWithNothing)?;
        std::thread::sleep(Duration::from_millis(500)); // the data is looked at in another way
        program.wait_for_title(|title| title == "classify: ready to train")?;
        program.click(Place::Start)?;
        let is_wrong = |title: &str| title.split_once("training, reads ").is_some_and(|(_, class)| class != SHOWN);
        program.wait_for_title(is_wrong).context("random weights read the drawing as it is meant")?;
        let first = program.title()?;
        let is_right = |title: &str| title == format!("classify: training, reads {SHOWN}");
        program.wait_for_title_within(PATIENCE, is_right).context("the answer does not change while it trains")?;
        say!("tour: {first:?} becomes {:?} while the network learns", program.title()?);
        program.click(Place::Pause)?;
        program.wait_for_title(|title| title.starts_with("classify: training waits")).context("it does not wait")?;
        program.click(Place::Pause)?; // it says "Go on" now
        program.wait_for_title(is_right)?;
        std::thread::sleep(Duration::from_secs(3));
        program.picture(&self.out.join("tour-3.png"))?;
        program.wait_for_title_within(PATIENCE, |title| title.starts_with("classify: trained for"))?;
        let after = reads(&program)?;
        ensure!(after == LABELS.map(String::from), "the trained network reads {after:?} for {LABELS:?}");
        program.click(Place::FirstMoment)?;
        let first = reads(&program)?;
        ensure!(first != after, "the random network reads {first:?}, as the trained one");
        say!("tour: scrubbed back to random weights, which read {first:?}; trained ones read {after:?}");
        show(&program, SHOWN)?;
        program.picture(&self.out.join("tour-4.png"))?;
        program.click(Place::Newest)?;
        program.click(Place::Read)?;
        let is_read = |title: &str| title.starts_with(&format!("classify: {SHOWN} ("));
        program.wait_for_title(is_read).context("the model is not open")?;
        program.picture(&self.out.join("tour-5.png"))?;
        program.key("BackSpace")?;
        program.wait_for_title(|title| title == "classify: nothing drawn")?;
        program.click(Place::Save)?;
        let start = Instant::now();
        while !self.folder.join(MODEL).exists() {
            ensure!(start.elapsed() < PATIENCE, "the model is not saved");
            std::thread::sleep(Duration::from_millis(20));
        }
        program.end().map(drop)
    }

    /// Reads drawings that were not learnt with the saved model.
    fn read_by_command(&self, classify: &Path) -> Result<()> {
        let pictures: Vec<String> =
            files(&self.folder.join("new")).into_iter().filter(|name| name.ends_with(".png")).collect();
        ensure!(pictures.len() == NEW * LABELS.len(), "{} pictures are there", pictures.len());
        let mut command = Command::new(classify);
        let output = command.args(["-m", MODEL, "-i"]).args(&pictures).current_dir(self.folder).output()?;
        ensure!(output.status.success(), "classify -i: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let right = pictures.iter().filter(|path| {
            let label =
                Path::new(path).parent().and_then(Path::file_name).map(|folder| folder.to_string_lossy().into_owned());
            let label = label.unwrap_or_default();
            let answer = said.lines().find(|line| line.contains(path.as_str()));
            answer.is_some_and(|line| line.replace(path.as_str(), "").contains(label.trim_start_matches("digit_")))
        });
        let right = right.count();
        say!("tour: the saved model reads {right} of {} other drawings by `classify -i`", pictures.len());
        ensure!(10 * right >= 9 * pictures.len(), "it reads only {right}:\n{said}");
        Ok(())
    }
}

/// Draws a digit on the fresh pad of the page *Train*.
fn show(program: &Program<'_>, label: &str) -> Result<()> {
    program.key("BackSpace")?;
    program.wait_for_title(|title| !title.contains("reads")).context("Backspace did not clear")?;
    program.draw_small(&drawn(label, EACH + NEW))?;
    program.wait_for_title(|title| title.contains("reads")).context("the drawing was not read")?;
    std::thread::sleep(Duration::from_millis(300)); // the answer to the whole drawing
    Ok(())
}

/// The answers of the network that is shown to a digit of each label.
fn reads(program: &Program<'_>) -> Result<[String; 3]> {
    let mut answers = [const { String::new() }; 3];
    for (label, answer) in LABELS.iter().zip(&mut answers) {
        show(program, label)?;
        *answer = program.title()?.split_once("reads ").map_or_else(String::new, |(_, class)| class.into());
    }
    Ok(answers)
}

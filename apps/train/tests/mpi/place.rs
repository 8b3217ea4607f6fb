//! A folder with data, and the programs that run in it.

use nn_data::{Dataset, Size, csv};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The program under test.
const TRAIN: &str = env!("CARGO_BIN_EXE_train");
/// Seconds after which `mpirun` ends processes that wait for each other for ever.
const SECONDS: &str = "600";

/// A folder with `data.csv`, 200 pictures of 12x12 pixels in four classes, and `more.csv`, with others.
pub struct Place {
    folder: TempDir,
}

/// The end of a program, and what it said.
pub struct Outcome {
    success: bool,
    said: String,
}

impl Place {
    /// The folder; `None`, with a word, where there is no `mpirun`.
    pub fn new() -> Option<Self> {
        if Command::new("mpirun").arg("--version").output().is_err() {
            assert!(std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none(), "there is no mpirun");
            eprintln!("skipped: there is no mpirun; Debian has it as openmpi-bin");
            return None;
        }
        let place = Self { folder: tempfile::tempdir().unwrap() };
        for (name, salt) in [("data.csv", 0), ("more.csv", 1)] {
            let pixel = |i: usize, p: usize| {
                let bright = (p / 12 < 6) == (i % 4 < 2) && (p % 12 < 6) == i.is_multiple_of(2);
                (i * 31 + p * 17 + salt) % 90 + if bright { 150 } else { 0 }
            };
            let pixels = (0..200).flat_map(|i| (0..144).map(move |p| pixel(i, p) as u8)).collect();
            let labels: Vec<String> = (0..200).map(|i| ["a", "b", "c", "d"][i % 4].into()).collect();
            let data = Dataset::from_names(Size::new(12, 12, 1), pixels, &labels, vec![]).unwrap();
            csv::write(&data, &place.path(name)).unwrap();
        }
        Some(place)
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The bytes of a file.
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// The lines of `metrics.jsonl` without what time decides.
    pub fn curves(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.read("metrics.jsonl")).unwrap();
        let line = |line: &str| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            for name in ["seconds", "samples_per_second", "train_seconds", "threads"] {
                line.as_object_mut().unwrap().remove(name);
            }
            line
        };
        text.lines().map(line).collect()
    }

    /// Runs `train` as one process. No word of the line has a space within.
    pub fn train(&self, line: &str) -> Outcome {
        outcome(Command::new(TRAIN).args(line.split(' ')).current_dir(self.folder.path()).output().unwrap())
    }

    /// Runs `train` as several processes; `TRAIN` in the line names the program again.
    pub fn mpirun(&self, ranks: usize, line: &str) -> Outcome {
        outcome(self.start(ranks, line).wait_with_output().unwrap())
    }

    /// Runs `train` as two processes on hosts of their own.
    pub fn on_two_hosts(&self, line: &str) -> Outcome {
        let mut script = as_root(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mpi/hosts.sh"));
        script.args([SECONDS, TRAIN]).args(line.split(' '));
        outcome(script.current_dir(self.folder.path()).output().unwrap())
    }

    /// Starts `train` as several processes. They may be more than there are cores, and none is bound to one.
    pub fn start(&self, ranks: usize, line: &str) -> Child {
        let mut program = Command::new("mpirun");
        program.args(["-n", &ranks.to_string(), TRAIN]);
        program.args(line.split(' ').map(|word| if word == "TRAIN" { TRAIN } else { word }));
        for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "OMPI_MCA_rmaps_base_oversubscribe"] {
            program.env(name, "1");
        }
        program.env("OMPI_MCA_hwloc_base_binding_policy", "none").env("OMPI_MCA_mpi_yield_when_idle", "1");
        program.env("MPIEXEC_TIMEOUT", SECONDS).env("RAYON_NUM_THREADS", "1").current_dir(self.folder.path());
        program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

/// Whether hosts can be made of network namespaces; says so where not.
pub fn can_make_hosts() -> bool {
    let made = as_root("ip").args(["netns", "add", "barnacle-try"]).output();
    let made = made.is_ok_and(|output| output.status.success());
    match made {
        true => assert!(as_root("ip").args(["netns", "del", "barnacle-try"]).status().unwrap().success()),
        false => {
            assert!(std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none(), "there can be no network namespaces");
            eprintln!("skipped: network namespaces need root (or sudo without a password) and iproute2");
        }
    }
    made
}

/// A program with the rights of root: by sudo, where the test has none.
fn as_root(program: &str) -> Command {
    let user = Command::new("id").arg("-u").output().unwrap();
    if user.stdout == b"0\n" {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", program]);
    sudo
}

impl Outcome {
    /// Returns the words of a program that did its work.
    pub fn success(self) -> String {
        assert!(self.success, "{}", self.said);
        self.said
    }

    /// Returns the words of a program that failed.
    pub fn failure(self) -> String {
        assert!(!self.success, "{}", self.said);
        self.said
    }
}

/// How a program ended.
pub fn outcome(output: Output) -> Outcome {
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Outcome { success: output.status.success(), said }
}

/// Kills the last of the processes that `mpirun` has started, so that it cannot say a word.
pub fn kill_one(mpirun: &mut Child) {
    let children = format!("/proc/{0}/task/{0}/children", mpirun.id());
    let children = std::fs::read_to_string(children).unwrap();
    let last = children.split_whitespace().last().unwrap();
    assert!(Command::new("kill").args(["-9", last]).status().unwrap().success());
}

//! The trainings of a sweep: every combination of the values of its flags.

use crate::args::Args;
use crate::args::subcommand::Sweep;
use crate::command::command_of;
use anyhow::{Result, anyhow, bail, ensure};
use clap::Parser;
use cli::say::count;

/// Flags that take several values, separated by commas. `--layers` comes several times instead.
const SWEPT: [&str; 14] = [
    "--preset",
    "--loss",
    "--optimizer",
    "--lr",
    "--schedule",
    "--weight-decay",
    "--label-smoothing",
    "--clip",
    "--epochs",
    "--batch-size",
    "--augment",
    "--fade",
    "--views",
    "--limit",
];
/// Flags that make no sense for many trainings that are only measured.
const REFUSED: [&str; 11] = [
    "--out",
    "--test",
    "--checkpoint",
    "--resume",
    "--metrics",
    "--report",
    "--watch",
    "--find-lr",
    "--overfit",
    "--seed",
    "-v",
];

/// All trainings of a sweep.
pub struct Plan {
    /// The names of the settings that have several values, without their dashes.
    pub names: Vec<String>,
    /// The trainings: combinations in the order of their flags, each with all seeds.
    pub trials: Vec<Trial>,
    seeds: u64,
}

/// One training.
pub struct Trial {
    /// The values of the settings that have several.
    pub values: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// The command that trains it.
    pub command: String,
    /// The same for the program.
    pub args: Args,
}

impl Plan {
    /// Reads the flags of a sweep.
    ///
    /// # Errors
    /// The flag that does not belong there, or that `train` does not know.
    pub fn new(sweep: &Sweep) -> Result<Self> {
        let (mut same, mut swept) = (vec![], vec![]);
        for group in groups(&sweep.flags)? {
            let (flag, values) = (&group[0], &group[1..]);
            ensure!(!REFUSED.contains(&flag.as_str()), "{flag} is not for a sweep{}", remedy(flag));
            let values: Vec<&str> = match flag.as_str() {
                "--layers" => values.iter().map(String::as_str).collect(),
                name if SWEPT.contains(&name) => values.iter().flat_map(|value| value.split(',')).collect(),
                _ => vec![],
            };
            match values[..] {
                [] | [_] => same.extend(group),
                _ => swept.push((flag.clone(), values.into_iter().map(String::from).collect::<Vec<_>>())),
            }
        }
        let mut trials = vec![];
        for values in combinations(&swept) {
            for seed in 1..=sweep.seeds {
                trials.push(Trial::new(&same, &swept, values.clone(), seed)?);
            }
        }
        let names = swept.iter().map(|(flag, _)| flag.trim_start_matches('-').to_string()).collect();
        Ok(Self { names, trials, seeds: sweep.seeds })
    }

    /// The line that tells how large the sweep is, where some trainings are `left`.
    pub fn told(&self, left: usize) -> String {
        let combinations = self.trials.len() / self.seeds as usize;
        let (combinations, seeds) =
            (count(combinations, "combination", "combinations"), count(self.seeds as usize, "seed", "seeds"));
        let before = match self.trials.len() - left {
            0 => String::new(),
            done => format!("; {done} are in the table already"),
        };
        format!("{combinations} with {seeds} each: {}{before}", count(left, "training", "trainings"))
    }
}

impl Trial {
    fn new(same: &[String], swept: &[(String, Vec<String>)], values: Vec<String>, seed: u64) -> Result<Self> {
        let mut words = same.to_vec();
        swept.iter().zip(&values).for_each(|((flag, _), value)| words.extend([flag.clone(), value.clone()]));
        words.extend(["--seed".into(), seed.to_string()]);
        let args = Args::try_parse_from(std::iter::once("train").chain(words.iter().map(String::as_str)));
        let args = args.map_err(|error| {
            let text = error.to_string();
            anyhow!("{}", text.lines().next().unwrap_or_default().trim_start_matches("error: "))
        })?;
        Ok(Self { values, seed, command: command_of(words.into_iter()), args })
    }

    /// The values and the seed, as a line has them.
    pub fn told(&self) -> String {
        let values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        [&values[..], &[&format!("seed {}", self.seed)]].concat().join("  ")
    }
}

/// The way to go instead of a flag that is refused.
fn remedy(flag: &str) -> &'static str {
    match flag {
        "--seed" => ": --seeds N takes the seeds 1 to N",
        "--out" | "--report" | "--metrics" => ": it saves no model; train the best one by the command that it prints",
        "--test" => ", which never looks at a test set",
        _ => "",
    }
}

/// Each flag with the words behind it; a flag that comes again adds to the first.
fn groups(words: &[String]) -> Result<Vec<Vec<String>>> {
    let mut groups: Vec<Vec<String>> = vec![];
    let mut at = None;
    for word in words {
        if word.starts_with("--") || word == "-v" {
            let (flag, value) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
            let known = groups.iter().position(|group| group[0] == flag);
            let place = known.unwrap_or_else(|| {
                groups.push(vec![flag.to_string()]);
                groups.len() - 1
            });
            groups[place].extend(value.map(String::from));
            at = Some(place);
        } else {
            match at {
                Some(place) => groups[place].push(word.clone()),
                None => bail!("a sweep begins with a flag of `train`, as --data, not with {word}"),
            }
        }
    }
    Ok(groups)
}

/// All combinations of one value of each flag, the last flag moving first.
fn combinations(swept: &[(String, Vec<String>)]) -> Vec<Vec<String>> {
    let longer = |all: Vec<Vec<String>>, (_, values): &(String, Vec<String>)| {
        let with = |before: &Vec<String>| {
            values.iter().map(|value| [&before[..], std::slice::from_ref(value)].concat()).collect::<Vec<_>>()
        };
        all.iter().flat_map(with).collect()
    };
    swept.iter().fold(vec![vec![]], longer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::args::subcommand::Running;

    fn plan(line: &str, seeds: u64) -> Result<Plan> {
        let flags = line.split(' ').map(String::from).collect();
        Plan::new(&Sweep { to: "t.csv".into(), seeds, running: Running::default(), flags })
    }

    #[test]
    fn every_combination_is_a_training() {
        let line = "--data a b --lr 0.1,0.2 --layers dense:9,relu --epochs 3 --batch-size=8,16 --layers dense:5";
        let plan = plan(line, 2).unwrap();
        assert_eq!(plan.names, ["lr", "layers", "batch-size"]);
        assert_eq!(plan.trials.len(), 16);
        assert_eq!(
            plan.trials[1].command,
            "train --data a b --epochs 3 --lr 0.1 --layers dense:9,relu --batch-size 8 --seed 2"
        );
        assert_eq!(plan.trials[15].told(), "0.2  dense:5  16  seed 2");
        assert_eq!(plan.told(15), "8 combinations with 2 seeds each: 15 trainings; 1 are in the table already");
        assert_eq!(plan.trials[15].args.settings.batch_size, Some(16));
    }

    #[test]
    fn flags_that_do_not_belong_there_are_refused() {
        for (line, error) in [
            ("--data a --seed 3", "--seed is not for a sweep: --seeds N takes the seeds 1 to N"),
            ("--data a --test b", "--test is not for a sweep, which never looks at a test set"),
            ("a --lr 1", "a sweep begins with a flag of `train`, as --data, not with a"),
            ("--data a --lr 0.1,x", "invalid value 'x' for '--lr <RATE>': it must be a number above 0"),
        ] {
            assert_eq!(plan(line, 1).err().unwrap().to_string(), error);
        }
    }
}

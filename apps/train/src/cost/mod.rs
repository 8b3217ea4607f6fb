//! `train machines`: at how many processes a training is fastest, from the time of a share of each step and the speed of the way
//! between processes.

mod link;
mod step;

use crate::args::subcommand::Cost;
use crate::machines::Machines;
use anyhow::Result;
use cli::output::{self, Kind, Output};
use cli::pool::on_threads;
use cli::say::Say;
use link::Link;
use nn_train::Preset;
use report::plot::axis::Axis;
use report::plot::{COLOURS, Curve, CurveLook, Plot, svg, terminal};
use step::OwnStep;

/// A batch has at most as many parts.
const MOST: usize = 8;
/// Each number of processes is measured in as many rounds; the fastest counts, as other work only slows some down.
const ROUNDS: usize = 3;

/// The steps of a preset by the number of processes, from one on.
struct Costs {
    preset: Preset,
    steps: Vec<OwnStep>,
}

impl Costs {
    /// How much faster `n` processes are than one.
    fn speed_up(&self, n: usize, network: &Link) -> f64 {
        self.steps[0].seconds / (self.steps[n - 1].seconds + network.seconds(&self.steps[n - 1]))
    }

    /// The number of processes that are fastest.
    fn best(&self, network: &Link) -> usize {
        (1..=MOST).max_by(|&a, &b| self.speed_up(a, network).total_cmp(&self.speed_up(b, network))).unwrap_or(1)
    }
}

/// Measures the network and the presets, and prints and draws what follows.
///
/// # Errors
/// When the plot cannot be written.
pub fn run(args: &Cost, machines: &Machines) -> Result<()> {
    let network = Link::measure(machines);
    machines.part();
    if !machines.leads() {
        return Ok(());
    }
    if let Some(path) = &args.to {
        output::check(&[Output { path, kind: Kind::Plot }], &[], args.running.force)?;
    }
    let say = Say { quiet: args.running.quiet };
    say.line(network.told());
    let costs = |preset: Preset| {
        say.line(format_args!("measures steps of the preset {}", preset.name()));
        let recipe = preset.recipe();
        let round = || (1..=MOST).map(|n| step::measure(&recipe, preset.colour(), n)).collect::<Result<Vec<_>>>();
        let mut steps = round()?;
        for _ in 1..ROUNDS {
            let faster = |(old, new): (OwnStep, OwnStep)| if new.seconds < old.seconds { new } else { old };
            steps = steps.into_iter().zip(round()?).map(faster).collect();
        }
        anyhow::Ok(Costs { preset, steps })
    };
    let all = on_threads(args.running.threads, || Preset::ALL.into_iter().map(costs).collect::<Result<Vec<_>>>())??;
    let speeds = plot(&all, &network);
    if let Some(path) = &args.to {
        nn_data::disk::write(path, svg::with_legend(&speeds, TITLE)?.as_bytes())?;
    }
    cli::say::result(format_args!("{}\n\n{TITLE}\n{}", table(&all, &network), terminal::draw(&speeds).trim_end()))
}

/// The title of the plot.
const TITLE: &str = "speed by the number of processes, as multiples of one";

fn plot(all: &[Costs], network: &Link) -> Plot {
    let curve = |(k, costs): (usize, &Costs)| Curve {
        name: costs.preset.name().into(),
        look: CurveLook { colour: COLOURS[k % COLOURS.len()], sign: (b'a' + k as u8) as char, has_dots: true },
        points: (1..=MOST).map(|n| (n as f64, costs.speed_up(n, network))).collect(),
    };
    let axis = || Axis::epochs(1, MOST as u32);
    Plot { x: axis(), y: axis(), curves: all.iter().enumerate().map(curve).collect() }
}

/// A line for each preset.
fn table(all: &[Costs], network: &Link) -> String {
    let head = "preset    batch  step of one  messages  received by each of 2  speed of 2     3     4     8  fastest";
    let line = |costs: &Costs| {
        let [one, two] = [&costs.steps[0], &costs.steps[1]];
        let [a, b, c, d] = [2, 3, 4, 8].map(|n| costs.speed_up(n, network));
        format!(
            "{:<9} {:>5} {:>9.2} ms {:>9} {:>18.0} KiB  {a:>10.2} {b:>5.2} {c:>5.2} {d:>5.2}  {:>7}",
            costs.preset.name(),
            costs.preset.recipe().batch_size,
            1e3 * one.seconds,
            two.messages,
            two.bytes / 1024.0,
            costs.best(network),
        )
    };
    std::iter::once(head.into()).chain(all.iter().map(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_network_makes_few_processes_fastest() {
        let step = |n: usize| OwnStep {
            seconds: 8e-3 / n as f64,
            messages: if n > 1 { 10.0 } else { 0.0 },
            bytes: 1e5 * (n - 1) as f64,
        };
        let costs = Costs { preset: Preset::Cnn, steps: (1..=MOST).map(step).collect() };
        let ideal = Link { latency: 0.0, bandwidth: f64::INFINITY, processes: 1 };
        assert_eq!((costs.best(&ideal), costs.speed_up(4, &ideal)), (8, 4.0));
        let slow = Link { latency: 1e-4, bandwidth: 1e8, processes: 2 };
        // Of three processes a step takes 8/3 ms, and 1 ms for messages and 2 ms for 0.2 MB; of two 4, 1 and 1 ms.
        assert!((costs.speed_up(3, &slow) - 8.0 / (8.0 / 3.0 + 3.0)).abs() < 1e-9);
        assert_eq!(costs.best(&slow), 3);
        let slower = Link { latency: 1e-3, ..slow };
        assert_eq!(costs.best(&slower), 1);
    }
}

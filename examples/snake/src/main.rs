//! Snake: a perceptron with two hidden layers learns the game from a teacher, then plays alone.
//!
//! `cargo run --release -p snake` trains it on a board of 5x5 cells and lets it play 1000 games.

mod agent;
mod board;
mod cycle;
mod game;
mod teacher;
mod terminal;
mod training;

use crate::board::Board;
use crate::game::Game;
use crate::training::{Plan, Tally, train};
use anyhow::{Result, ensure};
use clap::Parser;
use nn_core::Network;
use std::path::PathBuf;
use std::time::Instant;

/// The first seed of the games that measure a network: none of these is played in training.
const FIRST_MEASURED: u64 = 1;

/// A network learns to play snake from a teacher, then plays alone
///
/// The teacher follows a way round the board that meets every cell, with short cuts. The network sees the cells and decides alone:
/// nothing is searched, but ways that end the game at once are masked.
#[derive(Parser)]
#[command(after_help = "Examples:\n  snake                        train on 5x5, then play 1000 games\n  \
    snake --board 10x10 --save s.bin\n  snake --board 10x10 --load s.bin --watch\n  snake --play")]
struct Args {
    /// Size of the board, WxH, 3 to 20 each
    #[arg(long, value_name = "WxH", default_value = "5x5")]
    board: Board,
    /// Steps of training; the default goes by the size of the board
    #[arg(long, value_parser = clap::value_parser!(u64).range(20..))]
    steps: Option<u64>,
    /// Seed of the network and of the games in training
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..1 << 31))]
    seed: u64,
    /// Number of games that measure the network
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..1 << 31))]
    games: u64,
    /// Write the parameters to a file: a line with the size of the board, then 4 bytes each
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Do not train, but read the parameters that --save wrote for the same board
    #[arg(long, value_name = "FILE", conflicts_with_all = ["steps", "save"])]
    load: Option<PathBuf>,
    /// Watch the network play a game
    #[arg(long)]
    watch: bool,
    /// Play yourself
    #[arg(long, conflicts_with_all = ["watch", "load", "save", "steps"])]
    play: bool,
}

fn main() {
    if let Err(error) = run(&Args::parse()) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn run(args: &Args) -> Result<()> {
    let game = || Game::new(args.board, FIRST_MEASURED);
    if args.play {
        return terminal::play(game());
    }
    if let Some(path) = &args.save {
        agent::check_place(path)?;
    }
    let network = match &args.load {
        Some(path) => agent::load(args.board, path)?,
        None => trained(args)?,
    };
    if let Some(path) = &args.save {
        agent::save(&network, args.board, path)?;
        println!("saved to {}", path.display());
    }
    if args.watch {
        return terminal::watch(&network, game());
    }
    let mut tally = Tally::default();
    let seeds = FIRST_MEASURED..FIRST_MEASURED + args.games;
    agent::play(&network, args.board, seeds).iter().for_each(|game| tally.add(game));
    println!(
        "{} new games: mean final length {:.2} of {}, won {:.1} %, starved {:.1} %",
        tally.games,
        tally.mean_length(),
        args.board.cells(),
        100.0 * tally.won(),
        100.0 * tally.starved as f64 / tally.games as f64
    );
    println!("the network decided alone; ways that end the game at once were masked");
    check_promise(args, &tally)
}

/// Trains, and prints the curve of the mean length over the games.
fn trained(args: &Args) -> Result<Network> {
    let cells = args.board.cells();
    let plan = Plan { steps: args.steps.unwrap_or(200 * cells as u64), seed: args.seed };
    println!("{}", agent::untrained(args.board, args.seed)?.summary());
    println!("games ended  mean length  won");
    let start = Instant::now();
    let network = train(args.board, plan, &mut |ended, tally| {
        let (mean, won) = (tally.mean_length(), 100.0 * tally.won());
        let bar = "#".repeat((40.0 * mean / cells as f64).round() as usize);
        println!("{ended:11}  {mean:11.2}  {won:3.0} %  {bar}");
    })?;
    println!("{} steps in {:.0} s", plan.steps, start.elapsed().as_secs_f64());
    Ok(network)
}

/// Fails where a training with the default settings falls short of what this example promises.
fn check_promise(args: &Args, tally: &Tally) -> Result<()> {
    if args.load.is_some() || args.steps.is_some() || args.seed != 1 || args.games < 1000 {
        return Ok(());
    }
    let (length, won) = match (args.board.width, args.board.height) {
        (5, 5) => (24.0, 0.8),
        (10, 10) => (90.0, 0.8),
        _ => return Ok(()),
    };
    ensure!(tally.mean_length() >= length && tally.won() >= won, "it should have learnt this better");
    println!("promised: a mean length of at least {length}, at least {:.0} % won", 100.0 * won);
    Ok(())
}

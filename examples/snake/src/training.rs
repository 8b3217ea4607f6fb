//! Training by imitation: many games are played at once, the teacher says what it would do in each, and the network learns that.
//!
//! In half of the games the network plays, so that it learns what to do where its own mistakes have led it (Ross, Gordon and Bagnell 2011);
//! in the others the teacher does, so that there are long snakes from the beginning. Each position is used once.

use crate::agent::{choose, see, untrained};
use crate::board::{Board, DIRECTIONS};
use crate::cycle::Cycle;
use crate::game::{Ending, Game};
use crate::teacher::Teacher;
use anyhow::Result;
use nn_core::{Adam, Loss, Network, Schedule, Trainer, Workspace};

/// Games that are played at once: the batch.
const GAMES: usize = 512;
/// The peak of the learning rate.
const RATE: f32 = 0.002;

/// The extent of a training.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Number of steps: in each, every game goes on by a step and the network learns from it.
    pub steps: u64,
    /// Seed of the network and of the games.
    pub seed: u64,
}

/// The results of some games.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Number of games.
    pub games: usize,
    /// Sum of the final lengths.
    pub length: usize,
    /// Games won.
    pub won: usize,
    /// Games that ended in hunger.
    pub starved: usize,
}

impl Tally {
    /// Counts a game that has ended.
    pub fn add(&mut self, game: &Game) {
        self.games += 1;
        self.length += game.length();
        self.won += (game.end() == Some(Ending::Won)) as usize;
        self.starved += (game.end() == Some(Ending::Starved)) as usize;
    }

    /// Mean final length.
    pub fn mean_length(&self) -> f64 {
        self.length as f64 / self.games.max(1) as f64
    }

    /// Share of the games that were won, 0 to 1.
    pub fn won(&self) -> f64 {
        self.won as f64 / self.games.max(1) as f64
    }
}

/// Trains a network for a board. A twentieth of the steps at a time, `report` gets the number of games that the network has
/// ended so far, and the tally of those since the last report.
///
/// # Errors
/// None for the boards that there are.
pub fn train(board: Board, plan: Plan, report: &mut dyn FnMut(usize, Tally)) -> Result<Network> {
    let teacher = Teacher::new(Cycle::new(board));
    let mut trainer = Trainer::new(untrained(board, plan.seed)?, Loss::cross_entropy(), Adam::default(), plan.seed)?;
    let mut seeds = plan.seed << 32..;
    let mut games: Vec<Game> = seeds.by_ref().take(GAMES).map(|seed| Game::new(board, seed)).collect();
    let (mut x, mut workspace) = (vec![], Workspace::default());
    let (mut ended, mut tally) = (0, Tally::default());
    for step in 0..plan.steps {
        x.clear();
        games.iter().for_each(|game| see(game, &mut x));
        let advice: Vec<_> = games.iter().map(|game| teacher.advise(game).unwrap_or(DIRECTIONS[0])).collect();
        let mut ways = choose(&games, trainer.network().infer(&x, &mut workspace));
        ways[GAMES / 2..].copy_from_slice(&advice[GAMES / 2..]);
        let labels: Vec<u32> = advice.iter().map(|direction| *direction as u32).collect();
        trainer.step(&x, &labels, Schedule::OneCycle.rate(RATE, step, plan.steps, 0));
        for (i, (game, way)) in games.iter_mut().zip(ways).enumerate() {
            game.step(way);
            if game.end().is_some() {
                let next = Game::new(board, seeds.next().unwrap_or_default());
                let over = std::mem::replace(game, next);
                if i < GAMES / 2 {
                    tally.add(&over);
                }
            }
        }
        if (step + 1) * 20 % plan.steps < 20 {
            ended += tally.games;
            report(ended, std::mem::take(&mut tally));
        }
    }
    Ok(trainer.into_network())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::play;

    #[test]
    fn a_short_training_makes_snakes_longer() {
        let board = Board { width: 3, height: 3 };
        let mut curve = vec![];
        let plan = Plan { steps: 300, seed: 1 };
        let network = train(board, plan, &mut |ended, tally| curve.push((ended, tally.mean_length()))).unwrap();
        assert!(curve.len() == 20 && curve.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{curve:?}");
        let mut tally = Tally::default();
        play(&network, board, 0..200).iter().for_each(|game| tally.add(game));
        assert!(tally.mean_length() > curve[0].1 + 1.0, "{curve:?} {tally:?}");
    }
}

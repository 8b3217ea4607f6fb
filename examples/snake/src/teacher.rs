//! The teacher: follows the way round the board, and takes short cuts to the food while there is much room.
//!
//! As long as the snake lies in the order of the way, from its tail to its head, the cells between head and tail are free, and following
//! the way never ends. A short cut forward keeps the order if it does not pass the tail. So the teacher wins every game that it
//! plays alone. Where a pupil has left the order, it leads back: towards the way, and not into dead ends.

use crate::board::{Cell, DIRECTIONS, Direction};
use crate::cycle::Cycle;
use crate::game::Game;
use std::collections::VecDeque;

/// The teacher on one board.
pub struct Teacher {
    cycle: Cycle,
}

impl Teacher {
    /// The teacher who knows this way round.
    pub fn new(cycle: Cycle) -> Self {
        Self { cycle }
    }

    /// Returns the way to go; `None` where every way ends the game.
    pub fn advise(&self, game: &Game) -> Option<Direction> {
        let ways = game.ways();
        let best = if self.is_in_order(game) {
            ways.filter(|(_, cell)| self.keeps_order(game, *cell)).max_by_key(|(_, cell)| self.progress(game, *cell))
        } else {
            ways.max_by_key(|(_, cell)| self.prospect(game, *cell))
        };
        best.map(|(direction, _)| direction)
    }

    /// Returns `true` where the snake, from its tail to its head, lies along the way within one round.
    fn is_in_order(&self, game: &Game) -> bool {
        let from_tail = game.body().rev().zip(game.body().rev().skip(1));
        from_tail.map(|(from, to)| self.cycle.steps(from, to)).sum::<usize>() < self.cycle.len()
    }

    /// Returns `true` where the snake still lies in order after a step to `cell`.
    fn keeps_order(&self, game: &Game, cell: Cell) -> bool {
        let (ahead, room) = (self.cycle.steps(game.head(), cell), self.cycle.steps(game.head(), game.tail()));
        let eats = cell == game.food();
        let wins = game.length() + 1 == game.board().cells();
        // The tail moves on where nothing is eaten. A snake of one cell that ate the cell behind it would have to turn on the spot.
        (ahead < room || ahead == room && (!eats || wins)) && ahead + 1 < self.cycle.len()
    }

    /// Returns how good a step that keeps the order is: the food is best, else the more cells are skipped the better. Past the
    /// food nothing leads, and where there is little room only a single step along the way.
    fn progress(&self, game: &Game, cell: Cell) -> usize {
        let (ahead, to_food) = (self.cycle.steps(game.head(), cell), self.cycle.steps(game.head(), game.food()));
        // Food beside a twin that is taken is reached only when the snake lies without gaps, a round later.
        let blocked = self.cycle.twin(game.food()).is_some_and(|twin| game.is_body(twin));
        let roomy = 2 * game.length() <= game.board().cells() && !blocked;
        match ahead {
            _ if cell == game.food() && (roomy || ahead == 1) => 3 * self.cycle.len(),
            1 => self.cycle.len() + (ahead < to_food) as usize,
            _ if roomy && ahead < to_food => self.cycle.len() + ahead,
            _ => self.cycle.len() - ahead,
        }
    }

    /// Returns how good a step is for a snake out of order: first that it can still reach its tail, then how many cells it can reach, as far as
    /// that matters, then how near to the way it stays.
    fn prospect(&self, game: &Game, cell: Cell) -> (bool, usize, usize) {
        let mut after = game.clone();
        let direction = DIRECTIONS.into_iter().find(|direction| game.step_to(*direction) == Some(cell));
        direction.into_iter().for_each(|direction| after.step(direction));
        let (to_tail, reached) = reach(&after);
        let near = self.cycle.len() - self.cycle.steps(game.head(), cell);
        (to_tail, if to_tail { 0 } else { reached }, near)
    }
}

/// Returns whether the head can reach the tail, and how many cells it can reach.
fn reach(game: &Game) -> (bool, usize) {
    let board = game.board();
    let mut seen = vec![false; board.cells()];
    let (mut open, mut reached, mut to_tail) = (VecDeque::from([game.head()]), 0, game.length() == 1);
    while let Some(cell) = open.pop_front() {
        for next in DIRECTIONS.into_iter().filter_map(|direction| board.beside(cell, direction)) {
            to_tail |= next == game.tail() && (cell != game.head() || game.length() > 2);
            if !seen[next] && !game.is_body(next) {
                seen[next] = true;
                reached += 1;
                open.push_back(next);
            }
        }
    }
    (to_tail, reached)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;
    use crate::game::Ending;

    #[test]
    fn the_teacher_wins_every_game() {
        for (width, height) in [(3, 3), (4, 3), (3, 4), (5, 5), (7, 5), (6, 6), (10, 10)] {
            let board = Board { width, height };
            let teacher = Teacher::new(Cycle::new(board));
            for seed in 0..20 {
                let mut game = Game::new(board, seed);
                while game.end().is_none() {
                    assert!(teacher.is_in_order(&game), "{board}, seed {seed}");
                    let way = teacher.advise(&game).expect("there is always a way on");
                    game.step(way);
                }
                assert_eq!(game.end(), Some(Ending::Won), "{board}, seed {seed}: {}", game.length());
            }
        }
    }

    #[test]
    fn the_teacher_leads_a_pupil_back() {
        let board = Board { width: 6, height: 6 };
        let teacher = Teacher::new(Cycle::new(board));
        let mut led_back = 0;
        for seed in 0..100 {
            let mut game = Game::new(board, seed);
            // A pupil who errs in every eighth step, until the snake is a quarter of the board, and never again.
            let mut rng = nn_core::rng::Rng::new(seed);
            while game.end().is_none() {
                let errs = game.length() < 9 && rng.uniform() < 0.125;
                let any = game.ways().nth((rng.next_u64() % 3) as usize).filter(|_| errs);
                let way = any.map(|(direction, _)| direction).or_else(|| teacher.advise(&game));
                game.step(way.unwrap_or(Direction::Up));
            }
            led_back += (game.end() == Some(Ending::Won)) as usize;
        }
        assert!(led_back >= 90, "{led_back} of 100");
    }
}

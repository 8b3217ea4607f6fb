//! The rules of snake: eat and grow; a wall or the snake itself ends the game, and so does a board that is full.

use crate::board::{Board, Cell, DIRECTIONS, Direction};
use nn_core::rng::Rng;
use std::collections::VecDeque;

/// A game counts as starved after this many steps per cell of the board without food.
const PATIENCE: usize = 4;

/// How a game ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The snake fills the board.
    Won,
    /// It ran into a wall or into itself.
    Died,
    /// It went about for long without eating.
    Starved,
}

/// A game as it stands.
#[derive(Clone, Debug)]
pub struct Game {
    board: Board,
    /// The cells of the snake, the head first.
    body: VecDeque<Cell>,
    is_body: Vec<bool>,
    food: Cell,
    /// Steps since the last meal.
    hungry: usize,
    end: Option<Ending>,
    rng: Rng,
}

impl Game {
    /// A snake of one cell on an empty board. The seed decides where it lies and where food appears.
    pub fn new(board: Board, seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let head = random_below(board.cells(), &mut rng);
        let mut is_body = vec![false; board.cells()];
        is_body[head] = true;
        let mut game = Self { board, body: VecDeque::from([head]), is_body, food: head, hungry: 0, end: None, rng };
        game.put_food();
        game
    }

    /// The board.
    pub fn board(&self) -> Board {
        self.board
    }

    /// The cells of the snake, from the head to the tail.
    pub fn body(&self) -> impl DoubleEndedIterator<Item = Cell> + ExactSizeIterator {
        self.body.iter().copied()
    }

    /// Returns the number of cells of the snake.
    pub fn length(&self) -> usize {
        self.body.len()
    }

    /// The first cell of the snake.
    pub fn head(&self) -> Cell {
        self.body[0]
    }

    /// The last cell of the snake.
    pub fn tail(&self) -> Cell {
        self.body[self.body.len() - 1]
    }

    /// The cell with the food.
    pub fn food(&self) -> Cell {
        self.food
    }

    /// Returns `true` where the snake lies on a cell.
    pub fn is_body(&self, cell: Cell) -> bool {
        self.is_body[cell]
    }

    /// How the game ended, if it has.
    pub fn end(&self) -> Option<Ending> {
        self.end
    }

    /// Returns the cell that a step leads to; `None` where it would end in a wall or in the snake. The tail moves on in the same
    /// step, so its cell is free, unless the snake would turn on the spot.
    pub fn step_to(&self, direction: Direction) -> Option<Cell> {
        let cell = self.board.beside(self.head(), direction)?;
        let free = !self.is_body[cell] || cell == self.tail() && self.length() > 2;
        free.then_some(cell)
    }

    /// Goes a step. Nothing happens in a game that has ended.
    pub fn step(&mut self, direction: Direction) {
        if self.end.is_some() {
            return;
        }
        let Some(cell) = self.step_to(direction) else {
            self.end = Some(Ending::Died);
            return;
        };
        let eats = cell == self.food;
        self.hungry += 1;
        if !eats && let Some(tail) = self.body.pop_back() {
            self.is_body[tail] = false;
        }
        self.body.push_front(cell);
        self.is_body[cell] = true;
        if eats {
            self.hungry = 0;
            self.put_food();
        } else if self.hungry > PATIENCE * self.board.cells() {
            self.end = Some(Ending::Starved);
        }
    }

    /// Puts food on one of the free cells, each as likely as the others; without any the game is won.
    fn put_food(&mut self) {
        let free = self.board.cells() - self.body.len();
        if free == 0 {
            self.end = Some(Ending::Won);
            return;
        }
        let nth = random_below(free, &mut self.rng);
        let mut free = (0..self.board.cells()).filter(|cell| !self.is_body[*cell]);
        self.food = free.nth(nth).unwrap_or(self.food);
    }

    /// Returns the ways that do not end the game at once.
    pub fn ways(&self) -> impl Iterator<Item = (Direction, Cell)> {
        DIRECTIONS.into_iter().filter_map(move |direction| Some((direction, self.step_to(direction)?)))
    }
}

fn random_below(n: usize, rng: &mut Rng) -> usize {
    (rng.next_u64() % n as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_hold_in_random_games() {
        let board = Board { width: 4, height: 3 };
        let mut ends = vec![];
        for seed in 0..200 {
            let (mut game, mut rng) = (Game::new(board, seed), Rng::new(seed));
            while game.end().is_none() {
                let before = game.length();
                let way = DIRECTIONS[random_below(4, &mut rng)];
                let lives = game.step_to(way);
                let eats = lives == Some(game.food());
                game.step(way);
                assert_eq!(game.length(), before + eats as usize);
                assert_eq!(game.end() == Some(Ending::Died), lives.is_none());
                let cells: Vec<Cell> = game.body().collect();
                assert!(cells.iter().all(|cell| game.is_body(*cell)));
                assert_eq!((0..12).filter(|cell| game.is_body(*cell)).count(), cells.len(), "no cell twice");
                assert!(game.end() == Some(Ending::Won) || !game.is_body(game.food()));
            }
            ends.push(game.end());
        }
        assert!(ends.contains(&Some(Ending::Died)));
    }

    #[test]
    fn who_never_eats_starves() {
        let board = Board { width: 3, height: 3 };
        let mut game = Game::new(board, 1);
        for _ in 0..200 {
            let away = game.ways().find(|(_, cell)| *cell != game.food());
            if let Some((way, _)) = away {
                game.step(way);
            }
        }
        assert_eq!((game.end(), game.length()), (Some(Ending::Starved), 1));
    }
}

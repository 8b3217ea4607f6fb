//! The board: cells in rows, and the four ways from one to the next.

use std::fmt;
use std::str::FromStr;

/// A cell, counted row by row from the top left.
pub type Cell = usize;

/// The four directions, in the order of the network's outputs.
pub const DIRECTIONS: [Direction; 4] = [Direction::Up, Direction::Right, Direction::Down, Direction::Left];

/// A way from a cell to one beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the row above.
    Up,
    /// To the next column.
    Right,
    /// To the row below.
    Down,
    /// To the column before.
    Left,
}

/// The size of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Cells per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Board {
    /// Returns the number of cells.
    pub fn cells(self) -> usize {
        self.width * self.height
    }

    /// Returns the cell at a row and a column.
    pub fn cell(self, row: usize, column: usize) -> Cell {
        row * self.width + column
    }

    /// Returns the cell beside `cell`; `None` where there is a wall.
    pub fn beside(self, cell: Cell, direction: Direction) -> Option<Cell> {
        let (row, column) = (cell / self.width, cell % self.width);
        match direction {
            Direction::Up => row.checked_sub(1).map(|row| self.cell(row, column)),
            Direction::Left => column.checked_sub(1).map(|column| self.cell(row, column)),
            Direction::Down => (row + 1 < self.height).then(|| self.cell(row + 1, column)),
            Direction::Right => (column + 1 < self.width).then(|| self.cell(row, column + 1)),
        }
    }
}

impl FromStr for Board {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        match numbers {
            Some((width, height)) if (3..=20).contains(&width) && (3..=20).contains(&height) => {
                Ok(Self { width, height })
            }
            _ => Err("a board is WxH with numbers from 3 to 20, such as 5x5".into()),
        }
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_are_where_the_board_ends() {
        let board: Board = "4x3".parse().unwrap();
        let beside = |cell| DIRECTIONS.map(|direction| board.beside(cell, direction));
        assert_eq!(beside(0), [None, Some(1), Some(4), None]);
        assert_eq!(beside(11), [Some(7), None, None, Some(10)]);
        assert_eq!(beside(5), [Some(1), Some(6), Some(9), Some(4)]);
        assert!(["5", "2x5", "5x21", "ax5"].iter().all(|text| text.parse::<Board>().is_err()));
    }
}

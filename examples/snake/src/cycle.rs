//! A way round the board that meets every cell once and ends where it began. Whoever follows it is never in his own way.
//!
//! On a board with an odd number of cells there is none: steps change between light and dark cells as on a chessboard, so a way round
//! has as many of the one as of the other. There it leaves out one cell, and at one place it may go through either of two *twins*, a
//! corner or the cell diagonal to it. These have one number between them, so that each cell can be reached in each round.

use crate::board::{Board, Cell};

/// The way round, as a number for each cell.
pub struct Cycle {
    /// The number of each cell on the way.
    place: Vec<usize>,
    /// The length of the way.
    len: usize,
    /// The two cells that share a number, if the board is odd.
    twins: Option<[Cell; 2]>,
}

impl Cycle {
    /// The way round a board.
    pub fn new(board: Board) -> Self {
        let Board { width, height } = board;
        let turned = |cells: Vec<(usize, usize)>| cells.into_iter().map(|(row, column)| (column, row)).collect();
        let way = match (width % 2, height % 2) {
            (_, 0) => comb(width, height),
            (0, _) => turned(comb(height, width)),
            _ => around_a_twin(width, height),
        };
        let mut place = vec![0; board.cells()];
        way.iter().enumerate().for_each(|(i, (row, column))| place[board.cell(*row, *column)] = i);
        let twins = (way.len() < board.cells()).then(|| [board.cell(0, 0), board.cell(1, 1)]);
        if let Some([corner, diagonal]) = twins {
            place[diagonal] = place[corner];
        }
        Self { place, len: way.len(), twins }
    }

    /// Returns the number of steps of a round.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns the number of steps along the way from one cell to another, from 1 to a whole round.
    pub fn steps(&self, from: Cell, to: Cell) -> usize {
        match (self.place[to] + self.len - self.place[from]) % self.len {
            0 => self.len,
            steps => steps,
        }
    }

    /// Returns the cell that shares its number with this one, if any.
    pub fn twin(&self, cell: Cell) -> Option<Cell> {
        let [a, b] = self.twins?;
        if cell == a { Some(b) } else { (cell == b).then_some(a) }
    }
}

/// Along the first row, back and forth through the other rows, and back along the first column; for an even number of rows.
fn comb(width: usize, height: usize) -> Vec<(usize, usize)> {
    let mut way: Vec<(usize, usize)> = (0..width).map(|column| (0, column)).collect();
    for row in 1..height {
        way.extend((1..width).map(|i| (row, if row % 2 == 1 { width - i } else { i })));
    }
    way.extend((1..height).rev().map(|row| (row, 0)));
    way
}

/// For odd sizes: from the corner along the first row, up and down through the other columns, back and forth through the rows of
/// the first two columns, and up to the corner. The cell diagonal to the corner is left out.
fn around_a_twin(width: usize, height: usize) -> Vec<(usize, usize)> {
    let mut way: Vec<(usize, usize)> = (0..width).map(|column| (0, column)).collect();
    for column in (2..width).rev() {
        let down = (width - column) % 2 == 1;
        way.extend((1..height).map(|i| (if down { i } else { height - i }, column)));
    }
    for row in (2..height).rev() {
        let left = (height - row) % 2 == 1;
        way.extend((0..2).map(|i| (row, if left { 1 - i } else { i })));
    }
    way.push((1, 0));
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::DIRECTIONS;

    #[test]
    fn every_board_has_a_way_round() {
        for (width, height) in (3..10).flat_map(|w| (3..10).map(move |h| (w, h))) {
            let board = Board { width, height };
            let cycle = Cycle::new(board);
            assert_eq!(cycle.len(), board.cells() / 2 * 2);
            for cell in 0..board.cells() {
                let next =
                    DIRECTIONS.iter().filter_map(|d| board.beside(cell, *d)).find(|c| cycle.steps(cell, *c) == 1);
                assert!(next.is_some(), "{board}: no way on from {cell}");
                let same = (0..board.cells()).filter(|c| cycle.steps(cell, *c) == cycle.len()).count();
                assert_eq!(same, 1 + cycle.twin(cell).is_some() as usize, "{board}: {cell}");
            }
        }
    }
}

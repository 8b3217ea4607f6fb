//! The parameters of a network cut into blocks, in the order in which the optimizer goes through them.

use crate::kernels::dense::rows::PANEL;
use crate::layers::shortcuts::WeightBlock;
use crate::network::Network;
use std::ops::Range;

/// The largest number of parameters per block.
const BLOCK: usize = 2 * USUAL;
/// The number of parameters that a block is cut to where it can be: with gradient and moments it fits the near caches. Blocks of long rows
/// have twice as many, as the samples that they are multiplied with are read anew for each.
const USUAL: usize = 16 * 1024;
/// The number of blocks after which a new group begins: enough to keep all threads busy. A matrix of more is a group of its own.
const GROUP: usize = 16;
/// The height of a block is a multiple of this where it can be: the height of a product's tiles.
const TILE: usize = 8;

/// Consecutive parameters that are updated together.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Their range.
    pub params: Range<usize>,
    /// Whether weight decay applies.
    pub decay: bool,
    /// The origin of their gradient, where `backward` has deferred it.
    pub deferred: Option<Deferred>,
}

/// A part of a weight matrix whose gradient is computed when the optimizer needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Deferred {
    /// The number of the stage that has the matrix.
    pub stage: usize,
    /// The part of the matrix.
    pub block: WeightBlock,
}

/// Cuts all parameters of a network into groups of blocks. Groups are updated one after another, the blocks of a group by halves on
/// several threads where that pays, so a thread tends to get the same rows as in the passes of every step and finds them in its cache.
pub fn groups(network: &Network) -> Vec<Vec<Block>> {
    let mut groups: Vec<Vec<Block>> = vec![];
    for (stage, s) in network.stages.iter().enumerate() {
        let mut from = s.params.start;
        for (i, slot) in s.layer.params().iter().enumerate() {
            let blocks: Vec<Block> = if i == 0 && s.defers_weight_gradient() {
                cut_matrix(from, slot.shape[0], slot.len() / slot.shape[0], stage)
            } else {
                cut(from, slot.len())
            };
            let many = blocks.len() > GROUP;
            let blocks = blocks.into_iter().map(|block| Block { decay: slot.decay, ..block });
            match groups.last_mut() {
                Some(last) if last.len() < GROUP && !many => last.extend(blocks),
                _ => groups.push(blocks.collect()),
            }
            from += slot.len();
        }
    }
    groups
}

/// Cuts `len` parameters from `from` on into blocks.
fn cut(from: usize, len: usize) -> Vec<Block> {
    let starts = (0..len).step_by(USUAL);
    let block = |at| Block { params: from + at..from + len.min(at + USUAL), decay: false, deferred: None };
    starts.map(block).collect()
}

/// Cuts the weight matrix of a stage, whose parameters begin at `from`, into blocks of whole rows. A row that is longer
/// than a block is cut.
fn cut_matrix(from: usize, rows: usize, columns: usize, stage: usize) -> Vec<Block> {
    let width = columns.min(USUAL / PANEL * PANEL);
    let height = match USUAL / width / TILE * TILE {
        _ if width < columns => 1,
        0 | TILE if BLOCK / width >= TILE => (BLOCK / width / TILE * TILE).min(2 * TILE),
        0 => BLOCK / width,
        tiles => tiles,
    };
    let mut blocks = vec![];
    for row in (0..rows).step_by(height) {
        for column in (0..columns).step_by(width) {
            let block = WeightBlock { rows: row..rows.min(row + height), columns: column..columns.min(column + width) };
            let first = from + row * columns + column;
            let params = first..first + block.rows.len() * block.columns.len();
            blocks.push(Block { params, decay: false, deferred: Some(Deferred { stage, block }) });
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_every_parameter_once() {
        for (rows, columns) in [(1, 1), (10, 50), (512, 784), (3, 40_000), (100, 16 * 1024), (9, 4095)] {
            for blocks in [cut(7, rows * columns), cut_matrix(7, rows, columns, 2)] {
                let mut at = 7;
                for block in blocks {
                    assert!(block.params.start == at && (1..=BLOCK).contains(&block.params.len()));
                    at = block.params.end;
                    block.deferred.as_ref().inspect(|part| check_part(part, &block.params, columns));
                }
                assert_eq!(at, 7 + rows * columns);
            }
        }
    }

    #[test]
    fn blocks_have_the_height_of_whole_tiles() {
        for (columns, height) in
            [(50, 320), (784, 16), (1568, 16), (2048, 16), (3072, 8), (4096, 8), (6000, 5), (40_000, 1)]
        {
            let first = cut_matrix(0, 1000, columns, 2).swap_remove(0).deferred.unwrap();
            assert_eq!(first.block.rows, 0..height, "{columns}");
        }
    }

    fn check_part(deferred: &Deferred, params: &Range<usize>, columns: usize) {
        let Deferred { stage, block } = deferred;
        assert_eq!((*stage, params.start), (2, 7 + block.rows.start * columns + block.columns.start));
        assert_eq!(params.len(), block.rows.len() * block.columns.len());
    }
}

//! The agent: a network that sees the board and names a direction.

use crate::board::{Board, DIRECTIONS, Direction};
use crate::game::Game;
use anyhow::{Context, Result, bail, ensure};
use nn_core::metrics::argmax;
use nn_core::{Architecture, Network, Shape, Workspace};
use nn_data::disk;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The planes that the network sees, each with a number per cell.
const PLANES: usize = 4;
/// Units of each of the two hidden layers.
const UNITS: usize = 256;

/// Returns an untrained network for a board.
///
/// # Errors
/// None for the boards that there are.
pub fn untrained(board: Board, seed: u64) -> Result<Network> {
    let input = Shape::flat(PLANES * board.cells());
    let layers = Architecture::new(input).dense(UNITS).relu().dense(UNITS).relu().dense(DIRECTIONS.len()).softmax();
    Ok(Network::new(layers, seed)?)
}

/// Appends the planes of a game to `x`: where the head, the food and the tail are, and for each cell of the snake the share of the
/// board's cells that the snake will have moved on by when it leaves that cell.
pub fn see(game: &Game, x: &mut Vec<f32>) {
    let (cells, start) = (game.board().cells(), x.len());
    x.resize(start + PLANES * cells, 0.0);
    let planes = &mut x[start..];
    for (plane, cell) in [game.head(), game.food(), game.tail()].into_iter().enumerate() {
        planes[plane * cells + cell] = 1.0;
    }
    for (i, cell) in game.body().enumerate() {
        planes[3 * cells + cell] = (game.length() - i) as f32 / cells as f32;
    }
}

/// Picks a direction for each game from the network's `outputs` (directions x games): the most probable that does not end
/// the game at once.
pub fn choose(games: &[Game], outputs: &[f32]) -> Vec<Direction> {
    let one = |(game, p): (&Game, &[f32])| {
        let allowed = DIRECTIONS.map(|direction| game.step_to(direction).is_some());
        let p: Vec<f32> = p.iter().zip(allowed).map(|(p, allowed)| if allowed { *p } else { -1.0 }).collect();
        DIRECTIONS[argmax(&p)]
    };
    games.iter().zip(outputs.chunks(DIRECTIONS.len())).map(one).collect()
}

/// Plays a game for each seed to its end, all at once. The network decides alone: nothing is searched.
pub fn play(network: &Network, board: Board, seeds: std::ops::Range<u64>) -> Vec<Game> {
    let mut games: Vec<Game> = seeds.map(|seed| Game::new(board, seed)).collect();
    let (mut x, mut workspace, mut ended) = (vec![], Workspace::default(), vec![]);
    while !games.is_empty() {
        x.clear();
        games.iter().for_each(|game| see(game, &mut x));
        let ways = choose(&games, network.infer(&x, &mut workspace));
        games.iter_mut().zip(ways).for_each(|(game, way)| game.step(way));
        ended.extend(games.extract_if(.., |game| game.end().is_some()));
    }
    ended
}

/// The first line of a file of parameters, before the board's size.
const MARK: &str = "barnacle snake ";

/// Refuses a place for parameters that cannot be written, or where something else lies.
///
/// # Errors
/// Why it is refused.
pub fn check_place(path: &Path) -> Result<()> {
    if path.exists() {
        let mut mark = [0; MARK.len()];
        let read = |mark: &mut [u8]| File::open(path).and_then(|mut file| file.read_exact(mark));
        let is_ours = path.is_file() && read(&mut mark).is_ok() && mark == MARK.as_bytes();
        ensure!(is_ours, "{} holds something else; give the parameters another name", path.display());
    }
    Ok(disk::check_writable(path)?)
}

/// Writes a line with the board's size, and behind it the parameters as they lie in memory: 4 bytes each, the lowest first.
/// A file that is there already is replaced in one step.
///
/// # Errors
/// Where the file cannot be written.
pub fn save(network: &Network, board: Board, path: &Path) -> Result<()> {
    let mut bytes = format!("{MARK}{board}\n").into_bytes();
    bytes.extend(network.params().iter().flat_map(|value| value.to_le_bytes()));
    Ok(disk::write(path, &bytes)?)
}

/// Reads what [`save`] wrote for the same board.
///
/// # Errors
/// Where the file cannot be read or is that of another board.
pub fn load(board: Board, path: &Path) -> Result<Network> {
    let mut network = untrained(board, 0)?;
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let shown = path.display();
    let Some(rest) = bytes.strip_prefix(MARK.as_bytes()) else { bail!("{shown}: no parameters of snake") };
    let Some(values) = rest.strip_prefix(format!("{board}\n").as_bytes()) else {
        let other = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        bail!("{shown}: parameters for a board of {}, not {board}", String::from_utf8_lossy(other).escape_debug());
    };
    let (values, rest) = values.as_chunks::<4>();
    let expected = network.params().len();
    ensure!(rest.is_empty() && values.len() == expected, "{shown}: it should hold {expected} parameters");
    let values: Vec<f32> = values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    ensure!(values.iter().all(|value| value.is_finite()), "{shown}: a parameter is no number");
    network.params_mut().copy_from_slice(&values);
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::Cycle;
    use crate::teacher::Teacher;

    const BOARD: Board = Board { width: 4, height: 3 };

    #[test]
    fn the_network_sees_head_food_tail_and_snake() {
        let (mut game, teacher) = (Game::new(BOARD, 3), Teacher::new(Cycle::new(BOARD)));
        while game.length() < 3 {
            let way = teacher.advise(&game).unwrap();
            game.step(way);
        }
        let mut x = vec![];
        see(&game, &mut x);
        assert_eq!(x.len(), 4 * 12);
        let marked: Vec<usize> = (0..36).filter(|i| x[*i] == 1.0).collect();
        assert_eq!(marked, [game.head(), 12 + game.food(), 24 + game.tail()]);
        let snake: Vec<f32> = game.body().map(|cell| x[36 + cell] * 12.0).collect();
        assert_eq!(snake, [3.0, 2.0, 1.0]);
        assert_eq!(x[36..].iter().filter(|value| **value > 0.0).count(), 3);
    }

    #[test]
    fn no_way_is_chosen_that_kills_where_there_is_another() {
        let network = untrained(BOARD, 1).unwrap();
        for game in play(&network, BOARD, 0..50) {
            let stuck = game.ways().next().is_none();
            assert!(stuck || game.end() != Some(crate::game::Ending::Died));
        }
    }

    #[test]
    fn parameters_come_back_and_those_of_another_board_do_not() {
        let path = std::env::temp_dir().join(format!("snake-{}.bin", std::process::id()));
        check_place(&path).unwrap();
        assert!(!path.exists(), "a question leaves nothing behind");
        let first = untrained(BOARD, 5).unwrap();
        save(&first, BOARD, &path).unwrap();
        assert_eq!(load(BOARD, &path).unwrap().params(), first.params());
        check_place(&path).unwrap();
        let said = |width, height| load(Board { width, height }, &path).unwrap_err().to_string();
        assert!(said(3, 4).ends_with("parameters for a board of 4x3, not 3x4"), "it has as many cells: {}", said(3, 4));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.pop();
        std::fs::write(&path, bytes).unwrap();
        assert!(said(4, 3).contains("it should hold"), "{}", said(4, 3));
        std::fs::write(&path, "dear diary").unwrap();
        assert!(said(4, 3).ends_with("no parameters of snake"), "{}", said(4, 3));
        assert!(check_place(&path).unwrap_err().to_string().contains("holds something else"));
        assert!(check_place(&path.join("file")).is_err(), "a file is no folder");
        std::fs::remove_file(&path).unwrap();
    }
}

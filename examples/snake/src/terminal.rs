//! The view: a game drawn in the terminal, watched or played.

use crate::agent::{choose, see};
use crate::board::Direction;
use crate::game::Game;
use anyhow::{Result, bail};
use console::{Key, Term};
use nn_core::Network;
use std::time::Duration;

/// Draws a game with a frame: `@` is the head, `o` the snake, `*` the food.
pub fn draw(game: &Game) -> String {
    let board = game.board();
    let sign = |cell| match cell {
        _ if cell == game.head() => '@',
        _ if game.is_body(cell) => 'o',
        _ if cell == game.food() && game.end().is_none() => '*',
        _ => '.',
    };
    let edge = format!("+{}+\n", "-".repeat(2 * board.width + 1));
    let mut text = edge.clone();
    for row in 0..board.height {
        text.push('|');
        (0..board.width).for_each(|column| text.extend([' ', sign(board.cell(row, column))]));
        text += " |\n";
    }
    text + &edge + &format!("length {} of {}\n", game.length(), board.cells())
}

/// Lets the network play a game before the eyes of a person. Where the output goes elsewhere, only the end is shown.
///
/// # Errors
/// Where the terminal cannot be written to.
pub fn watch(network: &Network, mut game: Game) -> Result<()> {
    let term = Term::stdout();
    while game.end().is_none() {
        if term.is_term() {
            show(&term, &game)?;
            std::thread::sleep(Duration::from_millis(80));
        }
        let mut x = vec![];
        see(&game, &mut x);
        let way = choose(std::slice::from_ref(&game), &network.predict(&x))[0];
        game.step(way);
    }
    show(&term, &game)?;
    term.write_line(&closing(&game))?;
    Ok(())
}

/// Lets a person play: the snake waits for a key.
///
/// # Errors
/// Where there is no terminal.
pub fn play(mut game: Game) -> Result<()> {
    let term = Term::stdout();
    if !term.is_term() || !console::user_attended() {
        bail!("a person plays in a terminal: this is none");
    }
    while game.end().is_none() {
        show(&term, &game)?;
        term.write_line("arrow keys or w a s d; q ends")?;
        let way = match term.read_key()? {
            Key::ArrowUp | Key::Char('w') => Direction::Up,
            Key::ArrowRight | Key::Char('d') => Direction::Right,
            Key::ArrowDown | Key::Char('s') => Direction::Down,
            Key::ArrowLeft | Key::Char('a') => Direction::Left,
            Key::Escape | Key::Char('q') => return Ok(()),
            _ => continue,
        };
        game.step(way);
    }
    show(&term, &game)?;
    term.write_line(&closing(&game))?;
    Ok(())
}

/// Shows a game on a cleared screen.
fn show(term: &Term, game: &Game) -> Result<()> {
    if term.is_term() {
        term.clear_screen()?;
    }
    Ok(term.write_str(&draw(game))?)
}

/// The end of a game in a word.
fn closing(game: &Game) -> String {
    game.end().map(|end| format!("{end:?}.")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;
    use crate::cycle::Cycle;
    use crate::teacher::Teacher;

    #[test]
    fn the_picture_shows_head_snake_and_food() {
        let board = Board { width: 5, height: 4 };
        let (mut game, teacher) = (Game::new(board, 1), Teacher::new(Cycle::new(board)));
        while game.length() < 2 {
            let way = teacher.advise(&game).unwrap();
            game.step(way);
        }
        let picture = draw(&game);
        let count = |sign: &str| picture.matches(sign).count();
        assert_eq!([count("@"), count("o "), count("*"), count(".")], [1, 1, 1, 17], "{picture}");
        assert!(picture.starts_with("+-----------+\n|") && picture.ends_with("length 2 of 20\n"), "{picture}");
    }
}

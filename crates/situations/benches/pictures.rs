//! Prints how well the models that ship read digits in every situation: `cargo xtask bench pictures`.

use situations::SITUATIONS;
use situations::measure::{Told, digits};

fn main() -> Result<(), nn_io::Error> {
    let Some(digits) = digits() else { return Ok(()) };
    let readers = [Told::new("digits", None)?, Told::new("characters", Some("0-9"))?];
    println!("{:<32}{:>22}{:>28}", "200 test digits of MNIST, %", "digits", "characters --only 0-9");
    println!("{:<32}{:>8}{:>14}{:>14}{:>14}", "", "right", "wrong, sure", "right", "wrong, sure");
    for situation in &SITUATIONS {
        let [a, b] = readers.each_ref().map(|told| told.measure(situation, &digits, 1000..1200));
        let columns = [a.right, a.wrong_and_sure, b.right, b.wrong_and_sure];
        let [a, b, c, d] = columns.map(|percent| format!("{percent:.1}"));
        println!("{:<32}{a:>8}{b:>14}{c:>14}{d:>14}", situation.name);
    }
    Ok(())
}

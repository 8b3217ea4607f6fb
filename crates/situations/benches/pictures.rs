//! Prints how well the models that ship read digits in every situation, and tell pictures of other things from characters:
//! `cargo xtask bench pictures`.

use situations::measure::{Told, digits};
use situations::{OTHERS, SITUATIONS};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
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
    println!("\n{:<32}{:>22}{:>28}", "200 pictures of no character, %", "digits", "characters");
    println!("{:<32}{:>8}{:>14}{:>14}{:>14}", "", "found", "not sure", "found", "not sure");
    let readers = [Told::new("digits", None)?, Told::new("characters", None)?];
    for other in &OTHERS {
        let [a, b] = readers.each_ref().map(|told| told.others(other, &digits, 1000..1200));
        let [a, b, c, d] = [a.nothing, a.not_sure, b.nothing, b.not_sure].map(|percent| format!("{percent:.1}"));
        println!("{:<32}{a:>8}{b:>14}{c:>14}{d:>14}", other.name);
    }
    println!("\n{:<32}{:>8}{:>14}", "characters of new writers", "drawings", "false alarms");
    let strokes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/strokes");
    for (reader, file) in
        [(0, "unipen-digits"), (0, "pendigits"), (1, "unipen-digits"), (1, "unipen-capitals"), (1, "unipen-small")]
    {
        let path = strokes.join(file).with_extension("jsonl.gz");
        if !path.exists() {
            eprintln!("not at hand: {}", path.display());
            continue;
        }
        let (drawings, percent) = readers[reader].false_alarms(&path)?;
        let name = format!("{file}, {}", ["digits", "characters"][reader]);
        println!("{name:<32}{drawings:>8}{percent:>14.2}");
    }
    Ok(())
}

//! The windows without a display: one sentence, and nothing else.

use crate::place::Place;
use crate::program::{Outcome, command};

#[test]
fn without_a_display_one_sentence_says_what_to_do() {
    let place = Place::new();
    for (line, remedy) in
        [("classify", "`classify -i FILE` reads pictures"), ("collect --to new", "`collect --help` shows")]
    {
        let output =
            command(line, place.folder()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap();
        Outcome::new(line, output).error_with(&["no window can be opened here (there is no display)", remedy]);
        let output =
            command(line, place.folder()).env("DISPLAY", ":4711").env_remove("WAYLAND_DISPLAY").output().unwrap();
        Outcome::new(line, output).error_with(&["no window can be opened here", remedy]);
    }
    place.run("classify -m nowhere.mpk").error_with(&["nowhere.mpk"]);
    place.run("classify --times -d x").usage();
    place.run("collect --to a stats b").usage();
    assert!(!place.exists("new"), "nothing is made before anything is drawn");
}

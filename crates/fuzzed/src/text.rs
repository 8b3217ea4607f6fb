//! Text as people type it: layers, and the characters of a hint.

use nn_core::{layers_to_text, parse_layers};
use nn_io::Hint;

/// Reads a list of layers; one that is accepted is printed and read back.
pub(crate) fn layers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(layers) = parse_layers(text) else { return };
    let printed = layers_to_text(&layers);
    assert!(parse_layers(&printed).is_ok_and(|again| layers_to_text(&again) == printed), "{printed}");
}

/// Reads a hint.
pub(crate) fn only(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let classes = ["0", "1", "9", "A", "Z", "a", "z", "-", "é", "sun"].map(String::from);
    if let Ok(hint) = Hint::parse(text, &classes) {
        let mut probabilities = vec![0.1; classes.len()];
        hint.apply(&mut probabilities);
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{text}");
    }
}

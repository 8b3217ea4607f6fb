//! The meaning of an array: its part and its role, by its name and its shape.

/// The part of a dataset that an array belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Part {
    Train,
    Validation,
    Test,
}

/// The use of an array.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Role {
    Images,
    Labels,
    Other,
}

/// The part and the role of an array, by the words of its name and by its shape.
pub(crate) fn meaning(name: &str, shape: &[usize]) -> (Part, Role) {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let has =
        |known: &[&str]| words.iter().any(|word| known.iter().any(|k| word == k || word.trim_end_matches('s') == *k));
    let joined = |part: &str| lower.contains(part); // xtrain, trainX
    let part = match () {
        () if joined("test") => Part::Test,
        () if has(&["val", "valid", "validation", "dev"]) => Part::Validation,
        () => Part::Train,
    };
    let letter = |letter: char| {
        let bare = ["train", "test", "valid", "val"].iter().fold(lower.clone(), |name, part| name.replace(part, ""));
        bare.trim_matches(|c: char| !c.is_ascii_alphabetic()).eq(&letter.to_string())
    };
    let role = match () {
        () if has(&["name"]) => Role::Other, // class_names
        () if has(&["label", "target", "class", "classe"]) || letter('y') => Role::Labels,
        () if shape.len() > 1
            && (has(&["image", "img", "data", "picture", "pixel"]) || letter('x') || shape.len() > 2) =>
        {
            Role::Images
        }
        () => Role::Other,
    };
    (part, role)
}

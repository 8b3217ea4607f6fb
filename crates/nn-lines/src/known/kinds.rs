//! Kinds of characters: a word is digits, capitals or small letters, or begins with a capital.
//!
//! 0, O and o look alike, and so do 1, l and I. The neighbours tell them apart.

/// A character is a digit, a capital, a small letter, or of no such kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// A digit.
    Digit,
    /// A capital.
    Capital,
    /// A small letter.
    Small,
    /// A sign, a name of several letters, or a letter of a script without case.
    Other,
}

impl LetterKind {
    /// The kind of a class, by its name.
    pub fn of(class: &str) -> Self {
        let mut characters = class.chars();
        match (characters.next(), characters.next()) {
            (Some(c), None) if c.is_numeric() => Self::Digit,
            (Some(c), None) if c.is_uppercase() => Self::Capital,
            (Some(c), None) if c.is_lowercase() => Self::Small,
            _ => Self::Other,
        }
    }
}

/// The kinds of a word's characters so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Word {
    /// None yet.
    #[default]
    Empty,
    /// One capital: others or small letters may follow.
    FirstCapital,
    /// Digits.
    Digits,
    /// Capitals.
    Capitals,
    /// Small letters, perhaps after a capital.
    Small,
}

impl Word {
    /// The word with another character, and true if words rarely go on so.
    pub fn then(self, kind: LetterKind) -> (Self, bool) {
        let next = match (kind, self) {
            (LetterKind::Other, _) => return (self, false),
            (LetterKind::Digit, _) => Self::Digits,
            (LetterKind::Small, _) => Self::Small,
            (LetterKind::Capital, Self::FirstCapital | Self::Capitals) => Self::Capitals,
            (LetterKind::Capital, _) => Self::FirstCapital,
        };
        let usual =
            matches!(self, Self::Empty) || self == next || (self == Self::FirstCapital && kind != LetterKind::Digit);
        (next, !usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of unusual places of a word.
    fn unusual(word: &str) -> usize {
        let mut state = Word::default();
        let mut count = 0;
        for c in word.chars() {
            let (next, rare) = state.then(LetterKind::of(&c.to_string()));
            (state, count) = (next, count + usize::from(rare));
        }
        count
    }

    #[test]
    fn usual_words_change_their_kind_after_a_first_capital_only() {
        for usual in ["2026", "HELLO", "Hello", "hello", "A", "no-one", "Öl"] {
            assert_eq!(unusual(usual), 0, "{usual}");
        }
        for (word, count) in [("he11o", 2), ("HEllO", 2), ("hEllo", 1), ("20Z6", 2), ("B2", 1)] {
            assert_eq!(unusual(word), count, "{word}");
        }
    }
}

//! Counts how well texts were read: characters by edit distance, and whole lines.

use std::fmt;

/// The way in which texts are compared. Spaces never count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Upper and lower case are the same.
    Folded,
    /// All differences count.
    Exact,
}

/// How well texts were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextTally {
    /// The characters of the true texts.
    pub characters: usize,
    /// The edit distances: characters that were read wrongly, not at all, or where there are none.
    pub distance: usize,
    /// The texts.
    pub lines: usize,
    /// Those that were read right as a whole.
    pub right_lines: usize,
}

impl TextTally {
    /// Adds a text and what was read.
    pub fn add(&mut self, truth: &str, read: &str, compare: Case) {
        let letters = |text: &str| -> Vec<char> {
            let text = if compare == Case::Folded { text.to_lowercase() } else { text.to_string() };
            text.chars().filter(|c| !c.is_whitespace()).collect()
        };
        let (truth, read) = (letters(truth), letters(read));
        let distance = edit_distance(&truth, &read);
        self.characters += truth.len();
        self.distance += distance;
        self.lines += 1;
        self.right_lines += usize::from(distance == 0);
    }

    /// The characters that were read right: all but the edit distances.
    pub fn right_characters(&self) -> usize {
        self.characters.saturating_sub(self.distance)
    }
}

impl fmt::Display for TextTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |right: usize, all: usize| right as f64 / all.max(1) as f64;
        let Self { characters, lines, right_lines, .. } = self;
        let right = self.right_characters();
        writeln!(f, "characters {:.4} ({right} of {characters})", share(right, *characters))?;
        writeln!(f, "lines {:.4} ({right_lines} of {lines})", share(*right_lines, *lines))
    }
}

/// The fewest characters to add, remove or change that turn one text into the other (Levenshtein 1966).
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_never_count_and_case_only_where_all_is_compared() {
        let tally = |compare| {
            let mut tally = TextTally::default();
            tally.add("Hello you", "helloyov", compare);
            tally.add("12", "1 2", compare);
            tally.add("a", "xyz", compare);
            tally
        };
        assert_eq!(tally(Case::Folded).to_string(), "characters 0.6364 (7 of 11)\nlines 0.3333 (1 of 3)\n");
        assert_eq!(tally(Case::Exact).to_string(), "characters 0.5455 (6 of 11)\nlines 0.3333 (1 of 3)\n");
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(edit_distance(&chars("kitten"), &chars("sitting")), 3);
        assert_eq!([edit_distance(&[], &chars("ab")), edit_distance(&chars("ab"), &[])], [2, 2]);
    }
}

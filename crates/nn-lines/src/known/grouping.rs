//! Grouping: what a person says of the parts of a page.

/// The groups of a page's parts that a person has named: characters, and groups that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Each of these sets of parts is a character. The parts stand in ascending order.
    pub together: Vec<Vec<usize>>,
    /// None of these sets lies within one character.
    pub apart: Vec<Vec<usize>>,
}

impl Grouping {
    /// True if parts were said to be a character.
    pub fn joins(&self, parts: &[usize]) -> bool {
        self.together.iter().any(|group| group == parts)
    }

    /// True if parts, in ascending order, may be a character.
    pub fn allows(&self, parts: &[usize]) -> bool {
        let crosses = |group: &Vec<usize>| group != parts && group.iter().any(|part| parts.contains(part));
        let holds = |group: &Vec<usize>| group.iter().all(|part| parts.contains(part));
        !self.together.iter().any(crosses) && !self.apart.iter().any(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_holds_a_group_as_a_whole_or_nothing_of_it() {
        let grouping = Grouping { together: vec![vec![1, 2]], apart: vec![vec![4, 5]] };
        assert!(grouping.joins(&[1, 2]) && !grouping.joins(&[1]));
        for (parts, allowed) in [
            (&[1, 2][..], true),
            (&[1], false),
            (&[0, 1, 2], false),
            (&[4], true),
            (&[4, 5], false),
            (&[4, 5, 6], false),
        ] {
            assert_eq!(grouping.allows(parts), allowed, "{parts:?}");
        }
    }
}

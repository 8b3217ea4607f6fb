//! The best paths through a row: each takes candidates side by side, from the first node to the last, and a class for each.
//!
//! Dynamic programming from left to right: at each place the best beginnings are kept, of those that may go on in the same
//! way only the few best.

use crate::known::help::{Help, Next, Reached};
use crate::known::kinds::{LetterKind, Word};

/// A place where a word rarely changes the kind of its characters costs this much, as a logarithm.
const UNUSUAL: f32 = 5.0;
/// The beginnings that are kept at a place, and those of them that go on in the same way.
const KEPT: usize = 48;
const ALIKE: usize = 4;

/// A candidate on its way into a path.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The candidate, as an index.
    pub candidate: usize,
    /// The node at which it begins.
    pub first: usize,
    /// The node at which it ends, which has a higher number.
    pub end: usize,
    /// The gain of a path that takes it, as a logarithm.
    pub score: f32,
    /// The classes that it may be, each with what a path gains besides by it, as a logarithm.
    pub classes: Vec<(usize, f32)>,
    /// True if a gap as between words stands before it.
    pub gap: bool,
}

/// A character of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathStep {
    /// The edge.
    pub edge: usize,
    /// Its class.
    pub class: usize,
    /// The character in place of the class, where a pattern says so.
    pub sign: Option<char>,
    /// True if a space stands before it.
    pub space: bool,
}

/// A path through a row.
#[derive(Clone, Debug)]
pub struct Path {
    /// Its characters from left to right.
    pub steps: Vec<PathStep>,
    /// The logarithm of its share, up to a constant.
    pub score: f32,
}

/// All that paths depend on besides the edges.
pub struct Rules<'a> {
    /// The names of the classes.
    pub classes: &'a [String],
    /// Their kinds.
    pub kinds: &'a [LetterKind],
    /// Knowledge of the text.
    pub help: &'a Help,
}

/// A path up to some place.
struct Beginning {
    before: Option<usize>,
    step: PathStep,
    score: f32,
    word: Word,
    progress: Reached,
}

/// The best paths from node 0 to the node `length`, best first; none where the rules allow none.
pub fn paths(edges: &[Edge], length: usize, rules: &Rules<'_>) -> Vec<Path> {
    let mut all: Vec<Beginning> = vec![]; // those that are kept
    let mut at: Vec<Vec<Beginning>> = (0..=length).map(|_| vec![]).collect();
    let mut onward: Vec<Vec<usize>> = vec![vec![]; length + 1];
    edges.iter().enumerate().for_each(|(number, edge)| onward[edge.first].push(number));
    for place in 0..=length {
        let kept = all.len();
        all.extend(best(std::mem::take(&mut at[place])));
        let begins = if place == 0 { vec![None] } else { (kept..all.len()).map(Some).collect() };
        if place == length {
            let ends = begins.into_iter().flatten().filter(|end| rules.help.finished(all[*end].progress));
            return ends.map(|end| Path { steps: steps(&all, end), score: all[end].score }).collect();
        }
        for (number, before) in
            onward[place].iter().flat_map(|number| begins.iter().map(move |before| (*number, *before)))
        {
            let from = before.map(|before| (all[before].score, all[before].word, all[before].progress));
            let from = from.unwrap_or((0.0, Word::default(), rules.help.start()));
            for mut beginning in continued(&edges[number], from, rules) {
                beginning.before = before;
                beginning.step.edge = number;
                at[edges[number].end].push(beginning);
            }
        }
    }
    vec![]
}

/// A beginning, given by its score and states, continued by each class of an edge.
fn continued(edge: &Edge, from: (f32, Word, Reached), rules: &Rules<'_>) -> Vec<Beginning> {
    let (score, word, progress) = from;
    let knows = |name: &str| rules.classes.iter().any(|class| class == name);
    let next = |(class, gain): &(usize, f32)| {
        let Next { progress, sign, space } = rules.help.then(progress, &rules.classes[*class], edge.gap, knows)?;
        let word = if space { Word::default() } else { word };
        let (word, rare) = word.then(if sign.is_some() { LetterKind::Other } else { rules.kinds[*class] });
        let score = score + edge.score + gain - if rare { UNUSUAL } else { 0.0 };
        let step = PathStep { edge: 0, class: *class, sign, space };
        Some(Beginning { before: None, step, score, word, progress })
    };
    let mut found: Vec<Beginning> = edge.classes.iter().filter_map(next).collect();
    // A sign of the pattern is the same whatever class it was taken for: the most probable stands for all.
    let mut signs = 0..1;
    found.retain(|beginning| beginning.step.sign.is_none() || signs.next().is_some());
    found
}

/// The best beginnings, best first.
fn best(mut beginnings: Vec<Beginning>) -> Vec<Beginning> {
    beginnings.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Beginning> = vec![];
    for next in beginnings {
        let is_like = |other: &&Beginning| (other.word, other.progress) == (next.word, next.progress);
        if kept.len() < KEPT && kept.iter().filter(is_like).count() < ALIKE {
            kept.push(next);
        }
    }
    kept
}

fn steps(all: &[Beginning], end: usize) -> Vec<PathStep> {
    let mut steps: Vec<PathStep> =
        std::iter::successors(Some(end), |at| all[*at].before).map(|at| all[at].step).collect();
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of the best paths.
    fn texts(edges: &[Edge], length: usize, help: &Help) -> Vec<String> {
        let classes = ["0", "O", "o", "n"].map(String::from);
        let kinds = classes.each_ref().map(|class| LetterKind::of(class));
        let found = paths(edges, length, &Rules { classes: &classes, kinds: &kinds, help });
        assert!(found.is_sorted_by(|a, b| a.score >= b.score));
        let name = |step: &PathStep| {
            if step.space { format!(" {}", classes[step.class]) } else { classes[step.class].clone() }
        };
        found.iter().map(|path| path.steps.iter().map(name).collect()).collect()
    }

    fn edge(first: usize, end: usize, score: f32, classes: &[(usize, f32)]) -> Edge {
        Edge { candidate: 0, first, end, score, classes: classes.to_vec(), gap: false }
    }

    #[test]
    fn the_path_that_gains_most_is_first() {
        let edges = [edge(0, 1, 1.0, &[(3, 0.0)]), edge(0, 2, 1.5, &[(2, 0.0)]), edge(1, 2, 1.0, &[(3, 0.0)])];
        assert_eq!(texts(&edges, 2, &Help::None), ["nn", "o"]);
        assert_eq!(texts(&edges[..1], 2, &Help::None), Vec::<String>::new(), "no path leads to the end");
        assert_eq!(texts(&edges, 2, &Help::words(["o", "no"])), ["o"]);
    }

    #[test]
    fn neighbours_tell_the_kind() {
        let round = [(1, 0.0), (0, -0.5), (2, -0.5)];
        let edges = [edge(0, 1, 0.0, &[(3, 0.0)]), edge(1, 2, 0.0, &round)];
        assert_eq!(texts(&edges, 2, &Help::None)[0], "no");
        let apart = [edges[0].clone(), Edge { gap: true, ..edges[1].clone() }];
        assert_eq!(texts(&apart, 2, &Help::None)[0], "n O", "a new word begins");
        assert_eq!(texts(&apart, 2, &Help::pattern("nd"))[0], "n0");
    }
}

//! The reader of lines: a character network on every candidate, and the best path through them.

use crate::known::grouping::Grouping;
use crate::known::help::Help;
use crate::known::kinds::LetterKind;
use crate::lattice::Lattice;
use crate::lattice::candidate::{Candidate, candidates};
use crate::lattice::path::{Edge, Path, PathStep, Rules, paths};
use crate::lattice::scorer::{FEATURES, LEAST, SCORES, Scorer, features, look, places};
use crate::line::{Line, ReadCharacter};
use crate::writing::InkPage;
use crate::writing::rows::Row;
use image::DynamicImage;
use nn_data::{Ink, Shifts};
use nn_io::{Error, Hint, Model, Reader};
use rayon::prelude::*;

/// The classes that a candidate may be, besides the most probable of each kind.
const CLASSES: usize = 8;
/// Other characters that are told of each.
const OTHERS: usize = 5;
/// A character of a writer's median size is assumed to fill this part of the page.
const MEDIAN: f32 = 0.45;
/// The median size of a writer's characters, relative to that of a line: the line may be of capitals or digits alone.
const SCALES: [f32; 3] = [1.15, 0.85, 0.6];
/// The first characters of a line that tell which of them it is.
const SCALED: usize = 10;

/// Reads lines with a model for single characters.
pub struct LineReader {
    reader: Reader,
    /// Reads the only character of a row, as the model reads characters elsewhere.
    single: Reader,
    scorer: Scorer,
    places: Vec<Option<usize>>,
    kinds: Vec<LetterKind>,
    hint: Option<Hint>,
    help: Help,
}

impl LineReader {
    /// A reader with a model for single characters.
    ///
    /// # Errors
    /// Where this program cannot read the scorer that it was built with.
    pub fn new(model: Model) -> Result<Self, Error> {
        Ok(Self::with_scorer(model, Scorer::built_in()?))
    }

    /// A reader with another scorer.
    pub fn with_scorer(mut model: Model, scorer: Scorer) -> Self {
        let single = Reader::new(model.clone());
        model.preprocessing.shifts = Shifts::One; // many candidates are read, and few of them are characters
        let kinds = model.classes.iter().map(|class| LetterKind::of(class)).collect();
        let known = places(&model.classes);
        Self { reader: Reader::new(model), single, scorer, places: known, kinds, hint: None, help: Help::None }
    }

    /// Lets characters be of the classes that the hint allows, or of all with `None`.
    #[must_use]
    pub fn hint(mut self, hint: Option<Hint>) -> Self {
        self.hint = hint;
        self
    }

    /// Reads with what is known of the text.
    #[must_use]
    pub fn help(mut self, help: Help) -> Self {
        self.help = help;
        self
    }

    /// The model for single characters.
    pub fn model(&self) -> &Model {
        self.reader.model()
    }

    /// Reads strokes of any scale: their lines from top to bottom.
    pub fn read_ink(&self, ink: &Ink) -> Vec<Line> {
        self.read(&InkPage::of_ink(ink))
    }

    /// [`LineReader::read_ink`] where the median size of the writer's characters is known.
    pub(crate) fn read_sized(&self, ink: &Ink, median: f32) -> Vec<Line> {
        let lattices = self.lattices(&InkPage::of_ink(ink));
        lattices.iter().filter_map(|lattice| self.line_sized(lattice, Some(median))).collect()
    }

    /// Reads a drawing, a scan or a photograph: its lines from top to bottom.
    pub fn read_picture(&self, picture: &DynamicImage) -> Vec<Line> {
        self.read(&InkPage::of_picture(picture))
    }

    /// Reads a page: its lines from top to bottom.
    pub fn read(&self, page: &InkPage) -> Vec<Line> {
        self.read_grouped(page, &Grouping::default())
    }

    /// [`LineReader::read`] where a person has said what is a character; where that cannot be, a row is read without it.
    pub fn read_grouped(&self, page: &InkPage, grouping: &Grouping) -> Vec<Line> {
        let lattices = page.rows().into_iter().map(|row| self.lattice(page, row, grouping));
        lattices.filter_map(|lattice| self.line(&lattice)).collect()
    }

    /// The rows of a page, their candidates read by the network.
    pub fn lattices(&self, page: &InkPage) -> Vec<Lattice> {
        page.rows().into_iter().map(|row| self.lattice(page, row, &Grouping::default())).collect()
    }

    fn lattice(&self, page: &InkPage, mut row: Row, grouping: &Grouping) -> Lattice {
        row.contacts = page.contacts(&row);
        let preprocessing = &self.reader.model().preprocessing;
        let picture = !page.patches().is_empty();
        let mut lattice =
            Lattice { candidates: candidates(&row, picture, grouping), row, picture, ..Lattice::default() };
        let each = lattice.candidates.par_iter();
        lattice.frames = each.flat_map_iter(|candidate| page.frame(&candidate.parts, preprocessing)).collect();
        let all = lattice.all();
        lattice.probabilities = self.probabilities(&lattice, &all, lattice.median(&all));
        lattice.tops = lattice.probabilities.chunks_exact(self.kinds.len()).map(most).collect();
        lattice.scores = self.scorer.scores(&self.features(&lattice));
        lattice
    }

    /// The probabilities of the classes of some candidates, where characters have this median size.
    fn probabilities(&self, lattice: &Lattice, which: &[usize], median: f32) -> Vec<f32> {
        let frames: Vec<u8> = which.iter().flat_map(|at| self.frame(lattice, *at, median)).collect();
        self.reader.read_many(&frames).into_iter().flat_map(|answer| answer.probabilities).collect()
    }

    /// A candidate as the character network sees it, where characters have this median size.
    fn frame(&self, lattice: &Lattice, at: usize, median: f32) -> Vec<u8> {
        self.sized_frame(lattice, at, Some(MEDIAN * lattice.candidates[at].bounds.longest() / median))
    }

    /// A candidate as the character network sees it, with this size as a part of the page, if it is known.
    fn sized_frame(&self, lattice: &Lattice, at: usize, size: Option<f32>) -> Vec<u8> {
        let preprocessing = &self.reader.model().preprocessing;
        let mut frame = lattice.frames.chunks_exact(preprocessing.features()).nth(at).unwrap_or_default().to_vec();
        preprocessing.draw_size_bar(&mut frame, size);
        frame
    }

    /// The features of all candidates of a row, as the scorer sees them.
    pub fn features(&self, lattice: &Lattice) -> Vec<f32> {
        let preprocessing = &self.reader.model().preprocessing;
        let frames = lattice.frames.chunks_exact(preprocessing.features());
        let looks = frames.map(|frame| look(frame, preprocessing.size()));
        let read = lattice.probabilities.chunks_exact(self.kinds.len()).zip(looks);
        let mut all = Vec::with_capacity(lattice.candidates.len() * FEATURES);
        for (candidate, (p, look)) in lattice.candidates.iter().zip(read) {
            all.extend(features(candidate, lattice.picture, p, &self.places, &look));
        }
        all
    }

    /// Reads a row; `None` of one without ink.
    pub fn line(&self, lattice: &Lattice) -> Option<Line> {
        self.line_sized(lattice, None)
    }

    fn line_sized(&self, lattice: &Lattice, median: Option<f32>) -> Option<Line> {
        let begins: Vec<usize> = (0..lattice.row.pieces.len()).collect();
        let edges = self.edges(lattice, &lattice.all(), &lattice.probabilities, lattice.space(&begins));
        let found = self.paths(&edges, lattice.length());
        let (edges, found) = self.again(lattice, &edges, &found, median);
        self.told(lattice, &edges, &found)
    }

    /// Reads the candidates of the best paths again, knowing how far apart and how large characters are; a row of one character
    /// as the model reads characters elsewhere.
    fn again(&self, lattice: &Lattice, edges: &[Edge], found: &[Path], median: Option<f32>) -> (Vec<Edge>, Vec<Path>) {
        let taken = |path: &Path| path.steps.iter().map(|step| edges[step.edge].candidate).collect::<Vec<_>>();
        let best = found.first().map_or(vec![], taken);
        let mut which: Vec<usize> = found.iter().flat_map(taken).collect();
        which.sort_unstable();
        which.dedup();
        if let [only] = best[..] {
            let edges = self.with_single(lattice, edges, only, median);
            return (edges.clone(), self.paths(&edges, lattice.length()));
        }
        let begins: Vec<usize> = best.iter().map(|at| lattice.candidates[*at].pieces[0]).collect();
        let space = lattice.space(&begins);
        let read = |which: &[usize], size: f32, length: usize| {
            let edges = self.edges(lattice, which, &self.probabilities(lattice, which, size), space);
            let found = self.paths(&edges, length);
            (edges, found)
        };
        // The writer's size is that at which the best path gains most.
        let some = &best[..best.len().min(SCALED)];
        let end = some.last().map_or(0, |at| lattice.candidates[*at].end);
        let gain = |size: &f32| read(some, *size, end).1.first().map_or(f32::MIN, |path| path.score);
        let scales = if self.model().preprocessing.shows_size() { &SCALES[..] } else { &SCALES[..1] };
        let sizes = scales.iter().map(|scale| scale * lattice.median(&best));
        let gains = sizes.map(|size| (size, gain(&size)));
        let size = gains.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(1.0, |(size, _)| size);
        read(&which, size, lattice.length())
    }

    /// The edges, where one candidate's classes are those that the model finds in a character alone: no neighbours tell its
    /// place and size. `median` is that of the writer's characters.
    fn with_single(&self, lattice: &Lattice, edges: &[Edge], only: usize, median: Option<f32>) -> Vec<Edge> {
        let size = median.map(|median| MEDIAN * lattice.candidates[only].bounds.longest() / median);
        let answer = self.single.read_many(&self.sized_frame(lattice, only, size)).remove(0);
        let read = self.classes(&answer.probabilities, most(&answer.probabilities), &[0.0; SCORES]);
        let mut edges = edges.to_vec();
        for edge in edges.iter_mut().filter(|edge| edge.candidate == only) {
            let gain = edge.classes.first().map_or(0.0, |(_, gain)| *gain);
            edge.classes = read.iter().map(|(class, less)| (*class, gain + less)).collect();
        }
        edges
    }

    /// Some candidates as edges, given their probabilities and the least gap between words.
    fn edges(&self, lattice: &Lattice, which: &[usize], probabilities: &[f32], space: f32) -> Vec<Edge> {
        let each = which.iter().zip(probabilities.chunks_exact(self.kinds.len()));
        let edge = |(at, p): (&usize, &[f32])| {
            let Candidate { first, end, pieces, .. } = lattice.candidates[*at];
            let scores = &lattice.scores[at * SCORES..][..SCORES];
            let classes = self.classes(p, lattice.tops[*at], &scores[1..]);
            Edge { candidate: *at, first, end, score: scores[0], classes, gap: lattice.gap(pieces[0]) > space }
        };
        each.map(edge).collect()
    }

    /// The classes that count for a candidate, with what a path gains by each, given the probabilities, that of the class
    /// that was the most probable at first, and what the scorer says of each class that it knows. The best is first.
    fn classes(&self, probabilities: &[f32], top: f32, scores: &[f32]) -> Vec<(usize, f32)> {
        let allowed = |class: &usize| self.hint.as_ref().is_none_or(|hint| hint.allows(*class));
        let gain = |class: usize| {
            let place = self.places[class].map_or(0.0, |place| scores[place]);
            (class, (probabilities[class].max(LEAST) / top.max(LEAST)).ln() + place)
        };
        let mut order: Vec<(usize, f32)> = (0..probabilities.len()).filter(allowed).map(gain).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let most = if matches!(self.help, Help::None) { CLASSES } else { order.len() };
        let is_first = |at: usize| order[..at].iter().all(|other| self.kinds[other.0] != self.kinds[order[at].0]);
        (0..order.len()).filter(|at| *at < most || is_first(*at)).map(|at| order[at]).collect()
    }

    /// The best paths; where help allows none, those without it.
    fn paths(&self, edges: &[Edge], length: usize) -> Vec<Path> {
        let classes = &self.reader.model().classes;
        let rules = |help| Rules { classes, kinds: &self.kinds, help };
        let found = paths(edges, length, &rules(&self.help));
        if found.is_empty() { paths(edges, length, &rules(&Help::None)) } else { found }
    }

    /// The line that paths tell.
    fn told(&self, lattice: &Lattice, edges: &[Edge], found: &[Path]) -> Option<Line> {
        let best = found.first()?;
        let weights: Vec<f32> = found.iter().map(|path| (path.score - best.score).exp()).collect();
        let sum: f32 = weights.iter().sum();
        let share = |holds: &dyn Fn(&Path) -> bool| {
            let with = found.iter().zip(&weights).filter(|(path, _)| holds(path));
            with.map(|(_, weight)| weight / sum).sum::<f32>()
        };
        let mut texts: Vec<(String, f32)> = vec![];
        for (path, weight) in found.iter().zip(&weights) {
            let text = self.text(&path.steps);
            match texts.iter_mut().find(|(other, _)| *other == text) {
                Some((_, share)) => *share += weight / sum,
                None => texts.push((text, weight / sum)),
            }
        }
        let (text, probability) = texts.remove(0);
        texts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let character = |step: &PathStep| {
            let candidate = &lattice.candidates[edges[step.edge].candidate];
            ReadCharacter {
                text: self.name(step),
                space: step.space,
                others: self.others(&edges[step.edge], step),
                probability: share(&|path| path.steps.contains(step)),
                bounds: candidate.bounds,
                parts: candidate.parts.clone(),
            }
        };
        let characters = best.steps.iter().map(character).collect();
        Some(Line { text, probability, characters, others: texts })
    }

    /// The characters that may stand in place of a step's, the most probable first.
    fn others(&self, edge: &Edge, step: &PathStep) -> Vec<String> {
        let others = edge.classes.iter().map(|(class, _)| *class).filter(|class| *class != step.class);
        others.take(OTHERS).map(|class| self.model().classes[class].clone()).collect()
    }

    fn text(&self, steps: &[PathStep]) -> String {
        steps.iter().map(|step| if step.space { format!(" {}", self.name(step)) } else { self.name(step) }).collect()
    }

    fn name(&self, step: &PathStep) -> String {
        step.sign.map_or_else(|| self.reader.model().classes[step.class].clone(), String::from)
    }
}

fn most(probabilities: &[f32]) -> f32 {
    probabilities.iter().copied().fold(0.0, f32::max)
}

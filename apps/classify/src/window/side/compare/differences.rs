//! Where the answers of two models differ.

use nn_io::Answer;
use ui::answer::percent;

/// The answers of two models to the same drawing, class by class.
pub struct Differences {
    /// The classes of both models, those of the first one first, each with both probabilities. A class that a model does
    /// not know has the probability 0.
    pub classes: Vec<(String, [f32; 2])>,
    /// The difference in a sentence or two.
    pub words: String,
}

impl Differences {
    /// Compares two answers, each with the classes of its model.
    pub fn new(answers: [&Answer; 2], names: [&[String]; 2]) -> Self {
        let new = |name: &&String| !names[0].contains(name);
        let p = |model: usize, name: &String| {
            names[model].iter().position(|other| other == name).map_or(0.0, |class| answers[model].probabilities[class])
        };
        let all = names[0].iter().chain(names[1].iter().filter(new));
        let classes: Vec<_> = all.map(|name| (name.clone(), [p(0, name), p(1, name)])).collect();
        let best = [0, 1].map(|model| &names[model][answers[model].class]);
        let sure = answers.map(|answer| percent(answer.probability));
        let mut words = match best[0] == best[1] {
            true => format!("Both read {} ({} and {}).", best[0], sure[0], sure[1]),
            false => format!("They differ: {} ({}) and {} ({}).", best[0], sure[0], best[1], sure[1]),
        };
        let gap = |(_, p): &(String, [f32; 2])| (p[0] - p[1]).abs();
        if let Some(widest) = classes.iter().max_by(|a, b| gap(a).total_cmp(&gap(b))).filter(|class| gap(class) >= 0.05)
        {
            let (name, [first, second]) = widest;
            words += &format!(" They are furthest apart about {name}: {} and {}.", percent(*first), percent(*second));
        }
        Self { classes, words }
    }

    /// The classes that are most probable for either model, at most `n`, in their own order.
    pub fn most_probable(&self, n: usize) -> Vec<&(String, [f32; 2])> {
        let mut order: Vec<usize> = (0..self.classes.len()).collect();
        let likely = |i: usize| self.classes[i].1[0].max(self.classes[i].1[1]);
        order.sort_by(|&a, &b| likely(b).total_cmp(&likely(a)));
        order.truncate(n);
        order.sort_unstable();
        order.into_iter().map(|i| &self.classes[i]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_io::Verdict;

    fn answer(probabilities: &[f32]) -> Answer {
        let class = (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap();
        let probability = probabilities[class];
        Answer { class, probability, verdict: Verdict::Sure, probabilities: probabilities.to_vec() }
    }

    #[test]
    fn models_of_different_classes_are_compared_by_names() {
        let [first, second] = [["0", "1", "7"], ["7", "x", "0"]].map(|names| names.map(String::from));
        let [a, b] = [answer(&[0.1, 0.3, 0.6]), answer(&[0.2, 0.7, 0.1])];
        let found = Differences::new([&a, &b], [&first, &second]);
        let expected = [("0", [0.1, 0.1]), ("1", [0.3, 0.0]), ("7", [0.6, 0.2]), ("x", [0.0, 0.7])];
        assert_eq!(found.classes, expected.map(|(name, p)| (name.to_string(), p)));
        let words = "They differ: 7 (60 %) and x (70 %). They are furthest apart about x: 0 % and 70 %.";
        assert_eq!(found.words, words);
        assert_eq!(found.most_probable(2).iter().map(|(name, _)| &name[..]).collect::<Vec<_>>(), ["7", "x"]);
        let same = Differences::new([&a, &a], [&first, &first]);
        assert_eq!(same.words, "Both read 7 (60 % and 60 %).");
    }
}

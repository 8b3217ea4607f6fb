//! A hint from somebody who knows that a picture shows a digit, say.

use crate::error::Error;

/// The classes that an answer may be.
///
/// ```
/// use nn_io::Hint;
/// let classes = ["0", "1", "2", "A", "B", "a"].map(String::from);
/// let hint = Hint::parse("1-2A", &classes)?;
/// let mut probabilities = [0.3, 0.2, 0.0, 0.2, 0.2, 0.1];
/// hint.apply(&mut probabilities);
/// assert_eq!(probabilities, [0.0, 0.5, 0.0, 0.5, 0.0, 0.0]);
/// assert!(Hint::parse("1-7", &classes).is_err());
/// # Ok::<(), nn_io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// For each class of the model, true if an answer may be it.
    allowed: Vec<bool>,
}

impl Hint {
    /// Reads a hint for a model with these classes: characters and ranges of them (`0-9`, `A-Z`, `0-9A-F`, `abc`), or the
    /// names of classes, separated by commas.
    ///
    /// # Errors
    /// [`Error::Hint`] names a character or name that is not among the classes.
    pub fn parse(text: &str, classes: &[String]) -> Result<Self, Error> {
        let mut allowed = vec![false; classes.len()];
        let is_class = |part: &str| classes.iter().any(|class| class == part);
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        for name in parts.flat_map(|part| if is_class(part) { vec![part.into()] } else { characters(part) }) {
            let Some(class) = classes.iter().position(|class| *class == name) else {
                let known = classes.join(" ");
                if name == "-" {
                    let problem =
                        format!("a range runs upwards, as 0-9, and {text:?} does not; the classes are {known}");
                    return Err(Error::Hint(problem));
                }
                return Err(Error::Hint(format!("the model has no class {name:?}; its classes are {known}")));
            };
            allowed[class] = true;
        }
        if !allowed.contains(&true) {
            return Err(Error::Hint("the hint names no class".into()));
        }
        Ok(Self { allowed })
    }

    /// Returns whether an answer may be this class of the model.
    pub fn allows(&self, class: usize) -> bool {
        self.allowed.get(class) == Some(&true)
    }

    /// Returns whether an answer may be any class, so that the hint says nothing.
    pub fn allows_all(&self) -> bool {
        !self.allowed.contains(&false)
    }

    /// Takes the probability from all other classes, and divides that of the allowed ones by their sum; `probabilities`
    /// holds those of each sample one after the other. Where no allowed class has any, all of them become equally probable.
    pub fn apply(&self, probabilities: &mut [f32]) {
        for sample in probabilities.chunks_exact_mut(self.allowed.len()) {
            sample.iter_mut().zip(&self.allowed).filter(|(_, allowed)| !**allowed).for_each(|(p, _)| *p = 0.0);
            let sum: f32 = sample.iter().sum();
            let count = self.allowed.iter().filter(|allowed| **allowed).count();
            for (p, _) in sample.iter_mut().zip(&self.allowed).filter(|(_, allowed)| **allowed) {
                *p = if sum > 0.0 { *p / sum } else { 1.0 / count as f32 };
            }
        }
    }
}

/// The characters of a text, ranges such as `a-f` written out.
fn characters(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut all = vec![];
    let mut at = 0;
    while at < characters.len() {
        match characters[at..] {
            [from, '-', to, ..] if from <= to => {
                all.extend((from..=to).map(String::from));
                at += 3;
            }
            _ => {
                all.push(characters[at].into());
                at += 1;
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn allowed(text: &str, classes: &[&str]) -> Result<Vec<bool>, String> {
        let classes: Vec<String> = classes.iter().map(|class| (*class).into()).collect();
        Hint::parse(text, &classes).map(|hint| hint.allowed).map_err(|error| error.to_string())
    }

    #[test]
    fn characters_ranges_and_names_are_read() {
        let classes = ["0", "5", "A", "B", "b", "-"];
        assert_eq!(allowed("0A-B", &classes).unwrap(), [true, false, true, true, false, false]);
        assert_eq!(allowed("b-", &classes).unwrap(), [false, false, false, false, true, true]);
        assert_eq!(allowed("ship, a-b", &["ship", "a-b", "car"]).unwrap(), [true, true, false]);
        assert!(allowed("0-5", &classes).unwrap_err().contains("the model has no class \"1\"; its classes are 0 5 A"));
        assert!(allowed("5-0", &classes).is_ok(), "no range: three characters");
        assert!(Hint { allowed: allowed("-0-5Ab", &["0", "5", "-"]).unwrap_or(vec![true]) }.allows_all());
        assert!(allowed("9-0", &["0", "9"]).unwrap_err().contains("a range runs upwards, as 0-9"));
        assert!(allowed(" , ", &classes).unwrap_err().contains("names no class"));
    }

    #[test]
    fn what_is_not_allowed_has_no_probability() {
        let hint = Hint { allowed: vec![false, true, true] };
        let mut p = [0.5, 0.125, 0.375, 1.0, 0.0, 0.0];
        hint.apply(&mut p);
        assert_eq!(p, [0.0, 0.25, 0.75, 0.0, 0.5, 0.5]);
    }
}

//! Doubts about joining datasets whose classes have the same names and perhaps other meanings.

use crate::dataset::Dataset;

/// A line about classes of one name that may mean different things: one dataset counts its classes beyond 9, as EMNIST
/// does, where another has the digits themselves.
pub fn doubtful_join(datasets: &[Dataset]) -> Option<String> {
    let number = |class: &String| class.parse::<u32>().ok();
    let counted = datasets.iter().find_map(|dataset| {
        let highest = dataset.classes().iter().map(number).collect::<Option<Vec<u32>>>()?.into_iter().max()?;
        (highest > 9).then_some((dataset, highest))
    });
    let (counted, highest) = counted?;
    let are_characters = |dataset: &&Dataset| dataset.classes().iter().all(|class| class.chars().count() == 1);
    let shared = datasets.iter().filter(are_characters).flat_map(Dataset::classes);
    let class = shared.into_iter().find(|class| counted.classes().contains(class))?;
    Some(format!(
        "one dataset numbers its classes up to {highest}, another has characters: {class} becomes one class, whatever it means; \
         --classes FILE gives the first ones names"
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::size::Size;

    fn of(names: &[&str]) -> Dataset {
        Dataset::from_names(Size::new(1, 1, 1), vec![0; names.len()], names, vec![]).unwrap()
    }

    #[test]
    fn numbers_of_letters_are_told_from_digits() {
        let (digits, letters, numbered) = (of(&["0", "7"]), of(&["7", "A"]), of(&["7", "26"]));
        for other in [&digits, &letters] {
            let line = doubtful_join(&[other.clone(), numbered.clone()]).unwrap();
            assert!(line.contains("up to 26") && line.contains("7 becomes one class"), "{line}");
        }
        assert_eq!(doubtful_join(&[digits.clone(), letters]), None);
        assert_eq!(doubtful_join(&[numbered.clone(), numbered.clone()]), None);
        assert_eq!(doubtful_join(&[digits, of(&["10", "26"])]), None, "no name is shared");
    }
}

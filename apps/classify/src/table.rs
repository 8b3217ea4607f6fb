//! Tables for people: the scores of each class, and the confusion matrix.

use cli::say::cell;
use nn_core::metrics::Confusion;
use std::fmt::Write;

/// Precision, recall, F1 and samples: a line for each class.
pub fn classes(confusion: &Confusion, names: &[String]) -> String {
    let names = cells(names);
    let wide = width(names.iter().map(String::as_str).chain(["class"]));
    let mut text = format!("{:<wide$}  precision  recall      f1  samples\n", "class");
    for (i, name) in names.iter().enumerate() {
        let class = confusion.class(i);
        let (precision, recall, f1) = (class.precision, class.recall, class.f1);
        line(&mut text, format_args!("{name:<wide$}  {precision:>9.4}  {recall:.4}  {f1:.4}  {:>7}", class.samples));
    }
    text
}

/// How often each class was taken for each; 0 is shown as a dot, so that mistakes stand out.
pub fn confusion(confusion: &Confusion, names: &[String]) -> String {
    let names = cells(names);
    let all = || 0..names.len();
    let count = |truth, predicted| match confusion.count(truth, predicted) {
        0 => ".".to_string(),
        n => n.to_string(),
    };
    let first = width(names.iter().map(String::as_str));
    let columns: Vec<usize> = all()
        .map(|p| all().map(|t| count(t, p).len()).max().unwrap_or_default().max(names[p].chars().count()))
        .collect();
    let mut text = "confusion matrix: a row is a true class, a column what it was taken for\n".to_string();
    let mut row = |name: &str, cell: &dyn Fn(usize) -> String| {
        let cells: String = all().map(|p| format!("  {:>wide$}", cell(p), wide = columns[p])).collect();
        line(&mut text, format_args!("{name:<first$}{cells}"));
    };
    row("", &|p| names[p].clone());
    for (truth, name) in names.iter().enumerate() {
        row(name, &|p| count(truth, p));
    }
    text
}

fn cells(names: &[String]) -> Vec<String> {
    names.iter().map(|name| cell(name)).collect()
}

/// Characters of the longest.
fn width<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or_default()
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").unwrap_or_default(); // writing to a String cannot fail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_by_hand() {
        let mut counts = Confusion::new(3);
        for (truth, predicted, n) in [(0, 0, 12), (0, 1, 4), (1, 1, 2), (2, 1, 2)] {
            (0..n).for_each(|_| counts.add(truth, predicted));
        }
        let names = ["a", "bee", "ф"].map(String::from);
        assert_eq!(
            classes(&counts, &names),
            "class  precision  recall      f1  samples\n\
             a         1.0000  0.7500  0.8571       16\n\
             bee       0.2500  1.0000  0.4000        2\n\
             ф         0.0000  0.0000  0.0000        2\n"
        );
        let (heading, matrix) =
            confusion(&counts, &names).split_once('\n').map(|(h, m)| (h.to_string(), m.to_string())).unwrap();
        assert!(heading.starts_with("confusion matrix"));
        assert_eq!(matrix, "      a  bee  ф\na    12    4  .\nbee   .    2  .\nф     .    2  .\n");
    }
}

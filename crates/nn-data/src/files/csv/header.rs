//! The header of a table: whether the first row is one, and what its names mean.

use std::collections::{HashMap, HashSet};

use ::csv::ByteRecord;

use crate::dataset::classes::MISSING;
use crate::files::csv::values::number;

/// Names of a column of labels, the surest first.
const LABELS: [&str; 12] = [
    "label",
    "labels",
    "class",
    "classes",
    "target",
    "y",
    "digit",
    "letter",
    "character",
    "category",
    "species",
    "symbol",
];
/// Names of a column that numbers or names the rows.
const INDICES: [&str; 15] =
    ["", "id", "ids", "index", "idx", "no", "nr", "#", "row", "rowid", "imageid", "sampleid", "rowindex", "key", "uid"];

/// The name in a field of the header, as it stands there but for blanks around it.
pub(crate) fn name(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().chars().take(40).collect()
}

/// A name for being compared: lower case, letters, digits and `#` only.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '#').flat_map(char::to_lowercase).collect()
}

/// The place of a name among those of labels: the lower, the surer.
pub(crate) fn label_rank(name: &str) -> Option<usize> {
    let name = plain(name);
    let word = ["class", "label", "target"].iter().find(|word| {
        let rest = name.strip_prefix(**word).or_else(|| name.strip_suffix(**word));
        rest.is_some_and(|rest| {
            matches!(rest, "id" | "name" | "label" | "class" | "index" | "number" | "no" | "true" | "y")
        })
    });
    LABELS.iter().position(|label| *label == name).or_else(|| word.map(|_| LABELS.len()))
}

/// True for the name of a column that numbers or names the rows.
pub(crate) fn is_index(name: &str) -> bool {
    let name = plain(name);
    INDICES.contains(&name.as_str()) || name.starts_with("unnamed")
}

/// True for the letters by which spreadsheets call their columns: A, B, …, Z, AA and so on.
pub(crate) fn is_of_a_spreadsheet(names: &[String]) -> bool {
    let letters = |column: usize| {
        let (mut left, mut letters) = (column + 1, vec![]);
        while left > 0 {
            letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
            left = (left - 1) / 26;
        }
        letters.into_iter().rev().collect::<String>()
    };
    names.len() > 3 && names.iter().enumerate().all(|(column, name)| *name == letters(column))
}

/// The letters that a name begins with: `pixel` of `pixel17`.
pub(crate) fn stem(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | 'x' | '[' | ']' | ' '))
}

/// The number that a name ends in, `[0, 17]` of `pixel17`, or row and column, `[3, 5]` of `3x5`, `p_3_5` or `p[3][5]`; `None` for
/// a fraction, as pandas calls columns whose first row it took for the header.
pub(crate) fn place(name: &str) -> Option<[usize; 2]> {
    if name.contains('.') && number(name.as_bytes()).is_some() {
        return None;
    }
    let numbers =
        name.get(stem(name).len()..)?.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let numbers: Vec<usize> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
    match numbers[..] {
        [number] => Some([0, number]),
        [row, column] => Some([row, column]),
        _ => None,
    }
}

/// True if the first row is a header: it names a label and repeats nothing, or most of its fields are no numbers, or its numbers are those
/// of columns.
pub(crate) fn is_header(first: &ByteRecord) -> bool {
    let texts: Vec<String> = first.iter().map(name).collect();
    let numbers = first.iter().filter(|field| number(field).is_some()).count();
    let named = texts.iter().any(|text| label_rank(text).is_some());
    let different = texts.iter().collect::<HashSet<_>>().len() == texts.len();
    let missing = |text: &&String| MISSING.contains(&text.to_lowercase().as_str());
    if 2 * texts.iter().filter(missing).count() > texts.len() {
        return false; // a row whose values are missing
    }
    if numbers == 0 || named && different || 2 * numbers < texts.len() {
        return true;
    }
    let counted: Vec<&String> = texts.iter().skip_while(|text| number(text.as_bytes()).is_none()).collect();
    counted.len() > 9 && (counts_up(&counted) || is_repaired(&texts))
}

/// True for whole numbers that go up by one from 0 or 1, whatever stands behind them.
fn counts_up(texts: &[&String]) -> bool {
    let start = texts.first().and_then(|text| text.parse::<usize>().ok()).filter(|&start| start <= 1);
    let wrong = |start: usize| texts.iter().enumerate().filter(|(i, text)| text.parse() != Ok(start + i)).count();
    start.is_some_and(|start| wrong(start) <= 1)
}

/// True if repeated names have got `.1`, `.2` and so on: pandas does so when it takes a row of numbers for a header.
fn is_repaired(texts: &[String]) -> bool {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut repaired = 0;
    for text in texts {
        let repeated = text.rsplit_once('.').and_then(|(name, n)| Some((name, n.parse::<usize>().ok()?)));
        if let Some((name, n)) = repeated
            && seen.get(name) == Some(&n)
        {
            seen.insert(name, n + 1);
            repaired += 1;
        } else if seen.insert(text, 1).is_some() {
            return false;
        }
    }
    2 * repaired > texts.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> bool {
        is_header(&text.split(',').collect())
    }

    fn numbers(first: usize, n: usize) -> String {
        (first..first + n).map(|i| i.to_string()).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn headers_are_known_even_of_numbers() {
        for text in ["label,a,b", "a,b,label", "Label,0,1", ",label,p0", "target,0,1,2", "id,label", "p0,p1,", "a,2,c"]
        {
            assert!(header(text), "{text}");
        }
        let upwards = numbers(0, 64);
        for text in
            [&upwards, &numbers(1, 64), &format!("{upwards},label"), &format!(",{upwards}"), &format!("{upwards},z")]
        {
            assert!(header(text), "{text}");
        }
        let repaired = (1..20).map(|i| format!("0.{i}")).collect::<Vec<_>>().join(",");
        assert!(header(&format!("5,0,{repaired},3,18,18.1")) && header(&format!("0,{repaired}")));
    }

    #[test]
    fn rows_are_no_headers() {
        let zeros = ["0"; 60].join(",");
        let fractions = (0..40).map(|i| format!("0.{:03}", i * 37 % 101)).collect::<Vec<_>>().join(",");
        for text in [
            "5,0,0,1",
            "a,0,0,1",
            "digit,0,0,1",
            &format!("7,{zeros}"),
            &format!("7,{fractions}"),
            &numbers(5, 64),
            "0,1,2,3,4",
            "3,NA,NA,NA",
        ] {
            assert!(!header(text), "{text}");
        }
    }

    #[test]
    fn names_of_labels_and_of_indices() {
        for name in ["Label", " class ", "TARGET", "y", "Digit", "class_label", "label_id", "true label"] {
            assert!(label_rank(name).is_some(), "{name}");
        }
        assert!(
            label_rank("label") < label_rank("digit") && label_rank("pixel1").is_none() && label_rank("year").is_none()
        );
        for name in ["", "Unnamed: 0", "ID", "Image_Id", "index", "#"] {
            assert!(is_index(name), "{name}");
        }
        assert!(!is_index("pixel0") && !is_index("0"));
        let spreadsheet = |text: &str| is_of_a_spreadsheet(&text.split(' ').map(String::from).collect::<Vec<_>>());
        assert!(spreadsheet("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z AA AB") && !spreadsheet("A B C E"));
        assert_eq!(
            ["pixel17", "3x5", "p[3][5]", "12", "p", "1.2.3", "0.2"].map(place),
            [Some([0, 17]), Some([3, 5]), Some([3, 5]), Some([0, 12]), None, None, None]
        );
        assert_eq!([stem("pixel17"), stem("1x1"), stem("p_0"), stem("class")], ["pixel", "", "p", "class"]);
    }
}

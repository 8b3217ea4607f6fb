//! Tests of the dataset.

#![allow(clippy::unwrap_used)]
use super::*;

fn tiny(names: &[&str]) -> Dataset {
    let pixels = (0..names.len() as u8 * 2).collect();
    Dataset::from_names(Size::new(1, 2, 1), pixels, names, vec![]).unwrap()
}

#[test]
fn classes_are_sorted_and_counted() {
    let d = tiny(&["b", "10", "9", "b"]);
    assert_eq!(d.classes(), ["9", "10", "b"]);
    assert_eq!(d.labels(), [2, 1, 0, 2]);
    assert_eq!(d.counts(), [1, 1, 2]);
    assert_eq!(d.image(1), [2, 3]);
    assert_eq!(d.select(&[3, 1]).pixels(), [6, 7, 2, 3]);
    assert_eq!(d.clone().limit(9), d);
    assert_eq!(d.limit(1).counts(), [0, 0, 1]);
}

#[test]
fn new_refuses_what_does_not_fit() {
    let new = |size, pixels: usize, labels, classes: &[&str], sources: &[&str]| {
        let names = |s: &[&str]| s.iter().map(|s| s.to_string()).collect();
        Dataset::new(size, vec![0; pixels], labels, names(classes), names(sources)).unwrap_err().to_string()
    };
    let size = Size::new(1, 2, 1);
    assert_eq!(new(size, 3, vec![0], &["a"], &[]), "1 pictures of 2x1 grey are not 3 values");
    assert_eq!(new(size, 2, vec![1], &["a"], &[]), "label 1, but only 1 classes");
    assert_eq!(new(size, 2, vec![0], &["a", "a"], &[]), "class 1 has the name a of an earlier one");
    assert_eq!(new(size, 2, vec![0], &["a"], &["x", "y"]), "1 pictures, but 2 sources");
    assert!(new(Size::new(1, 1, 2), 2, vec![0], &["a"], &[]).contains("2 channels"));
    assert!(new(Size::new(0, 1, 1), 0, vec![], &[], &[]).contains("at least one pixel"));
}

#[test]
fn concat_joins_classes_by_name() {
    let mut second = tiny(&["a", "z"]);
    second.sources = vec!["x".into(), "y".into()];
    let all = Dataset::concat(vec![tiny(&["b", "a"]), second.clone(), tiny(&["3"])]).unwrap();
    assert_eq!(all.classes(), ["3", "a", "b", "z"]);
    assert_eq!(all.labels(), [2, 1, 1, 3, 0]);
    assert_eq!(all.sources(), ["", "", "x", "y", ""]);
    assert_eq!(all.len() * 2, all.pixels().len());
    let other = Dataset::from_names(Size::new(32, 32, 3), vec![0; 3072], &["a"], vec![]).unwrap();
    let error = Dataset::concat(vec![second, other]).unwrap_err();
    assert_eq!(error.to_string(), "pictures of 2x1 grey and of 32x32 colour do not go together");
    assert!(Dataset::concat(vec![]).is_err());
}

#[test]
fn classes_of_a_model_are_matched_by_name() {
    let model = ["c".to_string(), "a".to_string(), "b".to_string()];
    assert_eq!(tiny(&["a", "b", "a"]).with_classes(&model).unwrap().labels(), [1, 2, 1]);
    let error = tiny(&["a", "x"]).with_classes(&model).unwrap_err();
    assert_eq!(error.to_string(), "unknown class: x; known are c, a, b");
    assert_eq!(tiny(&["a", "x"]).limit(1).with_classes(&model).unwrap().labels(), [1]);
    let known = tiny(&["x", "b", "a", "x"]).only(&model);
    assert_eq!((known.labels(), known.pixels(), known.classes()), (&[2, 1][..], &[2, 3, 4, 5][..], &model[..]));
}

#[test]
fn mean_and_deviation_of_each_channel() {
    let pixels = vec![0, 255, 51, 255, 255, 51];
    let d = Dataset::from_names(Size::new(1, 2, 3), pixels, &["a"], vec![]).unwrap();
    assert_eq!(d.mean_std(), (vec![0.5, 1.0, 0.2], vec![0.5, 0.0, 0.0]));
}

#[test]
fn classes_get_other_names() {
    let names = ["y", "x", "y"].map(String::from);
    let renamed = tiny(&["0", "1", "2", "0"]).renamed(&names);
    assert_eq!((renamed.classes().join(" "), renamed.labels()), ("x y".into(), &[1, 0, 1, 1][..]));
}

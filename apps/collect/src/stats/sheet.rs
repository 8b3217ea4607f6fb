//! The contact sheet: samples of each class on one picture, to see at a glance what a dataset holds.

use anyhow::Result;
use cli::say::cell;
use nn_data::{Dataset, disk};
use std::path::Path;

/// Samples in a row.
const COLUMNS: usize = 20;

/// Draws a row of up to 20 samples for each class, evenly spread over the class, and writes it as PNG. Returns what the
/// rows are, as a picture of this kind has no text.
pub fn write(dataset: &Dataset, path: &Path) -> Result<String> {
    let sheet = draw(dataset)?;
    disk::write(path, &sheet)?;
    Ok(format!(
        "\nsheet {}, its rows from the top: {}",
        path.display(),
        dataset.classes().iter().map(|name| cell(name)).collect::<Vec<_>>().join(" ")
    ))
}

fn draw(dataset: &Dataset) -> Result<Vec<u8>> {
    Ok(nn_data::sheet(dataset, &samples(dataset), COLUMNS)?)
}

/// Up to 20 samples of each class, evenly spread.
fn samples(dataset: &Dataset) -> Vec<Vec<usize>> {
    let mut of_class = vec![vec![]; dataset.classes().len()];
    dataset.labels().iter().enumerate().for_each(|(i, &label)| of_class[label as usize].push(i));
    let spread = |all: Vec<usize>| {
        let shown = all.len().min(COLUMNS);
        (0..shown).map(|k| all[k * all.len() / shown]).collect()
    };
    of_class.into_iter().map(spread).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::Rgb;
    use nn_data::Size;

    #[test]
    fn a_row_for_each_class() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sheet.png");
        let names: Vec<&str> = std::iter::repeat_n("a", 40).chain(["b"]).collect();
        let pixels = (0..41).flat_map(|i| [i * 3, i * 3 + 1, i * 3 + 2]).collect();
        let dataset = Dataset::from_names(Size::new(1, 1, 3), pixels, &names, vec![]).unwrap();
        for _ in 0..2 {
            let told = write(&dataset, &path).unwrap();
            assert!(told.ends_with("sheet.png, its rows from the top: a b"), "{told}");
        }
        let sheet = image::open(&path).unwrap().to_rgb8();
        assert_eq!(sheet.dimensions(), (20 * 59 + 3, 2 * 59 + 3));
        assert_eq!(sheet[(3, 3)], Rgb([0, 1, 2]));
        assert_eq!(sheet[(3 + 19 * 59 + 55, 58)], Rgb([114, 115, 116]), "the last of 20 out of 40 is number 38");
        assert_eq!((sheet[(3, 62)], sheet[(62, 62)]), (Rgb([120, 121, 122]), Rgb([70, 90, 120])));
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let names: Vec<String> = (0..2000).map(|i| i.to_string()).collect();
        let dataset = Dataset::from_names(Size::new(28, 28, 1), vec![0; 2000 * 784], &names, vec![]).unwrap();
        assert!(draw(&dataset).unwrap_err().to_string().contains("choose a smaller --size"));
        let folder = tempfile::tempdir().unwrap();
        assert!(write(&dataset.limit(0).with_classes(&[]).unwrap(), folder.path()).is_err(), "a folder is no file");
    }
}

//! The drawings that a person has made, each with its label. The browser keeps them.

use crate::errand::Errand;
use anyhow::{Context, Result, ensure};
use nn_data::{Drawings, Ink, Preprocessing, StrokeSample, class_order, csv};
use std::collections::HashMap;

/// A drawing and its name in the browser's store.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptDrawing {
    /// Its name.
    pub id: String,
    /// The drawing with its label.
    pub sample: StrokeSample,
}

/// All drawings, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Collection {
    drawings: Vec<KeptDrawing>,
    /// The names of classes that have no drawing yet.
    named: Vec<String>,
    /// The first part of the names of this page's drawings, and the number of those that it has named.
    session: String,
    made: usize,
    /// Those that were deleted, the newest last.
    deleted: Vec<KeptDrawing>,
}

impl Collection {
    /// An empty collection. `session` is a name that no other page has.
    pub fn new(session: String) -> Self {
        Self { session, ..Self::default() }
    }

    /// The drawings.
    pub fn drawings(&self) -> &[KeptDrawing] {
        &self.drawings
    }

    /// The drawings as samples.
    pub fn samples(&self) -> Vec<StrokeSample> {
        self.drawings.iter().map(|drawing| drawing.sample.clone()).collect()
    }

    /// The names of all classes in their order, each with the number of its drawings.
    pub fn classes(&self) -> Vec<(String, usize)> {
        let mut counts: HashMap<&str, usize> = self.named.iter().map(|name| (&name[..], 0)).collect();
        self.drawings.iter().for_each(|drawing| *counts.entry(&drawing.sample.label).or_default() += 1);
        let mut classes: Vec<(String, usize)> = counts.into_iter().map(|(name, count)| (name.into(), count)).collect();
        classes.sort_by(|(a, _), (b, _)| class_order(a, b));
        classes
    }

    /// Names a class.
    pub fn name_class(&mut self, name: &str) {
        self.named.push(name.into());
    }

    /// Adds a drawing; the errand keeps it.
    ///
    /// # Errors
    /// Where it cannot be written, which none causes.
    pub fn add(&mut self, label: &str, strokes: Ink) -> Result<Errand> {
        self.add_all(vec![StrokeSample { label: label.into(), strokes, ..StrokeSample::default() }])
    }

    fn put(&mut self, drawings: Vec<KeptDrawing>) -> Result<Errand> {
        let line = |drawing: &KeptDrawing| Ok((drawing.id.clone(), serde_json::to_string(&drawing.sample)?));
        let errand = Errand::Keep(drawings.iter().map(line).collect::<Result<_>>()?);
        self.drawings.extend(drawings);
        Ok(errand)
    }

    /// Takes in a drawing that the browser has kept.
    ///
    /// # Errors
    /// Where the line holds none.
    pub fn restore(&mut self, id: String, line: &str) -> Result<()> {
        self.drawings.push(KeptDrawing { id, sample: serde_json::from_str(line)? });
        Ok(())
    }

    /// Deletes a drawing by its number; the errand forgets it.
    pub fn delete(&mut self, number: usize) -> Errand {
        let drawing = self.drawings.remove(number);
        let id = drawing.id.clone();
        self.deleted.push(drawing);
        Errand::Forget(id)
    }

    /// Brings back the drawing that was deleted last, where there is one.
    pub fn undelete(&mut self) -> Option<Result<Errand>> {
        let drawing = self.deleted.pop()?;
        Some(self.put(vec![drawing]))
    }

    /// Whether a drawing was deleted that can be brought back.
    pub fn has_deleted(&self) -> bool {
        !self.deleted.is_empty()
    }

    /// All drawings as a stroke file.
    ///
    /// # Errors
    /// Where one cannot be written, which none causes.
    pub fn to_file(&self) -> Result<Vec<u8>> {
        let mut file = vec![];
        for drawing in &self.drawings {
            serde_json::to_writer(&mut file, &drawing.sample)?;
            file.push(b'\n');
        }
        Ok(file)
    }

    /// All drawings, by a pen of this diameter (as a part of the paper's side), as a CSV file of pictures of 28x28.
    ///
    /// # Errors
    /// Where there are more classes than a dataset may have.
    pub fn to_table(&self, pen: f32) -> Result<Vec<u8>> {
        let dataset = Drawings::dataset(self.samples(), pen, &Preprocessing::ink(28, 28))?;
        let mut file = vec![];
        csv::write_to(&dataset, &mut file)?;
        Ok(file)
    }

    /// Adds drawings of any scale; the errand keeps them.
    ///
    /// # Errors
    /// Names the first that lacks a label or ink; then none is added.
    pub fn add_all(&mut self, samples: Vec<StrokeSample>) -> Result<Errand> {
        for (number, sample) in (1..).zip(&samples) {
            let is_whole = !sample.label.is_empty() && !sample.strokes.is_empty();
            ensure!(is_whole, "drawing {number}: a drawing needs a label and ink");
        }
        let named = (self.made + 1..).zip(samples).map(|(number, sample)| KeptDrawing {
            id: format!("{}-{number:06}", self.session),
            sample: StrokeSample { strokes: on_paper(sample.strokes), ..sample },
        });
        let named: Vec<KeptDrawing> = named.collect();
        self.made += named.len();
        self.put(named)
    }
}

/// A drawing as it is where it lies on the paper, whose sides are 1; else in the middle of it.
fn on_paper(ink: Ink) -> Ink {
    let lies_on_it = ink.strokes.iter().flatten().flatten().all(|v| (0.0..=1.0).contains(v));
    if lies_on_it { ink } else { ink.fitted(0.7) }
}

/// The drawings of a stroke file.
///
/// # Errors
/// Names the first line that holds no drawing.
pub fn samples_of(file: &[u8]) -> Result<Vec<StrokeSample>> {
    let text = std::str::from_utf8(file).context("it is no text")?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let parse = |(number, line)| serde_json::from_str(line).with_context(|| format!("line {number}"));
    let samples: Vec<StrokeSample> = lines.map(parse).collect::<Result<_>>()?;
    ensure!(!samples.is_empty(), "it holds no drawing");
    Ok(samples)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ink(x: f32) -> Ink {
        Ink { strokes: vec![vec![[x, 0.2], [x, 0.8]]] }
    }

    #[test]
    fn drawings_come_back_as_they_were_kept() {
        let mut collection = Collection::new("a".into());
        let errands: Vec<Errand> =
            [("7", 0.5), ("10", 0.4)].map(|(label, x)| collection.add(label, ink(x)).unwrap()).into();
        collection.name_class("heart");
        assert_eq!(collection.classes(), [("7".into(), 1), ("10".into(), 1), ("heart".into(), 0)]);
        let mut restored = Collection::new("b".into());
        for errand in errands {
            let Errand::Keep(drawings) = errand else { panic!("{errand:?}") };
            drawings.into_iter().for_each(|(id, line)| restored.restore(id, &line).unwrap());
        }
        assert_eq!(restored.drawings(), collection.drawings());
        assert!(matches!(restored.delete(0), Errand::Forget(id) if id == "a-000001"));
        assert_eq!(restored.classes(), [("10".into(), 1)]);
        assert!(matches!(restored.undelete().unwrap().unwrap(), Errand::Keep(drawings) if drawings[0].0 == "a-000001"));
        assert!(restored.undelete().is_none());
        assert_eq!(restored.drawings().len(), 2);
    }

    #[test]
    fn a_file_is_added_whole_or_not_at_all() {
        let mut collection = Collection::new("a".into());
        collection.add("7", ink(0.5)).unwrap();
        let file = collection.to_file().unwrap();
        collection.add_all(samples_of(&file).unwrap()).unwrap();
        assert_eq!(collection.drawings()[0].sample, collection.drawings()[1].sample);
        let wrong = [&file[..], b"{\"label\": \"8\"}\n"].concat();
        assert!(format!("{:#}", samples_of(&wrong).unwrap_err()).starts_with("line 2"));
        assert!(samples_of(b"\n").is_err());
        let empty = StrokeSample { label: "8".into(), ..StrokeSample::default() };
        let far = StrokeSample { strokes: Ink { strokes: vec![vec![[90.0, 9.0], [40.0, 50.0]]] }, ..empty.clone() };
        let error = collection.add_all(vec![far.clone(), empty]).unwrap_err();
        assert_eq!((error.to_string().starts_with("drawing 2"), collection.drawings().len()), (true, 2));
        collection.add_all(vec![far]).unwrap();
        let [low, high] = collection.drawings()[2].sample.strokes.bounds().unwrap();
        assert!(low.iter().chain(&high).all(|v| (0.0..=1.0).contains(v)), "{low:?} {high:?}");
        let table = String::from_utf8(collection.to_table(0.06).unwrap()).unwrap();
        assert!(table.starts_with("label,p0,") && table.contains("\n7,") && table.lines().count() == 4, "{table}");
    }
}

//! A project as one file: a zip archive with a folder for each class, a picture and the strokes of each drawing in it, and
//! the own model beside them. `train --data` learns the archive, and `collect` opens it once it is unpacked.

use crate::collection::KeptDrawing;
use anyhow::{Context, Result, ensure};
use nn_data::{Drawings, StrokeSample, folder_name};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The name of the model in the archive.
const MODEL: &str = "model.mpk";
/// The most bytes that are read of all files in an archive.
const MOST: u64 = 1 << 28;

/// The content of an archive.
#[derive(Debug, Default)]
pub struct Project {
    /// The drawings with their labels.
    pub drawings: Vec<StrokeSample>,
    /// The content of the model's file.
    pub model: Option<Vec<u8>>,
}

/// Packs drawings, by a pen of this diameter (as a part of the paper's side), and the own model into an archive.
///
/// # Errors
/// Where a picture cannot be written, which none causes.
pub fn pack(drawings: &[KeptDrawing], pen: f32, model: Option<&[u8]>) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    let mut add = |name: &str, content: &[u8]| -> Result<()> {
        zip.start_file(name, SimpleFileOptions::default())?;
        Ok(zip.write_all(content)?)
    };
    for KeptDrawing { id, sample } in drawings {
        let path = format!("{}/{id}", folder_name(&sample.label));
        add(&format!("{path}.png"), &Drawings::png(&sample.strokes, pen)?)?;
        add(&format!("{path}.json"), &serde_json::to_vec(sample)?)?;
    }
    if let Some(model) = model {
        add(MODEL, model)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Reads an archive.
///
/// # Errors
/// Names the member that cannot be read; and says so where neither drawings nor a model are in it.
pub fn unpack(file: &[u8]) -> Result<Project> {
    let mut zip = ZipArchive::new(Cursor::new(file)).context("a zip archive that cannot be unpacked")?;
    let (mut project, mut left) = (Project::default(), MOST);
    for number in 0..zip.len() {
        let member = zip.by_index(number)?;
        let name = member.name()?.to_string();
        let is_drawing = name.ends_with(".json");
        let is_of_a_system = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if is_of_a_system || !is_drawing && !name.ends_with(".mpk") {
            continue;
        }
        let mut content = vec![];
        member.take(left).read_to_end(&mut content).with_context(|| name.clone())?;
        left -= content.len() as u64;
        ensure!(left > 0, "it holds more than 256 MiB");
        if is_drawing {
            project.drawings.push(serde_json::from_slice(&content).with_context(|| name.clone())?);
        } else {
            project.model = Some(content);
        }
    }
    let is_empty = project.drawings.is_empty() && project.model.is_none();
    ensure!(!is_empty, "it holds neither strokes (NAME.json) nor a model (NAME.mpk)");
    Ok(project)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_data::{Ink, LoadOptions, load};

    fn drawing(id: &str, label: &str) -> KeptDrawing {
        let strokes = Ink { strokes: vec![vec![[0.2, 0.2], [0.8, 0.7]]] };
        let sample = StrokeSample { label: label.into(), strokes, ..StrokeSample::default() };
        KeptDrawing { id: id.into(), sample }
    }

    #[test]
    fn a_project_comes_back_and_is_a_dataset_without_the_page() {
        let drawings = [drawing("a-1", "A"), drawing("a-2", "a"), drawing("a-3", "heart"), drawing("a-4", "a")];
        let file = pack(&drawings, 0.06, Some(&[1, 2, 3])).unwrap();
        let project = unpack(&file).unwrap();
        let samples: Vec<StrokeSample> = drawings.iter().map(|drawing| drawing.sample.clone()).collect();
        assert_eq!((project.drawings, project.model), (samples, Some(vec![1, 2, 3])));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("barnacle.zip");
        std::fs::write(&path, file).unwrap();
        let loaded = load(&path, &LoadOptions::default()).unwrap();
        assert_eq!(
            (loaded.train.classes(), loaded.train.counts()),
            (&["A", "a", "heart"].map(String::from)[..], vec![1, 2, 1])
        );
        assert!(loaded.train.drawing(0).is_some(), "with its strokes");
    }

    #[test]
    fn an_archive_that_a_system_packed_again_is_read() {
        let mut zip = ZipWriter::new(Cursor::new(vec![]));
        for (name, content) in
            [("7/a.json", serde_json::to_vec(&drawing("a", "7").sample).unwrap()), ("__MACOSX/7/._a.json", vec![0])]
        {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&content).unwrap();
        }
        assert_eq!(unpack(&zip.finish().unwrap().into_inner()).unwrap().drawings.len(), 1);
    }

    #[test]
    fn what_is_no_project_is_refused() {
        let mut zip = ZipWriter::new(Cursor::new(vec![]));
        zip.start_file("holiday.png", SimpleFileOptions::default()).unwrap();
        let other = zip.finish().unwrap().into_inner();
        assert!(unpack(&other).unwrap_err().to_string().contains("neither strokes"));
        assert!(format!("{:#}", unpack(b"PK\x03\x04").unwrap_err()).starts_with("a zip archive that cannot"));
        let file = pack(&[drawing("a", "7")], 0.06, None).unwrap();
        assert!(unpack(&file[..file.len() / 2]).is_err());
    }
}

//! A table that lists picture files and their labels, as `filename,label`, beside the pictures.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ::csv::ByteRecord;

use crate::disk;
use crate::disk::source::Source;
use crate::error::Error;
use crate::files::class_folders::find::is_part;
use crate::files::class_folders::list::{entries, folders};
use crate::files::csv::header::{is_header, label_rank, name};
use crate::files::csv::text::{Rows, is_named_so};
use crate::files::csv::values::label;
use crate::files::image_file::kind::is_named_picture;

/// The most columns of a list.
const MOST_COLUMNS: usize = 8;
/// Rows by which a list is told from other tables.
const LOOKED_AT: usize = 1000;
/// Endings of picture files, tried where a list names files without one.
const ENDINGS: [&str; 9] = ["png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff", "jfif"];

/// The listed files, each with its label.
#[derive(Debug, PartialEq)]
pub(crate) struct List {
    /// The folder that the files lie in.
    pub root: PathBuf,
    /// The files and their labels, in the order of the list.
    pub files: Vec<(PathBuf, String)>,
    /// A line that says how the table was understood.
    pub note: String,
}

/// Reads the table as a list; `None` if it is none. The files lie beside it, or in a folder beside it.
///
/// # Errors
/// [`Error::Dataset`] when the files are not found, or no column holds labels; [`Error::Line`] for a row without a label
/// or whose file is missing; [`Error::Read`].
pub(crate) fn read(table: &Path) -> Result<Option<List>, Error> {
    let mut rows = Rows::open(Source::file(table))?;
    let mut row = ByteRecord::new();
    if !rows.next(&mut row)? || !(2..=MOST_COLUMNS).contains(&row.len()) {
        return Ok(None);
    }
    let lists_a_picture = (0..row.len()).any(|column| is_named_picture(Path::new(&text(&row, column))));
    let names: Vec<String> = if is_header(&row) && !lists_a_picture { row.iter().map(name).collect() } else { vec![] };
    let mut first = if names.is_empty() { vec![row.clone()] } else { vec![] };
    while first.len() < LOOKED_AT && rows.next(&mut row)? {
        first.push(row.clone());
    }
    let Some((file, root)) = find(table, &first, &names)? else { return Ok(None) };
    let Some(one) = first.first() else { return Ok(None) };
    let Some(root) = root else {
        let first = text(one, file);
        return Err(Error::dataset(
            table,
            format!("a list of pictures, not of pixels, and {first} does not lie beside it"),
        ));
    };
    let columns = (0..one.len()).filter(|&column| column != file);
    let named = columns.clone().filter_map(|column| Some((label_rank(names.get(column)?)?, column))).min();
    let only = columns.clone().next().filter(|_| columns.clone().count() == 1);
    let Some(label_column) = named.map(|(_, column)| column).or(only) else {
        return Err(Error::dataset(table, "a list of pictures, but no column is called `label`"));
    };
    let (mut rows, mut files) = (Rows::open(Source::file(table))?, vec![]);
    if !names.is_empty() {
        rows.next(&mut row)?;
    }
    while rows.next(&mut row)? {
        let line = row.position().map_or(1, ::csv::Position::line);
        let error = |column, problem| Error::Line { path: table.into(), line, column: Some(column + 1), problem };
        let found = picture(&root, &text(&row, file));
        let found = found.ok_or_else(|| error(file, format!("{} is not in {}", text(&row, file), root.display())))?;
        let class = label(row.get(label_column).unwrap_or_default()).map_err(|problem| error(label_column, problem))?;
        files.push((found, class));
    }
    let mut note = format!("{}: a list of {} pictures in {}", table.display(), files.len(), root.display());
    let passed_over: Vec<&str> = columns
        .filter(|&column| column != label_column)
        .filter_map(|column| Some(names.get(column)?.as_str()))
        .collect();
    if !passed_over.is_empty() {
        note += &format!("; nothing is made of {}", passed_over.join(", "));
    }
    let listed: HashSet<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    let there = entries(&root)?.into_iter().filter(|path| is_named_picture(path) && path.is_file());
    match there.filter(|path| !listed.contains(path.as_path())).count() {
        0 => {}
        more => note += &format!("; {more} more there are not in the list"),
    }
    Ok(Some(List { root, files, note }))
}

/// Reads the only table in a folder as a list, where the folder has no class folders but perhaps one of pictures, or parts.
///
/// # Errors
/// As [`read`].
pub(crate) fn in_folder(folder: &Path) -> Result<Option<List>, Error> {
    let mut tables = entries(folder)?
        .into_iter()
        .filter(|path| is_named_so(path) && path.metadata().is_ok_and(|found| found.is_file() && found.len() > 0));
    match (tables.next(), tables.next()) {
        (Some(table), None) if is_without_classes(&folders(folder)?) => read(&table),
        _ => Ok(None),
    }
}

/// True for at most one folder, and for several that are named as parts and hold pictures alone.
fn is_without_classes(within: &[PathBuf]) -> bool {
    let is_loose = |folder: &PathBuf| is_part(folder) && folders(folder).is_ok_and(|deeper| deeper.is_empty());
    within.len() < 2 || within.iter().all(is_loose)
}

fn text(row: &ByteRecord, column: usize) -> String {
    String::from_utf8_lossy(row.get(column).unwrap_or_default()).trim().chars().take(200).collect()
}

/// The column of file names and the folder that the first of them lies in, if that is found. A column whose name is that of
/// a label holds none, and of several the one with the most different names does, as labels may be names of files too.
fn find(table: &Path, rows: &[ByteRecord], names: &[String]) -> Result<Option<(usize, Option<PathBuf>)>, Error> {
    let Some(first) = rows.first() else { return Ok(None) };
    let mut places = vec![disk::parent(table).to_path_buf()];
    let mut beside = folders(disk::parent(table))?;
    beside.sort_by_key(|folder| !shares_name(folder, table)); // train.csv lists what is in train, not in test
    places.extend(beside);
    let files = |column: usize| {
        let wanted = text(first, column);
        // The place that holds most of the files, and of equals the first.
        let holds = |place: &PathBuf| rows.iter().filter(|row| picture(place, &text(row, column)).is_some()).count();
        let there = places.iter().filter(|place| picture(place, &wanted).is_some());
        let place = there.rev().max_by_key(|place| holds(place));
        let named = rows.iter().filter(|row| is_named_picture(Path::new(&text(row, column)))).count();
        let most = 2 * named > rows.len();
        let different = rows.iter().map(|row| text(row, column)).collect::<HashSet<String>>().len();
        (place.is_some() || most).then(|| (most, different, Reverse(column), place.cloned()))
    };
    let columns = (0..first.len()).filter(|&column| names.get(column).is_none_or(|name| label_rank(name).is_none()));
    Ok(columns.filter_map(files).max().map(|(_, _, Reverse(column), place)| (column, place)))
}

/// True if a folder is called as a table, or nearly: `train` and `train_labels.csv`.
fn shares_name(folder: &Path, table: &Path) -> bool {
    let [folder, table] =
        [folder, table].map(|path| disk::plain_name(path).split('.').next().unwrap_or("").to_string());
    table.starts_with(&folder) || folder.starts_with(&table)
}

/// The file that a list calls by `name`, with or without an ending.
fn picture(folder: &Path, name: &str) -> Option<PathBuf> {
    let inside = |path: &Path| path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let name = Path::new(name);
    if name.as_os_str().is_empty() || !inside(name.strip_prefix(".").unwrap_or(name)) {
        return None;
    }
    let with = |ending: &&str| folder.join(format!("{}.{ending}", name.display()));
    let named = folder.join(name);
    if is_named_picture(name) && named.is_file() {
        return Some(named);
    }
    ENDINGS.iter().map(with).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    fn listed(folder: &Path, text: &str) -> Result<Option<Vec<(String, String)>>, String> {
        fs::write(folder.join("list.csv"), text).unwrap();
        let list = read(&folder.join("list.csv")).map_err(|error| error.to_string())?;
        let name = |path: PathBuf| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        Ok(list.map(|list| list.files.into_iter().map(|(file, label)| (name(file), label)).collect()))
    }

    #[test]
    fn pictures_are_found_beside_the_list_and_in_a_folder_beside_it() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        fs::create_dir(folder.join("images")).unwrap();
        for name in ["images/a.png", "images/7.jpg", "b.png"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        let of = |text: &str| listed(folder, text).unwrap().unwrap();
        let both = [("images/a.png".into(), "x".into()), ("images/7.jpg".into(), "3".into())];
        assert_eq!(of("filename,label\na.png,x\n7.jpg,3\n"), both);
        assert_eq!(of("a.png;x\n7.jpg;3\n"), both);
        assert_eq!(of("label,id\nx,a\n3,7\n"), both, "without endings");
        assert_eq!(of("n,file,class,writer\n0,images/a.png,x,ann\n1,images/7.jpg,3,bob\n"), both);
        for name in ["images/3.png", "images/x.png"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        assert_eq!(of("class,picture\nx,a\n3,7\n"), both, "labels that are names of pictures too");
        assert_eq!(of("3,7\nx,a\n3,x\n")[..2], [both[1].clone(), both[0].clone()]);
        assert_eq!(of("b.png,0\n"), [("b.png".into(), "0".into())]);
        assert_eq!(in_folder(folder).unwrap().unwrap().files.len(), 1);
    }

    #[test]
    fn of_two_folders_with_the_same_names_the_list_means_the_one_that_is_called_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        for part in ["atest", "train"] {
            fs::create_dir_all(place.path().join(part)).unwrap();
            fs::write(place.path().join(part).join("1.png"), "x").unwrap();
        }
        let table = place.path().join("train_labels.csv");
        fs::write(&table, "id,label,split\n1,x,train\n").unwrap();
        let list = read(&table).unwrap().unwrap();
        assert_eq!(list.files, [(place.path().join("train/1.png"), "x".into())], "not those of the folder atest");
        assert!(list.note.ends_with("nothing is made of split"), "{}", list.note);
        assert_eq!(in_folder(place.path()).unwrap(), None, "atest is no part");
        fs::rename(place.path().join("atest"), place.path().join("test")).unwrap();
        assert_eq!(in_folder(place.path()).unwrap().unwrap().files.len(), 1);
        fs::write(place.path().join("train/2.png"), "x").unwrap();
        assert!(read(&table).unwrap().unwrap().note.ends_with("; 1 more there are not in the list"));
    }

    #[test]
    fn what_is_no_list_and_what_is_missing() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("a.png"), "x").unwrap();
        let of = |text: &str| listed(place.path(), text);
        assert_eq!(of("label,p0\n1,2\n"), Ok(None));
        assert_eq!(of("ImageId,Label\n1,0\n2,0\n"), Ok(None));
        assert!(
            of("f,l\ngone.png,1\n").unwrap_err().contains("a list of pictures, not of pixels, and gone.png does not")
        );
        assert!(of("f,l\na.png,1\ngone.png,1\n").unwrap_err().contains("line 3, column 1: gone.png is not in"));
        assert!(of("f,l\na.png,\n").unwrap_err().contains("line 2, column 2: the label is missing"));
        assert!(of("f,l,m\na.png,1,2\n").unwrap_err().contains("no column is called `label`"));
        assert!(of("f,l\n../a.png,1\n").is_err());
    }
}

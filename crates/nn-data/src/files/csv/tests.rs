//! Tests of CSV files as a whole.

#![allow(clippy::unwrap_used)]
use super::*;

fn understood(text: &str, options: &LoadOptions) -> Result<(Dataset, String), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.csv");
    std::fs::write(&path, text).unwrap();
    let shown = |text: String| text.replace(&*path.to_string_lossy(), "d.csv");
    let result = |read: Result<(Dataset, Vec<String>), Error>| {
        let read = read.map(|(dataset, notes)| (dataset, shown(notes.join("\n"))));
        read.map_err(|error| shown(error.to_string()))
    };
    let read = result(read(&path, options));
    assert_eq!(result(from_bytes("d.csv", text.as_bytes(), options)), read, "from memory");
    read
}

fn tiny() -> LoadOptions {
    LoadOptions { tiny: true, ..LoadOptions::default() }
}

fn parse(text: &str) -> Result<Dataset, String> {
    understood(text, &tiny()).map(|(dataset, _)| dataset)
}

#[test]
fn numbers_and_texts_with_and_without_header() {
    let d = parse("label,a,b,c,d\n5,0,255,1,7\n3.0, 2 ,1e1,12.6,0\n").unwrap();
    assert_eq!(d.classes(), ["3", "5"]);
    assert_eq!(d.pixels(), [0, 255, 1, 7, 2, 10, 13, 0]);
    let d = parse("\u{feff}cat,1,2,3,4\r\n\"a,b\",5,6,7,8\r\n").unwrap();
    assert_eq!((d.classes(), d.labels()), (&["a,b".to_string(), "cat".to_string()][..], &[1, 0][..]));
    assert_eq!(parse("a,1,2,3\n").unwrap().size(), Size::new(1, 1, 3));
}

#[test]
fn values_up_to_one_are_stretched() {
    assert_eq!(parse("1,0,0.5,1,1\n2,0,0,0,0.1").unwrap().pixels(), [0, 128, 255, 255, 0, 0, 0, 26]);
    assert_eq!(parse("1,0,1,1,0").unwrap().pixels(), [0, 255, 255, 0]);
    assert_eq!(parse("1,0,1,0.6,0.2\n2,0,1,2,255").unwrap().pixels(), [0, 1, 1, 0, 0, 1, 2, 255]);
}

#[test]
fn every_defect_names_its_place() {
    let error = |text: &str| parse(text).unwrap_err();
    assert_eq!(error("1,2,3,4,5\n1,2,3,4\n"), "d.csv, line 2: 4 columns, but the first row has 5");
    assert_eq!(error("l,a,b,c,d\n1,2,3,4,5,6\n"), "d.csv, line 2: 6 columns, but the first row has 5");
    assert_eq!(error("1,2,3,4,5\n1,2,x,4,5\n"), "d.csv, line 2, column 3: \"x\" is no number");
    assert_eq!(error("a,2,x,4,5\n"), "d.csv, line 1, column 3: \"x\" is no number");
    assert_eq!(error("1,2,,4,5\n"), "d.csv, line 1, column 3: \"\" is no number");
    assert_eq!(error("1,2,256,4,5\n"), "d.csv, line 1, column 3: 256 is outside 0..255");
    assert_eq!(error("1,2,-1,4,5\n"), "d.csv, line 1, column 3: -1 is outside 0..255");
    assert_eq!(error("1,NaN,1,4,5\n"), "d.csv, line 1, column 2: NaN is outside 0..255");
    assert_eq!(error("1,inf,1,4,5\n"), "d.csv, line 1, column 2: inf is outside 0..255");
    assert_eq!(error(",1,1,4,5\n"), "d.csv, line 1, column 1: the label is missing");
    assert_eq!(error("l,a,b,c,d\n"), "d.csv: the file has a header, but no rows");
    assert_eq!(error("\n\n"), "d.csv: the file has no rows");
    assert_eq!(error(""), "d.csv: the file is empty");
    assert!(error("1,2,3,4,5,6\n").starts_with("d.csv: 6 values per row are no square picture"));
    assert!(error("1,2,3\n").starts_with("d.csv: it has no column of labels"));
}

#[test]
fn round_trip_plain_and_gzipped() {
    let folder = tempfile::tempdir().unwrap();
    let pixels = (0..=255).cycle().take(2 * 3072).collect();
    let d = Dataset::from_names(Size::new(32, 32, 3), pixels, &["a \"quoted\", label", "7"], vec![]).unwrap();
    for name in ["a.csv", "a.csv.gz"] {
        let path = folder.path().join(name);
        write(&d, &path).unwrap();
        let read = |limit| read(&path, &LoadOptions { limit, ..LoadOptions::default() }).unwrap().0;
        assert_eq!((read(None), read(Some(1)).labels()), (d.clone(), &[1][..]));
    }
    let flat = Dataset::from_names(Size::new(1, 2, 1), vec![1, 2], &["a"], vec![]).unwrap();
    assert!(write(&flat, &folder.path().join("b.csv")).unwrap_err().to_string().contains("square pictures only"));
}

/// Twelve rows of a label and 36 values, the first and the last of them 0, and each column's name.
struct Rows {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn new() -> Self {
        let value = |row: usize, i: usize| if i == 0 || i == 35 { 0 } else { (row * 53 + i * 29) % 256 };
        let row = |row: usize| (0..36).map(move |i| value(row, i).to_string());
        let rows = (0..12).map(|n| std::iter::once((n * n % 7 % 3).to_string()).chain(row(n)).collect()).collect();
        Self { names: std::iter::once("label".into()).chain((0..36).map(|i| format!("pixel{i}"))).collect(), rows }
    }

    /// The same with the columns in another order, or some of them.
    fn columns(mut self, order: impl Iterator<Item = usize> + Clone) -> Self {
        for row in std::iter::once(&mut self.names).chain(&mut self.rows) {
            *row = order.clone().map(|column| row[column].clone()).collect();
        }
        self
    }

    /// The same with another column before all others.
    fn with(mut self, name: &str, value: impl Fn(usize) -> String) -> Self {
        self.names.insert(0, name.into());
        self.rows.iter_mut().enumerate().for_each(|(i, row)| row.insert(0, value(i)));
        self
    }

    fn rename(mut self, name: impl Fn(usize, &str) -> String) -> Self {
        self.names = self.names.iter().enumerate().map(|(i, old)| name(i, old)).collect();
        self
    }

    fn text(&self, header: bool, separator: &str) -> String {
        let rows = header.then_some(&self.names).into_iter().chain(&self.rows);
        rows.map(|row| row.join(separator) + "\n").collect()
    }
}

/// Reads the text, finds the pictures of [`Rows::new`], and returns the notes.
#[track_caller]
fn as_usual(text: &str) -> String {
    let (read, notes) = understood(text, &LoadOptions::default()).unwrap();
    let (usual, _) = understood(&Rows::new().text(true, ","), &LoadOptions::default()).unwrap();
    assert_eq!((read.pixels(), read.labels(), read.classes()), (usual.pixels(), usual.labels(), usual.classes()));
    notes
}

#[test]
fn the_label_is_found_wherever_it_stands() {
    let label_last = || (1..37).chain([0]);
    for name in ["Label", "class", "TARGET", "y", "digit"] {
        let named = || Rows::new().rename(|i, old| if i == 0 { name.into() } else { old.into() });
        assert_eq!(as_usual(&named().text(true, ",")), "");
        as_usual(&named().columns(label_last()).text(true, ","));
        as_usual(&named().columns((1..20).chain([0]).chain(20..37)).text(true, ","));
    }
    assert_eq!(as_usual(&Rows::new().text(false, ",")), "");
    let last = Rows::new().columns(label_last());
    assert!(as_usual(&last.text(false, ",")).contains("took column 37 for the label, not the first"));
    let unknown = last.rename(|i, old| if i == 36 { "what".into() } else { old.into() });
    assert!(as_usual(&unknown.text(true, ",")).contains("took column 37 (what) for the label"));
    let texts = Rows::new().text(false, ",").replace("\n0,", "\nzero,").replace("\n1,", "\none,");
    assert_eq!(understood(&texts, &LoadOptions::default()).unwrap().0.classes(), ["0", "2", "one", "zero"]);
}

#[test]
fn headers_of_numbers_are_headers() {
    let numbered = || Rows::new().rename(|i, old| if i == 0 { old.into() } else { (i - 1).to_string() });
    assert_eq!(as_usual(&numbered().text(true, ",")), "");
    as_usual(&Rows::new().rename(|i, _| i.to_string()).text(true, ","));
    let last = numbered().columns((1..37).chain([0])).rename(|i, _| i.to_string());
    as_usual(&last.text(true, ","));
    let repaired = |i: usize, _: &str| if i < 2 { (5 - 5 * i).to_string() } else { format!("0.{}", i - 1) };
    as_usual(&Rows::new().rename(repaired).text(true, ","));
}

#[test]
fn columns_that_number_the_rows_are_left_out_with_a_word() {
    for name in ["", "Unnamed: 0", "id", "Index", "image_id"] {
        let notes = as_usual(&Rows::new().with(name, |i| (i + 1000).to_string()).text(true, ","));
        assert!(notes.contains("left out column 1") && notes.contains("numbers or names the rows"), "{notes}");
    }
    let twice = Rows::new().with("id", |i| format!("a{i}")).with("", |i| i.to_string());
    assert_eq!(as_usual(&twice.text(true, ",")).lines().count(), 2);
    let counted = Rows::new().with("n", |i| i.to_string());
    assert!(as_usual(&counted.text(false, ",")).contains("left out column 1, which numbers the rows"));
    assert!(as_usual(&counted.text(true, ",")).contains("left out column 1 (n), which numbers the rows"));
    let written_by_r = counted.text(true, " ");
    assert!(as_usual(&written_by_r.replacen("n ", "", 1)).contains("left out column 1"));
    let names = Rows::new().with("writer", |i| format!("w{i}"));
    assert!(as_usual(&names.text(true, ",")).contains("left out column 1 (writer), which holds texts"));
}

#[test]
fn separators_decimal_commas_and_commas_at_the_end() {
    for separator in [";", "\t", " ", "   ", "|"] {
        assert_eq!(as_usual(&Rows::new().text(true, separator)), "");
        as_usual(&Rows::new().text(false, separator));
    }
    let ended = |text: String| text.replace('\n', ",\n");
    assert!(as_usual(&ended(Rows::new().text(true, ","))).contains("left out column 38, which is empty"));
    as_usual(&ended(Rows::new().text(false, ",")));
    let text = Rows::new().text(true, ",");
    let (header, rows) = text.split_once('\n').unwrap();
    as_usual(&format!("{header}\n{}", ended(rows.into())));
    let fractions = Rows::new().text(true, ";").replace(';', ";0,").replace("0,pixel", "pixel");
    let (read, notes) = understood(&fractions, &LoadOptions::default()).unwrap();
    assert_eq!((read.size(), notes.as_str()), (Size::new(6, 6, 1), ""));
    assert!(read.pixels().iter().any(|&pixel| pixel > 200));
}

#[test]
fn lines_of_blanks_are_no_rows() {
    assert_eq!(parse("1 2 3 4 5\n2 3 4 5 6\n   \n").unwrap().len(), 2);
}

#[test]
fn labels_may_be_one_hot() {
    let mut hot = Rows::new();
    hot.names = (0..39).map(|i| i.to_string()).collect();
    for row in &mut hot.rows {
        let label: usize = row.remove(0).parse().unwrap();
        row.extend((0..3).map(|class| u8::from(class == label).to_string()));
    }
    assert!(as_usual(&hot.text(false, ",")).contains("took column 37 to column 39 for the label: one of them is 1"));
    let labels = hot.columns(36..39);
    let error = understood(&labels.text(false, ","), &LoadOptions::default()).unwrap_err();
    assert!(error.contains("these are labels (one-hot), no pictures"), "{error}");
}

#[test]
fn tables_that_are_no_pictures_are_refused() {
    let error = |text: &str| understood(text, &LoadOptions::default()).unwrap_err();
    let submission: String = (1..30).map(|i| format!("{i},{}\n", i % 10)).collect();
    for (text, problem) in [
        (format!("ImageId,Label\n{submission}"), "labels or names without values: no pictures"),
        (submission, "labels or names without values: no pictures"),
        (
            "a,b,c,d,species\n5,3,1,0.2,setosa\n5,3,2,0.2,other\n".into(),
            "would be pictures of 2x2 grey; if they are pictures, add --tiny",
        ),
        ("a,b,c\n1,2,3\n".into(), "3 values per row would be pictures"),
    ] {
        assert!(error(&text).contains(problem), "{}", error(&text));
    }
}

#[test]
fn rows_without_labels_are_read_where_that_is_wanted() {
    let unlabelled = LoadOptions { unlabelled: true, ..LoadOptions::default() };
    for (text, notes) in [
        (Rows::new().columns(1..37).text(true, ","), 1),
        (Rows::new().columns(1..37).text(false, ","), 1),
        (Rows::new().columns(1..37).with("id", |i| i.to_string()).text(true, ","), 2),
        (Rows::new().columns(1..37).with("", |i| (i + 1).to_string()).text(false, ","), 2),
    ] {
        let (read, said) = understood(&text, &unlabelled).unwrap();
        assert_eq!((read.len(), read.is_labelled(), read.size()), (12, false, Size::new(6, 6, 1)));
        assert!(said.contains("it has no column of labels") && said.lines().count() == notes, "{said}");
        assert!(understood(&text, &LoadOptions::default()).unwrap_err().contains("has no column of labels"));
    }
}

#[test]
fn other_ranges_are_stretched_with_a_word() {
    let sixteenths: String = (0..3).map(|row| format!("{row},{}\n", ["0,16,8,15,7"; 5].join(","))).collect();
    let (read, notes) = understood(&sixteenths, &LoadOptions::default()).unwrap();
    assert_eq!(&read.pixels()[..5], [0, 255, 128, 239, 112]);
    assert_eq!(notes, "d.csv: its values go from 0 to 16: 0 to 16 was stretched to 0..255");
    let (wide, notes) =
        understood(&sixteenths.replace("16", "65535").replace("15", "600"), &LoadOptions::default()).unwrap();
    assert_eq!(&wide.pixels()[..4], [0, 255, 0, 2]);
    assert!(notes.contains("0 to 65535 was stretched"), "{notes}");
    let each_its_own =
        (0..12).fold(String::new(), |text, row| format!("{text}{},{}\n", row * 7 + 1, ["0,255,8,15,7"; 5].join(",")));
    assert!(understood(&each_its_own, &LoadOptions::default()).unwrap().1.contains("a label of its own"));
}

#[test]
fn values_that_may_come_from_other_data_become_bytes_as_those_did() {
    let table = |values: &[u8]| {
        format!("a,{}\nb,{}\n", "0,".repeat(24) + "0", values.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
    };
    let after = |values: &[u8], high| {
        let options = LoadOptions { scale: Some(Scale { low: 0.0, high }), ..LoadOptions::default() };
        let (read, note) = understood(&table(values), &options).unwrap();
        (read.pixels().iter().copied().max().unwrap(), note)
    };
    let fifteen: Vec<u8> = (0..25).map(|i| i % 16).collect();
    assert_eq!(
        after(&fifteen, 16.0),
        (239, "d.csv: its values go from 0 to 15: 0 to 16 was stretched to 0..255".into())
    );
    let (highest, note) = after(&fifteen, 255.0);
    assert_eq!(highest, 255);
    assert_eq!(
        note,
        "d.csv: its values go from 0 to 15: 0 to 15 was stretched to 0..255, but 0 to 255 in the data that belongs to it"
    );
    let faint: Vec<u8> = (0..25).map(|i| 4 * i).collect();
    assert_eq!(after(&faint, 255.0), (96, String::new()), "faint ink stays faint");
    let constant = format!("a{}\nb{}\n", ",7".repeat(25), ",7".repeat(25));
    let bytes = LoadOptions { scale: Some(Scale::BYTES), ..LoadOptions::default() };
    let (read, note) = understood(&constant, &bytes).unwrap();
    assert_eq!((read.pixels(), note), (&[7; 50][..], String::new()), "one value tells no scale");
    let (highest, note) = after(&(0..25).map(|i| i % 2).collect::<Vec<u8>>(), 255.0);
    assert!(highest == 255 && note.contains("0 to 1 was stretched to 0..255, but 0 to 255"), "{note}");
}

#[test]
fn pixels_of_a_canvas_with_alpha_are_read_with_a_word() {
    let row = |i: usize| {
        let alpha = move |p: usize| if (p % 8).abs_diff(2 + i % 3) < 2 && p / 8 > 1 { 255 } else { 0 };
        format!("{i},{}", (0..64).map(|p| format!("0,0,0,{}", alpha(p))).collect::<Vec<String>>().join(","))
    };
    let text = (0..6).map(row).collect::<Vec<String>>().join("\n");
    let (d, notes) = understood(&text, &tiny()).unwrap();
    assert_eq!(d.size(), Size::new(8, 8, 1));
    assert_eq!(d.image(0)[8 * 2..8 * 3], [255, 0, 0, 0, 255, 255, 255, 255], "black ink on white");
    let expected = "each pixel has four values, red, green, blue and alpha: its pictures are read as 8x8 grey";
    assert!(notes.contains(expected), "{notes}");
}

#[test]
fn columns_are_read_in_the_order_of_their_names() {
    let table = |names: &[String], values: &[String]| format!("label,{}\n7,{}\n", names.join(","), values.join(","));
    let all: Vec<[usize; 2]> = (0..25).map(|i| [i / 5, i % 5]).collect();
    let expected: Vec<u8> = (0..25).map(|i| 10 * i).collect();
    let names: [fn(&[usize; 2]) -> String; 3] = [
        |[y, x]| format!("pixel{}", 5 * y + x),
        |[y, x]| format!("{}x{}", y + 1, x + 1),
        |[y, x]| format!("p_{y}_{x}"),
    ];
    for name in names {
        let mut places = all.clone();
        let read = |places: &[[usize; 2]]| {
            let [names, values] = [name, |[y, x]: &[usize; 2]| (10 * (5 * y + x)).to_string()]
                .map(|text| places.iter().map(text).collect::<Vec<String>>());
            understood(&table(&names, &values), &LoadOptions::default()).unwrap()
        };
        assert_eq!((read(&places).0.pixels(), &read(&places).1[..]), (&expected[..], ""), "in order");
        places.rotate_left(7);
        places.swap(3, 9);
        let (d, note) = read(&places);
        assert_eq!(d.pixels(), expected, "{note}");
        assert!(note.contains("read the columns in the order of the numbers in their names: "), "{note}");
    }
    let columns: Vec<String> = (0..25).map(|i| format!("{}x{}", i % 5, i / 5)).collect();
    let values: Vec<String> = expected.iter().map(u8::to_string).collect();
    assert_eq!(parse(&table(&columns, &values)).unwrap().pixels(), expected, "x before y is an order, too");
}

#[test]
fn columns_named_unlike_the_others_are_left_out() {
    let names = |n: usize| (0..n).map(|i| format!("pixel{i}")).collect::<Vec<String>>().join(",");
    let zeros = |n: usize| vec!["0"; n].join(",");
    let (d, note) = understood(&format!("label,writer,{}\n7,3,{}\n", names(25), zeros(25)), &tiny()).unwrap();
    assert_eq!(
        (d.features(), note.contains("left out column 2 (writer), which is named unlike the others")),
        (25, true)
    );
    let error = parse(&format!("label,writer,{}\n7,3,{}\n", names(24), zeros(24))).unwrap_err();
    assert!(error.contains("24 values per row are no square picture"), "{error}");
}

#[test]
fn the_letters_of_a_spreadsheet_name_nothing() {
    let letters: Vec<String> = ('A'..='Z').map(String::from).collect();
    let row = |label: usize| format!("{label},{}", (0..25).map(|i| (10 * i).to_string()).collect::<Vec<_>>().join(","));
    let d = parse(&format!("{}\n{}\n{}\n", letters.join(","), row(3), row(4))).unwrap();
    assert_eq!((d.features(), d.classes()), (25, &["3".to_string(), "4".into()][..]), "the column Y is no label");
}

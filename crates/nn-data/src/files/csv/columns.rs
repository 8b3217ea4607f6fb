//! The columns of a table: which one holds the label, which ones the picture, and which ones neither.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ::csv::ByteRecord;

use crate::files::csv::distribution::Distribution;
use crate::files::csv::header::{is_header, is_index, is_of_a_spreadsheet, label_rank, name, place, stem};
use crate::files::csv::values::{label, number};
use crate::size::Size;

/// The meaning of the columns of a table.
#[derive(Debug, PartialEq)]
pub(crate) struct Columns {
    /// Columns in each row.
    pub count: usize,
    /// True if the first row is a header.
    pub header: bool,
    /// Where the label stands.
    pub label: Label,
    /// The columns of the picture's values, in their order.
    pub pixels: Vec<usize>,
    /// Lines about what is not as usual: label first, all others values.
    pub notes: Vec<String>,
}

/// Where the label of a row stands.
#[derive(Debug, PartialEq)]
pub(crate) enum Label {
    /// In this column.
    Column(usize),
    /// In these columns, where one is 1 and all others are 0.
    OneHot(Range<usize>),
    /// Nowhere.
    Missing,
}

impl Label {
    /// The label of a row, or the column that holds none and why.
    pub(crate) fn of(&self, row: &ByteRecord) -> Result<String, (usize, String)> {
        match self {
            Self::Column(column) => label(&row[*column]).map_err(|problem| (*column, problem)),
            Self::OneHot(place) => match hot(row, place.clone()) {
                Some(class) => Ok(class.to_string()),
                None => Err((place.start, "no single 1 among the labels".into())),
            },
            Self::Missing => Ok(String::new()),
        }
    }
}

impl Columns {
    /// Finds out what the columns hold, from the first rows of the table.
    ///
    /// A header's names decide; without them a text is the label, and else the first column, unless it looks like a
    /// value of a picture and the last one looks like a label. Columns that number the rows are left out.
    pub(crate) fn find(head: &[ByteRecord]) -> Self {
        let titles = head.first().filter(|first| is_header(first));
        let header = titles.is_some();
        let rows = head.get(usize::from(header)..).unwrap_or_default();
        let mut count = rows.first().or(head.first()).map_or(0, ByteRecord::len);
        let mut names: Vec<String> = titles.map_or(vec![], |titles| titles.iter().map(name).collect());
        if header && names.len() + 1 == count && counts(rows, 0) {
            names.insert(0, String::new()); // R gives the column of row names no name
        }
        let ends_empty = count > 0 && rows.iter().all(|row| row.get(count - 1).is_some_and(<[u8]>::is_empty));
        let fits = names.len() == count
            || names.len() == count + 1 && names.ends_with(&[String::new()])
            || names.len() + 1 == count && ends_empty;
        if header && !fits {
            count = names.len(); // the first row will be found to be of another length
        }
        if is_of_a_spreadsheet(&names) {
            names.clear(); // they say nothing
        }
        let mut table = Table { rows, names, left: (0..count).collect(), notes: vec![] };
        table.leave_out_empty();
        let label = match table.named_label() {
            Some(label) => {
                table.left.retain(|&column| column != label);
                table.leave_out_indices(true);
                Label::Column(label)
            }
            None => {
                table.leave_out_indices(false);
                table.unnamed_label()
            }
        };
        table.leave_out_texts();
        table.leave_out_other_names();
        table.put_in_order();
        let Table { left: pixels, notes, .. } = table;
        Self { count, header, label, pixels, notes }
    }
}

/// The first rows of a table, while its columns are being told apart.
struct Table<'a> {
    rows: &'a [ByteRecord],
    /// The names in the header; none without one.
    names: Vec<String>,
    /// The columns that may be values of the picture.
    left: Vec<usize>,
    notes: Vec<String>,
}

impl Table<'_> {
    fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// A column as a message names it.
    fn called(&self, column: usize) -> String {
        match self.name(column) {
            "" => format!("column {}", column + 1),
            name => format!("column {} ({name})", column + 1),
        }
    }

    fn leave_out(&mut self, column: usize, why: &str) {
        self.left.retain(|&left| left != column);
        self.notes.push(format!("left out {}, which {why}", self.called(column)));
    }

    /// Leaves out a last column that is empty, as a comma at the end of each row makes one, and empty ones without name.
    fn leave_out_empty(&mut self) {
        let last = self.left.len().saturating_sub(1);
        for column in self.left.clone() {
            let empty = self.rows.iter().all(|row| row.get(column).is_some_and(|field| field.trim_ascii().is_empty()));
            if empty
                && !self.rows.is_empty()
                && (column == last || self.name(column).is_empty() && !self.names.is_empty())
            {
                self.leave_out(column, "is empty");
            }
        }
    }

    /// The column whose name is surest to be that of a label.
    fn named_label(&self) -> Option<usize> {
        let ranked = self.left.iter().filter_map(|&column| Some((label_rank(self.name(column))?, column)));
        ranked.min().map(|(_, column)| column)
    }

    /// Leaves out columns that number the rows: by their names, and the first where its numbers go up by one.
    fn leave_out_indices(&mut self, has_label: bool) {
        for column in self.left.clone() {
            if !self.names.is_empty() && is_index(self.name(column)) {
                self.leave_out(column, "numbers or names the rows");
            }
        }
        let squares = |values: usize| Size::square(values).is_some();
        if let Some(&first) = self.left.first()
            && self.rows.len() > 10
            && counts(self.rows, first)
            && !(has_label && squares(self.left.len()))
        {
            self.leave_out(first, "numbers the rows");
        }
    }

    /// The label where no name tells it.
    fn unnamed_label(&mut self) -> Label {
        let (Some(&first), Some(&last)) = (self.left.first(), self.left.last()) else { return Label::Missing };
        let take = |table: &mut Self, column| {
            table.left.retain(|&left| left != column);
            Label::Column(column)
        };
        if let Some(column) = [first, last].into_iter().chain(self.left.clone()).find(|&column| self.is_text(column)) {
            if column != first {
                self.notes.push(format!("took {} for the label, since it holds texts", self.called(column)));
            }
            return take(self, column);
        }
        let squares = |values: usize| Size::square(values).is_some();
        if squares(self.left.len() - 1) && !self.no_label_is_named(first, last) {
            if !self.label_is_last(first, last) {
                return take(self, first);
            }
            self.notes
                .push(format!("took {} for the label, not the first, which looks like a value", self.called(last)));
            return take(self, last);
        }
        if !squares(self.left.len())
            && let Some(hot) = self.one_hot(first, last)
        {
            self.left.retain(|column| !hot.contains(column));
            let (from, to) = (self.called(hot.start), self.called(hot.end - 1));
            self.notes.push(format!("took {from} to {to} for the label: one of them is 1, all others 0"));
            return Label::OneHot(hot);
        }
        Label::Missing
    }

    /// True if the header gives the first and the last column names of the same kind as those between, and all together
    /// are a picture.
    fn no_label_is_named(&self, first: usize, last: usize) -> bool {
        let [first, second, last] = [first, first + 1, last].map(|column| stem(self.name(column)));
        !first.is_empty() && first == second && first == last && Size::square(self.left.len()).is_some()
    }

    /// True if the last column looks like labels and the first does not, by their names and by their values.
    fn label_is_last(&self, first: usize, last: usize) -> bool {
        let [a, b, y, z] = [first, first + 1, last - 1, last].map(|column| stem(self.name(column)));
        if !self.names.is_empty() && (a == b) != (y == z) {
            return a == b;
        }
        let (first, last) = (Distribution::of(self.rows, first), Distribution::of(self.rows, last));
        last.may_be_labels() && (!first.may_be_labels() || first.most > last.most + 0.2 && last.most < 0.5)
    }

    /// The columns at the end, or at the beginning, that hold a single 1 and zeros in every row, beside a picture.
    fn one_hot(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let all = self.left.len();
        let sizes =
            (2..=all.min(200)).filter(|&n| n < all && Size::square(all - n).is_some_and(|size| size.height >= 5));
        let mut places = sizes.flat_map(|n| [last + 1 - n..last + 1, first..first + n]);
        places.find(|place| self.rows.len() > 1 && self.rows.iter().all(|row| hot(row, place.clone()).is_some()))
    }

    /// Leaves out columns of texts, where a header shows that they are no defect of a value.
    fn leave_out_texts(&mut self) {
        for column in self.left.clone() {
            if !self.names.is_empty() && Size::square(self.left.len()).is_none() && self.is_text(column) {
                self.leave_out(column, "holds texts");
            }
        }
    }

    /// Leaves out the few columns that are named unlike all others: `writer` among `pixel0`, `pixel1` and so on.
    fn leave_out_other_names(&mut self) {
        let mut stems: HashMap<String, usize> = HashMap::new();
        self.left.iter().for_each(|&column| *stems.entry(stem(self.name(column)).into()).or_default() += 1);
        let most = stems.into_iter().max_by_key(|(_, count)| *count);
        let Some((most, _)) = most.filter(|(_, count)| 10 * count > 9 * self.left.len()) else { return };
        for column in self.left.clone() {
            if !self.names.is_empty() && stem(self.name(column)) != most {
                self.leave_out(column, "is named unlike the others");
            }
        }
    }

    /// Puts columns whose names hold their number, or row and column, into the order of these.
    fn put_in_order(&mut self) {
        let keys: Option<Vec<[usize; 2]>> = self.left.iter().map(|&column| place(self.name(column))).collect();
        let Some(keys) = keys else { return };
        let ascends = |key: fn(&[usize; 2]) -> [usize; 2]| keys.is_sorted_by(|a, b| key(a) < key(b));
        let different = keys.iter().collect::<HashSet<_>>().len() == keys.len();
        if !different || ascends(|key| *key) || ascends(|&[a, b]| [b, a]) {
            return;
        }
        let mut ordered: Vec<([usize; 2], usize)> = keys.into_iter().zip(self.left.iter().copied()).collect();
        ordered.sort_unstable();
        self.left = ordered.into_iter().map(|(_, column)| column).collect();
        let [first, second] = [0, 1].map(|i| self.left.get(i).map_or("", |&column| self.name(column)));
        self.notes.push(format!("read the columns in the order of the numbers in their names: {first}, {second}, …"));
    }

    /// True if more than half of the fields are neither numbers nor empty.
    fn is_text(&self, column: usize) -> bool {
        let text = |field: &[u8]| !field.trim_ascii().is_empty() && number(field).is_none();
        2 * self.rows.iter().filter(|row| row.get(column).is_some_and(text)).count() > self.rows.len()
    }
}

/// The place of the single 1 among zeros in some fields of a row.
pub(crate) fn hot(row: &ByteRecord, place: Range<usize>) -> Option<usize> {
    let start = place.start;
    let mut hot = None;
    for column in place {
        match row.get(column).and_then(number) {
            Some(0.0) => {}
            Some(1.0) if hot.is_none() => hot = Some(column - start),
            _ => return None,
        }
    }
    hot
}

/// True if the numbers of a column go up by one from 0 or 1.
fn counts(rows: &[ByteRecord], column: usize) -> bool {
    let value = |row: &ByteRecord| row.get(column).and_then(|field| label(field).ok()?.parse::<usize>().ok());
    let start = rows.first().and_then(value).filter(|&start| start <= 1);
    start.is_some_and(|start| rows.len() > 1 && rows.iter().enumerate().all(|(i, row)| value(row) == Some(start + i)))
}

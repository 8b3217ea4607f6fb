//! The distribution of the values of a column, by which labels are told from pixels.

use std::collections::HashMap;

use ::csv::ByteRecord;

use crate::files::csv::values::label;

/// How the values of a column are distributed.
pub(crate) struct Distribution {
    /// Different values.
    pub different: usize,
    /// Rows.
    pub rows: usize,
    /// True if all values are whole numbers.
    pub whole: bool,
    /// The share of the most frequent value.
    pub most: f64,
}

impl Distribution {
    pub(crate) fn of(rows: &[ByteRecord], column: usize) -> Self {
        let mut counts: HashMap<&[u8], usize> = HashMap::new();
        for field in rows.iter().filter_map(|row| row.get(column)) {
            *counts.entry(field.trim_ascii()).or_default() += 1;
        }
        let whole = |field: &&[u8]| label(field).is_ok_and(|label| label.parse::<i64>().is_ok());
        let most = counts.values().copied().max().unwrap_or(0);
        Self {
            different: counts.len(),
            rows: rows.len(),
            whole: counts.keys().all(whole),
            most: most as f64 / rows.len().max(1) as f64,
        }
    }

    /// True for a few different whole numbers, each of them in several rows.
    pub(crate) fn may_be_labels(&self) -> bool {
        self.whole && self.different > 1 && 2 * self.different <= self.rows.max(4)
    }
}

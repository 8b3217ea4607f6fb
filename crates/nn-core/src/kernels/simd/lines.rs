//! Scratch space that begins with a cache line: a vector that crosses from one line into the next takes twice the time.

use std::ops::{Deref, DerefMut};

/// Values in a cache line.
const LINE: usize = 16;

/// Number of values to ask for, so that [`aligned`] has `values` left.
pub const fn with_room(values: usize) -> usize {
    values.saturating_add(LINE - 1)
}

/// Rounds up to whole lines.
pub fn whole(values: usize) -> usize {
    values.next_multiple_of(LINE)
}

/// The scratch space from the first line on that lies in it as a whole.
pub fn aligned(scratch: &mut [f32]) -> &mut [f32] {
    let skipped = scratch.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE - 1).min(scratch.len());
    &mut scratch[skipped..]
}

/// Values that begin with a cache line.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    room: Vec<f32>,
    first: usize,
    len: usize,
}

impl Lines {
    /// Changes the number of values. What they are then is left open.
    pub fn resize(&mut self, len: usize) {
        if self.room.len() < with_room(len) {
            self.room.resize(with_room(len), 0.0);
        }
        self.first = self.room.len() - aligned(&mut self.room).len();
        self.len = len;
    }
}

impl Deref for Lines {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.room[self.first..][..self.len]
    }
}

impl DerefMut for Lines {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.room[self.first..][..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligned_space_begins_with_a_line() {
        let mut scratch = vec![0.0; with_room(40)];
        for from in 0..3 {
            let space = aligned(&mut scratch[from..]);
            assert!(space.len() >= 40 - from && space.as_ptr().addr().is_multiple_of(64));
        }
        let mut lines = Lines::default();
        assert!(lines.is_empty());
        for len in [3, 1000, 2, 5000] {
            lines.resize(len);
            assert!(lines.len() == len && lines.as_ptr().addr().is_multiple_of(64));
        }
        assert_eq!((whole(0), whole(1), whole(16)), (0, 16, 16));
    }
}

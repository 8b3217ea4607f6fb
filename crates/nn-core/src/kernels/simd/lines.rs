//! Scratch space that begins with a cache line: a vector that crosses from one line into the next takes twice the time.

use std::collections::TryReserveError;
use std::ops::{Deref, DerefMut};

/// Values of 32 bits in a cache line.
const LINE: usize = 16;

/// Number of values to ask for, so that [`aligned`] has `values` left.
pub fn with_room(values: usize) -> usize {
    values.saturating_add(LINE - 1)
}

/// Rounds up to whole lines.
pub fn whole(values: usize) -> usize {
    values.next_multiple_of(LINE)
}

/// The scratch space from the first line on that lies in it as a whole.
pub fn aligned<T>(scratch: &mut [T]) -> &mut [T] {
    let skipped = scratch.as_ptr().align_offset(LINE * size_of::<T>()).min(LINE - 1).min(scratch.len());
    &mut scratch[skipped..]
}

/// Values of 32 bits that begin with a cache line.
#[derive(Debug, Default)]
pub struct Lines<T = f32> {
    room: Vec<T>,
    first: usize,
    len: usize,
}

impl<T: Copy + Default> Lines<T> {
    /// The values of a slice, where the memory can be had.
    pub fn copied(values: &[T]) -> Result<Self, TryReserveError> {
        let mut lines = Self::zeros(values.len())?;
        lines.copy_from_slice(values);
        Ok(lines)
    }

    /// Zeros, where the memory can be had.
    pub fn zeros(len: usize) -> Result<Self, TryReserveError> {
        let mut lines = Self::default();
        lines.room.try_reserve_exact(with_room(len))?;
        lines.resize(len);
        Ok(lines)
    }

    /// Changes the number of values. What they are then is left open.
    pub fn resize(&mut self, len: usize) {
        if self.room.len() < with_room(len) {
            self.room.resize(with_room(len), T::default());
        }
        self.first = self.room.len() - aligned(&mut self.room).len();
        self.len = len;
    }
}

impl<T: Copy + Default> Clone for Lines<T> {
    fn clone(&self) -> Self {
        let mut lines = Self::default();
        lines.resize(self.len);
        lines.copy_from_slice(self);
        lines
    }
}

impl<T> Deref for Lines<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.room[self.first..][..self.len]
    }
}

impl<T> DerefMut for Lines<T> {
    fn deref_mut(&mut self) -> &mut [T] {
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
        let mut lines = Lines::<f32>::default();
        assert!(lines.is_empty());
        for len in [3, 1000, 2, 5000] {
            lines.resize(len);
            assert!(lines.len() == len && lines.as_ptr().addr().is_multiple_of(64));
        }
        assert_eq!((whole(0), whole(1), whole(16)), (0, 16, 16));
    }
}

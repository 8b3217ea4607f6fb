//! Scratch space that begins with a cache line: a vector that crosses from one line into the next takes twice the time.

/// Values in a cache line.
const LINE: usize = 16;

/// Number of values to ask for, so that [`aligned`] has `values` left.
pub fn with_room(values: usize) -> usize {
    values + LINE - 1
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
        assert_eq!((whole(0), whole(1), whole(16)), (0, 16, 16));
    }
}

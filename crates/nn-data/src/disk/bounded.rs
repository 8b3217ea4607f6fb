//! A reader of lines or records that may not be longer than anybody writes.

use std::io::{self, BufRead, Read};

use crate::disk::memory::Memory;

/// The most bytes of a line, a record or a small file.
pub const LONGEST: u64 = 16 << 20;

/// A reader that fails where a line or a record is longer than it may be.
pub struct Bounded<R> {
    inner: R,
    most: u64,
    left: u64,
}

impl<R> Bounded<R> {
    /// A reader that gives `most` bytes, and as many again after each [`Bounded::renew`].
    pub fn new(inner: R, most: u64) -> Self {
        Self { inner, most, left: most }
    }

    /// Begins the next line or record.
    pub fn renew(&mut self) {
        self.left = self.most;
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.inner.fill_buf()?;
        if self.left == 0 && !bytes.is_empty() {
            let most = Memory { bytes: self.most };
            return Err(io::Error::other(format!("a line is longer than {most}, the most that is read")));
        }
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(bytes.get(..left).unwrap_or(bytes))
    }

    fn consume(&mut self, n: usize) {
        self.left -= n as u64;
        self.inner.consume(n);
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(to)?;
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn long_lines_end_and_short_ones_go_on() {
        let mut reader = Bounded::new(&b"one\ntwo\nthree and more"[..], 6);
        let mut line = String::new();
        for expected in ["one\n", "two\n"] {
            line.clear();
            reader.read_line(&mut line).unwrap();
            assert_eq!(line, expected);
            reader.renew();
        }
        let error = reader.read_line(&mut line).unwrap_err().to_string();
        assert_eq!(error, "a line is longer than 6 bytes, the most that is read");
        let mut all = vec![];
        Bounded::new(&b"123456"[..], 6).read_to_end(&mut all).unwrap();
        assert_eq!(all, b"123456", "a file may end at the limit");
    }
}

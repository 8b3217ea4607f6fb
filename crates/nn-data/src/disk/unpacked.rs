//! Gzip, known by its first two bytes.

use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, BufReader};

/// Bytes that are read at once.
pub(crate) const BUFFER: usize = 1 << 18;

/// Unpacks what is gzipped, and passes everything else on as it is.
pub(crate) fn unpacked<'a>(mut reader: impl BufRead + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    Ok(if reader.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(reader)))
    } else {
        Box::new(reader)
    })
}

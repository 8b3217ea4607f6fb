//! The values in an IDX file: its header, then bytes or numbers of another type.

use std::io::{BufRead, Read};
use std::path::Path;

use crate::disk::source::Source;
use crate::error::Error;
use crate::files::numpy::npy::Header;

/// NumPy's name for the usual type of values, bytes.
pub(crate) const BYTES: &str = "|u1";

/// The type of the values, as NumPy calls it, and the dimensions of a file, after its magic number has been checked.
pub(crate) fn read_header(
    reader: &mut dyn BufRead,
    path: &Path,
    dimensions: &[u8],
    expected: &str,
) -> Result<(&'static str, Vec<u64>), Error> {
    let mut word = || {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map(|()| u32::from_be_bytes(bytes)).map_err(|source| match source.kind() {
            std::io::ErrorKind::UnexpectedEof => idx_error(path, "truncated: the file ends within its header"),
            _ => Error::Read { path: path.into(), source },
        })
    };
    let magic = word()?;
    let [0, 0, kind, n] = magic.to_be_bytes() else { return Err(wrong_magic(path, magic, expected)) };
    let descr = match kind {
        0x08 => BYTES,
        0x09 => ">i1",
        0x0b => ">i2",
        0x0c => ">i4",
        0x0d => ">f4",
        0x0e => ">f8",
        _ => return Err(wrong_magic(path, magic, expected)),
    };
    match dimensions.contains(&n) {
        true => Ok((descr, (0..n).map(|_| word().map(u64::from)).collect::<Result<_, _>>()?)),
        false => Err(wrong_magic(path, magic, expected)),
    }
}

fn wrong_magic(path: &Path, magic: u32, expected: &str) -> Error {
    idx_error(path, format!("wrong magic number {magic:#010x}, expected {expected}"))
}

/// Values of more than one byte, or with a sign.
pub(crate) struct Numbers {
    /// Their type, as NumPy calls it.
    pub descr: &'static str,
    /// The number of them that the header announces, and that of the first ones which are wanted.
    pub claimed: u64,
    pub wanted: u64,
}

impl Numbers {
    /// Gives each value that is wanted to `take`, with its place.
    pub(crate) fn read(&self, source: Source<'_>, mut take: impl FnMut(usize, f32)) -> Result<(), Error> {
        let (mut reader, path) = (source.open()?, source.path);
        let claimed = self.claimed;
        let values = usize::try_from(claimed).ok().and_then(|claimed| Header::of(self.descr, vec![claimed]));
        let values = values.ok_or_else(|| idx_error(path, format!("{claimed} values are more than can be counted")))?;
        read_header(&mut reader, path, &[1, 2, 3, 4], "")?;
        values.numbers(&mut reader, self.wanted as usize, &mut take).map_err(|problem| idx_error(path, problem))?;
        let more = self.wanted == claimed && !reader.fill_buf().map_err(Error::read(path))?.is_empty();
        if more {
            Err(idx_error(path, format!("more bytes follow after the {claimed} values announced")))
        } else {
            Ok(())
        }
    }
}

/// `wanted` of the `claimed` bytes; takes memory only for bytes that are there.
pub(crate) fn read_values(reader: impl Read, path: &Path, claimed: u64, wanted: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let look_behind = u64::from(wanted == claimed);
    reader.take(wanted + look_behind).read_to_end(&mut bytes).map_err(Error::read(path))?;
    match bytes.len() as u64 {
        n if n < wanted => Err(idx_error(path, format!("truncated: {claimed} bytes announced, {n} there"))),
        n if n > wanted => Err(idx_error(path, format!("more bytes follow after the {claimed} announced"))),
        _ => Ok(bytes),
    }
}

pub(crate) fn idx_error(path: &Path, problem: impl Into<String>) -> Error {
    Error::Idx { path: path.into(), problem: problem.into() }
}

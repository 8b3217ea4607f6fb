//! The frame that all files of this crate share: a MessagePack map that opens with its format's name and ends in a checksum.
//!
//! The first entry of the map is `format`, a name; the second is `version`, a number; the last is `checksum`, the CRC-32
//! of every byte before its own four, as a `bin` of 4 little-endian bytes. This frame is the same in every version, so
//! that any program can tell a foreign file from a damaged one, and a damaged one from one that is newer than itself.

use crate::error::Error;
use nn_data::disk;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

/// The largest file that is read.
const LIMIT: u64 = 1 << 30;

/// Reads a whole file of at most 1 GiB.
///
/// # Errors
/// When it is larger, cannot be read, or is a device or a pipe.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut read = || {
        let found = std::fs::metadata(path)?;
        if let Some(kind) = disk::other_than_file(&found) {
            return Err(std::io::Error::other(format!("it is {kind}, not a file")));
        }
        let (file, length) = (std::fs::File::open(path)?, found.len());
        if length <= LIMIT {
            file.take(LIMIT + 1).read_to_end(&mut bytes)?;
        }
        Ok(length.max(bytes.len() as u64))
    };
    let length = read().map_err(|source| Error::Read { path: path.into(), source })?;
    if length > LIMIT { Err(Error::TooLarge { limit: LIMIT }.in_file(path)) } else { Ok(bytes) }
}

/// Encodes a struct whose first fields are `format` and `version`, and whose last is `checksum`, a `bin` of four zero
/// bytes that become the sum.
pub fn encode<T: Serialize>(file: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = rmp_serde::to_vec_named(file).map_err(|error| Error::Invalid(error.to_string()))?;
    if let Some((content, checksum)) = bytes.split_last_chunk_mut() {
        *checksum = crc32fast::hash(content).to_le_bytes();
    }
    Ok(bytes)
}

/// Decodes what [`encode`] made, when it is whole, of this format, and of no version after `known`.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8], format: &'static str, known: u32) -> Result<T, Error> {
    if !opens_with(bytes, format) {
        return Err(Error::Foreign { expected: format });
    }
    let is_whole = |(content, sum): (&[u8], &[u8; 4])| u32::from_le_bytes(*sum) == crc32fast::hash(content);
    if !bytes.split_last_chunk().is_some_and(is_whole) {
        return Err(Error::Damaged { bytes: bytes.len() });
    }
    let Version { version } = parse(bytes)?;
    if version > known {
        return Err(Error::Newer { found: version, known });
    }
    parse(bytes)
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Whether the bytes are a map whose first entry is `format` with this name.
fn opens_with(bytes: &[u8], format: &str) -> bool {
    let first = match bytes {
        [0x80..=0x8f, first @ ..] | [0xde, _, _, first @ ..] => first,
        _ => &[],
    };
    rmp_serde::to_vec(&("format", format))
        .is_ok_and(|entry| entry.split_first().is_some_and(|(_, words)| first.starts_with(words)))
}

/// Decodes all of the bytes: rmp-serde by itself would not mind what follows.
fn parse<'a, T: Deserialize<'a>>(mut bytes: &'a [u8]) -> Result<T, Error> {
    let value = T::deserialize(&mut rmp_serde::Deserializer::new(&mut bytes));
    match value {
        Ok(_) if !bytes.is_empty() => Err(Error::Invalid(format!("{} bytes follow the last field", bytes.len()))),
        Ok(value) => Ok(value),
        Err(error) => Err(Error::Invalid(error.to_string())),
    }
}

/// Numbers as little-endian bytes.
pub fn to_bytes(numbers: &[f32]) -> Cow<'static, [u8]> {
    numbers.iter().map(|number| number.to_le_bytes()).collect::<Vec<_>>().into_flattened().into()
}

/// Numbers from little-endian bytes.
pub fn to_numbers(bytes: &[u8], what: &str) -> Result<Vec<f32>, Error> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(Error::Invalid(format!("the {what} are {} bytes, which is no multiple of 4", bytes.len())));
    }
    Ok(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
}

//! Reads picture files on any number of threads, no more at a time than fit into an amount of memory.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use image::DynamicImage;

use crate::disk::memory::Memory;
use crate::error::Error;
use crate::files::image_file::decode::decode;
use crate::files::image_file::frames;
use crate::files::image_file::kind::{self, Kind};
use crate::files::image_file::range;

/// The most bytes a picture file may have.
const MOST_BYTES: u64 = 512 << 20;

/// A reader of picture files that keeps to an amount of memory, however many threads read by it.
#[derive(Debug)]
pub struct PictureReader {
    memory: Memory,
    /// The bytes that the pictures in hand need.
    taken: Mutex<u64>,
    given_back: Condvar,
}

impl PictureReader {
    /// A reader whose pictures together need no more than `memory`.
    pub fn new(memory: Memory) -> Self {
        Self { memory, taken: Mutex::new(0), given_back: Condvar::new() }
    }

    /// Reads a picture file as [`read_picture_noting`](crate::read_picture_noting) does, gives the picture with the sentence
    /// about it to `then`, and returns what that returns.
    ///
    /// Waits as long as the pictures that other threads have in hand leave no room for this one. So `then` must not wait for
    /// other threads that read, as it would inside rayon's parallel loops.
    ///
    /// # Errors
    /// As [`read_picture`](crate::read_picture); [`Error::Picture`] when the picture alone needs more than the memory.
    pub fn read<T>(&self, path: &Path, then: impl FnOnce(DynamicImage, Option<String>) -> T) -> Result<T, Error> {
        let error = |problem: String| Error::Picture { path: path.into(), problem };
        let found = path.metadata().map_err(Error::read(path))?;
        if !found.is_file() {
            return Err(error("a picture is a regular file, and this is none".into()));
        }
        if found.len() > MOST_BYTES {
            return Err(error(format!("{} bytes are more than {MOST_BYTES}", found.len())));
        }
        if let Ok(Kind::Foreign(reason)) = kind::kind(path) {
            return Err(error(reason.into()));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(Error::read(path))?;
        file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(Error::read(path))?;
        let (mut picture, _room) = decode(&bytes, |need| self.room(need + bytes.len() as u64)).map_err(error)?;
        let several = frames::are_several(&bytes).then(|| "of its frames or pages the first is read".to_string());
        drop(bytes);
        let top = range::scale(&mut picture);
        let scaled = top.map(|top| format!("its values are 0 to {top}, and are read as black to white"));
        let notes: Vec<String> = [scaled, several].into_iter().flatten().collect();
        Ok(then(picture, Some(notes.join("; ")).filter(|note| !note.is_empty())))
    }

    /// Waits for room for a picture that needs this number of bytes.
    fn room(&self, bytes: u64) -> Result<Room<'_>, String> {
        if let Some(problem) = self.memory.lacks(bytes) {
            return Err(problem);
        }
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |taken: &mut u64| *taken > 0 && *taken + bytes > self.memory.bytes;
        let mut taken = self.given_back.wait_while(taken, full).unwrap_or_else(PoisonError::into_inner);
        *taken += bytes;
        Ok(Room { reader: self, bytes })
    }
}

/// Memory that a picture in hand needs; given back when this is dropped.
struct Room<'a> {
    reader: &'a PictureReader,
    bytes: u64,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        *self.reader.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.reader.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use image::{GrayImage, Rgba, RgbaImage};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn as_many_pictures_at_a_time_as_fit_into_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        GrayImage::new(100, 100).save(&path).unwrap();
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let reader = PictureReader::new(Memory { bytes: 110_000 }); // each needs 50,000 and its file
        let look = |picture: DynamicImage, note| {
            most.fetch_max(1 + now.fetch_add(1, Ordering::SeqCst), Ordering::SeqCst);
            std::thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
            (picture.width(), note)
        };
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..8).map(|_| scope.spawn(|| reader.read(&path, look).unwrap())).collect();
            readers.into_iter().for_each(|read| assert_eq!(read.join().unwrap(), (100, None)));
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)), "{most:?}");
        assert_eq!(*reader.taken.lock().unwrap(), 0);
    }

    #[test]
    fn a_picture_larger_than_the_memory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        RgbaImage::from_pixel(100, 100, Rgba([1; 4])).save(&path).unwrap();
        let read = |bytes| PictureReader::new(Memory { bytes }).read(&path, |picture, _| picture.height());
        let error = read(100_000).unwrap_err();
        assert!(matches!(error, Error::Picture { .. }));
        let error = error.to_string();
        assert!(error.contains("a.png: it needs 10") && error.ends_with("--memory allows more"), "{error}");
        assert_eq!(read(120_000).unwrap(), 100);
    }
}

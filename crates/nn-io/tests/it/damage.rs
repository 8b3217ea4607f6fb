//! Accidents: every truncation, every altered byte and anything appended is found.

use crate::{complaint, model};

#[test]
fn cut_at_every_length() {
    let file = model().to_bytes().unwrap();
    for length in 0..file.len() {
        let expected = if length < 23 { "not a barnacle-model file" } else { "damaged" };
        assert!(complaint(&file[..length]).starts_with(expected), "cut to {length} bytes");
    }
}

#[test]
fn each_byte_altered_in_every_way() {
    let file = model().to_bytes().unwrap();
    let mut bytes = file.clone();
    for at in 0..file.len() {
        for change in 1..=255 {
            bytes[at] ^= change;
            let complaint = complaint(&bytes);
            assert!(complaint.starts_with("damaged") || at < 23 && complaint.starts_with("not a"), "{at}: {complaint}");
            bytes[at] ^= change;
        }
    }
    assert_eq!(bytes, file);
}

#[test]
fn followed_by_something() {
    let file = model().to_bytes().unwrap();
    for extra in [&b"\0"[..], b"\xff", b"\n", &file] {
        assert!(complaint(&[&file, extra].concat()).starts_with("damaged"), "{} more bytes", extra.len());
    }
}

//! Finds the ink of a page that holds any number of characters.

use image::DynamicImage;

use crate::preprocess::find_ink::{PageInk, find_page_ink};
use crate::preprocess::opaque::opaque;

/// Finds the ink of a page that holds any number of characters; `None` without ink.
pub fn page_ink(picture: &DynamicImage) -> Option<PageInk> {
    let picture = opaque(picture);
    if picture.width() == 0 || picture.height() == 0 { None } else { find_page_ink(&picture) }
}

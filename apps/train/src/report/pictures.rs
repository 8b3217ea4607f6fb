//! The worst mistakes as pictures: wrong answers, the surest first.

use super::text::percent;
use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine};
use image::{ExtendedColorType, ImageFormat};
use minijinja::{Value, context};
use nn_core::metrics::argmax;
use nn_data::{Dataset, Size};
use nn_io::Evaluation;

/// The `most` wrong answers of the highest probability.
pub(super) fn worst(evaluation: &Evaluation, data: &Dataset, classes: &[String], most: usize) -> Result<Vec<Value>> {
    let answer = |i| {
        let probabilities = evaluation.sample(i);
        let predicted = argmax(probabilities);
        (i, predicted, probabilities[predicted])
    };
    let mut wrong: Vec<_> = (0..data.len()).map(answer).filter(|a| a.1 != data.label(a.0) as usize).collect();
    wrong.sort_by(|a, b| b.2.total_cmp(&a.2)); // stable: equals stay in the order of the dataset
    let mistake = |(i, predicted, probability): (usize, usize, f32)| {
        Ok(context! {
            truth => &classes[data.label(i) as usize],
            predicted => &classes[predicted],
            probability => percent(f64::from(probability)),
            source => data.sources().get(i).map_or("", String::as_str),
            png => png(data.image(i), data.size())?,
        })
    };
    wrong.into_iter().take(most).map(mistake).collect()
}

/// A picture as a PNG file in base64.
fn png(pixels: &[u8], size: Size) -> Result<String> {
    let colour = if size.channels == 3 { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
    let mut file = std::io::Cursor::new(vec![]);
    let (width, height) = (size.width as u32, size.height as u32);
    image::write_buffer_with_format(&mut file, pixels, width, height, colour, ImageFormat::Png)?;
    Ok(BASE64_STANDARD.encode(file.into_inner()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_survives_the_way_into_the_page() {
        for (size, pixels) in [(Size::new(1, 2, 1), vec![0, 200]), (Size::new(2, 1, 3), vec![1, 2, 3, 4, 5, 6])] {
            let file = BASE64_STANDARD.decode(png(&pixels, size).unwrap()).unwrap();
            let picture = image::load_from_memory(&file).unwrap();
            assert_eq!((picture.width() as usize, picture.height() as usize), (size.width, size.height));
            assert_eq!(picture.as_bytes(), pixels);
        }
    }
}

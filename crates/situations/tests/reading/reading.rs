//! Digits of MNIST's test set in every situation, read by the models that ship.

use image::{DynamicImage, GrayImage, Luma, imageops};
use nn_io::Verdict;
use situations::measure::{Found, Percent, Told, digit, digits};
use situations::{OTHERS, SITUATIONS};

#[test]
fn digits_are_read_in_every_situation() {
    let Some(digits) = digits() else { return };
    let told = Told::new("digits", None).unwrap();
    let mut short = vec![];
    for situation in &SITUATIONS {
        let Percent { right, wrong_and_sure } = told.measure(situation, &digits, 0..40);
        // One picture of 40 may be chance.
        if right < situation.goal - 2.5 || wrong_and_sure > 2.5 {
            short.push(format!("{}: {right:.1} % right, {wrong_and_sure:.1} % wrong and sure", situation.name));
        }
    }
    assert!(short.is_empty(), "{short:#?}");
}

#[test]
fn pictures_of_no_character_are_seldom_read_as_one() {
    let Some(digits) = digits() else { return };
    let told = Told::new("digits", None).unwrap();
    let mut short = vec![];
    for other in &OTHERS {
        let Found { nothing, not_sure } = told.others(other, &digits, 0..80);
        if nothing < other.goal || not_sure < 75.0 {
            short.push(format!("{}: {nothing:.1} % found, {not_sure:.1} % not sure", other.name));
        }
    }
    assert!(short.is_empty(), "{short:#?}");
}

#[test]
fn what_may_be_part_of_a_character_is_never_sure() {
    let Some(digits) = digits() else { return };
    let mut reader = Told::new("digits", None).unwrap().reader();
    let mut patch = GrayImage::new(60, 70);
    imageops::replace(&mut patch, &GrayImage::from_pixel(150, 150, Luma([255])), 40, 30);
    assert_ne!(reader.read(&patch.into()).verdict, Verdict::Sure, "a patch of colour");
    for at in 0..40 {
        let upper: DynamicImage = imageops::crop_imm(&digit(&digits, at), 0, 0, 28, 14).to_image().into();
        assert_ne!(reader.read(&upper).verdict, Verdict::Sure, "the upper half of digit {at}");
    }
}

//! Tests of the augmentation.

use super::*;
use crate::preprocess::fit::Fit;

const GREY: Size = Size::new(28, 28, 1);

/// The warp of one value set, others as in `none`.
fn warped(augment: Augment, pixels: &[u8], size: Size, seed: u64) -> Vec<f32> {
    let mut out = vec![-1.0; size.features()];
    augment.apply(pixels, size, seed, &mut out, &mut Buffers::default());
    out
}

fn block() -> Vec<u8> {
    (0..784).map(|i| if (8..20).contains(&(i / 28)) && (10..18).contains(&(i % 28)) { 200 } else { 0 }).collect()
}

/// Mass, centre of mass (x, y) and the spread along x and y.
fn moments(picture: &[f32]) -> [f32; 5] {
    let sum = |f: &dyn Fn(f32, f32) -> f32| -> f32 {
        picture.iter().enumerate().map(|(i, p)| p * f((i % 28) as f32, (i / 28) as f32)).sum()
    };
    let mass = sum(&|_, _| 1.0);
    let (x, y) = (sum(&|x, _| x) / mass, sum(&|_, y| y) / mass);
    let spread = |m: f32| (m / mass).sqrt();
    [mass, x, y, spread(sum(&|px, _| (px - x).powi(2))), spread(sum(&|_, py| (py - y).powi(2)))]
}

#[test]
fn nothing_is_changed_by_nothing() {
    let same: Vec<f32> = block().iter().map(|&p| f32::from(p)).collect();
    assert_eq!(warped(Augment::none(), &block(), GREY, 1), same);
    // The warp itself with ranges too small to see.
    let tiny = Augment { shift: 1e-6, ..Augment::none() };
    assert!(warped(tiny, &block(), GREY, 1).iter().zip(&same).all(|(a, b)| (a - b).abs() < 0.01));
    assert!(Augment { smoothness: 3.0, ..Augment::none() }.is_none() && !Augment::light().is_none());
}

#[test]
fn each_distortion_does_its_own_and_stays_in_range() {
    let still = moments(&warped(Augment::none(), &block(), GREY, 0));
    let (mut xs, mut ratios) = (vec![], vec![]);
    for seed in 0..200 {
        let shift = moments(&warped(Augment { shift: 3.0, ..Augment::none() }, &block(), GREY, seed));
        assert!((shift[0] / still[0] - 1.0).abs() < 1e-3 && (shift[1] - still[1]).abs() < 3.01);
        xs.push(shift[1] - still[1]);
        let scale = moments(&warped(Augment { scale: (0.8, 1.2), ..Augment::none() }, &block(), GREY, seed));
        ratios.push(scale[3] / still[3]);
        assert!((0.77..1.23).contains(&(scale[4] / still[4])) && (scale[1] - still[1]).abs() < 0.15);
        let turned = moments(&warped(Augment { rotate: 90.0, ..Augment::none() }, &block(), GREY, seed));
        assert!((turned[1] - still[1]).abs() < 0.05 && (turned[2] - still[2]).abs() < 0.05, "about the middle");
        let full = warped(Augment::full(), &block(), GREY, seed);
        assert!(full.iter().all(|p| (0.0..=200.001).contains(p)) && moments(&full)[0] > 0.5 * still[0]);
    }
    let range = |v: &[f32]| v.iter().fold((f32::MAX, f32::MIN), |(a, b), &x| (a.min(x), b.max(x)));
    assert!(range(&xs).0 < -2.5 && range(&xs).1 > 2.5, "shifts fill their range");
    assert!(range(&ratios).0 < 0.86 && range(&ratios).1 > 1.14, "scales fill their range");
}

#[test]
fn every_second_picture_is_mirrored() {
    let corner: Vec<u8> = (0..784).map(|i| if i % 28 < 9 { 200 } else { 0 }).collect();
    let mirror = Augment { mirror: true, ..Augment::none() };
    let left = (0..400).filter(|&seed| moments(&warped(mirror, &corner, GREY, seed))[1] < 13.0).count();
    assert!((150..250).contains(&left), "{left}");
    assert!(!mirror.is_none());
}

#[test]
fn a_seed_is_a_distortion_whatever_the_buffers_held() {
    let mut buffers = Buffers::default();
    let mut out = vec![0.0; 3072];
    Augment::full().apply(&[7; 3072], Size::new(32, 32, 3), 5, &mut out, &mut buffers);
    let mut out = vec![0.0; 784];
    Augment::full().apply(&block(), GREY, 9, &mut out, &mut buffers);
    assert_eq!(out, warped(Augment::full(), &block(), GREY, 9));
    assert_ne!(out, warped(Augment::full(), &block(), GREY, 10));
}

#[test]
fn outside_is_black_in_grey_and_the_edge_in_colour() {
    let far = Augment { shift: 500.0, ..Augment::none() };
    assert!((0..20).all(|seed| warped(far, &[9; 784], GREY, seed).iter().filter(|&&p| p == 0.0).count() > 390));
    let size = Size::new(8, 5, 3);
    let colour: Vec<u8> = [1, 2, 3].repeat(40);
    let expected: Vec<f32> = colour.iter().map(|&p| f32::from(p)).collect();
    for augment in [Augment { shift: 500.0, ..Augment::full() }, Augment { smoothness: f32::NAN, ..Augment::full() }] {
        let out = warped(augment, &colour, size, 3);
        assert!(out.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

#[test]
fn impossible_ranges_are_refused() {
    for fine in [Augment::none(), Augment::light(), Augment::full(), Augment::photo()] {
        assert!(fine.validate().is_ok());
    }
    for (bad, name) in [
        (Augment { rotate: f32::NAN, ..Augment::full() }, "rotate NaN"),
        (Augment { shift: -1.0, ..Augment::full() }, "shift -1"),
        (Augment { scale: (1.2, 0.8), ..Augment::full() }, "scale 1.2..0.8"),
        (Augment { scale: (0.0, 0.8), ..Augment::full() }, "scale 0..0.8"),
        (Augment { smoothness: 0.0, ..Augment::full() }, "smoothness 0"),
    ] {
        assert!(bad.validate().unwrap_err().to_string().contains(name));
    }
}

#[test]
fn scaled_to_nothing_it_leaves_pictures_as_they_are() {
    let all = Augment { scribbles: 0.0, ..Augment::hand() };
    assert!(all.scaled(0.0).is_none());
    assert_eq!(all.scaled(1.0), all);
    let half = Augment::full().scaled(0.5);
    assert_eq!((half.rotate, half.elastic), (4.0, 0.3));
    assert!((half.scale.0 - 0.95).abs() < 1e-6 && (half.scale.1 - 1.05).abs() < 1e-6);
}

#[test]
fn what_is_no_character_takes_the_place_of_some_samples() {
    let mut square = vec![0; 28 * 28];
    (8..20).for_each(|y| square[y * 28 + 8..y * 28 + 12].fill(255)); // upright, so that two of them are wider
    let all = Augment { scribbles: 1.0, ..Augment::none() };
    let sized = Preprocessing { fit: Fit::SizedPaperInk, ..Preprocessing::ink(28, 28) };
    for preprocessing in [Preprocessing::ink(28, 28), sized] {
        let mut buffers = Buffers::default();
        let mut made = |seed| {
            let mut out = vec![0.0; 28 * 28];
            let sample = Sample { picture: &square, strokes: None, beside: &square, seed };
            assert!(all.sample(sample, &preprocessing, &mut out, &mut buffers).is_some());
            out
        };
        let pictures: Vec<_> = (0..60).map(&mut made).collect();
        assert_eq!(pictures[7], made(7), "the seed decides");
        assert!(pictures.iter().all(|picture| picture.iter().any(|&p| p > 100.0)), "all have ink");
        let again = pictures.iter().enumerate().filter(|(i, picture)| pictures[..*i].contains(picture)).count();
        assert!(again < 15, "{again} of 60 pictures are like another");
    }
}

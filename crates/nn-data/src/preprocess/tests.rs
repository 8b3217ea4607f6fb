//! Preprocessing: scaling, sizes, shifts, and what a file may hold.

#![allow(clippy::unwrap_used)]
use super::*;
use image::{Rgba, RgbaImage};

#[test]
fn input_is_scaled_channel_by_channel() {
    let mut p = Preprocessing::picture(2, 1, 3);
    (p.mean, p.std) = (vec![0.5, 0.0, 1.0], vec![0.5, 1.0, 0.25]);
    p.validate().unwrap();
    let mut x = [0.0; 6];
    p.to_input(&[0, 51, 255, 255, 102, 0], &mut x);
    for (x, expected) in x.iter().zip([-1.0, 0.2, 0.0, 1.0, 0.4, -4.0]) {
        assert!((x - expected).abs() < 1e-6, "{x} {expected}");
    }
    let all: Vec<u8> = (0..=255).collect();
    let mut x = [0.0; 256];
    Preprocessing::mnist().to_input(&all, &mut x);
    assert!(x.iter().zip(0..).all(|(x, p)| (x - p as f32 / 255.0).abs() < 1e-7) && x[255] == 1.0);
}

#[test]
fn stored_names_stay() {
    let p = Preprocessing::mnist();
    let bytes = rmp_serde::to_vec_named(&p).unwrap();
    assert_eq!(rmp_serde::from_slice::<Preprocessing>(&bytes).unwrap(), p);
    for name in ["fit", "CentreOfMass", "width", "height", "channels", "mean", "std"] {
        assert!(bytes.windows(name.len()).any(|w| w == name.as_bytes()), "{name}");
    }
    assert_eq!(rmp_serde::to_vec(&Fit::Stretch).unwrap()[1..], *b"Stretch");
}

#[test]
fn impossible_fields_are_refused() {
    let changes: [fn(&mut Preprocessing); 9] = [
        |p| p.width = 0,
        |p| p.height = 5000,
        |p| p.channels = 3,
        |p| p.channels = 2,
        |p| p.mean.clear(),
        |p| p.mean[0] = f32::NAN,
        |p| p.std[0] = 0.0,
        |p| p.std[0] = -1.0,
        |p| p.std.push(1.0),
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut p = Preprocessing::mnist();
        assert!(p.validate().is_ok());
        change(&mut p);
        assert!(p.validate().unwrap_err().to_string().starts_with("impossible preprocessing"), "{i}");
    }
    assert!(Preprocessing::picture(32, 32, 3).validate().is_ok());
}

#[test]
fn pictures_are_stretched_in_grey_and_colour() {
    let halves = [255, 0, 0, 0, 0, 255].repeat(2);
    let colour = Preprocessing::picture(4, 1, 3).apply_array(&halves, Size::new(2, 2, 3));
    assert_eq!(colour, [255, 0, 0, 191, 0, 64, 64, 0, 191, 0, 0, 255]);
    let grey = Preprocessing::picture(1, 1, 1).apply_array(&[10, 20, 30, 41], Size::new(2, 2, 1));
    assert_eq!(grey, [25]);
    let same = Preprocessing::picture(2, 2, 3).apply_array(&halves, Size::new(2, 2, 3));
    assert_eq!(same, halves);
}

#[test]
fn transparent_pictures_show_dark_and_light_ink() {
    let ink = |ink: [u8; 4], x: u32, y: u32| if x == 4 && y > 2 && y < 20 { Rgba(ink) } else { Rgba([90, 0, 0, 0]) };
    let network =
        |f: &dyn Fn(u32, u32) -> Rgba<u8>| Preprocessing::mnist().apply(&RgbaImage::from_fn(30, 25, f).into());
    let dark = network(&|x, y| ink([0, 0, 0, 255], x, y));
    assert_eq!(dark, network(&|x, y| ink([255, 255, 255, 255], x, y)));
    assert_eq!(
        dark,
        network(&|x, y| if ink([0; 4], x, y)[3] == 0 && x == 4 && y > 2 && y < 20 {
            Rgba([0, 0, 0, 255])
        } else {
            Rgba([255; 4])
        })
    );
    assert_eq!(dark.iter().filter(|&&p| p == 255).count(), 20);
}

#[test]
fn a_character_shows_how_large_it_was() {
    let sized = Preprocessing { fit: Fit::SizedInk, ..Preprocessing::ink(28, 28) };
    let ring = |side: u32, radius: f32| {
        let middle = side as f32 / 2.0;
        GrayImage::from_fn(side, side, |x, y| {
            let distance = (x as f32 + 0.5 - middle).hypot(y as f32 + 0.5 - middle);
            image::Luma([if (distance - radius).abs() < radius / 8.0 { 0 } else { 255 }])
        })
    };
    for (side, radius) in [(100, 10.0), (100, 40.0), (400, 30.0)] {
        let picture = ring(side, radius).into();
        let frame = sized.apply(&picture);
        let share = size_bar::read(&frame, 28).unwrap();
        assert!((share / (2.25 * radius / side as f32) - 1.0).abs() < 0.1, "{share}");
        assert_eq!(frame[..27 * 28], Preprocessing::ink(28, 28).apply(&picture)[..27 * 28]);
    }
    assert!(sized.apply(&GrayImage::new(9, 9).into()).iter().all(|&p| p == 0));
}

#[test]
fn shifts_move_pictures_but_not_the_bar() {
    let mut sized = Preprocessing { fit: Fit::SizedInk, ..Preprocessing::ink(3, 3) };
    let picture = [0, 51, 0, 0, 102, 0, 255, 0, 0];
    let moved = |preprocessing: &Preprocessing, by| {
        let mut x = [0.0; 9];
        preprocessing.to_moved_input(&picture, by, &mut x);
        x.map(|x| (x * 255.0).round() as u8)
    };
    assert_eq!(moved(&sized, [1, 0]), [0, 0, 51, 0, 0, 102, 255, 0, 0]);
    sized.fit = Fit::Ink;
    assert_eq!(moved(&sized, [0, 1]), [0, 51, 0, 0, 51, 0, 0, 102, 0]);
}

#[test]
fn a_dataset_is_prepared_picture_by_picture() {
    let d = Dataset::from_names(Size::new(2, 2, 1), vec![1, 1, 1, 1, 9, 9, 9, 9], &["a", "b"], vec![]).unwrap();
    let d = Preprocessing::picture(1, 1, 1).apply_dataset(d);
    assert_eq!((d.pixels(), d.size(), d.labels()), (&[1, 9][..], Size::new(1, 1, 1), &[0, 1][..]));
}

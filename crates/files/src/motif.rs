//! Pictures drawn by code, for the demonstration and for tests: nobody's photograph is shown there.

use image::codecs::png::PngEncoder;
use image::{Rgb, RgbImage};

/// A drawing, and what it shows, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Motif {
    /// A PNG.
    pub bytes: Vec<u8>,
    /// Its alternative text.
    pub alt: &'static str,
}

const WIDTH: u32 = 960;
const HEIGHT: u32 = 600;

/// What a drawing shows at a point, from 0 to 1 across and down, with three colours of its own.
type Scene = fn(f64, f64, [Rgb<u8>; 3]) -> Rgb<u8>;

const SCENES: [(Scene, &str); 3] = [
    (hills, "Dessin : des collines sous un soleil rond"),
    (houses, "Dessin : une rangée de maisons de hauteurs différentes"),
    (waves, "Dessin : des vagues et un soleil qui se couche"),
];

/// Warm and calm, as the pages are: sky, what stands before it, and what shines.
const COLOURS: [[Rgb<u8>; 3]; 4] = [
    [Rgb([0xea, 0xf3, 0xf0]), Rgb([0x1e, 0x6b, 0x5c]), Rgb([0xf2, 0xc1, 0x4e])],
    [Rgb([0xfb, 0xee, 0xdc]), Rgb([0xa3, 0x3b, 0x2a]), Rgb([0xf2, 0xc1, 0x4e])],
    [Rgb([0xe3, 0xec, 0xf6]), Rgb([0x2d, 0x5c, 0x8a]), Rgb([0xfb, 0xf9, 0xf4])],
    [Rgb([0xf2, 0xec, 0xf7]), Rgb([0x5b, 0x3f, 0x8c]), Rgb([0xe8, 0x9b, 0x6c])],
];

impl Motif {
    /// The drawing of this number; another number, another drawing.
    pub fn of(number: usize) -> Self {
        let (scene, alt) = SCENES[number % SCENES.len()];
        let colours = COLOURS[(number / SCENES.len() + number) % COLOURS.len()];
        let shift = (number % 97) as f64 / 97.0;
        let at = |x: u32, y: u32| {
            let (across, down) = (f64::from(x) / f64::from(WIDTH), f64::from(y) / f64::from(HEIGHT));
            scene(across + shift, down, colours)
        };
        let mut bytes = Vec::new();
        let drawn = RgbImage::from_fn(WIDTH, HEIGHT, at);
        drawn.write_with_encoder(PngEncoder::new(&mut bytes)).expect("a drawing is written into memory");
        Self { bytes, alt }
    }
}

fn is_in_sun(across: f64, down: f64, middle: f64) -> bool {
    let ratio = f64::from(WIDTH) / f64::from(HEIGHT);
    ((across.fract() - 0.68) * ratio).hypot(down - middle) < 0.13
}

fn hills(across: f64, down: f64, [sky, hill, sun]: [Rgb<u8>; 3]) -> Rgb<u8> {
    let far = 0.55 + 0.07 * (across * 9.0).sin();
    let near = 0.74 + 0.09 * (across * 5.0 + 2.0).sin();
    match down {
        _ if down > near => hill,
        _ if down > far => between(hill, sky),
        _ if is_in_sun(across, down, 0.3) => sun,
        _ => sky,
    }
}

fn houses(across: f64, down: f64, [sky, wall, window]: [Rgb<u8>; 3]) -> Rgb<u8> {
    let (house, inside) = ((across * 6.0).floor(), (across * 6.0).fract());
    let top = 0.42 + 0.07 * ((house * 2.0) % 3.0);
    let roof = top - 0.14 + (inside - 0.5).abs() * 0.28;
    let is_window = (0.2..0.4).contains(&inside) || (0.6..0.8).contains(&inside);
    match down {
        _ if down > 0.9 => between(wall, sky),
        _ if down > top && is_window && ((down - top) * 6.0).fract() > 0.45 => window,
        _ if down > top => {
            if house % 2.0 == 0.0 {
                wall
            } else {
                between(wall, window)
            }
        }
        _ if down > roof => between(wall, Rgb([0x23, 0x30, 0x2c])),
        _ => sky,
    }
}

fn waves(across: f64, down: f64, [sky, sea, sun]: [Rgb<u8>; 3]) -> Rgb<u8> {
    let crest = |height: f64, pace: f64| height + 0.02 * (across * pace).sin();
    match down {
        _ if down > crest(0.82, 21.0) => sea,
        _ if down > crest(0.68, 26.0) => between(sea, between(sea, sky)),
        _ if down > crest(0.56, 31.0) => between(sea, sky),
        _ if is_in_sun(across, down, 0.52) => sun,
        _ => sky,
    }
}

fn between(one: Rgb<u8>, other: Rgb<u8>) -> Rgb<u8> {
    let mut colours = one.0.into_iter().zip(other.0).map(|(one, other)| one / 2 + other / 2);
    Rgb([(); 3].map(|()| colours.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Made;
    use std::collections::BTreeSet;

    #[test]
    fn drawings_differ_and_are_pictures() {
        let all: Vec<Motif> = (0..12).map(Motif::of).collect();
        assert_eq!(all.iter().map(|one| one.bytes.clone()).collect::<BTreeSet<_>>().len(), 12);
        assert_eq!(all.iter().map(|one| one.alt).collect::<BTreeSet<_>>().len(), SCENES.len());
        let made = Made::of(&all[0].bytes).unwrap();
        assert_eq!((made.width, made.height, made.ending), (WIDTH, HEIGHT, "png"), "few colours");
        assert!(made.large.len() < 60_000, "{} bytes", made.large.len());
        assert_eq!(Motif::of(3), Motif::of(3));
    }
}

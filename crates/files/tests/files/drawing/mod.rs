//! Pictures for tests, drawn by code: no photograph lies in the house.

#![allow(dead_code, reason = "each test binary uses its part")]

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};

/// Red on the left, blue on the right.
pub fn scene(width: u32, height: u32) -> DynamicImage {
    let colour = |x: u32, _| if x < width / 2 { Rgb([220, 30, 30]) } else { Rgb([30, 30, 220]) };
    RgbImage::from_fn(width, height, colour).into()
}

/// Noise, which no format packs well.
pub fn drawn(width: u32, height: u32) -> DynamicImage {
    let mut state = 7_u32;
    let noise = |_, _| {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        Rgb([next(), next(), next()])
    };
    RgbImage::from_fn(width, height, noise).into()
}

/// A green disc on nothing.
pub fn transparent(width: u32, height: u32) -> DynamicImage {
    let (middle, radius) = ((f64::from(width) / 2.0, f64::from(height) / 2.0), f64::from(width.min(height)) / 3.0);
    let colour = |x: u32, y: u32| {
        let is_inside = (f64::from(x) - middle.0).hypot(f64::from(y) - middle.1) < radius;
        if is_inside { Rgba([20, 160, 60, 255]) } else { Rgba([0, 0, 0, 0]) }
    };
    RgbaImage::from_fn(width, height, colour).into()
}

pub fn jpeg(drawn: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    drawn.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 95)).unwrap();
    bytes
}

pub fn png(drawn: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    drawn.write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
    bytes
}

pub fn webp(drawn: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    drawn.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).unwrap();
    bytes
}

/// A JPEG with an Exif block that says how it is to be turned and where it was taken.
pub fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    // TIFF, little endian: one directory with the orientation (0x0112) and the maker's word (0x010f).
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
    let words = b"GPS 43.2965N 5.3698E\0";
    let entry = |tag: u16, sort: u16, count: u32, value: u32| {
        [tag.to_le_bytes().as_slice(), &sort.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    exif.extend(entry(0x010f, 2, words.len() as u32, 38));
    exif.extend(entry(0x0112, 3, 1, orientation.into()));
    exif.extend(0_u32.to_le_bytes());
    exif.extend(words);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

/// Small files that say they are large.
pub mod oversized {
    use super::{jpeg as written, png as packed, scene};

    /// A PNG whose header promises this many points of RGBA with so many bits a colour.
    pub fn png(width: u32, height: u32, bits: u8) -> Vec<u8> {
        let mut bytes = packed(&scene(8, 8));
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        (bytes[24], bytes[25]) = (bits, 6);
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        bytes
    }

    /// A JPEG whose frame promises this many points.
    pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = written(&scene(8, 8));
        let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
        bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    }

    fn crc(bytes: &[u8]) -> u32 {
        let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
    }
}

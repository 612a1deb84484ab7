//! A picture made anew: decoded within limits, turned upright, drawn smaller, and written without anything but its points.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use thiserror::Error;

/// The most bytes of a picture that is looked at: five megabytes.
pub const BYTES: usize = 5_000_000;
/// The most points of one.
pub const POINTS: u64 = 40_000_000;
/// The long side of what is shown on a page of its own, in points.
pub const LARGE: u32 = 1_600;
/// The long side of what is shown in lists.
pub const SMALL: u32 = 480;

/// The most memory a decoder may take, in bytes.
const MEMORY: u64 = 256 * 1024 * 1024;
/// The most passes over a JPEG: a few bytes ask for each, and every one costs as much as the whole picture. Cameras make about ten.
const SCANS: usize = 40;
/// How well a JPEG is written, out of a hundred.
const QUALITY: u8 = 82;

/// Why bytes make no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// Neither JPEG nor PNG nor WebP, or a broken one.
    #[error("not a picture: {0}")]
    NotOne(String),
    /// More than [`BYTES`].
    #[error("a picture has at most {BYTES} bytes")]
    TooHeavy,
    /// More than [`POINTS`].
    #[error("a picture has at most {POINTS} points")]
    TooManyPoints,
}

/// A picture in both sizes, ready to be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// At most [`LARGE`] points long.
    pub large: Vec<u8>,
    /// At most [`SMALL`] points long; the same bytes where it is small already.
    pub small: Vec<u8>,
    /// How its files end: `jpg` or `png`.
    pub ending: &'static str,
    /// How many points the large one is wide.
    pub width: u32,
    /// How many points the large one is high.
    pub height: u32,
}

impl Made {
    /// Makes a picture of bytes from outside, whatever they are said to be. The same bytes make the same picture.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn of(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > BYTES {
            return Err(Refused::TooHeavy);
        }
        // A decoder that gives up has found no picture either.
        let made = catch_unwind(AssertUnwindSafe(|| make(bytes)));
        made.unwrap_or_else(|_| Err(Refused::NotOne("the decoder gave up".into())))
    }

    /// Its media type.
    pub fn media_type(&self) -> &'static str {
        media_type(self.ending)
    }
}

/// The media type of a file by its ending.
pub fn media_type(ending: &str) -> &'static str {
    match ending {
        "png" => "image/png",
        "webp" => "image/webp",
        _ => "image/jpeg",
    }
}

fn make(bytes: &[u8]) -> Result<Made, Refused> {
    let (drawn, was_lossy) = decode(bytes)?;
    let large = within(drawn, LARGE);
    let (ending, bytes) = write(&large, was_lossy)?;
    let (width, height) = (large.width(), large.height());
    let small = if width.max(height) <= SMALL { bytes.clone() } else { encode(&within(large, SMALL), ending)? };
    Ok(Made { large: bytes, small, ending, width, height })
}

/// The points of a picture, upright, and whether it came as one that photographs come as.
fn decode(bytes: &[u8]) -> Result<(DynamicImage, bool), Refused> {
    let not_one = |e: image::ImageError| Refused::NotOne(e.to_string());
    let format = image::guess_format(bytes).map_err(not_one)?;
    let is_jpeg = match format {
        ImageFormat::Jpeg if scans(bytes) > SCANS => return Err(Refused::NotOne("too many passes".into())),
        ImageFormat::Jpeg => true,
        ImageFormat::Png | ImageFormat::WebP => false,
        other => return Err(Refused::NotOne(format!("{other:?} is not taken"))),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(not_one)?;
    let (width, height) = decoder.dimensions();
    // Before any point is drawn: a few bytes can promise a picture that fills the memory.
    if u64::from(width) * u64::from(height) > POINTS || decoder.total_bytes() > MEMORY {
        return Err(Refused::TooManyPoints);
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let drawn = DynamicImage::from_decoder(decoder).map_err(not_one)?;
    // Far too large ones are first drawn smaller without much care, so that turning and drawing them well costs little.
    let long = drawn.width().max(drawn.height());
    let mut drawn = if long > 2 * LARGE { drawn.thumbnail(2 * LARGE, 2 * LARGE) } else { drawn };
    drawn.apply_orientation(turned);
    Ok((plain(drawn), is_jpeg))
}

/// Eight bits a colour, and transparency only where something is transparent.
fn plain(drawn: DynamicImage) -> DynamicImage {
    let is_opaque = !drawn.color().has_alpha() || {
        let points = drawn.to_rgba8();
        points.pixels().all(|point| point.0[3] == u8::MAX)
    };
    if is_opaque { drawn.into_rgb8().into() } else { drawn.into_rgba8().into() }
}

/// The same no longer than this on its long side.
fn within(drawn: DynamicImage, side: u32) -> DynamicImage {
    match drawn.width().max(drawn.height()) > side {
        true => drawn.resize(side, side, FilterType::CatmullRom),
        false => drawn,
    }
}

/// Photographs become JPEG, what is transparent PNG, and so do drawings of few colours, which are smaller and sharper that way.
fn write(drawn: &DynamicImage, was_lossy: bool) -> Result<(&'static str, Vec<u8>), Refused> {
    let jpeg = encode(drawn, "jpg")?;
    if was_lossy {
        return Ok(("jpg", jpeg));
    }
    let png = encode(drawn, "png")?;
    let is_better = drawn.color().has_alpha() || png.len() <= jpeg.len() + jpeg.len() / 2;
    Ok(if is_better && png.len() <= BYTES { ("png", png) } else { ("jpg", jpeg) })
}

fn encode(drawn: &DynamicImage, ending: &str) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let written = match ending {
        "png" => {
            let to = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive);
            drawn.write_with_encoder(to)
        }
        _ => on_white(drawn).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)),
    };
    written.map_err(|e| Refused::NotOne(e.to_string()))?;
    Ok(bytes)
}

/// What is transparent shows the white of the page.
fn on_white(drawn: &DynamicImage) -> DynamicImage {
    if !drawn.color().has_alpha() {
        return drawn.clone();
    }
    let points = drawn.to_rgba8();
    let mut white = image::RgbImage::new(points.width(), points.height());
    for (to, from) in white.pixels_mut().zip(points.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        to.0 = [red, green, blue].map(|colour| ((colour * alpha + 255 * (255 - alpha)) / 255) as u8);
    }
    white.into()
}

/// How many times a JPEG has its decoder pass over the picture. Inside a pass no such pair of bytes stands.
fn scans(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| *pair == [0xff, 0xda]).count()
}

//! What becomes of bytes from outside: upright, bounded, and with nothing in them but points.

use crate::drawing::{drawn, jpeg, oversized, png, scene, transparent, webp, with_exif};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgba};
use pes_files::made::{BYTES, LARGE, SMALL};
use pes_files::{Made, Refused};

fn read(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// Whether a point is about of this colour: JPEG keeps none exactly.
fn is_about(point: Rgba<u8>, colour: [u8; 3]) -> bool {
    point.0.iter().zip(colour).all(|(one, other)| one.abs_diff(other) < 40)
}

const RED: [u8; 3] = [220, 30, 30];
const BLUE: [u8; 3] = [30, 30, 220];

#[test]
fn each_format_is_taken_and_made_anew() {
    for (name, bytes) in
        [("jpeg", jpeg(&scene(900, 600))), ("png", png(&scene(900, 600))), ("webp", webp(&scene(900, 600)))]
    {
        let made = Made::of(&bytes).unwrap();
        assert_eq!((made.width, made.height), (900, 600), "{name}");
        assert_ne!(made.large, bytes, "{name}");
        let (large, small) = (read(&made.large), read(&made.small));
        assert_eq!((large.dimensions(), small.dimensions()), ((900, 600), (SMALL, 320)), "{name}");
        assert!(is_about(large.get_pixel(10, 300), RED) && is_about(small.get_pixel(470, 160), BLUE), "{name}");
        assert_eq!(Made::of(&bytes).unwrap(), made, "{name}: the same bytes make the same picture");
        let format = image::guess_format(&made.large).unwrap();
        let expected = if made.ending == "png" { ImageFormat::Png } else { ImageFormat::Jpeg };
        assert_eq!((format, made.media_type()), (expected, expected.to_mime_type()), "{name}");
    }
}

#[test]
fn long_ones_are_drawn_smaller_and_small_ones_stay() {
    for (size, large, small) in [
        ((4_800, 1_200), (LARGE, 400), (SMALL, 120)),
        ((300, 2_000), (240, LARGE), (72, SMALL)),
        ((SMALL, 100), (SMALL, 100), (SMALL, 100)),
        ((1, 1), (1, 1), (1, 1)),
        ((3_201, 1), (LARGE, 1), (SMALL, 1)),
    ] {
        let made = Made::of(&jpeg(&scene(size.0, size.1))).unwrap();
        assert_eq!((made.width, made.height), large, "{size:?}");
        assert_eq!((read(&made.large).dimensions(), read(&made.small).dimensions()), (large, small), "{size:?}");
        assert_eq!(made.large == made.small, large == small, "{size:?}");
    }
}

/// A telephone held upright says so in its Exif, and in that where it was.
#[test]
fn what_lay_on_its_side_stands_and_nothing_tells_where_it_was_taken() {
    let lying = jpeg(&scene(400, 200));
    // 6: to be turned to the right. What was on the left is above.
    let told = with_exif(&lying, 6);
    assert!(told.windows(12).any(|part| part == b"GPS 43.2965N"));
    let made = Made::of(&told).unwrap();
    assert_eq!((made.width, made.height), (200, 400));
    let upright = read(&made.large);
    assert!(is_about(upright.get_pixel(100, 10), RED) && is_about(upright.get_pixel(100, 390), BLUE));
    for turned in [&made.large, &made.small] {
        assert!(!turned.windows(4).any(|part| part == b"Exif" || part == b"GPS "), "no metadata is left");
    }
    let mirrored = read(&Made::of(&with_exif(&lying, 2)).unwrap().large);
    assert!(is_about(mirrored.get_pixel(10, 100), BLUE));
    let nonsense = Made::of(&with_exif(&lying, 77)).unwrap();
    assert_eq!((nonsense.width, nonsense.height), (400, 200));
}

#[test]
fn what_is_transparent_stays_so_and_what_is_not_needs_no_png() {
    let logo = Made::of(&png(&transparent(600, 600))).unwrap();
    assert_eq!(logo.ending, "png");
    assert_eq!(read(&logo.small).get_pixel(0, 0).0[3], 0, "the small one too");
    let few = Made::of(&png(&scene(600, 600))).unwrap();
    assert_eq!(few.ending, "png", "a drawing of few colours is sharper and smaller so");
    let photograph = Made::of(&png(&drawn(600, 600))).unwrap();
    assert_eq!(photograph.ending, "jpg", "noise is not");
    let from_webp = Made::of(&webp(&transparent(600, 600))).unwrap();
    assert_eq!((from_webp.ending, read(&from_webp.large).get_pixel(0, 0).0[3]), ("png", 0));
}

/// A few bytes promise a picture of gigabytes: nothing of it is drawn.
#[test]
fn bombs_are_not_unpacked() {
    for (name, bomb) in [
        ("png", oversized::png(60_000, 60_000, 8)),
        ("png of sixteen bits", oversized::png(6_200, 6_200, 16)),
        ("jpeg", oversized::jpeg(60_000, 60_000)),
        ("one long line", oversized::png(40_000_001, 1, 8)),
    ] {
        assert!(bomb.len() < 4_000, "{name}");
        let begun = std::time::Instant::now();
        let refused = Made::of(&bomb).unwrap_err();
        assert!(matches!(refused, Refused::TooManyPoints | Refused::NotOne(_)), "{name}: {refused}");
        assert!(begun.elapsed().as_millis() < 2_000, "{name}");
    }
    assert_eq!(Made::of(&oversized::png(60_000, 60_000, 8)), Err(Refused::TooManyPoints));
    assert_eq!(Made::of(&oversized::jpeg(60_000, 60_000)), Err(Refused::TooManyPoints));
}

/// Each pass over a JPEG costs as much as the picture, and is a few bytes long.
#[test]
fn a_jpeg_of_a_thousand_passes_is_none() {
    let whole = jpeg(&scene(64, 64));
    let at = whole.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let length = usize::from(u16::from_be_bytes([whole[at + 2], whole[at + 3]]));
    let pass = &whole[at..at + 2 + length];
    let many = [&whole[..at], &pass.repeat(1_000), &whole[at..]].concat();
    assert!(matches!(Made::of(&many), Err(Refused::NotOne(why)) if why == "too many passes"));
}

#[test]
fn what_is_no_picture_is_none_whatever_it_is_called() {
    let gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".as_slice();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_slice();
    for bytes in
        [b"".as_slice(), b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", gif, svg, b"%PDF-1.7", &[0; 4_096]]
    {
        assert!(matches!(Made::of(bytes), Err(Refused::NotOne(_))), "{bytes:?}");
    }
    assert_eq!(Made::of(&vec![0xff; BYTES + 1]), Err(Refused::TooHeavy));
    // A page that begins as a picture does is drawn as one or not at all: nothing of the page is left.
    let polyglot = [jpeg(&scene(40, 40)), b"<script>alert(1)</script>".to_vec()].concat();
    let made = Made::of(&polyglot).unwrap();
    assert!(!made.large.windows(7).any(|part| part == b"<script"));
}

/// Whatever breaks off or is spoilt is refused or drawn; it never brings the program down.
#[test]
fn broken_files_bring_nothing_down() {
    for whole in [jpeg(&drawn(80, 60)), png(&drawn(80, 60)), webp(&drawn(80, 60))] {
        for cut in (0..whole.len()).step_by(1 + whole.len() / 60) {
            drop(Made::of(&whole[..cut]));
        }
        for at in (0..whole.len()).step_by(1 + whole.len() / 120) {
            for change in [0x00, 0x01, 0x7f, 0xff] {
                let mut spoilt = whole.clone();
                spoilt[at] ^= change;
                drop(Made::of(&spoilt));
                spoilt[at] = change;
                drop(Made::of(&spoilt));
            }
        }
    }
}

//! The decoders of this crate that read a stranger's bytes.

use pes_files::made::{LARGE, SMALL};
use pes_files::{Made, Sort};

/// Reads bytes, and tells whether it took them.
pub type Decoder = fn(&[u8]) -> bool;

/// All of them, by name.
pub const ALL: [(&str, Decoder); 2] = [("picture", picture), ("file", file)];

/// The one of this name, for its fuzz target.
#[allow(dead_code, reason = "the tests of this crate take them all")]
pub fn named(name: &str) -> Decoder {
    ALL.into_iter().find(|(one, _)| *one == name).unwrap().1
}

/// A picture. What is taken is drawn within its bounds, and what was drawn is taken again.
pub fn picture(bytes: &[u8]) -> bool {
    let Ok(made) = Made::of(bytes) else { return false };
    assert!((1..=LARGE).contains(&made.width) && (1..=LARGE).contains(&made.height));
    let again = Made::of(&made.large).unwrap();
    assert_eq!((again.width, again.height), (made.width, made.height));
    let small = Made::of(&made.small).unwrap();
    assert!(small.width.max(small.height) <= SMALL);
    true
}

/// A file of any sort. What is taken under no name is taken under its own ending, and as what was fetched, and under no other.
pub fn file(bytes: &[u8]) -> bool {
    let Ok(sort) = Sort::sent("", bytes) else { return false };
    assert_eq!(Sort::sent(&format!("a.{}", sort.ending()), bytes), Ok(sort));
    assert_eq!(Sort::fetched(sort.media_type(), bytes), Ok(sort));
    assert!(sort == Sort::Pdf || Sort::sent("a.pdf", bytes).is_err());
    true
}

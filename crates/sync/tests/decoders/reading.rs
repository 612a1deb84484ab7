//! The JSON that strangers send: what a node says of itself, its heads, a request to join, messages. What is taken is written so that it
//! reads the same again.

use pes_journal::messages::Message;
use pes_people::conversations::Word;
use pes_sync::desk::JoinRequest;
use pes_sync::introduction::WellKnown;
use pes_sync::pull::HeadEntry;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Reads bytes, and tells whether it took them.
pub type Decoder = fn(&[u8]) -> bool;

/// All of them, by name.
pub const ALL: [(&str, Decoder); 5] = [
    ("heads", reads_the_same::<Vec<HeadEntry>>),
    ("join", reads_the_same::<JoinRequest>),
    ("message", reads_the_same::<Message>),
    ("well_known", reads_the_same::<WellKnown>),
    ("word", reads_the_same::<Word>),
];

/// The one of this name, for its fuzz target.
#[allow(dead_code, reason = "the tests of this crate take them all")]
pub fn named(name: &str) -> Decoder {
    ALL.into_iter().find(|(one, _)| *one == name).unwrap().1
}

fn reads_the_same<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8]) -> bool {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else { return false };
    let again: T = serde_json::from_slice(&serde_json::to_vec(&read).unwrap()).unwrap();
    assert_eq!(again, read);
    true
}

//! The decoders of this crate that read a stranger's bytes.

use pes_domain::{Audience, Kind, RecordIri, Rules};
use pes_rdf::Payload;
use std::sync::OnceLock;

/// Reads bytes, and tells whether it took them.
pub type Decoder = fn(&[u8]) -> bool;

/// All of them, by name.
pub const ALL: [(&str, Decoder); 1] = [("payload", payload)];

/// The one of this name, for its fuzz target.
#[allow(dead_code, reason = "the tests of this crate take them all")]
pub fn named(name: &str) -> Decoder {
    ALL.into_iter().find(|(one, _)| *one == name).unwrap().1
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(pes_rdf::rules)
}

/// A payload, of the record that its first line names; then by the typed reader, for both audiences. What the typed reader takes, it writes
/// so that it reads the same again.
pub fn payload(bytes: &[u8]) -> bool {
    let Some(record) = record(bytes) else { return false };
    let Ok(payload) = Payload::read(bytes, &record) else { return false };
    let Some(kind) = Kind::named(record.kind_notation()) else { return true };
    for audience in [Audience::Public, Audience::Affiliates] {
        let Ok(read) = payload.record(kind, audience, rules()) else { continue };
        let again = pes_rdf::write(&read, &"0".repeat(32));
        let again = Payload::read(again.as_bytes(), &record).and_then(|again| again.record(kind, audience, rules()));
        assert_eq!(again.as_ref(), Ok(&read));
    }
    true
}

fn record(bytes: &[u8]) -> Option<RecordIri> {
    let text = str::from_utf8(bytes).ok()?;
    let (name, _) = text.strip_prefix('<')?.split_once('>')?;
    RecordIri::read(name.split('#').next()?)
}

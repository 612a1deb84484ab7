//! The decoders of this crate that read a stranger's bytes. Each tells whether it took them; what it takes, it writes back to the same
//! bytes, or to what it reads as the same.

use pes_changeset::batch::Batch;
use pes_changeset::bundle::{Place, read_entries, read_payloads, write_entries, write_payloads};
use pes_changeset::line::Line;
use pes_changeset::note::{Note, NoteSignature};
use pes_changeset::receipt::Erasure;
use pes_changeset::request::{Claim, RequestSignature};
use pes_changeset::{ChangeSet, Checkpoint, Evidence, KeyHistory, PublicKey, json_ld};

/// Reads bytes, and tells whether it took them.
pub type Decoder = fn(&[u8]) -> bool;

/// All of them, by name.
pub const ALL: [(&str, Decoder); 10] = [
    ("batch", batch),
    ("change_set", change_set),
    ("entries", entries),
    ("evidence", evidence),
    ("key_events", key_events),
    ("line", line),
    ("note", note),
    ("payloads", payloads),
    ("place", place),
    ("request", request),
];

/// The one of this name, for its fuzz target.
#[allow(dead_code, reason = "the tests of this crate take them all")]
pub fn named(name: &str) -> Decoder {
    ALL.into_iter().find(|(one, _)| *one == name).unwrap().1
}

/// A batch is what comes in a push.
pub fn batch(bytes: &[u8]) -> bool {
    let Ok(batch) = Batch::read(bytes) else { return false };
    assert_eq!(batch.write().as_deref(), Ok(bytes));
    true
}

/// A change-set is its text, and has a JSON-LD.
pub fn change_set(bytes: &[u8]) -> bool {
    let Some(change_set) = str::from_utf8(bytes).ok().and_then(|text| ChangeSet::read(text).ok()) else { return false };
    assert_eq!(change_set.text().as_bytes(), bytes);
    let parts = format!("{}\n{}\n{}\n", change_set.document(), change_set.options(), change_set.proof_value());
    assert_eq!(parts.as_bytes(), bytes);
    // Nobody has to have signed it, and it may say what has no rendering; none of it may panic.
    drop(change_set.verify(change_set.key()));
    drop(json_ld::render(&change_set));
    true
}

/// A bundle of entries.
pub fn entries(bytes: &[u8]) -> bool {
    let Ok(leaves) = read_entries(bytes) else { return false };
    assert_eq!(write_entries(leaves).as_deref(), Ok(bytes));
    true
}

/// A bundle of payloads.
pub fn payloads(bytes: &[u8]) -> bool {
    let Ok(payloads) = read_payloads(bytes) else { return false };
    assert_eq!(write_payloads(payloads).as_deref(), Ok(bytes));
    true
}

/// A proof that a node signed two histories.
pub fn evidence(bytes: &[u8]) -> bool {
    let Some(evidence) = str::from_utf8(bytes).ok().and_then(|text| Evidence::read(text).ok()) else { return false };
    let again = Evidence::read(&evidence.write());
    assert_eq!(again.as_ref(), Ok(&evidence));
    drop(evidence.verify());
    true
}

/// A channel `keys`: its events, one after the other as a bundle has them.
pub fn key_events(bytes: &[u8]) -> bool {
    let Ok(leaves) = read_entries(bytes) else { return false };
    let events: Result<Vec<ChangeSet>, _> = leaves.into_iter().map(ChangeSet::read).collect();
    let Ok(events) = events else { return false };
    KeyHistory::read(&events).is_ok()
}

/// A line of a header.
pub fn line(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let Ok(line) = Line::read(text) else { return false };
    assert_eq!(line.write(), format!("{text}\n"));
    true
}

/// A signed note: a head, a receipt. Base64 has one spelling.
pub fn note(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    if let Ok(signature) = NoteSignature::read(text.trim_end_matches('\n')) {
        assert_eq!(signature.write().trim_end_matches('\n'), text.trim_end_matches('\n'));
    }
    let Ok(note) = Note::read(text) else { return false };
    assert_eq!(note.write(), text);
    drop(Checkpoint::read(&note.text));
    let key: PublicKey = "z6Mko9hTggMwjSTEaJaPUfE6tqcy2xvU6BnNq3e3o8qVBiyH".parse().unwrap();
    drop(Erasure::verify(&note, "pes.hub.example/node", &key));
    true
}

/// The path of a bundle.
pub fn place(bytes: &[u8]) -> bool {
    let Some((text, place)) = str::from_utf8(bytes).ok().and_then(|text| Some((text, Place::read(text).ok()?))) else {
        return false;
    };
    assert_eq!(place.path(), text);
    true
}

/// The three fields of a signed request, a line each.
pub fn request(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let mut values = text.lines().map(|line| line.split_once(": ").map_or(line, |(_, value)| value).to_owned());
    let (Some(content_digest), Some(signature_input), Some(signature)) = (values.next(), values.next(), values.next())
    else {
        return false;
    };
    let fields = RequestSignature { content_digest, signature_input, signature };
    let Ok(claim) = Claim::read("POST", "https://pes.hub.example/in/messages", &fields) else { return false };
    drop(claim.verify(claim.created));
    drop(claim.check_body(b"{}"));
    true
}

//! What one node signs about another's log: "I hold this head" and "I have erased this".

use crate::key::SignatureBytes;
use crate::log_id::number;
use crate::note::{Note, NoteSignature, key_id};
use crate::tree::Hash;
use crate::{Fault, LogId, PublicKey, SecretKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use time::UtcDateTime;

/// The type byte of a timestamped cosignature (C2SP `tlog-cosignature`).
const COSIGNATURE: u8 = 0x04;
/// The first line of an erasure receipt.
const ERASURE: &str = "pes erasure receipt v1";

/// Signs that this node durably holds all that a checkpoint covers: a C2SP cosignature of version 1.
///
/// Given only after the leaves are on disk. `name` is the holder's [`crate::Origin::note_name`].
///
/// # Errors
/// [`Fault::Malformed`] for a time before 1970.
pub fn cosign(checkpoint: &Note, name: &str, key: &SecretKey, at: UtcDateTime) -> Result<NoteSignature, Fault> {
    let seconds = seconds(at)?;
    let signature = key.sign(cosigned(checkpoint, seconds).as_bytes());
    Ok(NoteSignature {
        name: name.to_owned(),
        key_id: key_id(name, COSIGNATURE, &key.public()),
        signature: [seconds.to_be_bytes().as_slice(), &signature].concat(),
    })
}

/// Checks a cosignature, and tells when it was given by its signer's clock.
///
/// # Errors
/// [`Fault`] when it is another's, of another kind, or fails.
pub fn verify_cosignature(
    checkpoint: &Note,
    cosignature: &NoteSignature,
    name: &str,
    key: &PublicKey,
) -> Result<UtcDateTime, Fault> {
    let fault = |why: &str| Fault::malformed("receipt", why);
    if cosignature.name != name || cosignature.key_id != key_id(name, COSIGNATURE, key) {
        return Err(fault("it is by another key than the peer's log key"));
    }
    let (seconds, signature) = cosignature.signature.split_first_chunk::<8>().ok_or_else(|| fault("it has no time"))?;
    let signature: &SignatureBytes = signature.try_into().map_err(|_| fault("its signature does not have 64 bytes"))?;
    let seconds = u64::from_be_bytes(*seconds);
    key.verify("the receipt", cosigned(checkpoint, seconds).as_bytes(), signature)?;
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| UtcDateTime::from_unix_timestamp(seconds).ok())
        .ok_or_else(|| fault("its time lies outside the calendar"))
}

/// C2SP `tlog-cosignature`: the message of a cosignature of version 1.
fn cosigned(checkpoint: &Note, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", checkpoint.text)
}

/// That a holder has erased what a delete asked it to erase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The log in which the delete stands.
    pub log: LogId,
    /// The delete's index in it.
    pub seq: u64,
    /// The hash of its leaf, so that the receipt fits one delete only.
    pub leaf: Hash,
    /// When, by the holder's clock; whole seconds.
    pub at: UtcDateTime,
}

impl Erasure {
    /// Signs the receipt under the holder's [`crate::Origin::note_name`].
    ///
    /// # Errors
    /// [`Fault::Malformed`] for a time before 1970.
    pub fn sign(&self, name: &str, key: &SecretKey) -> Result<Note, Fault> {
        let (iri, leaf, at) = (self.log.change_set_iri(self.seq), BASE64.encode(self.leaf), seconds(self.at)?);
        Note::sign(format!("{ERASURE}\n{iri}\n{leaf}\n{at}\n"), name, key)
    }

    /// Reads a receipt and checks that the holder signed it.
    ///
    /// # Errors
    /// [`Fault`] when it is malformed or not by the holder.
    pub fn verify(note: &Note, name: &str, key: &PublicKey) -> Result<Self, Fault> {
        let fault = |why: &str| Fault::malformed("erasure receipt", why);
        note.verify(name, key)?;
        let lines: Vec<&str> = note.text.split_terminator('\n').collect();
        let [ERASURE, iri, leaf, at] = lines.as_slice() else {
            return Err(fault("it is not of the form"));
        };
        let (log, seq) = LogId::of_change_set(iri)?;
        let leaf =
            BASE64.decode(leaf).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| fault("no leaf hash"))?;
        let at = i64::try_from(number(at)?).ok().and_then(|at| UtcDateTime::from_unix_timestamp(at).ok());
        Ok(Self { log, seq, leaf, at: at.ok_or_else(|| fault("its time lies outside the calendar"))? })
    }
}

fn seconds(at: UtcDateTime) -> Result<u64, Fault> {
    u64::try_from(at.unix_timestamp()).map_err(|_| Fault::malformed("time", "it lies before 1970"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, Checkpoint, timestamp};

    const HOLDER: &str = "pes.hub.example/node";

    fn at() -> UtcDateTime {
        timestamp::read("2026-11-23T22:27:06Z").unwrap()
    }

    fn head() -> Note {
        let log = LogId::new("https://pes.example.org".parse().unwrap(), Channel::Public, 1);
        Checkpoint { log: log.name(), size: 5, root: [3; 32] }.sign(&SecretKey::from_seed(&[7; 32])).unwrap()
    }

    #[test]
    fn a_receipt_tells_who_holds_what_since_when() {
        let hub = SecretKey::from_seed(&[9; 32]);
        let receipt = cosign(&head(), HOLDER, &hub, at()).unwrap();
        let read = NoteSignature::read(receipt.write().trim_end()).unwrap();
        assert_eq!(verify_cosignature(&head(), &read, HOLDER, &hub.public()).unwrap(), at());
    }

    #[test]
    fn a_receipt_fits_one_head_one_time_one_holder() {
        let hub = SecretKey::from_seed(&[9; 32]);
        let receipt = cosign(&head(), HOLDER, &hub, at()).unwrap();
        let refused = |receipt: &NoteSignature, head: &Note, name: &str, key: &PublicKey| {
            verify_cosignature(head, receipt, name, key).unwrap_err().to_string()
        };
        let other_head = Note { text: head().text.replace("\n5\n", "\n6\n"), ..head() };
        assert!(refused(&receipt, &other_head, HOLDER, &hub.public()).contains("does not verify"));
        assert!(refused(&receipt, &head(), "pes.other.example/node", &hub.public()).contains("another key"));
        assert!(refused(&receipt, &head(), HOLDER, &SecretKey::from_seed(&[8; 32]).public()).contains("another key"));
        let mut later = receipt.clone();
        later.signature[7] ^= 1;
        assert!(refused(&later, &head(), HOLDER, &hub.public()).contains("does not verify"));
        let mut short = receipt.clone();
        short.signature.truncate(7);
        assert!(refused(&short, &head(), HOLDER, &hub.public()).contains("no time"));
        short.signature = receipt.signature[..71].to_vec();
        assert!(refused(&short, &head(), HOLDER, &hub.public()).contains("64 bytes"));
        let renamed = NoteSignature { name: "pes.other.example/node".into(), ..receipt };
        assert!(refused(&renamed, &head(), HOLDER, &hub.public()).contains("another key"));
    }

    #[test]
    fn a_head_is_not_signed_before_1970() {
        let hub = SecretKey::from_seed(&[9; 32]);
        let before = UtcDateTime::from_unix_timestamp(-1).unwrap();
        assert!(cosign(&head(), HOLDER, &hub, before).is_err());
        assert!(cosign(&head(), HOLDER, &hub, UtcDateTime::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn an_erasure_is_acknowledged_for_one_delete() {
        let hub = SecretKey::from_seed(&[9; 32]);
        let log = LogId::new("https://pes.example.org".parse().unwrap(), Channel::Public, 1);
        let erasure = Erasure { log, seq: 42, leaf: [5; 32], at: at() };
        let note = erasure.sign(HOLDER, &hub).unwrap();
        assert_eq!(Erasure::verify(&note, HOLDER, &hub.public()).unwrap(), erasure);
        assert!(Erasure::verify(&note, "pes.other.example/node", &hub.public()).is_err());
        assert!(Erasure::verify(&head(), HOLDER, &hub.public()).is_err());
        let signed = |text: String| Note::sign(text, HOLDER, &hub).unwrap();
        for (old, new) in [("v1", "v2"), ("/42\n", "\n"), ("BQU", "B"), ("\n17", "\n-17"), ("\n17", "\nx\n17")] {
            let bad = signed(note.text.replacen(old, new, 1));
            assert!(Erasure::verify(&bad, HOLDER, &hub.public()).is_err(), "{old:?} -> {new:?} was taken");
        }
    }
}

//! What a header says of its payload: a salted digest, so that the payload can be erased for good.
//!
//! A payload is the canonical N-Triples of a record's projection, one salt line among them
//! ([`SALT_BITS`] random bits under [`SALT`]). The header holds the SHA-256 of the payload as a multihash.
//! The log still verifies when the payload is gone, and nobody can guess a phone number from its digest.

use crate::fault::within;
use crate::key::{from_multibase, multibase};
use crate::{Fault, limits};
use sha2::{Digest, Sha256};

/// The property of a payload's salt. Its triple is left out of every rendering.
pub const SALT: &str = "https://w3id.org/pes/ns#salt";
/// How many random bits a salt has.
pub const SALT_BITS: usize = 128;
/// Multihash: SHA-256, 32 bytes.
const MULTIHASH_PREFIX: [u8; 2] = [0x12, 0x20];

/// Digest and length of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment {
    /// The payload's SHA-256.
    pub digest: [u8; 32],
    /// The payload's length in bytes, from 1 to [`limits::PAYLOAD`].
    pub length: u32,
}

impl Commitment {
    /// Commits to a payload.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], and [`Fault::Malformed`] for an empty payload, which would say nothing.
    pub fn to(payload: &[u8]) -> Result<Self, Fault> {
        within("payload", payload.len(), limits::PAYLOAD)?;
        if payload.is_empty() {
            return Err(Fault::malformed("payload", "it is empty"));
        }
        let length = u32::try_from(payload.len()).expect("the limit of a payload is far below 4 GiB");
        Ok(Self { digest: Sha256::digest(payload).into(), length })
    }

    /// Checks that these are the bytes that were committed to.
    ///
    /// # Errors
    /// [`Fault::WrongPayload`].
    pub fn check(&self, payload: &[u8]) -> Result<(), Fault> {
        if payload.len() != self.length as usize {
            return Err(Fault::WrongPayload { why: "it has another length" });
        }
        if <[u8; 32]>::from(Sha256::digest(payload)) != self.digest {
            return Err(Fault::WrongPayload { why: "it has another digest" });
        }
        Ok(())
    }

    /// The digest as a multihash in base58-btc.
    pub fn digest_text(&self) -> String {
        multibase(&MULTIHASH_PREFIX, &self.digest)
    }
}

/// Reads a SHA-256 multihash in base58-btc.
pub(crate) fn read_digest(text: &str) -> Result<[u8; 32], Fault> {
    from_multibase("digest", text, &MULTIHASH_PREFIX)
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A new salt: [`SALT_BITS`] random bits in hexadecimal.
///
/// # Errors
/// [`Fault::Malformed`] when the system has no randomness to give.
pub fn new_salt() -> Result<String, Fault> {
    let mut bits = [0; SALT_BITS / 8];
    getrandom::fill(&mut bits).map_err(|e| Fault::malformed("randomness of the system", e.to_string()))?;
    Ok(hex(&bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_matches_only_its_own_commitment() {
        let commitment = Commitment::to(b"payload").unwrap();
        commitment.check(b"payload").unwrap();
        assert_eq!(commitment.check(b"payloae"), Err(Fault::WrongPayload { why: "it has another digest" }));
        assert_eq!(commitment.check(b"payload "), Err(Fault::WrongPayload { why: "it has another length" }));
    }

    #[test]
    fn an_empty_or_oversized_payload_is_not_committed_to() {
        assert!(Commitment::to(b"").is_err());
        assert!(Commitment::to(&vec![b'x'; limits::PAYLOAD]).is_ok());
        assert!(Commitment::to(&vec![b'x'; limits::PAYLOAD + 1]).is_err());
    }

    #[test]
    fn a_digest_survives_being_written() {
        let commitment = Commitment::to(b"payload").unwrap();
        assert!(commitment.digest_text().starts_with("zQm"));
        assert_eq!(read_digest(&commitment.digest_text()).unwrap(), commitment.digest);
        assert!(read_digest("zQm").is_err());
    }

    #[test]
    fn a_digest_is_written_in_hexadecimal() {
        assert_eq!(sha256_hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn salts_are_long_and_differ() {
        let (one, two) = (new_salt().unwrap(), new_salt().unwrap());
        assert_eq!(one.len(), 32);
        assert!(one.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
        assert_ne!(one, two);
    }
}

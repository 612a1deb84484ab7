//! What the packages of this crate cost by themselves. `pes bench federation` holds our own work against it, so nothing here
//! calls any code of ours.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// A signature of 64 bytes, which is what a change-set's signature is over.
#[derive(Debug, Clone)]
pub struct Signed {
    key: VerifyingKey,
    message: [u8; 64],
    signature: Signature,
}

impl Signed {
    /// Signs with the key of this seed.
    pub fn of(seed: [u8; 32], message: [u8; 64]) -> Self {
        let key = SigningKey::from_bytes(&seed);
        Self { key: key.verifying_key(), message, signature: key.sign(&message) }
    }

    /// `verify_strict`, once.
    pub fn verifies(&self) -> bool {
        self.key.verify_strict(&self.message, &self.signature).is_ok()
    }
}

/// SHA-256, once.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_yardstick_does_what_the_packages_do() {
        let signed = Signed::of([7; 32], [1; 64]);
        assert!(signed.verifies());
        assert!(!Signed { message: [2; 64], ..signed }.verifies());
        assert_eq!(crate::commitment::hex(&sha256(b"x")), crate::commitment::sha256_hex(b"x"));
    }
}

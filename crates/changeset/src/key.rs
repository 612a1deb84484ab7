//! Ed25519 keys, written as Multikey (W3C Controlled Identifiers 1.0 §2.2.2): `z6Mk…`, `z3u2…`.

use crate::Fault;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

/// A signature, 64 bytes (RFC 8032 §5.1.6).
pub type SignatureBytes = [u8; 64];

/// The multicodec prefix of an Ed25519 public key.
const PUBLIC_PREFIX: [u8; 2] = [0xed, 0x01];
/// The multicodec prefix of an Ed25519 secret key.
const SECRET_PREFIX: [u8; 2] = [0x80, 0x26];

/// How long a public key is as Multikey: `z`, and what 34 bytes that begin with [`PUBLIC_PREFIX`] always take in base58.
const PUBLIC_LENGTH: usize = 48;

/// The key that others check signatures with, and its spelling: every change-set names one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey {
    point: VerifyingKey,
    text: [u8; PUBLIC_LENGTH],
}

/// The key that signs. It is shown to nobody: `Debug` says only whose it is.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl PublicKey {
    /// Checks a signature by the strict rule of `ed25519-dalek`: canonical encodings, no key and no `R` of
    /// small order. Batch verification is never used; the two disagree on hostile input.
    ///
    /// # Errors
    /// [`Fault::WrongSignature`].
    pub fn verify(&self, what: &'static str, message: &[u8], signature: &SignatureBytes) -> Result<(), Fault> {
        self.point
            .verify_strict(message, &Signature::from_bytes(signature))
            .map_err(|_| Fault::WrongSignature { what, key: self.to_string() })
    }

    /// The 32 bytes of RFC 8032 §5.1.5.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.point.as_bytes()
    }

    /// Its Multikey, `z6Mk…`.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text).expect("base58 is ASCII")
    }

    fn of(point: VerifyingKey) -> Self {
        let mut text = [0; PUBLIC_LENGTH];
        text.copy_from_slice(multibase(&PUBLIC_PREFIX, point.as_bytes()).as_bytes());
        Self { point, text }
    }

    /// A key from its 32 bytes.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when they are no point of the curve, another spelling of one, or one of small
    /// order, which would let one signature fit many messages.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, Fault> {
        if !is_canonical(bytes) {
            return Err(Fault::malformed("key", "another spelling of a point"));
        }
        let point = VerifyingKey::from_bytes(bytes).map_err(|_| Fault::malformed("key", "not a point of the curve"))?;
        if point.is_weak() {
            return Err(Fault::malformed("key", "a point of small order"));
        }
        Ok(Self::of(point))
    }
}

/// RFC 8032 §5.1.3: the y-coordinate, in all bits but the topmost, is below 2^255 - 19. The library takes the
/// nineteen larger values too.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    *lowest < 0xed || middle.iter().any(|byte| *byte != 0xff) || highest & 0x7f != 0x7f
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if let Some(last) = LAST_READ.get().filter(|last| last.as_str() == text) {
            return Ok(last);
        }
        let key = Self::from_bytes(&multikey(text, PUBLIC_PREFIX)?)?;
        LAST_READ.set(Some(key));
        Ok(key)
    }
}

thread_local! {
    /// The key that was read last: the change-sets of a batch all name the same, and a point is dear to find from its bytes.
    static LAST_READ: Cell<Option<PublicKey>> = const { Cell::new(None) };
}

impl SecretKey {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the system has no randomness to give.
    pub fn generate() -> Result<Self, Fault> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| Fault::malformed("randomness of the system", e.to_string()))?;
        Ok(Self::from_seed(&seed))
    }

    /// The key that belongs to a seed (RFC 8032 §5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The key that others check with.
    pub fn public(&self) -> PublicKey {
        PublicKey::of(self.0.verifying_key())
    }

    /// Signs (RFC 8032 §5.1.6); the same message gives the same signature.
    pub fn sign(&self, message: &[u8]) -> SignatureBytes {
        self.0.sign(message).to_bytes()
    }

    /// The text of a key file: the secret key as Multikey. Whoever holds it can sign.
    pub fn expose(&self) -> String {
        multibase(&SECRET_PREFIX, self.0.as_bytes())
    }
}

impl FromStr for SecretKey {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Ok(Self::from_seed(&multikey(text, SECRET_PREFIX)?))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public())
    }
}

/// `z`, then prefix and bytes in base58-btc.
pub(crate) fn multibase(prefix: &[u8], bytes: &[u8]) -> String {
    format!("z{}", bs58::encode([prefix, bytes].concat()).into_string())
}

/// No signature, the longest thing we write in base58, takes more characters. It bounds the decoder's work.
const LONGEST: usize = 90;

/// Undoes [`multibase`] for exactly `N` bytes behind the prefix.
pub(crate) fn from_multibase<const N: usize>(what: &'static str, text: &str, prefix: &[u8]) -> Result<[u8; N], Fault> {
    let fault = || Fault::malformed(what, "not of the expected kind in base58-btc");
    let encoded = text.strip_prefix('z').filter(|rest| rest.len() <= LONGEST).ok_or_else(fault)?;
    let bytes = bs58::decode(encoded).into_vec().map_err(|_| fault())?;
    bytes.strip_prefix(prefix).and_then(|rest| rest.try_into().ok()).ok_or_else(fault)
}

fn multikey(text: &str, prefix: [u8; 2]) -> Result<[u8; 32], Fault> {
    from_multibase("key", text, &prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        let bytes: Vec<u8> =
            (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect();
        bytes.try_into().unwrap()
    }

    /// RFC 8032 §7.1: secret key, public key, message, signature.
    const RFC_8032: [[&str; 4]; 3] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ];

    #[test]
    fn rfc_8032_section_7_1() {
        for [secret, public, message, signature] in RFC_8032 {
            let message: Vec<u8> = (0..message.len() / 2).map(|i| hex::<1>(&message[2 * i..2 * i + 2])[0]).collect();
            let key = SecretKey::from_seed(&hex(secret));
            assert_eq!(*key.public().as_bytes(), hex::<32>(public));
            assert_eq!(key.sign(&message), hex::<64>(signature));
            key.public().verify("message", &message, &hex(signature)).unwrap();
        }
    }

    #[test]
    fn another_message_or_signature_is_refused() {
        let key = SecretKey::from_seed(&[7; 32]);
        let mut signature = key.sign(b"message");
        assert!(key.public().verify("message", b"messagf", &signature).is_err());
        signature[0] ^= 1;
        let fault = key.public().verify("message", b"message", &signature).unwrap_err();
        assert_eq!(fault, Fault::WrongSignature { what: "message", key: key.public().to_string() });
    }

    #[test]
    fn every_public_key_is_as_long() {
        for bytes in [[0; 32], [0xff; 32]] {
            assert_eq!(multibase(&PUBLIC_PREFIX, &bytes).len(), PUBLIC_LENGTH);
        }
    }

    #[test]
    fn a_key_is_what_is_written_whichever_was_read_before() {
        let [one, other] = [7, 8].map(|seed| SecretKey::from_seed(&[seed; 32]).public());
        for key in [one, one, other, one, other, other] {
            assert_eq!(key.as_str().parse::<PublicKey>().unwrap(), key);
            assert!(key.as_str()[1..].parse::<PublicKey>().is_err());
        }
    }

    #[test]
    fn keys_survive_being_written() {
        let key = SecretKey::from_seed(&[7; 32]);
        assert!(key.expose().starts_with("z3u2"));
        assert!(key.public().to_string().starts_with("z6Mk"));
        assert_eq!(key.expose().parse::<SecretKey>().unwrap().public(), key.public());
        assert_eq!(key.public().to_string().parse::<PublicKey>().unwrap(), key.public());
        assert_eq!(format!("{key:?}"), format!("SecretKey(of {})", key.public()));
        assert_eq!(format!("{:?}", key.public()), format!("PublicKey({})", key.public()));
    }

    #[test]
    fn generated_keys_differ() {
        let (one, two) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        assert_ne!(one.public(), two.public());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let key = SecretKey::from_seed(&[7; 32]);
        let long = format!("z{}", "1".repeat(10_000));
        for bad in ["", "z", "z6Mk", "6MkhaXg", &key.expose(), &long, &format!("{}1", key.public())] {
            assert!(bad.parse::<PublicKey>().is_err(), "{bad:.20} was taken");
        }
        assert!(key.public().to_string().parse::<SecretKey>().is_err());
    }

    /// A key of small order makes one signature fit many messages.
    #[test]
    fn keys_of_small_order_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(PublicKey::from_bytes(&identity).unwrap_err().to_string().contains("small order"));
    }

    /// 2^255 - 19 + 3, the smallest such value that spells a point of large order.
    #[test]
    fn another_spelling_of_a_key_is_refused() {
        let mut y = [0xff; 32];
        (y[0], y[31]) = (0xed + 3, 0x7f);
        assert!(VerifyingKey::from_bytes(&y).is_ok_and(|key| !key.is_weak()), "the library takes it");
        assert!(PublicKey::from_bytes(&y).unwrap_err().to_string().contains("another spelling"));
        y[31] = 0xff;
        assert!(PublicKey::from_bytes(&y).unwrap_err().to_string().contains("another spelling"));
        assert!(!is_canonical(&{
            let mut p = y;
            p[0] = 0xed;
            p
        }));
        for (at, byte) in [(0, 0xec), (1, 0xfe), (30, 0x7f), (31, 0x7e)] {
            assert!(
                is_canonical(&{
                    let mut other = y;
                    other[at] = byte;
                    other
                }),
                "byte {at}"
            );
        }
    }
}

//! A signed change-set: header, proof options, proof value, in one text that a person can open.
//!
//! The proof is a W3C Data Integrity proof of the cryptosuite `eddsa-rdfc-2022` (VC Data Integrity EdDSA
//! Cryptosuites 1.0 §3.2) over the header. No blank node occurs, since the proof is named by an IRI, so the
//! canonical form of each part is the text itself:
//!
//! ```text
//! header lines, ascending
//!
//! proof option lines, ascending; their subject is {change-set}#proof
//!
//! proofValue
//! ```
//!
//! The leaf of the log tree is exactly this text.

use crate::commitment::sha256_hex;
use crate::fault::within;
use crate::header::Header;
use crate::key::{SignatureBytes, from_multibase, multibase};
use crate::line::{Line, Object, check_ascending};
use crate::{Act, Channel, Fault, PublicKey, SecretKey, limits, terms, timestamp, tree};
use sha2::{Digest, Sha256};
use time::UtcDateTime;

const CRYPTOSUITE: &str = "eddsa-rdfc-2022";

/// A change-set as it was signed. Its text and what was read of it agree; whether the signature holds is
/// known only after [`ChangeSet::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    text: String,
    leaf: tree::Hash,
    header: Header,
    header_length: usize,
    proof_length: usize,
    key: PublicKey,
    signed_at: UtcDateTime,
    signature: SignatureBytes,
}

impl ChangeSet {
    /// Signs a header. Key events are signed by the root key, all else by the log key: the caller's choice,
    /// which [`ChangeSet::verify`] at every reader holds against the declared keys.
    ///
    /// # Errors
    /// [`Fault`] when the header does not fit the protocol.
    pub fn sign(header: &Header, key: &SecretKey) -> Result<Self, Fault> {
        let document = header.write()?;
        let options = write_options(header, &key.public(), header.created);
        let signature = key.sign(&hash_data(&options, &document));
        Self::read(&format!("{document}\n{options}\n{}\n", multibase(&[], &signature)))
    }

    /// Reads the text of a change-set, and checks everything about it but the signature.
    ///
    /// # Errors
    /// [`Fault`] for any text that [`ChangeSet::sign`] would not have made, unknown properties apart.
    pub fn read(text: &str) -> Result<Self, Fault> {
        within("change-set", text.len(), limits::CHANGE_SET)?;
        let mut parts = text.split("\n\n");
        let (Some(document), Some(options), Some(value), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Fault::malformed("change-set", "it is not header, proof options and proof value"));
        };
        let header_length = document.len() + 1;
        let header = Header::read(&text[..header_length])?;
        let proof_length = options.len() + 1;
        let (key, signed_at) = read_options(&header, &text[header_length + 1..][..proof_length])?;
        let value = value.strip_suffix('\n').ok_or_else(|| Fault::malformed("proof value", "its line has no end"))?;
        let signature = from_multibase("proof value", value, &[])?;
        if multibase(&[], &signature) != value {
            return Err(Fault::malformed("proof value", "it has another spelling"));
        }
        let (text, leaf) = (text.to_owned(), tree::leaf_hash(text.as_bytes()));
        Ok(Self { text, leaf, header, header_length, proof_length, key, signed_at, signature })
    }

    /// Checks the signature by a key that the reader knows, never by one fetched for the purpose.
    ///
    /// # Errors
    /// [`Fault::WrongKey`] when another key is named, [`Fault::WrongSignature`] when the signature fails.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Fault> {
        if self.key != *key {
            let (found, expected) = (self.key.to_string(), key.to_string());
            return Err(Fault::WrongKey { what: "the change-set", found, expected });
        }
        key.verify("the change-set", &hash_data(self.options(), self.document()), &self.signature)
    }

    /// Checks that this is the first event of a node's `keys` channel, signed by the root key it declares.
    /// What it declares is to be believed only when the node-id is known from elsewhere.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for any other change-set, and the faults of [`ChangeSet::verify`].
    pub fn verify_genesis(&self) -> Result<&crate::KeySet, Fault> {
        let first = self.header.log.channel == Channel::Keys && self.header.log.epoch == 1 && self.header.seq == 0;
        match &self.header.act {
            Act::Genesis(keys) if first => {
                self.verify(&keys.root)?;
                Ok(keys)
            }
            _ => Err(Fault::malformed("key event", "it is not the first one of its node")),
        }
    }

    /// The whole text: the leaf of the log tree, and what travels.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's canonical N-Quads.
    pub fn document(&self) -> &str {
        &self.text[..self.header_length]
    }

    /// The proof options' canonical N-Quads.
    pub fn options(&self) -> &str {
        &self.text[self.header_length + 1..][..self.proof_length]
    }

    /// The key it says it is signed by.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The proof's `created`.
    pub fn signed_at(&self) -> UtcDateTime {
        self.signed_at
    }

    /// The signature as it stands in the last line.
    pub fn proof_value(&self) -> String {
        multibase(&[], &self.signature)
    }

    /// The hash of the leaf (RFC 6962 §2.1).
    pub fn leaf_hash(&self) -> tree::Hash {
        self.leaf
    }

    /// The SHA-256 of the whole text in hexadecimal. For a first key event this is the node-id.
    pub fn digest_hex(&self) -> String {
        sha256_hex(self.text.as_bytes())
    }
}

/// VC Data Integrity EdDSA Cryptosuites 1.0 §3.2.4: hash of the options, then hash of the document.
fn hash_data(options: &str, document: &str) -> [u8; 64] {
    let mut data = [0; 64];
    data[..32].copy_from_slice(&Sha256::digest(options.as_bytes()));
    data[32..].copy_from_slice(&Sha256::digest(document.as_bytes()));
    data
}

fn write_options(header: &Header, key: &PublicKey, created: UtcDateTime) -> String {
    let subject = format!("{}#proof", header.iri());
    let method = header.log.origin.key_iri(key);
    let lines = [
        (terms::CREATED, Object::typed(timestamp::write(created), terms::DATE_TIME)),
        (terms::TYPE, Object::Iri(terms::DATA_INTEGRITY_PROOF)),
        (terms::CRYPTOSUITE, Object::typed(CRYPTOSUITE, terms::CRYPTOSUITE_STRING)),
        (terms::PROOF_PURPOSE, Object::Iri(terms::ASSERTION_METHOD)),
        (terms::VERIFICATION_METHOD, Object::Iri(&method)),
    ];
    lines.map(|(predicate, object)| Line { subject: &subject, predicate, object }.write()).concat()
}

/// Proof options leave no choice but the key and the time: whatever else stands there is refused.
fn read_options(header: &Header, text: &str) -> Result<(PublicKey, UtcDateTime), Fault> {
    let fault = |why: &str| Fault::malformed("proof options", why);
    let lines: Vec<&str> = text.split_terminator('\n').collect();
    check_ascending("proof options", &lines)?;
    let [created, .., method] = lines.as_slice() else {
        return Err(fault("they are not five lines"));
    };
    let Object::Literal { text: created, .. } = Line::read(created)?.object else {
        return Err(fault("the first line is not the time"));
    };
    let Object::Iri(method) = Line::read(method)?.object else {
        return Err(fault("the last line is not the verification method"));
    };
    let (_, key) = method.split_once("/node#").ok_or_else(|| fault("the verification method is no key of a node"))?;
    let (key, created) = (key.parse()?, timestamp::read(&created)?);
    if write_options(header, &key, created) != text {
        return Err(fault("they are not those of eddsa-rdfc-2022 by a key of the log's own node"));
    }
    Ok((key, created))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::{Commitment, KeySet, LogId, Target};

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn header(channel: Channel, seq: u64, act: Act) -> Header {
        let log = LogId::new("https://pes.example.org".parse().unwrap(), channel, 1);
        let created = timestamp::read("2026-11-23T22:27:06Z").unwrap();
        Header { protocol: PROTOCOL, log, seq, created, save: None, act }
    }

    fn upsert() -> ChangeSet {
        let on = Target {
            record: "https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into(),
            kind: "https://w3id.org/pes/code/kind/exchange".into(),
            version: 2,
        };
        let act = Act::Upsert { on, payload: Commitment::to(b"payload").unwrap(), expires: None };
        ChangeSet::sign(&header(Channel::Public, 3, act), &key(7)).unwrap()
    }

    fn genesis(seq: u64) -> Header {
        let (root, log, transport) = (key(1).public(), key(2).public(), key(3).public());
        let prefixes = vec!["https://pes.example.org/id/".into()];
        let keys = KeySet { root, log, transport, prefixes, next_root: None };
        header(Channel::Keys, seq, Act::Genesis(Box::new(keys)))
    }

    #[test]
    fn a_change_set_is_text_with_three_parts() {
        let signed = upsert();
        let text = format!("{}\n{}\n{}\n", signed.document(), signed.options(), signed.proof_value());
        assert_eq!(signed.text(), text);
        assert_eq!(signed.document().lines().count(), 12);
        assert_eq!(signed.options().lines().count(), 5);
        assert_eq!(ChangeSet::read(&text).unwrap(), signed);
        assert_eq!(signed.leaf_hash(), tree::leaf_hash(text.as_bytes()));
        assert_eq!(signed.digest_hex().len(), 64);
    }

    #[test]
    fn only_the_named_key_verifies() {
        let signed = upsert();
        signed.verify(&key(7).public()).unwrap();
        assert!(matches!(signed.verify(&key(8).public()), Err(Fault::WrongKey { .. })));
        let renamed = signed.text().replace(&key(7).public().to_string(), &key(8).public().to_string());
        let renamed = ChangeSet::read(&renamed).unwrap();
        assert!(matches!(renamed.verify(&key(8).public()), Err(Fault::WrongSignature { .. })));
    }

    /// Promise F5 and F6: nothing about a change-set can be altered.
    #[test]
    fn every_single_flipped_bit_is_found() {
        let signed = upsert();
        let public = key(7).public();
        for at in 0..signed.text().len() {
            for bit in 0..8 {
                let mut bytes = signed.text().as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                let taken = String::from_utf8(bytes).ok().and_then(|text| ChangeSet::read(&text).ok());
                assert!(taken.is_none_or(|altered| altered.verify(&public).is_err()), "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn a_text_cut_or_lengthened_anywhere_is_refused() {
        let text = upsert().text().to_owned();
        for end in 0..text.len() {
            assert!(ChangeSet::read(&text[..end]).is_err(), "cut at {end}");
        }
        for longer in [format!("{text}\n"), format!("\n{text}"), format!("{text}{text}"), text.replace('\n', "\r\n")] {
            assert!(ChangeSet::read(&longer).is_err());
        }
        assert!(matches!(ChangeSet::read(&"x".repeat(limits::CHANGE_SET + 1)), Err(Fault::TooLarge { .. })));
        assert!(matches!(ChangeSet::read(&"x".repeat(limits::CHANGE_SET)), Err(Fault::Malformed { .. })));
    }

    #[test]
    fn proof_options_leave_no_choice() {
        let text = upsert().text().to_owned();
        for (old, new) in [
            ("assertionMethod", "authentication"),
            ("\"eddsa-rdfc-2022\"", "\"eddsa-jcs-2022\""),
            ("#DataIntegrityProof", "#Ed25519Signature2020"),
            ("3#proof>", "4#proof>"),
            ("https://pes.example.org/node#", "https://pes.other.test/node#"),
            ("/node#", "/key#"),
        ] {
            assert!(text.contains(old), "{old}");
            assert!(ChangeSet::read(&text.replace(old, new)).is_err(), "{new} was taken");
        }
        let signed = upsert();
        let fewer: String = signed.options().split_inclusive('\n').take(1).collect();
        assert!(ChangeSet::read(&text.replace(signed.options(), &fewer)).is_err());
        let literal = signed.options().replace("<https://pes.example.org/node#", "\"");
        assert!(ChangeSet::read(&text.replace(signed.options(), &literal)).is_err());
    }

    #[test]
    fn the_proof_may_be_made_later_than_the_header() {
        let signed = upsert();
        let later = signed.options().replace("22:27:06", "22:27:07");
        let read = ChangeSet::read(&signed.text().replace(signed.options(), &later)).unwrap();
        assert_eq!(timestamp::write(read.signed_at()), "2026-11-23T22:27:07Z");
        assert_eq!(timestamp::write(signed.signed_at()), "2026-11-23T22:27:06Z");
        assert!(read.verify(&key(7).public()).is_err());
    }

    #[test]
    fn a_proof_value_has_one_spelling() {
        let signed = upsert();
        for value in ["z", "zz", &signed.proof_value()[1..], &format!("{}1", signed.proof_value())] {
            let text = signed.text().replace(&signed.proof_value(), value);
            assert!(ChangeSet::read(&text).is_err(), "{value} was taken");
        }
    }

    #[test]
    fn the_first_key_event_proves_itself() {
        let signed = ChangeSet::sign(&genesis(0), &key(1)).unwrap();
        assert_eq!(signed.verify_genesis().unwrap().log, key(2).public());
        let by_log_key = ChangeSet::sign(&genesis(0), &key(2)).unwrap();
        assert!(matches!(by_log_key.verify_genesis(), Err(Fault::WrongKey { .. })));
        let second = ChangeSet::sign(&genesis(1), &key(1)).unwrap();
        assert!(second.verify_genesis().unwrap_err().to_string().contains("not the first"));
        let mut next_epoch = genesis(0);
        next_epoch.log.epoch = 2;
        assert!(ChangeSet::sign(&next_epoch, &key(1)).unwrap().verify_genesis().is_err());
        assert!(upsert().verify_genesis().is_err());
    }
}

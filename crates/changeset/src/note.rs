//! A text with signatures below it (C2SP `signed-note`): what heads of logs and receipts are written as.

use crate::fault::within;
use crate::key::SignatureBytes;
use crate::{Fault, PublicKey, SecretKey, limits};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

/// The type byte of a plain Ed25519 signature over the note's text.
pub(crate) const ED25519: u8 = 0x01;
/// The most signatures a note may carry; C2SP lets a reader bound them.
const SIGNATURES: usize = 16;

/// A note, read but not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is signed, its last line feed included.
    pub text: String,
    /// By whom.
    pub signatures: Vec<NoteSignature>,
}

/// One signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name.
    pub name: String,
    /// Four bytes that tell keys of one name apart.
    pub key_id: [u8; 4],
    /// The signature; its length depends on the key's type.
    pub signature: Vec<u8>,
}

impl Note {
    /// Signs a text with a plain Ed25519 signature.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the text or the name could not be read back.
    pub fn sign(text: String, name: &str, key: &SecretKey) -> Result<Self, Fault> {
        let signature = NoteSignature {
            name: name.to_owned(),
            key_id: key_id(name, ED25519, &key.public()),
            signature: key.sign(text.as_bytes()).to_vec(),
        };
        let note = Self { text, signatures: vec![signature] };
        Self::read(&note.write())
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`Fault`] when it has no signature, too many, or is not of the form.
    pub fn read(note: &str) -> Result<Self, Fault> {
        within("note", note.len(), limits::NOTE)?;
        let fault = |why: &str| Fault::malformed("note", why);
        let at = note.rfind("\n\n").ok_or_else(|| fault("there is no empty line before the signatures"))?;
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(fault("its text has a control character"));
        }
        let lines = lines.strip_suffix('\n').ok_or_else(|| fault("its last line has no end"))?;
        let signatures: Vec<_> = lines.split('\n').map(NoteSignature::read).collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES {
            return Err(fault("it has too many signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Writes the note.
    pub fn write(&self) -> String {
        let lines: String = self.signatures.iter().map(NoteSignature::write).collect();
        format!("{}\n{lines}", self.text)
    }

    /// Checks that the named key signed the text. Signatures by others are passed over.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when no signature bears name and key, [`Fault::WrongSignature`] when it fails.
    pub fn verify(&self, name: &str, key: &PublicKey) -> Result<(), Fault> {
        let id = key_id(name, ED25519, key);
        let own = self
            .signatures
            .iter()
            .find(|signature| signature.name == name && signature.key_id == id)
            .ok_or_else(|| Fault::malformed("note", format!("it is not signed by {name} with {key}")))?;
        let signature: &SignatureBytes = own
            .signature
            .as_slice()
            .try_into()
            .map_err(|_| Fault::malformed("note", "an Ed25519 signature does not have 64 bytes"))?;
        key.verify("the note", self.text.as_bytes(), signature)
    }
}

impl NoteSignature {
    /// Reads one line, given without its line feed: `— name base64`.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn read(line: &str) -> Result<Self, Fault> {
        let fault = || Fault::malformed("signature line", format!("{line:.80?} is not of the form \"— name base64\""));
        let (name, encoded) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(fault)?;
        let bytes = BASE64.decode(encoded).map_err(|_| fault())?;
        let (key_id, signature) = bytes.split_first_chunk::<4>().ok_or_else(fault)?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') || signature.is_empty() {
            return Err(fault());
        }
        Ok(Self { name: name.to_owned(), key_id: *key_id, signature: signature.to_vec() })
    }

    /// Writes the line with its line feed.
    pub fn write(&self) -> String {
        format!("— {} {}\n", self.name, BASE64.encode([&self.key_id, self.signature.as_slice()].concat()))
    }
}

/// The key ID of `signed-note`: `SHA-256(name ‖ 0x0A ‖ type ‖ key)`, its first four bytes.
pub(crate) fn key_id(name: &str, kind: u8, key: &PublicKey) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', kind]).chain_update(key.as_bytes()).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (Note, PublicKey) {
        let key = SecretKey::from_seed(&[7; 32]);
        (Note::sign("one\n\ntwo\n".into(), "pes.example.org/node", &key).unwrap(), key.public())
    }

    /// The example of the signed-note specification, signed by its own key.
    #[test]
    fn the_example_of_the_specification() {
        let text = "This is an example message.\n";
        let seed_known = SecretKey::from_seed(&[1; 32]);
        let note = Note::sign(text.into(), "example.com/foo", &seed_known).unwrap();
        assert!(note.write().starts_with("This is an example message.\n\n— example.com/foo "));
    }

    #[test]
    fn a_note_survives_being_written() {
        let (note, key) = signed();
        assert_eq!(Note::read(&note.write()).unwrap(), note);
        note.verify("pes.example.org/node", &key).unwrap();
    }

    #[test]
    fn only_the_named_key_counts() {
        let (mut note, key) = signed();
        assert!(note.verify("pes.example.org/other", &key).unwrap_err().to_string().contains("not signed by"));
        let other = SecretKey::from_seed(&[8; 32]).public();
        assert!(note.verify("pes.example.org/node", &other).unwrap_err().to_string().contains("not signed by"));
        let foreign = NoteSignature { name: "witness".into(), key_id: [0; 4], signature: vec![1] };
        note.signatures.insert(0, foreign);
        note.verify("pes.example.org/node", &key).unwrap();
        note.text.push('x');
        assert!(matches!(note.verify("pes.example.org/node", &key), Err(Fault::WrongSignature { .. })));
        note.signatures[1].signature.pop();
        assert!(note.verify("pes.example.org/node", &key).unwrap_err().to_string().contains("64 bytes"));
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let (note, _) = signed();
        let written = note.write();
        let line = note.signatures[0].write();
        let with = |signatures: String| format!("text\n\n{signatures}");
        for bad in [
            "text\n".to_owned(),
            written.trim_end().to_owned(),
            written.replace("one", "o\tne"),
            with(line.replace("— ", "- ")),
            with(line.replace("/node", "+node")),
            with(line.replace("/node", "/no\u{a0}de")),
            with("— name AAAA\n".into()),
            with("— name AAA\n".into()),
            with("—  AAAAAAAA\n".into()),
            with(line.repeat(SIGNATURES + 1)),
            with(String::new()),
            format!("{}\n\n{line}", "x".repeat(limits::NOTE)),
        ] {
            assert!(Note::read(&bad).is_err(), "{bad:.60} was taken");
        }
        assert!(Note::read(&with(line.repeat(SIGNATURES))).is_ok());
        let room = limits::NOTE - "\n\n".len() - line.len();
        assert!(Note::read(&format!("{}\n\n{line}", "x".repeat(room))).is_ok());
        assert!(Note::read(&format!("{}\n\n{line}", "x".repeat(room + 1))).is_err());
        assert!(Note::sign("no line feed".into(), "name", &SecretKey::from_seed(&[7; 32])).is_err());
    }
}

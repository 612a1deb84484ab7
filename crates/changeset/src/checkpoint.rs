//! The signed head of a log (C2SP `tlog-checkpoint`): how many change-sets, and the root over them.

use crate::log_id::number;
use crate::note::Note;
use crate::tree::Hash;
use crate::{Fault, LogId, PublicKey, SecretKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// The head of one log at one size. A node signs one root for a size, and only once its leaves are durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name ([`LogId::name`]).
    pub log: String,
    /// The number of leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Signs the head of a log under the log's own name.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the log's name cannot stand in a note.
    pub fn sign(&self, key: &SecretKey) -> Result<Note, Fault> {
        Note::sign(self.text(), &self.log, key)
    }

    /// Reads the head of `log` from a note and checks that the log's key signed it.
    ///
    /// # Errors
    /// [`Fault`] when it is another log's, malformed, or not signed by `key`.
    pub fn verify(note: &Note, log: &LogId, key: &PublicKey) -> Result<Self, Fault> {
        let checkpoint = Self::read(&note.text)?;
        if checkpoint.log != log.name() {
            return Err(Fault::malformed("checkpoint", format!("it is of {:.100}, not of {log}", checkpoint.log)));
        }
        note.verify(&checkpoint.log, key)?;
        Ok(checkpoint)
    }

    /// Reads a checkpoint's text. Extension lines of later versions are signed and passed over.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn read(text: &str) -> Result<Self, Fault> {
        let fault = |why: &str| Fault::malformed("checkpoint", why);
        let mut lines = text.split_inclusive('\n').map(|line| line.strip_suffix('\n'));
        let mut next = || lines.next().flatten().filter(|line| !line.is_empty());
        let (Some(log), Some(size), Some(root)) = (next(), next(), next()) else {
            return Err(fault("it does not begin with name, size and root"));
        };
        let (log, size) = (log.to_owned(), number(size)?);
        let root = BASE64
            .decode(root)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| fault("the root is not 32 bytes in base64"))?;
        if lines.any(|line| line.is_none_or(str::is_empty)) {
            return Err(fault("it has an empty line, or a last line without an end"));
        }
        Ok(Self { log, size, root })
    }

    /// What is signed of it.
    pub(crate) fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.log, self.size, BASE64.encode(self.root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Channel;

    fn log() -> LogId {
        LogId::new("https://pes.example.org".parse().unwrap(), Channel::Public, 1)
    }

    fn head() -> Checkpoint {
        Checkpoint { log: log().name(), size: 5, root: [3; 32] }
    }

    #[test]
    fn a_head_survives_its_note() {
        let key = SecretKey::from_seed(&[7; 32]);
        let note = head().sign(&key).unwrap();
        assert_eq!(Checkpoint::verify(&note, &log(), &key.public()).unwrap(), head());
    }

    #[test]
    fn a_head_is_of_one_log_and_by_one_key() {
        let key = SecretKey::from_seed(&[7; 32]);
        let note = head().sign(&key).unwrap();
        let next_epoch = LogId { epoch: 2, ..log() };
        assert!(Checkpoint::verify(&note, &next_epoch, &key.public()).unwrap_err().to_string().contains("not of"));
        assert!(Checkpoint::verify(&note, &log(), &SecretKey::from_seed(&[8; 32]).public()).is_err());
        let other_size = Note { text: note.text.replace("\n5\n", "\n6\n"), ..note };
        assert!(matches!(Checkpoint::verify(&other_size, &log(), &key.public()), Err(Fault::WrongSignature { .. })));
    }

    #[test]
    fn extension_lines_are_passed_over() {
        let text = format!("{}later\n", head().text());
        assert_eq!(Checkpoint::read(&text).unwrap(), head());
    }

    #[test]
    fn what_is_no_head_is_refused() {
        let text = head().text();
        for bad in [
            String::new(),
            "log\n5\n".into(),
            text.trim_end().to_owned(),
            text.replace("\n5\n", "\n05\n"),
            text.replace("\n5\n", "\n-5\n"),
            text.replace("AwM", "AwMDAwM"),
            text.replace("AwM", "A!M"),
            format!("\n{text}"),
            format!("{text}\n"),
            format!("{text}later"),
        ] {
            assert!(Checkpoint::read(&bad).is_err(), "{bad:?} was taken");
        }
    }
}

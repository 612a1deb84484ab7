//! What a node declares in its `keys` channel: keys, and later other ones.
//!
//! The first event of that channel declares them all and is signed by the root key it names; its SHA-256 is the node-id under which
//! others pin the node. Later events exchange them, from a place in each log on ([`crate::key_history`]).

use crate::commitment::read_digest;
use crate::key::multibase;
use crate::{Channel, Fault, LogId, Origin, PublicKey};

/// What the first key event declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// Signs key events, and nothing else. Kept off the machine.
    pub root: PublicKey,
    /// Signs change-sets, checkpoints and what the node says of others' checkpoints.
    pub log: PublicKey,
    /// Signs requests.
    pub transport: PublicKey,
    /// Where the node's records lie, ascending. In protocol 1 each lies under the node's own origin.
    pub prefixes: Vec<String>,
    /// SHA-256 of the Multikey text of the next root key, so that a stolen root key cannot choose it.
    pub next_root: Option<[u8; 32]>,
}

impl KeySet {
    /// Checks what makes a set of keys fit to be declared.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when two uses share a key, or a prefix lies outside the node's origin.
    pub fn check(&self, origin: &Origin) -> Result<(), Fault> {
        if self.root == self.log || self.log == self.transport || self.root == self.transport {
            return Err(Fault::malformed("key event", "root, log and transport key are not three keys"));
        }
        if self.prefixes.is_empty() {
            return Err(Fault::malformed("key event", "no prefix is declared"));
        }
        let foreign = self.prefixes.iter().find(|prefix| !lies_under(prefix, origin));
        match foreign {
            Some(prefix) => {
                Err(Fault::malformed("key event", format!("the prefix {prefix} does not lie under {origin}")))
            }
            None => Ok(()),
        }
    }

    pub(crate) fn next_root_text(&self) -> Option<String> {
        self.next_root.map(|digest| multibase(&[0x12, 0x20], &digest))
    }

    pub(crate) fn read_next_root(text: &str) -> Result<[u8; 32], Fault> {
        read_digest(text)
    }
}

/// A change of keys: all keys there are from now on, and where in the logs of records they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The keys from now on, those that stay the same included.
    pub keys: KeySet,
    /// Of each log that has begun, the first change-set that the log key declared here signs. Of a log that is not named it signs
    /// all. Ascending by their IRIs.
    pub valid_from: Vec<Position>,
    /// Of each log that begins again in a new epoch, the change-set before which all live records stand. When those are in, what
    /// stood in earlier epochs of that channel counts for nothing. Ascending by their IRIs.
    pub complete_from: Vec<Position>,
}

/// A position in a log of records: the change-set that stands there, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    iri: String,
    log: LogId,
    seq: u64,
}

impl Position {
    /// The position of this number.
    pub fn new(log: LogId, seq: u64) -> Self {
        Self { iri: log.change_set_iri(seq), log, seq }
    }

    pub(crate) fn read(iri: &str) -> Result<Self, Fault> {
        let (log, seq) = LogId::of_change_set(iri)?;
        Ok(Self { iri: iri.to_owned(), log, seq })
    }

    /// The change-set's IRI.
    pub fn iri(&self) -> &str {
        &self.iri
    }

    /// The log.
    pub fn log(&self) -> &LogId {
        &self.log
    }

    /// The change-set's number in it.
    pub fn seq(&self) -> u64 {
        self.seq
    }
}

impl KeyChange {
    /// A change with its positions in the order in which they are written.
    pub fn new(keys: KeySet, mut valid_from: Vec<Position>, mut complete_from: Vec<Position>) -> Self {
        valid_from.sort_by(|a, b| a.iri.cmp(&b.iri));
        complete_from.sort_by(|a, b| a.iri.cmp(&b.iri));
        Self { keys, valid_from, complete_from }
    }

    /// Checks what makes a change fit to be declared: by the node of this origin, and beginning logs again or not.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub(crate) fn check(&self, origin: &Origin, begins_again: bool) -> Result<(), Fault> {
        let fault = |why: String| Err(Fault::malformed("key event", why));
        for position in self.valid_from.iter().chain(&self.complete_from) {
            if position.log.origin != *origin || position.log.channel == Channel::Keys {
                return fault(format!("{} is in no log of records of this node", position.iri));
            }
        }
        if let Some(first) = self.complete_from.iter().find(|position| position.log.epoch == 1) {
            return fault(format!("{} is in the first epoch, which begins nothing again", first.iri));
        }
        let channels = |all: &[Position]| all.iter().map(|position| position.log.channel).collect::<Vec<_>>();
        let logs = |all: &[Position]| all.iter().map(|position| position.log.name()).collect::<Vec<_>>();
        if is_said_twice(channels(&self.complete_from)) || is_said_twice(logs(&self.valid_from)) {
            return fault("one log is named twice".into());
        }
        match (begins_again, self.complete_from.is_empty()) {
            (true, true) => fault("a new epoch names which log begins again".into()),
            (false, false) => fault("a rotation begins no log again".into()),
            _ => Ok(()),
        }
    }
}

fn is_said_twice<T: Ord>(mut all: Vec<T>) -> bool {
    all.sort_unstable();
    all.windows(2).any(|pair| pair[0] == pair[1])
}

/// An origin has one spelling, so a prefix under it begins with it, a slash, and a plain path that ends in a slash.
fn lies_under(prefix: &str, origin: &Origin) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_/".contains(&b);
    prefix.strip_prefix(origin.as_str()).is_some_and(|path| {
        path.starts_with('/') && path.ends_with('/') && !path.contains("//") && path.bytes().all(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretKey;

    fn keys(prefix: &str) -> KeySet {
        let key = |seed| SecretKey::from_seed(&[seed; 32]).public();
        KeySet { root: key(1), log: key(2), transport: key(3), prefixes: vec![prefix.to_owned()], next_root: None }
    }

    #[test]
    fn prefixes_lie_under_the_nodes_own_origin() {
        let origin: Origin = "https://pes.example.org".parse().unwrap();
        for good in ["https://pes.example.org/", "https://pes.example.org/id/"] {
            keys(good).check(&origin).unwrap();
        }
        for bad in [
            "https://pes.example.org",
            "https://pes.example.org/id",
            "https://pes.example.org.evil.test/",
            "https://pes.example.org:444/",
            "http://pes.example.org/",
            "https://other.test/",
            "https://pes.example.org//",
            "https://pes.example.org/../",
            "https://pes.example.org/%2e/",
            "https://pes.example.org/?/",
        ] {
            assert!(keys(bad).check(&origin).is_err(), "{bad} was taken");
        }
        let none = KeySet { prefixes: vec![], ..keys("https://pes.example.org/") };
        assert!(none.check(&origin).unwrap_err().to_string().contains("no prefix"));
    }

    #[test]
    fn each_use_has_a_key_of_its_own() {
        let origin: Origin = "https://pes.example.org".parse().unwrap();
        let good = keys("https://pes.example.org/");
        for twice in [
            KeySet { root: good.log, ..good.clone() },
            KeySet { transport: good.log, ..good.clone() },
            KeySet { transport: good.root, ..good.clone() },
        ] {
            assert!(twice.check(&origin).unwrap_err().to_string().contains("three keys"));
        }
    }

    #[test]
    fn the_next_root_survives_being_written() {
        let next = KeySet { next_root: Some([9; 32]), ..keys("https://pes.example.org/") };
        assert_eq!(KeySet::read_next_root(&next.next_root_text().unwrap()).unwrap(), [9; 32]);
        assert_eq!(keys("https://pes.example.org/").next_root_text(), None);
    }
}

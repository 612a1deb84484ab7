//! The keys a node declares in its `keys` channel.
//!
//! The first event of that channel declares them all and is signed by the root key it names; its SHA-256 is
//! the node-id under which others pin the node. Rotation and `NewEpoch` are reserved: a reader of this
//! version keeps such events and does not apply them.

use crate::commitment::read_digest;
use crate::key::multibase;
use crate::{Fault, Origin, PublicKey};

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

//! The log tree's hashes (RFC 6962 §2.1), and the frontier from which a log goes on growing.

use crate::Fault;
use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The hash of a leaf: `SHA-256(0x00 ‖ leaf)`.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree without leaves: the hash of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The right edge of a tree: its size, and the roots of the perfect subtrees it is made of, largest first.
/// All that is needed to append and to know the root; 32 bytes for each one-bit of the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes one leaf more.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("each one-bit of the size has its peak");
            hash = node_hash(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(&smallest) = peaks.next() else {
            return empty_root();
        };
        peaks.fold(smallest, |right, left| node_hash(left, &right))
    }

    /// The peaks one after the other: what a store keeps beside the size.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// Undoes [`Frontier::to_bytes`].
    ///
    /// # Errors
    /// [`Fault::Malformed`] when there are not as many peaks as the size has one-bits.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, Fault> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(Fault::malformed("frontier", format!("{} bytes do not belong to size {size}", bytes.len())));
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Self {
        let mut frontier = Self::default();
        leaves.into_iter().for_each(|leaf| frontier.append(leaf));
        frontier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962 §2.1, word for word, as a second opinion.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
    }

    #[test]
    fn a_frontier_grows_to_the_root_of_the_definition() {
        for count in 0..70 {
            let frontier: Frontier = leaves(count).into_iter().collect();
            assert_eq!(frontier.size(), count);
            assert_eq!(frontier.root(), by_definition(&leaves(count)), "at {count}");
        }
    }

    #[test]
    fn a_frontier_survives_being_kept() {
        for count in [0, 1, 2, 3, 7, 8, 69] {
            let frontier: Frontier = leaves(count).into_iter().collect();
            assert_eq!(Frontier::from_bytes(count, &frontier.to_bytes()).unwrap(), frontier);
        }
        assert!(Frontier::from_bytes(3, &[0; 32]).is_err());
        assert!(Frontier::from_bytes(1, &[0; 33]).is_err());
        assert!(Frontier::from_bytes(0, &[0; 32]).is_err());
    }

    #[test]
    fn the_root_of_nothing_is_the_hash_of_nothing() {
        let hex: String = empty_root().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn leaves_and_nodes_hash_apart() {
        let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
        assert_ne!(node_hash(&a, &b), node_hash(&b, &a));
        assert_ne!(leaf_hash(&[a, b].concat()), node_hash(&a, &b));
    }
}

//! Proofs about a log tree: that a leaf is in it, and that it only ever grew (RFC 9162 §2.1.3, §2.1.4).

use crate::Fault;
use crate::tree::{Hash, node_hash};
use std::ops::Range;

/// Checks that `leaf` is leaf number `index` of the tree of `size` leaves with this `root` (RFC 9162 §2.1.3.2).
///
/// # Errors
/// [`Fault::WrongRoot`].
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), Fault> {
    if index >= size {
        return Err(wrong(format!("leaf {index} lies outside a tree of {size}")));
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for step in proof {
        if last == 0 {
            return Err(wrong("the proof is too long"));
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(step, &hash);
            // Skip the levels at which this node has no sibling: none where it is a right child.
            let levels = at.trailing_zeros();
            (at, last) = (at >> levels, last >> levels);
        } else {
            hash = node_hash(&hash, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong("the proof is too short"));
    }
    if hash != *root {
        return Err(wrong("the leaf leads to another root"));
    }
    Ok(())
}

/// Checks that the tree of `new_size` leaves begins with all leaves of the tree of `old_size`
/// (RFC 9162 §2.1.4.2). About an empty tree nothing can be proven, so none is asked for and none is taken.
///
/// # Errors
/// [`Fault::WrongRoot`].
pub fn verify_consistency(
    (old_size, old_root): (u64, &Hash),
    (new_size, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), Fault> {
    if old_size == 0 || old_size > new_size {
        return Err(wrong(format!("no proof leads from a tree of {old_size} to one of {new_size}")));
    }
    if old_size == new_size {
        return match proof.is_empty() && old_root == new_root {
            true => Ok(()),
            false => Err(wrong("two roots, or a proof, for one size")),
        };
    }
    let (found_old, found_new) = walk_consistency(old_size, new_size, old_root, proof)?;
    if found_old != *old_root || found_new != *new_root {
        return Err(wrong("the proof leads to other roots"));
    }
    Ok(())
}

/// Both roots that a consistency proof leads to.
fn walk_consistency(old_size: u64, new_size: u64, old_root: &Hash, proof: &[Hash]) -> Result<(Hash, Hash), Fault> {
    let (seed, rest) = match proof {
        _ if old_size.is_power_of_two() => (*old_root, proof),
        [first, rest @ ..] => (*first, rest),
        [] => return Err(wrong("the proof is too short")),
    };
    let skipped = (old_size - 1).trailing_ones();
    let (mut at, mut last) = ((old_size - 1) >> skipped, (new_size - 1) >> skipped);
    let (mut old, mut new) = (seed, seed);
    for step in rest {
        if last == 0 {
            return Err(wrong("the proof is too long"));
        }
        if at % 2 == 1 || at == last {
            (old, new) = (node_hash(step, &old), node_hash(step, &new));
            let levels = at.trailing_zeros();
            (at, last) = (at >> levels, last >> levels);
        } else {
            new = node_hash(&new, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong("the proof is too short"));
    }
    Ok((old, new))
}

/// The inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1).
///
/// `subtree` gives the root over a range of leaves; ranges are those of the definition's recursion, so each
/// is perfect but at the right edge.
pub fn inclusion(index: u64, size: u64, subtree: &impl Fn(Range<u64>) -> Hash) -> Vec<Hash> {
    let (mut leaves, mut proof) = (0..size, Vec::new());
    while leaves.end - leaves.start > 1 {
        let middle = split(&leaves);
        let (stay, aside) = if index < middle {
            (leaves.start..middle, middle..leaves.end)
        } else {
            (middle..leaves.end, leaves.start..middle)
        };
        proof.push(subtree(aside));
        leaves = stay;
    }
    proof.reverse();
    proof
}

/// The proof that the tree of `new_size` leaves begins with that of `old_size` (RFC 9162 §2.1.4.1).
/// `subtree` as in [`inclusion`].
pub fn consistency(old_size: u64, new_size: u64, subtree: &impl Fn(Range<u64>) -> Hash) -> Vec<Hash> {
    let (mut leaves, mut proof) = (0..new_size, Vec::new());
    if old_size == 0 {
        return proof;
    }
    while leaves.end != old_size {
        let middle = split(&leaves);
        let (stay, aside) = if old_size <= middle {
            (leaves.start..middle, middle..leaves.end)
        } else {
            (middle..leaves.end, leaves.start..middle)
        };
        proof.push(subtree(aside));
        leaves = stay;
    }
    if leaves.start > 0 {
        proof.push(subtree(leaves));
    }
    proof.reverse();
    proof
}

/// Where a range of at least two leaves falls apart: the largest power of two below its length.
fn split(leaves: &Range<u64>) -> u64 {
    leaves.start + (leaves.end - leaves.start).next_power_of_two() / 2
}

fn wrong(why: impl Into<String>) -> Fault {
    Fault::WrongRoot { why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Frontier, leaf_hash};

    fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    fn root(leaves: Range<u64>) -> Hash {
        leaves.map(leaf).collect::<Frontier>().root()
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proven() {
        for size in 1..40 {
            for index in 0..size {
                let proof = inclusion(index, size, &root);
                verify_inclusion(index, size, &leaf(index), &proof, &root(0..size)).unwrap();
            }
        }
    }

    #[test]
    fn every_growth_of_every_small_tree_is_proven() {
        for new in 1..40 {
            for old in 1..=new {
                let proof = consistency(old, new, &root);
                verify_consistency((old, &root(0..old)), (new, &root(0..new)), &proof).unwrap();
            }
        }
    }

    #[test]
    fn a_proof_fits_no_other_place_and_no_other_length() {
        let (size, whole) = (13, root(0..13));
        for index in 0..size {
            let proof = inclusion(index, size, &root);
            for other in (0..size).filter(|other| *other != index) {
                assert!(verify_inclusion(other, size, &leaf(index), &proof, &whole).is_err());
            }
            let longer = [proof.clone(), vec![leaf(0)]].concat();
            assert!(verify_inclusion(index, size, &leaf(index), &longer, &whole).is_err());
            assert!(verify_inclusion(index, size, &leaf(index), &proof[..proof.len() - 1], &whole).is_err());
            assert!(verify_inclusion(index, size, &leaf(99), &proof, &whole).is_err());
        }
        assert!(verify_inclusion(13, 13, &leaf(0), &[], &whole).unwrap_err().to_string().contains("outside"));
        assert!(verify_inclusion(0, 0, &leaf(0), &[], &whole).is_err());
    }

    #[test]
    fn a_shrunk_or_forked_tree_is_found_out() {
        let roots = |old: u64, new: u64| (root(0..old), root(0..new));
        for (old, new) in [(1, 2), (3, 7), (4, 8), (6, 8), (8, 13), (12, 13)] {
            let (old_root, new_root) = roots(old, new);
            let proof = consistency(old, new, &root);
            assert!(verify_consistency((old, &leaf(99)), (new, &new_root), &proof).is_err());
            assert!(verify_consistency((old, &old_root), (new, &leaf(99)), &proof).is_err());
            assert!(verify_consistency((new, &new_root), (old, &old_root), &proof).is_err());
            assert!(verify_consistency((old, &old_root), (new, &new_root), &proof[..proof.len() - 1]).is_err());
            let longer = [proof, vec![leaf(0)]].concat();
            assert!(verify_consistency((old, &old_root), (new, &new_root), &longer).is_err());
        }
        let (three, four) = roots(3, 4);
        assert!(verify_consistency((3, &three), (3, &four), &[]).is_err());
        assert!(verify_consistency((3, &three), (3, &three), &[four]).is_err());
        assert!(verify_consistency((0, &root(0..0)), (3, &three), &[]).unwrap_err().to_string().contains("no proof"));
        assert!(verify_consistency((0, &root(0..0)), (0, &root(0..0)), &[]).is_err());
        assert!(consistency(0, 3, &root).is_empty());
    }
}

//! Change-sets made by hand, so that they can be wrong, or of a version that is yet to come.

use crate::bed::{Node, START};
use pes_changeset::batch::{Batch, Item};
use pes_changeset::commitment::sha256;
use pes_changeset::header::PROTOCOL;
use pes_changeset::tree::Frontier;
use pes_changeset::{Act, ChangeSet, Channel, Checkpoint, Commitment, Header, LogId, SecretKey, Target};
use pes_store::logs;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// What a node would sign at this place of its public log.
pub fn header(node: &Node, seq: u64, act: Act) -> Header {
    let log = LogId::new(node.origin().clone(), Channel::Public, 1);
    Header { protocol: PROTOCOL, log, seq, created: START, save: None, act }
}

pub fn upsert(record: &str, payload: &str) -> Act {
    let kind = record.rsplit('/').nth(1).unwrap();
    let on = Target { record: record.into(), kind: format!("https://w3id.org/pes/code/kind/{kind}"), version: 1 };
    Act::Upsert { on, payload: Commitment::to(payload.as_bytes()).unwrap(), expires: None }
}

/// The change-set with one more line in its header, signed again.
pub fn with_line(change_set: &ChangeSet, line: &str, key: &SecretKey) -> ChangeSet {
    let added = format!("<{}> {line} .", change_set.header().iri());
    let mut lines: Vec<&str> = change_set.document().lines().chain([added.as_str()]).collect();
    lines.sort_unstable();
    let document = format!("{}\n", lines.join("\n"));
    let message = [sha256(change_set.options().as_bytes()), sha256(document.as_bytes())].concat();
    let proof = base58(&key.sign(&message));
    ChangeSet::read(&format!("{document}\n{}\nz{proof}\n", change_set.options())).unwrap()
}

/// The text with another proof value.
pub fn with_proof(change_set: &ChangeSet, signature: &[u8]) -> String {
    change_set.text().replace(&change_set.proof_value(), &format!("z{}", base58(signature)))
}

pub fn signature(change_set: &ChangeSet) -> Vec<u8> {
    from_base58(&change_set.proof_value()[1..])
}

/// The next place in a node's own public log.
pub fn next_seq(node: &Node) -> u64 {
    log_of(node).size()
}

/// These change-sets, with the head that their author would sign over its log and them.
pub fn batch(author: &Node, items: Vec<Item>) -> Batch {
    let mut frontier = log_of(author);
    items.iter().for_each(|(change_set, _)| frontier.append(change_set.leaf_hash()));
    let log = LogId::new(author.origin().clone(), Channel::Public, 1).name();
    let head = Checkpoint { log, size: frontier.size(), root: frontier.root() };
    Batch { checkpoint: Some(head.sign(&author.identity().log_key).unwrap()), items }
}

fn log_of(node: &Node) -> Frontier {
    let log = node.journal.store().read(|link| logs::find(link, &node.id(), Channel::Public, 1)).unwrap();
    log.map(|log| log.frontier).unwrap_or_default()
}

fn base58(bytes: &[u8]) -> String {
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += *digit << 8;
            (*digit, carry) = (carry % 58, carry / 58);
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).map(|_| '1');
    zeros.chain(digits.iter().rev().map(|digit| char::from(ALPHABET[*digit as usize]))).collect()
}

fn from_base58(text: &str) -> Vec<u8> {
    let mut bytes: Vec<u32> = Vec::new();
    for letter in text.bytes() {
        let mut carry = u32::try_from(ALPHABET.iter().position(|one| *one == letter).unwrap()).unwrap();
        for byte in &mut bytes {
            carry += *byte * 58;
            (*byte, carry) = (carry & 0xff, carry >> 8);
        }
        while carry > 0 {
            bytes.push(carry & 0xff);
            carry >>= 8;
        }
    }
    let zeros = text.bytes().take_while(|letter| *letter == b'1').map(|_| 0);
    zeros.chain(bytes.iter().rev().map(|byte| u8::try_from(*byte).unwrap())).collect()
}

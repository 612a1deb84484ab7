//! What proves, to anybody and offline, that one node signed two histories of one log.
//!
//! It needs nothing but itself: the node's first key event, which names its keys and whose digest is the node-id, and statements
//! that the node signed and that cannot all be true. As text, so that it can be mailed and read: the parts between lines of three
//! hyphens, which begin no line of a change-set and no line of a head. Where keys were exchanged, the key events are among the statements.

use crate::log_id::number;
use crate::note::Note;
use crate::tree::{Frontier, Hash};
use crate::tree_proof::verify_consistency;
use crate::{ChangeSet, Channel, Checkpoint, Fault, KeyHistory, LogId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::HashMap;

/// What the text begins with.
const TITLE: &str = "pes evidence v1\n";
/// What begins the part that tells how a log grew: no log has such a name.
const GROWTH: &str = "pes growth v1\n";
const BETWEEN: &str = "---\n";

/// The first key event of a node, and what it signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The first key event.
    pub genesis: ChangeSet,
    /// What cannot all be true.
    pub statements: Vec<Statement>,
}

/// Something a node signed, or that follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// A change-set in its place.
    ChangeSet(Box<ChangeSet>),
    /// The head of a log.
    Head(Note),
    /// What the head of a log says of its beginning.
    Growth(Growth),
}

/// The root that a log had at a smaller size than that of a head among the statements. Nobody signed it: the hashes show that the log which was
/// signed begins so. However long the log, they are few.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The log, the size, and the root.
    pub of: Checkpoint,
    /// The size of the head.
    pub to: u64,
    /// The proof that leads from one to the other (RFC 9162 §2.1.4).
    pub proof: Vec<Hash>,
}

/// What the statements prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fork {
    /// Two change-sets in one place.
    Place {
        /// The log's name.
        log: String,
        /// The place.
        seq: u64,
    },
    /// Two roots for one size, or a root that is not that of the change-sets.
    Root {
        /// The log's name.
        log: String,
        /// The size.
        size: u64,
    },
}

impl Statement {
    /// Reads a statement: a change-set begins with its own name in angle brackets, a head with its log's.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read(text: &str) -> Result<Self, Fault> {
        if text.starts_with('<') {
            return Ok(Self::ChangeSet(Box::new(ChangeSet::read(text)?)));
        }
        if let Some(growth) = text.strip_prefix(GROWTH) {
            return Ok(Self::Growth(Growth::read(growth)?));
        }
        Ok(Self::Head(Note::read(text)?))
    }

    /// The name of the log it is about, where it can be read.
    pub fn log_name(&self) -> Option<String> {
        match self {
            Self::ChangeSet(change_set) => Some(change_set.header().log.name()),
            Self::Head(note) => Checkpoint::read(&note.text).ok().map(|head| head.log),
            Self::Growth(growth) => Some(growth.of.log.clone()),
        }
    }

    fn key_event(&self) -> Option<&ChangeSet> {
        match self {
            Self::ChangeSet(one) if one.header().log.channel == Channel::Keys => Some(one),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Self::ChangeSet(change_set) => change_set.text().to_owned(),
            Self::Head(note) => note.write(),
            Self::Growth(growth) => format!("{GROWTH}{}", growth.write()),
        }
    }
}

impl Growth {
    /// Reads the lines behind the title: a head's, the size to which it grew, the hashes.
    fn read(text: &str) -> Result<Self, Fault> {
        let fault = || Fault::malformed("growth of a log", "it is not a head, a size, and hashes in base64");
        let of = Checkpoint::read(text)?;
        let mut lines = text.split_terminator('\n').skip(3);
        let to = number(lines.next().ok_or_else(fault)?)?;
        let hash = |line| BASE64.decode(line).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(fault);
        Ok(Self { of, to, proof: lines.map(hash).collect::<Result<_, _>>()? })
    }

    fn write(&self) -> String {
        let proof: String = self.proof.iter().map(|hash| format!("{}\n", BASE64.encode(hash))).collect();
        format!("{}{}\n{proof}", self.of.text(), self.to)
    }

    fn verify(&self, heads: &[Checkpoint]) -> Result<(), Fault> {
        let head = heads.iter().find(|head| head.log == self.of.log && head.size == self.to);
        let head = head.ok_or_else(|| Fault::malformed("evidence", "the head to which a log grew is missing"))?;
        verify_consistency((self.of.size, &self.of.root), (head.size, &head.root), &self.proof)
    }
}

impl Evidence {
    /// Writes it as text.
    pub fn write(&self) -> String {
        let statements: String = self.statements.iter().map(|one| format!("{BETWEEN}{}", one.write())).collect();
        format!("{TITLE}{BETWEEN}{}{statements}", self.genesis.text())
    }

    /// Reads it; nothing is verified yet.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read(text: &str) -> Result<Self, Fault> {
        let fault = |why: &str| Fault::malformed("evidence", why);
        let parts = text.strip_prefix(TITLE).ok_or_else(|| fault("it does not begin with its title"))?;
        let parts = parts.strip_prefix(BETWEEN).ok_or_else(|| fault("it has no parts"))?;
        let mut parts = parts.split("\n---\n").peekable();
        let mut next = || {
            let part = parts.next()?;
            // The line feed that ends a part was taken for its separator, but for the last one.
            Some(if parts.peek().is_some() { format!("{part}\n") } else { part.to_owned() })
        };
        let genesis = ChangeSet::read(&next().ok_or_else(|| fault("it has no key event"))?)?;
        let statements = std::iter::from_fn(next).map(|part| Statement::read(&part)).collect::<Result<_, _>>()?;
        Ok(Self { genesis, statements })
    }

    /// The node it speaks of.
    pub fn node_id(&self) -> String {
        self.genesis.digest_hex()
    }

    /// Checks that the node signed every statement, and that they cannot all be true.
    ///
    /// # Errors
    /// [`Fault`]: by a signature of somebody else, or where nothing contradicts anything.
    pub fn verify(&self) -> Result<Fork, Fault> {
        self.fork()?.ok_or_else(|| Fault::malformed("evidence", "nothing in it contradicts anything else"))
    }

    /// Checks that the node signed every statement, and finds those that cannot all be true, if there are any.
    ///
    /// # Errors
    /// [`Fault`] for a signature of somebody else.
    pub fn fork(&self) -> Result<Option<Fork>, Fault> {
        let (change_sets, heads) = self.signed()?;
        let fork = two_in_one_place(&change_sets).or_else(|| two_roots(&heads));
        Ok(fork.or_else(|| another_root(&change_sets, &heads)))
    }

    /// The statements, each signed by the node with a key that is valid there; among the heads, what follows from them.
    fn signed(&self) -> Result<(Vec<&ChangeSet>, Vec<Checkpoint>), Fault> {
        let history = self.history()?;
        let origin = &self.genesis.header().log.origin;
        let (mut change_sets, mut heads, mut grown) = (Vec::new(), Vec::new(), Vec::new());
        for statement in &self.statements {
            match statement {
                Statement::ChangeSet(change_set) => {
                    let log = &change_set.header().log;
                    if log.origin != *origin {
                        return Err(Fault::malformed("evidence", format!("{} is another node's", log.name())));
                    }
                    if log.channel != Channel::Keys {
                        history.verify(change_set)?;
                    }
                    change_sets.push(change_set.as_ref());
                }
                Statement::Head(note) => {
                    let log = LogId::named(origin, &Checkpoint::read(&note.text)?.log)?;
                    heads.push(history.verify_head(note, &log)?);
                }
                Statement::Growth(growth) => grown.push(growth),
            }
        }
        grown.iter().try_for_each(|growth| growth.verify(&heads))?;
        heads.extend(grown.into_iter().map(|growth| growth.of.clone()));
        Ok((change_sets, heads))
    }

    /// The node's keys, by the key events that are among the statements. Of two in one place, each is signed by who could sign there.
    fn history(&self) -> Result<KeyHistory, Fault> {
        let mut known = vec![KeyHistory::read([&self.genesis])?];
        let mut events: Vec<&ChangeSet> = self.statements.iter().filter_map(Statement::key_event).collect();
        events.sort_by_key(|event| event.header().seq);
        for event in events {
            let Some(before) = usize::try_from(event.header().seq).unwrap_or(usize::MAX).checked_sub(1) else {
                event.verify(&known[0].current().root)?;
                continue;
            };
            let missing = || Fault::malformed("evidence", "a key event is missing");
            let mut after = known.get(before).ok_or_else(missing)?.clone();
            after.take(event)?;
            if known.len() == before + 1 {
                known.push(after);
            }
        }
        known.pop().ok_or_else(|| Fault::malformed("evidence", "it has no key event"))
    }
}

fn two_in_one_place(change_sets: &[&ChangeSet]) -> Option<Fork> {
    let mut first = HashMap::new();
    change_sets.iter().find_map(|one| {
        let (log, seq) = (&one.header().log, one.header().seq);
        let stands = first.entry((log, seq)).or_insert(one);
        (stands.text() != one.text()).then(|| Fork::Place { log: log.name(), seq })
    })
}

fn two_roots(heads: &[Checkpoint]) -> Option<Fork> {
    let (first, rest) = heads.split_first()?;
    let differ = |other: &Checkpoint| other.log == first.log && other.size == first.size && other.root != first.root;
    match rest.iter().any(differ) {
        true => Some(Fork::Root { log: first.log.clone(), size: first.size }),
        false => two_roots(rest),
    }
}

/// A head whose leaves are all there, from the first on, and lead to another root.
fn another_root(change_sets: &[&ChangeSet], heads: &[Checkpoint]) -> Option<Fork> {
    heads.iter().find_map(|head| {
        let mut leaves: Vec<&&ChangeSet> = change_sets
            .iter()
            .filter(|one| one.header().log.name() == head.log && one.header().seq < head.size)
            .collect();
        leaves.sort_by_key(|one| one.header().seq);
        leaves.dedup_by_key(|one| one.header().seq);
        let mut frontier = Frontier::default();
        leaves.iter().for_each(|one| frontier.append(one.leaf_hash()));
        (leaves.len() as u64 == head.size && frontier.root() != head.root)
            .then(|| Fork::Root { log: head.log.clone(), size: head.size })
    })
}

impl std::fmt::Display for Fork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Place { log, seq } => write!(f, "two change-sets were signed in place {seq} of {log}"),
            Self::Root { log, size } => write!(f, "two histories of {log} were signed at size {size}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::key_event::{KeyChange, Position};
    use crate::{Act, Header, KeySet, SecretKey, Target};
    use time::macros::utc_datetime;

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn log(channel: Channel) -> LogId {
        LogId::new("https://pes.example.org".parse().unwrap(), channel, 1)
    }

    fn signed(channel: Channel, seq: u64, act: Act, by: &SecretKey) -> ChangeSet {
        let created = utc_datetime!(2026-11-24 12:00);
        let header = Header { protocol: PROTOCOL, log: log(channel), seq, created, save: None, act };
        ChangeSet::sign(&header, by).unwrap()
    }

    fn genesis() -> ChangeSet {
        let (root, log, transport) = (key(1).public(), key(2).public(), key(3).public());
        let prefixes = vec!["https://pes.example.org/id/".to_owned()];
        let keys = KeySet { root, log, transport, prefixes, next_root: None };
        signed(Channel::Keys, 0, Act::Genesis(Box::new(keys)), &key(1))
    }

    fn withdraw(seq: u64, version: u64, by: &SecretKey) -> Statement {
        let record = "https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".to_owned();
        let kind = format!("{}exchange", crate::terms::KINDS);
        let act = Act::Withdraw { on: Target { record, kind, version } };
        Statement::ChangeSet(Box::new(signed(Channel::Public, seq, act, by)))
    }

    fn head(size: u64, root: [u8; 32], by: &SecretKey) -> Statement {
        Statement::Head(Checkpoint { log: log(Channel::Public).name(), size, root }.sign(by).unwrap())
    }

    fn found(statements: Vec<Statement>) -> Result<Fork, Fault> {
        let evidence = Evidence { genesis: genesis(), statements };
        let again = Evidence::read(&evidence.write()).unwrap();
        assert_eq!(again, evidence, "it survives being written");
        assert_eq!(again.node_id(), genesis().digest_hex());
        again.verify()
    }

    #[test]
    fn a_statement_names_its_log() {
        let name = log(Channel::Public).name();
        assert_eq!(withdraw(0, 1, &key(2)).log_name().as_ref(), Some(&name));
        assert_eq!(head(3, [1; 32], &key(2)).log_name(), Some(name));
    }

    #[test]
    fn two_change_sets_in_one_place_are_a_fork() {
        let fork = found(vec![withdraw(0, 1, &key(2)), withdraw(7, 1, &key(2)), withdraw(7, 2, &key(2))]).unwrap();
        assert_eq!(fork.to_string(), "two change-sets were signed in place 7 of pes.example.org/log/public/1");
    }

    #[test]
    fn two_roots_for_one_size_are_a_fork() {
        let fork =
            found(vec![head(3, [1; 32], &key(2)), head(4, [1; 32], &key(2)), head(3, [2; 32], &key(2))]).unwrap();
        assert_eq!(fork.to_string(), "two histories of pes.example.org/log/public/1 were signed at size 3");
    }

    #[test]
    fn a_root_that_is_not_that_of_the_change_sets_is_a_fork() {
        let leaves = [withdraw(1, 2, &key(2)), withdraw(0, 1, &key(2)), withdraw(2, 3, &key(2))];
        let all = |root| found([leaves.to_vec(), vec![head(2, root, &key(2))]].concat());
        assert_eq!(all([9; 32]).unwrap(), Fork::Root { log: log(Channel::Public).name(), size: 2 });
        let mut frontier = Frontier::default();
        for leaf in [&leaves[1], &leaves[0]] {
            let Statement::ChangeSet(leaf) = leaf else { unreachable!() };
            frontier.append(leaf.leaf_hash());
        }
        assert!(all(frontier.root()).unwrap_err().to_string().contains("contradicts"));
        let with_a_gap = found(vec![leaves[1].clone(), head(2, [9; 32], &key(2))]);
        assert!(with_a_gap.is_err(), "where a leaf is missing nothing is proved");
    }

    fn rotation(seq: u64, seed: u8, by: &SecretKey) -> Statement {
        let (root, transport) = (key(1).public(), key(3).public());
        let prefixes = vec!["https://pes.example.org/id/".to_owned()];
        let keys = KeySet { root, log: key(seed).public(), transport, prefixes, next_root: None };
        let valid_from = vec![Position::new(log(Channel::Public), 5)];
        let act = Act::Rotation(Box::new(KeyChange { keys, valid_from, complete_from: vec![] }));
        Statement::ChangeSet(Box::new(signed(Channel::Keys, seq, act, by)))
    }

    #[test]
    fn where_keys_were_exchanged_the_events_are_among_the_statements() {
        let fork = [withdraw(7, 1, &key(5)), withdraw(7, 2, &key(5))];
        assert!(found(fork.to_vec()).is_err(), "nobody knows this key");
        let with = |event: Statement| found([fork.to_vec(), vec![event]].concat());
        assert_eq!(with(rotation(1, 5, &key(1))).unwrap(), Fork::Place { log: log(Channel::Public).name(), seq: 7 });
        assert!(with(rotation(1, 5, &key(2))).is_err(), "not signed by the root");
        assert!(with(rotation(2, 5, &key(1))).unwrap_err().to_string().contains("missing"));
    }

    #[test]
    fn two_key_events_in_one_place_are_a_fork() {
        let fork = found(vec![rotation(1, 5, &key(1)), rotation(1, 6, &key(1))]).unwrap();
        assert_eq!(fork, Fork::Place { log: log(Channel::Keys).name(), seq: 1 });
        assert!(found(vec![rotation(1, 5, &key(1)), rotation(1, 6, &key(5))]).is_err());
        let Statement::ChangeSet(other) = rotation(0, 5, &key(1)) else { unreachable!() };
        assert!(found(vec![Statement::ChangeSet(other)]).is_err(), "one alone contradicts nothing");
    }

    #[test]
    fn what_agrees_proves_nothing() {
        for statements in [
            vec![],
            vec![withdraw(0, 1, &key(2))],
            vec![withdraw(0, 1, &key(2)), withdraw(0, 1, &key(2))],
            vec![withdraw(0, 1, &key(2)), withdraw(1, 2, &key(2))],
            vec![head(3, [1; 32], &key(2)), head(3, [1; 32], &key(2)), head(4, [2; 32], &key(2))],
        ] {
            assert!(found(statements).unwrap_err().to_string().contains("contradicts"));
        }
    }

    /// However long a log is, a few hashes prove that a head of long ago is not of the history that was signed since.
    #[test]
    fn a_head_that_the_log_did_not_grow_from_is_a_fork() {
        let leaf = |index: u64| crate::tree::leaf_hash(&index.to_be_bytes());
        let root = |range: std::ops::Range<u64>| range.map(leaf).collect::<Frontier>().root();
        let name = log(Channel::Public).name();
        let of = Checkpoint { log: name.clone(), size: 6, root: root(0..6) };
        let growth = Growth { of, to: 9, proof: crate::tree_proof::consistency(6, 9, &root) };
        let with =
            |growth: &Growth, old| found(vec![Statement::Growth(growth.clone()), old, head(9, root(0..9), &key(2))]);
        assert_eq!(with(&growth, head(6, [7; 32], &key(2))).unwrap(), Fork::Root { log: name, size: 6 });
        assert_eq!(Statement::Growth(growth.clone()).log_name(), Some(growth.of.log.clone()));
        let why = |growth: &Growth, old| with(growth, old).unwrap_err().to_string();
        assert!(why(&growth, head(6, root(0..6), &key(2))).contains("contradicts"), "it grew from that one");
        let invented = Growth { of: Checkpoint { root: [7; 32], ..growth.of.clone() }, ..growth.clone() };
        let elsewhere = Growth { to: 8, ..growth };
        for lie in [invented, elsewhere] {
            assert!(!why(&lie, head(6, root(0..6), &key(2))).contains("contradicts"), "nobody is accused with {lie:?}");
        }
    }

    /// Nobody can be accused with what they did not sign.
    #[test]
    fn what_another_key_signed_proves_nothing() {
        assert!(found(vec![withdraw(7, 1, &key(2)), withdraw(7, 2, &key(4))]).is_err());
        assert!(found(vec![head(3, [1; 32], &key(2)), head(3, [2; 32], &key(4))]).is_err());
        let elsewhere = Checkpoint { log: "other.example/log/public/1".into(), size: 3, root: [1; 32] };
        let elsewhere = Statement::Head(elsewhere.sign(&key(2)).unwrap());
        assert!(found(vec![head(3, [2; 32], &key(2)), elsewhere]).is_err());
        let said = |by: &SecretKey| Evidence { genesis: genesis(), statements: vec![withdraw(7, 1, by)] };
        assert!(said(&key(2)).fork() == Ok(None) && said(&key(4)).fork().is_err());
        let Statement::ChangeSet(no_genesis) = withdraw(0, 1, &key(2)) else { unreachable!() };
        assert!(Evidence { genesis: *no_genesis, statements: vec![] }.verify().is_err());
    }

    #[test]
    fn what_is_no_evidence_is_refused() {
        let good = Evidence { genesis: genesis(), statements: vec![head(3, [1; 32], &key(2))] }.write();
        assert!(Evidence::read(&good).is_ok());
        for bad in ["", "pes evidence v1\n", "pes evidence v1\n---\n", &good[16..], &good[..good.len() - 2]] {
            assert!(Evidence::read(bad).is_err(), "{bad}");
        }
        assert!(Evidence::read(&good.replace("v1", "v2")).is_err());
    }
}

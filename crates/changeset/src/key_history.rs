//! Which key of a node signs what: made of its key events, so that verification needs neither a clock nor fetching a key.
//!
//! A log key is valid for a range of numbers in each log: from the position that its event names, up to that which the next event names. A root
//! key that was stolen cannot name another one where the digest of the next was declared before.

use crate::commitment::sha256;
use crate::key_event::{KeyChange, Position};
use crate::{Act, ChangeSet, Channel, Checkpoint, Fault, KeySet, LogId, PublicKey, note::Note};

/// The key events of one node that are known, from the first one on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHistory(Vec<Event>);

/// An event that declares keys.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Event {
    /// Its number in the channel `keys`.
    seq: u64,
    change: KeyChange,
}

impl KeyHistory {
    /// The history that begins with these keys, which were pinned.
    pub fn of(keys: KeySet) -> Self {
        let change = KeyChange { keys, valid_from: Vec::new(), complete_from: Vec::new() };
        Self(vec![Event { seq: 0, change }])
    }

    /// Reads a `keys` channel from its first event on.
    ///
    /// # Errors
    /// [`Fault`] when an event does not prove itself.
    pub fn read<'a>(events: impl IntoIterator<Item = &'a ChangeSet>) -> Result<Self, Fault> {
        let mut events = events.into_iter();
        let first = events.next().ok_or_else(|| Fault::malformed("key event", "there is none"))?;
        let mut history = Self::of(first.verify_genesis()?.clone());
        events.try_for_each(|event| history.take(event))?;
        Ok(history)
    }

    /// Takes the next change-set of the channel `keys`, when it is signed by who may sign it. Operations of a later version have to
    /// be signed all the same, and change nothing.
    ///
    /// # Errors
    /// [`Fault`]; then nothing is taken.
    pub fn take(&mut self, event: &ChangeSet) -> Result<(), Fault> {
        let change = match &event.header().act {
            Act::Rotation(change) | Act::NewEpoch(change) => change,
            Act::Genesis(_) => return Err(Fault::malformed("key event", "a node begins only once")),
            _ => return event.verify(&self.current().root),
        };
        event.verify(self.root_for(&change.keys)?)?;
        for position in &change.complete_from {
            let known = self.newest_epoch(position.log().channel);
            if position.log().epoch != known + 1 {
                let why = format!("{} does not follow epoch {known}", position.iri());
                return Err(Fault::malformed("key event", why));
            }
        }
        self.0.push(Event { seq: event.header().seq, change: change.as_ref().clone() });
        Ok(())
    }

    /// The history as it was before the change-set of this number: what says who may sign there.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for the first event, which nothing precedes.
    pub fn before(&self, seq: u64) -> Result<Self, Fault> {
        let events: Vec<Event> = self.0.iter().filter(|event| event.seq < seq).cloned().collect();
        if events.is_empty() {
            return Err(Fault::malformed("key event", "nothing precedes the first one"));
        }
        Ok(Self(events))
    }

    /// Who signs an event that declares these keys: the root key in force; or, where it gives way to the one whose digest was
    /// declared, that one.
    fn root_for<'a>(&'a self, next: &'a KeySet) -> Result<&'a PublicKey, Fault> {
        let current = self.current();
        match current.next_root {
            _ if next.root == current.root => Ok(&current.root),
            None => Ok(&current.root),
            Some(digest) if digest == sha256(next.root.to_string().as_bytes()) => Ok(&next.root),
            Some(_) => Err(Fault::malformed("key event", "another next root key was declared")),
        }
    }

    /// The keys in force.
    pub fn current(&self) -> &KeySet {
        // There is always the first event.
        &self.0[self.0.len() - 1].change.keys
    }

    /// The log key that signs a change-set of a log of records.
    pub fn signer(&self, log: &LogId, seq: u64) -> &PublicKey {
        let governs = |event: &&Event| match event.change.valid_from.iter().find(|position| position.log() == log) {
            Some(position) => seq >= position.seq(),
            None => true,
        };
        let event = self.0.iter().rev().find(governs).unwrap_or(&self.0[0]);
        &event.change.keys.log
    }

    /// Checks a change-set of a log of records.
    ///
    /// # Errors
    /// [`Fault`] when another key than the one that is valid there has signed it.
    pub fn verify(&self, change_set: &ChangeSet) -> Result<(), Fault> {
        let header = change_set.header();
        change_set.verify(self.signer(&header.log, header.seq))
    }

    /// Reads the head of a log and checks it. A head is signed by the key of its last change-set, or of the next one; that of the channel
    /// `keys` by the log key its last event declares.
    ///
    /// # Errors
    /// [`Fault`] as [`Checkpoint::verify`].
    pub fn verify_head(&self, note: &Note, log: &LogId) -> Result<Checkpoint, Fault> {
        let size = Checkpoint::read(&note.text)?.size;
        if log.channel == Channel::Keys {
            let event = self.0.iter().rev().find(|event| event.seq < size).unwrap_or(&self.0[0]);
            return Checkpoint::verify(note, log, &event.change.keys.log);
        }
        let (last, next) = (self.signer(log, size.saturating_sub(1)), self.signer(log, size));
        let verified = Checkpoint::verify(note, log, next);
        if verified.is_err() && last != next { Checkpoint::verify(note, log, last) } else { verified }
    }

    /// Where the newest epochs of a channel begin to count, ascending: nothing for a channel that never began again.
    pub fn openings(&self, channel: Channel) -> impl Iterator<Item = &Position> {
        let all = self.0.iter().flat_map(|event| &event.change.complete_from);
        all.filter(move |position| position.log().channel == channel)
    }

    /// The newest epoch of a channel that may be written.
    pub fn newest_epoch(&self, channel: Channel) -> u64 {
        self.openings(channel).last().map_or(1, |position| position.log().epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::{Header, Origin, SecretKey, Target, timestamp};

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn origin() -> Origin {
        "https://pes.example.org".parse().unwrap()
    }

    fn log(channel: Channel, epoch: u64) -> LogId {
        LogId::new(origin(), channel, epoch)
    }

    /// Root, log, transport, and the next root, by their seeds.
    fn keys((root, log, next): (u8, u8, Option<u8>)) -> KeySet {
        let digest = |seed: u8| sha256(key(seed).public().to_string().as_bytes());
        KeySet {
            root: key(root).public(),
            log: key(log).public(),
            transport: key(log + 100).public(),
            prefixes: vec!["https://pes.example.org/id/".into()],
            next_root: next.map(digest),
        }
    }

    fn signed(log: LogId, seq: u64, act: Act, by: u8) -> ChangeSet {
        let created = timestamp::read("2026-11-23T22:27:06Z").unwrap();
        ChangeSet::sign(&Header { protocol: PROTOCOL, log, seq, created, save: None, act }, &key(by)).unwrap()
    }

    fn genesis(next: Option<u8>) -> ChangeSet {
        signed(log(Channel::Keys, 1), 0, Act::Genesis(Box::new(keys((1, 2, next)))), 1)
    }

    fn rotation(seq: u64, declared: (u8, u8, Option<u8>), from: &[(Channel, u64, u64)], by: u8) -> ChangeSet {
        let valid_from = from.iter().map(|(channel, epoch, seq)| Position::new(log(*channel, *epoch), *seq)).collect();
        let change = KeyChange::new(keys(declared), valid_from, Vec::new());
        signed(log(Channel::Keys, 1), seq, Act::Rotation(Box::new(change)), by)
    }

    fn new_epoch(seq: u64, epoch: u64) -> ChangeSet {
        let complete_from = vec![Position::new(log(Channel::Public, epoch), 3)];
        let valid_from = vec![Position::new(log(Channel::Public, 1), 5)];
        let change = KeyChange::new(keys((1, 4, None)), valid_from, complete_from);
        signed(log(Channel::Keys, 1), seq, Act::NewEpoch(Box::new(change)), 1)
    }

    fn withdraw(at: (Channel, u64, u64), by: u8) -> ChangeSet {
        let record = "https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".to_owned();
        let kind = format!("{}exchange", crate::terms::KINDS);
        signed(log(at.0, at.1), at.2, Act::Withdraw { on: Target { record, kind, version: 1 } }, by)
    }

    fn head(channel: Channel, size: u64, by: u8) -> Note {
        Checkpoint { log: log(channel, 1).name(), size, root: [7; 32] }.sign(&key(by)).unwrap()
    }

    fn read(events: &[ChangeSet]) -> Result<KeyHistory, Fault> {
        KeyHistory::read(events)
    }

    #[test]
    fn a_log_key_is_valid_for_a_range_of_numbers() {
        let from = [(Channel::Public, 1, 5)];
        let history = read(&[genesis(None), rotation(1, (1, 4, None), &from, 1)]).unwrap();
        assert_eq!(history.current(), &keys((1, 4, None)));
        for (at, by) in [((Channel::Public, 1, 4), 2), ((Channel::Public, 1, 5), 4), ((Channel::Affiliates, 1, 0), 4)] {
            history.verify(&withdraw(at, by)).unwrap();
            assert!(history.verify(&withdraw(at, 6 - by)).is_err(), "{at:?} by the other key");
        }
    }

    #[test]
    fn a_head_is_signed_by_the_key_of_its_last_change_set_or_of_the_next() {
        let history = read(&[genesis(None), rotation(1, (1, 4, None), &[(Channel::Public, 1, 5)], 1)]).unwrap();
        let may = |channel, size, by| history.verify_head(&head(channel, size, by), &log(channel, 1)).is_ok();
        for (size, old, new) in [(4, true, false), (5, true, true), (6, false, true)] {
            assert_eq!((may(Channel::Public, size, 2), may(Channel::Public, size, 4)), (old, new), "{size}");
        }
        for (size, old, new) in [(1, true, false), (2, false, true)] {
            assert_eq!((may(Channel::Keys, size, 2), may(Channel::Keys, size, 4)), (old, new), "keys, {size}");
        }
        let elsewhere = history.verify_head(&head(Channel::Public, 4, 2), &log(Channel::Public, 2));
        assert!(elsewhere.is_err());
    }

    #[test]
    fn ranges_lie_within_each_other() {
        let second = rotation(2, (1, 6, None), &[(Channel::Public, 1, 9), (Channel::Affiliates, 1, 1)], 1);
        let history = read(&[genesis(None), rotation(1, (1, 4, None), &[(Channel::Public, 1, 5)], 1), second]).unwrap();
        let by = |channel, seq| *history.signer(&log(channel, 1), seq);
        assert_eq!(by(Channel::Public, 4), key(2).public());
        assert_eq!(by(Channel::Public, 8), key(4).public());
        assert_eq!(by(Channel::Public, 9), key(6).public());
        assert_eq!(by(Channel::Affiliates, 0), key(4).public());
    }

    #[test]
    fn key_events_are_signed_by_the_root_key() {
        assert!(read(&[genesis(None), rotation(1, (1, 4, None), &[], 2)]).is_err(), "the log key may not");
        assert!(read(&[genesis(None), genesis(None)]).unwrap_err().to_string().contains("only once"));
        assert!(read(&[]).is_err());
        let later = |by| signed(log(Channel::Keys, 1), 1, Act::Unknown { operation: "a:later".into() }, by);
        assert_eq!(read(&[genesis(None), later(1)]).unwrap(), read(&[genesis(None)]).unwrap());
        assert!(read(&[genesis(None), later(2)]).is_err());
    }

    /// Who stole the root key cannot put another in its place where the next one was declared.
    #[test]
    fn another_root_is_the_one_that_was_declared() {
        let to_nine = |by| rotation(1, (9, 4, None), &[], by);
        assert!(read(&[genesis(Some(9)), to_nine(9)]).is_ok());
        assert!(read(&[genesis(Some(9)), to_nine(1)]).is_err(), "signed by the old root");
        let why = read(&[genesis(Some(8)), to_nine(9)]).unwrap_err().to_string();
        assert!(why.contains("another next root key was declared"), "{why}");
        assert!(read(&[genesis(None), to_nine(1)]).is_ok(), "where none was declared the old root vouches");
        assert!(read(&[genesis(None), to_nine(9)]).is_err());
        let again = rotation(2, (9, 5, None), &[], 9);
        assert!(read(&[genesis(Some(9)), to_nine(9), again.clone()]).is_ok());
        assert!(read(&[genesis(Some(9)), rotation(1, (1, 4, Some(9)), &[], 1), again]).is_ok());
    }

    #[test]
    fn epochs_follow_one_another() {
        let history = read(&[genesis(None), new_epoch(1, 2), new_epoch(2, 3)]).unwrap();
        assert_eq!(history.newest_epoch(Channel::Public), 3);
        assert_eq!(history.newest_epoch(Channel::Affiliates), 1);
        let openings: Vec<u64> = history.openings(Channel::Public).map(|position| position.log().epoch).collect();
        assert_eq!(openings, [2, 3]);
        for bad in [3, 1_000] {
            let why = read(&[genesis(None), new_epoch(1, bad)]).unwrap_err().to_string();
            assert!(why.contains("does not follow epoch 1"), "{why}");
        }
    }

    #[test]
    fn who_could_sign_somewhere_is_known_afterwards() {
        let history =
            read(&[genesis(None), rotation(1, (1, 4, None), &[], 1), rotation(2, (1, 6, None), &[], 1)]).unwrap();
        assert_eq!(history.before(2).unwrap(), read(&[genesis(None), rotation(1, (1, 4, None), &[], 1)]).unwrap());
        assert_eq!(history.before(9).unwrap(), history);
        assert!(history.before(0).is_err());
        assert!(history.before(1).unwrap().take(&rotation(1, (1, 8, None), &[], 1)).is_ok());
        assert!(history.before(1).unwrap().take(&rotation(1, (1, 8, None), &[], 4)).is_err());
    }

    #[test]
    fn what_was_pinned_is_a_beginning() {
        let pinned = KeyHistory::of(keys((1, 2, None)));
        assert_eq!(pinned, read(&[genesis(None)]).unwrap());
        pinned.verify(&withdraw((Channel::Public, 1, 7), 2)).unwrap();
    }
}

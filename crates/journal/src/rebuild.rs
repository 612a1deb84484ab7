//! Makes the tables again from the logs, and checks that logs, payloads and heads are what their authors signed.
//!
//! Both leave alone what is ours alone: drafts, narrow fields, accounts. That comes back from a backup only.

use crate::enter::{Given, World};
use crate::epochs::{self, Standing};
use crate::{Journal, JournalError, choices, enter};
use pes_changeset::commitment::sha256_hex;
use pes_changeset::state_digest::{StateDigest, StateLine};
use pes_changeset::tree::Frontier;
use pes_changeset::{ChangeSet, Channel, Checkpoint, KeyHistory, LogId};
use pes_store::entries::Entry;
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::states::State;
use pes_store::{Link, StoreError, entries, lists, logs, nodes, own_records, payloads, states, unindexed};

/// How many rows are looked at at once.
const PORTION: u64 = 1_000;

/// What was found to be in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Logs whose root is the one their author signed.
    pub logs: u64,
    /// Change-sets whose proof holds.
    pub change_sets: u64,
    /// Live payloads that are what was committed to.
    pub payloads: u64,
    /// Live versions whose payload is not held: nothing of them is shown.
    pub missing: u64,
}

/// Has the search index look at every record again: what is made of the logs may be made otherwise than before.
fn look_again(link: &mut Link) -> Result<(), StoreError> {
    let mut last = String::new();
    loop {
        let names = lists::names_after(link, &last, PORTION)?;
        let Some(name) = names.last() else { return Ok(()) };
        last.clone_from(name);
        names.iter().try_for_each(|name| unindexed::note(link, name))?;
    }
}

impl Journal {
    /// Clears what is made of the logs and makes it again. The digest before and after is the same.
    ///
    /// # Errors
    /// [`JournalError`]; then nothing has changed.
    pub fn rebuild(&self) -> Result<u64, JournalError> {
        self.store.write(|link| {
            states::clear(link)?;
            let takes = choices::takes(link)?;
            let (mut count, world) = (0, self.world(&takes, None));
            for log in counting(link)? {
                count += each_entry(link, &log, |link, entry| replay(link, &log, entry, world))?;
            }
            count += replay_early(link, world)?;
            look_again(link)?;
            Ok(count)
        })
    }

    /// The digest of all states in these channels, in hexadecimal: two nodes that hold the same logs have the same.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn digest(&self, channels: &[Channel]) -> Result<String, JournalError> {
        self.store.read(|link| {
            let mut digest = StateDigest::default();
            let (mut record, mut channel) = (String::new(), String::new());
            loop {
                let portion = states::after(link, &record, &channel, PORTION)?;
                let Some(last) = portion.last() else { break };
                (record, channel) = (last.record.clone(), last.channel.to_string());
                portion
                    .iter()
                    .filter(|state| channels.contains(&state.channel))
                    .for_each(|state| digest.add(line(state)));
            }
            Ok(digest.finish())
        })
    }

    /// The digest of this node's own records, whole, with how far each has come; what readers see of them is made of that. Unlike
    /// [`Journal::digest`] it knows neither of what was deleted nor how often anything was saved: it is the same again when all is as it was.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn digest_of_own(&self) -> Result<String, JournalError> {
        self.store.read(|link| {
            let (mut digest, mut last) = (sha256_hex(&[]), String::new());
            loop {
                let portion = own_records::after(link, &last, PORTION)?;
                let Some(end) = portion.last() else { return Ok(digest) };
                last = end.record.iri.to_string();
                for own in &portion {
                    let record = serde_json::to_string(&own.record).expect("a record has only texts and numbers");
                    digest = sha256_hex(format!("{digest} {} {record}", own.moderation.as_str()).as_bytes());
                }
            }
        })
    }

    /// Checks everything that is held: each proof, each place, each live payload, each head.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] with the first fault found.
    pub fn verify(&self) -> Result<Verified, JournalError> {
        let verified = self.store.read(|link| {
            let nodes = nodes::all(link)?;
            let mut verified = Verified::default();
            let mut logs = logs::all(link)?;
            // Keys before what they sign.
            logs.sort_by_key(|log| log.channel);
            for log in &logs {
                let Some(node) = nodes.iter().find(|node| node.id == log.node) else { continue };
                if log.channel == Channel::Keys {
                    verify_log(link, (node, &KeyHistory::of(node.keys())), log, &mut verified)?;
                } else {
                    let keys = epochs::history(link, node)?;
                    verify_log(link, (node, &keys), log, &mut verified)?;
                }
            }
            Ok::<_, JournalError>(verified)
        })?;
        Ok(Verified { missing: self.gaps(u64::from(u32::MAX))?.len() as u64, ..verified })
    }
}

/// What came ahead of its turn: it was of epochs that count.
fn replay_early(link: &mut Link, world: World<'_>) -> Result<u64, JournalError> {
    let (mut count, mut arrival) = (0, 0);
    loop {
        let portion = entries::early_after(link, arrival, PORTION)?;
        let Some(last) = portion.last() else { return Ok(count) };
        arrival = last.arrival;
        for entry in &portion {
            let log = logs::get(link, entry.log)?;
            replay(link, &log, entry, world)?;
        }
        count += portion.len() as u64;
    }
}

fn replay(link: &mut Link, log: &Log, entry: &Entry, world: World<'_>) -> Result<(), JournalError> {
    let payload = payloads::find(link, log.id, entry.seq)?;
    enter::apply(link, log, &ChangeSet::read(&entry.text)?, payload.as_deref().map(Given::from), world).map(drop)
}

pub(crate) fn line(state: &State) -> StateLine<'_> {
    StateLine {
        record: &state.record,
        channel: state.channel,
        place: (state.epoch, state.seq),
        operation: &state.operation,
        commitment: &state.commitment,
    }
}

/// The logs whose epoch counts.
fn counting(link: &mut Link) -> Result<Vec<Log>, JournalError> {
    let mut counting = Vec::new();
    for node in nodes::all(link)? {
        let keys = epochs::history(link, &node)?;
        for log in logs::of_node(link, &node.id)? {
            let id = LogId::new(node.origin.clone(), log.channel, log.epoch);
            if epochs::standing(link, (&node.id, &keys), &id)? == Standing::Current {
                counting.push(log);
            }
        }
    }
    Ok(counting)
}

fn verify_log(
    link: &mut Link,
    (node, keys): (&Node, &KeyHistory),
    log: &Log,
    verified: &mut Verified,
) -> Result<(), JournalError> {
    let damaged =
        |seq: u64, why: String| JournalError::Damaged { node: node.origin.to_string(), channel: log.channel, seq, why };
    let id = LogId::new(node.origin.clone(), log.channel, log.epoch);
    let mut keys = keys.clone();
    let is_past = epochs::standing(link, (&node.id, &keys), &id)? == Standing::Past;
    let mut frontier = Frontier::default();
    verified.change_sets += each_entry(link, log, |link, entry| {
        let change_set = ChangeSet::read(&entry.text).map_err(|e| damaged(entry.seq, e.to_string()))?;
        match log.channel {
            Channel::Keys if entry.seq == 0 => KeyHistory::read([&change_set]).map(|first| keys = first),
            Channel::Keys => keys.take(&change_set),
            // What came of an epoch before it was known that its key had been stolen is still held, and counts for nothing.
            _ if is_past => change_set.verify(change_set.key()),
            _ => keys.verify(&change_set),
        }
        .map_err(|e| damaged(entry.seq, e.to_string()))?;
        let header = change_set.header();
        if header.log != id || header.seq != entry.seq || frontier.size() != entry.seq {
            return Err(damaged(entry.seq, format!("{} stands in its place", header.iri())));
        }
        frontier.append(change_set.leaf_hash());
        let Some(payload) = payloads::find(link, log.id, entry.seq)? else { return Ok(()) };
        let commitment =
            header.act.payload().ok_or_else(|| damaged(entry.seq, "nothing commits to its payload".into()))?;
        commitment.check(payload.as_bytes()).map_err(|e| damaged(entry.seq, e.to_string()))?;
        verified.payloads += 1;
        Ok(())
    })?;
    if frontier != log.frontier {
        return Err(damaged(log.size(), "size or frontier are not those of its change-sets".into()));
    }
    if let Some(note) = &log.checkpoint {
        let head = if is_past { Checkpoint::read(&note.text) } else { keys.verify_head(note, &id) };
        let head = head.map_err(|e| damaged(log.size(), e.to_string()))?;
        if head.size == frontier.size() && head.root != frontier.root() {
            return Err(damaged(head.size, "the signed root is another".into()));
        }
    }
    verified.logs += 1;
    Ok(())
}

/// Goes through a log in its order, portion by portion, and counts.
fn each_entry(
    link: &mut Link,
    log: &Log,
    mut work: impl FnMut(&mut Link, &Entry) -> Result<(), JournalError>,
) -> Result<u64, JournalError> {
    let mut count = 0;
    loop {
        let portion = entries::of_log(link, log.id, count, PORTION)?;
        if portion.is_empty() {
            return Ok(count);
        }
        for entry in &portion {
            work(link, entry)?;
        }
        count += portion.len() as u64;
    }
}

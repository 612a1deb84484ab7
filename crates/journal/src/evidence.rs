//! A node that signs two histories: the proof is kept, nothing more of it is taken, and everybody else goes on.
//!
//! Only its own key can bring a node here, so nobody can be accused by another. Who runs it has to say what happened; until
//! then what was held of it before stays as it was.

use crate::{Journal, JournalError, Refusal, epochs};
use pes_changeset::evidence::{Evidence, Growth, Statement};
use pes_changeset::note::Note;
use pes_changeset::tree::Frontier;
use pes_changeset::tree_proof::consistency;
use pes_changeset::{ChangeSet, Channel, Checkpoint, KeyChange, LogId};
use pes_store::evidence::{self, Found};
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::{Link, entries, logs, nodes};
use time::UtcDateTime;

/// A proof by a head and all change-sets below it has at most so many. Where there are more, and no later head is held that says it in few hashes,
/// the node is in quarantine all the same, and what is kept names the head alone.
const PORTABLE: u64 = 4_096;

/// What was signed: change-sets, and a head.
pub(crate) type Signed<'a> = (&'a [&'a ChangeSet], Option<&'a Note>);

impl Journal {
    /// Keeps the proof that a node signed two histories of a log: what is held here, and what was signed besides.
    pub(crate) fn accuse(
        &self,
        node: &Node,
        id: &LogId,
        signed: Signed<'_>,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        // A proof is long to read and to verify: nobody who writes waits for it, and of a node that is in quarantine there is one.
        let proof = self.store.read(|link| match is_quarantined(link, &node.id)? || is_explained(link, node, id)? {
            true => Ok(None),
            false => proof(link, (node, id), signed),
        })?;
        let Some(proof) = proof else { return Ok(()) };
        let fork = match proof.fork() {
            Ok(fork) => fork,
            Err(why) => {
                // Such as what an old key signed before it gave way: it is refused, and proves nothing against the node.
                tracing::warn!(log = %id, %why, "two histories, of which this node cannot be shown to have signed both");
                return Ok(());
            }
        };
        let why = fork.map_or_else(|| format!("another head of {id} was signed"), |fork| fork.to_string());
        let found = Found { node: node.id.clone(), text: proof.write(), found: now.unix_timestamp(), lifted: None };
        // Looked at again in here: an event that came in between has nothing to lift yet, and would not come again.
        let is_first = self
            .store
            .write(|link| Ok::<_, JournalError>(!is_explained(link, node, id)? && evidence::insert(link, &found)?))?;
        if is_first {
            tracing::error!(node = %node.origin, why, "a node signed two histories; nothing more of it is taken");
            self.count_refusal(&node.id, "fork", &why, now.unix_timestamp())?;
        }
        Ok(())
    }

    /// The nodes that are or were in quarantine, with the proofs.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn accused(&self) -> Result<Vec<Found>, JournalError> {
        Ok(self.store.read(evidence::all)?)
    }

    /// The nodes that are in quarantine, with the proofs.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn quarantined(&self) -> Result<Vec<Found>, JournalError> {
        Ok(self.accused()?.into_iter().filter(|found| found.lifted.is_none()).collect())
    }

    /// Whether nothing more of a node is taken.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_quarantined(&self, node: &str) -> Result<bool, JournalError> {
        self.store.read(|link| is_quarantined(link, node))
    }

    /// Takes a node out of quarantine, when those who run it have explained themselves. Tells whether it was in.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn pardon(&self, node: &str, now: UtcDateTime) -> Result<bool, JournalError> {
        Ok(self.store.write(|link| evidence::lift(link, node, now.unix_timestamp()))?)
    }
}

/// As [`Journal::is_quarantined`].
pub(crate) fn is_quarantined(link: &mut Link, node: &str) -> Result<bool, JournalError> {
    Ok(evidence::find(link, node)?.is_some_and(|found| found.lifted.is_none()))
}

/// Takes a node out of quarantine whose root key began the forked log again: who holds only a stolen log key cannot. A fork among key
/// events stays one.
pub(crate) fn outgrow(link: &mut Link, node: &str, change: &KeyChange, now: i64) -> Result<(), JournalError> {
    let Some(found) = evidence::find(link, node)?.filter(|found| found.lifted.is_none()) else { return Ok(()) };
    let proof = Evidence::read(&found.text)?;
    let logs = proof.statements.iter().filter_map(Statement::log_name);
    let is_over = |log: &str| {
        let origin = &proof.genesis.header().log.origin;
        let log = LogId::named(origin, log).ok();
        log.is_some_and(|log| {
            change.complete_from.iter().any(|new| new.log().channel == log.channel && new.log().epoch > log.epoch)
        })
    };
    // Key events among the statements say who signed, and are no part of the fork, unless it is theirs alone.
    let of_records: Vec<String> = logs.filter(|log| !log.contains("/log/keys/")).collect();
    if !of_records.is_empty() && of_records.iter().all(|log| is_over(log)) {
        evidence::lift(link, node, now)?;
    }
    Ok(())
}

/// Whoever opened a new epoch has explained what happened in the old one, also before the new one is complete.
fn is_explained(link: &mut Link, node: &Node, id: &LogId) -> Result<bool, JournalError> {
    Ok(epochs::history(link, node)?.newest_epoch(id.channel) > id.epoch)
}

/// What proves that a node signed two histories of a log; `None` where its first key event is not held.
fn proof(link: &mut Link, (node, id): (&Node, &LogId), signed: Signed<'_>) -> Result<Option<Evidence>, JournalError> {
    let mut events = epochs::key_events(link, &node.id)?.into_iter();
    let Some(genesis) = events.next() else { return Ok(None) };
    let mut statements = match logs::find(link, &node.id, id.channel, id.epoch)? {
        Some(log) => statements(link, &log, signed)?,
        None => all_of(Vec::new(), signed),
    };
    if id.channel != Channel::Keys {
        // The events by which it exchanged its keys: without them nobody could tell that it signed with the later ones.
        statements.extend(events.map(|event| Statement::ChangeSet(Box::new(event))));
    }
    Ok(Some(Evidence { genesis, statements }))
}

/// The statements that contradict each other: two change-sets in one place, two heads of one size, a head and what a later one says of that size, or
/// a head and all below it.
fn statements(link: &mut Link, log: &Log, signed: Signed<'_>) -> Result<Vec<Statement>, JournalError> {
    let (change_sets, head) = signed;
    for change_set in change_sets {
        let seq = change_set.header().seq;
        let held = match entries::of_log(link, log.id, seq, 1)?.into_iter().find(|entry| entry.seq == seq) {
            Some(entry) => Some(entry),
            None => entries::find_early(link, log.id, seq)?,
        };
        let held = held.map(|entry| ChangeSet::read(&entry.text)).transpose()?;
        if let Some(held) = held.filter(|held| held.text() != change_set.text()) {
            return Ok(vec![
                Statement::ChangeSet(Box::new(held)),
                Statement::ChangeSet(Box::new((*change_set).clone())),
            ]);
        }
    }
    let Some(head) = head else { return Ok(Vec::new()) };
    let size = Checkpoint::read(&head.text)?.size;
    if let Some(known) = &log.checkpoint {
        let to = Checkpoint::read(&known.text)?.size;
        let both = vec![Statement::Head(known.clone()), Statement::Head(head.clone())];
        if size == to {
            return Ok(both);
        }
        if (1..to).contains(&size) {
            return Ok([both, vec![Statement::Growth(growth(link, log, (size, to))?)]].concat());
        }
    }
    let held = if size <= PORTABLE { entries::of_log(link, log.id, 0, size)? } else { Vec::new() };
    let held = held.iter().map(|entry| ChangeSet::read(&entry.text)).collect::<Result<_, _>>()?;
    Ok(all_of(held, signed))
}

/// A head, these change-sets below it, and those it came with.
fn all_of(held: Vec<ChangeSet>, (change_sets, head): Signed<'_>) -> Vec<Statement> {
    let all = held.into_iter().chain(change_sets.iter().map(|one| (*one).clone()));
    let all = all.map(|one| Statement::ChangeSet(Box::new(one)));
    head.cloned().map(Statement::Head).into_iter().chain(all).collect()
}

/// The root that a log had at a size, and what leads from there to the size of its head.
fn growth(link: &mut Link, log: &Log, (size, to): (u64, u64)) -> Result<Growth, JournalError> {
    let leaves = entries::leaves(link, log.id, 0, to)?;
    let root = |range: std::ops::Range<u64>| {
        let of_range = leaves.iter().skip(range.start as usize).take((range.end - range.start) as usize);
        of_range.copied().collect::<Frontier>().root()
    };
    let node = nodes::find(link, &log.node)?.ok_or_else(|| Refusal::UnknownNode(log.node.clone()))?;
    let name = LogId::new(node.origin, log.channel, log.epoch).name();
    let of = Checkpoint { log: name, size, root: root(0..size) };
    Ok(Growth { of, to, proof: consistency(size, to, &root) })
}

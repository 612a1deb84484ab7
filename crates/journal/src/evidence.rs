//! A node that signs two histories: the proof is kept, nothing more of it is taken, and everybody else goes on.
//!
//! Only its own key can bring a node here, so nobody can be accused by another. Who runs it has to say what happened; until
//! then what was held of it before stays as it was.

use crate::{Journal, JournalError, epochs};
use pes_changeset::evidence::{Evidence, Statement};
use pes_changeset::note::Note;
use pes_changeset::{ChangeSet, Channel, Checkpoint, KeyChange, LogId};
use pes_store::evidence::{self, Found};
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::{Link, entries, logs};
use time::UtcDateTime;

/// A proof by a head and all change-sets below it has at most so many; of a longer log it names the head alone.
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
        let Some(genesis) = self.genesis(&node.id)? else { return Ok(()) };
        let first = self.store.write(|link| {
            // Whoever opened a new epoch has explained what happened in the old one, also before the new one is complete. It is looked at
            // in here: an event that came in between has nothing to lift yet, and would not come again.
            if epochs::history(link, node)?.newest_epoch(id.channel) > id.epoch {
                return Ok(None);
            }
            let log = logs::find_or_insert(link, &node.id, id.channel, id.epoch)?;
            let mut statements = statements(link, &log, signed)?;
            if id.channel != Channel::Keys {
                // The events by which it exchanged its keys: without them nobody could tell that it signed with the later ones.
                let events = epochs::key_events(link, &node.id)?.into_iter().skip(1);
                statements.extend(events.map(|event| Statement::ChangeSet(Box::new(event))));
            }
            let proof = Evidence { genesis, statements };
            if let Err(why) = proof.check_signatures() {
                // Such as what an old key signed before it gave way: it is refused, and proves nothing against the node.
                tracing::warn!(log = %id, %why, "two histories, of which this node cannot be shown to have signed both");
                return Ok(None);
            }
            let found = now.unix_timestamp();
            let found = Found { node: node.id.clone(), text: proof.write(), found, lifted: None };
            let why =
                proof.verify().map_or_else(|_| format!("another head of {id} was signed"), |fork| fork.to_string());
            Ok::<_, JournalError>(evidence::insert(link, &found)?.then_some(why))
        })?;
        if let Some(why) = first {
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

/// The statements that contradict each other: two change-sets in one place, two heads of one size, or a head and all below it.
fn statements(link: &mut Link, log: &Log, (change_sets, head): Signed<'_>) -> Result<Vec<Statement>, JournalError> {
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
    let known = log.checkpoint.clone().filter(|note| Checkpoint::read(&note.text).is_ok_and(|one| one.size == size));
    if let Some(known) = known {
        return Ok(vec![Statement::Head(known), Statement::Head(head.clone())]);
    }
    let mut all = vec![Statement::Head(head.clone())];
    if size <= PORTABLE {
        for entry in entries::of_log(link, log.id, 0, size)? {
            all.push(Statement::ChangeSet(Box::new(ChangeSet::read(&entry.text)?)));
        }
        all.extend(change_sets.iter().map(|one| Statement::ChangeSet(Box::new((*one).clone()))));
    }
    Ok(all)
}

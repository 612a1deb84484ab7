//! Snapshots: the state of a log in few change-sets, for a node that is far behind.
//!
//! A snapshot is nothing but its members, the change-sets that brought the state; each proves itself and is taken as on the urgent
//! lane, ahead of its turn, where it is found already known when the log arrives. So a snapshot gives what readers see at once, and
//! nothing has to be believed twice: the log is still fetched, counted and compared as ever.

use crate::epochs::Standing;
use crate::publish::CHANNELS;
use crate::rebuild::line;
use crate::supply::{Named, find};
use crate::{Journal, JournalError, enter};
use pes_changeset::bundle::{Place, write_entries, write_payloads};
use pes_changeset::state_digest::StateDigest;
use pes_changeset::{Act, ChangeSet, Channel, Snapshot};
use pes_store::logs::Log;
use pes_store::{Link, entries, logs, payloads, snapshots, states};
use time::UtcDateTime;

/// How many states are looked at at once.
const PORTION: u64 = 1_000;

/// A log that has grown by so many change-sets since its last snapshot is given a new one.
pub const EVERY: u64 = 1_000;

/// What stands in a log before a place of it.
struct State {
    snapshot: Snapshot,
    /// The places of the members, in the order of the digest.
    members: Vec<u64>,
}

impl Journal {
    /// Writes a snapshot into each log of this node that has grown by `every` change-sets since the last one. Tells how many.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn write_snapshots(&self, every: u64, now: UtcDateTime) -> Result<usize, JournalError> {
        self.check_certain()?;
        let write = |link: &mut Link| {
            let written = CHANNELS.into_iter().map(|channel| self.write_snapshot(link, channel, every, now));
            written.map(|is_written| is_written.map(usize::from)).sum()
        };
        self.write_signed(write, || self.ring())
    }

    fn write_snapshot(
        &self,
        link: &mut Link,
        channel: Channel,
        every: u64,
        now: UtcDateTime,
    ) -> Result<bool, JournalError> {
        let Some(mut log) = logs::newest(link, &self.identity.node_id, channel)? else { return Ok(false) };
        let last = snapshots::newest(link, log.id)?.map_or(0, |snapshot| snapshot.seq + 1);
        if log.size() - last < every.max(1) {
            return Ok(false);
        }
        let Some(state) = before(link, &log)? else { return Ok(false) };
        let change_set = self.sign(&log, Act::Snapshot(state.snapshot), None, now)?;
        snapshots::keep(link, log.id, change_set.header().seq, &state.members)?;
        self.enter_own(link, (&mut log, &mut Standing::Current), &change_set, None)?;
        enter::close(link, &mut log, &self.identity)?;
        Ok(true)
    }

    /// The change-set that declares the newest snapshot of a log that can be given.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn snapshot(&self, log: Named<'_>) -> Result<Option<ChangeSet>, JournalError> {
        let newest = self.store.read(|link| {
            let Some(log) = find(link, log)? else { return Ok(None) };
            Ok::<_, JournalError>(snapshots::newest(link, log.id)?)
        })?;
        newest.map_or(Ok(None), |newest| self.change_set(log, newest.seq))
    }

    /// A page of a snapshot's members; `None` where it is not the newest, or has no such page.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn snapshot_entries(&self, log: Named<'_>, seq: u64, place: Place) -> Result<Option<Vec<u8>>, JournalError> {
        self.store.read(|link| {
            let Some((log, members)) = page(link, log, seq, place)? else { return Ok(None) };
            let held = entries::at(link, log.id, &members)?;
            Ok(Some(write_entries(held.iter().map(|entry| entry.text.as_str()))?))
        })
    }

    /// The payloads of the same page. A member that has been superseded since has none any more.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn snapshot_payloads(&self, log: Named<'_>, seq: u64, place: Place) -> Result<Option<Vec<u8>>, JournalError> {
        self.store.read(|link| {
            let Some((log, members)) = page(link, log, seq, place)? else { return Ok(None) };
            let live = payloads::at(link, log.id, &members)?;
            Ok(Some(write_payloads(members.iter().map(|seq| live.get(seq).map(String::as_bytes)))?))
        })
    }
}

/// Remembers which members a snapshot has whose turn has come, so that it can be given to others. Where later change-sets of the log
/// took effect before it, ahead of their turn, its members are not known any more: whoever wants it asks another.
pub(crate) fn keep(link: &mut Link, log: &Log, change_set: &ChangeSet) -> Result<(), JournalError> {
    let Act::Snapshot(declared) = change_set.header().act else { return Ok(()) };
    match before(link, log)? {
        Some(state) if state.snapshot == declared => {
            snapshots::keep(link, log.id, change_set.header().seq, &state.members)?;
        }
        Some(_) => tracing::warn!(snapshot = change_set.header().iri(), "its author committed to another state"),
        None => {}
    }
    Ok(())
}

/// What stands in a log now; `None` where change-sets have taken effect that its turn has not reached.
fn before(link: &mut Link, log: &Log) -> Result<Option<State>, JournalError> {
    let (mut digest, mut members) = (StateDigest::default(), Vec::new());
    let mut record = String::new();
    loop {
        let portion = states::of_log(link, log.id, &record, PORTION)?;
        let Some(last) = portion.last() else { break };
        record.clone_from(&last.record);
        if portion.iter().any(|state| state.seq >= log.size()) {
            return Ok(None);
        }
        for state in &portion {
            digest.add(line(state));
            members.push(state.seq);
        }
    }
    let snapshot = Snapshot { digest: digest.hash(), size: members.len() as u64 };
    Ok(Some(State { snapshot, members }))
}

/// The log, and the places of the members of a page of its newest snapshot.
fn page(link: &mut Link, log: Named<'_>, seq: u64, place: Place) -> Result<Option<(Log, Vec<u64>)>, JournalError> {
    let Some(log) = find(link, log)? else { return Ok(None) };
    let newest = snapshots::newest(link, log.id)?.filter(|newest| newest.seq == seq);
    let Some(newest) = newest else { return Ok(None) };
    let expected = Place::of(place.first(), newest.size).ok();
    if expected != Some(place) {
        return Ok(None);
    }
    let members = snapshots::page(link, log.id, place.index)?;
    Ok(Some((log, members)))
}

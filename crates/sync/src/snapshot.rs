//! The walk through a snapshot: its change-set, its members page after page, then what came after it in the log.
//!
//! It is part of a [`crate::pull`], for a log of which the peer has much more than we. Whatever goes wrong on it, the log is fetched from
//! where it stands; what was taken until then is what its author signed, and stays.

use crate::SyncError;
use pes_changeset::bundle::{Place, WIDTH, read_entries, read_payloads};
use pes_changeset::snapshot::Members;
use pes_changeset::{ChangeSet, Fault, LogId, limits};
use pes_journal::{Journal, JournalError};
use time::UtcDateTime;

/// A snapshot that spares fewer change-sets than this, until what readers see is up to date, is not worth its while.
pub const WORTH: u64 = 10_000;

/// The most bytes of an entry bundle: 256 change-sets behind their lengths.
pub(crate) const ENTRIES: usize = limits::BATCH_CHANGE_SETS * (limits::CHANGE_SET + 2);
/// The most bytes of a payload bundle.
pub(crate) const PAYLOADS: usize = limits::BATCH_CHANGE_SETS * (limits::PAYLOAD + 4);

/// A walk through the newest snapshot of one log.
#[derive(Debug)]
pub(crate) struct SnapshotWalk {
    node: String,
    log: LogId,
    /// How many change-sets of the log are held here.
    held: u64,
    /// How many the peer's head is of.
    size: u64,
    worth: u64,
    taken: u64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Newest,
    Entries(Part),
    Payloads(Part, Vec<ChangeSet>),
}

/// What is fetched in pages.
#[derive(Debug)]
enum Part {
    Members(Box<Members>),
    /// The bundles behind the snapshot.
    Tail(Place),
}

/// What became of a step.
#[derive(Debug)]
pub(crate) enum Walked {
    /// There is more to ask.
    On,
    /// All is taken that is worth its while: so many change-sets.
    Over(u64),
    /// It is not what its author committed to.
    Refused(String),
}

impl SnapshotWalk {
    /// A walk through a log of which `held` change-sets are held here and `size` by the peer.
    pub(crate) fn of(node: String, log: LogId, (held, size): (u64, u64), worth: u64) -> Self {
        Self { node, log, held, size, worth, taken: 0, stage: Stage::Newest }
    }

    /// What to ask for, below the log's address, and the most bytes that it may have.
    pub(crate) fn ask(&self) -> (String, usize) {
        match &self.stage {
            Stage::Newest => ("snapshot".into(), limits::CHANGE_SET),
            Stage::Entries(Part::Tail(place)) => (format!("tile/entries/{}", place.path()), ENTRIES),
            Stage::Payloads(Part::Tail(place), _) => (format!("payloads/{}", place.path()), PAYLOADS),
            Stage::Entries(Part::Members(members)) => (page(members, members.taken(), "entries"), ENTRIES),
            Stage::Payloads(Part::Members(members), entries) => {
                (page(members, members.taken() - entries.len() as u64, "payloads"), PAYLOADS)
            }
        }
    }

    /// Takes what came of it.
    ///
    /// # Errors
    /// [`SyncError`] when the journal fails.
    pub(crate) fn take(&mut self, journal: &Journal, body: &[u8], now: UtcDateTime) -> Result<Walked, SyncError> {
        let walked = match std::mem::replace(&mut self.stage, Stage::Newest) {
            Stage::Newest => self.newest(journal, body, now),
            Stage::Entries(part) => self.entries(part, body),
            Stage::Payloads(part, entries) => self.payloads(journal, (part, entries), body, now),
        };
        match walked {
            Err(JournalError::Refused(why)) => Ok(Walked::Refused(why.to_string())),
            walked => Ok(walked?),
        }
    }

    fn newest(&mut self, journal: &Journal, body: &[u8], now: UtcDateTime) -> Result<Walked, JournalError> {
        let text = str::from_utf8(body).map_err(|_| fault("it is not UTF-8"))?;
        let declared = ChangeSet::read(text)?;
        let members = Box::new(Members::of(&declared)?);
        let spared = members.seq().saturating_sub(self.held).saturating_sub(members.expected());
        if spared < self.worth || members.seq() >= self.size {
            return Ok(Walked::Over(0));
        }
        // Kept, because its author signed it; so it counts as known.
        journal.receive_ahead(&self.node, &self.log, &[(declared, None)], now)?;
        self.next_page(members)
    }

    fn entries(&mut self, part: Part, body: &[u8]) -> Result<Walked, JournalError> {
        let entries = read_entries(body)?.into_iter().map(ChangeSet::read).collect::<Result<Vec<_>, _>>()?;
        let part = match part {
            Part::Members(mut members) => {
                if entries.len() as u64 != place_at(&members, members.taken()).width {
                    return Err(fault("a page has another width than its name says").into());
                }
                entries.iter().try_for_each(|entry| members.take(entry))?;
                Part::Members(members)
            }
            Part::Tail(place) => {
                if !place.holds(&entries) {
                    return Err(fault("a bundle holds other change-sets than its name says").into());
                }
                Part::Tail(place)
            }
        };
        self.stage = Stage::Payloads(part, entries);
        Ok(Walked::On)
    }

    fn payloads(
        &mut self,
        journal: &Journal,
        (part, entries): (Part, Vec<ChangeSet>),
        body: &[u8],
        now: UtcDateTime,
    ) -> Result<Walked, JournalError> {
        let payloads = read_payloads(body)?;
        if payloads.len() != entries.len() {
            return Err(fault("a page of payloads has another width than its name says").into());
        }
        let payloads = payloads.into_iter().map(|payload| payload.map(<[u8]>::to_vec));
        let items: Vec<_> = entries.into_iter().zip(payloads).collect();
        journal.receive_ahead(&self.node, &self.log, &items, now)?;
        self.taken += items.len() as u64;
        match part {
            Part::Members(members) => self.next_page(members),
            Part::Tail(place) => Ok(self.next_bundle(place.first() + place.width)),
        }
    }

    fn next_page(&mut self, members: Box<Members>) -> Result<Walked, JournalError> {
        if members.taken() < members.expected() {
            self.stage = Stage::Entries(Part::Members(members));
            return Ok(Walked::On);
        }
        let behind = members.seq() + 1;
        members.finish()?;
        Ok(self.next_bundle(behind))
    }

    /// The bundle in which this change-set of the log lies, if there is one.
    fn next_bundle(&mut self, seq: u64) -> Walked {
        match Place::of(seq, self.size) {
            Ok(place) => {
                self.stage = Stage::Entries(Part::Tail(place));
                Walked::On
            }
            Err(_) => Walked::Over(self.taken),
        }
    }
}

/// The page that begins with the member of this number.
fn place_at(members: &Members, first: u64) -> Place {
    Place { index: first / WIDTH, width: (members.expected() - first).min(WIDTH) }
}

fn page(members: &Members, first: u64, what: &str) -> String {
    format!("snapshot/{}/{what}/{}", members.seq(), place_at(members, first).path())
}

fn fault(why: &str) -> Fault {
    Fault::Malformed { what: "snapshot", why: why.to_owned() }
}

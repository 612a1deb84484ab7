//! What a peer holds of our own logs behind the head that it lists: asked place by place, while it is in doubt what we signed.
//!
//! An urgent change-set goes ahead of its turn, so a peer may hold it and no head over it; and of a backlog it may hold the beginning. Both a list of heads
//! does not tell. Whoever signs another change-set at such a place signs a second history. It is part of a [`crate::pull`].

use crate::SyncError;
use pes_changeset::{ChangeSet, LogId};
use pes_journal::{Journal, JournalError};
use std::collections::VecDeque;
use time::UtcDateTime;

/// Where no file says how much was signed, so many places behind the last that is held anywhere are looked at: the peer may hold something there whose
/// predecessors it does not.
const FURTHER: u64 = 64;
/// Where one does, all up to that, but no more than these: a peer keeps no more ahead of their turn.
const MOST: u64 = 1_024;

/// A walk through the places of our logs that follow what is held here.
#[derive(Debug)]
pub(crate) struct Recollection {
    node: String,
    waiting: VecDeque<Doubtful>,
    further: u64,
}

/// A log, and what is looked at of it.
#[derive(Debug)]
struct Doubtful {
    log: LogId,
    /// The next place.
    next: u64,
    /// Whether all before it is held here.
    follows: bool,
    /// Before which place the peer is asked also where it does not hold those before.
    until: u64,
}

/// What became of a step.
#[derive(Debug)]
pub(crate) enum Recollected {
    /// The next change-set was taken back.
    Taken,
    /// Nothing was.
    Nothing,
    /// It is none of ours.
    Refused(LogId, String),
}

impl Recollection {
    /// A walk through all that is in doubt here: nothing, where nothing is. A brief one looks behind no gap.
    pub(crate) fn of(journal: &Journal, is_brief: bool) -> Result<Self, SyncError> {
        let further = if journal.has_forgotten() && !is_brief { FURTHER } else { 0 };
        let waiting = journal.doubtful_logs()?.into_iter().map(|(log, held, signed)| {
            let signed = if is_brief { held } else { signed.min(held + MOST) };
            Doubtful { log, next: held, follows: true, until: signed.max(held + further) }
        });
        Ok(Self { node: journal.identity().node_id.clone(), waiting: waiting.collect(), further })
    }

    /// The address of the next place; `None` when the walk is over.
    pub(crate) fn ask(&self) -> Option<String> {
        let Doubtful { log, next, .. } = self.waiting.front()?;
        Some(format!("/mirror/{}/{}/{}/{next}", self.node, log.channel, log.epoch))
    }

    /// Takes what was there, or nothing.
    pub(crate) fn take(
        &mut self,
        journal: &Journal,
        found: Option<&[u8]>,
        now: UtcDateTime,
    ) -> Result<Recollected, SyncError> {
        let Some(at) = self.waiting.front_mut() else { return Ok(Recollected::Nothing) };
        let Some(found) = found else {
            (at.next, at.follows) = (at.next + 1, false);
            if at.next > at.until {
                self.waiting.pop_front();
            }
            return Ok(Recollected::Nothing);
        };
        let taken = read((&at.log, at.next), found).and_then(|change_set| match at.follows {
            true => journal.recollect(&change_set, now).map(|()| Recollected::Taken),
            false => journal.is_held_elsewhere(&change_set, now).map(|()| Recollected::Nothing),
        });
        match taken {
            Ok(taken) => {
                at.next += 1;
                at.until = at.until.max(at.next + self.further);
                Ok(taken)
            }
            Err(JournalError::Refused(refusal)) => {
                let log = at.log.clone();
                self.waiting.pop_front();
                Ok(Recollected::Refused(log, refusal.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The change-set that was asked for.
fn read((log, seq): (&LogId, u64), found: &[u8]) -> Result<ChangeSet, JournalError> {
    let change_set = ChangeSet::read(str::from_utf8(found).unwrap_or_default())?;
    let header = change_set.header();
    if header.log != *log || header.seq != seq {
        let expected = format!("{}/{seq}", log.name());
        return Err(pes_journal::Refusal::WrongLog { found: header.iri(), expected }.into());
    }
    Ok(change_set)
}

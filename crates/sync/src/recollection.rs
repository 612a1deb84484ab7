//! What a peer holds of our own logs behind the head that it lists: asked place by place, while it is in doubt what we signed.
//!
//! An urgent change-set goes ahead of its turn, so a peer may hold it and no head over it; and of a backlog it may hold the beginning. Both a list of heads
//! does not tell. Whoever signs another change-set at such a place signs a second history. It is part of a [`crate::pull`].

use crate::SyncError;
use pes_changeset::{ChangeSet, LogId};
use pes_journal::{Journal, JournalError};
use std::collections::VecDeque;
use time::UtcDateTime;

/// Where no file says how much was signed, so many places behind a gap are looked at: the peer may hold something there whose predecessors it does not.
const FURTHER: u64 = 64;

/// A walk through the places of our logs that follow what is held here.
#[derive(Debug)]
pub(crate) struct Recollection {
    node: String,
    /// Logs, each with the next place that is not held here.
    waiting: VecDeque<(LogId, u64)>,
    /// How many places from there on the peer did not have.
    missing: u64,
    further: u64,
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
    /// A walk through all that is in doubt here: nothing, where nothing is.
    pub(crate) fn of(journal: &Journal) -> Result<Self, SyncError> {
        Ok(Self {
            node: journal.identity().node_id.clone(),
            waiting: journal.doubtful_logs()?.into(),
            missing: 0,
            further: if journal.has_forgotten() { FURTHER } else { 0 },
        })
    }

    /// The address of the next place; `None` when the walk is over.
    pub(crate) fn ask(&self) -> Option<String> {
        let (log, next) = self.waiting.front()?;
        Some(format!("/mirror/{}/{}/{}/{}", self.node, log.channel, log.epoch, next + self.missing))
    }

    /// Takes what was there, or nothing.
    pub(crate) fn take(
        &mut self,
        journal: &Journal,
        found: Option<&[u8]>,
        now: UtcDateTime,
    ) -> Result<Recollected, SyncError> {
        let Some((log, next)) = self.waiting.front_mut() else { return Ok(Recollected::Nothing) };
        let Some(found) = found else {
            self.missing += 1;
            if self.missing > self.further {
                self.leave();
            }
            return Ok(Recollected::Nothing);
        };
        let place = (&*log, *next + self.missing);
        let is_next = self.missing == 0;
        let taken = read(place, found).and_then(|change_set| match is_next {
            true => journal.recollect(&change_set, now),
            false => journal.is_held_elsewhere(&change_set, now),
        });
        match taken {
            Ok(()) if is_next => {
                *next += 1;
                Ok(Recollected::Taken)
            }
            Ok(()) => {
                self.leave();
                Ok(Recollected::Nothing)
            }
            Err(JournalError::Refused(refusal)) => {
                let log = log.clone();
                self.leave();
                Ok(Recollected::Refused(log, refusal.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn leave(&mut self) {
        self.waiting.pop_front();
        self.missing = 0;
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

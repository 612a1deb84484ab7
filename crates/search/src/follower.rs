//! Keeps the index at what the database holds.
//!
//! It follows like a peer: what came since is found by its arrival, whatever log it is of; what no change-set tells is a row that waits.
//! The cursor is committed with the entries, so that a stop anywhere repeats a little and leaves nothing out. The folder can be deleted.

use crate::described::{borrowers, entries_of};
use crate::{Fault, Index, Writer};
use pes_store::unindexed::Unindexed;
use pes_store::{Link, Store, StoreError, entries, lists, unindexed};
use std::collections::BTreeSet;
use time::UtcDateTime;

/// How many rows are looked at at once.
const PORTION: u64 = 1_000;
/// More than a database has.
const ALL: u64 = i64::MAX.unsigned_abs();

/// Brings an index up to a database, as often as it is asked to. There is one for each index.
#[derive(Debug)]
pub struct Follower {
    store: Store,
    writer: Writer,
    /// Up to which arrival everything is in the index; `None` where it is to be filled from the beginning.
    arrival: Option<u64>,
    /// The day for which it was written down when what comes again takes place, and which labels hold.
    day: i64,
}

/// What a round of following did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Followed {
    /// How many records were looked at.
    pub records: usize,
    /// Whether it filled the index from the beginning.
    pub is_filled: bool,
}

/// Whether an index holds all that a database does.
///
/// # Errors
/// [`Fault::Store`].
pub fn is_level(index: &Index, store: &Store) -> Result<bool, Fault> {
    let cursor = index.cursor().and_then(|cursor| Cursor::read(&cursor));
    let newest = store.read(entries::last_arrival)?;
    Ok(cursor.is_some_and(|cursor| cursor.arrival >= newest))
}

impl Follower {
    /// Takes the index's writer.
    ///
    /// # Errors
    /// [`Fault::Busy`] while another follows for it.
    pub fn new(index: &Index, store: Store) -> Result<Self, Fault> {
        let cursor = index.cursor().and_then(|cursor| Cursor::read(&cursor));
        // A database that has come less far is not the one that was followed: it was restored from a backup, and counts on with other records.
        let newest = store.read(entries::last_arrival)?;
        let cursor = cursor.filter(|cursor| cursor.arrival <= newest);
        let (arrival, day) = cursor.map_or((None, 0), |cursor| (Some(cursor.arrival), cursor.day));
        Ok(Self { store, writer: index.writer()?, arrival, day })
    }

    /// Brings the index up to what the database holds now.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Index`]; what was not committed is done again by the next round.
    pub fn catch_up(&mut self, now: UtcDateTime) -> Result<Followed, Fault> {
        let day = now.unix_timestamp().div_euclid(24 * 3600);
        let Some(arrival) = self.arrival else { return self.fill((now, day)) };
        let mut followed = Followed::default();
        let mut arrival = arrival;
        loop {
            let news = self.store.read(|link| news(link, arrival))?;
            let dated = if self.day == day { Vec::new() } else { self.store.read(lists::names_of_dated)? };
            if news.arrival == arrival && news.waiting.is_empty() && dated.is_empty() {
                return Ok(followed);
            }
            let waiting = news.waiting.iter().map(|one| one.record.clone());
            let mut all: BTreeSet<String> = news.arrived.into_iter().chain(waiting).chain(dated).collect();
            all.extend(self.store.read(|link| borrowers(link, all.iter()))?);
            self.look_at(all.iter(), now)?;
            (arrival, self.day) = (news.arrival, day);
            self.commit(arrival)?;
            // Only after it is lasting in the index: a stop in between looks at them once more.
            if !news.waiting.is_empty() {
                self.store.write_soon(|link| unindexed::done(link, &news.waiting))?;
            }
            followed.records += all.len();
        }
    }

    /// Fills the index from the beginning. What arrives meanwhile is found by the next round.
    fn fill(&mut self, (now, day): (UtcDateTime, i64)) -> Result<Followed, Fault> {
        // What is noted until now is looked at with everything else.
        let (arrival, noted) =
            self.store.read(|link| Ok::<_, StoreError>((entries::last_arrival(link)?, unindexed::some(link, ALL)?)))?;
        self.writer.clear()?;
        let mut followed = Followed { records: 0, is_filled: true };
        let mut last = String::new();
        loop {
            let names = self.store.read(|link| lists::names_after(link, &last, PORTION))?;
            let Some(name) = names.last() else { break };
            last.clone_from(name);
            self.look_at(names.iter(), now)?;
            followed.records += names.len();
        }
        self.day = day;
        self.commit(arrival)?;
        for portion in noted.chunks(PORTION as usize) {
            self.store.write_soon(|link| unindexed::done(link, portion))?;
        }
        Ok(followed)
    }

    /// Whether the files still hold what was removed, or what it was before it changed.
    ///
    /// # Errors
    /// [`Fault::Index`].
    pub fn has_remains(&self) -> Result<bool, Fault> {
        self.writer.has_remains()
    }

    /// Takes out of the files what was removed, and what was before it changed ([`Writer::purge`]).
    ///
    /// # Errors
    /// [`Fault::Index`], [`Fault::Busy`]; another follower goes on then.
    pub fn purge(self) -> Result<Self, Fault> {
        Ok(Self { writer: self.writer.purge()?, ..self })
    }

    fn look_at<'a>(&mut self, records: impl Iterator<Item = &'a String>, now: UtcDateTime) -> Result<(), Fault> {
        for record in records {
            let entries = self.store.read(|link| entries_of(link, record, now))?;
            self.writer.replace(record, &entries)?;
        }
        Ok(())
    }

    fn commit(&mut self, arrival: u64) -> Result<(), Fault> {
        self.writer.commit(&Cursor { arrival, day: self.day }.write())?;
        self.arrival = Some(arrival);
        Ok(())
    }
}

/// What has changed since an arrival.
struct News {
    /// Up to which arrival this is all.
    arrival: u64,
    arrived: Vec<String>,
    waiting: Vec<Unindexed>,
}

fn news(link: &mut Link, arrival: u64) -> Result<News, StoreError> {
    let (until, arrived) = entries::records_after(link, arrival, PORTION)?;
    Ok(News { arrival: until, arrived, waiting: unindexed::some(link, PORTION)? })
}

/// How far the index has come, as it remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    arrival: u64,
    day: i64,
}

impl Cursor {
    fn write(self) -> String {
        format!("{} {}", self.arrival, self.day)
    }

    fn read(text: &str) -> Option<Self> {
        let (arrival, day) = text.split_once(' ')?;
        Some(Self { arrival: arrival.parse().ok()?, day: day.parse().ok()? })
    }
}

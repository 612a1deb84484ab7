//! Takes a run back: what it made and nobody changed since is deleted, what it filled and nobody changed since is as it was, and the rest is listed.
//!
//! A delete is a change-set like another: what was made and undone has its end in the logs, so that it comes back from nowhere. The digest of
//! this node's own records is the one from before; that of all states knows the ends.

use crate::ImportError;
use crate::commit::GROUP;
use crate::filling::digest;
use crate::plan::{Pass, Progress};
use pes_domain::Record;
use pes_journal::Journal;
use pes_journal::group::Group;
use pes_store::imports::{self, Row, Run};
use pes_store::own_records::{self, OwnRecord};
use pes_store::{Link, StoreError, records, rights};
use std::collections::HashMap;
use time::UtcDateTime;

/// What was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The run.
    pub run: Run,
    /// How many records were deleted.
    pub deleted: u64,
    /// How many are as they were.
    pub restored: u64,
    /// What is left as it is, and why.
    pub left: Vec<Left>,
    /// Whether the digest of this node's own records is the one from before the run.
    pub is_as_before: bool,
}

/// A record that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its name.
    pub iri: String,
    /// What it is called.
    pub title: String,
    /// Why.
    pub why: Why,
}

/// Why a record is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody changed it since.
    Changed,
    /// Somebody speaks for it, or asked to.
    Claimed,
    /// Other records name it.
    Named,
}

/// What becomes of one record.
enum Fate {
    Deleted,
    Restored,
    Left(Left),
    /// The run changed nothing in it, or it is gone.
    Nothing,
}

/// The run that would be undone: the one with this number, or the newest.
///
/// # Errors
/// [`ImportError::NoRun`].
pub fn run_to_undo(journal: &Journal, number: Option<i64>) -> Result<Run, ImportError> {
    let runs = journal.store().read(imports::runs)?;
    let found = match number {
        Some(number) => runs.into_iter().find(|run| run.id == number),
        None => runs.into_iter().find(|run| run.undone.is_none()),
    };
    match (found, number) {
        (Some(run), _) if run.undone.is_some() => Err(ImportError::NoRun(format!("run {} was undone already", run.id))),
        (Some(run), _) => Ok(run),
        (None, Some(number)) => Err(ImportError::NoRun(format!("there is no run {number}"))),
        (None, None) => Err(ImportError::NoRun("there is no run that could be undone".into())),
    }
}

/// Undoes a run. What is interrupted goes on when it is said again.
///
/// # Errors
/// [`ImportError::Journal`], [`ImportError::Store`].
pub fn undo(journal: &Journal, run: Run, now: UtcDateTime, told: Progress<'_>) -> Result<Undone, ImportError> {
    let mut rows: Vec<(String, Vec<Row>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in journal.store().read(|link| imports::of_run(link, run.id))? {
        let at = *places.entry(row.record.clone()).or_insert_with(|| {
            rows.push((row.record.clone(), Vec::new()));
            rows.len() - 1
        });
        rows[at].1.push(row);
    }
    let mut undone = Undone { run, deleted: 0, restored: 0, left: Vec::new(), is_as_before: false };
    let (mut done, of) = (0, rows.len() as u64);
    for portion in rows.chunks(GROUP) {
        let fates: Vec<Fate> = journal.gather(now, |group| {
            portion.iter().map(|(record, rows)| undo_one(group, record, rows)).collect::<Result<_, ImportError>>()
        })?;
        fates.into_iter().for_each(|fate| undone.count(fate));
        done += portion.len() as u64;
        told(Pass::Undoing, (done, of));
    }
    journal.store().write(|link| imports::undo(link, undone.run.id, now.unix_timestamp()))?;
    undone.is_as_before = journal.digest_of_own()? == undone.run.digest;
    Ok(undone)
}

/// Undoes what a run did to one record, by its rows in their order.
fn undo_one(group: &mut Group<'_>, record: &str, rows: &[Row]) -> Result<Fate, ImportError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Fate::Nothing) };
    let before = rows.iter().find_map(|row| row.before.clone());
    let Some(own) = own_records::find(group.link(), record)?.filter(|_| first.is_new || before.is_some()) else {
        imports::forget_in_run(group.link(), first.run, record)?;
        return Ok(Fate::Nothing);
    };
    let why = match digest(&own.record.lower()) == last.after {
        false => Some(Why::Changed),
        true if first.is_new => in_use(group.link(), record)?,
        true => None,
    };
    if let Some(why) = why {
        return Ok(Fate::Left(Left { iri: record.to_owned(), title: own.record.title(), why }));
    }
    match before.filter(|_| !first.is_new) {
        Some(before) => restore(group, first.run, own, before),
        None => delete(group, own),
    }
}

fn delete(group: &mut Group<'_>, own: OwnRecord) -> Result<Fate, ImportError> {
    group.delete(&own.record.iri, None)?;
    // Of this run and of others that found it as it was: it may be made again.
    imports::forget(group.link(), &own.record.iri.to_string())?;
    Ok(Fate::Deleted)
}

fn restore(group: &mut Group<'_>, run: i64, own: OwnRecord, before: Record) -> Result<Fate, ImportError> {
    imports::forget_in_run(group.link(), run, &before.iri.to_string())?;
    group.save(before, own.moderation, None)?;
    Ok(Fate::Restored)
}

/// Whether anybody would miss a structure: who speaks for it, and records that name it.
fn in_use(link: &mut Link, record: &str) -> Result<Option<Why>, StoreError> {
    if !rights::of_structure(link, record)?.is_empty() {
        return Ok(Some(Why::Claimed));
    }
    let named = records::with_facet(link, "structure", record)?;
    Ok((!named.is_empty()).then_some(Why::Named))
}

impl Undone {
    fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Deleted => self.deleted += 1,
            Fate::Restored => self.restored += 1,
            Fate::Left(left) => self.left.push(left),
            Fate::Nothing => {}
        }
    }
}

impl Why {
    /// The name of its sentence in the catalogue of pages.
    pub fn key(self) -> &'static str {
        match self {
            Self::Changed => "import-left-changed",
            Self::Claimed => "import-left-claimed",
            Self::Named => "import-left-named",
        }
    }

    /// In words, for the terminal.
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "somebody changed it since",
            Self::Claimed => "somebody speaks for it, or asked to",
            Self::Named => "other records name it",
        }
    }
}

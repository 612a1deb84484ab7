//! What this node's structures and people have declared, held in memory: whom a demand concerns is found within the transaction that makes it
//! known, however many there are.
//!
//! It is a help and no record. It holds what was committed up to a number of `own_changes`; whoever asks within a transaction looks at
//! all that came after, in that transaction. So it is never behind, and what is undone never was in it.

use crate::{Journal, JournalError};
use pes_domain::concern::{Declared, Reason, Wanted};
use pes_domain::{Kind, Record, RecordIri, Rules, declarations};
use pes_store::own_records::{self, Moderation};
use pes_store::{Link, own_changes};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// How many changes are read at once.
const PORTION: u64 = 500;
/// So many are looked at one by one, each time; then they are read into memory.
const FEW: usize = 64;

/// What is held, and what it was read up to.
#[derive(Debug, Default)]
pub(crate) struct Declarations(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    all: declarations::Declarations,
    number: i64,
    is_behind: bool,
}

impl Journal {
    /// Reads into memory what has been declared since it last was; all of it at first. To be done once when a node starts: until then each
    /// demand asks everybody.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn know_declarations(&self) -> Result<(), JournalError> {
        loop {
            let from = self.declarations.held().number;
            let (changes, read) = self.store.read(|link| {
                let changes = own_changes::after(link, from, PORTION)?;
                let read = changes.iter().map(|change| declared(link, &change.record, &self.rules));
                let read = read.collect::<Result<Vec<_>, _>>()?;
                Ok::<_, JournalError>((changes, read))
            })?;
            let mut held = self.declarations.held();
            held.is_behind = false;
            // Somebody else has read the same meanwhile.
            if held.number != from {
                continue;
            }
            let Some(last) = changes.last() else { return Ok(()) };
            held.number = last.number;
            for (change, declared) in changes.iter().zip(read) {
                let Some(record) = RecordIri::read(&change.record) else { continue };
                match declared {
                    Some(declared) => held.all.put(record, declared, &self.rules.thesaurus),
                    None => held.all.remove(&record, &self.rules.thesaurus),
                }
            }
        }
    }

    /// Whom of this node's structures and people a record concerns, and why; nobody where it sets no topic.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn whom_it_concerns(&self, record: &Record) -> Result<Vec<(RecordIri, Reason)>, JournalError> {
        let Some(wanted) = Wanted::of(record, &self.rules) else { return Ok(Vec::new()) };
        self.store.read(|link| self.declarations.concerned(link, &wanted, &self.rules))
    }

    /// How many declarations are held in memory.
    pub fn declarations_known(&self) -> usize {
        self.declarations.held().all.len()
    }

    /// Reads on where much had to be looked at one by one. What went wrong is no fault of what was just written: it is tried again.
    pub(crate) fn keep_up_with_declarations(&self) {
        if self.declarations.held().is_behind
            && let Err(error) = self.know_declarations()
        {
            tracing::warn!(%error, "what structures declared could not be read into memory; it is tried again");
        }
    }
}

impl Declarations {
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom a record concerns, as this transaction sees them: published structures and people of this node, by name, and why.
    pub(crate) fn concerned(
        &self,
        link: &mut Link,
        wanted: &Wanted,
        rules: &Rules,
    ) -> Result<Vec<(RecordIri, Reason)>, JournalError> {
        let mut held = self.held();
        let later = own_changes::after(link, held.number, u64::from(u32::MAX))?;
        held.is_behind |= later.len() > FEW;
        let mut concerned = held.all.concerned(wanted, &rules.thesaurus);
        drop(held);
        if later.is_empty() {
            return Ok(concerned);
        }
        let names: HashSet<RecordIri> = later.iter().filter_map(|change| RecordIri::read(&change.record)).collect();
        concerned.retain(|(record, _)| !names.contains(record));
        for record in names {
            let declared = declared(link, &record.to_string(), rules)?;
            let reason = declared.and_then(|declared| wanted.concerns(&declared, &rules.thesaurus));
            concerned.extend(reason.map(|reason| (record, reason)));
        }
        concerned.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(concerned)
    }
}

/// What a structure that is shown, or a person, has declared.
fn declared(link: &mut Link, record: &str, rules: &Rules) -> Result<Option<Declared>, JournalError> {
    let own = own_records::find(link, record)?;
    let counts = own.filter(|own| own.moderation == Moderation::Published || own.record.kind() == Kind::Person);
    Ok(counts.and_then(|own| Declared::of(&own.record, rules.gazetteer)))
}

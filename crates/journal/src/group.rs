//! Several saves and deletes of our own in one transaction: all of them or none, and one head for each log.
//!
//! A save by a form is a group of one. An import saves by the hundred; what is interrupted leaves whole groups behind, and
//! what belongs to a record, such as where it came from, is written with it.

use crate::founding::whole_seconds;
use crate::notices::{self, News};
use crate::publish::{Saved, own_after};
use crate::{Identity, Journal, JournalError, enter};
use pes_changeset::Channel;
use pes_domain::{Record, RecordIri};
use pes_store::logs::Log;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Link, StoreError, logs, own_records, states, stood};
use time::UtcDateTime;

/// A group while it is written.
pub struct Group<'a> {
    journal: &'a Journal,
    link: &'a mut Link,
    logs: OpenLogs,
    now: UtcDateTime,
}

/// The logs that a transaction appends to: each is read once, and its head is signed when all is appended.
#[derive(Default)]
pub(crate) struct OpenLogs(Vec<Log>);

impl Journal {
    /// Saves and deletes records of this node together, in one transaction, with all else that `work` writes.
    ///
    /// # Errors
    /// What `work` returns, or what [`Journal::save`] may; then nothing is written.
    pub fn gather<T, E: From<JournalError> + From<StoreError>>(
        &self,
        now: UtcDateTime,
        work: impl FnOnce(&mut Group<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let write = |link: &mut Link| {
            self.check_certain_within(link)?;
            let mut group = Group { journal: self, link, logs: OpenLogs::default(), now };
            let done = work(&mut group)?;
            group.logs.close(group.link, &self.identity)?;
            Ok::<_, E>(done)
        };
        let done = self.write_signed(write, || self.ring())?;
        self.keep_up_with_declarations();
        Ok(done)
    }
}

impl Group<'_> {
    /// Saves a record, as [`Journal::save`] does.
    ///
    /// # Errors
    /// As [`Journal::save`]; the group is to be given up then.
    pub fn save(
        &mut self,
        record: Record,
        moderation: Moderation,
        author: Option<&str>,
    ) -> Result<Saved, JournalError> {
        self.journal.check_ours(&record.iri)?;
        let before = own_records::find(self.link, &record.iri.to_string())?;
        let was_known = before.as_ref().is_some_and(|own| own.record.published.is_some());
        self.keep_as_it_stood(before.as_ref(), moderation)?;
        let mut own = own_after(before, record, moderation, author);
        if moderation == Moderation::Published {
            own.record.published.get_or_insert(whole_seconds(self.now));
        }
        let saved = self.journal.issue_among(self.link, &mut self.logs, own.clone(), self.now)?;
        if moderation == Moderation::Published {
            let author = own.author.as_deref();
            let news = News { record: &own.record, is_own: true, author, was_known };
            let known = (&*self.journal.rules, &*self.journal.declarations);
            notices::tell(self.link, &news, self.now, known)?;
        }
        Ok(saved)
    }

    /// What is shown no more is kept as it stood, so that whoever proposes it again can be told from it; what is shown again is its own measure.
    fn keep_as_it_stood(&mut self, before: Option<&OwnRecord>, moderation: Moderation) -> Result<(), JournalError> {
        let is_shown = moderation == Moderation::Published;
        match before {
            Some(before) if before.moderation == Moderation::Published && !is_shown => {
                Ok(stood::keep(self.link, &before.record)?)
            }
            Some(before) if before.moderation != Moderation::Published && is_shown => {
                Ok(stood::forget(self.link, &before.record.iri.to_string())?)
            }
            _ => Ok(()),
        }
    }

    /// Deletes a record, as [`Journal::delete`] does.
    ///
    /// # Errors
    /// As [`Journal::delete`]; the group is to be given up then.
    pub fn delete(&mut self, iri: &RecordIri, replaced_by: Option<&RecordIri>) -> Result<Saved, JournalError> {
        self.journal.check_ours(iri)?;
        let name = iri.to_string();
        let own = own_records::find(self.link, &name)?.ok_or_else(|| JournalError::NotOurs(name.clone()))?;
        let held = states::of_record(self.link, &name)?;
        let channels: Vec<Channel> = held.iter().map(|state| state.channel).collect();
        let saved = self.journal.end(self.link, &mut self.logs, (&own, &channels), replaced_by, self.now)?;
        own_records::erase(self.link, &name)?;
        pes_store::notices::forget(self.link, &name)?;
        Ok(saved)
    }

    /// The transaction, for what else belongs into it.
    pub fn link(&mut self) -> &mut Link {
        self.link
    }
}

impl OpenLogs {
    /// The newest log of a channel of ours, as it stands within this transaction.
    pub(crate) fn of(&mut self, link: &mut Link, node: &str, channel: Channel) -> Result<&mut Log, JournalError> {
        let at = match self.0.iter().position(|log| log.channel == channel) {
            Some(at) => at,
            None => {
                self.0.push(match logs::newest(link, node, channel)? {
                    Some(log) => log,
                    None => logs::find_or_insert(link, node, channel, 1)?,
                });
                self.0.len() - 1
            }
        };
        Ok(&mut self.0[at])
    }

    /// Signs the head of each, and keeps it.
    pub(crate) fn close(&mut self, link: &mut Link, identity: &Identity) -> Result<(), JournalError> {
        self.0.drain(..).try_for_each(|mut log| enter::close(link, &mut log, identity))
    }
}

//! Makes change-sets of a record that was saved here, and enters them: one for each channel in which something changes.

use crate::enter::Given;
use crate::epochs::Standing;
use crate::founding::whole_seconds;
use crate::group::OpenLogs;
use crate::{Journal, JournalError, enter, leaving};
use pes_changeset::commitment::new_salt;
use pes_changeset::header::PROTOCOL;
use pes_changeset::terms::{DELETE, UPSERT};
use pes_changeset::{Act, ChangeSet, Channel, Commitment, Header, LogId, Target};
use pes_domain::{Record, RecordIri};
use pes_rdf::Payload;
use pes_store::logs::Log;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::states::State;
use pes_store::{Link, own_records, records, states};
use time::UtcDateTime;
use uuid::Uuid;

/// The channels that carry records, in the order in which a save is written: first where it narrows.
pub(crate) const CHANNELS: [Channel; 2] = [Channel::Public, Channel::Affiliates];

/// How long a record stays after it expired, hidden from everybody but its author.
const KEPT_EXPIRED: time::Duration = time::Duration::days(30);

/// What a save wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The record's version after it; unchanged where no channel changed.
    pub version: u64,
    /// The change-sets it made: channel and place in the log.
    pub change_sets: Vec<(Channel, u64)>,
}

/// An operation on a channel, before it is numbered and signed.
enum Change {
    Upsert(Box<Record>),
    Withdraw,
    Delete(Option<RecordIri>),
}

/// A payload that was written here, and what every other node will read it as.
pub(crate) struct Written {
    text: String,
    read: Payload,
}

impl Journal {
    /// Saves a record of this node, whole, and publishes of it what each channel's audience may see: nothing unless its
    /// moderation is [`Moderation::Published`]. What was published before and no longer may be is withdrawn. All of it in
    /// one transaction.
    ///
    /// # Errors
    /// [`JournalError::NotOurs`] for another's record; nothing is written on any error.
    pub fn save(
        &self,
        record: Record,
        moderation: Moderation,
        author: Option<&str>,
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        self.gather(now, |group| group.save(record, moderation, author))
    }

    /// Deletes a record of this node, in every channel that ever held it, and its whole here. There is no way back.
    ///
    /// # Errors
    /// [`JournalError::NotOurs`] for another's record, or one that never was.
    pub fn delete(
        &self,
        iri: &RecordIri,
        replaced_by: Option<RecordIri>,
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        self.gather(now, |group| group.delete(iri, replaced_by.as_ref()))
    }

    /// Deletes what expired thirty days ago or earlier: until then its author may prolong it. Tells how many.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn delete_expired(&self, now: UtcDateTime) -> Result<usize, JournalError> {
        let expired = self.store.read(|link| own_records::expired(link, now - KEPT_EXPIRED))?;
        for iri in &expired {
            self.delete(iri, None, now)?;
        }
        Ok(expired.len())
    }

    /// Writes what has to change in each channel so that it carries what it should of all that is published. What no other node would show
    /// is not written, and what is to be taken back of it is taken back all the same.
    pub(crate) fn issue_all(&self, link: &mut Link, now: UtcDateTime) -> Result<(), JournalError> {
        let (closed, mut logs) = (leaving::closed(link, &self.identity)?, OpenLogs::default());
        for own in own_records::published(link)? {
            let mut changes = Vec::new();
            for (channel, change) in changes_of(link, &own, &closed)? {
                let is_shown = match &change {
                    Change::Upsert(record) => self.is_shown(record, channel)?,
                    _ => true,
                };
                changes.extend(is_shown.then_some((channel, change)));
            }
            self.write_and_keep(link, &mut logs, (own, changes), now)?;
        }
        logs.close(link, &self.identity)
    }

    /// Writes what has to change in each channel so that it carries what it should of a record, and keeps the record. Whoever opened the logs
    /// closes them.
    pub(crate) fn issue_among(
        &self,
        link: &mut Link,
        logs: &mut OpenLogs,
        own: OwnRecord,
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        let closed = leaving::closed(link, &self.identity)?;
        let changes = changes_of(link, &own, &closed)?;
        self.write_and_keep(link, logs, (own, changes), now)
    }

    fn write_and_keep(
        &self,
        link: &mut Link,
        logs: &mut OpenLogs,
        (own, changes): (OwnRecord, Vec<(Channel, Change)>),
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        let saved = self.write(link, logs, (&own.record.iri, own.version), changes, now)?;
        own_records::put(link, &OwnRecord { version: saved.version, ..own })?;
        Ok(saved)
    }

    /// Writes the end of a record into these channels.
    pub(crate) fn end(
        &self,
        link: &mut Link,
        logs: &mut OpenLogs,
        (own, channels): (&OwnRecord, &[Channel]),
        replaced_by: Option<&RecordIri>,
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        let changes = channels.iter().map(|channel| (*channel, Change::Delete(replaced_by.cloned()))).collect();
        self.write(link, logs, (&own.record.iri, own.version), changes, now)
    }

    pub(crate) fn check_ours(&self, iri: &RecordIri) -> Result<(), JournalError> {
        match iri.origin() == self.identity.origin.as_str() {
            true => Ok(()),
            false => Err(JournalError::NotOurs(iri.to_string())),
        }
    }

    /// Numbers, signs and enters the changes of one save.
    fn write(
        &self,
        link: &mut Link,
        logs: &mut OpenLogs,
        (iri, version): (&RecordIri, u64),
        changes: Vec<(Channel, Change)>,
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        if changes.is_empty() {
            return Ok(Saved { version, change_sets: Vec::new() });
        }
        let kind = format!("{}{}", pes_changeset::terms::KINDS, iri.kind_notation());
        let target = Target { record: iri.to_string(), kind, version: version + 1 };
        let save = (changes.len() > 1).then(|| Uuid::new_v4().simple().to_string());
        let mut change_sets = Vec::new();
        for (channel, change) in changes {
            let log = logs.of(link, &self.identity.node_id, channel)?;
            change_sets.push((channel, self.write_one(link, log, change, (&target, save.as_ref()), now)?));
        }
        Ok(Saved { version: target.version, change_sets })
    }

    fn write_one(
        &self,
        link: &mut Link,
        log: &mut Log,
        change: Change,
        (target, save): (&Target, Option<&String>),
        now: UtcDateTime,
    ) -> Result<u64, JournalError> {
        let (act, payload) = self.act_of(change, target, log.channel)?;
        let change_set = self.sign(log, act, save, now)?;
        let payload = payload.as_ref().map(Written::given);
        self.enter_own(link, (log, &mut Standing::Current), &change_set, payload)?;
        Ok(change_set.header().seq)
    }

    /// The next change-set of a log of ours.
    pub(crate) fn sign(
        &self,
        log: &Log,
        act: Act,
        save: Option<&String>,
        now: UtcDateTime,
    ) -> Result<ChangeSet, JournalError> {
        let header = Header {
            protocol: PROTOCOL,
            log: LogId::new(self.identity.origin.clone(), log.channel, log.epoch),
            seq: log.size(),
            created: whole_seconds(now),
            save: save.cloned(),
            act,
        };
        ChangeSet::sign(&header, &self.identity.log_key).map_err(JournalError::Sign)
    }

    /// The next change-set of a log of ours: a record as the log's audience may see it, with its payload.
    pub(crate) fn upsert(
        &self,
        log: &Log,
        record: Record,
        target: &Target,
        now: UtcDateTime,
    ) -> Result<(ChangeSet, Option<Written>), JournalError> {
        let (act, payload) = self.act_of(Change::Upsert(Box::new(record)), target, log.channel)?;
        Ok((self.sign(log, act, None, now)?, payload))
    }

    fn act_of(
        &self,
        change: Change,
        target: &Target,
        channel: Channel,
    ) -> Result<(Act, Option<Written>), JournalError> {
        let on = target.clone();
        Ok(match change {
            Change::Upsert(record) => {
                let payload = self.payload_of(&record, channel)?;
                let commitment = Commitment::to(payload.text.as_bytes()).map_err(JournalError::Sign)?;
                (Act::Upsert { on, payload: commitment, expires: record.expires }, Some(payload))
            }
            Change::Withdraw => (Act::Withdraw { on }, None),
            Change::Delete(replaced_by) => {
                (Act::Delete { on, replaced_by: replaced_by.map(|iri| iri.to_string()) }, None)
            }
        })
    }

    /// Whether other nodes would show a record. What they would not, by rules that came after it, stays here and spoils nothing beside it;
    /// whoever runs the node is told.
    pub(crate) fn is_shown(&self, record: &Record, channel: Channel) -> Result<bool, JournalError> {
        match self.payload_of(record, channel) {
            Err(JournalError::NotShown { record, why }) => {
                tracing::error!(
                    record,
                    why,
                    "it is not issued again, since no node would show it; correct it and save it again"
                );
                Ok(false)
            }
            written => written.map(|_| true),
        }
    }

    /// Writes a payload, and reads it as every other node will: nothing is signed that they would not show.
    fn payload_of(&self, record: &Record, channel: Channel) -> Result<Written, JournalError> {
        let text = pes_rdf::write(record, &new_salt().map_err(JournalError::Sign)?);
        let read = Payload::read(text.as_bytes(), &record.iri).and_then(|read| {
            read.record(record.kind(), enter::audience(channel), &self.rules)?;
            Ok(read)
        });
        let read =
            read.map_err(|why| JournalError::NotShown { record: record.iri.to_string(), why: why.to_string() })?;
        Ok(Written { text, read })
    }
}

impl Written {
    /// As it is entered: it need not be read again.
    pub(crate) fn given(&self) -> Given<'_> {
        Given { text: &self.text, read: Some(&self.read) }
    }
}

/// The whole of a record as it is kept after a save. What came before is known better here than by whoever saves.
pub(crate) fn own_after(
    before: Option<OwnRecord>,
    mut record: Record,
    moderation: Moderation,
    author: Option<&str>,
) -> OwnRecord {
    let (version, author) = match before {
        Some(before) => {
            record.published = before.record.published;
            record.created = before.record.created;
            (before.version, before.author)
        }
        None => {
            record.published = None;
            (0, author.map(str::to_owned))
        }
    };
    // A clock that was ahead when the record was made keeps nobody from changing it today.
    record.modified = record.modified.max(record.created);
    OwnRecord { moderation, author, version, record }
}

/// What has to change in each channel so that it carries what its audience may see of the record as it is now.
fn changes_of(link: &mut Link, own: &OwnRecord, closed: &[Channel]) -> Result<Vec<(Channel, Change)>, JournalError> {
    let iri = own.record.iri.to_string();
    let held = states::of_record(link, &iri)?;
    let mut changes = Vec::new();
    for channel in CHANNELS {
        let is_live = held.iter().any(|state: &State| state.channel == channel && state.operation == UPSERT);
        let is_ended = held.iter().any(|state| state.operation == DELETE);
        let wanted = match own.moderation {
            Moderation::Published if !is_ended && !leaving::is_closed(closed, channel, own.record.kind()) => {
                own.record.projection(enter::audience(channel))
            }
            _ => None,
        };
        match wanted {
            Some(wanted) if is_live && says_the_same(link, &wanted, channel)? => {}
            Some(wanted) => changes.push((channel, Change::Upsert(Box::new(wanted)))),
            None if is_live => changes.push((channel, Change::Withdraw)),
            None => {}
        }
    }
    // Where a save takes a record away from some and gives it to others, it is taken away first.
    changes.sort_by_key(|(_, change)| matches!(change, Change::Upsert(_)));
    Ok(changes)
}

/// Whether the channel already carries the same, but for the time of the save.
fn says_the_same(link: &mut Link, wanted: &Record, channel: Channel) -> Result<bool, JournalError> {
    let held = records::of_channel(link, &wanted.iri.to_string(), channel)?;
    Ok(held.is_some_and(|held| Record { modified: wanted.modified, ..held.record } == *wanted))
}

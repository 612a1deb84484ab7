//! What nodes tell each other about change-sets: "I have erased this", "my reader refuses this", "I hide this".
//!
//! Each is a row of the outbox, written in the transaction it follows from; what others say is kept for operators to see.

use crate::roll::{self, Standing};
use crate::{Identity, Journal, JournalError, Refusal};
use pes_changeset::note::Note;
use pes_changeset::receipt::Erasure;
use pes_changeset::{ChangeSet, LogId};
use pes_store::outbox::{self, Letter};
use pes_store::{Bell, Link, peers};
use serde::{Deserialize, Serialize};
use time::UtcDateTime;
use uuid::Uuid;

/// A message about a change-set or a record, in ActivityStreams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `urn:uuid:` and a UUID.
    pub id: String,
    /// What it says.
    #[serde(rename = "type")]
    pub kind: MessageKind,
    /// When it was written.
    pub published: String,
    /// The change-set or record it is about.
    pub object: String,
    /// The receipt, or the reason.
    pub content: String,
}

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageKind {
    /// An erasure receipt.
    Accept,
    /// The typed reader refused a change-set.
    Reject,
    /// A record is hidden at the sender's.
    Flag,
}

impl Message {
    /// That a record is hidden at the sender's.
    pub(crate) fn flag(record: &str, reason: &str, now: UtcDateTime) -> Self {
        Self::new(MessageKind::Flag, record.to_owned(), reason.to_owned(), now)
    }

    fn new(kind: MessageKind, object: String, content: String, now: UtcDateTime) -> Self {
        let published = now.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
        Self { id: format!("urn:uuid:{}", Uuid::new_v4()), kind, published, object, content }
    }
}

impl Journal {
    /// Keeps what a member said about a change-set or record of ours.
    ///
    /// # Errors
    /// [`JournalError::Refused`] for a receipt that does not prove itself.
    pub fn hear(&self, from: &str, message: &Message, now: UtcDateTime) -> Result<(), JournalError> {
        match message.kind {
            MessageKind::Accept => self.keep_erasure(from, message),
            MessageKind::Reject => self.count_refusal(from, "reader", &about(message), now.unix_timestamp()),
            // A member that hides what this hub's roll says of it has left.
            MessageKind::Flag if self.is_entry_of(from, &message.object)? => {
                self.set_standing(from, Standing::Left, now)
            }
            MessageKind::Flag => self.count_refusal(from, "hidden", &about(message), now.unix_timestamp()),
        }
    }

    /// Tells a record's home that it is hidden here.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn tell_hidden(
        &self,
        record: &pes_domain::RecordIri,
        reason: &str,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let message = Message::flag(&record.to_string(), reason, now);
        self.store.write(|link| post(link, record.origin(), &message, now).map(drop))?;
        self.store.ring(Bell::Errands);
        Ok(())
    }

    fn is_entry_of(&self, member: &str, object: &str) -> Result<bool, JournalError> {
        let entry = self.store.read(|link| roll::entry(link, &self.identity.node_id, member))?;
        Ok(entry.is_some_and(|entry| entry.to_string() == object))
    }

    fn keep_erasure(&self, from: &str, message: &Message) -> Result<(), JournalError> {
        let node = self.pinned(from)?;
        let note = Note::read(&message.content)?;
        let erasure = Erasure::verify(&note, &node.origin.note_name(), &node.log_key)?;
        let log = &erasure.log;
        let named = crate::supply::Named { node: &self.identity.node_id, channel: log.channel, epoch: log.epoch };
        let ours = match log.origin == self.identity.origin {
            true => self.change_set(named, erasure.seq)?,
            false => None,
        };
        if ours.is_none_or(|ours| ours.leaf_hash() != erasure.leaf || message.object != log.change_set_iri(erasure.seq))
        {
            return Err(Refusal::NotTheirs { record: message.object.clone() }.into());
        }
        let (given, delete) = (erasure.at.unix_timestamp(), log.change_set_iri(erasure.seq));
        Ok(self.store.write(|link| peers::put_erasure(link, from, &delete, &message.content, given))?)
    }
}

/// Tells the home of a deleted record, in writing, that nothing of it is left here.
pub(crate) fn acknowledge_erasure(
    link: &mut Link,
    identity: &Identity,
    delete: &ChangeSet,
    now: UtcDateTime,
) -> Result<(), JournalError> {
    let header = delete.header();
    let at = crate::founding::whole_seconds(now);
    let erasure = Erasure { log: header.log.clone(), seq: header.seq, leaf: delete.leaf_hash(), at };
    let note = erasure.sign(&identity.origin.note_name(), &identity.log_key).map_err(JournalError::Sign)?;
    let message = Message::new(MessageKind::Accept, header.iri(), note.write(), now);
    post(link, header.log.origin.as_str(), &message, now).map(drop)
}

/// Tells an author that the typed reader refused what they signed.
pub(crate) fn report_unreadable(
    link: &mut Link,
    log: &LogId,
    change_set: &str,
    reason: &str,
    now: UtcDateTime,
) -> Result<(), JournalError> {
    let message = Message::new(MessageKind::Reject, change_set.to_owned(), reason.to_owned(), now);
    post(link, log.origin.as_str(), &message, now).map(drop)
}

/// Gives a message up for delivery; tells the number of its row.
pub(crate) fn post(link: &mut Link, origin: &str, message: &Message, now: UtcDateTime) -> Result<String, JournalError> {
    let letter = Letter {
        id: message.id.trim_start_matches("urn:uuid:").to_owned(),
        origin: origin.to_owned(),
        body: serde_json::to_string(message).expect("a message has only texts"),
        created: now.unix_timestamp(),
        failures: 0,
        next_try: now.unix_timestamp(),
        // Only people wait for an answer; nobody has to be told that a receipt is late.
        was_told: true,
    };
    outbox::insert(link, &letter)?;
    Ok(letter.id)
}

fn about(message: &Message) -> String {
    format!("{}: {}", message.object, message.content).chars().take(500).collect()
}

//! The walk to somebody who holds what a departing network takes back: brings them the end of its logs, and keeps their receipts.
//!
//! Other networks of a hub are no peers of ours, and what the hub brings them is acknowledged to the hub. So the author goes to each
//! of them once more, by the push that every node knows.

use crate::ask::CHANGE_SETS;
use crate::{Answer, Ask, Outcome, SyncError};
use pes_changeset::batch::Batch;
use pes_changeset::note::NoteSignature;
use pes_changeset::{Channel, Checkpoint, Origin};
use pes_journal::leaving::Holder;
use pes_journal::{Journal, JournalError};
use std::collections::VecDeque;

/// More answers than this from one holder that take nothing more of a log lead nowhere.
const TRIES: usize = 64;

/// A walk to one holder.
#[derive(Debug)]
pub struct Farewell {
    node: String,
    origin: Origin,
    /// The logs to bring, each with how much of it the holder is taken to have.
    waiting: VecDeque<(i64, u64)>,
    sent: Option<Batch>,
    /// The most that the holder said it has of the log that is brought.
    taken: u64,
    tries: usize,
}

impl Farewell {
    /// A walk to this holder.
    pub fn to(holder: &Holder) -> Self {
        let (node, origin) = (holder.node.id.clone(), holder.node.origin.clone());
        Self { node, origin, waiting: holder.waits_for.clone().into(), sent: None, taken: 0, tries: 0 }
    }

    /// What to bring next; `None` when everything is acknowledged.
    ///
    /// # Errors
    /// [`SyncError`] when the journal fails.
    pub fn step(&mut self, journal: &Journal) -> Result<Option<Ask>, SyncError> {
        let Some((log, size)) = self.waiting.front().copied() else { return Ok(None) };
        let Some((channel, batch)) = journal.end_of(log, size)? else { return Ok(None) };
        journal.wait_for_heads()?;
        let ask = self.ask(&journal.identity().node_id, channel, &batch)?;
        self.sent = Some(batch);
        Ok(Some(ask))
    }

    fn ask(&self, author: &str, channel: Channel, batch: &Batch) -> Result<Ask, SyncError> {
        Ok(Ask::post(&self.origin, format!("/in/{author}/{channel}"), CHANGE_SETS, batch.write()?))
    }

    /// Takes what came of it. An error says in words why this holder has to be asked again later.
    ///
    /// # Errors
    /// In words, why it was not acknowledged.
    pub fn take(&mut self, journal: &Journal, outcome: Outcome) -> Result<(), String> {
        let answer = outcome?;
        let Some((log, size)) = self.waiting.front_mut() else { return Ok(()) };
        self.tries += 1;
        match (answer.status, answer.text().trim().parse::<u64>()) {
            (200, _) => {
                acknowledged(journal, &self.node, (*log, self.sent.as_ref()), &answer).map_err(|e| e.to_string())?;
                self.waiting.pop_front();
                (self.taken, self.tries) = (0, 0);
                Ok(())
            }
            (202 | 409, Ok(held)) if self.tries < TRIES => {
                // As long as it takes more of what there is, it is not asked in vain.
                let there_is =
                    self.sent.as_ref().and_then(|batch| Checkpoint::read(&batch.checkpoint.as_ref()?.text).ok());
                if held > self.taken && there_is.is_some_and(|head| held <= head.size) {
                    (self.taken, self.tries) = (held, 0);
                }
                *size = held;
                Ok(())
            }
            (status, _) => Err(format!("status {status}: {}", answer.detail())),
        }
    }
}

fn acknowledged(
    journal: &Journal,
    node: &str,
    (log, sent): (i64, Option<&Batch>),
    answer: &Answer,
) -> Result<(), JournalError> {
    let text = answer.text();
    let signature = NoteSignature::read(text.lines().next().unwrap_or_default())?;
    let Some(head) = sent.and_then(|batch| batch.checkpoint.as_ref()) else { return Ok(()) };
    journal.keep_receipt(node, log, head, &signature)
}

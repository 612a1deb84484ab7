//! Carries messages to other nodes. Each is a row until it is taken.

use crate::ask::JSON;
use crate::{Ask, Outcome, SyncError, patience};
use pes_journal::{Journal, JournalError};
use pes_people::People;
use pes_people::letters::Due;
use time::UtcDateTime;

/// What is to be done with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Ask this, and tell what came of it.
    Ask(Box<Ask>),
    /// Its node is not pinned here; wait.
    Wait,
}

/// What to ask for a message that is due: only pinned nodes are written to.
///
/// # Errors
/// [`SyncError`] when the journal fails.
pub fn errand(journal: &Journal, letter: &Due) -> Result<Errand, SyncError> {
    // What cannot be noted as taken would be carried again and again.
    journal.store().check_kept().map_err(JournalError::from)?;
    let node = letter.origin.parse().ok().map(|origin| journal.pinned_at(&origin)).transpose()?.flatten();
    Ok(match node {
        Some(node) => {
            Errand::Ask(Box::new(Ask::post(&node.origin, "/in/messages", JSON, letter.body.clone().into_bytes())))
        }
        None => Errand::Wait,
    })
}

/// Takes what came of a try. What the other node will never take is given up; everything else is tried again.
///
/// # Errors
/// [`SyncError`] when the database fails.
pub fn take(people: &People, letter: &Due, outcome: &Outcome, now: UtcDateTime, dice: f64) -> Result<(), SyncError> {
    match outcome {
        Ok(answer) if (200..300).contains(&answer.status) => people.taken(&letter.id)?,
        Ok(answer) if matches!(answer.status, 400 | 404 | 410 | 413 | 422) => {
            tracing::warn!(
                to = letter.origin,
                status = answer.status,
                detail = answer.detail(),
                "a message is refused"
            );
            people.give_up(&letter.id)?;
        }
        Ok(_) | Err(_) => {
            let next_try = patience::next_try(letter.failures + 1, now.unix_timestamp(), dice);
            people.not_taken(&letter.id, next_try, now)?;
        }
    }
    Ok(())
}

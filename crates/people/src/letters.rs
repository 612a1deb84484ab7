//! Messages on their way to other nodes: what is due, and what became of each try.

use crate::conversations::KEPT;
use crate::{People, PeopleError};
pub use pes_store::outbox::LONGEST_WAIT;
use pes_store::outbox::{self, Letter};
use pes_store::{Bell, conversations};
use time::{Duration, UtcDateTime};

/// After this long without delivery the sender is told; tries go on.
const LATE: Duration = Duration::hours(72);

/// A message that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: String,
    /// The origin of the node it is for.
    pub origin: String,
    /// The message in JSON.
    pub body: String,
    /// How many tries have failed.
    pub failures: u64,
}

impl People {
    /// The messages whose time has come, the oldest first.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn letters_due(&self, now: UtcDateTime) -> Result<Vec<Due>, PeopleError> {
        let due = self.store.read(|link| outbox::due(link, now.unix_timestamp()))?;
        Ok(due.into_iter().map(Due::from).collect())
    }

    /// Another node has taken a message of ours.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn taken(&self, letter: &str) -> Result<(), PeopleError> {
        Ok(self.store.write(|link| {
            for side in [conversations::Side::Answerer, conversations::Side::Home] {
                conversations::mark_taken(link, letter, side.as_str())?;
            }
            outbox::remove(link, letter)
        })?)
    }

    /// A try failed: the next one is due at `next_try`. Whoever wrote it is told when it is late. What nobody took for as long as a word is kept is
    /// given up.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn not_taken(&self, letter: &str, next_try: i64, now: UtcDateTime) -> Result<(), PeopleError> {
        self.store.write(|link| {
            let Some(mut letter) = outbox::find(link, letter)? else { return Ok::<_, PeopleError>(()) };
            let age = now.unix_timestamp() - letter.created;
            if age > KEPT.whole_seconds() {
                return Ok(outbox::remove(link, &letter.id)?);
            }
            letter.failures += 1;
            letter.next_try = next_try;
            if !letter.was_told && age > LATE.whole_seconds() {
                conversations::mark_late(link, &letter.id)?;
                letter.was_told = true;
            }
            Ok(outbox::update(link, &letter)?)
        })?;
        self.store.ring(Bell::Errands);
        Ok(())
    }

    /// The other node will never take a message: its sender is told, and it is given up.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn give_up(&self, letter: &str) -> Result<(), PeopleError> {
        self.store.write(|link| {
            conversations::mark_late(link, letter)?;
            outbox::remove(link, letter)
        })?;
        self.store.ring(Bell::Errands);
        Ok(())
    }
}

impl From<Letter> for Due {
    fn from(letter: Letter) -> Self {
        let Letter { id, origin, body, failures, .. } = letter;
        Self { id, origin, body, failures: failures.unsigned_abs() }
    }
}

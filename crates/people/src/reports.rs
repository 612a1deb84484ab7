//! What visitors say against records, until an animator has looked at it. Who said it is not kept, and nothing of it travels.

use crate::{People, PeopleError};
use pes_domain::Draft;
use pes_domain::report::{self, Report};
use pes_store::reports::{self, Closing};
use time::{Duration, UtcDateTime};

/// How long a report is kept after it was closed.
const KEPT: Duration = Duration::days(90);

impl People {
    /// Keeps what somebody says against a record, unless enough of it waits already: then it is as good as said.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn report(&self, record: &str, said: &Report, now: UtcDateTime) -> Result<(), PeopleError> {
        self.store.write(|link| reports::file(link, (record, said), now.unix_timestamp()))?;
        Ok(())
    }

    /// Closes reports, those that were seen and no other, in the name of an animator, with a note if there is one. Tells how many were open.
    ///
    /// # Errors
    /// [`PeopleError::Typed`].
    pub fn close_reports(
        &self,
        ids: &[String],
        (by, typed): (&str, &Draft),
        now: UtcDateTime,
    ) -> Result<usize, PeopleError> {
        let answer = report::answer(typed)?;
        let closing = Closing { account: Some(by.to_owned()), answer, at: now.unix_timestamp() };
        Ok(self.store.write(|link| reports::close(link, ids, &closing))?)
    }

    /// Closes all open reports of a record, in the name of an animator who has just seen to it.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn close_reports_of(&self, record: &str, by: &str, now: UtcDateTime) -> Result<usize, PeopleError> {
        let closing = Closing { account: Some(by.to_owned()), answer: None, at: now.unix_timestamp() };
        Ok(self.store.write(|link| {
            let ids: Vec<String> = reports::of_record(link, record)?.into_iter().map(|filed| filed.id).collect();
            reports::close(link, &ids, &closing)
        })?)
    }

    /// Erases reports three months after they were closed.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn clear_reports(&self, now: UtcDateTime) -> Result<usize, PeopleError> {
        Ok(self.store.write(|link| reports::clear(link, (now - KEPT).unix_timestamp()))?)
    }
}

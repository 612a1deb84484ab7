//! What this network takes of others, what it gives to them at first, and what its home page shows of them.
//!
//! Everything is received all the same: log, state and payload do not depend on what is taken, so neither does the digest. Only
//! the rows that readers see are marked, and they are there, so that another choice shows or hides what is held without asking anybody.

use crate::enter::World;
use crate::{Journal, JournalError};
use pes_domain::{FrontPage, Gives, Takes};
use pes_store::records::Sheet;
use pes_store::{Bell, Link, StoreError, records, settings};

const TAKES: &str = "takes";
const GIVES: &str = "gives";
const FRONT_PAGE: &str = "front-page";

/// How many rows are looked at at once.
const PORTION: u64 = 1_000;

impl Journal {
    /// What this network takes.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn takes(&self) -> Result<Takes, JournalError> {
        self.store.read(takes)
    }

    /// Takes this from now on, also of what is held already. Tells how many rows are shown or hidden by it. Nobody is told of what is shown
    /// again: it is no news.
    ///
    /// # Errors
    /// [`JournalError::Store`]; then nothing has changed.
    pub fn take(&self, takes: &Takes) -> Result<u64, JournalError> {
        self.store.write(|link| {
            settings::put(link, TAKES, &json(takes))?;
            let (mut record, mut channel, mut changed) = (String::new(), String::new(), 0);
            loop {
                let portion = records::after(link, &record, &channel, PORTION)?;
                let Some((last, _)) = portion.last() else { return Ok(changed) };
                (record, channel) = (last.record.iri.to_string(), last.channel.to_string());
                for (sheet, was_taken) in portion {
                    let is_taken = self.is_own(&sheet) || takes.takes(&sheet.record, &self.rules);
                    if is_taken != was_taken {
                        records::take(link, (&sheet.record.iri.to_string(), sheet.channel), is_taken)?;
                        changed += 1;
                    }
                }
            }
        })
    }

    fn is_own(&self, sheet: &Sheet) -> bool {
        sheet.node == self.identity.node_id
    }

    /// For whom a new record of each kind is at first.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn gives(&self) -> Result<Gives, JournalError> {
        Ok(read(self.store.read(|link| settings::get(link, GIVES))?, GIVES)?)
    }

    /// What the home page shows of the other networks.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn front_page(&self) -> Result<FrontPage, JournalError> {
        Ok(read(self.store.read(|link| settings::get(link, FRONT_PAGE))?, FRONT_PAGE)?)
    }

    /// Shows this on the home page from now on.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn show_in_front(&self, front_page: &FrontPage) -> Result<(), JournalError> {
        self.store.write(|link| settings::put(link, FRONT_PAGE, &json(front_page)))?;
        // What was shown until now stands in the window no longer.
        self.store.ring(Bell::Shown);
        Ok(())
    }

    /// Begins new records so from now on. What stands already stays as its author chose.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn give(&self, gives: &Gives) -> Result<(), JournalError> {
        Ok(self.store.write(|link| settings::put(link, GIVES, &json(gives)))?)
    }
}

/// Marks a sheet that was just put as this network takes it. Its own are always taken.
pub(crate) fn judge(link: &mut Link, sheet: &Sheet, world: World<'_>) -> Result<bool, JournalError> {
    let is_own = sheet.node == world.identity.node_id;
    if is_own || world.takes.is_everything() || world.takes.takes(&sheet.record, world.rules) {
        return Ok(true);
    }
    records::take(link, (&sheet.record.iri.to_string(), sheet.channel), false)?;
    Ok(false)
}

/// What this network takes. Read in each transaction: another process of this node may have changed it.
pub(crate) fn takes(link: &mut Link) -> Result<Takes, JournalError> {
    Ok(read(settings::get(link, TAKES)?, TAKES)?)
}

fn read<T: Default + serde::de::DeserializeOwned>(row: Option<String>, name: &str) -> Result<T, StoreError> {
    let Some(row) = row else { return Ok(T::default()) };
    serde_json::from_str(&row).map_err(|e| StoreError::Damaged { table: "settings", why: format!("{name}: {e}") })
}

fn json(choice: &impl serde::Serialize) -> String {
    serde_json::to_string(choice).expect("a choice has only texts")
}

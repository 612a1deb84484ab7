//! What the operator does with accounts, from the terminal: finds them, gives roles, takes them away.

use crate::roster::{check_not_last, put_role};
use crate::{People, PeopleError};
use pes_store::accounts::{self, Account, Role};
use pes_store::lists;

impl People {
    /// All accounts, by address.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn accounts(&self) -> Result<Vec<Account>, PeopleError> {
        Ok(self.store.read(accounts::all)?)
    }

    /// The account with this address, whatever its case.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`].
    pub fn account_at(&self, email: &str) -> Result<Account, PeopleError> {
        self.store.read(|link| accounts::by_email(link, email.trim()))?.ok_or(PeopleError::Unknown)
    }

    /// Gives a role. Who was signed in with another has to sign in again.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], [`PeopleError::LastAdministrator`].
    pub fn set_role(&self, account: &str, role: Role) -> Result<(), PeopleError> {
        self.store.write(|link| {
            let before = accounts::find(link, account)?.ok_or(PeopleError::Unknown)?;
            put_role(link, before, role).map(drop)
        })
    }

    /// Erases an account, with its sessions, rights, notices and conversations. Returns how many records it wrote: they stay.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], [`PeopleError::LastAdministrator`].
    pub fn erase(&self, account: &str) -> Result<usize, PeopleError> {
        self.store.write(|link| {
            let known = accounts::find(link, account)?.ok_or(PeopleError::Unknown)?;
            check_not_last(link, &known)?;
            let records = lists::of_author(link, account)?.len();
            accounts::erase(link, account)?;
            Ok(records)
        })
    }
}

//! Who is signed in: a token in a cookie, its digest in the database.

use crate::{People, PeopleError, Viewer, password};
use pes_store::accounts::Role;
use pes_store::sessions::Session;
use pes_store::tokens::{digest, new_token};
use pes_store::{accounts, rights, sessions};
use time::{Duration, UtcDateTime};

/// How long a session lasts.
pub const SESSION: Duration = Duration::days(30);

/// Somebody has just signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// What goes into their cookie, and nowhere else.
    pub token: String,
    /// When it ends.
    pub expires: UtcDateTime,
}

impl People {
    /// Signs somebody in by address and password.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], after the same time whichever of the two is wrong.
    pub fn sign_in(&self, email: &str, typed: &str, now: UtcDateTime) -> Result<SignedIn, PeopleError> {
        let account = self.store.read(|link| accounts::by_email(link, email.trim()))?;
        let Some(account) = account else {
            password::pretend(typed);
            return Err(PeopleError::Unknown);
        };
        if !password::fits(typed, &account.password) {
            return Err(PeopleError::Unknown);
        }
        self.begin(&account.id, now)
    }

    /// Begins a session for an account whose right to it is already known.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn begin(&self, account: &str, now: UtcDateTime) -> Result<SignedIn, PeopleError> {
        let (token, expires) = (new_token(), now + SESSION);
        let session = Session {
            token_digest: digest(&token),
            account: account.to_owned(),
            csrf: new_token(),
            created: now.unix_timestamp(),
            expires: expires.unix_timestamp(),
        };
        self.store.write(|link| {
            sessions::clear(link, now.unix_timestamp())?;
            sessions::insert(link, &session)
        })?;
        Ok(SignedIn { token, expires })
    }

    /// Who comes with this token; `None` for a token that is no session's, or no longer.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn viewer(&self, token: &str, now: UtcDateTime) -> Result<Option<Viewer>, PeopleError> {
        self.store.read(|link| {
            let Some(session) = sessions::find(link, token, now.unix_timestamp())? else { return Ok(None) };
            let Some(account) = accounts::find(link, &session.account)? else { return Ok(None) };
            let rights = rights::of_account(link, &account.id)?;
            let team = if account.role == Role::Editor { accounts::team(link)? } else { Vec::new() };
            Ok(Some(Viewer { account, rights, csrf: session.csrf, team }))
        })
    }

    /// Signs somebody out.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn sign_out(&self, token: &str) -> Result<(), PeopleError> {
        Ok(self.store.write(|link| sessions::end(link, token))?)
    }

    /// Changes a password, and ends all sessions but those begun after.
    ///
    /// # Errors
    /// [`PeopleError::Typed`] for a password that may not be chosen, [`PeopleError::Unknown`].
    pub fn set_password(&self, account: &str, new: &str) -> Result<(), PeopleError> {
        password::check(new).map_err(|problem| vec![problem])?;
        let hash = password::hash(new)?;
        self.store.write(|link| {
            let mut account = accounts::find(link, account)?.ok_or(PeopleError::Unknown)?;
            account.password = hash;
            accounts::update(link, &account)?;
            sessions::end_all(link, &account.id)?;
            Ok(())
        })
    }
}

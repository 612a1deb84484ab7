//! Makes accounts: by the form of the sign-up page, and by the terminal.

use crate::{People, PeopleError, password};
use pes_domain::contact::email;
use pes_domain::draft::visible;
use pes_domain::problem::{Findings, turns_writing};
use pes_domain::{Draft, Problem, Why};
use pes_store::accounts::{self, Account, Rhythm, Role};
use pes_store::notices::{self, Mail};
use time::UtcDateTime;
use uuid::Uuid;

/// The longest name.
pub(crate) const NAME: usize = 100;

impl People {
    /// Makes the account of somebody who signed up: a citizen's, which is no membership.
    ///
    /// # Errors
    /// [`PeopleError::Typed`], [`PeopleError::Taken`].
    pub fn sign_up(&self, draft: &Draft, now: UtcDateTime) -> Result<Account, PeopleError> {
        self.make(draft, Role::Citizen, now)
    }

    /// Makes an account with a role, as the terminal and the demonstration do.
    ///
    /// # Errors
    /// As [`People::sign_up`].
    pub fn create(&self, draft: &Draft, role: Role, now: UtcDateTime) -> Result<Account, PeopleError> {
        self.make(draft, role, now)
    }

    fn make(&self, draft: &Draft, role: Role, now: UtcDateTime) -> Result<Account, PeopleError> {
        let (name, address) = check(draft)?;
        let account = Account {
            id: Uuid::new_v4().to_string(),
            email: address.to_lowercase(),
            name,
            password: password::hash(draft.all("password").first().map_or("", String::as_str))?,
            role,
            is_accepted: role > Role::Citizen,
            wants_mail: true,
            rhythm: Rhythm::default(),
            person: None,
            created: now.unix_timestamp(),
        };
        self.store.write(|link| {
            if accounts::by_email(link, &account.email)?.is_some() {
                return Err(PeopleError::Taken);
            }
            accounts::insert(link, &account)?;
            Ok(())
        })?;
        Ok(account)
    }

    /// Changes an account in one transaction.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] where there is no such account.
    pub fn change(&self, account: &str, change: impl FnOnce(&mut Account)) -> Result<Account, PeopleError> {
        self.store.write(|link| {
            let mut account = accounts::find(link, account)?.ok_or(PeopleError::Unknown)?;
            change(&mut account);
            accounts::update(link, &account)?;
            Ok(account)
        })
    }

    /// How often somebody is written to about what concerns them from now on; `None`: never. What waits already goes the same way.
    ///
    /// # Errors
    /// As [`People::change`].
    pub fn prefer(&self, account: &str, rhythm: Option<Rhythm>) -> Result<Account, PeopleError> {
        self.store.write(|link| {
            let mut account = accounts::find(link, account)?.ok_or(PeopleError::Unknown)?;
            account.wants_mail = rhythm.is_some();
            account.rhythm = rhythm.unwrap_or(account.rhythm);
            accounts::update(link, &account)?;
            let way = match rhythm {
                None => Mail::None,
                Some(Rhythm::AtOnce) => Mail::Due,
                Some(Rhythm::Daily | Rhythm::Weekly) => Mail::Kept,
            };
            [Mail::Due, Mail::Kept].into_iter().try_for_each(|waits| notices::turn(link, &account.id, (waits, way)))?;
            Ok(account)
        })
    }
}

/// All that is wrong with what was typed, at once; or name and address.
fn check(draft: &Draft) -> Result<(String, String), PeopleError> {
    let mut findings = Findings::default();
    let name = findings.take(name(draft.one("name")));
    let address = findings.take(email("email", draft.one("email")));
    findings.note(password::check(draft.all("password").first().map_or("", String::as_str)));
    Ok(findings.judge((name, address))?)
}

/// A name somebody chose: one line, not too long, and no address of a page, since mails and pages bear it.
pub(crate) fn name(typed: &str) -> Result<String, Problem> {
    match visible(typed).trim() {
        "" => Err(Problem::new("name", Why::Missing)),
        typed if typed.chars().count() > NAME => Err(Problem::new("name", Why::TooLong(NAME))),
        typed if typed.contains(|c: char| c.is_control() || turns_writing(c)) => {
            Err(Problem::new("name", Why::NotText))
        }
        typed if is_like_a_link(typed) => Err(Problem::new("name", Why::NotInList)),
        typed => Ok(typed.to_owned()),
    }
}

fn is_like_a_link(typed: &str) -> bool {
    let typed = typed.to_lowercase();
    typed.contains("://") || typed.contains("www.")
}

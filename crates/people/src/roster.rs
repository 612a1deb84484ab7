//! The accounts as animators see to them: found by name or address, accepted into the network, given roles.

use crate::{People, PeopleError};
use pes_domain::code::fold;
use pes_store::accounts::{self, Account, Role};
use pes_store::rights::{self, Right};
use pes_store::{Link, StoreError, sessions};
use std::collections::HashMap;

/// Somebody in the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Their account.
    pub account: Account,
    /// What they may do for structures, confirmed or asked for.
    pub rights: Vec<Right>,
}

impl Entry {
    /// Whether the network has accepted them, by whatever way.
    pub fn is_member(&self) -> bool {
        self.account.is_member(&self.rights)
    }
}

impl People {
    /// The accounts whose name or address has all these words, whatever their case and accents, by name: at most `limit` after `offset`, and how
    /// many there are.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn roster(&self, words: &str, (offset, limit): (usize, usize)) -> Result<(Vec<Entry>, usize), PeopleError> {
        let (all, rights) = self.store.read(|link| Ok::<_, StoreError>((accounts::all(link)?, rights::all(link)?)))?;
        let words: Vec<String> = words.split_whitespace().map(fold).collect();
        let has_all = |account: &Account| {
            let said = fold(&format!("{} {}", account.name, account.email));
            words.iter().all(|word| said.contains(word.as_str()))
        };
        let mut found: Vec<Account> = all.into_iter().filter(has_all).collect();
        found.sort_by_cached_key(|account| (fold(&account.name), account.email.clone()));
        let total = found.len();
        let mut of: HashMap<String, Vec<Right>> = HashMap::new();
        for right in rights {
            of.entry(right.account.clone()).or_default().push(right);
        }
        let page = found.into_iter().skip(offset).take(limit);
        let entry = |account: Account| Entry { rights: of.remove(&account.id).unwrap_or_default(), account };
        Ok((page.map(entry).collect(), total))
    }

    /// Accepts somebody into the network, or takes that back. Who is a member by a structure, or by working for the network, stays one.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`].
    pub fn accept(&self, account: &str, is_accepted: bool) -> Result<Account, PeopleError> {
        self.change(account, |account| account.is_accepted = is_accepted)
    }

    /// Gives a role in the name of somebody: animators make and unmake editors, administrators all. Nobody changes their own, and the last
    /// administrator stays one. Who was signed in with another role has to sign in again; who has the role already notices nothing.
    ///
    /// # Errors
    /// [`PeopleError::Forbidden`], [`PeopleError::LastAdministrator`], [`PeopleError::Unknown`].
    pub fn give_role(&self, by: &str, account: &str, role: Role) -> Result<Account, PeopleError> {
        self.store.write(|link| {
            // As they are now: who gives may have lost their own role a moment ago.
            let by = accounts::find(link, by)?.ok_or(PeopleError::Forbidden)?;
            let before = accounts::find(link, account)?.ok_or(PeopleError::Unknown)?;
            if !may_give(&by, &before, role) {
                return Err(PeopleError::Forbidden);
            }
            put_role(link, before, role)
        })
    }
}

/// Whether somebody may give a role to somebody.
pub fn may_give(by: &Account, to: &Account, role: Role) -> bool {
    let is_within = |most: Role| to.role <= most && role <= most;
    by.id != to.id
        && match by.role {
            Role::Administrator => true,
            Role::Animator => is_within(Role::Editor),
            Role::Citizen | Role::Editor => false,
        }
}

/// Keeps a role, and ends the sessions that began with another.
pub(crate) fn put_role(link: &mut Link, before: Account, role: Role) -> Result<Account, PeopleError> {
    if before.role == role {
        return Ok(before);
    }
    check_not_last(link, &before)?;
    let account = Account { role, ..before };
    accounts::update(link, &account)?;
    sessions::end_all(link, &account.id)?;
    Ok(account)
}

/// That somebody else keeps the node if this one does no more.
pub(crate) fn check_not_last(link: &mut Link, account: &Account) -> Result<(), PeopleError> {
    let is_another = |one: &Account| one.role == Role::Administrator && one.id != account.id;
    match account.role == Role::Administrator && !accounts::all(link)?.iter().any(is_another) {
        true => Err(PeopleError::LastAdministrator),
        false => Ok(()),
    }
}

//! Tells whom a record concerns, in the transaction that makes it known here.
//!
//! A notice is a row; who writes it out, and when, is another's. What a rebuild makes known again tells nobody.

use crate::JournalError;
use crate::declarations::Declarations;
use pes_domain::audience::Reader;
use pes_domain::concern::{Listener, Reason, Wanted, is_news, may_tell};
use pes_domain::{Kind, Record, RecordIri, Rules};
use pes_store::accounts::{Account, Rhythm};
use pes_store::notices::{Mail, Notice};
use pes_store::rights::Right;
use pes_store::{Link, accounts, notices, rights};
use std::collections::HashMap;
use time::UtcDateTime;
use uuid::Uuid;

/// A record that has just become known here, or has changed.
pub(crate) struct News<'a> {
    /// The record, as it is known here.
    pub(crate) record: &'a Record,
    /// Whether it is one of this node's own.
    pub(crate) is_own: bool,
    /// The account that wrote it, if it is our own.
    pub(crate) author: Option<&'a str>,
    /// Whether an earlier version was known here.
    pub(crate) was_known: bool,
}

/// The people of this node, with what they may do.
struct People {
    accounts: Vec<Account>,
    rights: Vec<Right>,
}

/// Writes the notices that follow from a record: once for each person, also after a change that widens it.
pub(crate) fn tell(
    link: &mut Link,
    news: &News<'_>,
    now: UtcDateTime,
    (rules, declarations): (&Rules, &Declarations),
) -> Result<(), JournalError> {
    if !is_news(news.record, news.was_known, now) {
        return Ok(());
    }
    let Some(wanted) = Wanted::of(news.record, rules) else { return Ok(()) };
    let concerned = declarations.concerned(link, &wanted, rules)?;
    if concerned.is_empty() {
        return Ok(());
    }
    let people = People { accounts: accounts::all(link)?, rights: rights::all(link)? };
    let (structures, persons): (Vec<_>, Vec<_>) =
        concerned.into_iter().partition(|(record, _)| record.kind() == Some(Kind::Structure));
    for (structure, reason) in &structures {
        people.tell_of_structure(link, news, (structure, reason), now)?;
    }
    let persons: HashMap<String, Reason> =
        persons.into_iter().map(|(record, reason)| (record.to_string(), reason)).collect();
    for account in &people.accounts {
        if let Some(reason) = account.person.as_ref().and_then(|person| persons.get(person)) {
            people.tell_one(link, news, (account, None), reason, now)?;
        }
    }
    Ok(())
}

impl People {
    /// Tells those who have a confirmed role and may edit, or asked to be told. Of a structure nobody has claimed no mail is
    /// ever sent: it is noted for the animators.
    fn tell_of_structure(
        &self,
        link: &mut Link,
        news: &News<'_>,
        (structure, reason): (&RecordIri, &Reason),
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let structure = structure.to_string();
        let own: Vec<&Right> =
            self.rights.iter().filter(|right| right.structure == structure && right.is_confirmed).collect();
        if own.is_empty() && !is_of(news.record, &structure) {
            return Ok(notices::note_unclaimed(
                link,
                (&news.record.iri.to_string(), &structure),
                &json(reason),
                now.unix_timestamp(),
            )?);
        }
        for right in own.into_iter().filter(|right| right.may_edit || right.wants_notices) {
            if let Some(account) = self.accounts.iter().find(|account| account.id == right.account) {
                self.tell_one(link, news, (account, Some(&structure)), reason, now)?;
            }
        }
        Ok(())
    }

    fn tell_one(
        &self,
        link: &mut Link,
        news: &News<'_>,
        (account, structure): (&Account, Option<&String>),
        reason: &Reason,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        if !may_tell(news.record, &self.listener(account, news), now) {
            return Ok(());
        }
        let notice = Notice {
            id: Uuid::new_v4().to_string(),
            account: account.id.clone(),
            record: news.record.iri.to_string(),
            structure: structure.cloned(),
            reason: json(reason),
            created: now.unix_timestamp(),
            is_read: false,
            mail: match (account.wants_mail, account.rhythm) {
                (false, _) => Mail::None,
                (true, Rhythm::AtOnce) => Mail::Due,
                (true, Rhythm::Daily | Rhythm::Weekly) => Mail::Kept,
            },
            mailed: None,
        };
        notices::insert_once(link, &notice)?;
        Ok(())
    }

    fn listener(&self, account: &Account, news: &News<'_>) -> Listener {
        let own: Vec<&Right> = self.rights.iter().filter(|right| right.account == account.id).collect();
        let is_author = news.author == Some(account.id.as_str());
        let edits_its_structure =
            own.iter().any(|right| right.is_confirmed && right.may_edit && is_of(news.record, &right.structure));
        let is_member = account.is_member(own.iter().copied());
        let reader = match (news.is_own, is_member) {
            (true, true) => Reader::Member,
            (false, true) => Reader::MemberElsewhere,
            (_, false) => Reader::Anyone,
        };
        Listener { reader, is_author, edits_its_structure }
    }
}

/// Whether a record comes from this structure.
fn is_of(record: &Record, structure: &str) -> bool {
    let from = record.body.speaks_for();
    from.and_then(|from| from.iri.as_ref()).is_some_and(|iri| iri.to_string() == structure)
}

fn json(reason: &Reason) -> String {
    serde_json::to_string(reason).expect("a reason has only texts and numbers")
}

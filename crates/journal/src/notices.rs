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
use std::borrow::Cow;
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

/// The people of this node, with what they may do, and which of them are told.
struct People {
    circle: Circle,
    accounts: Vec<Account>,
    rights: Vec<Right>,
}

/// Of whom a view of a record speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Circle {
    Everybody,
    Members,
    Others,
}

impl Circle {
    fn has(self, reader: Reader) -> bool {
        let is_member = matches!(reader, Reader::Member | Reader::MemberElsewhere);
        self == Self::Everybody || (self == Self::Members) == is_member
    }
}

/// A record as those see it who are told of it: why they are told says no more than they may read, not even how far away it is.
fn views(record: &Record) -> Vec<(Circle, Cow<'_, Record>)> {
    if record.narrowed.is_empty() {
        return vec![(Circle::Everybody, Cow::Borrowed(record))];
    }
    let seen = [(Circle::Members, Reader::Member), (Circle::Others, Reader::Anyone)];
    seen.into_iter().filter_map(|(circle, reader)| Some((circle, Cow::Owned(record.seen_by(reader)?)))).collect()
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
    for (circle, seen) in views(news.record) {
        let Some(wanted) = Wanted::of(&seen, rules) else { continue };
        let concerned = declarations.concerned(link, &wanted, rules)?;
        if !concerned.is_empty() {
            let people = People { circle, accounts: accounts::all(link)?, rights: rights::all(link)? };
            people.tell(link, news, concerned, now)?;
        }
    }
    Ok(())
}

impl People {
    fn tell(
        &self,
        link: &mut Link,
        news: &News<'_>,
        concerned: Vec<(RecordIri, Reason)>,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let (structures, persons): (Vec<_>, Vec<_>) =
            concerned.into_iter().partition(|(record, _)| record.kind() == Some(Kind::Structure));
        for (structure, reason) in &structures {
            self.tell_of_structure(link, news, (structure, reason), now)?;
        }
        let persons: HashMap<String, Reason> =
            persons.into_iter().map(|(record, reason)| (record.to_string(), reason)).collect();
        for account in &self.accounts {
            if let Some(reason) = account.person.as_ref().and_then(|person| persons.get(person)) {
                self.tell_one(link, news, (account, None), reason, now)?;
            }
        }
        Ok(())
    }

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
        if own.is_empty() && !is_of(news.record, &structure) && self.circle.has(Reader::Member) {
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
        let listener = self.listener(account, news);
        if !self.circle.has(listener.reader) || !may_tell(news.record, &listener, now) {
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

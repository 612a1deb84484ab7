//! What becomes of an entry that waits: an animator decides, of the version they saw, or time does.

use crate::group::Group;
use crate::publish::Saved;
use crate::{Journal, JournalError};
use pes_domain::{Decision, Kind, Record, Verdict};
use pes_store::notices::Mail;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::remarks::{self, Remark};
use pes_store::{accounts, lists, own_records};
use time::{Duration, UtcDateTime};

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It holds.
    Done,
    /// The entry did not wait any more: somebody else had decided, or its author took it back or deleted it.
    Already,
    /// Its author had changed it since it was seen.
    Changed,
    /// The entry cannot become that: one without a form has no changes to be asked for, one that no other node could read is not published.
    Unfit,
}

impl Journal {
    /// Decides of an entry that waits, as it was when it was seen: what was changed since is for somebody to look at first. The entry, what
    /// is published of it and the remark that its author is told are one transaction.
    ///
    /// # Errors
    /// [`JournalError`]; then nothing is decided.
    pub fn decide(
        &self,
        (record, seen): (&str, UtcDateTime),
        verdict: &Verdict,
        by: &str,
        now: UtcDateTime,
    ) -> Result<Decided, JournalError> {
        let decided = self.gather(now, |group| {
            let Some(own) = waiting(group, record)? else { return Ok(Decided::Already) };
            if own.record.modified != seen {
                return Ok(Decided::Changed);
            }
            if verdict.decision == Decision::SendBack && !has_form(own.record.kind()) {
                return Ok(Decided::Unfit);
            }
            settle(group, own, verdict, Some(by), now)?;
            Ok(Decided::Done)
        });
        match decided {
            Err(JournalError::NotShown { .. }) => Ok(Decided::Unfit),
            other => other,
        }
    }

    /// Saves what somebody changed. Where that publishes what another had proposed, its author is told as of a decision.
    ///
    /// # Errors
    /// As [`Journal::save`].
    pub fn save_changed(
        &self,
        record: Record,
        moderation: Moderation,
        by: &str,
        now: UtcDateTime,
    ) -> Result<Saved, JournalError> {
        self.gather(now, |group| {
            let before = own_records::find(group.link(), &record.iri.to_string())?;
            let is_another_s = |own: &OwnRecord| own.author.is_some() && own.author.as_deref() != Some(by);
            let was_held_back = |own: &OwnRecord| {
                matches!(own.moderation, Moderation::Proposed | Moderation::Incomplete | Moderation::Refused)
            };
            let is_shown = moderation == Moderation::Published;
            if let Some(own) = before.filter(|own| is_shown && was_held_back(own) && is_another_s(own)) {
                let verdict = Verdict { decision: Decision::Publish, sentence: None };
                let remark = remark(group, &own, &verdict, Some(by), now)?;
                remarks::insert(group.link(), &remark)?;
            }
            group.save(record, moderation, Some(by))
        })
    }

    /// Publishes what was proposed so many days ago and nobody decided of; 0 never. Tells how many.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn publish_waiting(&self, days: u32, now: UtcDateTime) -> Result<usize, JournalError> {
        if days == 0 {
            return Ok(0);
        }
        let before = now - Duration::days(i64::from(days));
        let is_due = |own: &OwnRecord| own.record.modified <= before && is_entry(own);
        let due: Vec<OwnRecord> = self.store.read(lists::proposed)?.into_iter().filter(is_due).collect();
        let verdict = Verdict { decision: Decision::Publish, sentence: None };
        let mut published = 0;
        for own in due {
            let settled = self.gather(now, |group| {
                // Somebody may have decided, or changed it, since it was looked up.
                let Some(own) = waiting(group, &own.record.iri.to_string())?.filter(is_due) else { return Ok(0) };
                settle(group, own, &verdict, None, now)?;
                Ok(1)
            });
            match settled {
                // It waits for somebody to look at it, and holds up no other.
                Err(JournalError::NotShown { record, why }) => {
                    tracing::warn!(record, why, "a proposal cannot be published")
                }
                settled => published += settled?,
            }
        }
        Ok(published)
    }
}

/// Whether people change a record by a form of its own.
pub fn has_form(kind: Kind) -> bool {
    !matches!(kind, Kind::Accord | Kind::Affiliation | Kind::Membership)
}

/// The entry of this name, while it waits. A membership is no entry: it is settled with the right that it asks for.
fn waiting(group: &mut Group<'_>, record: &str) -> Result<Option<OwnRecord>, JournalError> {
    let own = own_records::find(group.link(), record)?;
    Ok(own.filter(|own| own.moderation == Moderation::Proposed && is_entry(own)))
}

fn is_entry(own: &OwnRecord) -> bool {
    own.record.kind() != Kind::Membership
}

fn settle(
    group: &mut Group<'_>,
    own: OwnRecord,
    verdict: &Verdict,
    by: Option<&str>,
    now: UtcDateTime,
) -> Result<(), JournalError> {
    let moderation = match verdict.decision {
        Decision::Publish => Moderation::Published,
        Decision::SendBack => Moderation::Incomplete,
        Decision::Refuse => Moderation::Refused,
    };
    let remark = remark(group, &own, verdict, by, now)?;
    group.save(own.record, moderation, None)?;
    Ok(remarks::insert(group.link(), &remark)?)
}

/// What is noted of a decision. Who wrote the entry is told by mail, unless it was they who decided, or their account is no more.
fn remark(
    group: &mut Group<'_>,
    own: &OwnRecord,
    verdict: &Verdict,
    by: Option<&str>,
    now: UtcDateTime,
) -> Result<Remark, JournalError> {
    let author = own.author.as_ref().map(|author| accounts::find(group.link(), author)).transpose()?.flatten();
    let reader = author.map(|author| author.id);
    let is_told = reader.is_some() && reader.as_deref() != by;
    Ok(Remark {
        record: own.record.iri.to_string(),
        number: 0,
        account: by.map(str::to_owned),
        reader,
        decision: verdict.decision,
        sentence: verdict.sentence.clone(),
        at: now.unix_timestamp(),
        mail: if is_told { Mail::Due } else { Mail::None },
    })
}

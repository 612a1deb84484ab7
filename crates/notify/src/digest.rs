//! What goes out in one mail: a day's or a week's notices of those who chose that, and what was too much for one day. Nothing empty,
//! and nothing twice.

use crate::NotifyError;
use crate::crier::{Crier, Delivered};
use crate::letter::{Letter, Link};
use pes_store::accounts::{self, Account, Rhythm};
use pes_store::notices::{self, Mail, Notice};
use time::{Duration, UtcDateTime};

/// The most records one mail names; of the others it says how many they are, and where.
const NAMED: usize = 50;
/// What could not be sent for this long is given up. A week's notices are up to a week old when their day comes.
const GIVEN_UP: Duration = Duration::days(14);

impl Crier {
    /// Sends what is kept, one mail a person: what was too much for one day, and the digests whose time has come. Once a day.
    ///
    /// # Errors
    /// [`NotifyError::Later`] when the mail server is not there: what is kept stays kept.
    pub fn fold(&self, now: UtcDateTime) -> Result<Delivered, NotifyError> {
        let mut delivered = Delivered::default();
        for person in self.store.read(notices::kept_for)? {
            let (account, kept) = self
                .store
                .read(|link| Ok::<_, NotifyError>((accounts::find(link, &person)?, notices::kept(link, &person)?)))?;
            // Their notices go with an account.
            let Some(account) = account else { continue };
            if kept.first().is_some_and(|oldest| is_time(account.rhythm, oldest, now)) {
                self.fold_for(&account, &kept, now, &mut delivered)?;
            }
        }
        Ok(delivered)
    }

    /// All that is kept for one person, in one mail; none where nothing of it is theirs to read any more.
    fn fold_for(
        &self,
        account: &Account,
        kept: &[Notice],
        now: UtcDateTime,
        delivered: &mut Delivered,
    ) -> Result<(), NotifyError> {
        let (mut items, mut told_of) = (Vec::new(), Vec::new());
        for notice in kept {
            match self.told(notice, now - GIVEN_UP, now)? {
                Some((_, told)) => {
                    items.push(told.item);
                    told_of.push(notice);
                }
                None => self.mark(notice, Mail::None, now)?,
            }
        }
        let Some(first) = told_of.first() else { return Ok(()) };
        let count = items.len();
        items.truncate(NAMED);
        let mut lines = vec![self.say(&format!("mail-folded-intro-{}", account.rhythm.as_str()))];
        lines.extend((count > NAMED).then(|| self.tell("mail-folded-first", &[("count", (NAMED as u64).into())])));
        let letter = Letter {
            id: format!("folded-{}", first.id),
            subject: self.tell("mail-folded-subject", &[("count", (count as u64).into())]),
            lines,
            items,
            button: Link { url: self.url("/mes-avis"), label: self.say("mail-folded-button") },
            ..self.to_account(account)
        };
        // All of it together: a stop in between would tell a part of it again.
        let at = now.unix_timestamp();
        self.send(&letter, now, delivered, || {
            self.store.write(|link| {
                told_of.iter().try_for_each(|notice| notices::mark_mail(link, &notice.id, Mail::Folded, at))
            })
        })
    }
}

/// Whether it is time for what is kept. A week ends on Monday; a node that slept on Monday makes up for it on the day it wakes.
fn is_time(rhythm: Rhythm, oldest: &Notice, now: UtcDateTime) -> bool {
    let since_monday = i64::from(now.weekday().number_days_from_monday());
    let monday = (now - Duration::days(since_monday)).replace_time(time::Time::MIDNIGHT);
    rhythm != Rhythm::Weekly || oldest.created < monday.unix_timestamp()
}

//! Tells people what was decided of their entries. It is an answer, so it counts to nobody's five mails a day; who turned mails off reads it on
//! the pages.

use super::{Crier, Delivered, GIVEN_UP, PORTION};
use crate::NotifyError;
use crate::letter::{Letter, Link};
use pes_domain::{Decision, Record};
use pes_store::accounts::{self, Account};
use pes_store::notices::Mail;
use pes_store::own_records::{self, Moderation};
use pes_store::remarks::{self, Remark};
use pes_words::Value;
use time::UtcDateTime;

impl Crier {
    pub(super) fn deliver_remarks(&self, now: UtcDateTime, delivered: &mut Delivered) -> Result<(), NotifyError> {
        for remark in self.store.read(|link| remarks::due(link, PORTION))? {
            let mark = |mail| self.store.write(|link| remarks::mark_mail(link, &remark, mail));
            match self.decided(&remark, now)? {
                Some((reader, record)) => {
                    let letter = self.letter_of_remark(&remark, &reader, &record);
                    self.send(&letter, now, delivered, || mark(Mail::Sent))?;
                }
                None => mark(Mail::None)?,
            }
        }
        Ok(())
    }

    /// Whom a remark is told, and of which record: while they want mails, and the record still stands as was decided.
    fn decided(&self, remark: &Remark, now: UtcDateTime) -> Result<Option<(Account, Record)>, NotifyError> {
        let is_old = remark.at < (now - GIVEN_UP).unix_timestamp();
        let Some(reader) = remark.reader.as_ref().filter(|_| !is_old) else { return Ok(None) };
        self.store.read(|link| {
            let account = accounts::find(link, reader)?.filter(|account| account.wants_mail);
            let own = own_records::find(link, &remark.record)?.filter(|own| own.moderation == stands(remark.decision));
            Ok(account.zip(own.map(|own| own.record)))
        })
    }

    fn letter_of_remark(&self, remark: &Remark, reader: &Account, record: &Record) -> Letter {
        let key = format!("mail-decided-{}", remark.decision.as_str());
        let title: Value = record.title().into();
        let gaps = [("title", title)];
        let mut lines = vec![self.tell(&format!("{key}-intro"), &gaps)];
        if let Some(sentence) = &remark.sentence {
            lines.push(self.say("mail-decided-said"));
            lines.extend(sentence.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
        }
        lines.extend((remark.decision == Decision::SendBack).then(|| self.say("mail-decided-send-back-more")));
        Letter {
            id: format!("remark-{}-{}", record.iri.uuid(), remark.number),
            subject: self.tell(&format!("{key}-subject"), &gaps),
            lines,
            button: Link {
                url: self.url(&record.iri.page_at(&self.post.sender().origin)),
                label: self.say(&format!("{key}-button")),
            },
            ..self.to_account(reader)
        }
    }
}

/// How a record stands after a decision.
fn stands(decision: Decision) -> Moderation {
    match decision {
        Decision::Publish => Moderation::Published,
        Decision::SendBack => Moderation::Incomplete,
        Decision::Refuse => Moderation::Refused,
    }
}

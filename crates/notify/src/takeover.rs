//! Letters to structures that nobody speaks for yet: at a gentle pace, each once, and only while there still is a reason.

use crate::NotifyError;
use crate::crier::{Crier, Delivered};
use crate::letter::{Item, Letter, Link};
use pes_domain::Audience;
use pes_store::claims::{self, ASKED, ClaimLetter, Standing};
use pes_store::own_records::{self, OwnRecord};
use pes_words::takeover::{About, Sort, wording};
use time::{Duration, UtcDateTime};

/// The most letters of campaigns that go out in a minute: mail servers take many at once for something else.
const A_MINUTE: u64 = 60;
/// How many are taken at once, so that whoever waits for an answer does not wait for a campaign.
const PORTION: u64 = 20;

impl Crier {
    /// Sends letters that are due, those that somebody asked for first.
    ///
    /// Each is noted as sent before it goes out: a crash in between loses one letter rather than writing twice to people who asked for none.
    pub(crate) fn deliver_claims(&self, now: UtcDateTime, delivered: &mut Delivered) -> Result<(), NotifyError> {
        let minute_ago = (now - Duration::MINUTE).unix_timestamp();
        let (due, sent) = self
            .store
            .read(|link| Ok::<_, NotifyError>((claims::due(link, PORTION)?, claims::sent_since(link, minute_ago)?)))?;
        let mut left = A_MINUTE.saturating_sub(sent);
        for letter in due {
            if letter.campaign != ASKED && left == 0 {
                break;
            }
            let mail = self.letter_of_claim(&letter, now)?;
            let standing = if mail.is_some() { Standing::Sent } else { Standing::Dropped };
            let is_ours = self.store.write(|link| claims::take(link, &letter.id, standing, now.unix_timestamp()))?;
            let Some(mail) = mail.filter(|_| is_ours) else { continue };
            left = left.saturating_sub(1);
            match self.post.send(&mail) {
                Ok(()) => delivered.sent += 1,
                Err(error @ NotifyError::Refused { .. }) => {
                    tracing::warn!(%error, "a letter to a structure is refused");
                    delivered.refused += 1;
                    self.note(&letter, Standing::Refused, Some(now))?;
                }
                Err(error) => {
                    self.note(&letter, Standing::Due, None)?;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn note(&self, letter: &ClaimLetter, standing: Standing, at: Option<UtcDateTime>) -> Result<(), NotifyError> {
        let at = at.map(UtcDateTime::unix_timestamp);
        Ok(self.store.write(|link| claims::mark(link, &letter.id, standing, at))?)
    }

    /// The letter, where it still may go out: the sheet is shown, nobody speaks for it, and its address is the same and wants letters.
    fn letter_of_claim(&self, letter: &ClaimLetter, now: UtcDateTime) -> Result<Option<Letter>, NotifyError> {
        let (own, is_refused) = self.store.read(|link| {
            let own = own_records::find(link, &letter.structure)?;
            Ok::<_, NotifyError>((own, claims::is_refused(link, &letter.address)?))
        })?;
        let Some(own) = own.filter(|own| !is_refused && letter.counts(now) && is_shown(letter, own)) else {
            return Ok(None);
        };
        let address = claims::address_of(&own).filter(|one| claims::digest_of(&self.links, one) == letter.address);
        Ok(address.map(|address| self.written(letter, &own, address)))
    }

    fn written(&self, letter: &ClaimLetter, own: &OwnRecord, address: &str) -> Letter {
        let sender = self.post.sender();
        let title = own.record.title();
        let about = About {
            structure: &title,
            network: &sender.name,
            origin: &sender.origin,
            days: letter.lasts().whole_days().unsigned_abs(),
        };
        let sort = if letter.campaign == ASKED { Sort::Asked } else { Sort::Campaign };
        let said = wording(&self.catalogue, sort, about);
        let sheet = self.url(&own.record.iri.page_at(&sender.origin));
        Letter {
            id: letter.id.clone(),
            to_name: String::new(),
            to_address: address.to_owned(),
            subject: said.subject,
            greeting: said.greeting,
            lines: said.lines,
            items: vec![Item { title, url: sheet, ..Item::default() }],
            button: Link { url: self.url(&claims::path(&self.links, &letter.id)), label: said.button },
            closing: said.closing,
            footer: said.footer,
            unsubscribe: Some(self.url(&claims::stop_path(&self.links, &letter.address))),
            unsubscribe_words: Some(said.stop),
        }
    }
}

/// Whether whoever reads the letter can see the sheet: who asked for it saw it on a page.
fn is_shown(letter: &ClaimLetter, own: &OwnRecord) -> bool {
    letter.campaign == ASKED || own.record.audience == Audience::Public
}

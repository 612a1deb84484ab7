//! What is due at once, to whom, and how many a day: at most five; the rest is kept for the digest.

mod remarks;

use crate::letter::{Item, Letter, Link};
use crate::{NotifyError, Post};
use pes_domain::audience::Reader;
use pes_domain::concern::Reason;
use pes_domain::exchange::Direction;
use pes_domain::{Body, Record, RecordIri, Rules};
use pes_store::accounts::{self, Account};
use pes_store::conversations::{self, Conversation, Message, Side};
use pes_store::notices::{self, Mail, Notice};
use pes_store::tokens::LinkSecret;
use pes_store::{Store, hidden, nodes, own_records, records, rights};
use pes_words::reason::{Met, Where, sentence};
use pes_words::{Catalogue, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, UtcDateTime};

/// The most mails that go to one person at once in a day.
const AT_ONCE_A_DAY: u64 = 5;
/// How many rows are taken at once.
const PORTION: u64 = 500;
/// What could not be sent for this long is given up: by then it is no news.
const GIVEN_UP: Duration = Duration::days(7);

/// What a round sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Mails the server took.
    pub sent: u64,
    /// Mails it refused; they are tried again, ever more rarely.
    pub refused: u64,
}

/// Writes out what is due.
#[derive(Debug)]
pub struct Crier {
    pub(crate) store: Store,
    rules: Arc<Rules>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) links: LinkSecret,
    pub(crate) post: Post,
    /// Mails the server refused: how often, and before when they are not tried again.
    refused: Mutex<HashMap<String, (u32, i64)>>,
}

/// A record that may be told of, and what its notice says.
pub(crate) struct Told {
    record: Record,
    pub(crate) item: Item,
}

impl Crier {
    /// The crier of the node whose database this is.
    pub fn new(store: Store, rules: Arc<Rules>, catalogue: Arc<Catalogue>, links: LinkSecret, post: Post) -> Self {
        Self { store, rules, catalogue, links, post, refused: Mutex::default() }
    }

    /// Sends what is due at once: words of conversations, what was decided of people's own entries, notices up to each person's five a day, and
    /// letters to structures at their pace.
    ///
    /// # Errors
    /// [`NotifyError::Later`] when the mail server is not there: what is due stays due.
    pub fn deliver(&self, now: UtcDateTime) -> Result<Delivered, NotifyError> {
        // What cannot be noted as delivered would be delivered again and again.
        self.store.check_kept()?;
        let mut delivered = Delivered::default();
        for word in self.store.read(conversations::to_tell)? {
            if let Some(letter) = self.letter_of_word(&word)? {
                self.send(&letter, now, &mut delivered, || {
                    self.store.write(|link| conversations::mark_told(link, &word.id, &word.side))
                })?;
            } else {
                self.store.write(|link| conversations::mark_told(link, &word.id, &word.side))?;
            }
        }
        self.deliver_remarks(now, &mut delivered)?;
        for notice in self.store.read(|link| notices::due(link, PORTION))? {
            let since = (now - Duration::DAY).unix_timestamp();
            if self.store.read(|link| notices::sent_since(link, &notice.account, since))? >= AT_ONCE_A_DAY {
                self.mark(&notice, Mail::Kept, now)?;
                continue;
            }
            let Some((account, told)) = self.told(&notice, now - GIVEN_UP, now)? else {
                self.mark(&notice, Mail::None, now)?;
                continue;
            };
            let letter = self.letter_of_notice(&notice, &account, told);
            self.send(&letter, now, &mut delivered, || self.mark(&notice, Mail::Sent, now))?;
        }
        self.deliver_claims(now, &mut delivered)?;
        Ok(delivered)
    }

    /// Sends one mail and marks what it told. One that is refused holds up no other.
    pub(crate) fn send(
        &self,
        letter: &Letter,
        now: UtcDateTime,
        delivered: &mut Delivered,
        mark: impl FnOnce() -> Result<(), pes_store::StoreError>,
    ) -> Result<(), NotifyError> {
        let waits = self.refused().get(&letter.id).is_some_and(|(_, until)| *until > now.unix_timestamp());
        if waits {
            return Ok(());
        }
        match self.post.send(letter) {
            Ok(()) => {
                self.refused().remove(&letter.id);
                delivered.sent += 1;
                Ok(mark()?)
            }
            Err(error @ NotifyError::Refused { .. }) => {
                tracing::warn!(%error, "a mail is refused; it is tried again later");
                delivered.refused += 1;
                let mut refused = self.refused();
                let (times, until) = refused.entry(letter.id.clone()).or_default();
                *times += 1;
                *until = now.unix_timestamp() + (60_i64 << (*times).min(10));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn refused(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u32, i64)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn mark(&self, notice: &Notice, mail: Mail, now: UtcDateTime) -> Result<(), pes_store::StoreError> {
        self.store.write(|link| notices::mark_mail(link, &notice.id, mail, now.unix_timestamp()))
    }

    /// What a notice tells of, if it still may: the reader wants mails, the record is there, current and theirs to read.
    /// And it became known after `since`: what is older is no news.
    pub(crate) fn told(
        &self,
        notice: &Notice,
        since: UtcDateTime,
        now: UtcDateTime,
    ) -> Result<Option<(Account, Told)>, NotifyError> {
        if notice.created < since.unix_timestamp() {
            return Ok(None);
        }
        let Some(iri) = RecordIri::read(&notice.record) else { return Ok(None) };
        let found = self.store.read(|link| {
            let Some(account) = accounts::find(link, &notice.account)?.filter(|one| one.wants_mail) else {
                return Ok(None);
            };
            if hidden::find(link, &notice.record)?.is_some() {
                return Ok(None);
            }
            let rights = rights::of_account(link, &account.id)?;
            let is_member = account.is_member(&rights);
            let reader = if is_member { Reader::MemberElsewhere } else { Reader::Anyone };
            let record = match own_records::find(link, &notice.record)? {
                Some(own) if own.moderation == own_records::Moderation::Published => {
                    own.record.seen_by(if is_member { Reader::Member } else { Reader::Anyone })
                }
                Some(_) => None,
                None => records::seen(link, &notice.record, reader.audience())?.map(|sheet| sheet.record),
            };
            let structure = match &notice.structure {
                Some(structure) => own_records::find(link, structure)?.map(|own| own.record.title()),
                None => None,
            };
            let nodes = nodes::all(link)?;
            let network = nodes.into_iter().find(|node| node.origin.as_str() == iri.origin()).map(|node| node.name);
            Ok::<_, NotifyError>(record.map(|record| (account, record, structure, network)))
        })?;
        let Some((account, record, structure, network)) = found else { return Ok(None) };
        if record.is_expired(now) {
            return Ok(None);
        }
        let item = Item {
            title: record.title(),
            url: self.url(&iri.page_at(&self.post.sender().origin)),
            why: self.why(notice, structure.as_deref()),
            from: network.map_or(String::new(), |name| self.tell("mail-from-network", &[("network", name.into())])),
        };
        Ok(Some((account, Told { record, item })))
    }

    /// The notice's reason, in one sentence.
    fn why(&self, notice: &Notice, structure: Option<&str>) -> String {
        let Ok(reason) = serde_json::from_str::<Reason>(&notice.reason) else { return String::new() };
        let thesaurus = &self.rules.thesaurus;
        let met = reason.meetings.iter().map(|meeting| Met {
            wanted: thesaurus.label(&meeting.wanted),
            declared: thesaurus.label(&meeting.declared),
        });
        let area = reason.area.as_ref().and_then(|area| self.rules.gazetteer.area_name(area));
        let place = Where { area, distance_km: reason.distance_km };
        sentence(&self.catalogue, structure, &met.collect::<Vec<_>>(), place)
    }

    fn letter_of_notice(&self, notice: &Notice, account: &Account, told: Told) -> Letter {
        let subject = match &told.record.body {
            Body::Job(_) => "mail-notice-subject-job",
            Body::Call(_) => "mail-notice-subject-call",
            Body::Exchange(one) if one.direction == Direction::Offer => "mail-notice-subject-offer",
            _ => "mail-notice-subject-demand",
        };
        let button = Link { url: told.item.url.clone(), label: self.say("mail-notice-button") };
        Letter {
            id: notice.id.clone(),
            subject: self.tell(subject, &[("title", told.item.title.clone().into())]),
            lines: vec![self.say("mail-notice-intro")],
            items: vec![told.item],
            button,
            ..self.to_account(account)
        }
    }

    /// The mail that tells one side of a conversation of a word; `None` where nobody is to be told any more.
    fn letter_of_word(&self, word: &Message) -> Result<Option<Letter>, NotifyError> {
        let side = if word.side == Side::Home.as_str() { Side::Home } else { Side::Answerer };
        let found = self.store.read(|link| {
            let Some(conversation) = conversations::find(link, &word.conversation, side)? else { return Ok(None) };
            let account = conversation.account.as_ref().map(|id| accounts::find(link, id)).transpose()?.flatten();
            Ok::<_, NotifyError>(Some((conversation, account)))
        })?;
        let Some((conversation, account)) = found else { return Ok(None) };
        let Some(base) = self.to_side(&conversation, account.as_ref()) else { return Ok(None) };
        let about = format!("{}/{}", conversation.id, conversation.side);
        let url = self.url(&format!("/reponses/{}", self.links.token("conversation", &about)));
        let title: Value = conversation.title.as_str().into();
        let (kind, lines) = match word.mail.as_str() {
            "confirm" => ("confirm", vec!["mail-confirm-intro", "mail-confirm-ignore"]),
            "late" => ("late", vec!["mail-late-intro", "mail-late-more"]),
            _ => ("word", vec!["mail-word-intro", "mail-word-privacy"]),
        };
        let gaps = [("title", title), ("author", word.author.as_str().into())];
        Ok(Some(Letter {
            id: format!("{kind}-{}", word.id),
            subject: self.tell(&format!("mail-{kind}-subject"), &gaps),
            lines: lines.into_iter().map(|line| self.tell(line, &gaps)).collect(),
            button: Link { url, label: self.say(&format!("mail-{kind}-button")) },
            ..base
        }))
    }

    /// What every mail to this side has: to its account, or to a visitor's address that stays here.
    fn to_side(&self, conversation: &Conversation, account: Option<&Account>) -> Option<Letter> {
        match (account, &conversation.email) {
            (Some(account), _) => Some(Letter { unsubscribe: None, ..self.to_account(account) }),
            (None, Some(address)) => Some(Letter {
                footer: self.with_network("mail-footer-visitor"),
                // Whoever typed the address typed the name too, and may be somebody else: it is not repeated.
                greeting: self.say("mail-hello-visitor"),
                ..self.to("", address)
            }),
            (None, None) => None,
        }
    }

    pub(crate) fn to_account(&self, account: &Account) -> Letter {
        let token = self.links.token("unsubscribe", &account.id);
        Letter {
            footer: self.with_network("mail-footer"),
            unsubscribe: Some(self.url(&format!("/sans-mails/{}/{token}", account.id))),
            ..self.to(&account.name, &account.email)
        }
    }

    fn to(&self, name: &str, address: &str) -> Letter {
        let network = Value::from(self.post.sender().name.as_str());
        Letter {
            to_name: name.to_owned(),
            to_address: address.to_owned(),
            greeting: self.tell("mail-hello", &[("name", name.into())]),
            closing: [self.say("mail-bye"), self.tell("mail-team", &[("network", network)])],
            ..Letter::default()
        }
    }

    fn with_network(&self, sentence: &str) -> String {
        let sender = self.post.sender();
        self.tell(sentence, &[("network", sender.name.as_str().into()), ("origin", sender.origin.as_str().into())])
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.post.sender().origin)
    }

    pub(crate) fn say(&self, name: &str) -> String {
        self.catalogue.say(name)
    }

    pub(crate) fn tell(&self, name: &str, gaps: &[(&str, Value)]) -> String {
        self.catalogue.tell(name, gaps)
    }
}

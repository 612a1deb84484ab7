//! Answers to records, and what follows: each side's node keeps its own copy, and each address stays where it was given.
//!
//! A word said here goes to the other side's node as an ActivityStreams `Note` (a row of the outbox, written in the same
//! transaction), or straight into the other copy where both sides are at home here. It enters no log and no index.

use crate::sign_up::{NAME, name};
use crate::{People, PeopleError};
use pes_domain::contact::email;
use pes_domain::problem::Findings;
use pes_domain::{Body, Draft, Problem, RecordIri, Why};
use pes_store::accounts::{Account, Role};
use pes_store::conversations::{self, Conversation, Message, Side};
use pes_store::outbox::{self, Letter};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Bell, Link, accounts, own_records, rights, tokens};
use serde::{Deserialize, Serialize};
use time::{Duration, UtcDateTime};
use uuid::Uuid;

/// The most characters of a word.
pub const LONGEST: usize = 10_000;
/// The most conversations a visitor's address begins in a day.
const BEGUN_A_DAY: u64 = 10;
/// How many words a day are taken from the other side of one conversation: each may be a mail.
const HEARD_A_DAY: u64 = 50;
/// The most conversations that begin about one record, and by one other node, in a day.
const ABOUT_A_RECORD_A_DAY: u64 = 50;
const BY_A_NODE_A_DAY: u64 = 500;
/// How long a conversation is kept after its last word: twelve months.
pub(crate) const KEPT: Duration = Duration::days(365);

/// The record that is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The record.
    pub record: RecordIri,
    /// What it is called.
    pub title: String,
}

/// A word on the wire: an ActivityStreams `Note`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Word {
    /// `urn:uuid:` and a UUID; it makes twice once.
    pub id: String,
    /// `Note`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was said.
    pub published: String,
    /// The record the conversation began with.
    pub in_reply_to: String,
    /// The conversation, `urn:uuid:` and a UUID.
    pub context: String,
    /// Who says it, by the name they chose.
    pub attributed_to: String,
    /// What is said, as plain text.
    pub content: String,
}

/// A conversation that has begun here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub conversation: String,
    /// Whether nothing leaves before its author has confirmed their address.
    pub awaits_confirmation: bool,
}

/// One side's copy, with all its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The copy.
    pub conversation: Conversation,
    /// Its words, the oldest first.
    pub words: Vec<Message>,
}

impl People {
    /// Checks what was typed as an answer, before it counts as one.
    ///
    /// # Errors
    /// [`PeopleError::Typed`], all that is wrong.
    pub fn check_answer(&self, draft: &Draft, account: Option<&Account>) -> Result<(), PeopleError> {
        check(draft, account).map(drop)
    }

    /// Answers a record. Somebody with an account answers at once; a visitor gives a name and an address, and confirms it
    /// before anything leaves.
    ///
    /// # Errors
    /// [`PeopleError::Typed`], [`PeopleError::TooOften`].
    pub fn answer(
        &self,
        subject: &Subject,
        draft: &Draft,
        account: Option<&Account>,
        now: UtcDateTime,
    ) -> Result<Begun, PeopleError> {
        let (name, address, text) = check(draft, account)?;
        let address = address.map(|address| address.to_lowercase());
        let id = Uuid::new_v4().to_string();
        let at = now.unix_timestamp();
        let conversation = Conversation {
            token_digest: tokens::digest(&self.link_to(&id, Side::Answerer)),
            side: Side::Answerer.as_str().into(),
            record: subject.record.to_string(),
            title: subject.title.clone(),
            peer: subject.record.origin().to_owned(),
            account: account.map(|account| account.id.clone()),
            name: name.clone(),
            email: address.clone(),
            is_confirmed: address.is_none(),
            created: at,
            last_word: at,
            id: id.clone(),
        };
        self.store.write(|link| {
            if let Some(address) = &address
                && conversations::begun_since(link, address, at - 86_400)? >= BEGUN_A_DAY
            {
                return Err(PeopleError::TooOften);
            }
            conversations::insert(link, &conversation)?;
            let mail = if conversation.is_confirmed { "none" } else { "confirm" };
            let word = message(&conversation, &name, &text, now, mail);
            conversations::add_once(link, &word)?;
            if conversation.is_confirmed {
                self.send(link, &conversation, &word, now)?;
            }
            Ok(())
        })?;
        self.store.ring(Bell::Errands);
        Ok(Begun { conversation: id, awaits_confirmation: address.is_some() })
    }

    /// A visitor confirmed their address, by a button behind the mailed link: what they wrote leaves now. Twice is once.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] for a link that leads nowhere.
    pub fn confirm(&self, token: &str, now: UtcDateTime) -> Result<(), PeopleError> {
        self.store.write(|link| {
            let mut conversation =
                conversations::by_token(link, &tokens::digest(token))?.ok_or(PeopleError::Unknown)?;
            if conversation.is_confirmed {
                return Ok::<_, PeopleError>(());
            }
            conversation.is_confirmed = true;
            conversations::update(link, &conversation)?;
            for word in conversations::messages_of(link, &conversation.id, &conversation.side)? {
                conversations::mark_told(link, &word.id, &word.side)?;
                self.send(link, &conversation, &word, now)?;
            }
            Ok(())
        })?;
        self.store.ring(Bell::Errands);
        Ok(())
    }

    /// The copy a link leads to, with all its words.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] for a link that leads nowhere, or no longer.
    pub fn conversation(&self, token: &str) -> Result<Copy, PeopleError> {
        self.store.read(|link| {
            let conversation = conversations::by_token(link, &tokens::digest(token))?.ok_or(PeopleError::Unknown)?;
            let words = conversations::messages_of(link, &conversation.id, &conversation.side)?;
            Ok(Copy { conversation, words })
        })
    }

    /// The token of the link that leads to one side's copy.
    pub fn link_to(&self, conversation: &str, side: Side) -> String {
        self.links.token("conversation", &format!("{conversation}/{}", side.as_str()))
    }

    /// Says a further word.
    ///
    /// # Errors
    /// [`PeopleError::Typed`], [`PeopleError::Unknown`]; also while the visitor's address is not confirmed.
    pub fn say(&self, token: &str, draft: &Draft, now: UtcDateTime) -> Result<(), PeopleError> {
        let text = check_text(draft).map_err(|problem| vec![problem])?;
        self.store.write(|link| {
            let found = conversations::by_token(link, &tokens::digest(token))?;
            let mut conversation = found.filter(|one| one.is_confirmed).ok_or(PeopleError::Unknown)?;
            let word = message(&conversation, &conversation.name, &text, now, "none");
            conversations::add_once(link, &word)?;
            conversation.last_word = now.unix_timestamp();
            conversations::update(link, &conversation)?;
            self.send(link, &conversation, &word, now)
        })?;
        self.store.ring(Bell::Errands);
        Ok(())
    }

    /// Ends one side's part: its link leads nowhere any more, and nobody is told of further words.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`].
    pub fn close(&self, token: &str) -> Result<(), PeopleError> {
        self.store.write(|link| {
            let mut conversation =
                conversations::by_token(link, &tokens::digest(token))?.ok_or(PeopleError::Unknown)?;
            conversation.token_digest = format!("closed {}/{}", conversation.id, conversation.side);
            (conversation.email, conversation.account) = (None, None);
            Ok(conversations::update(link, &conversation)?)
        })
    }

    /// Takes a word that came from the node at this origin. Twice is once.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] when it answers no record and no conversation of ours, [`PeopleError::Typed`],
    /// [`PeopleError::TooOften`].
    pub fn hear(&self, from: &str, word: &Word, now: UtcDateTime) -> Result<(), PeopleError> {
        check_word(word)?;
        let context = uuid_of(&word.context).ok_or(PeopleError::Unknown)?;
        self.store.write(|link| {
            for side in [Side::Home, Side::Answerer] {
                let copy = conversations::find(link, &context, side)?;
                if let Some(copy) = copy.filter(|copy| copy.peer == from && copy.record == word.in_reply_to) {
                    return heard(link, copy, word, now);
                }
            }
            self.begin_home(link, from, &context, word, now)
        })?;
        self.store.ring(Bell::Errands);
        Ok(())
    }

    /// Erases conversations twelve months after their last word.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn clear(&self, now: UtcDateTime) -> Result<usize, PeopleError> {
        Ok(self.store.write(|link| conversations::clear(link, (now - KEPT).unix_timestamp()))?)
    }

    /// Gives a word to the other side: into its copy if it is at home here, else into the outbox.
    fn send(&self, link: &mut Link, copy: &Conversation, word: &Message, now: UtcDateTime) -> Result<(), PeopleError> {
        let wire = on_the_wire(copy, word);
        if copy.peer != self.origin {
            let body = serde_json::to_string(&wire).expect("a word has only texts");
            let at = now.unix_timestamp();
            let letter = Letter {
                id: word.id.clone(),
                origin: copy.peer.clone(),
                body,
                created: at,
                failures: 0,
                next_try: at,
                was_told: false,
            };
            return Ok(outbox::insert(link, &letter)?);
        }
        conversations::mark_taken(link, &word.id, &word.side)?;
        let other = if copy.side == Side::Home.as_str() { Side::Answerer } else { Side::Home };
        match conversations::find(link, &copy.id, other)? {
            Some(other) => heard(link, other, &wire, now),
            None => self.begin_home(link, &self.origin, &copy.id, &wire, now),
        }
    }

    /// The first word about a record of ours: told to its author, else to somebody who edits its structure, else to an
    /// animator.
    fn begin_home(
        &self,
        link: &mut Link,
        from: &str,
        context: &str,
        word: &Word,
        now: UtcDateTime,
    ) -> Result<(), PeopleError> {
        if conversations::find(link, context, Side::Home)?.is_some() {
            return Err(PeopleError::Unknown);
        }
        let own = own_records::find(link, &word.in_reply_to)?;
        let own = own.filter(|own| own.moderation == Moderation::Published && !own.record.is_expired(now));
        let own = own.ok_or(PeopleError::Unknown)?;
        let since = now.unix_timestamp() - 86_400;
        let too_often = conversations::begun_about(link, &word.in_reply_to, since)? >= ABOUT_A_RECORD_A_DAY
            || conversations::begun_by(link, from, since)? >= BY_A_NODE_A_DAY;
        if too_often {
            return Err(PeopleError::TooOften);
        }
        let account = addressee(link, &own)?;
        let copy = Conversation {
            id: context.to_owned(),
            side: Side::Home.as_str().into(),
            record: word.in_reply_to.clone(),
            title: own.record.title(),
            peer: from.to_owned(),
            name: name_of(&own, account.as_ref()),
            account: account.map(|account| account.id),
            email: None,
            token_digest: tokens::digest(&self.link_to(context, Side::Home)),
            is_confirmed: true,
            created: now.unix_timestamp(),
            last_word: now.unix_timestamp(),
        };
        conversations::insert(link, &copy)?;
        heard(link, copy, word, now)
    }
}

/// Adds a word of the other side to a copy.
fn heard(link: &mut Link, mut copy: Conversation, word: &Word, now: UtcDateTime) -> Result<(), PeopleError> {
    let today = conversations::heard_since(link, &copy.id, &copy.side, now.unix_timestamp() - 86_400)?;
    if today >= HEARD_A_DAY {
        return Err(PeopleError::TooOften);
    }
    let message = Message {
        id: uuid_of(&word.id).ok_or(PeopleError::Unknown)?,
        conversation: copy.id.clone(),
        side: copy.side.clone(),
        is_ours: false,
        author: word.attributed_to.clone(),
        body: word.content.clone(),
        created: now.unix_timestamp(),
        is_due: false,
        mail: if copy.account.is_some() || copy.email.is_some() { "due" } else { "none" }.into(),
    };
    if conversations::add_once(link, &message)? {
        copy.last_word = message.created;
        conversations::update(link, &copy)?;
    }
    Ok(())
}

/// Who is told of an answer to a record.
fn addressee(link: &mut Link, own: &OwnRecord) -> Result<Option<Account>, PeopleError> {
    if let Some(author) = &own.author
        && let Some(account) = accounts::find(link, author)?
    {
        return Ok(Some(account));
    }
    for right in rights::of_structure(link, &structure_of(own))? {
        if right.is_confirmed && right.may_edit {
            return Ok(accounts::find(link, &right.account)?);
        }
    }
    Ok(accounts::all(link)?.into_iter().find(|account| account.role >= Role::Animator))
}

/// The structure in whose name a record speaks; its own where it is one.
fn structure_of(own: &OwnRecord) -> String {
    let reference = match &own.record.body {
        Body::Exchange(one) => one.structure.as_ref(),
        Body::Call(one) => Some(&one.bearer),
        Body::Job(one) => Some(&one.employer),
        _ => None,
    };
    reference.and_then(|one| one.iri.as_ref()).unwrap_or(&own.record.iri).to_string()
}

/// What the home side calls itself: the name its record shows, never more, and as short as other nodes take a name.
fn name_of(own: &OwnRecord, account: Option<&Account>) -> String {
    let shown = match &own.record.body {
        Body::Exchange(one) => one.author.clone().or_else(|| one.structure.as_ref().map(|one| one.label.clone())),
        Body::Call(one) => Some(one.bearer.label.clone()),
        Body::Job(one) => Some(one.employer.label.clone()),
        Body::Structure(one) => Some(one.title()),
        _ => account.map(|account| account.name.clone()),
    };
    shown.unwrap_or_default().chars().take(NAME).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn message(copy: &Conversation, author: &str, text: &str, now: UtcDateTime, mail: &str) -> Message {
    Message {
        id: Uuid::new_v4().to_string(),
        conversation: copy.id.clone(),
        side: copy.side.clone(),
        is_ours: true,
        author: author.to_owned(),
        body: text.to_owned(),
        created: now.unix_timestamp(),
        is_due: true,
        mail: mail.into(),
    }
}

fn on_the_wire(copy: &Conversation, word: &Message) -> Word {
    let at = UtcDateTime::from_unix_timestamp(word.created).unwrap_or(UtcDateTime::UNIX_EPOCH);
    Word {
        id: format!("urn:uuid:{}", word.id),
        kind: "Note".into(),
        published: at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default(),
        in_reply_to: copy.record.clone(),
        context: format!("urn:uuid:{}", copy.id),
        attributed_to: word.author.clone(),
        content: word.body.clone(),
    }
}

fn uuid_of(urn: &str) -> Option<String> {
    let uuid = urn.strip_prefix("urn:uuid:")?;
    Uuid::try_parse(uuid).ok().map(|uuid| uuid.to_string())
}

/// Name, address of somebody without an account, and text; or all that is wrong.
fn check(draft: &Draft, account: Option<&Account>) -> Result<(String, Option<String>, String), PeopleError> {
    let mut findings = Findings::default();
    let typed = draft.one("name");
    let typed = if typed.is_empty() { account.map_or("", |account| account.name.as_str()) } else { typed };
    let name = findings.take(name(typed));
    let address = match account {
        Some(_) => None,
        None => Some(findings.take(email("email", draft.one("email")))),
    };
    let text = findings.take(check_text(draft));
    Ok(findings.judge((name, address, text))?)
}

fn check_text(draft: &Draft) -> Result<String, Problem> {
    let text = draft.text("text").ok_or(Problem::new("text", Why::Missing))?;
    if text.chars().count() > LONGEST {
        return Err(Problem::new("text", Why::TooLong(LONGEST)));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Problem::new("text", Why::NotText));
    }
    Ok(text)
}

/// What comes from afar is held to the same limits as what is typed here.
fn check_word(word: &Word) -> Result<(), PeopleError> {
    let draft: Draft = [("name", &word.attributed_to), ("text", &word.content)]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value.clone()))
        .collect();
    let mut problems: Vec<Problem> = check_text(&draft).err().into_iter().collect();
    problems.extend(name(draft.one("name")).err());
    if problems.is_empty() { Ok(()) } else { Err(PeopleError::Typed(problems)) }
}

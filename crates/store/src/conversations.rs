//! Answers to a record, and what follows: each side's node keeps its own copy.

use crate::schema::{conversations, messages, outbox};
use crate::{Link, StoreError};
use diesel::prelude::*;

/// Which side of a conversation this copy is. Both may lie on one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who answered a record.
    Answerer,
    /// Whose record it is.
    Home,
}

/// One side's copy of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = conversations, treat_none_as_null = true)]
pub struct Conversation {
    /// A UUID, the same on both sides.
    pub id: String,
    /// [`Side::as_str`].
    pub side: String,
    /// The record it began with.
    pub record: String,
    /// What that record was called.
    pub title: String,
    /// The origin of the other side's node.
    pub peer: String,
    /// The account that is told of a new word.
    pub account: Option<String>,
    /// What this side calls itself.
    pub name: String,
    /// Where a visitor without an account is written to. It stays here.
    pub email: Option<String>,
    /// SHA-256 of the token in the link that leads here, in hexadecimal.
    pub token_digest: String,
    /// Whether a visitor confirmed their address. Nothing leaves before.
    pub is_confirmed: bool,
    /// Since when, in seconds since 1970.
    pub created: i64,
    /// When the last word was said.
    pub last_word: i64,
}

/// One word of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = messages)]
pub struct Message {
    /// A UUID, the same on both sides; it makes twice once.
    pub id: String,
    /// The conversation.
    pub conversation: String,
    /// Whose copy.
    pub side: String,
    /// Whether this side said it.
    pub is_ours: bool,
    /// Who said it, by the name they chose.
    pub author: String,
    /// What.
    pub body: String,
    /// When, in seconds since 1970.
    pub created: i64,
    /// Whether the other side's node still has to take it.
    pub is_due: bool,
    /// What this side is still to be told: `due` a new word, `confirm` to confirm its address, `late` that its word has not
    /// arrived; `sent` or `none`.
    pub mail: String,
}

impl Side {
    /// The word for it in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answerer => "answerer",
            Self::Home => "home",
        }
    }
}

/// Begins a conversation.
///
/// # Errors
/// [`StoreError::Query`], also when it has begun.
pub fn insert(link: &mut Link, conversation: &Conversation) -> Result<(), StoreError> {
    diesel::insert_into(conversations::table).values(conversation).execute(link)?;
    Ok(())
}

/// Keeps what has changed about a conversation.
///
/// # Errors
/// [`StoreError`].
pub fn update(link: &mut Link, conversation: &Conversation) -> Result<(), StoreError> {
    let place = conversations::table.find((&conversation.id, &conversation.side));
    diesel::update(place).set(conversation).execute(link)?;
    Ok(())
}

/// One side's copy.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, id: &str, side: Side) -> Result<Option<Conversation>, StoreError> {
    Ok(conversations::table.find((id, side.as_str())).first(link).optional()?)
}

/// The copy that a link leads to.
///
/// # Errors
/// [`StoreError`].
pub fn by_token(link: &mut Link, token_digest: &str) -> Result<Option<Conversation>, StoreError> {
    Ok(conversations::table.filter(conversations::token_digest.eq(token_digest)).first(link).optional()?)
}

/// An account's conversations, the newest word first.
///
/// # Errors
/// [`StoreError`].
pub fn of_account(link: &mut Link, account: &str) -> Result<Vec<Conversation>, StoreError> {
    let own = conversations::table.filter(conversations::account.eq(account));
    Ok(own.order((conversations::last_word.desc(), conversations::id)).load(link)?)
}

/// Adds a word, unless it is there. Tells whether it was added.
///
/// # Errors
/// [`StoreError`].
pub fn add_once(link: &mut Link, message: &Message) -> Result<bool, StoreError> {
    let place = messages::table.find((&message.id, &message.side));
    if place.select(messages::id).first::<String>(link).optional()?.is_some() {
        return Ok(false);
    }
    diesel::insert_into(messages::table).values(message).execute(link)?;
    Ok(true)
}

/// All words of one side's copy, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn messages_of(link: &mut Link, id: &str, side: &str) -> Result<Vec<Message>, StoreError> {
    let own = messages::table.filter(messages::conversation.eq(id).and(messages::side.eq(side)));
    Ok(own.order((messages::created, messages::id)).load(link)?)
}

/// The words whose side is still to be told, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn to_tell(link: &mut Link) -> Result<Vec<Message>, StoreError> {
    Ok(messages::table
        .filter(messages::mail.eq_any(["due", "confirm", "late"]))
        .order((messages::created, messages::id))
        .load(link)?)
}

/// Notes that a side was told of a word.
///
/// # Errors
/// [`StoreError`].
pub fn mark_told(link: &mut Link, id: &str, side: &str) -> Result<(), StoreError> {
    diesel::update(messages::table.find((id, side))).set(messages::mail.eq("sent")).execute(link)?;
    Ok(())
}

/// Notes that the other side's node has taken a word.
///
/// # Errors
/// [`StoreError`].
pub fn mark_taken(link: &mut Link, id: &str, side: &str) -> Result<(), StoreError> {
    diesel::update(messages::table.find((id, side))).set(messages::is_due.eq(false)).execute(link)?;
    Ok(())
}

/// How many conversations an author's address began since a time, however it was spelt: a limit's measure.
///
/// # Errors
/// [`StoreError`].
pub fn begun_since(link: &mut Link, email: &str, since: i64) -> Result<u64, StoreError> {
    let begun = conversations::table.filter(conversations::created.ge(since)).select(conversations::email);
    let begun = begun.filter(conversations::email.is_not_null()).load::<Option<String>>(link)?;
    let same = begun.iter().flatten().filter(|begun| mailbox(begun) == mailbox(email));
    Ok(same.count() as u64)
}

/// An address without what its owner may vary: its case, and a tag after `+`.
fn mailbox(address: &str) -> String {
    let address = address.to_lowercase();
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or_default()),
        None => address,
    }
}

/// How many words have come from the other side of a conversation since a time.
///
/// # Errors
/// [`StoreError`].
pub fn heard_since(link: &mut Link, conversation: &str, side: &str, since: i64) -> Result<u64, StoreError> {
    let of_side = messages::conversation.eq(conversation).and(messages::side.eq(side));
    let heard = messages::table.filter(of_side.and(messages::is_ours.eq(false)).and(messages::created.ge(since)));
    Ok(heard.count().get_result::<i64>(link)?.unsigned_abs())
}

/// How many conversations have begun about a record since a time.
///
/// # Errors
/// [`StoreError`].
pub fn begun_about(link: &mut Link, record: &str, since: i64) -> Result<u64, StoreError> {
    let begun = conversations::table.filter(conversations::record.eq(record).and(conversations::created.ge(since)));
    Ok(begun.count().get_result::<i64>(link)?.unsigned_abs())
}

/// How many conversations another node's people have begun since a time.
///
/// # Errors
/// [`StoreError`].
pub fn begun_by(link: &mut Link, peer: &str, since: i64) -> Result<u64, StoreError> {
    let begun = conversations::table.filter(conversations::peer.eq(peer).and(conversations::created.ge(since)));
    let begun = begun.filter(conversations::side.eq(Side::Home.as_str()));
    Ok(begun.count().get_result::<i64>(link)?.unsigned_abs())
}

/// Notes that this side has to be told that its word has not arrived.
///
/// # Errors
/// [`StoreError`].
pub fn mark_late(link: &mut Link, id: &str) -> Result<(), StoreError> {
    let ours = messages::table.filter(messages::id.eq(id).and(messages::is_ours.eq(true)));
    diesel::update(ours).set(messages::mail.eq("late")).execute(link)?;
    Ok(())
}

/// Erases conversations whose last word was said before a time, with what of them is still on its way.
///
/// # Errors
/// [`StoreError`].
pub fn clear(link: &mut Link, before: i64) -> Result<usize, StoreError> {
    let old = conversations::last_word.lt(before);
    let copies = conversations::table.filter(old).select((conversations::id, conversations::side)).load(link)?;
    take_back(link, &copies)?;
    Ok(diesel::delete(conversations::table.filter(old)).execute(link)?)
}

/// Takes back what an account said and is still on its way: who is erased here is not heard of elsewhere later.
///
/// # Errors
/// [`StoreError`].
pub fn take_back_of(link: &mut Link, account: &str) -> Result<(), StoreError> {
    let own = conversations::table.filter(conversations::account.eq(account));
    let copies = own.select((conversations::id, conversations::side)).load(link)?;
    take_back(link, &copies)
}

fn take_back(link: &mut Link, copies: &[(String, String)]) -> Result<(), StoreError> {
    for (id, side) in copies {
        let said = messages::table.filter(messages::conversation.eq(id).and(messages::side.eq(side)));
        let ours: Vec<String> = said.filter(messages::is_ours.eq(true)).select(messages::id).load(link)?;
        diesel::delete(outbox::table.filter(outbox::id.eq_any(ours))).execute(link)?;
    }
    Ok(())
}

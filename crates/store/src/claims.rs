//! Letters that ask whoever has a structure's address to take its sheet over, and the addresses that want none.

use crate::logs::signed;
use crate::own_records::{Moderation, OwnRecord};
use crate::schema::{claim_letters, claim_refusals};
use crate::tokens::LinkSecret;
use crate::{Link, StoreError};
use diesel::prelude::*;
use pes_domain::{Body, contact};
use std::collections::HashSet;
use time::{Duration, UtcDateTime};

/// The campaign of a letter that somebody asked for on the structure's page: none.
pub const ASKED: i64 = 0;

/// How long a link counts that was asked for, and one that an animator sent to all.
const ASKED_COUNTS: Duration = Duration::days(14);
const SENT_COUNTS: Duration = Duration::days(90);

/// How far a letter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It is still to be sent.
    Due,
    /// The mail server has it.
    Sent,
    /// The mail server refuses it.
    Refused,
    /// There was no reason any more to send it.
    Dropped,
}

/// A letter about one structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimLetter {
    /// A UUID.
    pub id: String,
    /// The structure's record.
    pub structure: String,
    /// When the campaign began that it belongs to, or [`ASKED`].
    pub campaign: i64,
    /// The digest of the address that it is for.
    pub address: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// How far it has come.
    pub standing: Standing,
    /// Since when.
    pub told: Option<i64>,
    /// When the sheet was taken over after it.
    pub taken: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = claim_letters, treat_none_as_default_value = false)]
struct Row {
    id: String,
    structure: String,
    campaign: i64,
    address: String,
    created: i64,
    standing: String,
    told: Option<i64>,
    taken: Option<i64>,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Due, Self::Sent, Self::Refused, Self::Dropped];

    /// The word for it in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
        }
    }
}

impl ClaimLetter {
    /// Whether its link still counts.
    pub fn counts(&self, now: UtcDateTime) -> bool {
        let since = self.told.unwrap_or(self.created);
        now.unix_timestamp() < since + self.lasts().whole_seconds()
    }

    /// How long its link counts after it was sent.
    pub fn lasts(&self) -> Duration {
        if self.campaign == ASKED { ASKED_COUNTS } else { SENT_COUNTS }
    }
}

/// The address that a letter about a structure goes to: while its sheet is shown and nobody speaks for it.
pub fn address_of(own: &OwnRecord) -> Option<&str> {
    match &own.record.body {
        Body::Structure(one) if one.is_unclaimed && own.moderation == Moderation::Published => {
            contact::address(&one.contacts)
        }
        _ => None,
    }
}

/// What is kept of an address: who reads the database cannot find out which it is, nor try some.
pub fn digest_of(links: &LinkSecret, address: &str) -> String {
    links.token("claim-address", &address.trim().to_lowercase())
}

/// The path of a letter's link.
pub fn path(links: &LinkSecret, letter: &str) -> String {
    format!("/reprendre/{letter}/{}", links.token("claim", letter))
}

/// The path by which an address, of which this is the digest, asks for no more letters. It counts for ever, whatever becomes of the structure.
pub fn stop_path(links: &LinkSecret, address: &str) -> String {
    format!("/ne-plus-nous-ecrire/{address}/{}", links.token("claim-stop", address))
}

/// Adds a letter.
///
/// # Errors
/// [`StoreError`].
pub fn insert(link: &mut Link, letter: &ClaimLetter) -> Result<(), StoreError> {
    diesel::insert_into(claim_letters::table).values(Row::from(letter)).execute(link)?;
    Ok(())
}

/// A letter.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, id: &str) -> Result<Option<ClaimLetter>, StoreError> {
    claim_letters::table.find(id).first::<Row>(link).optional()?.map(ClaimLetter::try_from).transpose()
}

/// All letters, the newest campaign first, and each campaign's in the order in which they go out.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<ClaimLetter>, StoreError> {
    let order = (claim_letters::campaign.desc(), claim_letters::created, claim_letters::id);
    claim_letters::table.order(order).load::<Row>(link)?.into_iter().map(ClaimLetter::try_from).collect()
}

/// All letters about a structure.
///
/// # Errors
/// [`StoreError`].
pub fn of_structure(link: &mut Link, structure: &str) -> Result<Vec<ClaimLetter>, StoreError> {
    let rows = claim_letters::table.filter(claim_letters::structure.eq(structure)).order(claim_letters::created);
    rows.load::<Row>(link)?.into_iter().map(ClaimLetter::try_from).collect()
}

/// At most `limit` letters that are still to be sent, those that somebody waits for first.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, limit: u64) -> Result<Vec<ClaimLetter>, StoreError> {
    let rows = claim_letters::table
        .filter(claim_letters::standing.eq(Standing::Due.as_str()))
        .order((claim_letters::campaign, claim_letters::created, claim_letters::id))
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(ClaimLetter::try_from).collect()
}

/// How many letters the mail server has been given since.
///
/// # Errors
/// [`StoreError`].
pub fn sent_since(link: &mut Link, since: i64) -> Result<u64, StoreError> {
    let tried = [Standing::Sent, Standing::Refused].map(Standing::as_str);
    let sent = claim_letters::table.filter(claim_letters::standing.eq_any(tried).and(claim_letters::told.gt(since)));
    Ok(sent.count().get_result::<i64>(link)?.unsigned_abs())
}

/// The structures that a campaign wrote to since, or is about to.
///
/// # Errors
/// [`StoreError`].
pub fn written_to_since(link: &mut Link, since: i64) -> Result<HashSet<String>, StoreError> {
    let sent = claim_letters::standing.eq(Standing::Sent.as_str()).and(claim_letters::told.gt(since));
    let rows = claim_letters::table
        .filter(claim_letters::campaign.ne(ASKED))
        .filter(claim_letters::standing.eq(Standing::Due.as_str()).or(sent.assume_not_null()))
        .select(claim_letters::structure)
        .load::<String>(link)?;
    Ok(rows.into_iter().collect())
}

/// Notes that a letter that is to be sent goes out now, or is dropped: of two who would do either, one hears that it may.
///
/// # Errors
/// [`StoreError`].
pub fn take(link: &mut Link, id: &str, standing: Standing, now: i64) -> Result<bool, StoreError> {
    let due = claim_letters::table.find(id).filter(claim_letters::standing.eq(Standing::Due.as_str()));
    let then = (claim_letters::standing.eq(standing.as_str()), claim_letters::told.eq(now));
    Ok(diesel::update(due).set(then).execute(link)? == 1)
}

/// Notes how far a letter has come.
///
/// # Errors
/// [`StoreError`].
pub fn mark(link: &mut Link, id: &str, standing: Standing, at: Option<i64>) -> Result<(), StoreError> {
    let now = (claim_letters::standing.eq(standing.as_str()), claim_letters::told.eq(at));
    diesel::update(claim_letters::table.find(id)).set(now).execute(link)?;
    Ok(())
}

/// Notes that a structure's sheet was taken over: no more letters go out about it.
///
/// # Errors
/// [`StoreError`].
pub fn taken(link: &mut Link, structure: &str, now: i64) -> Result<(), StoreError> {
    let of_it = claim_letters::structure.eq(structure);
    let due = claim_letters::standing.eq(Standing::Due.as_str());
    let dropped = (claim_letters::standing.eq(Standing::Dropped.as_str()), claim_letters::told.eq(now));
    diesel::update(claim_letters::table.filter(of_it.and(due))).set(dropped).execute(link)?;
    let sent = claim_letters::standing.eq(Standing::Sent.as_str()).and(claim_letters::taken.is_null());
    diesel::update(claim_letters::table.filter(of_it.and(sent))).set(claim_letters::taken.eq(now)).execute(link)?;
    Ok(())
}

/// Drops the letters of campaigns that are still to be sent. Returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn drop_due(link: &mut Link, now: i64) -> Result<usize, StoreError> {
    let due = claim_letters::standing.eq(Standing::Due.as_str()).and(claim_letters::campaign.ne(ASKED));
    let dropped = (claim_letters::standing.eq(Standing::Dropped.as_str()), claim_letters::told.eq(now));
    Ok(diesel::update(claim_letters::table.filter(due)).set(dropped).execute(link)?)
}

/// Erases what was written about a structure.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, structure: &str) -> Result<(), StoreError> {
    diesel::delete(claim_letters::table.filter(claim_letters::structure.eq(structure))).execute(link)?;
    Ok(())
}

/// Forgets letters from before that time; those that are due are still to be sent.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, before: i64) -> Result<usize, StoreError> {
    let old = claim_letters::created.lt(before).and(claim_letters::standing.ne(Standing::Due.as_str()));
    Ok(diesel::delete(claim_letters::table.filter(old)).execute(link)?)
}

/// Notes that an address, of which this is the digest, wants no more letters.
///
/// # Errors
/// [`StoreError`].
pub fn refuse(link: &mut Link, address: &str, now: i64) -> Result<(), StoreError> {
    if !is_refused(link, address)? {
        let row = (claim_refusals::address.eq(address), claim_refusals::since.eq(now));
        diesel::insert_into(claim_refusals::table).values(row).execute(link)?;
    }
    Ok(())
}

/// Whether an address wants no more letters.
///
/// # Errors
/// [`StoreError`].
pub fn is_refused(link: &mut Link, address: &str) -> Result<bool, StoreError> {
    Ok(claim_refusals::table.find(address).count().get_result::<i64>(link)? > 0)
}

/// The digests of all addresses that want no more letters.
///
/// # Errors
/// [`StoreError`].
pub fn refusals(link: &mut Link) -> Result<HashSet<String>, StoreError> {
    Ok(claim_refusals::table.select(claim_refusals::address).load::<String>(link)?.into_iter().collect())
}

impl From<&ClaimLetter> for Row {
    fn from(letter: &ClaimLetter) -> Self {
        Self {
            id: letter.id.clone(),
            structure: letter.structure.clone(),
            campaign: letter.campaign,
            address: letter.address.clone(),
            created: letter.created,
            standing: letter.standing.as_str().to_owned(),
            told: letter.told,
            taken: letter.taken,
        }
    }
}

impl TryFrom<Row> for ClaimLetter {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let standing = Standing::ALL.into_iter().find(|one| one.as_str() == row.standing);
        Ok(Self {
            standing: standing.ok_or_else(|| StoreError::damaged("claim_letters", "no such standing"))?,
            id: row.id,
            structure: row.structure,
            campaign: row.campaign,
            address: row.address,
            created: row.created,
            told: row.told,
            taken: row.taken,
        })
    }
}

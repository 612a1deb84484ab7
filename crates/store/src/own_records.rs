//! The node's own records, whole, with all that never leaves it.

use crate::insertion::InPlace;
use crate::logs::signed;
use crate::records::{from_json, to_json};
use crate::schema::own_records;
use crate::{
    Link, StoreError, claims, files, imports, own_changes, refused_moves, remarks, reports, stood, told_apart,
    unindexed,
};
use diesel::prelude::*;
use pes_domain::{Body, Kind, Record, RecordIri};
use time::UtcDateTime;

/// How many records are in the hand at once.
const PORTION: u64 = 1_000;

/// How far a record of ours has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moderation {
    /// Its author still writes.
    Draft,
    /// It waits for an animator.
    Proposed,
    /// It is shown.
    Published,
    /// An animator asked for more.
    Incomplete,
    /// An animator said no.
    Refused,
    /// An animator took it away.
    Blocked,
}

/// A record of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnRecord {
    /// How far it has come.
    pub moderation: Moderation,
    /// The account that wrote it.
    pub author: Option<String>,
    /// How many of its versions were published.
    pub version: u64,
    /// The record, whole.
    pub record: Record,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = own_records)]
pub(crate) struct Row {
    record: String,
    kind: String,
    moderation: String,
    author: Option<String>,
    version: i64,
    modified: i64,
    title: String,
    body: String,
    is_company: bool,
}

/// All columns of a [`Row`] but its key.
const COLUMNS: [&str; 8] = ["kind", "moderation", "author", "version", "modified", "title", "body", "is_company"];

impl Moderation {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Proposed, Self::Published, Self::Incomplete, Self::Refused, Self::Blocked];

    /// The word for it in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Published => "published",
            Self::Incomplete => "incomplete",
            Self::Refused => "refused",
            Self::Blocked => "blocked",
        }
    }

    /// Undoes [`Moderation::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// Puts a record in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, own: &OwnRecord) -> Result<(), StoreError> {
    let mut row = Row::try_from(own)?;
    row.is_company |= own.moderation != Moderation::Published && was_company(link, &row.record)?;
    let insert = diesel::insert_into(own_records::table).values(row);
    InPlace { insert, key: "record", columns: &COLUMNS }.execute(link)?;
    let name = own.record.iri.to_string();
    own_changes::note(link, &name)?;
    files::doubt(link, &name)?;
    files::name_all(link, &own.record)?;
    // What is for the network alone is in no log.
    unindexed::note(link, &name)
}

/// Whether a record was a company's sheet until now. It stays one until the team has published that it is none: else its people would make
/// themselves members by a form that nobody has read.
fn was_company(link: &mut Link, record: &str) -> Result<bool, StoreError> {
    let before = own_records::table.find(record).select(own_records::is_company);
    Ok(before.first(link).optional()?.unwrap_or(false))
}

/// A record of ours.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, record: &str) -> Result<Option<OwnRecord>, StoreError> {
    own_records::table.find(record).first::<Row>(link).optional()?.map(OwnRecord::try_from).transpose()
}

/// All records of ours of a kind and state, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn of_kind(link: &mut Link, kind: Kind, moderation: Moderation) -> Result<Vec<OwnRecord>, StoreError> {
    let rows = own_records::table
        .filter(own_records::kind.eq(kind.notation()).and(own_records::moderation.eq(moderation.as_str())))
        .order((own_records::modified.desc(), own_records::record))
        .load::<Row>(link)?;
    rows.into_iter().map(OwnRecord::try_from).collect()
}

/// Notes that what an account wrote was written by nobody who is known any more.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn forget_author(link: &mut Link, account: &str) -> Result<(), StoreError> {
    let written = own_records::table.filter(own_records::author.eq(account));
    diesel::update(written).set(own_records::author.eq(None::<String>)).execute(link)?;
    Ok(())
}

/// What tells whether a published record of ours of a kind has changed: by name, its version and when it was last saved.
///
/// # Errors
/// [`StoreError`].
pub fn marks(link: &mut Link, kind: Kind) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let published = own_records::moderation.eq(Moderation::Published.as_str());
    let rows = own_records::table.filter(own_records::kind.eq(kind.notation()).and(published));
    Ok(rows.select((own_records::record, own_records::version, own_records::modified)).load(link)?)
}

/// At most `limit` records of ours, whatever their kind and state, by name: those after the given one.
///
/// # Errors
/// [`StoreError`].
pub fn after(link: &mut Link, record: &str, limit: u64) -> Result<Vec<OwnRecord>, StoreError> {
    let later = own_records::table.filter(own_records::record.gt(record)).order(own_records::record);
    let rows = later.limit(signed(limit)?).load::<Row>(link)?;
    rows.into_iter().map(OwnRecord::try_from).collect()
}

/// The records of ours that expired before a time, whoever may see them: those too that no log holds. A draft that was never shown is its
/// author's alone.
///
/// # Errors
/// [`StoreError`].
pub fn expired(link: &mut Link, before: UtcDateTime) -> Result<Vec<RecordIri>, StoreError> {
    let (mut expired, mut last) = (Vec::new(), String::new());
    loop {
        let portion = after(link, &last, PORTION)?;
        let Some(own) = portion.last() else { return Ok(expired) };
        last = own.record.iri.to_string();
        let is_late = |own: &OwnRecord| {
            let was_shown = own.moderation != Moderation::Draft || own.record.published.is_some();
            was_shown && own.record.expires.is_some_and(|expires| expires < before)
        };
        expired.extend(portion.into_iter().filter(is_late).map(|own| own.record.iri));
    }
}

/// All records of ours that are shown to somebody elsewhere or here, by name.
///
/// # Errors
/// [`StoreError`].
pub fn published(link: &mut Link) -> Result<Vec<OwnRecord>, StoreError> {
    let published = own_records::moderation.eq(Moderation::Published.as_str());
    let rows = own_records::table.filter(published).order(own_records::record).load::<Row>(link)?;
    rows.into_iter().map(OwnRecord::try_from).collect()
}

/// Erases a record of ours, how it stood, what was decided of it and said against it, what was written to its address, and what an import and people
/// who told it from others or did not let it go remember of it.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, record: &str) -> Result<(), StoreError> {
    imports::erase(link, record)?;
    remarks::erase(link, record)?;
    reports::erase(link, record)?;
    stood::forget(link, record)?;
    claims::erase(link, record)?;
    told_apart::forget(link, record)?;
    refused_moves::forget(link, record)?;
    files::doubt(link, record)?;
    diesel::delete(own_records::table.find(record)).execute(link)?;
    own_changes::note(link, record)?;
    unindexed::note(link, record)
}

impl TryFrom<&OwnRecord> for Row {
    type Error = StoreError;

    fn try_from(own: &OwnRecord) -> Result<Self, StoreError> {
        Ok(Self {
            record: own.record.iri.to_string(),
            kind: own.record.kind().notation().to_owned(),
            moderation: own.moderation.as_str().to_owned(),
            author: own.author.clone(),
            version: signed(own.version)?,
            modified: own.record.modified.unix_timestamp(),
            title: own.record.title(),
            body: to_json("own_records", &own.record)?,
            is_company: matches!(&own.record.body, Body::Structure(one) if one.is_company),
        })
    }
}

impl TryFrom<Row> for OwnRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let moderation = Moderation::named(&row.moderation);
        Ok(Self {
            moderation: moderation.ok_or_else(|| StoreError::damaged("own_records", "no such moderation"))?,
            author: row.author,
            version: row.version.unsigned_abs(),
            record: from_json("own_records", &row.body)?,
        })
    }
}

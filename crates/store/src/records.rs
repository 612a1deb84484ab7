//! What readers see: one row for each live and readable graph of a record. Made of the logs, like [`crate::states`].

use crate::insertion::{Facets, NextNumber};
use crate::logs::signed;
use crate::schema::{facets, hidden, records, unreadable};
use crate::{Link, StoreError, files, unindexed};
use diesel::prelude::*;
use pes_changeset::Channel;
use pes_domain::{Audience, Body, Kind, Record};

/// A graph of a record, as a channel brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The channel.
    pub channel: Channel,
    /// The node whose record it is.
    pub node: String,
    /// The record's version.
    pub version: u64,
    /// The record.
    pub record: Record,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = records, treat_none_as_default_value = false)]
pub(crate) struct Row {
    record: String,
    channel: String,
    node: String,
    kind: String,
    version: i64,
    title: String,
    published: i64,
    modified: i64,
    expires: Option<i64>,
    body: String,
    is_taken: bool,
    #[diesel(skip_insertion)]
    #[expect(dead_code, reason = "the database counts sheets for its facets; nobody else asks")]
    number: i64,
}

/// Puts a sheet in the place of the one before, with the facets by which lists are narrowed. It is taken until [`take`] says otherwise.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, sheet: &Sheet) -> Result<(), StoreError> {
    remove(link, &sheet.record.iri.to_string(), sheet.channel)?;
    insert(link, sheet)
}

/// Puts a sheet where there is none before it.
///
/// # Errors
/// [`StoreError::Query`], also when there is one.
pub fn insert(link: &mut Link, sheet: &Sheet) -> Result<(), StoreError> {
    let row = (Row::try_from(sheet)?, records::number.eq(NextNumber));
    diesel::insert_into(records::table).values(row).execute(link)?;
    let facets = facets_of(&sheet.record);
    if !facets.is_empty() {
        Facets(&facets).execute(link)?;
    }
    files::name_all(link, &sheet.record)
}

/// Takes a record's sheet of one channel away.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, record: &str, channel: Channel) -> Result<(), StoreError> {
    let channel = channel.as_str();
    let row = records::table.find((record, channel));
    if let Some(number) = row.select(records::number).first::<i64>(link).optional()? {
        diesel::delete(facets::table.filter(facets::sheet.eq(number))).execute(link)?;
        diesel::delete(row).execute(link)?;
        files::doubt(link, record)?;
    }
    diesel::delete(unreadable::table.find((record, channel))).execute(link)?;
    Ok(())
}

/// Takes all sheets away that a node wrote into a channel.
///
/// # Errors
/// [`StoreError`].
pub fn remove_of_node(link: &mut Link, node: &str, channel: Channel) -> Result<(), StoreError> {
    let names = names_of_node(link, node, channel)?;
    names.iter().try_for_each(|record| {
        remove(link, record, channel)?;
        unindexed::note(link, record)
    })
}

/// The names of the records of which a node wrote sheets into a channel.
///
/// # Errors
/// [`StoreError`].
pub fn names_of_node(link: &mut Link, node: &str, channel: Channel) -> Result<Vec<String>, StoreError> {
    let of_node = records::table.filter(records::node.eq(node).and(records::channel.eq(channel.as_str())));
    Ok(of_node.select(records::record).load(link)?)
}

/// Forgets what the typed reader refused of a log.
///
/// # Errors
/// [`StoreError`].
pub fn remove_refusals_of_log(link: &mut Link, log: i64) -> Result<(), StoreError> {
    diesel::delete(unreadable::table.filter(unreadable::log.eq(log))).execute(link)?;
    Ok(())
}

/// Notes that the typed reader refused what a channel holds of a record.
///
/// # Errors
/// [`StoreError`].
pub fn refuse(
    link: &mut Link,
    (record, channel): (&str, Channel),
    (log, seq): (i64, u64),
    reason: &str,
) -> Result<(), StoreError> {
    remove(link, record, channel)?;
    let row = (
        unreadable::record.eq(record),
        unreadable::channel.eq(channel.as_str()),
        unreadable::log.eq(log),
        unreadable::seq.eq(signed(seq)?),
        unreadable::reason.eq(reason),
    );
    diesel::insert_into(unreadable::table).values(row).execute(link)?;
    Ok(())
}

/// Why the typed reader refused what a channel holds of a record, if it did.
///
/// # Errors
/// [`StoreError`].
pub fn refusal(link: &mut Link, record: &str, channel: Channel) -> Result<Option<String>, StoreError> {
    Ok(unreadable::table.find((record, channel.as_str())).select(unreadable::reason).first(link).optional()?)
}

/// The sheet of a record that a reader of this audience sees: of those they may read the highest version, on a tie
/// the one of the narrower audience. Where this network does not take that one, nothing: an older one is not shown in its place.
///
/// # Errors
/// [`StoreError`].
pub fn seen(link: &mut Link, record: &str, reader: Audience) -> Result<Option<Sheet>, StoreError> {
    // Alphabetical order puts `affiliates` before `public`: the narrower first.
    let row = records::table
        .filter(records::record.eq(record).and(records::channel.eq_any(channels(reader))))
        .order((records::version.desc(), records::channel))
        .first::<Row>(link)
        .optional()?;
    row.filter(|row| row.is_taken).map(Sheet::try_from).transpose()
}

/// Shows or hides a sheet, as this network takes it or does not.
///
/// # Errors
/// [`StoreError`].
pub fn take(link: &mut Link, (record, channel): (&str, Channel), is_taken: bool) -> Result<(), StoreError> {
    let row = records::table.find((record, channel.as_str()));
    diesel::update(row).set(records::is_taken.eq(is_taken)).execute(link)?;
    unindexed::note(link, record)
}

/// All sheets, in portions: those after the given record and channel, each with whether it is taken.
///
/// # Errors
/// [`StoreError`].
pub fn after(link: &mut Link, record: &str, channel: &str, limit: u64) -> Result<Vec<(Sheet, bool)>, StoreError> {
    let later = records::record.gt(record).or(records::record.eq(record).and(records::channel.gt(channel)));
    let rows = records::table
        .filter(later)
        .order((records::record, records::channel))
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    let told = |row: Row| {
        let is_taken = row.is_taken;
        Ok((Sheet::try_from(row)?, is_taken))
    };
    rows.into_iter().map(told).collect()
}

/// The sheet of a record in one channel.
///
/// # Errors
/// [`StoreError`].
pub fn of_channel(link: &mut Link, record: &str, channel: Channel) -> Result<Option<Sheet>, StoreError> {
    records::table.find((record, channel.as_str())).first::<Row>(link).optional()?.map(Sheet::try_from).transpose()
}

/// Whether any channel has a sheet of a record, taken or not.
///
/// # Errors
/// [`StoreError`].
pub fn is_shown(link: &mut Link, record: &str) -> Result<bool, StoreError> {
    let sheets = records::table.filter(records::record.eq(record)).select(records::record);
    Ok(sheets.first::<String>(link).optional()?.is_some())
}

/// All sheets of a kind that a node wrote into a channel, by name of record.
///
/// # Errors
/// [`StoreError`].
pub fn of_node(link: &mut Link, node: &str, channel: Channel, kind: Kind) -> Result<Vec<Sheet>, StoreError> {
    let rows = records::table
        .filter(
            records::node.eq(node).and(records::channel.eq(channel.as_str())).and(records::kind.eq(kind.notation())),
        )
        .order(records::record)
        .load::<Row>(link)?;
    rows.into_iter().map(Sheet::try_from).collect()
}

/// Sheets of a kind that other nodes than this one wrote, in portions: those after the given record and channel.
///
/// # Errors
/// [`StoreError`].
pub fn of_others(
    link: &mut Link,
    (node, kind): (&str, Kind),
    (record, channel): (&str, &str),
    limit: u64,
) -> Result<Vec<Sheet>, StoreError> {
    let later = records::record.gt(record).or(records::record.eq(record).and(records::channel.gt(channel)));
    let rows = records::table
        .filter(records::node.ne(node).and(records::kind.eq(kind.notation())).and(later))
        .order((records::record, records::channel))
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(Sheet::try_from).collect()
}

/// What tells whether what members see of another node's record of a kind has changed: by name, its version and when it was last saved. What is
/// hidden here or not taken is not among them.
///
/// # Errors
/// [`StoreError`].
pub fn marks_of_others(link: &mut Link, node: &str, kind: Kind) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let mut marks: Vec<(String, i64, i64, bool)> = records::table
        .filter(records::node.ne(node).and(records::kind.eq(kind.notation())))
        .filter(records::record.ne_all(hidden::table.select(hidden::record)))
        .order((records::record, records::version.desc(), records::channel))
        .select((records::record, records::version, records::modified, records::is_taken))
        .load(link)?;
    // As in `seen`: the first of each record is the one that counts.
    marks.dedup_by(|next, first| next.0 == first.0);
    Ok(marks.into_iter().filter(|mark| mark.3).map(|(name, version, modified, _)| (name, version, modified)).collect())
}

/// Whether a node wrote any sheet of a kind into a channel.
///
/// # Errors
/// [`StoreError`].
pub fn has_of_node(link: &mut Link, node: &str, channel: Channel, kind: Kind) -> Result<bool, StoreError> {
    let of_node = records::table.filter(
        records::node.eq(node).and(records::channel.eq(channel.as_str())).and(records::kind.eq(kind.notation())),
    );
    Ok(of_node.select(records::record).first::<String>(link).optional()?.is_some())
}

/// The nodes that wrote sheets of a kind into a channel.
///
/// # Errors
/// [`StoreError`].
pub fn authors(link: &mut Link, channel: Channel, kind: Kind) -> Result<Vec<String>, StoreError> {
    let of_kind = records::table.filter(records::channel.eq(channel.as_str()).and(records::kind.eq(kind.notation())));
    Ok(of_kind.select(records::node).distinct().order(records::node).load(link)?)
}

/// The names of the records that have this value of a facet.
///
/// # Errors
/// [`StoreError`].
pub fn with_facet(link: &mut Link, facet: &str, value: &str) -> Result<Vec<String>, StoreError> {
    let found = facets::table.inner_join(records::table.on(records::number.eq(facets::sheet)));
    let found = found.filter(facets::facet.eq(facet).and(facets::value.eq(value)));
    Ok(found.select(records::record).distinct().order(records::record).load(link)?)
}

/// All values that records have of a facet.
///
/// # Errors
/// [`StoreError`].
pub fn values_of_facet(link: &mut Link, facet: &str) -> Result<Vec<String>, StoreError> {
    let values = facets::table.filter(facets::facet.eq(facet)).select(facets::value).distinct();
    Ok(values.order(facets::value).load(link)?)
}

/// The channels a reader of this audience may read.
fn channels(reader: Audience) -> Vec<&'static str> {
    match reader {
        Audience::Public => vec![Channel::Public.as_str()],
        _ => vec![Channel::Affiliates.as_str(), Channel::Public.as_str()],
    }
}

/// What lists are narrowed by: concepts by their list, tags, communes, the records it names.
fn facets_of(record: &Record) -> Vec<(&'static str, String)> {
    let body = &record.body;
    let sorts = body.sorts();
    let concepts = body.skills().iter().chain(body.sectors()).chain(&record.themes).chain(&sorts);
    let mut all: Vec<_> = concepts.map(|code| (code.list().name(), code.notation().to_owned())).collect();
    all.extend(record.tags.iter().map(|tag| ("tag", tag.as_str().to_owned())));
    all.extend(body.places().into_iter().map(|place| ("commune", place.commune.clone())));
    all.extend(body.speaks_for().and_then(|one| one.iri.as_ref()).map(|iri| ("structure", iri.to_string())));
    all.extend(body.names().into_iter().filter_map(|one| Some(("names", one.iri.as_ref()?.to_string()))));
    match body {
        Body::Affiliation(one) => all.push(("node", one.node_id.clone())),
        Body::Structure(one) => all.extend(one.replaces.iter().map(|iri| ("replaces", iri.to_string()))),
        _ => {}
    }
    all.sort();
    all.dedup();
    all
}

impl TryFrom<&Sheet> for Row {
    type Error = StoreError;

    fn try_from(sheet: &Sheet) -> Result<Self, StoreError> {
        let record = &sheet.record;
        Ok(Self {
            record: record.iri.to_string(),
            channel: sheet.channel.as_str().to_owned(),
            node: sheet.node.clone(),
            kind: record.kind().notation().to_owned(),
            version: signed(sheet.version)?,
            title: record.title(),
            published: record.published.unwrap_or(record.created).unix_timestamp(),
            modified: record.modified.unix_timestamp(),
            expires: record.expires.map(time::UtcDateTime::unix_timestamp),
            body: to_json("records", record)?,
            is_taken: true,
            number: 0,
        })
    }
}

impl TryFrom<Row> for Sheet {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            channel: row.channel.parse().map_err(|e| StoreError::damaged("records", e))?,
            node: row.node,
            version: row.version.unsigned_abs(),
            record: from_json("records", &row.body)?,
        })
    }
}

pub(crate) fn to_json(table: &'static str, record: &Record) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|e| StoreError::damaged(table, e))
}

pub(crate) fn from_json(table: &'static str, body: &str) -> Result<Record, StoreError> {
    serde_json::from_str(body).map_err(|e| StoreError::damaged(table, e))
}

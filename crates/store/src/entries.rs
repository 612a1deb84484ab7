//! The change-sets of all logs, as they were signed; and those that came ahead of their turn.

use crate::logs::{from_hex, signed};
use crate::schema::{early, entries, logs};
use crate::{Backend, Link, StoreError};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};
use pes_changeset::ChangeSet;
use pes_changeset::commitment::hex;
use pes_changeset::tree::Hash;
use std::collections::HashMap;

/// A change-set that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of its log.
    pub log: i64,
    /// Its place in the log.
    pub seq: u64,
    /// Its place in the order of arrival, over all logs; from 1.
    pub arrival: u64,
    /// Since which place in that order it goes ahead of any backlog to those who do not know it, if it does.
    pub urgent: Option<u64>,
    /// The hash of its leaf.
    pub leaf: Hash,
    /// The signed text.
    pub text: String,
}

#[derive(Queryable)]
struct Row {
    log: i64,
    seq: i64,
    arrival: i64,
    leaf: String,
    text: String,
    urgent: Option<i64>,
}

#[derive(Queryable)]
struct EarlyRow {
    log: i64,
    seq: i64,
    arrival: i64,
    leaf: String,
    text: String,
    is_urgent: bool,
}

/// How a change-set came ahead of its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ahead {
    /// By the urgent lane; so it is given on.
    Urgent,
    /// With a snapshot, or as a key event of a node that was met at its own address; it is given on in its turn.
    Snapshot,
}

/// Whether a change-set goes ahead of any backlog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// It waits for its turn.
    None,
    /// From now on.
    Now,
    /// It has since this place in the order of arrival: it came by the urgent lane.
    Since(u64),
}

/// What came ahead of its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Early {
    /// The hash of its leaf.
    pub leaf: Hash,
    /// How it came.
    pub ahead: Ahead,
    /// Its place in the order of arrival.
    pub arrival: u64,
}

/// Appends a change-set to its log, at the next place in the order of arrival.
///
/// # Errors
/// [`StoreError::Query`], also when the place is taken.
pub fn append(link: &mut Link, log: i64, change_set: &ChangeSet, urgency: Urgency) -> Result<(), StoreError> {
    let since = if let Urgency::Since(place) = urgency { signed(place)? } else { 0 };
    InTurn { place: Place::new(log, change_set)?, urgency, since }.execute(link)?;
    Ok(())
}

/// The newest place in the order of arrival; 0 where nothing has come yet.
///
/// # Errors
/// [`StoreError`].
pub fn last_arrival(link: &mut Link) -> Result<u64, StoreError> {
    let last: Option<i64> = entries::table.select(max(entries::arrival)).first(link)?;
    let last_early: Option<i64> = early::table.select(max(early::arrival)).first(link)?;
    Ok(last.max(last_early).unwrap_or_default().unsigned_abs())
}

/// How many change-sets arrived after a place, those of one node left out.
///
/// # Errors
/// [`StoreError`].
pub fn count_after(link: &mut Link, arrival: u64, but_of: &str) -> Result<u64, StoreError> {
    let later = entries::table.inner_join(logs::table.on(logs::id.eq(entries::log)));
    let later = later.filter(entries::arrival.gt(signed(arrival)?).and(logs::node.ne(but_of)));
    Ok(later.count().get_result::<i64>(link)?.unsigned_abs())
}

/// At most `limit` change-sets of a log, from `seq` on.
///
/// # Errors
/// [`StoreError`].
pub fn of_log(link: &mut Link, log: i64, seq: u64, limit: u64) -> Result<Vec<Entry>, StoreError> {
    let rows = entries::table
        .filter(entries::log.eq(log).and(entries::seq.ge(signed(seq)?)))
        .order(entries::seq)
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// At most `limit` leaves of a log, from `seq` on.
///
/// # Errors
/// [`StoreError`].
pub fn leaves(link: &mut Link, log: i64, seq: u64, limit: u64) -> Result<Vec<Hash>, StoreError> {
    let leaves: Vec<String> = entries::table
        .filter(entries::log.eq(log).and(entries::seq.ge(signed(seq)?)))
        .order(entries::seq)
        .limit(signed(limit)?)
        .select(entries::leaf)
        .load(link)?;
    leaves.iter().map(|leaf| hash("entries", leaf)).collect()
}

/// At most `limit` change-sets that arrived after `arrival`, in that order, but for those of one node.
///
/// # Errors
/// [`StoreError`].
pub fn arrived_after(link: &mut Link, arrival: u64, but_of: &str, limit: u64) -> Result<Vec<Entry>, StoreError> {
    let rows = entries::table
        .inner_join(logs::table.on(logs::id.eq(entries::log)))
        .filter(entries::arrival.gt(signed(arrival)?).and(logs::node.ne(but_of)))
        .order(entries::arrival)
        .limit(signed(limit)?)
        .select(entries::all_columns)
        .load::<Row>(link)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// At most `limit` change-sets that have been urgent since a place behind `since`, in that order, but for those of one node: of the logs,
/// and of those that came here ahead of their turn.
///
/// # Errors
/// [`StoreError`].
pub fn urgent_after(link: &mut Link, since: u64, but_of: &str, limit: u64) -> Result<Vec<Entry>, StoreError> {
    let (since, most) = (signed(since)?, signed(limit)?);
    let in_turn = entries::table
        .inner_join(logs::table.on(logs::id.eq(entries::log)))
        .filter(entries::urgent.gt(since).and(logs::node.ne(but_of)))
        .order(entries::urgent)
        .limit(most)
        .select(entries::all_columns)
        .load::<Row>(link)?;
    let ahead = early::table
        .inner_join(logs::table.on(logs::id.eq(early::log)))
        .filter(early::is_urgent.eq(true).and(early::arrival.gt(since)).and(logs::node.ne(but_of)))
        .order(early::arrival)
        .limit(most)
        .select(early::all_columns)
        .load::<EarlyRow>(link)?;
    let ahead = ahead.into_iter().map(Row::from);
    let mut all: Vec<Entry> = in_turn.into_iter().chain(ahead).map(Entry::try_from).collect::<Result<_, _>>()?;
    all.sort_by_key(|entry| entry.urgent);
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// Keeps a change-set that came ahead of its turn.
///
/// # Errors
/// [`StoreError::Query`], also when it is kept already.
pub fn keep_early(link: &mut Link, log: i64, change_set: &ChangeSet, ahead: Ahead) -> Result<(), StoreError> {
    BeforeIt { place: Place::new(log, change_set)?, is_urgent: ahead == Ahead::Urgent }.execute(link)?;
    Ok(())
}

/// How many change-sets of a log came by the urgent lane and wait for their turn.
///
/// # Errors
/// [`StoreError`].
pub fn count_early(link: &mut Link, log: i64) -> Result<u64, StoreError> {
    let urgent = early::table.filter(early::log.eq(log).and(early::is_urgent.eq(true)));
    Ok(urgent.count().get_result::<i64>(link)?.unsigned_abs())
}

/// Those change-sets at these places of a log that came ahead of their turn.
///
/// # Errors
/// [`StoreError`].
pub fn early_at(link: &mut Link, log: i64, places: &[u64]) -> Result<HashMap<u64, Early>, StoreError> {
    // Each save asks for one place. A list is another statement each time, and is made ready anew.
    if let [place] = places {
        let one = early::table.find((log, signed(*place)?)).select(EARLY).first::<EarlyColumns>(link).optional()?;
        return one.into_iter().map(early_of).collect();
    }
    let wanted = places.iter().map(|place| signed(*place)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<EarlyColumns> =
        early::table.filter(early::log.eq(log).and(early::seq.eq_any(wanted))).select(EARLY).load(link)?;
    rows.into_iter().map(early_of).collect()
}

type EarlyColumns = (i64, String, bool, i64);
const EARLY: (early::seq, early::leaf, early::is_urgent, early::arrival) =
    (early::seq, early::leaf, early::is_urgent, early::arrival);

fn early_of((seq, leaf, is_urgent, arrival): EarlyColumns) -> Result<(u64, Early), StoreError> {
    let ahead = if is_urgent { Ahead::Urgent } else { Ahead::Snapshot };
    Ok((seq.unsigned_abs(), Early { leaf: hash("early", &leaf)?, ahead, arrival: arrival.unsigned_abs() }))
}

/// A change-set that came ahead of its turn.
///
/// # Errors
/// [`StoreError`].
pub fn find_early(link: &mut Link, log: i64, seq: u64) -> Result<Option<Entry>, StoreError> {
    let row = early::table.find((log, signed(seq)?)).first::<EarlyRow>(link).optional()?;
    row.map(|row| Row::from(row).try_into()).transpose()
}

/// Lets go of a change-set that came ahead of its turn: its turn has come.
///
/// # Errors
/// [`StoreError`].
pub fn drop_early(link: &mut Link, log: i64, seq: u64) -> Result<(), StoreError> {
    diesel::delete(early::table.find((log, signed(seq)?))).execute(link)?;
    Ok(())
}

/// Lets go of all change-sets of a log that came ahead of their turn: it will not come.
///
/// # Errors
/// [`StoreError`].
pub fn drop_early_of(link: &mut Link, log: i64) -> Result<(), StoreError> {
    diesel::delete(early::table.filter(early::log.eq(log))).execute(link)?;
    Ok(())
}

/// Forgets all change-sets of a log, also those ahead of their turn.
///
/// # Errors
/// [`StoreError`].
pub fn remove_of_log(link: &mut Link, log: i64) -> Result<(), StoreError> {
    drop_early_of(link, log)?;
    diesel::delete(entries::table.filter(entries::log.eq(log))).execute(link)?;
    Ok(())
}

/// Counts on from this number, whatever was forgotten: the last that is left gets it.
///
/// # Errors
/// [`StoreError`].
pub fn keep_count(link: &mut Link, number: u64) -> Result<(), StoreError> {
    let number = signed(number)?;
    let last: Option<i64> = entries::table.select(max(entries::arrival)).first(link)?;
    let last_early: Option<i64> = early::table.select(max(early::arrival)).first(link)?;
    if let Some(last) = last.filter(|last| *last < number && last_early.is_none_or(|early| early < number)) {
        diesel::update(entries::table.filter(entries::arrival.eq(last)))
            .set(entries::arrival.eq(number))
            .execute(link)?;
    }
    Ok(())
}

/// At most `limit` change-sets of all logs that came ahead of their turn, by arrival: those that arrived after a place.
///
/// # Errors
/// [`StoreError`].
pub fn early_after(link: &mut Link, arrival: u64, limit: u64) -> Result<Vec<Entry>, StoreError> {
    let rows = early::table
        .filter(early::arrival.gt(signed(arrival)?))
        .order(early::arrival)
        .limit(signed(limit)?)
        .load::<EarlyRow>(link)?;
    rows.into_iter().map(|row| Row::from(row).try_into()).collect()
}

/// Up to which arrival this is all, and the records that at most `limit` change-sets are about which arrived after a place: in their turn and
/// ahead of it.
///
/// # Errors
/// [`StoreError`].
pub fn records_after(link: &mut Link, arrival: u64, limit: u64) -> Result<(u64, Vec<String>), StoreError> {
    let in_turn = arrived_after(link, arrival, "", limit)?;
    let ahead = early_after(link, arrival, limit)?;
    // Where a portion is full, what lies behind it is for the next look.
    let end = |portion: &[Entry]| portion.last().filter(|_| portion.len() as u64 >= limit).map(|entry| entry.arrival);
    let until = match (end(&in_turn), end(&ahead)) {
        (Some(one), Some(other)) => one.min(other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => in_turn.iter().chain(&ahead).map(|entry| entry.arrival).max().unwrap_or(arrival),
    };
    let mut records = Vec::new();
    for entry in in_turn.iter().chain(&ahead).filter(|entry| entry.arrival <= until) {
        let change_set = ChangeSet::read(&entry.text).map_err(|e| StoreError::damaged("entries", e))?;
        records.extend(change_set.header().act.target().map(|target| target.record.clone()));
    }
    Ok((until, records))
}

/// The change-sets at these places of a log, in this order; those that are not held are left out.
///
/// # Errors
/// [`StoreError`].
pub fn at(link: &mut Link, log: i64, places: &[u64]) -> Result<Vec<Entry>, StoreError> {
    let wanted = places.iter().map(|place| signed(*place)).collect::<Result<Vec<_>, _>>()?;
    let rows = entries::table.filter(entries::log.eq(log).and(entries::seq.eq_any(wanted))).load::<Row>(link)?;
    let mut held = rows.into_iter().map(Entry::try_from).collect::<Result<Vec<_>, _>>()?;
    held.sort_by_key(|entry| places.iter().position(|place| *place == entry.seq));
    Ok(held)
}

/// Where a change-set stands, and what of it is kept in any case.
struct Place<'a> {
    log: i64,
    seq: i64,
    leaf: String,
    text: &'a str,
}

impl<'a> Place<'a> {
    fn new(log: i64, change_set: &'a ChangeSet) -> Result<Self, StoreError> {
        let (leaf, text) = (hex(&change_set.leaf_hash()), change_set.text());
        Ok(Self { log, seq: signed(change_set.header().seq)?, leaf, text })
    }

    /// Its values, and the [`NEXT`] place in the order of arrival.
    fn write<'b>(&'b self, out: &mut AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_bind_param::<BigInt, _>(&self.log)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.seq)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.leaf)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.text)?;
        out.push_sql(", ");
        out.push_sql(NEXT);
        Ok(())
    }
}

/// The place behind all that are taken, of entries and of what came ahead of its turn.
const NEXT: &str = "(SELECT COALESCE(MAX(taken.arrival), 0) + 1 FROM (SELECT MAX(arrival) AS arrival FROM entries \
                    UNION ALL SELECT MAX(arrival) AS arrival FROM early) AS taken)";

/// An entry that gets the next place in the order of arrival, in the statement that inserts it.
struct InTurn<'a> {
    place: Place<'a>,
    urgency: Urgency,
    since: i64,
}

impl QueryFragment<Backend> for InTurn<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO entries (log, seq, leaf, text, arrival, urgent) VALUES (");
        self.place.write(&mut out)?;
        out.push_sql(", ");
        match self.urgency {
            Urgency::None => out.push_sql("NULL"),
            Urgency::Now => out.push_sql(NEXT),
            Urgency::Since(_) => out.push_bind_param::<BigInt, _>(&self.since)?,
        }
        out.push_sql(")");
        Ok(())
    }
}

/// The statement's text tells it from others.
impl QueryId for InTurn<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Link> for InTurn<'_> {}

/// The same for what comes ahead of its turn.
struct BeforeIt<'a> {
    place: Place<'a>,
    is_urgent: bool,
}

impl QueryFragment<Backend> for BeforeIt<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO early (log, seq, leaf, text, arrival, is_urgent) VALUES (");
        self.place.write(&mut out)?;
        out.push_sql(", ");
        out.push_bind_param::<Bool, _>(&self.is_urgent)?;
        out.push_sql(")");
        Ok(())
    }
}

/// It is one statement, found again by its type and not written anew to be compared.
impl QueryId for BeforeIt<'_> {
    type QueryId = BeforeIt<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<Link> for BeforeIt<'_> {}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let leaf = hash("entries", &row.leaf)?;
        let (seq, arrival) = (row.seq.unsigned_abs(), row.arrival.unsigned_abs());
        let urgent = row.urgent.map(i64::unsigned_abs);
        Ok(Self { log: row.log, seq, arrival, urgent, leaf, text: row.text })
    }
}

impl From<EarlyRow> for Row {
    fn from(row: EarlyRow) -> Self {
        Self {
            log: row.log,
            seq: row.seq,
            arrival: row.arrival,
            leaf: row.leaf,
            text: row.text,
            urgent: row.is_urgent.then_some(row.arrival),
        }
    }
}

/// A hash as the database keeps it.
pub(crate) fn hash(table: &'static str, text: &str) -> Result<Hash, StoreError> {
    from_hex(table, text)?.try_into().map_err(|_| StoreError::damaged(table, "a hash does not have 32 bytes"))
}

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
use std::marker::PhantomData;

/// A change-set that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of its log.
    pub log: i64,
    /// Its place in the log.
    pub seq: u64,
    /// Its place in the order of arrival, over all logs; from 1.
    pub arrival: u64,
    /// Whether it goes ahead of any backlog to those who do not know it.
    pub is_urgent: bool,
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
    is_urgent: bool,
    leaf: String,
    text: String,
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
    /// With a snapshot; it is given on in its turn.
    Snapshot,
}

/// Appends a change-set to its log, at the next place in the order of arrival.
///
/// # Errors
/// [`StoreError::Query`], also when the place is taken.
pub fn append(link: &mut Link, log: i64, change_set: &ChangeSet, is_urgent: bool) -> Result<(), StoreError> {
    Appended::<InTurn>::new(log, change_set, is_urgent)?.execute(link)?;
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

/// At most `limit` urgent change-sets that arrived after `arrival`, in that order, but for those of one node: of the logs,
/// and of those that came here ahead of their turn.
///
/// # Errors
/// [`StoreError`].
pub fn urgent_after(link: &mut Link, arrival: u64, but_of: &str, limit: u64) -> Result<Vec<Entry>, StoreError> {
    let (arrival, most) = (signed(arrival)?, signed(limit)?);
    let in_turn = entries::table
        .inner_join(logs::table.on(logs::id.eq(entries::log)))
        .filter(entries::is_urgent.eq(true).and(entries::arrival.gt(arrival)).and(logs::node.ne(but_of)))
        .order(entries::arrival)
        .limit(most)
        .select(entries::all_columns)
        .load::<Row>(link)?;
    let ahead = early::table
        .inner_join(logs::table.on(logs::id.eq(early::log)))
        .filter(early::is_urgent.eq(true).and(early::arrival.gt(arrival)).and(logs::node.ne(but_of)))
        .order(early::arrival)
        .limit(most)
        .select(early::all_columns)
        .load::<EarlyRow>(link)?;
    let ahead = ahead.into_iter().map(Row::from);
    let mut all: Vec<Entry> = in_turn.into_iter().chain(ahead).map(Entry::try_from).collect::<Result<_, _>>()?;
    all.sort_by_key(|entry| entry.arrival);
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// Keeps a change-set that came ahead of its turn.
///
/// # Errors
/// [`StoreError::Query`], also when it is kept already.
pub fn keep_early(link: &mut Link, log: i64, change_set: &ChangeSet, ahead: Ahead) -> Result<(), StoreError> {
    Appended::<BeforeIt>::new(log, change_set, ahead == Ahead::Urgent)?.execute(link)?;
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

/// Those change-sets at these places of a log that came ahead of their turn: their leaves, and how they came.
///
/// # Errors
/// [`StoreError`].
pub fn early_at(link: &mut Link, log: i64, places: &[u64]) -> Result<HashMap<u64, (Hash, Ahead)>, StoreError> {
    let wanted = places.iter().map(|place| signed(*place)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<(i64, String, bool)> = early::table
        .filter(early::log.eq(log).and(early::seq.eq_any(wanted)))
        .select((early::seq, early::leaf, early::is_urgent))
        .load(link)?;
    let one = |(seq, leaf, is_urgent): (i64, String, bool)| {
        let ahead = if is_urgent { Ahead::Urgent } else { Ahead::Snapshot };
        Ok((seq.unsigned_abs(), (hash("early", &leaf)?, ahead)))
    };
    rows.into_iter().map(one).collect()
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

/// A table of change-sets, by number of log and place.
trait Shelf: 'static {
    const TABLE: &'static str;
}

/// Those that came in their turn.
struct InTurn;

impl Shelf for InTurn {
    const TABLE: &'static str = "entries";
}

/// Those that came before it.
struct BeforeIt;

impl Shelf for BeforeIt {
    const TABLE: &'static str = "early";
}

/// An entry that gets the next place in the order of arrival, in the statement that inserts it.
struct Appended<'a, S> {
    log: i64,
    seq: i64,
    is_urgent: bool,
    leaf: String,
    text: &'a str,
    shelf: PhantomData<S>,
}

impl<'a, S: Shelf> Appended<'a, S> {
    fn new(log: i64, change_set: &'a ChangeSet, is_urgent: bool) -> Result<Self, StoreError> {
        let (leaf, text) = (hex(&change_set.leaf_hash()), change_set.text());
        Ok(Self { log, seq: signed(change_set.header().seq)?, is_urgent, leaf, text, shelf: PhantomData })
    }
}

/// The place behind all that are taken, of entries and of what came ahead of its turn.
const NEXT: &str = "(SELECT COALESCE(MAX(taken.arrival), 0) + 1 FROM (SELECT MAX(arrival) AS arrival FROM entries \
                    UNION ALL SELECT MAX(arrival) AS arrival FROM early) AS taken)";

impl<S: Shelf> QueryFragment<Backend> for Appended<'_, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        out.push_sql(S::TABLE);
        out.push_sql(" (log, seq, is_urgent, leaf, text, arrival) VALUES (");
        out.push_bind_param::<BigInt, _>(&self.log)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.seq)?;
        out.push_sql(", ");
        out.push_bind_param::<Bool, _>(&self.is_urgent)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.leaf)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.text)?;
        out.push_sql(", ");
        out.push_sql(NEXT);
        out.push_sql(")");
        Ok(())
    }
}

/// One statement a table: it is found again by its type, and not written anew to be compared.
impl<S: Shelf> QueryId for Appended<'_, S> {
    type QueryId = Appended<'static, S>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Shelf> RunQueryDsl<Link> for Appended<'_, S> {}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let leaf = hash("entries", &row.leaf)?;
        let (seq, arrival) = (row.seq.unsigned_abs(), row.arrival.unsigned_abs());
        Ok(Self { log: row.log, seq, arrival, is_urgent: row.is_urgent, leaf, text: row.text })
    }
}

impl From<EarlyRow> for Row {
    fn from(row: EarlyRow) -> Self {
        Self {
            log: row.log,
            seq: row.seq,
            arrival: row.arrival,
            is_urgent: row.is_urgent,
            leaf: row.leaf,
            text: row.text,
        }
    }
}

/// A hash as the database keeps it.
pub(crate) fn hash(table: &'static str, text: &str) -> Result<Hash, StoreError> {
    from_hex(table, text)?.try_into().map_err(|_| StoreError::damaged(table, "a hash does not have 32 bytes"))
}

//! The state of each record in each channel: made of the logs, and made again by a rebuild.

use crate::entries::hash;
use crate::logs::signed;
use crate::schema::{facets, payloads, records, states, unreadable};
use crate::{Link, StoreError, files};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use pes_changeset::Channel;
use pes_changeset::commitment::hex;
use pes_changeset::terms::UPSERT;
use pes_changeset::tree::Hash;

/// What stands of a record in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The record.
    pub record: String,
    /// The channel.
    pub channel: Channel,
    /// The number of the log whose change-set brought this state.
    pub log: i64,
    /// That log's epoch.
    pub epoch: u64,
    /// That change-set's place.
    pub seq: u64,
    /// The operation's IRI.
    pub operation: String,
    /// The kind's IRI.
    pub kind: String,
    /// The record's version.
    pub version: u64,
    /// The payload's commitment, as the header writes it; `-` where there is none.
    pub commitment: String,
    /// The hash of the change-set's leaf.
    pub leaf: Hash,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = states, treat_none_as_default_value = false)]
struct Row {
    record: String,
    channel: String,
    log: i64,
    epoch: i64,
    seq: i64,
    operation: String,
    kind: String,
    version: i64,
    commitment: String,
    leaf: String,
}

/// All states of a record, one for each channel that ever held it.
///
/// # Errors
/// [`StoreError`].
pub fn of_record(link: &mut Link, record: &str) -> Result<Vec<State>, StoreError> {
    let rows = states::table.filter(states::record.eq(record)).order(states::channel).load::<Row>(link)?;
    rows.into_iter().map(State::try_from).collect()
}

/// Puts a state in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, state: &State) -> Result<(), StoreError> {
    let row = Row::try_from(state)?;
    let place = states::table.find((row.record.clone(), row.channel.clone()));
    if diesel::update(place).set(&row).execute(link)? == 0 {
        diesel::insert_into(states::table).values(row).execute(link)?;
    }
    Ok(())
}

/// Keeps the first state of a record in a channel.
///
/// # Errors
/// [`StoreError::Query`], also when there is one.
pub fn insert(link: &mut Link, state: &State) -> Result<(), StoreError> {
    diesel::insert_into(states::table).values(Row::try_from(state)?).execute(link)?;
    Ok(())
}

/// All states in the order in which their digest takes them, in portions: those after the given record and channel.
///
/// # Errors
/// [`StoreError`].
pub fn after(link: &mut Link, record: &str, channel: &str, limit: u64) -> Result<Vec<State>, StoreError> {
    let later = states::record.gt(record).or(states::record.eq(record).and(states::channel.gt(channel)));
    let rows =
        states::table.filter(later).order((states::record, states::channel)).limit(signed(limit)?).load::<Row>(link)?;
    rows.into_iter().map(State::try_from).collect()
}

/// At most `limit` states that a log brought, by name of record: those after the given one.
///
/// # Errors
/// [`StoreError`].
pub fn of_log(link: &mut Link, log: i64, after: &str, limit: u64) -> Result<Vec<State>, StoreError> {
    let rows = states::table
        .filter(states::log.eq(log).and(states::record.gt(after)))
        .order(states::record)
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(State::try_from).collect()
}

/// At most `limit` live states whose payload is not held, by name of record.
///
/// # Errors
/// [`StoreError`].
pub fn without_payload(link: &mut Link, limit: u64) -> Result<Vec<State>, StoreError> {
    let held = payloads::table.filter(payloads::log.eq(states::log).and(payloads::seq.eq(states::seq)));
    let rows = states::table
        .filter(states::operation.eq(UPSERT).and(not(exists(held))))
        .order((states::record, states::channel))
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(State::try_from).collect()
}

/// The logs of which live states miss their payload.
///
/// # Errors
/// [`StoreError`].
pub fn logs_without_payload(link: &mut Link) -> Result<Vec<i64>, StoreError> {
    let held = payloads::table.filter(payloads::log.eq(states::log).and(payloads::seq.eq(states::seq)));
    let missing = states::table.filter(states::operation.eq(UPSERT).and(not(exists(held))));
    Ok(missing.select(states::log).distinct().order(states::log).load(link)?)
}

/// At most `limit` live states that a log brought and whose payload is not held, in its order.
///
/// # Errors
/// [`StoreError`].
pub fn without_payload_of(link: &mut Link, log: i64, limit: u64) -> Result<Vec<State>, StoreError> {
    let held = payloads::table.filter(payloads::log.eq(states::log).and(payloads::seq.eq(states::seq)));
    let missing = states::table.filter(states::log.eq(log).and(states::operation.eq(UPSERT)).and(not(exists(held))));
    let rows = missing.order(states::seq).limit(signed(limit)?).load::<Row>(link)?;
    rows.into_iter().map(State::try_from).collect()
}

/// Forgets the states that a log brought, and what was refused of it.
///
/// # Errors
/// [`StoreError`].
pub fn remove_of_log(link: &mut Link, log: i64) -> Result<(), StoreError> {
    diesel::delete(states::table.filter(states::log.eq(log))).execute(link)?;
    diesel::delete(unreadable::table.filter(unreadable::log.eq(log))).execute(link)?;
    Ok(())
}

/// Clears all that is made of the logs, so that it can be made again.
///
/// # Errors
/// [`StoreError`].
pub fn clear(link: &mut Link) -> Result<(), StoreError> {
    diesel::delete(facets::table).execute(link)?;
    diesel::delete(records::table).execute(link)?;
    files::doubt_all(link)?;
    diesel::delete(unreadable::table).execute(link)?;
    diesel::delete(states::table).execute(link)?;
    Ok(())
}

impl TryFrom<&State> for Row {
    type Error = StoreError;

    fn try_from(state: &State) -> Result<Self, StoreError> {
        Ok(Self {
            record: state.record.clone(),
            channel: state.channel.as_str().to_owned(),
            log: state.log,
            epoch: signed(state.epoch)?,
            seq: signed(state.seq)?,
            operation: state.operation.clone(),
            kind: state.kind.clone(),
            version: signed(state.version)?,
            commitment: state.commitment.clone(),
            leaf: hex(&state.leaf),
        })
    }
}

impl TryFrom<Row> for State {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            channel: row.channel.parse().map_err(|e| StoreError::damaged("states", e))?,
            leaf: hash("states", &row.leaf)?,
            record: row.record,
            log: row.log,
            epoch: row.epoch.unsigned_abs(),
            seq: row.seq.unsigned_abs(),
            operation: row.operation,
            kind: row.kind,
            version: row.version.unsigned_abs(),
            commitment: row.commitment,
        })
    }
}

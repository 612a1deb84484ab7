//! One row for each log that is held: how much of it, its frontier, its newest head.

use crate::schema::logs;
use crate::{Link, StoreError, settings};
use diesel::dsl::max;
use diesel::prelude::*;
use pes_changeset::Channel;
use pes_changeset::commitment::hex;
use pes_changeset::note::Note;
use pes_changeset::tree::Frontier;

/// A log that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its number in this database.
    pub id: i64,
    /// The node that writes it.
    pub node: String,
    /// Its channel.
    pub channel: Channel,
    /// Its epoch.
    pub epoch: u64,
    /// Size and right edge of what is held.
    pub frontier: Frontier,
    /// The newest head all of whose leaves are held, as its author signed it.
    pub checkpoint: Option<Note>,
    /// The newest head of more than is held, as long as there is one.
    pub pending: Option<Note>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = logs)]
struct Row {
    id: i64,
    node: String,
    channel: String,
    epoch: i64,
    size: i64,
    frontier: String,
    checkpoint: Option<String>,
    pending: Option<String>,
}

/// The log of a node, channel and epoch; made empty where there is none.
///
/// # Errors
/// [`StoreError`].
pub fn find_or_insert(link: &mut Link, node: &str, channel: Channel, epoch: u64) -> Result<Log, StoreError> {
    if let Some(log) = find(link, node, channel, epoch)? {
        return Ok(log);
    }
    let log = Log {
        id: last_number(link)? + 1,
        node: node.to_owned(),
        channel,
        epoch,
        frontier: Frontier::default(),
        checkpoint: None,
        pending: None,
    };
    diesel::insert_into(logs::table).values(Row::try_from(&log)?).execute(link)?;
    Ok(log)
}

/// The setting that holds the greatest number a log ever had, where that log is gone: whoever remembers something of it by its
/// number must not take another for it.
const LAST: &str = "last-log";

fn last_number(link: &mut Link) -> Result<i64, StoreError> {
    let last: Option<i64> = logs::table.select(max(logs::id)).first(link)?;
    let gone = settings::get(link, LAST)?.and_then(|number| number.parse().ok());
    Ok(last.max(gone).unwrap_or_default())
}

/// Forgets a log of which nothing is held any more.
///
/// # Errors
/// [`StoreError`], also where something still is.
pub fn remove(link: &mut Link, id: i64) -> Result<(), StoreError> {
    let last = last_number(link)?;
    settings::put(link, LAST, &last.to_string())?;
    diesel::delete(logs::table.find(id)).execute(link)?;
    Ok(())
}

/// The log of a node, channel and epoch.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, node: &str, channel: Channel, epoch: u64) -> Result<Option<Log>, StoreError> {
    let row = logs::table
        .filter(logs::node.eq(node).and(logs::channel.eq(channel.as_str())).and(logs::epoch.eq(signed(epoch)?)))
        .first::<Row>(link)
        .optional()?;
    row.map(Log::try_from).transpose()
}

/// The log of this number.
///
/// # Errors
/// [`StoreError`].
pub fn get(link: &mut Link, id: i64) -> Result<Log, StoreError> {
    logs::table.find(id).first::<Row>(link)?.try_into()
}

/// The newest epoch of a node's channel.
///
/// # Errors
/// [`StoreError`].
pub fn newest(link: &mut Link, node: &str, channel: Channel) -> Result<Option<Log>, StoreError> {
    let row = logs::table
        .filter(logs::node.eq(node).and(logs::channel.eq(channel.as_str())))
        .order(logs::epoch.desc())
        .first::<Row>(link)
        .optional()?;
    row.map(Log::try_from).transpose()
}

/// All logs, by node, channel and epoch.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Log>, StoreError> {
    let rows = logs::table.order((logs::node, logs::channel, logs::epoch)).load::<Row>(link)?;
    rows.into_iter().map(Log::try_from).collect()
}

/// All logs of a node, by channel and epoch.
///
/// # Errors
/// [`StoreError`].
pub fn of_node(link: &mut Link, node: &str) -> Result<Vec<Log>, StoreError> {
    let rows = logs::table.filter(logs::node.eq(node)).order((logs::channel, logs::epoch)).load::<Row>(link)?;
    rows.into_iter().map(Log::try_from).collect()
}

/// Keeps how far a log has grown, and its head.
///
/// # Errors
/// [`StoreError`].
pub fn update(link: &mut Link, log: &Log) -> Result<(), StoreError> {
    let row = Row::try_from(log)?;
    diesel::update(logs::table.find(log.id))
        .set((
            logs::size.eq(row.size),
            logs::frontier.eq(row.frontier),
            logs::checkpoint.eq(row.checkpoint),
            logs::pending.eq(row.pending),
        ))
        .execute(link)?;
    Ok(())
}

impl Log {
    /// How many change-sets are held.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

impl TryFrom<&Log> for Row {
    type Error = StoreError;

    fn try_from(log: &Log) -> Result<Self, StoreError> {
        Ok(Self {
            id: log.id,
            node: log.node.clone(),
            channel: log.channel.as_str().to_owned(),
            epoch: signed(log.epoch)?,
            size: signed(log.size())?,
            frontier: hex(&log.frontier.to_bytes()),
            checkpoint: log.checkpoint.as_ref().map(Note::write),
            pending: log.pending.as_ref().map(Note::write),
        })
    }
}

impl TryFrom<Row> for Log {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let fault = |e| StoreError::damaged("logs", e);
        let edge = from_hex("logs", &row.frontier)?;
        Ok(Self {
            id: row.id,
            node: row.node,
            channel: row.channel.parse().map_err(fault)?,
            epoch: row.epoch.unsigned_abs(),
            frontier: Frontier::from_bytes(row.size.unsigned_abs(), &edge).map_err(fault)?,
            checkpoint: row.checkpoint.as_deref().map(Note::read).transpose().map_err(fault)?,
            pending: row.pending.as_deref().map(Note::read).transpose().map_err(fault)?,
        })
    }
}

/// A number of the protocol as the database keeps it; both stay below 2^53.
pub(crate) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|e| StoreError::damaged("numbers", e))
}

/// Undoes [`hex`].
pub(crate) fn from_hex(table: &'static str, text: &str) -> Result<Vec<u8>, StoreError> {
    let fault = || StoreError::damaged(table, "not hexadecimal");
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(fault()) };
    pairs
        .iter()
        .map(|pair| str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(fault))
        .collect()
}

//! The newest snapshot of each log, as the places of its members: what is given to a node that is far behind.

use crate::logs::signed;
use crate::schema::{snapshot_pages, snapshots};
use crate::{Link, StoreError};
use diesel::prelude::*;

/// Members of a page, but for the last one: as many as a bundle holds.
pub const PAGE: usize = pes_changeset::limits::BATCH_CHANGE_SETS;

/// A snapshot that can be given to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// The place of its change-set in the log.
    pub seq: u64,
    /// How many members it has.
    pub size: u64,
}

/// Keeps a log's newest snapshot, in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn keep(link: &mut Link, log: i64, seq: u64, members: &[u64]) -> Result<(), StoreError> {
    forget(link, log)?;
    let size = signed(members.len() as u64)?;
    let row = (snapshots::log.eq(log), snapshots::seq.eq(signed(seq)?), snapshots::size.eq(size));
    diesel::insert_into(snapshots::table).values(row).execute(link)?;
    for (page, members) in (0_i64..).zip(members.chunks(PAGE)) {
        let places: Vec<String> = members.iter().map(u64::to_string).collect();
        let row =
            (snapshot_pages::log.eq(log), snapshot_pages::page.eq(page), snapshot_pages::members.eq(places.join(" ")));
        diesel::insert_into(snapshot_pages::table).values(row).execute(link)?;
    }
    Ok(())
}

/// Forgets a log's snapshot.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, log: i64) -> Result<(), StoreError> {
    diesel::delete(snapshot_pages::table.filter(snapshot_pages::log.eq(log))).execute(link)?;
    diesel::delete(snapshots::table.find(log)).execute(link)?;
    Ok(())
}

/// The newest snapshot of a log.
///
/// # Errors
/// [`StoreError`].
pub fn newest(link: &mut Link, log: i64) -> Result<Option<Snapshot>, StoreError> {
    let row = snapshots::table.find(log).select((snapshots::seq, snapshots::size)).first::<(i64, i64)>(link);
    Ok(row.optional()?.map(|(seq, size)| Snapshot { seq: seq.unsigned_abs(), size: size.unsigned_abs() }))
}

/// The places of the members of one page; none where there is no such page.
///
/// # Errors
/// [`StoreError`].
pub fn page(link: &mut Link, log: i64, page: u64) -> Result<Vec<u64>, StoreError> {
    let row = snapshot_pages::table.find((log, signed(page)?)).select(snapshot_pages::members);
    let members: Option<String> = row.first(link).optional()?;
    let places = members.as_deref().unwrap_or_default().split_whitespace();
    places.map(|place| place.parse().map_err(|e| StoreError::damaged("snapshot_pages", e))).collect()
}

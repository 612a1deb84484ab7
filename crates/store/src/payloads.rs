//! The live payloads, and only those: erasing one is deleting its row.

use crate::insertion::OrNothing;
use crate::logs::signed;
use crate::schema::payloads;
use crate::{Link, StoreError};
use diesel::prelude::*;
use std::collections::HashMap;

/// Keeps the payload of a change-set. Once more is no fault.
///
/// # Errors
/// [`StoreError`].
pub fn keep(link: &mut Link, (log, seq): (i64, u64), record: &str, text: &str) -> Result<(), StoreError> {
    let place = (payloads::log.eq(log), payloads::seq.eq(signed(seq)?));
    let row = (place.0, place.1, payloads::record.eq(record), payloads::text.eq(text));
    OrNothing(diesel::insert_into(payloads::table).values(row)).execute(link)?;
    Ok(())
}

/// The payload of a change-set, if it is live.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, log: i64, seq: u64) -> Result<Option<String>, StoreError> {
    Ok(payloads::table.find((log, signed(seq)?)).select(payloads::text).first(link).optional()?)
}

/// The live payloads among `width` change-sets of a log, from `seq` on.
///
/// # Errors
/// [`StoreError`].
pub fn of_log(link: &mut Link, log: i64, seq: u64, width: u64) -> Result<HashMap<u64, String>, StoreError> {
    let (first, last) = (signed(seq)?, signed(seq + width)?);
    let rows: Vec<(i64, String)> = payloads::table
        .filter(payloads::log.eq(log).and(payloads::seq.ge(first)).and(payloads::seq.lt(last)))
        .select((payloads::seq, payloads::text))
        .load(link)?;
    Ok(rows.into_iter().map(|(seq, text)| (seq.unsigned_abs(), text)).collect())
}

/// The live payloads among the change-sets at these places of a log.
///
/// # Errors
/// [`StoreError`].
pub fn at(link: &mut Link, log: i64, places: &[u64]) -> Result<HashMap<u64, String>, StoreError> {
    let wanted = places.iter().map(|place| signed(*place)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<(i64, String)> = payloads::table
        .filter(payloads::log.eq(log).and(payloads::seq.eq_any(wanted)))
        .select((payloads::seq, payloads::text))
        .load(link)?;
    Ok(rows.into_iter().map(|(seq, text)| (seq.unsigned_abs(), text)).collect())
}

/// Erases the payload of one change-set.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, log: i64, seq: u64) -> Result<(), StoreError> {
    diesel::delete(payloads::table.find((log, signed(seq)?))).execute(link)?;
    Ok(())
}

/// Erases every payload of a log.
///
/// # Errors
/// [`StoreError`].
pub fn erase_log(link: &mut Link, log: i64) -> Result<(), StoreError> {
    diesel::delete(payloads::table.filter(payloads::log.eq(log))).execute(link)?;
    Ok(())
}

/// Erases every payload of a record, in all channels.
///
/// # Errors
/// [`StoreError`].
pub fn erase_record(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(payloads::table.filter(payloads::record.eq(record))).execute(link)?;
    Ok(())
}

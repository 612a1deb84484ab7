//! Structures that an animator told apart: whatever the rule says, they are not proposed as one again. Ours alone; what other networks say of
//! the two is not touched.

use crate::schema::told_apart;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// A pair that was told apart.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = told_apart)]
pub struct ToldApart {
    /// The record whose name comes first.
    pub one: String,
    /// The other record.
    pub other: String,
    /// The animator who told them apart.
    pub account: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

/// Tells two records apart. Done again, it is said of whoever said it last.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, (one, other): (&str, &str), account: &str, since: i64) -> Result<(), StoreError> {
    let (one, other) = in_order(one, other);
    let row = ToldApart { one: one.into(), other: other.into(), account: account.into(), since };
    if diesel::update(told_apart::table.find((one, other))).set(&row).execute(link)? == 0 {
        diesel::insert_into(told_apart::table).values(row).execute(link)?;
    }
    Ok(())
}

/// All pairs, those told apart last first.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<ToldApart>, StoreError> {
    Ok(told_apart::table.order((told_apart::since.desc(), told_apart::one, told_apart::other)).load(link)?)
}

/// The records from which a record was told apart.
///
/// # Errors
/// [`StoreError`].
pub fn from(link: &mut Link, record: &str) -> Result<Vec<String>, StoreError> {
    let pairs = told_apart::table.filter(told_apart::one.eq(record).or(told_apart::other.eq(record)));
    let pairs: Vec<(String, String)> = pairs.select((told_apart::one, told_apart::other)).load(link)?;
    Ok(pairs.into_iter().map(|(one, other)| if one == record { other } else { one }).collect())
}

/// Takes it back: the two may be proposed again.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, (one, other): (&str, &str)) -> Result<(), StoreError> {
    diesel::delete(told_apart::table.find(in_order(one, other))).execute(link)?;
    Ok(())
}

/// Forgets all that was told of a record, which is no more.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let pairs = told_apart::table.filter(told_apart::one.eq(record).or(told_apart::other.eq(record)));
    diesel::delete(pairs).execute(link)?;
    Ok(())
}

fn in_order<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    if one <= other { (one, other) } else { (other, one) }
}

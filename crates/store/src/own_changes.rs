//! In what order this node's structures and people changed last, so that who holds in memory what they declare reads on from where it is.

use crate::logs::signed;
use crate::schema::own_changes;
use crate::{Link, StoreError};
use diesel::prelude::*;
use pes_domain::{Kind, RecordIri};

/// A record, and the number of its last change.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = own_changes)]
pub struct OwnChange {
    /// The record's name.
    pub record: String,
    /// Higher than that of every change before it.
    pub number: i64,
}

/// Notes that a record has changed, or is no more; nothing for kinds that declare nothing.
pub(crate) fn note(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let kind = RecordIri::read(record).and_then(|iri| iri.kind());
    if !matches!(kind, Some(Kind::Structure | Kind::Person)) {
        return Ok(());
    }
    let last = own_changes::table.select(diesel::dsl::max(own_changes::number)).first::<Option<i64>>(link)?;
    let one = OwnChange { record: record.to_owned(), number: last.unwrap_or_default() + 1 };
    if diesel::update(own_changes::table.find(record)).set(&one).execute(link)? == 0 {
        diesel::insert_into(own_changes::table).values(one).execute(link)?;
    }
    Ok(())
}

/// At most `limit` changes after a number, in their order.
///
/// # Errors
/// [`StoreError`].
pub fn after(link: &mut Link, number: i64, limit: u64) -> Result<Vec<OwnChange>, StoreError> {
    let later = own_changes::table.filter(own_changes::number.gt(number)).order(own_changes::number);
    Ok(later.limit(signed(limit)?).load(link)?)
}

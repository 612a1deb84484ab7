//! Records of ours as they were shown last, while they are not shown any more: what a proposal changes is told from it.

use crate::records::{from_json, to_json};
use crate::schema::stood;
use crate::{Link, StoreError};
use diesel::prelude::*;
use pes_domain::Record;

/// Keeps a record as it stood, in the place of how it stood before.
///
/// # Errors
/// [`StoreError`].
pub fn keep(link: &mut Link, record: &Record) -> Result<(), StoreError> {
    let (name, body) = (record.iri.to_string(), to_json("stood", record)?);
    if diesel::update(stood::table.find(&name)).set(stood::body.eq(&body)).execute(link)? == 0 {
        diesel::insert_into(stood::table).values((stood::record.eq(name), stood::body.eq(body))).execute(link)?;
    }
    Ok(())
}

/// A record as it stood.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, record: &str) -> Result<Option<Record>, StoreError> {
    let body = stood::table.find(record).select(stood::body).first::<String>(link).optional()?;
    body.map(|body| from_json("stood", &body)).transpose()
}

/// Forgets how a record stood: it is shown again, or erased.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(stood::table.find(record)).execute(link)?;
    Ok(())
}

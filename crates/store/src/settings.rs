//! Small facts about this node, by name.

use crate::schema::settings;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// A fact, if it was ever put.
///
/// # Errors
/// [`StoreError`].
pub fn get(link: &mut Link, name: &str) -> Result<Option<String>, StoreError> {
    Ok(settings::table.find(name).select(settings::value).first(link).optional()?)
}

/// Puts a fact in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, name: &str, value: &str) -> Result<(), StoreError> {
    if diesel::update(settings::table.find(name)).set(settings::value.eq(value)).execute(link)? == 0 {
        diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(link)?;
    }
    Ok(())
}

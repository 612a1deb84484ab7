//! Structures of ours that another network says to have taken in, and that the team does not let go there: what that sheet says stands as it was
//! signed, and is not asked of the team again. Ours alone; nobody is told.

use crate::schema::refused_moves;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// A move that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = refused_moves)]
pub struct RefusedMove {
    /// The structure of ours.
    pub own: String,
    /// The sheet that says to take its place.
    pub successor: String,
    /// The animator who refused.
    pub account: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

/// Refuses a move. Done again, it is refused by whoever did so last.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, refused: &RefusedMove) -> Result<(), StoreError> {
    let place = refused_moves::table.find((&refused.own, &refused.successor));
    if diesel::update(place).set(refused).execute(link)? == 0 {
        diesel::insert_into(refused_moves::table).values(refused).execute(link)?;
    }
    Ok(())
}

/// All of them, the last first.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<RefusedMove>, StoreError> {
    let order = (refused_moves::since.desc(), refused_moves::own, refused_moves::successor);
    Ok(refused_moves::table.order(order).load(link)?)
}

/// Takes a refusal back: the team is asked again.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, (own, successor): (&str, &str)) -> Result<(), StoreError> {
    diesel::delete(refused_moves::table.find((own, successor))).execute(link)?;
    Ok(())
}

/// Forgets what was refused of a structure of ours, or of the sheet to which it should go, which is no more.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let of_it = refused_moves::own.eq(record).or(refused_moves::successor.eq(record));
    diesel::delete(refused_moves::table.filter(of_it)).execute(link)?;
    Ok(())
}

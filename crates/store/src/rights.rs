//! What people may do for a structure of this node.

use crate::schema::{own_records, rights};
use crate::{Link, StoreError};
use diesel::prelude::*;

/// What one person may do for one structure.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = rights)]
pub struct Right {
    /// The person.
    pub account: String,
    /// The structure's record.
    pub structure: String,
    /// Whether both sides confirmed that they have a role there.
    pub is_confirmed: bool,
    /// Whether they may edit its sheet. Given by itself, never with the role.
    pub may_edit: bool,
    /// Whether they asked to be told of what concerns it.
    pub wants_notices: bool,
    /// Whether the structure is an ordinary company as its sheet stands now. It is read from the sheet, and [`put`] does not keep it.
    #[diesel(skip_insertion, skip_update)]
    pub is_of_company: bool,
}

impl Right {
    /// Whether it makes its person a member of the network: a confirmed role in one of its structures, of which a company is none.
    pub fn makes_member(&self) -> bool {
        self.is_confirmed && !self.is_of_company
    }
}

/// A right, and what its structure's sheet says, if it is here.
type Row = (String, String, bool, bool, bool, Option<bool>);

impl From<Row> for Right {
    fn from((account, structure, is_confirmed, may_edit, wants_notices, is_of_company): Row) -> Self {
        let is_of_company = is_of_company.unwrap_or_default();
        Self { account, structure, is_confirmed, may_edit, wants_notices, is_of_company }
    }
}

/// Gives a right, in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, right: &Right) -> Result<(), StoreError> {
    let place = rights::table.find((&right.account, &right.structure));
    if diesel::update(place).set(right).execute(link)? == 0 {
        diesel::insert_into(rights::table).values(right).execute(link)?;
    }
    Ok(())
}

/// What a person may do for a structure.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, account: &str, structure: &str) -> Result<Option<Right>, StoreError> {
    let one = with_sheets().filter(rights::account.eq(account).and(rights::structure.eq(structure)));
    Ok(one.select(row()).first::<Row>(link).optional()?.map(Right::from))
}

/// All a person may do.
///
/// # Errors
/// [`StoreError`].
pub fn of_account(link: &mut Link, account: &str) -> Result<Vec<Right>, StoreError> {
    let all = with_sheets().filter(rights::account.eq(account)).order(rights::structure).select(row());
    Ok(all.load::<Row>(link)?.into_iter().map(Right::from).collect())
}

/// All who may do something for a structure.
///
/// # Errors
/// [`StoreError`].
pub fn of_structure(link: &mut Link, structure: &str) -> Result<Vec<Right>, StoreError> {
    let all = with_sheets().filter(rights::structure.eq(structure)).order(rights::account).select(row());
    Ok(all.load::<Row>(link)?.into_iter().map(Right::from).collect())
}

/// All rights.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Right>, StoreError> {
    let all = with_sheets().order((rights::structure, rights::account)).select(row());
    Ok(all.load::<Row>(link)?.into_iter().map(Right::from).collect())
}

/// Takes a right away.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, account: &str, structure: &str) -> Result<(), StoreError> {
    diesel::delete(rights::table.find((account, structure))).execute(link)?;
    Ok(())
}

/// What [`Row`] is read from.
#[diesel::dsl::auto_type(no_type_alias)]
fn row() -> _ {
    let sheet: diesel::dsl::Nullable<own_records::is_company> = own_records::is_company.nullable();
    (rights::account, rights::structure, rights::is_confirmed, rights::may_edit, rights::wants_notices, sheet)
}

/// Each right beside the sheet of its structure, which may have been erased.
#[diesel::dsl::auto_type(no_type_alias)]
fn with_sheets() -> _ {
    rights::table.left_join(own_records::table.on(own_records::record.eq(rights::structure)))
}

//! Lists of records as readers see them: one row a record, the newest first, a page at a time.

use crate::own_records::{Moderation, OwnRecord};
use crate::records::{self, Sheet};
use crate::schema::{facets, hidden, own_records as own};
use crate::{Link, StoreError};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use pes_domain::{Audience, Kind, List};

/// What a list is narrowed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The kind of record.
    pub kind: Kind,
    /// How far the reader sees.
    pub reader: Audience,
    /// The time, in seconds since 1970: what has expired is left out.
    pub now: i64,
    /// Each narrows: a facet, and the values of which one has to be there.
    pub facets: Vec<(String, Vec<String>)>,
    /// The node whose records are shown; all where there is none.
    pub node: Option<String>,
    /// How many records to pass over.
    pub offset: u64,
    /// How many to show.
    pub limit: u64,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its records.
    pub sheets: Vec<Sheet>,
    /// How many there are in all.
    pub total: u64,
}

/// Of the sheets of one record that a member may read only the highest version counts, on a tie the narrower one; `affiliates`
/// comes before `public` in the alphabet.
const IS_THE_ONE_SEEN: &str = "NOT EXISTS (SELECT 1 FROM records AS other WHERE other.record = records.record \
     AND (other.version > records.version OR (other.version = records.version AND other.channel < records.channel)))";

/// A page of the shared records of a kind that a reader of this audience sees.
///
/// # Errors
/// [`StoreError`].
pub fn shared(link: &mut Link, query: &Query) -> Result<Page, StoreError> {
    let total: i64 = filtered(query).count().get_result(link)?;
    let rows = filtered(query)
        .order((crate::schema::records::published.desc(), crate::schema::records::record))
        .offset(as_i64(query.offset))
        .limit(as_i64(query.limit))
        .load::<records::Row>(link)?;
    Ok(Page { sheets: rows.into_iter().map(Sheet::try_from).collect::<Result<_, _>>()?, total: total.unsigned_abs() })
}

type Filtered<'a> = crate::schema::records::BoxedQuery<'a, crate::Backend>;

fn filtered(query: &Query) -> Filtered<'_> {
    use crate::schema::records::dsl::{channel, expires, is_taken, kind, node, number, record, records};
    let mut rows = records
        .filter(kind.eq(query.kind.notation()))
        .filter(expires.is_null().or(expires.gt(query.now)))
        .filter(is_taken.eq(true))
        .filter(record.ne_all(hidden::table.select(hidden::record)))
        .into_boxed();
    rows = match query.reader {
        Audience::Public => rows.filter(channel.eq("public")),
        _ => rows.filter(diesel::dsl::sql::<Bool>(IS_THE_ONE_SEEN)),
    };
    if let Some(one) = &query.node {
        rows = rows.filter(node.eq(one));
    }
    for (facet, values) in &query.facets {
        let met = facets::table.filter(facets::sheet.eq(number));
        let met = met.filter(facets::facet.eq(facet).and(facets::value.eq_any(values)));
        rows = rows.filter(exists(met));
    }
    rows
}

/// This node's published records of a kind that no channel carries: for its own people only, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn kept_here(link: &mut Link, kind: Kind) -> Result<Vec<OwnRecord>, StoreError> {
    let carried = crate::schema::records::table.select(crate::schema::records::record);
    let rows = own::table
        .filter(own::kind.eq(kind.notation()).and(own::moderation.eq(Moderation::Published.as_str())))
        .filter(own::record.ne_all(carried))
        .order((own::modified.desc(), own::record))
        .load::<crate::own_records::Row>(link)?;
    rows.into_iter().map(OwnRecord::try_from).collect()
}

/// What an account wrote, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn of_author(link: &mut Link, account: &str) -> Result<Vec<OwnRecord>, StoreError> {
    let rows = own::table
        .filter(own::author.eq(account))
        .order((own::modified.desc(), own::record))
        .load::<crate::own_records::Row>(link)?;
    rows.into_iter().map(OwnRecord::try_from).collect()
}

/// This node's records that wait for an animator, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn proposed(link: &mut Link) -> Result<Vec<OwnRecord>, StoreError> {
    let rows = own::table
        .filter(own::moderation.eq(Moderation::Proposed.as_str()))
        .order((own::modified, own::record))
        .load::<crate::own_records::Row>(link)?;
    rows.into_iter().map(OwnRecord::try_from).collect()
}

/// At most `limit` of this node's entries in a state after `offset`, the oldest first, and how many there are. Memberships are none: they are
/// settled with the right they ask for.
///
/// # Errors
/// [`StoreError`].
pub fn entries(
    link: &mut Link,
    moderation: Moderation,
    (offset, limit): (u64, u64),
) -> Result<(Vec<OwnRecord>, u64), StoreError> {
    let rows = entries_in(moderation).order((own::modified, own::record)).offset(as_i64(offset)).limit(as_i64(limit));
    let rows = rows.load::<crate::own_records::Row>(link)?;
    Ok((rows.into_iter().map(OwnRecord::try_from).collect::<Result<_, _>>()?, count_entries(link, moderation)?))
}

/// How many entries of this node are in a state.
///
/// # Errors
/// [`StoreError`].
pub fn count_entries(link: &mut Link, moderation: Moderation) -> Result<u64, StoreError> {
    Ok(entries_in(moderation).count().get_result::<i64>(link)?.unsigned_abs())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn entries_in(moderation: Moderation) -> _ {
    let word: &'static str = moderation.as_str();
    let membership: &'static str = Kind::Membership.notation();
    own::table.filter(own::moderation.eq(word).and(own::kind.ne(membership)))
}

/// How many records of each kind and direction a visitor sees: what the home page counts.
///
/// # Errors
/// [`StoreError`].
pub fn count(link: &mut Link, query: &Query) -> Result<u64, StoreError> {
    let total: i64 = filtered(query).count().get_result(link)?;
    Ok(total.unsigned_abs())
}

/// At most `limit` names of records that somebody may see here, shared or kept: those after the given one.
///
/// # Errors
/// [`StoreError`].
pub fn names_after(link: &mut Link, after: &str, limit: u64) -> Result<Vec<String>, StoreError> {
    use crate::schema::records::dsl::{record, records};
    let shared = records.filter(record.gt(after)).select(record).distinct().order(record).limit(as_i64(limit));
    let kept = own::table.filter(own::record.gt(after)).select(own::record).order(own::record).limit(as_i64(limit));
    let mut names = each_once(shared.load(link)?, kept.load(link)?);
    names.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(names)
}

/// The names of all that says something else from one day to the next without being written anew: events, which come again, and structures, whose
/// labels begin and end. Of the latter all that have labels, dated or not: that is told without reading them.
///
/// # Errors
/// [`StoreError`].
pub fn names_of_dated(link: &mut Link) -> Result<Vec<String>, StoreError> {
    use crate::schema::records::dsl::{kind, number, record, records};
    let (event, structure) = (Kind::Event.notation(), Kind::Structure.notation());
    let labelled = facets::table.filter(facets::facet.eq(List::Label.name())).select(facets::sheet);
    let is_dated = kind.eq(event).or(kind.eq(structure).and(number.eq_any(labelled)));
    let shared = records.filter(is_dated).select(record).distinct().order(record);
    let is_dated = own::kind.eq(event).or(own::kind.eq(structure).and(own::body.like("%\"labels\":[{%")));
    let kept = own::table.filter(is_dated).select(own::record).order(own::record);
    Ok(each_once(shared.load(link)?, kept.load(link)?))
}

fn each_once(mut some: Vec<String>, others: Vec<String>) -> Vec<String> {
    some.extend(others);
    some.sort();
    some.dedup();
    some
}

fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

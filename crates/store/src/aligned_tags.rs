//! Free words that an animator aligned to a concept: whoever looks for the concept here finds what bears the word. Ours alone: the records stay as
//! their authors wrote them, and other networks align as they like.

use crate::own_records::OwnRecord;
use crate::schema::aligned_tags;
use crate::{Link, StoreError, own_records, records, unindexed};
use diesel::prelude::*;
use pes_domain::{Code, Tag};

/// How many records of ours are looked through at once.
const PORTION: u64 = 500;

/// A word that is aligned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aligned {
    /// The word.
    pub tag: Tag,
    /// The concept.
    pub concept: Code,
    /// The animator who aligned it.
    pub account: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = aligned_tags)]
struct Row {
    tag: String,
    concept: String,
    account: String,
    since: i64,
}

/// Aligns a word, in the place of what it was aligned to before. What bears it has to be looked at again.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, one: &Aligned) -> Result<(), StoreError> {
    let row = Row {
        tag: one.tag.as_str().into(),
        concept: one.concept.to_string(),
        account: one.account.clone(),
        since: one.since,
    };
    if diesel::update(aligned_tags::table.find(one.tag.as_str())).set(&row).execute(link)? == 0 {
        diesel::insert_into(aligned_tags::table).values(row).execute(link)?;
    }
    note(link, &one.tag)
}

/// Takes it back. What bears the word has to be looked at again.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, tag: &Tag) -> Result<(), StoreError> {
    diesel::delete(aligned_tags::table.find(tag.as_str())).execute(link)?;
    note(link, tag)
}

/// All words that are aligned, in alphabetical order.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Aligned>, StoreError> {
    let rows: Vec<Row> = aligned_tags::table.order(aligned_tags::tag).load(link)?;
    Ok(rows.into_iter().filter_map(Row::read).collect())
}

/// The concepts to which these words are aligned, each once.
///
/// # Errors
/// [`StoreError`].
pub fn concepts(link: &mut Link, tags: &[Tag]) -> Result<Vec<Code>, StoreError> {
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let slugs: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    let rows: Vec<Row> = aligned_tags::table.filter(aligned_tags::tag.eq_any(slugs)).load(link)?;
    let mut all: Vec<Code> = rows.into_iter().filter_map(Row::read).map(|one| one.concept).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// Notes whatever bears a word: what is shared by its facet; what is kept here, of which no facet is written, one by one.
fn note(link: &mut Link, tag: &Tag) -> Result<(), StoreError> {
    for record in records::with_facet(link, "tag", tag.as_str())? {
        unindexed::note(link, &record)?;
    }
    let mut last = String::new();
    loop {
        let portion = own_records::after(link, &last, PORTION)?;
        let Some(end) = portion.last() else { return Ok(()) };
        last = end.record.iri.to_string();
        let bears = |own: &&OwnRecord| own.record.tags.contains(tag);
        portion.iter().filter(bears).try_for_each(|own| unindexed::note(link, &own.record.iri.to_string()))?;
    }
}

impl Row {
    /// Nothing where the concept is of no list any more: a word that is aligned to nothing is a word.
    fn read(self) -> Option<Aligned> {
        let (tag, concept) = (Tag::read(&self.tag)?, Code::read(&self.concept)?);
        Some(Aligned { tag, concept, account: self.account, since: self.since })
    }
}

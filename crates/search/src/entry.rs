//! What the index is told of a record: neutral, so that a new kind changes nothing here.

use crate::query::Sign;
use pes_domain::Code;
use pes_domain::place::{Area, Place};

/// Who sees an entry. Each reader sees at most one entry of a record, so that what is counted is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Readers {
    /// Only who is not a member: members see another entry of the same record.
    Anyone,
    /// Only members.
    Members,
    /// Everybody sees the same. The common case.
    #[default]
    Both,
}

/// A record as one class of readers sees it.
///
/// Nothing may be in it that these readers may not see: all of it can be found, counted and suggested.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Who sees this entry.
    pub readers: Readers,
    /// The notation of its kind.
    pub kind: String,
    /// What lists call it.
    pub title: String,
    /// Other names it goes by: acronym, legal name.
    pub alternatives: Vec<String>,
    /// What it is, in a line.
    pub summary: String,
    /// All else that can be found.
    pub text: String,
    /// The origin of the network whose record it is.
    pub network: String,
    /// All its concepts, of whatever list. What is above them in the thesaurus is added here, not by the caller.
    pub concepts: Vec<Code>,
    /// The slugs of its tags.
    pub tags: Vec<String>,
    /// Where it is. A place without a point is not on a map, but is found by its territories.
    pub places: Vec<Place>,
    /// Where the structure is that speaks in it: what has no place of its own is found there.
    pub lent: Vec<Place>,
    /// Where it counts, if it has no place of its own and is no structure or person: it is found there as if it were there.
    pub counts_in: Vec<Area>,
    /// In whose name it speaks, by the structure's IRI; a structure speaks in its own.
    pub voice: Option<String>,
    /// What is said of it beside its concepts.
    pub signs: Vec<Sign>,
    /// Where it acts.
    pub acts_in: Vec<Area>,
    /// When it takes place, from and until, in seconds since 1970.
    pub occurrences: Vec<(i64, i64)>,
    /// From when on it is shown nowhere.
    pub expires: Option<i64>,
    /// When it was last changed.
    pub modified: i64,
    /// When it was published.
    pub published: i64,
    /// Where it stands in an alphabet; empty: by its title.
    pub sort_name: String,
}

impl Entry {
    /// Where one finds it: its own places, or those that are lent to it.
    pub(crate) fn found_at(&self) -> &[Place] {
        if self.places.is_empty() { &self.lent } else { &self.places }
    }
}

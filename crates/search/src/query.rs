//! What is asked of the index, and what it answers.

use pes_domain::place::{Area, AreaKind, Point};
use pes_domain::{Code, List};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most hits that can be leafed through.
pub const DEEPEST: usize = 10_000;

/// Who asks. Every query carries exactly one, and nothing is looked at that this reader may not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Anybody.
    Anyone,
    /// Somebody whom a network has accepted.
    Member,
}

/// What entries are counted and narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The concepts of a list. A concept holds all that is below it. [`List::Kind`] is the entry's kind.
    List(List),
    /// The network whose record it is.
    Network,
    /// A tag.
    Tag,
    /// A territory it is in. Chosen territories of several kinds are one choice: either, or.
    Territory(AreaKind),
    /// The periods that the query counts ([`Query::periods`]); chosen by [`Query::dates`].
    Date,
    /// Whether an entry bears a sign. Its only value is [`Sign::BORNE`].
    Sign(Sign),
}

/// What may be said of an entry beside its concepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// An ordinary company: outside the directory of what is social and solidary.
    Company,
    /// No place of its own has a point: it is on no map.
    Unmapped,
}

impl Sign {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Company, Self::Unmapped];
    /// The value of an entry that bears it.
    pub const BORNE: &str = "yes";
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Who asks.
    pub reader: Reader,
    /// When, in seconds since 1970: what has expired is not there.
    pub now: i64,
    /// What was typed.
    pub words: String,
    /// Whether what was typed is to be taken as words only, never as a place or a concept.
    pub take_literally: bool,
    /// What was chosen of each facet: one of these, in each.
    pub chosen: BTreeMap<Facet, Vec<String>>,
    /// What is left out, counted as a choice is: it tells what taking it back would add.
    pub without: Vec<Sign>,
    /// Beside what is in the chosen territories: what is nowhere and counts in one of these, or in part of one.
    pub or_counts_in: Vec<Area>,
    /// Speaking in the name of one of these structures, or of the network at this origin.
    pub voices: Option<(String, Vec<String>)>,
    /// Acting in one of these territories, or in part of one.
    pub acts_in: Vec<Area>,
    /// Around a point.
    pub near: Option<Near>,
    /// On this part of the map.
    pub within: Option<Bounds>,
    /// From, until: taking place in between; what does not take place at a time, published in between.
    pub dates: Option<(i64, i64)>,
    /// The facets to count.
    pub counted: Vec<Facet>,
    /// So many values are told of a facet that is no list, the most frequent, and those that were chosen.
    pub most_values: usize,
    /// For [`Facet::Date`]: name, from, until.
    pub periods: Vec<(String, i64, i64)>,
    /// In what order.
    pub sort: Sort,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many to give. Together with the offset at most [`DEEPEST`].
    pub limit: usize,
}

impl Query {
    /// Everything that this reader sees: twenty of it.
    pub fn new(reader: Reader, now: i64) -> Self {
        Self {
            reader,
            now,
            words: String::new(),
            take_literally: false,
            chosen: BTreeMap::new(),
            without: Vec::new(),
            or_counts_in: Vec::new(),
            voices: None,
            acts_in: Vec::new(),
            near: None,
            within: None,
            dates: None,
            counted: Vec::new(),
            most_values: usize::MAX,
            periods: Vec::new(),
            sort: Sort::default(),
            offset: 0,
            limit: 20,
        }
    }

    /// The same for what was typed.
    #[must_use]
    pub fn typed(mut self, words: impl Into<String>) -> Self {
        self.words = words.into();
        self
    }

    /// The same with one more value chosen.
    #[must_use]
    pub fn choose(mut self, facet: Facet, value: impl Into<String>) -> Self {
        self.chosen.entry(facet).or_default().push(value.into());
        self
    }

    /// The same in a territory, or in another of those chosen.
    #[must_use]
    pub fn stands_in(self, area: &Area) -> Self {
        self.choose(Facet::Territory(area.kind), &area.code)
    }

    /// The same with one more facet counted.
    #[must_use]
    pub fn count(mut self, facet: Facet) -> Self {
        self.counted.push(facet);
        self
    }
}

/// Around a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The point.
    pub point: Point,
    /// How far around it; `None`: everywhere, and distances are told.
    pub radius_km: Option<f64>,
}

/// A part of the map. Where west is greater than east, it lies across the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "each is its name")]
pub struct Bounds {
    pub south: f64,
    pub west: f64,
    pub north: f64,
    pub east: f64,
}

impl Bounds {
    pub(crate) fn hold(&self, point: Point) -> bool {
        let (south, north) = (self.south <= point.latitude, point.latitude <= self.north);
        let (west, east) = (self.west <= point.longitude, point.longitude <= self.east);
        south && north && if self.west <= self.east { west && east } else { west || east }
    }
}

/// In what order hits come. Equal ones come by name, then in an order that is always the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// What fits best first; without words, by name. Around a point ([`Query::near`]), what is far counts for less.
    #[default]
    Relevance,
    /// Nearest first ([`Query::near`]); what has no point last.
    Distance,
    /// By name.
    Name,
    /// Last changed first.
    Freshness,
    /// What takes place next first; then what does not take place at a time, last published first.
    Date,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// For each facet counted: each value that there is, with how many entries have it when all choices but those of the
    /// facet itself apply. The most frequent first, equal ones by value; periods in the query's order. Shared: it may be long.
    pub facets: Arc<BTreeMap<Facet, Vec<(String, usize)>>>,
    /// How what was typed was understood.
    pub understood: Understood,
}

/// One hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The record.
    pub record: String,
    /// How well it fits; only to be compared with others of the same answer.
    pub score: f32,
    /// How far its nearest point is, where the query is around a point, or was understood so ([`Understood::nearest_to`]).
    pub distance_km: Option<f64>,
}

/// How what was typed was understood. It depends on the words, the reader and the time alone: choosing a facet does not change it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// A place among the words, by which was narrowed. [`Query::take_literally`] undoes it.
    pub place: Option<UnderstoodPlace>,
    /// A place among the words in which nothing has the others: what has them comes from anywhere, the nearest first, with its distance.
    pub nearest_to: Option<UnderstoodPlace>,
    /// A place that the words may name too, though they were taken as words: something is there.
    pub place_offered: Option<UnderstoodPlace>,
    /// A commune in which nothing has the other words, though some entries say them and its name: others may be nearer to it.
    pub nearness_offered: Option<UnderstoodPlace>,
    /// A commune that was typed wrong, and what was typed with its name in the place of that.
    pub commune_meant: Option<CommuneMeant>,
    /// Concepts among the words: what has them was found too.
    pub concepts: Vec<Code>,
    /// Whether typing errors were forgiven, for too little was found without.
    pub forgiving: bool,
    /// Whether any of the words was enough, for nothing has them all.
    pub any_word: bool,
}

/// A place that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderstoodPlace {
    /// What it is called.
    pub label: String,
    /// The territories it may mean.
    pub areas: Vec<Area>,
    /// What was typed beside it.
    pub rest: String,
}

/// A commune that somebody may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommuneMeant {
    /// What it is called.
    pub label: String,
    /// What to look for instead.
    pub words: String,
}

/// What somebody may be about to type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// A record.
    Record {
        /// Its IRI.
        record: String,
        /// What lists call it.
        title: String,
        /// The notation of its kind.
        kind: String,
    },
    /// A concept that some entry has.
    Concept {
        /// The concept.
        code: Code,
        /// Its label.
        label: String,
    },
    /// A place where some entry is.
    Place {
        /// The territory.
        area: Area,
        /// What it is called.
        label: String,
    },
}

/// A point on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The record that is there.
    pub record: String,
    /// What lists call it.
    pub title: String,
    /// The notation of its kind.
    pub kind: String,
    /// Where.
    pub point: Point,
    /// Whether the point was estimated from the commune's surroundings.
    pub estimated: bool,
    /// INSEE code of the commune.
    pub commune: String,
}

/// How large the index is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Entries that somebody can find.
    pub entries: u64,
    /// Parts the index is in.
    pub segments: usize,
    /// Bytes of its files.
    pub file_bytes: u64,
    /// Bytes of what is held in memory beside the files.
    pub memory_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_map_may_lie_across_the_antimeridian() {
        let wallis = Point::new(-13.3, -176.2).expect("on Earth");
        let noumea = Point::new(-22.3, 166.4).expect("on Earth");
        let nice = Point::new(43.7, 7.3).expect("on Earth");
        let pacific = Bounds { south: -30.0, west: 160.0, north: 0.0, east: -170.0 };
        assert!(pacific.hold(wallis) && pacific.hold(noumea) && !pacific.hold(nice));
        let riviera = Bounds { south: 43.0, west: 7.0, north: 44.0, east: 8.0 };
        assert!(riviera.hold(nice) && !riviera.hold(noumea));
        assert!(!Bounds { north: 43.5, ..riviera }.hold(nice) && !Bounds { south: 43.8, ..riviera }.hold(nice));
        assert!(!Bounds { east: 7.2, ..riviera }.hold(nice) && !Bounds { west: 7.4, ..riviera }.hold(nice));
    }

    #[test]
    fn choices_gather() {
        let query = Query::new(Reader::Anyone, 0)
            .choose(Facet::Tag, "velo")
            .choose(Facet::Tag, "pain")
            .stands_in(&Area::new(AreaKind::Department, "06"))
            .count(Facet::Network);
        assert_eq!(query.chosen[&Facet::Tag], ["velo", "pain"]);
        assert_eq!(query.chosen[&Facet::Territory(AreaKind::Department)], ["06"]);
        assert_eq!(query.counted, [Facet::Network]);
    }
}

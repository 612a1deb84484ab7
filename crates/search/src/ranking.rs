//! Keeps the first hits in the order that was asked for.
//!
//! The order is the same however the index is cut into parts: what is equal is ordered by name, then by a number made of the
//! record's IRI.

use crate::query::{Query, Sort};
use crate::sphere::{self, Direction};
use crate::view::{Part, View};
use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use tantivy::{DocId, Score};

/// So many names of a part are read at once: those that follow each other lie together.
const NAMES_AT_ONCE: usize = 64;

/// So many kilometres away, what fits counts half.
const HALF: Score = 10.0;
/// What has no point counts as if it were so far away.
const NOWHERE: Score = 100.0;

/// The first hits, so far.
pub(crate) struct Ranking<'a> {
    query: &'a Query,
    centre: Option<Direction>,
    most: usize,
    /// Of the part that is walked: the last of those kept on top.
    kept: BinaryHeap<Candidate>,
    /// Of the parts before, each in order.
    before: Vec<Vec<Candidate>>,
}

/// One that may be a hit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    /// Smaller is better.
    key: (u8, u64),
    name: u32,
    tie: u64,
    pub(crate) part: u32,
    pub(crate) doc: DocId,
    pub(crate) score: Score,
}

impl<'a> Ranking<'a> {
    /// The first so many.
    pub(crate) fn new(query: &'a Query, most: usize) -> Self {
        let centre = query.near.map(|near| Direction::of(near.point));
        Self { query, centre, most, kept: BinaryHeap::new(), before: Vec::new() }
    }

    /// A part begins.
    pub(crate) fn enter(&mut self) {
        self.before.push(std::mem::take(&mut self.kept).into_sorted_vec());
    }

    /// Keeps an entry if it is among the first of its part.
    pub(crate) fn offer(&mut self, part: Part<'_>, doc: DocId, score: Score) {
        let key = self.key(part, doc, score);
        let is_full = self.kept.len() >= self.most;
        if is_full && self.kept.peek().is_none_or(|last| key > last.key) {
            return;
        }
        let (name, tie) = (part.sheet.names[doc as usize], part.sheet.ties[doc as usize]);
        let candidate = Candidate { key, name, tie, part: part.number, doc, score };
        if !is_full {
            self.kept.push(candidate);
        } else if let Some(mut last) = self.kept.peek_mut()
            && candidate < *last
        {
            *last = candidate;
        }
    }

    fn key(&self, part: Part<'_>, doc: DocId, score: Score) -> (u8, u64) {
        let at = doc as usize;
        match self.query.sort {
            Sort::Name => (0, 0),
            // Floats that are not negative are ordered as their bits are.
            Sort::Relevance => (0, u64::from(!self.weighed(part, doc, score).max(0.0).to_bits())),
            Sort::Distance => {
                let apart = self.centre.and_then(|centre| part.sheet.apart(doc, &centre));
                apart.map_or((1, 0), |apart| (0, apart.to_bits()))
            }
            Sort::Freshness => (0, !ordered(part.sheet.modified[at])),
            Sort::Date => {
                let from = self.query.dates.map_or(self.query.now, |(from, _)| from);
                let next = part.sheet.occurrences.of(doc).iter().filter(|(begin, end)| begin.max(end) >= &from);
                match next.map(|(begin, _)| *begin).min() {
                    Some(begin) => (0, ordered(begin)),
                    None => (1, !ordered(part.sheet.published[at])),
                }
            }
        }
    }

    /// How well an entry fits, and where one looks around a point, for how much that counts so far away.
    fn weighed(&self, part: Part<'_>, doc: DocId, score: Score) -> Score {
        let Some(centre) = &self.centre else { return score };
        let km = part.sheet.apart(doc, centre).map_or(NOWHERE, |apart| sphere::to_km(apart) as Score);
        score * HALF / (HALF + km)
    }

    /// The first hits, in order.
    pub(crate) fn told(mut self, view: &View) -> Vec<Candidate> {
        self.enter();
        let mut lanes: Vec<Lane> = self.before.into_iter().filter(|part| !part.is_empty()).map(Lane::new).collect();
        if let [one] = lanes.as_mut_slice() {
            return std::mem::take(&mut one.all);
        }
        let mut told = Vec::with_capacity(self.most.min(lanes.iter().map(|lane| lane.all.len()).sum()));
        while told.len() < self.most
            && let Some(key) = lanes.iter().map(|lane| lane.head().key).min()
        {
            let at = first_of(&mut lanes, key, view);
            told.push(*lanes[at].head());
            lanes[at].pass();
            if lanes[at].at == lanes[at].all.len() {
                lanes.swap_remove(at);
            }
        }
        told
    }
}

/// Which lane's head comes first of those with a key. Names are read only where several have it.
fn first_of(lanes: &mut [Lane], key: (u8, u64), view: &View) -> usize {
    let equal = lanes.iter().filter(|lane| lane.head().key == key).count();
    if equal > 1 {
        lanes.iter_mut().filter(|lane| lane.head().key == key).for_each(|lane| lane.read_names(view));
    }
    let with_key = lanes.iter().enumerate().filter(|(_, lane)| lane.head().key == key);
    let first =
        with_key.min_by(|(_, one), (_, other)| (one.name(), one.head().tie).cmp(&(other.name(), other.head().tie)));
    first.map_or(0, |(at, _)| at)
}

/// The candidates of one part, in order, while parts are told together. There is always one at its head.
struct Lane {
    all: Vec<Candidate>,
    at: usize,
    /// Names of the head and of those behind it, as far as they were read.
    names: VecDeque<String>,
}

impl Lane {
    fn new(all: Vec<Candidate>) -> Self {
        Self { all, at: 0, names: VecDeque::new() }
    }

    fn head(&self) -> &Candidate {
        &self.all[self.at]
    }

    fn pass(&mut self) {
        self.at += 1;
        self.names.pop_front();
    }

    fn name(&self) -> Option<&String> {
        self.names.front()
    }

    /// Reads the head's name, and those of what is equal behind it: that has to be told apart from the same.
    fn read_names(&mut self, view: &View) {
        if self.names.is_empty() {
            let Candidate { part, key, .. } = *self.head();
            let equal = self.all[self.at..].iter().take_while(|one| one.key == key).take(NAMES_AT_ONCE);
            self.names = view.sheets[part as usize].names_of(equal.map(|one| one.name)).into();
        }
    }
}

/// A number that orders like a time, of which none is negative.
#[expect(clippy::cast_sign_loss, reason = "the sign is turned before")]
fn ordered(time: i64) -> u64 {
    (time ^ i64::MIN) as u64
}

/// Within a part.
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.key, self.name, self.tie).cmp(&(other.key, other.name, other.tie))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Candidate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_order() {
        let times = [i64::MIN, -1, 0, 1, 1_700_000_000, i64::MAX];
        assert!(times.map(ordered).is_sorted());
    }

    #[test]
    fn a_better_score_is_a_smaller_key() {
        let key = |score: f32| u64::from(!score.max(0.0).to_bits());
        assert!(key(2.0) < key(1.0) && key(1.0) < key(0.5) && key(0.0) == key(-1.0));
    }
}

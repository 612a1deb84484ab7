//! What was chosen beside the words: whether an entry fits all of it, and if not, what alone it misses.
//!
//! The last is what counting needs: a facet is counted as if nothing were chosen of it, so an entry that misses one choice alone
//! counts for that facet and for no other. One walk does for all facets.

use crate::index::Inner;
use crate::query::{Bounds, Facet, Query, Sign};
use crate::sheet::{Sheet, Spot};
use crate::sphere::{self, Direction};
use crate::territory;
use crate::view::Part;
use pes_domain::place::{Area, AreaKind};
use std::collections::BTreeMap;
use tantivy::schema::Field;
use tantivy::{BitSet, DocId, Term};

/// What an entry has to fit.
pub(crate) struct Filters<'a> {
    query: &'a Query,
    /// Where one of its points has to be.
    pub(crate) sought: Sought,
    /// A place that was typed: any of these.
    place: Option<Vec<Term>>,
    /// Where it has to act: any of these.
    acts: Option<Vec<Term>>,
    /// In whose name it has to speak: any of these.
    voices: Option<Vec<Term>>,
    /// What was chosen, by groups of facets: any of these in each.
    choices: Vec<(Facet, Vec<Term>)>,
    /// What is left out: none of these.
    without: Vec<(Facet, Vec<Term>)>,
}

/// The same for one part.
pub(crate) struct PartFilters<'a> {
    query: &'a Query,
    sought: Sought,
    place: Option<BitSet>,
    acts: Option<BitSet>,
    voices: Option<BitSet>,
    /// Each with whether an entry has to be in the set or must not be.
    choices: Vec<(Facet, BitSet, bool)>,
    /// Whether nothing was chosen: the common case, in which most is to be judged.
    take_all: bool,
}

/// A part of the map, a circle, both or neither.
#[derive(Clone, Copy)]
pub(crate) struct Sought {
    within: Option<Bounds>,
    /// Around this, so far apart at most.
    circle: Option<(Direction, f64)>,
}

/// How an entry fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is not where was looked for it.
    Elsewhere,
    /// It misses what no facet counts, or more than one choice.
    No,
    /// It misses the choice of this group of facets alone.
    But(Facet),
    /// It fits.
    Yes,
}

impl<'a> Filters<'a> {
    pub(crate) fn new(inner: &Inner, query: &'a Query, place: Option<&[Area]>) -> Self {
        let asked = |field: Field, areas: &[Area]| -> Vec<Term> {
            let words = areas.iter().flat_map(|area| territory::asked(area, inner.rules.gazetteer));
            words.map(|word| Term::from_field_text(field, &word)).collect()
        };
        let mut choices = BTreeMap::<Facet, Vec<Term>>::new();
        for (facet, values) in query.chosen.iter().filter(|(_, values)| !values.is_empty()) {
            let terms = values.iter().map(|value| Term::from_field_text(inner.fields.facets, &facet.key(value)));
            choices.entry(facet.group()).or_default().extend(terms);
        }
        if let Some(chosen) = choices.get_mut(&Facet::Territory(AreaKind::Commune)) {
            chosen.extend(asked(inner.fields.counts, &query.or_counts_in));
        }
        let borne = |sign: &Sign| {
            let facet = Facet::Sign(*sign);
            (facet, vec![Term::from_field_text(inner.fields.facets, &facet.key(Sign::BORNE))])
        };
        let voices = query.voices.as_ref().map(|(origin, structures)| {
            let own = Term::from_field_text(inner.fields.facets, &Facet::Network.key(origin));
            let others = structures.iter().map(|iri| Term::from_field_text(inner.fields.voice, iri));
            others.chain([own]).collect()
        });
        Self {
            query,
            sought: Sought::new(query),
            place: place.map(|areas| asked(inner.fields.here, areas)),
            acts: (!query.acts_in.is_empty()).then(|| asked(inner.fields.acts, &query.acts_in)),
            voices,
            choices: choices.into_iter().collect(),
            without: query.without.iter().map(borne).collect(),
        }
    }

    fn takes_all(&self) -> bool {
        let Self { query, sought, place, acts, voices, choices, without } = self;
        let is_anywhere = sought.is_everywhere() && place.is_none() && acts.is_none();
        is_anywhere && voices.is_none() && choices.is_empty() && without.is_empty() && query.dates.is_none()
    }

    /// The same for one part.
    pub(crate) fn on(&self, part: Part<'_>) -> tantivy::Result<PartFilters<'a>> {
        let any = |terms: &Vec<Term>| part.with_any(terms);
        let both = self.choices.iter().map(|choice| (choice, true)).chain(self.without.iter().map(|one| (one, false)));
        let choices = both.map(|((group, terms), has)| Ok((*group, any(terms)?, has)));
        Ok(PartFilters {
            query: self.query,
            sought: self.sought,
            place: self.place.as_ref().map(any).transpose()?,
            acts: self.acts.as_ref().map(any).transpose()?,
            voices: self.voices.as_ref().map(any).transpose()?,
            choices: choices.collect::<tantivy::Result<_>>()?,
            take_all: self.takes_all(),
        })
    }
}

impl PartFilters<'_> {
    /// How an entry fits.
    pub(crate) fn judge(&self, sheet: &Sheet, doc: DocId) -> Fit {
        if self.take_all {
            return Fit::Yes;
        }
        let has = |set: &Option<BitSet>| set.as_ref().is_none_or(|set| set.contains(doc));
        if !has(&self.place) {
            return Fit::Elsewhere;
        }
        if !has(&self.acts) || !has(&self.voices) || !self.sought.has_any(sheet.spots.of(doc)) {
            return Fit::No;
        }
        let missed = self.choices.iter().filter(|(_, set, has)| set.contains(doc) != *has).map(|(group, ..)| *group);
        let is_in_time = self.query.dates.is_none_or(|dates| is_in_time(sheet, doc, dates));
        let mut missed = missed.chain((!is_in_time).then_some(Facet::Date));
        match (missed.next(), missed.next()) {
            (None, _) => Fit::Yes,
            (Some(group), None) => Fit::But(group),
            (Some(_), Some(_)) => Fit::No,
        }
    }
}

impl Sought {
    fn new(query: &Query) -> Self {
        let circle = query.near.and_then(|near| Some((Direction::of(near.point), sphere::from_km(near.radius_km?))));
        Self { within: query.within, circle }
    }

    /// Whether a point is where one is sought.
    pub(crate) fn has(&self, spot: &Spot) -> bool {
        let is_in_circle = self.circle.is_none_or(|(centre, most)| spot.direction.apart(&centre) <= most);
        is_in_circle && self.within.is_none_or(|bounds| bounds.hold(spot.point().0))
    }

    fn is_everywhere(&self) -> bool {
        self.circle.is_none() && self.within.is_none()
    }

    fn has_any(&self, spots: &[Spot]) -> bool {
        self.is_everywhere() || spots.iter().any(|spot| self.has(spot))
    }
}

/// Whether an entry takes place in a time; or was published in it, if it does not take place at a time.
pub(crate) fn is_in_time(sheet: &Sheet, doc: DocId, (from, until): (i64, i64)) -> bool {
    match sheet.occurrences.of(doc) {
        [] => (from..until).contains(&sheet.published[doc as usize]),
        // What has no length is there at its moment.
        times => times.iter().any(|(begin, end)| *begin < until && (*end).max(begin.saturating_add(1)) > from),
    }
}

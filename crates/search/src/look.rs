//! Looks for entries: tries the ways of taking what was typed one after the other, and keeps the first that finds something.
//!
//! 1. A place among the words and all other words; then with typing errors forgiven, if that finds only a few.
//! 2. All words as words, a place or not; then forgiving.
//! 3. All words but the place, anywhere, what is nearest to the place first; before the second where the place surely is one.
//! 4. Any of the words, in the place; then anywhere, what is sought before where.
//!
//! A word that may name a place or not is taken as one of both, and the other is told, to be chosen.
//!
//! What decides is what the words find, before anything is chosen: whoever narrows by a facet goes on with the same way.

use crate::analyzer::{self, stem};
use crate::fault::Fault;
use crate::filters::{Filters, Fit, PartFilters};
use crate::index::{Index, Inner};
use crate::memo::{self, Answer, Question};
use crate::phrase::{FEW, Manner, Phrase, errors_in};
use crate::query::{CommuneMeant, DEEPEST, Facet, Found, Hit, Near, Query, Sort, Understood, UnderstoodPlace};
use crate::ranking::{Candidate, Ranking};
use crate::schema::cut;
use crate::sheet::Sight;
use crate::sphere::{self, Direction};
use crate::tally::Tally;
use crate::territory;
use crate::understanding::{Doubt, Likeness, PlaceRead, Span};
use crate::view::{Part, View, Visitor};
use pes_domain::place::{Area, AreaKind, Point};
use std::borrow::Cow;
use std::sync::Arc;
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{BitSet, DocId, Score, TantivyDocument, Term};

/// So much of what was typed is looked at, in bytes: nobody is kept busy by who pastes a book.
pub(crate) const LONGEST_TYPED: usize = 300;
/// And so many words and concepts of it.
const MOST_SPANS: usize = 12;

/// A name that means something else too is a place if it is said of entries that are elsewhere at most so many times as often as
/// there are entries in it.
const MENTIONS: usize = 3;

/// So many words at the end may be a commune that was typed wrong.
const MOST_IN_A_NAME: usize = 4;

/// How what was typed may be read.
#[derive(Default)]
struct Reading {
    /// The place among the words, if it is meant as one.
    place: Option<PlaceRead>,
    /// The place among the words in which nothing is: what they find may be near it.
    empty: Option<PlaceRead>,
    /// The place among the words that they are not taken for, though something is there.
    offered: Option<PlaceRead>,
    /// The words of a place's name, whether it is meant or not.
    said: Vec<String>,
}

/// One way of taking what was typed.
pub(crate) struct Way<'a> {
    typed: &'a str,
    spans: Vec<Span>,
    place: Option<&'a PlaceRead>,
    /// The middle of the place, where that is only what things are near to.
    middle: Option<Point>,
    /// A place that is left to be offered: what it finds may be nearer to there elsewhere.
    left: Option<&'a PlaceRead>,
    manner: Manner,
}

/// Where a way looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ground<'a> {
    /// Wherever the query does.
    Anywhere,
    /// In one of these territories.
    In(&'a [Area]),
    /// Anywhere, what is nearest to this point first.
    NearestTo(Point),
}

/// What a way led to: how many entries it finds before anything is chosen, and what was asked for.
pub(crate) struct Outcome<T> {
    pub(crate) found: usize,
    pub(crate) told: T,
}

impl Index {
    /// What a query finds.
    ///
    /// # Errors
    /// [`Fault::Index`], when the index's files cannot be read.
    pub fn look(&self, query: &Query) -> Result<Found, Fault> {
        let (inner, view) = (&self.inner, self.inner.view());
        let answer = inner.answer(&view, query)?;
        let hits = answer.hits.iter().skip(query.offset).take(query.limit.min(DEEPEST.saturating_sub(query.offset)));
        let centre =
            answer.centre.as_ref().or(query.near.as_ref().map(|near| &near.point)).map(|point| Direction::of(*point));
        let hits = hits.map(|candidate| inner.hit(&view, centre, *candidate)).collect::<tantivy::Result<_>>()?;
        let (facets, understood) = (Arc::clone(&answer.facets), answer.understood.clone());
        Ok(Found { hits, total: answer.total, facets, understood })
    }

    /// Forgets what was told: for measuring what it takes to find out.
    pub fn forget(&self) {
        self.inner.view().memo.clear();
    }
}

impl Query {
    pub(crate) fn sight(&self) -> Sight {
        Sight { reader: self.reader, now: self.now }
    }
}

impl Inner {
    /// What is told of a query, from what is kept or found out.
    fn answer(&self, view: &View, query: &Query) -> Result<Arc<Answer>, Fault> {
        let (question, depth) = (Question::of(query, view), memo::depth(query));
        if let Some(kept) = view.memo.get(&question, depth) {
            return Ok(kept);
        }
        let (understood, mut answer) = self.climb(view, query, |question, ground| {
            let (query, centre) = ground.of(query);
            let mut survey = Survey::new(self, view, (&query, depth), ground);
            let scores = question.is_some() && query.sort == Sort::Relevance;
            view.walk(query.sight(), (question, scores), &mut survey)?;
            let Survey { tally, ranking, total, found, .. } = survey;
            let (hits, facets) = (ranking.told(view), Arc::new(tally.told()));
            Ok(Outcome { found, told: Answer { hits, total, facets, centre, understood: Understood::default() } })
        })?;
        answer.understood = understood;
        let answer = Arc::new(answer);
        view.memo.put(question, Arc::clone(&answer));
        Ok(answer)
    }

    /// Goes the ways one after the other, and keeps the first that leads to something.
    pub(crate) fn climb<T>(
        &self,
        view: &View,
        query: &Query,
        walk: impl FnMut(Option<&dyn tantivy::query::Query>, Ground<'_>) -> tantivy::Result<Outcome<T>>,
    ) -> Result<(Understood, T), Fault> {
        let typed = cut(&query.words, LONGEST_TYPED);
        let reading = self.reading(view, query, typed)?;
        let (mut understood, told) = self.first_way(view, (query, typed), &reading, walk)?;
        understood.place_offered = reading.offered.as_ref().map(PlaceRead::understood);
        if understood.place.is_none() && understood.nearest_to.is_none() && !query.take_literally {
            understood.commune_meant = self.meant(view, query.sight(), typed)?;
        }
        Ok((understood, told))
    }

    fn first_way<T>(
        &self,
        view: &View,
        (query, typed): (&Query, &str),
        reading: &Reading,
        mut walk: impl FnMut(Option<&dyn tantivy::query::Query>, Ground<'_>) -> tantivy::Result<Outcome<T>>,
    ) -> Result<(Understood, T), Fault> {
        let ways = self.ways(view, (query, typed), reading)?;
        let mut go = |way: &Way<'_>| {
            let phrase = Phrase { fields: self.fields, typed: way.typed, spans: &way.spans, places: &reading.said };
            let question = phrase.query(way.manner, view, query.sight())?;
            walk(question.as_deref(), way.ground())
        };
        for way in &ways {
            if let Some(found) = way.with_all_words(&mut go)? {
                return Ok(found);
            }
        }
        for way in ways.iter().filter(|way| way.spans.len() > 1 && way.middle.is_none()) {
            let any = Way { left: None, ..way.taken(Manner { forgiving: true, any_word: true }) };
            let some = go(&any)?;
            if some.found > 0 {
                return Ok((any.understood(), some.told));
            }
        }
        let nothing = Way::new(typed, self.spans(view, query, typed)?, None);
        Ok((Understood::default(), go(&nothing)?.told))
    }

    /// The ways there are, in the order in which they are gone.
    fn ways<'a>(
        &self,
        view: &View,
        (query, typed): (&Query, &'a str),
        reading: &'a Reading,
    ) -> tantivy::Result<Vec<Way<'a>>> {
        let everything = Way::new(typed, self.spans(view, query, typed)?, None);
        let Some(place) = reading.place.as_ref().or(reading.empty.as_ref()) else { return Ok(vec![everything]) };
        let there = Way::new(&place.rest, self.spans(view, query, &place.rest)?, Some(place));
        // Whoever says a place and asks for another nearness is asking for two.
        let middle = territory::middle(&place.areas, self.rules.gazetteer).filter(|_| query.near.is_none());
        let near = middle.filter(|_| !there.spans.is_empty());
        let near = near.map(|middle| Way { middle: Some(middle), ..there.taken(Manner::default()) });
        let there = reading.place.is_some().then_some(there);
        Ok(match near {
            Some(near) if place.doubtful.is_none() => there.into_iter().chain([near, everything]).collect(),
            Some(near) => there.into_iter().chain([Way { left: Some(place), ..everything }, near]).collect(),
            None => there.into_iter().chain([everything]).collect(),
        })
    }

    /// The words, with the concepts among them that the reader sees some entry with.
    fn spans(&self, view: &View, query: &Query, typed: &str) -> tantivy::Result<Vec<Span>> {
        let mut spans = Vec::new();
        for mut span in self.lexicon.spans(&analyzer::words(typed)).into_iter().take(MOST_SPANS) {
            let mut codes = Vec::new();
            for code in span.codes.drain(..).filter(|_| !query.take_literally) {
                let key = Facet::List(code.list()).key(code.notation());
                if view.count(query.sight(), &Term::from_field_text(self.fields.facets, &key), 1)? > 0 {
                    codes.push(code);
                }
            }
            spans.extend(Span { codes, ..span }.told_apart());
        }
        Ok(spans)
    }

    /// The place among the words, and whether it is meant as one.
    fn reading(&self, view: &View, query: &Query, typed: &str) -> tantivy::Result<Reading> {
        let place = if query.take_literally { None } else { self.lexicon.place(typed, &self.rules) };
        let Some(place) = place else { return Ok(Reading::default()) };
        let said = place.said.clone();
        let Some(doubt) = &place.doubtful else {
            return Ok(Reading { place: Some(place), said, ..Reading::default() });
        };
        let asked = place.areas.iter().flat_map(|area| territory::asked(area, self.rules.gazetteer));
        let asked: Vec<Term> = asked.map(|word| Term::from_field_text(self.fields.here, &word)).collect();
        let any = asked.iter().map(|term| Box::new(TermQuery::new(term.clone(), IndexRecordOption::Basic)) as Box<_>);
        let mut there = Census { terms: &[], set: None, outside: 0 };
        view.walk(query.sight(), (Some(&BooleanQuery::union(any.collect())), false), &mut there)?;
        if there.outside == 0 {
            let empty = (doubt.kind != Likeness::Word).then_some(place);
            return Ok(Reading { empty, said, ..Reading::default() });
        }
        let is_meant =
            self.is_meant((doubt, place.rest.as_str()), view, query.sight(), (asked.as_slice(), there.outside))?;
        let (place, offered) = if is_meant { (Some(place), None) } else { (None, Some(place)) };
        Ok(Reading { place, offered, said, ..Reading::default() })
    }

    /// Whether a name that may be a word is meant as a place, in which there are so many entries: rather than a word of the thesaurus, and than
    /// one that entries say that are elsewhere.
    fn is_meant(
        &self,
        (doubt, rest): (&Doubt, &str),
        view: &View,
        sight: Sight,
        (asked, there): (&[Term], usize),
    ) -> tantivy::Result<bool> {
        let is_concept = self.lexicon.spans(&analyzer::words(&doubt.word)).iter().any(|span| !span.codes.is_empty());
        if is_concept || (doubt.kind == Likeness::Word && !rest.is_empty()) {
            return Ok(false);
        }
        let (mention, most) = match doubt.kind {
            Likeness::Name => (Term::from_field_text(self.fields.forms, &doubt.word), MENTIONS * there),
            Likeness::Word | Likeness::Village => (Term::from_field_text(self.fields.words, &stem(&doubt.word)), 0),
        };
        let mut elsewhere = Census { terms: asked, set: None, outside: 0 };
        let mention = TermQuery::new(mention, IndexRecordOption::Basic);
        view.walk(sight, (Some(&mention), false), &mut elsewhere)?;
        Ok(elsewhere.outside <= most)
    }

    /// The commune that a name is nearest to which nobody says, at the end of what was typed: the largest where something is.
    fn meant(&self, view: &View, sight: Sight, typed: &str) -> tantivy::Result<Option<CommuneMeant>> {
        let words: Vec<&str> = typed.split_whitespace().collect();
        for count in (1..=MOST_IN_A_NAME.min(words.len())).rev() {
            let (before, name) = words.split_at(words.len() - count);
            if !self.may_be_mistyped(view, sight, name)? {
                continue;
            }
            let name = name.join(" ");
            for commune in self.rules.gazetteer.resembling(&name, usize::from(errors_in(&name))) {
                if self.is_somewhere(view, sight, &Area::new(AreaKind::Commune, &commune.code))? {
                    let words = before.iter().copied().chain([commune.name.as_str()]).collect::<Vec<_>>().join(" ");
                    return Ok(Some(CommuneMeant { label: commune.name.clone(), words }));
                }
            }
        }
        Ok(None)
    }

    /// Whether words may be a name with an error: they begin with one that says something, and one of them is in no entry.
    fn may_be_mistyped(&self, view: &View, sight: Sight, name: &[&str]) -> tantivy::Result<bool> {
        let parts: Vec<String> =
            name.iter().flat_map(|word| analyzer::words(word)).flat_map(|word| word.parts).collect();
        if parts.first().is_none_or(|first| analyzer::is_stop_word(first)) {
            return Ok(false);
        }
        for part in parts.iter().filter(|part| !analyzer::is_stop_word(part)) {
            // As it is written: cut to its stem, a name with an error is often the name.
            if view.count(sight, &Term::from_field_text(self.fields.forms, part), 1)? == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn hit(
        &self,
        view: &View,
        centre: Option<Direction>,
        Candidate { part, doc, score, .. }: Candidate,
    ) -> tantivy::Result<Hit> {
        let record = text(&view.stored((part, doc))?, self.fields.record);
        let sheet = &view.sheets[part as usize];
        let apart = centre.and_then(|centre| sheet.apart(doc, &centre));
        Ok(Hit { record, score, distance_km: apart.map(sphere::to_km) })
    }
}

/// A stored text.
pub(crate) fn text(document: &TantivyDocument, field: tantivy::schema::Field) -> String {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

impl<'a> Way<'a> {
    fn new(typed: &'a str, spans: Vec<Span>, place: Option<&'a PlaceRead>) -> Self {
        Self { typed, spans, place, middle: None, left: None, manner: Manner::default() }
    }

    fn taken(&self, manner: Manner) -> Self {
        Self { spans: self.spans.clone(), manner, ..*self }
    }

    /// What all words find; typing errors are forgiven if that are few. `None`: nothing.
    fn with_all_words<T>(
        &self,
        go: &mut impl FnMut(&Way<'_>) -> tantivy::Result<Outcome<T>>,
    ) -> tantivy::Result<Option<(Understood, T)>> {
        let exact = go(self)?;
        let is_everything = self.spans.is_empty() && self.place.is_none();
        if exact.found >= FEW || is_everything {
            return Ok(Some((self.understood(), exact.told)));
        }
        let forgiving = self.taken(Manner { forgiving: true, any_word: false });
        let more = go(&forgiving)?;
        if more.found > exact.found {
            return Ok(Some((forgiving.understood(), more.told)));
        }
        Ok((exact.found > 0).then(|| (self.understood(), exact.told)))
    }

    fn understood(&self) -> Understood {
        let mut concepts: Vec<_> = self.spans.iter().flat_map(|span| &span.codes).cloned().collect();
        concepts.sort();
        concepts.dedup();
        let place = self.place.map(PlaceRead::understood);
        let (place, nearest_to) = if self.middle.is_some() { (None, place) } else { (place, None) };
        let nearness_offered = self.left.filter(|place| place.is_commune()).map(PlaceRead::understood);
        let Manner { forgiving, any_word } = self.manner;
        Understood { place, nearest_to, nearness_offered, concepts, forgiving, any_word, ..Understood::default() }
    }

    fn ground(&self) -> Ground<'_> {
        match (self.middle, self.place) {
            (Some(middle), _) => Ground::NearestTo(middle),
            (None, Some(place)) => Ground::In(&place.areas),
            (None, None) => Ground::Anywhere,
        }
    }
}

impl<'a> Ground<'a> {
    /// The territories in which something has to be.
    pub(crate) fn areas(self) -> Option<&'a [Area]> {
        match self {
            Self::In(areas) => Some(areas),
            Self::Anywhere | Self::NearestTo(_) => None,
        }
    }

    /// The query on this ground, and the point that distances are told from if it is not the query's own.
    fn of(self, query: &Query) -> (Cow<'_, Query>, Option<Point>) {
        let Self::NearestTo(point) = self else { return (Cow::Borrowed(query), None) };
        // Whoever chose an order has it.
        let sort = if query.sort == Sort::Relevance { Sort::Distance } else { query.sort };
        (Cow::Owned(Query { near: Some(Near { point, radius_km: None }), sort, ..query.clone() }), Some(point))
    }
}

impl PlaceRead {
    fn is_commune(&self) -> bool {
        self.areas.first().is_some_and(|area| area.kind == AreaKind::Commune)
    }

    fn understood(&self) -> UnderstoodPlace {
        let Self { label, areas, rest, .. } = self.clone();
        UnderstoodPlace { label, areas, rest }
    }
}

/// Counts entries that have none of some terms.
struct Census<'a> {
    terms: &'a [Term],
    set: Option<BitSet>,
    outside: usize,
}

impl Visitor for Census<'_> {
    fn enter(&mut self, part: Part<'_>) -> tantivy::Result<()> {
        self.set = Some(part.with_any(self.terms)?);
        Ok(())
    }

    fn visit(&mut self, _: Part<'_>, doc: DocId, _: Score) {
        self.outside += usize::from(!self.set.as_ref().is_some_and(|set| set.contains(doc)));
    }
}

/// Hits and counts of one walk.
struct Survey<'a> {
    filters: Filters<'a>,
    here: Option<PartFilters<'a>>,
    tally: Tally<'a>,
    ranking: Ranking<'a>,
    total: usize,
    found: usize,
}

impl<'a> Survey<'a> {
    fn new(inner: &Inner, view: &'a View, (query, depth): (&'a Query, usize), ground: Ground<'_>) -> Self {
        Self {
            filters: Filters::new(inner, query, ground.areas()),
            here: None,
            tally: Tally::new(query, &view.values),
            ranking: Ranking::new(query, depth),
            total: 0,
            found: 0,
        }
    }
}

impl Visitor for Survey<'_> {
    fn enter(&mut self, part: Part<'_>) -> tantivy::Result<()> {
        self.here = Some(self.filters.on(part)?);
        self.ranking.enter();
        Ok(())
    }

    fn visit(&mut self, part: Part<'_>, doc: DocId, score: Score) {
        let fit = self.here.as_ref().map_or(Fit::No, |here| here.judge(part.sheet, doc));
        self.found += usize::from(fit != Fit::Elsewhere);
        self.tally.count(part.sheet, doc, fit);
        if fit == Fit::Yes {
            self.total += 1;
            self.ranking.offer(part, doc, score);
        }
    }
}

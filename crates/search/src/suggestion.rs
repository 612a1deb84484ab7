//! What somebody may be about to type: names of records, concepts and places that the reader sees something of.

use crate::analyzer::line;
use crate::fault::Fault;
use crate::index::{Index, Inner};
use crate::look::{LONGEST_TYPED, text};
use crate::query::{Facet, Reader, Suggestion};
use crate::schema::{INNER, WHOLE, cut};
use crate::sheet::Sight;
use crate::territory;
use crate::view::{Part, View};
use pes_domain::place::{Area, AreaKind};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

/// At most so many concepts, and so many places, among the suggestions.
const OF_EACH: usize = 3;
/// At most so many entries are looked at in one part, for one suggestion box.
const MOST_ENTRIES: usize = 2_000;
/// At most so many places are looked at.
const MOST_PLACES: usize = 40;

/// A record whose name begins so: the name from there on, what tells it from others of that name, and where it lies.
type Beginning = (String, u64, (u32, DocId));

impl Index {
    /// What begins with what was typed: at most `limit`. Records first, those whose whole name begins so before those with such
    /// a word in it, each in alphabetical order; then up to three concepts and three places. Nothing that the reader sees no
    /// entry of.
    ///
    /// # Errors
    /// [`Fault::Index`], when the index's files cannot be read.
    pub fn suggest(&self, reader: Reader, now: i64, typed: &str, limit: usize) -> Result<Vec<Suggestion>, Fault> {
        let (inner, view) = (&self.inner, self.inner.view());
        let typed = cut(typed, LONGEST_TYPED);
        let (sight, start) = (Sight { reader, now }, line(typed));
        if start.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let concepts = inner.concepts(&view, sight, &start)?;
        let places = inner.places(&view, sight, typed, &start)?;
        let room = limit.saturating_sub(concepts.len() + places.len()).max(limit.div_ceil(2));
        let mut all = inner.records(&view, sight, &start, room)?;
        all.extend(concepts);
        all.extend(places);
        all.truncate(limit);
        Ok(all)
    }
}

impl Inner {
    fn records(&self, view: &View, sight: Sight, start: &str, limit: usize) -> Result<Vec<Suggestion>, Fault> {
        let mut found: Vec<Beginning> = Vec::new();
        for sign in [WHOLE, INNER] {
            if found.len() < limit {
                let mut more = Vec::new();
                for part in view.parts() {
                    more.extend(self.beginnings(part, sight, &format!("{sign}{start}"), limit)?);
                }
                more.sort();
                found.extend(more);
            }
        }
        let mut suggestions = Vec::new();
        let mut seen = Vec::new();
        for (_, _, address) in found {
            if suggestions.len() < limit && !seen.contains(&address) {
                seen.push(address);
                let stored = view.stored(address)?;
                let [record, title, kind] =
                    [self.fields.record, self.fields.title, self.fields.kind].map(|field| text(&stored, field));
                suggestions.push(Suggestion::Record { record, title, kind });
            }
        }
        Ok(suggestions)
    }

    /// The first of those names in one part that begin so, in alphabetical order, each with all records of that name.
    fn beginnings(&self, part: Part<'_>, sight: Sight, start: &str, limit: usize) -> tantivy::Result<Vec<Beginning>> {
        let index = part.segment.inverted_index(self.fields.starts)?;
        let mut names = index.terms().range().ge(start.as_bytes()).into_stream()?;
        let (mut found, mut looked_at) = (Vec::new(), 0);
        while looked_at < MOST_ENTRIES
            && found.len() < limit
            && names.advance()
            && names.key().starts_with(start.as_bytes())
        {
            let name = String::from_utf8_lossy(names.key()).into_owned();
            let mut postings = index.read_postings_from_terminfo(names.value(), IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED && looked_at < MOST_ENTRIES {
                let doc = postings.doc();
                if part.shows(doc, sight) {
                    found.push((name.clone(), part.sheet.ties[doc as usize], (part.number, doc)));
                }
                looked_at += 1;
                postings.advance();
            }
        }
        Ok(found)
    }

    fn concepts(&self, view: &View, sight: Sight, start: &str) -> Result<Vec<Suggestion>, Fault> {
        let (mut codes, mut suggestions) = (Vec::new(), Vec::new());
        for code in self.lexicon.concepts_beginning(start) {
            if suggestions.len() == OF_EACH || codes.len() == MOST_PLACES {
                break;
            }
            if !codes.contains(&code) {
                codes.push(code);
                let key = Facet::List(code.list()).key(code.notation());
                if view.count(sight, &Term::from_field_text(self.fields.facets, &key), 1)? > 0 {
                    let label = self.rules.thesaurus.label(code).to_owned();
                    suggestions.push(Suggestion::Concept { code: code.clone(), label });
                }
            }
        }
        Ok(suggestions)
    }

    fn places(&self, view: &View, sight: Sight, typed: &str, start: &str) -> Result<Vec<Suggestion>, Fault> {
        // One letter is the beginning of thousands.
        if start.len() < 2 {
            return Ok(Vec::new());
        }
        let wide = self.lexicon.areas_beginning(start).take(MOST_PLACES).cloned();
        let communes = self.rules.gazetteer.suggest(typed, MOST_PLACES).into_iter();
        let communes = communes.map(|commune| Area::new(AreaKind::Commune, &commune.code));
        let mut suggestions = Vec::new();
        for area in wide.chain(communes) {
            if suggestions.len() < OF_EACH && self.is_somewhere(view, sight, &area)? {
                let label = self.rules.gazetteer.area_name(&area).unwrap_or(&area.code).to_owned();
                suggestions.push(Suggestion::Place { area, label });
            }
        }
        Ok(suggestions)
    }

    /// Whether the reader sees any entry there.
    pub(crate) fn is_somewhere(&self, view: &View, sight: Sight, area: &Area) -> tantivy::Result<bool> {
        let mut words = territory::asked(area, self.rules.gazetteer).into_iter();
        words.try_fold(false, |is_there, word| {
            Ok(is_there || view.count(sight, &Term::from_field_text(self.fields.here, &word), 1)? > 0)
        })
    }
}

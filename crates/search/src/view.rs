//! One state of the index, as it stood after a commit, and the only way through its entries.
//!
//! Whoever wants to know anything of entries walks ([`View::walk`], [`View::count`]), and a walk passes by nothing that is not
//! for this reader, has expired or was removed. There is no other way to an entry, so what is counted, suggested or drawn cannot
//! tell of what is hidden.

use crate::facets::Values;
use crate::memo::Memo;
use crate::query::Reader;
use crate::sheet::{Sheet, Sight};
use pes_domain::Rules;
use std::sync::Arc;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocAddress, DocId, Score, Searcher, SegmentReader, Term};

/// How many words a text has that is neither short nor long. Always the same, for the average would tell of what is hidden.
const USUAL_LENGTH: u64 = 50;

/// One state of the index. It stays what it is while the index goes on.
pub(crate) struct View {
    pub(crate) searcher: Searcher,
    /// In the order of the searcher's segments.
    pub(crate) sheets: Vec<Arc<Sheet>>,
    pub(crate) values: Arc<Values>,
    /// What was told of this state.
    pub(crate) memo: Memo,
    /// How many entries are for anyone and for members, expired or not.
    seen: [u64; 2],
    /// When those expire that expire at all, in order.
    expires: [Vec<i64>; 2],
}

/// Both readers, in the order in which what is known of each is kept.
const READERS: [Reader; 2] = [Reader::Anyone, Reader::Member];

fn place_of(reader: Reader) -> usize {
    usize::from(reader == Reader::Member)
}

/// One part of it.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) number: u32,
    pub(crate) segment: &'a SegmentReader,
    pub(crate) sheet: &'a Sheet,
}

/// What is done on a walk.
pub(crate) trait Visitor {
    /// A part begins.
    fn enter(&mut self, part: Part<'_>) -> tantivy::Result<()>;

    /// An entry of the part that was entered last.
    fn visit(&mut self, part: Part<'_>, doc: DocId, score: Score);
}

impl View {
    /// The state a searcher sees. Sheets of parts that the state before had are kept.
    pub(crate) fn new(searcher: Searcher, rules: &Rules, before: Option<&Self>) -> tantivy::Result<Self> {
        let mut values = before.map(|before| Arc::clone(&before.values)).unwrap_or_default();
        let known = |segment: &SegmentReader| {
            let before = before?;
            let mut all = before.searcher.segment_readers().iter();
            let at = all.position(|other| other.segment_id() == segment.segment_id())?;
            Some(Arc::clone(&before.sheets[at]))
        };
        let sheet = |segment: &SegmentReader| match known(segment) {
            Some(sheet) => Ok(sheet),
            None => Sheet::read(segment, Arc::make_mut(&mut values), rules).map(Arc::new),
        };
        let sheets = searcher.segment_readers().iter().map(sheet).collect::<tantivy::Result<_>>()?;
        let mut view =
            Self { searcher, sheets, values, memo: Memo::default(), seen: [0; 2], expires: Default::default() };
        for (at, reader) in READERS.into_iter().enumerate() {
            (view.seen[at], view.expires[at]) = view.census(reader);
        }
        Ok(view)
    }

    /// How many entries are for a reader, and when those expire that do.
    fn census(&self, reader: Reader) -> (u64, Vec<i64>) {
        let (mut seen, mut expires) = (0, Vec::new());
        for part in self.parts() {
            let docs = 0..part.segment.max_doc();
            for doc in docs.filter(|doc| !part.segment.is_deleted(*doc) && part.sheet.is_for(*doc, reader)) {
                seen += 1;
                expires.extend(part.sheet.expires(doc));
            }
        }
        expires.sort_unstable();
        (seen, expires)
    }

    /// How many of the entries for a reader have expired.
    pub(crate) fn expired(&self, sight: Sight) -> usize {
        self.expires[place_of(sight.reader)].partition_point(|time| *time <= sight.now)
    }

    /// Whether anything takes place at a time.
    pub(crate) fn has_occurrences(&self) -> bool {
        self.sheets.iter().any(|sheet| !sheet.occurrences.is_empty())
    }

    /// All parts.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let both = self.searcher.segment_readers().iter().zip(&self.sheets);
        both.zip(0..).map(|((segment, sheet), number)| Part { number, segment, sheet })
    }

    /// Visits every entry that a query finds and the reader sees; without a query, every one they see.
    pub(crate) fn walk(
        &self,
        sight: Sight,
        (query, scores): (Option<&dyn Query>, bool),
        visitor: &mut impl Visitor,
    ) -> tantivy::Result<()> {
        let rarity = Rarity { view: self, sight };
        let scoring = match scores {
            true => EnableScoring::enabled_from_statistics_provider(&rarity, &self.searcher),
            false => EnableScoring::disabled_from_searcher(&self.searcher),
        };
        let weight = query.map(|query| query.weight(scoring)).transpose()?;
        for part in self.parts() {
            visitor.enter(part)?;
            let mut pass = |doc, score| {
                if part.shows(doc, sight) {
                    visitor.visit(part, doc, score);
                }
            };
            match &weight {
                None => (0..part.segment.max_doc()).for_each(|doc| pass(doc, 0.0)),
                Some(weight) if scores => weight.for_each(part.segment, &mut pass)?,
                Some(weight) => {
                    weight.for_each_no_score(part.segment, &mut |docs| docs.iter().for_each(|doc| pass(*doc, 0.0)))?;
                }
            }
        }
        Ok(())
    }

    /// How many entries with a term the reader sees; not counted further than `most`.
    pub(crate) fn count(&self, sight: Sight, term: &Term, most: usize) -> tantivy::Result<usize> {
        let mut count = 0;
        for part in self.parts() {
            let index = part.segment.inverted_index(term.field())?;
            let Some(mut postings) = index.read_block_postings(term, IndexRecordOption::Basic)? else { continue };
            while !postings.docs().is_empty() && count < most {
                count += postings.docs().iter().filter(|doc| part.shows(**doc, sight)).count();
                postings.advance();
            }
        }
        Ok(count.min(most))
    }

    /// The stored fields of an entry somebody came by on a walk.
    pub(crate) fn stored(&self, (part, doc): (u32, DocId)) -> tantivy::Result<tantivy::TantivyDocument> {
        self.searcher.doc(DocAddress::new(part, doc))
    }

    /// Bytes of memory beside the files.
    pub(crate) fn bytes(&self) -> usize {
        self.sheets.iter().map(|sheet| sheet.bytes()).sum()
    }
}

/// How rare words are among what a reader sees.
///
/// Taken from the whole index, the order of what everybody sees would tell how often a word stands in what is hidden, and would
/// change with what was removed and still lies about.
struct Rarity<'a> {
    view: &'a View,
    sight: Sight,
}

impl Bm25StatisticsProvider for Rarity<'_> {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.total_num_docs()? * USUAL_LENGTH)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.view.seen[place_of(self.sight.reader)].max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.view.count(self.sight, term, usize::MAX)? as u64)
    }
}

impl Part<'_> {
    /// Whether an entry is there for somebody.
    pub(crate) fn shows(&self, doc: DocId, sight: Sight) -> bool {
        !self.segment.is_deleted(doc) && self.sheet.shows(doc, sight)
    }

    /// All entries with any of these terms, whether anybody sees them or not: only to be held against a walk.
    pub(crate) fn with_any(&self, terms: &[Term]) -> tantivy::Result<BitSet> {
        let mut found = BitSet::with_max_value(self.segment.max_doc());
        for term in terms {
            let index = self.segment.inverted_index(term.field())?;
            let Some(mut postings) = index.read_block_postings(term, IndexRecordOption::Basic)? else { continue };
            while !postings.docs().is_empty() {
                for doc in postings.docs() {
                    found.insert(*doc);
                }
                postings.advance();
            }
        }
        Ok(found)
    }
}

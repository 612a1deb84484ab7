//! What was typed as a question to tantivy.

use crate::analyzer::{Word, is_stop_word, stem, words};
use crate::query::Facet;
use crate::schema::{Fields, whole};
use crate::sheet::Sight;
use crate::understanding::Span;
use crate::view::View;
use pes_domain::Code;
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

/// Fewer entries than this are few: then typing errors are forgiven.
pub(crate) const FEW: usize = 3;

/// How much a word in a name counts beside one in a text.
const IN_A_NAME: f32 = 2.0;
/// How much it counts that the whole name is what was typed.
const WHOLE_NAME: f32 = 12.0;
/// How much a concept counts whose name was typed.
const CONCEPT: f32 = 2.0;
/// How much it counts that a word begins as it was typed, or that what was typed as one word is two.
const CUT_SHORT: f32 = 0.3;
/// How much each typing error that need not be assumed counts. Whoever has the word as it was typed has all of this, and the word.
const NEAR_MISS: f32 = 0.1;
/// How much the name of a place counts where any word is enough: what somebody looks for counts more than where.
const WHERE: f32 = 0.01;
/// Two words that were typed as one have so many letters each.
const SHORTEST_HALF: usize = 3;

/// What was typed, or what is left of it beside a place.
pub(crate) struct Phrase<'a> {
    pub(crate) fields: Fields,
    pub(crate) typed: &'a str,
    pub(crate) spans: &'a [Span],
    /// The words that are the name of a place, even where none is meant.
    pub(crate) places: &'a [String],
}

/// How the words are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    pub(crate) forgiving: bool,
    pub(crate) any_word: bool,
}

type Clause = (Occur, Box<dyn Query>);

impl Phrase<'_> {
    /// The question; `None` where nothing was typed.
    pub(crate) fn query(&self, manner: Manner, view: &View, sight: Sight) -> tantivy::Result<Option<Box<dyn Query>>> {
        if self.spans.is_empty() {
            return Ok(None);
        }
        let occur = if manner.any_word { Occur::Should } else { Occur::Must };
        let mut clauses = Vec::new();
        for span in self.spans {
            let said = self.span(span, manner.forgiving, view, sight)?;
            let is_where = manner.any_word && self.is_place(span);
            let said: Box<dyn Query> = if is_where { Box::new(BoostQuery::new(said, WHERE)) } else { said };
            clauses.push((occur, said));
        }
        let line: Vec<String> = words(self.typed).into_iter().flat_map(|word| word.parts).collect();
        let whole = Term::from_field_text(self.fields.starts, &whole(&line.join(" ")));
        // Each part of a question costs something for each entry; most are nobody's name.
        if view.count(sight, &whole, 1)? > 0 {
            clauses.push((Occur::Should, constant(term(whole), WHOLE_NAME)));
        }
        Ok(Some(boolean(clauses)))
    }

    fn is_place(&self, span: &Span) -> bool {
        let mut parts = span.words.iter().flat_map(|word| &word.parts);
        parts.all(|part| self.places.contains(part))
    }

    /// The words as they are, or one of the concepts they name.
    fn span(&self, span: &Span, forgiving: bool, view: &View, sight: Sight) -> tantivy::Result<Box<dyn Query>> {
        let mut all = Vec::new();
        for word in span.words.iter().filter(|word| span.words.len() == 1 || !word.is_stop_word()) {
            all.push((Occur::Must, self.word(word, forgiving, view, sight)?));
        }
        let concepts = span.codes.iter().map(|code| (Occur::Should, constant(term(self.concept(code)), CONCEPT)));
        let concepts: Vec<Clause> = concepts.collect();
        let words = boolean(all);
        Ok(if concepts.is_empty() {
            words
        } else {
            boolean([(Occur::Should, words)].into_iter().chain(concepts).collect())
        })
    }

    /// The word; its parts together or apart; and what it may have been meant to be.
    fn word(&self, word: &Word, forgiving: bool, view: &View, sight: Sight) -> tantivy::Result<Box<dyn Query>> {
        let parts = word.parts.iter().filter(|part| word.is_stop_word() || !is_stop_word(part));
        let mut either = vec![(Occur::Should, boolean(parts.map(|part| (Occur::Must, self.form(part))).collect()))];
        either.extend(word.joined.iter().map(|joined| (Occur::Should, self.form(joined))));
        let form = word.joined.as_deref().unwrap_or(&word.parts[0]);
        let errors = if forgiving { errors_in(form) } else { 0 };
        if errors > 0 && !word.is_stop_word() && !self.is_known(form, view, sight)? {
            let may_mean = self.may_mean(form, errors, view, sight)?;
            either.extend(may_mean.into_iter().map(|meant| (Occur::Should, meant)));
        }
        Ok(boolean(either))
    }

    /// What somebody may have meant by a word that hardly anything has: one that begins so, two typed as one, one with typing errors.
    fn may_mean(&self, form: &str, errors: u8, view: &View, sight: Sight) -> tantivy::Result<Vec<Box<dyn Query>>> {
        let near = |query: FuzzyTermQuery, weight| Box::new(BoostQuery::new(Box::new(query), weight)) as Box<dyn Query>;
        let typed = || Term::from_field_text(self.fields.forms, form);
        let mut all: Vec<Box<dyn Query>> =
            (1..=errors).map(|distance| near(FuzzyTermQuery::new(typed(), distance, true), NEAR_MISS)).collect();
        all.push(near(FuzzyTermQuery::new_prefix(typed(), 0, true), CUT_SHORT));
        let cuts = form.char_indices().map(|(at, _)| form.split_at(at));
        let cuts = cuts.filter(|(one, other)| one.len().min(other.len()) >= SHORTEST_HALF);
        for (one, other) in cuts.filter(|(one, other)| !is_stop_word(one) && !is_stop_word(other)) {
            if self.is_known(one, view, sight)? && self.is_known(other, view, sight)? {
                let both = boolean([one, other].map(|half| (Occur::Must, self.form(half))).into());
                all.push(Box::new(BoostQuery::new(both, CUT_SHORT)));
            }
        }
        Ok(all)
    }

    /// A word by its stem, better in a name. A stop word as it was typed.
    ///
    /// That the very form was typed, and not another of the stem, could count too; it made searches a quarter slower and hardly ever
    /// changed who came first.
    fn form(&self, word: &str) -> Box<dyn Query> {
        if is_stop_word(word) {
            return term(Term::from_field_text(self.fields.stops, word));
        }
        let stem = stem(word);
        let counted = |field| TermQuery::new(Term::from_field_text(field, &stem), IndexRecordOption::WithFreqs);
        let in_a_name = BoostQuery::new(Box::new(counted(self.fields.heading)), IN_A_NAME);
        boolean(vec![(Occur::Must, Box::new(counted(self.fields.words))), (Occur::Should, Box::new(in_a_name))])
    }

    /// Whether the reader sees more than a few entries with the word: then it is no typing error. Counted among what they see:
    /// what is hidden must not show by what is forgiven.
    fn is_known(&self, word: &str, view: &View, sight: Sight) -> tantivy::Result<bool> {
        Ok(view.count(sight, &Term::from_field_text(self.fields.words, &stem(word)), FEW)? == FEW)
    }

    fn concept(&self, code: &Code) -> Term {
        Term::from_field_text(self.fields.facets, &Facet::List(code.list()).key(code.notation()))
    }
}

/// How many typing errors a word may have: one from four letters, two from eight. A number has none.
pub(crate) fn errors_in(word: &str) -> u8 {
    match word.chars().count() {
        _ if word.contains(|c: char| c.is_ascii_digit()) => 0,
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

fn term(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn constant(query: Box<dyn Query>, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, score))
}

fn boolean(mut clauses: Vec<Clause>) -> Box<dyn Query> {
    match clauses.len() {
        1 => clauses.swap_remove(0).1,
        _ => Box::new(BooleanQuery::new(clauses)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_the_word_the_more_is_forgiven() {
        let forgiven: Vec<u8> = ["ble", "amap", "jardins", "epicerie", "2024", "covid19"].map(errors_in).into();
        assert_eq!(forgiven, [0, 1, 1, 2, 0, 0]);
    }
}

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
/// How much each typing error that need not be assumed counts. Whoever has the word as it was typed has all of this, and the word.
const NEAR_MISS: f32 = 0.1;

/// What was typed, or what is left of it beside a place.
pub(crate) struct Phrase<'a> {
    pub(crate) fields: Fields,
    pub(crate) typed: &'a str,
    pub(crate) spans: &'a [Span],
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
            clauses.push((occur, self.span(span, manner.forgiving, view, sight)?));
        }
        let line: Vec<String> = words(self.typed).into_iter().flat_map(|word| word.parts).collect();
        let whole = Term::from_field_text(self.fields.starts, &whole(&line.join(" ")));
        // Each part of a question costs something for each entry; most are nobody's name.
        if view.count(sight, &whole, 1)? > 0 {
            clauses.push((Occur::Should, constant(term(whole), WHOLE_NAME)));
        }
        Ok(Some(boolean(clauses)))
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
        if errors > 0 && !self.is_known(form, view, sight)? {
            for distance in 1..=errors {
                let near = FuzzyTermQuery::new(Term::from_field_text(self.fields.forms, form), distance, true);
                either.push((Occur::Should, Box::new(BoostQuery::new(Box::new(near), NEAR_MISS)) as Box<dyn Query>));
            }
        }
        Ok(boolean(either))
    }

    /// A word by its stem, better in a name. A stop word as it was typed.
    ///
    /// That the very form was typed, and not another of the stem, could count too; it made searches a quarter slower and hardly ever
    /// changed who came first.
    fn form(&self, word: &str) -> Box<dyn Query> {
        if is_stop_word(word) {
            return term(Term::from_field_text(self.fields.forms, word));
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
fn errors_in(word: &str) -> u8 {
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

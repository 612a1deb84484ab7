//! The cells of one row of a judged file, read column by column.

use super::Cells;
use crate::draft::Draft;
use crate::{Code, List, Problem, Rules, Why};
use std::fmt;
use time::Date;

/// A row, read by the names of its columns. A column that the file does not have is empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a>(pub &'a Cells);

/// A cell that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}, “{value}”: {what}")]
pub struct Fault {
    /// Its column.
    pub column: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub what: What,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It has to be there.
    Missing,
    /// An id that another pair has.
    Twice,
    /// None of these words.
    NoneOf(Vec<&'static str>),
    /// No concept of the list: neither notation nor label nor word.
    NoConcept(List),
    /// What a form would say to it.
    Form(Why),
    /// The row of the file that it names cannot be read.
    NoRow(String),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "has to be there"),
            Self::Twice => write!(f, "another pair is called so"),
            Self::NoneOf(words) => write!(f, "is none of {}", words.join(", ")),
            Self::NoConcept(list) => write!(f, "is no concept of {}", list.name()),
            Self::Form(Why::NotACommune) => write!(f, "no commune is called so"),
            Self::Form(Why::SeveralCommunes) => {
                write!(f, "several communes are called so; add the postcode or the department")
            }
            Self::Form(Why::NotADate) => write!(f, "is no date; dates are written 2026-12-31"),
            Self::Form(why) => write!(f, "{}", why.key()),
            Self::NoRow(why) => write!(f, "{why}"),
        }
    }
}

impl<'a> Row<'a> {
    /// What stands in a column, trimmed.
    pub(super) fn one(self, column: &str) -> &'a str {
        self.0.get(column).map_or("", |cell| cell.trim())
    }

    /// The values of a column, between bars.
    pub(super) fn all(self, column: &str) -> impl Iterator<Item = &'a str> {
        self.one(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }

    /// What has to stand in a column.
    pub(super) fn given(self, column: &str) -> Result<&'a str, Fault> {
        Some(self.one(column)).filter(|cell| !cell.is_empty()).ok_or_else(|| self.fault(column, What::Missing))
    }

    /// One of these words, or nothing.
    pub(super) fn choice(self, column: &str, words: &[&'static str]) -> Result<Option<&'static str>, Fault> {
        match self.one(column) {
            "" => Ok(None),
            cell => words
                .iter()
                .find(|word| **word == cell)
                .map(|word| Some(*word))
                .ok_or_else(|| self.fault(column, What::NoneOf(words.to_vec()))),
        }
    }

    /// A day, or nothing.
    pub(super) fn date(self, column: &str) -> Result<Option<Date>, Fault> {
        self.drafted(column).date("day").map_err(|problem| self.of_form(column, self.one(column), &problem))
    }

    /// A number of kilometres; none where nothing stands.
    pub(super) fn kilometres(self, column: &str) -> Result<u16, Fault> {
        let number = self.drafted(column).number("radius", 0..=1_000);
        let number = number.map_err(|problem| self.of_form(column, self.one(column), &problem))?;
        Ok(number.and_then(|km| u16::try_from(km).ok()).unwrap_or_default())
    }

    /// Concepts of a list, each by its notation, its label or a word for it.
    pub(super) fn concepts(self, column: &str, list: List, rules: &Rules) -> Result<Vec<Code>, Fault> {
        self.all(column).map(|word| self.concept(column, word, list, rules)).collect()
    }

    pub(super) fn concept(self, column: &str, word: &str, list: List, rules: &Rules) -> Result<Code, Fault> {
        let notation = Some(Code::new(list, word)).filter(|code| rules.thesaurus.has(code));
        let found = notation.or_else(|| rules.thesaurus.find(list, word).cloned());
        found.ok_or_else(|| self.fault_of(column, word, What::NoConcept(list)))
    }

    /// What is wrong with a column.
    pub(super) fn fault(self, column: &str, what: What) -> Fault {
        self.fault_of(column, self.one(column), what)
    }

    /// What is wrong with one value of a column.
    pub(super) fn fault_of(self, column: &str, value: &str, what: What) -> Fault {
        Fault { column: column.to_owned(), value: value.to_owned(), what }
    }

    /// The same, as a form says it.
    pub(super) fn of_form(self, column: &str, value: &str, problem: &Problem) -> Fault {
        self.fault_of(column, value, What::Form(problem.why))
    }

    fn drafted(self, column: &str) -> Draft {
        let cell = self.one(column).to_owned();
        ["day", "radius"].into_iter().map(|field| (field.to_owned(), cell.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesaurus::tests::small;
    use time::macros::date;

    fn cells(pairs: &[(&str, &str)]) -> Cells {
        pairs.iter().map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned())).collect()
    }

    #[test]
    fn cells_are_trimmed_and_may_hold_several() {
        let cells = cells(&[("a", " x | y ||"), ("b", " ")]);
        let row = Row(&cells);
        assert_eq!((row.one("a"), row.one("b"), row.one("c")), ("x | y ||", "", ""));
        assert_eq!(row.all("a").collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!((row.all("b").count(), row.given("a").unwrap()), (0, "x | y ||"));
        assert_eq!(row.given("b").unwrap_err().to_string(), "column b, “”: has to be there");
    }

    #[test]
    fn dates_numbers_and_words_are_read_or_told() {
        let cells = cells(&[("day", "2026-12-01"), ("km", "30"), ("word", "home"), ("bad", "1001")]);
        let row = Row(&cells);
        assert_eq!((row.date("day"), row.date("none")), (Ok(Some(date!(2026 - 12 - 01))), Ok(None)));
        assert_eq!((row.kilometres("km"), row.kilometres("none")), (Ok(30), Ok(0)));
        assert_eq!(
            (row.choice("word", &["home", "away"]), row.choice("none", &["home"])),
            (Ok(Some("home")), Ok(None))
        );
        assert_eq!(row.kilometres("bad").unwrap_err().what, What::Form(Why::NotANumber));
        assert_eq!(row.date("bad").unwrap_err().what, What::Form(Why::NotADate));
        assert_eq!(
            row.choice("bad", &["home", "away"]).unwrap_err().to_string(),
            "column bad, “1001”: is none of home, away"
        );
    }

    #[test]
    fn a_concept_is_a_notation_a_label_or_a_word() {
        let rules = Rules::new(small());
        let cells = cells(&[("skills", "carpentry | Bâtiment | COUVREUR"), ("bad", "carpentry|zzz")]);
        let codes = Row(&cells).concepts("skills", List::Skill, &rules).unwrap();
        assert_eq!(codes.iter().map(Code::notation).collect::<Vec<_>>(), ["carpentry", "building", "roofing"]);
        let fault = Row(&cells).concepts("bad", List::Skill, &rules).unwrap_err();
        assert_eq!(fault.to_string(), "column bad, “zzz”: is no concept of skill");
    }
}

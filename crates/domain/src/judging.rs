//! Judged pairs: what a row of such a file asks, what the program says to it, and how often it is right.
//!
//! The columns are told in `docs/JUDGING.md`. Nothing is read from a disk here: a row comes as its cells by column, and whoever has the
//! file adds the line to what is wrong with it. What cannot be read is an error and never a pair left out, which would change the figures.

mod concern;
mod duplicates;
mod row;

pub use concern::concern_pair;
pub use duplicates::duplicate_pair;
pub use row::{Fault, What};

use row::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is asked of the pairs of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Does this demand concern this structure?
    Concern,
    /// Are these two structures one?
    Duplicates,
}

/// A pair that somebody decided, and what the program says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What it is called by.
    pub id: String,
    /// What was decided: that it concerns, or that they are one.
    pub expected: bool,
    /// What the program says.
    pub said: bool,
    /// By what.
    pub because: String,
    /// Why it was decided so.
    pub why: String,
}

/// How often the program is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    question: Question,
    ids: BTreeSet<String>,
    /// The pairs of which it said something else than was decided, in the order of the file.
    pub misses: Vec<Judged>,
    /// Of how many it said yes, and rightly.
    pub right: usize,
    /// Of how many it said yes.
    pub said: usize,
    /// Of how many yes was expected.
    pub expected: usize,
}

impl Question {
    fn word(self, is_so: bool) -> &'static str {
        match (self, is_so) {
            (Self::Concern, true) => "yes",
            (Self::Concern, false) => "no",
            (Self::Duplicates, true) => "same",
            (Self::Duplicates, false) => "different",
        }
    }
}

impl Judged {
    /// Reads what was decided of a pair, and takes what the program says.
    fn new(question: Question, row: &Row<'_>, (said, because): (bool, String)) -> Result<Self, Fault> {
        let words = [true, false].map(|is_so| question.word(is_so));
        let expected = row.choice("expected", &words)?.ok_or_else(|| row.fault("expected", What::Missing))?;
        let id = row.given("id")?.to_owned();
        Ok(Self { id, expected: expected == words[0], said, because, why: row.one("why").to_owned() })
    }
}

impl Score {
    /// Of no pair yet.
    pub fn new(question: Question) -> Self {
        Self { question, ids: BTreeSet::new(), misses: Vec::new(), right: 0, said: 0, expected: 0 }
    }

    /// Counts a pair.
    ///
    /// # Errors
    /// [`What::Twice`]: its id was that of another.
    pub fn note(&mut self, pair: Judged) -> Result<(), Fault> {
        if !self.ids.insert(pair.id.clone()) {
            return Err(Fault { column: "id".into(), value: pair.id, what: What::Twice });
        }
        self.right += usize::from(pair.said && pair.expected);
        self.said += usize::from(pair.said);
        self.expected += usize::from(pair.expected);
        if pair.said != pair.expected {
            self.misses.push(pair);
        }
        Ok(())
    }

    /// Of how many pairs.
    pub fn pairs(&self) -> usize {
        self.ids.len()
    }

    /// Of those to which it says yes, the part of which yes was expected; `None` where it says so to none.
    pub fn precision(&self) -> Option<f64> {
        part(self.right, self.said)
    }

    /// Of those of which yes was expected, the part to which it says yes; `None` where it was expected of none.
    pub fn recall(&self) -> Option<f64> {
        part(self.right, self.expected)
    }
}

fn part(some: usize, all: usize) -> Option<f64> {
    // Pairs are few enough for a float to count them.
    (all > 0).then(|| some as f64 / all as f64)
}

impl fmt::Display for Score {
    /// Each miss in a line, then the number of pairs and both figures with their fractions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for miss in &self.misses {
            let [expected, said] = [miss.expected, miss.said].map(|is_so| self.question.word(is_so));
            write!(f, "{}: expected {expected}, said {said} ({})", miss.id, miss.because)?;
            if !miss.why.is_empty() {
                write!(f, "; {}", miss.why)?;
            }
            writeln!(f)?;
        }
        writeln!(f, "{} pairs", self.pairs())?;
        writeln!(f, "precision {} ({}/{})", Figure(self.precision()), self.right, self.said)?;
        write!(f, "recall {} ({}/{})", Figure(self.recall()), self.right, self.expected)
    }
}

/// A figure, where there is one. It is never rounded up to 1.
struct Figure(Option<f64>);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => write!(f, "–"),
            Some(figure) => write!(f, "{:.3}", (figure * 1_000.0).floor() / 1_000.0),
        }
    }
}

/// The cells of a row, by column.
pub type Cells = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(id: &str, expected: bool, said: bool) -> Judged {
        Judged { id: id.into(), expected, said, because: "same-name".into(), why: "because".into() }
    }

    fn score(pairs: &[(&str, bool, bool)]) -> Score {
        let mut score = Score::new(Question::Duplicates);
        pairs.iter().for_each(|(id, expected, said)| score.note(pair(id, *expected, *said)).unwrap());
        score
    }

    #[test]
    fn figures_are_those_of_the_book() {
        let score =
            score(&[("a", true, true), ("b", true, false), ("c", false, true), ("d", false, false), ("e", true, true)]);
        assert_eq!((score.pairs(), score.right, score.said, score.expected), (5, 2, 3, 3));
        assert_eq!(score.misses.iter().map(|miss| miss.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(
            score.to_string(),
            "b: expected same, said different (same-name); because\n\
             c: expected different, said same (same-name); because\n\
             5 pairs\nprecision 0.666 (2/3)\nrecall 0.666 (2/3)"
        );
    }

    #[test]
    fn a_fraction_of_nothing_has_no_figure() {
        let score = score(&[("a", false, false)]);
        assert_eq!((score.precision(), score.recall()), (None, None));
        assert!(score.to_string().ends_with("precision – (0/0)\nrecall – (0/0)"));
    }

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(Figure(Some(0.999_9)).to_string(), "0.999");
        assert_eq!(Figure(Some(1.0)).to_string(), "1.000");
    }

    #[test]
    fn each_id_is_once() {
        let mut score = score(&[("a", true, true)]);
        assert_eq!(score.note(pair("a", true, true)).unwrap_err().what, What::Twice);
        assert_eq!(score.pairs(), 1);
    }
}

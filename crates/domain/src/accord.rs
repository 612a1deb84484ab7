//! The other side's answer to a record, written at its own home: it confirms, declines, takes part, or is the same structure.
//!
//! Nobody writes another's record; so what needs two is two records. Taking an accord back undoes it.

use crate::audience::Reader;
use crate::draft::write_tenths;
use crate::problem::{Findings, optional_line};
use crate::{Draft, Field, Kind, Problem, Problems, RecordIri, Reference, Rules, Why};
use serde::{Deserialize, Serialize};

/// An accord (*accord*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accord {
    /// The record it answers, by what it was called then.
    pub about: Reference,
    /// The structure or person of this node that answers.
    pub by: Reference,
    /// What it answers.
    pub answer: Answer,
    /// How much it takes of a group purchase, in tenths of its unit.
    pub quantity: Option<u32>,
    /// In its own words.
    pub detail: Option<String>,
}

/// What an accord says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is so.
    Confirms,
    /// It is not so.
    Declines,
    /// We take part.
    TakesPart,
    /// This structure and ours are one.
    IsTheSame,
}

impl Answer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Confirms, Self::Declines, Self::TakesPart, Self::IsTheSame];

    /// Its notation in the list `accord-answer`.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Confirms => "confirms",
            Self::Declines => "declines",
            Self::TakesPart => "takes-part",
            Self::IsTheSame => "is-the-same",
        }
    }

    /// Undoes [`Answer::notation`].
    pub fn named(notation: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.notation() == notation)
    }

    /// The kinds of record that can be answered so.
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Confirms | Self::Declines => matches!(kind, Kind::Relation | Kind::Membership),
            Self::TakesPart => matches!(kind, Kind::Exchange | Kind::Call | Kind::Event),
            Self::IsTheSame => kind == Kind::Structure,
        }
    }
}

impl Accord {
    /// What a list calls it.
    pub fn title(&self) -> String {
        format!("{} — {}", self.by.label, self.about.label)
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.detail.take_if(|_| !shown(Field::Description));
    }

    pub(crate) fn check(&self, _: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(self.about.check("about"));
        findings.note(self.by.check("by-label"));
        findings.note(optional_line("detail", self.detail.as_deref(), 250));
        match &self.about.iri {
            None => findings.note(Err(Problem::new("about", Why::NotARecord))),
            Some(iri) if !iri.kind().is_some_and(|kind| self.answer.fits(kind)) => {
                findings.note(Err(Problem::new("answer", Why::AnswerDoesNotFit)));
            }
            Some(_) => {}
        }
        if self.answer == Answer::IsTheSame && self.by.iri == self.about.iri {
            findings.note(Err(Problem::new("by", Why::ItsOwn)));
        }
        if self.quantity.is_some() && self.answer != Answer::TakesPart {
            findings.note(Err(Problem::new("quantity", Why::AnswerDoesNotFit)));
        }
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let answer = draft
            .choice("answer", Answer::named)
            .and_then(|answer| answer.map(Some).ok_or(Problem::new("answer", Why::Missing)));
        let accord = Self {
            about: findings.take(Reference::raise(draft, "about")).unwrap_or(Reference::named("")),
            by: findings.take(Reference::raise(draft, "by")).unwrap_or(Reference::named("")),
            answer: findings.take(answer).unwrap_or(Answer::Confirms),
            quantity: findings.take(draft.tenths("quantity")),
            detail: draft.text("detail"),
        };
        match findings.judge(()) {
            Ok(()) => Ok(accord),
            Err(problems) => Err(accord.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        self.about.lower(&mut draft, "about");
        self.by.lower(&mut draft, "by");
        draft.add("answer", self.answer.notation());
        draft.add_given("quantity", self.quantity.map(write_tenths));
        draft.add_given("detail", self.detail.as_ref());
        draft
    }

    /// Whether this accord is of those who are meant: it answers `record`, and speaks for `by`.
    pub fn answers(&self, record: &RecordIri, by: &RecordIri) -> bool {
        self.about.iri.as_ref() == Some(record) && self.by.iri.as_ref() == Some(by)
    }
}

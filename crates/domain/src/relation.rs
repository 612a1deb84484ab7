//! What one structure is to another: member, supplier, support, partner, part of a network.
//!
//! It is one side's word. The other side's is an accord of its own ([`crate::accord`]); with it the relation is shown as confirmed.

use crate::audience::Reader;
use crate::problem::{Findings, optional_line};
use crate::{Code, Draft, Field, List, Problem, Problems, Reference, Rules, Why};
use serde::{Deserialize, Serialize};
use time::Date;

/// A relation (*relation*), as its subject tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// What the subject is to the object: a code of `relation-kind`.
    pub sort: Code,
    /// The structure that says so.
    pub subject: Reference,
    /// The structure of which it says so.
    pub object: Reference,
    /// In its own words.
    pub detail: Option<String>,
    /// Since when.
    pub from: Option<Date>,
    /// Until when.
    pub until: Option<Date>,
}

impl Relation {
    /// What a list calls it.
    pub fn title(&self) -> String {
        format!("{} — {}", self.subject.label, self.object.label)
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.detail.take_if(|_| !shown(Field::Description));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(rules.code("relation-kind", &self.sort, List::RelationKind));
        findings.note(self.subject.check("subject-label"));
        findings.note(self.object.check("object-label"));
        findings.note(optional_line("detail", self.detail.as_deref(), 250));
        if self.subject.iri.is_some() && self.subject.iri == self.object.iri {
            findings.note(Err(Problem::new("object", Why::ItsOwn)));
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| until < from) {
            findings.note(Err(Problem::new("until", Why::TooEarly)));
        }
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let sort = draft.code("relation-kind", List::RelationKind);
        if sort.is_none() {
            findings.note(Err(Problem::new("relation-kind", Why::Missing)));
        }
        let relation = Self {
            sort: sort.unwrap_or(Code::new(List::RelationKind, "partner")),
            subject: findings.take(Reference::raise(draft, "subject")).unwrap_or(Reference::named("")),
            object: findings.take(Reference::raise(draft, "object")).unwrap_or(Reference::named("")),
            detail: draft.text("detail"),
            from: findings.take(draft.date("from")),
            until: findings.take(draft.date("until")),
        };
        match findings.judge(()) {
            Ok(()) => Ok(relation),
            Err(problems) => Err(relation.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("relation-kind", self.sort.notation());
        self.subject.lower(&mut draft, "subject");
        self.object.lower(&mut draft, "object");
        draft.add_given("detail", self.detail.as_ref());
        draft.add_given("from", self.from.map(crate::draft::write_date));
        draft.add_given("until", self.until.map(crate::draft::write_date));
        draft
    }
}

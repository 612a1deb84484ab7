//! A person's part in a structure. It lives at the structure's home, where the person has an account.

use crate::audience::Reader;
use crate::problem::{Findings, optional};
use crate::{Code, Draft, Field, List, Problem, Problems, Reference, Rules, Why};
use serde::{Deserialize, Serialize};
use time::Date;

/// A membership (*engagement*). That it gives a right to edit is kept apart and never travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// The person. Elsewhere they are a name; their record answers to those who may read it.
    pub person: Reference,
    /// The structure.
    pub structure: Reference,
    /// Their role, a code of the list `role`.
    pub role: Option<Code>,
    /// What they do there, in their own words.
    pub detail: Option<String>,
    /// Since when.
    pub from: Option<Date>,
    /// Until when.
    pub until: Option<Date>,
    /// Whether the person said that their name may be shown to everybody.
    pub person_agrees: bool,
    /// Whether the structure said so too.
    pub structure_agrees: bool,
}

impl Membership {
    /// What a list calls it.
    pub fn title(&self) -> String {
        format!("{} — {}", self.person.label, self.structure.label)
    }

    /// Whether it may leave the network: only when both sides said so.
    pub fn may_leave(&self) -> bool {
        self.person_agrees && self.structure_agrees
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.detail.take_if(|_| !shown(Field::Description));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(self.person.check("person"));
        findings.note(self.structure.check("structure"));
        findings.note(self.role.as_ref().map_or(Ok(()), |role| rules.code("role", role, List::Role)));
        findings.note(optional("detail", self.detail.as_deref(), 250));
        if self.from.zip(self.until).is_some_and(|(from, until)| until < from) {
            findings.note(Err(Problem::new("until", Why::TooEarly)));
        }
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, _: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let membership = Self {
            person: findings.take(Reference::raise(draft, "person")).unwrap_or(Reference::named("")),
            structure: findings.take(Reference::raise(draft, "structure")).unwrap_or(Reference::named("")),
            role: draft.code("role", List::Role),
            detail: draft.text("detail"),
            from: findings.take(draft.date("from")),
            until: findings.take(draft.date("until")),
            person_agrees: draft.is_ticked("person-agrees"),
            structure_agrees: draft.is_ticked("structure-agrees"),
        };
        findings.judge(membership)
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        self.person.lower(&mut draft, "person");
        self.structure.lower(&mut draft, "structure");
        draft.add_given("role", self.role.as_ref().map(Code::notation));
        draft.add_given("detail", self.detail.as_ref());
        draft.add_given("from", self.from.map(crate::draft::write_date));
        draft.add_given("until", self.until.map(crate::draft::write_date));
        draft.tick("person-agrees", self.person_agrees);
        draft.tick("structure-agrees", self.structure_agrees);
        draft
    }
}

//! A job offer.

use crate::audience::Reader;
use crate::identifier::Rome;
use crate::place::Place;
use crate::problem::{Findings, optional, required};
use crate::{Code, Draft, Field, List, Problem, Problems, Reference, Rules, Why, draft};
use serde::{Deserialize, Serialize};
use time::Date;

/// A job offer (*offre d'emploi*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// In a line.
    pub title: String,
    /// In full; Markdown.
    pub description: Option<String>,
    /// The contract: a code of `contract-type`.
    pub contract: Code,
    /// The trade.
    pub rome: Option<Rome>,
    /// How many hours, and when.
    pub hours: Option<String>,
    /// The pay, in words.
    pub pay: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// Who hires.
    pub employer: Reference,
    /// The last day to apply; the record expires with it.
    pub deadline: Option<Date>,
}

impl Job {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.hours.take_if(|_| !shown(Field::Hours));
        self.pay.take_if(|_| !shown(Field::Pay));
        self.place.take_if(|_| !shown(Field::Place));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("title", &self.title, 150));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(rules.code("contract", &self.contract, List::ContractType));
        findings.note(optional("hours", self.hours.as_deref(), 250));
        findings.note(optional("pay", self.pay.as_deref(), 250));
        findings.note(self.employer.check("employer-label"));
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let contract = draft.code("contract", List::ContractType);
        if contract.is_none() {
            findings.note(Err(Problem::new("contract", Why::Missing)));
        }
        let job = Self {
            title: draft.one("title").to_owned(),
            description: draft.text("description"),
            contract: contract.unwrap_or(Code::new(List::ContractType, "cdi")),
            rome: findings.take(draft.text("rome").map(|t| Rome::read("rome", &t)).transpose()),
            hours: draft.text("hours"),
            pay: draft.text("pay"),
            place: findings.take(Place::raise(draft, "place", rules.gazetteer)),
            employer: findings.take(Reference::raise(draft, "employer")).unwrap_or(Reference::named("")),
            deadline: findings.take(draft.date("deadline")),
        };
        match findings.judge(()) {
            Ok(()) => Ok(job),
            Err(problems) => Err(job.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("title", &self.title);
        draft.add_given("description", self.description.as_ref());
        draft.add("contract", self.contract.notation());
        draft.add_given("rome", self.rome.as_ref().map(Rome::as_str));
        draft.add_given("hours", self.hours.as_ref());
        draft.add_given("pay", self.pay.as_ref());
        draft.add_given("place", self.place.as_ref().map(Place::to_form));
        self.employer.lower(&mut draft, "employer");
        draft.add_given("deadline", self.deadline.map(draft::write_date));
        draft
    }
}

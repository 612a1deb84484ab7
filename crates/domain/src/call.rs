//! A call: for tenders, for projects, for partners, for a group purchase.

use crate::audience::Reader;
use crate::iri::WebLink;
use crate::place::Area;
use crate::problem::{Findings, few, optional, required};
use crate::{Code, Draft, Field, List, Problem, Problems, Reference, Rules, Why, draft};
use serde::{Deserialize, Serialize};
use time::Date;

/// A call (*appel*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// What is called for: a code of `call-type`.
    pub call_type: Code,
    /// In a line.
    pub title: String,
    /// In full; Markdown.
    pub description: Option<String>,
    /// Who buys, or bears it.
    pub bearer: Reference,
    /// Sectors sought.
    pub sectors: Vec<Code>,
    /// Skills sought.
    pub skills: Vec<Code>,
    /// Where it will be done.
    pub areas: Vec<Area>,
    /// Its lots, a line each.
    pub lots: Vec<String>,
    /// Its social clauses, in words.
    pub clauses: Option<String>,
    /// The last day to answer; the record expires with it.
    pub deadline: Option<Date>,
    /// The official notice.
    pub notice: Option<WebLink>,
    /// The team that is being formed to answer it.
    pub team: Option<String>,
}

impl Call {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.areas.retain(|_| shown(Field::Areas));
        self.lots.retain(|_| shown(Field::Lots));
        self.notice.take_if(|_| !shown(Field::Notice));
        self.team.take_if(|_| !shown(Field::Team));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(rules.code("call-type", &self.call_type, List::CallType));
        findings.note(required("title", &self.title, 150));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(self.bearer.check("bearer-label"));
        findings.note(rules.codes("sectors", &self.sectors, List::Sector, 20));
        findings.note(rules.codes("skills", &self.skills, List::Skill, 20));
        findings.note(few("areas", self.areas.len(), 50));
        findings.note(few("lots", self.lots.len(), 50));
        self.lots.iter().for_each(|lot| findings.note(required("lots", lot, 250)));
        findings.note(optional("clauses", self.clauses.as_deref(), 2_000));
        findings.note(optional("team", self.team.as_deref(), 2_000));
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let call_type = draft.code("call-type", List::CallType);
        if call_type.is_none() {
            findings.note(Err(Problem::new("call-type", Why::Missing)));
        }
        let lots = draft.all("lots").iter().flat_map(|typed| typed.lines()).map(str::trim);
        let call = Self {
            call_type: call_type.unwrap_or(Code::new(List::CallType, "call-for-partners")),
            title: draft.one("title").to_owned(),
            description: draft.text("description"),
            bearer: findings.take(Reference::raise(draft, "bearer")).unwrap_or(Reference::named("")),
            sectors: draft.codes("sectors", List::Sector),
            skills: draft.codes("skills", List::Skill),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            lots: lots.filter(|lot| !lot.is_empty()).map(str::to_owned).collect(),
            clauses: draft.text("clauses"),
            deadline: findings.take(draft.date("deadline")),
            notice: findings.take(draft.text("notice").map(|t| WebLink::read("notice", &t)).transpose()),
            team: draft.text("team"),
        };
        match findings.judge(()) {
            Ok(()) => Ok(call),
            Err(problems) => Err(call.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("call-type", self.call_type.notation());
        draft.add("title", &self.title);
        draft.add_given("description", self.description.as_ref());
        self.bearer.lower(&mut draft, "bearer");
        draft.add_codes("sectors", &self.sectors);
        draft.add_codes("skills", &self.skills);
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft.add_given("lots", (!self.lots.is_empty()).then(|| self.lots.join("\n")));
        draft.add_given("clauses", self.clauses.as_ref());
        draft.add_given("deadline", self.deadline.map(draft::write_date));
        draft.add_given("notice", self.notice.as_ref().map(WebLink::as_str));
        draft.add_given("team", self.team.as_ref());
        draft
    }
}

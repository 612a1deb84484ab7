//! A person, linked to structures or not.

use crate::audience::Reader;
use crate::iri::WebLink;
use crate::place::{Area, Place};
use crate::problem::{Findings, few, optional, optional_line, required};
use crate::{Audience, Code, Draft, Field, List, Problems, Rules, contact, place};
use serde::{Deserialize, Serialize};

/// A person (*personne*).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: Option<String>,
    /// What they say of themselves; Markdown.
    pub presentation: Option<String>,
    /// Their site on the web.
    pub web: Option<WebLink>,
    /// Where they live: private, unless they say otherwise.
    pub place: Option<Place>,
    /// Where they act.
    pub areas: Vec<Area>,
    /// How far around they act, in kilometres.
    pub radius_km: Option<u16>,
    /// The sectors they care for.
    pub sectors: Vec<Code>,
    /// What they know how to do.
    pub skills: Vec<Code>,
    /// How to reach them: private, unless they say otherwise.
    pub contacts: Vec<contact::Contact>,
}

impl Person {
    /// What a list calls them.
    pub fn title(&self) -> String {
        match &self.family_name {
            Some(family) => format!("{} {family}", self.given_name),
            None => self.given_name.clone(),
        }
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, reader: Reader) {
        self.presentation.take_if(|_| !shown(Field::Presentation));
        self.web.take_if(|_| !shown(Field::Web));
        self.place.take_if(|_| !shown(Field::Place));
        self.areas.retain(|_| shown(Field::Areas));
        self.contacts.retain(|contact| reader.sees(contact.audience));
        if !shown(Field::Areas) {
            self.radius_km = None;
        }
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("given-name", &self.given_name, 100));
        findings.note(optional_line("family-name", self.family_name.as_deref(), 100));
        findings.note(optional("presentation", self.presentation.as_deref(), 10_000));
        findings.note(rules.codes("sectors", &self.sectors, List::Sector, 20));
        findings.note(rules.codes("skills", &self.skills, List::Skill, 40));
        findings.note(few("areas", self.areas.len(), 50));
        findings.extend(contact::check(&self.contacts, rules));
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let person = Self {
            given_name: draft.one("given-name").to_owned(),
            family_name: draft.text("family-name"),
            presentation: draft.text("presentation"),
            web: findings.take(draft.text("web").map(|t| WebLink::read("web", &t)).transpose()),
            place: findings.take(Place::raise(draft, "place", rules.gazetteer)),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            radius_km: findings.take(place::raise_radius(draft)),
            sectors: draft.codes("sectors", List::Sector),
            skills: draft.codes("skills", List::Skill),
            contacts: findings.take(contact::raise(draft, Audience::Private)),
        };
        findings.judge(person)
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("given-name", &self.given_name);
        draft.add_given("family-name", self.family_name.as_ref());
        draft.add_given("presentation", self.presentation.as_ref());
        draft.add_given("web", self.web.as_ref().map(WebLink::as_str));
        draft.add_given("place", self.place.as_ref().map(Place::to_form));
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft.add_given("radius", self.radius_km);
        draft.add_codes("sectors", &self.sectors);
        draft.add_codes("skills", &self.skills);
        contact::lower(&self.contacts, &mut draft);
        draft
    }
}

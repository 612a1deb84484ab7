//! A product or a service that a structure always offers: a line of its catalogue.

use crate::audience::Reader;
use crate::place::{self, Area};
use crate::problem::{Findings, few, optional, required};
use crate::{Code, Draft, Field, List, Picture, Problems, Reference, Rules};
use serde::{Deserialize, Serialize};

/// A product or service (*produit ou service*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Its name.
    pub title: String,
    /// In full; Markdown.
    pub description: Option<String>,
    /// The structure that offers it.
    pub provider: Reference,
    /// Its sectors.
    pub sectors: Vec<Code>,
    /// For whom: codes of `target-public`.
    pub publics: Vec<Code>,
    /// The means it is made with, in words.
    pub means: Option<String>,
    /// Where it can be had.
    pub areas: Vec<Area>,
    /// How far around the provider's sites, in kilometres.
    pub radius_km: Option<u16>,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

impl Product {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.means.take_if(|_| !shown(Field::Means));
        self.areas.retain(|_| shown(Field::Areas));
        if !shown(Field::Areas) {
            self.radius_km = None;
        }
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("title", &self.title, 150));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(self.provider.check("provider-label"));
        findings.note(rules.codes("sectors", &self.sectors, List::Sector, 20));
        findings.note(rules.codes("publics", &self.publics, List::TargetPublic, 10));
        findings.note(optional("means", self.means.as_deref(), 2_000));
        findings.note(few("areas", self.areas.len(), 50));
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let product = Self {
            title: draft.one("title").to_owned(),
            description: draft.text("description"),
            provider: findings.take(Reference::raise(draft, "provider")).unwrap_or(Reference::named("")),
            sectors: draft.codes("sectors", List::Sector),
            publics: draft.codes("publics", List::TargetPublic),
            means: draft.text("means"),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            radius_km: findings.take(place::raise_radius(draft)),
            picture: findings.take(Picture::raise(draft)),
        };
        match findings.judge(()) {
            Ok(()) => Ok(product),
            Err(problems) => Err(product.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("title", &self.title);
        draft.add_given("description", self.description.as_ref());
        self.provider.lower(&mut draft, "provider");
        draft.add_codes("sectors", &self.sectors);
        draft.add_codes("publics", &self.publics);
        draft.add_given("means", self.means.as_ref());
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft.add_given("radius", self.radius_km);
        if let Some(picture) = &self.picture {
            picture.lower(&mut draft);
        }
        draft
    }
}

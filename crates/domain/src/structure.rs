//! A structure: an association, a cooperative, a group of people without a form; where it is and what it does.

use crate::audience::Reader;
use crate::identifier::{Naf, Rna, Siren, Siret};
use crate::iri::WebLink;
use crate::place::{Area, Place, Point};
use crate::problem::{Findings, few, optional, optional_line, required};
use crate::{
    Audience, Code, Draft, Field, Kind, List, Picture, Problem, Problems, RecordIri, Reference, Rules, Why, contact,
    draft, place,
};
use serde::{Deserialize, Serialize};
use time::Date;

/// A structure (*structure*).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Structure {
    /// The name it goes by.
    pub name: String,
    /// The name in its statutes, where that is another.
    pub legal_name: Option<String>,
    /// Its acronym.
    pub acronym: Option<String>,
    /// Whether lists show the acronym instead of the name.
    pub shows_acronym: bool,
    /// What it does, in a line.
    pub tagline: Option<String>,
    /// What it does, in full; Markdown.
    pub description: Option<String>,
    /// Its legal form.
    pub legal_form: Option<Code>,
    /// What sort of structure it is: codes of `category`.
    pub categories: Vec<Code>,
    /// How it brings people into work: a code of `integration-type`.
    pub integration: Option<Code>,
    /// Labels and approvals it holds.
    pub labels: Vec<Held>,
    /// For an initiative that is not there yet: how far it has come.
    pub project: Option<Project>,
    /// An ordinary company: it is shown apart from the structures of the social economy.
    pub is_company: bool,
    /// Nobody speaks for it yet: it was taken over from an older base.
    pub is_unclaimed: bool,
    /// Its SIREN. An informal group has none.
    pub siren: Option<Siren>,
    /// The SIRET of its seat.
    pub siret: Option<Siret>,
    /// Its number in the register of associations.
    pub rna: Option<Rna>,
    /// Its main activity.
    pub naf: Option<Naf>,
    /// When it was founded.
    pub founded: Option<Founding>,
    /// Its site on the web.
    pub web: Option<WebLink>,
    /// Where it is; the first is the main one.
    pub sites: Vec<Site>,
    /// Where it acts.
    pub areas: Vec<Area>,
    /// How far around its sites it acts, in kilometres.
    pub radius_km: Option<u16>,
    /// Its sectors of activity.
    pub sectors: Vec<Code>,
    /// What it knows how to do.
    pub skills: Vec<Code>,
    /// Its yearly budget, in euros.
    pub budget: Option<u64>,
    /// Who works there.
    pub workforce: Workforce,
    /// How to reach it.
    pub contacts: Vec<contact::Contact>,
    /// When its own people last said that all this is right.
    pub confirmed: Option<Date>,
    /// The sheets of other homes that this one takes the place of, in ascending order. It does so once those homes have ended theirs.
    pub replaces: Vec<RecordIri>,
    /// Its logo, or another picture of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A label or approval, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// A code of `label`.
    pub label: Code,
    /// Since when.
    pub from: Option<Date>,
    /// Until when.
    pub until: Option<Date>,
}

/// A citizens' initiative that is being set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// How far it has come: a code of `project-stage`.
    pub stage: Code,
    /// Who bears it.
    pub bearer: Option<Reference>,
}

/// When a structure was founded: often only the year is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Founding {
    /// In that year.
    Year(u16),
    /// On that day.
    Day(Date),
}

/// Full-time equivalents, in tenths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Workforce {
    /// All together.
    pub total: Option<u32>,
    /// In production.
    pub production: Option<u32>,
    /// Supervising.
    pub supervision: Option<u32>,
    /// In work integration.
    pub integration: Option<u32>,
}

/// One place where a structure is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Site {
    /// What tells it from the others: the fragment of its IRI, such as `site-1`.
    pub fragment: String,
    /// What it is called: "siège", "atelier".
    pub label: Option<String>,
    /// Number and street.
    pub street: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// The commune, and the point.
    pub place: Option<Place>,
    /// When it is open.
    pub hours: Option<String>,
}

impl Structure {
    /// What a list calls it.
    pub fn title(&self) -> String {
        match &self.acronym {
            Some(acronym) if self.shows_acronym => acronym.clone(),
            _ => self.name.clone(),
        }
    }

    /// The points of its sites.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        self.sites.iter().filter_map(|site| site.place.as_ref()?.point)
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, reader: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.web.take_if(|_| !shown(Field::Web));
        self.budget.take_if(|_| !shown(Field::Budget));
        self.sites.retain(|_| shown(Field::Sites));
        self.areas.retain(|_| shown(Field::Areas));
        self.contacts.retain(|contact| reader.sees(contact.audience));
        if !shown(Field::Areas) {
            self.radius_km = None;
        }
        if !shown(Field::Workforce) {
            self.workforce = Workforce::default();
        }
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("name", &self.name, 250));
        findings.note(optional_line("legal-name", self.legal_name.as_deref(), 250));
        findings.note(optional_line("acronym", self.acronym.as_deref(), 60));
        findings.note(optional_line("tagline", self.tagline.as_deref(), 250));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(self.legal_form.as_ref().map_or(Ok(()), |code| rules.code("legal-form", code, List::LegalForm)));
        findings.note(rules.codes("categories", &self.categories, List::Category, 10));
        let integration = self.integration.as_ref();
        findings.note(integration.map_or(Ok(()), |code| rules.code("integration-type", code, List::IntegrationType)));
        findings.note(few("labels", self.labels.len(), 20));
        self.labels.iter().for_each(|held| findings.note(held.check(rules)));
        findings.note(self.project.as_ref().map_or(Ok(()), |project| project.check(rules)));
        findings.note(self.check_siret());
        findings.note(rules.codes("sectors", &self.sectors, List::Sector, 20));
        findings.note(rules.codes("skills", &self.skills, List::Skill, 40));
        findings.note(few("areas", self.areas.len(), 50));
        findings.note(few("sites", self.sites.len(), 30));
        self.sites.iter().for_each(|site| site.check(&mut findings));
        findings.note(few("replaces", self.replaces.len(), MOST_REPLACED));
        let is_structure = |iri: &RecordIri| iri.kind() == Some(Kind::Structure);
        if !self.replaces.iter().all(is_structure) {
            findings.note(Err(Problem::new("replaces", Why::NotInList)));
        }
        findings.extend(contact::check(&self.contacts, rules));
        findings.judge(()).err().unwrap_or_default()
    }

    fn check_siret(&self) -> Result<(), Problem> {
        match (&self.siren, &self.siret) {
            (Some(siren), Some(siret)) if siret.siren() != *siren => Err(Problem::new("siret", Why::SiretOfAnother)),
            _ => Ok(()),
        }
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let siret = findings.take(draft.text("siret").map(|t| Siret::read("siret", &t)).transpose());
        let siren = findings.take(draft.text("siren").map(|t| Siren::read("siren", &t)).transpose());
        let structure = Self {
            name: draft.one("name").to_owned(),
            legal_name: draft.text("legal-name"),
            acronym: draft.text("acronym"),
            shows_acronym: draft.is_ticked("shows-acronym") && draft.is_ticked("acronym"),
            tagline: draft.text("tagline"),
            description: draft.text("description"),
            legal_form: draft.code("legal-form", List::LegalForm),
            categories: draft.codes("categories", List::Category),
            integration: draft.code("integration-type", List::IntegrationType),
            labels: findings.take(Held::raise_all(draft)),
            project: findings.take(Project::raise(draft)),
            is_company: draft.is_ticked("is-company"),
            is_unclaimed: draft.is_ticked("is-unclaimed"),
            siren: siren.or_else(|| siret.as_ref().map(Siret::siren)),
            siret,
            rna: findings.take(draft.text("rna").map(|t| Rna::read("rna", &t)).transpose()),
            naf: findings.take(draft.text("naf").map(|t| Naf::read("naf", &t)).transpose()),
            founded: findings.take(Founding::raise(draft)),
            web: findings.take(draft.text("web").map(|t| WebLink::read("web", &t)).transpose()),
            sites: findings.take(raise_sites(draft, rules)),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            radius_km: findings.take(place::raise_radius(draft)),
            sectors: draft.codes("sectors", List::Sector),
            skills: draft.codes("skills", List::Skill),
            budget: findings.take(draft.number("budget", 0..=100_000_000_000)),
            workforce: findings.take(Workforce::raise(draft)),
            contacts: findings.take(contact::raise(draft, Audience::Network)),
            confirmed: findings.take(draft.date("confirmed")),
            replaces: findings.take(raise_replaced(draft)),
            picture: findings.take(Picture::raise(draft)),
        };
        findings.judge(structure)
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("name", &self.name);
        draft.add_given("legal-name", self.legal_name.as_ref());
        draft.add_given("acronym", self.acronym.as_ref());
        draft.tick("shows-acronym", self.shows_acronym);
        draft.add_given("tagline", self.tagline.as_ref());
        draft.add_given("description", self.description.as_ref());
        draft.add_given("legal-form", self.legal_form.as_ref().map(Code::notation));
        draft.add_codes("categories", &self.categories);
        draft.add_given("integration-type", self.integration.as_ref().map(Code::notation));
        self.labels.iter().for_each(|held| held.lower(&mut draft));
        if let Some(project) = &self.project {
            project.lower(&mut draft);
        }
        draft.tick("is-company", self.is_company);
        draft.tick("is-unclaimed", self.is_unclaimed);
        draft.add_given("siren", self.siren.as_ref().map(Siren::as_str));
        draft.add_given("siret", self.siret.as_ref().map(Siret::as_str));
        draft.add_given("rna", self.rna.as_ref().map(Rna::as_str));
        draft.add_given("naf", self.naf.as_ref().map(Naf::as_str));
        draft.add_given("founded", self.founded.map(Founding::write));
        draft.add_given("web", self.web.as_ref().map(WebLink::as_str));
        self.sites.iter().for_each(|site| site.lower(&mut draft));
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft.add_given("radius", self.radius_km);
        draft.add_codes("sectors", &self.sectors);
        draft.add_codes("skills", &self.skills);
        draft.add_given("budget", self.budget);
        self.workforce.lower(&mut draft);
        contact::lower(&self.contacts, &mut draft);
        draft.add_given("confirmed", self.confirmed.map(draft::write_date));
        self.replaces.iter().for_each(|iri| draft.add("replaces", iri.to_string()));
        if let Some(picture) = &self.picture {
            picture.lower(&mut draft);
        }
        draft
    }
}

/// The most sheets that one takes the place of: nobody moves more often.
const MOST_REPLACED: usize = 10;

fn raise_replaced(draft: &Draft) -> Result<Vec<RecordIri>, Problem> {
    let named = draft.all("replaces").iter().filter(|name| !name.is_empty());
    let read = |name: &String| RecordIri::read(name).ok_or(Problem::new("replaces", Why::NotInList));
    let mut all = named.map(read).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    all.dedup();
    Ok(all)
}

impl Founding {
    pub(crate) fn raise(draft: &Draft) -> Result<Option<Self>, Problem> {
        match draft.text("founded") {
            Some(typed) if typed.len() == 4 && typed.bytes().all(|b| b.is_ascii_digit()) => match typed.parse() {
                Ok(year @ 1000..=9999) => Ok(Some(Self::Year(year))),
                _ => Err(Problem::new("founded", Why::NotADate)),
            },
            _ => Ok(draft.date("founded")?.map(Self::Day)),
        }
    }

    /// Whether it lies after a day.
    pub(crate) fn is_after(self, day: Date) -> bool {
        match self {
            Self::Year(year) => i32::from(year) > day.year(),
            Self::Day(founded) => founded > day,
        }
    }

    /// As forms and the protocol write it: `2012` or `2012-05-01`.
    pub fn write(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Day(day) => draft::write_date(day),
        }
    }
}

/// The columns of a label's line in a form.
const HELD: [&str; 3] = ["label", "label-from", "label-until"];

impl Held {
    /// Whether it holds on a day, the first and the last included.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    fn check(&self, rules: &Rules) -> Result<(), Problem> {
        rules.code("labels", &self.label, List::Label)?;
        match self.from.zip(self.until) {
            Some((from, until)) if until < from => Err(Problem::new("labels", Why::TooEarly)),
            _ => Ok(()),
        }
    }

    /// The labels that were typed, line by line: each once, in ascending order. A line without a label says nothing.
    fn raise_all(draft: &Draft) -> Result<Vec<Self>, Problem> {
        let line = |at: usize| {
            let [label, from, until] = HELD.map(|column| draft.line(column, at));
            let mut typed = Draft::default();
            typed.add("labels", from);
            typed.add("until", until);
            let held = |from, until| Self { label: Code::new(List::Label, label), from, until };
            let until = typed.date("until").map_err(|problem| Problem { field: "labels", ..problem });
            Ok(held(typed.date("labels")?, until?))
        };
        let filled = (0..draft.all("label").len()).filter(|at| !draft.line("label", *at).is_empty());
        let mut all: Vec<Self> = filled.map(line).collect::<Result<_, Problem>>()?;
        all.sort_by(|one, other| (&one.label, one.from).cmp(&(&other.label, other.from)));
        all.dedup_by(|one, other| one.label == other.label && one.from == other.from);
        Ok(all)
    }

    fn lower(&self, draft: &mut Draft) {
        let day = |day: Option<Date>| day.map(draft::write_date).unwrap_or_default();
        draft.add("label", self.label.notation());
        draft.add("label-from", day(self.from));
        draft.add("label-until", day(self.until));
    }
}

impl Project {
    fn check(&self, rules: &Rules) -> Result<(), Problem> {
        rules.code("project-stage", &self.stage, List::ProjectStage)?;
        self.bearer.as_ref().map_or(Ok(()), |bearer| bearer.check("bearer"))
    }

    /// What was typed of a project: it is one when its stage is told.
    fn raise(draft: &Draft) -> Result<Option<Self>, Problem> {
        let bearer = Reference::raise(draft, "bearer")?;
        Ok(draft.code("project-stage", List::ProjectStage).map(|stage| Self { stage, bearer }))
    }

    fn lower(&self, draft: &mut Draft) {
        draft.add("project-stage", self.stage.notation());
        if let Some(bearer) = &self.bearer {
            bearer.lower(draft, "bearer");
        }
    }
}

impl Workforce {
    fn raise(draft: &Draft) -> Result<Self, Problem> {
        Ok(Self {
            total: draft.tenths("workforce-total")?,
            production: draft.tenths("workforce-production")?,
            supervision: draft.tenths("workforce-supervision")?,
            integration: draft.tenths("workforce-integration")?,
        })
    }

    fn lower(self, draft: &mut Draft) {
        draft.add_given("workforce-total", self.total.map(draft::write_tenths));
        draft.add_given("workforce-production", self.production.map(draft::write_tenths));
        draft.add_given("workforce-supervision", self.supervision.map(draft::write_tenths));
        draft.add_given("workforce-integration", self.integration.map(draft::write_tenths));
    }
}

/// The columns of a site's line in a form.
const SITE: [&str; 7] =
    ["site-label", "site-street", "site-postcode", "site-commune", "site-latitude", "site-longitude", "site-hours"];

/// Makes sites of what was typed, line by line; a line in which nothing was typed is passed over.
fn raise_sites(draft: &Draft, rules: &Rules) -> Result<Vec<Site>, Problem> {
    let lines = SITE.iter().map(|column| draft.all(column).len()).max().unwrap_or_default();
    let filled = (0..lines).filter(|at| SITE.iter().any(|column| !draft.line(column, *at).is_empty()));
    filled.enumerate().map(|(number, at)| Site::raise(draft, number + 1, at, rules)).collect()
}

impl Site {
    fn raise(draft: &Draft, number: usize, at: usize, rules: &Rules) -> Result<Self, Problem> {
        let [label, street, postcode, commune, latitude, longitude, hours] = SITE.map(|column| draft.line(column, at));
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut place = match (commune, postcode) {
            ("", "") => None,
            ("", postcode) => Some(Place::find("sites", postcode, rules.gazetteer)?),
            (commune, "") => Some(Place::find("sites", commune, rules.gazetteer)?),
            // The postcode tells communes of one name apart; one with a CEDEX of its own does not stand in the way.
            (commune, postcode) => Some(
                Place::find("sites", &format!("{postcode} {commune}"), rules.gazetteer)
                    .or_else(|_| Place::find("sites", commune, rules.gazetteer))?,
            ),
        };
        if let (Some(place), false) = (&mut place, latitude.is_empty() && longitude.is_empty()) {
            place.point = Some(point(latitude, longitude)?);
            place.estimated = false;
        }
        Ok(Self {
            fragment: format!("site-{number}"),
            label: given(label),
            street: given(street),
            postcode: given(postcode),
            place,
            hours: given(hours),
        })
    }

    fn lower(&self, draft: &mut Draft) {
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let commune = self.place.as_ref().map_or(String::new(), Place::to_form);
        let exact = self.place.as_ref().filter(|place| !place.estimated).and_then(|place| place.point);
        let (latitude, longitude) =
            exact.map_or_else(Default::default, |p| (p.latitude.to_string(), p.longitude.to_string()));
        let cells = [
            given(&self.label),
            given(&self.street),
            given(&self.postcode),
            commune,
            latitude,
            longitude,
            given(&self.hours),
        ];
        SITE.into_iter().zip(cells).for_each(|(column, cell)| draft.add(column, cell));
    }

    fn check(&self, findings: &mut Findings) {
        findings.note(optional("sites", self.label.as_deref(), 100));
        findings.note(optional("sites", self.street.as_deref(), 250));
        findings.note(optional("sites", self.postcode.as_deref(), 10));
        findings.note(optional("sites", self.hours.as_deref(), 500));
    }
}

fn point(latitude: &str, longitude: &str) -> Result<Point, Problem> {
    let degrees = |typed: &str| typed.replace(',', ".").parse().ok();
    degrees(latitude)
        .zip(degrees(longitude))
        .and_then(|(latitude, longitude)| Point::new(latitude, longitude))
        .ok_or(Problem::new("sites", Why::NotAPoint))
}

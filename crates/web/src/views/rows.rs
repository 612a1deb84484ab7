//! What a record says in a few words each: labels and values.

use crate::pages::territory::path_of;
use crate::porch::Porch;
use crate::views::when::{called_off_of, times_of};
use pes_domain::draft::write_tenths;
use pes_domain::exchange::{Purchase, State};
use pes_domain::place::{Area, AreaKind, Place};
use pes_domain::structure::{Founding, Held};
use pes_domain::{Body, Code, Record, Reference};
use pes_words::dates;
use serde::Serialize;
use time::{Date, UtcDateTime};

/// A label and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) values: Vec<Value>,
}

/// A value, perhaps with a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) href: Option<String>,
    /// Whether it is a time that does not take place.
    pub(crate) is_called_off: bool,
}

/// The rows of a record; those without a value are left out.
pub(crate) fn rows_of(porch: &Porch, record: &Record) -> Vec<Row> {
    let rows = Rows { porch, rows: Vec::new() };
    let rows = match &record.body {
        Body::Exchange(one) => rows
            .reference("structure", one.structure.as_ref())
            .text("author", one.author.as_deref())
            .code("type", Some(&one.kind_of_thing))
            .codes("methods", &one.methods)
            .codes("skills", &one.skills)
            .codes("sectors", &one.sectors)
            .place("place", one.place.as_ref())
            .areas(&one.areas)
            .radius(one.radius_km)
            .text(
                "state",
                (one.state != State::Open).then(|| porch.say(&format!("state-{}", one.state.notation()))).as_deref(),
            )
            .text("purchase", one.purchase.as_ref().map(|one| purchase(porch, one)).as_deref())
            .day("expires", record.expires.and_then(|at| at.date().previous_day())),
        Body::Job(one) => rows
            .reference("employer", Some(&one.employer))
            .code("contract", Some(&one.contract))
            .place("place", one.place.as_ref())
            .text("hours", one.hours.as_deref())
            .text("pay", one.pay.as_deref())
            .text("rome", one.rome.as_ref().map(pes_domain::identifier::Rome::as_str))
            .day("deadline", one.deadline),
        Body::Call(one) => rows
            .reference("bearer", Some(&one.bearer))
            .day("deadline", one.deadline)
            .codes("skills", &one.skills)
            .codes("sectors", &one.sectors)
            .areas(&one.areas)
            .texts("lots", one.lots.clone())
            .text("clauses", one.clauses.as_deref())
            .text("team", one.team.as_deref())
            .link("notice", one.notice.as_ref().map(pes_domain::iri::WebLink::as_str)),
        Body::Structure(one) => rows
            .text("legal-name", one.legal_name.as_deref().filter(|name| *name != one.name))
            .text("acronym", one.acronym.as_deref())
            .codes("categories", &one.categories)
            .code("project-stage", one.project.as_ref().map(|project| &project.stage))
            .reference("bearer", one.project.as_ref().and_then(|project| project.bearer.as_ref()))
            .codes("sectors", &one.sectors)
            .codes("skills", &one.skills)
            .areas(&one.areas)
            .radius(one.radius_km)
            .link("web", one.web.as_ref().map(pes_domain::iri::WebLink::as_str))
            .code("integration-type", one.integration.as_ref())
            .labels(&one.labels, dates::in_france(UtcDateTime::now()).date())
            .text("founded", one.founded.map(founded).as_deref())
            .text("siret", one.siret.as_ref().map(pes_domain::identifier::Siret::as_str))
            .text("rna", one.rna.as_ref().map(pes_domain::identifier::Rna::as_str))
            .text("workforce-total", one.workforce.total.map(write_tenths).as_deref())
            .text("budget", one.budget.map(euros).as_deref())
            .day("confirmed", one.confirmed),
        Body::Person(one) => rows
            .codes("skills", &one.skills)
            .codes("sectors", &one.sectors)
            .place("place", one.place.as_ref())
            .areas(&one.areas)
            .link("web", one.web.as_ref().map(pes_domain::iri::WebLink::as_str)),
        Body::Membership(one) => rows
            .reference("person", Some(&one.person))
            .reference("structure", Some(&one.structure))
            .code("role", one.role.as_ref())
            .day("from", one.from)
            .day("until", one.until),
        Body::Accord(one) => rows
            .reference("about", Some(&one.about))
            .reference("by", Some(&one.by))
            .text("quantity", one.quantity.map(write_tenths).as_deref()),
        Body::Article(one) => rows
            .reference("structure", one.structure.as_ref())
            .text("author", one.author.as_deref())
            .code("reach", one.reach.as_ref())
            .areas(&one.areas),
        Body::Document(one) => rows
            .link("link", one.link.as_ref().map(pes_domain::iri::WebLink::as_str))
            .text("price", one.price.as_deref())
            .reference("structure", one.structure.as_ref())
            .text("author", one.author.as_deref()),
        Body::Event(one) => rows
            .times("when", times_of(porch, one))
            .times("called-off", called_off_of(porch, one, UtcDateTime::now()))
            .place("place", one.place.as_ref())
            .text("venue", one.venue.as_deref())
            .link("link", one.link.as_ref().map(pes_domain::iri::WebLink::as_str))
            .references("organisers", &one.organisers)
            .codes("sectors", &one.sectors)
            .areas(&one.areas),
        Body::Product(one) => rows
            .reference("provider", Some(&one.provider))
            .codes("sectors", &one.sectors)
            .codes("publics", &one.publics)
            .text("means", one.means.as_deref())
            .areas(&one.areas)
            .radius(one.radius_km),
        Body::Relation(one) => rows
            .reference("subject", Some(&one.subject))
            .code("relation-kind", Some(&one.sort))
            .reference("object", Some(&one.object))
            .day("from", one.from)
            .day("until", one.until),
        Body::Affiliation(one) => {
            rows.link("origin", Some(&one.origin)).code("state", Some(&one.state)).day("since", Some(one.since))
        }
    };
    rows.rows
}

struct Rows<'a> {
    porch: &'a Porch,
    rows: Vec<Row>,
}

impl Rows<'_> {
    fn add(mut self, field: &str, values: Vec<Value>) -> Self {
        if !values.is_empty() {
            self.rows.push(Row { label: self.porch.say(&format!("row-{field}")), values });
        }
        self
    }

    fn texts(self, field: &str, texts: Vec<String>) -> Self {
        self.add(field, texts.into_iter().map(|text| Value { text, ..Value::default() }).collect())
    }

    fn times(self, field: &str, times: Vec<(String, bool)>) -> Self {
        let value = |(text, is_called_off)| Value { text, is_called_off, ..Value::default() };
        self.add(field, times.into_iter().map(value).collect())
    }

    fn text(self, field: &str, text: Option<&str>) -> Self {
        self.texts(field, text.map(str::to_owned).into_iter().collect())
    }

    fn link(self, field: &str, url: Option<&str>) -> Self {
        let shown = |url: &str| {
            url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned()
        };
        self.add(
            field,
            url.map(|url| Value { text: shown(url), href: web_link(url), ..Value::default() }).into_iter().collect(),
        )
    }

    fn day(self, field: &str, day: Option<Date>) -> Self {
        self.text(field, day.map(dates::day).as_deref())
    }

    fn codes(self, field: &str, codes: &[Code]) -> Self {
        let labels = codes.iter().map(|code| self.porch.rules().thesaurus.label(code).to_owned()).collect();
        self.texts(field, labels)
    }

    fn code(self, field: &str, code: Option<&Code>) -> Self {
        self.codes(field, code.map(std::slice::from_ref).unwrap_or_default())
    }

    fn reference(self, field: &str, to: Option<&Reference>) -> Self {
        self.references(field, to.map(std::slice::from_ref).unwrap_or_default())
    }

    fn references(self, field: &str, to: &[Reference]) -> Self {
        let origin = self.porch.site.origin.clone();
        let href = |to: &Reference| to.iri.as_ref().map(|iri| iri.page_at(&origin));
        let value = |to: &Reference| Value { text: to.label.clone(), href: href(to), ..Value::default() };
        self.add(field, to.iter().map(value).collect())
    }

    /// A place, with the way to all that is there.
    fn place(self, field: &str, place: Option<&Place>) -> Self {
        let gazetteer = self.porch.rules().gazetteer;
        let value = |place: &Place| {
            let area = Area::new(AreaKind::Commune, &place.commune);
            let href = gazetteer.area_name(&area).map(|_| path_of(&area));
            Value { text: place.name.clone(), href, ..Value::default() }
        };
        self.add(field, place.map(value).into_iter().collect())
    }

    fn areas(self, areas: &[Area]) -> Self {
        let gazetteer = self.porch.rules().gazetteer;
        let named = areas.iter().filter_map(|area| Some((gazetteer.area_name(area)?.to_owned(), path_of(area))));
        let value = |(text, path)| Value { text, href: Some(path), ..Value::default() };
        self.add("areas", named.map(value).collect())
    }

    /// The labels that are held, apart from those that were.
    fn labels(self, labels: &[Held], today: Date) -> Self {
        let (past, held): (Vec<_>, Vec<_>) = labels.iter().partition(|one| one.until.is_some_and(|day| day < today));
        let porch = self.porch;
        let told = |labels: Vec<&Held>| labels.into_iter().map(|held| label(porch, held)).collect();
        self.texts("labels", told(held)).texts("past-labels", told(past))
    }

    fn radius(self, km: Option<u16>) -> Self {
        self.text("radius", km.map(|km| format!("{km} km")).as_deref())
    }
}

/// A link that a browser may follow: to the web. What another network wrote may be of any scheme, and is shown as text then.
fn web_link(url: &str) -> Option<String> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https")).then(|| url.to_owned())
}

/// From how much on a group purchase takes place.
fn purchase(porch: &Porch, one: &Purchase) -> String {
    let threshold = write_tenths(one.threshold);
    porch
        .words
        .catalogue()
        .tell("purchase-from", &[("threshold", threshold.into()), ("unit", one.unit.as_str().into())])
}

/// A label, and for how long it is held.
fn label(porch: &Porch, held: &Held) -> String {
    let label = porch.rules().thesaurus.label(&held.label).to_owned();
    let tell = |key: &str, gaps: &[(&'static str, String)]| {
        let gaps: Vec<_> = gaps.iter().map(|(gap, value)| (*gap, value.as_str().into())).collect();
        porch.words.catalogue().tell(key, &gaps)
    };
    let (from, until) = (held.from.map(dates::day), held.until.map(dates::day));
    match (from, until) {
        (None, None) => label,
        (Some(from), None) => tell("label-since", &[("label", label), ("from", from)]),
        (None, Some(until)) => tell("label-until", &[("label", label), ("until", until)]),
        (Some(from), Some(until)) => tell("label-between", &[("label", label), ("from", from), ("until", until)]),
    }
}

fn founded(founding: Founding) -> String {
    match founding {
        Founding::Year(year) => year.to_string(),
        Founding::Day(day) => dates::day(day),
    }
}

/// A sum with its thousands apart, as the French write it: narrow no-break spaces.
fn euros(sum: u64) -> String {
    let digits = sum.to_string();
    let parts: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    format!("{}\u{a0}€", parts.join("\u{202f}"))
}

#[cfg(test)]
mod tests {
    use super::{euros, web_link};

    #[test]
    fn only_the_web_is_linked_to() {
        assert_eq!(web_link("https://exemple.example").as_deref(), Some("https://exemple.example"));
        assert_eq!(web_link("HTTP://exemple.example").as_deref(), Some("HTTP://exemple.example"));
        for other in
            ["javascript:alert(1)", "javascript://x.example/%0Aalert(1)", "data:text/html,x", " https://x", "x"]
        {
            assert_eq!(web_link(other), None, "{other}");
        }
    }

    #[test]
    fn sums_are_written_as_the_french_do() {
        assert_eq!(euros(7), "7\u{a0}€");
        assert_eq!(euros(1_234_567), "1\u{202f}234\u{202f}567\u{a0}€");
    }
}

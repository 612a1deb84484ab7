//! The form of each kind of record: its fields in the order in which one tells it.

use crate::views::fields::{GroupView, OptionView};
use crate::views::form::{Column, Form};
use crate::views::when;
use pes_domain::event::State as EventState;
use pes_domain::exchange::{Direction, State};
use pes_domain::occurrence::{Recurrence, Rhythm, ZONES};
use pes_domain::{Audience, Kind, List, called_off};
use pes_people::Viewer;
use pes_words::dates;
use time::UtcDateTime;

/// Adds the fields of a kind. `structures` are those in whose name this person may write, by name and label.
pub(crate) fn form_of<'a>(form: Form<'a>, kind: Kind, structures: &[(String, String)], viewer: &Viewer) -> Form<'a> {
    let form = form.of(kind);
    let form = if kind == Kind::Membership { form } else { form.seen_by(kind.default_audience()) };
    match kind {
        Kind::Article => article(form, structures),
        Kind::Document => document(form, structures),
        Kind::Event => event(form, structures),
        Kind::Product => product(form, structures),
        Kind::Relation => relation(form, structures),
        Kind::Exchange => exchange(form, structures),
        Kind::Job => job(form, structures),
        Kind::Call => call(form, structures),
        Kind::Structure => structure(form, viewer.is_animator()),
        Kind::Person => person(form),
        Kind::Membership => membership(form),
        Kind::Accord | Kind::Affiliation => form,
    }
}

fn exchange<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let directions = Direction::ALL.map(|one| choice(&form, "direction", one.notation()));
    let states = State::ALL.map(|one| choice(&form, "state", one.notation()));
    let (types, methods) = (form.concepts(List::ExchangeType), form.concepts(List::ExchangeMethod));
    in_the_name_of(
        form.section("what")
            .radios("direction", directions.into())
            .radios("type", types)
            .required("title")
            .area("description")
            .picture()
            .checks("methods", methods),
        "structure",
        structures,
        true,
    )
    .text("author")
    .section("whom")
    .tree("skills", List::Skill)
    .tree("sectors", List::Sector)
    .tree("themes", List::Theme)
    .text("tags")
    .section("where")
    .text("place")
    .number("radius")
    .areas()
    .section("purchase")
    .text("unit")
    .text("threshold")
    .text("quantity")
    .section("until-when")
    .date("expires")
    .radios("state", states.into())
    .section("who-sees")
    .audience()
}

fn job<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let contracts = form.concepts(List::ContractType);
    in_the_name_of(form.section("what").required("title").radios("contract", contracts), "employer", structures, false)
        .area("description")
        .text("hours")
        .text("pay")
        .text("rome")
        .section("where")
        .text("place")
        .section("until-when")
        .date("deadline")
        .section("who-sees")
        .audience()
}

fn call<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let types = form.concepts(List::CallType);
    in_the_name_of(form.section("what").radios("call-type", types).required("title"), "bearer", structures, false)
        .area("description")
        .area("lots")
        .area("clauses")
        .text("notice")
        .area("team")
        .section("whom")
        .tree("skills", List::Skill)
        .tree("sectors", List::Sector)
        .tree("themes", List::Theme)
        .section("where")
        .areas()
        .section("until-when")
        .date("deadline")
        .section("who-sees")
        .audience()
}

fn article<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let (categories, reaches) = (or_none(&form, List::ArticleCategory), or_none(&form, List::Reach));
    let form = form
        .section("what")
        .required("title")
        .area("summary")
        .area("text")
        .picture()
        .select("article-category", categories);
    in_the_name_of(form, "structure", structures, true)
        .text("author")
        .section("whom")
        .tree("themes", List::Theme)
        .text("tags")
        .section("where")
        .select("reach", reaches)
        .areas()
        .section("until-when")
        .date("expires")
        .section("who-sees")
        .audience()
}

fn document<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let sorts = form.concepts(List::DocumentKind);
    let form = form.section("what").required("title").select("document-kind", sorts).area("description");
    in_the_name_of(form.file().text("link").text("price"), "structure", structures, true)
        .text("author")
        .section("whom")
        .tree("themes", List::Theme)
        .text("tags")
        .section("who-sees")
        .audience()
}

fn event<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let when = [
        Column::input("occurrence-date", "date"),
        Column::input("occurrence-time", "time"),
        Column::input("occurrence-end-date", "date"),
        Column::input("occurrence-end-time", "time"),
    ];
    let zones: Vec<_> = ZONES.map(|zone| (zone.to_owned(), form.porch.say(&zone_key(zone)))).into();
    let rhythms = rhythms(&form);
    let states = EventState::ALL.map(|one| choice(&form, "event-state", one.notation()));
    let organisers = organisers(&form, structures);
    let times = times(&form);
    form.section("what")
        .required("title")
        .area("description")
        .picture()
        .lines("organisers", 1, &organisers)
        .section("when")
        .lines("occurrences", 2, &when)
        .select("repeats", rhythms)
        .date("repeats-until")
        .folded(called_off::FIELD, times)
        .radios("event-state", states.into())
        .section("where")
        .text("place")
        .text("venue")
        .text("link")
        .select("zone", zones)
        .areas()
        .section("whom")
        .tree("sectors", List::Sector)
        .tree("themes", List::Theme)
        .text("tags")
        .section("who-sees")
        .audience()
}

/// The times of an event, month by month, of which one is ticked that does not take place. One that was ticked and is none any more says so.
fn times(form: &Form<'_>) -> Vec<GroupView> {
    let mut months: Vec<GroupView> = Vec::new();
    for one in called_off::choices(form.draft, UtcDateTime::now().unix_timestamp()) {
        let (month, when) = (dates::month(one.time.begins.date), when(form.porch, &one.time));
        let lost = |when: String| form.porch.words.catalogue().tell("no-time-any-more", &[("when", when.into())]);
        let label = if one.is_time { when } else { lost(when) };
        if months.last().is_none_or(|last| last.label != month) {
            months.push(GroupView { label: month, is_open: months.is_empty(), ..GroupView::default() });
        }
        let Some(month) = months.last_mut() else { continue };
        month.is_open |= one.is_chosen;
        month.options.push(OptionView::new(one.value, label, one.is_chosen));
    }
    months
}

/// How often an event comes again. A rule that no word says stays as it is, unless another is chosen.
fn rhythms(form: &Form<'_>) -> Vec<(String, String)> {
    let words = Rhythm::ALL.map(|one| (one.as_str().to_owned(), form.porch.say(&format!("again-{}", one.as_str()))));
    let never = (String::new(), form.porch.say("again-never"));
    let is_other = form.draft.one("repeats") == Recurrence::OTHER;
    let other = is_other.then(|| (Recurrence::OTHER.to_owned(), form.porch.say("again-other")));
    [never].into_iter().chain(words).chain(other).collect()
}

/// Who holds an event: one of one's structures, another that stood there already, or a name.
fn organisers(form: &Form<'_>, structures: &[(String, String)]) -> [Column; 2] {
    let mut options = structures.to_vec();
    for (at, iri) in form.draft.all("organisers").iter().enumerate() {
        if !iri.is_empty() && options.iter().all(|(one, _)| one != iri) {
            options.push((iri.clone(), form.draft.line("organisers-label", at).to_owned()));
        }
    }
    options.push((String::new(), form.porch.say("another-organiser")));
    let fallback = match (form.draft.all("organisers").is_empty(), structures.first()) {
        (true, Some((iri, _))) => iri.clone(),
        _ => String::new(),
    };
    [Column { name: "organisers", options, fallback, input: "text" }, Column::text("organisers-label")]
}

fn product<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let publics = form.concepts(List::TargetPublic);
    in_the_name_of(form.section("what").required("title"), "provider", structures, false)
        .area("description")
        .picture()
        .checks("publics", publics)
        .area("means")
        .section("whom")
        .tree("sectors", List::Sector)
        .tree("themes", List::Theme)
        .text("tags")
        .section("where")
        .number("radius")
        .areas()
        .section("who-sees")
        .audience()
}

fn relation<'a>(form: Form<'a>, structures: &[(String, String)]) -> Form<'a> {
    let sorts = form.concepts(List::RelationKind);
    form.section("what")
        .select("subject", structures.to_vec())
        .select("relation-kind", sorts)
        .structure_named("object")
        .text("detail")
        .date("from")
        .date("until")
        .section("who-sees")
        .audience()
}

fn structure(form: Form<'_>, _: bool) -> Form<'_> {
    let legal_forms = or_none(&form, List::LegalForm);
    let (integration, stages) = (or_none(&form, List::IntegrationType), or_none(&form, List::ProjectStage));
    let labels = [
        Column { name: "label", options: or_none(&form, List::Label), fallback: String::new(), input: "text" },
        Column::input("label-from", "date"),
        Column::input("label-until", "date"),
    ];
    let media = form.concepts(List::ContactMedium);
    let audiences = [Audience::Network, Audience::Affiliates, Audience::Public, Audience::Private];
    let audiences =
        audiences.map(|one| (one.as_str().to_owned(), form.porch.say(&format!("audience-{}", one.as_str()))));
    let contacts = [
        Column { name: "contact-medium", options: media, fallback: "phone".into(), input: "text" },
        Column::text("contact-value"),
        Column::text("contact-note"),
        Column { name: "contact-audience", options: audiences.into(), fallback: "network".into(), input: "text" },
    ];
    let sites = ["site-label", "site-street", "site-postcode", "site-commune", "site-hours"].map(Column::text);
    let points = ["site-latitude", "site-longitude"].map(Column::text);
    let sites: Vec<Column> = sites.into_iter().chain(points).collect();
    form.section("identity")
        .required("name")
        .text("acronym")
        .tick("shows-acronym")
        .text("tagline")
        .area("description")
        .picture()
        .select("legal-form", legal_forms)
        .tree("categories", List::Category)
        .text("web")
        .tick("is-company")
        .section("project")
        .select("project-stage", stages)
        .text("bearer-label")
        .section("whom")
        .tree("skills", List::Skill)
        .tree("sectors", List::Sector)
        .tree("themes", List::Theme)
        .text("tags")
        .section("where")
        .lines("sites", 1, &sites)
        .number("radius")
        .areas()
        .section("contact")
        .lines("contacts", 2, &contacts)
        .section("numbers")
        .text("legal-name")
        .text("siret")
        .text("rna")
        .text("founded")
        .text("workforce-total")
        .text("budget")
        .select("integration-type", integration)
        .lines("labels", 1, &labels)
        .section("who-sees")
        .audience()
}

fn person(form: Form<'_>) -> Form<'_> {
    form.section("identity")
        .required("given-name")
        .text("family-name")
        .area("presentation")
        .text("web")
        .section("whom")
        .tree("skills", List::Skill)
        .tree("sectors", List::Sector)
        .section("where")
        .text("place")
        .number("radius")
        .areas()
        .section("who-sees")
        .audience()
}

fn membership(form: Form<'_>) -> Form<'_> {
    let roles = or_none(&form, List::Role);
    form.section("engagement").select("role", roles).text("detail").date("from").date("until").tick("person-agrees")
}

/// In whose name one writes: one of one's structures, or oneself; or, where a record needs a structure, a name.
fn in_the_name_of<'a>(form: Form<'a>, field: &str, structures: &[(String, String)], may_be_oneself: bool) -> Form<'a> {
    let form = if structures.is_empty() {
        form
    } else {
        let none = if may_be_oneself { "in-my-name" } else { "another-structure" };
        let choices = structures.iter().cloned().chain([(String::new(), form.porch.say(none))]).collect();
        form.select(field, choices)
    };
    let label = format!("{field}-label");
    match (may_be_oneself, structures.is_empty()) {
        (true, _) => form,
        (false, true) => form.required(&label),
        (false, false) => form.text(&label),
    }
}

/// The concepts of a list, and none of them.
fn or_none(form: &Form<'_>, list: List) -> Vec<(String, String)> {
    [(String::new(), form.porch.say("none-chosen"))].into_iter().chain(form.concepts(list)).collect()
}

/// The key of a time zone's words: `zone-europe-paris`.
fn zone_key(zone: &str) -> String {
    format!("zone-{}", zone.to_lowercase().replace('/', "-"))
}

fn choice(form: &Form<'_>, field: &str, notation: &str) -> (String, String) {
    (notation.to_owned(), form.porch.say(&format!("{field}-{notation}")))
}

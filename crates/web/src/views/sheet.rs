//! The form of each kind of record: its fields in the order in which one tells it.

use crate::views::form::{Column, Form};
use pes_domain::exchange::{Direction, State};
use pes_domain::{Audience, Kind, List};
use pes_people::Viewer;

/// Adds the fields of a kind. `structures` are those in whose name this person may write, by name and label.
pub(crate) fn form_of<'a>(form: Form<'a>, kind: Kind, structures: &[(String, String)], viewer: &Viewer) -> Form<'a> {
    let form = form.of(kind);
    let form = if kind == Kind::Membership { form } else { form.seen_by(kind.default_audience()) };
    match kind {
        Kind::Exchange => exchange(form, structures),
        Kind::Job => job(form, structures),
        Kind::Call => call(form, structures),
        Kind::Structure => structure(form, viewer.is_animator()),
        Kind::Person => person(form),
        Kind::Membership => membership(form),
        Kind::Affiliation => form,
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

fn structure(form: Form<'_>, _: bool) -> Form<'_> {
    let legal_forms =
        [(String::new(), form.porch.say("none-chosen"))].into_iter().chain(form.concepts(List::LegalForm));
    let legal_forms = legal_forms.collect();
    let media = form.concepts(List::ContactMedium);
    let audiences = [Audience::Network, Audience::Affiliates, Audience::Public, Audience::Private];
    let audiences =
        audiences.map(|one| (one.as_str().to_owned(), form.porch.say(&format!("audience-{}", one.as_str()))));
    let contacts = [
        Column { name: "contact-medium", options: media, fallback: "phone" },
        Column::text("contact-value"),
        Column::text("contact-note"),
        Column { name: "contact-audience", options: audiences.into(), fallback: "network" },
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
        .select("legal-form", legal_forms)
        .text("web")
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
    let roles = [(String::new(), form.porch.say("none-chosen"))].into_iter().chain(form.concepts(List::Role)).collect();
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

fn choice(form: &Form<'_>, field: &str, notation: &str) -> (String, String) {
    (notation.to_owned(), form.porch.say(&format!("{field}-{notation}")))
}

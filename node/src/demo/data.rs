//! Fills the demonstration: invented structures, announcements and people.

use crate::NodeError;
use crate::demo::village::Village;
use crate::house::{House, rules};
use pes_domain::{Draft, Kind, Picture, Record, RecordIri};
use pes_files::Named;
use pes_files::motif::Motif;
use pes_people::PeopleError;
use pes_store::accounts::Role;
use pes_store::own_records::Moderation;
use pes_store::rights::{self, Right};
use std::collections::HashMap;
use time::{Duration, UtcDateTime};

/// The password of everybody in the demonstration.
pub const PASSWORD: &str = "demonstration";

const STRUCTURES: &str = include_str!("../../demo/structures.psv");
const EXCHANGES: &str = include_str!("../../demo/exchanges.psv");
const JOBS: &str = include_str!("../../demo/jobs.psv");
const CALLS: &str = include_str!("../../demo/calls.psv");
const EVENTS: &str = include_str!("../../demo/events.psv");
const ARTICLES: &str = include_str!("../../demo/articles.psv");
const PRODUCTS: &str = include_str!("../../demo/products.psv");
const RELATIONS: &str = include_str!("../../demo/relations.psv");
const ACCORDS: &str = include_str!("../../demo/accords.psv");
/// What some of the structures tell besides: when they are open, their labels, how far a project has come.
const DETAILS: &str = include_str!("../../demo/details.psv");

/// In whose name its pictures are kept until a record names them.
const DEMONSTRATION: &str = "demonstration";

/// What was published this long ago tells nobody when the nodes begin to know each other.
const AGE: Duration = Duration::days(12);

/// Somebody of the demonstration.
struct Person {
    node: &'static str,
    mail: &'static str,
    name: &'static str,
    role: Role,
    /// The structure they may edit, by its key.
    structure: Option<&'static str>,
}

const fn person(node: &'static str, mail: &'static str, name: &'static str, structure: &'static str) -> Person {
    Person { node, mail, name, role: Role::Citizen, structure: Some(structure) }
}

const fn animator(node: &'static str, mail: &'static str, name: &'static str) -> Person {
    Person { node, mail, name, role: Role::Animator, structure: None }
}

const PEOPLE: [Person; 12] = [
    animator("paca", "animation@paca.example", "Nora Benali"),
    animator("apeas", "animation@apeas.example", "Luc Ferrand"),
    animator("alliance", "animation@alliance.example", "Odile Roux"),
    animator("mesclun", "animation@mesclun.example", "Sami Ortega"),
    person("paca", "samir@paca.example", "Samir Leduc", "phare"),
    person("apeas", "ines@apeas.example", "Inès Marchetti", "halte"),
    person("apeas", "hugo@apeas.example", "Hugo Blanc", "velocite"),
    person("apeas", "lea@apeas.example", "Léa Vidal", "colibre"),
    person("alliance", "marie@alliance.example", "Marie Delorme", "lopin"),
    person("mesclun", "karim@mesclun.example", "Karim Haddad", "galets"),
    person("mesclun", "jeanne@mesclun.example", "Jeanne Fabre", "lavoir"),
    person("mesclun", "paul@mesclun.example", "Paul Giraud", "pinceau"),
];

/// Who one may be: node, address, and what for.
pub(super) fn people() -> Vec<(&'static str, &'static str, String)> {
    let what = |person: &Person| match person.role {
        Role::Citizen => format!("{}, for one structure", person.name),
        _ => format!("{}, animator", person.name),
    };
    PEOPLE.iter().map(|person| (person.node, person.mail, what(person))).collect()
}

/// Writes everything into the nodes of the village, before they know each other.
pub(super) fn fill(village: &Village) -> Result<(), NodeError> {
    let at = UtcDateTime::now() - AGE;
    let (mut structures, mut answered) = (HashMap::new(), HashMap::new());
    for row in rows(STRUCTURES) {
        let iri = save(village.house(row["node"]), Kind::Structure, &structure(&row), at)?;
        structures.insert((row["node"], row["key"]), (iri, row["name"]));
    }
    let reference = |row: &Row<'_>, field: &str, draft: &mut Draft| {
        if let Some((iri, name)) = structures.get(&(row["node"], row["structure"])) {
            draft.add(field, iri.to_string());
            draft.add(format!("{field}-label"), *name);
        }
    };
    for row in rows(EXCHANGES) {
        let mut draft = draft(
            &row,
            &["direction", "type", "methods", "title", "skills", "sectors", "place", "radius", "description"],
        );
        ["unit", "threshold", "quantity"].iter().for_each(|column| draft.add(*column, row[column]));
        reference(&row, "structure", &mut draft);
        let iri = save(village.house(row["node"]), Kind::Exchange, &draft, at)?;
        answered.insert(row["title"].to_owned(), iri);
    }
    for row in rows(JOBS) {
        let mut draft = draft(&row, &["title", "contract", "place", "hours", "pay", "description"]);
        reference(&row, "employer", &mut draft);
        save(village.house(row["node"]), Kind::Job, &draft, at)?;
    }
    for row in rows(CALLS) {
        let mut draft = draft(&row, &["call-type", "title", "skills", "sectors", "areas", "description"]);
        let days = row["days"].parse().unwrap_or(30);
        draft.add("deadline", pes_domain::draft::write_date((UtcDateTime::now() + Duration::days(days)).date()));
        reference(&row, "bearer", &mut draft);
        save(village.house(row["node"]), Kind::Call, &draft, at)?;
    }
    for row in rows(EVENTS) {
        let mut draft = event(&row);
        reference(&row, "organisers", &mut draft);
        save(village.house(row["node"]), Kind::Event, &draft, at)?;
    }
    for row in rows(ARTICLES) {
        let mut draft = draft(&row, &["title", "reach", "areas"]);
        ["summary", "text"].iter().for_each(|column| draft.add(*column, row[column]));
        draft.add("article-category", row["category"]);
        reference(&row, "structure", &mut draft);
        picture(village.house(row["node"]), &mut draft, at)?;
        save(village.house(row["node"]), Kind::Article, &draft, at)?;
    }
    for row in rows(PRODUCTS) {
        let mut draft = draft(&row, &["title", "sectors", "publics", "areas", "description"]);
        draft.add("means", row["means"]);
        reference(&row, "provider", &mut draft);
        picture(village.house(row["node"]), &mut draft, at)?;
        save(village.house(row["node"]), Kind::Product, &draft, at)?;
    }
    for row in rows(RELATIONS) {
        let mut draft = Draft::default();
        draft.add("relation-kind", row["kind"]);
        draft.add("detail", row["detail"]);
        reference(&row, "subject", &mut draft);
        if let Some((iri, name)) = structures.get(&(row["object-node"], row["object"])) {
            draft.add("object", iri.to_string());
            draft.add("object-label", *name);
        }
        let title = format!("{} — {}", draft.one("subject-label"), draft.one("object-label"));
        answered.insert(title, save(village.house(row["node"]), Kind::Relation, &draft, at)?);
    }
    for row in rows(ACCORDS) {
        let Some(about) = answered.get(row["about"]) else {
            return Err(NodeError::Said(format!("no {}", row["about"])));
        };
        let mut draft = draft(&row, &["answer"]);
        ["about-label", "quantity", "detail"]
            .iter()
            .zip(["about", "quantity", "detail"])
            .for_each(|(field, column)| draft.add(*field, row[column]));
        draft.add("about", about.to_string());
        reference(&row, "by", &mut draft);
        save(village.house(row["node"]), Kind::Accord, &draft, at)?;
    }
    for person in &PEOPLE {
        let iri = person.structure.and_then(|key| structures.get(&(person.node, key)));
        make(village.house(person.node), person, iri.map(|(iri, _)| iri))?;
    }
    Ok(())
}

type Row<'a> = HashMap<&'a str, &'a str>;

/// The lines of a table, each by the names of its columns.
fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    let mut lines = table.lines().filter(|line| !line.is_empty());
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('|').collect();
    lines.map(move |line| columns.iter().copied().zip(line.split('|')).collect())
}

/// A draft of these columns; commas separate several values, but in what is prose.
fn draft(row: &Row<'_>, columns: &[&str]) -> Draft {
    let mut draft = Draft::default();
    for column in columns {
        let is_prose = ["title", "description", "hours", "pay", "place"].contains(column);
        match is_prose {
            true => draft.add(*column, row[column]),
            false => {
                row[column].split(',').filter(|value| !value.is_empty()).for_each(|value| draft.add(*column, value))
            }
        }
    }
    draft
}

/// An event so many days from now; several, where it takes place several times. On some days it is called off.
fn event(row: &Row<'_>) -> Draft {
    let mut draft = draft(row, &["title", "place", "repeats", "description"]);
    let day = |days: &str| {
        let day = (UtcDateTime::now() + Duration::days(days.parse().unwrap_or(7))).date();
        pes_domain::draft::write_date(day)
    };
    for days in row["days"].split(',') {
        draft.add("occurrence-date", day(days));
        draft.add("occurrence-time", row["time"]);
        draft.add("occurrence-end-date", "");
        draft.add("occurrence-end-time", row["end"]);
    }
    row["off"].split(',').filter(|days| !days.is_empty()).for_each(|days| draft.add("called-off", day(days)));
    draft.add("venue", row["venue"]);
    draft.add("event-state", row["state"]);
    draft
}

fn structure(row: &Row<'_>) -> Draft {
    let mut draft = draft(row, &["legal-form", "skills", "sectors", "areas", "description"]);
    draft.add("name", row["name"]);
    draft.add("tagline", row["tagline"]);
    draft.add("site-commune", row["place"]);
    draft.add("web", format!("https://{}.example", row["key"]));
    // The range that ARCEP keeps for fiction; the number is for the network, the address for everybody.
    let number = row["key"].bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000);
    for (medium, value, audience) in [
        ("phone", format!("04 65 71 {:02} {:02}", number / 100, number % 100), "network"),
        ("email", format!("contact@{}.example", row["key"]), "public"),
    ] {
        draft.add("contact-medium", medium);
        draft.add("contact-value", value);
        draft.add("contact-note", "");
        draft.add("contact-audience", audience);
    }
    add_details(row, &mut draft);
    draft
}

/// Adds what some structures tell besides.
fn add_details(row: &Row<'_>, draft: &mut Draft) {
    draft.tick("is-company", row["legal-form"] == "company");
    let Some(details) = rows(DETAILS).find(|one| (one["node"], one["key"]) == (row["node"], row["key"])) else {
        return;
    };
    for column in ["categories", "themes"] {
        details[column].split(',').filter(|value| !value.is_empty()).for_each(|value| draft.add(column, value));
    }
    for (field, column) in [
        ("site-street", "street"),
        ("site-hours", "hours"),
        ("founded", "founded"),
        ("workforce-total", "workforce"),
        ("budget", "budget"),
        ("project-stage", "stage"),
        ("bearer-label", "bearer"),
    ] {
        draft.add(field, details[column]);
    }
    for (label, since) in details["labels"].split(',').filter_map(|one| one.split_once('@')) {
        draft.add("label", label);
        draft.add("label-from", since);
        draft.add("label-until", "");
    }
}

/// Gives two of three such records a picture, each another.
fn picture(house: &House, draft: &mut Draft, at: UtcDateTime) -> Result<(), NodeError> {
    let number = draft.one("title").bytes().fold(0_usize, |sum, byte| (sum * 31 + usize::from(byte)) % 10_007);
    if number % 3 == 0 {
        return Ok(());
    }
    let (motif, origin) = (Motif::of(number), house.journal.identity().origin.as_str());
    let taken = house.cabinet.take((DEMONSTRATION, origin), &motif.bytes, at.unix_timestamp());
    let Named { address, digest, media_type, size, .. } = taken.map_err(|e| NodeError::Said(e.to_string()))?;
    draft.add("picture", Picture { address, digest, media_type, size, alt: String::new() }.to_form());
    draft.add("picture-alt", motif.alt);
    Ok(())
}

fn save(house: &House, kind: Kind, draft: &Draft, at: UtcDateTime) -> Result<RecordIri, NodeError> {
    let iri = RecordIri::mint(house.journal.identity().origin.as_str(), kind);
    let record = Record::raise(kind, (iri.clone(), at), draft, at, &rules()).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        NodeError::Said(format!("the demonstration's {} is not right: {}", draft.one("title"), all.join("; ")))
    })?;
    house.journal.save(record, Moderation::Published, None, at)?;
    Ok(iri)
}

fn make(house: &House, person: &Person, structure: Option<&RecordIri>) -> Result<(), NodeError> {
    let fields = [("name", person.name), ("email", person.mail), ("password", PASSWORD)];
    let draft: Draft = fields.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
    let account = house.people.create(&draft, person.role, UtcDateTime::now())?;
    let Some(structure) = structure else { return Ok(()) };
    let right = Right {
        account: account.id,
        structure: structure.to_string(),
        is_confirmed: true,
        may_edit: true,
        wants_notices: true,
        is_of_company: false,
    };
    Ok(house.journal.store().write(|link| rights::put(link, &right)).map_err(PeopleError::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_record() {
        let structures = rows(STRUCTURES).map(|row| (Kind::Structure, structure(&row), row["key"]));
        let all: Vec<_> = structures.collect();
        assert!(all.len() >= 60, "{}", all.len());
        for (kind, draft, key) in all {
            let now = UtcDateTime::now();
            let iri = RecordIri::mint("https://pes.test", kind);
            let raised = Record::raise(kind, (iri, now), &draft, now, &rules());
            assert!(raised.is_ok(), "{key}: {:?}", raised.err());
        }
    }

    /// What there is of each sort, so that no part of a page goes unseen.
    #[test]
    fn the_demonstration_shows_every_part_of_a_structure_s_page() {
        let all: Vec<Draft> = rows(STRUCTURES).map(|row| structure(&row)).collect();
        let having = |field: &str| all.iter().filter(|draft| !draft.one(field).is_empty()).count();
        for (field, least) in [
            ("site-hours", 15),
            ("site-street", 12),
            ("categories", 20),
            ("label", 15),
            ("project-stage", 4),
            ("bearer-label", 2),
            ("is-company", 2),
            ("workforce-total", 15),
        ] {
            assert!(having(field) >= least, "{field}: {}", having(field));
        }
        assert!(rows(EVENTS).any(|row| event(&row).all("occurrence-date").len() > 2));
        assert!(rows(EVENTS).any(|row| row["state"] == "cancelled"));
        assert!(rows(EVENTS).any(|row| !event(&row).all("called-off").is_empty()));
        let answers: Vec<&str> = rows(ACCORDS).map(|row| row["answer"]).collect();
        assert!(answers.contains(&"confirms") && answers.contains(&"takes-part"));
        assert!(rows(RELATIONS).count() > answers.iter().filter(|one| **one == "confirms").count());
    }

    #[test]
    fn every_row_has_all_columns_and_every_person_a_structure_that_is_there() {
        for table in [STRUCTURES, EXCHANGES, JOBS, CALLS, EVENTS, ARTICLES, PRODUCTS, RELATIONS, ACCORDS, DETAILS] {
            let columns = table.lines().next().unwrap().matches('|').count();
            for line in table.lines() {
                assert_eq!(line.matches('|').count(), columns, "{line}");
            }
        }
        let keys: Vec<_> = rows(STRUCTURES).map(|row| (row["node"].to_owned(), row["key"].to_owned())).collect();
        for row in rows(DETAILS).chain(rows(ACCORDS)) {
            let key = row.get("key").or(row.get("structure")).unwrap();
            assert!(keys.contains(&(row["node"].to_owned(), (*key).to_owned())), "{key}");
        }
        for person in &PEOPLE {
            let Some(structure) = person.structure else { continue };
            assert!(keys.contains(&(person.node.to_owned(), structure.to_owned())), "{structure}");
        }
    }
}

//! A small thesaurus, a few invented structures, and short ways of asking.

use pes_domain::place::Place;
use pes_domain::thesaurus::Concept;
use pes_domain::{Code, Gazetteer, List, Rules, Thesaurus};
use pes_search::{Entry, Facet, Found, Index, Query, Reader};
use std::sync::{Arc, OnceLock};

/// When all tests ask, unless they say otherwise.
pub const NOW: i64 = 1_800_000_000;
/// A day.
pub const DAY: i64 = 86_400;

pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    Arc::clone(RULES.get_or_init(|| Arc::new(Rules::new(thesaurus("Menuiserie")))))
}

/// building > {carpentry, roofing > thatching}; food > {bread, vegetables}; local-food; scic, association.
pub fn thesaurus(carpentry: &str) -> Thesaurus {
    let concept = |list, notation: &str, label: &str, broader: Option<&str>, alternatives: &[&str]| Concept {
        code: Code::new(list, notation),
        label: label.into(),
        label_en: notation.into(),
        alternatives: alternatives.iter().map(ToString::to_string).collect(),
        broader: broader.map(|above| Code::new(list, above)),
        applies_to: Vec::new(),
    };
    Thesaurus::new(vec![
        concept(List::Skill, "building", "Bâtiment", None, &["BTP", "corps de métier"]),
        concept(List::Skill, "carpentry", carpentry, Some("building"), &["menuisier", "travail du bois"]),
        concept(List::Skill, "roofing", "Couverture", Some("building"), &["couvreur"]),
        concept(List::Skill, "thatching", "Chaume", Some("roofing"), &[]),
        concept(List::Sector, "food", "Alimentation", None, &["bio"]),
        concept(List::Sector, "bread", "Boulangerie", Some("food"), &["pain"]),
        concept(List::Sector, "vegetables", "Maraîchage", Some("food"), &["légumes"]),
        concept(List::Theme, "local-food", "Circuit court", None, &["vente directe"]),
        concept(List::LegalForm, "scic", "SCIC", None, &["société coopérative d’intérêt collectif"]),
        concept(List::LegalForm, "association", "Association", None, &["asso", "loi 1901"]),
        concept(List::Direction, "offer", "Je propose", None, &[]),
        concept(List::Kind, "structure", "Structure", None, &[]),
        concept(List::Kind, "event", "Évènement", None, &[]),
    ])
}

/// The IRI of a record.
pub fn iri(name: &str) -> String {
    format!("https://mesclun.example/id/structure/{name}")
}

/// A structure of Mesclun's with this name.
pub fn structure(title: &str) -> Entry {
    Entry {
        kind: "structure".into(),
        title: title.into(),
        network: "https://mesclun.example".into(),
        modified: NOW - DAY,
        published: NOW - DAY,
        ..Entry::default()
    }
}

/// The same in a commune, by its INSEE code, at its centre.
pub fn at(mut entry: Entry, commune: &str) -> Entry {
    entry.places.push(Place::of(Gazetteer::embedded().commune(commune).unwrap()));
    entry
}

/// The same with a text.
pub fn saying(mut entry: Entry, text: &str) -> Entry {
    entry.text = text.into();
    entry
}

/// The same with a concept.
pub fn with(mut entry: Entry, list: List, notation: &str) -> Entry {
    entry.concepts.push(Code::new(list, notation));
    entry
}

/// An index in memory of these entries, each of a record named by its place in the list: `0`, `1`, …
pub fn index(entries: &[Entry]) -> Index {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    for (number, entry) in entries.iter().enumerate() {
        writer.replace(&iri(&number.to_string()), std::slice::from_ref(entry)).unwrap();
    }
    writer.commit("all").unwrap();
    index
}

/// What anyone asks.
pub fn anyone(typed: &str) -> Query {
    Query::new(Reader::Anyone, NOW).typed(typed)
}

/// The names of the records found, in order.
pub fn names(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.record.rsplit('/').next().unwrap()).collect()
}

/// What anyone finds who types this, in order.
pub fn found(index: &Index, typed: &str) -> Vec<usize> {
    let found = index.look(&anyone(typed)).unwrap();
    assert_eq!(found.total, found.hits.len());
    names(&found).into_iter().map(|name| name.parse().unwrap()).collect()
}

/// The same, in the order of the records' names.
pub fn found_set(index: &Index, typed: &str) -> Vec<usize> {
    let mut all = found(index, typed);
    all.sort_unstable();
    all
}

/// The counts of a facet.
pub fn counts(found: &Found, facet: Facet) -> Vec<(&str, usize)> {
    found.facets[&facet].iter().map(|(value, count)| (value.as_str(), *count)).collect()
}

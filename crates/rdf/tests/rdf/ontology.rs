//! The vocabulary and the JSON-LD context in `ontology/`, held against the code and the code lists, both ways.

use pes_domain::List;
use pes_rdf::terms::{ALL, ONTOLOGY, PES, PREFIXES};
use pes_rdf::thesaurus::turtle_of;
use sophia::api::prelude::*;
use sophia::api::term::SimpleTerm;
use sophia::turtle::parser::turtle;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const CONTEXT: &str = include_str!("../../../../ontology/context.jsonld");
const HEADER: &str = include_str!("../../../changeset/src/terms.rs");

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const STATUS: &str = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status";

/// What is said of each term: property, value, language or datatype.
type Said = BTreeMap<String, Vec<(String, String, String)>>;

fn triples(text: &str) -> Vec<[SimpleTerm<'static>; 3]> {
    turtle::parse_str(text).collect_triples().unwrap()
}

/// Value, and language or datatype; a link has neither.
fn told(term: &SimpleTerm<'_>) -> (String, String) {
    match term {
        SimpleTerm::Iri(iri) => (iri.as_str().to_owned(), String::new()),
        SimpleTerm::LiteralDatatype(text, datatype) => (text.to_string(), datatype.as_str().to_owned()),
        SimpleTerm::LiteralLanguage(text, language, _) => (text.to_string(), language.as_str().to_owned()),
        _ => panic!("a blank node or a quoted triple"),
    }
}

/// The terms that `pes.ttl` declares, without their namespace.
fn declared() -> Said {
    let mut all = Said::new();
    for [subject, predicate, object] in triples(ONTOLOGY) {
        let (subject, (value, sort)) = (told(&subject).0, told(&object));
        if let Some(term) = subject.strip_prefix(PES) {
            all.entry(term.to_owned()).or_default().push((told(&predicate).0, value, sort));
        }
    }
    all
}

fn values<'a>(said: &'a [(String, String, String)], property: &str) -> Vec<&'a str> {
    said.iter().filter(|(one, ..)| one == property).map(|(_, value, _)| value.as_str()).collect()
}

fn is_reserved(said: &[(String, String, String)]) -> bool {
    values(said, STATUS) == ["reserved"]
}

/// The IRIs of a namespace that a text names.
fn named(text: &str, namespace: &str) -> BTreeSet<String> {
    let end = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let names = text.split(namespace).skip(1).map(|rest| rest.split(end).next().unwrap_or_default().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// The source files of the program.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![root.join("node/src")];
    folders.extend(fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src")));
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|end| end == "rs") => files.push(path),
                false => {}
            }
        }
    }
    files
}

/// The terms of ours that the program names outside its tests.
fn in_code() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = ALL.iter().flat_map(|iri| named(iri, PES)).collect();
    all.extend(named(HEADER, PES));
    for path in sources() {
        let text = fs::read_to_string(path).unwrap();
        all.extend(named(text.split("#[cfg(test)]").next().unwrap_or_default(), PES));
    }
    all
}

/// The terms of ours that the code lists use.
fn in_lists() -> BTreeSet<String> {
    let iris =
        List::ALL.into_iter().flat_map(|list| triples(turtle_of(list))).flatten().map(|term| match told(&term) {
            (iri, sort) if sort.is_empty() => iri,
            (_, datatype) => datatype,
        });
    iris.filter_map(|iri| iri.strip_prefix(PES).map(str::to_owned)).collect()
}

#[test]
fn every_term_in_use_is_declared() {
    let declared = declared();
    let used: BTreeSet<String> = in_code().union(&in_lists()).cloned().collect();
    assert!(used.len() > 50 && used.contains("Upsert") && used.contains("insee-cj"), "{used:?}");
    let unknown: Vec<_> = used.iter().filter(|term| !declared.contains_key(*term)).collect();
    assert!(unknown.is_empty(), "not in ontology/pes.ttl: {unknown:?}");
    let early: Vec<_> = used.iter().filter(|term| is_reserved(&declared[*term])).collect();
    assert!(early.is_empty(), "in use, and declared as reserved: {early:?}");
}

#[test]
fn every_declared_term_is_in_use_or_reserved() {
    let used: BTreeSet<String> = in_code().union(&in_lists()).cloned().collect();
    let idle: Vec<_> = declared()
        .into_iter()
        .filter(|(term, said)| !is_reserved(said) && !used.contains(term))
        .map(|(t, _)| t)
        .collect();
    assert!(idle.is_empty(), "declared in ontology/pes.ttl and used nowhere: {idle:?}");
}

#[test]
fn every_term_tells_what_it_is_in_french_and_english() {
    for (term, said) in declared() {
        let is_a = values(&said, &format!("{RDF}type"));
        let sorts =
            ["Class", "ObjectProperty", "DatatypeProperty", "NamedIndividual"].map(|sort| format!("{OWL}{sort}"));
        let is_known = |sort: &&str| sorts.iter().any(|one| one == sort) || *sort == format!("{RDFS}Datatype");
        assert!(is_a.len() == 1 && is_a.iter().all(is_known), "{term}: {is_a:?}");
        for property in ["label", "comment"] {
            let mut languages: Vec<_> = said
                .iter()
                .filter(|(one, text, _)| *one == format!("{RDFS}{property}") && !text.trim().is_empty())
                .map(|(.., language)| language.as_str())
                .collect();
            languages.sort_unstable();
            assert_eq!(languages, ["en", "fr"], "{property} of {term}");
        }
        assert!(matches!(values(&said, STATUS)[..], ["stable" | "reserved"]), "{term}");
        let is_class = is_a[0].ends_with("#Class");
        assert_eq!(term.starts_with(|c: char| c.is_ascii_uppercase()), is_class || is_a[0].ends_with("Individual"));
        for class in values(&said, &format!("{RDFS}domain")).iter().filter_map(|class| class.strip_prefix(PES)) {
            assert!(declared().contains_key(class), "the domain of {term}");
        }
    }
}

/// The names that the context gives a meaning: prefixes, and terms under `prefix:name`.
fn context_names() -> (BTreeSet<String>, BTreeSet<String>) {
    let names = CONTEXT.lines().filter_map(|line| line.strip_prefix("    \"")?.split('"').next());
    let names = names.filter(|name| !name.starts_with('@')).map(str::to_owned);
    names.partition(|name| !name.contains(':'))
}

fn short(iri: &str) -> String {
    let (prefix, base) = PREFIXES.iter().find(|(_, base)| iri.starts_with(base)).unwrap_or_else(|| panic!("{iri}"));
    format!("{prefix}:{}", &iri[base.len()..])
}

#[test]
fn the_context_covers_all_terms_and_names_nothing_else() {
    let (prefixes, terms) = context_names();
    assert_eq!(prefixes, PREFIXES.iter().map(|(prefix, _)| (*prefix).to_owned()).collect());
    let mut wanted: BTreeSet<String> = ALL.iter().map(|iri| short(iri)).collect();
    wanted.extend(in_code().union(&in_lists()).map(|term| format!("pes:{term}")));
    wanted.insert("dcterms:isReplacedBy".into());
    // The datatypes of notations and the operations are values, never keys.
    let is_value = |term: &String| {
        let said = declared().remove(term.trim_start_matches("pes:")).unwrap_or_default();
        values(&said, &format!("{RDF}type"))
            .iter()
            .any(|sort| sort.ends_with("Datatype") || sort.ends_with("Individual"))
    };
    let missing: Vec<_> = wanted.difference(&terms).filter(|term| !is_value(term)).collect();
    assert!(missing.is_empty(), "not in ontology/context.jsonld: {missing:?}");
    let unknown: Vec<_> = terms.difference(&wanted).collect();
    assert!(unknown.is_empty(), "only in ontology/context.jsonld: {unknown:?}");
}

/// What a plain string under this name says, read by the context: the property, and the value's datatype or `@id`.
fn read_by_context(name: &str) -> (String, String) {
    let context = CONTEXT.trim_end().strip_suffix('}').unwrap().trim_end();
    let document = format!("{context}, \"@id\": \"a:s\", \"{name}\": \"a:o\" }}");
    let quads: Vec<_> = oxjsonld::JsonLdParser::new().for_slice(document.as_bytes()).collect::<Result<_, _>>().unwrap();
    let [quad] = &quads[..] else { panic!("{name}: {quads:?}") };
    let sort = match &quad.object {
        oxrdf::Term::NamedNode(_) => "@id".to_owned(),
        oxrdf::Term::Literal(literal) => literal.datatype().as_str().to_owned(),
        other => panic!("{name}: {other}"),
    };
    (quad.predicate.as_str().to_owned(), sort)
}

#[test]
fn the_context_reads_each_name_as_its_term_with_its_range() {
    let declared = declared();
    for name in context_names().1 {
        let (prefix, local) = name.split_once(':').unwrap();
        let base = PREFIXES.iter().find(|(one, _)| *one == prefix).unwrap().1;
        let (iri, sort) = read_by_context(&name);
        assert_eq!(iri, format!("{base}{local}"), "{name}");
        let Some(said) = declared.get(local).filter(|_| prefix == "pes") else { continue };
        let range = match values(said, &format!("{RDF}type"))[0].strip_prefix(OWL).unwrap() {
            "ObjectProperty" => "@id",
            "DatatypeProperty" => values(said, &format!("{RDFS}range"))[0],
            _ => &format!("{XSD}string"),
        };
        assert_eq!(sort, range, "{name}");
    }
}

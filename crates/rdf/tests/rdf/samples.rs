//! The samples of `ontology/`, judged by the typed reader as the SHACL shapes judge them: `ontology/check_shapes.py`.

use pes_domain::{Audience, Kind, Record, RecordIri, Rules};
use pes_rdf::terms::PREFIXES;
use pes_rdf::{Payload, rules, write};
use sophia::api::prelude::*;
use sophia::api::term::SimpleTerm;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

const CONTEXT: &str = include_str!("../../../../ontology/context.jsonld");
const SALT: &str = "5a175a175a175a175a175a175a175a17";

/// Samples of a folder: name and text.
fn samples(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ontology/samples").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap()))
        .collect()
}

fn the_rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(rules)
}

fn triples(text: &str) -> Vec<[SimpleTerm<'static>; 3]> {
    sophia::turtle::parser::turtle::parse_str(text).collect_triples().unwrap()
}

fn canonical(triples: Vec<[SimpleTerm<'static>; 3]>) -> String {
    let dataset: HashSet<_> = triples.into_iter().map(|triple| (triple, None::<SimpleTerm<'static>>)).collect();
    let mut out = Vec::new();
    sophia_c14n::rdfc10::normalize(&dataset, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The base of a sample's relative IRIs is its record.
fn record_of(sample: &str) -> &str {
    sample.lines().find_map(|line| line.strip_prefix("@base <")?.strip_suffix("> .")).unwrap()
}

/// The sample as a payload. A sample is a rendering, which has no salt; it is added unless the sample has one.
fn payload_of(sample: &str) -> String {
    let text = canonical(triples(sample));
    if text.contains("pes/ns#salt>") {
        return text;
    }
    let salt = format!("<{}> <https://w3id.org/pes/ns#salt> \"{SALT}\" .\n", record_of(sample));
    let mut lines: Vec<&str> = text.split_inclusive('\n').chain([salt.as_str()]).collect();
    lines.sort_unstable();
    lines.concat()
}

fn read(sample: &str) -> Result<Record, String> {
    let iri = RecordIri::read(record_of(sample)).ok_or("not the IRI of a record")?;
    let payload = Payload::read(payload_of(sample).as_bytes(), &iri).map_err(|refusal| refusal.to_string())?;
    payload.record(iri.kind().unwrap(), Audience::Public, the_rules()).map_err(|refusal| refusal.to_string())
}

/// Each of the first two lines of a sample tells something about it.
fn head<'a>(sample: &'a str, line: usize, begins: &str) -> Option<&'a str> {
    sample.lines().nth(line)?.strip_prefix(begins)
}

#[test]
fn good_samples_are_read_and_written_as_they_are() {
    let mut count: BTreeMap<Kind, usize> = BTreeMap::new();
    for (name, sample) in samples("good") {
        assert!(head(&sample, 0, "# Good: ").is_some_and(|told| told.contains("Invented")), "{name}");
        let record = read(&sample).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert!(name.starts_with(record.kind().notation()), "{name}");
        // What a later version says is read, and not written.
        if !name.ends_with("-later") {
            assert_eq!(write(&record, SALT), payload_of(&sample), "{name}");
        }
        *count.entry(record.kind()).or_default() += 1;
    }
    assert!(Kind::ALL.iter().all(|kind| count.get(kind).is_some_and(|count| *count >= 2)), "{count:?}");
}

#[test]
fn spoilt_samples_are_refused_for_what_is_wrong_with_them() {
    let samples = samples("spoilt");
    assert!(samples.len() >= 25);
    for (name, sample) in samples {
        assert!(head(&sample, 0, "# Spoilt: ").is_some_and(|told| told.contains("Invented")), "{name}");
        let why = head(&sample, 1, "# The reader: ").unwrap_or_else(|| panic!("{name} does not tell what is wrong"));
        let refusal = read(&sample).expect_err(&name);
        assert!(refusal.contains(why), "{name}: {refusal}");
    }
}

/// Where the shapes have no name for a kind, they would not judge it.
#[test]
fn the_shapes_know_every_kind() {
    let shapes = include_str!("../../../../ontology/shapes.ttl");
    for kind in Kind::ALL {
        assert!(shapes.contains(&format!("/id/{}/", kind.notation())), "{kind:?}");
    }
}

/// The value as somebody would write it in JSON who leaves the datatypes to the context.
fn plain(term: &SimpleTerm<'_>) -> Option<String> {
    let text = match term {
        SimpleTerm::Iri(iri) => iri.as_str().to_owned(),
        SimpleTerm::LiteralDatatype(text, _) => text.to_string(),
        _ => return None,
    };
    Some(text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

#[test]
fn the_context_gives_each_value_its_type() {
    let context = CONTEXT.trim_end().strip_suffix('}').unwrap().trim_end();
    for (name, sample) in samples("good").into_iter().filter(|(name, _)| !name.ends_with("-later")) {
        for [subject, predicate, object] in triples(&sample) {
            let SimpleTerm::Iri(iri) = predicate.clone() else { panic!() };
            // A year or a day: its datatype is always written. So is that of a time where the context reads a day.
            let is_time = matches!(&object, SimpleTerm::LiteralDatatype(_, sort) if sort.ends_with("#dateTime"));
            let is_day = ["http://schema.org/startDate", "http://schema.org/endDate"].contains(&iri.as_str());
            if iri.as_str() == "http://schema.org/foundingDate" || (is_day && is_time) {
                continue;
            }
            let (prefix, base) = PREFIXES.iter().find(|(_, base)| iri.as_str().starts_with(base)).unwrap();
            let key = format!("{prefix}:{}", &iri.as_str()[base.len()..]);
            let (id, value) = (plain(&subject).unwrap(), plain(&object).unwrap());
            let document = format!("{context}, \"@id\": \"{id}\", \"{key}\": \"{value}\" }}");
            let quads = oxjsonld::JsonLdParser::new().for_slice(document.as_bytes());
            let lines: String = quads.map(|quad| format!("{} .\n", quad.unwrap())).collect();
            assert_eq!(canonical(triples(&lines)), canonical(vec![[subject, predicate, object]]), "{name}");
        }
    }
}

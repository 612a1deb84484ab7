//! Records of every kind, written and read back; and what the typed reader refuses.

use pes_domain::audience::Reader;
use pes_domain::{Audience, Draft, Kind, Record, RecordIri, Rules};
use pes_rdf::{Payload, Refusal, rules, write};
use sophia::api::prelude::*;
use std::sync::OnceLock;
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);
const SALT: &str = "5a175a175a175a175a175a175a175a17";
const EXCHANGE: &str = "https://pes.example.org/id/exchange/7d3f6a52-6c1b-4c55-9f3e-5c1d2e3f4a5b";
const STRUCTURE: &str = "https://pes.example.org/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

fn the_rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(rules)
}

const RICH: [(Kind, &[(&str, &str)]); 13] = [
    (
        Kind::Structure,
        &[
            ("name", "L’Établi \"partagé\""),
            ("legal-name", "Association L’Établi partagé"),
            ("acronym", "LEP"),
            ("shows-acronym", "on"),
            ("tagline", "Un atelier"),
            ("description", "Machines\net conseils.\t\\o/"),
            ("legal-form", "scic-sarl"),
            ("categories", "third-place"),
            ("integration-type", "geiq"),
            ("label", "esus"),
            ("label-from", "2024-01-01"),
            ("label-until", "2028-12-31"),
            ("project-stage", "idea"),
            ("bearer-label", "Les Voisins"),
            ("is-company", "on"),
            ("is-unclaimed", "on"),
            ("siret", "73282932000074"),
            ("rna", "W062000001"),
            ("naf", "94.99Z"),
            ("founded", "2012"),
            ("web", "https://exemple.fr/é?a=b"),
            ("site-label", "Atelier"),
            ("site-street", "1 rue des Copeaux"),
            ("site-postcode", "06000"),
            ("site-commune", "Nice"),
            ("site-latitude", "43.7"),
            ("site-longitude", "-7"),
            ("site-hours", "Du mardi au samedi"),
            ("site-label", "Dépôt"),
            ("site-street", ""),
            ("site-postcode", ""),
            ("site-commune", "Toulon"),
            ("areas", "department:06"),
            ("areas", "region:93"),
            ("areas", "epci:200030195"),
            ("areas", "commune:06088"),
            ("radius", "25"),
            ("sectors", "agriculture"),
            ("skills", "premises"),
            ("budget", "120000"),
            ("workforce-total", "2,5"),
            ("workforce-integration", "1"),
            ("contact-medium", "phone"),
            ("contact-value", "+33493000000"),
            ("contact-note", "le matin"),
            ("contact-audience", "public"),
            ("confirmed", "2026-10-01"),
            ("tags", "bois, outils"),
            ("audience", "public"),
        ],
    ),
    (
        Kind::Person,
        &[
            ("given-name", "Camille"),
            ("family-name", "Exemple"),
            ("presentation", "Menuisière."),
            ("web", "https://exemple.fr/"),
            ("place", "Nice"),
            ("audience-of-place", "public"),
            ("areas", "department:06"),
            ("radius", "5"),
            ("sectors", "agriculture"),
            ("skills", "premises"),
            ("contact-medium", "email"),
            ("contact-value", "camille@exemple.fr"),
            ("contact-audience", "public"),
            ("audience", "public"),
        ],
    ),
    (
        Kind::Membership,
        &[
            ("person-label", "Camille Exemple"),
            ("structure", STRUCTURE),
            ("structure-label", "L’Établi partagé"),
            ("role", "treasurer"),
            ("detail", "les comptes"),
            ("from", "2020-01-01"),
            ("until", "2026-12-31"),
            ("person-agrees", "on"),
            ("structure-agrees", "on"),
        ],
    ),
    (
        Kind::Exchange,
        &[
            ("direction", "demand"),
            ("type", "service"),
            ("methods", "barter"),
            ("methods", "euros"),
            ("title", "Cherche local"),
            ("description", "À Nice."),
            ("skills", "premises"),
            ("sectors", "agriculture"),
            ("place", "06000 Nice"),
            ("areas", "department:06"),
            ("radius", "20"),
            ("structure", STRUCTURE),
            ("structure-label", "L’Établi partagé"),
            ("author", "Camille"),
            ("state", "answered"),
            ("expires", "2026-12-31"),
            ("unit", "palettes"),
            ("threshold", "10"),
            ("quantity", "2,5"),
        ],
    ),
    (
        Kind::Job,
        &[
            ("title", "Menuisière"),
            ("description", "Un poste."),
            ("contract", "cdi"),
            ("rome", "H2206"),
            ("hours", "35 h"),
            ("pay", "1 900 €"),
            ("place", "Nice"),
            ("employer-label", "L’Établi partagé"),
            ("deadline", "2026-12-15"),
        ],
    ),
    (
        Kind::Call,
        &[
            ("call-type", "call-for-partners"),
            ("title", "Cherche partenaires"),
            ("description", "Pour répondre ensemble."),
            ("bearer-label", "L’Établi partagé"),
            ("sectors", "agriculture"),
            ("skills", "premises"),
            ("areas", "region:93"),
            ("lots", "Lot 1\nLot 2"),
            ("clauses", "Clause d’insertion"),
            ("deadline", "2026-12-20"),
            ("notice", "https://exemple.fr/avis"),
            ("team", "Deux déjà"),
        ],
    ),
    (
        Kind::Affiliation,
        &[
            ("network", "Réseau d’exemple"),
            ("origin", "https://pes.example.org"),
            ("since", "2026-11-01"),
            ("state", "active"),
            ("node-id", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
            ("replaces", "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
        ],
    ),
    (
        Kind::Accord,
        &[
            ("about", EXCHANGE),
            ("about-label", "Cherche local"),
            ("by", STRUCTURE),
            ("by-label", "L’Établi partagé"),
            ("answer", "takes-part"),
            ("quantity", "3,5"),
            ("detail", "Livraison à Nice"),
        ],
    ),
    (
        Kind::Article,
        &[
            ("title", "L’atelier a dix ans"),
            ("summary", "Une fête."),
            ("text", "Venez **nombreux**."),
            ("article-category", "portrait"),
            ("reach", "regional"),
            ("areas", "department:06"),
            ("structure-label", "L’Établi partagé"),
            ("author", "Camille"),
        ],
    ),
    (
        Kind::Document,
        &[
            ("title", "Monter un atelier"),
            ("description", "Pas à pas."),
            ("document-kind", "guide"),
            ("link", "https://exemple.fr/guide"),
            (
                "file",
                "https://pes.example.org/fichiers/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.pdf \
                 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 application/pdf 48213 Monter un atelier.pdf",
            ),
            ("price", "prix libre"),
            ("structure-label", "L’Établi partagé"),
            ("author", "Camille"),
        ],
    ),
    (
        Kind::Event,
        &[
            ("title", "Repair café"),
            ("description", "On répare."),
            ("occurrence-date", "2026-12-05"),
            ("occurrence-time", "18:00"),
            ("occurrence-end-date", ""),
            ("occurrence-end-time", "20:30"),
            ("occurrence-date", "2026-12-24"),
            ("occurrence-time", ""),
            ("occurrence-end-date", "2026-12-26"),
            ("repeats", "monthly-by-weekday"),
            ("repeats-until", "2027-06-30"),
            ("called-off", "2026-12-24"),
            ("called-off", "2027-01-02T18:00"),
            ("zone", "Europe/Paris"),
            ("place", "06000 Nice"),
            ("venue", "1 rue des Copeaux"),
            ("link", "https://exemple.fr/"),
            ("organisers", STRUCTURE),
            ("organisers-label", "L’Établi partagé"),
            ("organisers", ""),
            ("organisers-label", "Les Voisins"),
            ("sectors", "agriculture"),
            ("areas", "department:06"),
            ("event-state", "postponed"),
        ],
    ),
    (
        Kind::Product,
        &[
            ("title", "Tables sur mesure"),
            ("description", "En bois d’ici."),
            ("provider", STRUCTURE),
            ("provider-label", "L’Établi partagé"),
            ("sectors", "agriculture"),
            ("publics", "companies"),
            ("means", "Bois local"),
            ("areas", "department:06"),
            ("radius", "30"),
        ],
    ),
    (
        Kind::Relation,
        &[
            ("relation-kind", "regular-supplier"),
            ("subject", STRUCTURE),
            ("subject-label", "L’Établi partagé"),
            ("object-label", "Les Voisins"),
            ("detail", "des étagères"),
            ("from", "2020-01-01"),
            ("until", "2027-01-01"),
        ],
    ),
];

fn draft(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

fn raise(kind: Kind, fields: &[(&str, &str)]) -> Record {
    let iri = RecordIri::mint("https://pes.example.org", kind);
    let mut record =
        Record::raise(kind, (iri, NOW), &draft(fields), NOW, the_rules()).unwrap_or_else(|e| panic!("{kind:?}: {e:?}"));
    record.published = Some(NOW);
    record
}

/// A rich record of a kind, as everybody sees it.
fn rich(kind: Kind) -> Record {
    let fields = RICH.iter().find(|(one, _)| *one == kind).unwrap().1;
    raise(kind, fields).seen_by(Reader::Anyone).unwrap()
}

fn poor(kind: Kind) -> Record {
    let fields: &[(&str, &str)] = match kind {
        Kind::Structure => &[("name", "x")],
        Kind::Person => &[("given-name", "x"), ("audience", "public")],
        Kind::Membership => {
            &[("person-label", "x"), ("structure-label", "y"), ("person-agrees", "on"), ("structure-agrees", "on")]
        }
        Kind::Exchange => &[("direction", "offer"), ("type", "question"), ("title", "x"), ("author", "y")],
        Kind::Job => &[("title", "x"), ("contract", "cdi"), ("employer-label", "y")],
        Kind::Call => &[("call-type", "call-for-partners"), ("title", "x"), ("bearer-label", "y")],
        Kind::Affiliation => RICH[6].1,
        Kind::Accord => &[("about", EXCHANGE), ("about-label", "x"), ("by-label", "y"), ("answer", "takes-part")],
        Kind::Article => &[("title", "x"), ("author", "y")],
        Kind::Document => &[("title", "x"), ("document-kind", "guide"), ("author", "y")],
        Kind::Event => &[("title", "x"), ("occurrence-date", "2026-12-05"), ("organisers-label", "y")],
        Kind::Product => &[("title", "x"), ("provider-label", "y")],
        Kind::Relation => &[("relation-kind", "partner"), ("subject-label", "x"), ("object-label", "y")],
    };
    raise(kind, fields).seen_by(Reader::Anyone).unwrap()
}

fn read(record: &Record, text: &str) -> Result<Record, Refusal> {
    Payload::read(text.as_bytes(), &record.iri)?.record(record.kind(), record.audience, the_rules())
}

#[test]
fn every_kind_survives_the_journey() {
    for kind in Kind::ALL {
        for record in [rich(kind), poor(kind)] {
            let text = write(&record, SALT);
            assert_eq!(read(&record, &text).unwrap(), record, "{text}");
            assert_eq!(write(&read(&record, &text).unwrap(), SALT), text);
        }
    }
}

#[test]
fn a_contact_is_for_the_audience_of_its_channel() {
    let record = rich(Kind::Structure);
    let read = Payload::read(write(&record, SALT).as_bytes(), &record.iri).unwrap();
    let read = read.record(Kind::Structure, Audience::Affiliates, the_rules()).unwrap();
    assert_eq!(read.audience, Audience::Affiliates);
    let pes_domain::Body::Structure(one) = read.body else { panic!() };
    assert_eq!(one.contacts[0].audience, Audience::Affiliates);
}

#[test]
fn parts_keep_their_order_beyond_nine() {
    let mut fields = vec![("name", "x")];
    let values: Vec<String> = (0..12).map(|n| format!("04910000{n:02}")).collect();
    for value in &values {
        fields.extend([
            ("contact-medium", "phone"),
            ("contact-value", value.as_str()),
            ("contact-note", ""),
            ("contact-audience", "public"),
        ]);
    }
    let record = raise(Kind::Structure, &fields);
    assert_eq!(read(&record, &write(&record, SALT)).unwrap(), record);
}

/// The text with one line exchanged, its lines sorted again.
fn with(record: &Record, old: &str, new: &str) -> Result<Record, Refusal> {
    let text = write(record, SALT);
    assert!(text.contains(old), "{old} is not in\n{text}");
    let text = text.replace(old, new);
    let mut lines: Vec<&str> = text.split_inclusive('\n').filter(|line| !line.trim().is_empty()).collect();
    lines.sort_unstable();
    lines.dedup();
    read(record, &lines.concat())
}

#[track_caller]
fn refused(kind: Kind, old: &str, new: &str, why: &str) {
    let refusal = with(&rich(kind), old, new).expect_err("the record was taken").to_string();
    assert!(refusal.contains(why), "{refusal}");
}

#[test]
fn what_a_later_version_says_is_ignored() {
    let record = rich(Kind::Job);
    let more = format!("{} .\n<{}> <https://w3id.org/pes/ns#later> \"x\"@en .\n", "\"35 h\"", record.iri);
    assert_eq!(with(&record, "\"35 h\" .\n", &more).unwrap(), record);
    let class = "<http://schema.org/JobPosting> .\n";
    let more = format!("{class}<{}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <a:Later> .\n", record.iri);
    assert_eq!(with(&record, class, &more).unwrap(), record);
}

#[test]
fn terms_of_old_are_read_and_never_written() {
    let record = rich(Kind::Structure);
    assert_eq!(
        with(&record, "http://www.w3.org/ns/regorg#legalName", "http://www.w3.org/ns/legal#legalName").unwrap(),
        record
    );
    assert_eq!(with(&record, "http://schema.org/", "https://schema.org/").unwrap(), record);
    let text = "\"À Nice.\"";
    assert!(with(&rich(Kind::Exchange), text, "\"À Nice.\"@fr").is_ok());
    refused(Kind::Exchange, text, "\"In Nice.\"@en", "is not text");
}

#[test]
fn what_a_kind_needs_has_to_be_there() {
    for (kind, missing) in [
        (Kind::Structure, "<http://www.w3.org/2004/02/skos/core#prefLabel>"),
        (Kind::Structure, "<http://www.w3.org/ns/org#Organization>"),
        (Kind::Person, "<http://xmlns.com/foaf/0.1/givenName>"),
        (Kind::Membership, "<http://www.w3.org/ns/org#member>"),
        (Kind::Exchange, "<http://purl.org/dc/terms/type>"),
        (Kind::Exchange, "<http://schema.org/Demand>"),
        (Kind::Exchange, "<https://w3id.org/pes/ns#state>"),
        (Kind::Job, "<http://schema.org/hiringOrganization>"),
        (Kind::Job, "<http://schema.org/employmentType>"),
        (Kind::Call, "<https://w3id.org/pes/ns#bearer>"),
        (Kind::Call, "<https://w3id.org/pes/ns#Call>"),
        (Kind::Affiliation, "<https://w3id.org/pes/ns#nodeId>"),
        (Kind::Affiliation, "<https://w3id.org/pes/ns#origin>"),
        (Kind::Accord, "<https://w3id.org/pes/ns#Accord>"),
        (Kind::Accord, "<https://w3id.org/pes/ns#about>"),
        (Kind::Accord, "<https://w3id.org/pes/ns#by>"),
        (Kind::Accord, "<https://w3id.org/pes/ns#answer>"),
        (Kind::Article, "<http://schema.org/NewsArticle>"),
        (Kind::Article, "<http://schema.org/headline>"),
        (Kind::Document, "<http://schema.org/DigitalDocument>"),
        (Kind::Document, "<http://purl.org/dc/terms/type>"),
        (Kind::Event, "<http://schema.org/Event>"),
        (Kind::Event, "<http://schema.org/eventSchedule>"),
        (Kind::Event, "<http://schema.org/startDate>"),
        (Kind::Event, "<http://schema.org/scheduleTimezone>"),
        (Kind::Event, "<https://w3id.org/pes/ns#state>"),
        (Kind::Exchange, "<https://w3id.org/pes/ns#unit>"),
        (Kind::Product, "<http://schema.org/Product>"),
        (Kind::Product, "<http://schema.org/provider>"),
        (Kind::Relation, "<https://w3id.org/pes/ns#Relation>"),
        (Kind::Relation, "<https://w3id.org/pes/ns#relationSubject>"),
        (Kind::Relation, "<https://w3id.org/pes/ns#relationObject>"),
        (Kind::Structure, "<https://w3id.org/pes/ns#labelHeld>"),
        (Kind::Job, "<http://purl.org/dc/terms/created>"),
        (Kind::Job, "<http://purl.org/dc/terms/issued>"),
        (Kind::Job, "<http://purl.org/dc/terms/modified>"),
    ] {
        refused(kind, missing, "<a:other>", "is missing");
    }
}

#[test]
fn what_is_known_has_to_be_right() {
    refused(Kind::Structure, "\"120000\"^^<http://www.w3.org/2001/XMLSchema#integer>", "\"120000\"", "whole number");
    refused(Kind::Structure, "\"2.5\"^^", "\"2.55\"^^", "one decimal");
    refused(Kind::Structure, "\"0009:73282932000074\"", "\"0009:73282932000075\"", "SIREN or SIRET");
    refused(Kind::Structure, "\"0002:732829320\"", "\"0007:732829320\"", "SIREN or SIRET");
    refused(Kind::Structure, "\"W062000001\"", "\"062000001\"", "RNA");
    refused(Kind::Structure, "\"94.99Z\"", "\"9\"", "NAF");
    refused(Kind::Structure, "\"2012\"^^", "\"12\"^^", "a year");
    refused(Kind::Structure, "\"43.7\"^^", "\"143.7\"^^", "on Earth");
    refused(Kind::Structure, "<https://exemple.fr/%C3%A9?a=b>", "<ftp://exemple.fr/>", "the web");
    refused(Kind::Structure, "http://id.insee.fr/geo/departement/06", "http://id.insee.fr/geo/planete/06", "territory");
    refused(Kind::Structure, "\"25\"^^", "\"1001\"^^", "1 000");
    refused(Kind::Structure, "\"+33493000000\"", "\"pas un numéro\"", "not-a-phone");
    refused(Kind::Structure, "code/legal-form/scic-sarl", "code/legal-form/guild", "not-in-list");
    refused(Kind::Structure, "code/legal-form/scic-sarl", "code/skill/premises", "not-in-list");
    refused(Kind::Structure, "<https://w3id.org/pes/tag/bois>", "<https://w3id.org/pes/tag/Bois>", "a theme or a tag");
    refused(Kind::Structure, "<https://w3id.org/pes/tag/bois>", "<a:bois>", "a theme or a tag");
    refused(Kind::Structure, "\"true\"^^", "\"yes\"^^", "true or false");
    refused(Kind::Exchange, "code/exchange-state/answered", "code/exchange-state/lost", "state of an exchange");
    refused(Kind::Exchange, "code/exchange-state/answered", "code/skill/met", "state of an exchange");
    refused(Kind::Exchange, "code/exchange-type/service", "code/exchange-type/question", "method-does-not-fit");
    refused(Kind::Exchange, "2026-11-23T12:00:00Z", "2026-11-23T12:00:00+00:00", "a time in UTC");
    refused(
        Kind::Exchange,
        "<https://pes.example.org/id/structure/",
        "<https://pes.example.org/sheet/structure/",
        "is not a record",
    );
    refused(Kind::Job, "\"2026-12-15\"^^", "\"15/12/2026\"^^", "a date");
    refused(Kind::Job, "\"H2206\"", "\"menuisier\"", "ROME");
    refused(Kind::Call, "<https://exemple.fr/avis>", "\"https://exemple.fr/avis\"", "a link");
    refused(Kind::Accord, "code/accord-answer/takes-part", "code/accord-answer/perhaps", "an answer");
    refused(Kind::Accord, "code/accord-answer/takes-part", "code/accord-answer/confirms", "answer-does-not-fit");
    refused(Kind::Accord, "\"3.5\"^^", "\"3.55\"^^", "one decimal");
    refused(Kind::Article, "code/reach/regional", "code/reach/galactic", "not-in-list");
    refused(Kind::Document, "<https://exemple.fr/guide>", "<ftp://exemple.fr/guide>", "the web");
    refused(Kind::Document, "<https://pes.example.org/fichiers/", "<https://evil.test/fichiers/", "not-a-file");
    refused(Kind::Document, "\"Monter un atelier.pdf\"", "\"../atelier.pdf\"", "not-a-file");
    refused(Kind::Document, "\"48213\"^^", "\"10000001\"^^", "too-heavy");
    refused(Kind::Event, "\"2026-12-05T18:00:00\"", "\"2026-12-05T18:00:00Z\"", "without its zone");
    refused(Kind::Event, "\"2026-12-05T18:00:00\"", "\"2026-12-05T18:00:01\"", "without its zone");
    refused(Kind::Event, "\"2026-12-05T18:00:00\"", "\"2026-12-30T18:00:00\"", "in their order");
    refused(Kind::Event, "\"2026-12-05T20:30:00\"", "\"2026-12-05T17:30:00\"", "too-early");
    refused(Kind::Event, "\"FREQ=MONTHLY;BYDAY=1SA;", "\"FREQ=HOURLY;", "a rule");
    refused(Kind::Event, "\"Europe/Paris\"", "\"Europe/Atlantis\"", "zone");
    refused(Kind::Event, "code/event-state/postponed", "code/event-state/lost", "state of an event");
    refused(Kind::Exchange, "\"10.0\"^^", "\"0.0\"^^", "threshold");
    refused(Kind::Product, "code/target-public/companies", "code/target-public/giants", "not-in-list");
    refused(Kind::Relation, "code/relation-kind/regular-supplier", "code/relation-kind/rival", "not-in-list");
    refused(Kind::Structure, "code/label/esus", "code/label/gold", "not-in-list");
    refused(Kind::Structure, "code/project-stage/idea", "code/project-stage/dream", "not-in-list");
    refused(Kind::Structure, "code/category/third-place", "code/category/castle", "not-in-list");
    refused(Kind::Affiliation, "\"00112233", "\"xx112233", "node-id");
}

#[test]
fn one_value_is_not_two() {
    let record = rich(Kind::Job);
    let twice = format!("\"Menuisière\" .\n<{}> <http://schema.org/title> \"Menuisier\" .", record.iri);
    let refusal = with(&record, "\"Menuisière\" .", &twice).unwrap_err();
    assert_eq!(refusal, Refusal::TooMany("http://schema.org/title"));
    let both = "<http://schema.org/Demand> .\n";
    let record = rich(Kind::Exchange);
    let more = format!(
        "{both}<{}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Offer> .\n",
        record.iri
    );
    assert!(matches!(with(&record, both, &more), Err(Refusal::TooMany(_))));
}

#[test]
fn a_part_is_a_part_of_this_record() {
    let record = rich(Kind::Job);
    let foreign = STRUCTURE.to_owned() + "#place";
    let refusal = with(
        &record,
        &format!("<http://schema.org/jobLocation> <{}#place>", record.iri),
        &format!("<http://schema.org/jobLocation> <{foreign}>"),
    );
    assert!(refusal.unwrap_err().to_string().contains("a part of the record"));
}

#[test]
fn renderings_say_the_same_but_for_the_salt() {
    for kind in Kind::ALL {
        let record = rich(kind);
        let payload = Payload::read(write(&record, SALT).as_bytes(), &record.iri).unwrap();
        let plain = sorted_lines(&payload.n_quads());
        assert!(!plain.contains(SALT));
        assert_eq!(plain.lines().count() + 1, write(&record, SALT).lines().count());
        assert_eq!(from_turtle(&payload.turtle()), plain, "{}", payload.turtle());
        assert_eq!(from_json_ld(&payload.json_ld()), plain, "{}", payload.json_ld());
        assert!(payload.turtle().contains("@prefix") || payload.turtle().contains("PREFIX"), "{}", payload.turtle());
    }
}

fn sorted_lines(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// RDFC-1.0 by sophia: a second opinion on our canonical form.
fn canonical(
    quads: Vec<([sophia::api::term::SimpleTerm<'static>; 3], Option<sophia::api::term::SimpleTerm<'static>>)>,
) -> String {
    let dataset: std::collections::HashSet<_> = quads.into_iter().collect();
    let mut out = Vec::new();
    sophia_c14n::rdfc10::normalize(&dataset, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn from_turtle(text: &str) -> String {
    let triples: Vec<[sophia::api::term::SimpleTerm<'static>; 3]> =
        sophia::turtle::parser::turtle::parse_str(text).collect_triples().unwrap();
    canonical(triples.into_iter().map(|triple| (triple, None)).collect())
}

fn from_json_ld(text: &str) -> String {
    let quads = oxjsonld::JsonLdParser::new().for_slice(text.as_bytes());
    let lines: String = quads.map(|quad| format!("{} .\n", quad.unwrap())).collect();
    let triples: Vec<[sophia::api::term::SimpleTerm<'static>; 3]> =
        sophia::turtle::parser::nt::parse_str(&lines).collect_triples().unwrap();
    canonical(triples.into_iter().map(|triple| (triple, None)).collect())
}

#[test]
fn our_canonical_form_is_that_of_rdfc_1_0() {
    for kind in Kind::ALL {
        let text = write(&rich(kind), SALT);
        let triples: Vec<[sophia::api::term::SimpleTerm<'static>; 3]> =
            sophia::turtle::parser::nt::parse_str(&text).collect_triples().unwrap();
        assert_eq!(canonical(triples.into_iter().map(|triple| (triple, None)).collect()), text);
    }
}

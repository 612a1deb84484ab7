//! By what each kind of record is found in lists: its concepts, its communes, the structure it speaks for, the records it names.

use crate::bed::{Bed, NOW, bed};
use pes_changeset::Channel;
use pes_domain::thesaurus::Concept;
use pes_domain::{Audience, Code, Draft, Kind, List, Record, RecordIri, Rules, Thesaurus};
use pes_store::lists::{self, Query};
use pes_store::records::{self, Sheet};

const STRUCTURE: &str = "https://alliance.test/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
const OTHER: &str = "https://paca.test/id/structure/6f9619ff-8b86-4011-b42d-00c04fc964ff";
const DEMAND: &str = "https://paca.test/id/exchange/7d3f6a52-6c1b-4c55-9f3e-5c1d2e3f4a5b";

type Pairs = &'static [(&'static str, &'static str)];

/// A kind, what is typed, and the facets by which it has to be found.
const KINDS: [(Kind, Pairs, Pairs); 11] = [
    (
        Kind::Structure,
        &[
            ("name", "La Volière"),
            ("legal-form", "association"),
            ("categories", "amap"),
            ("integration-type", "geiq"),
            ("label", "esus"),
            ("project-stage", "idea"),
            ("bearer", OTHER),
            ("bearer-label", "La Fabrique"),
            ("skills", "premises"),
            ("sectors", "agriculture"),
            ("site-commune", "Nice (06088)"),
            ("tags", "oiseaux"),
        ],
        &[
            ("legal-form", "association"),
            ("category", "amap"),
            ("integration-type", "geiq"),
            ("label", "esus"),
            ("project-stage", "idea"),
            ("names", OTHER),
            ("skill", "premises"),
            ("sector", "agriculture"),
            ("commune", "06088"),
            ("tag", "oiseaux"),
        ],
    ),
    (
        Kind::Exchange,
        &[
            ("title", "Un local"),
            ("direction", "demand"),
            ("type", "service"),
            ("skills", "premises"),
            ("structure", STRUCTURE),
            ("structure-label", "La Volière"),
            ("place", "Nice (06088)"),
        ],
        &[
            ("direction", "demand"),
            ("exchange-type", "service"),
            ("skill", "premises"),
            ("structure", STRUCTURE),
            ("commune", "06088"),
        ],
    ),
    (
        Kind::Call,
        &[("title", "Un appel"), ("call-type", "call-for-partners"), ("bearer", STRUCTURE), ("bearer-label", "x")],
        &[("call-type", "call-for-partners"), ("structure", STRUCTURE)],
    ),
    (
        Kind::Job,
        &[("title", "Un poste"), ("contract", "cdi"), ("employer", STRUCTURE), ("employer-label", "x")],
        &[("contract-type", "cdi"), ("structure", STRUCTURE)],
    ),
    (
        Kind::Article,
        &[
            ("title", "Une nouvelle"),
            ("article-category", "portrait"),
            ("reach", "regional"),
            ("structure", STRUCTURE),
            ("structure-label", "x"),
            ("themes", "short-supply-chains"),
        ],
        &[
            ("article-category", "portrait"),
            ("reach", "regional"),
            ("structure", STRUCTURE),
            ("theme", "short-supply-chains"),
        ],
    ),
    (
        Kind::Document,
        &[("title", "Un guide"), ("document-kind", "guide"), ("structure", STRUCTURE), ("structure-label", "x")],
        &[("document-kind", "guide"), ("structure", STRUCTURE)],
    ),
    (
        Kind::Event,
        &[
            ("title", "Un bal"),
            ("occurrence-date", "2027-01-09"),
            ("organisers", STRUCTURE),
            ("organisers-label", "x"),
            ("organisers", OTHER),
            ("organisers-label", "y"),
            ("sectors", "agriculture"),
            ("place", "Nice (06088)"),
            ("event-state", "cancelled"),
        ],
        &[
            ("structure", STRUCTURE),
            ("names", OTHER),
            ("sector", "agriculture"),
            ("commune", "06088"),
            ("event-state", "cancelled"),
        ],
    ),
    (
        Kind::Product,
        &[("title", "Du pain"), ("provider", STRUCTURE), ("provider-label", "x"), ("publics", "companies")],
        &[("structure", STRUCTURE), ("target-public", "companies")],
    ),
    (
        Kind::Relation,
        &[
            ("relation-kind", "partner"),
            ("subject", STRUCTURE),
            ("subject-label", "x"),
            ("object", OTHER),
            ("object-label", "y"),
        ],
        &[("relation-kind", "partner"), ("structure", STRUCTURE), ("names", OTHER)],
    ),
    (
        Kind::Accord,
        &[("about", DEMAND), ("about-label", "x"), ("by", STRUCTURE), ("by-label", "y"), ("answer", "takes-part")],
        &[("names", DEMAND), ("structure", STRUCTURE), ("accord-answer", "takes-part")],
    ),
    (
        Kind::Membership,
        &[
            ("person-label", "Zoé"),
            ("structure", STRUCTURE),
            ("structure-label", "x"),
            ("person-agrees", "on"),
            ("structure-agrees", "on"),
        ],
        &[("structure", STRUCTURE)],
    ),
];

/// The few concepts that are typed here.
fn rules() -> Rules {
    let all = [
        (List::LegalForm, "association"),
        (List::Category, "amap"),
        (List::IntegrationType, "geiq"),
        (List::Label, "esus"),
        (List::ProjectStage, "idea"),
        (List::Skill, "premises"),
        (List::Sector, "agriculture"),
        (List::Theme, "short-supply-chains"),
        (List::ExchangeType, "service"),
        (List::CallType, "call-for-partners"),
        (List::ContractType, "cdi"),
        (List::ArticleCategory, "portrait"),
        (List::Reach, "regional"),
        (List::DocumentKind, "guide"),
        (List::TargetPublic, "companies"),
        (List::RelationKind, "partner"),
    ];
    let concept = |(list, notation): (List, &str)| Concept {
        code: Code::new(list, notation),
        label: notation.into(),
        label_en: notation.into(),
        alternatives: vec![],
        broader: None,
        applies_to: vec![],
    };
    Rules::new(Thesaurus::new(all.into_iter().map(concept).collect()))
}

fn raised(kind: Kind, typed: Pairs, rules: &Rules) -> Record {
    let draft: Draft = typed.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let iri = RecordIri::mint("https://alliance.test", kind);
    let record = Record::raise(kind, (iri, NOW), &draft, NOW, rules).unwrap_or_else(|e| panic!("{kind:?}: {e:?}"));
    Record { published: Some(NOW), ..record }
}

fn filled() -> (Bed, Vec<Record>) {
    let (bed, rules) = (bed(), rules());
    bed.pin_all(["alliance", "paca"]);
    let all: Vec<Record> = KINDS.into_iter().map(|(kind, typed, _)| raised(kind, typed, &rules)).collect();
    for record in &all {
        let sheet = Sheet { channel: Channel::Public, node: "alliance".into(), version: 1, record: record.clone() };
        bed.write(|link| records::put(link, &sheet));
    }
    (bed, all)
}

fn found(bed: &Bed, kind: Kind, facet: &str, value: &str) -> usize {
    let query = Query {
        kind,
        reader: Audience::Public,
        now: NOW.unix_timestamp(),
        facets: vec![(facet.into(), vec![value.into()])],
        node: None,
        offset: 0,
        limit: 10,
    };
    bed.read(|link| lists::shared(link, &query)).sheets.len()
}

#[test]
fn each_kind_is_found_by_all_that_it_says_and_by_nothing_else() {
    let (bed, _) = filled();
    for (kind, _, facets) in KINDS {
        for (facet, value) in facets {
            assert_eq!(found(&bed, kind, facet, value), 1, "{kind:?} by {facet} {value}");
            assert_eq!(found(&bed, kind, facet, "zzz"), 0, "{kind:?} by another {facet}");
        }
    }
}

#[test]
fn what_names_a_record_is_found_whatever_its_kind() {
    let (bed, all) = filled();
    let names = bed.read(|link| records::with_facet(link, "names", OTHER));
    let kinds = [Kind::Structure, Kind::Event, Kind::Relation];
    let mut expected: Vec<String> =
        all.iter().filter(|one| kinds.contains(&one.kind())).map(|one| one.iri.to_string()).collect();
    expected.sort();
    assert_eq!(names, expected);
    assert_eq!(bed.read(|link| records::with_facet(link, "names", DEMAND)).len(), 1);
    assert_eq!(bed.read(|link| records::with_facet(link, "structure", STRUCTURE)).len(), KINDS.len() - 1);
}

#[test]
fn a_sheet_that_goes_takes_its_facets_along() {
    let (bed, all) = filled();
    for record in &all {
        bed.write(|link| records::remove(link, &record.iri.to_string(), Channel::Public));
    }
    for (kind, _, facets) in KINDS {
        assert!(facets.iter().all(|(facet, value)| found(&bed, kind, facet, value) == 0), "{kind:?}");
    }
}

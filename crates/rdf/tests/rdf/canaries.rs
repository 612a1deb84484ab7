//! A canary in every field of every kind that may be for fewer people: it is in the payload of exactly those channels whose
//! audience may see it, and a reader sees it exactly as far as they may.

use pes_domain::audience::Reader;
use pes_domain::{Audience, Draft, Kind, Record, RecordIri, Rules};
use std::sync::OnceLock;
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-24 09:00);
const READERS: [Reader; 4] = [Reader::Insider, Reader::Member, Reader::MemberElsewhere, Reader::Anyone];

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(pes_rdf::rules)
}

/// What a record of this kind cannot do without.
fn least(kind: Kind) -> Vec<(&'static str, &'static str)> {
    match kind {
        Kind::Structure => vec![("name", "La Volière")],
        Kind::Person => vec![("given-name", "Colette")],
        Kind::Exchange => vec![("direction", "offer"), ("type", "service"), ("title", "Titre"), ("author", "Colette")],
        Kind::Job => vec![("title", "Titre"), ("contract", "cdi"), ("employer-label", "La Volière")],
        Kind::Call => vec![("call-type", "call-for-partners"), ("title", "Titre"), ("bearer-label", "La Volière")],
        Kind::Membership => vec![
            ("person-label", "Colette"),
            ("structure-label", "La Volière"),
            ("person-agrees", "on"),
            ("structure-agrees", "on"),
        ],
        Kind::Affiliation => vec![],
        Kind::Accord => vec![
            ("about", "https://pes.example.org/id/exchange/7d3f6a52-6c1b-4c55-9f3e-5c1d2e3f4a5b"),
            ("about-label", "Titre"),
            ("by-label", "La Volière"),
            ("answer", "takes-part"),
        ],
        Kind::Article => vec![("title", "Titre"), ("author", "Colette")],
        Kind::Document => vec![("title", "Titre"), ("document-kind", "guide"), ("author", "Colette")],
        Kind::Event => {
            vec![("title", "Titre"), ("occurrence-date", "2026-12-05"), ("organisers-label", "La Volière")]
        }
        Kind::Product => vec![("title", "Titre"), ("provider-label", "La Volière")],
        Kind::Relation => {
            vec![("relation-kind", "partner"), ("subject-label", "La Volière"), ("object-label", "La Fabrique")]
        }
    }
}

/// A kind, one of its fields that may be for fewer people, what is typed, and what of it a payload would hold.
type Planted = (Kind, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// The fields of each kind that may be for fewer people.
const FIELDS: [Planted; 35] = [
    (Kind::Structure, "description", &[("description", "canari")], "canari"),
    (Kind::Structure, "web", &[("web", "https://canari.example")], "canari"),
    (Kind::Structure, "budget", &[("budget", "987654")], "\"987654\""),
    (Kind::Structure, "sites", &[("site-street", "rue du Canari"), ("site-commune", "Nice (06088)")], "Canari"),
    (Kind::Structure, "areas", &[("areas", "department:06")], "departement/06"),
    (Kind::Structure, "workforce", &[("workforce-total", "98,7")], "98.7"),
    (Kind::Person, "presentation", &[("presentation", "canari")], "canari"),
    (Kind::Person, "web", &[("web", "https://canari.example")], "canari"),
    (Kind::Person, "place", &[("place", "Nice (06088)")], "\"06088\""),
    (Kind::Person, "areas", &[("areas", "department:06")], "departement/06"),
    (Kind::Exchange, "description", &[("description", "canari")], "canari"),
    (Kind::Exchange, "place", &[("place", "Nice (06088)")], "\"06088\""),
    (Kind::Exchange, "areas", &[("areas", "department:06")], "departement/06"),
    (Kind::Job, "description", &[("description", "canari")], "canari"),
    (Kind::Job, "hours", &[("hours", "canari")], "canari"),
    (Kind::Job, "pay", &[("pay", "canari")], "canari"),
    (Kind::Job, "place", &[("place", "Nice (06088)")], "\"06088\""),
    (Kind::Call, "description", &[("description", "canari")], "canari"),
    (Kind::Call, "lots", &[("lots", "canari")], "canari"),
    (Kind::Call, "notice", &[("notice", "https://canari.example")], "canari"),
    (Kind::Call, "team", &[("team", "canari")], "canari"),
    (Kind::Accord, "description", &[("detail", "canari")], "canari"),
    (Kind::Article, "text", &[("text", "canari")], "canari"),
    (Kind::Article, "areas", &[("areas", "department:06")], "departement/06"),
    (Kind::Document, "description", &[("description", "canari")], "canari"),
    (Kind::Document, "web", &[("link", "https://canari.example")], "canari"),
    (
        Kind::Document,
        "web",
        &[(
            "file",
            "https://pes.example.org/fichiers/a.pdf 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 application/pdf 9 canari.pdf",
        )],
        "canari",
    ),
    (Kind::Event, "description", &[("description", "canari")], "canari"),
    (Kind::Event, "place", &[("place", "Nice (06088)"), ("venue", "rue du Canari")], "Canari"),
    (Kind::Event, "web", &[("link", "https://canari.example")], "canari"),
    (Kind::Event, "areas", &[("areas", "department:06")], "departement/06"),
    (Kind::Product, "description", &[("description", "canari")], "canari"),
    (Kind::Product, "means", &[("means", "canari")], "canari"),
    (Kind::Product, "areas", &[("areas", "department:06")], "departement/06"),
    (Kind::Relation, "description", &[("detail", "canari")], "canari"),
];

fn record(kind: Kind, fields: &[(&str, &str)]) -> Record {
    let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let iri = RecordIri::mint("https://pes.example.org", kind);
    let raised = Record::raise(kind, (iri, NOW), &draft, NOW, rules()).unwrap();
    Record { published: Some(NOW), ..raised }
}

/// A public record with one field for an audience of its own.
fn planted(kind: Kind, field: &str, typed: &[(&str, &str)], audience: Audience) -> Record {
    let narrowed = format!("audience-of-{field}");
    let mut fields = least(kind);
    fields.extend(typed);
    fields.extend([("audience", "public"), (narrowed.as_str(), audience.as_str())]);
    record(kind, &fields)
}

/// The payload of a channel, or nothing where the channel carries nothing.
fn payload(record: &Record, channel: Audience) -> String {
    record.projection(channel).map_or_else(String::new, |seen| pes_rdf::write(&seen, &"0".repeat(32)))
}

#[test]
fn a_field_is_in_the_payloads_of_its_audience_and_in_no_other() {
    for (kind, field, typed, canary) in FIELDS {
        for audience in Audience::ALL {
            let record = planted(kind, field, typed, audience);
            let public = payload(&record, Audience::Public).contains(canary);
            assert_eq!(public, audience == Audience::Public, "{kind:?} {field} for {audience:?} in the public channel");
            let affiliates = payload(&record, Audience::Affiliates).contains(canary);
            assert_eq!(
                affiliates,
                audience == Audience::Affiliates,
                "{kind:?} {field} for {audience:?} among affiliates"
            );
        }
    }
}

#[test]
fn a_field_is_seen_by_its_audience_and_by_nobody_else() {
    for (kind, field, typed, canary) in FIELDS {
        for audience in Audience::ALL {
            let record = planted(kind, field, typed, audience);
            for reader in READERS {
                let seen = record.seen_by(reader).unwrap();
                let shown = pes_rdf::write(&seen, &"0".repeat(32)).contains(canary);
                assert_eq!(shown, reader.sees(audience), "{kind:?} {field} for {audience:?}, read by {reader:?}");
            }
        }
    }
}

/// Each channel carries the whole projection for its audience, and passes the typed reader by itself.
#[test]
fn every_projection_is_whole_and_readable_alone() {
    for (kind, field, typed, _) in FIELDS {
        for audience in Audience::ALL {
            let record = planted(kind, field, typed, audience);
            for channel in [Audience::Public, Audience::Affiliates] {
                let Some(seen) = record.projection(channel) else { continue };
                let text = pes_rdf::write(&seen, &"0".repeat(32));
                let read = pes_rdf::Payload::read(text.as_bytes(), &record.iri).unwrap();
                let read = read.record(kind, channel, rules()).unwrap();
                assert_eq!(read.title(), record.title(), "{kind:?} {field}");
                assert_eq!(read.body, seen.body, "{kind:?} {field} {audience:?} {channel:?}");
            }
        }
    }
}

#[test]
fn a_contact_is_for_its_own_audience() {
    for kind in [Kind::Structure, Kind::Person] {
        for audience in Audience::ALL {
            let mut fields = least(kind);
            fields.extend([
                ("audience", "public"),
                ("contact-medium", "phone"),
                ("contact-value", "04 65 71 97 53"),
                ("contact-note", ""),
                ("contact-audience", audience.as_str()),
            ]);
            let record = record(kind, &fields);
            let holds = |channel| payload(&record, channel).contains("+33465719753");
            assert_eq!(holds(Audience::Public), audience == Audience::Public, "{kind:?} {audience:?}");
            assert_eq!(holds(Audience::Affiliates), audience == Audience::Affiliates, "{kind:?} {audience:?}");
            for reader in READERS {
                let seen = pes_rdf::write(&record.seen_by(reader).unwrap(), &"0".repeat(32));
                assert_eq!(seen.contains("+33465719753"), reader.sees(audience), "{kind:?} {audience:?} {reader:?}");
            }
        }
    }
}

/// What nobody said is for few: a structure's contacts for its network, a person's for themselves.
#[test]
fn defaults_are_narrow() {
    let contact = [
        ("contact-medium", "phone"),
        ("contact-value", "04 65 71 97 53"),
        ("contact-note", ""),
        ("contact-audience", ""),
    ];
    let structure = record(Kind::Structure, &[least(Kind::Structure), contact.to_vec()].concat());
    assert!(structure.seen_by(Reader::Member).is_some_and(|seen| holds_phone(&seen)));
    assert!(structure.seen_by(Reader::MemberElsewhere).is_some_and(|seen| !holds_phone(&seen)));
    let person =
        record(Kind::Person, &[least(Kind::Person), contact.to_vec(), vec![("place", "Nice (06088)")]].concat());
    assert_eq!(person.audience, Audience::Network);
    assert!(person.seen_by(Reader::Member).is_some_and(|seen| !holds_phone(&seen)));
    let seen = pes_rdf::write(&person.seen_by(Reader::Member).unwrap(), &"0".repeat(32));
    assert!(!seen.contains("06088"), "a person's place is private");
    assert_eq!(person.projection(Audience::Public), None);
    assert_eq!(person.projection(Audience::Affiliates), None);
}

fn holds_phone(record: &Record) -> bool {
    pes_rdf::write(record, &"0".repeat(32)).contains("+33465719753")
}

/// Private and network records have no projection at all, whatever their fields say.
#[test]
fn a_record_that_may_not_leave_has_nothing_to_send() {
    for (kind, field, typed, _) in FIELDS {
        for audience in [Audience::Private, Audience::Network] {
            let narrowed = format!("audience-of-{field}");
            let mut fields = least(kind);
            fields.extend(typed);
            fields.extend([("audience", audience.as_str()), (narrowed.as_str(), audience.as_str())]);
            let record = record(kind, &fields);
            assert_eq!(payload(&record, Audience::Public), "", "{kind:?}");
            assert_eq!(payload(&record, Audience::Affiliates), "", "{kind:?}");
            assert_eq!(record.seen_by(Reader::Anyone), None);
            assert_eq!(record.seen_by(Reader::MemberElsewhere), None);
        }
    }
}

/// A record public throughout has nothing in the channel of affiliates.
#[test]
fn what_is_public_throughout_goes_out_once() {
    for (kind, _, typed, _) in FIELDS {
        let mut fields = least(kind);
        fields.extend(typed);
        fields.extend([("audience", "public"), ("audience-of-place", "public")]);
        let record = record(kind, &fields);
        assert!(record.projection(Audience::Public).is_some());
        assert_eq!(record.projection(Audience::Affiliates), None, "{kind:?}");
    }
}

/// A membership leaves its network only when both sides said so.
#[test]
fn a_membership_leaves_only_when_both_agree() {
    for one in ["person-agrees", "structure-agrees"] {
        let draft: Draft =
            [("person-label", "Colette"), ("structure-label", "La Volière"), (one, "on"), ("audience", "public")]
                .into_iter()
                .map(|(field, value)| (field.to_owned(), value.to_owned()))
                .collect();
        let iri = RecordIri::mint("https://pes.example.org", Kind::Membership);
        assert!(Record::raise(Kind::Membership, (iri, NOW), &draft, NOW, rules()).is_err(), "{one} alone");
    }
    let mut both = least(Kind::Membership);
    both.push(("audience", "public"));
    assert!(record(Kind::Membership, &both).projection(Audience::Public).is_some());
}

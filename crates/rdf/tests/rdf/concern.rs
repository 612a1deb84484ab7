//! Whom a demand concerns, on the real code lists and communes: pairs judged by hand, with their reasons.

use pes_domain::concern::{Declared, Reason, Wanted};
use pes_domain::{Draft, Kind, Record, RecordIri, Rules};
use std::sync::OnceLock;
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-24 09:00);

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(pes_rdf::rules)
}

type Fields<'a> = &'a [(&'a str, &'a str)];

fn record(kind: Kind, least: Fields<'_>, fields: Fields<'_>) -> Record {
    let pairs = least.iter().chain(fields).map(|(field, value)| ((*field).to_owned(), (*value).to_owned()));
    let iri = RecordIri::mint("https://pes.example.org", kind);
    Record::raise(kind, (iri, NOW), &pairs.collect::<Draft>(), NOW, rules()).unwrap()
}

fn demand(fields: Fields<'_>) -> Record {
    record(Kind::Exchange, &[("direction", "demand"), ("type", "service"), ("title", "x"), ("author", "M")], fields)
}

fn structure(fields: Fields<'_>) -> Record {
    record(Kind::Structure, &[("name", "x")], fields)
}

fn reason(demand: &Record, structure: &Record) -> Option<Reason> {
    let wanted = Wanted::of(demand, rules())?;
    wanted.concerns(&Declared::of(structure, rules().gazetteer)?, &rules().thesaurus)
}

/// A demand, a structure, whether the one concerns the other, and why.
type Pair = (Fields<'static>, Fields<'static>, bool, &'static str);

const NICE: (&str, &str) = ("place", "Nice (06088)");
const IN_NICE: (&str, &str) = ("site-commune", "Nice (06088)");
const IN_TOULON: (&str, &str) = ("site-commune", "Toulon (83137)");

const TOPICS: [Pair; 14] = [
    (&[("skills", "masonry")], &[("skills", "masonry")], true, "the same skill"),
    (&[("skills", "building")], &[("skills", "masonry")], true, "a narrower one declared"),
    (&[("skills", "masonry")], &[("skills", "building")], true, "a broader one declared"),
    (&[("skills", "masonry")], &[("skills", "joinery")], false, "siblings"),
    (&[("skills", "masonry")], &[("sectors", "housing-building")], false, "a sector is no skill"),
    (
        &[("skills", "masonry"), ("sectors", "food")],
        &[("skills", "masonry")],
        false,
        "each list that is set has to be met",
    ),
    (
        &[("skills", "masonry"), ("sectors", "food")],
        &[("skills", "masonry"), ("sectors", "food-shops")],
        true,
        "both lists met",
    ),
    (&[("skills", "masonry"), ("skills", "baking")], &[("skills", "baking")], true, "one concept of a list is enough"),
    (&[("themes", "commons")], &[("themes", "commons")], true, "a theme"),
    (&[("themes", "commons")], &[("skills", "masonry")], false, "another list"),
    (&[("sectors", "food")], &[("sectors", "food-short-chain-amap")], true, "two levels below"),
    (&[("sectors", "food-shops")], &[("sectors", "food-catering")], false, "sibling branches"),
    (&[], &[("skills", "masonry")], false, "what sets none of the three concerns nobody"),
    (&[("skills", "masonry")], &[], false, "who declared nothing"),
];

const PLACES: [Pair; 15] = [
    (&[("skills", "masonry")], &[("skills", "masonry"), IN_TOULON], true, "no place: anywhere"),
    (&[("skills", "masonry"), NICE], &[("skills", "masonry"), IN_NICE], true, "the same commune's department"),
    (&[("skills", "masonry"), NICE], &[("skills", "masonry"), IN_TOULON], false, "another department, no radius"),
    (&[("skills", "masonry"), NICE], &[("skills", "masonry")], false, "who says nothing of a place"),
    (
        &[("skills", "masonry"), NICE],
        &[("skills", "masonry"), ("areas", "department:06")],
        true,
        "acts in the department",
    ),
    (&[("skills", "masonry"), NICE], &[("skills", "masonry"), ("areas", "region:93")], true, "acts in the region"),
    (&[("skills", "masonry"), NICE], &[("skills", "masonry"), ("areas", "department:83")], false, "acts elsewhere"),
    (
        &[("skills", "masonry"), NICE],
        &[("skills", "masonry"), IN_NICE, ("areas", "department:83")],
        true,
        "its site is there, at no distance",
    ),
    (
        &[("skills", "masonry"), NICE, ("radius", "200")],
        &[("skills", "masonry"), IN_TOULON],
        true,
        "within the demand's radius",
    ),
    (
        &[("skills", "masonry"), NICE],
        &[("skills", "masonry"), IN_TOULON, ("radius", "200")],
        true,
        "within the structure's radius",
    ),
    (
        &[("skills", "masonry"), NICE, ("radius", "70")],
        &[("skills", "masonry"), IN_TOULON, ("radius", "70")],
        true,
        "within the sum of the two",
    ),
    (
        &[("skills", "masonry"), NICE, ("radius", "20")],
        &[("skills", "masonry"), IN_TOULON, ("radius", "20")],
        false,
        "the sum is too short",
    ),
    (
        &[("skills", "masonry"), ("areas", "department:83")],
        &[("skills", "masonry"), IN_TOULON],
        true,
        "the demand's area holds its site's department",
    ),
    (
        &[("skills", "masonry"), ("areas", "commune:06088")],
        &[("skills", "masonry"), ("areas", "commune:83137")],
        false,
        "communes apart",
    ),
    (
        &[("skills", "masonry"), ("areas", "region:93")],
        &[("skills", "masonry"), ("areas", "commune:83137")],
        true,
        "a commune within the region",
    ),
];

#[test]
fn topics_are_judged_as_by_hand() {
    for (wanted, declared, concerned, why) in TOPICS {
        assert_eq!(reason(&demand(wanted), &structure(declared)).is_some(), concerned, "{why}");
    }
}

#[test]
fn places_are_judged_as_by_hand() {
    for (wanted, declared, concerned, why) in PLACES {
        assert_eq!(reason(&demand(wanted), &structure(declared)).is_some(), concerned, "{why}");
    }
}

/// The rule is the same in both directions: an offer concerns those who declared what it offers.
#[test]
fn offers_and_calls_concern_by_the_same_rule() {
    let mason = structure(&[("skills", "masonry"), IN_NICE]);
    let offer = record(
        Kind::Exchange,
        &[("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "M")],
        &[("skills", "building"), NICE],
    );
    assert!(reason(&offer, &mason).is_some());
    let least = [("call-type", "call-for-partners"), ("title", "x"), ("bearer-label", "Y")];
    let call = |fields| record(Kind::Call, &least, fields);
    assert!(reason(&call(&[("skills", "building"), ("areas", "department:06")]), &mason).is_some());
    assert!(reason(&call(&[("skills", "building"), ("areas", "department:83")]), &mason).is_none());
    assert!(reason(&call(&[("skills", "building")]), &mason).is_some());
}

#[test]
fn people_are_concerned_by_their_own_declaration_and_other_kinds_never() {
    let person = |fields| record(Kind::Person, &[("given-name", "Colette")], fields);
    let wanted = demand(&[("skills", "language-teaching"), NICE]);
    assert!(reason(&wanted, &person(&[("skills", "language-teaching"), ("place", "Nice (06088)")])).is_some());
    assert!(reason(&wanted, &person(&[("skills", "language-teaching"), ("place", "Gap (05061)")])).is_none());
    let job = record(Kind::Job, &[("title", "x"), ("contract", "cdi"), ("employer-label", "Y")], &[]);
    assert!(Wanted::of(&job, rules()).is_none(), "a job names no skill");
    assert!(Declared::of(&job, rules().gazetteer).is_none());
    assert!(Wanted::of(&structure(&[("skills", "masonry")]), rules()).is_none());
}

/// The reason names the plainest meeting, the shared territory and the distance.
#[test]
fn the_reason_says_what_met_and_where() {
    let wanted = demand(&[("skills", "building"), ("skills", "baking"), NICE]);
    let told = reason(&wanted, &structure(&[("skills", "masonry"), ("skills", "baking"), IN_NICE])).unwrap();
    assert_eq!(told.meetings.len(), 1);
    assert_eq!((told.meetings[0].wanted.notation(), told.meetings[0].declared.notation()), ("baking", "baking"));
    assert_eq!(told.area.unwrap().to_form(), "department:06");
    assert!(told.distance_km.unwrap() < 0.1);
    let far = reason(
        &demand(&[("skills", "masonry"), NICE, ("radius", "200")]),
        &structure(&[("skills", "masonry"), IN_TOULON]),
    );
    let km = far.unwrap().distance_km.unwrap();
    assert!((110.0..140.0).contains(&km), "{km}");
}

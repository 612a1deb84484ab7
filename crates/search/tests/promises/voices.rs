//! Records that are where their voice is, or count in a territory; whose they are; and what is left out until it is asked for.

use crate::bed::{anyone, at, counts, index, names, structure};
use pes_domain::place::{Area, AreaKind, Place, Point};
use pes_domain::{Gazetteer, List};
use pes_search::{Entry, Facet, Index, Near, Query, Sign};

const DEPARTMENT: Facet = Facet::Territory(AreaKind::Department);

fn place(code: &str) -> Place {
    Place::of(Gazetteer::embedded().commune(code).unwrap())
}

fn area(text: &str) -> Area {
    let (kind, code) = text.split_once(':').unwrap();
    Area::new(AreaKind::named(kind).unwrap(), code)
}

/// Found, asked for a territory as lists ask for it.
fn there(index: &Index, text: &str) -> Vec<String> {
    let query = Query { or_counts_in: vec![area(text)], ..anyone("").stands_in(&area(text)) };
    let mut all: Vec<String> = names(&index.look(&query).unwrap()).into_iter().map(str::to_owned).collect();
    all.sort();
    all
}

fn five() -> Index {
    let lent = |title: &str, code: &str| Entry { lent: vec![place(code)], ..structure(title) };
    let counts_in = |title: &str, text: &str| Entry { counts_in: vec![area(text)], ..structure(title) };
    index(&[
        lent("A", "06088"),
        at(lent("B", "06088"), "13055"),
        counts_in("C", "department:06"),
        counts_in("D", "region:93"),
        Entry { acts_in: vec![area("department:06")], ..structure("E") },
    ])
}

#[test]
fn what_has_no_place_is_where_its_voice_is_and_what_has_one_is_there() {
    let index = five();
    assert_eq!(there(&index, "commune:13055"), ["1", "3"]);
    let near = |code: &str| Near { point: place(code).point.unwrap(), radius_km: Some(5.0) };
    let around = |code| index.look(&Query { near: Some(near(code)), ..anyone("") }).unwrap();
    assert_eq!(names(&around("06088")), ["0"]);
    assert_eq!(names(&around("13055")), ["1"]);
    let (marks, _) = index.points(&anyone(""), 10).unwrap();
    let exact: Vec<bool> = marks.iter().map(|mark| mark.estimated).collect();
    assert_eq!(exact.iter().filter(|estimated| !**estimated).count(), 1, "that it is there itself nobody said");
}

#[test]
fn what_counts_in_a_territory_is_found_in_each_part_of_it_and_counted_in_itself() {
    let index = five();
    assert_eq!(there(&index, "commune:06088"), ["0", "2", "3"]);
    assert_eq!(there(&index, "department:06"), ["0", "2", "3"], "and who acts there stands elsewhere");
    assert_eq!(there(&index, "region:93"), ["0", "1", "2", "3"]);
    assert_eq!(there(&index, "region:84"), [""; 0]);
    let found = index.look(&anyone("").count(DEPARTMENT).count(Facet::Territory(AreaKind::Region))).unwrap();
    assert_eq!(counts(&found, DEPARTMENT), [("06", 2), ("13", 1)]);
    assert_eq!(counts(&found, Facet::Territory(AreaKind::Region)), [("93", 4)]);
    for (value, total) in [("06", 2), ("13", 1)] {
        assert_eq!(index.look(&anyone("").choose(DEPARTMENT, value)).unwrap().total, total, "{value}");
    }
}

#[test]
fn ours_is_what_is_at_home_here_and_what_speaks_for_our_members() {
    let from = |title: &str, network: &str, voice: &str| Entry {
        network: format!("https://{network}.example"),
        voice: Some(voice.into()),
        ..structure(title)
    };
    let index = index(&[from("A", "ici", "x"), from("B", "loin", "y"), from("C", "loin", "z"), structure("D")]);
    let ours = |members: &[&str]| {
        let members = members.iter().map(|one| (*one).to_owned()).collect();
        let query = Query { voices: Some(("https://ici.example".into(), members)), ..anyone("") };
        names(&index.look(&query).unwrap()).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ours(&[]), ["0"]);
    assert_eq!(ours(&["y", "nobody"]), ["0", "1"]);
    assert_eq!(ours(&["y", "z"]), ["0", "1", "2"]);
}

#[test]
fn what_is_left_out_is_counted_as_what_asking_for_it_would_add() {
    let bearing = |title: &str, sign: Sign| Entry { signs: vec![sign], ..structure(title) };
    let index = index(&[structure("A"), bearing("B", Sign::Company), bearing("C", Sign::Unmapped)]);
    let kind = Facet::List(List::Kind);
    let all = Sign::ALL.iter().fold(anyone("").count(kind), |query, sign| query.count(Facet::Sign(*sign)));
    let found = index.look(&Query { without: vec![Sign::Company], ..all.clone() }).unwrap();
    assert_eq!((names(&found), counts(&found, kind)), (vec!["0", "2"], vec![("structure", 2)]));
    assert_eq!(counts(&found, Facet::Sign(Sign::Company)), [(Sign::BORNE, 1)]);
    assert_eq!(counts(&found, Facet::Sign(Sign::Unmapped)), [(Sign::BORNE, 1)]);
    assert_eq!(index.look(&all).unwrap().total, 3);
    let only = all.choose(Facet::Sign(Sign::Company), Sign::BORNE);
    assert_eq!(names(&index.look(&only).unwrap()), ["1"]);
    let nowhere = Point::new(0.0, 0.0).unwrap();
    let near = Query { near: Some(Near { point: nowhere, radius_km: Some(1.0) }), ..anyone("") };
    assert_eq!(index.look(&near).unwrap().total, 0);
}

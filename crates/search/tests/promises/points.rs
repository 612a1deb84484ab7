//! The points of a map.

use crate::bed::{NOW, anyone, at, index, iri, structure};
use pes_domain::Gazetteer;
use pes_domain::place::{Area, AreaKind, Place, Point};
use pes_search::{Bounds, Index, Mark, Near, Query, Reader};

fn sites() -> Index {
    let mut unplaced = structure("Sans point");
    unplaced.places.push(Place { commune: "06088".into(), name: "Nice".into(), point: None, estimated: false });
    index(&[
        at(at(structure("Deux sites"), "06088"), "75056"),
        at(structure("Amap de Cannes"), "06029"),
        unplaced,
        structure("Nulle part"),
    ])
}

fn communes(index: &Index, query: &Query) -> Vec<String> {
    let mut all: Vec<String> = index.points(query, 100).unwrap().0.into_iter().map(|mark| mark.commune).collect();
    all.sort();
    all
}

#[test]
fn a_point_tells_what_is_there() {
    let point = Point::new(43.700_1, 7.268_2).unwrap();
    let mut entry = structure("Mesclun");
    entry.places.push(Place { commune: "2A004".into(), name: "Ajaccio".into(), point: Some(point), estimated: true });
    let (marks, total) = index(&[entry]).points(&Query::new(Reader::Anyone, NOW), 10).unwrap();
    let [Mark { record, title, kind, point: told, estimated, commune }] = marks.as_slice() else { panic!("one point") };
    assert_eq!((total, record, title.as_str(), kind.as_str()), (1, &iri("0"), "Mesclun", "structure"));
    assert_eq!((*estimated, commune.as_str()), (true, "2A004"));
    assert!(told.distance_km(&point) < 0.001);
}

#[test]
fn all_points_of_what_is_found_are_given_and_no_others() {
    let index = sites();
    assert_eq!(communes(&index, &anyone("")), ["06029", "06088", "75056"]);
    assert_eq!(communes(&index, &anyone("amap")), ["06029"]);
    assert_eq!(communes(&index, &anyone("sans")), [""; 0]);
}

#[test]
fn a_site_elsewhere_is_not_on_this_map() {
    let index = sites();
    assert_eq!(communes(&index, &anyone("").stands_in(&Area::new(AreaKind::Department, "06"))), ["06029", "06088"]);
    assert_eq!(communes(&index, &anyone("deux sites à Nice")), ["06088"]);
    let both = anyone("deux sites à Nice").stands_in(&Area::new(AreaKind::Commune, "75056"));
    assert_eq!(communes(&index, &both), [""; 0], "no site is in both");
    let mut paris = anyone("");
    let centre = Gazetteer::embedded().commune("75056").unwrap().point.unwrap();
    paris.near = Some(Near { point: centre, radius_km: Some(20.0) });
    assert_eq!(communes(&index, &paris), ["75056"]);
    let mut riviera = anyone("");
    riviera.within = Some(Bounds { south: 43.0, west: 6.5, north: 44.0, east: 8.0 });
    assert_eq!(communes(&index, &riviera), ["06029", "06088"]);
}

#[test]
fn there_are_no_more_than_asked_for_and_all_are_counted() {
    let (marks, total) = sites().points(&anyone(""), 2).unwrap();
    assert_eq!((marks.len(), total), (2, 3));
}

#[test]
fn each_point_keeps_its_commune_however_many_there_are_and_after_parts_were_joined() {
    let codes = ["75056", "06088", "13055", "2A004", "97411", "06029", "69123"];
    let index = Index::in_memory(crate::bed::rules()).unwrap();
    let mut writer = index.writer().unwrap();
    for number in 0..3 {
        let entry = codes.iter().skip(number).fold(structure("Réseau"), |entry, code| at(entry, code));
        writer.replace(&iri(&number.to_string()), &[entry]).unwrap();
        writer.commit("on").unwrap();
    }
    for _ in 0..2 {
        let (marks, total) = index.points(&Query::new(Reader::Anyone, NOW), 100).unwrap();
        assert_eq!(total, 7 + 6 + 5);
        for mark in marks {
            let centre = Gazetteer::embedded().commune(&mark.commune).unwrap().point.unwrap();
            assert!(mark.point.distance_km(&centre) < 0.001, "{mark:?}");
        }
        writer = writer.compact().unwrap();
    }
}

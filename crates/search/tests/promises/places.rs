//! Places among the words, territories, distance.

use crate::bed::{anyone, at, found, found_set, index, saying, structure};
use pes_domain::Gazetteer;
use pes_domain::place::{Area, AreaKind, Point};
use pes_search::{Bounds, Entry, Facet, Index, Near, Sort};

const NICE: &str = "06088";
const CANNES: &str = "06029";
const MARSEILLE: &str = "13055";
const MARSEILLE_1: &str = "13201";
const LYON: &str = "69123";

fn acting(mut entry: Entry, kind: AreaKind, code: &str) -> Entry {
    entry.acts_in.push(Area::new(kind, code));
    entry
}

fn coast() -> Index {
    index(&[
        at(structure("Ressourcerie du Port"), MARSEILLE_1),
        at(structure("Ressourcerie des Collines"), NICE),
        at(structure("Amap du Vallon"), NICE),
        at(structure("Amap des Pins"), CANNES),
        saying(at(structure("Ressourcerie de Lyon"), LYON), "née à Marseille"),
        acting(structure("Appel à ressourceries"), AreaKind::Department, "13"),
        acting(at(structure("Ressourcerie nomade"), LYON), AreaKind::Region, "93"),
    ])
}

#[test]
fn a_commune_beside_the_words_is_where_to_look() {
    let index = coast();
    assert_eq!(found_set(&index, "ressourcerie marseille"), [0, 5], "in it, or nowhere and acting there");
    for typed in
        ["ressourceries à Marseille", "Marseille ressourcerie", "ressourcerie, MARSEILLE", "ressourcerie 13001"]
    {
        assert!(found(&index, typed).contains(&0), "{typed}");
        assert!(!found(&index, typed).contains(&4), "{typed}");
    }
    let place = index.look(&anyone("amap à Nice")).unwrap().understood.place.unwrap();
    assert_eq!((place.label.as_str(), place.areas), ("Nice", vec![Area::new(AreaKind::Commune, NICE)]));
    assert_eq!(found(&index, "amap nice"), [2]);
}

#[test]
fn a_department_a_region_and_their_numbers_and_short_names_are_places() {
    let index = coast();
    for typed in ["amap 06", "amap Alpes-Maritimes", "amap dans les alpes maritimes"] {
        assert_eq!(found_set(&index, typed), [2, 3], "{typed}");
    }
    for typed in ["ressourcerie paca", "ressourcerie provence alpes côte d’azur", "ressourcerie en PACA"] {
        assert_eq!(found_set(&index, typed), [0, 1, 5], "{typed}");
    }
    assert_eq!(index.look(&anyone("amap 06")).unwrap().understood.place.unwrap().label, "Alpes-Maritimes");
}

#[test]
fn a_place_alone_is_all_that_is_there() {
    assert_eq!(found_set(&coast(), "Nice"), [1, 2]);
    assert_eq!(found_set(&coast(), "06"), [1, 2, 3]);
}

#[test]
fn taken_literally_a_place_is_a_word() {
    let index = coast();
    let mut query = anyone("ressourcerie marseille");
    query.take_literally = true;
    let literally = index.look(&query).unwrap();
    assert!(literally.understood.place.is_none());
    assert_eq!(literally.total, 2, "the one that is there and the one that says it");
}

#[test]
fn where_a_place_yields_nothing_its_name_is_a_word() {
    let index = coast();
    let found = index.look(&anyone("amap marseille")).unwrap();
    assert_eq!((found.understood.place.as_ref(), found.understood.any_word), (None, false));
    assert_eq!(found.understood.nearest_to.unwrap().label, "Marseille");
    let told = index.look(&anyone("née marseille")).unwrap();
    assert_eq!((told.total, told.understood.place), (1, None));
}

#[test]
fn a_word_that_is_also_a_commune_is_a_word_unless_it_is_said_to_be_a_place() {
    let sens = Gazetteer::embedded().find("Sens")[0].code.clone();
    let mut entries: Vec<Entry> =
        (0..8).map(|number| saying(structure(&format!("Atelier {number}")), "donner du sens")).collect();
    entries.push(at(structure("Atelier de l’Yonne"), &sens));
    entries.push(saying(structure("Bio"), "Alimentation bio"));
    let index = index(&entries);
    assert_eq!(index.look(&anyone("atelier sens")).unwrap().understood.place, None);
    assert_eq!(found(&index, "atelier à Sens"), [8]);
    assert_eq!(
        index.look(&anyone("bio")).unwrap().understood.place,
        None,
        "a word of the thesaurus, and a commune of the Lot"
    );
}

/// Entries that say ordinary words, and one in each of some places with these names.
fn ordinary() -> Index {
    let code = |name: &str| Gazetteer::embedded().find(name)[0].code.clone();
    let mut entries: Vec<Entry> = (0..3)
        .map(|number| {
            saying(structure(&format!("Le Panier {number}")), "des paniers pas chers, sous serre, de la mer du Nord")
        })
        .collect();
    entries.push(at(structure("Le Fournil"), "18033"));
    entries.push(at(structure("La Cabane"), &code("Die")));
    entries.push(at(structure("La Bergerie"), &code("Gap")));
    entries.push(at(structure("La Filature"), "59350"));
    index(&entries)
}

#[test]
fn an_ordinary_word_is_a_word_and_the_place_is_offered() {
    let index = ordinary();
    let understood = |typed: &str| index.look(&anyone(typed)).unwrap().understood;
    for (typed, offered) in [("paniers pas cher", "Cher"), ("mer du nord", "Nord"), ("nord panier", "Nord")] {
        assert_eq!(found_set(&index, typed), [0, 1, 2], "{typed}");
        let told = understood(typed);
        assert_eq!((told.place, told.place_offered.map(|place| place.label)), (None, Some(offered.into())), "{typed}");
    }
    assert_eq!(understood("paniers pas cher").place_offered.unwrap().rest, "paniers pas");
    for (typed, label) in [("Cher", "Cher"), ("fournil dans le cher", "Cher"), ("filature Nord", "Nord")] {
        let told = understood(typed);
        assert_eq!((told.place.map(|place| place.label), told.place_offered), (Some(label.into()), None), "{typed}");
    }
    assert_eq!(understood("sous serre").place_offered, None, "nobody is in La Serre");
}

#[test]
fn a_name_that_nobody_uses_as_a_word_is_a_place_however_it_is_written() {
    let index = ordinary();
    for (typed, hit) in [("die", 4), ("gap", 5), ("Gap", 5), ("cabane die", 4), ("bergerie à gap", 5)] {
        assert_eq!(found(&index, typed), [hit], "{typed}");
        assert!(index.look(&anyone(typed)).unwrap().understood.place.is_some(), "{typed}");
    }
}

#[test]
fn a_village_is_a_word_where_anybody_says_it() {
    let village = Gazetteer::embedded().find("Aast")[0].code.clone();
    let in_it = at(structure("La Grange"), &village);
    let alone = index(&[in_it.clone(), structure("Autre")]);
    assert_eq!(alone.look(&anyone("aast")).unwrap().understood.place.unwrap().label, "Aast");
    let said = index(&[in_it, saying(structure("Autre"), "comme on dit aast")]);
    let told = said.look(&anyone("aast")).unwrap();
    assert_eq!((told.understood.place, told.understood.place_offered.unwrap().label), (None, "Aast".into()));
    assert!(said.look(&anyone("Aast")).unwrap().understood.place.is_some(), "written like a name");
}

#[test]
fn a_commune_that_was_typed_wrong_is_told_right() {
    let index = coast();
    let meant = |typed: &str| index.look(&anyone(typed)).unwrap().understood.commune_meant;
    let told = meant("ressourcerie marseile").unwrap();
    assert_eq!((told.label.as_str(), told.words.as_str()), ("Marseille", "ressourcerie Marseille"));
    assert_eq!(meant("amap à Nicce").map(|told| told.words), Some("amap à Nice".into()));
    assert_eq!(meant("amap à Cannnes").map(|told| told.words), Some("amap à Cannes".into()));
    assert_eq!(meant("Marsseille").unwrap().words, "Marseille");
    for typed in ["ressourcerie Marseille", "ressourcerie", "ressourcrie", "amap Toulousse", "amap nic", ""] {
        assert_eq!(meant(typed), None, "{typed}: right, no commune, one nobody is in, or too short");
    }
    let mut literally = anyone("ressourcerie marseile");
    literally.take_literally = true;
    assert_eq!(index.look(&literally).unwrap().understood.commune_meant, None);
}

#[test]
fn where_any_word_is_enough_what_is_sought_comes_before_where() {
    let mut entries: Vec<Entry> =
        (0..3).map(|number| at(structure(&format!("Marseille {number}")), MARSEILLE)).collect();
    entries.extend((0..9).map(|number| at(structure(&format!("Fournil {number}")), LYON)));
    let index = index(&entries);
    for typed in ["fournil astronomie marseille", "fournil d’astronomie à Marseille"] {
        let told = index.look(&anyone(typed)).unwrap();
        assert!(told.understood.any_word && told.total == 12, "{typed}");
        assert!(found(&index, typed)[..9].iter().all(|number| *number >= 3), "{typed}");
    }
}

#[test]
fn a_commune_nobody_is_in_is_a_word() {
    let index = index(&[saying(structure("Tour de France"), "la grande boucle")]);
    let found = index.look(&anyone("Tours")).unwrap();
    assert_eq!((found.total, found.understood.place), (1, None));
}

#[test]
fn numbers_at_the_beginning_are_no_departments() {
    let index = index(&[at(structure("24 heures du vélo"), NICE), structure("Autre")]);
    assert_eq!(found(&index, "24 heures"), [0]);
}

#[test]
fn communes_of_one_name_are_all_meant() {
    let both: Vec<&str> = Gazetteer::embedded().find("Saint-Denis").into_iter().map(|one| one.code.as_str()).collect();
    assert!(both.len() > 1);
    let index =
        index(&[at(structure("Amap A"), both[0]), at(structure("Amap B"), both[1]), at(structure("Amap C"), NICE)]);
    assert_eq!(found_set(&index, "amap Saint Denis"), [0, 1]);
}

#[test]
fn a_chosen_territory_is_where_it_stands_and_another_where_it_acts() {
    let index = coast();
    let hits = |query| {
        let found = index.look(&query).unwrap();
        let mut all: Vec<usize> = crate::bed::names(&found).into_iter().map(|name| name.parse().unwrap()).collect();
        all.sort_unstable();
        all
    };
    let area = |kind, code| Area::new(kind, code);
    assert_eq!(hits(anyone("").stands_in(&area(AreaKind::Department, "06"))), [1, 2, 3]);
    assert_eq!(hits(anyone("").stands_in(&area(AreaKind::Commune, MARSEILLE))), [0], "a quarter is in its town");
    let epci = Gazetteer::embedded().commune(CANNES).unwrap().epci.clone().unwrap();
    assert_eq!(hits(anyone("").stands_in(&area(AreaKind::Epci, &epci))), [3]);
    let either = anyone("").stands_in(&area(AreaKind::Region, "84")).stands_in(&area(AreaKind::Commune, CANNES));
    assert_eq!(hits(either), [3, 4, 6]);
    let acting = |kind, code| {
        let mut query = anyone("");
        query.acts_in = vec![area(kind, code)];
        hits(query)
    };
    assert_eq!(acting(AreaKind::Commune, NICE), [6]);
    assert_eq!(acting(AreaKind::Commune, MARSEILLE), [5, 6]);
    assert_eq!(acting(AreaKind::Region, "93"), [5, 6]);
    assert_eq!(acting(AreaKind::Region, "84"), [0; 0]);
}

fn centre(code: &str) -> Point {
    Gazetteer::embedded().commune(code).unwrap().point.unwrap()
}

#[test]
fn around_a_point_is_within_the_radius() {
    let index = coast();
    let mut query = anyone("");
    query.near = Some(Near { point: centre(NICE), radius_km: Some(50.0) });
    query.sort = Sort::Distance;
    let found = index.look(&query).unwrap();
    assert_eq!(crate::bed::names(&found), ["2", "1", "3"], "Nice by name, then Cannes");
    let distances: Vec<f64> = found.hits.iter().map(|hit| hit.distance_km.unwrap()).collect();
    assert!(distances[0] < 0.01 && (20.0..35.0).contains(&distances[2]), "{distances:?}");
}

#[test]
fn the_nearest_comes_first_and_what_has_no_point_last() {
    let mut two = at(at(structure("Deux lieux"), LYON), CANNES);
    two.summary = "au plus près compte".into();
    let index = index(&[at(structure("Loin"), LYON), at(structure("Près"), NICE), structure("Nulle part"), two]);
    let mut query = anyone("");
    query.near = Some(Near { point: centre(NICE), radius_km: None });
    query.sort = Sort::Distance;
    let found = index.look(&query).unwrap();
    assert_eq!(crate::bed::names(&found), ["1", "3", "0", "2"]);
    assert_eq!(found.hits[3].distance_km, None);
}

#[test]
fn a_part_of_the_map_holds_what_has_a_point_in_it() {
    let index = coast();
    let mut query = anyone("").count(Facet::Territory(AreaKind::Department));
    query.within = Some(Bounds { south: 43.0, west: 6.5, north: 44.0, east: 8.0 });
    let found = index.look(&query).unwrap();
    assert_eq!(found.total, 3);
    assert_eq!(crate::bed::counts(&found, Facet::Territory(AreaKind::Department)), [("06", 3)]);
}

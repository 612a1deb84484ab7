//! Searches as people type them, over the published code lists.

use crate::bed::{NOW, anyone, at, found, iri, names, saying, structure, with};
use crate::lists;
use pes_domain::place::Point;
use pes_domain::{Code, List, Rules};
use pes_search::{Index, Near, Query, Reader, Sort, Suggestion};
use std::sync::{Arc, OnceLock};

/// Twelve invented structures of Provence and elsewhere.
fn directory() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let rules = Arc::new(Rules::new(lists::published()));
        let sector = |entry, notation| with(entry, List::Sector, notation);
        let skill = |entry, notation| with(entry, List::Skill, notation);
        let mut scic = with(structure("Écoscience Provence"), List::LegalForm, "scic-sas");
        scic.alternatives = vec!["E.S.P.".into()];
        let entries = [
            sector(at(structure("La Ressourcerie du Vieux-Port"), "13201"), "environment-reuse-recycling-shops"),
            sector(at(structure("Recyclerie des Collines"), "06088"), "environment-reuse-recycling-shops"),
            sector(at(structure("Les Paniers du Vallon"), "06088"), "food-short-chain-amap"),
            sector(at(structure("AMAP des Pins"), "06029"), "food-short-chain-amap"),
            skill(at(structure("Les Copeaux Solidaires"), "13055"), "joinery"),
            saying(
                at(structure("Atelier Vélo Cigale"), "84007"),
                "On répare les bicyclettes, on apprend à le faire soi-même.",
            ),
            sector(at(structure("Le Fournil d’à côté"), "05061"), "food-making-bakery"),
            with(at(structure("Linux-Azur"), "06088"), List::Theme, "free-software"),
            at(scic, "83137"),
            sector(at(structure("Le Jardin de Rémy"), "13100"), "agriculture-gardens-shared"),
            sector(at(structure("Épicerie l’Entraide"), "75111"), "food-aid-solidarity-groceries"),
            saying(at(structure("Radio Garrigue"), "34172"), "Une radio libre et associative"),
        ];
        let index = Index::in_memory(rules).unwrap();
        let mut writer = index.writer().unwrap();
        for (number, entry) in entries.iter().enumerate() {
            writer.replace(&iri(&number.to_string()), std::slice::from_ref(entry)).unwrap();
        }
        writer.commit("all").unwrap();
        index
    })
}

#[test]
fn people_find_what_they_mean() {
    let cases: [(&str, &[usize]); 20] = [
        ("ressourcerie marseille", &[0]),
        ("ressourceries", &[0, 1]),
        ("recyclerie à Nice", &[1]),
        ("amap 06", &[2, 3]),
        ("amap à Nice", &[2]),
        ("association pour le maintien d'une agriculture paysanne", &[2, 3]),
        ("menuisière", &[4]),
        ("ébéniste bouches-du-rhône", &[4]),
        ("réparation de bicyclette", &[5]),
        ("boulanger gap", &[6]),
        ("pain", &[6]),
        ("logiciel libre", &[7]),
        ("logiciels libres paca", &[7]),
        ("s.c.i.c.", &[8]),
        ("ESP", &[8]),
        ("société coopérative d’intérêt collectif", &[8]),
        ("jardin partagé st remy de provence", &[9]),
        ("epicerie solidaire paris 11e", &[10]),
        ("epicerie 75011", &[10]),
        ("radio garigue", &[11]),
    ];
    for (typed, expected) in cases {
        let mut all = found(directory(), typed);
        all.sort_unstable();
        assert_eq!(all, expected, "{typed}");
    }
}

#[test]
fn it_is_told_how_words_were_taken() {
    let understood = |typed: &str| directory().look(&anyone(typed)).unwrap().understood;
    let nice = understood("amap à Nice");
    assert_eq!(nice.place.unwrap().label, "Nice");
    assert_eq!(nice.concepts, [Code::new(List::Sector, "food-short-chain-amap")]);
    assert!(!nice.forgiving && !nice.any_word);
    let bike = understood("atelier vélo ciagle");
    assert!(bike.forgiving && bike.place.is_none());
    assert!(understood("ressourcerie astronomie").any_word);
}

#[test]
fn a_name_of_its_own_comes_before_what_only_shares_a_concept() {
    let found = directory().look(&anyone("recyclerie")).unwrap();
    assert_eq!(names(&found), ["1", "0"]);
    let found = directory().look(&anyone("amap")).unwrap();
    assert_eq!(names(&found), ["3", "2"]);
}

#[test]
fn what_is_suggested_leads_somewhere() {
    for start in ["res", "amap", "men", "log", "mars", "epi", "jar", "sci", "toul", "vauc"] {
        for suggestion in directory().suggest(Reader::Anyone, NOW, start, 10).unwrap() {
            let query = match &suggestion {
                Suggestion::Record { title, .. } => anyone(title),
                Suggestion::Concept { code, .. } => {
                    anyone("").choose(pes_search::Facet::List(code.list()), code.notation())
                }
                Suggestion::Place { area, .. } => anyone("").stands_in(area),
            };
            assert!(directory().look(&query).unwrap().total > 0, "{start}: {suggestion:?}");
        }
    }
}

#[test]
fn where_nothing_is_in_a_place_what_is_nearest_comes_first() {
    let look = |typed: &str| directory().look(&anyone(typed)).unwrap();
    let found = look("épicerie solidaire à Marseille");
    let nearest = found.understood.nearest_to.clone().unwrap();
    assert_eq!((nearest.label.as_str(), nearest.rest.as_str()), ("Marseille", "épicerie solidaire"));
    assert!(found.understood.place.is_none() && names(&found) == ["10"]);
    let km = found.hits[0].distance_km.unwrap();
    assert!((600.0..700.0).contains(&km), "Paris is {km} km away");
    let found = look("amap mende");
    assert_eq!(names(&found), ["3", "2"], "Antibes, then Nice");
    assert_eq!(found.understood.nearest_to.as_ref().unwrap().label, "Mende");
    assert!(found.hits[0].distance_km < found.hits[1].distance_km);
    let found = look("recyclerie lozère");
    assert_eq!(names(&found), ["0", "1"], "a department is as near as where its people live");
    // Who chose an order, or another nearness, has it.
    assert_eq!(names(&look("recyclerie antibes")), ["1", "0"]);
    let by_name = Query { sort: Sort::Name, ..anyone("recyclerie antibes") };
    assert_eq!(names(&directory().look(&by_name).unwrap()), ["0", "1"]);
    let antibes = Near { point: Point::new(43.58, 7.12).unwrap(), radius_km: Some(15.0) };
    let around = directory().look(&Query { near: Some(antibes), ..anyone("amap mende") }).unwrap();
    assert!(around.understood.nearest_to.is_none());
    let literal = directory().look(&Query { take_literally: true, ..anyone("amap mende") }).unwrap();
    assert!(literal.understood.nearest_to.is_none() && literal.understood.any_word);
    // Of what nobody has there is no nearest.
    assert_eq!(look("astronomie à Nice").understood.nearest_to, None);
}

#[test]
fn who_says_the_name_comes_before_who_is_near_and_the_others_are_offered() {
    let entries = [
        at(structure("Les Amis de Marseille"), "75111"),
        at(structure("Les Amis du livre"), "13001"),
        at(structure("Le Fournil"), "13055"),
    ];
    let index = crate::bed::index(&entries);
    let look = |typed: &str| index.look(&anyone(typed)).unwrap();
    let said = look("amis marseille");
    assert_eq!(names(&said), ["0"]);
    assert_eq!(said.understood.nearest_to, None);
    assert_eq!(said.understood.nearness_offered.unwrap().rest, "amis");
    let meant = look("amis à Marseille");
    assert_eq!(names(&meant), ["1", "0"]);
    assert_eq!(meant.understood.nearness_offered, None);
    assert_eq!(meant.understood.nearest_to.unwrap().label, "Marseille");
}

#[test]
fn the_map_shows_what_is_nearest_too() {
    let (marks, total) = directory().points(&anyone("amap mende"), 10).unwrap();
    assert_eq!((marks.len(), total), (2, 2));
}

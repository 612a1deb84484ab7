//! What is suggested while somebody types.

use crate::bed::{NOW, at, index, iri, rules, structure, with};
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Code, List};
use pes_search::{Index, Reader, Suggestion};

fn told(index: &Index, typed: &str, limit: usize) -> Vec<String> {
    let suggestions = index.suggest(Reader::Anyone, NOW, typed, limit).unwrap();
    let label = |suggestion: Suggestion| match suggestion {
        Suggestion::Record { title, .. } => title,
        Suggestion::Concept { label, .. } => format!("c:{label}"),
        Suggestion::Place { label, .. } => format!("p:{label}"),
    };
    suggestions.into_iter().map(label).collect()
}

fn town() -> Index {
    let mut scop = structure("Coopérative du Vieux-Port");
    scop.alternatives = vec!["C.V.P.".into()];
    index(&[
        structure("L’Épicerie du coin"),
        structure("Épices et Riz"),
        structure("La Grande Épicerie"),
        at(scop, "13055"),
        with(at(structure("Menuiserie du Port"), "06088"), List::Skill, "carpentry"),
        structure("Ménagerie"),
    ])
}

#[test]
fn names_are_suggested_by_how_they_begin_and_then_by_a_word_in_them() {
    let index = town();
    assert_eq!(told(&index, "épi", 8), ["L’Épicerie du coin", "Épices et Riz", "La Grande Épicerie"]);
    assert_eq!(told(&index, "EPICERIE", 8), ["L’Épicerie du coin", "La Grande Épicerie"]);
    assert_eq!(told(&index, "l'épi", 1), ["L’Épicerie du coin"]);
    assert_eq!(told(&index, "vieux p", 8), ["Coopérative du Vieux-Port"]);
    assert_eq!(told(&index, "c.v", 8), ["Coopérative du Vieux-Port"], "by its acronym");
    assert_eq!(told(&index, "astronomie", 8), [""; 0]);
    assert_eq!((told(&index, "", 8).len(), told(&index, "?!", 8).len(), told(&index, "épi", 0).len()), (0, 0, 0));
}

#[test]
fn a_record_is_suggested_once_with_what_leads_to_it() {
    let mut twice = structure("Mesclun");
    twice.alternatives = vec!["Mesclun des mescluns".into()];
    let index = index(&[twice]);
    let record = Suggestion::Record { record: iri("0"), title: "Mesclun".into(), kind: "structure".into() };
    assert_eq!(index.suggest(Reader::Anyone, NOW, "mescl", 8).unwrap(), [record]);
}

#[test]
fn concepts_that_somebody_has_are_suggested_by_all_their_names() {
    let index = town();
    assert_eq!(told(&index, "men", 8), ["Ménagerie", "Menuiserie du Port", "c:Menuiserie"]);
    assert_eq!(told(&index, "travail du b", 8), ["c:Menuiserie"]);
    assert_eq!(told(&index, "bt", 8), ["c:Bâtiment"], "above one that somebody has");
    assert_eq!(told(&index, "chau", 8), [""; 0], "nobody has it");
    let code = Code::new(List::Skill, "carpentry");
    let concept = Suggestion::Concept { code, label: "Menuiserie".into() };
    assert_eq!(index.suggest(Reader::Anyone, NOW, "menuisi", 8).unwrap(), [concept]);
}

#[test]
fn places_where_somebody_is_are_suggested() {
    let index = town();
    assert_eq!(told(&index, "Marse", 8), ["p:Marseille"]);
    assert_eq!(told(&index, "06000", 8), ["p:Nice"]);
    assert_eq!(told(&index, "alpes-m", 8), ["p:Alpes-Maritimes"]);
    assert_eq!(told(&index, "paca", 8), ["p:Provence-Alpes-Côte d'Azur"]);
    assert_eq!(told(&index, "toulous", 8), [""; 0], "nobody is there");
    let place = Suggestion::Place { area: Area::new(AreaKind::Commune, "06088"), label: "Nice".into() };
    assert_eq!(index.suggest(Reader::Anyone, NOW, "nic", 8).unwrap(), [place]);
}

#[test]
fn there_are_no_more_than_asked_for_and_places_keep_room() {
    let mut entries: Vec<_> = (0..20).map(|number| structure(&format!("Marché {number:02}"))).collect();
    entries.push(at(structure("Port"), "13055"));
    let index = index(&entries);
    let eight = told(&index, "mar", 8);
    assert_eq!((eight.len(), eight.last().unwrap().as_str()), (8, "p:Marseille"));
    assert_eq!(eight[..2], ["Marché 00", "Marché 01"]);
}

#[test]
fn suggestions_do_not_depend_on_how_the_index_is_cut() {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    for number in [3, 1, 4, 0, 2] {
        writer.replace(&iri(&number.to_string()), &[structure(&format!("Jardin {number}"))]).unwrap();
        writer.commit("some").unwrap();
    }
    assert_eq!(told(&index, "jar", 3), ["Jardin 0", "Jardin 1", "Jardin 2"]);
    drop(writer.compact().unwrap());
    assert_eq!(told(&index, "jar", 3), ["Jardin 0", "Jardin 1", "Jardin 2"]);
}

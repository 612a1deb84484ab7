//! Nobody is shown what they may not see: not in a hit, a count, a facet, a suggestion, a point, nor by how words are taken.

use crate::bed::{DAY, NOW, anyone, at, counts, iri, rules, structure, with};
use pes_domain::List;
use pes_domain::place::{Area, AreaKind};
use pes_search::{Entry, Facet, Index, Query, Reader, Readers, Suggestion};

/// A word that stands in what is for members alone, and nowhere else.
const CANARY: &str = "zinzolin";
/// A commune where only a member's structure is.
const HIDDEN: &str = "48095";

fn for_members(mut entry: Entry) -> Entry {
    entry.readers = Readers::Members;
    entry
}

/// One record with two sheets, one for members alone, one for all.
fn planted() -> Index {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    let mut open = structure("Mesclun");
    open.readers = Readers::Anyone;
    let mut full = structure("Mesclun");
    full.readers = Readers::Members;
    full.text = format!("{CANARY} au téléphone");
    full.alternatives = vec![format!("{CANARY} et compagnie")];
    full.tags = vec![CANARY.into()];
    writer.replace(&iri("two"), &[open, at(with(full, List::Skill, "thatching"), HIDDEN)]).unwrap();
    let mut hidden = for_members(structure(&format!("Maison {CANARY}")));
    hidden.network = format!("https://{CANARY}.example");
    writer.replace(&iri("hidden"), &[at(with(hidden, List::Skill, "thatching"), HIDDEN)]).unwrap();
    writer.replace(&iri("plain"), &[at(structure("Atelier"), "06088")]).unwrap();
    writer.commit("1").unwrap();
    index
}

fn everything(reader: Reader) -> Query {
    Facet::all().fold(Query::new(reader, NOW), Query::count)
}

#[test]
fn each_record_is_found_once_by_whom_it_is_for() {
    let index = planted();
    assert_eq!(index.look(&everything(Reader::Anyone)).unwrap().total, 2);
    assert_eq!(index.look(&everything(Reader::Member)).unwrap().total, 3);
    assert_eq!(index.look(&Query::new(Reader::Member, NOW).typed("mesclun")).unwrap().total, 1);
    assert_eq!(index.look(&anyone("mesclun")).unwrap().total, 1);
}

#[test]
fn a_word_for_members_is_found_by_members_alone() {
    let index = planted();
    let member = |typed: &str| index.look(&Query::new(Reader::Member, NOW).typed(typed)).unwrap();
    assert_eq!(member(CANARY).total, 2);
    for typed in [CANARY, "zinzolins", "zinzolim", "maison zinzolin", "mende", "48", "chaume", "thatching"] {
        let found = index.look(&everything(Reader::Anyone).typed(typed)).unwrap();
        assert_eq!(found.total, 0, "{typed}");
        let in_facets = found.facets.values().flatten().count();
        assert_eq!((in_facets, found.understood), (0, Default::default()), "{typed}");
    }
}

#[test]
fn counts_and_facets_tell_of_nothing_hidden() {
    let index = planted();
    let (open, full) =
        (index.look(&everything(Reader::Anyone)).unwrap(), index.look(&everything(Reader::Member)).unwrap());
    assert!(!format!("{open:?}").contains(CANARY) && format!("{full:?}").contains(CANARY));
    assert_eq!(counts(&open, Facet::Network), [("https://mesclun.example", 2)]);
    assert_eq!((counts(&open, Facet::List(List::Skill)).len(), counts(&full, Facet::List(List::Skill)).len()), (0, 3));
    let departments = Facet::Territory(AreaKind::Department);
    assert_eq!((counts(&open, departments), counts(&full, departments)), (vec![("06", 1)], vec![("48", 2), ("06", 1)]));
    let chosen = everything(Reader::Anyone).choose(Facet::Tag, CANARY);
    assert_eq!(index.look(&chosen).unwrap().total, 0);
    let elsewhere = everything(Reader::Anyone).stands_in(&Area::new(AreaKind::Commune, HIDDEN));
    assert_eq!(index.look(&elsewhere).unwrap().total, 0);
}

#[test]
fn suggestions_tell_of_nothing_hidden() {
    let index = planted();
    let of = |reader, typed: &str| index.suggest(reader, NOW, typed, 10).unwrap();
    for typed in [CANARY, "zinz", "maison z", "chau", "Mend", "Lozè", "couv", "bât"] {
        assert_eq!(of(Reader::Anyone, typed), [], "{typed}");
        assert!(!of(Reader::Member, typed).is_empty(), "{typed}");
    }
    let mesclun = |reader| {
        let records = of(reader, "mescl").into_iter().filter(|one| matches!(one, Suggestion::Record { .. }));
        records.count()
    };
    assert_eq!((mesclun(Reader::Anyone), mesclun(Reader::Member)), (1, 1));
}

#[test]
fn points_tell_of_nothing_hidden() {
    let index = planted();
    let (marks, total) = index.points(&Query::new(Reader::Anyone, NOW), 100).unwrap();
    assert_eq!((marks.len(), total, marks[0].commune.as_str()), (1, 1, "06088"));
    assert_eq!(index.points(&Query::new(Reader::Member, NOW), 100).unwrap().1, 3);
    assert_eq!(index.points(&anyone(CANARY), 100).unwrap(), (vec![], 0));
}

#[test]
fn how_words_are_taken_tells_of_nothing_hidden() {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    let seen = crate::bed::saying(structure("Amap"), "ressourcerie");
    writer.replace(&iri("seen"), std::slice::from_ref(&seen)).unwrap();
    writer.commit("1").unwrap();
    let ask = |typed: &str| {
        let found = index.look(&everything(Reader::Anyone).typed(typed)).unwrap();
        let suggested = index.suggest(Reader::Anyone, NOW, typed, 10).unwrap();
        (found, suggested, index.points(&anyone(typed), 10).unwrap())
    };
    let typed =
        ["ressourcrie", "amap mende", "amap couvreur", "amap zinzolin", "amap", "lozère", "resso", "mende amap"];
    let before: Vec<_> = typed.iter().map(|typed| ask(typed)).collect();
    for number in 0..9 {
        let mut hidden = for_members(structure("Amap ressourcrie"));
        hidden.text = format!("amap ressourcrie {CANARY} mende couvreur");
        writer.replace(&iri(&number.to_string()), &[at(with(hidden, List::Skill, "roofing"), HIDDEN)]).unwrap();
    }
    writer.commit("2").unwrap();
    for (typed, before) in typed.iter().zip(before) {
        assert_eq!(ask(typed), before, "{typed}");
    }
}

#[test]
fn what_has_expired_is_nowhere() {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    let mut passing = at(with(structure("Annonce"), List::Skill, "thatching"), HIDDEN);
    passing.expires = Some(NOW + DAY);
    writer.replace(&iri("passing"), &[passing]).unwrap();
    writer.commit("1").unwrap();
    let at = |now| {
        let mut query = everything(Reader::Anyone);
        query.now = now;
        let found = index.look(&query).unwrap();
        let suggested =
            ["anno", "chau", "mend"].map(|typed| index.suggest(Reader::Anyone, now, typed, 10).unwrap().len());
        let counted: usize = found.facets.values().flatten().map(|(_, count)| count).sum();
        (found.total, counted > 0, suggested, index.points(&query, 10).unwrap().1)
    };
    assert_eq!(at(NOW), (1, true, [1, 1, 1], 1));
    assert_eq!(at(NOW + DAY - 1), (1, true, [1, 1, 1], 1));
    assert_eq!(at(NOW + DAY), (0, false, [0, 0, 0], 0));
}

//! In what order hits come, and that it is always the same.

use crate::bed::{DAY, NOW, anyone, at, index, iri, names, rules, saying, structure};
use pes_domain::place::Point;
use pes_search::{DEEPEST, Entry, Index, Near, Query, Sort};

fn sorted(index: &Index, sort: Sort) -> Vec<String> {
    let mut query = anyone("");
    query.sort = sort;
    names(&index.look(&query).unwrap()).into_iter().map(str::to_owned).collect()
}

#[test]
fn by_name_accents_and_articles_elided_apart() {
    let mut sorted_elsewhere = structure("Zèbre");
    sorted_elsewhere.sort_name = "Bâton".into();
    let index =
        index(&[structure("Zoé"), structure("L’Épicerie"), structure("amap"), sorted_elsewhere, structure("Fête")]);
    assert_eq!(sorted(&index, Sort::Name), ["2", "3", "1", "4", "0"]);
    assert_eq!(sorted(&index, Sort::Relevance), ["2", "3", "1", "4", "0"], "without words");
}

#[test]
fn by_freshness_and_by_date() {
    let entry = |name: &str, modified: i64, published: i64, times: &[(i64, i64)]| {
        let mut entry = structure(name);
        (entry.modified, entry.published) = (NOW + modified * DAY, NOW + published * DAY);
        entry.occurrences = times.iter().map(|(begin, end)| (NOW + begin * DAY, NOW + end * DAY)).collect();
        entry
    };
    let index = index(&[
        entry("A", -3, -9, &[(8, 9)]),
        entry("B", -1, -8, &[(-20, -19), (2, 3), (30, 31)]),
        entry("C", -2, -7, &[]),
        entry("D", -9, -6, &[(-5, -4)]),
        entry("E", -8, -9, &[(-1, 1)]),
    ]);
    assert_eq!(sorted(&index, Sort::Freshness), ["1", "2", "0", "4", "3"]);
    assert_eq!(
        sorted(&index, Sort::Date),
        ["4", "1", "0", "3", "2"],
        "what goes on, what comes, what is past or is no event"
    );
    let mut later = anyone("");
    later.sort = Sort::Date;
    later.dates = Some((NOW + 7 * DAY, NOW + 40 * DAY));
    assert_eq!(names(&index.look(&later).unwrap()), ["0", "1"], "by what is next in the time chosen");
}

#[test]
fn around_a_point_what_fits_and_is_near_comes_before_what_fits_as_well_and_is_far() {
    let index = index(&[
        at(structure("Repair café des Alpilles"), "13100"),
        at(structure("Repair café des Collines"), "06088"),
        saying(at(structure("La Maison du quartier"), "06027"), "Chaque mois un repair café."),
        structure("Repair café des Pins"),
        at(saying(structure("Vélo"), "Répare"), "06088"),
    ]);
    let mut near_nice = anyone("repair café");
    near_nice.near = Some(Near { point: Point::new(43.7, 7.27).unwrap(), radius_km: None });
    let found = index.look(&near_nice).unwrap();
    assert_eq!(names(&found), ["1", "2", "3", "0"], "near, near and only said, nowhere, far");
    let from_nowhere = index.look(&anyone("repair café")).unwrap();
    assert_eq!(names(&from_nowhere).last(), Some(&"2"), "who is called so comes first");
}

fn twins() -> Vec<(String, Entry)> {
    let twin = |number: usize| (iri(&number.to_string()), saying(structure("Jumeau"), "même texte"));
    (0..30).map(twin).collect()
}

/// The same records, put in one after the other in `parts` commits, in this order.
fn cut(mut records: Vec<(String, Entry)>, parts: usize, backwards: bool) -> Index {
    if backwards {
        records.reverse();
    }
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    for chunk in records.chunks(records.len().div_ceil(parts)) {
        chunk.iter().for_each(|(record, entry)| writer.replace(record, std::slice::from_ref(entry)).unwrap());
        writer.commit("some").unwrap();
    }
    index
}

#[test]
fn what_is_equal_comes_in_the_same_order_however_the_index_is_cut() {
    let page = |index: &Index, typed: &str, offset| {
        let mut query = anyone(typed);
        (query.offset, query.limit) = (offset, 7);
        names(&index.look(&query).unwrap()).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, five, back) = (cut(twins(), 1, false), cut(twins(), 5, false), cut(twins(), 3, true));
    for typed in ["jumeau", ""] {
        let mut all = Vec::new();
        for offset in [0, 7, 14, 21, 28] {
            let first = page(&one, typed, offset);
            assert_eq!(page(&five, typed, offset), first, "{typed:?} from {offset}");
            assert_eq!(page(&back, typed, offset), first, "{typed:?} from {offset}");
            all.extend(first);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 30, "pages neither overlap nor leave out");
    }
}

#[test]
fn pages_end_somewhere() {
    let index = index(&[structure("A")]);
    let page = |offset, limit| {
        let mut query: Query = anyone("");
        (query.offset, query.limit) = (offset, limit);
        let found = index.look(&query).unwrap();
        (found.total, found.hits.len())
    };
    assert_eq!(page(0, 0), (1, 0));
    assert_eq!(page(1, 20), (1, 0));
    assert_eq!(page(DEEPEST, 20), (1, 0));
    assert_eq!(page(usize::MAX, usize::MAX), (1, 0));
}

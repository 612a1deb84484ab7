//! Facets and their counts.

use crate::bed::{DAY, NOW, anyone, at, counts, index, rules, structure, with};
use pes_domain::List;
use pes_domain::place::AreaKind;
use pes_search::{Entry, Facet, Index, Query};
use std::collections::{BTreeMap, BTreeSet};

const SKILL: Facet = Facet::List(List::Skill);
const FORM: Facet = Facet::List(List::LegalForm);
const DEPARTMENT: Facet = Facet::Territory(AreaKind::Department);

fn five() -> Index {
    let scic = |entry| with(entry, List::LegalForm, "scic");
    let association = |entry| with(entry, List::LegalForm, "association");
    let skilled = |name, skill| with(structure(name), List::Skill, skill);
    let mut both = with(skilled("E", "carpentry"), List::Skill, "roofing");
    both.network = "https://alliance.example".into();
    both.tags = vec!["velo".into(), "pain".into()];
    index(&[
        at(scic(skilled("A", "carpentry")), "06088"),
        at(association(skilled("B", "carpentry")), "06088"),
        at(association(skilled("C", "thatching")), "13055"),
        association(structure("D")),
        at(scic(both), "13201"),
    ])
}

#[test]
fn a_concept_counts_what_is_below_it_and_each_entry_once() {
    let found = five().look(&anyone("").count(SKILL).count(FORM)).unwrap();
    assert_eq!(counts(&found, SKILL), [("building", 4), ("carpentry", 3), ("roofing", 2), ("thatching", 1)]);
    assert_eq!(counts(&found, FORM), [("association", 3), ("scic", 2)]);
    assert_eq!(found.facets.len(), 2, "no other was asked for");
}

#[test]
fn a_chosen_concept_takes_what_is_below_it() {
    let found = five().look(&anyone("").choose(SKILL, "roofing")).unwrap();
    assert_eq!(crate::bed::names(&found), ["2", "4"]);
    assert_eq!(five().look(&anyone("").choose(SKILL, "unheard-of")).unwrap().total, 0);
}

#[test]
fn within_a_facet_any_is_enough_and_between_facets_all_are_needed() {
    let index = five();
    let either = anyone("").choose(SKILL, "thatching").choose(SKILL, "carpentry");
    assert_eq!(index.look(&either).unwrap().total, 4);
    assert_eq!(index.look(&either.choose(FORM, "scic")).unwrap().total, 2);
}

#[test]
fn a_facet_is_counted_as_if_nothing_of_it_were_chosen() {
    let query = anyone("").choose(SKILL, "carpentry").choose(FORM, "scic").count(SKILL).count(FORM).count(DEPARTMENT);
    let found = five().look(&query).unwrap();
    assert_eq!(found.total, 2);
    assert_eq!(counts(&found, SKILL), [("building", 2), ("carpentry", 2), ("roofing", 1)], "of the SCIC");
    assert_eq!(counts(&found, FORM), [("scic", 2), ("association", 1)], "of the carpenters");
    assert_eq!(counts(&found, DEPARTMENT), [("06", 1), ("13", 1)], "of both");
}

#[test]
fn all_kinds_of_territory_are_one_choice() {
    let commune = Facet::Territory(AreaKind::Commune);
    let query = anyone("").choose(DEPARTMENT, "06").count(DEPARTMENT).count(commune).count(FORM);
    let found = five().look(&query).unwrap();
    assert_eq!(found.total, 2);
    assert_eq!(counts(&found, DEPARTMENT), [("06", 2), ("13", 2)]);
    assert_eq!(counts(&found, commune), [("06088", 2), ("13055", 2), ("13201", 1)]);
    assert_eq!(counts(&found, FORM), [("association", 1), ("scic", 1)]);
}

#[test]
fn kinds_networks_and_tags_are_facets() {
    let kind = Facet::List(List::Kind);
    let found = five().look(&anyone("").count(kind).count(Facet::Network).count(Facet::Tag)).unwrap();
    assert_eq!(counts(&found, kind), [("structure", 5)]);
    assert_eq!(counts(&found, Facet::Network), [("https://mesclun.example", 4), ("https://alliance.example", 1)]);
    assert_eq!(counts(&found, Facet::Tag), [("pain", 1), ("velo", 1)]);
    assert_eq!(five().look(&anyone("").choose(Facet::Network, "https://alliance.example")).unwrap().total, 1);
    assert_eq!(five().look(&anyone("").choose(Facet::Tag, "velo")).unwrap().total, 1);
}

#[test]
fn choosing_does_not_change_how_words_are_taken() {
    let index = index(&[
        at(with(structure("Amap A"), List::LegalForm, "association"), "06088"),
        with(crate::bed::saying(structure("Amap B"), "venue de Nice"), List::LegalForm, "scic"),
    ]);
    let found = index.look(&anyone("amap nice").choose(FORM, "scic").count(FORM)).unwrap();
    assert_eq!(found.understood.place.unwrap().label, "Nice");
    assert_eq!((found.total, found.facets[&FORM].len()), (0, 1));
}

fn events() -> Index {
    let event = |name: &str, times: &[(i64, i64)]| {
        let mut entry = structure(name);
        entry.kind = "event".into();
        entry.occurrences = times.iter().map(|(begin, end)| (NOW + begin * DAY, NOW + end * DAY)).collect();
        entry
    };
    let mut article = structure("Article");
    article.published = NOW + 3 * DAY;
    index(&[
        event("Fête", &[(1, 2)]),
        event("Cours", &[(-7, -6), (0, 1), (7, 8), (14, 15)]),
        event("Festival", &[(5, 9)]),
        event("Instant", &[(3, 3)]),
        article,
    ])
}

#[test]
fn an_event_is_in_a_time_if_any_of_its_occurrences_is_and_others_if_they_were_published_in_it() {
    let index = events();
    let between = |from: i64, until: i64| {
        let mut query = anyone("");
        query.dates = Some((NOW + from * DAY, NOW + until * DAY));
        let mut all: Vec<String> =
            crate::bed::names(&index.look(&query).unwrap()).into_iter().map(str::to_owned).collect();
        all.sort();
        all
    };
    assert_eq!(between(1, 2), ["0"], "the course ends as it begins");
    assert_eq!(between(3, 4), ["3", "4"]);
    assert_eq!(between(6, 8), ["1", "2"]);
    assert_eq!(between(9, 14), [""; 0]);
    assert_eq!(between(-10, -6), ["1"]);
}

#[test]
fn periods_are_counted_as_if_no_time_were_chosen() {
    let week = |name: &str, from: i64| (name.to_owned(), NOW + from * DAY, NOW + (from + 7) * DAY);
    let mut query = anyone("").count(Facet::Date).count(Facet::List(List::Kind));
    query.periods = vec![week("this", 0), week("next", 7), week("later", 70)];
    query.dates = Some((NOW + 7 * DAY, NOW + 14 * DAY));
    let found = events().look(&query).unwrap();
    assert_eq!(counts(&found, Facet::Date), [("this", 5), ("next", 2), ("later", 0)]);
    assert_eq!(counts(&found, Facet::List(List::Kind)), [("event", 2)]);
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

const COMMUNES: [&str; 6] = ["06088", "06029", "13055", "13201", "13202", "69123"];
const SKILLS: [&str; 4] = ["building", "carpentry", "roofing", "thatching"];
const FORMS: [&str; 2] = ["scic", "association"];

fn random(dice: &mut Dice) -> Entry {
    let mut entry = structure("Atelier");
    for _ in 0..dice.below(3) {
        entry = at(entry, COMMUNES[dice.below(6)]);
    }
    for _ in 0..dice.below(4) {
        entry = with(entry, List::Skill, SKILLS[dice.below(4)]);
    }
    entry = with(entry, List::LegalForm, FORMS[dice.below(2)]);
    entry.network = format!("https://{}.example", dice.below(3));
    entry
}

/// The values of a facet that an entry has, worked out in the plainest way.
fn plainly(entry: &Entry, facet: Facet) -> BTreeSet<String> {
    let rules = rules();
    match facet {
        Facet::List(list) => {
            let codes = entry.concepts.iter().flat_map(|code| rules.thesaurus.path(code));
            codes.filter(|code| code.list() == list).map(|code| code.notation().to_owned()).collect()
        }
        Facet::Territory(kind) => {
            let areas = entry.places.iter().flat_map(|place| rules.gazetteer.commune(&place.commune).unwrap().areas());
            areas.filter(|area| area.kind == kind).map(|area| area.code).collect()
        }
        _ => BTreeSet::from([entry.network.clone()]),
    }
}

#[test]
fn counts_are_those_that_counting_by_hand_gives() {
    let commune = Facet::Territory(AreaKind::Commune);
    let region = Facet::Territory(AreaKind::Region);
    let facets = [SKILL, FORM, DEPARTMENT, commune, region, Facet::Territory(AreaKind::Epci), Facet::Network];
    let mut dice = Dice(7);
    let entries: Vec<Entry> = (0..200).map(|_| random(&mut dice)).collect();
    let index = index(&entries);
    for _ in 0..60 {
        let mut query = facets.into_iter().fold(anyone(""), Query::count);
        for _ in 0..dice.below(4) {
            query = match dice.below(5) {
                0 => query.choose(SKILL, SKILLS[dice.below(4)]),
                1 => query.choose(FORM, FORMS[dice.below(2)]),
                2 => query.choose(commune, COMMUNES[dice.below(6)]),
                3 => query.choose(DEPARTMENT, ["06", "13", "69"][dice.below(3)]),
                _ => query.choose(Facet::Network, format!("https://{}.example", dice.below(3))),
            };
        }
        let is_territory = |facet: Facet| matches!(facet, Facet::Territory(_));
        let fits = |entry: &Entry, counted: Option<Facet>| {
            let others = query.chosen.iter().filter(|(facet, _)| {
                counted.is_none_or(|counted| **facet != counted && !(is_territory(**facet) && is_territory(counted)))
            });
            let (territories, lists): (Vec<_>, Vec<_>) = others.partition(|(facet, _)| is_territory(**facet));
            let has = |(facet, values): &(&Facet, &Vec<String>)| {
                values.iter().any(|one| plainly(entry, **facet).contains(one))
            };
            lists.iter().all(has) && (territories.is_empty() || territories.iter().any(has))
        };
        let found = index.look(&query).unwrap();
        assert_eq!(found.total, entries.iter().filter(|entry| fits(entry, None)).count(), "{:?}", query.chosen);
        for facet in facets {
            let mut by_hand = BTreeMap::<String, usize>::new();
            for value in entries.iter().filter(|entry| fits(entry, Some(facet))).flat_map(|entry| plainly(entry, facet))
            {
                *by_hand.entry(value).or_default() += 1;
            }
            let told: BTreeMap<String, usize> = found.facets[&facet].iter().cloned().collect();
            assert_eq!(told, by_hand, "{facet:?} of {:?}", query.chosen);
        }
    }
}

#[test]
fn of_many_values_the_most_frequent_are_told_and_those_that_were_chosen() {
    let tagged = |tags: &[&str]| Entry { tags: tags.iter().map(ToString::to_string).collect(), ..structure("A") };
    let entries =
        [tagged(&["pain", "velo", "bois"]), tagged(&["pain", "velo"]), tagged(&["pain", "art"]), tagged(&["rare"])];
    let index = index(&entries);
    let told = |query: &Query| {
        counts(&index.look(query).unwrap(), Facet::Tag)
            .into_iter()
            .map(|(tag, count)| (tag.to_owned(), count))
            .collect::<Vec<_>>()
    };
    let own = |all: &[(&str, usize)]| all.iter().map(|(tag, count)| ((*tag).to_owned(), *count)).collect::<Vec<_>>();
    let few = Query { most_values: 2, ..anyone("").count(Facet::Tag) };
    assert_eq!(told(&few), own(&[("pain", 3), ("velo", 2)]));
    assert_eq!(told(&few.clone().choose(Facet::Tag, "rare")), own(&[("pain", 3), ("velo", 2), ("rare", 1)]));
    assert_eq!(told(&Query { most_values: 0, ..few.clone() }), []);
    assert_eq!(told(&Query { most_values: 9, ..few }).len(), 5);
}

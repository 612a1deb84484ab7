//! The index beside models so plain that they are plainly right, over many random entries and doings.

use crate::bed::{DAY, NOW, anyone, at, iri, names, rules, saying, structure, with};
use pes_domain::place::{Area, AreaKind, Point};
use pes_domain::{Code, List};
use pes_search::{Bounds, Entry, Facet, Found, Index, Mark, Near, Query, Reader, Readers, Sort, Suggestion};
use std::collections::BTreeMap;

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn days(&mut self) -> i64 {
        i64::try_from(self.below(40)).unwrap() - 20
    }
}

const COMMUNES: [&str; 6] = ["06088", "06029", "13055", "13201", "48095", "69123"];
const SKILLS: [&str; 4] = ["building", "carpentry", "roofing", "thatching"];
const WORDS: [&str; 10] =
    ["atelier", "vélo", "jardin", "ressourcerie", "pain", "mende", "couvreur", "btp", "partage", "épicerie"];

fn random(dice: &mut Dice) -> Entry {
    let title = format!("{} {}", dice.pick(&WORDS), dice.pick(&WORDS));
    let text: Vec<&str> = (0..dice.below(6)).map(|_| dice.pick(&WORDS)).collect();
    let mut entry = saying(structure(&title), &text.join(" "));
    for _ in 0..dice.below(3) {
        entry = at(entry, dice.pick(&COMMUNES));
    }
    for _ in 0..dice.below(3) {
        entry = with(entry, List::Skill, dice.pick(&SKILLS));
    }
    for _ in 0..dice.below(2) {
        entry.acts_in.push(Area::new(AreaKind::Department, dice.pick(&["06", "13", "48"])));
    }
    for _ in 0..dice.below(3) {
        let begin = NOW + dice.days() * DAY;
        entry.occurrences.push((begin, begin + DAY));
    }
    entry.modified = NOW + dice.days() * DAY;
    entry.published = NOW + dice.days() * DAY;
    entry.expires = (dice.below(4) == 0).then(|| NOW + dice.days() * DAY);
    entry
}

type Model = BTreeMap<String, Vec<Entry>>;

fn put(model: &Model, commits: usize) -> Index {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    let all: Vec<_> = model.iter().collect();
    for some in all.chunks(all.len().div_ceil(commits).max(1)) {
        some.iter().for_each(|(record, entries)| writer.replace(record, entries).unwrap());
        writer.commit("some").unwrap();
    }
    index
}

/// All that can be asked in one go: the answer to a query, its points and the suggestions for its words.
fn answers(index: &Index, query: &Query) -> (Found, Vec<Mark>, Vec<Suggestion>) {
    let (mut marks, total) = index.points(query, 1_000).unwrap();
    assert_eq!(marks.len(), total);
    marks.sort_by(|one, other| (&one.record, &one.commune).cmp(&(&other.record, &other.commune)));
    (index.look(query).unwrap(), marks, index.suggest(query.reader, query.now, &query.words, 12).unwrap())
}

fn random_query(dice: &mut Dice, reader: Reader) -> Query {
    let mut query = Facet::all().fold(Query::new(reader, NOW), Query::count);
    query.words = match dice.below(5) {
        0 => String::new(),
        1 => dice
            .pick(&["ressourcrie", "epicrie", "lozère", "atelier nice", "jardin à Mende", "13", "BTP paca"])
            .to_owned(),
        _ => (0..=dice.below(2)).map(|_| dice.pick(&WORDS)).collect::<Vec<_>>().join(" "),
    };
    query.sort = dice.pick(&[Sort::Relevance, Sort::Name, Sort::Freshness, Sort::Date, Sort::Distance]);
    query.near = Some(Near { point: Point::new(43.7, 7.27).unwrap(), radius_km: None });
    query.limit = 100;
    if dice.below(3) == 0 {
        query = query.choose(Facet::List(List::Skill), dice.pick(&SKILLS));
    }
    if dice.below(4) == 0 {
        query = query.stands_in(&Area::new(AreaKind::Department, dice.pick(&["06", "13", "48"])));
    }
    query
}

#[test]
fn what_a_reader_is_told_is_what_an_index_without_the_rest_would_tell() {
    let mut dice = Dice(11);
    let (mut all, mut open, mut full) = (Model::new(), Model::new(), Model::new());
    for number in 0..120 {
        let record = iri(&format!("{number:03}"));
        let kept = |readers, entry: &Entry| Entry { readers, ..entry.clone() };
        let (narrow, wide) = (random(&mut dice), random(&mut dice));
        let (entries, anyone, members) = match dice.below(3) {
            0 => (vec![narrow.clone()], Some(&narrow), Some(&narrow)),
            1 => (vec![kept(Readers::Members, &wide)], None, Some(&wide)),
            _ => (vec![kept(Readers::Anyone, &narrow), kept(Readers::Members, &wide)], Some(&narrow), Some(&wide)),
        };
        all.insert(record.clone(), entries);
        anyone.map(|entry| open.insert(record.clone(), vec![entry.clone()]));
        members.map(|entry| full.insert(record, vec![entry.clone()]));
    }
    let index = put(&all, 3);
    for (reader, seen) in [(Reader::Anyone, put(&open, 2)), (Reader::Member, put(&full, 1))] {
        for _ in 0..80 {
            let query = random_query(&mut dice, reader);
            assert_eq!(
                answers(&index, &query),
                answers(&seen, &query),
                "{reader:?} asks {:?} by {:?}",
                query.words,
                query.sort
            );
        }
    }
}

#[test]
fn asking_again_tells_what_asking_anew_would_tell() {
    let mut dice = Dice(17);
    let model = (0..150).map(|number| {
        let (readers, entry) = (dice.pick(&[Readers::Both, Readers::Members, Readers::Anyone]), random(&mut dice));
        (iri(&format!("{number:03}")), vec![Entry { readers, ..entry }])
    });
    let model: Model = model.collect();
    let (keeps, forgets) = (put(&model, 3), put(&model, 3));
    let asked: Vec<Query> = [Reader::Anyone, Reader::Member]
        .map(|reader| (0..12).map(|_| random_query(&mut dice, reader)).collect::<Vec<_>>())
        .concat();
    for _ in 0..600 {
        let mut query = asked[dice.below(asked.len())].clone();
        (query.offset, query.limit) = (dice.pick(&[0, 0, 7, 95, 140, 9_999, 10_001]), dice.pick(&[0, 1, 20, 20_000]));
        query.now = NOW + dice.days() * DAY + dice.pick(&[-1, 0, 1]);
        query.most_values = dice.pick(&[2, usize::MAX]);
        forgets.forget();
        let anew = forgets.look(&query).unwrap();
        assert_eq!(keeps.look(&query).unwrap(), anew, "{:?} by {:?}", query.words, query.sort);
        assert_eq!(anew.hits.len(), anew.total.saturating_sub(query.offset).min(query.limit));
    }
}

#[test]
fn whatever_was_replaced_and_removed_it_is_as_if_it_were_made_anew() {
    let mut dice = Dice(23);
    let (index, mut model) = (Index::in_memory(rules()).unwrap(), Model::new());
    let mut writer = index.writer().unwrap();
    for round in 0..12 {
        for _ in 0..dice.below(20) {
            let record = iri(&dice.below(30).to_string());
            if dice.below(4) == 0 {
                writer.remove(&record);
                model.remove(&record);
            } else {
                let entries = vec![random(&mut dice)];
                writer.replace(&record, &entries).unwrap();
                model.insert(record, entries);
            }
        }
        writer.commit(&round.to_string()).unwrap();
        if dice.below(4) == 0 {
            writer = writer.compact().unwrap();
        }
        let anew = put(&model, 1);
        for _ in 0..10 {
            let query = random_query(&mut dice, Reader::Anyone);
            assert_eq!(answers(&index, &query), answers(&anew, &query), "round {round}: {:?}", query.words);
        }
    }
}

/// A model with one entry a record, none of which expires.
fn lasting(dice: &mut Dice, count: usize) -> Model {
    let entry = |number: usize| {
        let entry = Entry { expires: None, ..random(dice) };
        (iri(&format!("{number:03}")), vec![entry])
    };
    (0..count).map(entry).collect()
}

fn kept(model: &Model, keeps: impl Fn(&Entry) -> bool) -> Vec<&str> {
    let kept = model.iter().filter(|(_, entries)| keeps(&entries[0]));
    kept.map(|(record, _)| record.rsplit('/').next().unwrap()).collect()
}

fn told<'a>(index: &Index, query: &Query, found: &'a mut Found) -> Vec<&'a str> {
    *found = index.look(&Query { limit: 1_000, ..query.clone() }).unwrap();
    let mut names = names(found);
    names.sort_unstable();
    names
}

#[test]
fn circles_and_parts_of_the_map_hold_what_measuring_finds_in_them() {
    let mut dice = Dice(31);
    let model = lasting(&mut dice, 80);
    let (index, mut found) = (put(&model, 3), Found::default());
    for _ in 0..40 {
        let point = Point::new(43.0 + dice.below(300) as f64 / 100.0, 3.0 + dice.below(500) as f64 / 100.0).unwrap();
        let radius = 10.0 + dice.below(300) as f64;
        let mut query = anyone("");
        query.near = Some(Near { point, radius_km: Some(radius) });
        let points = |entry: &Entry| entry.places.iter().filter_map(|place| place.point).collect::<Vec<_>>();
        let expected = kept(&model, |entry| points(entry).iter().any(|one| one.distance_km(&point) <= radius));
        assert_eq!(told(&index, &query, &mut found), expected, "{radius} km around {point:?}");
        let bounds = Bounds {
            south: point.latitude - 0.7,
            west: point.longitude - 1.0,
            north: point.latitude,
            east: point.longitude + 1.5,
        };
        query = anyone("");
        query.within = Some(bounds);
        let holds = |one: &Point| {
            (bounds.south..=bounds.north).contains(&one.latitude)
                && (bounds.west..=bounds.east).contains(&one.longitude)
        };
        assert_eq!(
            told(&index, &query, &mut found),
            kept(&model, |entry| points(entry).iter().any(holds)),
            "{bounds:?}"
        );
    }
}

#[test]
fn times_hold_what_the_calendar_finds_in_them() {
    let mut dice = Dice(41);
    let model = lasting(&mut dice, 80);
    let (index, mut found) = (put(&model, 2), Found::default());
    for _ in 0..40 {
        let from = NOW + dice.days() * DAY;
        let until = from + i64::try_from(1 + dice.below(9)).unwrap() * DAY;
        let mut query = anyone("");
        query.dates = Some((from, until));
        let expected = kept(&model, |entry| match entry.occurrences.as_slice() {
            [] => from <= entry.published && entry.published < until,
            times => times.iter().any(|(begin, end)| *begin < until && *end > from),
        });
        assert_eq!(told(&index, &query, &mut found), expected);
    }
}

#[test]
fn areas_of_action_hold_what_shares_a_commune_with_them() {
    let mut dice = Dice(43);
    let model = lasting(&mut dice, 60);
    let (index, mut found, rules) = (put(&model, 2), Found::default(), rules());
    let epci = rules.gazetteer.commune("06088").unwrap().epci.clone().unwrap();
    let areas = [
        Area::new(AreaKind::Commune, "06088"),
        Area::new(AreaKind::Commune, "13201"),
        Area::new(AreaKind::Epci, epci),
        Area::new(AreaKind::Department, "48"),
        Area::new(AreaKind::Region, "93"),
        Area::new(AreaKind::Region, "84"),
    ];
    for area in areas {
        let touched = rules.gazetteer.touched_by([&area]);
        let mut query = anyone("");
        query.acts_in = vec![area.clone()];
        let expected = kept(&model, |entry| entry.acts_in.iter().any(|one| touched.contains(one)));
        assert_eq!(told(&index, &query, &mut found), expected, "{area:?}");
    }
}

#[test]
fn hits_are_in_the_order_that_sorting_gives() {
    let mut dice = Dice(53);
    let model = lasting(&mut dice, 60);
    let index = put(&model, 4);
    let from = Point::new(43.7, 7.27).unwrap();
    let nearest = |entry: &Entry| {
        let all = entry.places.iter().filter_map(|place| place.point).map(|one| one.distance_km(&from));
        all.min_by(f64::total_cmp).unwrap_or(f64::MAX)
    };
    let next = |entry: &Entry| entry.occurrences.iter().filter(|(_, end)| *end >= NOW).map(|(begin, _)| *begin).min();
    let by = |record: &str| &model[record][0];
    let mut query = anyone("");
    (query.limit, query.near) = (100, Some(Near { point: from, radius_km: None }));
    let mut pairs = |sort| {
        query.sort = sort;
        let records: Vec<String> = index.look(&query).unwrap().hits.into_iter().map(|hit| hit.record).collect();
        assert_eq!(records.len(), 60);
        records.windows(2).map(|pair| (by(&pair[0]), by(&pair[1]))).collect::<Vec<_>>()
    };
    let folded = |entry: &Entry| pes_domain::code::fold(&entry.title);
    assert!(pairs(Sort::Name).iter().all(|(one, other)| folded(one) <= folded(other)));
    assert!(pairs(Sort::Freshness).iter().all(|(one, other)| one.modified >= other.modified));
    assert!(pairs(Sort::Distance).iter().all(|(one, other)| nearest(one) <= nearest(other) + 1e-6));
    for (one, other) in pairs(Sort::Date) {
        match (next(one), next(other)) {
            (Some(one), Some(other)) => assert!(one <= other),
            (None, None) => assert!(one.published >= other.published),
            (one, _) => assert!(one.is_some()),
        }
    }
}

#[test]
fn suggestions_are_those_that_going_through_all_names_gives() {
    let mut dice = Dice(61);
    let model = lasting(&mut dice, 60);
    let index = put(&model, 3);
    let words = |text: &str| pes_domain::code::fold(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
    for start in ["a", "at", "atelier", "atelier v", "pain", "velo j", "jardin partage", "x"] {
        let begins = |title: &str| {
            let all = words(title);
            (0..all.len()).find(|at| all[*at..].join(" ").starts_with(start)).map(|at| at > 0)
        };
        let mut expected: Vec<(bool, &str)> = model
            .values()
            .filter_map(|entries| Some((begins(&entries[0].title)?, entries[0].title.as_str())))
            .collect();
        expected.sort_by_key(|(is_within, title)| (*is_within, words(title).join(" ")));
        let told = index.suggest(Reader::Anyone, NOW, start, 1_000).unwrap();
        let told = told.into_iter().filter_map(|one| match one {
            Suggestion::Record { title, .. } => Some(title),
            _ => None,
        });
        let told: Vec<String> = told.collect();
        let whole = expected.iter().filter(|(is_within, _)| !is_within).count();
        assert_eq!(told[..whole], expected[..whole].iter().map(|(_, title)| *title).collect::<Vec<_>>(), "{start}");
        let (mut told, mut expected): (Vec<_>, Vec<_>) =
            (told.iter().map(String::as_str).collect(), expected.iter().map(|(_, title)| *title).collect());
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{start}");
    }
}

#[test]
fn a_concept_among_the_words_finds_what_says_it_and_what_has_it_or_one_below() {
    let mut dice = Dice(67);
    let model = lasting(&mut dice, 80);
    let (index, mut found, rules) = (put(&model, 2), Found::default(), rules());
    let has = |entry: &Entry, code: &Code| {
        entry.concepts.iter().any(|one| rules.thesaurus.path(one).any(|above| above == code))
    };
    let says = |entry: &Entry, word: &str| format!("{} {}", entry.title, entry.text).contains(word);
    for (word, notation) in [("btp", "building"), ("couvreur", "roofing")] {
        let code = Code::new(List::Skill, notation);
        let expected = kept(&model, |entry| has(entry, &code) || says(entry, word));
        assert_eq!(told(&index, &anyone(word), &mut found), expected, "{word}");
        assert_eq!(found.understood.concepts, [code]);
    }
}

//! What entries are counted by: names of facets, and their values as small numbers that are the same in all parts of an index.

use crate::query::{Facet, Sign};
use crate::territory;
use pes_domain::place::AreaKind;
use pes_domain::{Code, List, Rules};
use std::collections::{BTreeMap, HashMap};

impl Facet {
    /// All facets.
    pub fn all() -> impl Iterator<Item = Self> {
        let lists = List::ALL.into_iter().map(Self::List);
        let territories = AreaKind::ALL.into_iter().map(Self::Territory);
        lists.chain(territories).chain([Self::Network, Self::Tag, Self::Date]).chain(Sign::ALL.map(Self::Sign))
    }

    /// Its name in forms and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::List(list) => list.name(),
            Self::Territory(kind) => kind.as_str(),
            Self::Network => "network",
            Self::Tag => "tag",
            Self::Date => "date",
            Self::Sign(Sign::Company) => "company",
            Self::Sign(Sign::Unmapped) => "unmapped",
        }
    }

    /// Undoes [`Facet::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|facet| facet.name() == name)
    }

    /// The first of the facets that are one choice with it: all kinds of territory are one.
    pub(crate) fn group(self) -> Self {
        match self {
            Self::Territory(_) => Self::Territory(AreaKind::Commune),
            other => other,
        }
    }

    /// How a value of it is written into the index.
    pub(crate) fn key(self, value: &str) -> String {
        format!("{}/{value}", self.name())
    }
}

/// The values of all facets, numbered from 0.
///
/// Most values of an entry follow from others: who is in a commune is in its department, who does carpentry does building. Counting
/// is most of the work of a search, so an entry is counted once for what its other values follow from, and those are counted in
/// the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    numbers: HashMap<String, u32>,
    all: Vec<Value>,
    by_facet: BTreeMap<Facet, Vec<u32>>,
}

/// The sign of an item that counts its value alone, and nothing that follows from it.
const ALONE: u32 = 1 << 31;

#[derive(Debug, Clone)]
struct Value {
    name: String,
    /// The first of the facets that are one choice with its own; `None` for what no facet knows.
    group: Option<Facet>,
    /// What follows from it. All of it is of its own group.
    implied: Vec<u32>,
}

impl Values {
    /// The number of a value, by its key; a new one where it has none.
    pub(crate) fn number(&mut self, key: &str, rules: &Rules) -> u32 {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).ok().filter(|number| *number < ALONE);
        let number = number.expect("fewer values than a segment can have entries");
        let (facet, name) = key.split_once('/').unwrap_or_default();
        let facet = Facet::named(facet);
        self.numbers.insert(key.to_owned(), number);
        self.all.push(Value { name: name.to_owned(), group: facet.map(Facet::group), implied: Vec::new() });
        if let Some(facet) = facet {
            self.by_facet.entry(facet).or_default().push(number);
            let implied = implied(facet, name, rules).iter().map(|key| self.number(key, rules)).collect();
            self.all[number as usize].implied = implied;
        }
        number
    }

    /// What an entry with these values counts for: values with all that follows from them, and values alone. Each of the
    /// entry's values is counted by exactly one of those, and nothing else is.
    pub(crate) fn items(&self, mut values: Vec<u32>, items: &mut Vec<u32>) {
        values.sort_unstable_by_key(|value| std::cmp::Reverse(self.all[*value as usize].implied.len()));
        while !values.is_empty() {
            let value = values.remove(0);
            let implied = &self.all[value as usize].implied;
            let is_whole = implied.iter().all(|other| values.contains(other));
            if is_whole {
                values.retain(|other| !implied.contains(other));
            }
            items.push(if is_whole { value } else { value | ALONE });
        }
    }

    /// Room for the counts of all items.
    pub(crate) fn room(&self) -> Counts {
        Counts { with_implied: vec![0; self.all.len()], alone: vec![0; self.all.len()] }
    }

    /// The group of facets an item is of.
    pub(crate) fn group(&self, item: u32) -> Option<Facet> {
        self.all[(item & !ALONE) as usize].group
    }

    /// What was counted of the values of a facet, in no order.
    pub(crate) fn told<'a>(&'a self, facet: Facet, totals: &'a [u32]) -> impl Iterator<Item = (&'a str, usize)> {
        let own = self.by_facet.get(&facet).into_iter().flatten().map(|number| *number as usize);
        own.filter(|at| totals[*at] > 0).map(|at| (self.all[at].name.as_str(), totals[at] as usize))
    }

    /// How often each value was counted.
    pub(crate) fn totals(&self, counts: Counts) -> Vec<u32> {
        let mut totals = counts.alone;
        for (at, count) in counts.with_implied.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            totals[at] += count;
            self.all[at].implied.iter().for_each(|other| totals[*other as usize] += count);
        }
        totals
    }
}

/// How often each item was counted.
pub(crate) struct Counts {
    with_implied: Vec<u32>,
    alone: Vec<u32>,
}

impl Counts {
    /// Counts an item once more.
    pub(crate) fn add(&mut self, item: u32) {
        match item & ALONE {
            0 => self.with_implied[item as usize] += 1,
            _ => self.alone[(item & !ALONE) as usize] += 1,
        }
    }
}

/// The keys of what follows from a value, itself apart.
fn implied(facet: Facet, value: &str, rules: &Rules) -> Vec<String> {
    match facet {
        Facet::List(list) => {
            let code = Code::new(list, value);
            rules.thesaurus.path(&code).skip(1).map(|above| facet.key(above.notation())).collect()
        }
        Facet::Territory(AreaKind::Commune) => {
            let lies_in = territory::standing(value, rules.gazetteer).into_iter();
            let others = lies_in.filter(|area| area.kind != AreaKind::Commune || area.code != value);
            others.map(|area| Facet::Territory(area.kind).key(&area.code)).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::thesaurus::Concept;
    use pes_domain::{Gazetteer, Thesaurus};

    #[test]
    fn names_lead_back_and_are_told_apart() {
        for facet in Facet::all() {
            assert_eq!(Facet::named(facet.name()), Some(facet));
        }
        assert_eq!(Facet::named("planet"), None);
    }

    fn rules() -> Rules {
        let concept = |notation: &str, broader: Option<&str>| Concept {
            code: Code::new(List::Skill, notation),
            label: notation.into(),
            label_en: String::new(),
            alternatives: Vec::new(),
            broader: broader.map(|above| Code::new(List::Skill, above)),
            applies_to: Vec::new(),
        };
        let concepts = vec![
            concept("building", None),
            concept("roofing", Some("building")),
            concept("thatching", Some("roofing")),
            concept("carpentry", Some("building")),
        ];
        Rules::new(Thesaurus::new(concepts))
    }

    /// What entries with these values count for.
    fn counted(entries: &[&[&str]]) -> (Vec<(String, usize)>, usize) {
        let (rules, mut values) = (rules(), Values::default());
        let rows: Vec<Vec<u32>> =
            entries.iter().map(|keys| keys.iter().map(|key| values.number(key, &rules)).collect()).collect();
        let (mut counts, mut most) = (values.room(), 0);
        for row in rows {
            let mut items = Vec::new();
            values.items(row, &mut items);
            most = most.max(items.len());
            items.iter().for_each(|item| counts.add(*item));
        }
        let totals = values.totals(counts);
        let of = |facet: Facet| values.told(facet, &totals).map(move |(value, count)| (facet.key(value), count));
        let mut told: Vec<_> = Facet::all().flat_map(of).collect();
        told.sort();
        (told, most)
    }

    #[test]
    fn each_value_is_counted_once_whatever_follows_from_what() {
        let one: &[&str] = &["skill/thatching", "skill/roofing", "skill/building", "tag/velo"];
        let two: &[&str] = &["skill/thatching", "skill/roofing", "skill/building", "skill/carpentry"];
        let odd: &[&str] = &["skill/carpentry", "network/https://mesclun.example"];
        let (told, most) = counted(&[one, two, odd]);
        let expected = [
            ("network/https://mesclun.example", 1),
            ("skill/building", 2),
            ("skill/carpentry", 2),
            ("skill/roofing", 2),
            ("skill/thatching", 2),
            ("tag/velo", 1),
        ];
        assert_eq!(told, expected.map(|(key, count)| (key.to_owned(), count)));
        assert_eq!(most, 2, "fewer items than values");
    }

    #[test]
    fn a_commune_counts_for_all_it_lies_in_and_two_communes_once() {
        let areas = |commune: &str| -> Vec<String> {
            let areas = Gazetteer::embedded().commune(commune).unwrap().areas();
            areas.map(|area| Facet::Territory(area.kind).key(&area.code)).collect()
        };
        let nice = areas("06088");
        let mut both = [areas("06088"), areas("13201")].concat();
        both.sort();
        both.dedup();
        let refs = |keys: &'_ [String]| {
            keys.iter().map(|key| Box::leak(key.clone().into_boxed_str()) as &str).collect::<Vec<_>>()
        };
        let (told, _) = counted(&[&refs(&nice), &refs(&both)]);
        let count = |key: &str| told.iter().find(|(other, _)| other == key).map(|(_, count)| *count);
        assert_eq!((count("commune/06088"), count("department/06"), count("region/93")), (Some(2), Some(2), Some(2)));
        assert_eq!(
            (count("commune/13055"), count("commune/13201"), count("department/13")),
            (Some(1), Some(1), Some(1))
        );
    }

    #[test]
    fn a_value_keeps_its_number_and_its_group() {
        let (rules, mut values) = (rules(), Values::default());
        let network = Facet::Network.key("https://mesclun.example");
        let numbers = [network.as_str(), "tag/velo", &network, "planet/mars"].map(|key| values.number(key, &rules));
        assert_eq!(numbers, [0, 1, 0, 2]);
        let groups = [0, ALONE, 1, 2 | ALONE].map(|item| values.group(item));
        assert_eq!(groups, [Some(Facet::Network), Some(Facet::Network), Some(Facet::Tag), None]);
        let mut counts = values.room();
        [0, ALONE, 2].into_iter().for_each(|item| counts.add(item));
        let totals = values.totals(counts);
        assert_eq!(totals, [2, 0, 1]);
        assert_eq!(values.told(Facet::Network, &totals).collect::<Vec<_>>(), [("https://mesclun.example", 2)]);
        assert_eq!(values.told(Facet::Tag, &totals).count(), 0);
    }

    #[test]
    fn territories_are_one_choice() {
        let groups: Vec<Facet> = AreaKind::ALL.into_iter().map(|kind| Facet::Territory(kind).group()).collect();
        assert!(groups.iter().all(|group| *group == groups[0]));
        assert_eq!(Facet::Tag.group(), Facet::Tag);
    }
}

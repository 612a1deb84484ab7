//! What many structures and people have declared, laid by topic: whom a demand concerns is found without asking each of them.

use crate::concern::{Declared, Reason, Wanted};
use crate::whereabouts::{Numbers, Whereabouts};
use crate::{Code, RecordIri, Thesaurus};
use std::collections::HashMap;
use std::sync::Arc;

/// Where a declaration lies.
type Slot = u32;

/// Declarations by topic.
#[derive(Debug, Default)]
pub struct Declarations {
    slots: Vec<Option<(Arc<RecordIri>, Declared)>>,
    /// Where each of them is.
    whereabouts: Vec<Whereabouts>,
    numbers: Numbers,
    free: Vec<Slot>,
    by_record: HashMap<Arc<RecordIri>, Slot>,
    /// Who declared just this.
    declared: HashMap<Code, Vec<Slot>>,
    /// Who declared this, or something below it.
    within: HashMap<Code, Vec<Slot>>,
}

impl Declarations {
    /// Lays a declaration in the place of the record's one before.
    pub fn put(&mut self, record: RecordIri, mut declared: Declared, thesaurus: &Thesaurus) {
        self.remove(&record, thesaurus);
        // Of what many declare the thesaurus' own words are held, and no copy of each.
        for topic in &mut declared.topics {
            *topic = thesaurus.get(topic).map_or_else(|| topic.clone(), |concept| concept.code.clone());
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.whereabouts.push(Whereabouts::default());
            // Four thousand million structures do not fit into any memory.
            Slot::try_from(self.slots.len() - 1).unwrap_or(Slot::MAX)
        });
        for topic in &declared.topics {
            add(&mut self.declared, topic, slot);
            thesaurus.path(topic).for_each(|above| add(&mut self.within, above, slot));
        }
        self.whereabouts[slot as usize] = Whereabouts::of(&declared, &mut self.numbers);
        let record = Arc::new(record);
        self.by_record.insert(Arc::clone(&record), slot);
        self.slots[slot as usize] = Some((record, declared));
    }

    /// Takes a record's declaration away, if there is one.
    pub fn remove(&mut self, record: &RecordIri, thesaurus: &Thesaurus) {
        let Some(slot) = self.by_record.remove(record) else { return };
        let Some((_, declared)) = self.slots[slot as usize].take() else { return };
        for topic in &declared.topics {
            take(&mut self.declared, topic, slot);
            thesaurus.path(topic).for_each(|above| take(&mut self.within, above, slot));
        }
        self.free.push(slot);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_record.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_record.is_empty()
    }

    /// Whom a record concerns, by name, and why: those of whom [`Wanted::concerns`] says so, found by the topic that fewest declared.
    pub fn concerned(&self, wanted: &Wanted, thesaurus: &Thesaurus) -> Vec<(RecordIri, Reason)> {
        let meeting = wanted.topics().iter().map(|list| self.meeting(list, thesaurus));
        let rarest = meeting.min_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let surroundings = wanted.surroundings(&self.numbers);
        let may_be_near =
            |slot: &Slot| surroundings.as_ref().is_none_or(|around| around.may_hold(&self.whereabouts[*slot as usize]));
        let mut slots: Vec<Slot> = rarest.into_iter().flatten().flatten().copied().filter(may_be_near).collect();
        slots.sort_unstable();
        slots.dedup();
        let declared = slots.into_iter().filter_map(|slot| self.slots[slot as usize].as_ref());
        let mut concerned: Vec<_> = declared
            .filter_map(|(record, declared)| Some((RecordIri::clone(record), wanted.concerns(declared, thesaurus)?)))
            .collect();
        concerned.sort_by(|(one, _), (other, _)| one.cmp(other));
        concerned
    }

    /// Those who declared one of these concepts, something below it, or something above it.
    fn meeting(&self, list: &[Code], thesaurus: &Thesaurus) -> Vec<&[Slot]> {
        let within = list.iter().filter_map(|code| self.within.get(code));
        let above = list.iter().flat_map(|code| thesaurus.path(code).skip(1));
        within.chain(above.filter_map(|code| self.declared.get(code))).map(Vec::as_slice).collect()
    }
}

fn add(lists: &mut HashMap<Code, Vec<Slot>>, code: &Code, slot: Slot) {
    let list = lists.entry(code.clone()).or_default();
    // A record's topics come one after the other: what it has twice stands last.
    if list.last() != Some(&slot) {
        list.push(slot);
    }
}

fn take(lists: &mut HashMap<Code, Vec<Slot>>, code: &Code, slot: Slot) {
    if let Some(list) = lists.get_mut(code) {
        list.retain(|one| *one != slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concern::tests::demand;
    use crate::thesaurus::tests::small;
    use crate::{Body, Kind, List, Rules};

    struct Town {
        rules: Rules,
        all: Declarations,
        one_by_one: Vec<(RecordIri, Declared)>,
    }

    impl Town {
        fn new() -> Self {
            Self { rules: Rules::new(small()), all: Declarations::default(), one_by_one: Vec::new() }
        }

        fn declare(&mut self, topics: &[(List, &str)]) -> RecordIri {
            let record = RecordIri::mint("https://pes.example.org", Kind::Structure);
            self.put(&record, topics);
            record
        }

        fn put(&mut self, record: &RecordIri, topics: &[(List, &str)]) {
            let topics = topics.iter().map(|(list, notation)| Code::new(*list, *notation)).collect();
            let declared = Declared { topics, ..Declared::default() };
            self.one_by_one.retain(|(one, _)| one != record);
            self.one_by_one.push((record.clone(), declared.clone()));
            self.all.put(record.clone(), declared, &self.rules.thesaurus);
        }

        fn remove(&mut self, record: &RecordIri) {
            self.one_by_one.retain(|(one, _)| one != record);
            self.all.remove(record, &self.rules.thesaurus);
        }

        /// Whom a demand for these skills and sectors concerns; held against asking each of them.
        fn concerned(&self, skills: &[&str], sectors: &[&str]) -> Vec<RecordIri> {
            let codes = |list, all: &[&str]| all.iter().map(|one| Code::new(list, *one)).collect();
            let mut record = demand(skills, None, 0);
            let Body::Exchange(exchange) = &mut record.body else { panic!("no exchange") };
            exchange.sectors = codes(List::Sector, sectors);
            let wanted = Wanted::of(&record, &self.rules).unwrap();
            let asked = |(record, declared): &(RecordIri, Declared)| {
                Some((record.clone(), wanted.concerns(declared, &self.rules.thesaurus)?))
            };
            let mut each: Vec<_> = self.one_by_one.iter().filter_map(asked).collect();
            each.sort_by(|(one, _), (other, _)| one.cmp(other));
            let found = self.all.concerned(&wanted, &self.rules.thesaurus);
            assert_eq!(found, each, "it is the same rule");
            found.into_iter().map(|(record, _)| record).collect()
        }
    }

    #[test]
    fn who_is_far_is_passed_by_as_asking_each_would() {
        let mut town = Town::new();
        let communes = ["06088", "06029", "13055", "48095", "59350", "69123", "75056", "97411"];
        let places = communes.map(|code| town.rules.gazetteer.commune(code).unwrap().clone());
        let mut number = 0_usize;
        for (one, other) in places.iter().flat_map(|one| places.iter().map(move |other| (one, other))) {
            number += 1;
            let both = [one, other];
            let (points, areas) = ([1, 2, 0][number % 3], [1, 0, 2][number % 3]);
            let declared = Declared {
                topics: vec![Code::new(List::Skill, "roofing")],
                points: both.iter().take(points).filter_map(|commune| commune.point).collect(),
                areas: both.iter().rev().take(areas).flat_map(|commune| commune.areas().nth(number % 2)).collect(),
                radius_km: [0.0, 30.0, 160.0][number / 3 % 3],
            };
            let record = RecordIri::mint("https://pes.example.org", Kind::Structure);
            town.one_by_one.push((record.clone(), declared.clone()));
            town.all.put(record, declared, &town.rules.thesaurus);
        }
        town.one_by_one.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut found = 0;
        for (commune, radius_km) in communes.iter().flat_map(|commune| [0, 25, 400].map(|radius| (commune, radius))) {
            let wanted = Wanted::of(&demand(&["building"], Some(commune), radius_km), &town.rules).unwrap();
            let asked = |(record, declared): &(RecordIri, Declared)| {
                Some((record.clone(), wanted.concerns(declared, &town.rules.thesaurus)?))
            };
            let each: Vec<_> = town.one_by_one.iter().filter_map(asked).collect();
            assert_eq!(town.all.concerned(&wanted, &town.rules.thesaurus), each, "{radius_km} km around {commune}");
            found += each.len();
        }
        assert!((100..24 * 60).contains(&found), "some, not all: {found}");
    }

    fn skills(rules: &Rules) -> Vec<(Code, Vec<Code>)> {
        let all = rules.thesaurus.list(List::Skill);
        all.map(|one| (one.code.clone(), rules.thesaurus.path(&one.code).cloned().collect())).collect()
    }

    #[test]
    fn what_is_found_by_topic_is_what_asking_each_would_find() {
        let mut town = Town::new();
        let known = skills(&town.rules);
        let mut each = Vec::new();
        for (code, _) in &known {
            each.push((code.clone(), town.declare(&[(List::Skill, code.notation())])));
        }
        town.declare(&[]);
        for (code, path) in &known {
            let found = town.concerned(&[code.notation()], &[]);
            for (declared, record) in &each {
                let meets = path.contains(declared) || town.rules.thesaurus.path(declared).any(|above| above == code);
                assert_eq!(found.contains(record), meets, "{} meets {}", code.notation(), declared.notation());
            }
        }
        assert_eq!(town.all.len(), known.len() + 1);
    }

    #[test]
    fn what_is_changed_or_taken_away_is_found_no_more() {
        let mut town = Town::new();
        let known: Vec<String> = skills(&town.rules).iter().map(|(code, _)| code.notation().to_owned()).collect();
        let (first, last) = (known[0].as_str(), known[known.len() - 1].as_str());
        let one = town.declare(&[(List::Skill, first), (List::Skill, first)]);
        let other = town.declare(&[(List::Skill, first), (List::Skill, last)]);
        assert_eq!(town.concerned(&[first], &[]).len(), 2);
        town.put(&one, &[(List::Skill, last)]);
        assert_eq!(
            town.concerned(&[first], &[]).contains(&one),
            town.rules.thesaurus.meet(&Code::new(List::Skill, first), &Code::new(List::Skill, last))
        );
        assert!(town.concerned(&[last], &[]).contains(&one));
        town.remove(&other);
        town.remove(&other);
        assert_eq!(town.concerned(&[last], &[]), std::slice::from_ref(&one));
        town.remove(&one);
        assert!(town.all.is_empty() && town.concerned(&[last], &[]).is_empty());
        let third = town.declare(&[(List::Skill, first)]);
        assert_eq!(town.concerned(&[first], &[]), [third], "places are used again");
        assert_eq!(town.all.slots.len(), 2);
    }

    #[test]
    fn each_list_that_is_set_has_to_be_met() {
        let mut town = Town::new();
        let skill = skills(&town.rules)[0].0.notation().to_owned();
        let sector = town.rules.thesaurus.list(List::Sector).next().unwrap().code.notation().to_owned();
        let both = town.declare(&[(List::Skill, &skill), (List::Sector, &sector)]);
        town.declare(&[(List::Skill, &skill)]);
        town.declare(&[(List::Sector, &sector)]);
        assert_eq!(town.concerned(&[&skill], &[&sector]), [both]);
    }
}

//! The index of duplicates against its model: whatever comes and goes, it finds those that comparing with each would find, and no others.

use crate::separated;
use pes_domain::contact::Contact;
use pes_domain::duplicate::{Ground, Index, Traits, Verdict, compare};
use pes_domain::identifier::{Rna, Siren};
use pes_domain::iri::WebLink;
use pes_domain::place::Place;
use pes_domain::structure::{Site, Structure};
use pes_domain::{Audience, Code, Gazetteer, List, Rules, Thesaurus};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(Thesaurus::default()));
/// Both structures of each invented pair with noise, by the pair's id and side.
static NOISE: LazyLock<Vec<(String, Traits)>> = LazyLock::new(|| {
    let rows = separated::rows(include_str!("../../../../tests/judged/duplicates-noise.csv"));
    let sides = rows.iter().flat_map(|row| ["a-", "b-"].map(|side| (format!("{} {side}", row["id"]), row, side)));
    sides.map(|(id, row, side)| (id, Traits::of(&structure(row, side), &RULES))).collect()
});

fn structure(row: &BTreeMap<String, String>, side: &str) -> Structure {
    let cell = |name: &str| row.get(&format!("{side}{name}")).filter(|cell| !cell.is_empty()).cloned();
    let place = cell("commune").and_then(|name| Some(Place::of(Gazetteer::embedded().find(&name).first()?)));
    let site = Site { place, street: cell("street"), postcode: cell("postcode"), ..Site::default() };
    let contact = |(medium, value): (&str, String)| Contact {
        fragment: format!("contact-{medium}"),
        medium: Code::new(List::ContactMedium, medium),
        value,
        note: None,
        audience: Audience::Public,
    };
    let contacts = ["phone", "email"].into_iter().filter_map(|medium| Some((medium, cell(medium)?)));
    Structure {
        name: cell("name").unwrap(),
        acronym: cell("acronym"),
        legal_name: cell("legal-name"),
        rna: cell("rna").and_then(|number| Rna::read("rna", &number).ok()),
        siren: cell("siren").and_then(|number| Siren::read("siren", &number).ok()),
        web: cell("web").and_then(|url| WebLink::read("web", &url).ok()),
        sites: vec![site],
        contacts: contacts.map(contact).collect(),
        ..Structure::default()
    }
}

/// A number below a limit, of a generator that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// What comparing with each says.
fn by_hand(index: &Index<usize>, held: &[usize], traits: &Traits) -> BTreeMap<usize, Vec<Ground>> {
    let verdict = |id: &usize| match compare(traits, &NOISE[*id].1, index.rarity()) {
        Verdict::Same(grounds) => Some((*id, grounds)),
        Verdict::Different(_) => None,
    };
    held.iter().filter_map(verdict).collect()
}

#[track_caller]
fn holds_what_its_model_holds(index: &Index<usize>, held: &[usize], asked: usize) {
    let traits = &NOISE[asked].1;
    let found: BTreeMap<usize, Vec<Ground>> = index.like(traits).into_iter().collect();
    assert_eq!(found, by_hand(index, held, traits), "like {}", NOISE[asked].0);
}

#[test]
fn it_finds_whom_comparing_with_each_finds() {
    let mut index = Index::new();
    let held: Vec<usize> = (0..NOISE.len()).collect();
    held.iter().for_each(|id| index.add(*id, NOISE[*id].1.clone()));
    assert_eq!(index.len(), 600);
    for asked in (0..NOISE.len()).step_by(25) {
        holds_what_its_model_holds(&index, &held, asked);
    }
}

#[test]
fn whatever_comes_and_goes() {
    let (mut index, mut held, mut dice) = (Index::new(), Vec::new(), Dice(7));
    for step in 0..600 {
        let id = dice.below(NOISE.len());
        match held.iter().position(|other| *other == id) {
            Some(at) if dice.below(2) == 0 => {
                assert!(index.remove(&id));
                held.remove(at);
            }
            // A structure that is added again is held once.
            Some(_) => index.add(id, NOISE[id].1.clone()),
            None => {
                assert!(!index.remove(&id));
                index.add(id, NOISE[id].1.clone());
                held.push(id);
            }
        }
        assert_eq!((index.len(), index.is_empty()), (held.len(), held.is_empty()));
        if step % 40 == 0 {
            holds_what_its_model_holds(&index, &held, dice.below(NOISE.len()));
        }
    }
    for id in held.drain(..) {
        assert!(index.remove(&id));
    }
    assert!(index.is_empty() && index.like(&NOISE[0].1).is_empty());
    assert!(index.get(&0).is_none() && index.twins(&0).is_empty());
}

#[test]
fn a_verdict_is_the_same_whichever_comes_first_and_everybody_is_themselves() {
    let mut dice = Dice(11);
    let mut index = Index::new();
    NOISE.iter().enumerate().for_each(|(id, (_, traits))| index.add(id, traits.clone()));
    for (id, (name, traits)) in NOISE.iter().enumerate() {
        let (_, other) = &NOISE[dice.below(NOISE.len())];
        assert_eq!(compare(traits, other, index.rarity()), compare(other, traits, index.rarity()), "{name}");
        let oneself = index.like(traits).into_iter().any(|(found, _)| found == id);
        let is_many = matches!(compare(traits, traits, index.rarity()), Verdict::Different(_));
        // A name that many have, without anything beside it, is nobody's alone, not even its own.
        assert!(oneself || is_many, "{name}");
        assert!(index.twins(&id).iter().all(|(found, _)| *found != id), "{name} is no twin of itself");
    }
}

#[test]
fn every_ground_has_a_word_that_leads_back() {
    let mut told = BTreeMap::new();
    let mut index = Index::new();
    NOISE.iter().enumerate().for_each(|(id, (_, traits))| index.add(id, traits.clone()));
    for (_, traits) in NOISE.iter() {
        for ground in index.like(traits).into_iter().flat_map(|(_, grounds)| grounds) {
            assert_eq!(Ground::named(ground.key()), Some(ground));
            *told.entry(ground.key()).or_insert(0_u32) += 1;
        }
    }
    assert!(told.len() >= 8, "the set with noise has most of them: {told:?}");
    assert_eq!(Ground::named("same-mood"), None);
}

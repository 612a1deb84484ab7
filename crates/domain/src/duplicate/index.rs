//! Finds, among many structures, those that one may be, without comparing it with each.
//!
//! Whatever `compare` calls the same shares one of these with it: a number, a phone, an address, a page or domain, the letters of a name or
//! acronym, a rare word of a name, or the commune. In a commune a sketch of the letters says at once of most that they are not worth comparing.

use super::name::{Name, Role, Word};
use super::rarity::{self, Rarity};
use super::reach::page_sign;
use super::{Ground, Traits, Verdict, compare};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A word that more structures than this have brings nobody together by itself.
const RARE: usize = 400;

/// Many structures, each under an id.
#[derive(Debug)]
pub struct Index<Id> {
    /// Where each stands; the places of those taken out are used again.
    places: HashMap<Id, u32>,
    entries: Vec<Option<Entry<Id>>>,
    free: Vec<u32>,
    /// Who shares a key. Keys are hashes: two that fall together cost a comparison and change nothing.
    shared: HashMap<u64, Vec<u32>>,
    rarity: Rarity,
}

#[derive(Debug)]
struct Entry<Id> {
    id: Id,
    traits: Traits,
    sketch: Sketch,
}

/// What two structures may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Sort {
    Number,
    Contact,
    Letters,
    Word,
    Commune,
}

impl<Id> Default for Index<Id> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            entries: Vec::new(),
            free: Vec::new(),
            shared: HashMap::new(),
            rarity: Rarity::default(),
        }
    }
}

impl<Id: Clone + Eq + Hash> Index<Id> {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many structures it holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Which words are common among those it holds.
    pub fn rarity(&self) -> &Rarity {
        &self.rarity
    }

    /// What is known of a structure it holds.
    pub fn get(&self, id: &Id) -> Option<&Traits> {
        self.places.get(id).and_then(|at| self.entry(*at)).map(|entry| &entry.traits)
    }

    /// Takes in a structure, instead of what it held under that id.
    pub fn add(&mut self, id: Id, traits: Traits) {
        self.remove(&id);
        let at = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            // Fewer structures than 2³² fit in memory.
            (self.entries.len() - 1) as u32
        });
        for (_, key) in keys(&traits) {
            self.shared.entry(key).or_default().push(at);
        }
        self.rarity.note(&traits);
        self.places.insert(id.clone(), at);
        let sketch = Sketch::of(&traits);
        self.entries[at as usize] = Some(Entry { id, traits, sketch });
    }

    /// Takes a structure out. Whether it was there.
    pub fn remove(&mut self, id: &Id) -> bool {
        let Some(at) = self.places.remove(id) else { return false };
        if let Some(entry) = self.entries[at as usize].take() {
            self.rarity.forget(&entry.traits);
            for (_, key) in keys(&entry.traits) {
                if let Some(list) = self.shared.get_mut(&key) {
                    list.retain(|other| *other != at);
                    if list.is_empty() {
                        self.shared.remove(&key);
                    }
                }
            }
        }
        self.free.push(at);
        true
    }

    /// Those that a structure may be, each with the grounds, the strongest first; itself too, where it is held.
    pub fn like(&self, traits: &Traits) -> Vec<(Id, Vec<Ground>)> {
        let sketch = Sketch::of(traits);
        let mut found: Vec<(&Entry<Id>, Vec<Ground>)> = Vec::new();
        for at in self.candidates(traits, &sketch) {
            if let Some(entry) = self.entry(at)
                && let Verdict::Same(grounds) = compare(traits, &entry.traits, &self.rarity)
            {
                found.push((entry, grounds));
            }
        }
        found.sort_by(|(_, one), (_, other)| one.cmp(other));
        found.into_iter().map(|(entry, grounds)| (entry.id.clone(), grounds)).collect()
    }

    /// The others that a structure it holds may be.
    pub fn twins(&self, id: &Id) -> Vec<(Id, Vec<Ground>)> {
        let mut found = self.get(id).map(|traits| self.like(traits)).unwrap_or_default();
        found.retain(|(other, _)| other != id);
        found
    }

    fn candidates(&self, traits: &Traits, sketch: &Sketch) -> BTreeSet<u32> {
        let mut all = BTreeSet::new();
        for (sort, key) in keys(traits) {
            let list = self.shared.get(&key).map(Vec::as_slice).unwrap_or_default();
            match sort {
                Sort::Word if list.len() > RARE => {}
                Sort::Commune => {
                    let is_worth = |at: &u32| self.entry(*at).is_some_and(|entry| entry.sketch.may_be_like(sketch));
                    all.extend(list.iter().copied().filter(is_worth));
                }
                _ => all.extend(list),
            }
        }
        all
    }

    fn entry(&self, at: u32) -> Option<&Entry<Id>> {
        self.entries.get(at as usize)?.as_ref()
    }
}

/// The keys of a structure, each once.
fn keys(traits: &Traits) -> BTreeSet<(Sort, u64)> {
    let mut keys = BTreeSet::new();
    let mut put = |sort: Sort, text: &str| {
        let mut hasher = DefaultHasher::new();
        (sort, text).hash(&mut hasher);
        keys.insert((sort, hasher.finish()));
    };
    traits.siren.iter().for_each(|siren| put(Sort::Number, siren.as_str()));
    traits.rna.iter().for_each(|rna| put(Sort::Number, rna.as_str()));
    let reach = &traits.reach;
    reach.phones.iter().chain(&reach.emails).for_each(|way| put(Sort::Contact, way));
    reach.pages.iter().for_each(|page| put(Sort::Contact, &page_sign(page)));
    reach.domains().into_iter().for_each(|domain| put(Sort::Contact, domain));
    reach.host_names().for_each(|host| put(Sort::Letters, &host));
    traits.acronym.iter().for_each(|acronym| put(Sort::Letters, acronym));
    for name in traits.names.iter().flat_map(|name| std::iter::once(name).chain(&name.parts)) {
        [&name.bare, &name.spelt, &name.whole].into_iter().for_each(|letters| put(Sort::Letters, letters));
    }
    rarity::words(&traits.names).into_iter().for_each(|word| put(Sort::Word, word));
    traits.spots.iter().filter_map(|spot| spot.commune.as_deref()).for_each(|commune| put(Sort::Commune, commune));
    keys
}

/// The names of a structure in a few bits: enough to see of most pairs that they are not alike.
#[derive(Debug, Clone, Default)]
struct Sketch(Vec<Outline>);

#[derive(Debug, Clone, Copy, Default)]
struct Outline {
    /// Which pairs of letters it has, as bits.
    pairs: u128,
    /// Which letters it has.
    letters: u32,
    length: usize,
    /// Which letters its initials may begin with: those of its first word, and of small ones and legal forms before.
    initials: u32,
    /// The letters of its first word, which may be initials.
    head: u32,
    head_begins: u32,
    head_length: usize,
}

impl Sketch {
    fn of(traits: &Traits) -> Self {
        Self(traits.names.iter().map(Outline::of).collect())
    }

    fn may_be_like(&self, other: &Self) -> bool {
        self.0.iter().any(|one| other.0.iter().any(|other| one.may_be_like(other)))
    }
}

impl Outline {
    fn of(name: &Name) -> Self {
        let pair = |two: &[u8]| 1 << ((u32::from(two[0]) * 31 + u32::from(two[1]) * 7) % 128);
        let before = name.words.iter().take_while(|word| word.role != Role::Own);
        let head = name.own().next();
        let begins = |word: &Word| letters(&word.raw[..word.raw.chars().next().map_or(0, char::len_utf8)]);
        Self {
            pairs: name.bare.as_bytes().windows(2).fold(0, |all, two| all | pair(two)),
            letters: letters(&name.whole),
            length: name.whole.len(),
            initials: before.chain(head).fold(0, |all, word| all | begins(word)),
            head: head.map_or(0, |word| letters(&word.raw)),
            head_begins: head.map_or(0, begins),
            head_length: head.map_or(0, |word| word.raw.len()),
        }
    }

    fn may_be_like(&self, other: &Self) -> bool {
        let shared = (self.pairs & other.pairs).count_ones();
        let fewer = self.pairs.count_ones().min(other.pairs.count_ones());
        shared * 2 >= fewer || self.may_be_initials_of(other) || other.may_be_initials_of(self)
    }

    fn may_be_initials_of(&self, other: &Self) -> bool {
        // Two names that begin with the same word, or the same word mistyped, are no initials of each other.
        let is_word_there = self.head == other.head && self.head_length == other.head_length;
        let begins = self.head_begins & other.initials != 0 && !is_word_there;
        begins && self.head_length * 2 <= other.length && self.head & !other.letters == 0
    }
}

/// Which letters a text has, as bits; one for all that are no letter.
fn letters(text: &str) -> u32 {
    text.bytes().fold(0, |all, byte| all | 1 << if byte.is_ascii_lowercase() { byte - b'a' } else { 26 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Contact;
    use crate::identifier::{Rna, Siren};
    use crate::iri::WebLink;
    use crate::place::Place;
    use crate::structure::{Site, Structure};
    use crate::{Audience, Code, Gazetteer, List, Rules, Thesaurus};
    use std::sync::LazyLock;

    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(Thesaurus::default()));

    fn structure(name: &str, commune: &str) -> Structure {
        let place = Place::find("x", commune, Gazetteer::embedded()).ok();
        let sites = place.map(|place| Site { place: Some(place), ..Site::default() }).into_iter().collect();
        Structure { name: name.into(), sites, ..Structure::default() }
    }

    fn traits(name: &str, commune: &str) -> Traits {
        Traits::of(&structure(name, commune), &RULES)
    }

    fn contact(medium: &str, value: &str) -> Contact {
        let medium = Code::new(List::ContactMedium, medium);
        Contact { fragment: "contact-1".into(), medium, value: value.into(), note: None, audience: Audience::Public }
    }

    /// Pairs that are one, each by something else.
    fn pairs() -> Vec<[Structure; 2]> {
        let two = |one: &str, other: &str| [structure(one, "Gap"), structure(other, "Gap")];
        let mut by_siren = two("La Bobine", "Le Merle");
        by_siren.iter_mut().for_each(|one| one.siren = Siren::read("siren", "732829320").ok());
        let mut by_rna = [structure("La Bobine", "Gap"), structure("Le Merle", "Brest")];
        by_rna.iter_mut().for_each(|one| one.rna = Rna::read("rna", "W051234567").ok());
        let mut moved = [structure("Tisserands du Loriot", "Gap"), structure("Les Tisserands du loriot", "Brest")];
        moved.iter_mut().for_each(|one| one.contacts = vec![contact("phone", "+33465710000")]);
        let mut half = two("La Fabrique du Vieux Loriot", "Vieux Loriot");
        half.iter_mut()
            .for_each(|one| one.contacts = vec![contact("phone", "+33465710001"), contact("email", "a@l.example")]);
        let mut by_host = two("Sicaloriot", "Fermes du Loriot");
        by_host[0].web = WebLink::read("web", "https://fermesduloriot.example").ok();
        let mut by_domain = [structure("L’Épicerie solidaire", "Gap"), structure("Épicerie solidaire", "Tallard")];
        by_domain[0].web = WebLink::read("web", "https://solidaire05.example").ok();
        by_domain[1].contacts = vec![contact("email", "a@solidaire05.example")];
        vec![
            by_siren,
            by_rna,
            moved,
            half,
            by_host,
            by_domain,
            two("La Tricoterie", "La Tricotterie"),
            two("Le Séamphore", "Le Sémaphore"),
            two("Réseau Partage et Habitat du Mont Tirelle", "R.P.H.M.T."),
            two("Confédération générale des Scop", "CGSCOP"),
            two("Cie du Th. de l’Alambic", "Compagnie du Théâtre de l’Alambic"),
            two("MDA de la Sonde", "Maison des associations de la Sonde"),
            two("Chorale La Clé des Loriots", "La Clé des Loriots"),
            [structure("La Bobine à vapeur", "Gap"), structure("La Bobine à vapeur", "")],
            [structure("Les Merles du Garnier", "Nantes"), structure("Merles Garnier", "Rezé")],
        ]
    }

    /// What `compare` calls the same is found, whoever is asked for: the index leaves nobody out.
    #[test]
    fn all_that_are_one_are_found() {
        for (at, [one, other]) in pairs().iter().enumerate() {
            let both = [one, other].map(|structure| Traits::of(structure, &RULES));
            assert!(compare(&both[0], &both[1], &Rarity::default()).is_same(), "{} {}", one.name, other.name);
            let mut index = Index::new();
            both.iter().enumerate().for_each(|(id, traits)| index.add(id, traits.clone()));
            for id in [0, 1] {
                let found: Vec<usize> = index.twins(&id).into_iter().map(|(other, _)| other).collect();
                assert_eq!(found, [1 - id], "pair {at}: {} {}", one.name, other.name);
            }
        }
    }

    #[test]
    fn what_was_taken_out_or_replaced_is_found_no_more() {
        let mut index = Index::new();
        index.add("a", traits("La Tricoterie", "Gap"));
        index.add("b", traits("La Bobine", "Gap"));
        let asked = traits("La Tricotterie", "Gap");
        assert_eq!(index.like(&asked).len(), 1);
        index.add("a", traits("Le Renard", "Gap"));
        assert_eq!((index.like(&asked).len(), index.len()), (0, 2));
        assert!(index.remove(&"a") && !index.remove(&"a"));
        assert_eq!((index.like(&traits("Le Renard", "Gap")).len(), index.len()), (0, 1));
        index.add("c", traits("La Tricoterie", "Gap"));
        assert_eq!((index.entries.len(), index.like(&asked)[0].0), (2, "c"), "places are used again");
        index.remove(&"b");
        index.remove(&"c");
        assert!(index.is_empty() && index.shared.is_empty() && index.get(&"c").is_none());
        assert!(!index.rarity().is_common("tricoterie"));
    }

    #[test]
    fn the_strongest_grounds_come_first() {
        let mut index = Index::new();
        let mut numbered = structure("La Tricoterie", "Gap");
        numbered.siren = Siren::read("siren", "732829320").ok();
        index.add(1, traits("La Tricoterie", "Gap"));
        index.add(2, Traits::of(&numbered, &RULES));
        index.add(3, traits("La Bobine", "Gap"));
        let found = index.like(&Traits::of(&numbered, &RULES));
        assert_eq!(found[0], (2, vec![Ground::SameSiren]), "itself");
        assert_eq!(found[1], (1, vec![Ground::SameName, Ground::SameCommune]));
        assert_eq!(found.len(), 2);
        assert_eq!(index.twins(&2).len(), 1);
        assert!(index.twins(&9).is_empty());
    }

    #[test]
    fn a_commune_that_one_sheet_does_not_name_is_no_ground() {
        let mut index = Index::new();
        index.add(1, traits("L’Alternateur", "Niort"));
        for (number, street) in [(2, "3 rue Haute 79000 Niort"), (3, "3 rue Haute, Niort")] {
            let mut other = structure("L'alternateur", "Niort");
            other.sites = vec![Site { street: Some(street.into()), ..Site::default() }];
            index.add(number, Traits::of(&other, &RULES));
        }
        let found = index.like(&traits("L’Alternateur", "Niort"));
        let grounds = |number: i32| &found.iter().find(|(other, _)| *other == number).unwrap().1;
        assert_eq!(grounds(1), &[Ground::SameName, Ground::SameCommune]);
        assert_eq!((grounds(2), grounds(3)), (&vec![Ground::SameName], &vec![Ground::SameName]));
    }

    /// A word of twelve letters, one for each number.
    fn other_word(number: usize) -> String {
        let letters = (0..12).map(|at| (number + 11) * (at * at + 3) * 7_919 % 1_009 % 26);
        letters.map(|letter| char::from(b'a' + u8::try_from(letter).unwrap())).collect()
    }

    #[test]
    fn a_word_that_most_have_brings_nobody_together_by_itself() {
        let mut index = Index::new();
        for number in 0..RARE + 50 {
            index.add(number, traits(&format!("Loriot {}", other_word(number)), "Brest"));
        }
        let asked = traits("Loriot merle", "Gap");
        assert!(index.candidates(&asked, &Sketch::of(&asked)).is_empty());
        let mistyped = traits(&format!("Loirot {}", other_word(7)), "Brest");
        let sketch = Sketch::of(&mistyped);
        let worth = index.candidates(&mistyped, &sketch).len();
        assert!(worth < RARE / 4, "{worth} of the commune are worth a comparison");
        assert_eq!(index.like(&mistyped)[0].0, 7);
    }
}

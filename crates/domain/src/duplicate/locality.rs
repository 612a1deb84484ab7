//! Where a structure is, as far as its sheet says, and how near that is to another.

use super::words;
use crate::code::fold;
use crate::gazetteer::Commune;
use crate::identifier::Rna;
use crate::place::Point;
use crate::structure::{Site, Structure};
use crate::{Gazetteer, place::Area, place::AreaKind};

/// How far a neighbour is, in kilometres.
const NEIGHBOURS_KM: f64 = 20.0;
/// How far those with one postcode are taken to be.
const ONE_POSTCODE_KM: f64 = 5.0;
/// How far a point may lie from the middle of its commune, or else it is a mistake.
const REACH_KM: f64 = 60.0;

/// How near two structures are.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Nearness {
    /// In one commune, or at one address.
    Same,
    /// In neighbouring communes, so far apart; as far as is known.
    Near(f64),
    /// Farther.
    Far,
    /// Of one of them nothing is said.
    Unknown,
}

/// Where one site is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    /// INSEE code of the commune; for an arrondissement, of the whole town.
    pub commune: Option<String>,
    /// Whether the sheet says so, and it was not read in a street.
    is_told: bool,
    pub department: Option<String>,
    pub postcode: Option<String>,
    point: Option<Point>,
    /// House numbers.
    numbers: Vec<String>,
    /// The words of the street, without those for its kind and small ones.
    street: Vec<String>,
    /// Numbers of postal boxes.
    boxes: Vec<String>,
}

/// Words for kinds of streets, and abbreviations of them.
const STREETS: &str = "rue avenue av ave boulevard bd bld bvd bv boul place pl chemin ch che impasse imp allee allees quai route rte cours square
    sq passage lieu dit lieudit zi za zac zone batiment bat r faubourg fg bis ter
    bp cs tsa";

impl Spot {
    /// Where the sites of a structure are. Where none of them says so, the end of a street may, and else the number in the register of
    /// associations: its first digits are of the department in which it was declared.
    pub(super) fn all(of: &Structure, gazetteer: &Gazetteer) -> Vec<Self> {
        let mut all: Vec<Self> = of.sites.iter().filter_map(|site| Self::of(site, gazetteer)).collect();
        let is_placed = all.iter().any(|spot| spot.commune.is_some() || spot.postcode.is_some());
        let declared = of.rna.as_ref().filter(|_| !is_placed).and_then(department_of);
        all.extend(declared.map(|department| Self { department: Some(department), ..Self::nowhere() }));
        all
    }

    fn nowhere() -> Self {
        let none = Vec::new;
        Self {
            commune: None,
            is_told: false,
            department: None,
            postcode: None,
            point: None,
            numbers: none(),
            street: none(),
            boxes: none(),
        }
    }

    fn of(site: &Site, gazetteer: &Gazetteer) -> Option<Self> {
        let typed = site.street.as_deref().unwrap_or_default();
        let told = site.place.as_ref().and_then(|place| gazetteer.commune(&place.commune));
        let is_told = site.place.is_some() || site.postcode.is_some();
        let commune = if is_told { told } else { at_the_end(typed, gazetteer) };
        let mut spot = Self::nowhere();
        spot.is_told = is_told;
        spot.read_street(typed, commune);
        spot.postcode.clone_from(&site.postcode);
        spot.department = commune
            .map(|commune| commune.department.clone())
            .or_else(|| site.postcode.as_deref().and_then(of_postcode));
        spot.commune = commune.map(|one| one.parent.clone().unwrap_or_else(|| one.code.clone()));
        let middle = commune.and_then(|commune| commune.point);
        let exact = site.place.as_ref().and_then(|place| place.point);
        let is_near = |point: &Point| middle.is_none_or(|middle| middle.distance_km(point) <= REACH_KM);
        spot.point = exact.filter(is_near).or(middle);
        let is_somewhere = spot.department.is_some() || !spot.street.is_empty() || !spot.boxes.is_empty();
        is_somewhere.then_some(spot)
    }

    fn read_street(&mut self, typed: &str, commune: Option<&Commune>) {
        let folded = fold(typed);
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let town = commune.map(|commune| fold(&commune.name)).unwrap_or_default();
        let is_town = |word: &str| town.split(|c: char| !c.is_alphanumeric()).any(|other| words::stem(other) == word);
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let mut before = "";
        for word in words {
            let stem = words::stem(word);
            if matches!(before, "bp" | "cs" | "tsa") && is_number(word) {
                self.boxes.push(word.to_owned());
            } else if is_number(word) && word.len() < 5 {
                self.numbers.push(word.to_owned());
            } else if is_street_word(word) && !is_town(stem) {
                self.street.push(stem.to_owned());
            }
            before = word;
        }
    }

    /// Whether two sites are in one street; `None` where one says nothing of it.
    fn shares_street(&self, other: &Self) -> Option<bool> {
        if self.boxes.iter().any(|number| other.boxes.contains(number)) {
            return Some(true);
        }
        if self.street.is_empty() || other.street.is_empty() {
            return None;
        }
        let shared = self.street.iter().filter(|word| other.street.contains(word)).count();
        Some(shared >= 2 || shared > 0 && (shared == self.street.len() || shared == other.street.len()))
    }

    /// Whether two sites are at one address.
    fn shares_address(&self, other: &Self) -> bool {
        let of_one = |mine: &[String], theirs: &[String]| mine.iter().any(|number| theirs.contains(number));
        let is_numberless = self.numbers.is_empty() && other.numbers.is_empty();
        self.shares_street(other) == Some(true)
            && (is_numberless || of_one(&self.numbers, &other.numbers) || of_one(&self.boxes, &other.boxes))
    }

    fn nearness(&self, other: &Self) -> Nearness {
        let is_of_one = |mine: &Option<String>, theirs: &Option<String>| mine.is_some() && mine == theirs;
        let are_both_told = self.commune.is_some() && other.commune.is_some();
        let has_number =
            !self.numbers.is_empty() && !other.numbers.is_empty() || !self.boxes.is_empty() && !other.boxes.is_empty();
        let distance = self.point.zip(other.point).map(|(here, there)| here.distance_km(&there));
        if is_of_one(&self.commune, &other.commune) {
            Nearness::Same
        } else if is_of_one(&self.postcode, &other.postcode) {
            if self.shares_address(other) {
                Nearness::Same
            } else {
                Nearness::Near(distance.unwrap_or(f64::MAX).min(ONE_POSTCODE_KM))
            }
        } else if are_both_told {
            distance.filter(|km| *km <= NEIGHBOURS_KM).map_or(Nearness::Far, Nearness::Near)
        } else {
            let departments = self.department.as_ref().zip(other.department.as_ref());
            match departments.is_some_and(|(here, there)| here != there) {
                true => Nearness::Far,
                // A street of one word is in every town.
                false if has_number && self.street.len() >= 2 && self.shares_address(other) => Nearness::Same,
                false => Nearness::Unknown,
            }
        }
    }
}

/// How near the nearest of their sites are.
pub(super) fn nearness(one: &[Spot], other: &[Spot]) -> Nearness {
    let all = one.iter().flat_map(|here| other.iter().map(move |there| here.nearness(there)));
    all.min_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal)).unwrap_or(Nearness::Unknown)
}

/// Whether both sheets name one commune.
pub(super) fn share_told_commune(one: &[Spot], other: &[Spot]) -> bool {
    let told = |spots: &[Spot]| -> Vec<String> {
        spots.iter().filter(|spot| spot.is_told).filter_map(|spot| spot.commune.clone()).collect()
    };
    let theirs = told(other);
    told(one).iter().any(|commune| theirs.contains(commune))
}

/// Whether they have an address in common, or have two in different streets; `None` where nothing tells.
pub(super) fn share_address(one: &[Spot], other: &[Spot]) -> Option<bool> {
    let pairs = || one.iter().flat_map(|here| other.iter().map(move |there| (here, there)));
    if pairs().any(|(here, there)| here.shares_address(there)) {
        return Some(true);
    }
    let streets: Vec<bool> = pairs().filter_map(|(here, there)| here.shares_street(there)).collect();
    (!streets.is_empty() && !streets.contains(&true)).then_some(false)
}

/// The words by which a name says where its bearer is: of the commune and of the department.
pub(super) fn place_words(spots: &[Spot], gazetteer: &Gazetteer) -> Vec<String> {
    let communes = spots.iter().filter_map(|spot| gazetteer.commune(spot.commune.as_deref()?));
    let names =
        communes.flat_map(|commune| [Some(commune.name.as_str()), department_name(&commune.department, gazetteer)]);
    let folded: Vec<String> = names.flatten().map(fold).collect();
    let all = folded.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let mut all: Vec<String> = all
        .filter(|word| !word.is_empty() && !words::is_small(word))
        .map(|word| words::stem(word).to_owned())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The name of a department.
pub(super) fn department_name<'a>(code: &str, gazetteer: &'a Gazetteer) -> Option<&'a str> {
    gazetteer.area_name(&Area::new(AreaKind::Department, code))
}

fn is_street_word(word: &str) -> bool {
    let is_kind = STREETS.split_whitespace().any(|kind| kind == word);
    word.len() > 1 && !is_kind && !words::is_small(word) && !word.as_bytes()[0].is_ascii_digit()
}

/// The commune that stands at the end of a street, where the site says nothing else of it.
fn at_the_end<'a>(street: &str, gazetteer: &'a Gazetteer) -> Option<&'a Commune> {
    let words: Vec<&str> = street.split_whitespace().collect();
    let tails = (1..words.len()).map(|at| words[at..].join(" "));
    tails.skip(words.len().saturating_sub(5)).find_map(|tail| gazetteer.find(&tail).first().copied())
}

/// The department of a postcode; Corsica has two under one beginning.
fn of_postcode(postcode: &str) -> Option<String> {
    let digits = postcode.get(..if postcode.starts_with("97") || postcode.starts_with("98") { 3 } else { 2 })?;
    (postcode.len() == 5 && digits != "20" && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.to_owned())
}

/// The department in which an association was declared.
fn department_of(rna: &Rna) -> Option<String> {
    let code = match rna.as_str().get(1..3)? {
        "9G" => "971",
        "9M" => "972",
        "9C" => "973",
        "9R" => "974",
        "20" => return None,
        code => code,
    };
    let is_known = code.len() == 3
        || matches!(code, "2A" | "2B")
        || code.parse().is_ok_and(|number: u8| (1..=95).contains(&number));
    is_known.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn all() -> &'static Gazetteer {
        Gazetteer::embedded()
    }

    fn site(commune: &str, postcode: &str, street: &str) -> Site {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let place = (!commune.is_empty()).then(|| Place::find("x", commune, all()).unwrap());
        Site { place, postcode: given(postcode), street: given(street), ..Site::default() }
    }

    fn spots(commune: &str, postcode: &str, street: &str) -> Vec<Spot> {
        Spot::all(&Structure { sites: vec![site(commune, postcode, street)], ..Structure::default() }, all())
    }

    fn near(one: &[Spot], other: &[Spot]) -> Nearness {
        let there = nearness(one, other);
        assert_eq!(there, nearness(other, one));
        there
    }

    #[test]
    fn a_town_and_its_arrondissements_are_one() {
        assert_eq!(near(&spots("Paris 11e", "75011", ""), &spots("Paris", "", "")), Nearness::Same);
        assert_eq!(near(&spots("Marseille 1er", "", ""), &spots("Marseille 3e", "", "")), Nearness::Same);
    }

    #[test]
    fn neighbours_are_near_and_others_far() {
        let nantes = spots("Nantes", "44000", "");
        assert!(matches!(near(&nantes, &spots("Rezé", "", "")), Nearness::Near(km) if km < 8.0));
        assert_eq!(near(&nantes, &spots("Rennes", "", "")), Nearness::Far);
        let crest = spots("Crest", "26400", "");
        assert!(matches!(near(&crest, &spots("Eurre", "26400", "")), Nearness::Near(km) if km <= ONE_POSTCODE_KM));
        assert!(matches!(near(&crest, &spots("", "26400", "")), Nearness::Near(_)));
    }

    #[test]
    fn what_nobody_says_is_unknown() {
        let nantes = spots("Nantes", "44000", "");
        assert_eq!(near(&nantes, &[]), Nearness::Unknown);
        assert_eq!(near(&nantes, &spots("", "44999", "")), Nearness::Unknown, "one department says little");
        assert_eq!(near(&nantes, &spots("", "35000", "")), Nearness::Far);
        assert_eq!(near(&spots("Ajaccio", "", ""), &spots("", "20200", "")), Nearness::Unknown);
        let street = |street: &str| near(&spots("Gap", "", street), &spots("", "", street));
        assert_eq!((street("3 rue Denfert Rochereau"), street("3 rue Haute")), (Nearness::Same, Nearness::Unknown));
    }

    #[test]
    fn an_association_without_a_place_was_declared_somewhere() {
        let declared = |number: &str| {
            let rna = Some(Rna::read("rna", number).unwrap());
            Spot::all(&Structure { rna, ..Structure::default() }, all())
        };
        let brest = spots("Brest", "", "");
        assert_eq!(near(&brest, &declared("W353001234")), Nearness::Far);
        assert_eq!(near(&brest, &declared("W291001234")), Nearness::Unknown);
        for (number, department) in
            [("W9R2001234", Some("974")), ("W2A1001234", Some("2A")), ("W201001234", None), ("W991234567", None)]
        {
            assert_eq!(department_of(&Rna::read("rna", number).unwrap()).as_deref(), department, "{number}");
        }
        let mut here = Structure { rna: Some(Rna::read("rna", "W353001234").unwrap()), ..Structure::default() };
        here.sites.push(site("Brest", "", ""));
        assert_eq!(Spot::all(&here, all()).len(), 1, "who says where it is, is there");
    }

    #[test]
    fn the_nearest_of_several_sites_counts() {
        let mut two = spots("Rennes", "", "");
        two.extend(spots("Nantes", "", ""));
        assert_eq!(near(&two, &spots("Nantes", "", "")), Nearness::Same);
    }

    #[test]
    fn streets_are_compared_by_their_words() {
        let address = |one: &str, other: &str| {
            let there = share_address(&spots("Gap", "", one), &spots("Gap", "", other));
            assert_eq!(there, share_address(&spots("Gap", "", other), &spots("Gap", "", one)));
            there
        };
        for (one, other, shared) in [
            ("3 rue du Lavoir", "3, r. du lavoir", Some(true)),
            ("88-90, rue Cardinet", "90 bis Rue Cardinet", Some(true)),
            ("7 rue A. Herpin Lacroix, CS 73902", "CS 73902", Some(true)),
            ("La Noëlle", "La Noelle", Some(true)),
            ("3 rue du Lavoir", "5 rue du Lavoir", None),
            ("3 rue du Lavoir", "3 rue Haute", Some(false)),
            ("3 rue du Lavoir", "BP 12", None),
            ("3 rue du Lavoir", "", None),
        ] {
            assert_eq!(address(one, other), shared, "{one} / {other}");
        }
    }

    #[test]
    fn one_address_is_one_place_though_a_commune_is_wrong() {
        let wrong = spots("Strasbourg", "75017", "88-90, rue Cardinet");
        assert_eq!(near(&wrong, &spots("Paris", "75017", "88-90 Rue Cardinet")), Nearness::Same);
        assert!(matches!(near(&wrong, &spots("Paris", "75017", "3 rue Haute")), Nearness::Near(_)));
    }

    #[test]
    fn a_commune_may_stand_at_the_end_of_the_street() {
        let niort = spots("", "", "1 place Haute Niort");
        assert_eq!(near(&niort, &spots("Niort", "", "")), Nearness::Same);
        assert_eq!(near(&niort, &spots("Gap", "", "")), Nearness::Far);
        assert_eq!(near(&spots("", "", "3 rue Haute 05000 Gap"), &spots("Gap", "", "")), Nearness::Same);
        assert_eq!(spots("", "", "Niort")[0].commune, None, "a street alone is a street");
    }

    #[test]
    fn a_name_says_where_its_bearer_is() {
        let words = place_words(&spots("Saint-Paul-de-Vence", "", ""), all());
        for word in ["saint", "paul", "vence", "alpe", "maritime"] {
            assert!(words.contains(&word.to_owned()), "{words:?}");
        }
        assert!(!words.contains(&"de".to_owned()));
    }
}

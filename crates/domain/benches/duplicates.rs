//! What it costs to find duplicates among many structures: `cargo bench -p pes-domain [-- NUMBER]`, 100 000 where no number is given.
//!
//! The structures are invented as a directory is: a third have a common name, and communes have as many as they have inhabitants, so that
//! Paris has thousands.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use pes_domain::duplicate::{Index, Traits};
use pes_domain::gazetteer::Commune;
use pes_domain::place::{Area, AreaKind, Place};
use pes_domain::structure::{Site, Structure};
use pes_domain::{Gazetteer, Rules, Thesaurus};
use std::time::{Duration, Instant};

fn main() {
    let number = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(100_000);
    let (rules, mut dice) = (Rules::new(Thesaurus::default()), Dice(1));
    let communes = communes(rules.gazetteer);
    let structures: Vec<Structure> = (0..number).map(|_| structure(&communes, &mut dice)).collect();
    let (index, took) = timed(|| {
        let mut index = Index::new();
        for (id, structure) in structures.iter().enumerate() {
            index.add(id, Traits::of(structure, &rules));
        }
        index
    });
    println!("{number} structures taken in: {took:?}, {:?} each", took / u32::try_from(number).unwrap());
    let asked: Vec<Structure> =
        (0..2_000).map(|_| mistyped(&structures[dice.below(structures.len())], &mut dice)).collect();
    report("one asked", asked.iter().map(|one| timed(|| index.like(&Traits::of(one, &rules)).len())));
    let in_paris =
        structures.iter().filter(|one| one.sites[0].place.as_ref().is_some_and(|place| place.commune == "75056"));
    report("one in Paris", in_paris.take(200).map(|one| timed(|| index.like(&Traits::of(one, &rules)).len())));
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn report(what: &str, all: impl Iterator<Item = (usize, Duration)>) {
    let (found, mut times): (Vec<usize>, Vec<Duration>) = all.unzip();
    times.sort_unstable();
    let (Some(last), [.., _]) = (times.last(), times.as_slice()) else { return };
    let [median, most] = [times[times.len() / 2], times[times.len() * 99 / 100]];
    let none = found.iter().filter(|found| **found == 0).count();
    println!(
        "{what}: median {median:?}, 99 % {most:?}, longest {last:?}; of {} asked, {none} found nobody",
        times.len()
    );
}

/// Communes, each as often as it has thousands of inhabitants.
fn communes(gazetteer: &Gazetteer) -> Vec<&Commune> {
    let departments = gazetteer.areas(AreaKind::Department);
    let codes = departments.iter().map(|(area, _)| Area::new(AreaKind::Department, &area.code)).collect::<Vec<_>>();
    let all = codes.iter().flat_map(|area| gazetteer.communes_of(area)).filter(|commune| commune.parent.is_none());
    all.flat_map(|commune| std::iter::repeat_n(commune, 1 + commune.population as usize / 1_000)).collect()
}

const HEADS: [&str; 12] = [
    "La Ressourcerie",
    "L’Épicerie",
    "Le Café",
    "La Compagnie",
    "L’Atelier",
    "Les Jardins",
    "La Ferme",
    "Association",
    "Collectif",
    "Les Amis",
    "La Fabrique",
    "Le Théâtre",
];
const SYLLABLES: [&str; 20] = [
    "lo", "ri", "ot", "mar", "tel", "ga", "bi", "nou", "ver", "sal", "che", "vau", "pil", "dre", "mon", "cla", "ren",
    "fou", "quin", "bar",
];

fn structure(communes: &[&Commune], dice: &mut Dice) -> Structure {
    let head = HEADS[dice.below(HEADS.len())];
    let name = match dice.below(3) {
        0 => format!("{head} {}", ["solidaire", "associatif", "du village", "partagé"][dice.below(4)]),
        1 => format!("{head} {}", word(dice)),
        _ => format!("{head} du {} {}", word(dice), word(dice)),
    };
    let commune = communes[dice.below(communes.len())];
    let site =
        Site { postcode: commune.postcodes.first().cloned(), place: Some(Place::of(commune)), ..Site::default() };
    Structure { name, sites: vec![site], ..Structure::default() }
}

fn word(dice: &mut Dice) -> String {
    (0..2 + dice.below(3)).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect()
}

/// The same with two letters of its name turned round.
fn mistyped(structure: &Structure, dice: &mut Dice) -> Structure {
    let mut letters: Vec<char> = structure.name.chars().collect();
    let at = 1 + dice.below(letters.len() - 2);
    letters.swap(at, at + 1);
    Structure { name: letters.into_iter().collect(), ..structure.clone() }
}

/// The same throws each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

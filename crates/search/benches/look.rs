//! How quick the index is over generated structures, beside tantivy's bare question about one word in the same run.
//!
//! `cargo bench -p pes-search --bench look [-- COUNT [FOLDER [PART OF A NAME]]]`: 100 000 structures unless said otherwise. A folder is
//! filled once and kept. Figures are milliseconds, the median and the 99th of a hundred.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use pes_domain::gazetteer::Commune;
use pes_domain::place::{Area, AreaKind, Place, Point};
use pes_domain::{Code, Gazetteer, List, Rules};
use pes_search::{Bounds, Entry, Facet, Index, Near, Query, Reader, Readers, Sort, Writer};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

#[path = "../tests/promises/lists.rs"]
mod lists;

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let count = arguments.first().and_then(|argument| argument.parse().ok()).unwrap_or(100_000);
    let passing = tempfile::TempDir::new().unwrap();
    let folder = arguments.get(1).map_or(passing.path(), Path::new);
    let rules = Arc::new(Rules::new(lists::published()));
    let mut town = Town::new(&rules);
    println!("memory without an index: {} MB", resident());
    if Index::open(folder, Arc::clone(&rules)).unwrap().is_new() {
        fill(&Index::open(folder, Arc::clone(&rules)).unwrap(), &mut town, count);
    }
    let begun = Instant::now();
    let index = Index::open(folder, Arc::clone(&rules)).unwrap();
    println!("opened in {:.0} ms, {:?}", begun.elapsed().as_secs_f64() * 1e3, index.size().unwrap());
    println!("memory with it: {} MB, of which files that were read {} MB", resident(), mapped());
    questions(&index);
    bare(folder);
    suggestions(&index);
    points(&index);
    println!("memory after that: {} MB, of which files {} MB", resident(), mapped());
    let mut writer = index.writer().unwrap();
    following(&index, &mut writer, &mut town, count);
    questions(&index);
    println!("memory with a writer: {} MB, of which files {} MB", resident(), mapped());
}

fn fill(index: &Index, town: &mut Town, count: usize) {
    let (begun, mut writer) = (Instant::now(), index.writer().unwrap());
    for number in 0..count {
        let (record, entries) = town.structure(number);
        writer.replace(&record, &entries).unwrap();
    }
    writer.commit("filled").unwrap();
    println!("put in and committed in {:.1} s: {:?}", begun.elapsed().as_secs_f64(), index.size().unwrap());
    let begun = Instant::now();
    drop(writer.compact().unwrap());
    println!("compacted in {:.1} s", begun.elapsed().as_secs_f64());
}

/// Searches with ten facets counted.
fn questions(index: &Index) {
    let lists = [List::Kind, List::Theme, List::Sector, List::Skill, List::LegalForm, List::Direction].map(Facet::List);
    let others = [AreaKind::Region, AreaKind::Department].map(Facet::Territory);
    let facets = || lists.into_iter().chain(others).chain([Facet::Network, Facet::Tag]);
    let ask = |typed: &str| facets().fold(Query::new(Reader::Member, NOW).typed(typed), Query::count);
    let time = |name: &str, query: &Query, times| {
        let name = format!("{name} ({} found)", index.look(query).unwrap().total);
        measure(&name, times, |_| index.look(query).unwrap().total);
    };
    time("everything", &ask(""), 200);
    let chosen = ask("").choose(Facet::List(List::Sector), "food").choose(Facet::List(List::LegalForm), "association");
    time("everything, two facets chosen", &chosen, 200);
    for typed in ["association", "épicerie", "ressourcerie marseille", "jardin partagé", "menuisier bois atelier"] {
        time(&format!("« {typed} »"), &ask(typed), 200);
    }
    for typed in ["ressourcrei", "épiceire associtive", "zzyzx xyzzy"] {
        time(&format!("« {typed} »"), &ask(typed), 100);
    }
    let near = |radius_km| Point::new(43.3, 5.4).map(|point| Near { point, radius_km });
    let nearest = |typed: &str, radius| Query { near: near(radius), sort: Sort::Distance, ..ask(typed) };
    time("« atelier » around Marseille, nearest first", &nearest("atelier", Some(50.0)), 200);
    time("everything, nearest first", &nearest("", None), 200);
    time("everything by name, page 100", &Query { sort: Sort::Name, offset: 2_000, ..ask("") }, 100);
    let words: Vec<&str> = VOCABULARY.split_whitespace().collect();
    measure("a mix of one and two words", 500, |at| {
        let typed = [words[at * 7 % words.len()], words[at * 13 % words.len()]];
        index.look(&ask(&typed[..1 + at % 2].join(" "))).unwrap().total
    });
}

/// What tantivy alone takes for one word: the best twenty, and how many.
fn bare(folder: &Path) {
    let index = tantivy::Index::open_in_dir(folder).unwrap();
    let (searcher, words) = (index.reader().unwrap().searcher(), index.schema().get_field("words").unwrap());
    for stem in ["associ", "epicer", "jardin"] {
        let query = TermQuery::new(tantivy::Term::from_field_text(words, stem), IndexRecordOption::WithFreqs);
        let ask = || searcher.search(&query, &(TopDocs::with_limit(20).order_by_score(), Count)).unwrap().1;
        measure(&format!("bare tantivy, {stem} ({} found)", ask()), 200, |_| ask());
    }
}

fn suggestions(index: &Index) {
    let words: Vec<&str> = VOCABULARY.split_whitespace().collect();
    let suggest = |typed: &str| index.suggest(Reader::Member, NOW, typed, 8).unwrap().len();
    for length in 1..=6 {
        let start = |at: usize| words[at % words.len()].chars().take(length).collect::<String>();
        measure(&format!("suggestion after {length} letters"), 400, |at| suggest(&start(at)));
    }
    let places = ["mars", "saint", "sain", "ly", "06000", "mont", "nic", "par"];
    measure("suggestion, communes", 400, |at| suggest(places[at % places.len()]));
}

fn points(index: &Index) {
    let time = |name: &str, query: &Query| {
        let name = format!("points of {name} ({})", index.points(query, 50_000).unwrap().1);
        measure(&name, 50, |_| index.points(query, 50_000).unwrap().1);
    };
    let all = Query::new(Reader::Member, NOW);
    for department in ["06", "13", "59", "75"] {
        time(department, &all.clone().stands_in(&Area::new(AreaKind::Department, department)));
    }
    let within = Some(Bounds { south: 43.0, west: 4.2, north: 45.2, east: 7.8 });
    time("a part of the map", &Query { within, ..all });
}

/// Records that come in while all is there.
fn following(index: &Index, writer: &mut Writer, town: &mut Town, count: usize) {
    for size in [1, 10, 100] {
        measure(&format!("commit of {size} changed"), 30, |at| {
            for number in 0..size {
                let (record, entries) = town.structure((at * 997 + number * 31) % count);
                writer.replace(&record, &entries).unwrap();
            }
            writer.commit("on").unwrap();
            index.size().unwrap().segments
        });
    }
    println!("after that: {:?}", index.size().unwrap());
}

/// Tells what a thing takes, by the clock and of the processor: beside other work the clock tells more of that work than of this.
fn measure(name: &str, times: usize, mut run: impl FnMut(usize) -> usize) {
    if std::env::args().nth(3).is_some_and(|only| !only.starts_with("--") && !name.contains(&only)) {
        return;
    }
    run(0);
    let (mut clock, mut processor) = (Vec::new(), Vec::new());
    for at in 0..times {
        let begun = (Instant::now(), worked());
        std::hint::black_box(run(at));
        processor.push((worked() - begun.1) * 1e3);
        clock.push(begun.0.elapsed().as_secs_f64() * 1e3);
    }
    let told = |mut taken: Vec<f64>| {
        taken.sort_by(f64::total_cmp);
        let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
        format!("{:>8.3} {:>8.3}", at(0.5), at(0.99))
    };
    println!("{name:<56} processor p50 p99 {}   clock {}", told(processor), told(clock));
}

/// Seconds of the processor that this thread has had.
fn worked() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Megabytes of memory of this program.
fn resident() -> usize {
    status("VmRSS:")
}

/// Megabytes of it that are pages of files, which the system takes back when it wants them.
fn mapped() -> usize {
    status("RssFile:")
}

fn status(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap_or_default() / 1024
}

/// What structures are made of. The same each time.
struct Town {
    state: u64,
    /// Communes, and the inhabitants of all up to each.
    communes: Vec<(&'static Commune, u64)>,
    words: Vec<String>,
    /// Sectors, skills, themes, legal forms.
    codes: [Vec<Code>; 4],
}

impl Town {
    fn new(rules: &Rules) -> Self {
        let (gazetteer, mut inhabitants) = (Gazetteer::embedded(), 0);
        let all = gazetteer.areas(AreaKind::Region).into_iter().flat_map(|(region, _)| gazetteer.communes_of(region));
        let communes = all.filter(|commune| commune.point.is_some() && commune.parent.is_none()).map(|commune| {
            inhabitants += u64::from(commune.population);
            (commune, inhabitants)
        });
        let lists = [List::Sector, List::Skill, List::Theme, List::LegalForm];
        let codes = lists.map(|list| rules.thesaurus.list(list).map(|concept| concept.code.clone()).collect());
        let words = VOCABULARY.split_whitespace().map(str::to_owned).collect();
        let mut town = Self { state: 42, communes: communes.collect(), words, codes };
        let syllables =
            ["ba", "cho", "dri", "fou", "gel", "lan", "mer", "nou", "per", "ri", "sol", "tur", "vi", "tion"];
        while town.words.len() < 20_000 {
            let count = 2 + town.below(3);
            let word = (0..count).map(|_| syllables[town.below(syllables.len())]).collect();
            town.words.push(word);
        }
        town
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % limit
    }

    /// Words as they come in a language: a few often, most hardly ever.
    fn text(&mut self, count: usize) -> String {
        let word = |_| {
            let share = self.below(1 << 20) as f64 / f64::from(1 << 20);
            let at = (self.words.len() as f64).powf(share) as usize;
            self.words[at.min(self.words.len() - 1)].clone()
        };
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    }

    /// Somewhere in a commune, in one of many inhabitants more often.
    fn place(&mut self) -> Place {
        let at = (self.below(1 << 30) as u64 * self.communes.last().unwrap().1) >> 30;
        let found = self.communes.partition_point(|(_, upto)| *upto <= at);
        let mut place = Place::of(self.communes[found].0);
        let mut shift = || (self.below(2_000) as f64 - 1_000.0) / 50_000.0;
        place.point = place.point.and_then(|one| Point::new(one.latitude + shift(), one.longitude + shift()));
        place
    }

    fn structure(&mut self, number: usize) -> (String, Vec<Entry>) {
        let (place, kind) = (self.place(), KINDS[self.below(KINDS.len())]);
        let title = format!("{kind} {} {}", self.text(1 + number % 2), place.name);
        let counts = [1 + self.below(3), self.below(4), self.below(2), 1];
        let picked: Vec<usize> = (0..4).flat_map(|list| vec![list; counts[list]]).collect();
        let department = &Gazetteer::embedded().commune(&place.commune).unwrap().department;
        let concepts = picked.into_iter().map(|list| {
            let at = self.below(self.codes[list].len());
            self.codes[list][at].clone()
        });
        let concepts = concepts.collect();
        let entry = Entry {
            kind: "structure".into(),
            alternatives: vec![title.split(' ').filter_map(|word| word.chars().next()).collect()],
            summary: self.text(8),
            text: self.text(40 + number % 60),
            network: format!("https://reseau-{}.example", self.below(12)),
            concepts,
            tags: (0..self.below(4)).map(|tag| format!("tag-{}", (number + tag) % 300)).collect(),
            acts_in: vec![Area::new(AreaKind::Department, department)],
            places: vec![place],
            modified: NOW - self.below(700) as i64 * DAY,
            published: NOW - self.below(900) as i64 * DAY,
            title,
            ..Entry::default()
        };
        let record = format!("https://reseau.example/id/structure/{number:08}-0000-4000-8000-000000000000");
        if !number.is_multiple_of(10) {
            return (record, vec![entry]);
        }
        let full = Entry { readers: Readers::Members, text: format!("{} confidences", entry.text), ..entry.clone() };
        (record, vec![Entry { readers: Readers::Anyone, ..entry }, full])
    }
}

const KINDS: &[&str] = &[
    "Association",
    "Ressourcerie",
    "Épicerie",
    "Amap",
    "Jardin",
    "Coopérative",
    "Café",
    "Tiers-lieu",
    "Atelier",
    "Fournil",
    "Régie",
    "Crèche",
    "Garage",
    "Compagnie",
    "Librairie",
    "Ferme",
    "Maison",
    "Collectif",
    "Réseau",
    "Recyclerie",
];

const VOCABULARY: &str = "association structure solidaire projet local atelier accueil public territoire emploi insertion
    formation accompagnement quartier habitants épicerie jardin partagé ressourcerie réemploi vélo réparation cuisine
    alimentation bio circuit court maraîchage pain légumes fruits panier ferme paysan élevage fromage miel semences compost
    déchets recyclage énergie solaire bois menuiserie charpente maçonnerie peinture isolation rénovation logement habitat
    coopérative salariés bénévoles adhérents gouvernance collectif culture théâtre musique concert exposition livres lecture
    école enfants jeunesse famille santé handicap vieillesse soin prévention sport nature randonnée forêt rivière eau mer
    montagne tourisme mobilité transport covoiturage livraison logistique numérique logiciel libre informatique données
    site internet communication graphisme vidéo radio journal finance épargne crédit monnaie comptabilité gestion droit
    conseil recherche étude animation rencontre échange savoir entraide don troc prêt location vente achat groupé boutique
    marché restaurant café traiteur boulangerie brasserie textile couture artisanat métal mécanique garage outils bricolage";

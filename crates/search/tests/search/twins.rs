//! Structures that may be one are known soon after they are there, nobody waits longer than they like, and what is gone is gone.

use pes_changeset::{Channel, Origin, SecretKey};
use pes_domain::duplicate::Ground;
use pes_domain::{Audience, Body, Draft, Kind, Record, RecordIri, Rules};
use pes_journal::Journal;
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_search::{Twin, Twins};
use pes_store::hidden::{self, Hidden};
use pes_store::nodes::{self, Node};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::records::{self, Sheet};
use pes_store::{Database, Store, StoreError};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-28 12:00);
const OTHER: &str = "https://ailleurs.test";
/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(600);

fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// A node that knows another, and whoever looks for twins.
struct Bed {
    store: Store,
    twins: Twins,
    _folder: TempDir,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Database::of_test(folder.path())).unwrap();
        let keys = NewKeys { root: key(1), log: key(2), transport: key(3) };
        let origin: Origin = "https://ici.test".parse().unwrap();
        let identity = found(&store, (&origin, "ici"), &keys, NOW).unwrap();
        Journal::open(store.clone(), rules(), identity).unwrap();
        let bed = Self { twins: Twins::new(store.clone(), rules()), store, _folder: folder };
        bed.pin();
        bed
    }

    fn pin(&self) {
        let own = self.store.read(nodes::all).unwrap().remove(0);
        let other =
            Node { id: "f".repeat(64), origin: OTHER.parse().unwrap(), name: "ailleurs".into(), is_own: false, ..own };
        self.store.write(|link| nodes::insert(link, &other)).unwrap();
    }

    fn write<T>(&self, work: impl FnOnce(&mut pes_store::Link) -> Result<T, StoreError>) -> T {
        self.store.write(work).unwrap()
    }

    fn keep(&self, record: &Record) {
        let own = OwnRecord { moderation: Moderation::Published, author: None, version: 1, record: record.clone() };
        self.write(|link| own_records::put(link, &own));
    }

    fn own(&self, name: &str, fields: &[(&str, &str)]) -> Record {
        let record = structure("https://ici.test", name, fields);
        self.keep(&record);
        record
    }

    /// A sheet of the other network, as if it had just come: what comes by a log is told by its arrival.
    fn hear(&self, record: &Record, version: u64, channel: Channel) {
        let sheet = Sheet { channel, node: "f".repeat(64), version, record: record.clone() };
        self.write(|link| {
            records::put(link, &sheet)?;
            pes_store::unindexed::note(link, &record.iri.to_string())
        });
    }

    fn foreign(&self, name: &str, fields: &[(&str, &str)]) -> Record {
        let record = structure(OTHER, name, fields);
        self.hear(&record, 1, Channel::Public);
        record
    }

    fn known(&self) -> Vec<Twin> {
        let known = self.twins.known(LONG).unwrap();
        assert!(known.is_all);
        known.twins.to_vec()
    }
}

fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

fn structure(origin: &str, name: &str, fields: &[(&str, &str)]) -> Record {
    let fields = [&[("name", name)][..], fields].concat();
    let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let iri = RecordIri::mint(origin, Kind::Structure);
    Record::raise(Kind::Structure, (iri, NOW), &draft, NOW, &rules()).unwrap()
}

const SIRET: (&str, &str) = ("siret", "73282932000074");
const NICE: (&str, &str) = ("site-commune", "Nice (06088)");

#[test]
fn ours_are_paired_among_themselves_and_with_others_the_most_certain_first() {
    let bed = Bed::new();
    assert!(bed.known().is_empty());
    let one = bed.own("Les Loriots du Paillon", &[NICE]);
    let other = bed.own("Les loriots du Paillon", &[NICE]);
    let named = bed.own("La Volière", &[SIRET]);
    let theirs = bed.foreign("Association Volière", &[SIRET]);
    bed.foreign("Volière", &[SIRET]);
    let known = bed.known();
    assert_eq!(known.len(), 3, "{known:?}");
    assert_eq!(known[0].grounds[0], Ground::SameSiret);
    assert!(known.iter().any(|twin| (&twin.own, &twin.other) == (&named.iri.to_string(), &theirs.iri.to_string())));
    let last = &known[2];
    let mut pair = [one.iri.to_string(), other.iri.to_string()];
    pair.sort();
    assert_eq!([last.own.clone(), last.other.clone()], pair);
    assert_eq!(last.grounds, [Ground::SameName, Ground::SameCommune]);
}

#[test]
fn what_changes_is_compared_again_and_what_is_gone_is_gone() {
    let bed = Bed::new();
    let mut ours = bed.own("La Volière", &[SIRET]);
    let theirs = bed.foreign("Volière", &[SIRET]);
    bed.own("Le Hérisson", &[]);
    assert_eq!(bed.known().len(), 1);
    // Another number: two.
    if let Body::Structure(one) = &mut ours.body {
        one.siret = None;
        one.siren = None;
        one.name = "Le Merle".into();
    }
    ours.modified = NOW + time::Duration::seconds(1);
    bed.keep(&ours);
    assert!(bed.known().is_empty());
    // A later version of theirs is like another of ours, though ours did not change.
    let mut later = theirs.clone();
    if let Body::Structure(one) = &mut later.body {
        (one.name, one.siret, one.siren) = ("Le Merle".into(), None, None);
        one.sites.clear();
    }
    bed.hear(&later, 2, Channel::Public);
    let is_pair = |known: &[Twin]| known.iter().any(|twin| twin.other == theirs.iri.to_string());
    assert!(is_pair(&bed.known()));
    let name = theirs.iri.to_string();
    let hide = Hidden { record: name.clone(), reason: String::new(), account: "nora".into(), since: 1 };
    bed.write(|link| hidden::put(link, &hide));
    assert!(bed.known().is_empty(), "hidden");
    bed.write(|link| hidden::remove(link, &name));
    assert!(is_pair(&bed.known()));
    bed.write(|link| records::take(link, (&name, Channel::Public), false));
    assert!(bed.known().is_empty(), "not taken");
    bed.write(|link| records::take(link, (&name, Channel::Public), true));
    assert!(is_pair(&bed.known()));
    bed.write(|link| own_records::erase(link, &ours.iri.to_string()));
    assert!(bed.known().is_empty(), "erased");
}

/// Of what the other network says in two channels, that which members see; and of ours, what is published.
#[test]
fn it_is_compared_as_the_team_sees_it() {
    let bed = Bed::new();
    let ours = bed.own("La Volière", &[SIRET, ("audience", "private")]);
    let theirs = structure(OTHER, "Volière", &[SIRET]);
    bed.hear(&theirs, 1, Channel::Public);
    assert_eq!(bed.known().len(), 1, "what is private too");
    let mut inner = theirs.clone();
    if let Body::Structure(one) = &mut inner.body {
        (one.name, one.siret, one.siren) = ("Tout autre chose".into(), None, None);
    }
    inner.audience = Audience::Affiliates;
    bed.hear(&inner, 2, Channel::Affiliates);
    assert!(bed.known().is_empty());
    let draft = OwnRecord { moderation: Moderation::Draft, author: None, version: 1, record: ours };
    bed.hear(&theirs, 3, Channel::Affiliates);
    assert_eq!(bed.known().len(), 1);
    bed.write(|link| own_records::put(link, &draft));
    assert!(bed.known().is_empty(), "a draft is nobody's twin yet");
}

#[test]
fn nobody_waits_longer_than_they_like_and_the_rest_comes_by_itself() {
    let bed = Bed::new();
    for number in 0..60 {
        bed.own(&format!("La Volière {number}"), &[SIRET]);
    }
    let begun = Instant::now();
    let known = bed.twins.known(Duration::ZERO).unwrap();
    assert!(!known.is_all && known.twins.is_empty());
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(bed.known().len(), 60 * 59 / 2);
    let again = bed.twins.known(Duration::ZERO).unwrap();
    assert!(again.is_all, "nothing new costs nothing");
    // Several who ask at once share one look.
    bed.own("La Volière encore", &[SIRET]);
    let all: Vec<_> =
        (0..4).map(|_| bed.twins.clone()).map(|twins| std::thread::spawn(move || twins.known(LONG).unwrap())).collect();
    for one in all {
        assert_eq!(one.join().unwrap().twins.len(), 61 * 60 / 2);
    }
}

/// How long it takes: `PES_TWINS=5000,20000 cargo test -p pes-search --test search many -- --nocapture`; a few where nothing is said.
#[test]
fn many_are_compared_once_and_then_only_what_is_new() {
    let size = std::env::var("PES_TWINS").unwrap_or("150,600".into());
    let (own, others) = size.split_once(',').unwrap();
    let (own, others): (usize, usize) = (own.parse().unwrap(), others.parse().unwrap());
    let bed = Bed::new();
    let communes: Vec<_> = rules()
        .gazetteer
        .areas(pes_domain::place::AreaKind::Department)
        .into_iter()
        .flat_map(|(area, _)| rules().gazetteer.communes_of(area))
        .step_by(7)
        .collect();
    let words = [
        "Atelier",
        "Jardin",
        "Ressourcerie",
        "Café",
        "Maison",
        "Fabrique",
        "Épicerie",
        "Recyclerie",
        "Association",
        "Coopérative",
    ];
    let made = |origin: &str, number: usize| {
        let name = format!(
            "{} {} {}",
            words[number % 10],
            words[number / 10 % 10],
            communes[number * 31 % communes.len()].name
        );
        let commune = communes[number * 17 % communes.len()].to_form();
        structure(origin, &name, &[("site-commune", &commune)])
    };
    bed.write(|link| {
        for number in 0..own {
            let record = made("https://ici.test", number);
            own_records::put(link, &OwnRecord { moderation: Moderation::Published, author: None, version: 1, record })?;
        }
        for number in 0..others {
            let record = made(OTHER, number + own / 2);
            records::insert(link, &Sheet { channel: Channel::Public, node: "f".repeat(64), version: 1, record })?;
        }
        Ok(())
    });
    let timed = || {
        let begun = Instant::now();
        (bed.known().len(), begun.elapsed())
    };
    let (pairs, first) = timed();
    let (_, nothing) = timed();
    bed.own("Les Loriots du Paillon", &[NICE]);
    let (_, one) = timed();
    println!("{own} and {others}: {pairs} pairs in {first:?}; nothing new {nothing:?}; one new {one:?}");
    assert!(pairs > 0 && nothing < Duration::from_millis(500) && one < Duration::from_secs(5));
}

/// What a structure is like is told by what whoever typed it sees of the others, and by nothing else that is known here.
#[test]
fn what_nobody_saved_yet_is_held_against_what_its_writer_sees() {
    let bed = Bed::new();
    let ours = bed.own("Les Loriots du Paillon", &[NICE, SIRET]);
    let theirs = bed.foreign("Les loriots du Paillon", &[NICE]);
    bed.own("Le Hérisson", &[NICE]);
    let body = |record: &Record| if let Body::Structure(one) = &record.body { (**one).clone() } else { panic!() };
    let typed = |name: &str| body(&structure("https://ici.test", name, &[NICE, SIRET]));
    let seen = |name: &str| {
        // Of ours the number is hidden; theirs is there for nobody.
        let mut record = body(&ours);
        (record.siret, record.siren) = (None, None);
        Ok::<_, pes_search::Fault>((name == ours.iri.to_string()).then_some(record))
    };
    let like = bed.twins.like(&typed("Les Loriots du Paillon"), LONG, seen).unwrap();
    assert_eq!(like, [(ours.iri.to_string(), vec![Ground::SameName, Ground::SameCommune])]);
    assert!(bed.twins.like(&typed("Le Merle"), LONG, seen).unwrap().is_empty(), "its number is not told");
    let all = |name: &str| {
        Ok::<_, pes_search::Fault>([&ours, &theirs].into_iter().find(|one| one.iri.to_string() == name).map(body))
    };
    let like = bed.twins.like(&typed("Les Loriots du Paillon"), LONG, all).unwrap();
    assert_eq!(like[0], (ours.iri.to_string(), vec![Ground::SameSiret]), "the surest first");
    assert_eq!(like.len(), 2);
    assert!(
        bed.twins.like(&typed("Le Merle"), Duration::ZERO, all).unwrap().len() <= 1,
        "nobody waits longer than they like"
    );
}

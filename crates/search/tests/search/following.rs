//! The index follows the database: what is published is found, what is gone is not, whatever stops in between.

use pes_changeset::{Channel, Origin, SecretKey};
use pes_domain::{Draft, Kind, List, Record, RecordIri, Rules};
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_journal::supply::Named;
use pes_journal::{Identity, Journal};
use pes_search::{Facet, Followed, Follower, Index, Query, Reader, Sort};
use pes_store::hidden::{self, Hidden};
use pes_store::own_records::Moderation;
use pes_store::{Database, Store};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use time::macros::utc_datetime;
use time::{Duration, UtcDateTime};

const NOW: UtcDateTime = utc_datetime!(2026-11-28 12:00);

fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// A node with its index, both on a disk.
struct Bed {
    journal: Journal,
    index: Index,
    follower: Follower,
    folder: TempDir,
}

/// The journal of the node `https://{name}.test` in a folder.
fn journal(name: &str, folder: &TempDir) -> Journal {
    let store = Store::open(Database::of_test(folder.path())).unwrap();
    let key = |number: u8| SecretKey::from_seed(&[name.bytes().fold(number, u8::wrapping_add); 32]);
    let keys = NewKeys { root: key(0), log: key(1), transport: key(2) };
    let origin: Origin = format!("https://{name}.test").parse().unwrap();
    let identity: Identity = found(&store, (&origin, name), &keys, NOW).unwrap();
    Journal::open(store, rules(), identity).unwrap()
}

fn publish(journal: &Journal, kind: Kind, fields: &[(&str, &str)]) -> Record {
    let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let iri = RecordIri::mint(journal.identity().origin.as_str(), kind);
    let record = Record::raise(kind, (iri, NOW), &draft, NOW, &rules()).unwrap();
    journal.save(record.clone(), Moderation::Published, None, NOW).unwrap();
    record
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal("apeas", &folder);
        let index = Index::open(&folder.path().join("index"), rules()).unwrap();
        let follower = Follower::new(&index, journal.store().clone()).unwrap();
        Self { journal, index, follower, folder }
    }

    /// Closes the index and opens it again, as a stop in between does.
    fn opened_again(self) -> Self {
        let Self { journal, index, follower, folder } = self;
        drop((index, follower));
        let index = Index::open(&folder.path().join("index"), rules()).unwrap();
        let follower = Follower::new(&index, journal.store().clone()).unwrap();
        Self { journal, index, follower, folder }
    }

    fn follows(&mut self) -> Followed {
        self.follower.catch_up(NOW).unwrap()
    }

    fn structure(&self, name: &str) -> Record {
        publish(&self.journal, Kind::Structure, &[("name", name)])
    }

    /// The names of what is found, in alphabetical order.
    fn found(&self, reader: Reader, words: &str) -> Vec<String> {
        let query = Query::new(reader, NOW.unix_timestamp()).typed(words);
        let found = self.index.look(&Query { sort: Sort::Name, limit: 100, ..query }).unwrap();
        assert_eq!(found.total, found.hits.len());
        found.hits.into_iter().map(|hit| hit.record).collect()
    }

    fn finds(&self, reader: Reader, words: &str, record: &Record) -> bool {
        self.found(reader, words).contains(&record.iri.to_string())
    }
}

#[test]
fn what_is_published_is_found_and_what_is_changed_is_found_as_it_is() {
    let mut bed = Bed::new();
    assert_eq!(bed.follows(), Followed { records: 0, is_filled: true });
    let mut phare = bed.structure("Le Phare");
    bed.structure("L’Établi");
    assert!(!bed.finds(Reader::Anyone, "phare", &phare));
    bed.follows();
    assert!(bed.finds(Reader::Anyone, "phare", &phare));
    assert_eq!(bed.found(Reader::Anyone, "").len(), 2);
    assert_eq!(bed.follows(), Followed::default(), "nothing new costs nothing");
    if let pes_domain::Body::Structure(one) = &mut phare.body {
        one.name = "La Lanterne".into();
    }
    phare.modified = NOW + Duration::minutes(1);
    bed.journal.save(phare.clone(), Moderation::Published, None, NOW).unwrap();
    bed.follows();
    assert!(bed.finds(Reader::Anyone, "lanterne", &phare) && !bed.finds(Reader::Anyone, "phare", &phare));
    bed.journal.delete(&phare.iri, None, NOW).unwrap();
    bed.follows();
    assert_eq!(bed.found(Reader::Member, "").len(), 1);
}

#[test]
fn what_is_withdrawn_or_hidden_or_for_fewer_is_found_by_those_it_is_for() {
    let mut bed = Bed::new();
    let inner = publish(&bed.journal, Kind::Structure, &[("name", "Entre nous"), ("audience", "network")]);
    let private = publish(&bed.journal, Kind::Structure, &[("name", "Pour moi"), ("audience", "private")]);
    let phone = [("name", "Le Phare"), ("description", "secret"), ("audience-of-description", "network")];
    let partly = publish(&bed.journal, Kind::Structure, &phone);
    bed.follows();
    assert!(bed.finds(Reader::Member, "entre nous", &inner) && !bed.finds(Reader::Anyone, "entre nous", &inner));
    assert!(!bed.finds(Reader::Member, "pour moi", &private));
    assert!(bed.finds(Reader::Member, "secret", &partly) && !bed.finds(Reader::Anyone, "secret", &partly));
    assert!(bed.finds(Reader::Anyone, "phare", &partly));
    assert_eq!(bed.found(Reader::Member, "").len(), 2, "each once");
    bed.journal.save(partly.clone(), Moderation::Draft, None, NOW).unwrap();
    bed.follows();
    assert!(bed.found(Reader::Anyone, "").is_empty());
    let hide = Hidden { record: inner.iri.to_string(), reason: String::new(), account: "a".into(), since: 0 };
    bed.journal.store().write(|link| hidden::put(link, &hide)).unwrap();
    bed.follows();
    assert!(bed.found(Reader::Member, "").is_empty());
    bed.journal.store().write(|link| hidden::remove(link, &hide.record)).unwrap();
    bed.follows();
    assert_eq!(bed.found(Reader::Member, ""), [inner.iri.to_string()]);
}

#[test]
fn what_comes_from_elsewhere_is_found_too_for_everybody_or_for_members() {
    let mut bed = Bed::new();
    let there = tempfile::tempdir().unwrap();
    let other = journal("mesclun", &there);
    let public = publish(&other, Kind::Structure, &[("name", "Le Phare")]);
    let inner = publish(&other, Kind::Structure, &[("name", "Le Phare des réseaux"), ("audience", "affiliates")]);
    let (node, origin) = (other.identity().node_id.clone(), other.identity().origin.clone());
    let genesis = other.genesis(&node).unwrap().unwrap();
    bed.journal.pin((&node, &origin), "mesclun", &[genesis], NOW).unwrap();
    for channel in [Channel::Public, Channel::Affiliates] {
        let batch = other.batch(Named { node: &node, channel, epoch: 1 }, 0).unwrap().unwrap();
        bed.journal.receive(&node, channel, &batch, NOW).unwrap();
    }
    bed.follows();
    assert_eq!(bed.found(Reader::Anyone, "phare"), [public.iri.to_string()]);
    assert!(bed.finds(Reader::Member, "phare", &public) && bed.finds(Reader::Member, "phare", &inner));
}

#[test]
fn a_stop_in_between_leaves_nothing_out() {
    let mut bed = Bed::new();
    bed.structure("Un");
    bed.follows();
    bed.structure("Deux");
    let mut bed = bed.opened_again();
    assert!(!bed.index.is_new());
    bed.structure("Trois");
    assert!(!bed.follows().is_filled, "it goes on where it was");
    assert_eq!(bed.found(Reader::Anyone, "").len(), 3);
}

#[test]
fn a_folder_that_is_deleted_is_filled_again() {
    let mut bed = Bed::new();
    (0..40).for_each(|number| drop(bed.structure(&format!("Structure {number}"))));
    bed.follows();
    let Bed { journal, index, follower, folder } = bed;
    let before = Query::new(Reader::Anyone, NOW.unix_timestamp());
    let all = index.look(&Query { limit: 100, ..before.clone() }).unwrap();
    drop((index, follower));
    std::fs::remove_dir_all(folder.path().join("index")).unwrap();
    let index = Index::open(&folder.path().join("index"), rules()).unwrap();
    let mut follower = Follower::new(&index, journal.store().clone()).unwrap();
    assert_eq!(follower.catch_up(NOW).unwrap(), Followed { records: 40, is_filled: true });
    assert_eq!(index.look(&Query { limit: 100, ..before.clone() }).unwrap(), all);
    assert_eq!(follower.catch_up(NOW).unwrap(), Followed::default());
}

#[test]
fn a_rebuild_has_every_record_looked_at_again() {
    let mut bed = Bed::new();
    (0..5).for_each(|number| drop(bed.structure(&format!("Structure {number}"))));
    bed.follows();
    bed.journal.rebuild().unwrap();
    assert_eq!(bed.follows().records, 5);
    assert_eq!(bed.found(Reader::Anyone, "").len(), 5);
}

#[test]
fn one_follows_at_a_time() {
    let bed = Bed::new();
    assert!(Follower::new(&bed.index, bed.journal.store().clone()).is_err());
}

/// An event that comes again is found in months for which its times were not written down yet.
#[test]
fn what_comes_again_is_found_whenever_it_takes_place() {
    let mut bed = Bed::new();
    let fields = [("organisers-label", "La Volière"), ("occurrence-date", "2026-12-01")];
    let event = |more: &[(&str, &str)]| publish(&bed.journal, Kind::Event, &[&fields[..], more].concat());
    let weekly = event(&[("title", "Chaque semaine"), ("repeats", "weekly")]);
    let ended = event(&[("title", "Jusqu’en mars"), ("repeats", "weekly"), ("repeats-until", "2027-03-01")]);
    let once = event(&[("title", "Une fois")]);
    bed.follows();
    let in_month = |bed: &Bed, begins: UtcDateTime| {
        let dates = Some((begins.unix_timestamp(), (begins + Duration::days(28)).unix_timestamp()));
        let query = Query { dates, ..Query::new(Reader::Anyone, NOW.unix_timestamp()) };
        let hits = bed.index.look(&query).unwrap().hits;
        [&weekly, &ended, &once].map(|record| hits.iter().any(|hit| hit.record == record.iri.to_string()))
    };
    assert_eq!(in_month(&bed, utc_datetime!(2026-12-01 0:00)), [true, true, true]);
    assert_eq!(in_month(&bed, utc_datetime!(2027-02-01 0:00)), [true, true, false]);
    assert_eq!(in_month(&bed, utc_datetime!(2027-06-01 0:00)), [true, false, false]);
    assert_eq!(in_month(&bed, utc_datetime!(2039-06-01 0:00)), [true, false, false]);
    // On another day its times are written down anew, and on the same day they are not.
    assert_eq!(bed.follower.catch_up(NOW + Duration::days(1)).unwrap().records, 3);
    assert_eq!(bed.follower.catch_up(NOW + Duration::days(1)).unwrap().records, 0);
}

/// A date that is called off is found as long as it is told wherever the event is shown: the next ones.
#[test]
fn what_is_called_off_is_found_as_far_as_it_is_told() {
    let mut bed = Bed::new();
    let fields = [
        ("title", "Bal"),
        ("organisers-label", "La Volière"),
        ("occurrence-date", "2026-12-01"),
        ("repeats", "weekly"),
    ];
    let weeks: Vec<String> =
        (1..=10).map(|week| (utc_datetime!(2026-12-01 0:00) + Duration::weeks(week)).date().to_string()).collect();
    let off = weeks.iter().map(|day| ("called-off", day.as_str()));
    publish(&bed.journal, Kind::Event, &fields.into_iter().chain(off).collect::<Vec<_>>());
    bed.follows();
    let on = |week: i64| {
        let begins = utc_datetime!(2026-12-01 0:00) + Duration::weeks(week);
        let dates = Some((begins.unix_timestamp(), (begins + Duration::days(1)).unix_timestamp()));
        bed.index.look(&Query { dates, ..Query::new(Reader::Anyone, NOW.unix_timestamp()) }).unwrap().hits.len()
    };
    let found: Vec<usize> = (0..=12).map(on).collect();
    assert_eq!(
        found,
        [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1],
        "the first, six that are called off, and what takes place again"
    );
}

/// A label is found from its first day to its last, though nothing is written on either; kept here or shared.
#[test]
fn a_label_is_counted_while_it_holds() {
    let mut bed = Bed::new();
    let labelled = |fields: &[(&str, &str)]| publish(&bed.journal, Kind::Structure, fields);
    let dates = |from, until| [("label", "esus"), ("label-from", from), ("label-until", until)];
    labelled(&[&[("name", "Toujours")][..], &dates("", "")].concat());
    labelled(&[&[("name", "Hier")][..], &dates("2020-01-01", "2026-11-27")].concat());
    labelled(&[&[("name", "Aujourd’hui")][..], &dates("2020-01-01", "2026-11-28")].concat());
    labelled(&[&[("name", "Demain"), ("audience", "network")][..], &dates("2026-11-29", "")].concat());
    labelled(&[("name", "Jamais")]);
    let counted = |bed: &mut Bed, now: UtcDateTime| {
        let label = Facet::List(List::Label);
        bed.follower.catch_up(now).unwrap();
        let query = Query { counted: vec![label], limit: 10, ..Query::new(Reader::Member, now.unix_timestamp()) };
        let chosen = bed.index.look(&query.clone().choose(label, "esus")).unwrap().total;
        let told = bed.index.look(&query).unwrap();
        let count = told.facets[&label].iter().find(|(value, _)| value == "esus").map_or(0, |(_, count)| *count);
        assert_eq!((told.total, count), (5, chosen), "each is there, whatever it bears");
        count
    };
    assert_eq!(counted(&mut bed, NOW), 2);
    assert_eq!(bed.follower.catch_up(NOW).unwrap(), Followed::default());
    assert_eq!(counted(&mut bed, NOW + Duration::days(1)), 2, "one has ended, one has begun");
    let is_begun = Query::new(Reader::Member, 0).choose(Facet::List(List::Label), "esus").typed("demain");
    assert_eq!(bed.index.look(&is_begun).unwrap().total, 1);
}

/// What was deleted, and what a record was before it changed, is out of the files, and not only unseen.
#[test]
fn what_is_gone_is_out_of_the_files() {
    let mut bed = Bed::new();
    let phare = bed.structure("Kryptonite éphémère");
    let mut other = bed.structure("Obsidienne");
    (0..20).for_each(|number| drop(bed.structure(&format!("Structure {number}"))));
    bed.follows();
    assert!(holds(&bed, "kryptonite") && holds(&bed, "obsidien"), "what is found lies in the files");
    assert!(!bed.follower.has_remains().unwrap());
    bed.journal.delete(&phare.iri, None, NOW).unwrap();
    if let pes_domain::Body::Structure(one) = &mut other.body {
        one.name = "Basalte".into();
    }
    other.modified = NOW + Duration::minutes(1);
    bed.journal.save(other.clone(), Moderation::Published, None, NOW).unwrap();
    bed.follows();
    assert!(bed.follower.has_remains().unwrap());
    let Bed { journal, index, follower, folder } = bed;
    let mut bed = Bed { journal, index, follower: follower.purge().unwrap(), folder };
    assert!(!bed.follower.has_remains().unwrap());
    assert!(!holds(&bed, "kryptonite") && !holds(&bed, "obsidien") && holds(&bed, "basalt"));
    assert_eq!(bed.found(Reader::Anyone, "").len(), 21);
    assert!(bed.finds(Reader::Anyone, "basalte", &other));
    assert_eq!(bed.follows(), Followed::default(), "it goes on where it was");
    let mut bed = bed.opened_again();
    assert_eq!(bed.follows(), Followed::default(), "also after a stop");
}

/// Whether any file of the index holds a word, in small letters without accents or as it was typed.
fn holds(bed: &Bed, word: &str) -> bool {
    let files = std::fs::read_dir(bed.folder.path().join("index")).unwrap();
    files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).any(|bytes| {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        text.contains(word)
    })
}

/// A database that was restored from a backup counts on with other records: an index that had come further begins anew.
#[test]
fn an_index_that_knows_more_than_its_database_is_filled_again() {
    let mut bed = Bed::new();
    bed.structure("Le Phare");
    bed.follows();
    (0..5).for_each(|number| drop(bed.structure(&format!("Après la sauvegarde {number}"))));
    bed.follows();
    let Bed { journal: _, index, follower, folder } = bed;
    drop((index, follower));
    let restored = tempfile::tempdir().unwrap();
    let journal = journal("apeas", &restored);
    let phare = publish(&journal, Kind::Structure, &[("name", "Le Phare")]);
    let index = Index::open(&folder.path().join("index"), rules()).unwrap();
    let follower = Follower::new(&index, journal.store().clone()).unwrap();
    let mut bed = Bed { journal, index, follower, folder };
    let since = bed.structure("Depuis");
    assert!(bed.follows().is_filled);
    assert_eq!(bed.found(Reader::Anyone, "").len(), 2, "what the backup did not know is gone");
    assert!(bed.finds(Reader::Anyone, "phare", &phare) && bed.finds(Reader::Anyone, "depuis", &since));
}

/// Where something is that has no place of its own follows the structure it speaks for, whoever sees it and whatever becomes of that structure.
#[test]
fn what_speaks_for_a_structure_goes_where_the_structure_goes() {
    let mut bed = Bed::new();
    let nice = [("name", "Le Phare"), ("site-commune", "Nice (06088)")];
    let mut phare = publish(&bed.journal, Kind::Structure, &nice);
    let voice = phare.iri.to_string();
    let product = |title: &str, audience: &str| {
        let fields =
            [("title", title), ("provider", voice.as_str()), ("provider-label", "Le Phare"), ("audience", audience)];
        publish(&bed.journal, Kind::Product, &fields)
    };
    let (lamps, inner) = (product("Lampes", "public"), product("Lampes d’essai", "network"));
    bed.follows();
    let there = |bed: &Bed, department: &str| {
        let area = pes_domain::place::Area::new(pes_domain::place::AreaKind::Department, department);
        let query = Query::new(Reader::Member, NOW.unix_timestamp()).typed("lampes").stands_in(&area);
        let mut found: Vec<String> = bed.index.look(&query).unwrap().hits.into_iter().map(|hit| hit.record).collect();
        found.sort();
        found
    };
    let mut both = [lamps.iri.to_string(), inner.iri.to_string()];
    both.sort();
    assert_eq!(there(&bed, "06"), both);
    if let pes_domain::Body::Structure(one) = &mut phare.body {
        let lille = pes_domain::Gazetteer::embedded().commune("59350").map(pes_domain::place::Place::of);
        one.sites[0].place = lille;
    }
    phare.modified = NOW + Duration::minutes(1);
    bed.journal.save(phare.clone(), Moderation::Published, None, NOW).unwrap();
    assert_eq!(bed.follows().records, 3, "the structure, and what stands where it is");
    assert_eq!((there(&bed, "06"), there(&bed, "59")), (Vec::new(), both.to_vec()));
    bed.journal.delete(&phare.iri, None, NOW).unwrap();
    bed.follows();
    assert!(there(&bed, "59").is_empty() && bed.finds(Reader::Anyone, "lampes", &lamps));
}

#[test]
fn a_document_is_found_by_its_file_s_name() {
    let mut bed = Bed::new();
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let file =
        format!("https://apeas.test/fichiers/{digest}.pdf {digest} application/pdf 48213 Statuts-types SCIC.pdf");
    let fields = [("title", "Un modèle"), ("author", "Zoé"), ("document-kind", "guide"), ("file", file.as_str())];
    let model = publish(&bed.journal, Kind::Document, &fields);
    bed.follows();
    for words in ["statuts types", "Statuts-types", "scic", "modèle", "pdf"] {
        assert!(bed.finds(Reader::Anyone, words, &model), "{words}");
    }
    for words in ["apeas", "48213"] {
        assert!(!bed.finds(Reader::Anyone, words, &model), "by its name, and not by its address or size: {words}");
    }
}

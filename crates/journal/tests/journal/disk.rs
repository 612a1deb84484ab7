//! F16, F1 and F13 on SQLite's own files: a full disk, one that may only be read, and a write-ahead log that is cut off anywhere.

use crate::bed::{NOW, Node, file_node, node, rules};
use diesel::connection::SimpleConnection;
use pes_changeset::Channel;
use pes_domain::Audience;
use pes_journal::doubt::{Asked, Doubt};
use pes_journal::signed_heads::SignedHeads;
use pes_journal::{Journal, JournalError};
use pes_store::own_records::Moderation;
use pes_store::{Bell, Database, Store, StoreError};
use std::collections::HashSet;
use std::path::Path;

/// No page more than there are; what is freed may be used again. With little memory SQLite finds out in the middle of a transaction, and
/// undoes it by itself.
const FULL: &str = "PRAGMA cache_size = 16; PRAGMA max_page_count = 1";
const ROOM: &str = "PRAGMA max_page_count = 1073741823";

/// Tells the writing connection something.
fn tell(node: &Node, sql: &str) {
    node.journal.store().write(|link| link.batch_execute(sql).map_err(StoreError::from)).unwrap();
}

/// What is said when a demand cannot be published.
fn refused(node: &Node, title: &str) -> String {
    match node.journal.save(node.demand(title), Moderation::Published, None, NOW) {
        Err(JournalError::Store(why)) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Everything that can be done without writing is done as ever.
fn reads_on(node: &Node, demand: &pes_domain::RecordIri, size: u64) {
    assert!(node.title(demand, Audience::Public).is_some());
    assert_eq!((node.size(node, Channel::Public), node.batch(Channel::Public, 0).items.len() as u64), (size, size));
    node.journal.verify().unwrap();
}

#[test]
fn a_full_disk_refuses_to_write_and_loses_nothing() {
    let (alliance, hub) = (file_node("alliance"), file_node("paca"));
    hub.pins(&alliance);
    let demand = alliance.demand("Tient encore");
    alliance.publish(&demand);
    hub.takes_all_of(&alliance, &alliance);
    for round in 0..3 {
        (0..20).for_each(|number| alliance.publish(&alliance.demand(&format!("Demande {round} {number}"))));
        tell(&hub, FULL);
        let (before, digest) = (hub.size(&alliance, Channel::Public), hub.digest());
        let batch = alliance.batch(Channel::Public, before);
        let why = hub.receive(&alliance, Channel::Public, &batch).unwrap_err();
        assert!(matches!(&why, JournalError::Store(store) if store.to_string().contains("full")), "{why}");
        assert_eq!((hub.digest(), hub.size(&alliance, Channel::Public)), (digest, before));
        assert!(hub.title(&demand.iri, Audience::Public).is_some(), "it goes on reading");
        hub.journal.verify().unwrap();
        // There is room again, and nobody has to start anything anew.
        tell(&hub, ROOM);
        hub.takes_all_of(&alliance, &alliance);
        assert_eq!(hub.digest(), alliance.digest());
    }
    tell(&alliance, FULL);
    let filled = (0..200).find_map(|number| {
        let demand = alliance.demand(&format!("Encore {number}"));
        alliance.journal.save(demand, Moderation::Published, None, NOW).err()
    });
    assert!(filled.unwrap().to_string().contains("full"));
    let size = alliance.size(&alliance, Channel::Public);
    reads_on(&alliance, &demand.iri, size);
    tell(&alliance, ROOM);
    alliance.publish(&alliance.demand("Et encore"));
    reads_on(&alliance, &demand.iri, size + 1);
}

#[test]
fn a_database_that_may_only_be_read_is_read() {
    let alliance = file_node("alliance");
    let demand = alliance.demand("Se lit");
    alliance.publish(&demand);
    tell(&alliance, "PRAGMA query_only = ON");
    for _ in 0..3 {
        let why = refused(&alliance, "Ne s’écrit pas");
        assert!(why.contains("readonly"), "{why}");
        let why = alliance.journal.delete(&demand.iri, None, NOW).unwrap_err().to_string();
        assert!(why.contains("readonly"), "{why}");
        reads_on(&alliance, &demand.iri, 1);
    }
    // Where the whole file system was read-only, the program is started anew.
    let alliance = alliance.reopened();
    alliance.publish(&alliance.demand("Se récrit"));
    reads_on(&alliance, &demand.iri, 2);
}

/// A frame of SQLite's write-ahead log: a header of 24 bytes, and a page.
const WAL_HEADER: usize = 32;
const FRAME: usize = 24 + 4_096;

/// The node as it comes up from a database file and as much of its write-ahead log, with what it remembers having signed.
fn from_files(node: &Node, folder: &Path, (database, wal): (&[u8], &[u8]), heads: &Path) -> (Journal, Option<Doubt>) {
    std::fs::write(folder.join("pes.sqlite"), database).unwrap();
    std::fs::write(folder.join("pes.sqlite-wal"), wal).unwrap();
    let store = Store::open(Database::File(folder.join("pes.sqlite"))).unwrap();
    let journal = Journal::open(store, rules(), node.journal.identity().clone()).unwrap();
    let journal = journal.remembering(SignedHeads::at(heads.to_owned())).unwrap();
    let doubt = journal.doubt();
    (journal, doubt)
}

/// F1, F13: whatever of the write-ahead log is lost, the database is as it was after some save; and where that is before the last one
/// that was signed, the node knows, signs nothing, fetches it back, and goes on without a fork.
#[test]
fn a_log_of_writes_cut_anywhere_is_a_backup_and_no_fork() {
    let (folder, hub) = (tempfile::tempdir().unwrap(), node("paca"));
    let heads = folder.path().join("heads");
    let alliance = file_node("alliance");
    let journal = alliance.journal.clone().remembering(SignedHeads::at(heads.clone())).unwrap();
    let alliance = Node { journal, ..alliance };
    hub.pins(&alliance);
    alliance.publish(&alliance.demand("Avant"));
    alliance.journal.store().settle().unwrap();
    let mut digests = HashSet::from([alliance.digest()]);
    let demands: Vec<_> = (0..3).map(|number| alliance.demand(&format!("Demande {number}"))).collect();
    for demand in &demands {
        alliance.publish(demand);
        digests.insert(alliance.digest());
    }
    alliance.journal.delete(&demands[0].iri, None, NOW).unwrap();
    digests.insert(alliance.digest());
    hub.takes_all_of(&alliance, &alliance);
    let database = std::fs::read(alliance.database()).unwrap();
    let mut wal = std::fs::read(alliance.folder.path().join("pes.sqlite-wal")).unwrap();
    // Behind what was written there is room for more.
    while wal.ends_with(&[0; FRAME]) {
        wal.truncate(wal.len() - FRAME);
    }
    let frames = (wal.len() - WAL_HEADER) / FRAME;
    assert!(frames > 20 && (wal.len() - WAL_HEADER).is_multiple_of(FRAME), "{frames} frames");
    let (mut last, mut doubts) = (0, 0);
    for cut in (0..=frames).flat_map(|frame| [WAL_HEADER + frame * FRAME, WAL_HEADER + frame * FRAME + FRAME / 2]) {
        let copy = tempfile::tempdir().unwrap();
        let (restored, doubt) = from_files(&alliance, copy.path(), (&database, &wal[..cut.min(wal.len())]), &heads);
        let restored = Node { journal: restored, folder: copy };
        assert!(digests.contains(&restored.digest()), "between, at byte {cut}");
        restored.journal.verify().unwrap();
        let size = restored.size(&restored, Channel::Public);
        assert!(size >= last && (doubt.is_some() == (size < 5)), "{size} at byte {cut}: {doubt:?}");
        // The first time that so much is lost, it is fetched back.
        if doubt.is_some() && (size > last || doubts == 0) {
            goes_on(&restored, &hub, &alliance, doubts);
            doubts += 1;
        }
        last = size;
    }
    assert_eq!((last, doubts), (5, 4));
    assert!(hub.journal.accused().unwrap().is_empty());
}

/// What was lost comes back from the hub, byte for byte, and only then the node signs.
fn goes_on(restored: &Node, hub: &Node, alliance: &Node, number: u64) {
    let next = restored.demand(&format!("Suite {number}"));
    let saved = restored.journal.save(next.clone(), Moderation::Published, None, NOW);
    assert!(matches!(saved, Err(JournalError::Uncertain)), "{saved:?}");
    restored.takes_all_of(alliance, hub);
    assert_eq!(restored.digest(), hub.digest());
    assert!(restored.journal.reassure(Asked::All).unwrap());
    assert_eq!(restored.journal.doubt(), None);
}

/// F1: the hub hands on what it was brought before its own disk keeps it, and says to nobody that it is kept. A power cut takes it back there; who brought
/// it brings it again, to whom it was handed on holds the same, and nobody is accused.
#[test]
fn a_power_cut_takes_back_what_was_handed_on_and_nobody_contradicts() {
    let (alliance, mesclun, hub) = (node("alliance"), node("mesclun"), file_node("paca").serving());
    [&hub, &mesclun].into_iter().for_each(|reader| reader.pins(&alliance));
    alliance.publish(&alliance.demand("Avant"));
    hub.takes_all_of(&alliance, &alliance);
    mesclun.takes_all_of(&alliance, &hub);
    let files = ["pes.sqlite", "pes.sqlite-wal"].map(|name| hub.folder.path().join(name));
    let before = files.clone().map(|file| std::fs::read(file).unwrap());
    let demand = alliance.demand("Passe plus loin");
    alliance.publish(&demand);
    let mut bell = hub.journal.store().bell(Bell::Entries);
    bell.mark_unchanged();
    hub.journal.store().fail_to_keep();
    let receipt = hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 1));
    assert!(matches!(receipt, Err(JournalError::Store(StoreError::Lost(_)))), "{receipt:?}");
    assert!(bell.has_changed().unwrap(), "whoever carries it on heard of it");
    mesclun.takes_all_of(&alliance, &hub);
    assert!(mesclun.title(&demand.iri, Audience::Public).is_some());
    let Node { journal, folder } = hub;
    let identity = journal.identity().clone();
    drop(journal);
    files.iter().zip(&before).for_each(|(file, before)| std::fs::write(file, before).unwrap());
    let store = Store::open(Database::File(folder.path().join("pes.sqlite"))).unwrap();
    let hub = Node { journal: Journal::open(store, rules(), identity).unwrap(), folder };
    assert_eq!((hub.size(&alliance, Channel::Public), mesclun.size(&alliance, Channel::Public)), (1, 2));
    hub.takes_all_of(&alliance, &alliance);
    mesclun.takes_all_of(&alliance, &hub);
    assert_eq!((hub.digest(), mesclun.digest()), (alliance.digest(), alliance.digest()));
    for node in [&hub, &mesclun] {
        assert!(node.journal.accused().unwrap().is_empty());
    }
}

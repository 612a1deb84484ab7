//! What was shared comes back from the logs; what was altered on the disk is found; what was erased is gone.

use crate::bed::{self, NOW, Node, file_node, node};
use pes_changeset::Channel;
use pes_changeset::bundle::{Place, read_entries, read_payloads};
use pes_domain::{Audience, Kind};
use pes_journal::Journal;
use pes_journal::rebuild::Verified;
use pes_store::Store;
use pes_store::own_records::{self, Moderation};

/// A node with a history: records made, altered, withdrawn, deleted, some from another node, one ahead of its turn.
fn with_history() -> (Node, Node) {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    let (a, b, c) = (alliance.demand("Cherche local à Nice"), alliance.demand("B"), alliance.demand("C"));
    [&a, &b, &c].into_iter().for_each(|demand| alliance.publish(demand));
    alliance.journal.save(a, Moderation::Blocked, None, NOW).unwrap();
    alliance.journal.delete(&b.iri, None, NOW).unwrap();
    alliance.publish(&alliance.record(Kind::Structure, &[("name", "Les Voisins"), ("audience", "affiliates")]));
    hub.takes_all_of(&alliance, &alliance);
    hub.publish(&hub.demand("Appel de la région"));
    alliance.publish(&alliance.demand("En avance"));
    let urgent = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[5]).unwrap().unwrap();
    hub.receive(&alliance, Channel::Public, &urgent).unwrap();
    (alliance, hub)
}

#[test]
fn what_was_shared_is_made_again_from_the_logs() {
    let (alliance, hub) = with_history();
    for node in [&alliance, &hub] {
        let before = (node.digest(), titles(node));
        assert!(node.journal.rebuild().unwrap() > 0);
        assert_eq!((node.digest(), titles(node)), before);
    }
    assert_eq!(titles(&hub), ["Appel de la région", "C", "En avance"]);
}

fn titles(node: &Node) -> Vec<String> {
    let mut titles = Vec::new();
    for head in node.journal.heads().unwrap().into_iter().filter(|head| head.channel == Channel::Public) {
        let sheets = node
            .journal
            .store()
            .read(|link| pes_store::records::of_node(link, &head.node.id, Channel::Public, Kind::Exchange));
        titles.extend(sheets.unwrap().into_iter().map(|sheet| sheet.record.title()));
    }
    titles.sort();
    titles
}

#[test]
fn a_rebuild_leaves_alone_what_is_ours_alone() {
    let alliance = node("alliance");
    let draft = alliance.demand("Brouillon");
    alliance.journal.save(draft.clone(), Moderation::Draft, Some("marie"), NOW).unwrap();
    alliance.journal.rebuild().unwrap();
    let own = alliance.journal.store().read(|link| own_records::find(link, &draft.iri.to_string())).unwrap().unwrap();
    assert_eq!(own.record, draft);
}

#[test]
fn all_that_is_held_verifies() {
    let (alliance, hub) = with_history();
    assert_eq!(alliance.journal.verify().unwrap(), Verified { logs: 3, change_sets: 8, payloads: 3, missing: 0 });
    assert_eq!(hub.journal.verify().unwrap(), Verified { logs: 5, change_sets: 9, payloads: 3, missing: 0 });
}

/// M1 on the disk: a byte altered behind the program's back is found, wherever it lies.
#[test]
fn what_was_altered_on_the_disk_is_found() {
    for (what, old, new) in [
        ("a payload", "Cherche local", "Cherche loca1"),
        ("a header", "ns#Upsert>", "ns#Upserd>"),
        ("a head", "\n1\n", "\n2\n"),
    ] {
        let alliance = file_node("alliance");
        alliance.publish(&alliance.demand("Cherche local"));
        alliance.journal.verify().unwrap();
        alliance.journal.store().settle().unwrap();
        let (database, identity) = (alliance.database(), alliance.journal.identity().clone());
        let Node { journal, folder } = alliance;
        drop(journal);
        let bytes = std::fs::read(&database).unwrap();
        std::fs::write(&database, replaced(&bytes, old, new)).unwrap();
        let journal = Journal::open(Store::open(database.as_path()).unwrap(), bed::rules(), identity).unwrap();
        assert!(journal.verify().is_err(), "{what} was altered and nobody saw it");
        drop(folder);
    }
}

/// The bytes with every occurrence of a text replaced by one of the same length.
fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut altered = bytes.to_vec();
    let found: Vec<usize> = bytes
        .windows(old.len())
        .enumerate()
        .filter(|(_, window)| *window == old.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!found.is_empty(), "{old:?} is not on the disk");
    for at in found {
        altered[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
    altered
}

/// M7: delete is erase. The canary is looked for in the bytes of the database and of its write-ahead log.
#[test]
fn what_was_deleted_is_in_no_page_of_any_holder() {
    const CANARY: &str = "canari-jaune-soleil";
    let (alliance, hub) = (file_node("alliance"), file_node("paca"));
    hub.pins(&alliance);
    let demand = alliance.demand(CANARY);
    alliance.publish(&demand);
    hub.takes_all_of(&alliance, &alliance);
    for node in [&alliance, &hub] {
        assert!(holds(node, CANARY), "it is there to begin with");
    }
    alliance.journal.delete(&demand.iri, None, NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);
    for node in [&alliance, &hub] {
        node.journal.store().settle().unwrap();
        assert!(!holds(node, CANARY), "{} still holds it", node.journal.identity().name);
        node.journal.verify().unwrap();
        assert_eq!(node.title(&demand.iri, Audience::Public), None);
    }
}

/// A payload leaves with its version: what was corrected is not kept either.
#[test]
fn what_was_replaced_or_withdrawn_is_in_no_page_either() {
    const CANARY: &str = "canari-vert-pomme";
    let (alliance, hub) = (file_node("alliance"), file_node("paca"));
    hub.pins(&alliance);
    let demand = alliance.demand(CANARY);
    alliance.publish(&demand);
    hub.takes_all_of(&alliance, &alliance);
    alliance.journal.save(demand, Moderation::Blocked, None, NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);
    hub.journal.store().settle().unwrap();
    assert!(!holds(&hub, CANARY));
}

fn holds(node: &Node, canary: &str) -> bool {
    let files = std::fs::read_dir(node.folder.path()).unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .any(|bytes| bytes.windows(canary.len()).any(|window| window == canary.as_bytes()))
}

#[test]
fn bundles_hold_what_was_signed_and_what_is_live() {
    let (alliance, hub) = with_history();
    let place = Place { index: 0, width: 5 };
    let bundle = hub.journal.entry_bundle(alliance.log(Channel::Public), place).unwrap().unwrap();
    let leaves = read_entries(&bundle).unwrap();
    for (seq, leaf) in (0..).zip(&leaves) {
        assert_eq!(*leaf, alliance.journal.change_set(alliance.log(Channel::Public), seq).unwrap().unwrap().text());
    }
    let payloads = hub.journal.payload_bundle(alliance.log(Channel::Public), place).unwrap().unwrap();
    let live: Vec<bool> = read_payloads(&payloads).unwrap().iter().map(Option::is_some).collect();
    assert_eq!(live, [false, false, true, false, false], "withdrawn, deleted, live, and two without a payload");
}

#[test]
fn what_is_not_held_is_not_given() {
    let (alliance, hub) = with_history();
    let log = alliance.log(Channel::Public);
    let too_wide = Place { index: 0, width: 6 };
    assert_eq!(hub.journal.entry_bundle(log, too_wide).unwrap(), None);
    assert_eq!(hub.journal.payload_bundle(log, too_wide).unwrap(), None);
    assert_eq!(hub.journal.change_set(log, 99).unwrap(), None);
    assert_eq!(hub.journal.batch(log, 5).unwrap(), None);
    assert_eq!(hub.journal.urgent_batch(log, &[99]).unwrap(), None);
    let unknown = pes_journal::supply::Named { node: "x", ..log };
    assert_eq!(
        (hub.journal.checkpoint(unknown).unwrap(), hub.journal.epoch("x", Channel::Public).unwrap()),
        (None, None)
    );
    assert_eq!((hub.journal.batch(unknown, 0).unwrap(), hub.journal.change_set(unknown, 0).unwrap()), (None, None));
    assert_eq!(
        (hub.journal.entry_bundle(unknown, too_wide).unwrap(), hub.journal.urgent_batch(unknown, &[0]).unwrap()),
        (None, None)
    );
    assert_eq!(hub.journal.epoch(alliance.id(), Channel::Public).unwrap(), Some(1));
}

#[test]
fn a_long_log_is_given_in_batches_of_bounded_size() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    for number in 0..70 {
        alliance.publish(&alliance.demand(&format!("Demande {number}")));
    }
    assert_eq!(alliance.batch(Channel::Public, 0).items.len(), 64);
    assert_eq!(alliance.batch(Channel::Public, 64).items.len(), 6);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!((hub.size(&alliance, Channel::Public), hub.digest()), (70, alliance.digest()));
}

//! F13: what a node signed since its backup, and nobody holds any more: its logs begin again, and not before that is known.

use crate::bed::{self, START};
use crate::restores::{Loss, moderation};
use pes_changeset::Channel;
use pes_domain::RecordIri;
use pes_journal::JournalError;
use pes_journal::doubt::{Asked, Doubt};
use pes_journal::identity::NewKeys;
use pes_journal::rotation::{Exchange, Rotated};
use pes_journal::supply::Named;
use pes_store::own_records::Moderation;

/// What `pes keys new-epoch` does.
fn new_epoch(loss: &Loss, is_unasked: bool) -> Result<Rotated, JournalError> {
    let exchange = Exchange { keys: &bed::keys("alliance"), next_root: None, begins_again: true, is_unasked };
    loss.alliance().journal.exchange_keys(&exchange, START)
}

/// The hub has taken a part of a backlog, and the head over all of it. What it holds comes back; the rest is lost for good, and then nothing is
/// signed until the logs begin again.
#[test]
fn a_backlog_that_was_brought_in_part_is_no_reason_to_sign_another() {
    for keeps_memory in [true, false] {
        let mut loss = Loss::after_two_offers();
        let offers: Vec<RecordIri> =
            (0..100).map(|at| loss.village.offer("alliance", &format!("Offre {at}"))).collect();
        let (id, hub) = (loss.alliance().id(), &loss.village.nodes["paca"]);
        hub.journal.receive(&id, Channel::Public, &loss.alliance().batch(Channel::Public, 2), START).unwrap();
        let told = loss.village.nodes["apeas"].journal.heads().unwrap();
        loss.loses_its_machine(keeps_memory);
        let walk = loss.village.pull("alliance", "paca");
        assert_eq!((walk.report.taken, walk.report.filled, walk.report.is_level), (64, 64, true));
        assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
        let log = "alliance.test/log/public/1".to_owned();
        assert_eq!(loss.alliance().journal.doubt(), Some(Doubt::Behind { log, signed: 102 }));
        loss.is_silent();
        assert_eq!(moderation(loss.alliance(), &offers[0]), Some(Moderation::Published));
        loss.village.reconcile("apeas");
        assert_eq!(
            loss.village.nodes["apeas"].journal.heads().unwrap(),
            told,
            "nobody else is told of a head without its leaves"
        );
        loss.begins_again();
        loss.goes_on();
        assert_eq!(moderation(loss.alliance(), &offers[63]), Some(Moderation::Published));
        assert_eq!(moderation(loss.alliance(), &offers[64]), None, "it was lost for good");
    }
}

/// What the hub holds does not follow what came back: what stood between was lost for good. Without the file, nothing but that tells.
#[test]
fn what_is_held_behind_a_gap_is_no_reason_to_sign_another() {
    for keeps_memory in [true, false] {
        let mut loss = Loss::after_two_offers();
        loss.village.offer("alliance", "Perdue");
        let demand = loss.village.demand("alliance", "Urgente");
        loss.reaches_the_hub_early(&[3]);
        loss.loses_its_machine(keeps_memory);
        let walk = loss.village.pull("alliance", "paca");
        assert_eq!((walk.report.taken, walk.report.is_level), (0, true));
        assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
        assert!(matches!(loss.alliance().journal.doubt(), Some(Doubt::Behind { signed: 4, .. })));
        loss.is_silent();
        loss.begins_again();
        loss.goes_on();
        assert!(!loss.village.has("paca", &demand), "what came ahead of its turn went with the epoch");
    }
}

/// The backup is older than an epoch: what was signed in the one before counts for nothing, and nobody gives it back.
#[test]
fn a_backup_of_an_epoch_before_comes_to_the_epoch_that_counts() {
    let mut loss = Loss::after_two_offers();
    let later: Vec<RecordIri> = (3..9).map(|at| loss.village.offer("alliance", &format!("Offre {at}"))).collect();
    let gone = loss.alliance().records[0].iri.clone();
    loss.village.settle(3);
    loss.village.delete("alliance", &gone);
    loss.begins_again();
    loss.village.settle(3);
    loss.loses_its_machine(true);
    loss.village.reconcile("alliance");
    loss.goes_on();
    for offer in &later {
        assert_eq!(moderation(loss.alliance(), offer), Some(Moderation::Published), "its author can go on with it");
    }
    assert_eq!(moderation(loss.alliance(), &gone), Some(Moderation::Draft), "it is not issued again");
}

/// Others drop what they hold of the logs before: so it is asked for first.
#[test]
fn the_logs_do_not_begin_again_before_all_were_asked() {
    for keeps_memory in [true, false] {
        let mut loss = Loss::after_two_offers();
        loss.village.offer("alliance", "Perdue");
        loss.village.demand("alliance", "Urgente");
        loss.reaches_the_hub_early(&[3]);
        loss.loses_its_machine(keeps_memory);
        let refused = |loss: &Loss| matches!(new_epoch(loss, false), Err(JournalError::Uncertain));
        assert!(refused(&loss));
        assert!(!loss.alliance().journal.reassure(Asked::Some).unwrap() && refused(&loss));
        loss.village.pull("alliance", "paca");
        assert!(!loss.alliance().journal.reassure(Asked::Some).unwrap() && refused(&loss));
        assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
        loss.begins_again();
        loss.goes_on();
    }
}

/// What came back without its payload would not be issued again: the logs do not begin again before it is whole.
#[test]
fn the_logs_do_not_begin_again_without_what_can_still_be_had() {
    let mut loss = Loss::after_two_offers();
    let demand = loss.village.demand("alliance", "Urgente");
    loss.village.offer("alliance", "Perdue");
    loss.village.demand("alliance", "Urgente aussi");
    loss.reaches_the_hub_early(&[2, 4]);
    loss.loses_its_machine(true);
    loss.village.pull("alliance", "paca");
    assert!(loss.alliance().journal.misses_its_own().unwrap());
    assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
    assert!(matches!(new_epoch(&loss, false), Err(JournalError::Uncertain)));
    loss.village.settle(3);
    loss.village.pull("alliance", "paca");
    assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
    loss.begins_again();
    loss.goes_on();
    assert!(loss.village.has("apeas", &demand));
}

/// A key event reached nobody, and the rows that knew of it are gone: when all were asked, the root key declares others in its place.
#[test]
fn a_key_event_that_was_lost_for_good_is_made_again() {
    let mut loss = Loss::after_two_offers();
    let (log, transport) = (bed::keys("log").log, bed::keys("log").transport);
    loss.exchanges(&NewKeys { log, transport, ..bed::keys("alliance") }, false);
    loss.loses_its_machine(true);
    // Nobody knows the key that it would sign requests with.
    let walks = loss.village.reconcile("alliance");
    assert!(walks.iter().all(|walk| walk.report.is_level));
    assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
    loss.begins_again();
    loss.goes_on();
}

/// Another key event at the place of one that others may hold is nothing that anybody may say so of.
#[test]
fn key_events_are_never_unasked() {
    let mut loss = Loss::after_two_offers();
    let (log, transport) = (bed::keys("log").log, bed::keys("log").transport);
    loss.exchanges(&NewKeys { log, transport, ..bed::keys("alliance") }, false);
    loss.loses_its_machine(true);
    assert!(matches!(new_epoch(&loss, true), Err(JournalError::Uncertain)));
}

/// What was deleted or withdrawn behind a gap is not issued again, whatever the backup says.
#[test]
fn what_was_taken_away_behind_a_gap_stays_away() {
    for keeps_memory in [true, false] {
        let mut loss = Loss::after_two_offers();
        let [deleted, withdrawn] = [0, 1].map(|at| loss.alliance().records[at].clone());
        loss.village.offer("alliance", "Perdue");
        loss.village.delete("alliance", &deleted.iri);
        loss.alliance().journal.save(withdrawn.clone(), Moderation::Blocked, None, START).unwrap();
        loss.reaches_the_hub_early(&[3, 4]);
        loss.loses_its_machine(keeps_memory);
        loss.village.pull("alliance", "paca");
        assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
        loss.begins_again();
        loss.goes_on();
        for gone in [&deleted.iri, &withdrawn.iri] {
            assert!(!loss.village.has("apeas", gone) && !loss.village.has("alliance", gone));
        }
        assert_eq!(moderation(loss.alliance(), &deleted.iri), None);
        assert_eq!(moderation(loss.alliance(), &withdrawn.iri), Some(Moderation::Draft), "its author has it still");
    }
}

/// A payload that nobody has keeps nobody for ever.
#[test]
fn a_payload_that_does_not_come_is_given_up() {
    let mut loss = Loss::after_two_offers();
    loss.village.demand("alliance", "Urgente");
    loss.village.offer("alliance", "Perdue");
    loss.reaches_the_hub_early(&[2]);
    loss.loses_its_machine(true);
    loss.village.pull("alliance", "paca");
    assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
    assert!(matches!(new_epoch(&loss, false), Err(JournalError::Uncertain)));
    assert!(!loss.alliance().journal.reassure(Asked::Patiently).unwrap());
    loss.begins_again();
    loss.goes_on();
}

/// An operator whose hub is gone may begin again without it.
#[test]
fn who_says_so_begins_again_unasked() {
    let mut loss = Loss::after_two_offers();
    loss.village.demand("alliance", "Urgente");
    loss.reaches_the_hub_early(&[2]);
    loss.loses_its_machine(false);
    new_epoch(&loss, true).unwrap();
    let old = loss.village.nodes.remove("alliance").unwrap().node;
    loss.opens(old);
    assert_eq!(loss.alliance().journal.doubt(), None);
    loss.agrees(0);
}

/// The machine is lost while a new epoch is on its way: what the hub holds of it comes back, though it does not count yet.
#[test]
fn an_epoch_that_was_on_its_way_comes_back() {
    let mut loss = Loss::after_two_offers();
    (0..100).for_each(|at| drop(loss.village.offer("alliance", &format!("Offre {at}"))));
    loss.village.settle(3);
    loss.begins_again();
    let (id, hub) = (loss.alliance().id(), &loss.village.nodes["paca"]);
    let second = Named { node: &id, channel: Channel::Public, epoch: 2 };
    hub.journal.receive(&id, Channel::Keys, &loss.alliance().batch(Channel::Keys, 0), START).unwrap();
    let batch = loss.alliance().journal.batch(second, 0).unwrap().unwrap();
    hub.journal.receive(&id, Channel::Public, &batch, START).unwrap();
    loss.loses_its_machine(true);
    loss.village.pull("alliance", "paca");
    let held = loss.alliance().journal.held(second).unwrap();
    assert_eq!(held.map(|(_, size)| size), Some(64));
    assert!(!loss.alliance().journal.reassure(Asked::All).unwrap());
    assert!(matches!(loss.alliance().journal.doubt(), Some(Doubt::Behind { signed: 102, .. })));
    loss.begins_again();
    loss.goes_on();
}

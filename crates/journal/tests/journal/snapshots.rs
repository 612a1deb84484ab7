//! What an author commits to in a snapshot, and what others make of it.

use crate::bed::{NOW, Node, keys, node};
use pes_changeset::batch::Batch;
use pes_changeset::bundle::{Place, read_entries, read_payloads};
use pes_changeset::header::PROTOCOL;
use pes_changeset::snapshot::Members;
use pes_changeset::terms::{DELETE, UPSERT, WITHDRAW};
use pes_changeset::{Act, ChangeSet, Channel, Checkpoint, Header, LogId, Snapshot};
use pes_journal::{JournalError, Refusal};
use pes_store::own_records::Moderation;

/// An author with a living demand, a withdrawn one and a deleted one, and a snapshot of them.
fn author() -> Node {
    let author = node("alliance");
    let [living, withdrawn, deleted] = ["Vit", "Retirée", "Supprimée"].map(|title| author.demand(title));
    [&living, &withdrawn, &deleted, &living].into_iter().for_each(|record| author.publish(record));
    author.journal.save(withdrawn, Moderation::Draft, None, NOW).unwrap();
    author.journal.delete(&deleted.iri, None, NOW).unwrap();
    assert_eq!(author.journal.write_snapshots(1, NOW).unwrap(), 1);
    author
}

/// The members that a node gives of an author's newest snapshot, checked against what the author committed to.
fn members(holder: &Node, author: &Node) -> Option<Vec<(ChangeSet, bool)>> {
    let log = author.log(Channel::Public);
    let declared = holder.journal.snapshot(log).unwrap()?;
    let mut members = Members::of(&declared).unwrap();
    let place = Place { index: 0, width: members.expected() };
    let entries = holder.journal.snapshot_entries(log, members.seq(), place).unwrap().unwrap();
    let payloads = holder.journal.snapshot_payloads(log, members.seq(), place).unwrap().unwrap();
    let entries: Vec<_> =
        read_entries(&entries).unwrap().into_iter().map(|text| ChangeSet::read(text).unwrap()).collect();
    entries.iter().for_each(|entry| members.take(entry).unwrap());
    members.finish().unwrap();
    let payloads = read_payloads(&payloads).unwrap().into_iter().map(|payload| payload.is_some()).collect::<Vec<_>>();
    Some(entries.into_iter().zip(payloads).collect())
}

fn seq_of(author: &Node) -> Option<u64> {
    let declared = author.journal.snapshot(author.log(Channel::Public)).unwrap();
    declared.map(|declared| declared.header().seq)
}

#[test]
fn its_members_are_what_stands_of_each_record_that_ever_was_in_the_log() {
    let author = author();
    let mut members = members(&author, &author).unwrap();
    members.sort_by_key(|(member, _)| member.header().seq);
    let told: Vec<_> = members.iter().map(|(one, live)| (one.header().act.operation().to_owned(), *live)).collect();
    assert_eq!(told, [(UPSERT.to_owned(), true), (WITHDRAW.to_owned(), false), (DELETE.to_owned(), false)]);
}

#[test]
fn it_is_written_when_the_log_has_grown_and_not_before() {
    let author = author();
    let first = seq_of(&author).unwrap();
    assert_eq!(author.journal.write_snapshots(1, NOW).unwrap(), 0, "nothing has come since");
    author.publish(&author.demand("Encore une"));
    assert_eq!(author.journal.write_snapshots(2, NOW).unwrap(), 0);
    author.publish(&author.demand("Et une"));
    assert_eq!(author.journal.write_snapshots(2, NOW).unwrap(), 1);
    assert_eq!(seq_of(&author).unwrap(), first + 3);
    assert_eq!(members(&author, &author).unwrap().len(), 5);
    author.journal.verify().unwrap();
}

#[test]
fn it_changes_nothing_and_is_carried_like_everything_else() {
    let author = author();
    let before = author.digest();
    author.publish(&author.demand("Encore une"));
    author.journal.write_snapshots(1, NOW).unwrap();
    let hub = node("paca");
    hub.pins(&author);
    hub.takes_all_of(&author, &author);
    assert_eq!(hub.digest(), author.digest());
    assert_ne!(author.digest(), before);
    assert_eq!(members(&hub, &author).unwrap(), members(&author, &author).unwrap());
    hub.journal.rebuild().unwrap();
    assert_eq!((hub.digest(), members(&hub, &author)), (author.digest(), members(&author, &author)));
}

/// Whoever knew something ahead of its turn cannot tell any more what stood before; others can.
#[test]
fn who_cannot_tell_what_stood_before_gives_none() {
    let author = author();
    let deleted = author.demand("À supprimer");
    author.publish(&deleted);
    author.journal.write_snapshots(1, NOW).unwrap();
    author.journal.delete(&deleted.iri, None, NOW).unwrap();
    let size = author.size(&author, Channel::Public);
    let urgent = author.journal.urgent_batch(author.log(Channel::Public), &[size - 1]).unwrap().unwrap();
    let hub = node("paca");
    hub.pins(&author);
    hub.receive(&author, Channel::Public, &urgent).unwrap();
    hub.takes_all_of(&author, &author);
    assert_eq!(hub.digest(), author.digest());
    // The first one was of a time before; the second is not given.
    assert_eq!(members(&hub, &author), None);
}

/// An author who commits to a state that is not its log's fools nobody: the log counts, and such a snapshot is not given on.
#[test]
fn a_snapshot_of_another_state_is_kept_and_not_given() {
    let author = author();
    let hub = node("paca");
    hub.pins(&author);
    hub.takes_all_of(&author, &author);
    let good = members(&hub, &author);
    let lie = lie(&author);
    let before = hub.digest();
    hub.receive(&author, Channel::Public, &lie).unwrap();
    assert_eq!((hub.digest(), members(&hub, &author)), (before, good));
}

/// Of the snapshots that come together the last one is looked at, and no other: to look at each of hundreds would keep everybody waiting.
#[test]
fn of_many_snapshots_in_one_batch_the_last_is_looked_at() {
    let author = author();
    let hub = node("paca");
    hub.pins(&author);
    let lie = lie(&author);
    let items = [author.batch(Channel::Public, 0).items, lie.items].concat();
    hub.receive(&author, Channel::Public, &Batch { items, ..lie }).unwrap();
    assert_eq!((hub.digest(), members(&hub, &author)), (author.digest(), None));
}

/// A snapshot of another state than its log's, behind all that an author wrote.
fn lie(author: &Node) -> Batch {
    let log_key = keys("alliance".bytes().fold(0, u8::wrapping_add)).log;
    let log = LogId::new(author.journal.identity().origin.clone(), Channel::Public, 1);
    let act = Act::Snapshot(Snapshot { digest: [7; 32], size: 3 });
    let (seq, created) = (author.size(author, Channel::Public), NOW);
    let lie = Header { protocol: PROTOCOL, log: log.clone(), seq, created, save: None, act };
    let lie = ChangeSet::sign(&lie, &log_key).unwrap();
    let mut frontier = pes_changeset::tree::Frontier::default();
    (0..seq).for_each(|seq| {
        let held = author.journal.change_set(author.log(Channel::Public), seq).unwrap().unwrap();
        frontier.append(held.leaf_hash());
    });
    frontier.append(lie.leaf_hash());
    let head = Checkpoint { log: log.name(), size: frontier.size(), root: frontier.root() }.sign(&log_key).unwrap();
    Batch { checkpoint: Some(head), items: vec![(lie, None)] }
}

/// What is asked for ahead of its turn has to prove itself like everything else.
#[test]
fn what_is_taken_ahead_proves_itself() {
    let (author, other) = (author(), node("mesclun"));
    let (hub, log) = (node("paca"), LogId::new(author.journal.identity().origin.clone(), Channel::Public, 1));
    hub.pins(&author);
    let member = members(&author, &author).unwrap().pop().unwrap().0;
    let ahead = |node: &str, log: &LogId, item: &ChangeSet, payload: Option<Vec<u8>>| {
        hub.journal.receive_ahead(node, log, &[(item.clone(), payload)], NOW)
    };
    let refused = |result: Result<(), JournalError>| match result {
        Err(JournalError::Refused(why)) => why,
        other => panic!("{other:?} instead of a refusal"),
    };
    assert!(matches!(refused(ahead(other.id(), &log, &member, None)), Refusal::UnknownNode(_)));
    let elsewhere = LogId::new(log.origin.clone(), Channel::Affiliates, 1);
    assert!(matches!(refused(ahead(author.id(), &elsewhere, &member, None)), Refusal::WrongLog { .. }));
    let text = member.text().replace("seq> \"", "seq> \"1");
    assert!(ChangeSet::read(&text).is_err());
    assert!(matches!(
        refused(ahead(author.id(), &log, &member, Some(b"x".to_vec()))),
        Refusal::Fault(_) | Refusal::BadPayload { .. }
    ));
    assert_eq!(hub.digest(), node("vide").digest());
    ahead(author.id(), &log, &member, None).unwrap();
    ahead(author.id(), &log, &member, None).unwrap();
    assert_ne!(hub.digest(), node("vide").digest());
    // Another in the same place is a second history, here as everywhere.
    let other = Header { save: Some("autre".into()), ..member.header().clone() };
    let other = ChangeSet::sign(&other, &keys("alliance".bytes().fold(0, u8::wrapping_add)).log).unwrap();
    assert!(matches!(refused(ahead(author.id(), &log, &other, None)), Refusal::Fork { .. }));
    assert!(hub.journal.is_quarantined(author.id()).unwrap());
}

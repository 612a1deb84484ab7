//! A long batch, and those who write while it is taken.

use crate::bed::{Node, node};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_journal::receive::Held;
use pes_journal::{JournalError, Refusal};
use pes_store::logs;

/// How many change-sets are in the batch.
const MANY: u64 = 60;

/// A node that says much, in words of its own.
fn talkative(words: &str) -> Node {
    let alliance = node("alliance");
    (0..MANY).for_each(|number| alliance.publish(&alliance.demand(&format!("{words} {number}"))));
    alliance
}

/// Takes a batch while somebody else writes all the time; tells what came of it, and how much of the log each of those who wrote has seen.
fn received_amid(hub: &Node, author: &Node, batch: &Batch) -> (Result<Held, JournalError>, Vec<u64>) {
    std::thread::scope(|scope| {
        let received = scope.spawn(|| hub.receive(author, Channel::Public, batch));
        let mut seen = Vec::new();
        while !received.is_finished() {
            let log = hub.journal.store().write(|link| logs::find(link, author.id(), Channel::Public, 1)).unwrap();
            seen.push(log.map_or(0, |log| log.size()));
        }
        (received.join().unwrap(), seen)
    })
}

#[test]
fn who_writes_does_not_wait_for_a_whole_batch() {
    let (alliance, hub) = (talkative("Cherche un local"), node("paca"));
    hub.pins(&alliance);
    let (held, seen) = received_amid(&hub, &alliance, &alliance.batch(Channel::Public, 0));
    assert!(matches!(held.unwrap(), Held::All(_)));
    assert!(seen.iter().any(|size| (1..MANY).contains(size)), "nobody wrote in between: {seen:?}");
    assert_eq!(hub.digest(), alliance.digest());
}

#[test]
fn what_is_taken_by_turns_is_refused_whole() {
    let (alliance, other, hub) = (talkative("Cherche un local"), talkative("Cherche un four"), node("paca"));
    hub.pins(&alliance);
    let before = hub.digest();
    let checkpoint = other.batch(Channel::Public, 0).checkpoint;
    let parted = Batch { checkpoint, ..alliance.batch(Channel::Public, 0) };
    let (refused, seen) = received_amid(&hub, &alliance, &parted);
    assert!(matches!(refused, Err(JournalError::Refused(Refusal::Fork { .. }))), "{refused:?}");
    assert!(seen.iter().all(|size| *size == 0), "something of it was seen: {seen:?}");
    assert_eq!((hub.digest(), hub.size(&alliance, Channel::Public)), (before, 0));
}

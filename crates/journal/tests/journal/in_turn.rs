//! A long batch, and those who write while it is taken.

use crate::bed::{self, NOW, Node, node};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_journal::identity::NewKeys;
use pes_journal::receive::Held;
use pes_journal::rotation::Exchange;
use pes_journal::{JournalError, Refusal};
use pes_store::logs;
use std::time::Duration;

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

/// What the old keys verified may be nothing by the new ones. They come while the batch is verified; how long that takes is not known, so it is tried again.
#[test]
fn what_was_verified_with_keys_that_were_exchanged_meanwhile_is_to_be_sent_again() {
    let alliance = talkative("Cherche un local");
    let batch = alliance.batch(Channel::Public, 0);
    let root = bed::keys("alliance".bytes().fold(0, u8::wrapping_add)).root;
    let before = node("alliance");
    let keys = NewKeys { root, ..bed::keys(50) };
    let exchange = Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false };
    alliance.journal.exchange_keys(&exchange, NOW).unwrap();
    let events = alliance.batch(Channel::Keys, 0);
    let is_seen = (0..30).any(|_| {
        let hub = node("paca");
        hub.pins(&before);
        let received = std::thread::scope(|scope| {
            let received = scope.spawn(|| hub.receive(&alliance, Channel::Public, &batch));
            std::thread::sleep(Duration::from_millis(3));
            assert!(matches!(hub.receive(&alliance, Channel::Keys, &events).unwrap(), Held::All(_)));
            received.join().unwrap()
        });
        let is_refused = matches!(received, Err(JournalError::Refused(Refusal::Gap { size: 0 })));
        assert!(is_refused || matches!(received, Ok(Held::All(_))), "{received:?}");
        assert!(matches!(hub.receive(&alliance, Channel::Public, &batch).unwrap(), Held::All(_)), "sent again");
        assert_eq!(hub.digest(), alliance.digest());
        is_refused
    });
    assert!(is_seen, "the keys never came while the batch was verified");
}

//! F1: a stop before any statement of whatever changes shared content. When the node is opened again it is as it was before or as it is
//! after, never between; and what was not done can be done.

use crate::bed::{self, NOW, Node, keys, node};
use diesel::connection::{Connection, InstrumentationEvent};
use pes_changeset::{Channel, SecretKey};
use pes_domain::{Audience, Record, RecordIri};
use pes_journal::identity::NewKeys;
use pes_journal::roll::Applicant;
use pes_journal::rotation::Exchange;
use pes_store::StoreError;
use pes_store::own_records::{self, Moderation};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// All that a stop may not leave between: what is held, what is shown, what is ours alone, what is still to be done.
type State = (String, Vec<(String, u64, Option<String>)>, u64, Vec<RecordIri>, Vec<String>);

fn state(node: &Node) -> State {
    let journal = &node.journal;
    let heads = journal.heads().unwrap().into_iter();
    let heads =
        heads.map(|head| (format!("{} {} {}", head.node.origin, head.channel, head.epoch), head.size, head.checkpoint));
    let published = journal.store().read(|link| {
        own_records::of_kind(link, pes_domain::Kind::Exchange, Moderation::Published)
            .map(|all| all.into_iter().map(|own| own.record.iri).collect::<Vec<_>>())
    });
    let mut dealt_with = vec![journal.circle().unwrap()];
    dealt_with.extend(journal.peers().unwrap().into_iter().map(|peer| format!("{} {:?}", peer.node, peer.role)));
    dealt_with.extend(journal.store().read(pes_store::nodes::all).unwrap().into_iter().map(|node| node.id));
    (node.digest(), heads.collect(), journal.verify().unwrap().payloads, published.unwrap(), dealt_with)
}

/// From the `n`th statement on that is sent to the writing connection, the program is no more.
fn stops_at(node: &Node, n: usize) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let watch = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event
            && seen.fetch_add(1, Ordering::Relaxed) == n
        {
            panic!("the program stops here, as the test wants it");
        }
    };
    let set = |link: &mut pes_store::Link| {
        link.set_instrumentation(watch);
        Ok::<_, StoreError>(())
    };
    // The end of the transaction that sets the watch is not counted.
    count.store(usize::MAX / 2, Ordering::Relaxed);
    node.journal.store().write(set).unwrap();
    count.store(0, Ordering::Relaxed);
}

/// Does something with a stop before each of its statements in turn, until it comes through. Tells how many statements it has.
fn stopped_everywhere(mut node: Node, act: impl Fn(&Node)) -> (usize, Node) {
    let before = state(&node);
    for n in 0.. {
        assert!(n < 1_000, "it has no end");
        stops_at(&node, n);
        let came_through = catch_unwind(AssertUnwindSafe(|| act(&node))).is_ok();
        node = node.reopened();
        let now = state(&node);
        if came_through {
            assert_ne!(now, before, "it changes something");
            return (n, node);
        }
        assert_eq!(now, before, "between, after a stop before statement {n}");
    }
    unreachable!()
}

fn pair() -> (Node, Node, Record) {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    let demand = alliance.demand("Cherche local à Nice");
    alliance.publish(&demand);
    (alliance, hub, demand)
}

#[test]
fn a_save_is_whole_or_not_at_all() {
    let (alliance, _, demand) = pair();
    let fields = [
        ("direction", "offer"),
        ("type", "service"),
        ("title", "Pour les uns plus"),
        ("author", "Marie"),
        ("audience", "affiliates"),
    ];
    let narrowed = Record { iri: demand.iri.clone(), ..alliance.record(pes_domain::Kind::Exchange, &fields) };
    // A withdraw in one log and an upsert in another.
    let (statements, alliance) = stopped_everywhere(alliance, |node| node.publish(&narrowed));
    assert!(statements > 20, "{statements}");
    let sizes = [Channel::Public, Channel::Affiliates].map(|channel| alliance.size(&alliance, channel));
    assert_eq!(sizes, [2, 1]);
    let (_, alliance) = stopped_everywhere(alliance, |node| drop(node.journal.delete(&demand.iri, None, NOW).unwrap()));
    assert_eq!([Channel::Public, Channel::Affiliates].map(|channel| alliance.size(&alliance, channel)), [3, 2]);
}

#[test]
fn a_batch_is_taken_whole_or_not_at_all() {
    let (alliance, hub, demand) = pair();
    alliance.publish(&alliance.demand("Cherche graphiste"));
    alliance.journal.delete(&demand.iri, None, NOW).unwrap();
    let batch = alliance.batch(Channel::Public, 0);
    let (statements, hub) =
        stopped_everywhere(hub, |hub| drop(hub.receive(&alliance, Channel::Public, &batch).unwrap()));
    assert!(statements > 20, "{statements}");
    assert_eq!(hub.digest(), alliance.digest());
}

#[test]
fn what_comes_ahead_of_its_turn_and_then_in_it_is_whole_or_not_at_all() {
    let (alliance, hub, _) = pair();
    let urgent = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[0]).unwrap().unwrap();
    let (_, hub) = stopped_everywhere(hub, |hub| drop(hub.receive(&alliance, Channel::Public, &urgent).unwrap()));
    let batch = alliance.batch(Channel::Public, 0);
    let (_, hub) = stopped_everywhere(hub, |hub| drop(hub.receive(&alliance, Channel::Public, &batch).unwrap()));
    assert_eq!(hub.digest(), alliance.digest());
}

/// The longest of all transactions: all records are issued again in new logs, under new keys.
#[test]
fn a_new_epoch_is_begun_whole_or_not_at_all() {
    let (alliance, hub, _) = pair();
    let root = keys("alliance".bytes().fold(0, u8::wrapping_add)).root;
    let keys = NewKeys { root, log: SecretKey::from_seed(&[91; 32]), transport: SecretKey::from_seed(&[92; 32]) };
    let exchange = Exchange { keys: &keys, next_root: None, begins_again: true, is_unasked: false };
    hub.takes_all_of(&alliance, &alliance);
    let identity = std::cell::RefCell::new(None);
    let act = |node: &Node| {
        let rotated = node.journal.exchange_keys(&exchange, NOW).unwrap();
        identity.replace(Some(rotated.identity));
    };
    let before = state(&alliance);
    let mut alliance = alliance;
    for n in 0.. {
        stops_at(&alliance, n);
        if catch_unwind(AssertUnwindSafe(|| act(&alliance))).is_ok() {
            break;
        }
        alliance = alliance.reopened();
        assert_eq!(state(&alliance), before, "between, after a stop before statement {n}");
    }
    let store = alliance.journal.store().clone();
    let journal = pes_journal::Journal::open(store, bed::rules(), identity.take().unwrap()).unwrap();
    let alliance = Node { journal, ..alliance };
    assert_eq!(alliance.journal.epoch(alliance.id(), Channel::Public).unwrap(), Some(2));
    let events = alliance.batch(Channel::Keys, 1);
    let (_, hub) = stopped_everywhere(hub, |hub| drop(hub.receive(&alliance, Channel::Keys, &events).unwrap()));
    let log = pes_journal::supply::Named { epoch: 2, ..alliance.log(Channel::Public) };
    let again = alliance.journal.batch(log, 0).unwrap().unwrap();
    let (_, hub) = stopped_everywhere(hub, |hub| drop(hub.receive(&alliance, Channel::Public, &again).unwrap()));
    assert_eq!(hub.digest(), alliance.digest());
}

/// A rebuild changes nothing that is seen, so it is stopped without being told from one that came through.
#[test]
fn a_rebuild_that_is_stopped_has_lost_nothing() {
    let (alliance, mut hub, _) = pair();
    hub.takes_all_of(&alliance, &alliance);
    let before = state(&hub);
    for n in 0.. {
        stops_at(&hub, n);
        let came_through = catch_unwind(AssertUnwindSafe(|| hub.journal.rebuild().unwrap())).is_ok();
        hub = hub.reopened();
        assert_eq!(state(&hub), before, "after a stop before statement {n}");
        if came_through {
            assert!(n > 5);
            return;
        }
    }
}

fn admit(hub: &Node, node: &Node, code: &str) {
    let identity = node.journal.identity();
    let applicant = Applicant { origin: &identity.origin, node_id: &identity.node_id, name: &identity.name };
    let genesis = node.journal.genesis(node.id()).unwrap().unwrap();
    hub.journal.admit(applicant, (&identity.name, &[genesis]), code, NOW).unwrap();
}

/// The invitation, the pin, the roll, the circle and the peer are one; so no retry takes a half for a whole.
#[test]
fn a_network_is_admitted_whole_or_not_at_all() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    let code = hub.journal.invite("Alliance", NOW).unwrap();
    let (statements, hub) = stopped_everywhere(hub, |hub| admit(hub, &alliance, &code));
    assert!(statements > 20, "{statements}");
    hub.takes_all_of(&alliance, &alliance);
    let (old, store) = (alliance.id().to_owned(), alliance.journal.store().clone());
    let renewed = pes_journal::renewal::renew(store.clone(), bed::rules(), (&keys(77), None), NOW).unwrap();
    let journal = pes_journal::Journal::open(store, bed::rules(), renewed.identity).unwrap();
    let (alliance, code) = (Node { journal, ..alliance }, hub.journal.invite_anew(&old, NOW).unwrap());
    let (_, hub) = stopped_everywhere(hub, |hub| admit(hub, &alliance, &code));
    let roll = hub.journal.roll().unwrap();
    assert_eq!((roll.len(), roll[0].0.node_id.as_str(), roll[0].0.replaces.as_ref()), (1, alliance.id(), Some(&old)));
}

/// Once the circle is chosen, nothing would give it again what it had before.
#[test]
fn a_hub_is_followed_whole_or_not_at_all() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    admit(&hub, &alliance, &hub.journal.invite("Alliance", NOW).unwrap());
    alliance.pins(&hub);
    let follow = |node: &Node| node.journal.follow(hub.id(), NOW).unwrap();
    follow(&alliance);
    alliance.publish(&Record { audience: Audience::Affiliates, ..alliance.demand("Entre nous") });
    alliance.journal.leave(hub.id(), false, NOW).unwrap();
    alliance.journal.part(hub.id(), NOW).unwrap();
    let (statements, alliance) = stopped_everywhere(alliance, follow);
    assert!(statements > 10, "{statements}");
    assert_eq!(alliance.size(&alliance, Channel::Affiliates), 3, "given, taken back, given again");
}

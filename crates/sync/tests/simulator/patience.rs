//! F15: a peer that is slow, dead or refuses keeps only its own waiting.

use crate::bed::{self, START, node, rules};
use crate::hand;
use crate::village::{NAMES, Village};
use pes_changeset::{ChangeSet, Channel};
use pes_domain::RecordIri;
use pes_journal::Journal;
use pes_journal::identity::NewKeys;
use pes_journal::rotation::Exchange;
use pes_journal::supply::Named;

#[test]
fn a_dead_peer_costs_few_tries_and_holds_nobody_up() {
    let mut village = Village::new(4);
    village.settle(1);
    village.down.insert("mesclun");
    village.demand("apeas", "Pendant ce temps");
    let before = village.asked;
    village.settle(3_600);
    assert!(village.asked - before < 60, "{} requests in an hour", village.asked - before);
    let peer = village.nodes["paca"].journal.peer(&village.nodes["mesclun"].id()).unwrap().unwrap();
    assert!(peer.failures > 3 && peer.reason.as_deref() == Some("connection refused"));
    assert_eq!(village.nodes["alliance"].digest(), village.nodes["apeas"].digest());
}

/// A peer that does not know a node yet refuses its log, and that log alone.
#[test]
fn a_refused_log_holds_no_other_up() {
    let mut village = Village::new(7);
    let stranger = node("ailleurs");
    let genesis = stranger.journal.genesis(&stranger.id()).unwrap().unwrap();
    let identity = stranger.journal.identity().clone();
    village.nodes["paca"]
        .journal
        .pin((&identity.node_id, &identity.origin), "ailleurs", std::slice::from_ref(&genesis), START)
        .unwrap();
    let log = Named { node: &identity.node_id, channel: Channel::Keys, epoch: 1 };
    let batch = stranger.journal.batch(log, 0).unwrap().unwrap();
    village.nodes["paca"].journal.receive(&identity.node_id, Channel::Keys, &batch, START).unwrap();
    let demand = village.demand("alliance", "Passe quand même");
    village.settle(2);
    assert!(village.has("mesclun", &demand));
    let refusals = village.nodes["paca"].journal.refusals().unwrap();
    assert!(refusals.iter().any(|refusal| refusal.cause == "unknown-node"), "{refusals:?}");
    let walk = village.pull("mesclun", "paca");
    assert_eq!(walk.report.unknown, [(identity.node_id.clone(), identity.origin.to_string())]);
    village.nodes["mesclun"]
        .journal
        .pin((&identity.node_id, &identity.origin), "ailleurs", std::slice::from_ref(&genesis), START)
        .unwrap();
    assert_eq!(village.pull("mesclun", "paca").report.taken, 1);
}

/// While a peer refuses a log, what is behind it is brought and looked through once, and not with every step; the cursor that is written down stays
/// before it, so that a restart forgets nothing, and when the peer takes it, nothing was lost.
#[test]
fn a_refused_log_is_remembered_and_what_is_behind_it_looked_through_once() {
    let mut village = Village::new(16);
    let stranger = node("ailleurs");
    let (genesis, id) = (stranger.journal.genesis(&stranger.id()).unwrap().unwrap(), stranger.id());
    village.settle(1);
    let named = Named { node: &id, channel: Channel::Keys, epoch: 1 };
    let batch = stranger.journal.batch(named, 0).unwrap().unwrap();
    ["paca", "apeas", "alliance"].into_iter().for_each(|name| village.nodes[name].pins(&stranger));
    village.nodes["paca"].journal.receive(&id, Channel::Keys, &batch, START).unwrap();
    let behind: Vec<_> = (0..5).map(|number| village.demand("alliance", &format!("Derrière {number}"))).collect();
    village.settle(10 * 86_400);
    assert!(behind.iter().all(|demand| village.has("mesclun", demand)));
    let (hub, mesclun) = (village.nodes["paca"].journal.clone(), village.nodes["mesclun"].id());
    let refused: i64 = hub.refusals().unwrap().iter().filter(|one| one.node == mesclun).map(|one| one.count).sum();
    assert!((15..60).contains(&refused), "{refused} times in ten days: longer each time");
    let last = hub.store().read(pes_store::entries::last_arrival).unwrap();
    let cursor = || hub.peer(&mesclun).unwrap().unwrap().cursor;
    let walk = village.take_walk("paca", &mesclun);
    assert_eq!((walk.looked_through(), cursor() < last), (last, true), "{}", cursor());
    // The walk begins anew, as after a restart.
    village.nodes["mesclun"].journal.pin((&id, stranger.origin()), "ailleurs", &[genesis], START).unwrap();
    village.restart("paca");
    village.settle(60);
    assert_eq!(
        (village.nodes["mesclun"].journal.held(named).unwrap().map(|(_, size)| size), cursor()),
        (Some(1), last)
    );
}

/// What a node signs goes nowhere before its keys: while a peer is left alone with them, since it does not know the node yet, so is it with all
/// that the new keys sign. It could not check it, and would be left alone for much longer.
#[test]
fn what_new_keys_sign_waits_for_them() {
    let mut village = Village::new(9);
    let stranger = node("ailleurs");
    let (genesis, id) = (stranger.journal.genesis(&stranger.id()).unwrap().unwrap(), stranger.id());
    ["paca", "apeas", "alliance"].into_iter().for_each(|name| village.nodes[name].pins(&stranger));
    let tell = |village: &Village, journal: &Journal, channel: Channel| {
        let batch = journal.batch(Named { node: &id, channel, epoch: 1 }, 0).unwrap().unwrap();
        village.nodes["paca"].journal.receive(&id, channel, &batch, START).unwrap();
    };
    tell(&village, &stranger.journal, Channel::Keys);
    // Mesclun refuses more than once, and is left alone for longer each time.
    village.settle(20);
    let keys = NewKeys { root: bed::keys("ailleurs").root, ..bed::keys("d’autres") };
    let exchange = Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false };
    let identity = stranger.journal.exchange_keys(&exchange, START).unwrap().identity;
    let journal = Journal::open(stranger.journal.store().clone(), rules(), identity).unwrap();
    let stranger = bed::Node { journal, ..stranger };
    let demand = stranger.demand("Avec de nouvelles clés").iri;
    village.nodes["mesclun"].journal.pin((&id, stranger.origin()), "ailleurs", &[genesis], START).unwrap();
    tell(&village, &stranger.journal, Channel::Keys);
    tell(&village, &stranger.journal, Channel::Public);
    village.settle(60);
    assert!(village.has("mesclun", &demand), "{:?}", village.nodes["paca"].journal.refusals().unwrap());
}

/// Three months: a few tries a day, one row, and on its return everything is there.
#[test]
fn a_peer_that_is_dead_for_months_costs_a_few_tries_a_day() {
    let mut village = Village::new(5);
    village.settle(1);
    village.down.insert("mesclun");
    village.demand("apeas", "Pendant ce temps");
    village.settle(86_400);
    let before = village.asked;
    village.settle(90 * 86_400);
    let tries = (village.asked - before) as f64 / 90.0;
    println!("{tries:.1} tries a day");
    assert!(tries < 10.0, "{tries} tries a day");
    village.down.clear();
    village.pull("mesclun", "paca");
    village.settle(60);
    village.assert_all_agree();
}

/// F2: the hub is away for weeks; everybody goes on, and on its return each has what the others said.
#[test]
fn a_hub_that_is_away_for_weeks_is_caught_up_with() {
    let mut village = Village::new(6);
    village.settle(1);
    village.down.insert("paca");
    for week in 0..3 {
        let demands =
            NAMES[1..].iter().map(|name| village.demand(name, &format!("Semaine {week}"))).collect::<Vec<_>>();
        village.settle(7 * 86_400);
        assert!(demands.iter().zip(&NAMES[1..]).all(|(demand, name)| village.has(name, demand)), "local work goes on");
    }
    village.down.clear();
    // Nobody tells them that it is back: each tries now and then.
    village.settle(86_400);
    village.assert_all_agree();
}

/// A peer that takes its time, or never answers in time, keeps only its own waiting.
#[test]
fn a_slow_peer_keeps_only_its_own_waiting() {
    for seconds in [20, 1_000] {
        let mut village = Village::new(7);
        village.settle(1);
        village.slow.insert("mesclun", seconds);
        (0..3).for_each(|number| drop(village.offer("apeas", &format!("Offre {number}"))));
        village.settle(0);
        let demand = village.demand("apeas", "Passe");
        village.settle(0);
        assert!(village.has("paca", &demand) && village.has("alliance", &demand), "at once, {seconds} s");
        village.settle(120);
        assert!(village.has("mesclun", &demand), "it heard, however late it says so");
        village.calm();
        village.settle(3_600);
        village.assert_all_agree();
    }
}

/// A change-set that every reader refuses to show blocks nothing behind it, at nobody.
#[test]
fn a_poisonous_record_blocks_nothing() {
    let mut village = Village::new(8);
    let author = node("poison");
    let record = format!("{}/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427", author.origin());
    let salt = format!("<https://w3id.org/pes/ns#salt> \"{}\"", "0".repeat(32));
    let payload = format!("<{record}> <http://schema.org/name> \"x\" .\n<{record}> {salt} .\n");
    let header = hand::header(&author, 0, hand::upsert(&record, &payload));
    let change_set = ChangeSet::sign(&header, &author.identity().log_key).unwrap();
    let batch = hand::batch(&author, vec![(change_set, Some(payload.into_bytes()))]);
    NAMES.into_iter().for_each(|name| village.nodes[name].pins(&author));
    village.nodes["paca"].journal.receive(&author.id(), Channel::Public, &batch, START).unwrap();
    let demand = village.demand("apeas", "Derrière");
    village.settle(5);
    for name in NAMES {
        let held = village.nodes[name].journal.held(village.nodes[name].log(&author.id(), Channel::Public)).unwrap();
        assert_eq!(held.map(|(_, size)| size), Some(1), "{name} keeps it");
        assert!(village.has(name, &demand) && !village.has(name, &RecordIri::read(&record).unwrap()), "{name}");
    }
    village.assert_all_agree();
}

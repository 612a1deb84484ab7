//! What one node enters reaches all, once, and what is urgent first.

use crate::village::{NAMES, Village};
use pes_sync::push::{Lane, Push, Step};

#[test]
fn one_demand_reaches_every_network() {
    let mut village = Village::new(1);
    let demand = village.demand("alliance", "Cherche local à Nice");
    village.settle(1);
    for name in NAMES {
        assert!(village.has(name, &demand), "{name} does not have it");
    }
    village.assert_all_agree();
}

#[test]
fn nothing_is_sent_when_there_is_nothing_to_send() {
    let mut village = Village::new(1);
    village.demand("alliance", "Cherche local");
    village.settle(2);
    let before = village.asked;
    village.settle(100);
    assert_eq!(village.asked, before);
}

#[test]
fn the_hub_sleeps_and_wakes() {
    let mut village = Village::new(2);
    village.settle(1);
    village.down.insert("paca");
    for number in 0..20 {
        village.demand(NAMES[1 + number % 3], &format!("Demande {number}"));
    }
    village.settle(60);
    village.down.clear();
    // On its return the hub asks everybody for their heads, and so everybody hears of it.
    for name in &NAMES[1..] {
        village.pull("paca", name);
    }
    village.settle(5);
    village.assert_all_agree();
    assert_eq!(village.nodes["mesclun"].journal.heads().unwrap().iter().map(|head| head.size).sum::<u64>(), 4 + 20);
}

#[test]
fn a_network_sleeps_and_wakes() {
    let mut village = Village::new(3);
    village.down.insert("mesclun");
    let demands: Vec<_> = (0..300).map(|number| village.demand("apeas", &format!("Demande {number}"))).collect();
    village.settle(30);
    assert!(!village.has("mesclun", &demands[0]));
    village.down.clear();
    let walk = village.pull("mesclun", "paca");
    assert_eq!((walk.report.broken, walk.report.refused.len()), (None, 0));
    assert!(demands.iter().all(|demand| village.has("mesclun", demand)));
    village.settle(5);
    village.assert_all_agree();
}

#[test]
fn a_delete_reaches_everybody_and_is_gone_everywhere() {
    let mut village = Village::new(5);
    let demand = village.demand("apeas", "À supprimer");
    village.settle(1);
    let now = village.now;
    village.nodes["apeas"].journal.delete(&demand, None, now).unwrap();
    village.settle(1);
    assert!(NAMES.iter().all(|name| !village.has(name, &demand)));
    village.assert_all_agree();
}

/// What is urgent does not wait behind a backlog.
#[test]
fn an_urgent_demand_goes_ahead_of_a_backlog() {
    let mut village = Village::new(6);
    village.settle(1);
    let offer = [("direction", "offer"), ("type", "service"), ("title", "Offre"), ("author", "Ali")];
    (0..300).for_each(|_| drop(village.publish("apeas", &offer)));
    let demand = village.demand("apeas", "Urgent");
    assert!(village.push("apeas").0);
    assert!(village.has("paca", &demand), "the first thing that goes");
    assert!(village.push("paca").0);
    assert!(village.has("mesclun", &demand) && village.has("alliance", &demand));
    village.settle(2);
    village.assert_all_agree();
}

/// What is urgent does not wait for the batch that is on its way either.
#[test]
fn an_urgent_demand_overtakes_the_batch_in_flight() {
    let mut village = Village::new(11);
    village.settle(1);
    let (hub, seconds) = (village.nodes["paca"].id(), village.now.unix_timestamp());
    let offer = [("direction", "offer"), ("type", "service"), ("title", "Offre"), ("author", "Ali")];
    village.publish("apeas", &offer);
    let mut walk = village.take_walk("apeas", &hub);
    let step =
        |walk: &mut Push, lane, village: &Village| walk.step(lane, &village.nodes["apeas"].journal, seconds).unwrap();
    assert_eq!(step(&mut walk, Lane::Urgent, &village), Step::Rest, "an offer is not urgent");
    let Step::Ask(slow) = step(&mut walk, Lane::InTurn, &village) else { panic!() };
    let demands = [village.demand("apeas", "Une"), village.demand("apeas", "Deux")];
    let Step::Ask(urgent) = step(&mut walk, Lane::Urgent, &village) else { panic!("it waits for the batch in flight") };
    let outcome = village.carry("apeas", &urgent);
    walk.take(Lane::Urgent, &village.nodes["apeas"].journal, outcome, seconds, 0.5).unwrap();
    assert!(demands.iter().all(|demand| village.has("paca", demand)));
    assert_eq!(step(&mut walk, Lane::Urgent, &village), Step::Rest, "nothing goes twice");
    let outcome = village.carry("apeas", &slow);
    walk.take(Lane::InTurn, &village.nodes["apeas"].journal, outcome, seconds, 0.5).unwrap();
    village.nodes.get_mut("apeas").unwrap().walks.insert(hub, walk.into());
    village.settle(2);
    village.assert_all_agree();
}

/// Where nothing is on its way, what is urgent goes in its turn, which is at once; and so does what is on its way already.
#[test]
fn the_urgent_lane_is_for_what_would_wait() {
    let mut village = Village::new(12);
    village.settle(1);
    let hub = village.nodes["paca"].id();
    (0..300).for_each(|number| drop(village.demand("apeas", &format!("Demande {number}"))));
    village.settle(10);
    village.demand("apeas", "Plus tard");
    village.settle(10);
    let seconds = village.now.unix_timestamp();
    let apeas = &village.nodes["apeas"].journal;
    assert!(apeas.peer(&hub).unwrap().unwrap().urgent > 256, "it does not look at the same again and again");
    village.demand("apeas", "Encore une");
    let mut walk = Push::to(&hub);
    let apeas = &village.nodes["apeas"].journal;
    assert_eq!(walk.step(Lane::Urgent, apeas, seconds).unwrap(), Step::Rest);
    assert!(matches!(walk.step(Lane::InTurn, apeas, seconds).unwrap(), Step::Ask(_)));
    assert_eq!(walk.step(Lane::Urgent, apeas, seconds).unwrap(), Step::Rest, "it is on its way");
    walk.take(Lane::InTurn, apeas, Err("lost".into()), seconds, 0.0).unwrap();
    apeas.change_peer(&hub, |peer| peer.next_try = 0).unwrap();
    village.demand("apeas", "Et une autre");
    let apeas = &village.nodes["apeas"].journal;
    assert_eq!(walk.step(Lane::Urgent, apeas, seconds).unwrap(), Step::Rest, "a dead peer is tried on one lane only");
}

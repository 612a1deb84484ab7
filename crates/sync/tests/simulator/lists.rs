//! F14 and F4: what a list leaves out is deleted nowhere, and what is missing is asked of others.

use crate::bed::{START, node};
use crate::village::{Village, answer};
use pes_sync::pull::{HeadEntry, Pull};
use pes_sync::{Answer, Ask};
use time::{Duration, UtcDateTime};

/// F14: an empty, broken or shortened list deletes nothing.
#[test]
fn a_list_that_is_not_whole_deletes_nothing() {
    let mut village = Village::new(10);
    village.demand("apeas", "Reste");
    village.settle(1);
    let before = village.nodes["mesclun"].digest();
    for body in ["", "[]", "[{", "null", "[{\"origin\":\"x\"}]"] {
        let mut walk = Pull::from(village.nodes["paca"].journal.identity().origin.clone());
        let journal = &village.nodes["mesclun"].journal;
        walk.step(journal).unwrap().unwrap();
        walk.take(journal, Ok(answer(200, body)), START).unwrap();
        assert_eq!(walk.step(journal).unwrap(), None, "{body}");
    }
    let mut walk = Pull::from(village.nodes["paca"].journal.identity().origin.clone());
    let journal = &village.nodes["mesclun"].journal;
    walk.step(journal).unwrap();
    walk.take(journal, Ok(answer(503, "busy")), START).unwrap();
    assert_eq!(walk.report.broken.as_deref(), Some("status 503: busy"));
    assert_eq!(village.nodes["mesclun"].digest(), before);
}

#[test]
fn a_head_that_is_none_is_passed_over() {
    let mut village = Village::new(12);
    let demand = village.demand("apeas", "Reste");
    village.settle(1);
    village.nodes.insert("mesclun", node("mesclun").into());
    village.nodes["mesclun"].pins(&village.nodes["apeas"]);
    let (journal, asker) = (village.nodes["mesclun"].journal.clone(), village.nodes["mesclun"].identity().clone());
    let list = village.nodes["paca"].answers(&asker, &Ask::get(village.nodes["paca"].origin(), "/heads", 1), START);
    let mut heads: Vec<HeadEntry> = serde_json::from_slice(&list.body).unwrap();
    heads.insert(0, HeadEntry { checkpoint: "no head".into(), ..heads[0].clone() });
    heads.insert(1, HeadEntry { channel: "secret".into(), ..heads[1].clone() });
    let mut walk = Pull::from(village.nodes["paca"].journal.identity().origin.clone());
    walk.step(&journal).unwrap();
    walk.take(&journal, Ok(Answer { status: 200, body: serde_json::to_vec(&heads).unwrap() }), START).unwrap();
    while let Some(ask) = walk.step(&journal).unwrap() {
        let answer = village.nodes["paca"].answers(&asker, &ask, START);
        walk.take(&journal, Ok(answer), START).unwrap();
    }
    assert_eq!(walk.report.refused.len(), 2, "{:?}", walk.report);
    assert!(village.has("mesclun", &demand), "the good ones were taken");
}

/// A hub that lost payloads cannot give them: they are asked of whoever has them, the author in the end.
#[test]
fn a_missing_payload_is_asked_of_others() {
    let mut village = Village::new(13);
    village.down.insert("mesclun");
    let demands: Vec<_> = (0..300).map(|number| village.demand("apeas", &format!("Demande {number}"))).collect();
    village.settle(5);
    let hub = village.nodes["paca"].journal.store();
    let lost = [&demands[7], &demands[8], &demands[290]];
    hub.write(|link| lost.iter().try_for_each(|iri| pes_store::payloads::erase_record(link, &iri.to_string())))
        .unwrap();
    village.down.clear();
    let from_hub = village.pull("mesclun", "paca");
    assert_eq!((from_hub.report.broken, from_hub.report.filled), (None, 0));
    assert_eq!(village.nodes["mesclun"].journal.gaps(10).unwrap().len(), 3);
    assert_eq!(village.pull("mesclun", "apeas").report.filled, 3);
    assert!(village.nodes["mesclun"].journal.gaps(10).unwrap().is_empty());
    // The hub finds what it lost at mesclun as well as at its author.
    assert_eq!(village.pull("paca", "mesclun").report.filled, 3);
    village.settle(20);
    village.assert_all_agree();
}

/// F14: the list of yesterday, or one from which logs are missing, takes nothing away that came since.
#[test]
fn a_list_of_long_ago_deletes_nothing() {
    let mut village = Village::new(10);
    village.demand("apeas", "Ancienne");
    village.settle(1);
    let mesclun = village.nodes["mesclun"].journal.clone();
    let ask = Ask::get(village.nodes["paca"].origin(), "/heads", 100_000);
    let old = village.carry("mesclun", &ask).unwrap();
    village.demand("apeas", "Récente");
    village.settle(1);
    let before = village.nodes["mesclun"].digest();
    let heads: Vec<HeadEntry> = serde_json::from_slice(&old.body).unwrap();
    for length in (0..=heads.len()).rev() {
        let list = Answer { status: 200, body: serde_json::to_vec(&heads[..length]).unwrap() };
        let mut walk = Pull::from(village.nodes["paca"].origin().clone());
        walk.step(&mesclun).unwrap();
        walk.take(&mesclun, Ok(list), START).unwrap();
        assert_eq!(walk.step(&mesclun).unwrap(), None);
        assert_eq!(village.nodes["mesclun"].digest(), before, "{length} logs");
    }
    // What is said of a log, cut off in the middle, is no bundle of it.
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    village.demand("apeas", "Encore");
    village.push("apeas");
    while let Some(ask) = walk.step(&mesclun).unwrap() {
        let mut answer = village.carry("mesclun", &ask).unwrap();
        let is_bundle = ask.path.contains("entries") || ask.path.contains("payloads");
        let length = if is_bundle { answer.body.len() / 2 } else { answer.body.len() };
        answer.body.truncate(length);
        walk.take(&mesclun, Ok(answer), START).unwrap();
    }
    assert_eq!((village.nodes["mesclun"].digest(), walk.report.taken), (before, 0));
    village.settle(60);
    village.assert_all_agree();
}

/// Answers a walk of one node out of another's hands, and tells for whose public logs it was asked for bundles, in turn.
fn answered(village: &mut Village, walk: &mut Pull, now: impl Fn(usize) -> UtcDateTime) -> Vec<String> {
    let journal = village.nodes["mesclun"].journal.clone();
    let mut asked = Vec::new();
    while let Some(ask) = walk.step(&journal).unwrap() {
        if let Some((log, _)) = ask.path.split_once("/public/1/tile/") {
            asked.push(log.trim_start_matches("/mirror/").to_owned());
        }
        let outcome = village.carry("mesclun", &ask);
        walk.take(&journal, outcome, now(asked.len())).unwrap();
    }
    asked
}

/// A village whose hub has much of two networks, of which mesclun has nothing.
fn village_with_much() -> Village {
    let mut village = Village::new(14);
    village.down.insert("mesclun");
    for name in ["apeas", "alliance"] {
        (0..600).for_each(|number| drop(village.offer(name, &format!("Offre {number}"))));
    }
    village.settle(20);
    village.down.clear();
    village
}

/// F15: a long log is taken bundle by bundle, each in its turn with those of others, so that nobody's is behind another's millions.
#[test]
fn a_long_log_keeps_no_other_waiting() {
    let mut village = village_with_much();
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    let asked = answered(&mut village, &mut walk, |_| START);
    assert_eq!((walk.report.taken >= 1_200, walk.report.broken), (true, None));
    let first_two = [&asked[0], &asked[1]];
    assert!(["apeas", "alliance"].iter().all(|name| first_two.contains(&&village.nodes[*name].id())), "{asked:?}");
}

/// F15: a walk from who is slow ends some time, as one that found more than it took, and the next one goes on.
#[test]
fn a_walk_that_takes_long_is_cut_short() {
    let mut village = village_with_much();
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    let asked = answered(&mut village, &mut walk, |asked| START + Duration::minutes(4) * asked as i32);
    assert_eq!((asked.len(), walk.report.is_cut_short, walk.report.broken.is_some()), (3, true, true));
    let taken = walk.report.taken;
    assert!(!walk.report.is_level);
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    answered(&mut village, &mut walk, |_| START);
    assert!(taken >= 512 && !walk.report.is_cut_short && walk.report.taken >= 600, "{:?}", walk.report);
    assert!(walk.report.is_level);
    village.settle(20);
    village.assert_all_agree();
}

/// To compare a head costs as much as its log is long: a list that names one log again and again has it compared once.
#[test]
fn a_list_that_names_a_log_again_and_again_has_it_compared_once() {
    let mut village = Village::new(15);
    (0..2).for_each(|number| drop(village.offer("apeas", &format!("Offre {number}"))));
    village.settle(1);
    let old = village.carry("mesclun", &Ask::get(village.nodes["paca"].origin(), "/heads", 100_000)).unwrap();
    village.offer("apeas", "Encore");
    village.settle(1);
    let heads: Vec<HeadEntry> = serde_json::from_slice(&old.body).unwrap();
    let behind = heads.iter().find(|head| head.node_id == village.nodes["apeas"].id() && head.channel == "public");
    let list = serde_json::to_vec(&vec![behind.unwrap(); 1_000]).unwrap();
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    let journal = &village.nodes["mesclun"].journal;
    walk.step(journal).unwrap();
    walk.take(journal, Ok(Answer { status: 200, body: list }), START).unwrap();
    assert_eq!((walk.step(journal).unwrap(), walk.report.behind.len()), (None, 1));
}

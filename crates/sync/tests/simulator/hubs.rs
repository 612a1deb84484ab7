//! F10: a hub that alters, holds back, forgets, shows old things or other things, or invents a member.

use crate::bed::{Node, START, node, node_with};
use crate::village::{NAMES, Village, answer};
use pes_changeset::batch::Batch;
use pes_changeset::receipt::cosign;
use pes_changeset::{Channel, SecretKey};
use pes_domain::affiliation::Affiliation;
use pes_domain::{Body, Code, Kind, List, Record, RecordIri};
use pes_journal::identity::NewKeys;
use pes_journal::{JournalError, Refusal};
use pes_store::own_records::Moderation;
use pes_sync::introduction::{Introduced, Introduction};
use pes_sync::pull::Pull;
use pes_sync::push::{Lane, Step};
use pes_sync::{Answer, Ask, ask};

/// A hub that alters what it holds is found out, and what it altered is not taken; another log goes on.
#[test]
fn what_a_hub_alters_is_refused() {
    let mut village = Village::new(11);
    village.down.insert("mesclun");
    village.demand("apeas", "Original");
    village.settle(1);
    village.down.clear();
    let mesclun = village.nodes["mesclun"].journal.clone();
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    while let Some(ask) = walk.step(&mesclun).unwrap() {
        let mut answer = village.nodes["paca"].answers(mesclun.identity(), &ask, START);
        if ask.path.contains("/public/") && ask.path.contains("payloads") {
            let at = answer.body.len() - 10;
            answer.body[at] ^= 1;
        }
        walk.take(&mesclun, Ok(answer), START).unwrap();
    }
    assert_eq!(walk.report.refused.len(), 1, "{:?}", walk.report);
    assert!(walk.report.taken > 0, "the keys were taken");
    village.pull("mesclun", "apeas");
    village.assert_all_agree();
}

/// F10: a hub that gives nothing on is found out within a round, since the author is asked itself.
#[test]
fn what_a_hub_holds_back_comes_from_its_author() {
    let mut village = Village::new(13);
    village.settle(1);
    // The hub takes everything, acknowledges it, and gives nothing on.
    village.nodes.get_mut("paca").unwrap().walks.clear();
    let demand = village.demand("alliance", "Retenue");
    village.settle(5);
    assert!(village.has("paca", &demand) && !village.has("mesclun", &demand));
    let round = village.reconcile("mesclun");
    assert!(village.has("mesclun", &demand));
    assert_eq!(round[0].report.taken, 1, "a pull from the hub finds it too, as long as it answers truly");
}

/// F10: a hub that shows an old state as the newest.
#[test]
fn a_hub_that_shows_an_old_state_is_behind_the_author() {
    let mut village = Village::new(14);
    village.demand("alliance", "Ancienne");
    village.settle(1);
    // From here on the hub shows what it has, and takes nothing more of alliance.
    village.nodes.get_mut("alliance").unwrap().walks.clear();
    let demand = village.demand("alliance", "Récente");
    // Who compared with the hub alone would find nothing missing.
    let hub = village.pull("mesclun", "paca");
    assert_eq!((hub.report.taken, village.has("mesclun", &demand)), (0, false));
    let author = village.pull("mesclun", "alliance");
    assert_eq!((author.report.taken, village.has("mesclun", &demand)), (1, true));
    let again = village.pull("mesclun", "paca");
    assert_eq!(again.report.behind, [("alliance.test/log/public/1".to_owned(), 1)]);
}

/// A receipt is a promise that can be broken: the author still has it, and whoever asks the author finds it.
#[test]
fn a_hub_that_acknowledges_and_forgets_is_found_out_within_a_round() {
    let mut village = Village::new(1);
    village.settle(1);
    let (hub, seconds) = (village.nodes["paca"].id(), village.now.unix_timestamp());
    let demand = village.demand("apeas", "Oubliée");
    let mut walk = village.take_walk("apeas", &hub);
    let journal = village.nodes["apeas"].journal.clone();
    let Step::Ask(ask) = walk.step(Lane::InTurn, &journal, seconds).unwrap() else { panic!() };
    let head = Batch::read(&ask.body.unwrap().1).unwrap().checkpoint.unwrap();
    let liar = village.nodes["paca"].identity();
    let receipt = cosign(&head, &liar.origin.note_name(), &liar.log_key, village.now).unwrap();
    walk.take(Lane::InTurn, &journal, Ok(answer(200, &format!("{}\n", receipt.write()))), seconds, 0.5).unwrap();
    assert_eq!(walk.step(Lane::InTurn, &journal, seconds).unwrap(), Step::Rest, "it was promised to be held");
    village.settle(60);
    assert!(!village.has("paca", &demand) && !village.has("mesclun", &demand));
    let round = village.reconcile("mesclun");
    assert!(village.has("mesclun", &demand));
    assert_eq!(round.iter().map(|walk| walk.report.taken).collect::<Vec<_>>(), [0, 1, 0], "from its author");
    // By the receipt it can be shown that the hub held it, and by its own list that it does not.
    let kept = journal.store().read(|link| {
        let log = pes_store::logs::find(link, &village.nodes["apeas"].id(), Channel::Public, 1)?.unwrap();
        pes_store::peers::receipts_of(link, log.id)
    });
    assert!(kept.unwrap().iter().any(|receipt| receipt.node == hub && receipt.size == 1));
}

/// A hub that gives on only what it likes, for days, delays nothing that is asked of its author each day.
#[test]
fn what_a_hub_delays_is_a_day_late_at_most() {
    let mut village = Village::new(1);
    village.settle(1);
    village.nodes.get_mut("paca").unwrap().walks.clear();
    for day in 0..3 {
        let demand = village.demand("alliance", &format!("Jour {day}"));
        village.settle(86_400);
        NAMES[1..].iter().for_each(|name| drop(village.reconcile(name)));
        assert!(NAMES.iter().all(|name| village.has(name, &demand)), "day {day}");
    }
    village.restart("paca");
    village.settle(60);
    village.assert_all_agree();
}

/// The roll says whom to ask, and is believed in nothing else: a member is who its own address says it is.
#[test]
fn a_hub_cannot_invent_a_member_nor_change_its_key() {
    let mut village = Village::new(1);
    let (real, invented) = (node("ailleurs"), twin_of("ailleurs", 99));
    assert_ne!(real.id(), invented.id());
    let member = Affiliation {
        network: "Ailleurs".into(),
        origin: "https://ailleurs.test".into(),
        node_id: invented.id(),
        since: START.date(),
        state: Code::new(List::AffiliationState, "active"),
        replaces: None,
    };
    let hub = &village.nodes["paca"];
    let demand = hub.demand("Un membre");
    let iri = RecordIri::mint(hub.origin().as_str(), Kind::Affiliation);
    let record = Record { iri, body: Body::Affiliation(member), ..demand };
    hub.journal.save(record, Moderation::Published, None, START).unwrap();
    village.settle(1);
    let mesclun = village.nodes["mesclun"].journal.clone();
    let [member] = mesclun.unmet_members().unwrap().try_into().unwrap();
    // It is asked at its own address, which is not the hub's to answer for.
    let heard = introduced(&real);
    let met = mesclun.pin((&member.node_id, &member.origin), "Ailleurs", &heard.events, START);
    assert!(matches!(met, Err(JournalError::Refused(Refusal::UnknownNode(_)))), "{met:?}");
    // Nor do key events help that the hub made itself: they are not of a node that is pinned.
    let batch = invented.batch(Channel::Keys, 0);
    let taken = mesclun.receive(&invented.id(), Channel::Keys, &batch, START);
    assert!(matches!(taken, Err(JournalError::Refused(Refusal::UnknownNode(_)))), "{taken:?}");
    assert_eq!(village.pull("mesclun", "paca").report.refused, []);
}

/// A node of this name with other keys.
fn twin_of(name: &str, seed: u8) -> Node {
    let key = |number: u8| SecretKey::from_seed(&[seed + number; 32]);
    node_with(name, &NewKeys { root: key(0), log: key(1), transport: key(2) })
}

/// What a node says of itself at its own address.
fn introduced(node: &Node) -> Box<Introduced> {
    let mut introduction = Introduction::to(node.origin().clone());
    loop {
        let (asking, ask) = match introduction.step() {
            Ok(next) => next,
            Err(result) => return result.unwrap(),
        };
        let reply = node.get(&ask.path);
        introduction = asking.take(Ok(Answer { status: reply.status, body: reply.body }));
    }
}

/// What is for members no node tells a stranger, not even that it is there, whoever's log it is.
#[test]
fn a_stranger_is_told_nothing_of_what_is_for_members() {
    let mut village = Village::new(1);
    let between_us = [
        ("direction", "offer"),
        ("type", "service"),
        ("title", "Entre nous"),
        ("author", "Ali"),
        ("audience", "affiliates"),
    ];
    let record = village.publish("apeas", &between_us);
    village.settle(1);
    assert!(village.has("mesclun", &record));
    let (stranger, author) = (node("ailleurs"), village.nodes["apeas"].id());
    village.nodes.values().for_each(|one| stranger.pins(one));
    for name in NAMES {
        let asked = &village.nodes[name];
        for rest in ["", "/1/checkpoint", "/1/0", "/1/tile/entries/000.p/1", "/1/payloads/000.p/1"] {
            let ask = Ask::get(asked.origin(), format!("/mirror/{author}/affiliates{rest}"), 10_000);
            let told = asked.answers(stranger.identity(), &ask, START);
            let nothing = Ask::get(asked.origin(), "/mirror/nobody/affiliates/1", 10_000);
            assert_eq!(told, asked.answers(stranger.identity(), &nothing, START), "{name} {rest}");
            assert_eq!((told.status, asked.get(&ask.path).status), (404, 404));
        }
        let mut walk = Pull::from(asked.origin().clone());
        while let Some(ask) = walk.step(&stranger.journal).unwrap() {
            let told = asked.answers(stranger.identity(), &ask, START);
            assert!(!told.text().contains("affiliates") && !told.text().contains("Entre nous"), "{name} {}", ask.path);
            walk.take(&stranger.journal, Ok(told), START).unwrap();
        }
        // A member who leaks them can be kept from nothing, but cannot make this node take part in it.
        let batch = village.nodes["apeas"].batch(Channel::Affiliates, 0);
        let path = format!("/in/{author}/affiliates");
        let push = Ask::post(asked.origin(), path, ask::CHANGE_SETS, batch.write().unwrap());
        assert_eq!(asked.answers(stranger.identity(), &push, START).status, 403, "{name}");
    }
}

//! What a hostile member could do to others, and does not get: each was done once to a running node.

use crate::bed::{self, Node, START, node, signed};
use pes_changeset::batch::Batch;
use pes_changeset::bundle::{read_entries, write_entries};
use pes_changeset::{Channel, SecretKey};
use pes_journal::identity::NewKeys;
use pes_journal::roll::Standing;
use pes_journal::rotation::Exchange;
use pes_sync::pull::Pull;
use pes_sync::push::{Lane, Push, Step};
use pes_sync::{Answer, Ask, ask};

/// A hub, and two networks that follow it.
fn village() -> (Node, Node, Node) {
    let (hub, apeas, mesclun) = (node("paca"), node("apeas"), node("mesclun"));
    [&apeas, &mesclun].into_iter().for_each(|one| one.follows(&hub));
    apeas.pins(&mesclun);
    mesclun.pins(&apeas);
    (hub, apeas, mesclun)
}

/// Pushes all that one node has for another, and brings the answers back.
fn carry_all(from: &Node, to: &Node) {
    let mut walk = Push::to(to.id());
    for _ in 0..50 {
        let Step::Ask(ask) = walk.step(Lane::InTurn, &from.journal, START.unix_timestamp()).unwrap() else { return };
        let answer = to.answers(from.identity(), &ask, START);
        walk.take(Lane::InTurn, &from.journal, Ok(answer), START.unix_timestamp(), 0.5).unwrap();
    }
    panic!("the walk does not come to rest");
}

/// A head that is ahead of what was brought, and stays so, holds nobody's change-sets up, and what there is goes on.
#[test]
fn a_log_whose_head_is_never_reached_holds_no_other_up() {
    let (hub, apeas, mesclun) = village();
    ["Une", "Deux"].into_iter().for_each(|title| drop(apeas.demand(title)));
    carry_all(&apeas, &hub);
    apeas.demand("Trois");
    apeas.demand("Quatre");
    let half = apeas.batch(Channel::Public, 2);
    let half = Batch { items: half.items[..1].to_vec(), ..half };
    hub.journal.receive(&apeas.id(), Channel::Public, &half, START).unwrap();
    let other = hub.demand("De la plateforme");
    carry_all(&hub, &mesclun);
    let held = |author: &Node| mesclun.journal.held(author.log(&author.id(), Channel::Public)).unwrap().unwrap().1;
    assert_eq!((held(&apeas), held(&hub)), (3, 1), "{}", other.iri);
    carry_all(&apeas, &hub);
    carry_all(&hub, &mesclun);
    assert_eq!(held(&apeas), 4);
    assert_eq!(mesclun.digest(), hub.digest());
}

/// A peer that answers with what is held already keeps nobody walking for ever.
#[test]
fn a_bundle_that_brings_nothing_new_ends_the_walk() {
    let (hub, apeas, mesclun) = village();
    (0..4).for_each(|number| drop(apeas.demand(&format!("Demande {number}"))));
    carry_all(&apeas, &hub);
    let mut walk = Pull::from(hub.origin().clone());
    for asked in 0.. {
        assert!(asked < 50, "it walks for ever");
        let Some(ask) = walk.step(&mesclun.journal).unwrap() else { break };
        let mut answer = hub.answers(mesclun.identity(), &ask, START);
        if ask.path.contains(&format!("{}/public/1/tile/entries", apeas.id())) {
            let first = read_entries(&answer.body).unwrap()[0].to_owned();
            answer = Answer { body: write_entries([first.as_str(); 4]).unwrap(), ..answer };
        }
        walk.take(&mesclun.journal, Ok(answer), START).unwrap();
    }
    assert!(walk.report.refused.iter().any(|(_, why)| why.contains("other change-sets")), "{:?}", walk.report);
}

#[test]
fn a_member_that_was_put_out_brings_and_reads_nothing() {
    let hub = node("paca");
    let apeas = node("apeas");
    let code = hub.journal.invite("APEAS", START).unwrap();
    let genesis = apeas.journal.genesis(&apeas.id()).unwrap().unwrap();
    let id = apeas.id();
    let applicant = pes_journal::roll::Applicant { origin: apeas.origin(), node_id: &id, name: "APEAS" };
    hub.journal.admit(applicant, ("APEAS", &[genesis]), &code, START).unwrap();
    let body = apeas.batch(Channel::Keys, 0).write().unwrap();
    let push = Ask::post(hub.origin(), format!("/in/{}/keys", apeas.id()), ask::CHANGE_SETS, body);
    let status = || hub.answers(apeas.identity(), &push, START).status;
    assert_eq!(status(), 200);
    hub.journal.set_standing(&apeas.id(), Standing::Suspended, START).unwrap();
    assert_eq!(status(), 403);
    let mut walk = Push::to(apeas.id());
    hub.demand("Pour les membres");
    assert_eq!(walk.step(Lane::InTurn, &hub.journal, START.unix_timestamp()).unwrap(), Step::Rest);
    hub.journal.set_standing(&apeas.id(), Standing::Active, START).unwrap();
    assert_eq!(status(), 200);
    assert!(matches!(walk.step(Lane::InTurn, &hub.journal, START.unix_timestamp()).unwrap(), Step::Ask(_)));
}

#[test]
fn while_exchanges_are_paused_the_peer_keeps_what_it_has() {
    let (hub, apeas, _) = village();
    apeas.demand("Attend");
    hub.journal.pause(&apeas.id(), true).unwrap();
    let mut walk = Push::to(hub.id());
    let Step::Ask(ask) = walk.step(Lane::InTurn, &apeas.journal, START.unix_timestamp()).unwrap() else { panic!() };
    let reply = hub.replies(&signed(apeas.identity(), &ask, START), START);
    assert_eq!((reply.status, reply.retry_after), (503, Some(3_600)));
    hub.journal.pause(&apeas.id(), false).unwrap();
    carry_all(&apeas, &hub);
    assert_eq!(hub.digest(), apeas.digest());
}

/// A body is read only from who may bring one, and of a stranger no more than a request to join.
#[test]
fn nobody_s_body_is_read_who_may_bring_none() {
    let (hub, apeas, _) = village();
    let (stranger, path) = (node("ailleurs"), format!("/in/{}/public", apeas.id()));
    let post = |path: &str| Ask::post(hub.origin(), path, ask::CHANGE_SETS, vec![]);
    let room = |by: &Node, ask: &Ask| {
        let request = signed(by.identity(), ask, START);
        hub.desk.room(&hub.desk.recognise(&request, START).unwrap(), &request)
    };
    assert_eq!(room(&apeas, &post(&path)), Some(pes_sync::desk::BODY));
    assert_eq!(room(&apeas, &Ask::get(hub.origin(), "/heads", 10)), None);
    assert_eq!((room(&stranger, &post(&path)), room(&stranger, &post("/in/join"))), (None, Some(64 * 1024)));
    let unsigned = pes_sync::desk::Request { signature: None, ..signed(apeas.identity(), &post(&path), START) };
    assert_eq!(hub.desk.room(&hub.desk.recognise(&unsigned, START).unwrap(), &unsigned), None);
}

/// Who has exchanged the transport key may say so, and nothing else before it is known.
#[test]
fn a_new_transport_key_brings_the_channel_keys_alone() {
    let (hub, apeas, _) = village();
    carry_all(&apeas, &hub);
    let key = |seed| SecretKey::from_seed(&[seed; 32]);
    let keys = NewKeys { root: bed::keys("apeas").root, log: key(90), transport: key(91) };
    let exchange = Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false };
    let renewed = apeas.journal.exchange_keys(&exchange, START).unwrap().identity;
    let push = |channel: Channel, batch: &Batch| {
        let path = format!("/in/{}/{channel}", apeas.id());
        let ask = Ask::post(hub.origin(), path, ask::CHANGE_SETS, batch.write().unwrap());
        hub.answers(&renewed, &ask, START).status
    };
    let events = apeas.batch(Channel::Keys, 0);
    assert_eq!(push(Channel::Public, &events), 401);
    let forged = Batch { items: events.items[..1].to_vec(), ..events.clone() };
    assert_eq!(push(Channel::Keys, &forged), 400, "a head that no key it brings has signed");
    assert_eq!(hub.journal.pinned(&apeas.id()).unwrap().transport_key, apeas.identity().transport_key.public());
    assert_eq!(push(Channel::Keys, &events), 200);
    assert_eq!(hub.journal.pinned(&apeas.id()).unwrap().transport_key, key(91).public());
    assert_eq!(hub.answers(apeas.identity(), &Ask::get(hub.origin(), "/heads", 10_000), START).status, 401);
}

/// Who has stolen a log key and tries it on its owner is told nothing of what the owner is told.
#[test]
fn a_thief_is_not_told_what_gives_it_away() {
    let (hub, apeas, _) = village();
    let thief = node("apeas");
    thief.demand("Volée");
    let stolen = thief.batch(Channel::Public, 0);
    for batch in [stolen.clone(), Batch { checkpoint: None, ..stolen }] {
        let path = format!("/in/{}/{}", apeas.id(), Channel::Public);
        let ask = Ask::post(apeas.origin(), path, ask::CHANGE_SETS, batch.write().unwrap());
        let answer = apeas.answers(hub.identity(), &ask, START);
        assert_eq!((answer.status, answer.cause().as_str()), (400, "malformed"));
        assert_eq!(answer.detail(), "this node does not take that of its own log");
    }
    let noted = apeas.journal.refusals().unwrap();
    let noted = noted.iter().find(|one| one.cause == "signed-elsewhere").unwrap();
    assert!(noted.count == 2 && noted.detail.contains("pes keys new-epoch"), "{noted:?}");
}

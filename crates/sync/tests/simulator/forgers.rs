//! F6, F7, F8 and F12: signatures that are none, payloads under another's header, creates that come late, records of others. Each is
//! brought to the hub by a member, and to a member by the hub.

use crate::bed::{Node, START, keys, signed};
use crate::hand;
use crate::village::{Name, Village};
use pes_changeset::batch::{Batch, Item};
use pes_changeset::{Act, ChangeSet, Channel, SecretKey, Target};
use pes_domain::{Kind, Record};
use pes_journal::JournalError;
use pes_store::own_records::Moderation;
use pes_sync::{Answer, Ask, ask};

/// Who brings what *apeas* signed, and to whom.
const WAYS: [(Name, Name); 2] = [("apeas", "paca"), ("paca", "mesclun")];

/// The village, after *apeas* and *alliance* have each entered a demand and everybody has it.
fn settled() -> (Village, String) {
    let mut village = Village::new(1);
    village.demand("apeas", "Cherche local");
    let theirs = village.demand("alliance", "Cherche graphiste");
    village.settle(1);
    (village, theirs.to_string())
}

fn push(village: &Village, (by, to): (Name, Name), body: Vec<u8>) -> Answer {
    let path = format!("/in/{}/public", village.nodes["apeas"].id());
    let ask = Ask::post(village.nodes[to].origin(), path, ask::CHANGE_SETS, body);
    village.nodes[to].answers(village.nodes[by].identity(), &ask, village.now)
}

/// Brings what *apeas* should not have signed both ways: it is refused for this cause, and nothing has changed.
#[track_caller]
fn is_refused(village: &mut Village, body: &[u8], cause: &str) {
    for way in WAYS {
        let before = village.nodes[way.1].digest();
        let answer = push(village, way, body.to_vec());
        assert_eq!((answer.cause().as_str(), village.nodes[way.1].digest()), (cause, before), "{}", answer.detail());
    }
}

/// Nobody was hurt: what *apeas* enters next goes everywhere.
fn goes_on(village: &mut Village) {
    let next = village.demand("apeas", "Suite");
    village.settle(1_000);
    assert!(village.has("mesclun", &next));
    village.assert_all_agree();
}

fn written(author: &Node, items: Vec<Item>) -> Vec<u8> {
    hand::batch(author, items).write().unwrap()
}

/// F12: also in its own log, under its own signature, a node writes its own records only.
#[test]
fn another_s_record_is_neither_written_nor_deleted() {
    let (mut village, theirs) = settled();
    let apeas = &village.nodes["apeas"];
    let payload = format!("<{theirs}> <http://schema.org/name> \"Pris\" .\n");
    let kind = "https://w3id.org/pes/code/kind/exchange".to_owned();
    let on = Target { record: theirs.clone(), kind, version: 9 };
    let acts = [
        (hand::upsert(&theirs, &payload), Some(payload.into_bytes())),
        (Act::Withdraw { on: on.clone() }, None),
        (Act::Delete { on, replaced_by: None }, None),
    ];
    let bodies = acts.map(|(act, payload)| {
        let header = hand::header(apeas, hand::next_seq(apeas), act);
        let change_set = ChangeSet::sign(&header, &apeas.identity().log_key).unwrap();
        let urgent = Batch { checkpoint: None, items: vec![(change_set.clone(), payload.clone())] };
        [written(apeas, vec![(change_set, payload)]), urgent.write().unwrap()]
    });
    for body in bodies.as_flattened() {
        is_refused(&mut village, body, "confinement");
    }
    goes_on(&mut village);
}

/// F6: by another key, by a key that nobody declared, in another spelling, and by a point of small order.
#[test]
fn what_the_author_did_not_sign_is_refused() {
    let (mut village, _) = settled();
    let apeas = &village.nodes["apeas"];
    let record = format!("{}/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427", apeas.origin());
    let header = hand::header(apeas, hand::next_seq(apeas), hand::upsert(&record, "x"));
    let sign = |key: &SecretKey| ChangeSet::sign(&header, key).unwrap();
    let good = sign(&apeas.identity().log_key);
    let signature = hand::signature(&good);
    let mut late = signature.clone();
    add_order(&mut late[32..]);
    let small = [[1].as_slice(), &[0; 63]].concat();
    let by_hand = [late, small, sign(&keys("mesclun").log).proof_value().into_bytes()[..64].to_vec()];
    let mut bodies: Vec<Vec<u8>> = by_hand
        .iter()
        .map(|value| ChangeSet::read(&hand::with_proof(&good, value)).unwrap())
        .chain([sign(&keys("mesclun").log), sign(&apeas.identity().transport_key), sign(&keys("apeas").root)])
        .map(|change_set| written(apeas, vec![(change_set, None)]))
        .collect();
    // A head by another key over what was signed well.
    let impostor = hand::batch(apeas, vec![(good, None)]);
    let note = pes_changeset::Checkpoint::read(&impostor.checkpoint.as_ref().unwrap().text).unwrap();
    let checkpoint = Some(note.sign(&keys("mesclun").log).unwrap());
    bodies.push(Batch { checkpoint, ..impostor }.write().unwrap());
    for body in bodies {
        is_refused(&mut village, &body, "malformed");
    }
    goes_on(&mut village);
}

/// The same number modulo the order of the group, and not its one spelling (RFC 8032 §5.1.7).
fn add_order(scalar: &mut [u8]) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, more) in scalar.iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(more);
        *byte = (carry & 0xff) as u8;
        carry >>= 8;
    }
}

/// F7: on every way that payloads take: pushed, and where one is missing. It is the payload of the same record, as it was before.
#[test]
fn a_payload_under_another_s_header_is_refused() {
    let (mut village, _) = settled();
    village.down.insert("mesclun");
    let record = village.demand("apeas", "Une");
    let before = village.nodes["apeas"].batch(Channel::Public, 1).items.remove(0).1.unwrap();
    let apeas = &village.nodes["apeas"];
    let fields = [("direction", "demand"), ("type", "service"), ("title", "Deux"), ("author", "Marie")];
    let edited = Record { iri: record.clone(), ..apeas.record(Kind::Exchange, &fields, START) };
    apeas.journal.save(edited, Moderation::Published, None, START).unwrap();
    let mut batch = apeas.batch(Channel::Public, 1);
    let id = apeas.id();
    let bare = Batch {
        items: batch.items.iter().map(|(change_set, _)| (change_set.clone(), None)).collect(),
        ..batch.clone()
    };
    batch.items[1].1 = Some(before.clone());
    is_refused(&mut village, &batch.write().unwrap(), "malformed");
    let mesclun = village.nodes["mesclun"].journal.clone();
    mesclun.receive(&id, Channel::Public, &bare, START).unwrap();
    let [gap] = mesclun.gaps(9).unwrap().try_into().unwrap();
    let filled = mesclun.fill(&gap, &before, START);
    assert!(matches!(filled, Err(JournalError::Refused(_))), "{filled:?}");
    village.calm();
    village.settle(60);
    assert_eq!(village.pull("mesclun", "paca").report.filled, 1);
    goes_on(&mut village);
}

/// F8: a create that was on its way all the time while its record was made, spread and deleted.
#[test]
fn a_late_create_brings_nothing_back() {
    let (mut village, _) = settled();
    let demand = village.demand("apeas", "À supprimer");
    let apeas = &village.nodes["apeas"];
    let log = apeas.id();
    let create = apeas.journal.urgent_batch(apeas.log(&log, Channel::Public), &[1]).unwrap().unwrap();
    for (by, to) in WAYS {
        let path = format!("/in/{log}/public");
        for batch in [&create, &village.nodes["apeas"].batch(Channel::Public, 1)] {
            let ask = Ask::post(village.nodes[to].origin(), path.clone(), ask::CHANGE_SETS, batch.write().unwrap());
            let request = signed(village.nodes[by].identity(), &ask, village.now);
            village.arrives_later(to, request, 100);
        }
    }
    village.settle(10);
    village.delete("apeas", &demand);
    village.settle(10);
    village.assert_all_agree();
    village.settle(200);
    village.assert_all_agree();
    assert!(!village.has("mesclun", &demand));
    goes_on(&mut village);
}

/// F8, where the delete comes first: of a record that was never known here.
#[test]
fn a_create_that_comes_after_its_delete_brings_nothing() {
    let (mut village, _) = settled();
    let demand = village.demand("apeas", "À supprimer");
    let urgent = |village: &Village, seq: u64| {
        let apeas = &village.nodes["apeas"];
        apeas.journal.urgent_batch(apeas.log(&apeas.id(), Channel::Public), &[seq]).unwrap().unwrap()
    };
    // With its payload, which is erased with the record.
    let create = urgent(&village, 1);
    assert!(create.items[0].1.is_some());
    village.delete("apeas", &demand);
    for batch in [urgent(&village, 2), create] {
        for way in WAYS {
            assert_eq!(push(&village, way, batch.write().unwrap()).status, 204);
            assert!(!village.has(way.1, &demand));
        }
    }
    village.assert_sound();
    goes_on(&mut village);
}

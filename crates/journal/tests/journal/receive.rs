//! What is taken from afar, what is refused and why; and that a refusal changes nothing.

use crate::bed::{NOW, Node, keys, node};
use pes_changeset::batch::Batch;
use pes_changeset::header::PROTOCOL;
use pes_changeset::note::Note;
use pes_changeset::receipt::verify_cosignature;
use pes_changeset::tree::Frontier;
use pes_changeset::{
    Act, ChangeSet, Channel, Checkpoint, Commitment, Fault, Header, LogId, SecretKey, Snapshot, Target,
};
use pes_domain::{Audience, Kind, RecordIri};
use pes_journal::receive::Held;
use pes_journal::{JournalError, Refusal};
use pes_store::own_records::Moderation;

/// A node of alliance with two demands, and a hub that knows it and holds its keys.
fn alliance_and_hub() -> (Node, Node) {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    alliance.publish(&alliance.demand("Cherche local à Nice"));
    alliance.publish(&alliance.demand("Cherche graphiste"));
    (alliance, hub)
}

#[track_caller]
fn refusal(result: Result<Held, JournalError>) -> Refusal {
    match result {
        Err(JournalError::Refused(refusal)) => refusal,
        other => panic!("{other:?} instead of a refusal"),
    }
}

/// Sends something bad, sees that it is refused and changes nothing, then that the next good batch goes through.
#[track_caller]
fn refused_then_good(hub: &Node, author: &Node, bad: &Batch) -> Refusal {
    let before = (hub.digest(), hub.size(author, Channel::Public));
    let why = refusal(hub.receive(author, Channel::Public, bad));
    assert_eq!((hub.digest(), hub.size(author, Channel::Public)), before, "state changed by what was refused: {why}");
    let good = author.batch(Channel::Public, 0);
    assert!(matches!(hub.receive(author, Channel::Public, &good).unwrap(), Held::All(_)));
    assert_eq!(hub.digest(), author.digest());
    why
}

#[test]
fn a_batch_is_taken_and_acknowledged() {
    let (alliance, hub) = alliance_and_hub();
    let batch = alliance.batch(Channel::Public, 0);
    let Held::All(receipt) = hub.receive(&alliance, Channel::Public, &batch).unwrap() else { panic!() };
    let at = verify_cosignature(
        &batch.checkpoint.unwrap(),
        &receipt,
        "paca.test/node",
        &hub.journal.identity().log_key.public(),
    );
    assert_eq!(at.unwrap(), NOW);
    assert_eq!(hub.digest(), alliance.digest());
}

#[test]
fn a_hub_gives_on_the_authors_own_bytes() {
    let (alliance, hub) = alliance_and_hub();
    let mesclun = node("mesclun");
    mesclun.pins(&alliance);
    hub.takes_all_of(&alliance, &alliance);
    mesclun.takes_all_of(&alliance, &hub);
    assert_eq!(mesclun.digest(), alliance.digest());
    for seq in 0..2 {
        let of = |node: &Node| {
            node.journal.change_set(alliance.log(Channel::Public), seq).unwrap().unwrap().text().to_owned()
        };
        assert_eq!(of(&mesclun), of(&alliance));
    }
    assert_eq!(
        mesclun.journal.checkpoint(alliance.log(Channel::Public)).unwrap(),
        alliance.journal.checkpoint(alliance.log(Channel::Public)).unwrap()
    );
}

#[test]
fn twice_is_once() {
    let (alliance, hub) = alliance_and_hub();
    let batch = alliance.batch(Channel::Public, 0);
    for _ in 0..3 {
        assert!(matches!(hub.receive(&alliance, Channel::Public, &batch).unwrap(), Held::All(_)));
    }
    assert_eq!(hub.size(&alliance, Channel::Public), 2);
    assert_eq!(hub.digest(), alliance.digest());
}

#[test]
fn what_overlaps_is_taken_from_where_it_goes_on() {
    let (alliance, hub) = alliance_and_hub();
    hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 0)).unwrap();
    alliance.publish(&alliance.demand("Encore une"));
    hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 1)).unwrap();
    assert_eq!(hub.digest(), alliance.digest());
}

#[test]
fn a_gap_is_answered_with_the_size_held() {
    let (alliance, hub) = alliance_and_hub();
    let why = refused_then_good(&hub, &alliance, &alliance.batch(Channel::Public, 1));
    assert_eq!(why, Refusal::Gap { size: 0 });
}

#[test]
fn an_old_head_is_answered_with_the_size_held() {
    let (alliance, hub) = alliance_and_hub();
    let old = alliance.batch(Channel::Public, 0);
    hub.receive(&alliance, Channel::Public, &old).unwrap();
    alliance.publish(&alliance.demand("Encore une"));
    hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 2)).unwrap();
    assert_eq!(refusal(hub.receive(&alliance, Channel::Public, &old)), Refusal::Gap { size: 3 });
}

#[test]
fn a_head_that_lies_ahead_waits_for_its_leaves() {
    let (alliance, hub) = alliance_and_hub();
    let whole = alliance.batch(Channel::Public, 0);
    let half = Batch { items: whole.items[..1].to_vec(), ..whole.clone() };
    assert_eq!(hub.receive(&alliance, Channel::Public, &half).unwrap(), Held::UpTo(1));
    assert_eq!(
        hub.journal.checkpoint(alliance.log(Channel::Public)).unwrap(),
        None,
        "no head is shown that is not held"
    );
    assert!(matches!(hub.receive(&alliance, Channel::Public, &whole).unwrap(), Held::All(_)));
}

/// Promise F5, at the door: every bit of a change-set and of its payload.
#[test]
fn every_single_flipped_bit_is_refused_and_changes_nothing() {
    let (alliance, hub) = alliance_and_hub();
    let batch = alliance.batch(Channel::Public, 0);
    let bytes = Batch { items: batch.items[..1].to_vec(), ..batch.clone() }.write().unwrap();
    let head = 4 + batch.checkpoint.as_ref().unwrap().write().len();
    let before = hub.digest();
    for at in head..bytes.len() {
        for bit in 0..8 {
            let mut altered = bytes.clone();
            altered[at] ^= 1 << bit;
            let Ok(altered) = Batch::read(&altered) else { continue };
            // The payload is optional: cutting it off is not altering it, and leaves a gap that is asked for again.
            assert!(hub.receive(&alliance, Channel::Public, &altered).is_err(), "byte {at} bit {bit} was taken");
        }
    }
    assert_eq!((hub.digest(), hub.size(&alliance, Channel::Public)), (before, 0));
    refused_then_good(&hub, &alliance, &with_payload(&batch, |payload| payload.replace("Nice", "Paris")));
}

#[test]
fn every_single_flipped_bit_of_a_head_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let batch = alliance.batch(Channel::Public, 0);
    let note = batch.checkpoint.as_ref().unwrap().write().into_bytes();
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut altered = note.clone();
            altered[at] ^= 1 << bit;
            let Some(altered) = String::from_utf8(altered).ok().and_then(|text| Note::read(&text).ok()) else {
                continue;
            };
            let altered = Batch { checkpoint: Some(altered), ..batch.clone() };
            assert!(hub.receive(&alliance, Channel::Public, &altered).is_err(), "byte {at} bit {bit} was taken");
        }
    }
    assert_eq!(hub.size(&alliance, Channel::Public), 0);
}

fn with_payload(batch: &Batch, change: impl Fn(&str) -> String) -> Batch {
    let mut altered = batch.clone();
    let payload = altered.items[0].1.take().unwrap();
    altered.items[0].1 = Some(change(str::from_utf8(&payload).unwrap()).into_bytes());
    altered
}

#[test]
fn a_payload_swapped_under_a_good_header_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let mut swapped = alliance.batch(Channel::Public, 0);
    let second = swapped.items[1].1.take();
    swapped.items[1].1 = swapped.items[0].1.take();
    swapped.items[0].1 = second;
    let why = refused_then_good(&hub, &alliance, &swapped);
    assert!(matches!(why, Refusal::Fault(Fault::WrongPayload { .. })), "{why}");
}

#[test]
fn a_node_that_is_not_known_is_refused() {
    let (alliance, _) = alliance_and_hub();
    let stranger = node("ailleurs");
    let why = refusal(stranger.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 0)));
    assert_eq!(why, Refusal::UnknownNode(alliance.id().to_owned()));
}

#[test]
fn a_log_sent_under_another_name_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let batch = alliance.batch(Channel::Public, 0);
    let why = refusal(hub.receive(&alliance, Channel::Affiliates, &batch));
    assert!(matches!(why, Refusal::WrongLog { .. }), "{why}");
    let apeas = node("apeas");
    hub.pins(&apeas);
    let why = refusal(hub.journal.receive(apeas.id(), Channel::Public, &batch, NOW));
    assert!(matches!(why, Refusal::WrongLog { .. }), "{why}");
}

/// A change-set of alliance's public log made by hand, so that it can be wrong.
fn forged(seq: u64, act: Act, key: &SecretKey) -> ChangeSet {
    let log = LogId::new("https://alliance.test".parse().unwrap(), Channel::Public, 1);
    ChangeSet::sign(&Header { protocol: PROTOCOL, log, seq, created: NOW, save: None, act }, key).unwrap()
}

fn upsert(record: &str, kind: &str, payload: &str) -> Act {
    let on = Target { record: record.into(), kind: format!("https://w3id.org/pes/code/kind/{kind}"), version: 1 };
    Act::Upsert { on, payload: Commitment::to(payload.as_bytes()).unwrap(), expires: None }
}

/// A batch of these change-sets with the head that alliance would sign over them.
fn signed_batch(items: Vec<(ChangeSet, Option<Vec<u8>>)>, key: &SecretKey) -> Batch {
    let frontier: Frontier = items.iter().map(|(change_set, _)| change_set.leaf_hash()).collect();
    let log = "alliance.test/log/public/1".to_owned();
    let checkpoint = Checkpoint { log, size: frontier.size(), root: frontier.root() }.sign(key).unwrap();
    Batch { checkpoint: Some(checkpoint), items }
}

fn alliance_key() -> SecretKey {
    node("alliance").journal.identity().log_key.clone()
}

const RECORD: &str = "https://alliance.test/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

fn payload(record: &str) -> String {
    format!(
        "<{record}> <http://schema.org/name> \"x\" .\n<{record}> <https://w3id.org/pes/ns#salt> \"{}\" .\n",
        "0".repeat(32)
    )
}

/// Sends one change-set with its payload, signed as alliance would.
fn send_one(hub: &Node, alliance: &Node, act: Act, payload: Option<&str>) -> Result<Held, JournalError> {
    let key = alliance_key();
    let item = (forged(0, act, &key), payload.map(|text| text.as_bytes().to_vec()));
    hub.receive(alliance, Channel::Public, &signed_batch(vec![item], &key))
}

#[test]
fn a_change_set_by_another_key_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let stolen = keys(99).log;
    let item = (forged(0, upsert(RECORD, "exchange", &payload(RECORD)), &stolen), Some(payload(RECORD).into_bytes()));
    let why = refused_then_good(&hub, &alliance, &signed_batch(vec![item.clone()], &alliance_key()));
    assert!(matches!(why, Refusal::Fault(Fault::WrongKey { .. })), "{why}");
    let by_transport = alliance.journal.identity().transport_key.clone();
    let item = (forged(2, upsert(RECORD, "exchange", &payload(RECORD)), &by_transport), None);
    let why = refusal(hub.receive(&alliance, Channel::Public, &signed_batch(vec![item], &alliance_key())));
    assert!(matches!(why, Refusal::Fault(Fault::WrongKey { .. })), "{why}");
}

#[test]
fn a_head_by_another_key_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let batch = alliance.batch(Channel::Public, 0);
    let other = signed_batch(batch.items.clone(), &keys(99).log);
    assert!(matches!(refused_then_good(&hub, &alliance, &other), Refusal::Fault(_)));
}

/// F12: a node that writes another's record, whatever it makes the name look like.
#[test]
fn another_nodes_record_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    for foreign in [
        RECORD.replace("alliance.test", "apeas.test"),
        RECORD.replace("alliance.test", "alliance.test.evil.test"),
        RECORD.replace("https", "http"),
        RECORD.replace("alliance.test", "alliance.test:8443"),
        RECORD.replace("/id/", "/other/"),
        RECORD.replace("/id/", "/id/../id/"),
        RECORD.replace("4d2a", "1d2a"),
        RECORD.to_uppercase(),
    ] {
        let result =
            send_one(&hub, &alliance, upsert(&foreign, "exchange", &payload(&foreign)), Some(&payload(&foreign)));
        assert!(result.is_err(), "{foreign} was taken");
    }
    let why = refusal(send_one(&hub, &alliance, upsert(RECORD, "job", &payload(RECORD)), Some(&payload(RECORD))));
    assert_eq!(why, Refusal::NotTheirs { record: RECORD.into() }, "a name of one kind, a header of another");
}

#[test]
fn a_payload_that_breaks_the_protocol_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let good = payload(RECORD);
    let salt = good.lines().nth(1).unwrap();
    for (name, bad) in [
        ("blank node", format!("<{RECORD}> <http://schema.org/name> _:b .\n{salt}\n")),
        ("blank subject", format!("{good}_:b <http://schema.org/name> \"x\" .\n")),
        ("another's record", good.replacen(RECORD, &RECORD.replace("alliance", "apeas"), 1)),
        ("no salt", good.lines().next().unwrap().to_owned() + "\n"),
        ("short salt", good.replace(&"0".repeat(32), "00")),
        ("out of order", good.lines().rev().map(|line| format!("{line}\n")).collect()),
        ("twice the same", format!("{}\n{good}", good.lines().next().unwrap())),
        ("not canonical", good.replace("\"x\"", "\"\\u0078\"")),
        ("two spaces", good.replace("> \"x\"", ">  \"x\"")),
        ("a graph", good.replace("\"x\" .", "\"x\" <a:g> .")),
        ("no end", good.trim_end().to_owned()),
        ("not RDF", "hello\n".to_owned()),
        ("a literal too long", good.replace("\"x\"", &format!("\"{}\"", "x".repeat(16 * 1024 + 1)))),
        ("an IRI too long", good.replace("\"x\"", &format!("<a:{}>", "x".repeat(2 * 1024)))),
    ] {
        let why = refusal(send_one(&hub, &alliance, upsert(RECORD, "exchange", &bad), Some(&bad)));
        assert!(matches!(why, Refusal::BadPayload { .. }), "{name}: {why}");
    }
    assert_eq!(hub.size(&alliance, Channel::Public), 0);
    assert!(send_one(&hub, &alliance, upsert(RECORD, "exchange", &good), Some(&good)).is_ok());
}

#[test]
fn a_payload_that_nothing_commits_to_is_refused() {
    let (alliance, hub) = alliance_and_hub();
    let on = Target { record: RECORD.into(), kind: "https://w3id.org/pes/code/kind/exchange".into(), version: 1 };
    let snapshot = Act::Snapshot(Snapshot { digest: [7; 32], size: 3 });
    for act in [Act::Withdraw { on: on.clone() }, Act::Delete { on, replaced_by: None }, snapshot] {
        let why = refusal(send_one(&hub, &alliance, act, Some(&payload(RECORD))));
        assert!(matches!(why, Refusal::BadPayload { .. }), "{why}");
    }
}

/// F18: what a later version adds is carried, and harms nothing. To what an operation commits that is not known here, nobody here can tell: its
/// payload is let go of, and the log goes on.
#[test]
fn operations_and_kinds_of_a_later_version_are_carried_and_not_applied() {
    let (alliance, hub) = alliance_and_hub();
    let key = alliance_key();
    let later = RECORD.replace("exchange", "ceremony");
    let items = vec![
        (
            forged(0, Act::Unknown { operation: "https://w3id.org/pes/ns#Later".into() }, &key),
            Some(payload(RECORD).into_bytes()),
        ),
        (forged(1, upsert(&later, "ceremony", &payload(&later)), &key), Some(payload(&later).into_bytes())),
    ];
    assert!(matches!(hub.receive(&alliance, Channel::Public, &signed_batch(items, &key)).unwrap(), Held::All(_)));
    let iri = RecordIri::read(&later).unwrap();
    assert_eq!(hub.title(&iri, Audience::Public), None);
    let reason = hub.journal.store().read(|link| pes_store::records::refusal(link, &later, Channel::Public)).unwrap();
    assert_eq!(reason.as_deref(), Some("this version does not know its kind"));
    let passed_on = hub.journal.batch(alliance.log(Channel::Public), 0).unwrap().unwrap().items;
    assert_eq!(passed_on.iter().map(|(_, payload)| payload.is_some()).collect::<Vec<_>>(), [false, true]);
}

/// Decision 17: what the typed reader refuses is kept, not shown, and blocks nothing.
#[test]
fn a_record_that_makes_no_sense_blocks_nothing() {
    let (alliance, hub) = alliance_and_hub();
    let key = alliance_key();
    let other = RECORD.replace("427", "428");
    let items = vec![
        (forged(0, upsert(RECORD, "exchange", &payload(RECORD)), &key), Some(payload(RECORD).into_bytes())),
        (forged(1, upsert(&other, "exchange", &payload(&other)), &key), Some(payload(&other).into_bytes())),
    ];
    assert!(matches!(hub.receive(&alliance, Channel::Public, &signed_batch(items, &key)).unwrap(), Held::All(_)));
    assert_eq!(hub.title(&RecordIri::read(RECORD).unwrap(), Audience::Public), None);
    let reason = hub.journal.store().read(|link| pes_store::records::refusal(link, RECORD, Channel::Public)).unwrap();
    assert!(reason.is_some());
}

/// F8, and the complaint of every peer: a late create does not bring a deleted thing back.
#[test]
fn an_old_create_after_a_delete_changes_nothing() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    let demand = alliance.demand("Cherche local");
    alliance.publish(&demand);
    let create = alliance.batch(Channel::Public, 0);
    alliance.journal.delete(&demand.iri, None, NOW).unwrap();
    let delete = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[1]).unwrap().unwrap();
    assert_eq!(hub.receive(&alliance, Channel::Public, &delete).unwrap(), Held::Early);
    let digest = hub.digest();
    let late = Batch { checkpoint: None, items: create.items.clone() };
    assert_eq!(hub.receive(&alliance, Channel::Public, &late).unwrap(), Held::Early);
    assert_eq!((hub.digest(), hub.title(&demand.iri, Audience::Public)), (digest, None));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!((hub.digest(), hub.title(&demand.iri, Audience::Public)), (alliance.digest(), None));
}

/// A delete is final even against an upsert of a higher number, whichever comes first.
#[test]
fn a_delete_outranks_whatever_its_author_writes_after_it() {
    let key = alliance_key();
    let on = Target { record: RECORD.into(), kind: "https://w3id.org/pes/code/kind/exchange".into(), version: 2 };
    let early = |change_set: ChangeSet, payload: Option<String>| Batch {
        checkpoint: None,
        items: vec![(change_set, payload.map(String::into_bytes))],
    };
    let delete = early(forged(1, Act::Delete { on, replaced_by: None }, &key), None);
    let again = early(forged(2, upsert(RECORD, "exchange", &payload(RECORD)), &key), Some(payload(RECORD)));
    let mut digests = Vec::new();
    for order in [[&delete, &again], [&again, &delete]] {
        let (alliance, hub) = (node("alliance"), node("paca"));
        hub.pins(&alliance);
        for batch in order {
            hub.receive(&alliance, Channel::Public, batch).unwrap();
        }
        digests.push(hub.digest());
    }
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn the_urgent_lane_is_ahead_of_the_log_and_found_known_when_the_log_comes() {
    let (alliance, hub) = alliance_and_hub();
    let demand = alliance.demand("Urgent");
    alliance.publish(&demand);
    let urgent = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[2]).unwrap().unwrap();
    assert_eq!(hub.receive(&alliance, Channel::Public, &urgent).unwrap(), Held::Early);
    assert_eq!(hub.receive(&alliance, Channel::Public, &urgent).unwrap(), Held::Early, "twice is once");
    assert_eq!(hub.size(&alliance, Channel::Public), 0, "the log has not moved");
    assert_eq!(hub.title(&demand.iri, Audience::Public).as_deref(), Some("Urgent"));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!((hub.size(&alliance, Channel::Public), hub.digest()), (3, alliance.digest()));
    assert_eq!(hub.receive(&alliance, Channel::Public, &urgent).unwrap(), Held::Early, "and late is harmless");
    assert_eq!(hub.digest(), alliance.digest());
}

/// F11: an author who signs two histories is found out, and the first one stands.
/// Nobody fills a disk with change-sets of days to come; what the log lacks comes first.
#[test]
fn only_so_many_come_ahead_of_their_turn() {
    let (alliance, hub, key) = (node("alliance"), node("paca"), alliance_key());
    hub.pins(&alliance);
    let withdraw = |seq| {
        let kind = "https://w3id.org/pes/code/kind/exchange".to_owned();
        let on = Target { record: RECORD.into(), kind, version: 1 };
        (forged(seq, Act::Withdraw { on }, &key), None)
    };
    for portion in 0..4 {
        let items = (0..256).map(|number| withdraw(1_000 + portion * 256 + number)).collect();
        hub.receive(&alliance, Channel::Public, &Batch { checkpoint: None, items }).unwrap();
    }
    let more = Batch { checkpoint: None, items: vec![withdraw(9_000)] };
    let why = refusal(hub.receive(&alliance, Channel::Public, &more));
    assert_eq!(why, Refusal::TooEarly("alliance.test/log/public/1".into()));
    hub.receive(&alliance, Channel::Public, &signed_batch(vec![withdraw(0)], &key)).unwrap();
}

#[test]
fn two_histories_of_one_log_are_found_out() {
    let (alliance, hub) = alliance_and_hub();
    let key = alliance_key();
    hub.takes_all_of(&alliance, &alliance);
    let digest = hub.digest();
    let other = (forged(0, upsert(RECORD, "exchange", &payload(RECORD)), &key), Some(payload(RECORD).into_bytes()));
    let why = refusal(hub.receive(&alliance, Channel::Public, &signed_batch(vec![other.clone()], &key)));
    assert_eq!(why, Refusal::Fork { log: "alliance.test/log/public/1".into(), seq: 0 });
    hub.journal.pardon(alliance.id(), NOW).unwrap();
    let urgent = Batch { checkpoint: None, items: vec![other] };
    assert!(matches!(refusal(hub.receive(&alliance, Channel::Public, &urgent)), Refusal::Fork { seq: 0, .. }));
    let another_root = Checkpoint { log: "alliance.test/log/public/1".into(), size: 2, root: [7; 32] }.sign(&key).ok();
    let bare_head = Batch { checkpoint: another_root, items: vec![] };
    hub.journal.pardon(alliance.id(), NOW).unwrap();
    assert!(matches!(refusal(hub.receive(&alliance, Channel::Public, &bare_head)), Refusal::Fork { seq: 2, .. }));
    assert_eq!(hub.digest(), digest);
}

#[test]
fn a_log_that_parts_from_what_came_ahead_of_it_is_found_out() {
    let (alliance, hub) = alliance_and_hub();
    let key = alliance_key();
    let ahead = forged(1, upsert(RECORD, "exchange", &payload(RECORD)), &key);
    hub.receive(&alliance, Channel::Public, &Batch { checkpoint: None, items: vec![(ahead, None)] }).unwrap();
    let why = refusal(hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 0)));
    assert_eq!(why, Refusal::Fork { log: "alliance.test/log/public/1".into(), seq: 1 });
}

#[test]
fn pinning_takes_a_key_event_of_that_node_only() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    let genesis = alliance.journal.genesis(alliance.id()).unwrap().unwrap();
    let origin = &alliance.journal.identity().origin;
    let other_id = "0".repeat(64);
    assert!(hub.journal.pin((&other_id, origin), "x", std::slice::from_ref(&genesis), NOW).is_err());
    let other_origin = "https://alliance.example".parse().unwrap();
    assert!(hub.journal.pin((alliance.id(), &other_origin), "x", std::slice::from_ref(&genesis), NOW).is_err());
    alliance.publish(&alliance.demand("x"));
    let no_genesis = alliance.journal.change_set(alliance.log(Channel::Public), 0).unwrap().unwrap();
    assert!(hub.journal.pin((alliance.id(), origin), "x", std::slice::from_ref(&no_genesis), NOW).is_err());
    hub.pins(&alliance);
    hub.pins(&alliance);
    assert_eq!(hub.journal.genesis(&other_id).unwrap(), None);
}

#[test]
fn a_keys_log_begins_with_the_pinned_key_event() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.journal.genesis(alliance.id()).unwrap(), alliance.journal.genesis(alliance.id()).unwrap());
    let twin = node("alliance");
    let other = node("apeas");
    hub.pins(&other);
    let batch = twin.batch(Channel::Keys, 0);
    assert!(matches!(refusal(hub.journal.receive(other.id(), Channel::Keys, &batch, NOW)), Refusal::WrongLog { .. }));
}

/// F3: whatever the order in which single change-sets take effect, the state is the same.
#[test]
fn every_order_of_arrival_leads_to_the_same_state() {
    let alliance = node("alliance");
    let (a, b) = (alliance.demand("A"), alliance.demand("B"));
    alliance.publish(&a);
    alliance.publish(&b);
    alliance.journal.save(a.clone(), Moderation::Blocked, None, NOW).unwrap();
    alliance.publish(&a);
    alliance.journal.delete(&b.iri, None, NOW).unwrap();
    let single = |seq: u64| alliance.journal.urgent_batch(alliance.log(Channel::Public), &[seq]).unwrap().unwrap();
    let mut orders = vec![vec![]];
    for seq in 0..5 {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<u64>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, seq);
                    longer
                })
            })
            .collect();
    }
    for order in orders.into_iter().step_by(7) {
        let hub = node("paca");
        hub.pins(&alliance);
        for seq in &order {
            hub.receive(&alliance, Channel::Public, &single(*seq)).unwrap();
        }
        assert_eq!(hub.digest(), alliance.digest(), "{order:?}");
        assert_eq!(hub.title(&a.iri, Audience::Public).as_deref(), Some("A"), "{order:?}");
        assert_eq!(hub.title(&b.iri, Audience::Public), None, "{order:?}");
    }
}

#[test]
fn an_affiliates_channel_travels_like_any_other() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    let fields = [("name", "Les Voisins"), ("audience", "affiliates")];
    let structure = alliance.record(Kind::Structure, &fields);
    alliance.publish(&structure);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.title(&structure.iri, Audience::Public), None);
    assert_eq!(hub.title(&structure.iri, Audience::Affiliates).as_deref(), Some("Les Voisins"));
    assert_ne!(hub.journal.digest(&[Channel::Affiliates]).unwrap(), hub.journal.digest(&[Channel::Public]).unwrap());
}

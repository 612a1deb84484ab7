//! What the desk of a hub, and that of an affiliate, takes and refuses: each refusal has its reason, leaves everything as
//! it was, and the next good batch goes through.

use crate::bed::{Node, START, node, sign, signed};
use pes_changeset::batch::Batch;
use pes_changeset::{ChangeSet, Channel, SecretKey};
use pes_domain::{Kind, Record};
use pes_journal::Identity;
use pes_store::own_records::Moderation;
use pes_sync::desk::{BODY, Reply};
use pes_sync::push::{Lane, Push, Step};
use pes_sync::{Ask, ask};
use time::Duration;

/// A hub and two networks that follow it; the second affiliate knows the first from the roll.
struct Village {
    hub: Node,
    apeas: Node,
    mesclun: Node,
}

impl Village {
    fn new() -> Self {
        let (hub, apeas, mesclun) = (node("paca"), node("apeas"), node("mesclun"));
        apeas.follows(&hub);
        mesclun.follows(&hub);
        mesclun.pins(&apeas);
        Self { hub, apeas, mesclun }
    }

    /// The two desks to which a change-set of *apeas* is brought: by itself to the hub, by the hub to *mesclun*.
    fn ways(&self) -> [(&Node, &Identity); 2] {
        [(&self.hub, self.apeas.identity()), (&self.mesclun, self.hub.identity())]
    }

    fn push(&self, to: &Node, by: &Identity, channel: Channel, body: Vec<u8>) -> Reply {
        let path = format!("/in/{}/{channel}", self.apeas.id());
        to.replies(&signed(by, &Ask::post(to.origin(), path, ask::CHANGE_SETS, body), START), START)
    }
}

/// The reason of a refusal.
fn reason(reply: &Reply) -> &'static str {
    reply.problem.unwrap_or("no problem")
}

/// The digest and the size of everything: what has to stay as it was.
fn state(node: &Node) -> (String, Vec<u64>) {
    (node.digest(), node.journal.heads().unwrap().iter().map(|head| head.size).collect())
}

/// M1: flip any bit of a change-set or its payload: refused, and the good one goes through.
#[test]
fn every_single_bit_flipped_is_refused_at_the_hub() {
    every_single_bit_flipped_is_refused(0);
}

#[test]
fn every_single_bit_flipped_is_refused_at_an_affiliate() {
    every_single_bit_flipped_is_refused(1);
}

fn every_single_bit_flipped_is_refused(way: usize) {
    let village = Village::new();
    village.apeas.demand("Cherche local à Nice");
    let batch = village.apeas.batch(Channel::Public, 0);
    let (change_set, payload) = batch.items[0].clone();
    let payload = payload.unwrap();
    let places: Vec<(usize, u8)> =
        (0..change_set.text().len() + payload.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))).collect();
    let (to, by) = village.ways()[way];
    let before = state(to);
    for (at, bit) in &places {
        let body = flipped(&batch, (change_set.text(), &payload), *at, *bit);
        let reply = village.push(to, by, Channel::Public, body);
        assert!(matches!(reply.status, 400 | 422), "byte {at} bit {bit}: {}", reply.status);
    }
    assert_eq!(state(to), before);
    assert_eq!(village.push(to, by, Channel::Public, batch.write().unwrap()).status, 200);
    assert_eq!(to.journal.verify().unwrap().payloads, 1);
}

/// The batch as bytes, with one bit of its only change-set or payload flipped.
fn flipped(batch: &Batch, (text, payload): (&str, &[u8]), at: usize, bit: u8) -> Vec<u8> {
    let whole = batch.write().unwrap();
    let item = [text.as_bytes(), payload].concat();
    let mut spoilt = item.clone();
    spoilt[at] ^= 1 << bit;
    // The frames: checkpoint, change-set, payload, each behind its length.
    let head = whole.len() - item.len() - 8;
    let (text_bytes, payload_bytes) = spoilt.split_at(text.len());
    let frame = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
    [&whole[..head], &frame(text_bytes), &frame(payload_bytes)].concat()
}

#[test]
fn the_flipping_itself_is_right() {
    let village = Village::new();
    village.apeas.demand("x");
    let batch = village.apeas.batch(Channel::Public, 0);
    let (change_set, payload) = batch.items[0].clone();
    let (text, payload) = (change_set.text(), payload.unwrap());
    let once = flipped(&batch, (text, &payload), 7, 3);
    let whole = batch.write().unwrap();
    assert_eq!(once.len(), whole.len());
    let differing: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != once[*at]).collect();
    assert_eq!(differing.len(), 1);
}

#[test]
fn a_change_set_by_a_wrong_key_is_refused() {
    let village = Village::new();
    village.apeas.demand("x");
    let batch = village.apeas.batch(Channel::Public, 0);
    let (change_set, payload) = batch.items[0].clone();
    let forged = ChangeSet::sign(change_set.header(), &SecretKey::from_seed(&[99; 32])).unwrap();
    let forged = Batch { items: vec![(forged, payload)], ..batch.clone() }.write().unwrap();
    for (to, by) in village.ways() {
        let before = state(to);
        assert_eq!(reason(&village.push(to, by, Channel::Public, forged.clone())), "malformed");
        assert_eq!(state(to), before);
        assert_eq!(village.push(to, by, Channel::Public, batch.write().unwrap()).status, 200);
    }
    let counted = village.hub.journal.refusals().unwrap();
    assert!(counted.iter().any(|refusal| refusal.cause == "malformed" && refusal.node == village.apeas.id()));
}

#[test]
fn a_node_that_nobody_knows_is_refused() {
    let village = Village::new();
    let stranger = node("ailleurs");
    stranger.demand("x");
    let body = stranger.batch(Channel::Public, 0).write().unwrap();
    let path = format!("/in/{}/public", stranger.id());
    for to in [&village.hub, &village.mesclun] {
        let push = Ask::post(to.origin(), path.clone(), ask::CHANGE_SETS, body.clone());
        assert_eq!(reason(&to.replies(&signed(stranger.identity(), &push, START), START)), "unknown-node");
        // Nor does a member carry it in.
        let reply = to.replies(&signed(village.apeas.identity(), &push, START), START);
        assert!(["unknown-node", "suspended"].contains(&reason(&reply)), "{}", reply.status);
    }
}

/// A node that is pinned and no member: known from before, and in no roll.
#[test]
fn a_node_that_is_no_member_may_bring_nothing() {
    let village = Village::new();
    let old = node("ancien");
    village.hub.pins(&old);
    let push = Ask::post(village.hub.origin(), format!("/in/{}/public", old.id()), ask::CHANGE_SETS, vec![]);
    assert_eq!(reason(&village.hub.replies(&signed(old.identity(), &push, START), START)), "suspended");
}

#[test]
fn another_s_record_is_refused() {
    let village = Village::new();
    let theirs = village.hub.record(
        Kind::Exchange,
        &[("direction", "demand"), ("type", "service"), ("title", "x"), ("author", "M")],
        START,
    );
    village.apeas.demand("x");
    let good = village.apeas.batch(Channel::Public, 0);
    let header = good.items[0].0.header().clone();
    let payload = pes_rdf::write(&theirs, &"0".repeat(32));
    let stolen = stolen_header(header, &theirs, &payload);
    let stolen = ChangeSet::sign(&stolen, &village.apeas.identity().log_key).unwrap();
    let body = Batch { items: vec![(stolen, Some(payload.into_bytes()))], ..good.clone() }.write().unwrap();
    for (to, by) in village.ways() {
        let before = state(to);
        assert_eq!(reason(&village.push(to, by, Channel::Public, body.clone())), "confinement");
        assert_eq!(state(to), before);
        assert_eq!(village.push(to, by, Channel::Public, good.write().unwrap()).status, 200);
    }
}

fn stolen_header(header: pes_changeset::Header, theirs: &Record, payload: &str) -> pes_changeset::Header {
    let kind = format!("{}{}", pes_changeset::terms::KINDS, theirs.iri.kind_notation());
    let on = pes_changeset::Target { record: theirs.iri.to_string(), kind, version: 1 };
    let payload = pes_changeset::Commitment::to(payload.as_bytes()).unwrap();
    pes_changeset::Header { act: pes_changeset::Act::Upsert { on, payload, expires: None }, ..header }
}

#[test]
fn a_gap_is_answered_with_the_size_held_and_a_replay_changes_nothing() {
    let village = Village::new();
    for number in 0..3 {
        village.apeas.demand(&format!("Demande {number}"));
    }
    for (to, by) in village.ways() {
        let gap = village.push(to, by, Channel::Public, village.apeas.batch(Channel::Public, 2).write().unwrap());
        assert_eq!((gap.status, gap.media_type, gap.body.as_slice()), (409, "text/x.tlog.size", b"0\n".as_slice()));
        let whole = village.apeas.batch(Channel::Public, 0).write().unwrap();
        assert_eq!(village.push(to, by, Channel::Public, whole.clone()).status, 200);
        let before = state(to);
        let again = village.push(to, by, Channel::Public, whole);
        assert_eq!((again.status, state(to)), (200, before));
    }
}

/// F8: a create that comes late, after its delete, is kept in the log and not applied.
#[test]
fn an_old_create_after_a_delete_stays_deleted() {
    let village = Village::new();
    let demand = village.apeas.demand("Éphémère");
    let create = village.apeas.batch(Channel::Public, 0);
    village.apeas.journal.delete(&demand.iri, None, START).unwrap();
    for (to, by) in village.ways() {
        let log = village.apeas.id();
        let delete =
            village.apeas.journal.urgent_batch(village.apeas.log(&log, Channel::Public), &[1]).unwrap().unwrap();
        assert_eq!(village.push(to, by, Channel::Public, delete.write().unwrap()).status, 204);
        let late = village.push(to, by, Channel::Public, create.write().unwrap());
        assert!([200, 202].contains(&late.status), "{}", late.status);
        let seen = to
            .journal
            .store()
            .read(|link| pes_store::records::seen(link, &demand.iri.to_string(), pes_domain::Audience::Public));
        assert_eq!(seen.unwrap(), None);
        let rest = village.push(to, by, Channel::Public, village.apeas.batch(Channel::Public, 1).write().unwrap());
        assert_eq!(rest.status, 200);
    }
}

#[test]
fn a_blank_node_and_what_is_over_its_limit_are_refused() {
    let village = Village::new();
    village.apeas.demand("x");
    let good = village.apeas.batch(Channel::Public, 0);
    let text = good.items[0].0.text().to_owned();
    let record = good.items[0].0.header().act.target().unwrap().record.clone();
    let literal = "x".repeat(16 * 1024 + 1);
    let payloads = [
        format!(
            "_:b0 <http://schema.org/name> \"x\" .\n<{record}> <https://w3id.org/pes/ns#salt> \"{}\" .\n",
            "0".repeat(32)
        ),
        format!(
            "<{record}> <http://schema.org/name> \"{literal}\" .\n<{record}> <https://w3id.org/pes/ns#salt> \"{}\" .\n",
            "0".repeat(32)
        ),
    ];
    for (to, by) in village.ways() {
        let before = state(to);
        for payload in &payloads {
            let header = stolen_commitment(good.items[0].0.header().clone(), payload);
            let change_set = ChangeSet::sign(&header, &village.apeas.identity().log_key).unwrap();
            let body = Batch { items: vec![(change_set, Some(payload.clone().into_bytes()))], ..good.clone() }
                .write()
                .unwrap();
            assert_eq!(reason(&village.push(to, by, Channel::Public, body)), "malformed");
        }
        let checkpoint = good.checkpoint.as_ref().unwrap().write();
        let heavy = [frame(checkpoint.as_bytes()), frame(text.as_bytes()), frame(&vec![b'x'; 64 * 1024 + 1])].concat();
        assert_eq!(reason(&village.push(to, by, Channel::Public, heavy)), "malformed");
        let long_header = text.replacen("pes:", "", 1) + &"x".repeat(8 * 1024);
        let frames = [frame(b""), frame(long_header.as_bytes()), frame(b"")].concat();
        assert_eq!(reason(&village.push(to, by, Channel::Public, frames)), "malformed");
        assert_eq!(reason(&village.push(to, by, Channel::Public, vec![0; BODY])), "malformed");
        assert_eq!(state(to), before);
        assert_eq!(village.push(to, by, Channel::Public, good.write().unwrap()).status, 200);
    }
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn stolen_commitment(header: pes_changeset::Header, payload: &str) -> pes_changeset::Header {
    let pes_changeset::Act::Upsert { on, expires, .. } = header.act.clone() else { panic!("it is an upsert") };
    let payload = pes_changeset::Commitment::to(payload.as_bytes()).unwrap();
    pes_changeset::Header { act: pes_changeset::Act::Upsert { on, payload, expires }, ..header }
}

/// Each limit of the protocol by one: the size itself is taken, one more is not.
#[test]
fn what_is_one_over_its_limit_is_refused_and_what_is_just_within_is_taken() {
    let village = Village::new();
    let record = village.apeas.record(
        Kind::Exchange,
        &[("direction", "demand"), ("type", "service"), ("title", "x"), ("author", "M")],
        START,
    );
    village.apeas.demand("x");
    let good = village.apeas.batch(Channel::Public, 0);
    let before = state(&village.hub);
    let link = |length: usize| format!("https://a.example/{}", "x".repeat(length - "https://a.example/".len()));
    for (length, is_taken) in [(2 * 1024 + 1, false), (2 * 1024, true)] {
        let payload = format!(
            "<{}> <http://schema.org/url> <{}> .\n<{}> <https://w3id.org/pes/ns#salt> \"{}\" .\n",
            record.iri,
            link(length),
            record.iri,
            "0".repeat(32)
        );
        let body = with_payload(&village.apeas, &good, &record, &payload);
        let reply = village.push(&village.hub, village.apeas.identity(), Channel::Public, body);
        assert_eq!(reply.status == 200, is_taken, "an IRI of {length} bytes: {}", reply.status);
        assert_eq!(state(&village.hub) != before, is_taken);
    }
}

/// A batch of one change-set on a record, with whatever payload, signed as its author signs.
fn with_payload(author: &Node, like: &Batch, record: &Record, payload: &str) -> Vec<u8> {
    let header = stolen_header(like.items[0].0.header().clone(), record, payload);
    let change_set = ChangeSet::sign(&header, &author.identity().log_key).unwrap();
    let mut tree = pes_changeset::tree::Frontier::default();
    tree.append(change_set.leaf_hash());
    let head = pes_changeset::Checkpoint { log: header.log.name(), size: 1, root: tree.root() };
    let checkpoint = Some(head.sign(&author.identity().log_key).unwrap());
    Batch { checkpoint, items: vec![(change_set, Some(payload.as_bytes().to_vec()))] }.write().unwrap()
}

#[test]
fn a_batch_of_more_change_sets_than_one_may_have_is_refused() {
    let village = Village::new();
    for number in 0..260 {
        village.apeas.demand(&format!("Demande {number}"));
    }
    let portions: Vec<Batch> = (0..4).map(|number| village.apeas.batch(Channel::Public, number * 64)).collect();
    let items: Vec<_> = portions.iter().flat_map(|portion| portion.items.clone()).collect();
    assert_eq!(items.len(), 256);
    let first = Batch { checkpoint: portions[0].checkpoint.clone(), items };
    let rest = village.apeas.batch(Channel::Public, 256);
    let frames = |items: &[pes_changeset::batch::Item]| {
        let item = |(change_set, payload): &pes_changeset::batch::Item| {
            [frame(change_set.text().as_bytes()), frame(payload.as_deref().unwrap_or_default())].concat()
        };
        items.iter().map(item).collect::<Vec<_>>().concat()
    };
    let head = frame(first.checkpoint.as_ref().unwrap().write().as_bytes());
    let crowded = [head, frames(&first.items), frames(&rest.items[..1])].concat();
    let before = state(&village.hub);
    let by = village.apeas.identity();
    assert_eq!(reason(&village.push(&village.hub, by, Channel::Public, crowded)), "malformed");
    assert_eq!(state(&village.hub), before);
    let taken = village.push(&village.hub, by, Channel::Public, first.write().unwrap());
    assert_eq!((taken.status, taken.body.as_slice()), (202, b"256\n".as_slice()));
    assert_eq!(village.push(&village.hub, by, Channel::Public, rest.write().unwrap()).status, 200);
}

/// A network does not send its hub what it just got from there.
#[test]
fn what_a_hub_brought_is_not_carried_back_to_it() {
    let village = Village::new();
    village.apeas.demand("Cherche local à Nice");
    let body = || village.apeas.batch(Channel::Public, 0).write().unwrap();
    assert_eq!(village.push(&village.mesclun, village.hub.identity(), Channel::Public, body()).status, 200);
    let carried_back = || {
        let (mut walk, now) = (Push::to(village.hub.id()), START.unix_timestamp());
        let mut carried = Vec::new();
        while let Step::Ask(ask) = walk.step(Lane::InTurn, &village.mesclun.journal, now).unwrap() {
            let answer = village.hub.answers(village.mesclun.identity(), &ask, START);
            walk.take(Lane::InTurn, &village.mesclun.journal, Ok(answer), now, 0.5).unwrap();
            carried.push(ask.path);
        }
        carried.iter().any(|path| *path == format!("/in/{}/public", village.apeas.id()))
    };
    assert!(!carried_back());
    village.mesclun.journal.change_peer(&village.hub.id(), |peer| peer.cursor = 0).unwrap();
    village.mesclun.journal.forget_bearer(&village.hub.id());
    assert!(carried_back(), "a hub that may have lost it is brought it");
}

#[test]
fn requests_are_signed_for_this_address_now_and_with_this_body() {
    let village = Village::new();
    village.apeas.demand("x");
    let body = village.apeas.batch(Channel::Public, 0).write().unwrap();
    let push = Ask::post(village.hub.origin(), format!("/in/{}/public", village.apeas.id()), ask::CHANGE_SETS, body);
    let good = signed(village.apeas.identity(), &push, START);
    let late = village.hub.replies(&good, START + Duration::seconds(301));
    assert_eq!((reason(&late), late.status, late.is_dated), ("clock", 401, true));
    let mut other_body = good.clone();
    other_body.body[0] ^= 1;
    assert_eq!(reason(&village.hub.replies(&other_body, START)), "signature");
    let mut other_path = good.clone();
    other_path.path = format!("/in/{}/affiliates", village.apeas.id());
    assert_eq!(reason(&village.hub.replies(&other_path, START)), "signature");
    assert_eq!(reason(&village.mesclun.replies(&good, START)), "signature", "it was signed for another node");
    let unsigned = pes_sync::desk::Request { signature: None, ..good.clone() };
    assert_eq!(reason(&village.hub.replies(&unsigned, START)), "signature");
    let mut thief = village.apeas.identity().clone();
    thief.transport_key = SecretKey::from_seed(&[77; 32]);
    assert_eq!(reason(&village.hub.replies(&signed(&thief, &push, START), START)), "signature");
    assert_eq!(village.hub.replies(&good, START).status, 200);
}

/// What is for members is to anyone else as if it did not exist.
#[test]
fn the_affiliates_channel_answers_members_alone() {
    let village = Village::new();
    let draft = [
        ("direction", "offer"),
        ("type", "service"),
        ("title", "Entre nous"),
        ("author", "M"),
        ("audience", "affiliates"),
    ];
    let record = village.apeas.record(Kind::Exchange, &draft, START);
    village.apeas.journal.save(record, Moderation::Published, None, START).unwrap();
    let stranger = node("ailleurs");
    for path in [
        "/log/affiliates",
        "/log/affiliates/1/checkpoint",
        "/log/affiliates/1/0",
        "/log/affiliates/1/tile/entries/000.p/1",
    ] {
        let absent = village.apeas.get("/log/affiliates/9/checkpoint");
        assert_eq!(village.apeas.get(path), absent, "{path}");
        let get = Ask::get(village.apeas.origin(), path, 1_000);
        assert_eq!(village.apeas.answers(stranger.identity(), &get, START).body, absent.body, "{path}");
        assert_eq!(village.apeas.answers(village.hub.identity(), &get, START).status, 200, "{path}");
    }
    let open = village.apeas.get("/heads");
    assert!(!String::from_utf8(open.body).unwrap().contains("affiliates"));
    let heads = Ask::get(village.apeas.origin(), "/heads", 100_000);
    assert!(village.apeas.answers(village.hub.identity(), &heads, START).text().contains("affiliates"));
}

#[test]
fn a_node_says_who_it_is_and_gives_its_log() {
    let village = Village::new();
    village.apeas.demand("x");
    let well_known: serde_json::Value = serde_json::from_slice(&village.apeas.get("/.well-known/pes").body).unwrap();
    assert_eq!(well_known["nodeId"], village.apeas.id());
    assert_eq!(well_known["hubs"][0], "https://paca.test");
    let did: serde_json::Value = serde_json::from_slice(&village.apeas.get("/.well-known/did.json").body).unwrap();
    assert_eq!(did["id"], "did:web:apeas.test");
    assert_eq!(did["verificationMethod"].as_array().unwrap().len(), 2);
    assert_eq!(village.apeas.get("/log/public").body, b"1\n");
    assert!(village.apeas.get("/log/public/1/checkpoint").body.starts_with(b"apeas.test/log/public/1\n1\n"));
    let text = village.apeas.get("/log/public/1/0");
    assert!(ChangeSet::read(str::from_utf8(&text.body).unwrap()).is_ok());
    assert_eq!(village.apeas.get("/log/public/1/tile/entries/000.p/1").media_type, "application/octet-stream");
    assert_eq!(village.apeas.get("/log/public/1/payloads/000.p/1").status, 200);
    let mirrored = format!("/mirror/{}/keys/1/0", village.apeas.id());
    assert_eq!(village.apeas.get(&mirrored).status, 200);
}

#[test]
fn odd_addresses_are_absent() {
    let village = Village::new();
    let odd = [
        "/",
        "/log",
        "/log/",
        "/log/secret",
        "/log/public/x/checkpoint",
        "/log/public/1",
        "/log/public/1/9",
        "/log/public/1/tile",
        "/log/public/1/tile/entries/abc",
        "/log/public/1/payloads/../../keys",
        "/mirror",
        "/mirror/x/public/1/0",
        "/in/x/public",
        "/log/public/99999999999999999999/0",
    ];
    for path in odd {
        let reply = village.apeas.get(path);
        assert_eq!((reply.status, reason(&reply)), (404, "absent"), "{path}");
    }
}

#[test]
fn a_change_set_is_also_given_as_json_ld() {
    let village = Village::new();
    village.apeas.demand("x");
    let request = pes_sync::desk::Request {
        method: "GET".into(),
        path: "/log/public/1/0".into(),
        accept: "application/ld+json".into(),
        signature: None,
        body: Vec::new(),
    };
    let reply = village.apeas.replies(&request, START);
    assert_eq!(reply.media_type, "application/ld+json");
    let document: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(document["proof"]["cryptosuite"], "eddsa-rdfc-2022");
}

#[test]
fn messages_are_members_alone_and_of_a_form() {
    let village = Village::new();
    let stranger = node("ailleurs");
    let post = |body: &str| Ask::post(village.hub.origin(), "/in/messages", ask::JSON, body.as_bytes().to_vec());
    assert_eq!(village.hub.answers(stranger.identity(), &post("{}"), START).status, 403);
    assert_eq!(village.hub.answers(village.apeas.identity(), &post("{}"), START).cause(), "malformed");
    assert_eq!(village.hub.answers(village.apeas.identity(), &post("[["), START).cause(), "malformed");
    let word = r#"{"id":"urn:uuid:6f9619ff-8b86-4011-b42d-00c04fc964ff","type":"Note","published":"2026-11-23T12:00:00Z",
        "inReplyTo":"https://paca.test/id/exchange/6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "context":"urn:uuid:6f9619ff-8b86-4011-b42d-00c04fc964fe","attributedTo":"Karim","content":"Bonjour"}"#;
    assert_eq!(village.hub.answers(village.apeas.identity(), &post(word), START).status, 404, "no such record");
    let long = word.replace("Bonjour", &"x".repeat(10_001));
    assert_eq!(village.hub.answers(village.apeas.identity(), &post(&long), START).cause(), "too-large");
    let nested = |depth| word.replacen('{', &format!(r#"{{"also":{}{},"#, "[".repeat(depth), "]".repeat(depth)), 1);
    let answer = |word: &str| village.hub.answers(village.apeas.identity(), &post(word), START);
    assert_eq!((answer(&nested(31)).status, answer(&nested(32)).status), (404, 400), "nested 32 deep at most");
}

#[test]
fn a_request_that_only_looks_signed_is_refused() {
    let village = Village::new();
    let signature = sign(village.apeas.identity(), "GET", "https://paca.test/heads", b"", START);
    for spoilt in [
        pes_sync::desk::RequestSignature { signature: "pes=:AAAA:".into(), ..signature.clone() },
        pes_sync::desk::RequestSignature { signature_input: "pes=()".into(), ..signature.clone() },
        pes_sync::desk::RequestSignature { content_digest: "sha-256=:AAAA:".into(), ..signature.clone() },
    ] {
        let request = pes_sync::desk::Request {
            method: "GET".into(),
            path: "/heads".into(),
            accept: String::new(),
            signature: Some(spoilt),
            body: Vec::new(),
        };
        assert_eq!(reason(&village.hub.replies(&request, START)), "signature");
    }
}

/// What cannot be kept need not be carried: once there was no room, bodies are not read for a while; then it is tried again.
#[test]
fn a_full_disk_is_told_before_a_body_is_read() {
    let (hub, author) = (node("paca"), node("apeas"));
    author.follows(&hub);
    let store = hub.journal.store();
    if !matches!(store.database(), pes_store::Database::File(_)) {
        return;
    }
    let pages = |count: u32| {
        let sql = format!("PRAGMA max_page_count = {count}");
        store.write(|link| {
            Ok::<_, pes_store::StoreError>(diesel::connection::SimpleConnection::batch_execute(link, &sql)?)
        })
    };
    (0..40).for_each(|number| drop(author.demand(&format!("Demande {number} {}", "x".repeat(100)))));
    pages(1).unwrap();
    let body = author.batch(Channel::Public, 0).write().unwrap();
    let ask = Ask::post(hub.origin(), format!("/in/{}/public", author.id()), ask::CHANGE_SETS, body);
    assert_eq!(hub.desk.turned_away(START), None);
    assert_eq!(hub.answers(author.identity(), &ask, START).status, 503);
    let away = hub.desk.turned_away(START).unwrap();
    assert_eq!((away.status, away.retry_after, away.problem), (503, Some(30), Some("busy")));
    assert_eq!(hub.digest(), node("vide").digest(), "reading goes on, and nothing was half kept");
    pages(1_073_741_823).unwrap();
    let later = START + Duration::seconds(30);
    assert_eq!(hub.desk.turned_away(later), None);
    assert_eq!(hub.answers(author.identity(), &ask, later).status, 200);
    assert_eq!(hub.digest(), author.digest());
}

/// While it is not known what was deleted since a backup, what it holds of people is given to members alone.
#[test]
fn who_comes_from_a_backup_gives_strangers_no_payloads() {
    let (apeas, desk) = (node("apeas"), tempfile::tempdir().unwrap());
    apeas.demand("Une");
    assert_eq!(apeas.get("/log/public/1/payloads/000.p/1").status, 200);
    let heads = desk.path().join("heads");
    std::fs::write(&heads, format!("{}/log/public/1 9 ff\n", apeas.origin().host_port())).unwrap();
    let journal = apeas.journal.clone().remembering(pes_journal::signed_heads::SignedHeads::at(heads)).unwrap();
    assert!(journal.doubt().is_some());
    let restored = Node { desk: pes_sync::Desk::new(journal.clone(), apeas.people.clone()), journal, ..apeas };
    assert_eq!(restored.get("/log/public/1/payloads/000.p/1").status, 503);
    assert_eq!(restored.get("/log/public/1/tile/entries/000.p/1").status, 200, "they say nothing of people");
}

/// What was read of a log of ours may be ahead of the file that remembers what was signed: it waits for it.
#[test]
fn no_head_of_ours_is_given_before_it_is_in_the_file() {
    let (apeas, desk) = (node("apeas"), tempfile::tempdir().unwrap());
    let heads = pes_journal::signed_heads::SignedHeads::at(desk.path().join("heads"));
    let journal = apeas.journal.clone().remembering(heads).unwrap();
    let apeas = Node { desk: pes_sync::Desk::new(journal.clone(), apeas.people.clone()), journal, ..apeas };
    let held = std::fs::File::create(desk.path().join("heads.lock")).unwrap();
    held.lock().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| apeas.demand("Une"));
        while apeas.journal.held(apeas.log(&apeas.id(), Channel::Public)).unwrap().is_none() {
            std::thread::yield_now();
        }
        let asked =
            ["/heads", "/log/public/1/checkpoint", "/log/public/1/0"].map(|path| scope.spawn(|| apeas.get(path)));
        std::thread::sleep(std::time::Duration::from_millis(50));
        let given = asked.iter().filter(|asked| asked.is_finished()).count();
        held.unlock().unwrap();
        assert_eq!(given, 0);
        asked.into_iter().for_each(|asked| assert_eq!(asked.join().unwrap().status, 200));
    });
}

//! F18: old and new versions of the program side by side. What a later version says is carried to the last byte, kept and hashed by
//! all, applied by those who know it, and refused by nobody.

use crate::bed::{Node, START, node};
use crate::hand;
use crate::village::{NAMES, Village};
use pes_changeset::batch::{Batch, Item};
use pes_changeset::{Act, ChangeSet, Channel};
use pes_domain::{Audience, Kind, RecordIri};
use pes_journal::receive::Held;
use pes_store::own_records::Moderation;
use pes_store::{entries, logs};
use pes_sync::Answer;
use pes_sync::pull::Pull;

/// A network whose program is of a later version: everybody has pinned it, and the hub holds what it said.
struct Later {
    node: Node,
    items: Vec<Item>,
}

impl Later {
    /// What it says: a record with a property more in header and payload, an operation, a kind and a protocol nobody knows here.
    fn new() -> Self {
        let node = node("demain");
        let record = node.demand("D’une version à venir");
        let (known, payload) = node.batch(Channel::Public, 0).items.remove(0);
        let added = format!("<{}> <https://w3id.org/pes/ns#mood> \"bonne\" .\n", record.iri);
        let payload = sorted(&(String::from_utf8(payload.unwrap()).unwrap() + &added));
        let kind = record.iri.to_string().replace("/exchange/", "/ceremony/");
        let later = "https://w3id.org/pes/ns#Merge".to_owned();
        let acts = [
            (hand::upsert(&record.iri.to_string(), &payload), Some(payload.clone())),
            (Act::Unknown { operation: later }, None),
            (
                hand::upsert(&kind, &payload.replace("/exchange/", "/ceremony/")),
                Some(payload.replace("/exchange/", "/ceremony/")),
            ),
        ];
        let key = node.identity().log_key.clone();
        let item = |(seq, (act, payload)): (usize, (Act, Option<String>))| {
            let header = hand::header(&node, seq as u64, act);
            let change_set = ChangeSet::sign(&header, &key).unwrap();
            let change_set = hand::with_line(&change_set, "<https://w3id.org/pes/ns#weather> \"beau\"@fr", &key);
            (change_set, payload.map(String::into_bytes))
        };
        let items: Vec<Item> = acts.into_iter().enumerate().map(item).collect();
        assert_eq!(items[0].0.header().log, known.header().log);
        Self { node, items }
    }

    /// Its public log, from the beginning.
    fn batch(&self) -> Batch {
        let empty = node("demain");
        hand::batch(&empty, self.items.clone())
    }
}

/// An expired record is hidden at its date, whichever of header and payload names the earlier one; nothing is sent.
#[test]
fn a_record_ends_with_its_header_as_with_its_payload() {
    let village = Village::new(17);
    let noon = |day| START.replace_day(day).unwrap();
    for (name, header, payload, ends) in [
        ("un", Some(noon(25)), None, Some(noon(25))),
        ("deux", Some(noon(25)), Some("2026-11-29"), Some(noon(25))),
        ("trois", None, None, None),
    ] {
        let author = node(name);
        let fields = [("direction", "offer"), ("type", "service"), ("title", "Offre"), ("author", "Ali")];
        let fields: Vec<_> = fields.into_iter().chain(payload.map(|day| ("expires", day))).collect();
        let record = author.record(Kind::Exchange, &fields, START);
        author.journal.save(record.clone(), Moderation::Published, None, START).unwrap();
        let (_, payload) = author.batch(Channel::Public, 0).items.remove(0);
        let payload = payload.unwrap();
        let Act::Upsert { on, payload: commitment, .. } =
            hand::upsert(&record.iri.to_string(), str::from_utf8(&payload).unwrap())
        else {
            panic!()
        };
        let act = Act::Upsert { on, payload: commitment, expires: header };
        let change_set = ChangeSet::sign(&hand::header(&author, 0, act), &author.identity().log_key).unwrap();
        let batch = hand::batch(&node(name), vec![(change_set, Some(payload))]);
        let hub = &village.nodes["paca"];
        hub.pins(&author);
        hub.journal.receive(&author.id(), Channel::Public, &batch, START).unwrap();
        let seen = |link: &mut _| pes_store::records::seen(link, &record.iri.to_string(), Audience::Public);
        let sheet = hub.journal.store().read(seen).unwrap().unwrap();
        assert_eq!(sheet.record.expires, ends, "{name}");
    }
}

fn sorted(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    format!("{}\n", lines.join("\n"))
}

#[test]
fn what_a_later_version_says_is_carried_to_the_last_byte() {
    let (mut village, later) = (Village::new(1), Later::new());
    let id = later.node.id();
    NAMES.into_iter().for_each(|name| village.nodes[name].pins(&later.node));
    let taken = village.nodes["paca"].journal.receive(&id, Channel::Public, &later.batch(), village.now);
    assert!(matches!(taken, Ok(Held::All(_))), "{taken:?}");
    village.settle(60);
    village.assert_all_agree();
    let said: Vec<&str> = later.items.iter().map(|(change_set, _)| change_set.text()).collect();
    for name in NAMES {
        let store = village.nodes[name].journal.store();
        let held = store.read(|link| {
            let log = logs::find(link, &id, Channel::Public, 1)?.unwrap();
            entries::of_log(link, log.id, 0, 9)
        });
        let held = held.unwrap();
        assert_eq!(held.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>(), said, "{name}");
        let given =
            village.nodes[name].journal.batch(village.nodes[name].log(&id, Channel::Public), 0).unwrap().unwrap();
        assert_eq!(given.items, later.items, "{name} gives on what it was given");
        let Act::Upsert { on, .. } = &later.items[0].0.header().act else { panic!() };
        assert!(village.has(name, &RecordIri::read(&on.record).unwrap()), "{name} shows what it knows of it");
        let before = village.nodes[name].digest();
        village.nodes[name].journal.rebuild().unwrap();
        assert_eq!(village.nodes[name].digest(), before);
    }
    let refused = village.nodes["mesclun"].journal.refusals().unwrap();
    assert!(refused.is_empty(), "{refused:?}");
}

/// A member that lists its heads with more than this version knows, and logs of channels that it does not know.
#[test]
fn a_list_of_a_later_version_is_read() {
    let mut village = Village::new(1);
    village.network.down.insert("mesclun");
    let demand = village.demand("apeas", "Passe");
    village.settle(1);
    village.calm();
    let mesclun = village.nodes["mesclun"].journal.clone();
    let mut walk = Pull::from(village.nodes["paca"].origin().clone());
    while let Some(ask) = walk.step(&mesclun).unwrap() {
        let mut answer = village.carry("mesclun", &ask).unwrap();
        if ask.path == "/heads" {
            let mut heads: Vec<serde_json::Value> = serde_json::from_slice(&answer.body).unwrap();
            heads.iter_mut().for_each(|head| head["witnesses"] = serde_json::json!([1, 2]));
            let mut secret = heads[0].clone();
            secret["channel"] = "circle-2".into();
            heads.insert(0, secret);
            answer = Answer { body: serde_json::to_vec(&heads).unwrap(), ..answer };
        }
        walk.take(&mesclun, Ok(answer), village.now).unwrap();
    }
    assert!(village.has("mesclun", &demand));
    village.settle(60);
    village.assert_all_agree();
}

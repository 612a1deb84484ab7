//! The golden bytes of `docs/PROTOCOL.md` and `docs/vectors`: made anew from fixed seeds, compared to the byte.
//!
//! `PES_BLESS=1 cargo test -p pes-changeset --test changeset vectors` writes them. Once the protocol is out, a byte changes only
//! with a new protocol number.

use pes_changeset::batch::Batch;
use pes_changeset::bundle::{Place, write_entries, write_payloads};
use pes_changeset::header::PROTOCOL;
use pes_changeset::key_event::Position;
use pes_changeset::note::Note;
use pes_changeset::receipt::{Erasure, cosign};
use pes_changeset::snapshot::Members;
use pes_changeset::state_digest::{StateDigest, StateLine};
use pes_changeset::tree::Frontier;
use pes_changeset::{
    Act, ChangeSet, Channel, Checkpoint, Commitment, Header, KeyChange, KeyHistory, KeySet, LogId, Origin, SecretKey,
    Snapshot, Target, json_ld, request, timestamp,
};
use std::path::{Path, PathBuf};

const RECORD: &str = "https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
const OTHER: &str = "https://pes.example.org/id/structure/6f9619ff-8b86-4011-b42d-00c04fc964ff";

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn origin() -> Origin {
    "https://pes.example.org".parse().unwrap()
}

fn payload(record: &str, title: &str, salt: u8) -> Vec<u8> {
    let salt = format!("{salt:02x}").repeat(16);
    format!(
        "<{record}> <http://schema.org/name> \"{title}\" .\n<{record}> <https://w3id.org/pes/ns#salt> \"{salt}\" .\n"
    )
    .into_bytes()
}

fn target(record: &str, kind: &str, version: u64) -> Target {
    Target { record: record.into(), kind: format!("https://w3id.org/pes/code/kind/{kind}"), version }
}

fn header(channel: Channel, seq: u64, act: Act) -> Header {
    let created = timestamp::read(&format!("2026-11-23T22:27:{seq:02}Z")).unwrap();
    Header { protocol: PROTOCOL, log: LogId::new(origin(), channel, 1), seq, created, save: None, act }
}

fn upsert(seq: u64, on: Target, payload: &[u8]) -> Header {
    header(Channel::Public, seq, Act::Upsert { on, payload: Commitment::to(payload).unwrap(), expires: None })
}

/// A log of each channel: the keys; then a record made, altered, withdrawn and deleted beside one that lives.
struct Logs {
    genesis: ChangeSet,
    public: Vec<(ChangeSet, Option<Vec<u8>>)>,
}

fn logs() -> Logs {
    let keys = KeySet {
        root: key(1).public(),
        log: key(2).public(),
        transport: key(3).public(),
        prefixes: vec!["https://pes.example.org/id/".into()],
        next_root: Some(Commitment::to(key(4).public().to_string().as_bytes()).unwrap().digest),
    };
    let genesis = ChangeSet::sign(&header(Channel::Keys, 0, Act::Genesis(Box::new(keys))), &key(1)).unwrap();
    let demand = |version| target(RECORD, "exchange", version);
    let (first, second) =
        (payload(RECORD, "Cherche local à Nice", 0x11), payload(RECORD, "Cherche \\\"local\\\" à Nice", 0x22));
    let living = payload(OTHER, "L’Établi partagé", 0x33);
    let expires = timestamp::read("2027-01-01T00:00:00Z").ok();
    let commitment = Commitment::to(&second).unwrap();
    let headers = [
        upsert(0, demand(1), &first),
        Header {
            save: Some("exemple".into()),
            ..header(Channel::Public, 1, Act::Upsert { on: demand(2), payload: commitment, expires })
        },
        upsert(2, target(OTHER, "structure", 1), &living),
        header(Channel::Public, 3, Act::Withdraw { on: demand(3) }),
        header(
            Channel::Public,
            4,
            Act::Delete {
                on: demand(4),
                replaced_by: Some("https://pes.example.com/id/exchange/5e0d3f0c-6d0a-4c5e-9a35-3f5d2ad1f2a1".into()),
            },
        ),
    ];
    let payloads = [None, None, Some(living), None, None];
    let public = headers.iter().map(|header| ChangeSet::sign(header, &key(2)).unwrap()).zip(payloads).collect();
    Logs { genesis, public }
}

fn head(channel: Channel, leaves: &[&ChangeSet]) -> Note {
    let frontier: Frontier = leaves.iter().map(|leaf| leaf.leaf_hash()).collect();
    let log = LogId::new(origin(), channel, 1).name();
    Checkpoint { log, size: frontier.size(), root: frontier.root() }.sign(&key(2)).unwrap()
}

fn vectors() -> Vec<(String, Vec<u8>)> {
    let Logs { genesis, public } = logs();
    let leaves: Vec<&ChangeSet> = public.iter().map(|(leaf, _)| leaf).collect();
    let place = |size| Place { index: 0, width: size }.path();
    let (keys_head, public_head) = (head(Channel::Keys, &[&genesis]), head(Channel::Public, &leaves));
    let at = timestamp::read("2026-11-23T22:28:00Z").unwrap();
    let receipt = cosign(&public_head, "pes.hub.example/node", &key(5), at).unwrap();
    let erasure = Erasure { log: LogId::new(origin(), Channel::Public, 1), seq: 4, leaf: leaves[4].leaf_hash(), at };
    let batch = Batch { checkpoint: Some(public_head.clone()), items: public.clone() };
    let urgent = Batch { checkpoint: None, items: vec![public[4].clone()] };
    let signed =
        request::sign(&origin(), &key(3), 1_795_472_826, ("POST", "https://pes.hub.example/in/messages", b"{}"));
    let fields = [
        ("Content-Digest", signed.content_digest),
        ("Signature-Input", signed.signature_input),
        ("Signature", signed.signature),
    ];
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let texts = public.iter().map(|(leaf, _)| leaf.text());
    let payloads = public.iter().map(|(_, payload)| payload.as_deref());
    let rendered = format!("{:#}\n", json_ld::render(&public[1].0).unwrap());
    vec![
        ("log/keys/1/checkpoint".into(), keys_head.write().into()),
        (format!("log/keys/1/tile/entries/{}", place(1)), write_entries([genesis.text()]).unwrap()),
        ("log/public/1/checkpoint".into(), public_head.write().into()),
        (format!("log/public/1/tile/entries/{}", place(5)), write_entries(texts).unwrap()),
        (format!("log/public/1/payloads/{}", place(5)), write_payloads(payloads).unwrap()),
        ("genesis.txt".into(), genesis.text().into()),
        ("rotation.txt".into(), key_events()[0].text().into()),
        ("new-epoch.txt".into(), key_events()[1].text().into()),
        ("upsert.txt".into(), public[1].0.text().into()),
        ("snapshot.txt".into(), snapshot(&public).text().into()),
        ("delete.txt".into(), public[4].0.text().into()),
        ("payload.nt".into(), public[2].1.clone().unwrap()),
        ("receipt.txt".into(), receipt.write().into()),
        ("erasure.txt".into(), erasure.sign("pes.hub.example/node", &key(5)).unwrap().write().into()),
        ("batch.bin".into(), batch.write().unwrap()),
        ("urgent.bin".into(), urgent.write().unwrap()),
        ("request.txt".into(), fields.into()),
        ("upsert.jsonld".into(), rendered.into()),
    ]
}

/// What stands in the log of the vectors, as its next change-set: a demand that was deleted, and a structure that lives.
fn snapshot(public: &[(ChangeSet, Option<Vec<u8>>)]) -> ChangeSet {
    let mut digest = StateDigest::default();
    for (member, _) in [&public[4], &public[2]] {
        let header = member.header();
        digest.add(StateLine {
            record: &header.act.target().unwrap().record,
            channel: Channel::Public,
            place: (1, header.seq),
            operation: header.act.operation(),
            commitment: &header.act.payload().map_or("-".into(), Commitment::digest_text),
        });
    }
    let act = Act::Snapshot(Snapshot { digest: digest.hash(), size: 2 });
    ChangeSet::sign(&header(Channel::Public, 5, act), &key(2)).unwrap()
}

/// The members of the snapshot of the vectors are those that it commits to.
#[test]
fn the_snapshot_is_of_what_stands_in_the_log() {
    let Logs { public, .. } = logs();
    let mut members = Members::of(&snapshot(&public)).unwrap();
    [&public[4], &public[2]].into_iter().for_each(|(member, _)| members.take(member).unwrap());
    members.finish().unwrap();
}

/// What may follow the genesis in the channel `keys`: other keys, and logs that begin again with two live records.
fn key_events() -> [ChangeSet; 2] {
    let digest = |seed| Commitment::to(key(seed).public().to_string().as_bytes()).unwrap().digest;
    let keys = |root, log, next| KeySet {
        root: key(root).public(),
        log: key(log).public(),
        transport: key(log + 1).public(),
        prefixes: vec!["https://pes.example.org/id/".into()],
        next_root: Some(digest(next)),
    };
    let at = |channel, epoch, seq| Position::new(LogId::new(origin(), channel, epoch), seq);
    let held = |public| vec![at(Channel::Public, 1, public), at(Channel::Affiliates, 1, 0)];
    let rotation = KeyChange::new(keys(1, 6, 4), held(5), vec![]);
    let opened = vec![at(Channel::Public, 2, 2), at(Channel::Affiliates, 2, 0)];
    let new_epoch = KeyChange::new(keys(4, 8, 10), held(7), opened);
    let sign = |seq, act, by| ChangeSet::sign(&header(Channel::Keys, seq, act), &key(by)).unwrap();
    [sign(1, Act::Rotation(Box::new(rotation)), 1), sign(2, Act::NewEpoch(Box::new(new_epoch)), 4)]
}

/// The events of the vectors are taken in their order.
#[test]
fn the_key_events_follow_one_another() {
    let [rotation, new_epoch] = key_events();
    let history = KeyHistory::read([&logs().genesis, &rotation, &new_epoch]).unwrap();
    assert_eq!(history.current().log, key(8).public());
    let public = LogId::new(origin(), Channel::Public, 1);
    let signers = [4, 5, 6, 7].map(|seq| *history.signer(&public, seq));
    assert_eq!(signers, [2, 6, 6, 8].map(|seed| key(seed).public()));
    assert_eq!(history.newest_epoch(Channel::Affiliates), 2);
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn the_golden_bytes_are_made_anew() {
    for (name, bytes) in vectors() {
        let path = docs().join("vectors").join(&name);
        if std::env::var_os("PES_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        let golden = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(golden == bytes, "{name} is not what docs/vectors holds");
    }
}

/// Each block of the protocol's text that is introduced by `<!-- vectors/NAME -->` shows that file.
#[test]
fn the_protocol_shows_the_golden_bytes() {
    let path = docs().join("PROTOCOL.md");
    let mut text = std::fs::read_to_string(&path).unwrap();
    let names: Vec<String> = text
        .match_indices("<!-- vectors/")
        .filter_map(|(at, mark)| Some(text[at + mark.len()..].split_once(" -->")?.0.to_owned()))
        .collect();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let golden = std::fs::read_to_string(docs().join("vectors").join(&name)).unwrap();
        let mark = format!("<!-- vectors/{name} -->\n```text\n");
        let start = text.find(&mark).unwrap_or_else(|| panic!("no block follows {name}")) + mark.len();
        let end = start + text[start..].find("```").unwrap();
        if std::env::var_os("PES_BLESS").is_some() {
            text.replace_range(start..end, &golden);
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(text[start..].split_once("```").unwrap().0, golden, "{name}");
    }
}

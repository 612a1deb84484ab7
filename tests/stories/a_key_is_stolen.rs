//! Somebody copies the keys of APEAS and signs in its name. The networks find out; APEAS takes its root key out of the cupboard, and what
//! the thief wrote is gone everywhere (F9, F11).

use pes_changeset::batch::Batch;
use pes_changeset::header::PROTOCOL;
use pes_changeset::tree::Frontier;
use pes_changeset::{Act, ChangeSet, Channel, Checkpoint, Commitment, Header, LogId, Target};
use pes_domain::audience::Reader;
use pes_domain::{Kind, Record, RecordIri};
use pes_journal::identity::NewKeys;
use pes_journal::rotation::Exchange;
use pes_journal::supply::Named;
use pes_node::house::rules;
use pes_node::{Config, House, keys};
use time::UtcDateTime;
use village::{NAMES, Scene, draft, eventually};

/// Exchanges the keys of a node that does not run, as `pes keys` does.
fn exchange(config: &Config, begins_again: bool) {
    let root = keys::secret(&std::fs::read_to_string(keys::root_file(&config.keys())).unwrap()).unwrap();
    let new = NewKeys { root, ..NewKeys::generate().unwrap() };
    keys::stage(&config.keys(), &new.log, &new.transport).unwrap();
    let journal = House::open(config.clone()).unwrap().journal;
    journal
        .exchange_keys(&Exchange { keys: &new, next_root: None, begins_again, is_unasked: false }, UtcDateTime::now())
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_exchanges_its_keys_and_nobody_is_locked_out() {
    let mut scene = Scene::open().await;
    let first = scene.demand("apeas", "Avec les anciennes clés");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &first, Reader::Anyone))).await;
    scene.village.halt("apeas").await;
    scene.village.while_closed("apeas", |config| exchange(config, false)).await.unwrap();
    scene.village.start("apeas").await.unwrap();
    let second = scene.demand("apeas", "Avec les nouvelles");
    let other = scene.demand("mesclun", "D’un autre réseau");
    let arrived = |name: &&str| [&second, &other].iter().all(|one| scene.shows(name, one, Reader::Anyone));
    eventually("both are everywhere", || NAMES.iter().all(arrived)).await;
    scene.agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_thief_signed_is_gone_everywhere() {
    let mut scene = Scene::open().await;
    let ours = scene.demand("apeas", "Cherche un four");
    eventually("the hub holds it in its turn: the thief signs what comes next", || is_logged(&scene)).await;
    let forged = forge(&scene);
    eventually("the hub believes it", || scene.shows("paca", &forged, Reader::Anyone)).await;
    // APEAS goes on, and by this two histories meet.
    let next = scene.demand("apeas", "La suite");
    eventually("the hub has found it out", || has_accused(&scene, "paca")).await;
    scene.village.halt("apeas").await;
    scene.village.while_closed("apeas", |config| exchange(config, true)).await.unwrap();
    scene.village.start("apeas").await.unwrap();
    let is_shown = |name: &str, iri: &RecordIri| scene.shows(name, iri, Reader::Anyone);
    for name in NAMES {
        eventually(&format!("{name} has forgiven"), || !has_accused(&scene, name)).await;
        eventually(&format!("{name} shows no forgery"), || !is_shown(name, &forged)).await;
        eventually(&format!("{name} shows what APEAS says"), || is_shown(name, &ours) && is_shown(name, &next)).await;
    }
    scene.agree().await;
}

fn has_accused(scene: &Scene, name: &str) -> bool {
    !scene.village.house(name).journal.quarantined().unwrap().is_empty()
}

/// Whether the hub holds what APEAS said in its log, and not only ahead of it.
fn is_logged(scene: &Scene) -> bool {
    let node = scene.village.house("apeas").journal.identity().node_id.clone();
    let log = Named { node: &node, channel: Channel::Public, epoch: 1 };
    scene.village.house("paca").journal.held(log).unwrap().is_some_and(|(_, size)| size > 0)
}

/// Signs a record with the stolen key, after what the hub holds, and brings it there.
fn forge(scene: &Scene) -> RecordIri {
    let (apeas, hub) = (scene.village.house("apeas"), &scene.village.house("paca").journal);
    let (origin, now) = (scene.village.origin("apeas"), UtcDateTime::now().replace_nanosecond(0).unwrap());
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Versez vos dons ici"), ("author", "APEAS")];
    let iri = RecordIri::mint(origin.as_str(), Kind::Exchange);
    let record = Record::raise(Kind::Exchange, (iri.clone(), now), &draft(&fields), now, &rules()).unwrap();
    let payload = pes_rdf::write(&Record { published: Some(now), ..record }, &"ab".repeat(16));
    let log = LogId::new(origin.clone(), Channel::Public, 1);
    let held = Named { node: &apeas.journal.identity().node_id, channel: Channel::Public, epoch: 1 };
    let mut tree: Frontier =
        hub.batch(held, 0).unwrap().unwrap().items.iter().map(|(one, _)| one.leaf_hash()).collect();
    let kind = format!("{}exchange", pes_changeset::terms::KINDS);
    let on = Target { record: iri.to_string(), kind, version: 1 };
    let act = Act::Upsert { on, payload: Commitment::to(payload.as_bytes()).unwrap(), expires: None };
    let header = Header { protocol: PROTOCOL, log: log.clone(), seq: tree.size(), created: now, save: None, act };
    let stolen = keys::read(&apeas.config.keys()).unwrap().log;
    let forged = ChangeSet::sign(&header, &stolen).unwrap();
    tree.append(forged.leaf_hash());
    let head = Checkpoint { log: log.name(), size: tree.size(), root: tree.root() }.sign(&stolen).unwrap();
    let batch = Batch { checkpoint: Some(head), items: vec![(forged, Some(payload.into_bytes()))] };
    hub.receive(held.node, Channel::Public, &batch, now).unwrap();
    iri
}

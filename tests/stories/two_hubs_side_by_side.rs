//! APEAS follows PACA, GRAP follows AURA, Mesclun follows both. Only what is public crosses; when the two platforms follow each other, all
//! that is public is everywhere, and the loop ends.

use pes_changeset::Channel;
use pes_domain::audience::Reader;
use pes_domain::{Kind, RecordIri};
use pes_node::demo::catcher::Catcher;
use pes_node::demo::village::{Ports, Village};
use pes_store::Database;
use time::UtcDateTime;
use village::{Scene, eventually};

const NODES: [(&str, &str, &str); 5] = [
    ("paca", "PES PACA", ""),
    ("aura", "PES AURA", ""),
    ("apeas", "APEAS", ""),
    ("mesclun", "Mesclun", ""),
    ("grap", "GRAP", ""),
];
const NAMES: [&str; 5] = ["paca", "aura", "apeas", "mesclun", "grap"];

async fn country() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let catcher = Catcher::start(0).await.unwrap();
    let ground = (&Ports::Free, &Database::of_test(folder.path()));
    let village = Village::build(folder.path(), &NODES, ground, Some(catcher.smtp())).await.unwrap();
    let mut scene = Scene { village, catcher, folder };
    scene.village.start_all().await.unwrap();
    for (name, hub) in [("apeas", "paca"), ("mesclun", "paca"), ("mesclun", "aura"), ("grap", "aura")] {
        join(&scene, name, hub).await;
    }
    scene
}

async fn join(scene: &Scene, name: &str, hub: &str) {
    let code = scene.village.house(hub).journal.invite(name, UtcDateTime::now()).unwrap();
    let origin = scene.village.origin(hub).clone();
    scene.village.house(name).join(&origin, &code).await.unwrap();
}

fn publish(scene: &Scene, name: &str, audience: &str, title: &str) -> RecordIri {
    let fields =
        [("direction", "demand"), ("type", "service"), ("title", title), ("author", "Marie"), ("audience", audience)];
    scene.publish(name, Kind::Exchange, &fields)
}

fn holders(scene: &Scene, iri: &RecordIri) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| scene.shows(name, iri, Reader::MemberElsewhere)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_public_crosses_and_no_byte_of_a_circle_is_on_the_other_side() {
    let scene = country().await;
    let reserved = publish(&scene, "mesclun", "affiliates", "Cercle-PACA-mirabelle");
    let also = publish(&scene, "apeas", "affiliates", "Cercle-PACA-quetsche");
    let public = publish(&scene, "mesclun", "public", "Pour tout le monde");
    eventually("the public one is everywhere", || holders(&scene, &public) == NAMES).await;
    for iri in [&reserved, &also] {
        eventually("the circle has it", || holders(&scene, iri) == ["paca", "apeas", "mesclun"]).await;
    }
    // A round in which everybody asks everybody, and one more message that everybody gets.
    for name in NAMES {
        for other in NAMES.iter().filter(|other| **other != name) {
            let house = scene.village.house(name);
            let drive = pes_sync::Drive::new(house.journal.clone(), house.people.clone(), house.client.clone());
            drive.pull(scene.village.origin(other).clone()).await;
        }
    }
    let last = publish(&scene, "mesclun", "public", "Encore");
    eventually("it is everywhere", || holders(&scene, &last) == NAMES).await;
    for name in ["aura", "grap"] {
        for word in ["mirabelle", "quetsche"] {
            assert_eq!(scene.places_holding(name, word), Vec::<String>::new(), "{word} at {name}");
        }
        let logs = scene.village.house(name).journal.heads().unwrap();
        assert!(logs.iter().all(|head| head.channel != Channel::Affiliates), "not even that there is something");
    }
    assert!(!scene.places_holding("apeas", "mirabelle").is_empty(), "the test could fail");
}

#[tokio::test(flavor = "multi_thread")]
async fn platforms_that_follow_each_other_bring_the_public_across_and_come_to_rest() {
    let scene = country().await;
    join(&scene, "aura", "paca").await;
    join(&scene, "paca", "aura").await;
    let (one, other) = (publish(&scene, "apeas", "public", "De PACA"), publish(&scene, "grap", "public", "D’AURA"));
    let reserved = publish(&scene, "grap", "affiliates", "Cercle AURA");
    for iri in [&one, &other] {
        eventually("it is everywhere", || holders(&scene, iri) == NAMES).await;
    }
    eventually("the circle has it", || holders(&scene, &reserved) == ["aura", "mesclun", "grap"]).await;
    let waiting = |name: &&str| {
        let journal = &scene.village.house(name).journal;
        let count = |peer: &pes_journal::peers::Peer| {
            journal.store().read(|link| pes_store::entries::count_after(link, peer.cursor, &peer.node)).unwrap()
        };
        journal.peers().unwrap().iter().map(count).sum::<u64>()
    };
    eventually("nothing waits for anybody", || NAMES.iter().all(|name| waiting(name) == 0)).await;
    let entries = || {
        NAMES.map(|name| scene.village.house(name).journal.heads().unwrap().iter().map(|head| head.size).sum::<u64>())
    };
    let before = entries();
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(entries(), before, "what is held already goes round no more");
    assert!(NAMES.iter().all(|name| waiting(name) == 0));
}

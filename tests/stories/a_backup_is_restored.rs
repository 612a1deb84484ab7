//! A network's machine is lost, and its database comes from yesterday's backup. Whatever it said since comes back from the hub,
//! and it never signs a second history (F13).

use pes_domain::audience::Reader;
use pes_journal::JournalError;
use pes_store::own_records::Moderation;
use std::time::Duration;
use time::UtcDateTime;
use village::backup::Backup;
use village::{NAMES, Scene, eventually};

/// Says something today that yesterday's backup does not know, and loses the machine.
async fn lost_since_yesterday(scene: &mut Scene) -> (pes_domain::RecordIri, pes_domain::RecordIri) {
    let kept = scene.demand("apeas", "D’avant la sauvegarde");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &kept, Reader::Anyone))).await;
    scene.village.halt("apeas").await;
    let mut backup = None;
    scene.village.while_closed("apeas", |config| backup = Some(Backup::of(config))).await.unwrap();
    scene.village.start("apeas").await.unwrap();
    let today = scene.demand("apeas", "D’après la sauvegarde");
    let apeas = &scene.village.house("apeas").journal;
    apeas.delete(&kept, None, UtcDateTime::now()).unwrap();
    let arrived = |name: &&str| scene.shows(name, &today, Reader::Anyone) && !scene.shows(name, &kept, Reader::Anyone);
    eventually("today is everywhere", || NAMES.iter().all(arrived)).await;
    scene.village.halt("apeas").await;
    scene.village.while_closed("apeas", |config| backup.unwrap().restore(config)).await.unwrap();
    assert!(scene.shows("apeas", &kept, Reader::Anyone), "it is yesterday again");
    (kept, today)
}

async fn goes_on(scene: &Scene, kept: &pes_domain::RecordIri, today: &pes_domain::RecordIri) {
    eventually("it signs again", || scene.village.house("apeas").journal.doubt().is_none()).await;
    // What reached the others ahead of its turn comes back with its text when they hold it in its turn.
    let is_today = || scene.shows("apeas", today, Reader::Anyone) && !scene.shows("apeas", kept, Reader::Anyone);
    eventually("it is today again", is_today).await;
    let next = scene.demand("apeas", "La suite");
    eventually("it goes on", || NAMES.iter().all(|name| scene.shows(name, &next, Reader::Anyone))).await;
    scene.agree().await;
    for name in NAMES {
        let journal = &scene.village.house(name).journal;
        assert!(journal.quarantined().unwrap().is_empty(), "{name} found two histories");
        journal.verify().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_since_the_backup_comes_back_from_the_hub() {
    let mut scene = Scene::open().await;
    let (kept, today) = lost_since_yesterday(&mut scene).await;
    scene.village.start("apeas").await.unwrap();
    goes_on(&scene, &kept, &today).await;
}

/// As long as nobody is there to tell what was signed since, nothing is signed, and nothing is shown that may have been deleted since.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_before_anybody_was_heard() {
    let mut scene = Scene::open().await;
    let (kept, today) = lost_since_yesterday(&mut scene).await;
    for other in ["paca", "alliance", "mesclun"] {
        scene.village.halt(other).await;
    }
    scene.village.start("apeas").await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let house = scene.village.house("apeas");
    let own =
        house.journal.store().read(|link| pes_store::own_records::find(link, &kept.to_string())).unwrap().unwrap();
    let saved = house.journal.save(own.record, Moderation::Blocked, None, UtcDateTime::now());
    assert!(matches!(saved, Err(JournalError::Uncertain)), "{saved:?}");
    let mut visitor = scene.visitor("apeas");
    for address in ["/", "/annonces", "/annonces.atom", "/connexion", &scene.page_at("apeas", &kept)] {
        let answer = visitor.get(address).await.unwrap();
        assert!(answer.status == 503 && !answer.body.contains("D’avant la sauvegarde"), "{address}: {}", answer.status);
    }
    assert_eq!(visitor.get("/heads").await.unwrap().status, 200, "others are told how far it is");
    scene.village.start_all().await.unwrap();
    goes_on(&scene, &kept, &today).await;
    assert_eq!(scene.visitor("apeas").get("/annonces").await.unwrap().status, 200);
}

/// Without the hub, any member that holds what was signed will do.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_comes_back_from_any_member() {
    let mut scene = Scene::open().await;
    let (kept, today) = lost_since_yesterday(&mut scene).await;
    scene.village.halt("paca").await;
    scene.village.start("apeas").await.unwrap();
    eventually("it signs again", || scene.village.house("apeas").journal.doubt().is_none()).await;
    scene.village.start("paca").await.unwrap();
    goes_on(&scene, &kept, &today).await;
}

/// A whole machine from a backup, its key folder copied by hand: the file of what was signed is gone too.
#[tokio::test(flavor = "multi_thread")]
async fn without_its_memory_it_asks_as_well() {
    let mut scene = Scene::open().await;
    let (kept, today) = lost_since_yesterday(&mut scene).await;
    let remove = |config: &pes_node::Config| std::fs::remove_file(config.keys().join("heads")).unwrap();
    scene.village.while_closed("apeas", remove).await.unwrap();
    scene.village.start("apeas").await.unwrap();
    goes_on(&scene, &kept, &today).await;
}

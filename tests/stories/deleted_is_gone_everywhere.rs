//! Deletion is erasure, acknowledged in writing by every holder; withdrawing and expiring hide.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_store::own_records::{self, Moderation};
use time::UtcDateTime;
use village::{NAMES, Scene, eventually, shown};

#[tokio::test(flavor = "multi_thread")]
async fn every_holder_acknowledges_a_delete_and_holds_nothing_any_more() {
    let scene = Scene::open().await;
    let demand = scene.demand("apeas", "Éphémère-kryptonite");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    let home = scene.village.house("apeas");
    let deleted = home.journal.delete(&demand, None, UtcDateTime::now()).unwrap();
    eventually("it is gone", || NAMES.iter().all(|name| !scene.shows(name, &demand, Reader::Anyone))).await;
    let (channel, seq) = deleted.change_sets[0];
    let delete = format!("{}/log/{channel}/1/{seq}", scene.village.origin("apeas"));
    let receipts = || home.journal.store().read(|link| pes_store::peers::erased_by(link, &delete)).unwrap();
    eventually("three receipts", || receipts().len() == 3).await;
    for name in NAMES {
        scene.village.house(name).journal.store().settle().unwrap();
        // The search index takes it out of its files a moment later.
        eventually("no file holds it", || scene.places_holding(name, "kryptonite").is_empty()).await;
        let page = scene.visitor(name).get(&scene.page_at(name, &demand)).await.unwrap();
        assert_eq!(page.status, 404, "{name}");
    }
    scene.agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_is_hidden_everywhere_and_may_come_back() {
    let scene = Scene::open().await;
    let demand = scene.demand("alliance", "À retirer");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    let journal = &scene.village.house("alliance").journal;
    let own = journal.store().read(|link| own_records::find(link, &demand.to_string())).unwrap().unwrap();
    journal.save(own.record.clone(), Moderation::Draft, None, UtcDateTime::now()).unwrap();
    eventually("nobody shows it", || NAMES.iter().all(|name| !scene.shows(name, &demand, Reader::Anyone))).await;
    journal.save(own.record, Moderation::Published, None, UtcDateTime::now()).unwrap();
    eventually("it is back", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    scene.agree().await;
}

/// Expiry is no operation: each node hides at the date, and the digest does not change.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_is_hidden_by_each_node_by_itself() {
    let scene = Scene::open().await;
    let yesterday = (UtcDateTime::now() - time::Duration::days(2)).date();
    let yesterday = pes_domain::draft::write_date(yesterday);
    let fields =
        [("direction", "offer"), ("type", "service"), ("title", "Passée"), ("author", "M"), ("expires", &yesterday)];
    let offer = scene.publish("apeas", Kind::Exchange, &fields);
    let current = scene.demand("apeas", "Actuelle");
    eventually("both are held", || scene.shows("mesclun", &current, Reader::Anyone)).await;
    for name in NAMES {
        let mut visitor = scene.visitor(name);
        assert_eq!(visitor.get(&scene.page_at(name, &offer)).await.unwrap().status, 404, "{name}");
        let list = shown(&mut visitor, "/annonces", "Actuelle").await;
        assert!(!list.contains("Passée"), "{name}");
    }
    scene.agree().await;
}

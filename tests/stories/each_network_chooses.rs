//! Mesclun shows demands of its own territory only; it receives all the same, and changes its mind without asking anybody.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_store::accounts::Role;
use village::{NAMES, Scene, eventually, plain};

#[tokio::test(flavor = "multi_thread")]
async fn a_network_shows_what_it_chose_and_holds_everything() {
    let mut scene = Scene::open().await;
    scene.account("mesclun", "nora@mesclun.example", Role::Animator);
    let nice = scene.demand("alliance", "Un local à Nice");
    let job = [("title", "Comptable"), ("contract", "cdi"), ("employer-label", "APEAS"), ("place", "Gap (05061)")];
    let gap = scene.publish("apeas", Kind::Job, &job);
    scene.agree().await;
    let mut nora = scene.browser("mesclun", "nora@mesclun.example").await;
    let kinds = ["structure", "exchange", "job", "call", "person", "membership"].map(|kind| ("kinds", kind));
    let chosen = [kinds.as_slice(), &[("areas", "department:06")]].concat();
    let page = nora.fill("/reseau/montrer", &chosen).await.unwrap();
    assert!(plain(&page.body).contains("C’est enregistré : ce site montre maintenant"), "{}", page.body);
    assert!(scene.shows("mesclun", &nice, Reader::Anyone) && !scene.shows("mesclun", &gap, Reader::Anyone));
    assert!(NAMES[..3].iter().all(|name| scene.shows(name, &gap, Reader::Anyone)), "nothing changes elsewhere");
    scene.agree().await;
    let later = scene.publish("apeas", Kind::Job, &job);
    eventually("it is elsewhere", || scene.shows("alliance", &later, Reader::Anyone)).await;
    scene.agree().await;
    assert!(!scene.shows("mesclun", &later, Reader::Anyone), "it is held, and not shown");
    // The others are gone: what is shown again was here all along.
    for name in &NAMES[..3] {
        scene.village.halt(name).await;
    }
    nora.fill("/reseau/montrer", &kinds).await.unwrap();
    assert!(scene.shows("mesclun", &gap, Reader::Anyone) && scene.shows("mesclun", &later, Reader::Anyone));
}

//! Joining is an invitation: a code serves once, the hub asks back, and each node meets a new member itself.

use pes_changeset::Origin;
use pes_domain::audience::Reader;
use pes_node::House;
use pes_node::demo::village::Ports;
use pes_store::accounts::Role;
use time::UtcDateTime;
use village::{NAMES, Scene, eventually, shown};

/// The way in, as `pes join` goes it.
async fn join(house: &House, hub: &Origin, code: &str) -> Result<(), String> {
    house.join(hub, code).await.map(drop).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_serves_one_network_once() {
    let mut scene = Scene::closed(&Ports::Free).await;
    scene.village.start_all().await.unwrap();
    let hub = scene.village.origin("paca").clone();
    let code = scene.village.house("paca").journal.invite("APEAS", UtcDateTime::now()).unwrap();
    let (apeas, mesclun) = (scene.village.house("apeas").clone(), scene.village.house("mesclun").clone());
    assert!(join(&apeas, &hub, "no such code").await.unwrap_err().contains("invites nobody"));
    join(&apeas, &hub, &code).await.unwrap();
    assert!(join(&mesclun, &hub, &code).await.unwrap_err().contains("invites nobody"));
    assert!(mesclun.journal.peers().unwrap().is_empty(), "nothing has changed there");
    // The same network again, after an answer that was lost on the way, is no other.
    join(&apeas, &hub, &code).await.unwrap();
    assert_eq!(scene.village.house("paca").journal.members().unwrap().len(), 1);
}

/// The hub does not take anybody's word: it asks at the origin. A node that does not serve cannot join.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_be_asked_back_is_not_admitted() {
    let mut scene = Scene::closed(&Ports::Free).await;
    scene.village.start("paca").await.unwrap();
    let code = scene.village.house("paca").journal.invite("APEAS", UtcDateTime::now()).unwrap();
    let (hub, apeas) = (scene.village.origin("paca").clone(), scene.village.house("apeas").clone());
    scene.village.start("apeas").await.unwrap();
    scene.village.halt("apeas").await;
    let refused = join(&apeas, &hub, &code).await.unwrap_err();
    assert!(refused.contains("did not hear"), "{refused}");
    assert!(scene.village.house("paca").journal.members().unwrap().is_empty());
}

/// One who joins late receives what was there before, and everybody hears of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_comer_gets_the_whole_history() {
    let mut scene = Scene::closed(&Ports::Free).await;
    scene.village.start_all().await.unwrap();
    scene.village.join("apeas").await.unwrap();
    scene.village.join("alliance").await.unwrap();
    let before = scene.demand("apeas", "D’avant");
    eventually("alliance has it", || scene.shows("alliance", &before, Reader::Anyone)).await;
    scene.village.join("mesclun").await.unwrap();
    eventually("the late comer has it", || scene.shows("mesclun", &before, Reader::Anyone)).await;
    let after = scene.demand("mesclun", "De la nouvelle");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &after, Reader::Anyone))).await;
    scene.agree().await;
}

/// M8: the animator sees in plain French with whom the site exchanges, and whether they are up to date.
#[tokio::test(flavor = "multi_thread")]
async fn the_animator_sees_the_neighbours() {
    let mut scene = Scene::open().await;
    scene.account("paca", "nora@paca.example", Role::Animator);
    scene.account("paca", "zoe@paca.example", Role::Citizen);
    scene.demand("paca", "Pour voir");
    scene.agree().await;
    let mut nora = scene.browser("paca", "nora@paca.example").await;
    let page = shown(&mut nora, "/reseau", "À jour").await;
    for name in ["APEAS", "Alliance Provence", "Mesclun"] {
        assert!(page.contains(name), "{name}");
    }
    scene.village.halt("mesclun").await;
    scene.demand("paca", "Sans Mesclun");
    let paca = scene.village.house("paca").journal.clone();
    eventually("the hub notices", || paca.peers().unwrap().iter().any(|peer| peer.failures > 0)).await;
    shown(&mut nora, "/reseau", "Ne répond pas").await;
    let mut zoe = scene.browser("paca", "zoe@paca.example").await;
    assert_eq!(zoe.get("/reseau").await.unwrap().status, 403);
}

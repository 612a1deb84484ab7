//! The machine of APEAS is stolen with all its keys, and the root key is nowhere. A backup of the database is left. It begins anew under the
//! same address; each network's animators agree by a button, and its records are there again, under the same names.

use pes_domain::audience::Reader;
use pes_node::{Config, House, NodeError, house};
use pes_store::accounts::Role;
use time::UtcDateTime;
use village::{NAMES, Scene, eventually, shown};

/// What a thief of the domain, or the network itself without its keys, can do: another node at the same address.
fn begin_anew(config: &Config) {
    std::fs::remove_dir_all(config.keys()).unwrap();
    assert!(matches!(House::open(config.clone()), Err(NodeError::Key { .. })));
    house::renew(config, true).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_lost_its_keys_comes_back_when_people_have_agreed() {
    let mut scene = Scene::open().await;
    for name in ["paca", "alliance", "mesclun"] {
        scene.account(name, &format!("nora@{name}.example"), Role::Animator);
    }
    let demand = scene.demand("apeas", "Cherche un four");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    scene.agree().await;
    let old = scene.village.house("apeas").journal.identity().node_id.clone();
    scene.village.halt("apeas").await;
    scene.village.while_closed("apeas", begin_anew).await.unwrap();
    scene.village.start("apeas").await.unwrap();
    let (apeas, hub) = (scene.village.house("apeas").clone(), scene.village.origin("paca").clone());
    let paca = scene.village.house("paca").journal.clone();
    // An ordinary invitation does not let it take anybody's place.
    let code = paca.invite("APEAS", UtcDateTime::now()).unwrap();
    let refused = apeas.join(&hub, &code).await.unwrap_err().to_string();
    assert!(refused.contains("replaces that one"), "{refused}");
    let code = invited_anew(&scene, &old).await;
    apeas.join(&hub, &code).await.unwrap();
    let next = scene.demand("apeas", "Avec les nouvelles clés");
    eventually("the platform has it", || scene.shows("paca", &next, Reader::Anyone)).await;
    // Nobody else takes anything of it yet, and what was there stays.
    for name in ["alliance", "mesclun"] {
        let mut nora = scene.browser(name, &format!("nora@{name}.example")).await;
        let page = shown(&mut nora, "/reseau", "revient avec de nouvelles clés").await;
        assert!(page.contains("appelez une personne de ce réseau"));
        assert!(scene.shows(name, &demand, Reader::Anyone) && !scene.shows(name, &next, Reader::Anyone), "{name}");
    }
    agrees(&scene, "alliance", &old).await;
    eventually("alliance has it", || scene.shows("alliance", &next, Reader::Anyone)).await;
    eventually("and what was there", || scene.shows("alliance", &demand, Reader::Anyone)).await;
    assert!(!scene.shows("mesclun", &next, Reader::Anyone), "each for themselves");
    agrees(&scene, "mesclun", &old).await;
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &next, Reader::Anyone))).await;
    let other = scene.demand("mesclun", "Dans l’autre sens");
    eventually("it hears the others", || scene.shows("apeas", &other, Reader::Anyone)).await;
    scene.agree().await;
    for name in NAMES {
        assert!(scene.village.house(name).journal.pinned(&old).is_err(), "{name} has forgotten the old keys");
    }
}

/// The platform's animator makes the invitation by the button beside the member.
async fn invited_anew(scene: &Scene, old: &str) -> String {
    let mut nora = scene.browser("paca", "nora@paca.example").await;
    let csrf = nora.get("/reseau").await.unwrap().hidden("csrf").unwrap();
    let page = nora.send("/reseau/inviter", &[("csrf", csrf), ("replaces", old.to_owned())]).await.unwrap();
    assert!(page.body.contains("de vive voix"), "{}", page.body);
    let line = page.body.split("pes join ").nth(1).unwrap();
    line.split(['<', ' ', '\n']).nth(1).unwrap().to_owned()
}

async fn agrees(scene: &Scene, name: &str, old: &str) {
    let mut nora = scene.browser(name, &format!("nora@{name}.example")).await;
    let new = scene.village.house("apeas").journal.identity().node_id.clone();
    let csrf = nora.get("/reseau").await.unwrap().hidden("csrf").unwrap();
    let fields = [("csrf", csrf), ("old", old.to_owned()), ("new", new)];
    let sent = nora.send("/reseau/retour", &fields).await.unwrap();
    assert_eq!(sent.status, 303, "{}", sent.body);
}

/// A thief has the domain and a machine there, and neither keys nor anybody's yes.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_domain_alone_gets_nothing() {
    let mut scene = Scene::open().await;
    let demand = scene.demand("apeas", "Cherche un four");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    scene.village.halt("apeas").await;
    scene.village.while_closed("apeas", begin_anew).await.unwrap();
    scene.village.start("apeas").await.unwrap();
    let lie = scene.demand("apeas", "Versez vos dons ici");
    // Everybody asks at that address, as each day.
    for name in ["paca", "alliance", "mesclun"] {
        let house = scene.village.house(name);
        let drive = pes_sync::Drive::new(house.journal.clone(), house.people.clone(), house.client.clone());
        drive.pull(scene.village.origin("apeas").clone()).await;
    }
    let after = scene.demand("mesclun", "Après");
    eventually("the others go on", || scene.shows("alliance", &after, Reader::Anyone)).await;
    for name in ["paca", "alliance", "mesclun"] {
        assert!(scene.shows(name, &demand, Reader::Anyone) && !scene.shows(name, &lie, Reader::Anyone), "{name}");
        assert!(scene.village.house(name).journal.returning().unwrap().is_empty(), "nobody is even asked");
    }
}

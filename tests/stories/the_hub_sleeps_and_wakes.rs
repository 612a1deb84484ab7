//! The hub stops, a network stops; what was entered meanwhile is everywhere soon after they are back: none lost, none twice.

use pes_changeset::Channel;
use pes_domain::audience::Reader;
use std::time::Instant;
use village::{NAMES, ON_RETURN, Scene, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_while_the_hub_slept_is_everywhere_on_its_return() {
    let mut scene = Scene::open().await;
    scene.village.halt("paca").await;
    let mut demands = Vec::new();
    for number in 0..5 {
        for name in ["apeas", "alliance", "mesclun"] {
            demands.push(scene.demand(name, &format!("Pendant le sommeil {number}")));
        }
    }
    // Everybody finds out that it sleeps, and waits longer each time.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    scene.village.start("paca").await.unwrap();
    let back = Instant::now();
    let all = |name: &&'static str| demands.iter().all(|demand| scene.shows(name, demand, Reader::Anyone));
    eventually("all is everywhere", || NAMES.iter().all(all)).await;
    assert!(back.elapsed() <= ON_RETURN, "{:?}", back.elapsed());
    scene.agree().await;
    // What is urgent is shown before the log that it belongs to has come whole; the log follows.
    let held = |name: &str| {
        let heads = scene.village.house(name).journal.heads().unwrap();
        heads.iter().filter(|head| head.channel == Channel::Public).map(|head| head.size).sum::<u64>()
    };
    eventually("every log is whole everywhere", || NAMES.iter().all(|name| held(name) >= 15 + 3)).await;
    for name in NAMES {
        assert_eq!(held(name), 15 + 3, "none lost and none twice at {name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_while_a_network_slept_awaits_it() {
    let mut scene = Scene::open().await;
    scene.village.halt("mesclun").await;
    let demands: Vec<_> = (0..10).map(|number| scene.demand("apeas", &format!("Pendant l’absence {number}"))).collect();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    // What it enters itself while nobody hears it is not lost either.
    let own = scene.demand("mesclun", "Écrite sans réseau");
    scene.village.start("mesclun").await.unwrap();
    let back = Instant::now();
    eventually("it has what it missed", || demands.iter().all(|demand| scene.shows("mesclun", demand, Reader::Anyone)))
        .await;
    eventually("all have what it wrote", || NAMES.iter().all(|name| scene.shows(name, &own, Reader::Anyone))).await;
    assert!(back.elapsed() <= ON_RETURN, "{:?}", back.elapsed());
    scene.agree().await;
}

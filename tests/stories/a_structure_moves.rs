//! A structure of Alliance joins Mesclun: Mesclun takes its sheet in, Alliance lets it go, and at every network its old name leads to the new
//! one, with the announcements and links it had.

use pes_domain::Kind;
use pes_store::accounts::Role;
use village::{NAMES, Scene, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_changes_its_network_and_what_it_had_follows() {
    let scene = Scene::open().await;
    let old = scene.structure_of("alliance", "marmites@alliance.example", &[("name", "Les Marmites")]);
    let name = old.to_string();
    let offer = [
        ("direction", "offer"),
        ("type", "service"),
        ("title", "Des repas de quartier"),
        ("structure", &name),
        ("structure-label", "Les Marmites"),
    ];
    scene.publish("alliance", Kind::Exchange, &offer);
    for (network, email) in [("alliance", "equipe@alliance.example"), ("mesclun", "equipe@mesclun.example")] {
        scene.account(network, email, Role::Animator);
    }
    let mut mesclun = scene.browser("mesclun", "equipe@mesclun.example").await;
    let there = scene.page_at("mesclun", &old);
    shown(&mut mesclun, &there, "Des repas de quartier").await;
    let csrf = mesclun.get(&format!("{there}/accueillir")).await.unwrap().hidden("csrf").unwrap();
    mesclun.send(&format!("{there}/accueillir"), &[("csrf", csrf)]).await.unwrap();
    // Alliance hears of it, and asks nobody: what it sees is the sheet itself.
    let mut alliance = scene.browser("alliance", "equipe@alliance.example").await;
    let moves = shown(&mut alliance, "/reseau/deplacements", "Laisser partir…").await;
    let path = moves.split("href=\"").find(|link| link.starts_with("/reseau/laisser/")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    for network in NAMES {
        // Nothing has moved yet.
        shown(&mut scene.visitor(network), &scene.page_at(network, &old), "Les Marmites").await;
    }
    let csrf = alliance.get(&path).await.unwrap().hidden("csrf").unwrap();
    alliance.send(&path, &[("csrf", csrf)]).await.unwrap();
    for network in NAMES {
        let mut visitor = scene.visitor(network);
        let former = scene.page_at(network, &old);
        let mut led = None;
        for _ in 0..200 {
            let page = visitor.get(&former).await.unwrap();
            led = (page.status == 301).then(|| page.header("location").unwrap().to_owned());
            if led.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let led = led.unwrap_or_else(|| panic!("{network}: the old name leads nowhere"));
        shown(&mut visitor, &led, "Des repas de quartier").await;
    }

    scene.agree().await;
}

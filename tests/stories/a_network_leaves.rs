//! APEAS leaves PACA by its page: it sees who has erased what it gave, the platform notes that it has left, and nothing of the others stays.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_journal::roll::Standing;
use pes_store::accounts::Role;
use village::{NAMES, Scene, eventually, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_network_leaves_and_everybody_says_in_writing_that_they_have_erased() {
    let mut scene = Scene::open().await;
    scene.account("apeas", "nora@apeas.example", Role::Animator);
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Réservé-mirabelle"), ("author", "M")];
    let reserved = scene.publish("apeas", Kind::Exchange, &[fields.as_slice(), &[("audience", "affiliates")]].concat());
    let public = scene.demand("apeas", "Public");
    let theirs = scene.demand("alliance", "De l’Alliance");
    let member = Reader::MemberElsewhere;
    let is_everywhere = |name: &&str| [&reserved, &public, &theirs].iter().all(|one| scene.shows(name, one, member));
    eventually("all is everywhere", || NAMES.iter().all(is_everywhere)).await;
    scene.village.halt("mesclun").await;
    let mut nora = scene.browser("apeas", "nora@apeas.example").await;
    let hub = scene.village.house("paca").journal.identity().node_id.clone();
    let page = nora.get("/reseau").await.unwrap().body;
    assert!(page.contains(&format!("/reseau/quitter/{hub}")), "{page}");
    nora.fill(&format!("/reseau/quitter/{hub}"), &[("public-records", "keep")]).await.unwrap();
    let page = shown(&mut nora, "/reseau", "en a donné acte").await;
    assert!(page.contains("Départ en cours"));
    shown(&mut nora, "/reseau", "pas encore de réponse").await;
    eventually("who is there has erased it", || !scene.shows("alliance", &reserved, member)).await;
    assert_eq!(standing(&scene), Standing::Active, "Mesclun sleeps, and has not said anything");
    scene.village.start("mesclun").await.unwrap();
    eventually("the platform notes it", || standing(&scene) == Standing::Left).await;
    let apeas = scene.village.house("apeas").journal.clone();
    eventually("it is over", || apeas.farewells().unwrap().is_empty() && apeas.peers().unwrap().is_empty()).await;
    for name in ["paca", "alliance", "mesclun"] {
        assert!(!scene.shows(name, &reserved, member) && scene.shows(name, &public, member), "{name}");
        scene.village.house(name).journal.store().settle().unwrap();
        assert_eq!(scene.places_holding(name, "mirabelle"), Vec::<String>::new(), "{name}");
    }
    assert!(!scene.shows("apeas", &theirs, member), "what came from the others is erased here");
    assert!(!shown(&mut nora, "/reseau", "encore avec aucun autre").await.contains("Départ en cours"));
    scene.village.house("apeas").journal.verify().unwrap();
}

fn standing(scene: &Scene) -> Standing {
    let origin = scene.village.origin("apeas").as_str().to_owned();
    let roll = scene.village.house("paca").journal.roll().unwrap();
    roll.into_iter().find(|(one, _)| one.origin == origin).unwrap().1
}

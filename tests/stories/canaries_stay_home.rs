//! What may not leave a network leaves no byte of it: not on the wire, not in another node's files, not in a mail, not on the
//! page of somebody who has just signed up.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_node::demo::village::Ports;
use pes_store::accounts::Role;
use village::tap::Tap;
use village::{NAMES, Scene, eventually, holds, shown};

const PHONE: &str = "+33465719753";
const NOTE: &str = "canari-du-reseau";
const PLACE: &str = "Valdeblore";
const ADDRESS: &str = "canari-visiteur@exemple.example";
const DRAFT: &str = "canari-brouillon";
const CANARIES: [&str; 5] = [PHONE, NOTE, PLACE, ADDRESS, DRAFT];

/// Four nodes, each behind a tap.
async fn tapped() -> (Scene, Vec<Tap>) {
    let mut taps = Vec::new();
    for _ in NAMES {
        taps.push(Tap::open().await);
    }
    let mut scene = Scene::closed(&Ports::Behind(taps.iter().map(Tap::port).collect())).await;
    for (tap, name) in taps.iter().zip(NAMES) {
        tap.passes_to(scene.village.listens(name));
    }
    scene.village.start_all().await.unwrap();
    scene.village.join_all().await.unwrap();
    scene.meet().await;
    (scene, taps)
}

/// Plants a canary in each private field, beside things that do travel.
fn plant(scene: &Scene) -> pes_domain::RecordIri {
    let structure = [
        ("name", "La Volière"),
        ("description", NOTE),
        ("audience-of-description", "network"),
        ("contact-medium", "phone"),
        ("contact-value", PHONE),
        ("contact-audience", "private"),
        ("skills", "premises"),
        ("site-commune", "Nice (06088)"),
    ];
    let voliere = scene.structure_of("mesclun", "oiseau@mesclun.example", &structure);
    let person = [("given-name", "Colette"), ("place", "Valdeblore (06153)"), ("audience", "public")];
    scene.publish("mesclun", Kind::Person, &person);
    let draft =
        [("direction", "offer"), ("type", "service"), ("title", DRAFT), ("author", "M"), ("audience", "network")];
    scene.publish("mesclun", Kind::Exchange, &draft);
    voliere
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_is_on_the_wire_or_in_another_node_s_files() {
    let (scene, taps) = tapped().await;
    let voliere = plant(&scene);
    let demand = scene.demand("alliance", "Cherche un local");
    eventually("both are everywhere", || {
        NAMES
            .iter()
            .all(|name| scene.shows(name, &voliere, Reader::Anyone) && scene.shows(name, &demand, Reader::Anyone))
    })
    .await;
    answer_as_visitor(&scene, &demand).await;
    eventually("the mail to confirm", || scene.catcher.mails().iter().any(|mail| mail.to == [ADDRESS])).await;
    let all: Vec<u8> = taps.iter().flat_map(Tap::bytes).collect();
    assert!(holds(&all, "La Volière") || holds(&all, "La Voli"), "the taps hear what travels");
    for canary in CANARIES {
        assert!(!holds(&all, canary), "{canary} is on the wire");
        for name in NAMES.iter().filter(|name| **name != "mesclun") {
            assert_eq!(scene.places_holding(name, canary), Vec::<String>::new(), "{canary} at {name}");
        }
    }
    assert!(!scene.places_holding("mesclun", PHONE).is_empty(), "it is planted at home");
    for mail in scene.catcher.mails() {
        for canary in CANARIES.iter().filter(|canary| mail.to != [**canary]) {
            assert!(!mail.raw.contains(canary) && !mail.text().contains(canary), "{canary} is in a mail");
        }
    }
}

/// A visitor at mesclun answers a demand of alliance, and leaves an address.
async fn answer_as_visitor(scene: &Scene, demand: &pes_domain::RecordIri) {
    let form = format!("{}/repondre", scene.page_at("mesclun", demand));
    let answer = [("text", "Bonjour"), ("name", "Zoé"), ("email", ADDRESS)];
    let page = scene.visitor("mesclun").fill(&form, &answer).await.unwrap();
    assert_eq!(page.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_is_on_a_page_of_somebody_who_has_just_signed_up() {
    let scene = Scene::open().await;
    let voliere = plant(&scene);
    scene.account("mesclun", "nouveau@mesclun.example", Role::Citizen);
    scene.account("mesclun", "equipe@mesclun.example", Role::Animator);
    let mut citizen = scene.browser("mesclun", "nouveau@mesclun.example").await;
    let page = scene.page_at("mesclun", &voliere);
    let paths =
        ["/", "/structures", "/annonces", "/mon-espace", "/mes-avis", page.as_str(), "/structures?departement=06"];
    for path in paths {
        let body = citizen.get(path).await.unwrap().body;
        for canary in CANARIES {
            assert!(!body.contains(canary), "{canary} on {path}");
        }
    }
    for form in ["text/turtle", "application/ld+json", "application/n-quads"] {
        let graph = citizen.get_with(&page, ("Accept", form)).await.unwrap();
        assert!(graph.status == 200 && CANARIES.iter().all(|canary| !graph.body.contains(canary)), "{form}");
        assert!(!graph.body.contains("pes/ns#salt"), "the salt is in no rendering");
    }
    // The team sees all of it: the test could fail.
    let mut team = scene.browser("mesclun", "equipe@mesclun.example").await;
    let body = team.get(&page).await.unwrap().body;
    assert!(body.contains(NOTE) && body.contains("04"));
    shown(&mut team, "/annonces", DRAFT).await;
}

//! A network took an old directory over. It writes to the structures once, also over a power cut; one of them takes its sheet over, which all networks see; and no
//! address of theirs leaves the network that has it.

use pes_domain::audience::Reader;
use pes_domain::{Body, Kind, RecordIri};
use pes_node::demo::story;
use pes_store::accounts::Role;
use std::collections::BTreeSet;
use std::time::Duration;
use time::UtcDateTime;
use village::{NAMES, Scene, eventually};

/// Sheets as an import makes them: nobody's, with an address for the network.
fn imported(scene: &Scene, count: u8) -> Vec<RecordIri> {
    let sheet = |number: u8| {
        let (name, address) = (format!("Structure {number}"), format!("n{number}@etabli.example"));
        let contact = [("contact-medium", "email"), ("contact-value", address.as_str()), ("contact-note", "")];
        let fields = [("name", name.as_str()), ("is-unclaimed", "on"), ("contact-audience", "network")];
        scene.publish("mesclun", Kind::Structure, &[&fields[..], &contact].concat())
    };
    (0..count).map(sheet).collect()
}

/// What another network shows of a sheet: whether it is said to be nobody's.
fn is_unclaimed_at(scene: &Scene, node: &str, iri: &RecordIri) -> Option<bool> {
    let (store, audience) = (scene.village.house(node).journal.store(), Reader::Anyone.audience());
    let sheet = store.read(|link| pes_store::records::seen(link, &iri.to_string(), audience)).unwrap()?;
    match sheet.record.body {
        Body::Structure(one) => Some(one.is_unclaimed),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_written_to_once_and_whoever_answers_speaks_for_the_sheet_everywhere() {
    let mut scene = Scene::open().await;
    let sheets = imported(&scene, 25);
    let all_see = |scene: &Scene, is: bool| {
        NAMES.iter().all(|name| *name == "mesclun" || is_unclaimed_at(scene, name, &sheets[0]) == Some(is))
    };
    eventually("all networks show the sheet as nobody's", || all_see(&scene, true)).await;
    let begun = scene.village.house("mesclun").people.begin_campaign(UtcDateTime::now()).unwrap();
    assert_eq!(begun, 25);
    eventually("the first letters", || scene.catcher.mails().len() > 2).await;
    scene.village.halt("mesclun").await;
    scene.village.start("mesclun").await.unwrap();
    // What the power cut interrupted may be lost, and is never sent twice.
    eventually("the others after the restart", || scene.catcher.mails().len() >= 24).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mails = scene.catcher.mails();
    let to: BTreeSet<String> = mails.iter().flat_map(|mail| mail.to.clone()).collect();
    assert_eq!(to.len(), mails.len(), "nobody twice");
    let letter = mails.iter().find(|mail| mail.to == ["n0@etabli.example"]).unwrap();
    assert!(letter.header("Subject").contains("votre fiche est en ligne, reprenez-la"));
    let link = path_of(&story::link_in(letter, "/reprendre/"));
    scene.account("mesclun", "zoe@courriel.example", Role::Citizen);
    let mut zoe = scene.browser("mesclun", "zoe@courriel.example").await;
    let csrf = zoe.get(&link).await.unwrap().hidden("csrf").unwrap();
    zoe.send(&link, &[("csrf", csrf)]).await.unwrap();
    eventually("all networks show that somebody speaks for it", || all_see(&scene, false)).await;
    let edit = zoe.get(&format!("{}/modifier", scene.page_at("mesclun", &sheets[0]))).await.unwrap();
    assert_eq!(edit.status, 200);
    for name in NAMES.iter().filter(|name| **name != "mesclun") {
        assert!(scene.places_holding(name, "@etabli.example").is_empty(), "{name} has an address");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_letters_says_so_once_and_is_left_alone_by_the_next_import_too() {
    let scene = Scene::open().await;
    imported(&scene, 1);
    let people = scene.village.house("mesclun").people.clone();
    people.begin_campaign(UtcDateTime::now()).unwrap();
    eventually("the letter", || !scene.catcher.mails().is_empty()).await;
    let stop = path_of(&story::link_in(&scene.catcher.mails()[0], "/ne-plus-nous-ecrire/"));
    let mut stranger = scene.visitor("mesclun");
    let csrf = stranger.get(&stop).await.unwrap().hidden("csrf").unwrap();
    assert!(stranger.send(&stop, &[("csrf", csrf)]).await.unwrap().body.contains("entendu"));
    let again = imported(&scene, 1);
    people.begin_campaign(UtcDateTime::now()).unwrap();
    people.ask_for_claim(&again[0].to_string(), UtcDateTime::now()).unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(scene.catcher.mails().len(), 1);
}

fn path_of(link: &str) -> String {
    format!("/{}", link.splitn(4, '/').nth(3).unwrap())
}

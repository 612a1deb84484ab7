//! Zoé proposes something in Mesclun, where nobody knows her yet. The team asks her for a place, she gives it, the team publishes it, and it is
//! everywhere. In Alliance a visitor says that it is not so; Alliance's team hides it there, and Mesclun is told. What was said on the way
//! stays where it was said, and she has a mail for each answer.

use pes_domain::audience::Reader;
use pes_domain::{Kind, RecordIri};
use pes_node::demo::browser::Browser;
use pes_store::accounts::Role;
use pes_store::lists;
use pes_store::own_records::{self, Moderation};
use village::{NAMES, Scene, eventually, plain, shown};

const ASKED: &str = "Dans quelle commune, s’il vous plaît ?";
const SAID: &str = "Ce vélo est vendu depuis un mois.";
const QUEUE: &str = "/reseau/a-relire";

/// What Zoé proposed, in Mesclun.
fn waiting(scene: &Scene) -> Option<RecordIri> {
    let proposed = scene.village.house("mesclun").journal.store().read(lists::proposed).unwrap();
    proposed.into_iter().next().map(|own| own.record.iri)
}

/// How many mails with these words Zoé had.
fn mailed(scene: &Scene, words: &str) -> usize {
    let mails = scene.catcher.mails();
    mails.iter().filter(|mail| mail.to == ["zoe@mesclun.example"] && plain(&mail.text()).contains(words)).count()
}

/// Decides of the first entry of the page, as it stands there.
async fn decide(team: &mut Browser, decision: &str, sentence: &str) {
    let page = team.get(QUEUE).await.unwrap();
    let [csrf, record] = ["csrf", "record"].map(|name| page.hidden(name).unwrap());
    let fields = [("csrf", csrf), ("record", record), ("decision", decision.into()), ("sentence", sentence.into())];
    assert_eq!(team.send(QUEUE, &fields).await.unwrap().status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_about_an_entry_stays_where_it_is_said() {
    let scene = Scene::open().await;
    scene.account("mesclun", "zoe@mesclun.example", Role::Citizen);
    scene.account("mesclun", "equipe@mesclun.example", Role::Animator);
    scene.account("alliance", "equipe@alliance.example", Role::Animator);
    let mut zoe = scene.browser("mesclun", "zoe@mesclun.example").await;
    let offer = [("direction", "offer"), ("type", "product"), ("title", "Un vélo"), ("author", "Zoé")];
    zoe.fill("/nouveau/annonce", &offer).await.unwrap();
    let iri = waiting(&scene).unwrap();
    let mut team = scene.browser("mesclun", "equipe@mesclun.example").await;
    decide(&mut team, "send-back", ASKED).await;
    eventually("she is asked by mail", || mailed(&scene, ASKED) == 1).await;
    let page = scene.page_at("mesclun", &iri);
    shown(&mut zoe, &page, ASKED).await;
    let changed = [&offer[..], &[("place", "Nice")]].concat();
    zoe.fill(&format!("{page}/modifier"), &changed).await.unwrap();
    assert_eq!(waiting(&scene), Some(iri.clone()), "it waits again");
    decide(&mut team, "publish", "").await;
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &iri, Reader::Anyone))).await;
    eventually("she is told by mail", || mailed(&scene, "« Un vélo » est publiée") == 1).await;

    let there = scene.page_at("alliance", &iri);
    let mut visitor = scene.visitor("alliance");
    let said = [("cause", "outdated"), ("sentence", SAID)];
    visitor.fill(&format!("{there}/signaler"), &said).await.unwrap();
    let mut alliance = scene.browser("alliance", "equipe@alliance.example").await;
    let list = shown(&mut alliance, "/reseau/signalements", SAID).await;
    assert!(list.contains("Un vélo"));
    let csrf = alliance.get("/reseau/signalements").await.unwrap().hidden("csrf").unwrap();
    let hide = [("csrf", csrf), ("record", iri.to_string()), ("decision", "hide".into()), ("reason", "Vendu".into())];
    alliance.send("/reseau/masquer", &hide).await.unwrap();
    assert_eq!(visitor.get(&there).await.unwrap().status, 404);
    shown(&mut team, "/reseau", "Vendu").await;
    assert!(scene.shows("mesclun", &iri, Reader::Anyone), "its home decides for itself");

    scene.agree().await;
    for (words, home) in [(ASKED, "mesclun"), (SAID, "alliance")] {
        assert!(!scene.places_holding(home, words).is_empty(), "it is kept at home: the test could fail");
        for name in NAMES.iter().filter(|name| **name != home) {
            assert_eq!(scene.places_holding(name, words), Vec::<String>::new(), "{words} at {name}");
        }
    }
    let own = scene.village.house("mesclun").journal.store().read(|link| own_records::find(link, &iri.to_string()));
    let own = own.unwrap().unwrap();
    assert_eq!((own.moderation, own.record.kind()), (Moderation::Published, Kind::Exchange));
}

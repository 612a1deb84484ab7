//! Marie of Alliance Provence seeks premises in Nice. Typed once, on her own network's site, it is everywhere, and a skilled
//! structure of another network is told by mail; nobody else is.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_node::demo::story;
use village::{NAMES, Scene, eventually, plain};

/// S8 to the letter: the reason is in the mail, and those whom it does not concern got nothing.
#[tokio::test(flavor = "multi_thread")]
async fn only_those_whom_it_concerns_are_told_and_why() {
    let scene = Scene::open().await;
    let structure = |name, skills, commune| [("name", name), ("skills", skills), ("site-commune", commune)];
    scene.structure_of(
        "mesclun",
        "lieu@mesclun.example",
        &structure("La Maison des galets", "meeting-rooms", "Nice (06088)"),
    );
    scene.structure_of(
        "mesclun",
        "velo@mesclun.example",
        &structure("La Roue tourne", "bicycle-repair", "Nice (06088)"),
    );
    scene.structure_of("apeas", "loin@apeas.example", &structure("La Grange", "meeting-rooms", "Gap (05061)"));
    let demand = scene.demand("alliance", "Cherche un local à Nice");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    eventually("the mail is there", || !scene.catcher.mails().is_empty()).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let mails = scene.catcher.mails();
    assert_eq!(mails.iter().map(|mail| mail.to.join(",")).collect::<Vec<_>>(), ["lieu@mesclun.example"]);
    assert!(
        plain(&mails[0].text()).contains("Parce que la fiche de La Maison des galets indique « Salles de réunion »")
    );
    assert!(mails[0].header("List-Unsubscribe-Post").contains("One-Click"));
    // The bell on the page says the same, and is rung once.
    let mut browser = scene.browser("mesclun", "lieu@mesclun.example").await;
    assert!(browser.get("/mon-espace").await.unwrap().body.contains("class=\"bell\""));
    assert!(browser.get("/mes-avis").await.unwrap().body.contains("Cherche un local à Nice"));
    assert!(!browser.get("/mon-espace").await.unwrap().body.contains("class=\"bell\""));
}

/// A visitor without an account answers from another network's site; the address never leaves that node.
#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_answers_from_another_network() {
    let scene = Scene::open().await;
    scene.structure_of("alliance", "marie@alliance.example", &[("name", "Le Lopin")]);
    let marie = scene.account("alliance", "marie2@alliance.example", pes_store::accounts::Role::Citizen);
    let fields = [("direction", "demand"), ("type", "service"), ("title", "Cherche un local"), ("author", "Marie")];
    let demand = scene.save("alliance", Kind::Exchange, &fields, Some(&marie));
    eventually("mesclun shows it", || scene.shows("mesclun", &demand, Reader::Anyone)).await;
    let mut visitor = scene.visitor("mesclun");
    let form = format!("{}/repondre", scene.page_at("mesclun", &demand));
    let answer = [("text", "J’ai une salle."), ("name", "Zoé"), ("email", "zoe@exemple.example")];
    assert!(visitor.fill(&form, &answer).await.unwrap().body.contains("Regardez votre messagerie"));
    eventually("the mail to confirm", || scene.catcher.mails().len() == 1).await;
    let link = story::link_in(&scene.catcher.mails()[0], "/reponses/");
    // A scanner that opens the link sends nothing.
    let page = scene.visitor("mesclun").get(&path_of(&link)).await.unwrap();
    assert!(page.body.contains("pas encore parti"));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(scene.catcher.mails().len(), 1);
    let confirm = format!("{}/confirmer", path_of(&link));
    let mut zoe = scene.visitor("mesclun");
    let csrf = zoe.get(&path_of(&link)).await.unwrap().hidden("csrf").unwrap();
    zoe.send(&confirm, &[("csrf", csrf)]).await.unwrap();
    eventually("Marie is told", || scene.catcher.mails().iter().any(|mail| mail.to == ["marie2@alliance.example"]))
        .await;
    let told = scene.catcher.mails().into_iter().find(|mail| mail.to == ["marie2@alliance.example"]).unwrap();
    assert!(!told.raw.contains("zoe@exemple.example"));
    let link = story::link_in(&told, "/reponses/");
    let page = scene.visitor("alliance").get(&path_of(&link)).await.unwrap();
    assert!(page.body.contains("J’ai une salle.") && !page.body.contains("zoe@exemple.example"));
    assert!(scene.places_holding("alliance", "zoe@exemple.example").is_empty());
}

fn path_of(link: &str) -> String {
    format!("/{}", link.splitn(4, '/').nth(3).unwrap())
}

//! Who is told, and how, is each one's own choice: people by their own declaration, at once or never, once and not again.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_store::accounts::Role;
use village::{NAMES, Scene, eventually, plain, shown};

/// Somebody who belongs to no structure declares a skill, and is told by that alone.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_told_by_their_own_declaration() {
    let scene = Scene::open().await;
    scene.account("mesclun", "colette@mesclun.example", Role::Citizen);
    let mut colette = scene.browser("mesclun", "colette@mesclun.example").await;
    let sheet = [("given-name", "Colette"), ("skills", "meeting-rooms"), ("place", "Nice"), ("audience", "private")];
    assert!(colette.fill("/nouveau/personne", &sheet).await.unwrap().status == 200);
    scene.demand("alliance", "Cherche un local à Nice");
    eventually("the mail is there", || !scene.catcher.mails().is_empty()).await;
    let mail = &scene.catcher.mails()[0];
    assert_eq!(mail.to, ["colette@mesclun.example"]);
    assert!(plain(&mail.text()).contains("Parce que votre fiche indique « Salles de réunion »"));
    assert!(scene.places_holding("alliance", "Colette").is_empty(), "her sheet stayed at home");
}

/// Who wants no mail gets none; the bell on the page rings all the same.
#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_mail_gets_none_and_still_sees_the_notice() {
    let scene = Scene::open().await;
    let fields = [("name", "La Maison"), ("skills", "premises"), ("site-commune", "Nice (06088)")];
    scene.structure_of("mesclun", "lieu@mesclun.example", &fields);
    let mut lieu = scene.browser("mesclun", "lieu@mesclun.example").await;
    let csrf = lieu.get("/mon-espace").await.unwrap().hidden("csrf").unwrap();
    lieu.send("/mes-preferences", &[("csrf", csrf), ("mails", "never".into())]).await.unwrap();
    scene.demand("alliance", "Cherche un local à Nice");
    shown(&mut lieu, "/mes-avis", "Cherche un local à Nice").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(scene.catcher.mails().is_empty());
}

/// The button behind a mail's link, and the mail program's own, stop the mails; opening the link does not.
#[tokio::test(flavor = "multi_thread")]
async fn one_click_in_the_mail_program_ends_the_mails() {
    let scene = Scene::open().await;
    let fields = [("name", "La Maison"), ("skills", "premises"), ("site-commune", "Nice (06088)")];
    scene.structure_of("mesclun", "lieu@mesclun.example", &fields);
    scene.demand("alliance", "Premier local");
    eventually("the first mail", || scene.catcher.mails().len() == 1).await;
    let header = scene.catcher.mails()[0].header("List-Unsubscribe");
    let link = header.trim_matches(['<', '>']).to_owned();
    let path = format!("/{}", link.splitn(4, '/').nth(3).unwrap());
    let mut program = scene.visitor("mesclun");
    assert_eq!(program.get(&path).await.unwrap().status, 200);
    scene.demand("alliance", "Deuxième local");
    eventually("the second mail", || scene.catcher.mails().len() == 2).await;
    assert_eq!(program.send(&path, &[("List-Unsubscribe", "One-Click".into())]).await.unwrap().status, 200);
    let third = scene.demand("alliance", "Troisième local");
    eventually("it is known", || scene.shows("mesclun", &third, Reader::Anyone)).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(scene.catcher.mails().len(), 2);
}

/// An edit that widens a demand tells those it did not concern before, and nobody twice.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_tells_those_it_newly_concerns_and_nobody_twice() {
    let scene = Scene::open().await;
    let fields = |name, skill| [("name", name), ("skills", skill), ("site-commune", "Nice (06088)")];
    scene.structure_of("mesclun", "lieu@mesclun.example", &fields("La Maison", "premises"));
    scene.structure_of("mesclun", "four@mesclun.example", &fields("Le Fournil", "baking"));
    scene.structure_of("alliance", "marie@alliance.example", &[("name", "Le Lopin")]);
    let mut marie = scene.browser("alliance", "marie@alliance.example").await;
    let structure = pes_node::demo::story::first_choice(&marie.get("/nouveau/annonce").await.unwrap());
    let base = [
        ("direction", "demand"),
        ("type", "service"),
        ("title", "Local et four"),
        ("structure", structure.as_str()),
        ("skills", "premises"),
        ("place", "Nice"),
    ];
    let page = marie.fill("/nouveau/annonce", &base).await.unwrap();
    eventually("the first is told", || scene.catcher.mails().len() == 1).await;
    let record = pes_node::demo::story::canonical(&page);
    let path = record.strip_prefix(marie.origin()).unwrap().to_owned();
    let wider = [base.as_slice(), &[("skills", "baking")]].concat();
    let saved = marie.fill(&format!("{path}/modifier"), &wider).await.unwrap();
    assert!(saved.body.contains("Vos modifications sont enregistrées"), "{}", saved.status);
    eventually("the second is told", || scene.catcher.mails().len() == 2).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let mut told: Vec<String> = scene.catcher.mails().iter().flat_map(|mail| mail.to.clone()).collect();
    told.sort();
    assert_eq!(told, ["four@mesclun.example", "lieu@mesclun.example"]);
}

/// A free tag is the same tag on every node.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_word_on_two_nodes_is_the_same_tag() {
    let scene = Scene::open().await;
    let offer = |title| {
        [("direction", "offer"), ("type", "service"), ("title", title), ("author", "M"), ("tags", "Vélo cargo")]
    };
    let both = ["apeas", "mesclun"].map(|name| scene.publish(name, Kind::Exchange, &offer(name)));
    let shown_at = |name: &&str| both.iter().all(|one| scene.shows(name, one, Reader::Anyone));
    eventually("both are known", || NAMES.iter().all(shown_at)).await;
    let mut visitor = scene.visitor("alliance");
    for name in ["apeas", "mesclun"] {
        shown(&mut visitor, "/tag/velo-cargo", &format!(">{name}</a>")).await;
    }
    assert_eq!(visitor.get("/tag/V%C3%A9lo").await.unwrap().status, 404);
}

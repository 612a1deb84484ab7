//! What else passes between networks: answers that wait for a node that is away, narrowing, hiding, and what is proposed.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_store::accounts::Role;
use pes_store::own_records::{self, Moderation};
use time::UtcDateTime;
use village::{NAMES, Scene, eventually, shown};

/// An answer typed while the other network is away waits, and arrives once when it is back.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_waits_for_a_network_that_is_away() {
    let mut scene = Scene::open().await;
    let marie = scene.account("alliance", "marie@alliance.example", Role::Citizen);
    let fields = [("direction", "demand"), ("type", "service"), ("title", "Cherche un local"), ("author", "Marie")];
    let demand = scene.save("alliance", Kind::Exchange, &fields, Some(&marie));
    eventually("mesclun shows it", || scene.shows("mesclun", &demand, Reader::Anyone)).await;
    scene.village.halt("alliance").await;
    scene.account("mesclun", "karim@mesclun.example", Role::Citizen);
    let mut karim = scene.browser("mesclun", "karim@mesclun.example").await;
    let form = format!("{}/repondre", scene.page_at("mesclun", &demand));
    let sent = karim.fill(&form, &[("text", "J’ai ce qu’il vous faut.")]).await.unwrap();
    assert!(sent.body.contains("Votre réponse est partie"));
    let people = scene.village.house("mesclun").people.clone();
    eventually("a try has failed", || {
        people.letters_due(UtcDateTime::now() + time::Duration::DAY).unwrap()[0].failures > 0
    })
    .await;
    scene.village.start("alliance").await.unwrap();
    eventually("Marie is told", || scene.catcher.mails().iter().any(|mail| mail.to == ["marie@alliance.example"]))
        .await;
    eventually("nothing waits", || people.letters_due(UtcDateTime::now() + time::Duration::DAY).unwrap().is_empty())
        .await;
    assert_eq!(scene.catcher.mails().len(), 1);
}

/// Narrowing an audience withdraws the record from the wider one everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_narrowed_is_withdrawn_from_the_wider_audience() {
    let scene = Scene::open().await;
    let demand = scene.demand("apeas", "D’abord pour tous");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    save_for(&scene, &demand, "affiliates");
    eventually("visitors no longer see it", || NAMES.iter().all(|name| !scene.shows(name, &demand, Reader::Anyone)))
        .await;
    eventually("members do", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::MemberElsewhere))).await;
    save_for(&scene, &demand, "network");
    eventually("nobody elsewhere sees it", || {
        NAMES.iter().all(|name| !scene.shows(name, &demand, Reader::MemberElsewhere))
    })
    .await;
    scene.agree().await;
}

fn save_for(scene: &Scene, demand: &pes_domain::RecordIri, audience: &str) {
    let journal = &scene.village.house("apeas").journal;
    let own = journal.store().read(|link| own_records::find(link, &demand.to_string())).unwrap().unwrap();
    let audience = pes_domain::Audience::named(audience).unwrap();
    let record = pes_domain::Record { audience, modified: UtcDateTime::now(), ..own.record };
    journal.save(record, Moderation::Published, None, UtcDateTime::now()).unwrap();
}

/// An animator hides a record from elsewhere: here at once, nowhere else; its home is told, and digests stay.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_here_stays_elsewhere_and_its_home_is_told() {
    let scene = Scene::open().await;
    let demand = scene.demand("apeas", "Déplacée");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &demand, Reader::Anyone))).await;
    scene.account("mesclun", "equipe@mesclun.example", Role::Animator);
    scene.account("apeas", "equipe@apeas.example", Role::Animator);
    let mut team = scene.browser("mesclun", "equipe@mesclun.example").await;
    let page = scene.page_at("mesclun", &demand);
    let csrf = team.get(&page).await.unwrap().hidden("csrf").unwrap();
    let hide =
        [("csrf", csrf), ("record", demand.to_string()), ("decision", "hide".into()), ("reason", "hors sujet".into())];
    assert_eq!(team.send("/reseau/masquer", &hide).await.unwrap().status, 303);
    assert_eq!(scene.visitor("mesclun").get(&page).await.unwrap().status, 404);
    assert!(!scene.visitor("mesclun").get("/annonces").await.unwrap().body.contains("Déplacée"));
    assert_eq!(scene.visitor("alliance").get(&scene.page_at("alliance", &demand)).await.unwrap().status, 200);
    let mut home = scene.browser("apeas", "equipe@apeas.example").await;
    let body = shown(&mut home, "/reseau", "masquée là-bas").await;
    assert!(body.contains("hors sujet") && body.contains("Mesclun"));
    scene.agree().await;
}

/// A citizen's announcement is proposed: nobody elsewhere has it before an animator publishes it, with one button.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_citizen_proposes_leaves_when_an_animator_publishes_it() {
    let scene = Scene::open().await;
    scene.account("apeas", "zoe@apeas.example", Role::Citizen);
    scene.account("apeas", "equipe@apeas.example", Role::Animator);
    let mut zoe = scene.browser("apeas", "zoe@apeas.example").await;
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Cours de couture"), ("author", "Zoé")];
    let page = zoe.fill("/nouveau/annonce", &fields).await.unwrap();
    assert!(page.body.contains("relit avant de la publier"));
    let iri = pes_domain::RecordIri::read(&pes_node::demo::story::canonical(&page)).unwrap();
    let mut team = scene.browser("apeas", "equipe@apeas.example").await;
    let queue = team.get("/reseau/a-relire").await.unwrap();
    assert!(queue.body.contains("Cours de couture"));
    assert!(NAMES.iter().all(|name| !scene.shows(name, &iri, Reader::Anyone)));
    let [csrf, record] = ["csrf", "record"].map(|name| queue.hidden(name).unwrap());
    let publish = [("csrf", csrf), ("record", record), ("decision", "publish".into())];
    team.send("/reseau/a-relire", &publish).await.unwrap();
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &iri, Reader::Anyone))).await;
}

/// A structure nobody has claimed gets no mail; the animator sees that a demand concerns it.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_structure_nobody_has_claimed_the_animator_hears() {
    let scene = Scene::open().await;
    let fields = [
        ("name", "Le Cabanon"),
        ("skills", "premises"),
        ("site-commune", "Nice (06088)"),
        ("contact-medium", "email"),
        ("contact-value", "contact@cabanon.example"),
    ];
    scene.publish("mesclun", Kind::Structure, &fields);
    scene.account("mesclun", "equipe@mesclun.example", Role::Animator);
    scene.demand("alliance", "Cherche un local à Nice");
    let mut team = scene.browser("mesclun", "equipe@mesclun.example").await;
    let body = shown(&mut team, "/reseau", "Cherche un local à Nice").await;
    assert!(body.contains("Le Cabanon"));
    assert!(scene.catcher.mails().is_empty());
}

/// Somebody asks to belong to a structure; once confirmed they write in its name, and their name shows where both agree.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_joins_a_structure_and_writes_in_its_name() {
    let scene = Scene::open().await;
    let structure = scene.publish("apeas", Kind::Structure, &[("name", "L’Établi")]);
    let account = scene.account("apeas", "hugo@apeas.example", Role::Citizen);
    scene.account("apeas", "equipe@apeas.example", Role::Animator);
    let mut hugo = scene.browser("apeas", "hugo@apeas.example").await;
    let page = scene.page_at("apeas", &structure);
    let asked =
        hugo.fill(&format!("{page}/rejoindre"), &[("role", "treasurer"), ("person-agrees", "on")]).await.unwrap();
    assert!(asked.body.contains("transmise à l’équipe"));
    let mut team = scene.browser("apeas", "equipe@apeas.example").await;
    let csrf = team.get("/reseau").await.unwrap().hidden("csrf").unwrap();
    let right = format!("{account} {structure}");
    let confirm = [("csrf", csrf), ("right", right), ("may-edit", "on".into()), ("decision", "confirm".into())];
    team.send("/reseau/droit", &confirm).await.unwrap();
    let mut visitor = scene.visitor("mesclun");
    shown(&mut visitor, &scene.page_at("mesclun", &structure), "hugo").await;
    let own = structure.to_string();
    let fields = [("title", "Menuisier"), ("contract", "cdi"), ("employer", own.as_str())];
    let job = hugo.fill("/nouveau/emploi", &fields).await.unwrap();
    assert!(job.body.contains("C’est publié"), "{}", job.status);
}

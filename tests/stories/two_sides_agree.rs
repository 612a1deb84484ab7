//! A structure of Alliance says that one of Mesclun supplies it. Both pages tell it, at every network, as not confirmed; the other side
//! confirms it at home, and everybody sees that; it takes its word back, and everybody sees that too.

use pes_domain::Kind;
use village::{NAMES, Scene, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_relation_is_confirmed_from_the_other_network_and_unconfirmed_again() {
    let scene = Scene::open().await;
    let cuisine = scene.structure_of("alliance", "cuisine@alliance.example", &[("name", "Les Marmites")]);
    let panier = scene.structure_of("mesclun", "panier@mesclun.example", &[("name", "Les Paniers")]);
    let (subject, object) = (cuisine.to_string(), panier.to_string());
    let fields = [
        ("relation-kind", "regular-supplier"),
        ("subject", subject.as_str()),
        ("subject-label", "Les Marmites"),
        ("object", object.as_str()),
        ("object-label", "Les Paniers"),
    ];
    let relation = scene.publish("alliance", Kind::Relation, &fields);
    for name in NAMES {
        for (structure, words) in [(&cuisine, "A pour fournisseur régulier"), (&panier, "Fournit régulièrement")] {
            let page = scene.page_at(name, structure);
            let body = shown(&mut scene.visitor(name), &page, words).await;
            assert!(body.contains("pas encore confirmé"), "{name}");
        }
    }
    let mut browser = scene.browser("mesclun", "panier@mesclun.example").await;
    let page = scene.page_at("mesclun", &panier);
    let csrf = browser.get(&page).await.unwrap().hidden("csrf").unwrap();
    let answer = [("csrf", csrf.clone()), ("record", relation.to_string()), ("answer", "confirms".into())];
    browser.send("/accord", &answer).await.unwrap();
    for name in NAMES {
        for structure in [&cuisine, &panier] {
            shown(&mut scene.visitor(name), &scene.page_at(name, structure), "confirmed\">confirmé").await;
        }
    }
    let accord = browser.get(&page).await.unwrap().hidden("accord").unwrap();
    browser.send("/accord/retirer", &[("csrf", csrf), ("accord", accord)]).await.unwrap();
    for name in NAMES {
        shown(&mut scene.visitor(name), &scene.page_at(name, &cuisine), "pas encore confirmé").await;
    }
    scene.agree().await;
}

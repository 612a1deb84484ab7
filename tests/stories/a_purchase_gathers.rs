//! A group purchase that is typed on one network gathers those who take part on three, to its threshold, and everybody sees how far it
//! has come. Who takes their part back is gone everywhere.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use village::{NAMES, Scene, eventually, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_gathers_three_networks_to_its_threshold() {
    let scene = Scene::open().await;
    let fields = [
        ("direction", "demand"),
        ("type", "product"),
        ("title", "Isolant en chanvre"),
        ("author", "Zoé"),
        ("unit", "palettes"),
        ("threshold", "10"),
        ("quantity", "2,5"),
    ];
    let purchase = scene.publish("apeas", Kind::Exchange, &fields);
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &purchase, Reader::Anyone))).await;
    for (node, email, quantity) in
        [("alliance", "lopin@alliance.example", "3"), ("mesclun", "lieu@mesclun.example", "4,5")]
    {
        let structure = scene.structure_of(node, email, &[("name", &format!("Structure de {node}"))]).to_string();
        let mut browser = scene.browser(node, email).await;
        let page = scene.page_at(node, &purchase);
        let csrf = browser.get(&page).await.unwrap().hidden("csrf").unwrap();
        let record = purchase.to_string();
        let fields = [
            ("csrf", csrf),
            ("record", record),
            ("answer", "takes-part".into()),
            ("by", structure),
            ("quantity", quantity.into()),
        ];
        browser.send("/accord", &fields).await.unwrap();
    }
    for name in NAMES {
        let page = scene.page_at(name, &purchase);
        let body = shown(&mut scene.visitor(name), &page, "10 palettes sur 10 : le seuil est atteint").await;
        assert!(body.contains("Structure de alliance") && body.contains("Structure de mesclun"), "{name}");
    }
    let mut browser = scene.browser("alliance", "lopin@alliance.example").await;
    let page = browser.get(&scene.page_at("alliance", &purchase)).await.unwrap();
    let fields = [("csrf", page.hidden("csrf").unwrap()), ("accord", page.hidden("accord").unwrap())];
    browser.send("/accord/retirer", &fields).await.unwrap();
    for name in NAMES {
        shown(&mut scene.visitor(name), &scene.page_at(name, &purchase), "7 palettes sur 10").await;
    }
    scene.agree().await;
}

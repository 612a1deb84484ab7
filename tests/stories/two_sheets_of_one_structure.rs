//! Alliance and Mesclun both have a sheet of one cooperative. Mesclun's team is shown the two side by side and says that they are one: both pages
//! say so at every network. It takes its word back, and no page says it any more.

use pes_domain::Kind;
use pes_domain::audience::Reader;
use pes_store::accounts::Role;
use village::{NAMES, PATIENCE, Scene, eventually, shown};

#[tokio::test(flavor = "multi_thread")]
async fn two_sheets_of_one_structure_are_linked_everywhere_and_unlinked_again() {
    let scene = Scene::open().await;
    let fields = |name: &'static str| [("name", name), ("siret", "73282932000074"), ("site-commune", "Nice (06088)")];
    let theirs = scene.publish("alliance", Kind::Structure, &fields("La Volière"));
    let ours = scene.publish("mesclun", Kind::Structure, &fields("Coopérative La Volière"));
    // What is for Mesclun's own people is linked for them alone.
    let inner = scene.publish(
        "mesclun",
        Kind::Structure,
        &[&fields("Volière, brouillon")[..], &[("audience", "network")]].concat(),
    );
    scene.account("mesclun", "nora@mesclun.example", Role::Animator);
    for name in NAMES {
        for iri in [&ours, &theirs] {
            eventually("both are there", || scene.shows(name, iri, Reader::Anyone)).await;
        }
    }
    let mut nora = scene.browser("mesclun", "nora@mesclun.example").await;
    shown(&mut nora, "/reseau/doublons", "le même SIRET").await;
    let csrf = nora.get("/reseau/doublons").await.unwrap().hidden("csrf").unwrap();
    for (one, other) in [(&ours, &theirs), (&inner, &theirs)] {
        let form = [
            ("csrf", csrf.clone()),
            ("one", one.to_string()),
            ("other", other.to_string()),
            ("decision", "same".to_owned()),
        ];
        nora.send("/reseau/doublons", &form).await.unwrap();
    }
    for name in NAMES {
        for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
            let link = format!("href=\"{}\"", scene.page_at(name, other));
            let page = shown(&mut scene.visitor(name), &scene.page_at(name, one), &link).await;
            assert!(page.contains("Mesclun") && !page.contains(&inner.to_string()), "{name}");
            let inner = scene.page_at(name, &inner);
            assert!(!page.contains(&inner), "{name}");
        }
    }
    scene.agree().await;
    let linked = nora.get("/reseau/doublons?vue=liees").await.unwrap().body;
    for accord in linked.split("name=\"accord\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let form = [("csrf", csrf.clone()), ("accord", accord.to_owned()), ("decision", "unlink".to_owned())];
        nora.send("/reseau/doublons", &form).await.unwrap();
    }
    for name in NAMES {
        for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
            let link = format!("href=\"{}\"", scene.page_at(name, other));
            let (page, begun) = (scene.page_at(name, one), std::time::Instant::now());
            while scene.visitor(name).get(&page).await.unwrap().body.contains(&link) {
                assert!(begun.elapsed() < PATIENCE, "{name} still links {one}");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
    scene.agree().await;
}

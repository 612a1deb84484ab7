//! What is not published is told to those who may change it, and to nobody else. Who sees what is published: `canaries.rs`.

use crate::bed::{Bed, Browser};
use pes_domain::{Audience, Kind};

type Fields = &'static [(&'static str, &'static str)];

/// A kind: its canary as its title, what it needs besides, and the list that shows it.
const KINDS: [(Kind, Fields, &str); 8] = [
    (Kind::Structure, &[("name", "Canari")], "/structures"),
    (
        Kind::Exchange,
        &[("title", "Canari"), ("direction", "offer"), ("type", "service"), ("author", "Zoé")],
        "/annonces",
    ),
    (Kind::Job, &[("title", "Canari"), ("contract", "cdi"), ("employer-label", "La Volière")], "/emplois"),
    (Kind::Call, &[("title", "Canari"), ("call-type", "call-for-partners"), ("bearer-label", "La Volière")], "/appels"),
    (Kind::Article, &[("title", "Canari"), ("author", "Zoé")], "/actualites"),
    (Kind::Product, &[("title", "Canari"), ("provider-label", "La Volière")], "/produits"),
    (Kind::Document, &[("title", "Canari"), ("document-kind", "guide"), ("author", "Zoé")], "/ressources"),
    (
        Kind::Event,
        &[("title", "Canari"), ("occurrence-date", "2031-05-06"), ("organisers-label", "La Volière")],
        "/agenda?mois=2031-05",
    ),
];

/// A record of this kind and audience.
fn fields(kind: Fields, audience: Audience) -> Vec<(&'static str, &'static str)> {
    kind.iter().copied().chain([("audience", audience.as_str()), ("tags", "canari-bleu")]).collect()
}

/// Whether a record is told at a record's page, in its list, and under its tag.
async fn told(browser: &mut Browser, page: &str, list: &str) -> [bool; 3] {
    let on_page = browser.get(page).await.status == 200;
    let in_list = browser.get(list).await.is(200).says("Canari");
    let by_tag = browser.get("/tag/canari-bleu").await.is(200).says("Canari");
    [on_page, in_list, by_tag]
}

/// A withdrawn record, one that waits and one that was refused are there for those who may change them, and for nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_published_is_told_to_nobody_else() {
    for (kind, typed, list) in KINDS {
        let bed = Bed::new().await;
        let iri = bed.publish(kind, &fields(typed, Audience::Public));
        let page = bed.page(&iri);
        let mut nora = bed.animator().await;
        let form = nora.get(&format!("{page}/modifier")).await.is(200);
        nora.send(&form, &format!("{page}/retirer"), &[]).await.to(&format!("{page}?fait=retire"));
        assert_eq!(told(&mut bed.browser(), &page, list).await, [false; 3], "{kind:?}");
        let mut member = bed.member("Marie").await;
        assert_eq!(told(&mut member, &page, list).await, [false; 3], "{kind:?}");
        assert_eq!(nora.get(&page).await.status, 200, "{kind:?}");
    }
}

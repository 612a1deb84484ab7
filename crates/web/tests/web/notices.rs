//! Notices on the pages: who is told of what and why, what is new, and what may no longer be told.

use crate::bed::{Bed, Browser, demand};
use pes_domain::{Kind, RecordIri};
use pes_store::own_records::Moderation;

/// Masons in Nice, and the browser of somebody who edits their sheet.
async fn masons(bed: &Bed) -> (RecordIri, Browser) {
    let fields = [("name", "Les Maçons"), ("skills", "masonry"), ("site-commune", "Nice")];
    let structure = bed.publish(Kind::Structure, &fields);
    let paul = bed.editor("Paul", &structure).await;
    (structure, paul)
}

fn wall(bed: &Bed, more: &[(&str, &str)]) -> RecordIri {
    bed.publish(Kind::Exchange, &[&demand("Monter un mur")[..], &[("skills", "building")], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_says_why_and_is_new_until_it_was_seen() {
    let bed = Bed::new().await;
    let (_, mut paul) = masons(&bed).await;
    let iri = wall(&bed, &[("place", "Nice")]);
    assert!(paul.get("/").await.body.contains("class=\"bell\""));
    let page = paul.get("/mes-avis").await.is(200);
    assert!(page.says(&format!("<a href=\"{}\">Monter un mur</a>", bed.page(&iri))));
    assert!(
        page.says("Parce que la fiche de Les Maçons indique « Maçonnerie » (proche de « Bâtiment »)"),
        "{}",
        page.body
    );
    assert!(page.says("Par le réseau Réseau d’ici") && page.says("<p class=\"badge\">Nouveau</p>"));
    assert!(!paul.get("/").await.body.contains("class=\"bell\""));
    assert!(!paul.get("/mes-avis").await.says("<p class=\"badge\">Nouveau</p>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_are_one_s_own() {
    let bed = Bed::new().await;
    let (_, mut paul) = masons(&bed).await;
    wall(&bed, &[]);
    bed.browser().get("/mes-avis").await.is(401);
    let mut marie = bed.member("Marie").await;
    assert!(marie.get("/mes-avis").await.is(200).says("Rien pour le moment."));
    assert!(!marie.get("/").await.body.contains("class=\"bell\""));
    assert!(paul.get("/mes-avis").await.says("Monter un mur"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_or_deleted_is_in_no_notice_any_more() {
    let bed = Bed::new().await;
    let (_, mut paul) = masons(&bed).await;
    let (withdrawn, deleted) = (wall(&bed, &[]), wall(&bed, &[]));
    let now = time::UtcDateTime::now();
    bed.journal.save(bed.own(&withdrawn).unwrap().record, Moderation::Draft, None, now).unwrap();
    bed.journal.delete(&deleted, None, now).unwrap();
    let page = paul.get("/mes-avis").await.is(200);
    assert!(!page.says("Monter un mur"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_from_elsewhere_tells_people_here_until_it_is_hidden() {
    let bed = Bed::new().await;
    let (_, mut paul) = masons(&bed).await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &[&demand("Mur d’ailleurs")[..], &[("skills", "masonry")]].concat());
    bed.hears(&other);
    let page = paul.get("/mes-avis").await.is(200);
    assert!(page.says("Mur d’ailleurs") && page.says("Par le réseau Réseau d’ailleurs"));
    let mut nora = bed.animator().await;
    let shown = nora.get(&bed.page(&iri)).await;
    nora.send(&shown, "/reseau/masquer", &[("decision", "hide")]).await.is(303);
    assert!(!paul.get("/mes-avis").await.says("Mur d’ailleurs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_a_structure_nobody_has_claimed_is_for_the_animators() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "Les Maçons"), ("skills", "masonry"), ("site-commune", "Nice")]);
    let iri = wall(&bed, &[]);
    let page = bed.animator().await.get("/reseau").await.is(200);
    assert!(page.says(&format!("<a href=\"{}\">Monter un mur</a> → Les Maçons", bed.page(&iri))), "{}", page.body);
}

//! What animators choose: what this site shows of other networks, and for whom new records are at first.

use crate::bed::{Bed, Browser, demand};
use pes_domain::{Audience, Kind};

/// Whether a visitor finds a record in the list and at its page, and may answer it.
async fn found(bed: &Bed, visitor: &mut Browser, iri: &pes_domain::RecordIri, title: &str) -> [bool; 3] {
    let page = bed.page(iri);
    let listed = visitor.get("/annonces").await.is(200).says(title);
    let answer = visitor.get(&format!("{page}/repondre")).await;
    [listed, visitor.get(&page).await.status == 200, answer.status == 200]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_in_no_list_has_no_page_and_takes_no_answer() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let theirs = other.publish(Kind::Exchange, &demand("Un four d’ailleurs"));
    let ours = bed.demand("Un four d’ici");
    bed.hears(&other);
    let (mut visitor, mut nora) = (bed.browser(), bed.animator().await);
    assert_eq!(found(&bed, &mut visitor, &theirs, "Un four d’ailleurs").await, [true; 3]);
    let page = nora.get("/reseau/montrer").await.is(200);
    assert!(page.says("Réseau d’ailleurs") && page.says("Annonce"), "{}", page.body);
    assert!(!page.says("Qui verra ce champ"), "a choice of animators is seen by nobody");
    let without = [("without-networks", other.journal.identity().origin.as_str())];
    nora.fill("/reseau/montrer", &without).await.to("/reseau?fait=montre");
    assert_eq!(found(&bed, &mut visitor, &theirs, "Un four d’ailleurs").await, [false; 3]);
    assert_eq!(found(&bed, &mut nora, &theirs, "Un four d’ailleurs").await, [false; 3], "for nobody");
    assert_eq!(found(&bed, &mut visitor, &ours, "Un four d’ici").await, [true; 3]);
    assert!(nora.get("/reseau").await.says("qu’une partie de ce que publient"));
    // The box is ticked when one comes back, and unticking it is enough.
    let page = nora.get("/reseau/montrer").await;
    let mut all = page.form("/reseau/montrer");
    assert!(all.iter().any(|(name, _)| name == "without-networks"));
    all.retain(|(name, _)| name != "without-networks");
    nora.post("/reseau/montrer", &all, &[]).await.to("/reseau?fait=montre");
    assert_eq!(found(&bed, &mut visitor, &theirs, "Un four d’ailleurs").await, [true; 3]);
    assert!(nora.get("/reseau").await.says("Nous montrons tout"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_is_none_is_told_beside_its_field() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let page = nora.fill("/reseau/montrer", &[("areas", "Nulle-Part-les-Bains")]).await.is(422);
    assert!(page.says("Il reste quelque chose à corriger") && page.says("Nulle-Part-les-Bains"));
    assert!(bed.journal.takes().unwrap().is_everything());
    nora.fill("/reseau/donner", &[("gives-person", "public")]).await.is(422);
    for path in ["/reseau/montrer", "/reseau/donner"] {
        bed.citizen(if path.ends_with('r') && path.contains("mon") { "Zoé" } else { "Léo" })
            .await
            .get(path)
            .await
            .is(403);
        bed.browser().get(path).await.is(401);
    }
    let forged = [("csrf".to_owned(), "x".to_owned()), ("kinds".to_owned(), "job".to_owned())];
    nora.post("/reseau/montrer", &forged, &[]).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_record_begins_with_what_the_network_gives_and_says_so() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let page = nora.get("/nouveau/annonce").await.is(200);
    assert!(page.says("visible par : Tout le monde") && page.says("visible tout de suite dans tous les réseaux"));
    nora.fill("/reseau/donner", &[("gives-exchange", "network")]).await.to("/reseau?fait=donne");
    let page = nora.get("/nouveau/annonce").await.is(200);
    assert!(page.says("visible par : Les membres de notre réseau seulement"), "{}", page.body);
    assert!(!page.says("visible tout de suite dans tous les réseaux"), "what no longer holds is not said");
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Un cours"), ("author", "Nora")];
    nora.fill("/nouveau/annonce", &fields).await.is(303);
    // A form that says nothing of it begins there too.
    let mut bare = page.form("/nouveau/annonce");
    bare.retain(|(name, _)| name != "audience" && !fields.iter().any(|(field, _)| field == name));
    bare.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    nora.post("/nouveau/annonce", &bare, &[]).await.is(303);
    // And who writes it may say otherwise.
    nora.fill("/nouveau/annonce", &[fields.as_slice(), &[("audience", "public")]].concat()).await.is(303);
    let all = bed.all(Kind::Exchange, pes_store::own_records::Moderation::Published);
    let mut audiences: Vec<Audience> = all.iter().map(|own| own.record.audience).collect();
    audiences.sort();
    assert_eq!(audiences, [Audience::Network, Audience::Network, Audience::Public]);
    assert!(nora.get("/nouveau/emploi").await.says("visible par : Tout le monde"));
}

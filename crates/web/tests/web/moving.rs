//! A structure moves to another network: taken in here, let go there; and nothing moves without both.

use crate::bed::{Bed, Browser, Elsewhere, Page};
use pes_domain::{Audience, Body, Kind, Record, RecordIri};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::refused_moves;
use time::UtcDateTime;

const MOVES: &str = "/reseau/deplacements";
/// A picture as a form names it.
const PICTURE: &str = concat!(
    "https://ailleurs.test/images/a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.jpg ",
    "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 image/jpeg 1000"
);

/// A structure of the other network with something for everybody and something for affiliates, and an announcement of it.
fn voliere(other: &Elsewhere) -> RecordIri {
    let fields = [
        ("name", "La Volière"),
        ("site-commune", "Nice (06088)"),
        ("budget", "12000"),
        ("picture", PICTURE),
        ("picture-alt", "Une volière"),
        ("audience-of-budget", "affiliates"),
        ("contact-medium", "phone"),
        ("contact-value", "04 93 00 00 01"),
        ("contact-note", ""),
        ("contact-audience", "affiliates"),
    ];
    let structure = other.publish(Kind::Structure, &fields);
    let name = structure.to_string();
    let offer = [("direction", "offer"), ("type", "service"), ("title", "Des nichoirs"), ("structure", &name)];
    other.publish(Kind::Exchange, &[offer.as_slice(), &[("structure-label", "La Volière")]].concat());
    structure
}

fn own_structures(bed: &Bed) -> Vec<OwnRecord> {
    bed.all(Kind::Structure, Moderation::Published)
}

/// Takes a structure in, as an animator does.
async fn taken_in(bed: &Bed, animator: &mut Browser, former: &RecordIri) -> Record {
    let page = bed.page(former);
    assert!(animator.get(&page).await.is(200).body.contains(&format!("{page}/accueillir")));
    let asked = animator.get(&format!("{page}/accueillir")).await.is(200);
    assert!(asked.says("La Volière – Réseau d’ailleurs") && asked.says("les deux fiches restent visibles"));
    for _ in 0..2 {
        animator.send(&asked, &format!("{page}/accueillir"), &[]).await.to(&format!("{MOVES}?fait=accueillie"));
    }
    let mut own = own_structures(bed);
    assert_eq!(own.len(), 1, "once, however often it is pressed");
    own.remove(0).record
}

/// What everybody sees at a page.
async fn seen(bed: &Bed, iri: &RecordIri) -> Page {
    bed.browser().get(&bed.page(iri)).await
}

/// This network with its animator, and another with a structure that it hears of.
async fn both() -> (Bed, Browser, Elsewhere, RecordIri) {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let old = voliere(&other);
    bed.hears(&other);
    let animator = bed.animator().await;
    (bed, animator, other, old)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_is_taken_in_with_what_each_was_told() {
    let (bed, mut animator, _other, old) = both().await;
    let new = taken_in(&bed, &mut animator, &old).await;
    let Body::Structure(structure) = &new.body else { panic!("no structure") };
    assert_eq!((new.audience, structure.budget, structure.is_unclaimed), (Audience::Public, Some(12_000), true));
    assert_eq!(structure.contacts[0].audience, Audience::Affiliates);
    assert_eq!(structure.picture, None, "it lies at the other home, and was not fetched yet");
    assert_eq!(structure.replaces, std::slice::from_ref(&old));
    let page = seen(&bed, &new.iri).await.is(200);
    assert!(page.says("La Volière") && !page.says("04 93 00 00 01") && !page.says("12 000"));
    // Both stand, and the announcement is the other's alone.
    assert!(seen(&bed, &old).await.is(200).says("Des nichoirs") && !page.says("Des nichoirs"));
    let moves = animator.get(MOVES).await.is(200);
    assert!(moves.says("Vous avez accueilli") && moves.says("← <a"), "{}", moves.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_it_is_let_go_the_old_name_leads_to_the_new_and_all_follows() {
    let (bed, mut animator, other, old) = both().await;
    let new = taken_in(&bed, &mut animator, &old).await.iri;
    other.journal.delete(&old, Some(new.clone()), UtcDateTime::now()).unwrap();
    bed.hears(&other);
    let (before, after) = (bed.page(&old), bed.page(&new));
    assert_eq!(seen(&bed, &old).await.is(301).header("location"), Some(after.as_str()));
    assert!(seen(&bed, &new).await.is(200).says("Des nichoirs"), "its announcement followed");
    assert!(animator.get(MOVES).await.says("Aucune arrivée en attente"));
    // Nobody sees more by the old name than by the new one.
    let own = bed.own(&new).unwrap();
    bed.journal.save(own.record, Moderation::Draft, None, UtcDateTime::now()).unwrap();
    bed.browser().get(&before).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_home_alone_moves_nothing() {
    let (bed, _, other, old) = both().await;
    let stranger = bed.structure("Une autre");
    other.journal.delete(&old, Some(stranger.clone()), UtcDateTime::now()).unwrap();
    bed.hears(&other);
    seen(&bed, &old).await.is(404);
    assert!(!seen(&bed, &stranger).await.is(200).says("Des nichoirs"), "who never took it in inherits nothing");
}

/// The other network takes a structure of ours in.
fn taken_in_elsewhere(bed: &Bed, other: &Elsewhere, own: &RecordIri, audience: &str) -> RecordIri {
    let name = own.to_string();
    let new = other.publish(Kind::Structure, &[("name", "Le Lopin"), ("replaces", &name), ("audience", audience)]);
    bed.hears(other);
    new
}

/// Where a structure of ours is let go to a sheet of the other network.
fn leaving(own: &RecordIri, new: &RecordIri) -> String {
    format!("/reseau/laisser/{}/ailleurs.test/{}", own.uuid(), new.uuid())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_goes_to_whom_the_team_was_shown_and_to_nobody_else() {
    let bed = Bed::new().await;
    let (other, own) = (bed.elsewhere(), bed.structure("Le Lopin"));
    let mut animator = bed.animator().await;
    let shown = taken_in_elsewhere(&bed, &other, &own, "public");
    let asked = animator.get(&leaving(&own, &shown)).await.is(200);
    let later = taken_in_elsewhere(&bed, &other, &own, "public");
    let moves = animator.get(MOVES).await.is(200);
    assert!([&shown, &later].iter().all(|new| moves.body.contains(&leaving(&own, new))), "both are offered");
    animator.send(&asked, &leaving(&own, &shown), &[]).await.to(&format!("{MOVES}?fait=laissee"));
    assert_eq!(seen(&bed, &own).await.is(301).header("location"), Some(bed.page(&shown).as_str()));
}

/// Everybody sees the structure, affiliates more of it: it is for everybody all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_affiliates_see_more_of_is_let_go_like_any_other() {
    let bed = Bed::new().await;
    let (other, own) = (bed.elsewhere(), bed.structure("Le Lopin"));
    let name = own.to_string();
    let fields = [("name", "Le Lopin"), ("replaces", &name), ("budget", "12"), ("audience-of-budget", "affiliates")];
    let new = other.publish(Kind::Structure, &fields);
    bed.hears(&other);
    let mut animator = bed.animator().await;
    let asked = animator.get(&leaving(&own, &new)).await.is(200);
    animator.send(&asked, &leaving(&own, &new), &[]).await.to(&format!("{MOVES}?fait=laissee"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_took_in_of_ours_is_not_taken_in_again() {
    let bed = Bed::new().await;
    let (other, own) = (bed.elsewhere(), bed.structure("Le Lopin"));
    let new = taken_in_elsewhere(&bed, &other, &own, "public");
    bed.animator().await.get(&format!("{}/accueillir", bed.page(&new))).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_of_ours_is_let_go_after_a_question() {
    let bed = Bed::new().await;
    let (other, own) = (bed.elsewhere(), bed.structure("Le Lopin"));
    let mut animator = bed.animator().await;
    assert!(animator.get(MOVES).await.is(200).says("Aucun réseau n’a demandé"));
    animator.get(&leaving(&own, &own)).await.is(404);
    let new = taken_in_elsewhere(&bed, &other, &own, "public");
    assert!(animator.get("/reseau").await.is(200).says("attend votre décision"));
    let path = leaving(&own, &new);
    assert!(animator.get(MOVES).await.body.contains(&path));
    seen(&bed, &own).await.is(200);
    let asked = animator.get(&path).await.is(200);
    assert!(asked.says("Le Lopin → Réseau d’ailleurs") && asked.says("pour toujours"));
    animator.send(&asked, &path, &[]).await.to(&format!("{MOVES}?fait=laissee"));
    assert!(bed.own(&own).is_none());
    assert_eq!(seen(&bed, &own).await.is(301).header("location"), Some(bed.page(&new).as_str()));
    let graph = bed.browser().get_as(&bed.page(&own), "text/turtle").await.is(301);
    assert_eq!(graph.header("location"), Some(new.to_string().as_str()), "machines are led to its home");
    animator.send(&asked, &path, &[]).await.to(&format!("{MOVES}?fait=laissee"));
    let csrf = animator.get("/reseau").await.value("/reseau/inviter", "csrf").unwrap();
    animator.post(&leaving(&own, &own), &[("csrf".to_owned(), csrf)], &[]).await.is(404);
}

/// A network that never asked to give a structure away says no: its sheet stays, and it is not asked again until it wants to be.
#[tokio::test(flavor = "multi_thread")]
async fn a_departure_is_refused_and_the_team_may_come_back_to_it() {
    let bed = Bed::new().await;
    let (other, own) = (bed.elsewhere(), bed.structure("Le Lopin"));
    let mut animator = bed.animator().await;
    let new = taken_in_elsewhere(&bed, &other, &own, "public");
    let path = leaving(&own, &new).replace("laisser", "refuser");
    let moves = animator.get(MOVES).await.is(200);
    assert!(moves.says("refusez") && !moves.says("Départs refusés"));
    for _ in 0..2 {
        animator.send(&moves, &path, &[("decision", "refuse")]).await.to(&format!("{MOVES}?fait=refusee"));
    }
    let moves = animator.get(&format!("{MOVES}?fait=refusee")).await.is(200);
    assert!(moves.says("votre fiche reste en place") && moves.says("Départs refusés"), "{}", moves.body);
    assert!(moves.says("Aucun réseau n’a demandé") && !moves.body.contains(&leaving(&own, &new)));
    assert!(!animator.get("/reseau").await.is(200).says("attend votre décision"));
    // Another sheet that says so is another question.
    let later = taken_in_elsewhere(&bed, &other, &own, "public");
    assert!(animator.get(MOVES).await.body.contains(&leaving(&own, &later)));
    animator.send(&moves, &path, &[("decision", "x")]).await.is(422);
    animator.send(&moves, &path, &[("decision", "again")]).await.to(&format!("{MOVES}?fait=reconsideree"));
    assert!(animator.get(MOVES).await.body.contains(&leaving(&own, &new)));
    // Nothing is left to refuse once the other network has taken its word back.
    other.journal.delete(&new, None, UtcDateTime::now()).unwrap();
    bed.hears(&other);
    animator.send(&moves, &path, &[("decision", "refuse")]).await.to(MOVES);
    assert!(bed.own(&own).is_some() && bed.journal.store().read(refused_moves::all).unwrap().is_empty());
}

/// Two sheets of one structure on its way are no double; two that nobody brings together are.
#[tokio::test(flavor = "multi_thread")]
async fn a_structure_on_its_way_is_not_proposed_as_its_own_double() {
    let doubles = "/reseau/doublons";
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (nice, number) = (("site-commune", "Nice (06088)"), ("siret", "73282932000074"));
    let own = bed.publish(Kind::Structure, &[("name", "Le Lopin"), nice, number]);
    let name = own.to_string();
    let new = other.publish(Kind::Structure, &[("name", "Le Lopin"), nice, number, ("replaces", &name)]);
    let theirs = other.publish(Kind::Structure, &[("name", "La Volière"), nice, ("siret", "44306184100047")]);
    bed.hears(&other);
    let mut animator = bed.animator().await;
    assert!(animator.get(doubles).await.is(200).says("À examiner (0)"), "leaving");
    animator.fill(&format!("{}/accueillir", bed.page(&theirs)), &[]).await.is(303);
    assert!(animator.get(doubles).await.is(200).says("À examiner (0)"), "coming");
    let path = leaving(&own, &new).replace("laisser", "refuser");
    let moves = animator.get(MOVES).await.is(200);
    animator.send(&moves, &path, &[("decision", "refuse")]).await.is(303);
    assert!(animator.get(doubles).await.is(200).says("À examiner (1)"), "it stays, and so there are two");
}

/// What was taken in and then taken back is opened again, and not made a second time.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_in_and_is_not_shown_is_not_doubled() {
    let (bed, mut animator, _other, old) = both().await;
    let new = taken_in(&bed, &mut animator, &old).await;
    let take_in = format!("{}/accueillir", bed.page(&old));
    let reserved = Record { audience: Audience::Network, ..new.clone() };
    for (record, moderation) in [(new.clone(), Moderation::Draft), (reserved, Moderation::Published)] {
        bed.journal.save(record, moderation, None, UtcDateTime::now()).unwrap();
        let told = animator.fill(&take_in, &[]).await.is(409);
        assert!(told.says("Vous avez déjà accueilli cette structure"));
        assert!(told.body.contains(&format!("href=\"{}\"", bed.page(&new.iri))));
    }
    let all = Moderation::ALL.iter().map(|moderation| bed.all(Kind::Structure, *moderation).len());
    assert_eq!(all.sum::<usize>(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_everybody_sees_is_not_given_for_what_few_would_see() {
    let bed = Bed::new().await;
    let (other, own) = (bed.elsewhere(), bed.structure("Le Lopin"));
    let new = taken_in_elsewhere(&bed, &other, &own, "affiliates");
    let mut animator = bed.animator().await;
    assert!(animator.get(MOVES).await.is(200).says("Aucun réseau n’a demandé"));
    animator.get(&leaving(&own, &new)).await.is(404);
    let csrf = animator.get("/reseau").await.value("/reseau/inviter", "csrf").unwrap();
    animator.post(&leaving(&own, &new), &[("csrf".to_owned(), csrf)], &[]).await.is(404);
    assert!(bed.own(&own).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_team_moves_structures() {
    let (bed, _, other, old) = both().await;
    let own = bed.structure("Le Lopin");
    let new = taken_in_elsewhere(&bed, &other, &own, "public");
    let paths = [format!("{}/accueillir", bed.page(&old)), leaving(&own, &new), MOVES.to_owned()];
    let refusing = leaving(&own, &new).replace("laisser", "refuser");
    let mut member = bed.member("Karim").await;
    assert!(!member.get(&bed.page(&old)).await.is(200).body.contains("/accueillir"));
    for path in &paths {
        member.get(path).await.is(403);
        bed.browser().get(path).await.is(401);
    }
    let csrf = member.get("/mon-espace").await.value("/deconnexion", "csrf").unwrap();
    let fields = [("csrf".to_owned(), csrf), ("decision".to_owned(), "refuse".to_owned())];
    member.post(&refusing, &fields, &[]).await.is(403);
    // No form of a member says that their sheet takes the place of another.
    let mut eva = bed.editor("Eva", &own).await;
    let before = bed.own(&own).unwrap().record;
    let page = format!("{}/modifier", bed.page(&own));
    eva.fill(&page, &[("tagline", "Des légumes"), ("replaces", &old.to_string())]).await.is(303);
    let (Body::Structure(was), after) = (&before.body, bed.own(&own).unwrap().record) else { panic!("no structure") };
    let Body::Structure(is) = &after.body else { panic!("no structure") };
    assert_eq!((is.replaces.clone(), is.tagline.as_deref()), (was.replaces.clone(), Some("Des légumes")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_that_was_taken_in_keeps_what_it_replaces_when_it_is_changed() {
    let (bed, mut animator, _other, old) = both().await;
    let new = taken_in(&bed, &mut animator, &old).await.iri;
    let mut eva = bed.editor("Eva", &new).await;
    eva.fill(&format!("{}/modifier", bed.page(&new)), &[("tagline", "Des oiseaux")]).await.is(303);
    let Body::Structure(structure) = bed.own(&new).unwrap().record.body else { panic!("no structure") };
    assert_eq!(structure.replaces, [old]);
}

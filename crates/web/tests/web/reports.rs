//! *Signaler*: anybody says that something is wrong with a record they see; animators look at it, and nobody knows who said it.

use crate::bed::{Bed, Browser, Page, demand};
use pes_domain::{Kind, RecordIri};
use pes_store::accounts::Role;
use pes_store::own_records::Moderation;
use pes_store::reports::{self, Filed};
use pes_store::{hidden, outbox};

const PATH: &str = "/reseau/signalements";
const SAID: [(&str, &str); 2] = [("cause", "inexact"), ("sentence", "Ce local n’existe <b>pas</b>.")];

fn waiting(bed: &Bed, iri: &RecordIri) -> Vec<Filed> {
    bed.journal.store().read(|link| reports::of_record(link, &iri.to_string())).unwrap()
}

fn closed(bed: &Bed) -> Vec<Filed> {
    bed.journal.store().read(|link| reports::closed(link, 99)).unwrap()
}

async fn say(browser: &mut Browser, bed: &Bed, iri: &RecordIri, fields: &[(&str, &str)]) -> Page {
    browser.fill(&format!("{}/signaler", bed.page(iri)), fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_says_what_is_wrong_and_the_team_reads_it_and_nothing_of_who_said_it() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local à Nice");
    let mut visitor = bed.browser();
    let page = visitor.get(&bed.page(&iri)).await.is(200);
    let form = format!("{}/signaler", bed.page(&iri));
    assert!(page.body.contains(&format!("href=\"{form}\"")) && page.says("Signaler cette fiche"));
    assert!(visitor.get(&form).await.is(200).says("Signaler : Un local à Nice"));
    let thanks = visitor.follow(&form, &SAID).await.is(200);
    assert!(thanks.says("Merci. L’équipe du réseau va regarder cette fiche."));
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.says("Une fiche est signalée."));
    let list = nora.get(PATH).await.is(200);
    for words in ["Un local à Nice", "C’est inexact", "Ce local n’existe <b>pas</b>.", "Annonce"] {
        assert!(list.says(words), "{words}");
    }
    assert!(!list.body.contains("<b>pas</b>"));
    assert!(!bed.browser().get(&bed.page(&iri)).await.says("n’existe"), "it is for the team alone");
    let kept = format!("{:?}", waiting(&bed, &iri));
    assert!(!kept.contains("127.0.0.1") && !kept.contains("::1"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_rubbish_is_said_beside_the_field_and_nothing_typed_is_lost() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local");
    let mut visitor = bed.browser();
    let page = say(&mut visitor, &bed, &iri, &[("sentence", "Je ne sais pas trop.")]).await.is(422);
    assert!(page.says("Choisissez ce qui ne va pas.") && page.says("Je ne sais pas trop."));
    let page = say(&mut visitor, &bed, &iri, &[("cause", "outdated"), ("sentence", " ")]).await.is(422);
    assert!(page.says("Écrivez au moins une phrase."));
    assert!(page.form(&format!("{}/signaler", bed.page(&iri))).contains(&("cause".into(), "outdated".into())));
    let long = "é".repeat(1_001);
    for (cause, sentence) in [("king", "x"), ("other", long.as_str()), ("other", "a\u{1}b")] {
        say(&mut visitor, &bed, &iri, &[("cause", cause), ("sentence", sentence)]).await.is(422);
    }
    assert!(waiting(&bed, &iri).is_empty());
}

/// Who may not see a record is told the same as of one that is not.
#[tokio::test(flavor = "multi_thread")]
async fn only_what_one_sees_can_be_reported() {
    let bed = Bed::new().await;
    let kept = bed.publish(Kind::Exchange, &[&demand("Interne")[..], &[("audience", "network")]].concat());
    let other = bed.elsewhere();
    let affiliates =
        other.publish(Kind::Exchange, &[&demand("Entre réseaux")[..], &[("audience", "affiliates")]].concat());
    bed.hears(&other);
    let (mut visitor, mut marie) = (bed.browser(), bed.member("Marie").await);
    for iri in [&kept, &affiliates] {
        visitor.get(&format!("{}/signaler", bed.page(iri))).await.is(404);
        say(&mut marie, &bed, iri, &SAID).await.is(303);
        assert_eq!(waiting(&bed, iri).len(), 1);
    }
    for path in ["/id/exchange/00000000-0000-4000-8000-000000000000/signaler", "/chez/nulle.part/exchange/x/signaler"] {
        visitor.get(path).await.is(404);
    }
    bed.browser().post(&format!("{}/signaler", bed.page(&kept)), &[], &[]).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_many_report_is_one_line_and_a_button_pressed_twice_is_one_report() {
    let bed = Bed::new().await;
    let (one, two) = (bed.demand("Un local"), bed.demand("Un vélo"));
    let (mut visitor, mut marie) = (bed.browser(), bed.member("Marie").await);
    for _ in 0..2 {
        say(&mut visitor, &bed, &one, &SAID).await.is(303);
    }
    say(&mut marie, &bed, &one, &[("cause", "personal-data"), ("sentence", "Mon numéro y est.")]).await.is(303);
    say(&mut visitor, &bed, &two, &SAID).await.is(303);
    assert_eq!((waiting(&bed, &one).len(), waiting(&bed, &two).len()), (2, 1));
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.says("2 fiches sont signalées."));
    let list = nora.get(PATH).await.is(200);
    assert_eq!(list.body.matches("<article").count(), 2);
    assert!(list.says("Des données personnelles y figurent à tort") && list.says("Mon numéro y est."));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_as_it_is_is_closed_with_or_without_a_note_and_what_came_meanwhile_still_waits() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local");
    let (mut visitor, mut nora) = (bed.browser(), bed.animator().await);
    say(&mut visitor, &bed, &iri, &SAID).await.is(303);
    let seen = nora.get(PATH).await.is(200);
    say(&mut visitor, &bed, &iri, &[("cause", "other"), ("sentence", "Et encore.")]).await.is(303);
    let wrong = nora.send(&seen, PATH, &[("sentence", "a\u{1}")]).await.is(422);
    assert!(wrong.body.contains("aria-invalid") && waiting(&bed, &iri).len() == 2);
    let next = nora.send(&seen, PATH, &[("sentence", "Appelé : le local <existe>.")]).await;
    let told = nora.get(next.to("/reseau/signalements?page=1&fait=clos").header("location").unwrap()).await.is(200);
    assert!(told.says("C’est clos.") && told.says("Et encore.") && told.says("Appelé : le local <existe>."));
    assert_eq!(waiting(&bed, &iri).len(), 1, "what she has not seen");
    nora.send(&seen, PATH, &[]).await.is(303);
    assert_eq!((waiting(&bed, &iri).len(), closed(&bed).len()), (1, 1), "pressed twice");
    let seen = nora.get(PATH).await;
    nora.send(&seen, PATH, &[]).await.is(303);
    assert!(nora.get(PATH).await.says("Aucune fiche n’est signalée."));
    assert!(nora.get("/reseau").await.says("Aucune fiche n’est signalée."));
    assert_eq!(bed.own(&iri).unwrap().moderation, Moderation::Published, "the record is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_is_taken_back_from_there_and_what_was_said_is_dealt_with() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local");
    say(&mut bed.browser(), &bed, &iri, &SAID).await.is(303);
    let mut nora = bed.animator().await;
    let list = nora.get(PATH).await.is(200);
    assert!(list.body.contains(&format!("href=\"{}/modifier\"", bed.page(&iri))));
    assert!(!list.body.contains("/reseau/masquer"), "what is our own is not hidden");
    nora.send(&list, &format!("{}/retirer", bed.page(&iri)), &[]).await.is(303);
    bed.browser().get(&bed.page(&iri)).await.is(404);
    assert!(waiting(&bed, &iri).is_empty() && closed(&bed).len() == 1);
    // Its author who takes it back closes nothing: the team still sees what was said.
    let mut marie = bed.member("Marie").await;
    marie.fill("/nouveau/structure", &[("name", "La Volière")]).await.is(303);
    let mine = bed.proposed().remove(0).record.iri;
    nora.fill("/reseau/a-relire", &[("decision", "publish")]).await.is(303);
    say(&mut bed.browser(), &bed, &mine, &SAID).await.is(303);
    let form = marie.get(&format!("{}/modifier", bed.page(&mine))).await.is(200);
    marie.send(&form, &format!("{}/retirer", bed.page(&mine)), &[]).await.is(303);
    assert!(nora.get(PATH).await.is(200).says("Cette fiche n’est pas publiée en ce moment."));
    bed.journal.delete(&mine, None, time::UtcDateTime::now()).unwrap();
    assert!(nora.get(PATH).await.says("Aucune fiche n’est signalée."), "with a record goes what was said against it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_from_elsewhere_is_hidden_from_there_and_its_home_told() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Douteuse"));
    bed.hears(&other);
    let page = bed.page(&iri);
    assert!(bed.browser().get(&page).await.is(200).body.contains(&format!("href=\"{page}/signaler\"")));
    say(&mut bed.browser(), &bed, &iri, &SAID).await.to(&format!("{page}?fait=signale"));
    let mut nora = bed.animator().await;
    let list = nora.get(PATH).await.is(200);
    assert!(list.says("Par le réseau Réseau d’ailleurs") && !list.body.contains("/modifier"));
    nora.send(&list, "/reseau/masquer", &[("reason", "Une arnaque"), ("decision", "hide")]).await.to(&page);
    bed.browser().get(&page).await.is(404);
    bed.browser().get(&format!("{page}/signaler")).await.is(404);
    assert!(waiting(&bed, &iri).is_empty());
    assert_eq!(bed.journal.store().read(hidden::all).unwrap().len(), 1);
    let told = bed.journal.store().read(outbox::all).unwrap();
    assert!(told.len() == 1 && told[0].body.contains("Une arnaque"));
    assert!(!told[0].body.contains("n’existe"), "what a visitor said stays here");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_for_animators_alone_and_a_form_that_is_none_closes_nothing() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local");
    say(&mut bed.browser(), &bed, &iri, &SAID).await.is(303);
    let (ids, ines) = (waiting(&bed, &iri), bed.account("Inès", Role::Editor));
    bed.browser().get(PATH).await.is(401);
    for mut one in [bed.citizen("Zoé").await, bed.member("Marie").await, bed.signed_in(&ines).await] {
        one.get(PATH).await.is(403);
        let csrf = one.get("/connexion").await.value("/connexion", "csrf").unwrap();
        one.post(PATH, &[("csrf".into(), csrf), ("report".into(), ids[0].id.clone())], &[]).await.is(403);
    }
    let mut nora = bed.animator().await;
    let csrf = nora.get("/connexion").await.value("/connexion", "csrf").unwrap();
    nora.post(PATH, &[("csrf".into(), csrf.clone())], &[]).await.is(422);
    nora.post(PATH, &[("csrf".into(), csrf), ("report".into(), "none".into())], &[]).await.is(303);
    assert_eq!(waiting(&bed, &iri).len(), 1);
    for page in ["0", "99", "x", "18446744073709551615"] {
        assert!(nora.get(&format!("{PATH}?page={page}")).await.is(200).says("Un local"), "{page}");
    }
}

/// Twenty an hour from one place; who comes from elsewhere is heard all the same.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_floods_the_team() {
    let bed = Bed::behind_a_proxy().await;
    let iris: Vec<RecordIri> = (0..2).map(|number| bed.demand(&format!("n° {number}"))).collect();
    let mut flooder = bed.browser();
    let mut taken = 0;
    for number in 0..30 {
        let iri = &iris[number % 2];
        let form = format!("{}/signaler", bed.page(iri));
        let page = flooder.get(&form).await.is(200);
        let mut fields = page.form(&form);
        fields.retain(|(name, _)| name == "csrf");
        fields.extend([("cause".into(), "other".into()), ("sentence".into(), format!("n° {number}"))]);
        let answer = flooder.post(&form, &fields, &[("X-Forwarded-For", "198.51.100.7")]).await;
        taken += usize::from(answer.status == 303);
        assert!(matches!(answer.status, 303 | 429), "{}", answer.status);
    }
    assert_eq!(taken, 20);
    let form = format!("{}/signaler", bed.page(&iris[0]));
    let page = flooder.get(&form).await.is(200);
    let again = flooder.send(&page, &form, &SAID).await;
    assert_eq!(again.status, 303, "from elsewhere");
    let fields: Vec<(String, String)> = [
        ("csrf".to_owned(), page.value(&form, "csrf").unwrap()),
        ("cause".into(), "other".into()),
        ("sentence".into(), "x".into()),
    ]
    .into();
    let refused = flooder.post(&form, &fields, &[("X-Forwarded-For", "198.51.100.7")]).await.is(429);
    assert!(refused.says("Attendez 3 minutes"), "one more is allowed every three: {}", refused.body);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((120..=181).contains(&wait), "{wait}");
    assert_eq!(iris.iter().map(|iri| waiting(&bed, iri).len()).sum::<usize>(), 21);
    flooder.post(&form, &fields, &[("X-Forwarded-For", "203.0.113.9")]).await.is(303);
}

/// What is no report yet, and is typed again, takes nothing from what may be said.
#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_heard_counts() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local");
    let mut visitor = bed.browser();
    for _ in 0..25 {
        say(&mut visitor, &bed, &iri, &[("cause", "other"), ("sentence", " ")]).await.is(422);
    }
    say(&mut visitor, &bed, &iri, &SAID).await.is(303);
    assert_eq!(waiting(&bed, &iri).len(), 1);
}

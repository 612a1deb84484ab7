//! "Votre fiche est en ligne, reprenez-la": what the team sees before it writes, who is written to, once, and who is not.

use crate::bed::{self, Bed, Page};
use pes_domain::{Audience, Body, Kind, RecordIri};
use pes_store::claims::{self, ASKED, ClaimLetter, Standing};
use pes_store::own_records::Moderation;
use time::{Duration, UtcDateTime};

const HERE: &str = "/reseau/reprise";

impl Bed {
    /// A structure that an import made, and its address.
    fn unclaimed_sheet(&self, name: &str, address: Option<&str>, more: &[(&str, &str)]) -> RecordIri {
        let mut fields = vec![("name", name), ("is-unclaimed", "on")];
        if let Some(address) = address {
            fields.extend([("contact-medium", "email"), ("contact-value", address)]);
            fields.extend([("contact-note", ""), ("contact-audience", "network")]);
        }
        self.publish(Kind::Structure, &[&fields[..], more].concat())
    }

    fn campaign_letters(&self) -> Vec<ClaimLetter> {
        self.journal.store().read(claims::all).unwrap()
    }

    fn mark(&self, letter: &ClaimLetter, standing: Standing, at: UtcDateTime) {
        let at = Some(at.unix_timestamp());
        self.journal.store().write(|link| claims::mark(link, &letter.id, standing, at)).unwrap();
    }
}

/// The buttons say what they decide by their own name, which a form as it stands does not send.
async fn decide(browser: &mut bed::Browser, page: &Page, decision: &str) -> Page {
    browser.send(page, HERE, &[("decision", decision)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_sees_whom_it_would_write_to_and_the_letter_word_for_word() {
    let bed = Bed::new().await;
    bed.unclaimed_sheet("L’Établi", Some("contact@etabli.example"), &[]);
    bed.unclaimed_sheet("La Volière", Some("bonjour@voliere.example"), &[]);
    bed.unclaimed_sheet("Sans adresse", None, &[]);
    bed.structure("Le Phare");
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.body.contains("href=\"/reseau/reprise\""));
    let page = nora.get(HERE).await.is(200);
    for words in [
        "3 fiches en ligne attendent d’être reprises",
        "2 ont une adresse électronique",
        "aucune n’a été invitée ces 90 derniers jours",
        "aucune n’a refusé ces messages",
        " : votre fiche est en ligne, reprenez-la",
        "Le lien vaut 90 jours et ne sert qu’une fois.",
        "Ce n’est pas nous, ou ne plus nous écrire à ce sujet",
        "Écrire à 2 structures",
        "Rien n’est encore parti.",
    ] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert!(bed.campaign_letters().is_empty(), "looking writes to nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_written_to_once_however_often_the_button_is_pressed() {
    let bed = Bed::new().await;
    let iris = ["a", "b"].map(|name| bed.unclaimed_sheet(name, Some(&format!("{name}@etabli.example")), &[]));
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await;
    for _ in 0..2 {
        decide(&mut nora, &page, "write").await.to("/reseau/reprise?fait=ecrit");
    }
    let letters = bed.campaign_letters();
    assert_eq!(letters.len(), 2);
    let mut written: Vec<&String> = letters.iter().map(|letter| &letter.structure).collect();
    let mut all: Vec<String> = iris.iter().map(ToString::to_string).collect();
    written.sort();
    all.sort();
    assert_eq!(written, all.iter().collect::<Vec<_>>());
    let page = nora.get("/reseau/reprise?fait=ecrit").await.is(200);
    for words in ["C’est lancé", "2 à envoyer", "aucun message parti", "2 ont été invitées", "Il n’y a personne"]
    {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert!(!page.says("Écrire à"));
    let kept = format!("{letters:?}");
    assert!(!kept.contains("etabli.example"), "the address stays in the record: {kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_it_went_is_told_and_after_ninety_days_it_may_be_done_again() {
    let bed = Bed::new().await;
    let names = ["a", "b", "c", "d"];
    names.iter().for_each(|name| drop(bed.unclaimed_sheet(name, Some(&format!("{name}@etabli.example")), &[])));
    let now = UtcDateTime::now();
    assert_eq!(bed.people.begin_campaign(now).unwrap(), 4);
    let letters = bed.campaign_letters();
    [0, 1].into_iter().for_each(|at| bed.mark(&letters[at], Standing::Sent, now));
    bed.mark(&letters[2], Standing::Refused, now);
    let link = claims::path(&bed.links, &letters[0].id);
    let mut zoe = bed.citizen("Zoé").await;
    let page = zoe.get(&link).await.is(200);
    zoe.send(&page, &link, &[]).await.is(303);
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await;
    for words in
        ["2 messages partis", "1 à envoyer", "1 refusé par le serveur", "1 fiche reprise depuis", "dernier envoi"]
    {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert!(page.says("Écrire à une structure"), "the one whose server refused may be tried again");
    let later = now + Duration::days(90) + Duration::MINUTE;
    let ready = |at| bed.people.outlook(at).unwrap().ready.len();
    assert_eq!((ready(later - Duration::MINUTE * 2), ready(later)), (1, 2), "who took over is not written to again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_s_link_of_a_campaign_counts_for_ninety_days() {
    let bed = Bed::new().await;
    bed.unclaimed_sheet("L’Établi", Some("contact@etabli.example"), &[]);
    let now = UtcDateTime::now();
    bed.people.begin_campaign(now).unwrap();
    let letter = bed.campaign_letters().remove(0);
    let link = claims::path(&bed.links, &letter.id);
    let mut zoe = bed.citizen("Zoé").await;
    bed.mark(&letter, Standing::Sent, now - Duration::days(89));
    zoe.get(&link).await.is(200);
    bed.mark(&letter, Standing::Sent, now - Duration::days(90));
    zoe.get(&link).await.is(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_may_be_stopped_and_what_was_asked_for_still_goes() {
    let bed = Bed::new().await;
    let iri = bed.unclaimed_sheet("a", Some("a@etabli.example"), &[]);
    bed.unclaimed_sheet("b", Some("b@etabli.example"), &[]);
    bed.people.ask_for_claim(&iri.to_string(), UtcDateTime::now()).unwrap();
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await;
    decide(&mut nora, &page, "write").await.is(303);
    let page = nora.get(HERE).await;
    decide(&mut nora, &page, "stop").await.to("/reseau/reprise?fait=arrete");
    let due: Vec<i64> =
        bed.campaign_letters().iter().filter(|one| one.standing == Standing::Due).map(|one| one.campaign).collect();
    assert_eq!(due, [ASKED]);
    let page = nora.get("/reseau/reprise?fait=arrete").await;
    assert!(page.says("L’envoi est arrêté") && page.says("Écrire à 2 structures") && !page.says("Arrêter l’envoi"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_online_for_everybody_and_nobody_s_is_written_to() {
    let bed = Bed::new().await;
    let address = Some("contact@etabli.example");
    bed.unclaimed_sheet("Réservée", address, &[("audience", "network")]);
    let waiting = bed.unclaimed_sheet("En attente", address, &[]);
    let own = bed.own(&waiting).unwrap();
    bed.journal.save(own.record, Moderation::Proposed, None, UtcDateTime::now()).unwrap();
    let claimed = [("contact-medium", "email"), ("contact-value", "x@phare.example")];
    bed.publish(Kind::Structure, &[&[("name", "Le Phare")][..], &claimed].concat());
    let other = bed.elsewhere();
    other.publish(Kind::Structure, &[&[("name", "Ailleurs"), ("is-unclaimed", "on")][..], &claimed].concat());
    bed.hears(&other);
    let outlook = bed.people.outlook(UtcDateTime::now()).unwrap();
    assert_eq!((outlook.unclaimed, outlook.with_address, outlook.ready.len()), (0, 0, 0));
    assert_eq!(bed.people.begin_campaign(UtcDateTime::now()).unwrap(), 0);
    assert!(bed.animator().await.get(HERE).await.says("Il n’y a personne à qui écrire pour l’instant"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refused_these_letters_is_counted_and_left_alone_also_under_another_structure() {
    let bed = Bed::new().await;
    bed.unclaimed_sheet("a", Some("contact@etabli.example"), &[]);
    let twin = bed.unclaimed_sheet("b", Some("Contact@Etabli.example"), &[]);
    let address = claims::digest_of(&bed.links, "contact@etabli.example");
    let stop = claims::stop_path(&bed.links, &address);
    bed.browser().post(&stop, &[], &[]).await.is(200);
    let outlook = bed.people.outlook(UtcDateTime::now()).unwrap();
    assert_eq!((outlook.with_address, outlook.refused, outlook.ready.len()), (2, 2, 0));
    assert!(bed.animator().await.get(HERE).await.says("2 ne veulent plus de ces messages"));
    let Body::Structure(one) = bed.own(&twin).unwrap().record.body else { panic!() };
    assert_eq!(one.contacts[0].audience, Audience::Network, "the address stays the network's");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_team_s_alone() {
    let bed = Bed::new().await;
    let iri = bed.unclaimed_sheet("L’Établi", Some("contact@etabli.example"), &[]);
    bed.browser().get(HERE).await.is(401);
    for mut one in [bed.citizen("Zoé").await, bed.member("Marie").await, bed.editor("Paul", &iri).await] {
        let csrf = one.get("/mon-espace").await.value("/mes-preferences", "csrf").unwrap();
        one.get(HERE).await.is(403);
        let fields = [("csrf".to_owned(), csrf), ("decision".to_owned(), "write".to_owned())];
        one.post(HERE, &fields, &[]).await.is(403);
    }
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await;
    decide(&mut nora, &page, "perhaps").await.is(422);
    nora.post(HERE, &[("decision".into(), "write".into())], &[]).await.is(403);
    assert!(bed.campaign_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nothing_is_offered() {
    let bed = Bed::without_mail().await;
    bed.unclaimed_sheet("L’Établi", Some("contact@etabli.example"), &[]);
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await.is(200);
    assert!(page.says("Aucun serveur de courriel n’est réglé") && !page.says("Écrire à une structure"));
    let csrf = page.value("/deconnexion", "csrf").unwrap();
    nora.post(HERE, &[("csrf".into(), csrf), ("decision".into(), "write".into())], &[]).await.is(404);
    assert!(bed.campaign_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_forgotten_after_two_years_and_refusals_are_not() {
    let bed = Bed::new().await;
    bed.unclaimed_sheet("L’Établi", Some("contact@etabli.example"), &[]);
    let now = UtcDateTime::now();
    bed.people.begin_campaign(now).unwrap();
    let letter = bed.campaign_letters().remove(0);
    bed.mark(&letter, Standing::Sent, now);
    bed.journal.store().write(|link| claims::refuse(link, &letter.address, 1)).unwrap();
    assert_eq!(bed.people.clear_claims(now + Duration::days(729)).unwrap(), 0);
    assert_eq!(bed.people.clear_claims(now + Duration::days(731)).unwrap(), 1);
    assert_eq!(bed.journal.store().read(claims::refusals).unwrap().len(), 1);
}

//! "C'est votre structure ?": letters to a structure's own address, whom their links let in, and what nobody learns from asking.

use crate::bed::{self, Bed, Browser, PASSWORD, Page};
use pes_domain::{Body, Kind, Record, RecordIri};
use pes_store::accounts::Role;
use pes_store::claims::{self, ClaimLetter, Standing};
use pes_store::own_records::Moderation;
use pes_store::rights;
use time::{Duration, UtcDateTime};

const ADDRESS: &str = "Contact@Etabli.example";

impl Bed {
    /// A structure that an import made, with a mail address for this audience.
    fn unclaimed(&self, name: &str, contact: Option<(&str, &str)>) -> RecordIri {
        let mut fields = vec![("name", name), ("is-unclaimed", "on")];
        if let Some((address, audience)) = contact {
            fields.extend([("contact-medium", "email"), ("contact-value", address)]);
            fields.extend([("contact-note", ""), ("contact-audience", audience)]);
        }
        self.publish(Kind::Structure, &fields)
    }

    fn letters(&self) -> Vec<ClaimLetter> {
        self.journal.store().read(claims::all).unwrap()
    }

    fn due(&self) -> Vec<ClaimLetter> {
        self.letters().into_iter().filter(|letter| letter.standing == Standing::Due).collect()
    }

    /// The link of the one letter that is due, as whoever reads it gets it: sent so long ago.
    fn link(&self, age: Duration) -> String {
        let letter = self.due().remove(0);
        let at = (UtcDateTime::now() - age).unix_timestamp();
        self.journal.store().write(|link| claims::mark(link, &letter.id, Standing::Sent, Some(at))).unwrap();
        claims::path(&self.links, &letter.id)
    }

    fn is_unclaimed(&self, iri: &RecordIri) -> bool {
        matches!(self.own(iri).unwrap().record.body, Body::Structure(one) if one.is_unclaimed)
    }

    async fn asks(&self, browser: &mut Browser, iri: &RecordIri) -> Page {
        let page = browser.get(&self.page(iri)).await.is(200);
        browser.send(&page, &format!("{}/reprendre", self.page(iri)), &[]).await
    }

    /// A visitor asks for the letter about a structure that has an address.
    async fn asked(&self) -> RecordIri {
        let iri = self.unclaimed("L’Établi", Some((ADDRESS, "network")));
        self.asks(&mut self.browser(), &iri).await.is(303);
        iri
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_the_letter_signs_up_takes_the_sheet_over_and_edits_it() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let link = bed.link(Duration::ZERO);
    let mut zoe = bed.browser();
    let page = zoe.get(&link).await.is(200);
    assert!(page.says("Reprendre la fiche « L’Établi »") && !page.body.contains("method=\"post\" action=\"/reprendre"));
    assert!(bed.is_unclaimed(&iri), "opening a link does nothing");
    let sign_up = format!("/inscription?retour={}", bed::browser::encoded(&link));
    assert!(page.says(&format!("href=\"{sign_up}\"")), "{}", page.body);
    let form = zoe.get(&sign_up).await.is(200);
    let fields = [("name", "Zoé"), ("email", "zoe@courriel.example"), ("password", PASSWORD)];
    zoe.send(&form, "/inscription", &fields).await.to(&link);
    let page = zoe.get(&link).await.is(200);
    zoe.send(&page, &link, &[]).await.to(&format!("{}?fait=repris", bed.page(&iri)));
    let sheet = zoe.get(&format!("{}?fait=repris", bed.page(&iri))).await.is(200);
    assert!(sheet.says("Vous vous occupez maintenant de cette fiche") && !sheet.says("C’est votre structure"));
    assert!(!bed.is_unclaimed(&iri));
    zoe.fill(&format!("{}/modifier", bed.page(&iri)), &[("tagline", "Réparer ensemble")]).await.is(303);
    assert!(bed.browser().get(&bed.page(&iri)).await.says("Réparer ensemble"));
    let right = bed.journal.store().read(rights::all).unwrap().remove(0);
    assert!(right.is_confirmed && right.may_edit && right.structure == iri.to_string());
    assert!(bed.letters()[0].taken.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_serves_once_and_its_button_pressed_twice_is_pressed_once() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let link = bed.link(Duration::ZERO);
    let mut zoe = bed.citizen("Zoé").await;
    let page = zoe.get(&link).await.is(200);
    let done = format!("{}?fait=repris", bed.page(&iri));
    zoe.send(&page, &link, &[]).await.to(&done);
    zoe.send(&page, &link, &[]).await.to(&done);
    zoe.get(&link).await.to(&done);
    let mut paul = bed.citizen("Paul").await;
    let over = paul.get(&link).await.is(410);
    assert!(over.says("Ce lien ne sert plus") && over.body.contains(&format!("{}/rejoindre", bed.page(&iri))));
    let csrf = paul.get("/connexion").await.value("/connexion", "csrf").unwrap();
    paul.post(&link, &[("csrf".into(), csrf)], &[]).await.is(410);
    assert_eq!(bed.journal.store().read(rights::all).unwrap().len(), 1);
}

/// Nobody is sent on to a page that is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_that_was_withdrawn_meanwhile_is_said_to_be_gone() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let link = bed.link(Duration::ZERO);
    let mut zoe = bed.citizen("Zoé").await;
    let page = zoe.get(&link).await.is(200);
    let own = bed.own(&iri).unwrap();
    bed.journal.save(own.record, Moderation::Draft, None, UtcDateTime::now()).unwrap();
    for gone in [zoe.send(&page, &link, &[]).await.is(410), zoe.get(&link).await.is(410)] {
        assert!(gone.says("Cette fiche n’est plus en ligne") && !gone.body.contains("/rejoindre"), "{}", gone.body);
        assert!(gone.body.contains("href=\"/nouveau/structure\""));
    }
    assert!(bed.journal.store().read(rights::all).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_counts_for_fourteen_days() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let link = bed.link(Duration::days(14) - Duration::MINUTE);
    let mut zoe = bed.citizen("Zoé").await;
    let page = zoe.get(&link).await.is(200);
    let letter = bed.letters().remove(0);
    let old = (UtcDateTime::now() - Duration::days(14)).unix_timestamp();
    bed.journal.store().write(|link| claims::mark(link, &letter.id, Standing::Sent, Some(old))).unwrap();
    zoe.get(&link).await.is(410);
    zoe.send(&page, &link, &[]).await.is(410);
    assert!(bed.is_unclaimed(&iri) && bed.journal.store().read(rights::all).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_none_or_of_another_address_opens_nothing() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let link = bed.link(Duration::ZERO);
    let mut zoe = bed.citizen("Zoé").await;
    let spoilt = format!("{}0", &link[..link.len() - 1]);
    let spoilt = if spoilt == link { format!("{}1", &link[..link.len() - 1]) } else { spoilt };
    let id = bed.letters()[0].id.clone();
    let stop = claims::stop_path(&bed.links, &id);
    let of_another_purpose = format!("/reprendre/{id}/{}", stop.rsplit('/').next().unwrap());
    let of_nothing = claims::path(&bed.links, "7c9e6679-7425-40de-944b-e07fc1f90ae7");
    for bad in [&spoilt, &of_another_purpose, &of_nothing, "/reprendre/x/y"] {
        zoe.get(bad).await.is(404);
    }
    // Somebody changed the address: whoever has the old one speaks for nobody.
    let own = bed.own(&iri).unwrap();
    let Body::Structure(mut body) = own.record.body.clone() else { panic!() };
    body.contacts[0].value = "autre@etabli.example".into();
    let record = Record { body: Body::Structure(body), ..own.record };
    bed.journal.save(record, Moderation::Published, None, UtcDateTime::now()).unwrap();
    zoe.get(&link).await.is(410);
    bed.journal.delete(&iri, None, UtcDateTime::now()).unwrap();
    zoe.get(&link).await.is(404);
    assert!(bed.letters().is_empty(), "what was written about a deleted structure goes with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_signed_in_takes_over_and_no_other_site_makes_them() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let link = bed.link(Duration::ZERO);
    let mut stranger = bed.browser();
    let csrf = stranger.get("/connexion").await.value("/connexion", "csrf").unwrap();
    stranger.post(&link, &[("csrf".into(), csrf)], &[]).await.is(401);
    let mut zoe = bed.citizen("Zoé").await;
    zoe.post(&link, &[("csrf".into(), "x".into())], &[]).await.is(403);
    let page = zoe.get(&link).await;
    zoe.post(&link, &page.form(&link), &[("Sec-Fetch-Site", "cross-site")]).await.is(403);
    assert!(bed.is_unclaimed(&iri));
}

/// A reader must not learn whether there is an address, and still less which: page, answer and what is said are the same.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_from_asking_whether_there_is_an_address() {
    let bed = Bed::new().await;
    let contacts = [None, Some((ADDRESS, "private")), Some(("autre@ailleurs.example", "network"))];
    let mut pages = Vec::new();
    for contact in contacts {
        let iri = bed.unclaimed("L’Établi", contact);
        let mut visitor = bed.browser();
        let before = visitor.get(&bed.page(&iri)).await.is(200);
        let sent = bed.asks(&mut visitor, &iri).await.is(303);
        let after = visitor.get(sent.header("location").unwrap()).await.is(200);
        assert!(after.says("Si une adresse est connue pour cette structure"));
        let plain = |page: &Page| {
            // What search engines read tells the second of the last change.
            let body = page.body.split("<script type=\"application/ld+json\"").next().unwrap();
            let body = body.replace(&iri.uuid().to_string(), "…");
            let csrf = page.value(&format!("{}/reprendre", bed.page(&iri)), "csrf").unwrap();
            body.replace(&csrf, "…").to_lowercase()
        };
        for page in [&before, &after] {
            assert!(!page.body.to_lowercase().contains("etabli.example") && !page.body.contains("ailleurs.example"));
        }
        pages.push((plain(&before), plain(&after)));
        bed.journal.delete(&iri, None, UtcDateTime::now()).unwrap();
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_letter_a_day_goes_to_a_structure_however_many_ask() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    for _ in 0..3 {
        bed.asks(&mut bed.browser(), &iri).await.is(303);
    }
    assert_eq!(bed.letters().len(), 1);
    let tomorrow = UtcDateTime::now() + Duration::DAY + Duration::MINUTE;
    bed.people.ask_for_claim(&iri.to_string(), tomorrow).unwrap();
    assert_eq!(bed.letters().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_visitor_makes_us_write_only_so_often() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let structures: Vec<RecordIri> =
        (0..21).map(|number| bed.unclaimed(&format!("Structure {number}"), Some((ADDRESS, "network")))).collect();
    for iri in &structures[..20] {
        bed.asks(&mut visitor, iri).await.is(303);
    }
    bed.asks(&mut visitor, &structures[20]).await.is(429);
    assert_eq!(bed.letters().len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_wants_no_more_letters_gets_none_and_needs_no_account_to_say_so() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let letter = bed.letters().remove(0);
    let stop = claims::stop_path(&bed.links, &letter.address);
    let mut stranger = bed.browser();
    let page = stranger.get(&stop).await.is(200);
    assert!(page.says("Ne plus recevoir ces messages"));
    assert!(bed.journal.store().read(claims::refusals).unwrap().is_empty(), "opening a link does nothing");
    // The mail program's own button brings neither cookie nor token.
    bed.browser().post(&stop, &[("List-Unsubscribe".into(), "One-Click".into())], &[]).await.is(200);
    assert!(stranger.send(&page, &stop, &[]).await.is(200).says("C’est entendu"));
    let kept = bed.journal.store().read(claims::refusals).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!format!("{kept:?}").to_lowercase().contains("etabli"), "of the address a digest is kept");
    let tomorrow = UtcDateTime::now() + Duration::DAY + Duration::MINUTE;
    bed.people.ask_for_claim(&iri.to_string(), tomorrow).unwrap();
    let twin = bed.unclaimed("L’Établi bis", Some(("CONTACT@etabli.example", "public")));
    bed.asks(&mut bed.browser(), &twin).await.is(303);
    assert_eq!(bed.due().len(), 1, "only the letter from before, which the crier drops");
    for bad in [format!("{stop}0"), "/ne-plus-nous-ecrire/x/y".into()] {
        stranger.get(&bad).await.is(404);
        bed.browser().post(&bad, &[], &[]).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_question_is_asked_of_unclaimed_structures_of_this_network_alone() {
    let bed = Bed::new().await;
    let (claimed, unclaimed) = (bed.structure("Le Phare"), bed.unclaimed("L’Établi", None));
    let other = bed.elsewhere();
    let foreign = other.publish(Kind::Structure, &[("name", "La Volière"), ("is-unclaimed", "on")]);
    bed.hears(&other);
    assert!(bed.browser().get(&bed.page(&unclaimed)).await.says("C’est votre structure ?"));
    let exchange = bed.demand("Cherche un vélo");
    let mut visitor = bed.browser();
    let csrf = visitor.get("/connexion").await.value("/connexion", "csrf").unwrap();
    for (iri, status) in [(&claimed, 409), (&foreign, 404), (&exchange, 404)] {
        let page = visitor.get(&bed.page(iri)).await.is(200);
        assert!(!page.says("C’est votre structure ?"), "{iri}");
        let path = format!("{}/reprendre", bed.page(iri));
        visitor.post(&path, &[("csrf".into(), csrf.clone())], &[]).await.is(status);
    }
    assert!(bed.letters().is_empty());
    // What waits for an animator, or is for members, is nobody else's to ask about.
    let inside = bed.publish(Kind::Structure, &[("name", "Dedans"), ("is-unclaimed", "on"), ("audience", "network")]);
    visitor.post(&format!("{}/reprendre", bed.page(&inside)), &[("csrf".into(), csrf)], &[]).await.is(404);
    bed.asks(&mut bed.member("Marie").await, &inside).await.is(303);
}

/// Two people of one structure have its page open, and one of them was quicker.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_too_late_to_claim_is_told_so_and_led_on() {
    let bed = Bed::new().await;
    let iri = bed.unclaimed("L’Établi", Some((ADDRESS, "network")));
    let (mut late, action) = (bed.browser(), format!("{}/reprendre", bed.page(&iri)));
    let open = late.get(&bed.page(&iri)).await.is(200);
    let mut quick = bed.editor("Jo", &iri).await;
    let theirs = quick.get(&bed.page(&iri)).await.is(200);
    let own = bed.own(&iri).unwrap();
    let Body::Structure(mut body) = own.record.body else { panic!() };
    body.is_unclaimed = false;
    let record = Record { body: Body::Structure(body), ..own.record };
    bed.journal.save(record, own.moderation, None, UtcDateTime::now()).unwrap();
    let told = late.send(&open, &action, &[]).await.is(409);
    for words in ["Quelqu’un s’occupe déjà de cette fiche", "« L’Établi »", "Demander à l’équipe", "Voir la fiche"]
    {
        assert!(told.says(words), "{words}: {}", told.body);
    }
    assert!(told.body.contains(&format!("{}/rejoindre", bed.page(&iri))) && bed.letters().is_empty());
    quick.send(&theirs, &action, &[]).await.to(&bed.page(&iri));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_the_team_is_asked_and_no_letter_is_promised() {
    let bed = Bed::without_mail().await;
    let iri = bed.unclaimed("L’Établi", Some((ADDRESS, "network")));
    let mut zoe = bed.citizen("Zoé").await;
    let page = zoe.get(&bed.page(&iri)).await.is(200);
    assert!(page.says("C’est votre structure ?") && page.says("Demander à l’équipe du réseau"));
    assert!(!page.body.contains("/reprendre\""));
    let csrf = page.value("/deconnexion", "csrf").unwrap();
    zoe.post(&format!("{}/reprendre", bed.page(&iri)), &[("csrf".into(), csrf)], &[]).await.is(404);
    zoe.fill(&format!("{}/rejoindre", bed.page(&iri)), &[]).await.is(303);
    let mut nora = bed.animator().await;
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("may-edit", "on"), ("decision", "confirm")]).await.is(303);
    assert!(!bed.is_unclaimed(&iri), "an animator's decision claims it too");
}

/// A request that waited is answered by the link: the person's part is shown as they said, and no animator is asked any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waits_is_settled_by_the_link() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let zoe = bed.account("Zoé", Role::Citizen);
    let mut browser = bed.signed_in(&zoe).await;
    browser.fill(&format!("{}/rejoindre", bed.page(&iri)), &[("person-agrees", "on")]).await.is(303);
    let link = bed.link(Duration::ZERO);
    let page = browser.get(&link).await;
    browser.send(&page, &link, &[]).await.is(303);
    assert!(bed.proposed().is_empty());
    assert_eq!(bed.all(Kind::Membership, Moderation::Published).len(), 1);
    assert!(bed.animator().await.get("/reseau").await.says("Aucune demande"));
}

/// An animator's decision drops what was still to be sent.
#[tokio::test(flavor = "multi_thread")]
async fn no_letter_goes_out_about_a_structure_that_an_animator_gave_to_somebody() {
    let bed = Bed::new().await;
    let iri = bed.asked().await;
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill(&format!("{}/rejoindre", bed.page(&iri)), &[]).await.is(303);
    let mut nora = bed.animator().await;
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("may-edit", "on"), ("decision", "confirm")]).await.is(303);
    assert!(bed.due().is_empty() && bed.letters()[0].standing == Standing::Dropped);
}

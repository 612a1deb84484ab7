//! Structures that are named in a form: which one is meant, and whether a new one is there already. Nobody is shown what they may not see.

use crate::bed::browser::plain;
use crate::bed::{Bed, Browser, Page};
use pes_domain::{Audience, Body, Kind, RecordIri, Reference};
use pes_store::own_records::Moderation;

const FORM: &str = "/nouveau/lien";
const NEW: &str = "/nouveau/structure";
const NICE: (&str, &str) = ("site-commune", "Nice (06088)");

/// Somebody at the form by which a relation of theirs is told.
struct Teller {
    bed: Bed,
    marie: Browser,
    subject: String,
}

impl Teller {
    async fn new() -> Self {
        let bed = Bed::new().await;
        let voliere = bed.structure("La Volière");
        Self { marie: bed.editor("Marie", &voliere).await, subject: voliere.to_string(), bed }
    }

    async fn names(&mut self, name: &str) -> Page {
        let subject = self.subject.clone();
        let fields = [("subject", subject.as_str()), ("relation-kind", "partner"), ("object-label", name)];
        self.marie.fill(FORM, &fields).await
    }

    fn saved(&self) -> Vec<Reference> {
        let all = self.bed.all(Kind::Relation, Moderation::Published).into_iter();
        all.map(|own| if let Body::Relation(one) = own.record.body { one.object } else { panic!() }).collect()
    }
}

fn says_all(page: &Page, words: &[&str]) {
    for one in words {
        assert!(page.says(one), "{one}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_known_leads_to_a_choice_and_the_choice_to_a_link() {
    let mut teller = Teller::new().await;
    let other = teller.bed.elsewhere();
    let theirs = other.publish(Kind::Structure, &[("name", "La Fabrique"), NICE]);
    let ours = teller.bed.publish(Kind::Structure, &[("name", "La Fabrique des Loriots")]);
    teller.bed.publish(Kind::Structure, &[("name", "La Fabrique secrète"), ("audience", "private")]);
    other.publish(Kind::Structure, &[("name", "La Fabrique confiée"), ("audience", "affiliates")]);
    teller.bed.hears(&other);
    let asked = teller.names("la fabrique").await.is(200);
    says_all(
        &asked,
        &[
            "Laquelle ?",
            "La Fabrique – Nice · Réseau d’ailleurs",
            "La Fabrique des Loriots – Réseau d’ici",
            "Aucune de celles-ci : garder le nom seul",
        ],
    );
    assert!(!asked.says("secrète"), "what is not for her is not there: {}", asked.body);
    assert!(asked.body.contains(&ours.to_string()) && teller.saved().is_empty());
    assert_eq!(asked.value(FORM, "object-label").as_deref(), Some("la fabrique"), "nothing is lost");
    let again = teller.marie.send(&asked, FORM, &[]).await.is(200);
    assert!(again.says("Laquelle ?") && teller.saved().is_empty(), "who does not choose is asked again");
    let choice = [("object-choice", &*theirs.to_string())];
    teller.marie.send(&again, FORM, &choice).await.is(303);
    assert_eq!(teller.saved(), [Reference::to(theirs, "La Fabrique")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_alone_is_an_answer_and_another_name_another_question() {
    let mut teller = Teller::new().await;
    let loriots = teller.bed.structure("La Fabrique des Loriots");
    let asked = teller.names("La Fabrique").await.is(200);
    let changed = [("object-label", "Les Loriots"), ("object-choice", "nom-seul")];
    let anew = teller.marie.send(&asked, FORM, &changed).await.is(200);
    assert!(anew.says("Laquelle ?") && teller.saved().is_empty(), "the answer was to another name");
    teller.marie.send(&anew, FORM, &[("object-choice", "nom-seul")]).await.is(303);
    assert_eq!(teller.saved(), [Reference::named("Les Loriots")]);
    teller.names("Une inconnue").await.is(303);
    assert_eq!(teller.saved().len(), 2, "who is called as nobody is asks nothing");
    // Whoever opens it again may still link it, and whoever unlinks it may.
    let own = teller.bed.all(Kind::Relation, Moderation::Published);
    let named = own.iter().find(|own| own.record.title().contains("Loriots")).unwrap();
    let edit = format!("{}/modifier", teller.bed.page(&named.record.iri));
    let asked = teller.marie.fill(&edit, &[]).await.is(200);
    teller.marie.send(&asked, &edit, &[("object-choice", &*loriots.to_string())]).await.is(303);
    assert!(teller.saved().contains(&Reference::to(loriots, "La Fabrique des Loriots")));
    teller.marie.fill(&edit, &[]).await.is(303);
    teller.marie.fill(&edit, &[("object-label", "Une inconnue")]).await.is(303);
    assert!(teller.saved().iter().all(|one| one.iri.is_none()), "another name is not the linked one's");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_the_place_of_the_name_is_the_page_s_structure() {
    let mut teller = Teller::new().await;
    let fabrique = teller.bed.structure("La Fabrique");
    let hidden = teller.bed.publish(Kind::Structure, &[("name", "La Cachette"), ("audience", "private")]);
    let demand = teller.bed.demand("Des bancs");
    for nowhere in [&hidden, &demand] {
        let page = teller.names(&nowhere.to_string()).await.is(422);
        assert!(page.says("Cette adresse n’est pas celle d’une fiche.") && !page.says("La Cachette"), "{}", page.body);
        let mended = teller.marie.send(&page, FORM, &[("object-label", "Une inconnue")]).await;
        mended.is(303);
    }
    teller.names(&format!("{fabrique}?fait=publie")).await.is(303);
    assert_eq!(teller.saved().iter().filter(|one| one.iri.as_ref() == Some(&fabrique)).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_would_tell_a_confided_name_to_more_people_is_told_so_first() {
    let mut teller = Teller::new().await;
    let other = teller.bed.elsewhere();
    let theirs = other.publish(Kind::Structure, &[("name", "La Confidence"), ("audience", "affiliates")]);
    let ours = teller.bed.publish(Kind::Structure, &[("name", "La Réserve"), ("audience", "network")]);
    let hidden = teller.bed.publish(Kind::Structure, &[("name", "La Cachette"), ("audience", "private")]);
    teller.bed.hears(&other);
    let audiences = |teller: &Teller| {
        let all = teller.bed.all(Kind::Relation, Moderation::Published).into_iter();
        all.map(|own| (own.record.title(), own.record.audience)).collect::<Vec<_>>()
    };
    for (iri, name, few, many) in [
        (&ours, "La Réserve", Audience::Network, None),
        (&theirs, "La Confidence", Audience::Affiliates, Some(Audience::Public)),
    ] {
        let asked = teller.names(&iri.to_string()).await.is(200);
        says_all(&asked, &["Plus de monde lirait ce nom", &format!("La fiche de {name} est pour")]);
        assert_eq!(
            asked.value(FORM, "audience").as_deref(),
            Some(few.as_str()),
            "the narrower is chosen: {}",
            asked.body
        );
        let wider = many.map(|audience| ("audience", audience.as_str()));
        let before = audiences(&teller).len();
        teller.marie.send(&asked, FORM, wider.as_slice()).await.is(303);
        let told = format!("La Volière — {name}");
        assert_eq!(audiences(&teller).len(), before + 1);
        assert!(audiences(&teller).contains(&(told, many.unwrap_or(few))), "{:?}", audiences(&teller));
    }
    // Widening is asked about as well; what stood so is not.
    let own = teller.bed.all(Kind::Relation, Moderation::Published);
    let named = |name: &str| own.iter().find(|own| own.record.title().contains(name)).unwrap().record.iri.clone();
    let edit = format!("{}/modifier", teller.bed.page(&named("Réserve")));
    teller.marie.fill(&edit, &[("audience", "public")]).await.is(200);
    teller.marie.fill(&edit, &[("audience", "private")]).await.is(303);
    let edit = format!("{}/modifier", teller.bed.page(&named("Confidence")));
    teller.marie.fill(&edit, &[("detail", "Depuis toujours")]).await.is(303);
    // Of what she does not see nothing is asked: that would tell its name.
    let blank = teller.marie.get(FORM).await.is(200);
    let voliere = teller.subject.clone();
    let guessed = [
        ("subject", &*voliere),
        ("relation-kind", "partner"),
        ("object", &*hidden.to_string()),
        ("object-label", ""),
        ("audience", "public"),
    ];
    let page = teller.marie.send(&blank, FORM, &guessed).await;
    assert!(!page.says("La Cachette") && !page.says("Plus de monde"), "{}", page.body);
}

/// A name is told by who keeps to it as by who links it; and a sheet that waits or was taken back is for nobody.
#[tokio::test(flavor = "multi_thread")]
async fn keeping_to_a_confided_name_is_asked_about_too_and_so_is_what_waits() {
    let mut teller = Teller::new().await;
    teller.bed.publish(Kind::Structure, &[("name", "La Réserve"), ("audience", "network")]);
    let asked = teller.names("la réserve").await.is(200);
    assert!(asked.says("Laquelle ?"), "{}", asked.body);
    let alone = [("object-choice", "nom-seul"), ("audience", "public")];
    let asked = teller.marie.send(&asked, FORM, &alone).await.is(200);
    says_all(&asked, &["Plus de monde lirait ce nom", "La fiche de La Réserve est pour"]);
    assert!(teller.saved().is_empty());
    teller.marie.send(&asked, FORM, &[]).await.is(303);
    assert_eq!(teller.bed.all(Kind::Relation, Moderation::Published)[0].record.audience, Audience::Network);
    // What was taken back is read by nobody but its own people, whatever it was for.
    let mut nora = teller.bed.animator().await;
    let open = teller.bed.structure("Le Retrait");
    let edit = format!("{}/modifier", teller.bed.page(&open));
    let page = nora.get(&edit).await.is(200);
    nora.send(&page, &format!("{}/retirer", teller.bed.page(&open)), &[]).await.is(303);
    let voliere = teller.subject.clone();
    let fields = [
        ("subject", &*voliere),
        ("relation-kind", "partner"),
        ("object", &*open.to_string()),
        ("object-label", "Le Retrait"),
        ("audience", "public"),
    ];
    let page = nora.fill(FORM, &fields).await;
    assert!(page.says("Plus de monde lirait ce nom") || !page.says("Le Retrait"), "{}", page.body);
    assert_eq!(teller.saved().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_name_communes_for_all_and_structures_for_whom_they_are() {
    let bed = Bed::new().await;
    let ours = bed.publish(Kind::Structure, &[("name", "La Fabrique"), NICE]);
    let members = bed.publish(Kind::Structure, &[("name", "La Fabrique d’entre nous"), ("audience", "network")]);
    bed.demand("La Fabrique cherche des bancs");
    let told = bed.browser().get("/structures/suggestions?q=fab").await.is(200);
    let expected = format!("[{{\"label\":\"Nice · Réseau d’ici\",\"record\":\"{ours}\",\"value\":\"La Fabrique\"}}]");
    assert_eq!(told.body, expected);
    let mut marie = bed.member("Marie").await;
    assert!(marie.get("/structures/suggestions?q=fab").await.is(200).body.contains(&members.to_string()));
    let communes = bed.browser().get("/communes/suggestions?q=partheN").await.is(200);
    assert!(communes.body.contains("{\"label\":\"Deux-Sèvres\",\"value\":\"Parthenay (79202)\"}"), "{}", communes.body);
    for odd in ["", "?q=", "?q=%01", &format!("?q={}", "%C3%A9".repeat(300))] {
        assert_eq!(bed.browser().get(&format!("/communes/suggestions{odd}")).await.is(200).body, "[]", "{odd}");
    }
    for (form, field) in [(NEW, "site-commune"), ("/nouveau/annonce", "place"), ("/nouveau/annonce", "areas")] {
        let page = marie.get(form).await.is(200);
        let asks = |tag: &str| tag.contains(&format!("name=\"{field}\"")) && tag.contains("data-suggest=\"/communes");
        assert!(page.body.split('<').any(asks), "{field}");
    }
    assert!(bed.browser().get("/structures").await.body.contains("data-suggest=\"/territoire/suggestions\""));
}

/// A repair café in Parthenay, as somebody types it.
async fn types(browser: &mut Browser, name: &str) -> Page {
    let fields = [("name", name), ("description", "On y répare"), ("site-commune", "Parthenay (79202)")];
    browser.fill(NEW, &fields).await
}

fn cafe(bed: &Bed, fields: &[(&str, &str)]) -> RecordIri {
    bed.publish(Kind::Structure, &[fields, &[("site-commune", "Parthenay (79202)")]].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_that_is_there_is_shown_before_it_is_saved_a_second_time() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    other.publish(Kind::Structure, &[("name", "Le Repair Café"), ("site-commune", "Parthenay (79202)")]);
    bed.hears(&other);
    let ours = cafe(&bed, &[("name", "Repair café"), ("is-unclaimed", "on")]);
    let mut jo = bed.citizen("Jo").await;
    let asked = types(&mut jo, "Repair café").await.is(200);
    says_all(
        &asked,
        &["Est-ce l’une de celles-ci ?", "Parthenay · Réseau d’ici", "Parthenay · Réseau d’ailleurs", "le même nom"],
    );
    assert!(asked.body.contains(&format!("{}#reprendre", bed.page(&ours))), "it may be taken over: {}", asked.body);
    assert!(bed.proposed().is_empty(), "nothing is saved");
    assert_eq!(asked.value(NEW, "description").as_deref(), Some("On y répare"), "nothing is lost");
    assert_eq!(
        plain(&asked.body).matches("Non, c’est une autre : enregistrer").count(),
        2,
        "above the form, and below"
    );
    // What was shown is not shown again; what comes between is.
    cafe(&bed, &[("name", "Repair-café")]);
    let anew = jo.send(&asked, NEW, &[]).await.is(200);
    let shown = anew.body.split("<ul class=\"likes\">").nth(1).unwrap().split("</ul>").next().unwrap();
    assert!(shown.contains(">Repair-café<") && shown.matches("<li>").count() == 1, "{shown}");
    jo.send(&anew, NEW, &[]).await.is(303);
    assert_eq!(bed.proposed().len(), 1);
    types(&mut jo, "Les Bénévoles du thouet").await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_by_a_new_sheet_of_what_they_may_not_see() {
    let bed = Bed::new().await;
    let contact = [
        ("contact-medium", "phone"),
        ("contact-value", "04 65 71 00 01"),
        ("contact-note", ""),
        ("contact-audience", "network"),
    ];
    cafe(&bed, &[("name", "Repair café"), ("audience", "network")]);
    cafe(&bed, &[&[("name", "Les Rêveries")][..], &contact].concat());
    let reveries = |audience: &'static str| {
        [("name", "Les Reveries"), ("contact-medium", "phone"), ("contact-value", "04 65 71 00 01")]
            .into_iter()
            .chain([("contact-note", ""), ("contact-audience", audience), ("site-commune", "Parthenay (79202)")])
            .collect::<Vec<_>>()
    };
    let (mut jo, mut marie) = (bed.citizen("Jo").await, bed.member("Marie").await);
    assert_eq!(types(&mut jo, "Repair café").await.status, 303, "to a citizen it is not there");
    assert!(types(&mut marie, "Repair café").await.is(200).says("Est-ce l’une de celles-ci ?"));
    let told = jo.fill(NEW, &reveries("public")).await.is(200);
    assert!(told.says("le même nom") && !told.says("le même téléphone"), "{}", told.body);
    assert!(marie.fill(NEW, &reveries("public")).await.is(200).says("le même téléphone"));
}

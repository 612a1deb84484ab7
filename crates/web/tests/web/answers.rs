//! Answers to records: the form for visitors and members, confirming, the conversation's page, and ending it.

use crate::bed::{self, Bed, Browser, Page, demand};
use pes_domain::{Kind, RecordIri};
use pes_store::accounts::{Account, Role};
use pes_store::conversations::{self, Conversation, Message, Side};
use pes_store::outbox;

const WORDS: [(&str, &str); 3] =
    [("text", "J’ai un local clair.\r\n\r\nAppelez-moi."), ("name", "Ines"), ("email", "ines@courriel.example")];

/// Marie's demand, published, and her browser.
async fn marie(bed: &Bed) -> (RecordIri, Account, Browser) {
    let account = bed.account("Marie", Role::Citizen);
    let mut browser = bed.signed_in(&account).await;
    browser.fill("/nouveau/annonce", &demand("Cherche local")).await.is(303);
    let iri = bed.proposed()[0].record.iri.clone();
    let mut nora = bed.animator().await;
    nora.fill("/reseau/a-relire", &[("decision", "publish")]).await.is(303);
    (iri, account, browser)
}

fn of_account(bed: &Bed, account: &Account) -> Vec<Conversation> {
    bed.journal.store().read(|link| conversations::of_account(link, &account.id)).unwrap()
}

/// The words that somebody is to be told of by mail.
fn to_tell(bed: &Bed) -> Vec<Message> {
    bed.journal.store().read(conversations::to_tell).unwrap()
}

/// The path of the answerer's page about the only conversation that waits for its confirmation.
fn mailed_link(bed: &Bed) -> String {
    let waiting = to_tell(bed);
    assert_eq!((waiting.len(), waiting[0].mail.as_str()), (1, "confirm"));
    format!("/reponses/{}", bed.people.link_to(&waiting[0].conversation, Side::Answerer))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_s_answer_leaves_only_after_its_link_was_opened_and_its_button_pressed() {
    let bed = Bed::new().await;
    let (iri, account, mut marie) = marie(&bed).await;
    let mut ines = bed.browser();
    let sent = ines.fill(&format!("{}/repondre", bed.page(&iri)), &WORDS).await.is(200);
    assert!(sent.says("Regardez votre messagerie"));
    let link = mailed_link(&bed);
    let opened = ines.get(&link).await.is(200);
    assert!(opened.says("Ce message n’est pas encore parti.") && opened.says("J’ai un local clair."));
    assert!(!opened.says("en chemin"), "it is not, before it was confirmed");
    assert!(of_account(&bed, &account).is_empty(), "a mail scanner opens links");
    ines.send(&opened, &format!("{link}/confirmer"), &[]).await.to(&link);
    let told = to_tell(&bed);
    assert_eq!((told.len(), told[0].side.as_str(), told[0].mail.as_str()), (1, "home", "due"));
    let talk = open_talk(&mut marie).await;
    assert!(talk.says("J’ai un local clair.") && talk.says("<p>Appelez-moi.</p>") && talk.says("<b>Ines</b>"));
    assert!(!talk.body.contains("ines@"), "her address stays where she gave it");
}

/// Opens the first conversation in somebody's space.
async fn open_talk(browser: &mut Browser) -> Page {
    let space = browser.get("/mon-espace").await.is(200);
    let (_, rest) = space.body.split_once("href=\"/reponses/").unwrap();
    browser.get(&format!("/reponses/{}", rest.split('"').next().unwrap())).await.is(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn confirming_twice_sends_once() {
    let bed = Bed::new().await;
    let (iri, account, _) = marie(&bed).await;
    let mut ines = bed.browser();
    ines.fill(&format!("{}/repondre", bed.page(&iri)), &WORDS).await.is(200);
    let link = mailed_link(&bed);
    let opened = ines.get(&link).await;
    for _ in 0..2 {
        ines.send(&opened, &format!("{link}/confirmer"), &[]).await.to(&link);
    }
    assert_eq!(of_account(&bed, &account).len(), 1);
    assert_eq!(to_tell(&bed).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_s_answer_leaves_at_once_and_asks_for_no_address() {
    let bed = Bed::new().await;
    let (iri, account, _) = marie(&bed).await;
    let mut paul = bed.citizen("Paul").await;
    let path = format!("{}/repondre", bed.page(&iri));
    assert_eq!(paul.get(&path).await.is(200).value(&path, "email"), None);
    let page = paul.follow(&path, &[("text", "Me voici")]).await.is(200);
    assert!(page.says("Votre réponse est partie."));
    assert_eq!(of_account(&bed, &account).len(), 1);
    let talk = open_talk(&mut paul).await;
    assert!(talk.says("<b>Paul</b>") && !talk.body.contains("courriel.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_talk_without_seeing_each_other_s_address() {
    let bed = Bed::new().await;
    let (iri, _, mut marie) = marie(&bed).await;
    let mut paul = bed.citizen("Paul").await;
    paul.fill(&format!("{}/repondre", bed.page(&iri)), &[("text", "Me voici")]).await.is(303);
    let hers = open_talk(&mut marie).await;
    let path = action(&hers);
    assert!(marie.send(&hers, &path, &[("text", " ")]).await.is(422).says("Ce champ est obligatoire."));
    marie.send(&hers, &path, &[("text", "Quand venez-vous ?")]).await.to(&path);
    let his = open_talk(&mut paul).await;
    assert!(his.says("Quand venez-vous ?") && his.says("<b>Marie</b>"));
    assert!(!his.body.contains("courriel.example") && !hers.body.contains("courriel.example"));
    assert_ne!(action(&his), path, "each side has a link of its own");
}

/// Where the form of a conversation's page is sent.
fn action(talk: &Page) -> String {
    let (_, rest) = talk.body.split_once("action=\"/reponses/").unwrap();
    format!("/reponses/{}", rest.split('"').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_conversation_s_link_leads_nowhere_for_the_side_that_closed_it() {
    let bed = Bed::new().await;
    let (iri, _, mut marie) = marie(&bed).await;
    let mut paul = bed.citizen("Paul").await;
    paul.fill(&format!("{}/repondre", bed.page(&iri)), &[("text", "Me voici")]).await.is(303);
    let hers = open_talk(&mut marie).await;
    let path = action(&hers);
    let close = format!("{path}/clore");
    assert!(hers.body.contains(&format!("href=\"{close}\"")) && !hers.body.contains(&format!("action=\"{close}\"")));
    let asked = marie.get(&close).await.is(200);
    assert!(asked.says("Cherche local") && asked.says("vous ne pourrez plus relire ceux-ci"));
    marie.get(&path).await.is(200);
    assert!(marie.send(&asked, &close, &[]).await.is(200).says("Échange terminé"));
    marie.get(&path).await.is(404);
    marie.send(&hers, &path, &[("text", "Encore")]).await.is(404);
    let his = open_talk(&mut paul).await;
    let before = to_tell(&bed).len();
    paul.send(&his, &action(&his), &[("text", "Vous êtes là ?")]).await.is(303);
    assert_eq!(to_tell(&bed).len(), before, "nobody is told any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_answer_keeps_what_was_typed() {
    let bed = Bed::new().await;
    let path = format!("{}/repondre", bed.page(&bed.demand("Cherche local")));
    let long = "é".repeat(10_001);
    let cases = [
        ("text", "", "Ce champ est obligatoire."),
        ("text", &long, "Trop long : 10000 caractères au plus."),
        ("name", "", "Ce champ est obligatoire."),
        ("email", "ines", "Ce n’est pas une adresse de courriel."),
    ];
    for (field, value, sentence) in cases {
        let fields: Vec<_> = WORDS.into_iter().filter(|(name, _)| *name != field).chain([(field, value)]).collect();
        let page = bed.browser().fill(&path, &fields).await.is(422);
        assert!(page.says(sentence) || page.says(&sentence.replace("10000", "10\u{202f}000")), "{field}");
        for (name, typed) in fields {
            assert_eq!(page.value(&path, name).unwrap().replace('\r', ""), typed.replace('\r', ""), "{field}: {name}");
        }
    }
    assert!(to_tell(&bed).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_record_of_another_network_goes_into_the_outbox_without_the_address() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Cherche local"));
    bed.hears(&other);
    let path = format!("{}/repondre", bed.page(&iri));
    let mut ines = bed.browser();
    ines.fill(&path, &WORDS).await.is(200);
    assert!(bed.journal.store().read(outbox::all).unwrap().is_empty(), "nothing leaves unconfirmed");
    let link = mailed_link(&bed);
    let opened = ines.get(&link).await;
    ines.send(&opened, &format!("{link}/confirmer"), &[]).await.to(&link);
    let sent = bed.journal.store().read(outbox::all).unwrap();
    assert_eq!((sent.len(), sent[0].origin.as_str()), (1, "https://ailleurs.test"));
    assert!(sent[0].body.contains("J’ai un local clair.") && sent[0].body.contains("Ines"));
    assert!(!sent[0].body.contains("courriel.example"));
    assert!(ines.get(&link).await.says("en chemin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_nobody_was_sent_lead_nowhere() {
    let bed = Bed::new().await;
    for token in ["x", &"0".repeat(64), "%00", "..%2F"] {
        bed.browser().get(&format!("/reponses/{token}")).await.is(404);
    }
    let mut visitor = bed.browser();
    let csrf = visitor.get("/connexion").await.value("/connexion", "csrf").unwrap();
    let fields = [("csrf".to_owned(), csrf), ("text".to_owned(), "Bonjour".to_owned())];
    bed.browser().get(&format!("/reponses/{}/clore", "0".repeat(64))).await.is(404);
    for way in ["", "/confirmer", "/clore"] {
        visitor.post(&format!("/reponses/{}{way}", "0".repeat(64)), &fields, &[]).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_visitor_says_no_further_word() {
    let bed = Bed::new().await;
    let (iri, account, _) = marie(&bed).await;
    let mut ines = bed.browser();
    ines.fill(&format!("{}/repondre", bed.page(&iri)), &WORDS).await.is(200);
    let link = mailed_link(&bed);
    let csrf = ines.get(&link).await.value(&format!("{link}/confirmer"), "csrf").unwrap();
    ines.post(&link, &[("csrf".into(), csrf), ("text".into(), "Et encore".into())], &[]).await.is(404);
    assert!(of_account(&bed, &account).is_empty());
}

/// Where no mail goes out, nobody is told to wait for one: answering takes an account, and answers are read in one's space.
#[tokio::test(flavor = "multi_thread")]
async fn without_mails_answering_takes_an_account_and_promises_none() {
    let bed = Bed::without_mail().await;
    let iri = bed.demand("Cherche local");
    let path = format!("{}/repondre", bed.page(&iri));
    let mut ines = bed.browser();
    let asked = ines.get(&path).await.is(200);
    assert!(asked.says("Ce site n’envoie pas de courriels") && !asked.body.contains("name=\"text\""));
    let csrf = ines.get("/connexion").await.value("/connexion", "csrf").unwrap();
    let forced: Vec<_> = WORDS.into_iter().chain([("csrf", csrf.as_str())]).collect();
    let forced: Vec<_> = forced.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert!(!ines.post(&path, &forced, &[]).await.is(401).says("Regardez votre messagerie"));
    assert!(to_tell(&bed).is_empty());
    let sign_up = asked.body.split("href=\"/inscription?").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let sign_up = bed::browser::unescaped(&format!("/inscription?{sign_up}"));
    let form = ines.get(&sign_up).await.is(200);
    assert!(form.says("vous répondez à celles des autres") && !form.says("ni pour répondre"));
    let account = [("name", "Ines"), ("email", "ines@courriel.example"), ("password", bed::PASSWORD)];
    ines.send(&form, "/inscription", &account).await.to(&path);
    let sent = ines.follow(&path, &[("text", "Me voici")]).await.is(200);
    assert!(sent.says("vous le lirez dans votre espace") && !sent.says("courriel"), "{}", sent.body);
    let space = ines.get("/mon-espace").await;
    assert!(space.says("ce qui vous concerne vous attend sous « Mes avis »") && space.says("Cherche local"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_needs_is_marked() {
    let bed = Bed::new().await;
    let form = bed.browser().get(&format!("{}/repondre", bed.page(&bed.demand("Cherche local")))).await.is(200);
    assert_eq!(form.body.matches("<span class=\"required\">").count(), 3, "{}", form.body);
}

/// Each answer of a visitor sends a mail to an address they typed: so many an hour, whatever the addresses.
#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_makes_us_send_so_many_mails_an_hour() {
    let bed = Bed::new().await;
    let path = format!("{}/repondre", bed.page(&bed.demand("Cherche local")));
    let mut flood = bed.browser();
    let page = flood.get(&path).await.is(200);
    // What sends none counts as a form.
    for _ in 0..30 {
        flood.send(&page, &path, &[WORDS[0], WORDS[1], ("email", "personne")]).await.is(422);
    }
    for number in 0..20 {
        let address = format!("victime{number}@courriel.example");
        flood.send(&page, &path, &[WORDS[0], WORDS[1], ("email", &address)]).await.is(200);
    }
    flood.send(&page, &path, &WORDS).await.is(429);
    let mut others = 0;
    while flood.send(&page, &path, &[("email", "personne")]).await.status == 422 {
        others += 1;
        assert!(others < 200, "forms have their own limit");
    }
    flood.send(&page, &path, &[("email", "personne")]).await.is(429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_s_sheet_offers_no_answer_and_takes_none() {
    let bed = Bed::new().await;
    let path =
        format!("{}/repondre", bed.page(&bed.publish(Kind::Person, &[("given-name", "Nora"), ("audience", "public")])));
    let mut paul = bed.citizen("Paul").await;
    paul.get(&path).await.is(404);
    let csrf = paul.get("/mon-espace").await.value("/mes-preferences", "csrf").unwrap();
    let fields = [("csrf".to_owned(), csrf), ("text".to_owned(), "Bonjour".to_owned())];
    paul.post(&path, &fields, &[]).await.is(404);
}

//! What animators do: moderate, confirm who belongs where, accept people, hide records from elsewhere, invite networks.

use crate::bed::{self, Bed, Browser, demand};
use pes_domain::{Audience, Kind, RecordIri};
use pes_store::accounts::{self, Role};
use pes_store::own_records::Moderation;
use pes_store::{hidden, invitations, outbox, rights};

const ACTIONS: [&str; 7] = [
    "/reseau/a-relire",
    "/reseau/droit",
    "/reseau/personne",
    "/reseau/masquer",
    "/reseau/inviter",
    "/reseau/membre",
    "/reseau/pause",
];

/// Sends made-up fields with the visitor's own token.
async fn force(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> bed::Page {
    let csrf = csrf(browser).await;
    let fields = [fields, &[("csrf", csrf.as_str())]].concat();
    let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    browser.post(path, &fields, &[]).await
}

async fn csrf(browser: &mut Browser) -> String {
    let home = browser.get("/connexion").await.is(200);
    home.value("/connexion", "csrf").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_s_page_is_for_animators_alone() {
    let bed = Bed::new().await;
    bed.browser().get("/reseau").await.is(401);
    for mut one in [bed.citizen("Zoé").await, bed.member("Marie").await] {
        assert!(one.get("/reseau").await.is(403).says("Elle est réservée à l’équipe du réseau."));
        assert!(!one.get("/").await.body.contains("href=\"/reseau\""));
    }
    let mut nora = bed.animator().await;
    nora.get("/reseau").await.is(200);
    assert!(nora.get("/").await.body.contains("href=\"/reseau\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_does_an_animator_s_work_by_making_up_a_form() {
    let bed = Bed::new().await;
    let zoe = bed.account("Zoé", Role::Citizen);
    let mut browser = bed.signed_in(&zoe).await;
    browser.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(303);
    let iri = bed.proposed()[0].record.iri.to_string();
    let right = format!("{} {iri}", zoe.id);
    let fields =
        [("record", iri.as_str()), ("decision", "publish"), ("account", &zoe.id), ("right", &right), ("name", "x")];
    for path in ACTIONS {
        force(&mut browser, path, &fields).await.is(403);
        force(&mut bed.browser(), path, &fields).await.is(401);
    }
    assert_eq!(bed.proposed().len(), 1);
    let store = bed.journal.store();
    assert!(!store.read(|link| accounts::find(link, &zoe.id)).unwrap().unwrap().is_accepted);
    assert!(store.read(hidden::all).unwrap().is_empty());
    assert!(store.read(invitations::all).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_none_changes_nothing() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    force(&mut nora, "/reseau/droit", &[("right", "x"), ("decision", "confirm")]).await.is(422);
    force(&mut nora, "/reseau/droit", &[("right", "x y"), ("decision", "confirm")]).await.is(404);
    force(&mut nora, "/reseau/personne", &[("account", "x")]).await.is(404);
    force(&mut nora, "/reseau/masquer", &[("record", "x"), ("decision", "hide")]).await.is(404);
    assert!(bed.journal.store().read(hidden::all).unwrap().is_empty());
}

/// What is our own is withdrawn or refused; hiding is for what comes from elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_our_own_cannot_be_hidden() {
    let bed = Bed::new().await;
    let iri = bed.publish(Kind::Exchange, &demand("Cherche un vélo"));
    let mut nora = bed.animator().await;
    force(&mut nora, "/reseau/masquer", &[("record", &iri.to_string()), ("decision", "hide")]).await.is(404);
    assert_eq!(bed.journal.store().read(hidden::all).unwrap(), []);
    bed.browser().get(&bed.page(&iri)).await.is(200);
    assert!(bed.browser().get("/annonces").await.is(200).body.contains("Cherche un vélo"));
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_somebody_opens_what_is_for_members() {
    let bed = Bed::new().await;
    let kept = [&demand("Réunion interne")[..], &[("audience", "network")]].concat();
    let page = bed.page(&bed.publish(Kind::Exchange, &kept));
    let (mut zoe, mut nora) = (bed.citizen("Zoé").await, bed.animator().await);
    zoe.get(&page).await.is(404);
    let network = nora.get("/reseau").await.is(200);
    assert!(network.says("<li>Zoé "));
    nora.send(&network, "/reseau/personne", &[]).await.to("/reseau?fait=accueilli");
    zoe.get(&page).await.is(200);
    assert!(nora.get("/reseau").await.says("Tous les comptes sont rattachés."));
}

/// Zoé asks to belong to a structure; the animators see it on their page.
async fn ask(bed: &Bed, fields: &[(&str, &str)]) -> (RecordIri, Browser, Browser) {
    let iri = bed.structure("L’Établi");
    let (mut zoe, mut nora) = (bed.citizen("Zoé").await, bed.animator().await);
    let asked = zoe.follow(&format!("{}/rejoindre", bed.page(&iri)), fields).await.is(200);
    assert!(asked.says("Votre demande est transmise à l’équipe du réseau."));
    assert!(zoe.get("/mon-espace").await.says("rattachement demandé"));
    assert!(nora.get("/reseau").await.says("<li>Zoé → "));
    (iri, zoe, nora)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_right_to_edit_opens_the_sheet_and_publishes_at_once() {
    let bed = Bed::new().await;
    let (iri, mut zoe, mut nora) = ask(&bed, &[("person-agrees", "on"), ("detail", "trésorière")]).await;
    let edit = format!("{}/modifier", bed.page(&iri));
    zoe.get(&edit).await.is(404);
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("may-edit", "on"), ("decision", "confirm")])
        .await
        .to("/reseau?fait=rattache");
    zoe.fill(&edit, &[("tagline", "Réparer ensemble")]).await.is(303);
    assert!(bed.browser().get(&bed.page(&iri)).await.says("Réparer ensemble"));
    let membership = bed.all(Kind::Membership, Moderation::Published).remove(0);
    assert_eq!(membership.record.audience, Audience::Public, "she agreed to be named");
    assert!(bed.browser().get(&bed.page(&iri)).await.says("Zoé"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_right_without_editing_makes_a_member_and_names_nobody_who_did_not_agree() {
    let bed = Bed::new().await;
    let (iri, mut zoe, mut nora) = ask(&bed, &[]).await;
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("decision", "confirm")]).await.to("/reseau?fait=rattache");
    zoe.get(&format!("{}/modifier", bed.page(&iri))).await.is(404);
    assert!(zoe.get("/mon-espace").await.says("vous en faites partie"));
    assert_eq!(bed.all(Kind::Membership, Moderation::Published)[0].record.audience, Audience::Network);
    assert!(!bed.browser().get(&bed.page(&iri)).await.says("Zoé"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_right_leaves_no_trace() {
    let bed = Bed::new().await;
    let (_, mut zoe, mut nora) = ask(&bed, &[("person-agrees", "on")]).await;
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("may-edit", "on"), ("decision", "refuse")]).await.to("/reseau?fait=ecarte");
    assert!(bed.journal.store().read(rights::all).unwrap().is_empty());
    for moderation in Moderation::ALL {
        assert!(bed.all(Kind::Membership, moderation).is_empty(), "{moderation:?}");
    }
    assert!(zoe.get("/mon-espace").await.says("Vous n’êtes rattaché·e à aucune structure."));
}

/// What the server knows is not taken from a form: not who asks, nor for what, nor that the structure agrees.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_another_s_name_is_one_s_own_and_one_answer_publishes_one() {
    let bed = Bed::new().await;
    let (iri, other) = (bed.structure("L’Établi"), bed.structure("Le Phare").to_string());
    let (mut zoe, mut nora) = (bed.citizen("Zoé").await, bed.animator().await);
    let ask = format!("{}/rejoindre", bed.page(&iri));
    for name in ["Marie", "Paul", "Nora"] {
        let person = bed.publish(Kind::Person, &[("given-name", name)]).to_string();
        let forged =
            [("person", person.as_str()), ("person-label", name), ("person-agrees", "on"), ("structure", &other)];
        let more = [("structure-label", "Le Phare"), ("structure-agrees", "on"), ("audience", "public")];
        zoe.fill(&ask, &[&forged[..], &more].concat()).await.is(303);
    }
    let waiting = bed.proposed();
    assert_eq!((waiting.len(), waiting[0].record.title().as_str()), (1, "Zoé — L’Établi"));
    assert_eq!(waiting[0].record.audience, Audience::Private);
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("decision", "confirm")]).await.to("/reseau?fait=rattache");
    let published = bed.all(Kind::Membership, Moderation::Published);
    assert_eq!((published.len(), published[0].record.title().as_str()), (1, "Zoé — L’Établi"));
    assert!(bed.proposed().is_empty());
}

/// Requests that an older version took in another's name are not published with one's own.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_kept_in_another_s_name_is_deleted_with_the_answer() {
    let bed = Bed::new().await;
    let (iri, mut zoe, mut nora) = ask(&bed, &[]).await;
    drop(zoe.get("/").await);
    let own = bed.proposed().remove(0);
    let pes_domain::Body::Membership(mut forged) = own.record.body.clone() else { panic!("no membership") };
    forged.person.label = "Marie".into();
    let name = RecordIri::mint(bed.origin(), Kind::Membership);
    let record = pes_domain::Record { iri: name, body: pes_domain::Body::Membership(forged), ..own.record };
    bed.journal.save(record, Moderation::Proposed, own.author.as_deref(), time::UtcDateTime::now()).unwrap();
    let network = nora.get("/reseau").await;
    nora.send(&network, "/reseau/droit", &[("decision", "confirm")]).await.is(303);
    let published = bed.all(Kind::Membership, Moderation::Published);
    assert_eq!((published.len(), published[0].record.title().as_str()), (1, "Zoé — L’Établi"));
    assert!(bed.proposed().is_empty() && !nora.get(&bed.page(&iri)).await.says("Marie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_again_takes_no_right_away() {
    let bed = Bed::new().await;
    let iri = bed.structure("L’Établi");
    let mut paul = bed.editor("Paul", &iri).await;
    paul.fill(&format!("{}/rejoindre", bed.page(&iri)), &[]).await.is(303);
    paul.get(&format!("{}/modifier", bed.page(&iri))).await.is(200);
    let kept = bed.journal.store().read(rights::all).unwrap();
    assert!(kept.len() == 1 && kept[0].is_confirmed && kept[0].may_edit, "{kept:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_from_elsewhere_that_is_hidden_here_is_gone_for_others_and_its_home_is_told() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Douteuse"));
    bed.hears(&other);
    let (page, mut nora, mut marie) = (bed.page(&iri), bed.animator().await, bed.member("Marie").await);
    let shown = nora.get(&page).await.is(200);
    nora.send(&shown, "/reseau/masquer", &[("reason", "Publicité"), ("decision", "hide")]).await.to(&page);
    for one in [&mut bed.browser(), &mut marie] {
        one.get(&page).await.is(404);
        one.get(&format!("{page}/repondre")).await.is(404);
        assert!(!one.get("/annonces").await.says("Douteuse"));
        assert!(!one.get("/").await.says("Douteuse"));
    }
    let still = nora.get(&page).await.is(200);
    assert!(still.says("Masquée ici par l’équipe : Publicité"));
    assert!(nora.get("/reseau").await.says("Publicité"));
    force(&mut nora, "/reseau/masquer", &[("record", &iri.to_string()), ("decision", "hide"), ("reason", "Publicité")])
        .await;
    let told = bed.journal.store().read(outbox::all).unwrap();
    assert!(told.len() == 1 && told[0].origin == "https://ailleurs.test", "{told:?}");
    assert!(told[0].body.contains("Publicité") && told[0].body.contains(&iri.to_string()));
    nora.send(&still, "/reseau/masquer", &[("decision", "show")]).await.to(&page);
    bed.browser().get(&page).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn hiding_without_a_reason_says_that_there_was_none() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Douteuse"));
    bed.hears(&other);
    let mut nora = bed.animator().await;
    force(&mut nora, "/reseau/masquer", &[("record", &iri.to_string()), ("decision", "hide")]).await.is(303);
    assert!(nora.get(&bed.page(&iri)).await.says("Masquée ici par l’équipe : Sans motif précisé"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_animators_are_offered_to_hide_and_only_what_is_from_elsewhere() {
    let bed = Bed::new().await;
    let own = bed.demand("D’ici");
    let other = bed.elsewhere();
    let foreign = other.publish(Kind::Exchange, &demand("D’ailleurs"));
    bed.hears(&other);
    let mut nora = bed.animator().await;
    assert!(nora.get(&bed.page(&foreign)).await.body.contains("/reseau/masquer"));
    assert!(!nora.get(&bed.page(&own)).await.body.contains("/reseau/masquer"));
    assert!(!bed.member("Marie").await.get(&bed.page(&foreign)).await.body.contains("/reseau/masquer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_s_code_is_shown_once_and_kept_only_as_a_digest() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let network = nora.get("/reseau").await;
    let made = nora.send(&network, "/reseau/inviter", &[("name", "Réseau voisin")]).await.is(200);
    let line = made.body.split(&format!("pes join {} ", bed.origin())).nth(1).unwrap();
    let code = line.split('<').next().unwrap();
    assert!(code.len() >= 32, "{code}");
    let kept = bed.journal.store().read(invitations::all).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!format!("{kept:?}").contains(code));
    assert!(!nora.get("/reseau").await.body.contains(code));
    let nameless = nora.send(&network, "/reseau/inviter", &[("name", " ")]).await;
    assert_eq!((nameless.status, bed.journal.store().read(invitations::all).unwrap().len()), (422, 1));
}

/// What is as it should be while a network joins alarms nobody; what lasts is shown.
#[tokio::test(flavor = "multi_thread")]
async fn what_settles_by_itself_while_a_network_joins_is_no_refusal() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let node = other.journal.identity().node_id.clone();
    let (journal, now) = (&bed.journal, time::UtcDateTime::now().unix_timestamp());
    journal.add_peer(&node, pes_journal::peers::PeerRole::Hub).unwrap();
    let held_back =
        |at: i64| journal.count_refusal(&node, "held-back", "2 change-sets of https://ailleurs.test", at).unwrap();
    let mut nora = bed.animator().await;
    held_back(now);
    assert!(nora.get("/reseau").await.says("Rien n’a été refusé."), "its older entries come from itself");
    held_back(now + 7_200);
    assert!(nora.get("/reseau").await.says("rien n’est perdu"), "later they should not");
    journal.count_refusal(&node, "unknown-node", "x", now).unwrap();
    assert!(nora.get("/reseau").await.says("ne connaissait pas l’auteur d’un envoi"));
    journal.change_peer(&node, |peer| peer.last_success = Some(now + 1)).unwrap();
    assert!(!nora.get("/reseau").await.says("ne connaissait pas l’auteur"), "it has been well since");
}

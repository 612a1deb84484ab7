//! Who sees what of a record: proposals and their moderation, audiences of records and fields, records that are kept back.

use crate::bed::{Bed, Browser, demand};
use pes_domain::{Kind, RecordIri};
use pes_store::own_records::Moderation;

/// A structure that shows each audience something of its own.
fn layered(bed: &Bed) -> RecordIri {
    let contacts = [("public", "06"), ("affiliates", "07"), ("network", "08"), ("private", "09")];
    let mut fields = vec![("name", "L’Établi"), ("audience-of-budget", "affiliates"), ("budget", "1234567")];
    fields.extend([("audience-of-web", "network"), ("web", "https://interne.example")]);
    fields.extend([("audience-of-description", "private"), ("description", "Brouillon de statuts")]);
    let numbers = contacts.map(|(audience, start)| (audience, format!("{start} 39 98 00 01")));
    for (audience, number) in &numbers {
        fields.extend([("contact-medium", "phone"), ("contact-value", number.as_str())]);
        fields.extend([("contact-note", ""), ("contact-audience", audience)]);
    }
    bed.publish(Kind::Structure, &fields)
}

/// What tells the audiences apart on the page, the widest first.
const LAYERS: [(&str, &str); 7] = [
    ("public", "06\u{202f}39\u{202f}98"),
    ("affiliates", "07\u{202f}39\u{202f}98"),
    ("affiliates", "1\u{202f}234\u{202f}567"),
    ("network", "08\u{202f}39\u{202f}98"),
    ("network", "interne.example"),
    ("private", "09\u{202f}39\u{202f}98"),
    ("private", "Brouillon de statuts"),
];

async fn assert_sees(who: &str, browser: &mut Browser, page: &str, audiences: &[&str]) {
    let shown = browser.get(page).await.is(200);
    for (audience, words) in LAYERS {
        assert_eq!(shown.says(words), audiences.contains(&audience), "{who}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_sees_the_fields_of_their_audience_and_no_other() {
    let bed = Bed::new().await;
    let iri = layered(&bed);
    let page = bed.page(&iri);
    let all = ["public", "affiliates", "network", "private"];
    assert_sees("a visitor", &mut bed.browser(), &page, &all[..1]).await;
    assert_sees("a citizen", &mut bed.citizen("Zoé").await, &page, &all[..1]).await;
    assert_sees("a member", &mut bed.member("Marie").await, &page, &all[..3]).await;
    assert_sees("an animator", &mut bed.animator().await, &page, &all).await;
    assert_sees("who may edit it", &mut bed.editor("Paul", &iri).await, &page, &all).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_only_asked_for_opens_nothing() {
    let bed = Bed::new().await;
    let iri = layered(&bed);
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill(&format!("{}/rejoindre", bed.page(&iri)), &[("detail", "bénévole")]).await.is(303);
    assert_sees("who asked", &mut zoe, &bed.page(&iri), &["public"]).await;
    zoe.get(&format!("{}/modifier", bed.page(&iri))).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_graph_of_a_record_holds_what_everybody_may_see_whoever_asks() {
    let bed = Bed::new().await;
    let page = bed.page(&layered(&bed));
    for mut one in [bed.browser(), bed.member("Marie").await, bed.animator().await] {
        for accept in ["text/turtle", "application/n-quads", "application/ld+json"] {
            let graph = one.get_as(&page, accept).await.is(200).body;
            assert!(graph.contains("+33639980001"), "{accept}: {graph}");
            for secret in ["+33739980001", "+33839980001", "+33939980001", "1234567", "interne.example", "Brouillon"] {
                assert!(!graph.contains(secret), "{accept}: {secret}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_for_members_only_does_not_exist_for_others() {
    let bed = Bed::new().await;
    let kept = [&demand("Réunion interne")[..], &[("audience", "network")]].concat();
    let page = bed.page(&bed.publish(Kind::Exchange, &kept));
    for mut one in [bed.browser(), bed.citizen("Zoé").await] {
        one.get(&page).await.is(404);
        one.get(&format!("{page}/repondre")).await.is(404);
        assert!(!one.get("/annonces").await.says("Réunion interne"));
        assert!(!one.get("/").await.says("Réunion interne"));
    }
    let mut marie = bed.member("Marie").await;
    assert!(marie.get(&page).await.is(200).says("Réunion interne"));
    assert!(marie.get("/annonces").await.says("Réunion interne"));
    for mut one in [bed.browser(), marie, bed.animator().await] {
        one.get_as(&page, "text/turtle").await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_record_does_not_exist_even_for_members() {
    let bed = Bed::new().await;
    let mut author = bed.member("Marie").await;
    let private = [&demand("Mon brouillon secret")[..], &[("audience", "private")]].concat();
    author.fill("/nouveau/annonce", &private).await.is(303);
    let page = bed.page(&bed.proposed()[0].record.iri);
    publish(&mut bed.animator().await).await;
    for mut one in [bed.browser(), bed.citizen("Zoé").await, bed.member("Paul").await] {
        one.get(&page).await.is(404);
        assert!(!one.get("/annonces").await.says("Mon brouillon secret"));
    }
    assert!(author.get(&page).await.is(200).says("Visible par vous et l’équipe du réseau seulement."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_wants_to_edit_is_told_the_same_of_records_that_are_and_are_not() {
    let bed = Bed::new().await;
    let there = format!("{}/modifier", bed.page(&bed.demand("Un local")));
    let absent = "/id/exchange/00000000-0000-4000-8000-000000000000/modifier";
    let mut visitor = bed.browser();
    let (one, other) = (visitor.get(&there).await.is(401), visitor.get(absent).await.is(401));
    // Each leads back to what was asked for, and differs in nothing else.
    let path = |path: &str| path.replace('/', "%2F");
    assert_eq!(one.body.replace(&path(&there), &path(absent)), other.body);
}

/// Publishes the only thing that waits.
async fn publish(animator: &mut Browser) {
    animator.fill("/reseau/a-relire", &[("decision", "publish")]).await.to("/reseau/a-relire?page=1&publish=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_s_entry_is_for_nobody_else_until_an_animator_publishes_it() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    let sent = zoe.follow("/nouveau/annonce", &demand("Cherche un vélo")).await.is(200);
    assert!(sent.says("L’équipe du réseau la relit avant de la publier."));
    let page = bed.page(&bed.proposed()[0].record.iri);
    for mut one in [bed.browser(), bed.citizen("Paul").await, bed.member("Marie").await] {
        one.get(&page).await.is(404);
        one.get_as(&page, "text/turtle").await.is(404);
        assert!(!one.get("/annonces").await.says("Cherche un vélo"));
    }
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau/a-relire").await.says("Cherche un vélo"));
    publish(&mut nora).await;
    bed.browser().get(&page).await.is(200);
    bed.browser().get_as(&page, "text/turtle").await.is(200);
    assert!(bed.browser().get("/annonces").await.says("Cherche un vélo"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_stays_so_when_its_author_changes_it() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(303);
    let iri = bed.proposed()[0].record.iri.clone();
    publish(&mut bed.animator().await).await;
    let edited = zoe.follow(&format!("{}/modifier", bed.page(&iri)), &[("title", "Cherche deux vélos")]).await;
    assert!(edited.says("Vos modifications sont enregistrées."));
    assert!(bed.browser().get(&bed.page(&iri)).await.is(200).says("Cherche deux vélos"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_entry_stays_its_author_s_and_an_edit_proposes_it_again() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(303);
    let iri = bed.proposed()[0].record.iri.clone();
    let mut nora = bed.animator().await;
    let no = [("decision", "refuse"), ("sentence", "Hors sujet.")];
    nora.fill("/reseau/a-relire", &no).await.to("/reseau/a-relire?page=1&refuse=1");
    assert!(zoe.get(&bed.page(&iri)).await.is(200).says("L’équipe du réseau n’a pas retenu cette fiche"));
    bed.browser().get(&bed.page(&iri)).await.is(404);
    zoe.fill(&format!("{}/modifier", bed.page(&iri)), &[]).await.is(303);
    assert_eq!(bed.own(&iri).unwrap().moderation, Moderation::Proposed);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_edit_a_structure_publishes_in_its_name_at_once() {
    let bed = Bed::new().await;
    let structure = bed.structure("L’Établi");
    let mut paul = bed.editor("Paul", &structure).await;
    let kinds = [
        ("/nouveau/annonce", "structure", &[("direction", "offer"), ("type", "service")][..]),
        ("/nouveau/emploi", "employer", &[("contract", "cdi")]),
        ("/nouveau/appel", "bearer", &[("call-type", "call-for-partners")]),
    ];
    for (path, field, fields) in kinds {
        let name = structure.to_string();
        let fields = [fields, &[("title", path), (field, name.as_str())]].concat();
        let page = paul.follow(path, &fields).await.is(200);
        assert!(page.says("C’est publié."), "{path}");
        assert!(page.says(">L’Établi</a>"), "{path}: its name is filled in");
    }
    assert!(bed.proposed().is_empty());
    let sheet = bed.browser().get(&bed.page(&structure)).await;
    assert!(kinds.iter().all(|(path, ..)| sheet.says(path)), "the structure's page shows all three");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_in_the_name_of_a_structure_they_may_not_edit() {
    let bed = Bed::new().await;
    let (own, other) = (bed.structure("L’Établi"), bed.structure("La Halte"));
    let mut paul = bed.editor("Paul", &own).await;
    for (path, field) in
        [("/nouveau/annonce", "structure"), ("/nouveau/emploi", "employer"), ("/nouveau/appel", "bearer")]
    {
        let other = other.to_string();
        let fields = [("title", "Usurpée"), ("direction", "offer"), ("type", "service"), ("contract", "cdi")];
        let more = [("call-type", "group-purchase"), (field, other.as_str())];
        let page = paul.fill(path, &[&fields[..], &more].concat()).await.is(422);
        assert!(page.says("Ce choix n’est pas dans la liste."), "{path}");
        assert_eq!(page.value(path, "title").as_deref(), Some("Usurpée"));
    }
    assert!(bed.proposed().is_empty());
    for kind in [Kind::Exchange, Kind::Job, Kind::Call] {
        assert!(bed.all(kind, Moderation::Published).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_to_one_structure_publishes_nothing_for_a_name_that_was_only_typed() {
    let bed = Bed::new().await;
    let mut paul = bed.editor("Paul", &bed.structure("L’Établi")).await;
    let fields = [("title", "Menuisier"), ("contract", "cdi"), ("employer-label", "La Halte"), ("employer", "")];
    paul.fill("/nouveau/emploi", &fields).await.is(303);
    assert_eq!(bed.proposed().len(), 1);
    assert!(bed.all(Kind::Job, Moderation::Published).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_record_is_its_author_s_alone() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(303);
    let mut own = bed.proposed().remove(0);
    let page = bed.page(&own.record.iri);
    let before = own.record.created - time::Duration::DAY;
    own.record.expires = before.replace_nanosecond(0).ok().map(|at| at + time::Duration::HOUR);
    bed.journal.save(own.record, Moderation::Published, None, before).unwrap();
    for mut one in [bed.browser(), bed.member("Marie").await] {
        one.get(&page).await.is(404);
        one.get_as(&page, "application/n-quads").await.is(404);
        assert!(!one.get("/annonces").await.says("Cherche un vélo"));
    }
    assert!(zoe.get(&page).await.is(200).says("La date est passée"));
    assert!(zoe.get("/mon-espace").await.says("expirée"));
}

/// What was done is told as it is: to whom it went, and whether it went at all.
#[tokio::test(flavor = "multi_thread")]
async fn the_confirmation_says_who_sees_it_now() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let cases = [
        ("public", "les réseaux affiliés la montrent aussi"),
        ("affiliates", "Seuls les membres de notre réseau et des réseaux affiliés la voient"),
        ("network", "Seuls les membres de notre réseau la voient : elle ne quitte pas ce site"),
        ("private", "Personne d’autre que vous et l’équipe du réseau ne la voit"),
    ];
    for (audience, _) in cases {
        let typed = [&demand("Un local")[..], &[("audience", audience)]].concat();
        let page = nora.follow("/nouveau/annonce", &typed).await.is(200);
        for (other, others) in cases {
            assert_eq!(page.says(others), audience == other, "{audience}, {other}: {}", page.body);
        }
    }
    let sheet = nora.follow("/nouveau/personne", &[]).await.is(200);
    assert!(sheet.says("elle ne quitte pas ce site") && !sheet.says("les réseaux affiliés la montrent"));
    let mut zoe = bed.citizen("Zoé").await;
    let sent = zoe.follow("/nouveau/annonce", &demand("Cherche un vélo")).await;
    let page = bed.page(&bed.proposed()[0].record.iri);
    assert!(!sent.says("C’est publié"));
    assert!(!zoe.get(&format!("{page}?fait=publie")).await.says("C’est publié"), "an address publishes nothing");
}

/// A page tells where its record stands, and who sees it meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_shown_does_not_say_that_it_is() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let alone = "personne d’autre que vous et l’équipe ne";
    for moderation in Moderation::ALL {
        let iri = bed.demand("Cherche un vélo");
        let record = bed.own(&iri).unwrap().record;
        bed.journal.save(record, moderation, None, time::UtcDateTime::now()).unwrap();
        let page = nora.get(&bed.page(&iri)).await.is(200);
        let is_shown = moderation == Moderation::Published;
        assert_eq!(page.says("Publié le"), is_shown, "{moderation:?}");
        assert_eq!(page.says("Visible par tout le monde"), is_shown, "{moderation:?}");
        assert_eq!(page.says(alone), !is_shown, "{moderation:?}: {}", page.body);
        assert_eq!(page.says("Répondre</a>"), is_shown, "{moderation:?}");
        let waits = matches!(moderation, Moderation::Proposed | Moderation::Incomplete);
        assert_eq!(page.says("Une fois publiée, elle sera visible par : Tout le monde."), waits, "{moderation:?}");
    }
    let over = bed.publish(Kind::Exchange, &[&demand("Cherche un vélo")[..], &[("expires", "2020-05-01")]].concat());
    let page = nora.get(&bed.page(&over)).await.is(200);
    assert!(page.says("Publication terminée le 1er mai 2020") && page.says(alone), "{}", page.body);
    assert!(!page.says("Visible par tout le monde") && !page.says("Publié le"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_offered_to_answer_themselves() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    nora.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(303);
    let page = bed.page(&bed.all(Kind::Exchange, Moderation::Published)[0].record.iri);
    assert!(!nora.get(&page).await.says("Répondre</a>"));
    assert!(bed.browser().get(&page).await.says("Répondre</a>"));
}

/// Anybody may name a structure; only at its own home is it known who speaks for it.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_network_says_in_a_structure_s_name_is_not_on_its_page() {
    let bed = Bed::new().await;
    let structure = bed.structure("L’Établi");
    let name = structure.to_string();
    let speaking = [("structure", name.as_str()), ("structure-label", "L’Établi")];
    bed.publish(Kind::Exchange, &[&demand("De la maison")[..3], &speaking].concat());
    let other = bed.elsewhere();
    let foreign = other.publish(Kind::Exchange, &[&demand("D’un inconnu")[..3], &speaking].concat());
    bed.hears(&other);
    let mut visitor = bed.browser();
    visitor.get(&bed.page(&foreign)).await.is(200);
    let page = visitor.get(&bed.page(&structure)).await.is(200);
    assert!(page.says("De la maison") && !page.says("D’un inconnu"), "{}", page.body);
}

/// Another network may write any address into its roll; it is shown, and leads nowhere unless to the web.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_a_script_is_shown_as_text() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let node_id = "a".repeat(64);
    let fields = [
        ("network", "Piège"),
        ("origin", "javascript:alert(1)"),
        ("node-id", &node_id),
        ("since", "2026-11-01"),
        ("state", "active"),
        ("audience", "public"),
    ];
    let iri = other.publish(Kind::Affiliation, &fields);
    bed.hears(&other);
    let page = bed.browser().get(&bed.page(&iri)).await.is(200);
    assert!(page.says("javascript:alert(1)") && !page.body.contains("href=\"javascript"), "{}", page.body);
}

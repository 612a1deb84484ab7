//! Events, news, products, documents, relations and group purchases: their forms, their pages, and what others answer to them.

use crate::bed::{self, Bed, Browser, Page};
use pes_domain::{Body, Kind, RecordIri};
use pes_store::accounts::Role;
use pes_store::own_records::Moderation;

type Fields<'a> = &'a [(&'a str, &'a str)];

/// For each kind: its form, enough to be a record, and what the page then shows.
const GOOD: [(&str, Kind, Fields<'_>, &str); 4] = [
    (
        "/nouveau/evenement",
        Kind::Event,
        &[
            ("title", "Repair café"),
            ("organisers-label", "La Volière"),
            ("occurrence-date", "2027-01-09"),
            ("occurrence-time", "14:00"),
            ("occurrence-end-time", "17:30"),
            ("repeats", "monthly-by-weekday"),
            ("repeats-until", "2027-06-30"),
            ("venue", "Salle des fêtes"),
        ],
        "samedi 9 janvier 2027, de 14 h à 17 h 30",
    ),
    (
        "/nouveau/actualite",
        Kind::Article,
        &[
            ("title", "Dix ans déjà"),
            ("summary", "L’atelier fête ses dix ans."),
            ("text", "Venez."),
            ("author", "Nora"),
        ],
        "L’atelier fête ses dix ans.",
    ),
    (
        "/nouveau/produit",
        Kind::Product,
        &[
            ("title", "Confitures"),
            ("provider-label", "La Volière"),
            ("publics", "individuals"),
            ("means", "Fruits d’ici"),
        ],
        "Fruits d’ici",
    ),
    (
        "/nouveau/ressource",
        Kind::Document,
        &[("title", "Monter un atelier"), ("document-kind", "guide"), ("link", "exemple.fr/guide"), ("author", "Nora")],
        "exemple.fr/guide",
    ),
];

/// For each kind: something that is wrong, the field it is about, the sentence, and what else was typed.
const WRONG: [(&str, Fields<'_>, &str, &str); 6] = [
    (
        "/nouveau/evenement",
        &[("title", "Fête"), ("organisers-label", "Nous"), ("occurrence-date", ""), ("venue", "Chez « nous »")],
        "occurrences",
        "Donnez au moins une date.",
    ),
    (
        "/nouveau/evenement",
        &[
            ("title", "Fête"),
            ("organisers-label", "Nous"),
            ("occurrence-date", "2027-01-09"),
            ("occurrence-time", "14:00"),
            ("occurrence-end-time", "13:00"),
        ],
        "occurrences",
        "La fin vient avant le début.",
    ),
    ("/nouveau/actualite", &[("title", ""), ("summary", "Un & deux")], "title", "Ce champ est obligatoire."),
    ("/nouveau/produit", &[("title", "Pain"), ("radius", "loin")], "radius", "Il faut un nombre entier de kilomètres"),
    ("/nouveau/ressource", &[("title", "Guide"), ("link", "chez nous")], "link", "Ce n’est pas une adresse web."),
    (
        "/nouveau/ressource",
        &[("title", "Guide"), ("document-kind", "guide"), ("author", "Nora")],
        "link",
        "Donnez l’adresse de la ressource, ou joignez-la en fichier.",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_good_form_of_each_kind_leads_to_the_record_s_page() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, kind, fields, shown) in GOOD {
        let page = nora.follow(path, fields).await.is(200);
        assert!(page.says("C’est publié."), "{path}: {}", page.body);
        assert!(page.says(shown), "{path}: {}", page.body);
        let saved = bed.all(kind, Moderation::Published);
        assert_eq!(saved.len(), 1, "{path}");
        bed.browser().get(&bed.page(&saved[0].record.iri)).await.is(200);
    }
    for (list, shown) in [
        ("/agenda?mois=2027-01", "Repair café"),
        ("/actualites", "Dix ans déjà"),
        ("/produits", "Confitures"),
        ("/ressources", "Monter un atelier"),
    ] {
        assert!(bed.browser().get(list).await.is(200).says(shown), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_form_keeps_all_that_was_typed_and_saves_nothing() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, fields, field, sentence) in WRONG {
        let page = nora.fill(path, fields).await.is(422);
        assert!(page.says(sentence), "{path}: {}", page.body);
        assert!(page.body.contains(&format!("id=\"e-{field}\"")), "{path}: {field}");
        let kept = page.form(path);
        for (name, value) in fields {
            assert!(
                kept.iter().any(|(field, kept)| field == name && kept == value),
                "{path}: {name} is lost: {kept:?}"
            );
        }
    }
    for kind in [Kind::Event, Kind::Article, Kind::Product, Kind::Document] {
        assert!(Moderation::ALL.into_iter().all(|moderation| bed.all(kind, moderation).is_empty()), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_opened_and_saved_changes_nothing() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, kind, fields, _) in GOOD {
        nora.follow(path, fields).await.is(200);
        let before = bed.all(kind, Moderation::Published).remove(0).record;
        nora.follow(&format!("{}/modifier", bed.page(&before.iri)), &[]).await.is(200);
        let after = bed.all(kind, Moderation::Published).remove(0).record;
        assert_eq!(after.body, before.body, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_tells_its_label_its_category_and_its_project() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let fields = [
        ("name", "Le Jardin partagé"),
        ("categories", "amap"),
        ("label", "esus"),
        ("label-from", "2024-01-01"),
        ("project-stage", "idea"),
        ("bearer-label", "Les Voisins"),
    ];
    let page = nora.follow("/nouveau/structure", &fields).await.is(200);
    for shown in ["Projet", "AMAP", "depuis le 1er janvier 2024", "Les Voisins", "Idée"] {
        assert!(page.says(shown), "{shown}: {}", page.body);
    }
    let found = bed.browser().get("/structures?category=amap").await.is(200);
    assert!(found.says("Le Jardin partagé"));
    assert!(!bed.browser().get("/structures?category=biocoop").await.is(200).says("Le Jardin partagé"));
}

/// An event of this node.
fn event(bed: &Bed, title: &str, more: &[(&str, &str)]) -> RecordIri {
    bed.publish(Kind::Event, &[&[("title", title), ("organisers-label", "La Volière")], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_tells_a_month_day_by_day() {
    let bed = Bed::new().await;
    event(&bed, "Atelier", &[("occurrence-date", "2027-02-03"), ("occurrence-time", "18:00"), ("repeats", "weekly")]);
    event(&bed, "La grande lessive", &[("occurrence-date", "2027-01-30"), ("occurrence-end-date", "2027-02-02")]);
    event(
        &bed,
        "Bal",
        &[("occurrence-date", "2027-02-10"), ("occurrence-time", "20:00"), ("event-state", "cancelled")],
    );
    event(&bed, "Plus tard", &[("occurrence-date", "2027-03-01")]);
    let page = bed.browser().get("/agenda?mois=2027-02").await.is(200);
    assert!(page.says("février 2027") && page.says("6 dates"), "{}", page.body);
    let order =
        ["id=\"jour-1\"", "La grande lessive", "id=\"jour-3\"", "id=\"jour-10\"", "id=\"jour-17\"", "id=\"jour-24\""];
    let places: Vec<usize> =
        order.iter().map(|what| page.body.find(what).unwrap_or_else(|| panic!("{what}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.says("Annulé"), "cancelled is shown as such");
    assert!(!page.says("Plus tard"));
    assert!(page.says("href=\"/agenda?mois=2027-01\"") && page.says("href=\"/agenda?mois=2027-03\""));
    assert!(page.body.contains("href=\"#jour-3\""), "the month at a glance leads to its days");
    let empty = bed.browser().get("/agenda?mois=2031-01").await.is(200);
    assert!(empty.says("Atelier"), "what has no end comes again");
    for odd in ["zzz", "2027-13", "99999-01", "-1-1"] {
        bed.browser().get(&format!("/agenda?mois={odd}")).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_organiser_may_be_one_s_structure_and_another_a_name_and_nobody_else_s() {
    let bed = Bed::new().await;
    let voliere = bed.structure("La Volière");
    let foreign = bed.structure("La Fabrique");
    let mut marie = bed.editor("Marie", &voliere).await;
    let path = "/nouveau/evenement";
    let (voliere, foreign) = (voliere.to_string(), foreign.to_string());
    let fields = [
        ("title", "Bal"),
        ("occurrence-date", "2027-01-09"),
        ("organisers", voliere.as_str()),
        ("organisers", ""),
        ("organisers-label", ""),
        ("organisers-label", "Les Voisins"),
    ];
    marie.follow(path, &fields).await.is(200);
    let Body::Event(saved) = bed.all(Kind::Event, Moderation::Published).remove(0).record.body else { panic!() };
    let told: Vec<_> = saved.organisers.iter().map(|one| (one.label.as_str(), one.iri.is_some())).collect();
    assert_eq!(told, [("La Volière", true), ("Les Voisins", false)]);
    let forged = [("title", "Bal"), ("occurrence-date", "2027-01-09"), ("organisers", foreign.as_str())];
    assert!(marie.fill(path, &forged).await.is(422).says("Ce choix n’est pas dans la liste."));
}

/// A group purchase of another network, heard here.
fn purchase(bed: &Bed) -> (bed::Elsewhere, RecordIri) {
    let other = bed.elsewhere();
    let fields = [
        ("direction", "demand"),
        ("type", "product"),
        ("title", "Isolant en chanvre"),
        ("author", "Zoé"),
        ("unit", "palettes"),
        ("threshold", "10"),
        ("quantity", "2,5"),
    ];
    let iri = other.publish(Kind::Exchange, &fields);
    bed.hears(&other);
    (other, iri)
}

async fn join(browser: &mut Browser, page: &str, by: &str, quantity: &str) -> Page {
    let open = browser.get(page).await.is(200);
    browser.send(&open, "/accord", &[("by", by), ("quantity", quantity)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_purchase_of_another_network_is_joined_here_and_left_again() {
    let bed = Bed::new().await;
    let (_other, iri) = purchase(&bed);
    let page = bed.page(&iri);
    let visitor = bed.browser().get(&page).await.is(200);
    assert!(visitor.says("2,5 palettes sur 10 :") && visitor.says("Se connecter pour participer"), "{}", visitor.body);
    let voliere = bed.structure("La Volière");
    let mut marie = bed.editor("Marie", &voliere).await;
    join(&mut marie, &page, &voliere.to_string(), "7,5").await.to(&format!("{page}?fait=accord"));
    let reached = bed.browser().get(&page).await.is(200);
    assert!(
        reached.says("10 palettes sur 10 : le seuil est atteint") && reached.says("La Volière"),
        "{}",
        reached.body
    );
    join(&mut marie, &page, &voliere.to_string(), "4").await.to(&format!("{page}?fait=accord"));
    assert!(bed.browser().get(&page).await.says("6,5 palettes sur 10"), "a second answer takes the place of the first");
    assert_eq!(bed.all(Kind::Accord, Moderation::Published).len(), 1);
    for nothing in ["0", "0,0", ""] {
        join(&mut marie, &page, "", nothing).await.to(&format!("{page}?fait=accord-illisible"));
    }
    assert!(marie.get(&format!("{page}?fait=accord-illisible")).await.says("plus grand que zéro"));
    join(&mut marie, &page, "", "1").await.to(&format!("{page}?fait=accord"));
    assert!(bed.browser().get(&page).await.says("7,5 palettes sur 10"), "in her own name besides");
    let open = marie.get(&page).await;
    marie.send(&open, "/accord/retirer", &[]).await.to(&format!("{page}?fait=accord-retire"));
    assert_eq!(bed.all(Kind::Accord, Moderation::Published).len(), 1);
    join(&mut marie, &page, "", "beaucoup").await.to(&format!("{page}?fait=accord-illisible"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_in_another_s_name_or_takes_another_s_answer_back() {
    let bed = Bed::new().await;
    let (_other, iri) = purchase(&bed);
    let page = bed.page(&iri);
    let (voliere, fabrique) = (bed.structure("La Volière"), bed.structure("La Fabrique"));
    let mut marie = bed.editor("Marie", &voliere).await;
    join(&mut marie, &page, &fabrique.to_string(), "1").await.is(403);
    join(&mut marie, &page, &voliere.to_string(), "1").await.is(303);
    let accord = bed.all(Kind::Accord, Moderation::Published).remove(0).record.iri.to_string();
    let mut karim = bed.editor("Karim", &fabrique).await;
    let csrf = karim.get("/mon-espace").await.value("/deconnexion", "csrf").unwrap();
    let fields = [("csrf".to_owned(), csrf.clone()), ("accord".to_owned(), accord)];
    karim.post("/accord/retirer", &fields, &[]).await.is(404);
    let wrong = [("csrf", csrf.as_str()), ("record", &iri.to_string()), ("answer", "confirms")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(karim.post("/accord", &wrong, &[]).await.status, 422, "a demand is not confirmed");
    let absent = [("csrf", csrf.as_str()), ("record", "https://ailleurs.test/id/exchange/x"), ("answer", "takes-part")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    karim.post("/accord", &absent, &[]).await.is(404);
    assert_eq!(bed.all(Kind::Accord, Moderation::Published).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_nobody_knows_answers_waits_for_the_team() {
    let bed = Bed::new().await;
    let (_other, iri) = purchase(&bed);
    let page = bed.page(&iri);
    let mut jo = bed.signed_in(&bed.account("Jo", Role::Citizen)).await;
    join(&mut jo, &page, "", "1").await.to(&format!("{page}?fait=accord-propose"));
    assert!(bed.browser().get(&page).await.says("2,5 palettes sur 10"), "not yet");
    let mut nora = bed.animator().await;
    let queue = nora.get("/reseau/a-relire").await.is(200);
    assert!(queue.says("Jo — Isolant en chanvre"));
    assert_eq!(
        queue.body.matches("value=\"send-back\"").count(),
        1,
        "it has no form, so no changes can be asked of it alone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relation_is_shown_on_both_sides_and_confirmed_by_the_other() {
    let bed = Bed::new().await;
    let (voliere, fabrique) = (bed.structure("La Volière"), bed.structure("La Fabrique"));
    let mut marie = bed.editor("Marie", &voliere).await;
    let (from, to) = (voliere.to_string(), fabrique.to_string());
    let address = format!("{to}?fait=publie");
    let fields = [("subject", from.as_str()), ("relation-kind", "regular-supplier"), ("object", &address)];
    assert!(
        marie.follow("/nouveau/lien", &fields).await.is(200).says("La Fabrique"),
        "its page's address tells its name"
    );
    let told = bed.browser().get(&bed.page(&voliere)).await.is(200);
    assert!(told.says("A pour fournisseur régulier") && told.says("pas encore confirmé"), "{}", told.body);
    let reverse = bed.browser().get(&bed.page(&fabrique)).await.is(200);
    assert!(reverse.says("Fournit régulièrement") && !reverse.body.contains("value=\"confirms\""), "{}", reverse.body);
    let mut karim = bed.editor("Karim", &fabrique).await;
    let page = bed.page(&fabrique);
    let open = karim.get(&page).await.is(200);
    let relation = bed.all(Kind::Relation, Moderation::Published).remove(0).record.iri.to_string();
    karim.send(&open, "/accord", &[("answer", "confirms")]).await.is(303);
    assert_eq!(open.value("/accord", "record"), Some(relation));
    let told = bed.browser().get(&bed.page(&voliere)).await.is(200);
    assert!(told.says("confirmé") && !told.says("pas encore confirmé"), "{}", told.body);
    let forged = [("subject", to.as_str()), ("relation-kind", "partner"), ("object-label", "Nous")];
    assert_eq!(marie.fill("/nouveau/lien", &forged).await.status, 422, "in another's name");
}

/// What is for the network only is shown beside its structures, to its people alone, and says so; so is what the other side answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_relation_for_the_network_stands_beside_its_structures_for_whom_it_is() {
    let bed = Bed::new().await;
    let (voliere, fabrique) = (bed.structure("La Volière"), bed.structure("La Fabrique"));
    let (from, to) = (voliere.to_string(), fabrique.to_string());
    let ends =
        [("subject", &*from), ("subject-label", "La Volière"), ("object", &*to), ("object-label", "La Fabrique")];
    let told = |more: &[(&str, &str)]| bed.publish(Kind::Relation, &[&ends[..], more].concat());
    told(&[("relation-kind", "regular-supplier"), ("audience", "network")]);
    told(&[("relation-kind", "partner"), ("audience", "private")]);
    told(&[("relation-kind", "member-of"), ("audience", "network"), ("expires", "2020-01-01")]);
    let mut zoe = bed.citizen("Zoé").await;
    let mut marie = bed.member("Marie").await;
    for (structure, words) in [(&voliere, "A pour fournisseur régulier"), (&fabrique, "Fournit régulièrement")] {
        for other in [&mut bed.browser(), &mut zoe] {
            let page = other.get(&bed.page(structure)).await.is(200);
            assert!(!page.says(words) && !page.says("artenaire"), "{}", page.body);
        }
        let page = marie.get(&bed.page(structure)).await.is(200);
        assert!(page.says(words) && page.says("réservé aux membres de notre réseau"), "{}", page.body);
        assert!(page.says("pas encore confirmé") && !page.says("artenaire"), "{}", page.body);
    }
    // A public one bears no mark, and who told it finds the way to change it.
    let mut paul = bed.editor("Paul", &voliere).await;
    paul.fill("/nouveau/lien", &[("subject", &from), ("relation-kind", "partner"), ("object-label", "Autrui")])
        .await
        .is(303);
    let page = paul.get(&bed.page(&voliere)).await.is(200);
    assert_eq!(page.body.matches("réservé aux membres").count(), 1, "{}", page.body);
    assert!(page.body.contains("/id/relation/"), "{}", page.body);
    let mut karim = bed.editor("Karim", &fabrique).await;
    let open = karim.get(&bed.page(&fabrique)).await.is(200);
    karim.send(&open, "/accord", &[("answer", "confirms")]).await.is(303);
    let page = karim.get(&bed.page(&voliere)).await.is(200);
    assert!(page.body.contains("confirmed\">confirmé"), "the answer is for the same people: {}", page.body);
    assert!(!bed.browser().get(&bed.page(&voliere)).await.says("Fabrique"));
}

/// A relation that a third network tells of two others stands nowhere; nor does a confirmation from anywhere but the home.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_structure_s_own_home_speaks_for_it() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (voliere, fabrique) = (bed.structure("La Volière"), bed.structure("La Fabrique"));
    let (from, to) = (voliere.to_string(), fabrique.to_string());
    let sides = [
        ("subject", from.as_str()),
        ("subject-label", "La Volière"),
        ("object", to.as_str()),
        ("object-label", "La Fabrique"),
    ];
    other.publish(Kind::Relation, &[&sides[..], &[("relation-kind", "member-of")]].concat());
    let ours = bed.publish(Kind::Relation, &[&sides[..], &[("relation-kind", "partner")]].concat()).to_string();
    let forged = [
        ("about", ours.as_str()),
        ("about-label", "x"),
        ("by", to.as_str()),
        ("by-label", "La Fabrique"),
        ("answer", "confirms"),
    ];
    other.publish(Kind::Accord, &forged);
    bed.hears(&other);
    for structure in [&voliere, &fabrique] {
        let page = bed.browser().get(&bed.page(structure)).await.is(200);
        assert!(page.says("pas encore confirmé"), "{}", page.body);
        assert!(!page.says("Est membre de") && !page.says("A pour membre"), "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_taken_over_from_an_older_base_says_so_until_somebody_speaks_for_it() {
    let bed = Bed::new().await;
    let voliere = bed.publish(Kind::Structure, &[("name", "La Volière"), ("is-unclaimed", "on")]);
    let page = bed.page(&voliere);
    assert!(bed.browser().get(&page).await.is(200).says("reprise d’une base plus ancienne"));
    let mut jo = bed.citizen("Jo").await;
    jo.fill(&format!("{page}/rejoindre"), &[]).await.is(303);
    let mut nora = bed.animator().await;
    let open = nora.get("/reseau").await.is(200);
    let sent = nora.send(&open, "/reseau/droit", &[("may-edit", "on"), ("decision", "confirm")]).await;
    sent.is(303);
    let told = bed.browser().get(&page).await.is(200);
    assert!(!told.says("reprise d’une base plus ancienne"), "{}", told.body);
    jo.get(&format!("{page}/modifier")).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relation_to_a_structure_elsewhere_is_told_by_the_address_of_its_page_here() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let theirs = other.publish(Kind::Structure, &[("name", "Le Chai")]);
    bed.hears(&other);
    let voliere = bed.structure("La Volière");
    let mut marie = bed.editor("Marie", &voliere).await;
    let address = format!("{}{}", bed.origin(), bed.page(&theirs));
    let from = voliere.to_string();
    let fields = [("subject", from.as_str()), ("relation-kind", "partner"), ("object", address.as_str())];
    marie.follow("/nouveau/lien", &fields).await.is(200);
    let Body::Relation(saved) = bed.all(Kind::Relation, Moderation::Published).remove(0).record.body else { panic!() };
    assert_eq!((saved.object.iri, saved.object.label.as_str()), (Some(theirs), "Le Chai"));
    let unnamed = [("subject", from.as_str()), ("relation-kind", "partner")];
    assert!(marie.fill("/nouveau/lien", &unnamed).await.is(422).says("Ce champ est obligatoire."));
    let nowhere = [("subject", from.as_str()), ("relation-kind", "partner"), ("object", "chez nous")];
    assert!(marie.fill("/nouveau/lien", &nowhere).await.is(422).says("Cette adresse n’est pas celle d’une fiche."));
}

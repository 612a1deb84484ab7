//! The forms of records: each kind made, refused with all that was typed, changed, overtaken, withdrawn, deleted.

use crate::bed::{Bed, demand};
use pes_domain::{Audience, Body, Field, Kind};
use pes_store::own_records::Moderation;

type Fields<'a> = &'a [(&'a str, &'a str)];

/// For each kind: its form, enough to be a record, and what the page then shows.
const GOOD: [(&str, Kind, Fields<'_>, &str); 5] = [
    (
        "/nouveau/annonce",
        Kind::Exchange,
        &[
            ("direction", "offer"),
            ("type", "product"),
            ("title", "Deux vélos cargo"),
            ("methods", "gift"),
            ("author", "Marie"),
            ("place", "06000"),
        ],
        "Deux vélos cargo",
    ),
    (
        "/nouveau/emploi",
        Kind::Job,
        &[
            ("title", "Mécanicienne vélo"),
            ("contract", "cdi"),
            ("employer-label", "VéloCité"),
            ("pay", "12 € de l’heure"),
        ],
        "12 € de l’heure",
    ),
    (
        "/nouveau/appel",
        Kind::Call,
        &[
            ("call-type", "group-purchase"),
            ("title", "Panneaux solaires"),
            ("bearer-label", "Le Phare"),
            ("lots", "Toits\r\nParkings"),
            ("areas", "department:06"),
        ],
        "Parkings",
    ),
    (
        "/nouveau/structure",
        Kind::Structure,
        &[
            ("name", "L’Établi"),
            ("siret", "732 829 320 00074"),
            ("founded", "2012"),
            ("site-commune", "Nice"),
            ("contact-medium", "phone"),
            ("contact-value", "04 65 71 00 01"),
            ("contact-audience", "public"),
        ],
        "04\u{202f}65\u{202f}71\u{202f}00\u{202f}01",
    ),
    (
        "/nouveau/personne",
        Kind::Person,
        &[("given-name", "Nora"), ("presentation", "Je répare les vélos."), ("audience", "public")],
        "Je répare les vélos.",
    ),
];

/// For each kind: something that is wrong, the field it is about, the sentence, and what else was typed.
const WRONG: [(&str, Kind, Fields<'_>, &str, &str); 5] = [
    (
        "/nouveau/annonce",
        Kind::Exchange,
        &[
            ("type", "question"),
            ("methods", "euros"),
            ("title", "Où trouver…"),
            ("expires", "hier"),
            ("direction", "demand"),
        ],
        "expires",
        "Ce n’est pas une date.",
    ),
    (
        "/nouveau/emploi",
        Kind::Job,
        &[("title", "Maçon"), ("contract", "cdd"), ("rome", "123"), ("pay", "« à voir »")],
        "rome",
        "Ce n’est pas un code ROME",
    ),
    (
        "/nouveau/appel",
        Kind::Call,
        &[("title", "Toits"), ("bearer-label", "Le Phare"), ("notice", "pas un lien"), ("team", "Nous\r\net vous")],
        "notice",
        "Ce n’est pas une adresse web.",
    ),
    (
        "/nouveau/structure",
        Kind::Structure,
        &[("name", ""), ("tagline", "Réparer & partager"), ("siret", "123"), ("budget", "beaucoup")],
        "siret",
        "Ce n’est pas un SIRET",
    ),
    (
        "/nouveau/personne",
        Kind::Person,
        &[("given-name", ""), ("family-name", "O'Brien"), ("place", "Nulle-Part-les-Bains")],
        "place",
        "Nous ne connaissons pas cette commune.",
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
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_form_of_each_kind_keeps_all_that_was_typed_and_saves_nothing() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, kind, fields, field, sentence) in WRONG {
        let page = nora.fill(path, fields).await.is(422);
        assert!(page.says("Rien de ce que vous avez saisi n’est perdu."), "{path}");
        assert!(page.says(sentence), "{path}: {}", page.body);
        assert!(page.body.contains(&format!("id=\"e-{field}\"")), "{path}: {field}");
        let kept = page.form(path);
        for (name, value) in fields {
            let is_kept =
                kept.iter().any(|(field, kept)| field == name && kept.replace('\r', "") == value.replace('\r', ""));
            assert!(is_kept, "{path}: {name} is lost: {kept:?}");
        }
        for moderation in Moderation::ALL {
            assert!(bed.all(kind, moderation).is_empty(), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_form_of_each_kind_is_refused_in_words() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, ..) in GOOD {
        let csrf = nora.get(path).await.value(path, "csrf").unwrap();
        let page = nora.post(path, &[("csrf".to_owned(), csrf)], &[]).await.is(422);
        assert!(page.says("Ce champ est obligatoire."), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_without_an_account_and_kinds_without_a_form_have_none() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let csrf = visitor.get("/inscription").await.value("/inscription", "csrf").unwrap();
    for (path, ..) in GOOD {
        assert!(visitor.get(path).await.is(401).says("Connectez-vous d’abord"));
        visitor.post(path, &[("csrf".to_owned(), csrf.clone())], &[]).await.is(401);
    }
    let mut nora = bed.animator().await;
    for slug in ["engagement", "affiliation", "exchange", "x"] {
        nora.get(&format!("/nouveau/{slug}")).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commune_s_name_that_several_bear_lists_them_to_choose_from() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let typed = [&demand("Un local")[..], &[("place", "Saint-Denis")]].concat();
    let page = nora.fill("/nouveau/annonce", &typed).await.is(422);
    assert!(page.says("Plusieurs communes répondent à ce nom"));
    assert!(page.says("Saint-Denis, Seine-Saint-Denis (93066)"), "{}", page.body);
    assert!(page.says("Saint-Denis, La Réunion (97411)"));
    assert_eq!(page.value("/nouveau/annonce", "place").as_deref(), Some("Saint-Denis"));
    nora.send(&page, "/nouveau/annonce", &[("place", "Saint-Denis, La Réunion (97411)")]).await.is(303);
    let Body::Exchange(saved) = &bed.all(Kind::Exchange, Moderation::Published)[0].record.body else { panic!() };
    assert_eq!(saved.place.as_ref().unwrap().commune, "97411");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_in_one_of_several_communes_lists_them_too() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let page = nora.fill("/nouveau/structure", &[("name", "L’Établi"), ("site-commune", "Saint-Denis")]).await.is(422);
    assert!(page.says("Seine-Saint-Denis (93066)") && page.says("La Réunion (97411)"), "{}", page.body);
    assert_eq!(page.value("/nouveau/structure", "site-commune").as_deref(), Some("Saint-Denis"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_keeps_what_the_form_has_no_field_for() {
    let bed = Bed::new().await;
    let iri = bed.publish(
        Kind::Structure,
        &[
            ("name", "L’Établi"),
            ("naf", "94.99Z"),
            ("siren", "732829320"),
            ("workforce-total", "4,5"),
            ("workforce-integration", "2"),
            ("audience-of-workforce", "network"),
        ],
    );
    let edit = format!("{}/modifier", bed.page(&iri));
    let mut nora = bed.animator().await;
    let page = nora.follow(&edit, &[("tagline", "Réparer ensemble")]).await.is(200);
    assert!(page.says("Vos modifications sont enregistrées."));
    let record = bed.own(&iri).unwrap().record;
    assert_eq!(record.audience_of(Field::Workforce), Audience::Network);
    let Body::Structure(one) = record.body else { panic!() };
    assert_eq!(one.tagline.as_deref(), Some("Réparer ensemble"));
    assert_eq!((one.naf.unwrap().as_str(), one.siren.unwrap().as_str()), ("94.99Z", "732829320"));
    assert_eq!((one.workforce.total, one.workforce.integration), (Some(45), Some(20)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_is_sent_untouched_changes_nothing_but_its_moment() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, kind, fields, _) in GOOD {
        nora.fill(path, fields).await.is(303);
        let before = bed.all(kind, Moderation::Published).remove(0).record;
        let edit = format!("{}/modifier", bed.page(&before.iri));
        nora.fill(&edit, &[]).await.is(303);
        let mut after = bed.own(&before.iri).unwrap().record;
        assert!(after.modified > before.modified, "{path}");
        after.modified = before.modified;
        if let (Body::Structure(after), Body::Structure(before)) = (&mut after.body, &before.body) {
            after.confirmed = before.confirmed;
        }
        assert_eq!(after, before, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_emptied_is_empty() {
    let bed = Bed::new().await;
    let iri = bed.publish(Kind::Structure, &[("name", "L’Établi"), ("tagline", "Réparer"), ("skills", "masonry")]);
    let edit = format!("{}/modifier", bed.page(&iri));
    let mut nora = bed.animator().await;
    let page = nora.get(&edit).await.is(200);
    let mut fields = page.form(&edit);
    assert!(fields.contains(&("skills".into(), "masonry".into())));
    // A box that is not ticked is not sent.
    fields.retain(|(name, _)| name != "skills");
    fields.iter_mut().filter(|(name, _)| name == "tagline").for_each(|(_, value)| value.clear());
    nora.post(&edit, &fields, &[]).await.is(303);
    let Body::Structure(one) = bed.own(&iri).unwrap().record.body else { panic!() };
    assert_eq!((one.tagline, one.skills.len()), (None, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saves_second_is_shown_both_and_may_then_save() {
    let bed = Bed::new().await;
    let iri = bed.publish(Kind::Structure, &[("name", "L’Établi"), ("tagline", "Avant")]);
    let edit = format!("{}/modifier", bed.page(&iri));
    let (mut nora, mut paul) = (bed.animator().await, bed.editor("Paul", &iri).await);
    let open = nora.get(&edit).await.is(200);
    paul.fill(&edit, &[("tagline", "Celle de Paul")]).await.is(303);
    let page = nora.send(&open, &edit, &[("tagline", "Celle de Nora")]).await.is(409);
    assert!(page.says("Quelqu’un a modifié cette fiche entre-temps"));
    assert!(page.says("<dt>En une phrase</dt><dd>Celle de Paul</dd>"), "{}", page.body);
    assert!(!page.says("<dt>Nom</dt>"), "what both have alike is no conflict");
    assert!(!page.body.contains("<dt>field-"), "nothing is listed that nobody typed");
    assert_eq!(page.value(&edit, "tagline").as_deref(), Some("Celle de Nora"));
    assert_tagline(&bed, &iri, "Celle de Paul");
    nora.send(&page, &edit, &[]).await.is(303);
    assert_tagline(&bed, &iri, "Celle de Nora");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_save_at_the_same_moment_one_is_first() {
    let bed = Bed::new().await;
    let iri = bed.publish(Kind::Structure, &[("name", "L’Établi"), ("tagline", "Avant")]);
    let edit = format!("{}/modifier", bed.page(&iri));
    let mut nora = bed.animator().await;
    let open = nora.get(&edit).await.is(200);
    let saves = ["un", "deux", "trois", "quatre"].map(|tagline| {
        let (mut nora, open, edit) = (nora.clone(), open.clone(), edit.clone());
        tokio::spawn(async move { nora.send(&open, &edit, &[("tagline", tagline)]).await.status })
    });
    let mut answers = Vec::new();
    for save in saves {
        answers.push(save.await.unwrap());
    }
    answers.sort_unstable();
    assert_eq!(answers, [303, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_version_overwrites_nothing() {
    let bed = Bed::new().await;
    let iri = bed.publish(Kind::Structure, &[("name", "L’Établi"), ("tagline", "Avant")]);
    let edit = format!("{}/modifier", bed.page(&iri));
    bed.animator().await.fill(&edit, &[("tagline", "Après"), ("version", "")]).await.is(409);
    assert_tagline(&bed, &iri, "Avant");
}

fn assert_tagline(bed: &Bed, iri: &pes_domain::RecordIri, tagline: &str) {
    let Body::Structure(one) = bed.own(iri).unwrap().record.body else { panic!() };
    assert_eq!(one.tagline.as_deref(), Some(tagline));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_record_is_gone_for_others_and_comes_back_by_an_edit() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local à Nice");
    let (page, mut nora, mut visitor) = (bed.page(&iri), bed.animator().await, bed.browser());
    let edit = nora.get(&format!("{page}/modifier")).await.is(200);
    nora.send(&edit, &format!("{page}/retirer"), &[]).await.to(&format!("{page}?fait=retire"));
    assert_eq!(bed.own(&iri).unwrap().moderation, Moderation::Draft);
    visitor.get(&page).await.is(404);
    visitor.get_as(&page, "text/turtle").await.is(404);
    assert!(!visitor.get("/annonces").await.says("Un local à Nice"));
    assert!(nora.get(&page).await.is(200).says("Cette fiche est retirée"));
    nora.fill(&format!("{page}/modifier"), &[]).await.is(303);
    visitor.get(&page).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_asks_first_and_only_its_button_deletes() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local à Nice");
    let (page, mut nora) = (bed.page(&iri), bed.animator().await);
    let delete = format!("{page}/supprimer");
    let asked = nora.get(&delete).await.is(200);
    assert!(asked.says("Supprimer définitivement ?") && asked.says("Un local à Nice"));
    assert!(bed.own(&iri).is_some(), "opening the page deletes nothing");
    bed.browser().get(&page).await.is(200);
    assert!(nora.send(&asked, &delete, &[]).await.is(200).says("C’est supprimé"));
    assert!(bed.own(&iri).is_none());
    for mut one in [bed.browser(), nora] {
        one.get(&page).await.is(404);
        one.get_as(&page, "text/turtle").await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_change_a_record_can_neither_edit_nor_withdraw_nor_delete_it() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local à Nice");
    let (page, mut marie) = (bed.page(&iri), bed.member("Marie").await);
    let csrf = marie.get("/mon-espace").await.value("/mes-preferences", "csrf").unwrap();
    for way in ["modifier", "supprimer"] {
        marie.get(&format!("{page}/{way}")).await.is(404);
    }
    for way in ["modifier", "retirer", "supprimer"] {
        let fields = [("csrf".to_owned(), csrf.clone()), ("title".to_owned(), "À moi".to_owned())];
        marie.post(&format!("{page}/{way}"), &fields, &[]).await.is(404);
    }
    let own = bed.own(&iri).unwrap();
    assert_eq!((own.moderation, own.record.title().as_str()), (Moderation::Published, "Un local à Nice"));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_has_one_sheet_of_their_own_which_is_published_at_once_for_the_network() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    assert_eq!(zoe.get("/nouveau/personne").await.value("/nouveau/personne", "given-name").as_deref(), Some("Zoé"));
    zoe.fill("/nouveau/personne", &[("presentation", "Bonjour")]).await.is(303);
    let own = &bed.all(Kind::Person, Moderation::Published)[0];
    assert_eq!(own.record.audience, Audience::Network);
    let page = bed.page(&own.record.iri);
    assert!(zoe.get("/mon-espace").await.body.contains(&format!("href=\"{page}\"")));
    bed.browser().get(&page).await.is(404);
    zoe.get("/nouveau/personne").await.to(&page);
    let csrf = zoe.get("/mon-espace").await.value("/mes-preferences", "csrf").unwrap();
    zoe.post("/nouveau/personne", &[("csrf".to_owned(), csrf)], &[]).await.to(&page);
    assert_eq!(bed.all(Kind::Person, Moderation::Published).len(), 1);
}

/// Whom nobody knows yet says nothing to all: their sheet waits, also when it is widened later.
#[tokio::test(flavor = "multi_thread")]
async fn the_public_sheet_of_a_fresh_account_is_proposed_and_a_member_s_is_not() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill("/nouveau/personne", &[("audience", "public")]).await.is(303);
    assert_eq!(bed.proposed().len(), 1);
    let (mut paul, mut marie) = (bed.citizen("Paul").await, bed.member("Marie").await);
    paul.fill("/nouveau/personne", &[]).await.is(303);
    let edit = format!("{}/modifier", bed.page(&bed.all(Kind::Person, Moderation::Published)[0].record.iri));
    paul.fill(&edit, &[("audience", "affiliates")]).await.is(303);
    assert_eq!((bed.proposed().len(), bed.all(Kind::Person, Moderation::Published).len()), (2, 0));
    marie.fill("/nouveau/personne", &[("audience", "public")]).await.is(303);
    assert_eq!((bed.proposed().len(), bed.all(Kind::Person, Moderation::Published).len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_are_sent_at_once_make_one_sheet() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    let page = zoe.get("/nouveau/personne").await.is(200);
    let sent = (0..12).map(|_| {
        let (mut zoe, page) = (zoe.clone(), page.clone());
        tokio::spawn(async move { zoe.send(&page, "/nouveau/personne", &[]).await.status })
    });
    for one in sent.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap(), 303);
    }
    assert_eq!(bed.all(Kind::Person, Moderation::Published).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_nobody_says_so() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let warned = nora.follow("/nouveau/annonce", &demand("Un local")).await;
    assert!(warned.says("personne n’en sera averti directement"));
    let with_skill = [&demand("Un local")[..], &[("skills", "masonry")]].concat();
    assert!(!nora.follow("/nouveau/annonce", &with_skill).await.says("personne n’en sera averti directement"));
}

/// A choice that is none publishes nothing: who mistypes an audience is not overheard by everybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_is_none_saves_nothing() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (field, beside) in [("audience", "audience"), ("audience-of-place", "place"), ("state", "state")] {
        let typed = [&demand("Un local")[..], &[(field, "zzz")]].concat();
        let page = nora.fill("/nouveau/annonce", &typed).await.is(422);
        assert!(page.says("Ce choix n’est pas dans la liste."), "{field}");
        assert!(page.body.contains(&format!("id=\"e-{beside}\"")), "{field}: {}", page.body);
        if field != "state" {
            let again = page.value("/nouveau/annonce", field);
            assert_eq!(again.as_deref(), Some("private"), "sent again as it stands, it is nobody else's");
        }
    }
    assert!(Moderation::ALL.into_iter().all(|moderation| bed.all(Kind::Exchange, moderation).is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_over_is_not_taken_but_may_stay() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for (path, _, fields, _) in &GOOD[..3] {
        let field = if *path == "/nouveau/annonce" { "expires" } else { "deadline" };
        let page = nora.fill(path, &[*fields, &[(field, "2020-05-01")]].concat()).await.is(422);
        assert!(page.says("Cette date est déjà passée.") && page.body.contains(&format!("id=\"e-{field}\"")), "{path}");
    }
    let page = nora.fill("/nouveau/structure", &[("name", "L’Établi"), ("founded", "2999")]).await.is(422);
    assert!(page.says("Cette date est encore à venir."));
    let iri = bed.publish(Kind::Exchange, &[&demand("Un local")[..], &[("expires", "2020-05-01")]].concat());
    let edit = format!("{}/modifier", bed.page(&iri));
    nora.fill(&edit, &[("title", "Un grand local")]).await.is(303);
    nora.fill(&edit, &[("expires", "2020-05-02")]).await.is(422);
    nora.fill(&edit, &[("expires", "2999-05-02")]).await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_or_number_that_cannot_be_kept_says_what_can() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let cases = [
        ("tags", "a".repeat(65), "64 caractères au plus"),
        ("radius", "beaucoup".into(), "un nombre entier de kilomètres, de 0 à 1 000"),
        ("radius", "1001".into(), "un nombre entier de kilomètres, de 0 à 1 000"),
        ("budget", "beaucoup".into(), "par exemple 120 000"),
        ("workforce-total", "2,55".into(), "par exemple 4 ou 2,5"),
    ];
    for (field, value, sentence) in &cases {
        let page = nora.fill("/nouveau/structure", &[("name", "L’Établi"), (field, value)]).await.is(422);
        assert!(page.says(sentence) && page.body.contains(&format!("id=\"e-{field}\"")), "{field}: {}", page.body);
    }
    nora.fill("/nouveau/structure", &[("name", "L’Établi"), ("budget", "120 000 €")]).await.is(303);
    let Body::Structure(one) = &bed.all(Kind::Structure, Moderation::Published)[0].record.body else { panic!() };
    assert_eq!(one.budget, Some(120_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_listed_in_the_order_of_the_form_and_what_is_needed_is_marked() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let wrong = [("place", "Saint-Denis"), ("radius", "x"), ("title", ""), ("expires", "2020-01-01")];
    let page = nora.fill("/nouveau/annonce", &wrong).await.is(422);
    let at = |field: &str| page.body.find(&format!("<a href=\"#champ-{field}\">")).unwrap_or_else(|| panic!("{field}"));
    let listed = ["direction", "type", "title", "place", "radius", "expires"].map(at);
    assert!(listed.is_sorted(), "{listed:?}");
    let choices = page.body.matches("Saint-Denis, La Réunion (97411)").count();
    assert_eq!(choices, 2, "what to choose from stands in the summary and beside the field");
    for (path, label) in [("/nouveau/emploi", "Nom de l’employeur"), ("/nouveau/appel", "Nom du porteur")] {
        assert!(nora.get(path).await.says(&format!("{label} <span class=\"required\">(obligatoire)</span>")), "{path}");
    }
    let iri = bed.structure("L’Établi");
    let page = bed.editor("Paul", &iri).await.get("/nouveau/emploi").await;
    assert!(!page.says("Nom de l’employeur <span"), "who chose a structure need not name it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_s_advice_is_that_of_its_form() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    assert!(nora.get("/nouveau/annonce").await.says("Les structures et personnes qui ont déclaré l’une d’elles"));
    assert!(nora.get("/nouveau/personne").await.says("Vous êtes averti·e des annonces"));
    let structure = nora.get("/nouveau/structure").await;
    assert!(structure.says("Cette structure est avertie des annonces") && !structure.says("sur la carte"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_that_was_deleted_makes_room_for_another() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill("/nouveau/personne", &[]).await.is(303);
    let first = bed.page(&bed.all(Kind::Person, Moderation::Published)[0].record.iri);
    let asked = zoe.get(&format!("{first}/supprimer")).await;
    zoe.send(&asked, &format!("{first}/supprimer"), &[]).await.is(200);
    zoe.fill("/nouveau/personne", &[]).await.is(303);
    let second = bed.page(&bed.all(Kind::Person, Moderation::Published)[0].record.iri);
    assert!(zoe.get("/mon-espace").await.body.contains(&second));
}

/// Codes are shown by their words, also where two people's choices are held against each other.
#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_told_in_words() {
    let bed = Bed::new().await;
    let iri = bed.publish(Kind::Exchange, &demand("Un mur"));
    let edit = format!("{}/modifier", bed.page(&iri));
    let mut nora = bed.animator().await;
    let open = nora.get(&edit).await.is(200);
    let theirs = [("skills", "masonry"), ("audience", "network"), ("audience-of-place", "private")];
    nora.fill(&edit, &theirs).await.is(303);
    let page = nora.send(&open, &edit, &[("title", "Deux murs")]).await.is(409);
    for words in [
        "<dd>Maçonnerie</dd>",
        "<dd>Les membres de notre réseau seulement</dd>",
        "<dd>Vous et l’équipe du réseau seulement</dd>",
    ] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("<dt>field-") && !page.body.contains("<dd>network"));
}

/// A job or call ends with its deadline, also with one that was moved or taken away.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_is_moved_moves_the_end() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let job = [("title", "Maçon"), ("contract", "cdd"), ("employer-label", "Le Phare"), ("deadline", "2998-01-31")];
    nora.fill("/nouveau/emploi", &job).await.is(303);
    let iri = bed.all(Kind::Job, Moderation::Published)[0].record.iri.clone();
    let edit = format!("{}/modifier", bed.page(&iri));
    for (deadline, end) in [("2999-01-31", Some(2999)), ("", None)] {
        nora.fill(&edit, &[("deadline", deadline)]).await.is(303);
        assert_eq!(bed.own(&iri).unwrap().record.expires.map(|at| at.year()), end, "{deadline}");
    }
    let page = nora.fill(&edit, &[("deadline", "2020-01-31")]).await.is(422);
    assert!(page.says("Cette date est déjà passée."));
}

/// What no form asks is what it was, whatever is sent: who confirmed a sheet, that nobody speaks for it, what it takes the place of.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_form_asks_cannot_be_sent() {
    let bed = Bed::new().await;
    let other = "https://ailleurs.test/id/structure/0a9a5042-cf29-4358-98ae-dc09989b2edb";
    let forged = [("name", "Le Lopin"), ("confirmed", "2099-12-31"), ("is-unclaimed", "on"), ("replaces", other)];
    for mut browser in [bed.citizen("Jo").await, bed.animator().await] {
        let page = browser.get("/nouveau/structure").await.is(200);
        let csrf = page.value("/nouveau/structure", "csrf").unwrap();
        let mut form = vec![("csrf".to_owned(), csrf)];
        form.extend(forged.map(|(name, value)| (name.to_owned(), value.to_owned())));
        browser.post("/nouveau/structure", &form, &[]).await.is(303);
    }
    let all: Vec<_> = bed.proposed().into_iter().chain(bed.all(Kind::Structure, Moderation::Published)).collect();
    assert_eq!(all.len(), 2);
    for own in all {
        let Body::Structure(one) = own.record.body else { panic!("no structure") };
        assert_eq!((one.confirmed, one.is_unclaimed, one.replaces.len()), (None, false, 0));
    }
}

//! What waits, and the people: read with what is new in it, decided of one by one and many at once, told to who wrote it; roles and who gives them.

use crate::bed::{self, Bed, Browser, Page, demand};
use pes_domain::{Kind, RecordIri};
use pes_store::accounts::{self, Account, Role};
use pes_store::notices::Mail;
use pes_store::own_records::Moderation;
use pes_store::{remarks, rights};

const QUEUE: &str = "/reseau/a-relire";
const PEOPLE: &str = "/reseau/personnes";

/// Sends made-up fields with the visitor's own token.
async fn force(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let home = browser.get("/connexion").await.is(200);
    let csrf = home.value("/connexion", "csrf").unwrap();
    let fields = [fields, &[("csrf", csrf.as_str())]].concat();
    let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    browser.post(path, &fields, &[]).await
}

/// What the boxes of the page's entries send.
fn boxes(page: &Page) -> Vec<String> {
    let parts = page.body.split("form=\"ensemble\" name=\"record\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

/// Zoé, who is not known yet, and what she proposes.
async fn zoe(bed: &Bed, titles: &[&str]) -> (Browser, Vec<RecordIri>) {
    let mut zoe = bed.citizen("Zoé").await;
    for title in titles {
        zoe.fill("/nouveau/annonce", &demand(title)).await.is(303);
    }
    let mut own = bed.proposed();
    own.sort_by_key(|own| titles.iter().position(|title| *title == own.record.title()));
    (zoe, own.into_iter().map(|own| own.record.iri).collect())
}

fn stands(bed: &Bed, iri: &RecordIri) -> Moderation {
    bed.own(iri).unwrap().moderation
}

fn account(bed: &Bed, account: &Account) -> Account {
    bed.journal.store().read(|link| accounts::find(link, &account.id)).unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_for_animators_alone_and_said_when_there_is_nothing() {
    let bed = Bed::new().await;
    let iri = bed.structure("L’Établi");
    let ines = bed.account("Inès", Role::Editor);
    let others = [
        bed.citizen("Zoé").await,
        bed.member("Marie").await,
        bed.editor("Paul", &iri).await,
        bed.signed_in(&ines).await,
    ];
    for mut one in others {
        for path in [QUEUE, PEOPLE, "/reseau/signalements", "/reseau"] {
            one.get(path).await.is(403);
        }
        for (path, fields) in [
            (QUEUE, [("decision", "publish"), ("record", "x")]),
            (PEOPLE, [("decision", "accept"), ("account", &ines.id)]),
        ] {
            force(&mut one, path, &fields).await.is(403);
        }
        assert!(!one.get("/").await.body.contains("href=\"/reseau\""));
    }
    for path in [QUEUE, PEOPLE] {
        bed.browser().get(path).await.is(401);
        force(&mut bed.browser(), path, &[("decision", "publish")]).await.is(401);
    }
    let mut nora = bed.animator().await;
    assert!(nora.get(QUEUE).await.is(200).says("Rien n’attend de relecture."));
    assert!(nora.get("/reseau").await.is(200).says("Rien n’attend de relecture."));
}

/// Where no mail goes out, none is promised.
#[tokio::test(flavor = "multi_thread")]
async fn how_authors_hear_of_a_decision_is_said_as_it_is() {
    for (bed, has_mail) in [(Bed::new().await, true), (Bed::without_mail().await, false)] {
        assert_eq!(bed.animator().await.get(QUEUE).await.is(200).says("par courriel"), has_mail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_tells_what_it_is_of_whom_when_it_publishes_itself_and_all_it_says() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    let said = [("description", "Avec une <b>remorque</b>.\n\nEn bon état."), ("place", "Nice"), ("skills", "masonry")];
    zoe.fill("/nouveau/annonce", &[&demand("Cherche un vélo")[..], &said].concat()).await.is(303);
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.says("Une fiche attend votre relecture."));
    let queue = nora.get(QUEUE).await.is(200);
    let own = bed.proposed().remove(0);
    let day = pes_words::dates::day_of(own.record.modified + time::Duration::days(3));
    let since = pes_words::dates::moment(own.record.modified);
    for words in [
        "Annonce",
        "Cherche un vélo",
        &format!("De Zoé, depuis le {since}"),
        &format!("se publie d’elle-même le {day}"),
        "Avec une <b>remorque</b>.",
        "En bon état.",
        "Maçonnerie",
        "Je recherche",
    ] {
        assert!(queue.says(words), "{words}: {}", queue.body);
    }
    assert!(!queue.body.contains("<b>remorque"), "what was typed is text");
    assert!(!queue.says("Ce qui a changé"), "it was never shown");
    assert_eq!(queue.value(QUEUE, "record").unwrap().split(' ').next(), Some(own.record.iri.to_string().as_str()));
}

/// What changed since it was shown, in the words people see; what did not change is not told.
#[tokio::test(flavor = "multi_thread")]
async fn of_what_was_shown_before_the_difference_is_told_field_by_field() {
    let bed = Bed::new().await;
    let mut zoe = bed.citizen("Zoé").await;
    let first = [
        ("skills", "masonry"),
        ("place", "Nice"),
        ("description", "Une ligne.\nUne autre."),
        ("audience", "affiliates"),
    ];
    zoe.fill("/nouveau/annonce", &[&demand("Cherche un vélo")[..], &first].concat()).await.is(303);
    let mut nora = bed.animator().await;
    nora.fill(QUEUE, &[("decision", "publish")]).await.is(303);
    let iri = bed.all(Kind::Exchange, Moderation::Published).remove(0).record.iri;
    let second = [
        ("title", "Cherche deux vélos"),
        ("skills", "plumbing-heating"),
        ("place", ""),
        ("description", "Une ligne.\nUne nouvelle."),
        // More people would see it: somebody looks at it first.
        ("audience", "public"),
    ];
    zoe.fill(&format!("{}/modifier", bed.page(&iri)), &second).await.is(303);
    assert_eq!(stands(&bed, &iri), Moderation::Proposed);
    let queue = nora.get(QUEUE).await.is(200);
    assert!(queue.says("Ce qui a changé depuis sa dernière publication"));
    let dl = queue.body.split("<dl class=\"rows changes\">").nth(1).unwrap().split("</dl>").next().unwrap();
    let told: Vec<String> = dl.split("<dt>").skip(1).map(|part| bed::browser::unescaped(&words(part))).collect();
    let expected = [
        "Titre Retiré : Cherche un vélo Ajouté : Cherche deux vélos",
        "Description Retiré : Une autre. Ajouté : Une nouvelle.",
        "Commune Retiré : Nice",
        "Visible par Retiré : ",
    ];
    for one in expected {
        assert!(told.iter().any(|line| line.contains(one)), "{one}: {told:#?}");
    }
    let skills = told.iter().find(|line| line.contains("Maçonnerie")).unwrap();
    assert!(skills.contains("Retiré : Maçonnerie") && skills.contains("Ajouté : Plomberie"), "{skills}");
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(!dl.contains("Une ligne."), "what stayed is not told");
    nora.fill(QUEUE, &[("decision", "publish")]).await.is(303);
    assert!(bed.browser().get(&bed.page(&iri)).await.is(200).says("Cherche deux vélos"));
}

/// A piece of a page as one hears it.
fn words(html: &str) -> String {
    let text: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_as_it_was_shown_is_said_to_be_the_same() {
    let bed = Bed::new().await;
    let (mut zoe, iris) = zoe(&bed, &["Cherche un vélo"]).await;
    let mut nora = bed.animator().await;
    nora.fill(QUEUE, &[("decision", "publish")]).await.is(303);
    let edit = format!("{}/modifier", bed.page(&iris[0]));
    let page = zoe.get(&edit).await;
    zoe.send(&page, &format!("{}/retirer", bed.page(&iris[0])), &[]).await.is(303);
    zoe.fill(&edit, &[]).await.is(303);
    assert!(nora.get(QUEUE).await.says("Rien n’a changé depuis sa dernière publication."));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sentence_nothing_is_sent_back_or_refused_and_nothing_typed_is_lost() {
    let bed = Bed::new().await;
    let (_, iris) = zoe(&bed, &["Cherche un vélo", "Cherche une remorque"]).await;
    let mut nora = bed.animator().await;
    for decision in ["send-back", "refuse"] {
        let page = nora.fill(QUEUE, &[("decision", decision), ("sentence", "  ")]).await.is(422);
        assert!(page.says("Écrivez au moins une phrase.") && page.body.contains("href=\"#mot-1\""), "{}", page.body);
    }
    let long = format!("Précisez {}", "x".repeat(1_000));
    let page = nora.fill(QUEUE, &[("decision", "refuse"), ("sentence", &long)]).await.is(422);
    assert_eq!(page.value(QUEUE, "sentence").as_deref(), Some(long.as_str()), "what was typed is kept");
    assert!(page.says("Trop long : 1000 caractères au plus.") || page.says("caractères au plus"));
    for iri in &iris {
        assert_eq!(stands(&bed, iri), Moderation::Proposed);
    }
    for fields in [[("decision", "perhaps"), ("record", "x")], [("decision", "publish"), ("record", "x")]] {
        force(&mut nora, QUEUE, &fields).await.is(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_it_reads_the_sentence_on_its_page_its_form_and_in_their_space_and_nobody_else_does() {
    let bed = Bed::new().await;
    let (mut zoe, iris) = zoe(&bed, &["Cherche un vélo"]).await;
    let (mut nora, page) = (bed.animator().await, bed.page(&iris[0]));
    let asked = [("decision", "send-back"), ("sentence", "Dites-nous <i>où</i> il est.\n\nMerci !")];
    let sent = nora.fill(QUEUE, &asked).await;
    let queue = nora.get(sent.header("location").unwrap()).await.is(200);
    assert!(queue.says("C’est demandé."));
    assert!(queue.says("En attente de leur auteur") && queue.says("Dites-nous <i>où</i> il est."));
    for path in [&page, &format!("{page}/modifier"), "/mon-espace"] {
        let seen = zoe.get(path).await.is(200);
        assert!(seen.says("Dites-nous <i>où</i> il est.") && seen.says("Merci !"), "{path}");
        assert!(!seen.body.contains("<i>où</i>"), "what was typed is text");
    }
    let ines = bed.account("Inès", Role::Editor);
    for mut other in [bed.browser(), bed.member("Marie").await, bed.signed_in(&ines).await] {
        other.get(&page).await.is(404);
    }
    // She changes it: it waits again, and the team sees what it had asked for.
    zoe.fill(&format!("{page}/modifier"), &[("place", "Nice")]).await.is(303);
    assert_eq!(stands(&bed, &iris[0]), Moderation::Proposed);
    let queue = nora.get(QUEUE).await.is(200);
    assert!(queue.says("Dites-nous <i>où</i> il est.") && !queue.says("En attente de leur auteur"));
    nora.fill(QUEUE, &[("decision", "publish"), ("sentence", "Parfait.")]).await.is(303);
    for path in [&page, "/mon-espace"] {
        let seen = zoe.get(path).await.is(200);
        assert!(seen.says("Parfait.") && !seen.says("Dites-nous"), "{path}");
    }
    for mut other in [bed.browser(), bed.member("Paul").await] {
        assert!(!other.get(&page).await.is(200).says("Parfait."), "it is between the team and who wrote it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_s_editors_read_what_was_decided_of_what_speaks_for_it() {
    let bed = Bed::new().await;
    let iri = bed.structure("L’Établi");
    let zoe_account = bed.account("Zoé", Role::Citizen);
    let mut zoe = bed.signed_in(&zoe_account).await;
    let mut paul = bed.editor("Paul", &iri).await;
    zoe.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(303);
    let own = bed.proposed().remove(0);
    // As if she had spoken for it before she left.
    let pes_domain::Body::Exchange(mut body) = own.record.body.clone() else { panic!("no exchange") };
    body.structure = Some(pes_domain::Reference::to(iri.clone(), "L’Établi"));
    let record = pes_domain::Record { body: pes_domain::Body::Exchange(body), ..own.record };
    bed.journal.save(record.clone(), Moderation::Proposed, None, record.modified).unwrap();
    let mut nora = bed.animator().await;
    nora.fill(QUEUE, &[("decision", "publish"), ("sentence", "Bienvenue !")]).await.is(303);
    let page = bed.page(&record.iri);
    assert!(paul.get(&page).await.is(200).says("Bienvenue !"));
    assert!(zoe.get(&page).await.is(200).says("Bienvenue !"));
    assert!(!bed.browser().get(&page).await.is(200).says("Bienvenue !"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_decided_of_at_once_with_one_sentence_and_what_was_ticked_stays_so() {
    let bed = Bed::new().await;
    let (mut zoe, iris) = zoe(&bed, &["Un", "Deux", "Trois"]).await;
    let mut nora = bed.animator().await;
    let queue = nora.get(QUEUE).await.is(200);
    let boxes = boxes(&queue);
    assert_eq!(boxes.len(), 3);
    let bulk = [("ensemble", "on"), ("page", "1"), ("record", &boxes[0]), ("record", &boxes[2])];
    let page = force(&mut nora, QUEUE, &[&bulk[..], &[("decision", "refuse")]].concat()).await.is(422);
    assert!(page.body.contains("href=\"#mot\"") && page.body.matches(" checked>").count() == 2);
    let nothing = [("ensemble", "on"), ("decision", "refuse"), ("sentence", "Gardée <phrase>")];
    let page = force(&mut nora, QUEUE, &nothing).await.is(422);
    assert!(page.says("Cochez au moins une fiche.") && page.says("Gardée <phrase>"));
    let said = [("decision", "refuse"), ("sentence", "Une seule annonce suffit.")];
    let sent = force(&mut nora, QUEUE, &[&bulk[..], &said].concat()).await.to("/reseau/a-relire?page=1&refuse=2");
    assert!(nora.get(sent.header("location").unwrap()).await.says("2 fiches sont refusées."));
    assert_eq!(bed.proposed().len(), 1);
    let refused = iris.iter().filter(|iri| stands(&bed, iri) == Moderation::Refused).collect::<Vec<_>>();
    assert_eq!(refused.len(), 2);
    for iri in refused {
        assert!(zoe.get(&bed.page(iri)).await.is(200).says("Une seule annonce suffit."));
    }
    let all = nora.get(&format!("{QUEUE}?coche=tout")).await.is(200);
    assert_eq!(all.body.matches(" checked>").count(), 1);
}

/// Two animators at once, an author who changes, withdraws or deletes meanwhile: said, and nothing is decided twice or unseen.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_it_was_seen_is_said_and_the_rest_is_decided() {
    let bed = Bed::new().await;
    let (mut zoe, iris) = zoe(&bed, &["Un", "Deux", "Trois", "Quatre"]).await;
    let (mut nora, mut ali) = (bed.animator().await, bed.signed_in(&bed.account("Ali", Role::Animator)).await);
    let queue = nora.get(QUEUE).await.is(200);
    let value = |iri: &RecordIri| boxes(&queue).into_iter().find(|value| value.starts_with(&iri.to_string())).unwrap();
    let values: Vec<String> = iris.iter().map(value).collect();
    force(&mut ali, QUEUE, &[("decision", "refuse"), ("sentence", "Non."), ("record", &values[0])]).await.is(303);
    zoe.fill(&format!("{}/modifier", bed.page(&iris[1])), &[("title", "Deux, et une arnaque")]).await.is(303);
    zoe.fill(&format!("{}/supprimer", bed.page(&iris[2])), &[]).await.is(200);
    let mut fields = vec![("ensemble", "on"), ("decision", "publish")];
    fields.extend(values.iter().map(|value| ("record", value.as_str())));
    let sent = force(&mut nora, QUEUE, &fields).await.to("/reseau/a-relire?page=1&publish=1&deja=2&changees=1");
    let told = nora.get(sent.header("location").unwrap()).await.is(200);
    assert!(
        told.says("C’est publié.")
            && told.says("2 fiches n’attendaient plus")
            && told.says("a été modifiée par son auteur")
    );
    assert_eq!(stands(&bed, &iris[0]), Moderation::Refused, "who was first decided");
    assert_eq!(stands(&bed, &iris[1]), Moderation::Proposed, "nobody has seen that");
    assert_eq!(stands(&bed, &iris[3]), Moderation::Published);
    // The same button again: nothing more happens.
    force(&mut nora, QUEUE, &fields).await.to("/reseau/a-relire?page=1&publish=0&deja=3&changees=1");
    let said = bed.journal.store().read(|link| remarks::of_record(link, &iris[3].to_string())).unwrap();
    assert_eq!((said.len(), said[0].mail), (1, Mail::Due), "she is told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_that_wait_are_read_page_by_page() {
    let bed = Bed::new().await;
    let (mut nora, template) = (bed.animator().await, bed.demand("x"));
    let own = bed.own(&template).unwrap();
    let propose = |number: usize| {
        let iri = RecordIri::mint(bed.origin(), Kind::Exchange);
        let pes_domain::Body::Exchange(mut body) = own.record.body.clone() else { panic!("no exchange") };
        body.title = format!("Annonce n° {number:04}");
        let modified = own.record.modified + time::Duration::seconds(number as i64);
        pes_domain::Record { iri, modified, body: pes_domain::Body::Exchange(body), ..own.record.clone() }
    };
    bed.journal
        .gather(time::UtcDateTime::now(), |group| {
            (0..1_000).try_for_each(|number| group.save(propose(number), Moderation::Proposed, None).map(drop))
        })
        .unwrap();
    let begun = std::time::Instant::now();
    let first = nora.get(QUEUE).await.is(200);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert!(first.says("1000 fiches attendent") || first.says("1\u{202f}000 fiches attendent"));
    assert!(first.says("Annonce n° 0000") && first.says("Annonce n° 0019") && !first.says("Annonce n° 0020"));
    assert!(first.body.len() < 150_000, "{} bytes", first.body.len());
    assert!(nora.get(&format!("{QUEUE}?page=2")).await.says("Annonce n° 0020"));
    for beyond in ["51", "99999999", "18446744073709551615"] {
        let last = nora.get(&format!("{QUEUE}?page={beyond}")).await.is(200);
        assert!(last.says("Annonce n° 0999") && boxes(&last).len() == 20, "{beyond}");
    }
    let second = nora.get(&format!("{QUEUE}?page=2")).await;
    let mut fields: Vec<(&str, &str)> =
        vec![("ensemble", "on"), ("page", "2"), ("decision", "refuse"), ("sentence", "Un robot.")];
    let boxes = boxes(&second);
    fields.extend(boxes.iter().map(|value| ("record", value.as_str())));
    force(&mut nora, QUEUE, &fields).await.to("/reseau/a-relire?page=2&refuse=20");
    assert_eq!(bed.proposed().len(), 980);
    let too_many: Vec<(&str, &str)> = std::iter::repeat_n(fields[4], 101).chain([("decision", "publish")]).collect();
    force(&mut nora, QUEUE, &too_many).await.is(422);
}

/// What is told of the address can be typed by anybody; it is counted, and never repeated.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_decides_nothing_and_repeats_nothing() {
    let bed = Bed::new().await;
    let (_, iris) = zoe(&bed, &["Cherche un vélo"]).await;
    let mut nora = bed.animator().await;
    for query in ["publish=9999", "publish=-1", "publish=%3Cscript%3E", "page=-1", "page=x", "fait=publie"] {
        let page = nora.get(&format!("{QUEUE}?{query}")).await.is(200);
        assert!(!page.body.contains("class=\"done\"") && !page.body.contains("<script>"), "{query}");
    }
    assert_eq!(stands(&bed, &iris[0]), Moderation::Proposed);
}

// ------------------------------------------------------------------------------------------------------------ roles

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_s_entries_are_published_at_once_and_nothing_else_is_theirs() {
    let bed = Bed::new().await;
    let ines = bed.account("Inès", Role::Editor);
    bed.people.change(&ines.id, |account| account.is_accepted = false).unwrap();
    let mut editor = bed.signed_in(&ines).await;
    assert!(editor.get("/mon-espace").await.says("Vous écrivez pour le réseau"));
    assert!(!bed.member("Marie").await.get("/mon-espace").await.says("Vous écrivez pour le réseau"));
    let news = [("title", "Dix ans déjà"), ("summary", "Une fête."), ("author", "Réseau d’ici")];
    editor.fill("/nouveau/actualite", &news).await.is(303);
    let iri = bed.all(Kind::Article, Moderation::Published).remove(0).record.iri;
    bed.browser().get(&bed.page(&iri)).await.is(200);
    // An animator's news are the network's: she mends them. A citizen's are not.
    let mut nora = bed.animator().await;
    nora.fill("/nouveau/actualite", &[("title", "Rentrée"), ("author", "Nora")]).await.is(303);
    let theirs = bed.all(Kind::Article, Moderation::Published);
    let theirs = theirs.iter().find(|own| own.record.title() == "Rentrée").unwrap();
    let page = bed.page(&theirs.record.iri);
    editor.fill(&format!("{page}/modifier"), &[("title", "Rentrée d’automne")]).await.is(303);
    assert!(bed.browser().get(&page).await.is(200).says("Rentrée d’automne"));
    let mut zoe = bed.citizen("Zoé").await;
    zoe.fill("/nouveau/actualite", &[("title", "À moi"), ("author", "Zoé")]).await.is(303);
    nora.fill(QUEUE, &[("decision", "publish")]).await.is(303);
    let hers = bed.all(Kind::Article, Moderation::Published);
    let hers = hers.iter().find(|own| own.record.title() == "À moi").unwrap();
    editor.get(&format!("{}/modifier", bed.page(&hers.record.iri))).await.is(404);
    let offer = bed.demand("Un vélo");
    editor.get(&format!("{}/modifier", bed.page(&offer))).await.is(404);
    assert!(!editor.get(&bed.page(&iri)).await.body.contains("/reseau/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_and_their_standing_told_with_their_addresses_for_animators_alone() {
    let bed = Bed::new().await;
    let iri = bed.structure("L’Établi");
    drop((bed.editor("Paul", &iri).await, bed.member("Marie").await, bed.citizen("Zoé").await));
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.says("4 personnes ont un compte ici."));
    let all = nora.get(PEOPLE).await.is(200);
    for words in [
        "zoé@courriel.example",
        "pas encore dans le réseau",
        "membre par sa structure",
        "membre, accueilli·e par l’équipe",
        "C’est vous",
    ] {
        assert!(all.says(words), "{words}");
    }
    let found = nora.get(&format!("{PEOPLE}?q=ZOE")).await.is(200);
    assert!(found.says("Zoé") && !found.says("Marie") && found.says("1 personne"));
    let hostile = nora.get(&format!("{PEOPLE}?q=%3Cscript%3E%22%27")).await.is(200);
    assert!(hostile.says("Personne ne correspond.") && !hostile.body.contains("<script>\""));
    for page in ["0", "99", "x", "18446744073709551615"] {
        assert!(nora.get(&format!("{PEOPLE}?page={page}")).await.is(200).says("Zoé"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acceptance_is_given_and_taken_back() {
    let bed = Bed::new().await;
    let kept = [&demand("Réunion interne")[..], &[("audience", "network")]].concat();
    let page = bed.page(&bed.publish(Kind::Exchange, &kept));
    let (account_of_zoe, mut nora) = (bed.account("Zoé", Role::Citizen), bed.animator().await);
    let mut zoe = bed.signed_in(&account_of_zoe).await;
    for (button, status, done) in
        [("accept", 200, "accueilli"), ("accept", 200, "accueilli"), ("dismiss", 404, "retire")]
    {
        let list = nora.get(&format!("{PEOPLE}?q=zo%C3%A9")).await.is(200);
        let sent = nora.send(&list, PEOPLE, &[("decision", button)]).await;
        let next = sent.to(&format!("{PEOPLE}?page=1&q=zo%C3%A9&fait={done}"));
        assert!(nora.get(next.header("location").unwrap()).await.is(200).body.contains("class=\"done\""));
        zoe.get(&page).await.is(status);
    }
    for fields in [[("account", "x"), ("decision", "accept")], [("account", "x"), ("decision", "dismiss")]] {
        force(&mut nora, PEOPLE, &fields).await.is(404);
    }
    force(&mut nora, PEOPLE, &[("account", &account_of_zoe.id), ("decision", "perhaps")]).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn animators_make_editors_and_administrators_make_animators_and_nobody_themselves() {
    let bed = Bed::new().await;
    let (zoe, nora, ali) = (
        bed.account("Zoé", Role::Citizen),
        bed.account("Nora", Role::Animator),
        bed.account("Ali", Role::Administrator),
    );
    let mut zoe_s = bed.signed_in(&zoe).await;
    let (mut animator, mut administrator) = (bed.signed_in(&nora).await, bed.signed_in(&ali).await);
    let give = |account: &Account, role: &'static str| {
        [("account", account.id.clone()), ("decision", "role".into()), ("role", role.into())]
    };
    let as_str = |fields: &[(&'static str, String); 3]| -> Vec<(&'static str, String)> { fields.to_vec() };
    let list = animator.get(&format!("{PEOPLE}?q=zo")).await.is(200);
    assert!(
        list.says("rédacteur ou rédactrice") && !list.body.contains("value=\"animator\""),
        "only what she may give"
    );
    for (role, status) in [("animator", 403), ("administrator", 403), ("king", 422), ("editor", 303)] {
        let fields = as_str(&give(&zoe, role));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        force(&mut animator, PEOPLE, &fields).await.is(status);
    }
    assert_eq!(account(&bed, &zoe).role, Role::Editor);
    zoe_s.get("/mon-espace").await.is(401);
    for (who, to) in [(&nora, "citizen"), (&nora, "administrator"), (&ali, "citizen")] {
        let fields = as_str(&give(who, to));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        force(&mut animator, PEOPLE, &fields).await.is(403);
    }
    for (who, to, status) in [(&ali, "animator", 403), (&nora, "citizen", 303), (&zoe, "administrator", 303)] {
        let fields = as_str(&give(who, to));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        force(&mut administrator, PEOPLE, &fields).await.is(status);
    }
    assert_eq!(
        [&zoe, &nora, &ali].map(|one| account(&bed, one).role),
        [Role::Administrator, Role::Citizen, Role::Administrator]
    );
    animator.get(PEOPLE).await.is(401);
}

/// Whoever mends an entry and saves it has read it: it is shown, and its author told.
#[tokio::test(flavor = "multi_thread")]
async fn an_animator_who_changes_what_waits_publishes_it_and_its_author_is_told() {
    let bed = Bed::new().await;
    let (_, iris) = zoe(&bed, &["Cherche un vélo"]).await;
    let edit = format!("{}/modifier", bed.page(&iris[0]));
    bed.animator().await.fill(&edit, &[("title", "Cherche un vélo d’enfant")]).await.is(303);
    assert_eq!(stands(&bed, &iris[0]), Moderation::Published);
    let due = bed.journal.store().read(|link| remarks::due(link, 9)).unwrap();
    assert_eq!((due.len(), due[0].record.clone(), due[0].mail), (1, iris[0].to_string(), Mail::Due));
}

/// With an account goes what was decided for it to read.
#[tokio::test(flavor = "multi_thread")]
async fn an_erased_account_leaves_no_sentence_behind() {
    let bed = Bed::new().await;
    let (_, iris) = zoe(&bed, &["Cherche un vélo"]).await;
    let mut nora = bed.animator().await;
    nora.fill(QUEUE, &[("decision", "refuse"), ("sentence", "Hors sujet.")]).await.is(303);
    let zoe = bed.people.account_at("zoé@courriel.example").unwrap();
    assert_eq!(bed.people.erase(&zoe.id).unwrap(), 1);
    let left = bed.journal.store().read(|link| remarks::of_record(link, &iris[0].to_string())).unwrap();
    assert!(left.is_empty() && bed.journal.store().read(rights::all).unwrap().is_empty());
    assert!(!nora.get(&bed.page(&iris[0])).await.is(200).says("Hors sujet."));
}

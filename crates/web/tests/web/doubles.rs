//! Structures that may be one: the team is shown them with reasons, links them, tells them apart, and takes both back. Nobody is told of a
//! record that is not for them.

use crate::bed::{self, Bed, Browser, Elsewhere, Page};
use pes_domain::{Audience, Body, Draft, Kind, Record, RecordIri};
use pes_store::own_records::Moderation;
use pes_store::told_apart;
use time::{Duration, UtcDateTime};

const PAGE: &str = "/reseau/doublons";
const NICE: (&str, &str) = ("site-commune", "Nice (06088)");

/// The forms of the pairs on a page, in their order.
fn forms(page: &Page) -> Vec<Vec<(String, String)>> {
    let parts = page.body.split("<article class=\"pair\">").skip(1);
    parts.map(|part| Page { body: part.to_owned(), ..page.clone() }.form(PAGE)).collect()
}

fn field(form: &[(String, String)], name: &str) -> String {
    form.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Presses a button of the first pair of a part of the page.
async fn press(browser: &mut Browser, which: &str, decision: &str) -> Page {
    let page = browser.get(&format!("{PAGE}?vue={which}")).await.is(200);
    let mut form = forms(&page).into_iter().next().unwrap_or_else(|| panic!("no pair: {}", page.body));
    form.push(("decision".into(), decision.into()));
    let sent = browser.post(PAGE, &form, &[]).await.is(303);
    browser.get(sent.header("location").unwrap()).await.is(200)
}

async fn proposed(browser: &mut Browser) -> Page {
    browser.get(PAGE).await.is(200)
}

/// One structure that two networks have, and what the team here is shown of it.
fn shared(bed: &Bed, other: &Elsewhere) -> (RecordIri, RecordIri) {
    let ours = bed.publish(Kind::Structure, &[("name", "La Volière"), ("siret", "73282932000074"), NICE]);
    let theirs =
        other.publish(Kind::Structure, &[("name", "Association La Volière"), ("siret", "73282932000074"), NICE]);
    bed.hears(other);
    (ours, theirs)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_one_is_shown_side_by_side_with_its_reasons() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let mut nora = bed.animator().await;
    assert!(proposed(&mut nora).await.says("Tout est en ordre"), "at first there is nothing");
    let (ours, theirs) = shared(&bed, &other);
    bed.publish(Kind::Structure, &[("name", "Les Loriots du Paillon"), NICE]);
    bed.publish(Kind::Structure, &[("name", "Les loriots du paillon"), NICE]);
    bed.publish(Kind::Structure, &[("name", "Le Hérisson")]);
    let page = proposed(&mut nora).await;
    let all = forms(&page);
    assert_eq!(all.len(), 2, "{}", page.body);
    assert_eq!(
        (field(&all[0], "one"), field(&all[0], "other")),
        (ours.to_string(), theirs.to_string()),
        "numbers first"
    );
    for words in [
        "Réseau d’ici",
        "Réseau d’ailleurs",
        "SIRET 73282932000074",
        "Nice",
        "le même SIRET",
        "le même nom",
        "personne pour le moment",
    ] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert!(page.says("À examiner (2)") && !page.says("Le Hérisson") && !page.says("en cours"));
    // Who keeps the sheet is told by name.
    bed.editor("Ali", &ours).await;
    assert!(proposed(&mut nora).await.says("Ali"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_said_on_both_pages_until_it_is_taken_back() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (ours, theirs) = shared(&bed, &other);
    let (mut nora, mut visitor) = (bed.animator().await, bed.browser());
    let first = forms(&proposed(&mut nora).await).remove(0);
    let page = press(&mut nora, "proposees", "same").await;
    assert!(page.says("C’est enregistré") && page.says("À examiner (0)") && page.says("Reliées (1)"), "{}", page.body);
    // Pressed again on a page that was open: nothing more is said.
    let again = [first, vec![("decision".into(), "same".into())]].concat();
    nora.post(PAGE, &again, &[]).await.is(303);
    let accords = bed.all(Kind::Accord, Moderation::Published);
    assert_eq!(accords.len(), 1);
    let accord = &accords[0].record;
    assert!(matches!(&accord.body, Body::Accord(one) if one.answers(&theirs, &ours)));
    assert_eq!(accord.audience, Audience::Public);
    assert!(!accord.title().contains("Volière"), "it holds no name of theirs or ours: {}", accord.title());
    let at_ours = visitor.get(&bed.page(&ours)).await.is(200);
    assert!(at_ours.says("Aussi tenue par") && at_ours.says(&bed.page(&theirs)), "{}", at_ours.body);
    let at_theirs = visitor.get(&bed.page(&theirs)).await.is(200);
    assert!(at_theirs.says("Notre réseau en a une autre fiche") && at_theirs.says("D’après Réseau d’ici"));
    let page = press(&mut nora, "liees", "unlink").await;
    assert!(page.says("ne sont plus reliées") && page.says("Reliées (0)"));
    assert!(bed.all(Kind::Accord, Moderation::Published).is_empty());
    assert!(!visitor.get(&bed.page(&ours)).await.says("Aussi tenue par"));
    assert_eq!(forms(&proposed(&mut nora).await).len(), 1, "it is proposed again");
    // Twice is once.
    let stale = [
        ("csrf".to_owned(), field(&forms(&proposed(&mut nora).await)[0], "csrf")),
        ("accord".to_owned(), accord.iri.to_string()),
        ("decision".to_owned(), "unlink".to_owned()),
    ];
    nora.post(PAGE, &stale, &[]).await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_ours_are_linked_likewise() {
    let bed = Bed::new().await;
    let one = bed.publish(Kind::Structure, &[("name", "Les Loriots du Paillon"), NICE]);
    let other = bed.publish(Kind::Structure, &[("name", "Les loriots du paillon"), NICE]);
    let mut nora = bed.animator().await;
    press(&mut nora, "proposees", "same").await;
    for iri in [&one, &other] {
        assert!(bed.browser().get(&bed.page(iri)).await.says("Notre réseau en a une autre fiche"));
    }
    assert!(forms(&proposed(&mut nora).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_apart_is_never_proposed_again_until_somebody_asks() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (ours, theirs) = shared(&bed, &other);
    let mut nora = bed.animator().await;
    let page = press(&mut nora, "proposees", "apart").await;
    assert!(page.says("ne vous seront plus proposées") && page.says("Distinguées (1)") && page.says("À examiner (0)"));
    // A change of either makes no difference.
    let mut own = bed.own(&ours).unwrap();
    own.record.modified += Duration::minutes(1);
    bed.journal.save(own.record, Moderation::Published, None, UtcDateTime::now()).unwrap();
    assert!(forms(&proposed(&mut nora).await).is_empty());
    let apart = nora.get(&format!("{PAGE}?vue=distinguees")).await.is(200);
    assert!(apart.says("Distinguées par Nora") && apart.says("Association La Volière"), "{}", apart.body);
    assert!(press(&mut nora, "distinguees", "again").await.says("de nouveau proposées"));
    assert_eq!(forms(&proposed(&mut nora).await).len(), 1);
    // Having said that they are one, one may still find that they are two.
    press(&mut nora, "proposees", "same").await;
    press(&mut nora, "liees", "apart").await;
    assert!(bed.all(Kind::Accord, Moderation::Published).is_empty());
    assert!(!bed.browser().get(&bed.page(&theirs)).await.says("une autre fiche"));
    assert_eq!(bed.journal.store().read(told_apart::all).unwrap().len(), 1);
}

/// What another network says is shown with its name; the team here may know better.
#[tokio::test(flavor = "multi_thread")]
async fn another_network_s_word_is_shown_as_its_own_and_the_team_may_disagree() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (ours, theirs) = shared(&bed, &other);
    let says = |by: &RecordIri, about: &RecordIri| {
        let (by, about) = (by.to_string(), about.to_string());
        let fields = [
            ("by", by.as_str()),
            ("by-label", "x"),
            ("about", about.as_str()),
            ("about-label", "y"),
            ("answer", "is-the-same"),
            ("audience", "public"),
        ];
        other.publish(Kind::Accord, &fields)
    };
    says(&theirs, &ours);
    // In the name of a structure of ours nobody but us says anything.
    let stranger = other.publish(Kind::Structure, &[("name", "Les Imposteurs")]);
    says(&ours, &stranger);
    bed.hears(&other);
    let page = bed.browser().get(&bed.page(&ours)).await.is(200);
    assert!(page.says("Aussi tenue par") && page.says("D’après Réseau d’ailleurs"), "{}", page.body);
    assert!(!page.says(&bed.page(&stranger)));
    let mut nora = bed.animator().await;
    assert!(forms(&proposed(&mut nora).await).is_empty(), "it is decided");
    let linked = nora.get(&format!("{PAGE}?vue=liees")).await.is(200);
    assert!(
        linked.says("D’après Réseau d’ailleurs") && !linked.says("value=\"unlink\""),
        "what is theirs is not ours to undo"
    );
    press(&mut nora, "liees", "apart").await;
    assert!(!bed.browser().get(&bed.page(&ours)).await.says("Aussi tenue par"));
    assert!(!bed.browser().get(&bed.page(&theirs)).await.says("une autre fiche"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_of_a_record_that_is_not_for_them() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let ours =
        bed.publish(Kind::Structure, &[("name", "La Volière"), ("siret", "73282932000074"), ("audience", "network")]);
    let theirs = other.publish(
        Kind::Structure,
        &[("name", "La Volière d’ailleurs"), ("siret", "73282932000074"), ("audience", "affiliates")],
    );
    let public = bed.publish(Kind::Structure, &[("name", "La Volière ouverte"), ("siret", "73282932000074")]);
    bed.hears(&other);
    let mut nora = bed.animator().await;
    assert_eq!(forms(&proposed(&mut nora).await).len(), 3);
    while !forms(&proposed(&mut nora).await).is_empty() {
        press(&mut nora, "proposees", "same").await;
    }
    let mut audiences: Vec<Audience> =
        bed.all(Kind::Accord, Moderation::Published).iter().map(|own| own.record.audience).collect();
    audiences.sort();
    assert_eq!(audiences, [Audience::Network, Audience::Network, Audience::Affiliates], "for those who may see both");
    let (mut visitor, mut marie) = (bed.browser(), bed.member("Marie").await);
    let page = visitor.get(&bed.page(&public)).await.is(200);
    assert!(!page.says("Aussi tenue par") && !page.says("une autre fiche"), "{}", page.body);
    let page = marie.get(&bed.page(&public)).await.is(200);
    assert!(page.says(&bed.page(&theirs)) && page.says(&bed.page(&ours)), "{}", page.body);
    // Nobody but the team sees what is proposed or decided.
    for path in [PAGE.to_owned(), format!("{PAGE}?vue=liees")] {
        assert!(!visitor.get(&path).await.is(401).says("Volière"));
        assert!(!marie.get(&path).await.is(403).says("Volière"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_hidden_or_private_leaves_no_row() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (ours, theirs) = shared(&bed, &other);
    let mut nora = bed.animator().await;
    let open = forms(&proposed(&mut nora).await);
    // Hidden here, and shown again.
    let page = nora.get(&bed.page(&theirs)).await;
    nora.send(&page, "/reseau/masquer", &[("decision", "hide"), ("reason", "double")]).await.is(303);
    assert!(forms(&proposed(&mut nora).await).is_empty(), "hidden");
    let page = nora.get(&bed.page(&theirs)).await;
    nora.send(&page, "/reseau/masquer", &[("decision", "show")]).await.is(303);
    assert_eq!(forms(&proposed(&mut nora).await).len(), 1);
    // A later sheet says what tells them apart.
    let changed: Draft = bed::draft(&[("name", "Le Hérisson"), ("siret", "44306184100047")]);
    let now = UtcDateTime::now() + Duration::minutes(1);
    let record = Record::raise(Kind::Structure, (ours.clone(), now), &changed, now, &bed::rules()).unwrap();
    bed.journal.save(record, Moderation::Published, None, now).unwrap();
    assert!(forms(&proposed(&mut nora).await).is_empty(), "changed");
    bed.publish(Kind::Structure, &[("name", "La Volière"), ("siret", "73282932000074"), NICE]);
    assert_eq!(forms(&proposed(&mut nora).await).len(), 1, "another one");
    other.journal.delete(&theirs, None, UtcDateTime::now()).unwrap();
    bed.hears(&other);
    assert!(forms(&proposed(&mut nora).await).is_empty(), "deleted elsewhere");
    // A page that was still open.
    let late = [open[0].clone(), vec![("decision".into(), "same".into())]].concat();
    let gone = nora.post(PAGE, &late, &[]).await.is(410);
    assert!(gone.says("L’une des deux fiches n’est plus là") && gone.body.contains(&format!("href=\"{PAGE}\"")));
    assert!(bed.all(Kind::Accord, Moderation::Published).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_what_is_gone_can_be_taken_back() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (ours, theirs) = shared(&bed, &other);
    let mut nora = bed.animator().await;
    press(&mut nora, "proposees", "same").await;
    other.journal.delete(&theirs, None, UtcDateTime::now()).unwrap();
    bed.hears(&other);
    assert!(!bed.browser().get(&bed.page(&ours)).await.says("Aussi tenue par"));
    let linked = nora.get(&format!("{PAGE}?vue=liees")).await.is(200);
    assert!(linked.says("n’est plus là") && !linked.says("Association La Volière"), "{}", linked.body);
    press(&mut nora, "liees", "unlink").await;
    assert!(bed.all(Kind::Accord, Moderation::Published).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_team_decides_and_of_structures_alone() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (ours, theirs) = shared(&bed, &other);
    let demand = bed.demand("Un local");
    let mut nora = bed.animator().await;
    let form = forms(&proposed(&mut nora).await).remove(0);
    let with = |changes: &[(&str, &str)]| {
        let mut form = form.clone();
        form.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        form.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        form
    };
    for (changes, status) in [
        (vec![("decision", "x")], 422),
        (vec![("decision", "same"), ("csrf", "x")], 403),
        (vec![("decision", "same"), ("one", "x")], 404),
        (vec![("decision", "same"), ("other", ours.to_string().leak())], 404),
        (vec![("decision", "same"), ("other", demand.to_string().leak())], 404),
        (vec![("decision", "same"), ("one", theirs.to_string().leak())], 404),
        (vec![("decision", "apart"), ("one", "")], 404),
        (vec![("decision", "unlink"), ("accord", demand.to_string().leak())], 404),
        (vec![("decision", "unlink"), ("accord", "zzz")], 404),
        (vec![("decision", "unlink"), ("accord", "")], 404),
        (vec![("decision", "again"), ("one", "zzz")], 404),
    ] {
        nora.post(PAGE, &with(&changes), &[]).await.is(status);
    }
    let mut marie = bed.member("Marie").await;
    let csrf = marie.get("/mon-espace").await.value("/deconnexion", "csrf").unwrap_or_default();
    marie.post(PAGE, &with(&[("decision", "same"), ("csrf", &csrf)]), &[]).await.is(403);
    assert!(bed.all(Kind::Accord, Moderation::Published).is_empty());
    assert!(bed.journal.store().read(told_apart::all).unwrap().is_empty());
    for odd in ["?page=0", "?page=99999999999999999999", "?vue=x&page=-1", "?fait=%3Cscript%3E"] {
        assert_eq!(forms(&nora.get(&format!("{PAGE}{odd}")).await.is(200)).len(), 1, "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_leafed_through() {
    let bed = Bed::new().await;
    for number in 0..12 {
        let name = format!(
            "Les Loriots {}",
            ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"][number]
        );
        for _ in 0..2 {
            bed.publish(Kind::Structure, &[("name", name.as_str()), NICE]);
        }
    }
    let mut nora = bed.animator().await;
    let page = proposed(&mut nora).await;
    assert!(page.says("À examiner (12)") && forms(&page).len() == 10, "{}", page.body);
    assert_eq!(forms(&nora.get(&format!("{PAGE}?vue=proposees&page=2")).await).len(), 2);
}

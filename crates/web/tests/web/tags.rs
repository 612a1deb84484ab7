//! Free words: the team sees which are in use and aligns them to concepts; whoever looks for the concept finds what bears the word.

use crate::bed::{self, Bed, Browser, demand};
use pes_domain::Kind;
use pes_store::aligned_tags;

const PAGE: &str = "/reseau/mots";

fn concept(path: &str) -> String {
    format!("https://w3id.org/pes/code/{path}")
}

/// Sends the last form of a word's page.
async fn align(browser: &mut Browser, word: &str, path: &str) -> bed::Page {
    let page = browser.get(&format!("{PAGE}/{word}?q=")).await.is(200);
    let csrf = page.value(&format!("{PAGE}/{word}"), "csrf").unwrap();
    let form = [("csrf", csrf), ("q", String::new()), ("concept", concept(path)), ("decision", "align".into())];
    browser.post(&format!("{PAGE}/{word}"), &form.map(|(name, value)| (name.to_owned(), value)), &[]).await
}

async fn unalign(browser: &mut Browser, word: &str) -> bed::Page {
    let path = format!("{PAGE}/{word}");
    let page = browser.get(&format!("{path}?q=")).await.is(200);
    let form = [("csrf".to_owned(), page.value(&path, "csrf").unwrap()), ("decision".to_owned(), "unalign".to_owned())];
    browser.post(&path, &form, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_in_use_are_listed_with_how_often() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let mut nora = bed.animator().await;
    assert!(nora.get(PAGE).await.is(200).says("Aucun mot-clé n’est utilisé"));
    bed.publish(Kind::Structure, &[("name", "La Volière"), ("tags", "vélo, réemploi")]);
    other.publish(Kind::Exchange, &[&demand("Un atelier")[..], &[("tags", "Vélo")]].concat());
    other.publish(Kind::Structure, &[("name", "Les Secrets"), ("tags", "cachette"), ("audience", "network")]);
    bed.hears(&other);
    let page = nora.get(PAGE).await.is(200);
    let (velo, reemploi) = (page.body.find("#velo").unwrap(), page.body.find("#reemploi").unwrap());
    assert!(velo < reemploi && page.says("2 fiches") && page.says("1 fiche<"), "{}", page.body);
    assert!(!page.says("cachette"), "what never left its home is nowhere");
    let found = nora.get(&format!("{PAGE}?q=V%C3%A9l")).await.is(200);
    assert!(found.says("#velo") && !found.says("#reemploi"));
    assert!(nora.get(&format!("{PAGE}?q=zzz")).await.says("Aucun mot-clé ne contient"));
    for odd in ["?page=0", "?page=999", "?q=%22%3E", "?fait=x"] {
        nora.get(&format!("{PAGE}{odd}")).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aligned_word_is_found_under_its_concept_until_it_is_let_go() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let ours =
        bed.publish(Kind::Structure, &[("name", "La Volière"), ("tags", "maçon de métier"), ("audience", "network")]);
    other.publish(Kind::Structure, &[("name", "Les Truelles"), ("tags", "maçon de métier")]);
    bed.hears(&other);
    let (mut nora, mut visitor, mut marie) = (bed.animator().await, bed.browser(), bed.member("Marie").await);
    let list = "/structures?skill=masonry";
    assert!(visitor.get(list).await.is(200).says("0 résultat"));
    let page = align(&mut nora, "macon-de-metier", "skill/masonry").await.to("/reseau/mots?fait=rattache");
    assert_eq!(page.status, 303);
    let page = nora.get("/reseau/mots?fait=rattache").await.is(200);
    assert!(page.says("C’est rattaché") && page.says("rattaché à") && page.says("Changer"), "{}", page.body);
    let found = visitor.get(list).await.is(200);
    assert!(found.says(">Les Truelles</a>") && !found.says("La Volière"), "{}", found.body);
    assert!(marie.get(list).await.says(">La Volière</a>"), "what is kept here too");
    assert!(visitor.get("/structures?skill=building").await.says("Les Truelles"), "and what is above it");
    assert!(visitor.get("/recherche?q=ma%C3%A7onnerie").await.says("Les Truelles"));
    let tag = visitor.get("/tag/macon-de-metier").await.is(200);
    assert!(tag.says("/recherche?skill=masonry") && tag.says("rattaché à Compétence"), "{}", tag.body);
    // The records are as their authors wrote them.
    let own = bed.own(&ours).unwrap();
    assert!(own.record.body.skills().is_empty());
    unalign(&mut nora, "macon-de-metier").await.to("/reseau/mots?fait=detache");
    assert!(visitor.get(list).await.says("0 résultat"));
    assert!(!visitor.get("/tag/macon-de-metier").await.says("rattaché"));
    unalign(&mut nora, "macon-de-metier").await.is(303);
}

/// Whom a demand concerns is told by what people declared.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_more_because_a_word_is_aligned() {
    let bed = Bed::new().await;
    let structure = bed.publish(Kind::Structure, &[("name", "La Volière"), ("tags", "macon")]);
    let mut ali = bed.editor("Ali", &structure).await;
    let mut nora = bed.animator().await;
    align(&mut nora, "macon", "skill/masonry").await.is(303);
    let fields = [&demand("Un mur à monter")[..], &[("skills", "masonry")]].concat();
    bed.publish(Kind::Exchange, &fields);
    assert!(!ali.get("/mes-avis").await.is(200).says("Un mur à monter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn concepts_are_looked_for_by_their_words() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "La Volière"), ("tags", "maçonneries, zzz")]);
    let mut nora = bed.animator().await;
    let page = nora.get(&format!("{PAGE}/maconneries")).await.is(200);
    assert!(page.says(&concept("skill/masonry")), "the word itself, in the singular: {}", page.body);
    assert!(page.says("<optgroup label=\"Compétence\">"));
    let none = nora.get(&format!("{PAGE}/zzz")).await.is(200);
    assert!(none.says("Rien ne correspond à ces mots") && !none.says("<select id=\"f-concept\""));
    let all = nora.get(&format!("{PAGE}/zzz?q=")).await.is(200);
    for label in ["Thème", "Secteur", "Compétence"] {
        assert!(all.says(&format!("<optgroup label=\"{label}\">")), "{label}");
    }
    assert!(!all.says(&concept("legal-form/")), "only what says what something is about");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_team_aligns_and_only_to_what_there_is() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "La Volière"), ("tags", "velo")]);
    let mut nora = bed.animator().await;
    for bad in ["skill/zzz", "legal-form/scop", "", "theme/../x"] {
        let page = align(&mut nora, "velo", bad).await.is(422);
        assert!(page.says("Choisissez dans la liste") && page.says("aria-invalid"), "{bad}: {}", page.body);
    }
    for nothing in ["train", "Pas-un-mot", "%22"] {
        nora.get(&format!("{PAGE}/{nothing}")).await.is(404);
    }
    let csrf = nora.get(&format!("{PAGE}/velo?q=")).await.value(&format!("{PAGE}/velo"), "csrf").unwrap();
    let send = |csrf: &str, decision: &str| {
        [("csrf", csrf), ("decision", decision), ("concept", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    nora.post(&format!("{PAGE}/velo"), &send(&csrf, "x"), &[]).await.is(422);
    nora.post(&format!("{PAGE}/velo"), &send("x", "unalign"), &[]).await.is(403);
    nora.post(&format!("{PAGE}/train"), &send(&csrf, "unalign"), &[]).await.is(404);
    for path in [PAGE.to_owned(), format!("{PAGE}/velo")] {
        bed.browser().get(&path).await.is(401);
    }
    let mut marie = bed.member("Marie").await;
    marie.get(PAGE).await.is(403);
    marie.get(&format!("{PAGE}/velo")).await.is(403);
    assert!(bed.journal.store().read(aligned_tags::all).unwrap().is_empty());
}

//! The home page: what is new here, and what comes from the other networks, as the team chose it.

use crate::bed::{self, Bed, Browser, Elsewhere, demand};
use pes_domain::Kind;

const PAGE: &str = "/reseau/accueil";

/// A few records of another network.
fn elsewhere(bed: &Bed) -> Elsewhere {
    let other = bed.elsewhere();
    other.publish(
        Kind::Exchange,
        &[&demand("Un four lointain")[..], &[("place", "Nice (06088)"), ("themes", "commons")]].concat(),
    );
    other.publish(Kind::Article, &[("title", "Une nouvelle lointaine"), ("author", "Zoé")]);
    other.publish(Kind::Structure, &[("name", "Une structure lointaine"), ("site-commune", "Nice (06088)")]);
    let over = [("title", "Une fête passée"), ("occurrence-date", "2020-12-05"), ("organisers-label", "Zoé")];
    other.publish(Kind::Event, &over);
    bed.hears(&other);
    other
}

/// Ticks what is given, and nothing else.
async fn choose(nora: &mut Browser, choices: &[(&str, &str)]) -> bed::Page {
    let page = nora.get(PAGE).await.is(200);
    let mut form = vec![("csrf".to_owned(), page.value(PAGE, "csrf").unwrap())];
    form.extend(choices.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    nora.post(PAGE, &form, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn at_first_all_news_of_the_other_networks_is_shown() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let alone = visitor.get("/").await.is(200);
    assert!(!alone.says("Venu des autres réseaux") && alone.says("Rien n’est encore publié"));
    bed.demand("Un four d’ici");
    elsewhere(&bed);
    let page = visitor.get("/").await.is(200);
    let (here, there) = page.body.split_once("Venu des autres réseaux").unwrap();
    assert!(here.contains("Un four d") && !here.contains("lointain"));
    assert!(there.contains("Un four lointain") && there.contains("Une nouvelle lointaine"), "{there}");
    assert!(!there.contains("Une structure lointaine"), "a sheet is no news");
    assert!(!there.contains("Une fête passée"), "nor is what is over");
    assert!(!page.says("Choisir ce que montre cette partie"), "that is for the team");
    let mut nora = bed.animator().await;
    assert!(nora.get("/").await.says("Choisir ce que montre cette partie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_chooses_kinds_themes_and_territories_and_the_list_is_the_same() {
    let bed = Bed::new().await;
    elsewhere(&bed);
    bed.publish(Kind::Article, &[("title", "Une nouvelle d’ici"), ("author", "Zoé")]);
    let (mut nora, mut visitor) = (bed.animator().await, bed.browser());
    choose(&mut nora, &[("front-kinds", "article")]).await.to("/reseau?fait=accueil");
    assert!(nora.get("/reseau?fait=accueil").await.says("la page d’accueil montre maintenant"));
    let page = visitor.get("/").await.is(200);
    let there = page.body.split_once("Venu des autres réseaux").unwrap().1;
    assert!(there.contains("Une nouvelle lointaine") && !there.contains("Un four lointain"));
    // All of it is one click away, with the same choices.
    let all = "/recherche?ailleurs=on&kind=article&tri=recent";
    assert!(page.says(&format!("href=\"{all}\"")), "{there}");
    let list = visitor.get(all).await.is(200);
    assert!(list.says("1 résultat<") && list.says("Une nouvelle lointaine") && !list.says("Une nouvelle d’ici"));
    assert!(list.says("Seulement des autres réseaux"), "and the choice can be taken off");
    assert!(visitor.get("/recherche?kind=article").await.says("2 résultats"));
    // By theme and territory, whatever its kind.
    for (name, value, found) in [
        ("areas", "department:06", ["Un four lointain", "Une structure lointaine"]),
        ("areas", "Nice", ["Un four lointain", "Une structure lointaine"]),
        ("areas", "Métropole Nice Côte d'Azur", ["Un four lointain", "Une structure lointaine"]),
        ("areas", "region:93", ["Un four lointain", "Une structure lointaine"]),
    ] {
        let kinds = [("front-kinds", "exchange"), ("front-kinds", "structure"), ("front-kinds", "article")];
        choose(&mut nora, &[&kinds[..], &[(name, value)]].concat()).await.is(303);
        let page = visitor.get("/").await.is(200);
        let there = page.body.split_once("Venu des autres réseaux").unwrap().1;
        assert!(found.iter().all(|title| there.contains(title)), "{value}: {there}");
        assert!(!there.contains("Une nouvelle lointaine"), "{value}: it is nowhere");
        // What was chosen is there when one comes back, and stays when one saves again.
        let form = nora.get(PAGE).await.form(PAGE);
        nora.post(PAGE, &form, &[]).await.is(303);
        assert_eq!(bed.journal.front_page().unwrap().areas.len(), 1, "{value}");
    }
    for (theme, is_there) in [("commons", true), ("cohousing", false)] {
        choose(&mut nora, &[("front-kinds", "exchange"), ("themes", theme)]).await.is(303);
        assert_eq!(visitor.get("/").await.says("Un four lointain"), is_there, "{theme}");
    }
    choose(&mut nora, &[("front-kinds", "exchange"), ("areas", "department:75")]).await.is(303);
    assert!(visitor.get("/").await.says("Rien pour le moment, parmi ce que nous avons choisi"));
    choose(&mut nora, &[]).await.is(303);
    assert!(visitor.get("/").await.says("Rien pour le moment, parmi"), "no kind at all is nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_box_shows_nobody_what_is_not_for_them() {
    let bed = Bed::new().await;
    let other = elsewhere(&bed);
    other.publish(Kind::Article, &[("title", "Entre réseaux"), ("author", "Zoé"), ("audience", "affiliates")]);
    bed.hears(&other);
    assert!(!bed.browser().get("/").await.says("Entre réseaux"));
    assert!(!bed.citizen("Léo").await.get("/").await.says("Entre réseaux"));
    assert!(bed.member("Marie").await.get("/").await.says("Entre réseaux"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_is_none_is_told_and_nothing_is_lost() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let page = choose(&mut nora, &[("front-kinds", "article"), ("areas", "Nulle-Part-les-Bains")]).await.is(422);
    assert!(
        page.says("Nous ne connaissons pas cette commune") && page.says("value=\"Nulle-Part-les-Bains\""),
        "{}",
        page.body
    );
    assert!(page.says("value=\"article\" checked"));
    choose(&mut nora, &[("front-kinds", "person")]).await.is(422);
    choose(&mut nora, &[("themes", "x")]).await.is(422);
    assert_eq!(bed.journal.front_page().unwrap(), pes_domain::FrontPage::default());
    bed.browser().get(PAGE).await.is(401);
    bed.member("Marie").await.get(PAGE).await.is(403);
    nora.post(PAGE, &[("csrf".into(), "x".into())], &[]).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_networks_alone_is_a_choice_of_every_list_and_its_feeds() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    bed.demand("Un four d’ici");
    assert!(visitor.get("/annonces?ailleurs=on").await.is(200).says("0 résultat"), "there is no other");
    elsewhere(&bed);
    let page = visitor.get("/annonces?ailleurs=on").await.is(200);
    assert!(page.says("1 résultat<") && page.says("/annonces.atom?ailleurs=on"), "{}", page.body);
    let feed = visitor.get("/annonces.csv?ailleurs=on").await.is(200);
    assert!(feed.body.contains("Un four lointain") && !feed.body.contains("Un four d’ici"));
    let own = bed.origin().replace("://", "%3A%2F%2F").replace(':', "%3A");
    assert!(visitor.get(&format!("/annonces?ailleurs=on&reseau={own}")).await.says("0 résultat"));
    assert!(visitor.get("/annonces?ailleurs=on&reseau=https%3A%2F%2Failleurs.test").await.says("1 résultat<"));
}

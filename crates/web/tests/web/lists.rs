//! The lists: narrowed, page by page, empty, and without what the reader may not see.

use crate::bed::{self, Bed, demand};
use pes_domain::Kind;

/// Some exchanges that differ in all that lists are narrowed by.
fn market(bed: &Bed) {
    let rows = [
        ("offer", "service", "Cours de maçonnerie", "masonry", "Nice"),
        ("demand", "service", "Rénover une façade", "building", "Marseille 1er Arrondissement"),
        ("demand", "product", "Un four à pain", "", "Menton"),
    ];
    for (direction, kind, title, skill, place) in rows {
        let fields = [("direction", direction), ("type", kind), ("title", title), ("author", "Marie")];
        let more = [("skills", skill), ("place", place)];
        let given = more.into_iter().filter(|(_, value)| !value.is_empty());
        bed.publish(Kind::Exchange, &fields.into_iter().chain(given).collect::<Vec<_>>());
    }
}

/// The titles of the market's records that a page shows.
fn shown(page: &bed::Page) -> Vec<&'static str> {
    let all = ["Cours de maçonnerie", "Rénover une façade", "Un four à pain"];
    all.into_iter().filter(|title| page.says(title)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_narrows_and_several_narrow_together() {
    let bed = Bed::new().await;
    market(&bed);
    let mut visitor = bed.browser();
    let cases: [(&str, &[&str]); 8] = [
        ("", &["Cours de maçonnerie", "Rénover une façade", "Un four à pain"]),
        ("direction=demand", &["Rénover une façade", "Un four à pain"]),
        ("exchange-type=product", &["Un four à pain"]),
        ("skill=masonry", &["Cours de maçonnerie"]),
        ("skill=building", &["Cours de maçonnerie", "Rénover une façade"]),
        ("departement=06", &["Cours de maçonnerie", "Un four à pain"]),
        ("departement=06&direction=demand", &["Un four à pain"]),
        ("direction=offer&exchange-type=product", &[]),
    ];
    for (query, titles) in cases {
        let page = visitor.get(&format!("/annonces?{query}")).await.is(200);
        assert_eq!(shown(&page), titles, "{query}");
        let count = titles.len();
        let summary = if count < 2 { format!("{count} résultat") } else { format!("{count} résultats") };
        assert!(page.says(&format!("role=\"status\">{summary}<")), "{query}: {summary}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_stays_chosen_and_can_be_cleared() {
    let bed = Bed::new().await;
    market(&bed);
    let page = bed.browser().get("/annonces?direction=offer&departement=06").await.is(200);
    for (name, value) in [("direction", "offer"), ("departement", "06")] {
        let box_of = format!("name=\"{name}\" value=\"{value}\" checked>");
        assert!(page.body.contains(&box_of), "{name}");
    }
    assert!(page.says("Tout afficher"));
    assert!(!bed.browser().get("/annonces").await.says("Tout afficher"));
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_that_do_not_exist_narrow_nothing() {
    let bed = Bed::new().await;
    market(&bed);
    for query in ["direction=both", "skill=flying", "departement=%25", "reseau=https%3A%2F%2Fx.test", "nonsense=1"] {
        assert_eq!(shown(&bed.browser().get(&format!("/annonces?{query}")).await.is(200)).len(), 3, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_says_so_and_a_narrowed_one_advises() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    for path in ["/structures", "/annonces", "/emplois", "/appels"] {
        let page = visitor.get(path).await.is(200);
        assert!(page.says("Rien ici pour le moment.") && page.says("0 résultat"), "{path}");
        assert!(!page.body.contains("class=\"pager\""), "{path}");
    }
    assert!(visitor.get("/annonces?direction=offer").await.says("Essayez avec moins de critères."));
    assert!(visitor.get("/").await.is(200).says("Rien n’est encore publié."));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_is_in_its_own_list_and_counted_at_home() {
    let bed = Bed::new().await;
    bed.structure("L’Établi");
    bed.demand("Un local");
    bed.publish(Kind::Job, &[("title", "Menuisier"), ("contract", "cdi"), ("employer-label", "L’Autre")]);
    bed.publish(Kind::Call, &[("title", "Toits"), ("call-type", "group-purchase"), ("bearer-label", "Le Phare")]);
    let mut visitor = bed.browser();
    let lists =
        [("/structures", "L’Établi"), ("/annonces", "Un local"), ("/emplois", "Menuisier"), ("/appels", "Toits")];
    for (path, _) in lists {
        let page = visitor.get(path).await.is(200);
        for (other, title) in lists {
            assert_eq!(page.says(&format!(">{title}</a></h3>")), path == other, "{title} in {path}");
        }
    }
    let home = visitor.get("/").await;
    for count in ["1 structure", "1 annonce", "1 offre d’emploi", "1 appel"] {
        assert!(home.says(&format!(">{count}</a>")), "{count}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_has_pages_that_hold_every_record_once() {
    let bed = Bed::new().await;
    for number in 0..45 {
        bed.demand(&format!("Annonce n° {number:02}."));
    }
    let mut visitor = bed.browser();
    let (mut path, mut seen, mut sizes) = ("/annonces?direction=demand".to_owned(), Vec::new(), Vec::new());
    loop {
        let page = visitor.get(&path).await.is(200);
        let here: Vec<u32> = (0..45).filter(|number| page.says(&format!("Annonce n° {number:02}."))).collect();
        sizes.push(here.len());
        seen.extend(here);
        assert!(page.says("45 résultats"), "{path}");
        assert!(page.says(&format!("Page {} sur 3", sizes.len())), "{path}");
        let Some((_, next)) = page.body.split_once("rel=\"next\" href=\"") else { break };
        path = bed::browser::unescaped(next.split('"').next().unwrap());
        assert!(path.contains("direction=demand"), "the filter stays: {path}");
    }
    seen.sort_unstable();
    assert_eq!((sizes, seen), (vec![20, 20, 5], (0..45).collect()));
}

#[tokio::test(flavor = "multi_thread")]
async fn page_numbers_that_make_no_sense_harm_nobody() {
    let bed = Bed::new().await;
    bed.demand("Un local");
    for number in ["0", "-1", "x", "", "7", "99999999999999999999"] {
        let page = bed.browser().get(&format!("/annonces?page={number}")).await.is(200);
        assert!(page.says("Un local"), "page {number}");
    }
    bed.browser().get("/annonces?page=18446744073709551615").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_find_what_is_for_members_only_and_every_page_they_are_led_to_has_something() {
    let bed = Bed::new().await;
    for number in 0..20 {
        bed.demand(&format!("Annonce n° {number:02}."));
    }
    bed.publish(Kind::Exchange, &[&demand("Pour nous seuls")[..], &[("audience", "network")]].concat());
    let mut marie = bed.member("Marie").await;
    let page = marie.get("/annonces").await.is(200);
    assert!(page.says("21 résultats") && page.body.contains("rel=\"next\""));
    let second = marie.get("/annonces?page=2").await.is(200);
    assert_eq!(second.body.matches("<article class=\"card ").count(), 1);
    let both = format!("{}{}", page.body, second.body);
    assert_eq!(both.matches("Pour nous seuls").count(), 1);
    let visitor = bed.browser().get("/annonces").await.is(200);
    assert!(visitor.says("20 résultats") && !visitor.body.contains("rel=\"next\""), "nothing tells of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_other_networks_say_so_and_can_be_asked_for_alone() {
    let bed = Bed::new().await;
    bed.demand("D’ici");
    let other = bed.elsewhere();
    other.publish(Kind::Exchange, &demand("D’ailleurs"));
    bed.hears(&other);
    let mut visitor = bed.browser();
    let both = visitor.get("/annonces").await.is(200);
    assert!(both.says("D’ici") && both.says("D’ailleurs") && both.says("Par le réseau Réseau d’ailleurs"));
    let theirs = visitor.get("/annonces?reseau=https%3A%2F%2Failleurs.test").await.is(200);
    assert!(theirs.says(">D’ailleurs</a>") && !theirs.says(">D’ici</a>"));
    let home = visitor.get("/").await;
    assert!(home.says("Venu des autres réseaux") && home.says("Dans notre réseau"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_networks_keep_for_members_is_listed_for_members_only() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    other.publish(Kind::Exchange, &[&demand("Entre réseaux")[..], &[("audience", "affiliates")]].concat());
    other.publish(Kind::Exchange, &[&demand("Chez eux seuls")[..], &[("audience", "network")]].concat());
    bed.hears(&other);
    for (mut one, sees) in
        [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)]
    {
        let page = one.get("/annonces").await.is(200);
        assert_eq!(page.says("Entre réseaux"), sees);
        assert!(!page.says("Chez eux seuls"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_last_page_is_the_last_page() {
    let bed = Bed::new().await;
    (0..21).for_each(|number| drop(bed.demand(&format!("Annonce {number}"))));
    for number in ["2", "99", "100000"] {
        let page = bed.browser().get(&format!("/annonces?page={number}")).await.is(200);
        assert!(page.says("Page 2 sur 2") && page.body.matches("<h3>").count() == 1, "{number}: {}", page.body);
    }
    assert!(bed.browser().get("/emplois?page=99").await.is(200).says("Rien ici pour le moment."));
}

//! Lists on paper: what was asked, when and where, and all that was found, with what a link would lead to.

use crate::bed::{Bed, demand};
use pes_domain::Kind;

const SHEET: [(&str, &str); 13] = [
    ("name", "Le Fournil"),
    ("site-street", "3 rue Haute"),
    ("site-postcode", "06000"),
    ("site-commune", "Nice (06088)"),
    ("web", "https://fournil.example/"),
    ("skills", "masonry"),
    ("contact-medium", "phone"),
    ("contact-value", "04 65 71 00 01"),
    ("contact-audience", "public"),
    ("contact-medium", "email"),
    ("contact-value", "dedans@fournil.example"),
    ("contact-audience", "network"),
    ("tagline", "Du pain"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_booklet_has_all_that_is_found_with_how_it_is_reached() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &SHEET);
    for number in 0..25 {
        bed.publish(Kind::Structure, &[("name", &format!("Atelier {number}")), ("site-commune", "Menton (06083)")]);
    }
    let mut visitor = bed.browser();
    let list = visitor.get("/structures?departement=06").await.is(200);
    assert!(list.says("href=\"/structures/imprimer?departement=06\"") && list.says("Imprimer toute la liste"));
    assert!(
        list.says("<p class=\"printed small\">Réseau d’ici · ")
            && list.says(&format!("{}/structures?departement=06</p>", bed.origin())),
        "{}",
        list.body
    );
    let booklet = visitor.get("/structures/imprimer?departement=06").await.is(200);
    assert_eq!(booklet.body.matches("<article class=\"card").count(), 26, "no page is left out");
    assert!(booklet.says("<p class=\"lead\">Alpes-Maritimes (06)</p>"), "{}", booklet.body);
    assert!(
        booklet.says("3 rue Haute, 06000 Nice<br>04\u{202f}65\u{202f}71\u{202f}00\u{202f}01<br>fournil.example</p>"),
        "{}",
        booklet.body
    );
    assert!(
        booklet.says(&format!("{}/structures?departement=06</p>", bed.origin())) && booklet.body.contains("noindex")
    );
    assert!(!booklet.says("dedans@fournil.example"), "what is for members is on no visitor’s paper");
    let member = bed.member("Marie").await.get("/structures/imprimer?departement=06").await.is(200);
    assert!(member.says("dedans@fournil.example"), "and on a member’s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booklet_says_what_was_asked_of_any_list() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &SHEET);
    bed.publish(Kind::Exchange, &[&demand("Un four")[..], &[("skills", "masonry")]].concat());
    let mut visitor = bed.browser();
    let cases = [
        ("/annonces/imprimer?direction=demand&skill=masonry", &["Je recherche", "Maçonnerie", "Un four"][..]),
        ("/structures/imprimer?q=fournil&lieu=Nice&rayon=20", &["« fournil » · Nice, 20 km autour", "Le Fournil"]),
        ("/structures/imprimer?territoire=commune:06088", &["Nice", "Le Fournil"]),
        ("/recherche/imprimer", &["Un four", "Le Fournil", "2 résultats"]),
        ("/emplois/imprimer", &["0 résultat"]),
    ];
    for (path, words) in cases {
        let page = visitor.get(path).await.is(200);
        for word in words {
            assert!(page.says(word), "{path} lacks {word}: {}", page.body);
        }
    }
    visitor.get("/structures/imprimer?lieu=Saint-Aubin").await.is(422);
    let page = visitor.get("/structures/imprimer").await.is(200);
    assert!(page.says("href=\"/structures\"") && !page.says("tiennent ici"), "nothing is cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_marks_where_one_is() {
    let bed = Bed::new().await;
    let mut marie = bed.citizen("Marie").await;
    for (path, label) in [
        ("/structures", "Structures"),
        ("/agenda", "Agenda"),
        ("/ressources", "Ressources"),
        ("/mon-espace", "Mon espace"),
    ] {
        let page = marie.get(path).await.is(200);
        assert!(page.says(&format!("href=\"{path}\" aria-current=\"page\">{label}</a>")), "{path}: {}", page.body);
        let header = page.body.split("<main").next().unwrap();
        let all = page.body.matches("aria-current=\"page\"").count();
        assert!(all == 1 || header.matches("aria-current=\"page\"").count() == 1, "{path}");
    }
    let space = marie.get("/mon-espace").await.is(200);
    for slug in ["annonce", "emploi", "appel", "structure", "evenement", "actualite", "produit", "ressource"] {
        assert!(space.says(&format!("href=\"/nouveau/{slug}\"")), "a citizen may propose: {slug}");
    }
}

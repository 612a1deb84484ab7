//! Where things are: records without a place of their own, the one box for every kind of territory, and structures of which nobody said where.

use crate::bed::{Bed, Page, demand};
use pes_domain::{Kind, RecordIri};

/// How many a list says there are.
fn results(page: &Page) -> usize {
    let (_, rest) = page.body.split_once("role=\"status\">").unwrap_or_else(|| panic!("{}", page.body));
    rest.split(' ').next().unwrap().parse().unwrap()
}

/// A structure of Nice, and what it says without telling where.
fn nice(bed: &Bed) -> RecordIri {
    let phare = bed.publish(Kind::Structure, &[("name", "Le Phare"), ("site-commune", "Nice (06088)")]);
    let iri = phare.to_string();
    let voice = |field: &'static str, label: &'static str| [(field, iri.as_str()), (label, "Le Phare")];
    let article = [("title", "Le phare a dix ans"), ("author", "Zoé")];
    bed.publish(Kind::Article, &[&article[..], &voice("structure", "structure-label")].concat());
    let call = [("title", "Refaire un toit"), ("call-type", "call-for-tenders")];
    bed.publish(Kind::Call, &[&call[..], &voice("bearer", "bearer-label")].concat());
    bed.publish(Kind::Product, &[&[("title", "Lampes")][..], &voice("provider", "provider-label")].concat());
    let guide = [("title", "Guide du gardien"), ("document-kind", "guide"), ("author", "Zoé")];
    bed.publish(Kind::Document, &[&guide[..], &voice("structure", "structure-label")].concat());
    phare
}

const LISTS: [(&str, &str); 4] = [
    ("/actualites", "Le phare a dix ans"),
    ("/appels", "Refaire un toit"),
    ("/produits", "Lampes"),
    ("/ressources", "Guide du gardien"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_place_of_its_own_is_where_its_structure_is() {
    let bed = Bed::new().await;
    let phare = nice(&bed);
    let mut visitor = bed.browser();
    let territory = visitor.get("/territoire/commune/06088").await.is(200);
    for (list, title) in LISTS {
        for there in
            ["departement=06", "commune=06088", "territoire=department:06", "territoire=region:93", "lieu=Nice"]
        {
            let page = visitor.get(&format!("{list}?{there}")).await.is(200);
            assert!(page.says(&format!(">{title}</a>")), "{list}?{there}: {}", page.body);
        }
        for elsewhere in ["departement=13", "territoire=commune:06029"] {
            assert!(!visitor.get(&format!("{list}?{elsewhere}")).await.says(title), "{list}?{elsewhere}");
        }
        let far = visitor.get(&format!("{list}?lieu=Marseille")).await.is(200);
        assert!(
            far.says("Rien ne correspond à moins de 20 km de Marseille") && far.says(title),
            "{list}: {}",
            far.body
        );
        assert!(
            !visitor.get(&format!("{list}.atom?lieu=Marseille")).await.says(title),
            "who follows a place is told of it"
        );
        assert!(territory.says(&format!(">{title}</a>")), "{title}");
    }
    assert!(visitor.get("/recherche?kind=call&territoire=department:06").await.says("1 résultat<"));
    // The structure moves, and all it says moves with it.
    let mut own = bed.own(&phare).unwrap().record;
    if let pes_domain::Body::Structure(one) = &mut own.body {
        let lille = pes_domain::Gazetteer::embedded().commune("59350").map(pes_domain::place::Place::of);
        one.sites[0].place = lille;
    }
    own.modified += time::Duration::minutes(1);
    bed.journal.save(own, pes_store::own_records::Moderation::Published, None, time::UtcDateTime::now()).unwrap();
    for (list, title) in LISTS {
        assert!(!visitor.get(&format!("{list}?departement=06")).await.says(title), "{list}");
        assert!(visitor.get(&format!("{list}?departement=59")).await.says(title), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_where_it_counts_is_found_there_and_in_each_part_of_it() {
    let bed = Bed::new().await;
    let call = |title: &str, area: &str| {
        let fields =
            [("title", title), ("call-type", "call-for-tenders"), ("bearer-label", "Quelqu’un"), ("areas", area)];
        bed.publish(Kind::Call, &fields);
    };
    call("Un four pour le département", "department:06");
    call("Un four pour la région", "region:93");
    call("Un four pour Marseille", "commune:13055");
    let phare = nice(&bed).to_string();
    let news = [("title", "Toute la région"), ("author", "Zoé"), ("reach", "regional"), ("structure", phare.as_str())];
    bed.publish(Kind::Article, &[&news[..], &[("structure-label", "Le Phare")]].concat());
    let mut visitor = bed.browser();
    for (query, count) in [
        ("territoire=department:06&q=four", 2),
        ("territoire=commune:06088&q=four", 2),
        ("territoire=commune:13055&q=four", 2),
        ("territoire=region:93&q=four", 3),
        ("territoire=department:59&q=four", 0),
        ("departement=06&q=four", 1),
    ] {
        assert_eq!(results(&visitor.get(&format!("/appels?{query}")).await.is(200)), count, "{query}");
    }
    assert!(visitor.get("/actualites?territoire=commune:13055").await.says("Toute la région"));
    assert!(!visitor.get("/actualites?territoire=department:59").await.says("Toute la région"));
    assert!(visitor.get("/territoire/commune/06088").await.says("Un four pour le département"));
}

/// Where a structure is may be for members only: then what it says is there for members only.
#[tokio::test(flavor = "multi_thread")]
async fn a_lent_place_tells_nobody_more_than_the_structure_does() {
    let bed = Bed::new().await;
    let fields = [("name", "Le Phare"), ("site-commune", "Nice (06088)"), ("audience", "network")];
    let phare = bed.publish(Kind::Structure, &fields).to_string();
    let product = [("title", "Lampes"), ("provider", phare.as_str()), ("provider-label", "Le Phare")];
    bed.publish(Kind::Product, &product);
    for (mut one, sees) in
        [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)]
    {
        assert!(one.get("/produits").await.is(200).says(">Lampes</a>"));
        assert_eq!(one.get("/produits?departement=06").await.is(200).says(">Lampes</a>"), sees);
        assert_eq!(one.get("/produits?q=lampes%20nice").await.is(200).says("Nous cherchons ici : Nice"), sees);
        assert_eq!(one.get("/produits.geojson").await.is(200).body.contains("Lampes"), sees);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_box_takes_communes_and_all_larger_territories() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "Le Phare"), ("site-commune", "Nice (06088)")]);
    bed.publish(Kind::Structure, &[("name", "La Lanterne"), ("site-commune", "Menton (06083)")]);
    let acts = [("name", "L’Itinérante"), ("site-commune", "Marseille (13055)"), ("areas", "department:06")];
    bed.publish(Kind::Structure, &acts);
    let mut visitor = bed.browser();
    for (typed, stands, act) in [
        ("Nice&rayon=5", 1, 1),
        ("06", 2, 1),
        ("alpes-maritimes", 2, 1),
        ("PACA", 3, 1),
        ("M%C3%A9tropole%20Nice%20C%C3%B4te%20d%27Azur", 1, 1),
        ("Bouches-du-Rh%C3%B4ne", 1, 0),
    ] {
        let page = visitor.get(&format!("/structures?lieu={typed}")).await.is(200);
        assert_eq!(results(&page), stands, "{typed}: {}", page.body);
        assert!(page.says("qui y agissent"), "the choice stands beside it");
        let acting = visitor.get(&format!("/structures?lieu={typed}&portee=agit")).await.is(200);
        assert_eq!(results(&acting), act, "{typed}");
        assert!(acting.says("<option value=\"agit\" selected>"));
    }
    assert!(visitor.get("/structures").await.says("qui y agissent"), "also before one has typed");
    let typed = visitor.get("/structures?lieu=alpes%20maritimes").await.is(200);
    assert!(typed.says("name=\"lieu\" value=\"Alpes-Maritimes (06)\""), "{}", typed.body);
    // Several may be meant: one chooses, also without a script.
    let vienne = visitor.get("/structures?lieu=Vienne").await.is(200);
    assert!(vienne.says("Plusieurs lieux répondent à ce nom") && vienne.says("href=\"?lieu=Vienne%20%2886%29\""));
    assert!(vienne.says("Vienne (département)") && vienne.says("Vienne, Isère (38544)"), "{}", vienne.body);
    assert!(!visitor.get("/structures?lieu=Vienne%20%2886%29").await.says("Plusieurs lieux"));
    for (typed, kind) in [("alpes-m", "département"), ("proven", "région"), ("nice", "Nice, Alpes-Maritimes (06088)")]
    {
        let told = visitor.get(&format!("/territoire/suggestions?q={typed}")).await.is(200);
        assert!(told.says(kind), "{typed}: {}", told.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_structure_of_which_nobody_said_where_is_shown_so() {
    let bed = Bed::new().await;
    let lost = bed.structure("La Roulotte");
    let mut visitor = bed.browser();
    let one = visitor.get("/structures").await.is(200);
    assert!(one.says("<span>lieu non indiqué</span>") && one.says("1 n’est pas sur la carte"), "{}", one.body);
    assert!(visitor.get(&bed.page(&lost)).await.is(200).says("lieu non indiqué"));
    bed.structure("La Caravane");
    let placed = bed.publish(Kind::Structure, &[("name", "Le Phare"), ("site-commune", "Nice (06088)")]);
    assert!(visitor.get("/structures").await.says("2 ne sont pas sur la carte"));
    let there = visitor.get("/structures?q=phare").await.is(200);
    assert!(!there.says("lieu non indiqué") && !there.says("sur la carte :"), "{}", there.body);
    assert!(!visitor.get(&bed.page(&placed)).await.says("lieu non indiqué"));
    bed.publish(Kind::Exchange, &demand("Un local"));
    assert!(!visitor.get("/annonces").await.says("lieu non indiqué"), "what is not said of a place is not asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_where_nothing_is_is_shown_what_is_nearest() {
    let bed = Bed::new().await;
    for (name, commune) in [("Ressourcerie des Pins", "Antibes"), ("Ressourcerie du Port", "Nice (06088)")] {
        bed.publish(Kind::Structure, &[("name", name), ("site-commune", commune)]);
    }
    bed.publish(Kind::Structure, &[("name", "Les Galets"), ("site-commune", "Marseille 1er Arrondissement")]);
    let mut visitor = bed.browser();
    // A commune among the words; beside them, and too far.
    for (path, said) in [
        ("/structures?q=ressourcerie+marseille", "Rien ne correspond dans ce lieu : Marseille."),
        ("/structures?q=ressourcerie&lieu=Marseille", "Rien ne correspond à moins de 20 km de Marseille."),
        ("/structures?q=ressourcerie&lieu=Marseille&rayon=sans-limite", "Ressourcerie"),
    ] {
        let page = visitor.get(path).await.is(200);
        assert!(page.says(said) && !page.says("Les Galets"), "{path}: {}", page.body);
        let at = |name: &str| page.body.find(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{path}: {name}"));
        assert!(at("Ressourcerie des Pins") < at("Ressourcerie du Port"), "{path}: the nearest first");
        assert!(page.says("à 1") && page.says("km"), "{path}: with how far");
        let points = visitor.get(&path.replace("/structures?", "/structures.geojson?")).await.is(200);
        assert_eq!(points.body.matches("\"type\":\"Feature\"").count(), 2, "{path}: and on the map");
    }
    let unlimited = visitor.get("/structures?lieu=Marseille&rayon=sans-limite").await.is(200);
    assert!(unlimited.says("<option value=\"sans-limite\" selected>sans limite"));
    assert!(unlimited.says("au plus près de Marseille") && results(&unlimited) == 3, "{}", unlimited.body);
    // Nothing anywhere is nothing.
    let nothing = visitor.get("/structures?q=astronomie&lieu=Marseille").await.is(200);
    assert!(nothing.says("Rien ne correspond. Essayez"), "{}", nothing.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_says_where_it_is_is_told_the_commune() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let nice = visitor.get("/communes/proche?lat=43.70&lon=7.27").await.is(200);
    assert_eq!(nice.body, "{\"value\":\"Nice (06088)\"}");
    for nowhere in ["", "?lat=43.7", "?lat=91&lon=0", "?lat=NaN&lon=7", "?lat=a&lon=b", "?lat=1e400&lon=7"] {
        assert_eq!(visitor.get(&format!("/communes/proche{nowhere}")).await.is(200).body, "{}", "{nowhere}");
    }
    let page = visitor.get("/structures").await.is(200);
    assert!(page.says("class=\"nearby\" hidden"), "only where a script can ask");
}

//! The search: one box over every kind, with choices that say how much each would leave; suggestions and points for scripts.

use crate::bed::{self, Bed, Page, demand};
use pes_domain::Kind;
use pes_web::Tiles;
use time::{Duration, UtcDateTime};

/// How many records a choice would leave, as the page says it.
fn count(page: &Page, name: &str, value: &str) -> Option<usize> {
    let (_, rest) = page.body.split_once(&format!("name=\"{name}\" value=\"{value}\""))?;
    rest.split_once("class=\"count\">")?.1.split('<').next()?.parse().ok()
}

/// A few records of several kinds and places.
fn riviera(bed: &Bed) {
    let bakery = [("name", "Le Fournil"), ("skills", "masonry"), ("site-commune", "Nice (06088)")];
    bed.publish(Kind::Structure, &bakery);
    bed.publish(Kind::Structure, &[("name", "La Recyclerie"), ("site-commune", "Menton (06083)")]);
    bed.publish(Kind::Structure, &[("name", "Les Ateliers"), ("site-commune", "Marseille 1er Arrondissement")]);
    bed.publish(Kind::Exchange, &[&demand("Un four à pain")[..], &[("place", "Nice (06088)")]].concat());
    bed.publish(Kind::Article, &[("title", "Le fournil a dix ans"), ("author", "Zoé")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_box_finds_every_kind_and_says_how_many_of_each() {
    let bed = Bed::new().await;
    riviera(&bed);
    let mut visitor = bed.browser();
    let page = visitor.get("/recherche?q=fournil").await.is(200);
    assert!(
        page.says(">Le Fournil</a>") && page.says(">Le fournil a dix ans</a>") && page.says("2 résultats"),
        "{}",
        page.body
    );
    assert_eq!((count(&page, "kind", "structure"), count(&page, "kind", "article")), (Some(1), Some(1)));
    let narrowed = visitor.get("/recherche?q=fournil&kind=article").await.is(200);
    assert!(narrowed.says("1 résultat<") && !narrowed.says(">Le Fournil</a>"));
    assert_eq!(count(&narrowed, "kind", "structure"), Some(1), "what else could be chosen stays");
    let everything = visitor.get("/recherche").await.is(200);
    assert!(everything.says("5 résultats"));
    assert!(everything.body.contains("noindex"), "results are nobody’s page");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_understood_and_the_page_says_how() {
    let bed = Bed::new().await;
    riviera(&bed);
    let mut visitor = bed.browser();
    let place = visitor.get("/recherche?q=recyclerie%20menton").await.is(200);
    assert!(place.says(">La Recyclerie</a>") && place.says("Nous cherchons ici : Menton"), "{}", place.body);
    assert!(place.says("href=\"/recherche?q=recyclerie%20menton&mots=1\""));
    let typing_error = visitor.get("/recherche?q=recylcerie").await.is(200);
    assert!(typing_error.says(">La Recyclerie</a>") && typing_error.says("les fautes de frappe sont permises"));
    let any = visitor.get("/recherche?q=recyclerie%20zzzzzzzz").await.is(200);
    assert!(any.says(">La Recyclerie</a>") && any.says("au moins un"));
    let nothing = visitor.get("/recherche?q=zzzzzzzzzz").await.is(200);
    assert!(nothing.says("Rien ne correspond.") && nothing.says("0 résultat"));
    let mistyped = visitor.get("/recherche?q=recyclerie%20mentton&kind=structure").await.is(200);
    assert!(mistyped.says("Vouliez-vous dire Menton"), "{}", mistyped.body);
    assert!(mistyped.says("href=\"/recherche?kind=structure&q=recyclerie%20Menton\""));
    // A book, signs that mean something to a machine, nothing at all.
    for odd in ["%22%28%29%2B%2D%2A%7E%3A", "+++", &"mot%20".repeat(2_000)] {
        let page = visitor.get(&format!("/recherche?q={odd}")).await;
        assert_eq!(page.status, 200, "{}", &odd[..odd.len().min(30)]);
    }
    let quoted = visitor.get("/recherche?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await.is(200);
    assert!(!quoted.body.contains("<script>alert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_may_be_a_place_can_be_taken_as_one() {
    let bed = Bed::new().await;
    riviera(&bed);
    for (name, commune) in [("Le Pavé", "Sens (89387)"), ("Le Moulin", "Nice (06088)")] {
        bed.publish(
            Kind::Structure,
            &[("name", name), ("description", "Du sens, du travail."), ("site-commune", commune)],
        );
    }
    let mut visitor = bed.browser();
    let words = visitor.get("/structures?q=sens%20travail").await.is(200);
    assert!(words.says("2 résultats") && words.says("Chercher plutôt dans ce lieu : Sens"), "{}", words.body);
    let address = "/structures?q=travail&territoire=commune%3A89387";
    assert!(words.says(&format!("href=\"{address}\"")), "{}", words.body);
    let there = visitor.get(address).await.is(200);
    assert!(there.says("1 résultat<") && there.says(">Le Pavé</a>"), "{}", there.body);
    let said = visitor.get("/structures?q=travail%20%C3%A0%20Sens").await.is(200);
    assert!(
        said.says("1 résultat<")
            && said.says("Nous cherchons ici : Sens")
            && !said.says("Chercher plutôt dans ce lieu")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_looked_through_around_a_place() {
    let bed = Bed::new().await;
    riviera(&bed);
    let mut visitor = bed.browser();
    let near = visitor.get("/structures?lieu=Nice&rayon=50").await.is(200);
    assert!(near.says("2 résultats") && near.says("dans la commune"), "{}", near.body);
    let (nice, menton) = (near.body.find("Le Fournil").unwrap(), near.body.find("La Recyclerie").unwrap());
    assert!(nice < menton, "the nearest first");
    assert!(near.body.contains("value=\"Nice (06088)\"") && near.body.contains("<option value=\"50\" selected>"));
    assert!(visitor.get("/structures?lieu=Nice&rayon=5").await.says("1 résultat<"));
    let department = visitor.get("/structures?territoire=department:06").await.is(200);
    assert!(department.says("2 résultats") && department.says("Alpes-Maritimes"));
    assert!(department.says("qui y agissent"));
    assert!(visitor.get("/structures?territoire=department:06&portee=agit").await.says("0 résultat"));
    let lost = visitor.get("/structures?lieu=Nulle-Part").await.is(200);
    assert!(lost.says("Nous ne connaissons pas ce lieu.") && lost.says("3 résultats"));
    let several = visitor.get("/structures?lieu=Saint-Aubin").await.is(200);
    assert!(several.says("href=\"?lieu=Saint-Aubin%20%2802671%29\""), "one chooses among those of that name");
    let map = visitor.get("/structures?bbox=7.0,43.5,7.4,43.76").await.is(200);
    assert!(map.says("1 résultat<") && map.says(">Le Fournil</a>"));
    for odd in ["bbox=1,2", "rayon=-1", "territoire=planet:mars", "tri=x", "portee=x"] {
        assert!(visitor.get(&format!("/structures?{odd}")).await.is(200).says("3 résultats"), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concepts_open_what_is_below_them() {
    let bed = Bed::new().await;
    riviera(&bed);
    bed.publish(Kind::Structure, &[("name", "Le Toit"), ("skills", "electrical-work")]);
    let mut visitor = bed.browser();
    let page = visitor.get("/structures").await.is(200);
    assert_eq!(count(&page, "skill", "building"), None, "one choice that leaves all with a skill is none");
    let page = visitor.get("/structures?skill=building").await.is(200);
    assert!(page.says("2 résultats"));
    assert_eq!((count(&page, "skill", "building"), count(&page, "skill", "masonry")), (Some(2), Some(1)));
    assert!(visitor.get("/structures?skill=masonry&skill=electrical-work").await.says("2 résultats"), "either, or");
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_and_points_tell_nobody_more_than_the_list() {
    let bed = Bed::new().await;
    riviera(&bed);
    let hidden = [("name", "Le Fournil caché"), ("site-commune", "Nice (06088)"), ("audience", "network")];
    bed.publish(Kind::Structure, &hidden);
    for (mut one, sees) in
        [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)]
    {
        let suggestions = one.get("/recherche/suggestions?q=four").await.is(200);
        assert_eq!(suggestions.header("content-type"), Some("application/json"));
        assert!(suggestions.body.contains("\"Le Fournil\""), "{}", suggestions.body);
        let points = one.get("/structures.geojson").await.is(200);
        assert_eq!(points.header("content-type"), Some("application/geo+json"));
        let page = one.get("/recherche?q=fournil").await.is(200);
        for body in [&suggestions.body, &points.body, &page.body] {
            assert_eq!(body.contains("Le Fournil caché"), sees);
        }
        let features = points.body.matches("\"type\":\"Feature\"").count();
        assert_eq!(features, if sees { 4 } else { 3 }, "{}", points.body);
    }
    let mut visitor = bed.browser();
    let narrowed = visitor.get("/structures.geojson?departement=06").await.is(200);
    assert_eq!(narrowed.body.matches("\"type\":\"Feature\"").count(), 2, "the list’s filters");
    for odd in ["", "?q=", "?q=x&q=y"] {
        assert_eq!(visitor.get(&format!("/recherche/suggestions{odd}")).await.status, 200, "{odd}");
    }
    visitor.get("/appels.geojson").await.is(200);
    visitor.get("/reseau.geojson").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_s_parts_are_served_by_the_site_itself_and_kept() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let page = visitor.get("/structures").await.is(200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let mut parts = 0;
    for start in ["<script src=\"", "rel=\"stylesheet\" href=\"", "data-outline=\""] {
        for rest in page.body.split(start).skip(1) {
            let path = rest.split('"').next().unwrap();
            assert!(path.starts_with('/'), "{path}");
            let part = visitor.get(path).await.is(200);
            assert!(part.header("cache-control").unwrap().contains("immutable"), "{path}");
            parts += 1;
        }
    }
    assert_eq!(parts, 10);
    let light = visitor.get("/annonces").await.is(200);
    assert!(!light.body.contains("leaflet"), "where there is no map, there is no weight of one");
}

/// The choices of a page: name, value, and how many records each would leave.
fn choices(page: &Page) -> Vec<(String, String, usize)> {
    let read = |rest: &str| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        let (value, rest) = rest.split_once('"')?;
        let count = rest.split_once("class=\"count\">")?.1.split('<').next()?.parse().ok()?;
        Some((name.to_owned(), bed::browser::unescaped(value), count))
    };
    page.body.split("type=\"checkbox\" name=\"").skip(1).filter_map(read).collect()
}

/// How many results a page tells.
fn results(page: &Page) -> usize {
    let (_, rest) = page.body.split_once("role=\"status\">").unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

/// Some records of each kind, which differ in whatever they can be narrowed by.
fn a_bit_of_everything(bed: &Bed) {
    let places = ["Nice (06088)", "Menton (06083)", "Marseille 1er Arrondissement", "Gap (05061)"];
    let skills = ["masonry", "building", "electrical-work"];
    for (at, place) in places.into_iter().enumerate() {
        let skill = skills[at % skills.len()];
        let form = ["association", "cooperative"][at % 2];
        let name = format!("Structure {at}");
        bed.publish(
            Kind::Structure,
            &[("name", name.as_str()), ("site-commune", place), ("skills", skill), ("legal-form", form)],
        );
        let exchange =
            [("type", ["service", "product"][at % 2]), ("author", "Zoé"), ("skills", skill), ("place", place)];
        let direction = [("direction", ["offer", "demand"][at % 2]), ("title", name.as_str())];
        bed.publish(Kind::Exchange, &[&exchange[..], &direction].concat());
        let contract = ["cdi", "cdd"][at % 2];
        let job = [("title", name.as_str()), ("contract", contract), ("employer-label", "L’Établi"), ("place", place)];
        bed.publish(Kind::Job, &job);
        let sort = ["guide", "charter"][at % 2];
        bed.publish(Kind::Document, &[("title", name.as_str()), ("document-kind", sort), ("author", "Zoé")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_choice_leaves_as_many_records_as_it_says() {
    let bed = Bed::new().await;
    a_bit_of_everything(&bed);
    let other = bed.elsewhere();
    other.publish(Kind::Exchange, &demand("D’ailleurs"));
    other.publish(Kind::Structure, &[("name", "La Lointaine"), ("site-commune", "Lille (59350)")]);
    bed.hears(&other);
    let mut visitor = bed.browser();
    let mut tried = 0;
    for path in ["/recherche?", "/structures?", "/annonces?", "/emplois?", "/ressources?", "/annonces?direction=offer&"]
    {
        let page = visitor.get(path).await.is(200);
        // Within a facet choices add up: what else there is of a facet that is chosen already is counted without it.
        let is_other = |name: &str| !path.contains(&format!("{name}="));
        for (name, value, count) in choices(&page).into_iter().filter(|(name, ..)| is_other(name)) {
            let narrowed = visitor.get(&format!("{path}{name}={}", value.replace(':', "%3A"))).await.is(200);
            assert_eq!(results(&narrowed), count, "{path}{name}={value}");
            assert!(count > 0 && narrowed.body.contains(&format!("name=\"{name}\" value=\"")), "{path}{name}={value}");
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} choices were offered");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_chosen_and_kept() {
    let bed = Bed::new().await;
    for (name, commune) in [("Zèbre", "Nice (06088)"), ("Âne", "Menton (06083)"), ("Mouton", "Antibes (06004)")] {
        bed.publish(Kind::Structure, &[("name", name), ("site-commune", commune)]);
    }
    let mut visitor = bed.browser();
    let order = |page: &Page| {
        let mut all: Vec<(usize, &str)> =
            ["Zèbre", "Âne", "Mouton"].map(|name| (page.body.find(&format!(">{name}</a>")).unwrap(), name)).into();
        all.sort_unstable();
        all.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    let page = visitor.get("/structures").await.is(200);
    assert_eq!(order(&page), ["Âne", "Mouton", "Zèbre"], "an accent is no letter behind z");
    assert!(page.says("<option value=\"\" selected>nom") && !page.says("<option value=\"distance\""));
    // Who types a place into that form did not ask for the order of names.
    let as_it_stands = visitor.get("/structures?q=&lieu=Nice&rayon=100&tri=").await.is(200);
    assert_eq!(order(&as_it_stands), ["Zèbre", "Mouton", "Âne"]);
    assert!(as_it_stands.says("<option value=\"\" selected>distance") && as_it_stands.says("<option value=\"nom\">"));
    let near = visitor.get("/structures?lieu=Nice&rayon=100&tri=distance").await.is(200);
    assert_eq!(order(&near), ["Zèbre", "Mouton", "Âne"]);
    let by_name = visitor.get("/structures?lieu=Nice&rayon=100&tri=nom").await.is(200);
    assert_eq!(order(&by_name), ["Âne", "Mouton", "Zèbre"]);
    assert!(by_name.says("<option value=\"nom\" selected>") && by_name.says("<option value=\"distance\""));
}

/// A day so many days from now, as forms write it.
fn day(ahead: i64) -> String {
    pes_domain::draft::write_date((UtcDateTime::now() + Duration::days(ahead)).date())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_or_hidden_is_nowhere() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let hidden = other.publish(Kind::Structure, &[("name", "Le Fournil d’ailleurs"), ("site-commune", "Nice (06088)")]);
    bed.hears(&other);
    bed.publish(Kind::Structure, &[("name", "Le Fournil"), ("site-commune", "Nice (06088)")]);
    let over = day(-3);
    bed.publish(Kind::Exchange, &[&demand("Un fournil à louer")[..], &[("expires", over.as_str())]].concat());
    let mut visitor = bed.browser();
    let page = visitor.get("/recherche?q=fournil").await.is(200);
    assert!(page.says("2 résultats") && !page.says("à louer"), "{}", page.body);
    assert!(visitor.get("/annonces").await.says("0 résultat"));
    assert!(!visitor.get("/recherche/suggestions?q=fournil").await.body.contains("à louer"));
    let mut nora = bed.animator().await;
    let sheet = nora.get(&bed.page(&hidden)).await.is(200);
    nora.send(&sheet, "/reseau/masquer", &[("reason", "Un doublon"), ("decision", "hide")])
        .await
        .to(&bed.page(&hidden));
    let page = visitor.get("/recherche?q=fournil").await.is(200);
    assert!(page.says("1 résultat<") && !page.says("d’ailleurs"));
    for path in
        ["/structures", "/structures.geojson", "/structures.csv", "/structures.atom", "/territoire/commune/06088"]
    {
        let answer = visitor.get(path).await.is(200);
        assert!(answer.says("Le Fournil") && !answer.says("Le Fournil d’ailleurs"), "{path}");
    }
    let sheet = nora.get(&bed.page(&hidden)).await.is(200);
    nora.send(&sheet, "/reseau/masquer", &[("decision", "show")]).await.to(&bed.page(&hidden));
    assert!(visitor.get("/recherche?q=fournil").await.says("2 résultats"), "shown again, it is found again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_is_narrowed_by_the_same_words() {
    let bed = Bed::new().await;
    let event = |title: &str, place: &str, date: &str| {
        let fields =
            [("title", title), ("organisers-label", "La Volière"), ("occurrence-date", date), ("place", place)];
        bed.publish(Kind::Event, &fields);
    };
    event("Bal des oiseaux", "Nice (06088)", "2031-05-06");
    event("Atelier de réparation", "Menton (06083)", "2031-05-06");
    event("Atelier lointain", "Lille (59350)", "2031-05-07");
    event("Atelier d’automne", "Nice (06088)", "2031-10-07");
    let mut visitor = bed.browser();
    let all = ["Bal des oiseaux", "Atelier de réparation", "Atelier lointain", "Atelier d’automne"];
    let kept = visitor.get("/agenda?q=ateliers&mois=2031-05").await.is(200);
    assert!(kept.says("href=\"/agenda?q=ateliers&mois=2031-06\""), "the next month is narrowed alike");
    let cases: [(&str, &[usize]); 6] = [
        ("mois=2031-05", &[0, 1, 2]),
        ("mois=2031-05&q=ateliers", &[1, 2]),
        ("mois=2031-05&lieu=Nice&rayon=50", &[0, 1]),
        ("mois=2031-05&departement=59", &[2]),
        ("mois=2031-10", &[3]),
        ("mois=2031-11", &[]),
    ];
    for (query, expected) in cases {
        let page = visitor.get(&format!("/agenda?{query}")).await.is(200);
        let shown: Vec<usize> = (0..all.len()).filter(|at| page.says(&format!(">{}</a>", all[*at]))).collect();
        assert_eq!(shown, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_asks_for_its_list_s_points_and_gets_tiles_where_the_operator_says() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let page = visitor.get("/structures?departement=06&page=2&tri=nom&bbox=6,43,8,44").await.is(200);
    assert!(
        page.says("data-points=\"/structures.geojson?departement=06\""),
        "what is around the map is there too: {}",
        page.body
    );
    assert!(page.says("data-tiles=\"\"") && page.says("Contours : IGN"));
    assert!(page.says("name=\"bbox\" value=\"6,43,8,44\""), "the part of the map stays chosen");
    let own = page.header("content-security-policy").unwrap().to_owned();
    assert!(!own.contains("http"), "nothing from elsewhere: {own}");
    let tiles = Tiles { url: "https://tuiles.example.org/{z}/{x}/{y}.png".into(), attribution: "© La Carte".into() };
    let bed = Bed::with_tiles(tiles).await;
    let mut visitor = bed.browser();
    let page = visitor.get("/structures").await.is(200);
    assert!(page.says("data-tiles=\"https://tuiles.example.org/{z}/{x}/{y}.png\"") && page.says("© La Carte"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("img-src 'self' data: https://tuiles.example.org;"), "{policy}");
    let light = visitor.get("/annonces").await.is(200);
    assert_eq!(
        light.header("content-security-policy"),
        Some(own.as_str()),
        "where there is no map, there are no tiles"
    );
}

/// A number below a limit, of a generator that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// Whatever an address asks, it is answered: with no more than there is, the same in each form, and never with what is not for the visitor.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_address_asks_it_is_answered() {
    let bed = Bed::new().await;
    a_bit_of_everything(&bed);
    bed.publish(Kind::Structure, &[("name", "Canari"), ("site-commune", "Nice (06088)"), ("audience", "network")]);
    let (mut visitor, mut dice) = (bed.browser(), Dice(23));
    let parts = [
        ("q", &["structure", "nice", "strcture%202", "%E2%80%99", "a", "%22", "canari", "06000"] as &[&str]),
        ("lieu", &["Nice", "06000", "Saint-Aubin", "Atlantis", "%20"]),
        ("rayon", &["5", "100", "0", "x"]),
        ("tri", &["nom", "distance", "pertinence", "recent", "date", "x"]),
        ("skill", &["building", "masonry", "x", ""]),
        ("departement", &["06", "13", "2A", "999"]),
        ("territoire", &["region:93", "epci:200030195", "commune:06088", "x:y", "region:"]),
        ("portee", &["agit", ""]),
        ("bbox", &["6,43,8,44", "8,44,6,43", "179,-10,-179,10", "x"]),
        ("mots", &["1"]),
        ("page", &["1", "2", "0", "9999"]),
        ("kind", &["structure", "exchange", "planet"]),
        ("inconnu", &["%F0%9F%A6%86"]),
    ];
    for step in 0..150 {
        let path = dice.one_of(&["/recherche", "/structures", "/annonces", "/emplois"]);
        let count = dice.below(5);
        let query: Vec<String> = (0..count)
            .map(|_| {
                let (name, values) = parts[dice.below(parts.len())];
                format!("{name}={}", dice.one_of(values))
            })
            .collect();
        let query = query.join("&");
        let page = visitor.get(&format!("{path}?{query}")).await;
        assert_eq!(page.status, 200, "{path}?{query}");
        let cards = page.body.matches("<article class=\"card ").count();
        assert!(cards <= results(&page) && results(&page) <= 16, "{path}?{query}");
        assert!(!page.says(">Canari</a>"), "{path}?{query}");
        if step % 5 == 0 {
            let csv = visitor.get(&format!("{path}.csv?{query}")).await;
            // A table cannot say that there is no such commune.
            assert_eq!(csv.status == 400, page.body.contains("id=\"lieu-erreur\""), "{path}.csv?{query}");
            if csv.status == 400 {
                continue;
            }
            assert_eq!(csv.body.matches("\r\n").count(), results(&page) + 1, "{path}.csv?{query}");
        }
    }
}

/// What a stranger tried, and what a user stumbled over.
#[tokio::test(flavor = "multi_thread")]
async fn oddities_are_answered_with_sense() {
    let bed = Bed::new().await;
    riviera(&bed);
    let mut visitor = bed.browser();
    let unread = visitor.get("/recherche?q=%F0%9F%98%80").await.is(200);
    assert!(unread.says("Nous n’avons reconnu aucun mot"), "{}", unread.body);
    let both = visitor.get("/recherche?q=recylcerie%20zzzzzz").await.is(200);
    assert!(both.says("au moins un") && !both.says("les fautes de frappe sont permises"), "one note says it");
    // A department beside a territory would widen it.
    let nice = visitor.get("/structures?territoire=commune:06088&departement=13").await.is(200);
    assert!(nice.says("1 résultat<") && count(&nice, "departement", "13").is_none());
    for path in ["/structures.csv", "/structures.atom", "/structures.geojson"] {
        assert_eq!(
            visitor.get(&format!("{path}?lieu=Atlantis")).await.status,
            400,
            "{path}: everything would be a lie"
        );
    }
    let many = "territoire=commune:06088&".repeat(400);
    let page = visitor.get(&format!("/structures?{many}")).await.is(200);
    assert_eq!(page.body.matches("name=\"territoire\"").count(), 1, "twice is once");
    assert!(page.body.len() < 50_000, "{} bytes", page.body.len());
    let head = visitor.request("HEAD", "/structures", &[], b"").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""), "HEAD is GET without its body");
    assert_eq!(visitor.request("HEAD", "/rien", &[], b"").await.status, 404);
}

/// Where only the commune is known, its centre stands for it, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_centre_of_a_commune_is_no_address() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "Quelque part"), ("site-commune", "Nice (06088)")]);
    let exact = [("site-latitude", "43.69512"), ("site-longitude", "7.27034")];
    let exact = [&[("name", "Ici"), ("site-commune", "Nice (06088)")][..], &exact].concat();
    let exact = bed.publish(Kind::Structure, &exact);
    let mut visitor = bed.browser();
    let points = visitor.get("/structures.geojson").await.is(200).body;
    assert_eq!((points.matches("\"estimated\":true").count(), points.matches("\"estimated\":false").count()), (1, 1));
    assert!(points.contains("[7.27034,43.69512]"), "{points}");
    let page = visitor.get(&bed.page(&exact)).await.is(200);
    assert!(
        page.body.contains("GeoCoordinates") && !page.body.contains("\"postalCode\":\"06"),
        "Nice has several postcodes"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_goes_back_and_ahead_as_far_as_makes_sense() {
    let bed = Bed::new().await;
    let event = |title: &str, date: &str, more: &[(&str, &str)]| {
        let fields = [("title", title), ("organisers-label", "La Volière"), ("occurrence-date", date)];
        bed.publish(Kind::Event, &[&fields[..], &[("place", "Nice (06088)")], more].concat())
    };
    event("Bal d’antan", "2020-05-06", &[]);
    event("Atelier", "2026-12-01", &[("repeats", "weekly")]);
    event("Bal de mai", "2031-05-06", &[]);
    let mut visitor = bed.browser();
    assert!(visitor.get("/agenda?mois=2020-05").await.is(200).says("Bal d’antan"), "a month that is over is told too");
    let far = visitor.get("/agenda?mois=9998-12").await.is(200);
    assert!(!far.says("rel=\"next\"") && far.says("Atelier"), "ten years ahead are enough");
    let understood = visitor.get("/agenda?mois=2031-05&q=bal%20nice").await.is(200);
    assert!(understood.says("Bal de mai") && understood.says("Nous cherchons ici : Nice"), "{}", understood.body);
    bed.journal.delete(&event("Ponctuel", "2030-02-03", &[]), None, UtcDateTime::now()).unwrap();
    let territory = visitor.get("/territoire/commune/06088").await.is(200);
    let (_, rest) = territory.body.split_once("href=\"/agenda?").unwrap();
    let path = bed::browser::unescaped(&format!("/agenda?{}", rest.split('"').next().unwrap()));
    assert!(visitor.get(&path).await.is(200).says("Atelier"), "{path}: the month in which there is something");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_communes_are_choices_with_counts() {
    let bed = Bed::new().await;
    let place = ("site-commune", "Nice (06088)");
    bed.publish(Kind::Structure, &[("name", "Le Fournil"), ("tags", "pain, vélo"), place]);
    bed.publish(Kind::Structure, &[("name", "Les Rayons"), ("tags", "vélo"), ("site-commune", "Menton (06083)")]);
    bed.publish(Kind::Structure, &[("name", "Le Mur"), place]);
    let mut visitor = bed.browser();
    let page = visitor.get("/structures").await.is(200);
    assert_eq!((count(&page, "tag", "velo"), count(&page, "tag", "pain")), (Some(2), Some(1)), "{}", page.body);
    assert_eq!((count(&page, "commune", "06088"), count(&page, "commune", "06083")), (Some(2), Some(1)));
    assert!(page.says("Mot-clé") && page.says("#velo"));
    let page = visitor.get("/structures?tag=velo&commune=06088").await.is(200);
    assert!(page.says("1 résultat<") && page.says(">Le Fournil</a>"));
    assert_eq!(count(&page, "commune", "06083"), Some(1), "what else could be chosen stays");
    assert!(page.says("/structures.csv?commune=06088&tag=velo"), "and the feeds have the same: {}", page.body);
    let feed = visitor.get("/structures.csv?tag=velo&commune=06088").await.is(200);
    assert!(feed.body.contains("Le Fournil") && !feed.body.contains("Le Mur"));
    // What is no word and no commune narrows nothing.
    for odd in ["tag=Pas+un+mot", "tag=", "commune=99999", "commune=x"] {
        assert!(visitor.get(&format!("/structures?{odd}")).await.is(200).says("3 résultats"), "{odd}");
    }
    assert!(visitor.get("/structures?tag=inconnu").await.says("0 résultat"));
    let area = visitor.get("/structures?territoire=department:06&commune=06088").await.is(200);
    assert!(area.says("3 résultats"), "a territory is one choice: {}", area.body);
}

/// A record that was published so many days ago.
fn published(bed: &Bed, title: &str, days: i64) {
    let (then, iri) =
        (UtcDateTime::now() - Duration::days(days), pes_domain::RecordIri::mint(bed.origin(), Kind::Exchange));
    let record =
        pes_domain::Record::raise(Kind::Exchange, (iri, then), &bed::draft(&demand(title)), then, &bed::rules());
    bed.journal.save(record.unwrap(), pes_store::own_records::Moderation::Published, None, then).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fresh_is_a_choice() {
    let bed = Bed::new().await;
    for (title, days) in [("Un four", 2), ("Un chariot", 20), ("Une scie", 200), ("Un tour", 500)] {
        published(&bed, title, days);
    }
    let mut visitor = bed.browser();
    let page = visitor.get("/annonces").await.is(200);
    let counts = ["semaine", "mois", "annee"].map(|name| count(&page, "depuis", name));
    assert_eq!(counts, [Some(1), Some(2), Some(3)], "{}", page.body);
    let page = visitor.get("/annonces?depuis=mois").await.is(200);
    assert!(page.says("2 résultats") && page.says("value=\"mois\" checked") && page.says("/annonces.atom?depuis=mois"));
    assert_eq!(count(&page, "depuis", "annee"), Some(3), "what else could be chosen stays");
    assert!(!page.says("name=\"du\""), "days are for events");
    let feed = visitor.get("/annonces.csv?depuis=semaine").await.is(200);
    assert!(feed.body.contains("Un four") && !feed.body.contains("Un chariot"));
    assert!(visitor.get("/annonces?depuis=siecle").await.says("4 résultats"));
    let everything = visitor.get("/recherche?depuis=mois").await.is(200);
    assert!(everything.says("2 résultats") && everything.says("Publié ou à venir"), "{}", everything.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_narrowed_to_days() {
    let bed = Bed::new().await;
    let today = pes_words::dates::in_france(UtcDateTime::now()).date();
    for (title, days) in [("La fête", 0), ("Le chantier", 40), ("Le banquet", 45)] {
        let date = pes_domain::draft::write_date(today + Duration::days(days));
        bed.publish(Kind::Event, &[("title", title), ("occurrence-date", &date), ("organisers-label", "Zoé")]);
    }
    let mut visitor = bed.browser();
    let day = |days: i64| pes_domain::draft::write_date(today + Duration::days(days));
    let page = visitor.get("/agenda?quand=aujourdhui").await.is(200);
    assert!(page.says("La fête") && !page.says("Le chantier"), "{}", page.body);
    assert_eq!(count(&page, "quand", "aujourdhui"), Some(1));
    assert!(page.says("/agenda.ics?quand=aujourdhui"));
    let page = visitor.get(&format!("/agenda?du={}&au={}&mois=2020-01", day(30), day(42))).await.is(200);
    assert!(page.says("Le chantier") && !page.says("Le banquet") && !page.says("La fête"), "{}", page.body);
    assert!(page.says(&format!("name=\"du\" value=\"{}\"", day(30))), "what was typed is kept");
    let page = visitor.get(&format!("/agenda?du={}", day(1))).await.is(200);
    assert!(page.says("Le chantier") && page.says("Le banquet") && !page.says("La fête"), "of several months");
    assert!(
        !page.says(&format!("mois={}", &day(1)[..7])) || !page.body.contains("&du="),
        "another month is another choice"
    );
    let feed = visitor.get(&format!("/agenda.ics?du={}&au={}", day(30), day(42))).await.is(200);
    assert!(feed.body.contains("Le chantier") && !feed.body.contains("La fête"));
    let wrong = visitor.get("/agenda?du=demain").await.is(200);
    assert!(wrong.says("Ces dates ne se comprennent pas") && wrong.says("value=\"demain\""), "{}", wrong.body);
    visitor.get("/agenda.ics?du=demain").await.is(400);
    visitor.get("/agenda?du=0001-01-01&au=9999-12-31").await.is(200);
    visitor.get("/agenda?du=9999-12-31").await.is(200);
}

//! Lists for other programs: news, tables, calendars; and what search engines read. Each tells what its page tells, and nothing else.

use crate::bed::browser::{plain, unescaped};
use crate::bed::{Bed, Browser, Page, demand};
use pes_domain::Kind;
use serde_json::Value;
use time::{Duration, UtcDateTime};

const FORMS: [(&str, &str); 2] = [(".atom", "application/atom+xml"), (".csv", "text/csv")];

/// A day so many days from now, as forms write it.
fn day(ahead: i64) -> String {
    pes_domain::draft::write_date((UtcDateTime::now() + Duration::days(ahead)).date())
}

/// The lines of a table, without its mark.
fn rows(page: &Page) -> Vec<&str> {
    page.body.trim_start_matches('\u{feff}').lines().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_list_is_given_in_each_form_with_its_filters() {
    let bed = Bed::new().await;
    bed.demand("Un local & un four");
    bed.publish(Kind::Exchange, &[("direction", "offer"), ("type", "service"), ("title", "Cours"), ("author", "Zoé")]);
    let mut visitor = bed.browser();
    let paths = [
        "/recherche",
        "/structures",
        "/annonces",
        "/emplois",
        "/appels",
        "/actualites",
        "/produits",
        "/ressources",
        "/agenda",
    ];
    for path in paths {
        let page = visitor.get(path).await.is(200);
        for (ending, media_type) in FORMS {
            assert!(page.says(&format!("href=\"{path}{ending}\"")), "{path} names {ending}");
            let feed = visitor.get(&format!("{path}{ending}")).await.is(200);
            assert!(feed.header("content-type").unwrap().starts_with(media_type), "{path}{ending}");
        }
    }
    let narrowed = visitor.get("/annonces?direction=demand").await.is(200);
    assert!(narrowed.says("href=\"/annonces.atom?direction=demand\""));
    for (ending, _) in FORMS {
        let feed = visitor.get(&format!("/annonces{ending}?direction=demand")).await.is(200);
        assert!(feed.says("Un local & un four") && !feed.body.contains("Cours"), "{}", feed.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_are_called_by_their_records_names() {
    let bed = Bed::new().await;
    let iri = bed.demand("Un local <b>sec</b>");
    let other = bed.elsewhere();
    let theirs = other.publish(Kind::Exchange, &demand("D’ailleurs"));
    bed.hears(&other);
    let feed = bed.browser().get("/annonces.atom").await.is(200);
    for (iri, network) in [(&iri, "Réseau d’ici"), (&theirs, "Réseau d’ailleurs")] {
        assert!(feed.body.contains(&format!("<id>{iri}</id>")), "{}", feed.body);
        assert!(feed.says(&format!("<name>{network}</name>")));
        assert!(feed.says(&format!("href=\"{}{}\"", bed.origin(), bed.page(iri))));
    }
    assert!(feed.body.contains("Un local &lt;b&gt;sec&lt;/b&gt;"), "no markup gets through");
    assert!(feed.body.contains(&format!("href=\"{}/annonces.atom\" rel=\"self\"", bed.origin())), "{}", feed.body);
    let empty = bed.browser().get("/emplois.atom").await.is(200);
    assert!(!empty.body.contains("<entry>") && empty.body.contains("<updated>1970-01-01T00:00:00+00:00</updated>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_a_line_for_each_record() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "=1+1"), ("tagline", "Le \"phare\""), ("site-commune", "Nice (06088)")]);
    bed.structure("L’Établi");
    let page = bed.browser().get("/structures.csv").await.is(200);
    assert_eq!(page.header("content-disposition"), Some("attachment; filename=\"structures.csv\""));
    assert!(page.body.starts_with('\u{feff}'), "spreadsheets see that it is UTF-8");
    let rows = rows(&page);
    assert_eq!(rows.len(), 3);
    let nice = rows.iter().find(|row| row.contains("Nice")).unwrap();
    assert!(
        nice.contains("\"'=1+1\"") && nice.contains("\"Le \"\"phare\"\"\"") && nice.contains("\"06088\""),
        "{nice}"
    );
    assert!(rows[0].starts_with("\"Titre\";\"Sigle\";\"Nature\";"), "{}", rows[0]);
    assert!(rows.iter().all(|row| row.matches("\";\"").count() == 22), "twenty-three cells each");
}

/// The cell of a table's first line below this head.
fn cell(page: &Page, head: &str) -> String {
    let cells =
        |row: &str| -> Vec<String> { row.split("\";\"").map(|cell| cell.trim_matches('"').to_owned()).collect() };
    let rows = rows(page);
    let at = cells(rows[0]).iter().position(|one| one == head).unwrap_or_else(|| panic!("no {head}: {}", rows[0]));
    cells(rows[1])[at].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_what_a_directory_and_an_agenda_are_made_for() {
    let bed = Bed::new().await;
    let sheet = [
        ("name", "Le Fournil"),
        ("legal-form", "association"),
        ("categories", "reuse-shop"),
        ("sectors", "food"),
        ("site-street", "3 rue Haute ; au fond"),
        ("site-postcode", "29200"),
        ("site-commune", "Brest (29019)"),
        ("web", "https://fournil.example/"),
        ("contact-medium", "phone"),
        ("contact-value", "04 65 71 00 01"),
        ("contact-audience", "public"),
        ("contact-medium", "email"),
        ("contact-value", "dedans@fournil.example"),
        ("contact-audience", "network"),
    ];
    bed.publish(Kind::Structure, &sheet);
    let begins = day(9);
    let event = [
        ("title", "Bal"),
        ("organisers-label", "La Volière"),
        ("occurrence-date", &begins),
        ("occurrence-time", "18:00"),
        ("occurrence-end-time", "20:30"),
        ("place", "Nice (06088)"),
        ("venue", "Salle des fêtes"),
    ];
    bed.publish(Kind::Event, &event);
    let mut visitor = bed.browser();
    let table = visitor.get("/structures.csv").await.is(200);
    let expected = [
        ("Titre", "Le Fournil"),
        ("Forme juridique", "Association"),
        ("Catégories", "Ressourcerie"),
        ("Secteurs d’activité", "Alimentation"),
        ("Adresse", "3 rue Haute ; au fond"),
        ("Code postal", "29200"),
        ("Commune", "Brest"),
        ("Téléphone", "04\u{202f}65\u{202f}71\u{202f}00\u{202f}01"),
        ("Courriel", ""),
        ("Site web", "https://fournil.example/"),
    ];
    for (head, value) in expected {
        assert_eq!(cell(&table, head), value, "{head}: {}", table.body);
    }
    assert!(cell(&table, "Longitude").starts_with("-4,"), "no apostrophe before a number: {}", table.body);
    let members = bed.member("Marie").await.get("/structures.csv").await.is(200);
    assert_eq!(cell(&members, "Courriel"), "dedans@fournil.example", "each reader what is for them");
    let agenda = visitor.get("/agenda.csv").await.is(200);
    let at = |hour: &str| format!("{begins} {hour}");
    assert_eq!((cell(&agenda, "Début"), cell(&agenda, "Fin")), (at("18:00"), at("20:30")));
    assert_eq!((cell(&agenda, "Lieu").as_str(), cell(&agenda, "Commune").as_str()), ("Salle des fêtes", "Nice"));
    let all = visitor.get("/recherche.csv").await.is(200);
    assert!(rows(&all)[0].contains("\"Début\"") && rows(&all)[0].contains("\"Forme juridique\""), "the search has all");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_is_given_as_points_too() {
    let bed = Bed::new().await;
    let begins = day(9);
    let event = |title: &str, audience: &str| {
        let fields = [
            ("title", title),
            ("organisers-label", "La Volière"),
            ("occurrence-date", &begins),
            ("place", "Nice (06088)"),
        ];
        bed.publish(Kind::Event, &[&fields[..], &[("audience", audience)]].concat())
    };
    event("Bal", "public");
    event("Entre nous", "network");
    let mut visitor = bed.browser();
    let page = visitor.get("/agenda").await.is(200);
    assert!(page.says("href=\"/agenda.geojson\""), "{}", page.body);
    let points: Value = serde_json::from_str(&visitor.get("/agenda.geojson").await.is(200).body).unwrap();
    assert_eq!(points["numberMatched"], 1, "{points}");
    assert_eq!(points.pointer("/features/0/properties/name").and_then(Value::as_str), Some("Bal"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_has_each_time_of_each_event() {
    let bed = Bed::new().await;
    let weekly = [("occurrence-time", "18:00"), ("occurrence-end-time", "20:00"), ("repeats", "weekly")];
    let (begins, until) = (day(2), day(2 + 15));
    let event = |title: &str, more: &[(&str, &str)]| {
        let fields = [("title", title), ("organisers-label", "La Volière"), ("occurrence-date", &begins)];
        bed.publish(Kind::Event, &[&fields[..], more].concat())
    };
    event("Atelier", &[&weekly[..], &[("repeats-until", until.as_str())]].concat());
    event("Fête", &[("place", "Nice (06088)"), ("venue", "Le Phare"), ("event-state", "cancelled")]);
    event("Entre nous", &[("audience", "network")]);
    event("Bal", &[("event-state", "postponed")]);
    let calendar = bed.browser().get("/agenda.ics").await.is(200);
    assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
    let unfolded = plain(&calendar.body.replace("\r\n ", ""));
    assert!(unfolded.starts_with("BEGIN:VCALENDAR\r\n") && unfolded.ends_with("END:VCALENDAR\r\n"), "{unfolded}");
    assert_eq!(unfolded.matches("SUMMARY:Atelier\r\n").count(), 3, "each week: {unfolded}");
    assert!(unfolded.contains("SUMMARY:Fête\r\n") && unfolded.contains("STATUS:CANCELLED\r\n"), "{unfolded}");
    assert!(unfolded.contains("LOCATION:Le Phare\\, Nice\r\n"), "{unfolded}");
    assert!(!unfolded.contains("Entre nous"));
    let uids: std::collections::BTreeSet<&str> = unfolded.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids.len(), 5, "no two are called the same");
    assert!(unfolded.contains("SUMMARY:Reporté : Bal\r\n") && unfolded.contains("STATUS:TENTATIVE\r\n"), "{unfolded}");
    assert!(calendar.body.lines().all(|line| line.len() <= 76), "lines are folded");
    assert!(bed.member("Marie").await.get("/agenda.ics").await.says("SUMMARY:Entre nous"));
    bed.browser().get("/annonces.ics").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_tell_readers_what_their_list_tells_them() {
    let bed = Bed::new().await;
    bed.publish(Kind::Exchange, &[&demand("Canari")[..], &[("audience", "network")]].concat());
    let readers = [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)];
    for (mut one, sees) in readers {
        for path in ["/annonces.atom", "/annonces.csv", "/recherche.atom", "/recherche.csv?q=canari"] {
            assert_eq!(one.get(path).await.is(200).says("Canari"), sees, "{path}");
        }
        assert!(!one.get("/sitemap.xml").await.is(200).body.contains("/id/exchange/"), "for everybody only");
    }
}

/// The title of a feed.
async fn title(browser: &mut Browser, path: &str) -> String {
    let feed = browser.get(path).await.is(200).body;
    let (_, rest) = feed.split_once("<title>").unwrap();
    plain(&unescaped(rest.split("</title>").next().unwrap()))
}

/// Whoever follows two feeds of one list tells them apart by their names.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_called_by_what_narrows_it() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    for (path, expected) in [
        ("/annonces.atom", "Annonces – Réseau d’ici"),
        ("/annonces.atom?tri=nom&page=2&direction=", "Annonces – Réseau d’ici"),
        ("/annonces.atom?direction=demand&q=pain", "Annonces : « pain », Je recherche – Réseau d’ici"),
        ("/structures.atom?lieu=Nice&rayon=50", "Structures : Nice, 50 km autour – Réseau d’ici"),
        ("/structures.atom?departement=06", "Structures : Alpes-Maritimes (06) – Réseau d’ici"),
        ("/structures.atom?territoire=commune:06088", "Structures : Nice – Réseau d’ici"),
        (
            "/structures.atom?territoire=commune:06088&portee=agit",
            "Structures : Nice, les structures qui y agissent – Réseau d’ici",
        ),
        ("/structures.atom?bbox=6,43,8,45", "Structures : partie de la carte – Réseau d’ici"),
        ("/annonces.atom?depuis=mois&tag=four", "Annonces : #four, depuis un mois – Réseau d’ici"),
        ("/agenda.atom?du=2026-12-24&au=2026-12-31", "Agenda : du 24 décembre 2026 au 31 décembre 2026 – Réseau d’ici"),
        ("/agenda.atom?du=2026-12-24", "Agenda : à partir du 24 décembre 2026 – Réseau d’ici"),
        (
            "/agenda.atom?quand=semaine&ailleurs=on",
            "Agenda : Seulement des autres réseaux, d’ici à dimanche – Réseau d’ici",
        ),
        ("/recherche.atom?kind=job", "Recherche : Offre d’emploi – Réseau d’ici"),
    ] {
        assert_eq!(title(&mut visitor, path).await, expected, "{path}");
    }
    let feed = visitor.get("/annonces.atom?direction=demand").await.is(200);
    assert!(feed.says(&format!("<id>{}/annonces.atom?direction=demand</id>", bed.origin())), "{}", feed.body);
    let calendar = visitor.get("/agenda.ics?du=2026-12-24").await.is(200);
    assert!(
        plain(&calendar.body.replace("\r\n ", "")).contains("Agenda : à partir du 24 décembre 2026"),
        "{}",
        calendar.body
    );
    let many = (1..=19).map(|number| format!("departement={number:02}&")).collect::<String>();
    assert!(title(&mut visitor, &format!("/structures.atom?{many}")).await.contains(", … – Réseau d’ici"));
}

/// Nobody reads a page of forms in a feed: what is wrong is said in a line, and nothing is given in place of what was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_filter_makes_no_sense_is_told_which_and_what_it_may_be() {
    let bed = Bed::new().await;
    bed.structure("Le Phare");
    let mut visitor = bed.browser();
    for (path, field, value, expected) in [
        ("/structures.csv?lieu=nullepart", "lieu", "nullepart", "« Nice (06088) »"),
        ("/structures.atom?lieu=Saint-Aubin", "lieu", "Saint-Aubin", "« Nice (06088) »"),
        ("/structures.geojson?lieu=nullepart", "lieu", "nullepart", "« Nice (06088) »"),
        ("/agenda.ics?du=demain", "du", "demain", "« 2026-12-24 »"),
        ("/agenda.atom?du=2026-12-24&au=2026-12-01", "au", "2026-12-01", "« 2026-12-24 »"),
        ("/agenda.csv?au=%3Cb%3E", "au", "<b>", "« 2026-12-24 »"),
    ] {
        let answer = visitor.get(path).await.is(400);
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"), "{path}");
        let told = format!("Le paramètre « {field} » de cette adresse n’a pas été compris ; il vaut « {value} ». ");
        let said = plain(&answer.body);
        assert!(said.starts_with(&told) && said.contains(expected), "{path}: {said}");
        assert!(answer.body.lines().count() == 1 && !answer.body.contains("Phare"), "{path}: {}", answer.body);
    }
    let told = plain(&visitor.get("/structures.csv?lieu=nullepart").await.body);
    for taken in ["commune", "code postal", "intercommunalité", "département", "région"] {
        assert!(told.contains(taken), "{taken}: {told}");
    }
    for place in ["Nice", "Nice%20(06088)", "Var", "Occitanie"] {
        assert!(told.contains(&format!("« {} »", place.replace("%20", " "))), "{place}: {told}");
        visitor.get(&format!("/structures.csv?lieu={place}")).await.is(200);
    }
    let spaced = visitor.get("/structures.csv?lieu=Saint-Aubin").await.body;
    assert!(
        spaced.contains("compris\u{202f}; il vaut «\u{202f}Saint-Aubin\u{202f}»"),
        "no line is broken there: {spaced}"
    );
    let long = visitor.get(&format!("/structures.csv?lieu={}", "x".repeat(3_000))).await.is(400);
    assert!(long.body.len() < 500, "what was asked is not sent back whole");
}

/// Fields of a form with what is typed, or places in a document with what stands there.
type Pairs<'a> = &'a [(&'a str, &'a str)];

/// What search engines read on a page.
fn schema(page: &Page) -> Option<Value> {
    let (_, rest) = page.body.split_once("<script type=\"application/ld+json\">")?;
    Some(serde_json::from_str(rest.split("</script>").next()?).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn search_engines_read_what_everybody_sees() {
    let bed = Bed::new().await;
    let begins = day(9);
    let cases: [(Kind, Pairs<'_>, &str, Pairs<'_>); 7] = [
        (
            Kind::Call,
            &[
                ("title", "Des tables"),
                ("call-type", "call-for-tenders"),
                ("bearer-label", "L’Établi"),
                ("areas", "department:06"),
            ],
            "Demand",
            &[("/@reverse/seeks/name", "L’Établi"), ("/areaServed", "Alpes-Maritimes")],
        ),
        (
            Kind::Structure,
            &[("name", "Le </script> Phare"), ("site-commune", "Nice (06088)")],
            "Organization",
            &[("/location/0/address/addressLocality", "Nice")],
        ),
        (Kind::Exchange, &demand("Un local"), "Demand", &[("/name", "Un local")]),
        (
            Kind::Job,
            &[("title", "Menuisier"), ("contract", "cdi"), ("employer-label", "L’Établi")],
            "JobPosting",
            &[("/title", "Menuisier"), ("/hiringOrganization/name", "L’Établi")],
        ),
        (Kind::Article, &[("title", "Dix ans"), ("author", "Zoé")], "NewsArticle", &[("/headline", "Dix ans")]),
        (
            Kind::Product,
            &[("title", "Du pain"), ("provider-label", "L’Établi")],
            "Product",
            &[("/brand/name", "L’Établi")],
        ),
        (
            Kind::Event,
            &[
                ("title", "Bal"),
                ("organisers-label", "L’Établi"),
                ("occurrence-date", &begins),
                ("event-state", "cancelled"),
            ],
            "Event",
            &[("/eventStatus", "https://schema.org/EventCancelled"), ("/organizer/0/name", "L’Établi")],
        ),
    ];
    let mut visitor = bed.browser();
    for (kind, fields, sort, expected) in cases {
        let iri = bed.publish(kind, fields);
        let page = visitor.get(&bed.page(&iri)).await.is(200);
        let thing = schema(&page).unwrap_or_else(|| panic!("{kind:?} tells nothing: {}", page.body));
        assert_eq!((thing["@type"].as_str(), thing["@id"].as_str()), (Some(sort), Some(iri.to_string().as_str())));
        for (at, value) in expected {
            assert_eq!(thing.pointer(at).and_then(Value::as_str), Some(*value), "{kind:?} {at}: {thing}");
        }
        assert!(page.says(&format!("property=\"og:url\" content=\"{iri}\"")));
        assert!(visitor.get("/sitemap.xml").await.body.contains(&format!("<loc>{iri}</loc>")));
    }
    let inner = bed.publish(Kind::Article, &[("title", "Entre nous"), ("author", "Zoé"), ("audience", "network")]);
    let page = bed.member("Marie").await.get(&bed.page(&inner)).await.is(200);
    assert!(schema(&page).is_none(), "what is for members is in no search engine’s words");
    assert!(visitor.get("/robots.txt").await.body.contains(&format!("Sitemap: {}/sitemap.xml", bed.origin())));
}

#[tokio::test(flavor = "multi_thread")]
async fn search_engines_read_how_a_structure_is_reached_as_far_as_everybody_does() {
    let bed = Bed::new().await;
    let sheet = [
        ("name", "Le Fournil"),
        ("site-street", "3 rue Haute"),
        ("site-postcode", "06300"),
        ("site-commune", "Nice (06088)"),
        ("site-hours", "Le samedi, de 9 h à 12 h"),
        ("web", "https://fournil.example/"),
        ("contact-medium", "phone"),
        ("contact-value", "04 65 71 00 01"),
        ("contact-audience", "public"),
        ("contact-medium", "email"),
        ("contact-value", "dedans@fournil.example"),
        ("contact-audience", "network"),
    ];
    let iri = bed.publish(Kind::Structure, &sheet);
    for mut reader in [bed.browser(), bed.member("Marie").await] {
        let thing = schema(&reader.get(&bed.page(&iri)).await.is(200)).unwrap();
        let text = |at: &str| thing.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        assert_eq!(text("/address/streetAddress"), "3 rue Haute", "{thing}");
        assert_eq!(text("/location/0/address/postalCode"), "06300");
        assert_eq!(text("/location/0/openingHoursSpecification/description"), "Le samedi, de 9 h à 12 h");
        assert_eq!((text("/telephone"), text("/sameAs")), ("+33465710001".into(), "https://fournil.example/".into()));
        assert!(thing.get("email").is_none(), "a member’s page tells them no more: {thing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn search_engines_find_words_and_territories_that_have_something() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let here = |path: &str| format!("<loc>{}{path}</loc>", bed.origin());
    assert!(!visitor.get("/sitemap.xml").await.is(200).body.contains("/territoire/"), "nothing is anywhere yet");
    bed.publish(Kind::Structure, &[("name", "Le Fournil"), ("site-commune", "Nice (06088)"), ("tags", "pain")]);
    let inner =
        [("name", "Entre nous"), ("site-commune", "Brest (29019)"), ("audience", "network"), ("tags", "secret")];
    bed.publish(Kind::Structure, &inner);
    let sitemap = visitor.get("/sitemap.xml").await.is(200);
    for path in ["/territoire/commune/06088", "/territoire/department/06", "/territoire/region/93"] {
        assert!(sitemap.body.contains(&here(path)), "{path}: {}", sitemap.body);
        visitor.get(path).await.is(200);
    }
    assert!(
        !sitemap.body.contains("29019") && !bed.member("Marie").await.get("/sitemap.xml").await.body.contains("29019")
    );
    let word = visitor.get("/tag/pain").await.is(200);
    assert!(word.says(&format!("property=\"og:url\" content=\"{}/tag/pain\"", bed.origin())), "{}", word.body);
    assert!(word.says("property=\"og:title\" content=\"#pain\""));
    for nobodys in ["/tag/secret", "/tag/rien"] {
        assert!(visitor.get(nobodys).await.is(200).body.contains("noindex"), "{nobodys}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn search_engines_read_times_places_and_ends_as_they_are() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    let begins = day(9);
    let fields = [
        ("title", "Marché"),
        ("organisers-label", "La Volière"),
        ("occurrence-date", begins.as_str()),
        ("occurrence-time", "09:00"),
        ("occurrence-end-time", "12:30"),
        ("repeats", "weekly"),
        ("place", "Nice (06088)"),
        ("venue", "Le Phare"),
        ("event-state", "postponed"),
    ];
    let market = bed.publish(Kind::Event, &fields);
    let thing = schema(&visitor.get(&bed.page(&market)).await.is(200)).unwrap();
    let text = |at: &str| thing.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert!(text("/startDate").ends_with("T09:00") && text("/endDate").ends_with("T12:30"), "{thing}");
    assert_eq!(text("/eventStatus"), "https://schema.org/EventPostponed");
    assert_eq!((text("/location/name"), text("/location/address/addressLocality")), ("Le Phare".into(), "Nice".into()));
    assert!(thing["subEvent"].as_array().unwrap().len() > 10, "each week");
    let until = day(20);
    let offer =
        [("direction", "offer"), ("type", "service"), ("title", "Cours"), ("author", "Zoé"), ("expires", &until)];
    let offer = bed.publish(Kind::Exchange, &offer);
    let thing = schema(&visitor.get(&bed.page(&offer)).await.is(200)).unwrap();
    assert_eq!(thing["@type"], "Offer");
    assert!(thing["availabilityEnds"].is_string() && thing["datePublished"].is_string(), "{thing}");
    let over =
        [("direction", "offer"), ("type", "service"), ("title", "Fini"), ("author", "Zoé"), ("expires", &day(-3))];
    let over = bed.publish(Kind::Exchange, &over);
    assert_eq!(visitor.get(&bed.page(&over)).await.status, 404);
    assert!(!visitor.get("/sitemap.xml").await.body.contains(&over.to_string()), "what is over is not to be found");
}

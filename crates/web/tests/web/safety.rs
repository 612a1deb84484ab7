//! What every answer keeps to: its headers, no scripts but our own, nothing from other hosts, no markup that was typed, no oddity that
//! brings it down.

use crate::bed::browser::encoded;
use crate::bed::{self, Bed, Browser, Page, demand};
use pes_domain::Kind;

const HEADERS: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

fn assert_guarded(path: &str, page: &Page) {
    for (name, value) in HEADERS {
        assert_eq!(page.header(name), Some(value), "{path}: {}", page.head);
    }
    assert!(page.header("permissions-policy").unwrap().contains("geolocation=(self)"), "{path}");
    assert_eq!(page.header("server"), None, "{path}");
}

/// A node with something of everything, and the paths of all its pages.
async fn everything(bed: &Bed) -> Vec<String> {
    let structure =
        [("name", "L’Établi"), ("web", "https://etabli.example"), ("site-commune", "Nice"), ("tags", "vélo")];
    let job = [("title", "Menuisier"), ("contract", "cdi"), ("employer-label", "L’Établi")];
    let call = [("title", "Toits"), ("call-type", "group-purchase"), ("bearer-label", "Le Phare")];
    let person = [("given-name", "Nora"), ("audience", "public")];
    let records = [
        bed.publish(Kind::Structure, &structure),
        bed.demand("Cherche local"),
        bed.publish(Kind::Job, &job),
        bed.publish(Kind::Call, &call),
        bed.publish(Kind::Person, &person),
    ];
    let other = bed.elsewhere();
    let foreign = other.publish(Kind::Exchange, &demand("D’ailleurs"));
    bed.hears(&other);
    let fixed = "/ /recherche?q=local /structures /agenda /territoire/commune/06088 /annonces /emplois /appels /connexion /inscription /mon-espace /mes-avis /reseau \
                 /nouveau/annonce /nouveau/emploi /nouveau/appel /nouveau/structure /nouveau/personne \
                 /code/skill /code/sector /code/legal-form /tag/velo /absent";
    let ways = ["", "/modifier", "/supprimer"];
    let own = records.iter().flat_map(|iri| ways.map(|way| format!("{}{way}", bed.page(iri))));
    let more = [format!("{}/repondre", bed.page(&records[1])), format!("{}/rejoindre", bed.page(&records[0]))];
    fixed.split_whitespace().map(str::to_owned).chain(own).chain(more).chain([bed.page(&foreign)]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_guarded_light_and_all_our_own() {
    let bed = Bed::new().await;
    let paths = everything(&bed).await;
    let mut nora = bed.animator().await;
    for path in &paths {
        let page = nora.get(path).await;
        assert_eq!(page.status, if path == "/absent" { 404 } else { 200 }, "{path}");
        assert_guarded(path, &page);
        assert_no_scripts(path, &page.body);
        assert_own_addresses(path, &page.body, bed.origin());
        assert!(page.body.len() <= 150_000, "{path}: {} bytes", page.body.len());
        assert_eq!(page.header("cache-control"), Some("private, no-cache"), "{path}");
        assert!(page.body.starts_with("<!DOCTYPE html>\n<html lang=\"fr\">"), "{path}");
    }
}

/// A page without the elements that name our own scripts, and without those that hold data: no browser runs those, and no policy lets it.
fn without_ours(body: &str) -> String {
    let ours = ["<script src=\"/assets/", "<script type=\"application/ld+json\">"];
    ours.into_iter().fold(body.to_owned(), |body, ours| body.replace(ours, ""))
}

fn assert_no_scripts(path: &str, body: &str) {
    let body = &without_ours(body);
    for forbidden in ["<script", "<style", " style=\"", "javascript:", "<iframe", "<object", "<embed", "<base"] {
        assert!(!body.contains(forbidden), "{path}: {forbidden}");
    }
    for (at, _) in body.match_indices(" on") {
        let word: String = body[at + 1..].chars().take_while(char::is_ascii_alphabetic).collect();
        let is_handler = body[at + 1 + word.len()..].starts_with("=\"");
        assert!(!is_handler, "{path}: {word}");
    }
}

/// What a browser loads or sends by itself is on this node; links may lead elsewhere.
fn assert_own_addresses(path: &str, body: &str, origin: &str) {
    for mark in ["src=\"", "action=\""] {
        for value in body.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(value.starts_with('/') && !value.starts_with("//"), "{path}: {mark}{value}");
        }
    }
    for tag in body.split("<link ").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let is_own = tag.contains("href=\"/") || tag.contains(&format!("href=\"{origin}/"));
        assert!(is_own || tag.starts_with("rel=\"canonical\""), "{path}: {tag}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_answer_is_guarded_too() {
    let bed = Bed::new().await;
    let structure = bed.structure("L’Établi");
    let mut visitor = bed.browser();
    let style = visitor.get("/").await.body.split("/style-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for (path, status) in [
        (format!("/style-{style}"), 200),
        ("/icon.svg".into(), 200),
        ("/favicon.ico".into(), 200),
        ("/robots.txt".into(), 200),
        ("/ns".into(), 200),
        ("/.well-known/pes".into(), 200),
        ("/mon-espace".into(), 401),
        ("/log/affiliates/1/0".into(), 401),
        (format!("{}/modifier", bed.page(&structure)), 401),
    ] {
        let answer = visitor.get(&path).await;
        assert!(answer.status == status || path.starts_with("/log"), "{path}: {}", answer.status);
        assert_guarded(&path, &answer);
    }
    let turtle = visitor.get_as(&bed.page(&structure), "text/turtle").await.is(200);
    assert_guarded("turtle", &turtle);
    assert_guarded("403", &visitor.post("/inscription", &[], &[]).await.is(403));
    assert_guarded("a strange method", &visitor.request("BREW", "/", &[], b"").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn https_is_demanded_where_there_is_https() {
    let secure = Bed::at(Some("https://ici.test")).await;
    assert_eq!(secure.browser().get("/").await.header("strict-transport-security"), Some("max-age=31536000"));
    assert_eq!(Bed::new().await.browser().get("/").await.header("strict-transport-security"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_list_and_a_long_text_stay_light() {
    let bed = Bed::new().await;
    let text = "Un long texte. ".repeat(660);
    for number in 0..21 {
        let title = format!("{number} {}", "é".repeat(140));
        bed.publish(Kind::Exchange, &[&demand(&title)[..], &[("description", &text)]].concat());
    }
    let iri = bed.publish(Kind::Exchange, &[&demand("Long")[..], &[("description", &text)]].concat());
    let mut nora = bed.animator().await;
    for path in ["/annonces".to_owned(), "/".into(), bed.page(&iri), format!("{}/modifier", bed.page(&iri))] {
        let page = nora.get(&path).await.is(200);
        assert!(page.body.len() <= 150_000, "{path}: {} bytes", page.body.len());
    }
}

const NASTY: &str = "<script>alert(1)</script> \"><img src=x onerror=alert('x')> & {{title}} `";

#[tokio::test(flavor = "multi_thread")]
async fn markup_that_was_typed_is_shown_as_it_was_typed() {
    let bed = Bed::new().await;
    let fields = [("description", NASTY), ("author", NASTY), ("tags", NASTY)];
    let iri = bed.publish(Kind::Exchange, &[&demand(NASTY)[..1], &demand(NASTY)[1..3], &fields].concat());
    let structure = bed.publish(Kind::Structure, &[("name", NASTY), ("tagline", NASTY), ("description", NASTY)]);
    let mut nora = bed.animator().await;
    let (page, sheet) = (bed.page(&iri), bed.page(&structure));
    for path in
        ["/", "/annonces", "/structures", &page, &format!("{page}/modifier"), &format!("{page}/repondre"), &sheet]
    {
        let shown = nora.get(path).await.is(200);
        assert!(shown.says(NASTY) || path == "/", "{path}: {}", shown.body);
        assert!(!without_ours(&shown.body).contains("<script") && !shown.body.contains("<img src=x"), "{path}");
    }
    let edit = format!("{page}/modifier");
    assert_eq!(nora.get(&edit).await.value(&edit, "title").as_deref(), Some(NASTY));
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_a_form_that_comes_back_and_in_an_address_is_escaped() {
    let bed = Bed::new().await;
    let fields = [("name", NASTY), ("email", NASTY), ("password", "x")];
    let page = bed.browser().fill("/inscription", &fields).await.is(422);
    assert_eq!(page.value("/inscription", "name").as_deref(), Some(NASTY));
    assert!(!without_ours(&page.body).contains("<script"));
    for path in
        ["/recherche?q=", "/structures?lieu=", "/annonces?direction=", "/annonces?page=", "/tag/", "/reponses/", "/"]
    {
        let shown = bed.browser().get(&format!("{path}{}", encoded(NASTY))).await;
        assert!(!without_ours(&shown.body).contains("<script") && !shown.body.contains("<img src=x"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newline_in_a_title_is_refused_or_harmless() {
    let bed = Bed::new().await;
    let title = "Local\r\nSet-Cookie: a=b\r\n\r\n<p>";
    let mut nora = bed.animator().await;
    let sent = nora.fill("/nouveau/annonce", &demand(title)).await;
    assert!(!sent.head.to_lowercase().contains("set-cookie: a=b"), "{}", sent.head);
    if let Some(next) = sent.header("location").map(str::to_owned) {
        let page = nora.get(&next).await.is(200);
        assert!(!page.head.contains("a=b") && !page.body.contains("<p></h1>"), "{}", page.head);
    } else {
        assert_eq!(sent.status, 422);
    }
}

const ODD: [&str; 18] = [
    "/id/x/y",
    "/id/structure/y",
    "/id/structure/00000000-0000-0000-0000-000000000000",
    "/id/%2e%2e/%2e%2e",
    "/id/structure/%ff%fe",
    "/id/structure/%00",
    "/id/structure/%",
    "/id/structure/x/modifier",
    "/chez/%ff/x/y",
    "/chez/a@b:99999/exchange/x",
    "/nouveau/%F0%9F%9A%B2",
    "/../etc/passwd",
    "//evil.example/",
    "/code/skill/%ff",
    "/tag/%ff",
    "/sans-mails/x/%ff",
    "/reponses/%ff",
    "/style-x.css/..",
];

#[tokio::test(flavor = "multi_thread")]
async fn odd_paths_are_absent_and_never_a_failure_of_ours() {
    let bed = Bed::new().await;
    let long = format!("/id/structure/{}", "x".repeat(8_000));
    let mut nora = bed.animator().await;
    for path in ODD.into_iter().chain([long.as_str()]) {
        let page = nora.get(path).await;
        assert!(matches!(page.status, 400 | 404), "{path}: {}", page.status);
        assert!(!page.body.contains("evil.example"), "{path}");
    }
    for query in ["?%ff", "?a=%ff", "?=&&=", "?skill=%F0%9F%9A%B2", "?direction=offer&direction=demand"] {
        let page = nora.get(&format!("/annonces{query}")).await;
        assert!(matches!(page.status, 200 | 400), "{query}: {}", page.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_page_is_a_page_of_the_site() {
    let bed = Bed::new().await;
    for path in ["/rien", "/id/x/y", "/id/structure/%ff%fe", "/annonces?%ff"] {
        let page = bed.browser().get(path).await;
        assert!(page.status == 200 || page.says("Réseau d’ici"), "{path}: {}\n{}", page.status, page.body);
    }
    // U+0000 is in no name; a PostgreSQL could not even be asked for it.
    for path in ["/rien", "/annonces/%00", "/id/structure/%00", "/id/structure/%00?q=%00"] {
        assert!(bed.browser().get(path).await.is(404).says("Il n’y a rien à cette adresse"), "{path}");
    }
}

/// What nobody can have written is found nowhere: programs and paper get an empty list of it; a page says that it read no word of it, and shows everything.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_asked_for_what_is_no_text_is_empty() {
    let bed = Bed::new().await;
    bed.structure("Le Phare");
    let mut visitor = bed.browser();
    let odd = ["%00", "%01", "%00%1F", "%7F%00", "phare%00"];
    for typed in odd {
        for door in ["/recherche", "/communes", "/territoire", "/structures"] {
            let told = visitor.get(&format!("{door}/suggestions?q={typed}")).await.is(200);
            assert!(told.body == "[]" || typed.contains("phare"), "{door} {typed}: {}", told.body);
        }
        for door in
            ["/structures.csv", "/structures.atom", "/structures.geojson", "/recherche.csv", "/structures/imprimer"]
        {
            let told = visitor.get(&format!("{door}?q={typed}")).await.is(200);
            assert!(!told.says("Le Phare") || typed.contains("phare"), "{door} {typed}: {}", told.body);
        }
        for door in ["/structures", "/recherche"] {
            let told = visitor.get(&format!("{door}?q={typed}")).await.is(200);
            assert!(told.says("Nous n’avons reconnu aucun mot") || typed.contains("phare"), "{door}: {}", told.body);
        }
    }
    for path in ["/annonces?page=%00", "/annonces?skill=a%00b", "/structures.csv?label=%00", "/agenda.ics?theme=%00"] {
        visitor.get(path).await.is(200);
    }
    assert!(visitor.get("/structures.csv?lieu=%00").await.is(400).says("Le paramètre « lieu »"));
}

async fn csrf(browser: &mut Browser) -> String {
    browser.get("/inscription").await.value("/inscription", "csrf").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_too_large_or_unreadable_is_refused_with_advice() {
    let bed = Bed::new().await;
    let mut zoe = bed.browser();
    let csrf = csrf(&mut zoe).await;
    let large = format!("csrf={csrf}&name={}", "x".repeat(256 * 1024));
    let broken = [format!("csrf={csrf}&name=").as_bytes(), &[0xff, 0xfe]].concat();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    for (body, status) in [(large.as_bytes(), 413), (&broken[..], 422)] {
        let page = zoe.request("POST", "/inscription", &form, body).await.is(status);
        assert!(page.says("Le formulaire reçu est trop long, incomplet ou illisible."));
    }
}

/// What no keyboard makes, and what would turn the words beside it, is told beside its field.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_or_title_that_hides_something_is_refused_beside_its_field() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    for hidden in ["a\0b", "a\u{1}b", "facture\u{202e}gpj.exe", "a\u{2066}b"] {
        let title = [("direction", "offer"), ("type", "question"), ("title", hidden)];
        let page = nora.fill("/nouveau/annonce", &title).await.is(422);
        assert!(page.says("caractères invisibles ou illisibles") && page.body.contains("id=\"e-title\""), "{hidden:?}");
        let fields = [("name", hidden), ("email", "zoe@courriel.example"), ("password", bed::PASSWORD)];
        let page = bed.browser().fill("/inscription", &fields).await.is(422);
        assert!(page.says("caractères invisibles ou illisibles") && page.body.contains("id=\"e-name\""), "{hidden:?}");
    }
    assert!(bed.all(Kind::Exchange, pes_store::own_records::Moderation::Published).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_thousands_of_fields_is_answered() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let csrf = nora.get("/nouveau/structure").await.value("/nouveau/structure", "csrf").unwrap();
    let many = (0..5_000).map(|number| ("contact-value".to_owned(), format!("0639980{number:03}")));
    let fields = [("csrf".to_owned(), csrf), ("name".to_owned(), "L’Établi".to_owned())].into_iter().chain(many);
    nora.post("/nouveau/structure", &fields.collect::<Vec<_>>(), &[]).await.is(422);
    assert!(bed.all(Kind::Structure, pes_store::own_records::Moderation::Published).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_counted_by_where_they_come_from_and_a_forged_origin_does_not_help() {
    let bed = Bed::new().await;
    let mut flood = bed.browser();
    let mut last = 0;
    for number in 0..400 {
        let from = format!("203.0.113.{}", number % 256);
        last = flood.post("/inscription", &[], &[("X-Forwarded-For", &from)]).await.status;
        if last == 429 {
            assert!(number >= 119, "{number}");
            return;
        }
    }
    panic!("400 forms were taken at once; the last answer was {last}");
}

/// Sends empty forms until one is refused as one too many; tells how many were taken.
async fn taken(browser: &mut Browser, headers: impl Fn(u32) -> Vec<(&'static str, String)>) -> u32 {
    for number in 0..200 {
        let headers = headers(number);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if browser.post("/inscription", &[], &headers).await.status == 429 {
            return number;
        }
    }
    200
}

/// The proxy's own word is the last; what a visitor wrote before it, on one line or on several, counts for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_forged_lines_and_addresses_of_one_household_do_not_help() {
    let bed = Bed::behind_a_proxy().await;
    let mut flood = bed.browser();
    let two_lines = |number: u32| {
        let forged = ("X-Forwarded-For", format!("203.0.113.{number}"));
        vec![forged, ("X-Forwarded-For", "198.51.100.1".to_owned())]
    };
    assert!(taken(&mut flood, two_lines).await < 200);
    let household = |number: u32| vec![("X-Forwarded-For", format!("2001:db8:1:2:{number:x}::1"))];
    assert!(taken(&mut flood, household).await < 200);
    let others = |number: u32| vec![("X-Forwarded-For", format!("2001:db8:2:{number:x}::1"))];
    assert_eq!(taken(&mut flood, others).await, 200);
}

//! The directory: whose structures, ordinary companies, filters that leave room for what they find; and the agenda from today on.

use crate::bed::{Bed, Page};
use pes_domain::{Kind, RecordIri};
use pes_store::own_records::Moderation;
use time::{Duration, UtcDateTime};

/// The names of these structures that a page shows.
fn shown<'a>(page: &Page, names: &[&'a str]) -> Vec<&'a str> {
    names.iter().copied().filter(|name| page.says(&format!(">{name}</a></h3>"))).collect()
}

const NAMES: [&str; 4] = ["Le Phare", "Le Réseau", "La Voisine", "L’Étrangère"];

/// A network with a structure, and another network with one that says it is a member here.
async fn two_networks() -> (Bed, RecordIri, RecordIri) {
    let bed = Bed::new().await;
    bed.structure("Le Phare");
    let network = bed.structure("Le Réseau");
    let other = bed.elsewhere();
    let member = other.publish(Kind::Structure, &[("name", "La Voisine")]);
    other.publish(Kind::Structure, &[("name", "L’Étrangère")]);
    let (from, to) = (member.to_string(), network.to_string());
    let relation = [
        ("relation-kind", "member-of-network"),
        ("subject", from.as_str()),
        ("subject-label", "La Voisine"),
        ("object", to.as_str()),
        ("object-label", "Le Réseau"),
    ];
    let relation = other.publish(Kind::Relation, &relation);
    let lamps = [("title", "Lampes"), ("provider", from.as_str()), ("provider-label", "La Voisine")];
    other.publish(Kind::Product, &lamps);
    bed.hears(&other);
    (bed, network, relation)
}

fn answers(bed: &Bed, relation: &RecordIri, by: &RecordIri, answer: &str) {
    let (about, by) = (relation.to_string(), by.to_string());
    let fields = [
        ("about", about.as_str()),
        ("about-label", "Est membre"),
        ("by", by.as_str()),
        ("by-label", "Quelqu’un"),
        ("answer", answer),
    ];
    bed.publish(Kind::Accord, &fields);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_network_is_who_is_at_home_here_and_whoever_is_confirmed_as_a_member() {
    let (bed, network, relation) = two_networks().await;
    let mut visitor = bed.browser();
    let everybody = visitor.get("/structures").await.is(200);
    assert_eq!(shown(&everybody, &NAMES), NAMES);
    assert!(everybody.says("Notre réseau") && everybody.says("<option value=\"\" selected>Tous les réseaux"));
    let ours = visitor.get("/structures?cercle=notre").await.is(200);
    assert_eq!(shown(&ours, &NAMES), ["Le Phare", "Le Réseau"], "what one says alone makes nobody a member");
    // Another structure of ours, or a refusal, confirms nothing.
    let phare = bed.structure("Le Petit Phare");
    answers(&bed, &relation, &phare, "confirms");
    answers(&bed, &relation, &network, "declines");
    assert_eq!(shown(&visitor.get("/structures?cercle=notre").await, &NAMES), ["Le Phare", "Le Réseau"]);
    answers(&bed, &relation, &network, "confirms");
    let ours = visitor.get("/structures?cercle=notre").await.is(200);
    assert_eq!(shown(&ours, &NAMES), ["Le Phare", "Le Réseau", "La Voisine"], "{}", ours.body);
    assert!(ours.says("<option value=\"notre\" selected>Notre réseau"));
    assert!(ours.says("Retirer ce critère :</span> Notre réseau"));
    // What a member says is ours too, in every list and its feeds.
    assert!(visitor.get("/produits?cercle=notre").await.is(200).says(">Lampes</a>"));
    assert!(visitor.get("/structures.csv?cercle=notre").await.is(200).says("La Voisine"));
    assert!(!visitor.get("/structures.csv?cercle=notre").await.is(200).says("L’Étrangère"));
    assert_eq!(shown(&visitor.get("/structures?cercle=ailleurs").await, &NAMES), ["La Voisine", "L’Étrangère"]);
    let alone = Bed::new().await;
    assert!(!alone.browser().get("/structures").await.says("Notre réseau"), "where nobody else is, there is no choice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_company_is_in_the_directory_for_who_asks_for_it() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "Le Phare"), ("site-commune", "Nice (06088)")]);
    let company = [("name", "Lumières et Cie"), ("site-commune", "Nice (06088)"), ("is-company", "on")];
    let iri = bed.publish(Kind::Structure, &company);
    let mut visitor = bed.browser();
    for door in [
        "/structures",
        "/structures?departement=06",
        "/territoire/commune/06088",
        "/structures.csv",
        "/structures.geojson",
        "/structures.atom",
    ] {
        let page = visitor.get(door).await.is(200);
        assert!(page.says("Le Phare") && !page.says("Lumières et Cie"), "{door}: {}", page.body);
    }
    assert!(visitor.get("/").await.says(">1 structure</a>"));
    let offered = visitor.get("/structures").await.is(200);
    assert!(offered.says("name=\"entreprises\" value=\"on\"> les entreprises ordinaires <span class=\"count\">1<"));
    let both = visitor.get("/structures?entreprises=on").await.is(200);
    assert!(both.says("2 résultats") && both.says("Lumières et Cie") && both.says(">Entreprise<"), "{}", both.body);
    assert!(visitor.get("/recherche?q=lumieres").await.says(">Lumières et Cie</a>"), "the search finds it");
    assert!(visitor.get("/recherche/suggestions?q=lumi").await.says("Lumières et Cie"));
    visitor.get(&bed.page(&iri)).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_companies_say_is_read_first() {
    let bed = Bed::new().await;
    let company = bed.publish(Kind::Structure, &[("name", "Lumières et Cie"), ("is-company", "on")]);
    let mut paul = bed.editor("Paul", &company).await;
    let edit = format!("{}/modifier", bed.page(&company));
    paul.fill(&edit, &[("name", "Lumières & Fils")]).await.to(&format!("{}?fait=propose", bed.page(&company)));
    assert_eq!(bed.own(&company).unwrap().moderation, Moderation::Proposed);
    let voice = company.to_string();
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Des néons"), ("structure", voice.as_str())];
    paul.fill("/nouveau/annonce", &fields).await.is(303);
    assert_eq!(bed.proposed().len(), 2, "nor does it publish at once in its name");
    let coop = bed.structure("La Coopérative");
    let mut marie = bed.editor("Marie", &coop).await;
    let edit = format!("{}/modifier", bed.page(&coop));
    marie.fill(&edit, &[("tagline", "Ensemble")]).await.is(303);
    assert_eq!(bed.own(&coop).unwrap().moderation, Moderation::Published);
    // Who says that they are a company has said so to the team first.
    marie.fill(&edit, &[("is-company", "on")]).await.is(303);
    assert_eq!(bed.own(&coop).unwrap().moderation, Moderation::Proposed);
}

/// Companies are in the base as partners of others (`mission.md`, S2): who speaks for one reads what everybody reads, and its own sheet.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_in_a_company_makes_nobody_a_member() {
    let bed = Bed::new().await;
    let (coop, company) = (bed.structure("La Coopérative"), bed.structure("Lumières et Cie"));
    let inner = bed.publish(Kind::Structure, &[("name", "Entre nous"), ("audience", "network")]);
    let mut paul = bed.editor("Paul", &company).await;
    paul.get(&bed.page(&inner)).await.is(200);
    paul.fill(&format!("{}/modifier", bed.page(&company)), &[("is-company", "on")]).await.is(303);
    paul.get(&bed.page(&inner)).await.is(404);
    assert!(!paul.get("/structures").await.says("Entre nous"));
    paul.get(&format!("{}/modifier", bed.page(&company))).await.is(200);
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau/personnes?q=paul").await.says("au nom d’une entreprise, hors du réseau"));
    bed.editor("Marie", &coop).await.get(&bed.page(&inner)).await.is(200);
}

fn day(days: i64) -> String {
    let date = (UtcDateTime::now() + Duration::days(days)).date();
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

fn event(bed: &Bed, title: &str, date: &str, more: &[(&str, &str)]) {
    let fields = [("title", title), ("occurrence-date", date), ("organisers-label", "La Volière")];
    bed.publish(Kind::Event, &[&fields[..], more].concat());
}

/// Whatever day of the month it is: what comes next is there, and a month is a month.
#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_begins_today_and_goes_on_into_the_next_months() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    assert!(visitor.get("/agenda").await.is(200).says("Rien n’est prévu pour le moment."));
    for (title, days) in [("Demain", 1), ("Dans un mois", 33), ("Dans dix mois", 300), ("Passé", -3)] {
        event(&bed, title, &day(days), &[]);
    }
    let page = visitor.get("/agenda").await.is(200);
    assert!(page.says("<h2 id=\"resultats\">À venir</h2>") && page.says("3 dates"), "{}", page.body);
    let places =
        ["Demain", "Dans un mois", "Dans dix mois"].map(|title| page.body.find(&format!(">{title}</a>")).unwrap());
    assert!(places.is_sorted() && !page.says(">Passé</a>"));
    let month = &day(33)[..7];
    let month = visitor.get(&format!("/agenda?mois={month}")).await.is(200);
    assert!(month.says(">Dans un mois</a>") && !month.says(">Dans dix mois</a>"), "a month stays a month");
    // What comes again and again leaves room for a page, and the next month goes on.
    event(&bed, "Toutes les semaines", &day(0), &[("repeats", "weekly")]);
    let page = visitor.get("/agenda").await.is(200);
    let count = page.body.matches("Toutes les semaines</a>").count();
    assert!((36..=40).contains(&count), "{count}");
    assert!(page.says("rel=\"next\" href=\"/agenda?mois="));
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_filters_are_told_beside_a_fold_that_stays_closed() {
    let bed = Bed::new().await;
    for (name, commune, skill) in [("Le Phare", "Nice (06088)", "masonry"), ("La Lanterne", "Lille (59350)", "law")] {
        bed.publish(Kind::Structure, &[("name", name), ("site-commune", commune), ("skills", skill)]);
    }
    let mut visitor = bed.browser();
    let page = visitor.get("/structures?departement=06&skill=building&q=phare").await.is(200);
    assert!(!page.body.contains("<details class=\"more\" open>"), "the results are in sight");
    for (label, url) in [("Alpes-Maritimes (06)", "?q=phare&skill=building"), ("Bâtiment", "?departement=06&q=phare")]
    {
        let (before, _) = page.body.split_once(&format!("</span> {label}")).unwrap_or_else(|| panic!("{}", page.body));
        let link = before.rsplit_once("<li><a href=\"").unwrap().1;
        assert!(crate::bed::browser::unescaped(link).starts_with(url), "{label}: {link}");
    }
    assert!(page.says("<a href=\"#resultats\">Voir les résultats</a>") && page.says("id=\"resultats\""));
    assert!(!visitor.get("/structures").await.says("Voir les résultats"), "nothing is chosen");
    let wrong = visitor.get("/agenda?du=demain").await.is(200);
    assert!(wrong.body.contains("<details class=\"more\" open>"), "what is wrong is to be seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_facet_is_shown_whole_to_who_asks() {
    let bed = Bed::new().await;
    let communes: Vec<String> = pes_domain::Gazetteer::embedded()
        .communes_of(&pes_domain::place::Area::new(pes_domain::place::AreaKind::Department, "06"))
        .take(35)
        .map(|commune| commune.code.clone())
        .collect();
    for code in &communes {
        bed.publish(Kind::Structure, &[("name", &format!("Maison {code}")), ("site-commune", &format!("X ({code})"))]);
    }
    let mut visitor = bed.browser();
    let boxes = |page: &Page| page.body.matches("name=\"commune\" value=").count();
    let page = visitor.get("/structures?q=maison").await.is(200);
    assert_eq!(boxes(&page), 30);
    assert!(page.says("href=\"?q=maison&tout=commune#filtres\"") && page.says("Tout voir : Commune"), "{}", page.body);
    let whole = visitor.get("/structures?q=maison&tout=commune").await.is(200);
    assert!(boxes(&whole) == 35 && whole.body.contains("<details class=\"more\" open>") && !whole.says("Tout voir"));
}

/// The box over every kind narrows by whatever tells what was found apart.
#[tokio::test(flavor = "multi_thread")]
async fn the_one_box_has_the_facets_that_say_something() {
    let bed = Bed::new().await;
    for (name, form, label) in [("Le Four commun", "association", "esus"), ("Le Four neuf", "scic-sa", "qualiopi")] {
        bed.publish(Kind::Structure, &[("name", name), ("legal-form", form), ("label", label)]);
    }
    let mut visitor = bed.browser();
    let structures = visitor.get("/recherche?q=four").await.is(200);
    for name in ["legal-form", "label", "depuis"] {
        assert!(structures.body.contains(&format!("name=\"{name}\" value=")), "{name}: {}", structures.body);
    }
    assert!(!structures.body.contains("name=\"direction\""), "there is nothing of it to choose");
    for (direction, kind, method) in [("offer", "service", "barter"), ("demand", "product", "gift")] {
        let fields =
            [("direction", direction), ("type", kind), ("title", "Un four"), ("author", "Marie"), ("methods", method)];
        bed.publish(Kind::Exchange, &fields);
    }
    let all = visitor.get("/recherche?q=four").await.is(200);
    for name in ["direction", "exchange-type", "exchange-method"] {
        assert!(all.body.contains(&format!("name=\"{name}\" value=")), "{name}");
    }
    assert!(visitor.get("/recherche?q=four&direction=offer").await.says("1 résultat<"));
    assert!(visitor.get("/recherche?q=four&depuis=semaine").await.says("4 résultats"));
}

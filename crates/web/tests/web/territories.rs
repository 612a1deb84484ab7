//! A territory's page, and on an exchange what of the other direction may suit it.

use crate::bed::{Bed, demand};
use pes_domain::{Kind, RecordIri};

/// An exchange of this direction.
fn exchange(bed: &Bed, direction: &str, title: &str, more: &[(&str, &str)]) -> RecordIri {
    let fields = [("direction", direction), ("type", "service"), ("title", title), ("author", "Marie")];
    bed.publish(Kind::Exchange, &[&fields[..], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_territory_tells_everything_around_a_place() {
    let bed = Bed::new().await;
    bed.publish(Kind::Structure, &[("name", "Le Phare"), ("site-commune", "Nice (06088)")]);
    bed.publish(Kind::Structure, &[("name", "La Lanterne"), ("site-commune", "Menton (06083)")]);
    bed.publish(Kind::Structure, &[("name", "L’Ailleurs"), ("site-commune", "Marseille 1er Arrondissement")]);
    exchange(&bed, "offer", "Cours de couture", &[("place", "Nice (06088)")]);
    let job = [("title", "Menuisier"), ("contract", "cdi"), ("employer-label", "L’Établi"), ("place", "Nice (06088)")];
    bed.publish(Kind::Job, &job);
    let when = [("occurrence-date", "2031-05-06"), ("organisers-label", "La Volière"), ("place", "Nice (06088)")];
    bed.publish(Kind::Event, &[&[("title", "Bal")][..], &when].concat());
    let gone = [("occurrence-date", "2020-05-06"), ("organisers-label", "La Volière"), ("place", "Nice (06088)")];
    bed.publish(Kind::Event, &[&[("title", "Bal d’antan")][..], &gone].concat());
    let mut visitor = bed.browser();
    let nice = visitor.get("/territoire/commune/06088").await.is(200);
    for told in ["<h1>Nice</h1>", "Le Phare", "Cours de couture", "Menuisier", ">Bal</a>"] {
        assert!(nice.says(told), "{told}: {}", nice.body);
    }
    assert!(!nice.says("La Lanterne") && !nice.says("Bal d’antan"));
    assert!(nice.says("href=\"/territoire/department/06\"") && nice.says("href=\"/territoire/region/93\""));
    assert!(nice.says("href=\"/structures?territoire=commune:06088\""), "the way to the whole list");
    let department = visitor.get("/territoire/department/06").await.is(200);
    assert!(department.says("La Lanterne") && department.says("Voir la liste : 2 fiches"), "{}", department.body);
    assert!(department.says("dans ce département") && !department.says("L’Ailleurs"));
    let list = visitor.get("/structures?territoire=department:06").await.is(200);
    assert!(list.says("2 résultats"), "the list is the one that was promised");
    let region = visitor.get("/territoire/region/93").await.is(200);
    assert!(region.says("L’Ailleurs") && region.says("Voir la liste : 3 fiches"));
    for nowhere in ["/territoire/commune/99999", "/territoire/planet/mars", "/territoire/department/999"] {
        assert_eq!(visitor.get(nowhere).await.status, 404, "{nowhere}");
    }
    assert!(visitor.get("/territoire/department/48").await.is(200).says("Rien ici pour le moment."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_territory_tells_whom_a_record_is_for() {
    let bed = Bed::new().await;
    let fields = [("name", "Entre nous"), ("site-commune", "Nice (06088)"), ("audience", "network")];
    bed.publish(Kind::Structure, &fields);
    for (mut one, sees) in
        [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)]
    {
        let page = one.get("/territoire/commune/06088").await.is(200);
        assert_eq!((page.says("Entre nous"), page.says("1 fiche")), (sees, sees));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_on_a_record_lead_to_their_territory() {
    let bed = Bed::new().await;
    let structure = bed.publish(Kind::Structure, &[("name", "Le Phare"), ("site-commune", "Nice (06088)")]);
    let offer = exchange(&bed, "offer", "Cours", &[("place", "Nice (06088)"), ("areas", "department:06")]);
    let mut visitor = bed.browser();
    for iri in [&structure, &offer] {
        let page = visitor.get(&bed.page(iri)).await.is(200);
        assert!(page.says("href=\"/territoire/commune/06088\""), "{}", page.body);
    }
    assert!(visitor.get(&bed.page(&offer)).await.says("href=\"/territoire/department/06\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demand_is_shown_what_is_offered_and_an_offer_what_is_sought() {
    let bed = Bed::new().await;
    let sought = exchange(&bed, "demand", "Cherche maçon", &[("skills", "masonry"), ("place", "Nice (06088)")]);
    let fits = exchange(&bed, "offer", "Maçonnerie à Menton", &[("skills", "masonry"), ("areas", "department:06")]);
    let broader = exchange(&bed, "offer", "Tous travaux", &[("skills", "building"), ("place", "Nice (06088)")]);
    let others: [(&str, &[(&str, &str)]); 4] = [
        ("Électricité", &[("skills", "electrical-work"), ("place", "Nice (06088)")]),
        ("Maçonnerie à Lille", &[("skills", "masonry"), ("areas", "department:59")]),
        ("Sans compétence", &[("place", "Nice (06088)")]),
        ("Déjà pris", &[("skills", "masonry"), ("place", "Nice (06088)"), ("state", "met")]),
    ];
    others.iter().for_each(|(title, more)| drop(exchange(&bed, "offer", title, more)));
    exchange(&bed, "demand", "Cherche maçon aussi", &[("skills", "masonry"), ("place", "Nice (06088)")]);
    let mut visitor = bed.browser();
    let page = visitor.get(&bed.page(&sought)).await.is(200);
    assert!(page.says("Ce qui est proposé et pourrait convenir"), "{}", page.body);
    assert!(page.says(">Maçonnerie à Menton</a>") && page.says(">Tous travaux</a>"));
    for (title, _) in others {
        assert!(!page.says(&format!(">{title}</a>")), "{title}");
    }
    assert!(!page.says("Cherche maçon aussi"), "the same direction is no answer");
    for offer in [&fits, &broader] {
        let page = visitor.get(&bed.page(offer)).await.is(200);
        assert!(page.says("Ce qui est recherché et pourrait convenir") && page.says(">Cherche maçon</a>"));
    }
    let topicless = bed.publish(Kind::Exchange, &demand("Un coup de main"));
    assert!(!visitor.get(&bed.page(&topicless)).await.says("pourrait convenir"), "who seeks nothing finds nothing");
}

/// What the other direction says to members only is proposed to members only.
#[tokio::test(flavor = "multi_thread")]
async fn proposals_tell_whom_a_record_is_for() {
    let bed = Bed::new().await;
    let sought = exchange(&bed, "demand", "Cherche maçon", &[("skills", "masonry")]);
    exchange(&bed, "offer", "Entre nous", &[("skills", "masonry"), ("audience", "network")]);
    for (mut one, sees) in
        [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)]
    {
        assert_eq!(one.get(&bed.page(&sought)).await.is(200).says("Entre nous"), sees);
    }
}

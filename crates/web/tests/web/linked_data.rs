//! Linked data: one name, answered with a page or with the public graph; code lists, terms and tags.

use crate::bed::{self, Bed, demand};
use pes_domain::{Kind, List, RecordIri};
use serde_json::Value;

const FORMS: [(&str, &str); 3] = [
    ("text/turtle", "text/turtle; charset=utf-8"),
    ("application/n-quads", "application/n-quads"),
    ("application/ld+json", "application/ld+json"),
];

fn structure(bed: &Bed) -> RecordIri {
    bed.publish(Kind::Structure, &[("name", "L’Établi « des \"bricoleurs\" »"), ("tags", "Réparation, vélo")])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_answers_people_with_a_page_and_programs_with_the_graph() {
    let bed = Bed::new().await;
    let iri = structure(&bed);
    let page = bed.page(&iri);
    let mut visitor = bed.browser();
    for accept in ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "image/png"] {
        let shown = visitor.get_as(&page, accept).await.is(200);
        assert_eq!(shown.header("content-type"), Some("text/html; charset=utf-8"), "{accept}");
        assert_eq!(shown.header("vary"), Some("Cookie, Accept"));
    }
    for (accept, media_type) in FORMS {
        let graph = visitor.get_as(&page, accept).await.is(200);
        assert_eq!(graph.header("content-type"), Some(media_type));
        assert_eq!(graph.header("vary"), Some("Accept"));
        assert_eq!(graph.header("access-control-allow-origin"), Some("*"));
        assert!(graph.body.contains("Établi") && graph.body.contains(&iri.to_string()), "{}", graph.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_programs_where_the_graphs_are() {
    let bed = Bed::new().await;
    let iri = structure(&bed);
    let page = bed.browser().get(&bed.page(&iri)).await.is(200);
    let link = page.header("link").unwrap();
    for (media_type, _) in FORMS {
        assert!(link.contains(&format!("<{iri}>; rel=\"alternate\"; type=\"{media_type}\"")), "{link}");
    }
    assert!(page.body.contains(&format!("<link rel=\"canonical\" href=\"{iri}\">")));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_shows_the_salt_which_would_let_strangers_guess_at_erased_text() {
    let bed = Bed::new().await;
    let page = bed.page(&structure(&bed));
    for (accept, _) in FORMS {
        let graph = bed.browser().get_as(&page, accept).await.is(200).body;
        assert!(!graph.contains("salt"), "{accept}: {graph}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_three_forms_say_the_same() {
    let bed = Bed::new().await;
    let iri = structure(&bed);
    let mut visitor = bed.browser();
    let quads = visitor.get_as(&bed.page(&iri), "application/n-quads").await.body;
    for line in quads.lines() {
        assert!(line.starts_with(&format!("<{iri}")) && line.ends_with(" ."), "{line}");
    }
    let json: Value = serde_json::from_str(&visitor.get_as(&bed.page(&iri), "application/ld+json").await.body).unwrap();
    let turtle = visitor.get_as(&bed.page(&iri), "text/turtle").await.body;
    let name = "L’Établi « des \"bricoleurs\" »";
    assert!(json.to_string().contains(&name.replace('"', "\\\"")), "{json}");
    assert!(turtle.contains(&name.replace('"', "\\\"")), "{turtle}");
    assert!(quads.contains(&name.replace('"', "\\\"")), "{quads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_record_is_absent_in_every_form() {
    let bed = Bed::new().await;
    let there = bed.page(&structure(&bed));
    let wrong_kind = there.replace("/structure/", "/exchange/");
    let absent = "/id/structure/00000000-0000-4000-8000-000000000000";
    for path in [absent, wrong_kind.as_str()] {
        bed.browser().get(path).await.is(404);
        for (accept, _) in FORMS {
            bed.browser().get_as(path, accept).await.is(404);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_list_answers_people_and_programs() {
    let bed = Bed::new().await;
    let mut visitor = bed.browser();
    for list in List::ALL {
        let path = format!("/code/{}", list.name());
        let page = visitor.get(&path).await.is(200);
        let concept = bed::rules().thesaurus.list(list).next().map(|one| one.code.clone());
        if let Some(code) = &concept {
            assert!(page.body.contains(&format!("id=\"{}\"", code.notation())), "{path}");
            visitor.get(&format!("{path}/{}", code.notation())).await.is(200);
        }
        let turtle = visitor.get_as(&path, "text/turtle").await.is(200);
        assert_eq!(turtle.header("content-type"), Some("text/turtle; charset=utf-8"));
        assert!(turtle.body.contains("ConceptScheme"), "{path}");
    }
    visitor.get("/code/nothing").await.is(404);
    visitor.get_as("/code/nothing", "text/turtle").await.is(404);
    visitor.get("/code/skill/nothing").await.is(404);
    visitor.get_as("/code/skill/nothing", "text/turtle").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terms_of_the_vocabulary_are_at_its_address() {
    let bed = Bed::new().await;
    let terms = bed.browser().get("/ns").await.is(200);
    assert_eq!(terms.header("content-type"), Some("text/turtle; charset=utf-8"));
    assert!(terms.body.contains("https://w3id.org/pes/ns#"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_leads_to_all_that_bears_it_and_the_reader_may_see() {
    let bed = Bed::new().await;
    let iri = structure(&bed);
    bed.publish(Kind::Exchange, &[&demand("Une chambre à air")[..], &[("tags", "Vélo")]].concat());
    let kept = [("tags", "vélo"), ("audience", "affiliates")];
    bed.publish(Kind::Exchange, &[&demand("Pour les membres")[..], &kept].concat());
    bed.demand("Sans mot-clé");
    let sheet = bed.browser().get(&bed.page(&iri)).await;
    let (_, rest) = sheet.body.split_once("<a href=\"/tag/v").unwrap();
    let path = format!("/tag/v{}", rest.split('"').next().unwrap());
    for (mut one, is_member) in [(bed.browser(), false), (bed.member("Marie").await, true)] {
        let page = one.get(&path).await.is(200);
        assert!(page.says("L’Établi") && page.says("Une chambre à air") && !page.says("Sans mot-clé"), "{path}");
        assert_eq!(page.says("Pour les membres"), is_member);
    }
    assert!(bed.browser().get("/tag/rien-de-tel").await.is(200).says("Rien ici pour le moment."));
    bed.browser().get("/tag/PAS%20UN%20TAG").await.is(404);
}

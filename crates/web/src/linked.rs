//! Linked data: a record's name answers people with a page and machines with its public graph; code lists, terms and tags
//! answer on every node.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::pages::tags::link_of;
use crate::pages::{Leaf, RecordPath, own_iri, show_record};
use crate::porch::Porch;
use crate::shelf;
use crate::views::Card;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use pes_domain::{Code, List, Tag};
use pes_journal::graphs;
use pes_search::{Facet, Query, Sort};
use pes_store::aligned_tags;
use serde_json::json;

/// What can be asked for, in the order in which ties are broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Turtle,
    NQuads,
    JsonLd,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/id/{kind}/{uuid}", web::get().to(record));
    app.route("/code/{list}", web::get().to(code_list));
    app.route("/code/{list}/{notation}", web::get().to(code_list));
    app.route("/ns", web::get().to(terms));
    app.route("/tag/{slug}", web::get().to(tag));
}

async fn record(
    porch: web::Data<Porch>,
    visit: Visit,
    request: HttpRequest,
    path: web::Path<RecordPath>,
) -> Result<Answered, Failure> {
    let form = wanted(&request);
    porch
        .off(move |porch| {
            let iri = own_iri(porch, (&path.kind, &path.uuid))?;
            if form == Form::Html {
                return show_record(porch, &visit, &iri);
            }
            let Some(graph) = porch.journal.public_graph(&iri, visit.now.unix_timestamp())? else {
                let visitor = Visit { viewer: None, ..visit };
                let successor = shelf::successor(porch, &visitor, &iri)?.ok_or(Failure::Absent)?;
                return Ok(Answered::moved(&successor.to_string()).header(header::VARY, "Accept"));
            };
            Ok(match form {
                Form::Turtle => document("text/turtle; charset=utf-8", graph.turtle()),
                Form::NQuads => document("application/n-quads", graph.n_quads()),
                Form::JsonLd | Form::Html => document("application/ld+json", graph.json_ld()),
            })
        })
        .await
}

fn document(media_type: &'static str, body: String) -> Answered {
    Answered::document(media_type, body)
        .header(header::VARY, "Accept")
        .header(header::CACHE_CONTROL, "no-cache")
        // Anybody's program may read what is public.
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

/// The form a request asks for, by the weights of `Accept` (RFC 9110, 12.5.1); a browser's is HTML.
fn wanted(request: &HttpRequest) -> Form {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    preferred(accept)
}

fn preferred(accept: &str) -> Form {
    let mut best = (Form::Html, 0.0_f32);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let form = match parts.next().unwrap_or_default() {
            "text/html" | "application/xhtml+xml" | "*/*" | "text/*" => Form::Html,
            "text/turtle" => Form::Turtle,
            "application/n-quads" | "application/n-triples" => Form::NQuads,
            "application/ld+json" | "application/json" => Form::JsonLd,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
        if weight > best.1 {
            best = (form, weight);
        }
    }
    best.0
}

/// A code list, or one of its concepts within it.
async fn code_list(
    porch: web::Data<Porch>,
    visit: Visit,
    request: HttpRequest,
    path: web::Path<ListPath>,
) -> Result<Answered, Failure> {
    let list = List::ALL.into_iter().find(|list| list.name() == path.list).ok_or(Failure::Absent)?;
    if path.notation.as_ref().is_some_and(|notation| !porch.rules().thesaurus.has(&Code::new(list, notation))) {
        return Err(Failure::Absent);
    }
    if wanted(&request) != Form::Html {
        return Ok(document("text/turtle; charset=utf-8", graphs::code_list(list).to_owned()));
    }
    let thesaurus = &porch.rules().thesaurus;
    let concepts: Vec<_> = thesaurus
        .list(list)
        .map(|concept| {
            json!({
                "id": concept.code.notation(), "label": concept.label, "english": concept.label_en,
                "iri": concept.code.to_string(), "depth": thesaurus.depth(&concept.code),
            })
        })
        .collect();
    let title = porch.say(&format!("filter-{}", list.name()));
    Leaf::new("terms", &title).page(
        &porch,
        &visit,
        &json!({ "title": title, "concepts": concepts, "cards": [], "aligned": null }),
    )
}

#[derive(Debug, serde::Deserialize)]
struct ListPath {
    list: String,
    /// The concept, where one is asked for.
    notation: Option<String>,
}

async fn terms() -> Answered {
    document("text/turtle; charset=utf-8", graphs::terms().to_owned())
}

/// The most records that are shown under a tag.
const TAGGED: usize = 100;

/// What bears a free tag, here and elsewhere; the last published first.
async fn tag(porch: web::Data<Porch>, visit: Visit, slug: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let tag = Tag::read(&slug).ok_or(Failure::Absent)?;
            let query = Query::new(asked::sees(&visit), visit.now.unix_timestamp()).choose(Facet::Tag, tag.as_str());
            let found = porch.index.look(&Query { limit: TAGGED, sort: Sort::Date, ..query })?;
            let shown = shelf::found(porch, &visit, &found)?;
            let cards: Vec<Card> = shown.iter().map(|(shown, _)| Card::of(porch, shown)).collect();
            let title = format!("#{}", tag.as_str());
            let aligned = porch.store().read(|link| aligned_tags::concepts(link, std::slice::from_ref(&tag)))?;
            let aligned = aligned.first().map(|concept| link_of(porch, concept));
            let cards_are_there = !cards.is_empty();
            let view = json!({ "title": title, "concepts": [], "cards": cards, "aligned": aligned });
            let intro = porch.words.catalogue().tell("tag-described", &[("tag", tag.as_str().into())]);
            let leaf = Leaf::new("terms", &title).described(intro);
            // A word that nobody uses is no page for search engines: anybody could make up as many as they like.
            let address = format!("{}/tag/{}", porch.site.origin, tag.as_str());
            let leaf = if cards_are_there { leaf.canonical(address) } else { leaf };
            leaf.page(porch, &visit, &view)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::{Form, preferred};

    #[test]
    fn the_heaviest_form_wins_and_browsers_get_pages() {
        assert_eq!(preferred("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Form::Html);
        assert_eq!(preferred("text/turtle"), Form::Turtle);
        assert_eq!(preferred("application/ld+json;q=0.5, text/turtle;q=0.9"), Form::Turtle);
        assert_eq!(preferred("application/n-quads, text/html;q=0.1"), Form::NQuads);
        assert_eq!(preferred("application/json"), Form::JsonLd);
        assert_eq!(preferred("image/png"), Form::Html);
        assert_eq!(preferred("text/turtle;q=x"), Form::Turtle);
    }
}

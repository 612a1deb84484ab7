//! What scripts ask of the index: suggestions for a search box, points for a map. Nothing that the visitor does not see on a list.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::feeds;
use crate::pages::lists::{LISTS, List};
use crate::porch::Porch;
use crate::views::is_centre;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::place::AreaKind;
use pes_domain::{Code, Draft, RecordIri};
use pes_search::{Mark, Suggestion};
use serde_json::{Value, json};

/// The most points a map is given.
const MOST: usize = 20_000;
/// The most suggestions.
const SUGGESTIONS: usize = 8;

type Asks = web::Query<Vec<(String, String)>>;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/recherche/suggestions", web::get().to(suggestions));
    for list in LISTS.into_iter().filter(|list| asked::has_place(list.kind)) {
        let serve = move |porch: web::Data<Porch>, visit: Visit, chosen: Asks| {
            points(porch, visit, chosen.into_inner().into_iter().collect(), list)
        };
        app.route(&format!("{}.geojson", list.path), web::get().to(serve));
    }
}

/// What may be about to be typed: `[{"value", "label"}]`, the value being what the box would hold.
async fn suggestions(porch: web::Data<Porch>, visit: Visit, chosen: Asks) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    porch
        .off(move |porch| {
            let (reader, now) = (asked::sees(&visit), visit.now.unix_timestamp());
            let found = porch.index.suggest(reader, now, chosen.one("q"), SUGGESTIONS)?;
            let one = |suggestion: &Suggestion| {
                let (value, label) = told(porch, suggestion);
                json!({ "value": value, "label": label })
            };
            Ok(answer("application/json", &found.iter().map(one).collect::<Vec<Value>>().into()))
        })
        .await
}

/// What a suggestion puts into the box, and what is said of it.
fn told(porch: &Porch, suggestion: &Suggestion) -> (String, String) {
    match suggestion {
        Suggestion::Record { title, kind, .. } => (title.clone(), kind_of(porch, kind)),
        Suggestion::Concept { code, label } => (label.clone(), porch.say(&format!("filter-{}", code.list().name()))),
        Suggestion::Place { area, label } => (label.clone(), porch.say(area_key(area.kind))),
    }
}

fn area_key(kind: AreaKind) -> &'static str {
    match kind {
        AreaKind::Commune => "area-kind-commune",
        AreaKind::Epci => "area-kind-epci",
        AreaKind::Department => "area-kind-department",
        AreaKind::Region => "area-kind-region",
    }
}

fn kind_of(porch: &Porch, notation: &str) -> String {
    porch.rules().thesaurus.label(&Code::new(pes_domain::List::Kind, notation)).to_owned()
}

/// The points of a list, as GeoJSON (RFC 7946).
async fn points(porch: web::Data<Porch>, visit: Visit, chosen: Draft, list: List) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let asked = asked::read(porch, &visit, list.kind, &chosen);
            if let Some(refused) = feeds::refused(porch, &asked, &chosen) {
                return Ok(refused);
            }
            let (marks, total) = porch.index.points(&asked.query, MOST)?;
            let features: Vec<Value> = marks.iter().filter_map(|mark| feature(porch, mark)).collect();
            let collection = json!({ "type": "FeatureCollection", "features": features, "numberMatched": total });
            Ok(answer("application/geo+json", &collection))
        })
        .await
}

fn feature(porch: &Porch, mark: &Mark) -> Option<Value> {
    let url = RecordIri::read(&mark.record)?.page_at(&porch.site.origin);
    let commune = porch.rules().gazetteer.commune(&mark.commune);
    // Where only the commune is known, its centre stands for it.
    let estimated = mark.estimated || commune.is_some_and(|commune| is_centre(commune, mark.point));
    let commune = commune.map_or("", |commune| commune.name.as_str());
    Some(json!({
        "type": "Feature",
        "id": mark.record,
        "geometry": { "type": "Point", "coordinates": [metres(mark.point.longitude), metres(mark.point.latitude)] },
        "properties": {
            "name": mark.title, "url": url, "kind": kind_of(porch, &mark.kind), "commune": commune, "estimated": estimated,
        },
    }))
}

/// Degrees to five places: about a metre.
fn metres(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

fn answer(media_type: &'static str, body: &Value) -> Answered {
    let answered = Answered::document(media_type, body.to_string());
    answered.header(header::CACHE_CONTROL, "private, no-cache").header(header::VARY, "Cookie")
}

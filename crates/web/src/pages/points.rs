//! What scripts ask of the index: suggestions for a search box, points for a map. Nothing that the visitor does not see on a list.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::feeds::{self, AGENDA};
use crate::pages::lists::{LISTS, List};
use crate::porch::Porch;
use crate::shelf;
use crate::views::{LikeView, is_centre};
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::gazetteer::Commune;
use pes_domain::place::{Area, AreaKind, Point};
use pes_domain::{Code, Draft, Kind, RecordIri};
use pes_search::{Mark, Query, Suggestion};
use serde_json::{Value, json};

/// The most points a map is given.
const MOST: usize = 20_000;
/// The most suggestions.
const SUGGESTIONS: usize = 8;

/// Where communes are suggested, territories of every kind, and structures.
pub(crate) const COMMUNES: &str = "/communes/suggestions";
const TERRITORIES: &str = "/territoire/suggestions";
/// Where the commune around a point is told.
const NEAREST: &str = "/communes/proche";
pub(crate) const STRUCTURES: &str = "/structures/suggestions";
/// How many records are looked at to find structures among them.
const LOOKED_AT: usize = 48;

type Asks = web::Query<Vec<(String, String)>>;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/recherche/suggestions", web::get().to(suggestions));
    app.route(COMMUNES, web::get().to(communes));
    app.route(NEAREST, web::get().to(nearest));
    app.route(TERRITORIES, web::get().to(territories));
    app.route(STRUCTURES, web::get().to(structures));
    for list in LISTS.into_iter().chain([AGENDA]) {
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

/// Communes that begin so: `value` as a form reads it, whichever of several of a name.
async fn communes(porch: web::Data<Porch>, chosen: Asks) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    let gazetteer = porch.rules().gazetteer;
    let one = |commune: &Commune| {
        let department = gazetteer.area_name(&Area::new(AreaKind::Department, &commune.department));
        json!({ "value": commune.to_form(), "label": department.unwrap_or_default() })
    };
    let found = gazetteer.suggest(cut(chosen.one("q")), SUGGESTIONS);
    Ok(answer("application/json", &found.into_iter().map(one).collect::<Vec<Value>>().into()))
}

/// The commune nearest to a point (`lat`, `lon`, in degrees): `{"value"}` as a form reads it; nothing where that is no point on Earth.
async fn nearest(porch: web::Data<Porch>, chosen: Asks) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    let degrees = |name: &str| chosen.one(name).parse::<f64>().ok();
    let point = degrees("lat").zip(degrees("lon")).and_then(|(latitude, longitude)| Point::new(latitude, longitude));
    let found = point.and_then(|point| porch.rules().gazetteer.nearest(point));
    let told = found.map_or_else(|| json!({}), |commune| json!({ "value": commune.to_form() }));
    Ok(answer("application/json", &told))
}

/// Structures whose name begins so: `record` is what a form keeps of the one that is chosen.
async fn structures(porch: web::Data<Porch>, visit: Visit, chosen: Asks) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    porch
        .off(move |porch| {
            let (reader, now) = (asked::sees(&visit), visit.now.unix_timestamp());
            let mut told = Vec::new();
            for suggestion in porch.index.suggest(reader, now, chosen.one("q"), LOOKED_AT)? {
                let Suggestion::Record { record, kind, .. } = &suggestion else { continue };
                if kind == Kind::Structure.notation()
                    && told.len() < SUGGESTIONS
                    && let Some(shown) = shelf::seen(porch, &visit, record)?
                {
                    let like = LikeView::of(porch, &shown);
                    told.push(json!({ "value": like.title, "label": like.told, "record": record }));
                }
            }
            Ok(answer("application/json", &told.into()))
        })
        .await
}

/// What is looked at of what was typed: no territory has a longer name.
fn cut(typed: &str) -> &str {
    let end = typed.char_indices().nth(100).map_or(typed.len(), |(at, _)| at);
    &typed[..end]
}

/// The territories of whatever kind that may be about to be typed, in the same form.
async fn territories(porch: web::Data<Porch>, chosen: Asks) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    let gazetteer = porch.rules().gazetteer;
    let found = gazetteer.suggest_areas(cut(chosen.one("q")), SUGGESTIONS);
    let one = |area: &Area| json!({ "value": gazetteer.area_to_form(area), "label": meant_as(&porch, area) });
    Ok(answer("application/json", &found.iter().map(one).collect::<Vec<Value>>().into()))
}

/// What is said of a territory where several may be meant.
pub(crate) fn meant_as(porch: &Porch, area: &Area) -> String {
    let gazetteer = porch.rules().gazetteer;
    match gazetteer.commune(&area.code).filter(|_| area.kind == AreaKind::Commune) {
        Some(commune) => commune.to_choice(gazetteer),
        None => porch.words.catalogue().tell(
            "area-named",
            &[
                ("name", gazetteer.area_name(area).unwrap_or_default().into()),
                ("kind", porch.say(area_key(area.kind)).into()),
            ],
        ),
    }
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
            let asked = asked::read(porch, &visit, list.kind, &chosen)?;
            if let Some(refused) = feeds::refused(porch, &asked, &chosen) {
                return Ok(refused);
            }
            let look = |query: &Query| match feeds::is_no_text(&asked) {
                true => Ok((Vec::new(), 0)),
                false => porch.index.points(query, MOST),
            };
            let mut found = look(&asked.query)?;
            // As on the page beside it: where nothing is near enough, what is nearest.
            if let Some(anywhere) = asked.beyond().filter(|_| found.1 == 0) {
                found = look(&anywhere)?;
            }
            let (marks, total) = found;
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

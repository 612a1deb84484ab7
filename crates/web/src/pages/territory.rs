//! A territory: everything around a place, kind by kind, with the way to each whole list.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::feeds::AGENDA;
use crate::pages::Leaf;
use crate::pages::agenda::month_of_span;
use crate::pages::lists::{LISTS, List};
use crate::porch::Porch;
use crate::shelf;
use crate::views::Card;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Body, Kind, List as CodeList};
use pes_search::{Facet, Query, Sign, Sort};
use serde::Serialize;

/// How far ahead the next time of an event is looked for, in seconds.
const AHEAD: i64 = 10 * 366 * 24 * 3600;
/// How many cards of each kind.
const SHOWN: usize = 4;

#[derive(Debug, Serialize)]
struct TerritoryView {
    title: String,
    intro: String,
    /// The territories it lies in.
    around: Vec<Link>,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Link {
    label: String,
    url: String,
}

/// What there is of one kind.
#[derive(Debug, Serialize)]
struct Part {
    title: String,
    cards: Vec<Card>,
    /// The whole list.
    url: String,
    summary: String,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/territoire/{kind}/{code}", web::get().to(territory));
}

/// The address of a territory's page.
pub(crate) fn path_of(area: &Area) -> String {
    format!("/territoire/{}/{}", area.kind.as_str(), area.code)
}

async fn territory(
    porch: web::Data<Porch>,
    visit: Visit,
    path: web::Path<(String, String)>,
) -> Result<Answered, Failure> {
    porch
        .shown(visit, move |porch, visit| {
            let (kind, code) = path.into_inner();
            let area = Area::new(AreaKind::named(&kind).ok_or(Failure::Absent)?, code);
            let name = porch.rules().gazetteer.area_name(&area).ok_or(Failure::Absent)?.to_owned();
            let view = view(porch, visit, &area, name)?;
            let leaf = Leaf::new("territory", &view.title).described(view.intro.clone());
            leaf.canonical(format!("{}{}", porch.site.origin, path_of(&area))).page(porch, visit, &view)
        })
        .await
}

fn view(porch: &Porch, visit: &Visit, area: &Area, name: String) -> Result<TerritoryView, Failure> {
    let parts = LISTS
        .into_iter()
        .chain([AGENDA])
        .filter_map(|list| Some((list, list.kind?)))
        .map(|which| part(porch, visit, area, which));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    Ok(TerritoryView {
        intro: porch.words.catalogue().tell("territory-intro", &[("kind", area.kind.as_str().into())]),
        title: name,
        around: around(porch, area),
        parts: parts.into_iter().filter(|part| !part.cards.is_empty()).collect(),
    })
}

/// What there is of a kind: what takes place next, or the last published; structures by name.
fn part(porch: &Porch, visit: &Visit, area: &Area, (list, kind): (List, Kind)) -> Result<Part, Failure> {
    let now = visit.now.unix_timestamp();
    let query = Query::new(asked::sees(visit), now).choose(Facet::List(CodeList::Kind), kind.notation());
    let sort = if kind == Kind::Structure { Sort::Name } else { Sort::Date };
    let dates = (kind == Kind::Event).then_some((now, i64::MAX));
    // As the list that is linked to finds them.
    let (without, or_counts_in) = (vec![Sign::Company], vec![area.clone()]);
    let query = Query { limit: SHOWN, sort, dates, without, or_counts_in, ..query.stands_in(area) };
    let found = porch.index.look(&query)?;
    let shown = shelf::found(porch, visit, &found)?;
    let count = found.total as u64;
    // The agenda shows a month: the one in which there is something.
    let next = shown.first().and_then(|(shown, _)| match &shown.record.body {
        Body::Event(event) => event.between(now, now + AHEAD).into_iter().next(),
        _ => None,
    });
    let month = next.map_or_else(String::new, |span| format!("&mois={}", month_of_span(&span)));
    Ok(Part {
        title: porch.say(&format!("list-{}-title", list.key())),
        cards: shown.iter().map(|(shown, _)| Card::of(porch, shown)).collect(),
        url: format!("{}?territoire={}{month}", list.path, area.to_form()),
        summary: porch.words.catalogue().tell("territory-all", &[("count", count.into())]),
    })
}

/// The larger territories a commune lies in; and the department's region.
fn around(porch: &Porch, area: &Area) -> Vec<Link> {
    let gazetteer = porch.rules().gazetteer;
    let commune = match area.kind {
        AreaKind::Commune => gazetteer.commune(&area.code),
        _ => gazetteer.communes_of(area).next(),
    };
    let larger = commune.into_iter().flat_map(|commune| commune.areas()).filter(|one| one.kind > area.kind);
    // An intercommunality may lie in several departments, and is not shown in one of them.
    let larger = larger.filter(|one| area.kind != AreaKind::Epci || one.kind == AreaKind::Region);
    let link = |one: Area| Some(Link { label: gazetteer.area_name(&one)?.to_owned(), url: path_of(&one) });
    larger.filter_map(link).collect()
}

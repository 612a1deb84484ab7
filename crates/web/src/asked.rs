//! What is asked of a list by its address: words, choices, a place, an order. The same words mean the same on every list.

mod circle;
mod when;
mod whereabouts;

use crate::failure::Failure;
use crate::porch::Porch;
use crate::visit::Visit;
use pes_domain::audience::Reader;
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Code, Draft, Kind, List, Problem, Tag};
use pes_search::{Bounds, Facet, Near, Query, Sign, Sort};
use std::collections::BTreeSet;

pub(crate) use circle::{CIRCLE, Circle, ELSEWHERE, others};
pub(crate) use when::{FIELDS as WHEN, When};

/// So many values of a facet are asked for: more than are offered, for what has no name here is not.
const VALUES: usize = 60;

pub(crate) use whereabouts::{NO_LIMIT, RADII, SCOPE, Whereabouts, radius};

const DEPARTMENT: Facet = Facet::Territory(AreaKind::Department);
const COMMUNE: Facet = Facet::Territory(AreaKind::Commune);
/// What asks for ordinary companies too, in the directory.
pub(crate) const COMPANIES: &str = "entreprises";

/// The orders of a list, as addresses name them.
pub(crate) const ORDERS: [(&str, Sort); 5] = [
    ("pertinence", Sort::Relevance),
    ("distance", Sort::Distance),
    ("nom", Sort::Name),
    ("recent", Sort::Freshness),
    ("date", Sort::Date),
];

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// What the index is asked: all but where to begin and how much to give.
    pub(crate) query: Query,
    /// Where.
    pub(crate) place: Whereabouts,
    /// When: what was chosen, and what could be.
    pub(crate) when: When,
    /// Whose.
    pub(crate) circle: Circle,
    /// Whether ordinary companies are asked for too.
    pub(crate) has_companies: bool,
    /// Whether anything narrows.
    pub(crate) is_narrowed: bool,
}

impl Asked {
    /// The same without a limit to how far away, where there is one: the nearest first.
    pub(crate) fn beyond(&self) -> Option<Query> {
        let near = self.query.near.filter(|near| near.radius_km.is_some())?;
        Some(Query { near: Some(Near { radius_km: None, ..near }), sort: Sort::Distance, ..self.query.clone() })
    }

    /// What makes no sense of what was asked, and may not be passed over where nobody would be told.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.place.is_lost.as_ref().or(self.when.problem.as_ref())
    }
}

/// What the records of a kind are narrowed by, or those of all kinds.
pub(crate) fn facets_of(kind: Option<Kind>) -> Vec<Facet> {
    let lists: &[List] = match kind {
        None => &[
            List::Kind,
            List::Theme,
            List::Sector,
            List::Category,
            List::Skill,
            List::LegalForm,
            List::Label,
            List::Direction,
            List::ExchangeType,
            List::ExchangeMethod,
        ],
        Some(Kind::Structure) => &[
            List::Category,
            List::Sector,
            List::Skill,
            List::Theme,
            List::LegalForm,
            List::Label,
            List::IntegrationType,
        ],
        Some(Kind::Exchange) => {
            &[List::Direction, List::ExchangeType, List::ExchangeMethod, List::Skill, List::Sector, List::Theme]
        }
        Some(Kind::Call) => &[List::CallType, List::Skill, List::Sector, List::Theme],
        Some(Kind::Job) => &[List::ContractType, List::Skill, List::Sector],
        Some(Kind::Article) => &[List::ArticleCategory, List::Theme],
        Some(Kind::Document) => &[List::DocumentKind, List::Theme],
        Some(Kind::Event) => &[List::Theme, List::Sector],
        Some(Kind::Product) => &[List::TargetPublic, List::Sector],
        Some(_) => &[],
    };
    let lists = lists.iter().map(|list| Facet::List(*list));
    lists.chain([DEPARTMENT, COMMUNE]).chain([Facet::Tag, Facet::Network]).collect()
}

/// What a facet is called in addresses.
pub(crate) fn name_of(facet: Facet) -> &'static str {
    match facet {
        DEPARTMENT => "departement",
        COMMUNE => "commune",
        Facet::Network => "reseau",
        other => other.name(),
    }
}

/// Reads what is asked of the records of a kind, or of all. What makes no sense narrows nothing.
///
/// # Errors
/// [`Failure`], when it cannot be read who is a member here.
pub(crate) fn read(porch: &Porch, visit: &Visit, kind: Option<Kind>, chosen: &Draft) -> Result<Asked, Failure> {
    let mut query = Query::new(sees(visit), visit.now.unix_timestamp()).typed(chosen.one("q"));
    query.take_literally = chosen.is_ticked("mots");
    query.most_values = VALUES;
    let place = Whereabouts::read(porch, chosen);
    // Chosen territories are one choice: a department or a commune beside one would widen it.
    let has_areas = !place.areas().is_empty();
    let is_offered = |facet: &Facet| !has_areas || ![DEPARTMENT, COMMUNE].contains(facet);
    query.counted = facets_of(kind).into_iter().filter(is_offered).collect();
    for facet in query.counted.clone() {
        let values: BTreeSet<&String> = chosen.all(name_of(facet)).iter().collect();
        for value in values.into_iter().filter(|value| is_known(porch, facet, value)) {
            query = query.choose(facet, value);
        }
    }
    query.within = bounds(chosen.one("bbox"));
    let when = When::read(kind, chosen, visit.now);
    when.narrow(&mut query);
    let circle = Circle::read(chosen);
    circle.narrow(porch, visit, &mut query)?;
    let is_narrowed = !query.words.is_empty()
        || !query.chosen.is_empty()
        || query.voices.is_some()
        || place.is_narrowed()
        || query.within.is_some()
        || query.dates.is_some();
    query = place.narrow(query);
    let has_companies = chosen.is_ticked(COMPANIES);
    if let Some(kind) = kind {
        query = query.choose(Facet::List(List::Kind), kind.notation());
    }
    if kind == Some(Kind::Structure) {
        query = directory(query, has_companies);
    }
    query.sort = order(kind, &query, chosen.one("tri"));
    Ok(Asked { query, place, when, circle, has_companies, is_narrowed: is_narrowed || has_companies })
}

/// The directory is of what is social and solidary; an ordinary company is found by the search, by its page, and here by who asks for it.
fn directory(mut query: Query, has_companies: bool) -> Query {
    query.counted.extend(Sign::ALL.map(Facet::Sign));
    if !has_companies {
        query.without.push(Sign::Company);
    }
    query
}

/// Everything that this visitor sees.
pub(crate) fn sees(visit: &Visit) -> pes_search::Reader {
    match visit.reads_foreign() {
        Reader::Anyone => pes_search::Reader::Anyone,
        _ => pes_search::Reader::Member,
    }
}

fn is_known(porch: &Porch, facet: Facet, value: &str) -> bool {
    match facet {
        Facet::List(list) => porch.rules().thesaurus.has(&Code::new(list, value)),
        Facet::Territory(kind) => porch.rules().gazetteer.area_name(&Area::new(kind, value)).is_some(),
        Facet::Network => porch.networks().iter().any(|(origin, _)| origin == value),
        Facet::Tag => Tag::read(value).is_some(),
        Facet::Date | Facet::Sign(_) => false,
    }
}

/// The part of the map that an address names: west, south, east, north, in degrees.
fn bounds(typed: &str) -> Option<Bounds> {
    let numbers: Vec<f64> = typed.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let [west, south, east, north] = numbers.try_into().ok()?;
    let on_earth = [west, east].iter().all(|degrees: &f64| degrees.abs() <= 180.0)
        && [south, north].iter().all(|degrees: &f64| degrees.abs() <= 90.0);
    on_earth.then_some(Bounds { south, west, north, east })
}

/// The order that was asked for, if it makes sense; else, where nothing is too far, what is nearest; what fits best of what was typed; what is
/// nearest, what begins the alphabet, or what is newest.
fn order(kind: Option<Kind>, query: &Query, asked: &str) -> Sort {
    let named = ORDERS.iter().find(|(name, _)| *name == asked).map(|(_, sort)| *sort);
    let named = named.filter(|sort| *sort != Sort::Distance || query.near.is_some());
    named.unwrap_or(match kind {
        _ if query.near.is_some_and(|near| near.radius_km.is_none()) && query.acts_in.is_empty() => Sort::Distance,
        _ if !query.words.is_empty() => Sort::Relevance,
        _ if query.near.is_some() => Sort::Distance,
        Some(Kind::Structure) => Sort::Name,
        _ => Sort::Date,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_map_is_read() {
        let riviera = Bounds { west: 6.5, south: 43.0, east: 7.75, north: 44.25 };
        assert_eq!(bounds("6.5,43,7.75,44.25"), Some(riviera));
        assert_eq!(bounds(" 6.5, 43 ,7.75,44.25"), Some(riviera));
        for bad in ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "0,-91,0,0", "181,0,0,0", "NaN,0,0,0", "inf,0,0,0"] {
            assert_eq!(bounds(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_order_is_asked_for_or_fits_what_is_asked() {
        let everything = Query::new(pes_search::Reader::Anyone, 0);
        let typed = everything.clone().typed("pain");
        let point = pes_domain::place::Point::new(43.7, 7.3).unwrap();
        let near = Query { near: Some(Near { point, radius_km: Some(20.0) }), ..everything.clone() };
        assert_eq!(order(None, &Query { near: near.near, ..typed.clone() }, ""), Sort::Relevance);
        let anywhere = Some(Near { point, radius_km: None });
        assert_eq!(order(None, &Query { near: anywhere, ..typed.clone() }, ""), Sort::Distance);
        assert_eq!(order(Some(Kind::Structure), &everything, ""), Sort::Name);
        assert_eq!(order(Some(Kind::Exchange), &everything, "rien"), Sort::Date);
        assert_eq!(order(None, &typed, ""), Sort::Relevance);
        assert_eq!(order(Some(Kind::Structure), &near, ""), Sort::Distance);
        assert_eq!(order(Some(Kind::Structure), &near, "recent"), Sort::Freshness);
        assert_eq!(order(Some(Kind::Structure), &everything, "distance"), Sort::Name, "from where?");
    }

    #[test]
    fn every_facet_of_a_list_has_a_name_of_its_own() {
        for kind in Kind::ALL.into_iter().map(Some).chain([None]) {
            let mut names: Vec<&str> = facets_of(kind).into_iter().map(name_of).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{kind:?}");
        }
    }
}

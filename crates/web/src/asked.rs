//! What is asked of a list by its address: words, choices, a place, an order. The same words mean the same on every list.

mod when;

use crate::porch::Porch;
use crate::visit::Visit;
use pes_domain::audience::Reader;
use pes_domain::place::{Area, AreaKind, Place};
use pes_domain::{Code, Draft, Kind, List, Problem, Tag};
use pes_search::{Bounds, Facet, Near, Query, Sort};
use std::collections::BTreeSet;

pub(crate) use when::{FIELDS as WHEN, When};

/// How far around a place one may look, in kilometres.
pub(crate) const RADII: [u16; 5] = [5, 10, 20, 50, 100];
/// How far one looks who says nothing.
const RADIUS: u16 = 20;

/// The most territories that are looked at.
const TERRITORIES: usize = 50;

/// What asks for the other networks alone.
pub(crate) const ELSEWHERE: &str = "ailleurs";

const DEPARTMENT: Facet = Facet::Territory(AreaKind::Department);
const COMMUNE: Facet = Facet::Territory(AreaKind::Commune);

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
    /// Around which commune, and how far.
    pub(crate) around: Option<(Place, u16)>,
    /// What is wrong with the commune that was typed.
    pub(crate) is_lost: Option<Problem>,
    /// When: what was chosen, and what could be.
    pub(crate) when: When,
    /// Territories that were chosen by their code, whatever their kind.
    pub(crate) areas: Vec<Area>,
    /// Whether only what other networks publish is asked for.
    pub(crate) is_elsewhere: bool,
    /// Whether anything narrows.
    pub(crate) is_narrowed: bool,
}

impl Asked {
    /// What makes no sense of what was asked, and may not be passed over where nobody would be told.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.is_lost.as_ref().or(self.when.problem.as_ref())
    }
}

/// What the records of a kind are narrowed by, or those of all kinds.
pub(crate) fn facets_of(kind: Option<Kind>) -> Vec<Facet> {
    let lists: &[List] = match kind {
        None => &[List::Kind, List::Theme, List::Sector, List::Category, List::Skill],
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
    let places = [DEPARTMENT, COMMUNE].into_iter().filter(|_| has_place(kind));
    lists.chain(places).chain([Facet::Tag, Facet::Network]).collect()
}

/// Whether the records of a kind are somewhere.
pub(crate) fn has_place(kind: Option<Kind>) -> bool {
    !matches!(kind, Some(Kind::Call | Kind::Article | Kind::Product | Kind::Document))
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
pub(crate) fn read(porch: &Porch, visit: &Visit, kind: Option<Kind>, chosen: &Draft) -> Asked {
    let mut query = Query::new(sees(visit), visit.now.unix_timestamp()).typed(chosen.one("q"));
    query.take_literally = chosen.is_ticked("mots");
    let areas = areas(porch, chosen);
    // Chosen territories are one choice: a department or a commune beside one would widen it.
    let is_offered = |facet: &Facet| areas.is_empty() || ![DEPARTMENT, COMMUNE].contains(facet);
    query.counted = facets_of(kind).into_iter().filter(is_offered).collect();
    for facet in query.counted.clone() {
        let values: BTreeSet<&String> = chosen.all(name_of(facet)).iter().collect();
        for value in values.into_iter().filter(|value| is_known(porch, facet, value)) {
            query = query.choose(facet, value);
        }
    }
    let (around, is_lost) = match Place::raise(chosen, "lieu", porch.rules().gazetteer) {
        Ok(place) => (place.map(|place| (place, radius(chosen))), None),
        Err(problem) => (None, Some(problem)),
    };
    query.within = bounds(chosen.one("bbox"));
    let when = When::read(kind, chosen, visit.now);
    when.narrow(&mut query);
    let is_elsewhere = chosen.is_ticked(ELSEWHERE);
    if is_elsewhere {
        only_others(porch, &mut query);
    }
    let is_narrowed = !query.words.is_empty()
        || !query.chosen.is_empty()
        || around.is_some()
        || !areas.is_empty()
        || query.within.is_some()
        || query.dates.is_some();
    query = narrowed(query, around.as_ref(), &areas, chosen.one("portee") == "agit");
    if let Some(kind) = kind {
        query = query.choose(Facet::List(List::Kind), kind.notation());
    }
    query.sort = order(kind, &query, chosen.one("tri"));
    Asked { query, around, is_lost, when, areas, is_elsewhere, is_narrowed }
}

/// The origins of the other networks that are known here.
pub(crate) fn others(porch: &Porch) -> Vec<String> {
    let all = porch.networks().into_iter().map(|(origin, _)| origin);
    all.filter(|origin| *origin != porch.site.origin).collect()
}

/// Leaves out what is our own. Where no other network is left, nothing is.
fn only_others(porch: &Porch, query: &mut Query) {
    let mut others = others(porch);
    if let Some(chosen) = query.chosen.get(&Facet::Network) {
        others.retain(|origin| chosen.contains(origin));
    }
    if others.is_empty() {
        others.push(String::new());
    }
    query.chosen.insert(Facet::Network, others);
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
        Facet::Date => false,
    }
}

fn radius(chosen: &Draft) -> u16 {
    chosen.one("rayon").parse().ok().filter(|radius| RADII.contains(radius)).unwrap_or(RADIUS)
}

fn areas(porch: &Porch, chosen: &Draft) -> Vec<Area> {
    let read = |typed: &String| Area::read("territoire", typed, porch.rules().gazetteer).ok();
    let typed = chosen.all("territoire").iter().filter(|typed| typed.contains(':')).take(TERRITORIES);
    typed.filter_map(read).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Narrows by where: around a commune, or the commune where nobody knows its point; in territories, or acting in them.
fn narrowed(mut query: Query, around: Option<&(Place, u16)>, areas: &[Area], acts: bool) -> Query {
    match around {
        Some((Place { point: Some(point), .. }, radius)) => {
            query.near = Some(Near { point: *point, radius_km: Some(f64::from(*radius)) });
        }
        Some((place, _)) => query = query.stands_in(&Area::new(AreaKind::Commune, &place.commune)),
        None => {}
    }
    if acts {
        query.acts_in = areas.to_vec();
        return query;
    }
    areas.iter().fold(query, |query, area| query.stands_in(area))
}

/// The part of the map that an address names: west, south, east, north, in degrees.
fn bounds(typed: &str) -> Option<Bounds> {
    let numbers: Vec<f64> = typed.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let [west, south, east, north] = numbers.try_into().ok()?;
    let on_earth = [west, east].iter().all(|degrees: &f64| degrees.abs() <= 180.0)
        && [south, north].iter().all(|degrees: &f64| degrees.abs() <= 90.0);
    on_earth.then_some(Bounds { south, west, north, east })
}

/// The order that was asked for, if it makes sense; else what fits best of what was typed, what is nearest, what begins the alphabet, or
/// what is newest.
fn order(kind: Option<Kind>, query: &Query, asked: &str) -> Sort {
    let named = ORDERS.iter().find(|(name, _)| *name == asked).map(|(_, sort)| *sort);
    let named = named.filter(|sort| *sort != Sort::Distance || query.near.is_some());
    named.unwrap_or(match kind {
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
        let near = Query { near: Some(Near { point, radius_km: None }), ..everything.clone() };
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

//! Where one looks: around a commune or in a territory that was typed, in territories that the address names; where things are, or where they
//! act.

use crate::porch::Porch;
use pes_domain::place::{Area, AreaKind, Place};
use pes_domain::{Draft, Gazetteer, Problem, Why};
use pes_search::{Near, Query};
use std::collections::BTreeSet;

/// How far around a place one may look, in kilometres.
pub(crate) const RADII: [u16; 5] = [5, 10, 20, 50, 100];
/// How far one looks who says nothing.
const RADIUS: u16 = 20;
/// What asks for everything, the nearest first.
pub(crate) const NO_LIMIT: &str = "sans-limite";
/// The most territories that are looked at.
const TERRITORIES: usize = 50;
/// What asks where things act, and the name it is asked by.
pub(crate) const SCOPE: (&str, &str) = ("portee", "agit");

/// Where.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Whereabouts {
    /// Around which commune, and how far in kilometres; `None`: anywhere.
    pub(crate) around: Option<(Place, Option<u16>)>,
    /// The territory that was typed, if that is larger than a commune.
    pub(crate) typed: Option<Area>,
    /// What is wrong with what was typed.
    pub(crate) is_lost: Option<Problem>,
    /// Territories that the address names by their code.
    pub(crate) named: Vec<Area>,
    /// Whether it is asked where things act, and not where they are.
    pub(crate) acts: bool,
}

impl Whereabouts {
    /// Reads what was typed and what the address names. What makes no sense narrows nothing.
    pub(crate) fn read(porch: &Porch, chosen: &Draft) -> Self {
        let gazetteer = porch.rules().gazetteer;
        let mut one = Self { acts: chosen.one(SCOPE.0) == SCOPE.1, ..Self::named(chosen, gazetteer) };
        let Some(typed) = chosen.text("lieu") else { return one };
        match gazetteer.find_areas(&typed).as_slice() {
            [] => one.is_lost = Some(Problem::new("lieu", Why::NotACommune)),
            [area] if area.kind == AreaKind::Commune => {
                let commune = gazetteer.commune(&area.code).map(Place::of);
                one.around = commune.map(|place| (place, radius(chosen)));
            }
            [area] => one.typed = Some(area.clone()),
            _ => one.is_lost = Some(Problem::new("lieu", Why::SeveralCommunes)),
        }
        one
    }

    fn named(chosen: &Draft, gazetteer: &Gazetteer) -> Self {
        let read = |typed: &String| Area::read("territoire", typed, gazetteer).ok();
        let typed = chosen.all("territoire").iter().filter(|typed| typed.contains(':')).take(TERRITORIES);
        let named = typed.filter_map(read).collect::<BTreeSet<_>>().into_iter().collect();
        Self { named, ..Self::default() }
    }

    /// All territories that are asked for.
    pub(crate) fn areas(&self) -> Vec<Area> {
        self.named.iter().chain(&self.typed).cloned().collect()
    }

    /// Whether it narrows.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.around.is_some() || self.typed.is_some() || !self.named.is_empty()
    }

    /// Narrows a query: around a commune, or to the commune where nobody knows its point; in territories; or acting in any of these.
    pub(crate) fn narrow(&self, mut query: Query) -> Query {
        let commune = self.around.as_ref().map(|(place, _)| Area::new(AreaKind::Commune, &place.commune));
        let point = self.around.as_ref().and_then(|(place, radius)| Some((place.point?, *radius)));
        if let Some((point, radius)) = point {
            // Who acts there may be anywhere: how far they are is told.
            query.near = Some(Near { point, radius_km: radius.filter(|_| !self.acts).map(f64::from) });
        }
        if self.acts {
            query.acts_in = self.areas().into_iter().chain(commune).collect();
            return query;
        }
        let areas: Vec<Area> = self.areas().into_iter().chain(commune.filter(|_| point.is_none())).collect();
        query.or_counts_in = areas.clone();
        areas.iter().fold(query, |query, area| query.stands_in(area))
    }
}

/// How far around a place one looks, in kilometres; `None`: anywhere.
pub(crate) fn radius(chosen: &Draft) -> Option<u16> {
    match chosen.one("rayon") {
        NO_LIMIT => None,
        typed => Some(typed.parse().ok().filter(|radius| RADII.contains(radius)).unwrap_or(RADIUS)),
    }
}

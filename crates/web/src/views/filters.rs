//! What a list is narrowed by, with how much each choice would leave, and its pages.

use crate::asked::{self, Asked, ORDERS, RADII};
use crate::porch::Porch;
use crate::views::fields::OptionView;
use crate::views::form::problem_sentence;
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Code, Draft, Kind, List};
use pes_search::{Facet, Found, Sort};
use serde::Serialize;
use std::collections::BTreeSet;
use time::Date;

/// The most of what an address asks that the next address asks again.
const PAIRS: usize = 100;
/// The most values of a facet that are offered.
const MOST: usize = 30;

/// The filters of a list, with what is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Filters {
    /// What was typed.
    pub(crate) words: String,
    /// Where around, as it was typed, and what is wrong with it; not for what is nowhere.
    pub(crate) place: Option<PlaceView>,
    pub(crate) orders: Vec<OptionView>,
    pub(crate) facets: Vec<FacetView>,
    /// When, where that can be chosen.
    pub(crate) dates: Option<DatesView>,
    /// Territories that the address names; each can be taken off.
    pub(crate) territories: Vec<OptionView>,
    /// Where a record stands, or where it acts: asked of structures in a territory.
    pub(crate) scopes: Vec<OptionView>,
    /// Whether only what other networks publish is shown.
    pub(crate) is_elsewhere: bool,
    /// The part of the map that is looked at.
    pub(crate) bbox: String,
    /// Whether anything narrows.
    pub(crate) is_narrowed: bool,
    /// Whether there is anything to choose beside words, place and order.
    pub(crate) is_folded: bool,
    /// Whether anything of it is chosen.
    pub(crate) is_chosen: bool,
}

/// A place to look around.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PlaceView {
    pub(crate) value: String,
    pub(crate) error: Option<String>,
    /// Communes that may have been meant.
    pub(crate) choices: Vec<OptionView>,
    pub(crate) radii: Vec<OptionView>,
}

/// A facet with its values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct FacetView {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) values: Vec<ValueView>,
}

/// A value of a facet, and how many records have it under all other choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ValueView {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) count: usize,
    pub(crate) depth: usize,
    pub(crate) is_chosen: bool,
}

/// When: one of a few periods, of events also from one day to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DatesView {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) values: Vec<ValueView>,
    /// Whether none of them is chosen.
    pub(crate) is_any: bool,
    pub(crate) days: Option<DaysView>,
    pub(crate) error: Option<String>,
}

/// From one day to another, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DaysView {
    pub(crate) from: String,
    pub(crate) until: String,
}

/// Where in a list one is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Pager {
    pub(crate) number: u64,
    pub(crate) count: u64,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

/// The filters for what was asked, and what was found.
pub(crate) fn of(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft), found: &Found) -> Filters {
    let place = asked::has_place(kind).then(|| place(porch, asked, chosen));
    let facet = |facet: &Facet| facet_view(porch, *facet, (asked, chosen), found);
    let scope = |(value, key)| OptionView::new(value, porch.say(key), value == chosen.one("portee"));
    let scopes = [("", "scope-stands"), ("agit", "scope-acts")].map(scope);
    let facets: Vec<FacetView> =
        asked.query.counted.iter().filter(|facet| **facet != kind_facet(kind)).filter_map(facet).collect();
    let dates = dates(porch, asked, chosen, found);
    let has_scope = kind == Some(Kind::Structure) && !asked.areas.is_empty();
    Filters {
        words: asked.query.words.clone(),
        place,
        orders: orders(porch, kind, asked),
        is_folded: !facets.is_empty() || dates.is_some(),
        facets,
        dates,
        territories: asked.areas.iter().map(|area| territory(porch, area)).collect(),
        scopes: if has_scope { scopes.into() } else { Vec::new() },
        is_elsewhere: asked.is_elsewhere,
        bbox: asked.query.within.map_or_else(String::new, |_| chosen.one("bbox").to_owned()),
        is_narrowed: asked.is_narrowed,
        is_chosen: is_chosen(kind, asked, chosen),
    }
}

/// Whether anything is chosen of what is folded.
fn is_chosen(kind: Option<Kind>, asked: &Asked, chosen: &Draft) -> bool {
    let has_days = asked.when.days().is_some() || asked.when.problem.is_some();
    let mut shown = asked.query.counted.iter().filter(|facet| **facet != kind_facet(kind));
    has_days || shown.any(|facet| !chosen_of(*facet, asked, chosen).is_empty())
}

/// The facet that a list of one kind does not show.
fn kind_facet(kind: Option<Kind>) -> Facet {
    if kind.is_some() { Facet::List(List::Kind) } else { Facet::Date }
}

fn place(porch: &Porch, asked: &Asked, chosen: &Draft) -> PlaceView {
    let radius = asked.around.as_ref().map_or(0, |(_, radius)| *radius);
    let option = |km: u16| {
        let label = porch.words.catalogue().tell("radius", &[("km", u64::from(km).into())]);
        OptionView::new(km.to_string(), label, km == radius || (radius == 0 && km == 20))
    };
    let typed = asked.around.as_ref().map_or_else(|| chosen.one("lieu").to_owned(), |(place, _)| place.to_form());
    let error = asked.is_lost.as_ref().map(|problem| problem_sentence(porch, problem));
    let meant = error.iter().flat_map(|_| porch.rules().gazetteer.suggest(&typed, 8));
    let choices = meant.map(|commune| {
        let label = commune.to_choice(porch.rules().gazetteer);
        OptionView::new(
            format!("{}lieu={}", query(chosen, &["lieu", "page"]), escaped(&commune.to_form())),
            label,
            false,
        )
    });
    let choices = choices.collect();
    PlaceView { value: typed, error, choices, radii: RADII.map(option).into() }
}

fn orders(porch: &Porch, kind: Option<Kind>, asked: &Asked) -> Vec<OptionView> {
    let query = &asked.query;
    let makes_sense = |sort: Sort| match sort {
        Sort::Relevance => !query.words.is_empty(),
        Sort::Distance => query.near.is_some(),
        Sort::Date => kind != Some(Kind::Structure),
        Sort::Name | Sort::Freshness => true,
    };
    let sensible = ORDERS.into_iter().filter(|(_, sort)| makes_sense(*sort) || *sort == query.sort);
    sensible
        .map(|(name, sort)| OptionView::new(name, porch.say(&format!("order-{name}")), sort == query.sort))
        .collect()
}

fn territory(porch: &Porch, area: &Area) -> OptionView {
    let name = porch.rules().gazetteer.area_name(area).unwrap_or(&area.code);
    OptionView::new(area.to_form(), name, true)
}

/// The periods, each with how many it would leave.
fn dates(porch: &Porch, asked: &Asked, chosen: &Draft, found: &Found) -> Option<DatesView> {
    let when = &asked.when;
    if when.periods.is_empty() {
        return None;
    }
    let counts = found.facets.get(&Facet::Date).map_or(&[][..], Vec::as_slice);
    let view = |(name, ..): &(&'static str, Date, Option<Date>)| ValueView {
        value: (*name).to_owned(),
        label: porch.say(&format!("filter-{}-{name}", when.name)),
        count: counts.iter().find(|(other, _)| other == name).map_or(0, |(_, count)| *count),
        depth: 0,
        is_chosen: when.chosen == Some(*name),
    };
    let days = (when.name == "quand")
        .then(|| DaysView { from: chosen.one("du").to_owned(), until: chosen.one("au").to_owned() });
    Some(DatesView {
        name: when.name,
        label: porch.say(&format!("filter-{}", when.name)),
        values: when.periods.iter().map(view).collect(),
        is_any: when.chosen.is_none(),
        days,
        error: when.problem.as_ref().map(|_| porch.say("filter-days-wrong")),
    })
}

/// A facet, where there is something to choose.
fn facet_view(porch: &Porch, facet: Facet, (asked, draft): (&Asked, &Draft), found: &Found) -> Option<FacetView> {
    let chosen = chosen_of(facet, asked, draft);
    let mut all = found.facets.get(&facet).cloned().unwrap_or_default();
    for value in chosen {
        // What was chosen can be taken off, whatever is left of it.
        if !all.iter().any(|(other, _)| other == value) {
            all.push((value.clone(), 0));
        }
    }
    let values = match facet {
        Facet::List(list) => concepts(porch, list, &all, chosen),
        // The periods are shown apart.
        Facet::Date => return None,
        _ => named(porch, facet, &all, chosen),
    };
    let name = asked::name_of(facet);
    let is_worth_it = values.len() > 1 || !chosen.is_empty();
    is_worth_it.then(|| FacetView { name, label: porch.say(&format!("filter-{name}")), values })
}

/// The values of a facet that somebody chose: that all networks but ours are asked for is another choice.
pub(crate) fn chosen_of<'a>(facet: Facet, asked: &'a Asked, draft: &Draft) -> &'a [String] {
    let is_implied = facet == Facet::Network && asked.is_elsewhere && draft.all(asked::name_of(facet)).is_empty();
    match asked.query.chosen.get(&facet) {
        Some(chosen) if !is_implied => chosen,
        _ => &[],
    }
}

/// The concepts in the order of their list: those at the top, and what is below those that were chosen.
fn concepts(porch: &Porch, list: List, all: &[(String, usize)], chosen: &[String]) -> Vec<ValueView> {
    let thesaurus = &porch.rules().thesaurus;
    let is_chosen = |code: &Code| chosen.iter().any(|value| value == code.notation());
    let is_offered = |code: &Code| {
        let above = thesaurus.path(code).nth(1);
        above.is_none_or(is_chosen)
            || chosen.iter().any(|value| thesaurus.path(&Code::new(list, value)).any(|one| one == code))
    };
    let view = |concept: &pes_domain::thesaurus::Concept| {
        let (_, count) = all.iter().find(|(value, _)| value == concept.code.notation())?;
        is_offered(&concept.code).then(|| ValueView {
            value: concept.code.notation().to_owned(),
            label: concept.label.clone(),
            count: *count,
            depth: thesaurus.depth(&concept.code),
            is_chosen: is_chosen(&concept.code),
        })
    };
    thesaurus.list(list).filter_map(view).collect()
}

/// Territories, words and networks, the most frequent first.
fn named(porch: &Porch, facet: Facet, all: &[(String, usize)], chosen: &[String]) -> Vec<ValueView> {
    let labels = Labels::of(porch);
    let view = |(value, count): &(String, usize)| {
        Some(ValueView {
            value: value.clone(),
            label: labels.of_value(facet, value)?,
            count: *count,
            depth: 0,
            is_chosen: chosen.contains(value),
        })
    };
    let mut values: Vec<ValueView> = all.iter().filter_map(view).collect();
    let mut kept = 0;
    values.retain(|one| {
        kept += 1;
        kept <= MOST || one.is_chosen
    });
    values
}

/// What values of facets are called.
pub(crate) struct Labels<'a> {
    porch: &'a Porch,
    networks: Vec<(String, String)>,
}

impl<'a> Labels<'a> {
    pub(crate) fn of(porch: &'a Porch) -> Self {
        Self { porch, networks: porch.networks() }
    }

    /// What a value is called; nothing where it is called nothing here.
    pub(crate) fn of_value(&self, facet: Facet, value: &str) -> Option<String> {
        let rules = self.porch.rules();
        match facet {
            Facet::List(list) => Some(rules.thesaurus.label(&Code::new(list, value)).to_owned()),
            Facet::Tag => Some(format!("#{value}")),
            Facet::Territory(kind) => {
                let name = rules.gazetteer.area_name(&Area::new(kind, value)).map(str::to_owned)?;
                Some(if kind == AreaKind::Department { format!("{name} ({value})") } else { name })
            }
            Facet::Network | Facet::Date => {
                self.networks.iter().find(|(origin, _)| origin == value).map(|(_, name)| name.clone())
            }
        }
    }
}

/// How what was typed was taken, where that is not just as it was typed.
pub(crate) fn understood(porch: &Porch, asked: &Asked, found: &Found) -> Vec<String> {
    let (understood, words) = (&found.understood, &asked.query.words);
    let is_unread = !words.trim().is_empty() && !words.contains(char::is_alphanumeric);
    let catalogue = porch.words.catalogue();
    let place = understood.place.as_ref();
    let place = place.map(|place| catalogue.tell("understood-place", &[("place", place.label.clone().into())]));
    // Where any word is enough, that says enough.
    let forgiving = (understood.forgiving && !understood.any_word).then(|| porch.say("understood-forgiving"));
    let any_word = understood.any_word.then(|| porch.say("understood-any-word"));
    let unread = is_unread.then(|| porch.say("understood-nothing"));
    place.into_iter().chain(forgiving).chain(any_word).chain(unread).collect()
}

/// Where what was typed is taken word by word, where a place was read among the words.
pub(crate) fn literal(path: &str, chosen: &Draft, found: &Found) -> Option<String> {
    found.understood.place.as_ref().map(|_| format!("{path}?{}mots=1", query(chosen, &["page"])))
}

impl Pager {
    /// The pager of a list of so many, `size` a page. The filters stay in the address.
    pub(crate) fn of(path: &str, chosen: &Draft, number: u64, total: u64, size: u64) -> Self {
        let count = total.div_ceil(size).max(1);
        let link = |number: u64| format!("{path}?{}page={number}", query(chosen, &["page"]));
        Self {
            number,
            count,
            previous: (number > 1).then(|| link(number - 1)),
            next: (number < count).then(|| link(number + 1)),
        }
    }
}

/// What is asked, as an address says it, each with an `&` behind it; without some.
pub(crate) fn query(chosen: &Draft, without: &[&str]) -> String {
    let kept = chosen.fields().filter(|(name, _)| !without.contains(name));
    let pairs = kept.flat_map(|(name, values)| values.iter().filter(|v| !v.is_empty()).map(move |v| (name, v)));
    let mut said = BTreeSet::new();
    pairs
        .filter(|pair| said.insert(*pair))
        .take(PAIRS)
        .map(|(name, value)| format!("{}={}&", escaped(name), escaped(value)))
        .collect()
}

/// Percent-encodes what stands in a query.
pub(crate) fn escaped(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_keeps_the_filters() {
        let chosen: Draft = [("skill", "é&"), ("page", "2"), ("sector", "")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into_iter()
            .collect();
        let pager = Pager::of("/annonces", &chosen, 2, 45, 20);
        assert_eq!(pager.count, 3);
        assert_eq!(pager.previous.as_deref(), Some("/annonces?skill=%C3%A9%26&page=1"));
        assert_eq!(pager.next.as_deref(), Some("/annonces?skill=%C3%A9%26&page=3"));
        assert_eq!(
            Pager::of("/annonces", &Draft::default(), 1, 0, 20),
            Pager { number: 1, count: 1, previous: None, next: None }
        );
    }
}

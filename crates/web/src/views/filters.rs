//! What a list is narrowed by, with how much each choice would leave, and its pages.

use crate::asked::{self, Asked, Circle, NO_LIMIT, ORDERS, RADII, SCOPE};
use crate::pages::meant_as;
use crate::porch::Porch;
use crate::views::criteria::{Chip, chips};
use crate::views::fields::OptionView;
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Code, Draft, Kind, List, Why};
use pes_search::{Facet, Found, Sign, Sort};
use pes_words::catalogue::grouped;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use time::Date;

/// The most of what an address asks that the next address asks again.
const PAIRS: usize = 100;
/// The most values of a facet that are offered, and that are where all are asked for: more are no choice, but a book.
const MOST: usize = 30;
const ALL: usize = 500;
/// What asks for all values of a facet, by its name.
const WHOLE: &str = "tout";
/// How many territories are offered that may have been meant.
const MEANT: usize = 8;

/// The filters of a list, with what is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Filters {
    /// What was typed.
    pub(crate) words: String,
    /// Where, as it was typed, and what is wrong with it.
    pub(crate) place: PlaceView,
    pub(crate) orders: Vec<OptionView>,
    pub(crate) facets: Vec<FacetView>,
    /// When, where that can be chosen.
    pub(crate) dates: Option<DatesView>,
    /// Territories that the address names.
    pub(crate) territories: Vec<String>,
    /// Whose, where other networks are known.
    pub(crate) circles: Vec<OptionView>,
    /// Ordinary companies, in the directory: how many there are, and whether they are shown.
    pub(crate) companies: Option<ValueView>,
    /// The part of the map that is looked at.
    pub(crate) bbox: String,
    /// All that is chosen, each with the way to take it back.
    pub(crate) chips: Vec<Chip>,
    /// Whether anything narrows.
    pub(crate) is_narrowed: bool,
    /// Whether there is anything to choose beside words, place and order.
    pub(crate) is_folded: bool,
    /// Whether that is to be seen at once: something of it is wrong, or all of a facet was asked for.
    pub(crate) is_open: bool,
}

/// A place to look around, or in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PlaceView {
    pub(crate) value: String,
    pub(crate) error: Option<String>,
    /// Territories that may have been meant.
    pub(crate) choices: Vec<OptionView>,
    pub(crate) radii: Vec<OptionView>,
    /// Where a structure stands, or where it acts.
    pub(crate) scopes: Vec<OptionView>,
}

/// A facet with its values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct FacetView {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) values: Vec<ValueView>,
    /// Where all its values are shown, if these are not all.
    pub(crate) more: Option<String>,
}

/// A value of a facet, and how many records have it under all other choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ValueView {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) count: String,
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
    let facet = |facet: &Facet| facet_view(porch, *facet, (asked, chosen), found);
    let facets: Vec<FacetView> =
        asked.query.counted.iter().filter(|facet| **facet != kind_facet(kind)).filter_map(facet).collect();
    let dates = dates(porch, kind, (asked, chosen), found);
    let companies = (kind == Some(Kind::Structure)).then(|| companies(porch, asked, found)).flatten();
    Filters {
        words: asked.query.words.clone(),
        place: place(porch, kind, (asked, chosen)),
        orders: orders(porch, kind, asked, chosen.one("tri")),
        chips: chips(porch, kind, (asked, chosen)),
        is_folded: !facets.is_empty() || dates.is_some() || companies.is_some(),
        is_open: asked.when.problem.is_some() || facets.iter().any(|facet| facet.name == chosen.one(WHOLE)),
        facets,
        dates,
        territories: asked.place.named.iter().map(Area::to_form).collect(),
        circles: circles(porch, asked),
        companies,
        bbox: asked.query.within.map_or_else(String::new, |_| chosen.one("bbox").to_owned()),
        is_narrowed: asked.is_narrowed,
    }
}

/// Whose, where there is a choice.
fn circles(porch: &Porch, asked: &Asked) -> Vec<OptionView> {
    if asked::others(porch).is_empty() {
        return Vec::new();
    }
    let key = |circle: Circle| match circle {
        Circle::All => "circle-all",
        Circle::Ours => "circle-ours",
        Circle::Elsewhere => "filter-elsewhere",
    };
    let all = Circle::ALL.into_iter();
    all.map(|(circle, value)| OptionView::new(value, porch.say(key(circle)), circle == asked.circle)).collect()
}

/// Ordinary companies, where there are any.
fn companies(porch: &Porch, asked: &Asked, found: &Found) -> Option<ValueView> {
    let count = sign(found, Sign::Company);
    (count > 0 || asked.has_companies).then(|| ValueView {
        value: "on".into(),
        label: porch.say("filter-companies"),
        count: grouped(count),
        depth: 0,
        is_chosen: asked.has_companies,
    })
}

/// How many bear a sign.
pub(crate) fn sign(found: &Found, sign: Sign) -> usize {
    found.facets.get(&Facet::Sign(sign)).and_then(|counts| counts.first()).map_or(0, |(_, count)| *count)
}

/// The facet that a list of one kind does not show.
fn kind_facet(kind: Option<Kind>) -> Facet {
    if kind.is_some() { Facet::List(List::Kind) } else { Facet::Date }
}

fn place(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> PlaceView {
    let (whereabouts, gazetteer) = (&asked.place, porch.rules().gazetteer);
    let radius = asked::radius(chosen);
    let option = |km: u16| {
        let label = porch.words.catalogue().tell("radius", &[("km", u64::from(km).into())]);
        OptionView::new(km.to_string(), label, radius == Some(km))
    };
    let no_limit = OptionView::new(NO_LIMIT, porch.say("radius-none"), radius.is_none());
    let commune = whereabouts.around.as_ref().map(|(place, _)| place.to_form());
    let larger = whereabouts.typed.as_ref().map(|area| gazetteer.area_to_form(area));
    let typed = commune.or(larger).unwrap_or_else(|| chosen.one("lieu").to_owned());
    let (error, meant) = match whereabouts.is_lost.as_ref().map(|problem| problem.why) {
        None => (None, Vec::new()),
        Some(Why::SeveralCommunes) => (Some(porch.say("place-several")), gazetteer.find_areas(&typed)),
        Some(_) => (Some(porch.say("place-unknown")), gazetteer.suggest_areas(&typed, MEANT)),
    };
    let choice = |area: &Area| {
        let form = escaped(&gazetteer.area_to_form(area));
        OptionView::new(format!("{}lieu={form}", query(chosen, &["lieu", "page"])), meant_as(porch, area), false)
    };
    let choices = meant.iter().take(MEANT).map(choice).collect();
    let scope =
        |(value, key): (&str, &str)| OptionView::new(value, porch.say(key), whereabouts.acts != value.is_empty());
    let has_scope = kind == Some(Kind::Structure);
    let scopes = if has_scope { [("", "scope-stands"), (SCOPE.1, "scope-acts")].map(scope).into() } else { Vec::new() };
    PlaceView { value: typed, error, choices, radii: RADII.map(option).into_iter().chain([no_limit]).collect(), scopes }
}

/// The orders there are. The one that nobody asked for says nothing in the address: with words or a place typed beside it, another fits.
fn orders(porch: &Porch, kind: Option<Kind>, asked: &Asked, typed: &str) -> Vec<OptionView> {
    let query = &asked.query;
    let value = |name, sort: Sort| if sort == query.sort && name != typed { "" } else { name };
    let makes_sense = |sort: Sort| match sort {
        Sort::Relevance => !query.words.is_empty(),
        Sort::Distance => query.near.is_some(),
        Sort::Date => kind != Some(Kind::Structure),
        Sort::Name | Sort::Freshness => true,
    };
    let sensible = ORDERS.into_iter().filter(|(_, sort)| makes_sense(*sort) || *sort == query.sort);
    sensible
        .map(|(name, sort)| OptionView::new(value(name, sort), porch.say(&format!("order-{name}")), sort == query.sort))
        .collect()
}

/// The periods, each with how many it would leave.
fn dates(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft), found: &Found) -> Option<DatesView> {
    let when = &asked.when;
    if when.periods.is_empty() {
        return None;
    }
    let counts = found.facets.get(&Facet::Date).map_or(&[][..], Vec::as_slice);
    let view = |(name, ..): &(&'static str, Date, Option<Date>)| ValueView {
        value: (*name).to_owned(),
        label: porch.say(&format!("filter-{}-{name}", when.name)),
        count: grouped(counts.iter().find(|(other, _)| other == name).map_or(0, |(_, count)| *count)),
        depth: 0,
        is_chosen: when.chosen == Some(*name),
    };
    let days = (when.name == "quand")
        .then(|| DaysView { from: chosen.one("du").to_owned(), until: chosen.one("au").to_owned() });
    Some(DatesView {
        name: when.name,
        // Of everything together, some takes place and some was published.
        label: porch.say(&if kind.is_none() { "filter-date".into() } else { format!("filter-{}", when.name) }),
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
        Facet::Date | Facet::Sign(_) => return None,
        _ => named(porch, facet, &all, chosen),
    };
    let name = asked::name_of(facet);
    let is_worth_it = values.len() > 1 || !chosen.is_empty();
    is_worth_it.then(|| {
        let (values, more) = cut(values, draft.one(WHOLE) == name);
        let more = more.then(|| format!("?{}{WHOLE}={name}#filtres", query(draft, &["page", WHOLE])));
        FacetView { name, label: porch.say(&format!("filter-{name}")), values, more }
    })
}

/// The values of a facet that somebody chose: that all networks but ours are asked for is another choice.
pub(crate) fn chosen_of<'a>(facet: Facet, asked: &'a Asked, draft: &Draft) -> &'a [String] {
    let is_implied =
        facet == Facet::Network && asked.circle == Circle::Elsewhere && draft.all(asked::name_of(facet)).is_empty();
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
    let counts: HashMap<&str, usize> = all.iter().map(|(value, count)| (value.as_str(), *count)).collect();
    let view = |concept: &pes_domain::thesaurus::Concept| {
        let count = counts.get(concept.code.notation())?;
        is_offered(&concept.code).then(|| ValueView {
            value: concept.code.notation().to_owned(),
            label: concept.label.clone(),
            count: grouped(*count),
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
            count: grouped(*count),
            depth: 0,
            is_chosen: chosen.contains(value),
        })
    };
    all.iter().filter_map(view).collect()
}

/// The first of many values and those that are chosen, and whether more are to be had; or all that a page holds, by name.
fn cut(mut values: Vec<ValueView>, is_whole: bool) -> (Vec<ValueView>, bool) {
    let most = if is_whole { ALL } else { MOST };
    let is_more = !is_whole && values.len() > most;
    let mut kept = 0;
    values.retain(|one| {
        kept += 1;
        kept <= most || one.is_chosen
    });
    if is_whole {
        values.sort_by_cached_key(|one| pes_domain::code::fold(&one.label));
    }
    (values, is_more)
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
            Facet::Network | Facet::Date | Facet::Sign(_) => {
                self.networks.iter().find(|(origin, _)| origin == value).map(|(_, name)| name.clone())
            }
        }
    }
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
    query_but(chosen, |name, _| without.contains(&name))
}

/// The same without whatever is taken back.
pub(crate) fn query_but(chosen: &Draft, is_taken_back: impl Fn(&str, &str) -> bool) -> String {
    let pairs = chosen.fields().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    let kept = pairs.filter(|(name, value)| !value.is_empty() && !is_taken_back(name, value));
    let mut said = BTreeSet::new();
    kept.filter(|pair| said.insert(*pair))
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

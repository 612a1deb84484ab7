//! What a list is narrowed by, in words: told on paper, where nobody sees what is ticked, and in the titles of feeds, so that two of one list are
//! told apart; and offered above the list, each to be taken back by itself. So a folded form hides no choice.

use crate::asked::{Asked, CIRCLE, COMPANIES, Circle, ELSEWHERE, SCOPE, name_of};
use crate::porch::Porch;
use crate::views::filters::query_but;
use crate::views::{Labels, chosen_of};
use pes_domain::place::{Area, Place};
use pes_domain::{Draft, Kind, List};
use pes_search::Facet;
use pes_words::dates;
use serde::Serialize;
use time::Date;

/// The most characters of what was typed that are repeated.
const TYPED: usize = 100;
/// The most of it that a title tells.
const MOST: usize = 8;

/// Something that narrows a list.
struct Criterion {
    label: String,
    taken: Taken,
}

/// What of an address asks for it.
enum Taken {
    /// All that is asked by these names.
    Names(&'static [&'static str]),
    /// One of several values.
    Value(&'static str, String),
}

/// The same, with the list without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Chip {
    pub(crate) label: String,
    pub(crate) url: String,
}

impl Criterion {
    fn new(label: String, names: &'static [&'static str]) -> Self {
        Self { label, taken: Taken::Names(names) }
    }

    fn chip(self, chosen: &Draft) -> Chip {
        let is_taken_back = |name: &str, value: &str| match &self.taken {
            Taken::Names(names) => names.contains(&name),
            Taken::Value(one, other) => *one == name && other == value,
        };
        let rest = query_but(chosen, |name, value| ["page", "tout"].contains(&name) || is_taken_back(name, value));
        Chip { url: format!("?{}", rest.trim_end_matches('&')), label: self.label }
    }
}

/// What narrows, one after another, for a title; nothing where nothing does.
pub(crate) fn of(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> Vec<String> {
    let typed: String = asked.query.words.trim().chars().take(TYPED).collect();
    let words = (!typed.is_empty()).then(|| format!("« {typed} »"));
    let beside = all(porch, kind, (asked, chosen)).into_iter().map(|criterion| criterion.label);
    let mut told: Vec<String> = words.into_iter().chain(beside).collect();
    if told.len() > MOST {
        told.truncate(MOST);
        told.push("…".into());
    }
    told
}

/// All that narrows a list beside the words, each to be taken back.
pub(crate) fn chips(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> Vec<Chip> {
    all(porch, kind, (asked, chosen)).into_iter().map(|criterion| criterion.chip(chosen)).collect()
}

fn all(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> Vec<Criterion> {
    let circle = match asked.circle {
        Circle::All => None,
        Circle::Ours => Some(porch.say("circle-ours")),
        Circle::Elsewhere => Some(porch.say("filter-elsewhere")),
    };
    let circle = circle.map(|label| Criterion::new(label, &[CIRCLE, ELSEWHERE]));
    let map = asked.query.within.map(|_| Criterion::new(porch.say("chip-map"), &["bbox"]));
    let companies = asked.has_companies.then(|| Criterion::new(porch.say("filter-companies"), &[COMPANIES]));
    let place = place(porch, asked);
    let acts = (asked.place.acts && place.is_none() && !asked.place.named.is_empty())
        .then(|| Criterion::new(porch.say("chip-acting"), &[SCOPE.0]));
    let where_and_whose = place.into_iter().chain(named(porch, asked)).chain(acts).chain(circle).chain(map);
    let what = companies.into_iter().chain(values(porch, kind, (asked, chosen))).chain(when(porch, asked));
    where_and_whose.chain(what).collect()
}

/// The place that was typed, with how far around, and whether it is where things act.
fn place(porch: &Porch, asked: &Asked) -> Option<Criterion> {
    let (whereabouts, catalogue) = (&asked.place, porch.words.catalogue());
    let larger = whereabouts.typed.as_ref().and_then(|area| porch.rules().gazetteer.area_name(area)).map(str::to_owned);
    let around = |(place, km): &(Place, Option<u16>)| {
        let name = ("place", place.name.as_str().into());
        match km {
            _ if whereabouts.acts || place.point.is_none() => place.name.clone(),
            Some(km) => catalogue.tell("chip-around", &[name, ("km", u64::from(*km).into())]),
            None => catalogue.tell("chip-nearest", &[name]),
        }
    };
    let label = whereabouts.around.as_ref().map(around).or(larger)?;
    let label = if whereabouts.acts { catalogue.tell("chip-acts", &[("place", label.into())]) } else { label };
    Some(Criterion::new(label, &["lieu", "rayon", SCOPE.0]))
}

/// Territories that the address names.
fn named(porch: &Porch, asked: &Asked) -> Vec<Criterion> {
    let one = |area: &Area| Criterion {
        label: porch.rules().gazetteer.area_name(area).unwrap_or(&area.code).to_owned(),
        taken: Taken::Value("territoire", area.to_form()),
    };
    asked.place.named.iter().map(one).collect()
}

/// The values that were chosen; not the kind, which the list is of, and not the territories that are told as such.
fn values(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> Vec<Criterion> {
    let labels = Labels::of(porch);
    let is_told = |facet: &Facet| match facet {
        Facet::List(List::Kind) => kind.is_some(),
        Facet::Territory(_) => !asked.place.areas().is_empty(),
        _ => false,
    };
    let called = |facet: &Facet| {
        let one = |value: &String| {
            let label = labels.of_value(*facet, value)?;
            Some(Criterion { label, taken: Taken::Value(name_of(*facet), value.clone()) })
        };
        chosen_of(*facet, asked, chosen).iter().filter_map(one).collect::<Vec<_>>()
    };
    asked.query.chosen.keys().filter(|facet| !is_told(facet)).flat_map(called).collect()
}

fn when(porch: &Porch, asked: &Asked) -> Option<Criterion> {
    let when = &asked.when;
    let tell = |key: &str, gaps: &[(&str, Date)]| {
        let gaps: Vec<_> = gaps.iter().map(|(name, day)| (*name, dates::day(*day).into())).collect();
        Some(Criterion::new(porch.words.catalogue().tell(key, &gaps), &["du", "au"]))
    };
    match when.typed {
        Some((Some(from), Some(until))) => tell("when-days", &[("day", from), ("until", until)]),
        Some((Some(from), None)) => tell("feed-from", &[("day", from)]),
        Some((None, Some(until))) => tell("until", &[("day", until)]),
        Some((None, None)) | None => when.chosen.map(|name| {
            let label = porch.say(&format!("filter-{}-{name}", when.name));
            Criterion { label, taken: Taken::Value(when.name, name.to_owned()) }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_taken_back_and_all_else_stays() {
        let pairs =
            [("skill", "masonry"), ("skill", "law"), ("lieu", "Nice"), ("rayon", "5"), ("page", "3"), ("q", "")];
        let chosen: Draft = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        let law = Criterion { label: "Droit".into(), taken: Taken::Value("skill", "law".into()) };
        assert_eq!(law.chip(&chosen).url, "?lieu=Nice&rayon=5&skill=masonry");
        let nice = || Criterion::new("Nice".into(), &["lieu", "rayon"]);
        assert_eq!(nice().chip(&chosen).url, "?skill=masonry&skill=law");
        assert_eq!(nice().chip(&Draft::default()).url, "?");
    }
}

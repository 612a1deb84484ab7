//! What a list is narrowed by, in the words that its page shows: on paper nobody sees what is ticked, and two
//! feeds of one list are told apart by their titles.

use crate::asked::{Asked, Circle};
use crate::porch::Porch;
use crate::views::{Labels, chosen_of};
use pes_domain::{Draft, Kind, List};
use pes_search::Facet;
use pes_words::dates;
use time::Date;

/// The most characters of what was typed that are repeated.
const TYPED: usize = 100;
/// The most of it that a title tells.
const MOST: usize = 8;

/// What narrows, one after another; nothing where nothing does.
pub(crate) fn of(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> Vec<String> {
    let words: String = asked.query.words.trim().chars().take(TYPED).collect();
    let words = (!words.is_empty()).then(|| format!("« {words} »"));
    let circle = match asked.circle {
        Circle::All => None,
        Circle::Ours => Some(porch.say("circle-ours")),
        Circle::Elsewhere => Some(porch.say("filter-elsewhere")),
    };
    let map = asked.query.within.map(|_| porch.say("feed-map"));
    let all = words.into_iter().chain(values(porch, kind, (asked, chosen))).chain(around(porch, asked));
    let mut all: Vec<String> =
        all.chain(acts(porch, asked)).chain(map).chain(when(porch, asked)).chain(circle).collect();
    if all.len() > MOST {
        all.truncate(MOST);
        all.push("…".into());
    }
    all
}

/// The values that were chosen, territories among them; not the kind, which the list is of.
fn values(porch: &Porch, kind: Option<Kind>, (asked, chosen): (&Asked, &Draft)) -> Vec<String> {
    let is_shown = |facet: &Facet| kind.is_none() || *facet != Facet::List(List::Kind);
    let labels = &Labels::of(porch);
    let facets = asked.query.chosen.keys().filter(|facet| is_shown(facet));
    let called = |facet: &Facet| {
        let facet = *facet;
        chosen_of(facet, asked, chosen).iter().filter_map(move |value| labels.of_value(facet, value))
    };
    facets.flat_map(called).collect()
}

fn around(porch: &Porch, asked: &Asked) -> Option<String> {
    let (place, km) = asked.place.around.as_ref().filter(|_| asked.query.near.is_some())?;
    let gaps = [("place", place.name.as_str().into()), ("km", u64::from(*km).into())];
    Some(porch.words.catalogue().tell("feed-around", &gaps))
}

/// Territories in which one acts, and that this is meant.
fn acts(porch: &Porch, asked: &Asked) -> Vec<String> {
    let gazetteer = porch.rules().gazetteer;
    let names = asked.query.acts_in.iter().filter_map(|area| gazetteer.area_name(area)).map(str::to_owned);
    let scope = (!asked.query.acts_in.is_empty()).then(|| porch.say("scope-acts"));
    names.chain(scope).collect()
}

fn when(porch: &Porch, asked: &Asked) -> Option<String> {
    let when = &asked.when;
    let tell = |key: &str, gaps: &[(&str, Date)]| {
        let gaps: Vec<_> = gaps.iter().map(|(name, day)| (*name, dates::day(*day).into())).collect();
        porch.words.catalogue().tell(key, &gaps)
    };
    match when.typed {
        Some((Some(from), Some(until))) => Some(tell("when-days", &[("day", from), ("until", until)])),
        Some((Some(from), None)) => Some(tell("feed-from", &[("day", from)])),
        Some((None, Some(until))) => Some(tell("until", &[("day", until)])),
        Some((None, None)) | None => when.chosen.map(|name| porch.say(&format!("filter-{}-{name}", when.name))),
    }
}

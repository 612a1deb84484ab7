//! What a list is narrowed by, in a few words each, with the way to take each back: to be seen while the filters are folded.

use crate::asked::{Asked, CIRCLE, COMPANIES, Circle, ELSEWHERE, SCOPE};
use crate::porch::Porch;
use crate::views::filters::{DatesView, FacetView, ValueView, query_but};
use pes_domain::Draft;
use pes_domain::place::Area;
use pes_words::dates;
use serde::Serialize;

/// Something that narrows a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Chip {
    pub(crate) label: String,
    /// The list without it.
    pub(crate) url: String,
}

impl Chip {
    /// One that takes back all that is asked by these names.
    fn of(chosen: &Draft, label: String, names: &[&str]) -> Self {
        Self { label, url: address(chosen, |name, _| names.contains(&name)) }
    }

    /// One that takes back one of several values.
    fn value(chosen: &Draft, label: String, pair: (&str, &str)) -> Self {
        Self { label, url: address(chosen, |name, value| (name, value) == pair) }
    }
}

fn address(chosen: &Draft, is_taken_back: impl Fn(&str, &str) -> bool) -> String {
    let rest = query_but(chosen, |name, value| ["page", "tout"].contains(&name) || is_taken_back(name, value));
    format!("?{}", rest.trim_end_matches('&'))
}

/// All that narrows a list beside the words.
pub(crate) fn chips(
    porch: &Porch,
    (asked, chosen): (&Asked, &Draft),
    (facets, dates, companies): (&[FacetView], Option<&DatesView>, Option<&ValueView>),
) -> Vec<Chip> {
    let named = asked.place.named.iter().map(|area| {
        let name = porch.rules().gazetteer.area_name(area).unwrap_or(&area.code);
        Chip::value(chosen, name.to_owned(), ("territoire", &Area::to_form(area)))
    });
    let circle = match asked.circle {
        Circle::All => None,
        Circle::Ours => Some(porch.say("circle-ours")),
        Circle::Elsewhere => Some(porch.say("filter-elsewhere")),
    };
    let companies = companies.filter(|one| one.is_chosen).map(|one| Chip::of(chosen, one.label.clone(), &[COMPANIES]));
    let part_of_map = asked.query.within.map(|_| Chip::of(chosen, porch.say("chip-map"), &["bbox"]));
    let values = facets.iter().flat_map(|facet| facet.values.iter().map(move |value| (facet.name, value)));
    let values = values.filter(|(_, value)| value.is_chosen);
    let values = values.map(|(name, value)| Chip::value(chosen, value.label.clone(), (name, &value.value)));
    let all = place(porch, asked, chosen).into_iter().chain(named);
    let all = all.chain(circle.map(|label| Chip::of(chosen, label, &[CIRCLE, ELSEWHERE]))).chain(part_of_map);
    all.chain(companies).chain(values).chain(dates.and_then(|dates| when(porch, asked, chosen, dates))).collect()
}

/// The place that was typed, with how far around, and whether it is where things act.
fn place(porch: &Porch, asked: &Asked, chosen: &Draft) -> Option<Chip> {
    let whereabouts = &asked.place;
    let larger = whereabouts.typed.as_ref().and_then(|area| porch.rules().gazetteer.area_name(area)).map(str::to_owned);
    let around = |(place, km): &(pes_domain::place::Place, u16)| match whereabouts.acts {
        true => place.name.clone(),
        false => {
            let gaps = [("place", place.name.as_str().into()), ("km", u64::from(*km).into())];
            porch.words.catalogue().tell("chip-around", &gaps)
        }
    };
    let label = whereabouts.around.as_ref().map(around).or(larger)?;
    let label =
        if whereabouts.acts { porch.words.catalogue().tell("chip-acts", &[("place", label.into())]) } else { label };
    Some(Chip::of(chosen, label, &["lieu", "rayon", SCOPE.0]))
}

fn when(porch: &Porch, asked: &Asked, chosen: &Draft, dates: &DatesView) -> Option<Chip> {
    if let Some((from, until)) = asked.when.typed {
        let day = |key: &str, day: time::Date| porch.words.catalogue().tell(key, &[("day", dates::day(day).into())]);
        let both = [from.map(|from| day("chip-from", from)), until.map(|until| day("chip-until", until))];
        return Some(Chip::of(chosen, both.into_iter().flatten().collect::<Vec<_>>().join(" "), &["du", "au"]));
    }
    let value = dates.values.iter().find(|value| value.is_chosen)?;
    Some(Chip::of(chosen, value.label.clone(), &[dates.name]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_taken_back_and_all_else_stays() {
        let pairs =
            [("skill", "masonry"), ("skill", "law"), ("lieu", "Nice"), ("rayon", "5"), ("page", "3"), ("q", "")];
        let chosen: Draft = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        let chip = Chip::value(&chosen, "Droit".into(), ("skill", "law"));
        assert_eq!(chip.url, "?lieu=Nice&rayon=5&skill=masonry");
        assert_eq!(Chip::of(&chosen, "Nice".into(), &["lieu", "rayon"]).url, "?skill=masonry&skill=law");
        assert_eq!(Chip::of(&Draft::default(), String::new(), &[]).url, "?");
    }
}

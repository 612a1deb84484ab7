//! What a list was narrowed by, in one line: on paper nobody sees what is ticked.

use crate::porch::Porch;
use crate::views::filters::{DatesView, Filters, PlaceView, ValueView};

/// What was asked, in words; nothing where nothing was.
pub(crate) fn of(porch: &Porch, filters: &Filters) -> String {
    let words = (!filters.words.trim().is_empty()).then(|| format!("« {} »", filters.words.trim()));
    let place = filters.place.as_ref().and_then(around);
    let territories = filters.territories.iter().map(|one| one.label.clone());
    let scope = filters.scopes.iter().find(|one| one.is_chosen).map(|one| one.label.clone());
    let facets = filters.facets.iter().filter_map(|facet| {
        let chosen = chosen(&facet.values);
        (!chosen.is_empty()).then(|| tell(porch, &facet.label, &chosen))
    });
    let elsewhere = filters.is_elsewhere.then(|| porch.say("criteria-elsewhere"));
    let all = words.into_iter().chain(place).chain(territories).chain(scope).chain(facets);
    let all: Vec<String> = all.chain(filters.dates.iter().filter_map(when)).chain(elsewhere).collect();
    all.join(" · ")
}

fn around(place: &PlaceView) -> Option<String> {
    let radius = place.radii.iter().find(|radius| radius.is_chosen).map(|radius| radius.label.clone());
    (!place.value.is_empty())
        .then(|| [Some(place.value.clone()), radius].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn when(dates: &DatesView) -> Option<String> {
    let period = chosen(&dates.values);
    let days = dates.days.as_ref().map(|days| [days.from.as_str(), days.until.as_str()].join(" – "));
    let days = days.filter(|days| days.trim() != "–");
    (!period.is_empty()).then_some(period).or(days)
}

fn chosen(values: &[ValueView]) -> String {
    values.iter().filter(|value| value.is_chosen).map(|value| value.label.as_str()).collect::<Vec<_>>().join(", ")
}

fn tell(porch: &Porch, label: &str, values: &str) -> String {
    porch.words.catalogue().tell("criteria-one", &[("label", label.into()), ("values", values.into())])
}
